"""Names and the indexes of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testimonia.candidates import (
    AUTHORITIES,
    ENTITIES,
    Index,
    Thing,
    candidates,
    covers,
    fold,
    open_index,
    similarity,
    suggestions,
)
from testimonia.candidates.retrieval import bearers, bearing, count, names_in, with_same
from testimonia.iris import Iris
from testimonia.store import Batch
from testimonia.store.embedded import EmbeddedWriter
from testimonia.terms import Triple, iri, literal
from testimonia.vocabulary import RDF, RDFS, SKOS, TST

IRIS = Iris("http://archive.example/")


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        ("Ada Brook", "Ada Brook", 1.0, 1.0),
        ("ADA BROOK", "Ada Brook", 0.99, 0.99),
        ("Brook, Ada", "Ada Brook", 0.97, 0.97),
        ("Brøok", "Brook", 0.99, 0.99),
        ("Герасимов", "Gerasimov", 0.99, 0.99),
        ("Герасимов, Валерий", "Valeriy Gerasimov", 0.97, 0.97),
        ("Валерий Герасимов", "Valery Gerasimov", 0.9, 0.96),
        ("U.N.", "UN", 0.99, 0.99),
        ("the Netherlands", "Netherlands", 0.99, 0.99),
        ("Ada Maria Brook", "Ada Brook", 0.8, 0.8),
        ("A. Brook", "Ada Brook", 0.75, 0.75),
        ("Ada Broock", "Ada Brook", 0.85, 0.96),
        ("Brook", "Ada Brook", 0.5, 0.75),
        ("Bo Brook", "Ada Brook", 0.0, 0.74),
        ("Ida Brook", "Ada Brook", 0.0, 0.85),
        ("", "Ada", 0.0, 0.0),
        ("…", "Ada", 0.0, 0.0),
        ("John Smith", "Joan Smith", 0.0, 0.9),
    ],
)
def test_names_are_alike_as_people_would_say(
    one: str, other: str, least: float, most: float
) -> None:
    assert least <= similarity(one, other) <= most


NAMES = st.lists(st.sampled_from(["the", "a", "Bé", "ÅøΩ", "9", " ", "-", ".", "'"])).map("".join)


@given(NAMES, NAMES)
def test_likeness_is_symmetric_and_within_bounds(one: str, other: str) -> None:
    alike = similarity(one, other)
    assert 0.0 <= alike <= 1.0
    assert alike == similarity(other, one)
    assert (alike == 1.0) == (one == other)


@given(NAMES)
def test_folding_twice_is_folding_once(name: str) -> None:
    assert fold(fold(name)) == fold(name)


THINGS = [
    Thing("x:1", "", "Ada Brook", ("Person",), ("Ada Brook", "A. B. Brook")),
    Thing("x:2", "", "Bo Brook", ("Person",), ("Bo Brook",), {"same": ("y:2",)}),
    Thing("x:3", "", "Harbour Gazette", ("Organization",), ("Harbour Gazette", "Gazette")),
    Thing("x:5", "", "Valery Gerasimov", ("Person",), ("Valery Gerasimov",)),
    Thing("x:4", "", "New Harbour", ("Place",), ("New Harbour",), {"point": ("1", "2")}),
]


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    with closing(Index(tmp_path, ENTITIES)) as opened:
        opened.fill(THINGS, 3)
        yield opened


def found(index: Index, name: str) -> list[str]:
    return sorted(each.iri for each in candidates(index.connection, name))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ada brook", ["x:1", "x:2"]),
        ("Brook, Ada", ["x:1", "x:2"]),
        ("Adda Brook", ["x:1", "x:2"]),
        ("Gazete", ["x:3"]),
        ("Harbor Gazette", ["x:3", "x:4"]),
        ("Валерий Герасимов", ["x:5"]),
        ("Herasymov", []),
        ("", []),
        ("nobody", []),
        ('" OR *', []),
    ],
)
def test_a_name_finds_who_may_be_meant(index: Index, name: str, expected: list[str]) -> None:
    assert found(index, name) == expected


def test_what_is_put_in_comes_out(index: Index) -> None:
    (thing,) = [each for each in candidates(index.connection, "New Harbour") if each.iri == "x:4"]
    assert thing == next(each for each in THINGS if each.iri == "x:4")
    assert [each.iri for each in bearers(index.connection, ["Bo  BROOK"])] == ["x:2"]
    assert [each.iri for each in with_same(index.connection, ["y:2", "y:3"])] == ["x:2"]
    assert [each.iri for each in suggestions(index.connection, "har", 5)] == ["x:3", "x:4"]
    assert bearing(index.connection, "brook") == 3
    assert (count(index.connection), names_in(index.connection)) == (5, 7)


def test_changes_leave_nothing_behind(index: Index, tmp_path: Path) -> None:
    changed = Thing("x:1", "", "Ada Marsh", ("Person",), ("Ada Marsh",))
    index.update({("x:1", ""): changed, ("x:2", ""): None}, 4, {})
    assert found(index, "Brook") == []
    assert found(index, "Marsh") == ["x:1"]
    assert names_in(index.connection) == 5
    assert index.generation == 4
    index.update({}, 5, {"": [THINGS[0]]})
    assert count(index.connection) == 1
    rows = index.connection.execute("INSERT INTO words (words) VALUES ('integrity-check')")
    assert rows.fetchall() == []


def test_an_index_is_made_anew_where_it_is_damaged(tmp_path: Path) -> None:
    (tmp_path / ENTITIES).write_bytes(b"no database " * 1000)
    with closing(Index(tmp_path, ENTITIES)) as index:
        assert index.generation == 0
    assert not covers(tmp_path, 1)
    assert open_index(tmp_path, AUTHORITIES) is None


# ------------------------------------------------------------------------- kept by the writer


def entity(path: str, label: str, *names: str) -> frozenset[Triple]:
    node = iri(IRIS.base_iri + path)
    named = {(node, TST.name, literal(name)) for name in names}
    return frozenset({(node, RDFS.label, literal(label)), (node, RDF.type, TST.Person), *named})


def labels(directory: Path, file: str = ENTITIES) -> dict[str, tuple[str, ...]]:
    connection = open_index(directory, file)
    assert connection is not None
    with closing(connection):
        rows = connection.execute(
            "SELECT t.iri, n.value FROM thing t JOIN name n ON n.thing = t.id ORDER BY n.id"
        ).fetchall()
    found: dict[str, tuple[str, ...]] = {}
    for address, name in rows:
        path = address.removeprefix(IRIS.base_iri)
        found[path] = (*found.get(path, ()), name)
    return found


def test_the_index_follows_the_view(tmp_path: Path) -> None:
    entities, document = IRIS.entities_graph, IRIS.document_graph("d")
    local, other = iri(IRIS.local("d", "actor/1")), iri(IRIS.actor("b"))
    same = (local, TST.sameEntity, iri(IRIS.actor("a")))
    with EmbeddedWriter(tmp_path, IRIS) as writer:
        writer.replace({document: frozenset({(local, TST.name, '"Addie"')})})
        writer.apply(Batch(add={entities: entity("actor/a", "Ada") | {same}}))
        assert labels(tmp_path) == {}
        writer.flush()
        assert labels(tmp_path) == {"actor/a": ("Ada", "Addie")}
        # A merge elsewhere: the local one is another now.
        moved = {(local, TST.sameEntity, other)} | entity("actor/b", "Bea")
        writer.apply(Batch(add={entities: frozenset(moved)}, remove={entities: frozenset({same})}))
        writer.flush()
        assert labels(tmp_path) == {"actor/a": ("Ada",), "actor/b": ("Bea", "Addie")}
        writer.replace({entities: frozenset(), document: frozenset()})
        writer.flush()
        assert labels(tmp_path) == {}


@pytest.mark.parametrize("harm", ["missing", "behind"])
def test_the_index_is_brought_up_by_whoever_opens_the_store(tmp_path: Path, harm: str) -> None:
    graph = IRIS.authority_graph("list")
    with EmbeddedWriter(tmp_path, IRIS) as writer:
        writer.apply(Batch(add={IRIS.entities_graph: entity("actor/a", "Ada")}))
        said = {(iri("http://x.example/1"), SKOS.prefLabel, '"Bo"@en')}
        writer.apply(Batch(add={graph: frozenset(said)}))
    for file in (ENTITIES, AUTHORITIES):
        if harm == "missing":
            (tmp_path / file).unlink()
        else:
            with closing(Index(tmp_path, file)) as index:
                index.fill([], 1)
    with EmbeddedWriter(tmp_path, IRIS):
        pass
    assert labels(tmp_path) == {"actor/a": ("Ada",)}
    assert labels(tmp_path, AUTHORITIES) == {"http://x.example/1": ("Bo",)}


def test_an_entry_is_known_by_all_its_labels(tmp_path: Path) -> None:
    graph = IRIS.authority_graph("list")
    node, held = iri("http://x.example/1"), iri("http://x.example/label")
    xl = "http://www.w3.org/2008/05/skos-xl#"
    said = {
        (node, SKOS.prefLabel, '"Köln"@de'),
        (node, SKOS.prefLabel, '"Cologne"@en'),
        (node, SKOS.altLabel, '"Colonia"'),
        (node, f"<{xl}altLabel>", held),
        (held, f"<{xl}literalForm>", '"Cöln"@de'),
    }
    with EmbeddedWriter(tmp_path, IRIS) as writer:
        writer.apply(Batch(add={graph: frozenset(said)}))
        writer.flush()
        names = labels(tmp_path, AUTHORITIES)["http://x.example/1"]
        assert names[0] == "Cologne"
        assert set(names) == {"Cologne", "Köln", "Colonia", "Cöln"}
        changed = {(held, f"<{xl}literalForm>", '"Cölln"@de')}
        writer.apply(Batch(add={graph: frozenset(changed)}))
        writer.flush()
        assert "Cölln" in labels(tmp_path, AUTHORITIES)["http://x.example/1"]
