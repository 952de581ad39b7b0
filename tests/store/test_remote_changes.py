"""A change of a remote store that is refused, or cut short, half-way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from endpoints_running import emptied
from testimonia.endpoints import address, detection
from testimonia.endpoints.client import Client, Refused
from testimonia.endpoints.kinds import KINDS
from testimonia.endpoints.target import Target
from testimonia.errors import StoreError
from testimonia.iris import Iris
from testimonia.store import READING_VIEW, Located
from testimonia.store.changes import steps
from testimonia.store.reading_view import reading_view
from testimonia.store.remote import RemoteWriter
from testimonia.store.remote.journal import Journal
from testimonia.terms import Graph, iri, literal
from testimonia.vocabulary import RDF, RDFS, TST

IRIS = Iris("http://localhost:8000/")
GRAPH = IRIS.document_graph("a")


def labels(word: str, count: int = 30) -> Graph:
    return frozenset(
        (iri(f"https://elsewhere.example/{number}"), RDFS.label, literal(f"{word} {number}"))
        for number in range(count)
    )


@pytest.fixture
def target(servers: Callable[[str], str], monkeypatch: pytest.MonkeyPatch) -> Target:
    """Oxigraph's server, written as stores are that take few triples at once."""
    found = servers("oxigraph")
    emptied(found)
    few = replace(KINDS["oxigraph"], name="few", most_triples=10, atomic=False)
    monkeypatch.setattr("testimonia.endpoints.target.KINDS", {**KINDS, "few": few})
    known = detection.detected(address.parse(found), "", f"{IRIS.base_iri}graph/store")
    return replace(known, kind_name="few")


class Failing:
    """Lets some updates pass, and raises an error instead of the next, once."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, after: int, error: StoreError) -> None:
        self.left = after
        real = Client.update

        def update(client: Client, text: str) -> None:
            self.left -= 1
            if self.left == -1:
                raise error
            real(client, text)

        monkeypatch.setattr(Client, "update", update)


def everything(writer: RemoteWriter) -> set[Located]:
    return set(writer.quads())


@pytest.mark.parametrize("after", range(12))
def test_what_is_refused_half_way_is_taken_back(
    target: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    with RemoteWriter(tmp_path, IRIS, target) as writer:
        writer.replace({GRAPH: labels("old")})
        before = everything(writer)
        Failing(monkeypatch, after, Refused("no"))
        with pytest.raises(Refused):
            writer.replace({GRAPH: labels("new")})
        assert everything(writer) == before
        assert Journal(tmp_path).left() == []
        assert writer.replace({GRAPH: labels("new")})
        assert writer.graph(READING_VIEW) == writer.graph(GRAPH) == labels("new")


@pytest.mark.parametrize("after", range(12))
def test_what_is_cut_short_is_finished_by_the_next_writer(
    target: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    with RemoteWriter(tmp_path, IRIS, target) as writer:
        writer.replace({GRAPH: labels("old")})
        Failing(monkeypatch, after, StoreError("lost"))
        with pytest.raises(StoreError, match="lost"):
            writer.replace({GRAPH: labels("new")})
        assert Journal(tmp_path).left()
        if after % 2:  # by the same writer, or by another
            assert not writer.replace({GRAPH: labels("new")})
    with RemoteWriter(tmp_path, IRIS, target) as again:
        assert Journal(tmp_path).left() == []
        assert again.graph(GRAPH) == labels("new")
        assert again.graph(READING_VIEW) == reading_view({GRAPH: labels("new")}, IRIS)


def test_a_reader_finds_both_versions_or_one_and_never_neither() -> None:
    come = sorted((GRAPH, triple) for triple in labels("new"))
    gone = sorted((GRAPH, triple) for triple in labels("old"))
    found = steps(come, gone, (), most_triples=7)
    verbs = [step.update.split()[0] for step in found]
    assert verbs == ["INSERT"] * 5 + ["DELETE"] * 5
    assert [step.undo.split()[0] for step in found] == ["DELETE"] * 5 + ["INSERT"] * 5


def test_an_atomic_store_gets_one_request() -> None:
    come = sorted((GRAPH, triple) for triple in labels("new"))
    gone = sorted((GRAPH, triple) for triple in labels("old"))
    (only,) = steps(come, gone, ["https://elsewhere.example/g"])
    assert only.update.endswith("DROP SILENT GRAPH <https://elsewhere.example/g>")


def test_many_local_entities_are_looked_up_lazily(target: Target, tmp_path: Path) -> None:
    """A place that many documents name: what each adds to it is found without reading them all."""
    place = iri(IRIS.place("land"))

    def document(id_: str) -> tuple[dict[str, Graph], dict[str, Graph]]:
        node = iri(IRIS.local(id_, "place/0"))
        own = frozenset({(node, RDF.type, TST.Place), (node, TST.name, literal("Land"))})
        linked = frozenset({(node, TST.sameEntity, place), (place, RDFS.label, literal("Land"))})
        return {IRIS.document_graph(id_): own}, {IRIS.entities_graph: linked}

    with RemoteWriter(tmp_path, IRIS, target) as writer:
        for number in range(60):
            writer.replace_document(f"d{number}", *document(f"d{number}"))
        for number in range(59):
            writer.remove_document(f"d{number}")
        graphs = {name: writer.graph(name) for name in writer.graphs()}
        assert writer.graph(READING_VIEW) == reading_view(graphs, IRIS)
        writer.remove_document("d59")
        assert writer.count() == 0
