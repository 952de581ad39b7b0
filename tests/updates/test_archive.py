"""Users' graphs beside managed ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from testimonia.errors import Forbidden, Invalid, QueryAborted, QueryError, StoreError
from testimonia.iris import Iris
from testimonia.sparql.limits import Limits
from testimonia.store import Change
from testimonia.store.embedded import EmbeddedWriter
from testimonia.store.published import open_view
from testimonia.store.users import as_update
from testimonia.updates import archive as archive_module
from testimonia.updates.archive import ArchiveDataset
from testimonia.updates.dataset import Update
from tests_updates import DOCUMENT, EVERYTHING, IRIS, MINE, SLOW, load, rows

pytestmark = pytest.mark.anyio

MANAGED_ROWS = f"SELECT ?o {{ GRAPH <{DOCUMENT}> {{ ?s ?p ?o }} }}"
MINE_ROWS = f"SELECT ?s ?o {{ GRAPH <{MINE}> {{ ?s ?p ?o }} }}"


async def test_a_user_s_graph_can_be_written(archive: ArchiveDataset) -> None:
    await archive.update(Update(f"INSERT DATA {{ GRAPH <{MINE}> {{ <a:s> <a:p> 1, 2 }} }}"))
    assert await rows(archive, MINE_ROWS) == ["a:s,1", "a:s,2"]
    change = f"WITH <{MINE}> DELETE {{ ?s ?p 1 }} INSERT {{ ?s ?p 3 }} WHERE {{ ?s ?p 1 }}"
    await archive.update(Update(change))
    assert await rows(archive, MINE_ROWS) == ["a:s,2", "a:s,3"]
    assert await rows(archive, EVERYTHING) == ["a:s,managed"], "the reading view is what it was"


async def test_what_is_managed_can_be_read_in_an_update(archive: ArchiveDataset) -> None:
    copy = (
        f"INSERT {{ GRAPH <{MINE}> {{ ?s ?p ?o }} }} WHERE {{ GRAPH <{DOCUMENT}> {{ ?s ?p ?o }} }}"
    )
    await archive.update(Update(copy))
    assert await rows(archive, MINE_ROWS) == ["a:s,managed"]


async def test_blank_nodes_keep_together(archive: ArchiveDataset) -> None:
    assert await archive.put(load("<a:s> <a:p> [ <a:q> 'x' ], [ <a:q> 'y' ] .", graph=MINE))
    path = f"SELECT ?o {{ GRAPH <{MINE}> {{ <a:s> <a:p>/<a:q> ?o }} }}"
    assert await rows(archive, path) == ["x", "y"]
    gone = "DELETE { ?b <a:q> 'x' } INSERT { ?b <a:q> 'z' } WHERE { ?b <a:q> 'x' }"
    gone = f"WITH <{MINE}> {gone}"
    await archive.update(Update(gone))
    assert await rows(archive, path) == ["y", "z"]
    assert not await archive.put(load("", graph=MINE))
    assert await rows(archive, path) == []
    assert await rows(archive, f"SELECT ?g {{ VALUES ?g {{ <{MINE}> }} GRAPH ?g {{}} }}") == [MINE]
    assert await archive.drop(MINE)
    assert not await archive.drop(MINE)


FORBIDDEN = [
    "INSERT DATA { <a:s> <a:p> 1 }",
    "DELETE WHERE { ?s ?p ?o }",
    "DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    f"INSERT DATA {{ GRAPH <{DOCUMENT}> {{ <a:s> <a:p> 1 }} }}",
    f"PREFIX d: <{IRIS.document('one')}/> INSERT DATA {{ GRAPH d:graph {{ <a:s> <a:p> 1 }} }}",
    f"BASE <{IRIS.document('one')}/x> DELETE WHERE {{ GRAPH <graph> {{ ?s ?p ?o }} }}",
    f"BASE <{IRIS.base_iri}> CLEAR GRAPH <./a/../document/one/graph>",
    f"WITH <{DOCUMENT}> DELETE {{ ?s ?p 'managed' }} INSERT {{ ?s ?p 'x' }} WHERE {{ ?s ?p ?o }}",
    "DELETE { GRAPH ?g { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }",
    "CLEAR ALL",
    "DROP NAMED",
    "CLEAR DEFAULT",
    f"DROP GRAPH <{DOCUMENT}>",
    f"MOVE <{DOCUMENT}> TO <{MINE}>",
    f"COPY <{MINE}> TO DEFAULT",
    f"ADD <{DOCUMENT}> TO <{IRIS.entities_graph}>",
    f"CREATE GRAPH <{IRIS.base_iri}graph/new>",
    f"INSERT DATA {{ GRAPH <{MINE}> {{ <a:s> <a:p> 1 }} }} ; DROP SILENT GRAPH <{DOCUMENT}>",
    f"INSERT DATA {{ GRAPH <{IRIS.base_iri}d\\u006Fcument/one/graph> {{ <a:s> <a:p> 1 }} }}",
]


async def test_what_is_managed_cannot_be_written(archive: ArchiveDataset) -> None:
    for update in FORBIDDEN:
        with pytest.raises((Forbidden, QueryError)):
            await archive.update(Update(update))
    assert await rows(archive, MANAGED_ROWS) == ["managed"]
    assert await rows(archive, EVERYTHING) == ["a:s,managed"]
    assert await rows(archive, MINE_ROWS) == []


async def test_managed_graphs_cannot_be_put_or_dropped(archive: ArchiveDataset) -> None:
    for graph in ("", DOCUMENT, IRIS.ontology_graph, f"{IRIS.base_iri}graph/x"):
        with pytest.raises(Forbidden, match="named graph of your own"):
            await archive.put(load("<a:s> <a:p> 1 .", graph=graph))
        with pytest.raises(Forbidden):
            await archive.drop(graph)


def test_the_writer_takes_no_managed_graph_whoever_asks() -> None:
    for graph in (DOCUMENT, "", "not an iri", f"{MINE}> {{ }} }} ; DROP ALL #"):
        with pytest.raises(StoreError):
            as_update(Change((("+", graph, "<a:s>", "<a:p>", '"x"'),)), IRIS)
        with pytest.raises(StoreError):
            as_update(Change(dropped=(graph,)), IRIS)


@pytest.mark.parametrize(
    "term",
    [
        '"x" . } } ; DROP ALL #',
        '"a\nb"',
        "<a:b> <c:d>",
        "_:a b",
        "?x",
        '"x"@en . <a:a>',
        "",
        "<<( ",
    ],
)
def test_the_writer_takes_nothing_that_is_no_term(term: str) -> None:
    with pytest.raises(StoreError):
        as_update(Change((("+", MINE, "<a:s>", "<a:p>", term),)), IRIS)


STATEMENT = """
@prefix tst: <https://w3id.org/testimonia#> .
<https://mine.example/1> a tst:Statement ; tst:content "words"@en .
"""


async def test_the_shapes_are_asked(archive: ArchiveDataset) -> None:
    with pytest.raises(Invalid, match="does not conform") as caught:
        await archive.put(load(STATEMENT, graph=MINE))
    assert "sh:ValidationReport" in caught.value.turtle
    assert await rows(archive, MINE_ROWS) == []
    text = f"INSERT DATA {{ GRAPH <{MINE}> {{ <a:s> a <https://w3id.org/testimonia#Statement> }} }}"
    with pytest.raises(Invalid):
        await archive.update(Update(text))
    await archive.update(Update(text, unchecked=True))
    assert len(await rows(archive, MINE_ROWS)) == 1


async def test_an_update_that_takes_too_long_changes_nothing(
    archive: ArchiveDataset, tmp_path: Path
) -> None:
    await archive.close()
    quick = ArchiveDataset(tmp_path / "store", IRIS, Limits(seconds=1.5))
    numbers = " ".join(f"<a:s{n}> <a:p> {n} ." for n in range(300))
    await quick.update(Update(f"INSERT DATA {{ GRAPH <{MINE}> {{ {numbers} }} }}"))
    with pytest.raises(QueryAborted, match="nothing has changed"):
        await quick.update(Update(f"WITH <{MINE}> {SLOW}"))
    assert len(await rows(quick, MINE_ROWS)) == 300
    assert list((tmp_path / "store").glob("trial-*")) == []
    await quick.close()


async def test_an_update_that_changes_too_much_changes_nothing(
    archive: ArchiveDataset, tmp_path: Path
) -> None:
    await archive.close()
    small = ArchiveDataset(tmp_path / "store", IRIS, Limits(seconds=20, result_bytes=10_000))
    numbers = " ".join(f"<a:s{n}> <a:p> {n} ." for n in range(300))
    with pytest.raises(QueryAborted, match="more than 10,000 bytes") as refused:
        await small.update(Update(f"INSERT DATA {{ GRAPH <{MINE}> {{ {numbers} }} }}"))
    assert refused.value.reason == "size"
    assert await rows(small, MINE_ROWS) == []
    await small.update(Update(f"INSERT DATA {{ GRAPH <{MINE}> {{ <a:s> <a:p> 1 }} }}"))
    assert await rows(small, MINE_ROWS) == ["a:s,1"]
    await small.close()


async def test_the_writer_is_let_go_after_a_while(
    archive: ArchiveDataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import anyio

    monkeypatch.setattr(archive_module, "_IDLE_SECONDS", 0.1)
    await archive.update(Update(f"INSERT DATA {{ GRAPH <{MINE}> {{ <a:s> <a:p> 1 }} }}"))
    with anyio.fail_after(10):
        while archive._letting_go is None:
            await anyio.sleep(0.05)
        await archive._letting_go
    assert archive._writer is None
    with EmbeddedWriter(tmp_path / "store", Iris(IRIS.base_iri)) as other:
        assert MINE in other.graphs()
    with open_view(tmp_path / "store", IRIS) as view:
        assert len(view.graph(MINE)) == 1
    assert await rows(archive, MINE_ROWS) == ["a:s,1"]
