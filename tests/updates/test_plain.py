"""A plain dataset on disk, with its writing process."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest

from testimonia.errors import ArchiveError, ArchiveLocked, QueryAborted, QueryError
from testimonia.sparql.limits import Limits
from testimonia.sparql.pool import Pool, Query
from testimonia.updates.dataset import GraphWrite, Update
from testimonia.updates.plain import PlainDataset
from tests_updates import EVERYTHING, GREEDY, SLOW, load, rows

pytestmark = pytest.mark.anyio


NUMBERS = " ".join(f"<a:s{n}> <a:p> {n} ." for n in range(300))


async def test_updates_are_seen_by_the_next_read(plain: PlainDataset) -> None:
    for count in range(1, 4):
        await plain.update(Update(f"INSERT DATA {{ <a:s> <a:p> {count} }}"))
        assert len(await rows(plain, EVERYTHING)) == count


async def test_graphs_are_put_merged_and_dropped(plain: PlainDataset) -> None:
    assert await plain.put(load("<a:s> <a:p> [ <a:p> 'x' ] ."))
    assert not await plain.put(load("<> <a:p> 2 ."))
    assert await rows(plain, "SELECT ?s { GRAPH ?g { ?s ?p ?o } }") == ["https://mine.example/base"]
    assert not await plain.put(load("<a:s> <a:p> 3 .", merge=True))
    assert len(await rows(plain, "SELECT ?s { GRAPH ?g { ?s ?p ?o } }")) == 2
    assert await plain.drop(load("").graph)
    assert not await plain.drop(load("").graph)
    assert await rows(plain, "SELECT ?g { GRAPH ?g {} }") == []


async def test_an_empty_graph_is_one(plain: PlainDataset) -> None:
    assert await plain.put(load(""))
    assert not await plain.put(load(""))
    assert await rows(plain, "SELECT ?g { GRAPH ?g {} }") == [load("").graph]


async def test_a_failed_update_changes_nothing(plain: PlainDataset) -> None:
    await plain.update(Update("INSERT DATA { <a:s> <a:p> 1 }"))
    version = plain.version()
    with pytest.raises(QueryError):
        await plain.update(Update("DELETE WHERE { ?s ?p ?o } ; DROP GRAPH <a:none>"))
    with pytest.raises(QueryError, match="no N-Triples"):
        await plain.put(GraphWrite("", b"<a:s> <a:p>", "application/n-triples", "a:b"))
    assert plain.version() == version
    assert await rows(plain, EVERYTHING) == ["a:s,1"]


@pytest.mark.parametrize(("update", "reason"), [(SLOW, "deadline"), (GREEDY, "memory")])
async def test_an_update_is_ended_and_undone(tmp_path: Path, update: str, reason: str) -> None:
    limits = Limits(seconds=3, memory_bytes=64 * 1024 * 1024)
    dataset = PlainDataset(tmp_path / "plain", limits)
    numbers = " ".join(f"<a:s{n}> <a:p> {n} ." for n in range(300))
    await dataset.update(Update(f"INSERT DATA {{ {numbers} }}"))
    with pytest.raises(QueryAborted) as caught:
        await dataset.update(Update(update))
    assert caught.value.reason == reason
    assert len(await rows(dataset, EVERYTHING)) == 300
    await dataset.update(Update("INSERT DATA { <a:s> <a:p> 1 }"))
    assert len(await rows(dataset, EVERYTHING)) == 301
    await dataset.close()


@pytest.mark.slow
async def test_nobody_who_reads_waits_for_a_long_update(tmp_path: Path) -> None:
    dataset = PlainDataset(tmp_path / "plain", Limits(seconds=10, waiting=1))
    await dataset.update(Update(f"INSERT DATA {{ {NUMBERS} }}"))
    had: list[float] = []
    lasting = [
        asyncio.create_task(dataset.update(Update(SLOW), spent=had.append)) for _ in range(2)
    ]
    await asyncio.sleep(0.5)
    with pytest.raises(QueryAborted, match="too many writes wait") as refused:
        await dataset.update(Update("INSERT DATA { <a:s> <a:p> 1 }"))
    assert refused.value.reason == "busy"
    assert len(await rows(dataset, EVERYTHING)) == 300
    assert not any(each.done() for each in lasting)
    ended = await asyncio.gather(*lasting, return_exceptions=True)
    assert all(isinstance(each, QueryAborted) for each in ended)
    assert had[0] >= 10
    await dataset.close()


@pytest.mark.slow
async def test_a_short_write_goes_before_a_long_one_that_waits(tmp_path: Path) -> None:
    dataset = PlainDataset(tmp_path / "plain", Limits(seconds=8))
    await dataset.update(Update(f"INSERT DATA {{ {NUMBERS} }}"))
    first = asyncio.create_task(dataset.update(Update(SLOW)))
    await asyncio.sleep(4)
    second = asyncio.create_task(dataset.update(Update(SLOW)))
    await asyncio.sleep(0.1)
    await dataset.update(Update("INSERT DATA { <a:mine> <a:p> 1 }"))
    assert first.done()
    assert await rows(dataset, "SELECT ?o { <a:mine> ?p ?o }") == ["1"]
    assert not second.done(), "what was written is read before the next long write has ended"
    ended = await asyncio.gather(first, second, return_exceptions=True)
    assert all(isinstance(each, QueryAborted) for each in ended)
    await dataset.close()


async def test_deep_nesting_ends_the_process_alone(plain: PlainDataset) -> None:
    depth = 50_000
    with pytest.raises(QueryError, match="nested"):
        await plain.update(Update("INSERT {} WHERE " + "{" * depth + "}" * depth))
    await plain.update(Update("INSERT DATA { <a:s> <a:p> 1 }"))
    assert await rows(plain, EVERYTHING) == ["a:s,1"]


async def test_a_killed_process_loses_nothing_that_was_acknowledged(plain: PlainDataset) -> None:
    await plain.update(Update("INSERT DATA { <a:s> <a:p> 1 }"))
    assert plain._process is not None
    os.kill(plain._process.pid, signal.SIGKILL)
    plain._process._process.wait()
    await plain.update(Update("INSERT DATA { <a:s> <a:p> 2 }"))
    assert await rows(plain, EVERYTHING) == ["a:s,1", "a:s,2"]


async def test_it_is_there_again_when_opened_again(tmp_path: Path) -> None:
    first = PlainDataset(tmp_path / "plain")
    await first.update(Update("INSERT DATA { <a:s> <a:p> 1 }"))
    with pytest.raises(ArchiveLocked):
        PlainDataset(tmp_path / "plain")
    await first.close()
    second = PlainDataset(tmp_path / "plain")
    assert await rows(second, EVERYTHING) == ["a:s,1"]
    await second.close()


async def test_a_folder_of_something_else(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear all")
    with pytest.raises(ArchiveError, match=r"letter\.txt"):
        PlainDataset(tmp_path)


async def test_many_writers_and_readers_at_once(plain: PlainDataset) -> None:
    """Increments are not lost, and every read sees a whole number of writes."""
    await plain.update(Update("INSERT DATA { <a:s> <a:p> 0 }"))
    increment = (
        "DELETE { <a:s> <a:p> ?n } INSERT { <a:s> <a:p> ?m }"
        " WHERE { <a:s> <a:p> ?n BIND(?n + 1 AS ?m) }"
    )
    pool = Pool(plain)

    async def write() -> None:
        await plain.update(Update(increment))
        seen.append(int((await pool.whole(Query(EVERYTHING, format="csv"))).body.split(b",")[2]))

    seen: list[int] = []
    await asyncio.gather(*(write() for _ in range(30)))
    assert await rows(plain, EVERYTHING) == ["a:s,30"]
    assert max(seen) == 30
    assert min(seen) >= 1
    pool.close()
