"""Shards of N-Quads give the store that their documents would have given one by one."""

from __future__ import annotations

from pathlib import Path

import pytest

from endpoints_running import Opened
from testimonia.errors import ArchiveError
from testimonia.iris import Iris
from testimonia.model import Span
from testimonia.store import READING_VIEW, Writer
from testimonia.store.bulk import load_shards
from testimonia.store.embedded import EmbeddedWriter
from testimonia.terms import Graph, iri, literal
from testimonia.vocabulary import NIF, RDF, RDFS, TST

IRIS = Iris("http://localhost:8000/")
LAND = iri(IRIS.place("land"))


def document(id_: str) -> tuple[dict[str, Graph], dict[str, Graph]]:
    node, mention = iri(IRIS.local(id_, "place/0")), iri(IRIS.mention(id_, Span(0, 4)))
    said = iri(IRIS.statement(f"of-{id_}"))
    own = frozenset(
        {
            (node, RDF.type, TST.Place),
            (mention, NIF.anchorOf, literal("Land #char=1,2")),
            (mention, TST.denotes, node),
            (said, TST.contentMention, mention),
            (said, TST.about, node),
            (said, TST.content, literal(f"{id_} says #char=1,2 of the land", language="en")),
        }
    )
    linked = frozenset({(node, TST.sameEntity, LAND), (LAND, RDFS.label, literal("Land"))})
    return {IRIS.document_graph(id_): own}, {IRIS.entities_graph: linked}


def shards(folder: Path) -> list[Path]:
    found = []
    for part in ("ab", "cd"):
        lines = [
            f"{s} {p} {o} <{graph}> .\n"
            for id_ in part
            for graphs in document(id_)
            for graph, triples in graphs.items()
            for s, p, o in sorted(triples)
        ]
        found.append(folder / f"{part}.nq")
        found[-1].write_text("".join(lines), "utf-8")
    return found


def test_shards_give_what_documents_give(writer: Writer, tmp_path: Path) -> None:
    load_shards(writer, shards(tmp_path))  # type: ignore[arg-type]
    with EmbeddedWriter(tmp_path / "one by one", IRIS) as other:
        for id_ in "abcd":
            other.replace_document(id_, *document(id_))
        assert set(writer.quads()) == set(other.quads())
        for each in (writer, other):
            each.remove_document("b")
        assert writer.graph(READING_VIEW) == other.graph(READING_VIEW)


def test_shards_are_for_stores_without_documents(writer: Writer, tmp_path: Path) -> None:
    writer.replace_document("z", *document("z"))
    with pytest.raises(ArchiveError, match="without documents"):
        load_shards(writer, shards(tmp_path))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "why"),
    [("<a:s> <a:p> .\n", "is no N-Quads"), ("<a:s> <a:p> <a:o> .\n", "default graph")],
)
def test_what_is_no_shard(store: Opened, tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "shard.nq").write_text(text)
    with store(tmp_path / "store") as writer, pytest.raises(ArchiveError, match=why):
        load_shards(writer, [tmp_path / "shard.nq"])  # type: ignore[arg-type]
