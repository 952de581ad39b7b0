"""Brief queries that wait in a worker, behind the one it is at."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from testimonia.errors import QueryAborted, QueryError
from testimonia.iris import Iris
from testimonia.sparql import lines, running
from testimonia.sparql.lanes import Lanes
from testimonia.sparql.limits import Limits
from testimonia.sparql.lines import Briefs, Follower, Line
from testimonia.sparql.pool import Pool, Query, Whole
from testimonia.sparql.workers import Worker
from testimonia.store.embedded import EmbeddedWriter
from testimonia.terms import integer, iri

pytestmark = pytest.mark.anyio

IRIS = Iris("http://localhost:8000/")
GRAPH = IRIS.document_graph("one")
COUNT = 300


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
def writer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedWriter]:
    with EmbeddedWriter(tmp_path_factory.mktemp("lines") / "store", IRIS) as opened:
        opened.replace(
            {GRAPH: frozenset((iri(f"a:s{n}"), iri("a:p"), integer(n)) for n in range(COUNT))}
        )
        yield opened


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine a moment by the clock is nothing."""
    monkeypatch.setattr(lines, "_LATE_SECONDS", 5.0)
    monkeypatch.setattr(lines, "_BRIEF_SECONDS", 0.05)
    monkeypatch.setattr(running, "_WORTH_SECONDS", 0.1)
    monkeypatch.setattr(running, "_MOST_SECONDS", 1.0)


def number(n: int, comment: str = "") -> Query:
    return Query(f"SELECT ?c {{ <a:s{n}> <a:p> ?c }} # {comment}", format="json")


def rows(most: int) -> Query:
    """Alike, but for how long it takes."""
    inner = f"SELECT * {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }} LIMIT {most}"
    return Query(f"SELECT * {{ {{ {inner} }} FILTER(?c < 0) }}", format="json")


ENDLESS = rows(10**12)


def found(answer: object) -> list[int]:
    assert isinstance(answer, Whole)
    return [int(each["c"]["value"]) for each in json.loads(answer.body)["results"]["bindings"]]


@asynccontextmanager
async def opened(writer: EmbeddedWriter, limits: Limits) -> AsyncIterator[Pool]:
    """A pool that knows the queries above as brief."""
    pool = Pool(writer, limits)
    try:
        for n in range(3):
            await pool.answer(number(n, "known"))
            await pool.answer(rows(n + 1))
        yield pool
    finally:
        pool.close()


@asynccontextmanager
async def behind_an_endless_one(
    pool: Pool, count: int
) -> AsyncIterator[tuple[asyncio.Task[object], list[asyncio.Task[object]], Worker]]:
    head = asyncio.create_task(_answer(pool, ENDLESS))
    await asyncio.sleep(0)
    (worker,) = pool.workers.busy
    followers = [asyncio.create_task(_answer(pool, number(n, "behind"))) for n in range(count)]
    await asyncio.sleep(0)
    assert len(worker.line) == count, "they are in the worker's line"
    try:
        yield head, followers, worker
    finally:
        for each in (head, *followers):
            each.cancel()
        await asyncio.gather(head, *followers, return_exceptions=True)


async def _answer(pool: Pool, query: Query) -> object:
    return await pool.answer(query)


async def test_each_gets_its_own_answer(writer: EmbeddedWriter) -> None:
    async with opened(writer, Limits(fast=2)) as pool:
        for turn in ("one", "two"):
            asked = [_answer(pool, number(n, turn)) for n in range(COUNT - 50)]
            answers = await asyncio.gather(*asked)
            assert [found(each) for each in answers] == [[n] for n in range(COUNT - 50)]
        assert len(pool.workers) <= 5
        assert pool.lanes.running == pool.lanes.queued == 0
        assert pool.counters.outcomes["done"] == 2 * (COUNT - 50) + 6
        assert not pool.counters.kills


async def test_an_error_is_told_to_who_made_it_alone(writer: EmbeddedWriter) -> None:
    async with opened(writer, Limits(fast=1)) as pool:
        broken = Query("SELECT ?c { <a:s1> <a:p> ?c } # \n LIMIT", format="json")
        for _ in range(2):
            with pytest.raises(QueryError):
                await pool.answer(broken)
        asked = [_answer(pool, broken if n % 3 else number(n, "x")) for n in range(30)]
        answers = await asyncio.gather(*asked, return_exceptions=True)
        for n, answer in enumerate(answers):
            if n % 3:
                assert isinstance(answer, QueryError)
            else:
                assert found(answer) == [n]


async def test_nobody_waits_for_what_turns_out_to_be_slow(writer: EmbeddedWriter) -> None:
    limits = Limits(seconds=6, fast=1, slow=1, patience_seconds=0.2)
    async with opened(writer, limits) as pool, behind_an_endless_one(pool, 3) as waiting:
        head, followers, worker = waiting
        answers = await asyncio.wait_for(asyncio.gather(*followers), 5)
        assert [found(each) for each in answers] == [[0], [1], [2]]
        assert not head.done()
        with pytest.raises(QueryAborted, match="more than 6 seconds"):
            await head
        assert worker not in pool.workers.idle
        assert pool.lanes.running == pool.lanes.queued == 0
        # It is not taken for brief again.
        assert isinstance(await pool.answer(rows(7)), Whole)


async def test_who_is_behind_one_that_ends_its_worker_is_answered(writer: EmbeddedWriter) -> None:
    async with opened(writer, Limits(seconds=20, fast=1)) as pool:
        async with behind_an_endless_one(pool, 4) as (head, followers, worker):
            os.kill(worker.process.pid, 9)
            with pytest.raises(QueryAborted) as ended:
                await head
            assert ended.value.reason == "memory"
            answers = await asyncio.gather(*followers)
            assert [found(each) for each in answers] == [[0], [1], [2], [3]]
        assert pool.lanes.running == pool.lanes.queued == 0
        assert sum(pool.counters.kills.values()) == 1


async def test_who_leaves_a_line_disturbs_nobody(writer: EmbeddedWriter) -> None:
    limits = Limits(seconds=20, fast=1, slow=1, patience_seconds=0.2)
    async with opened(writer, limits) as pool:
        async with behind_an_endless_one(pool, 4) as (head, followers, _):
            followers[1].cancel()
            head.cancel()  # its worker is killed
            rest = [followers[0], *followers[2:]]
            assert [found(await each) for each in rest] == [[0], [2], [3]]
        first, *others = [asyncio.create_task(_answer(pool, number(n, "y"))) for n in range(9)]
        await asyncio.sleep(0)
        others[0].cancel()
        assert found(await first) == [0]
        assert [found(await each) for each in others[1:]] == [[n] for n in range(2, 9)]
        assert pool.lanes.running == pool.lanes.queued == 0


async def test_after_a_write_nobody_follows_who_reads_what_was_before(tmp_path: Path) -> None:
    with EmbeddedWriter(tmp_path / "store", IRIS) as writer:
        writer.replace({GRAPH: frozenset({(iri("a:s0"), iri("a:p"), integer(0))})})
        async with opened(writer, Limits(seconds=20, fast=2)) as pool:
            for n in range(1, 30):
                before = [asyncio.create_task(_answer(pool, number(0, f"{n}{m}"))) for m in "abc"]
                await asyncio.sleep(0)
                writer.replace({GRAPH: frozenset({(iri("a:s0"), iri("a:p"), integer(n))})})
                assert found(await pool.answer(number(0, f"{n}"))) == [n]
                for each in before:
                    assert found(await each)[0] in (n - 1, n)


async def test_a_pool_that_is_closed_answers_nobody_in_a_line(writer: EmbeddedWriter) -> None:
    async with (
        opened(writer, Limits(seconds=20, fast=1)) as pool,
        behind_an_endless_one(pool, 2) as (head, followers, _),
    ):
        pool.stop()
        outcomes = await asyncio.gather(head, *followers, return_exceptions=True)
        reasons = [each.reason for each in outcomes if isinstance(each, QueryAborted)]
        assert reasons == ["stopping"] * 3


async def test_a_worker_that_ended_while_it_was_idle_costs_nobody_an_answer(
    writer: EmbeddedWriter,
) -> None:
    pool = Pool(writer, Limits(fast=2))
    try:
        await pool.warm()
        for worker in pool.workers.idle:
            os.kill(worker.process.pid, 9)
            os.waitid(os.P_PID, worker.process.pid, os.WEXITED | os.WNOWAIT)
        assert found(await pool.answer(number(3))) == [3]
        assert pool.lanes.running == 0
    finally:
        pool.close()


async def test_a_line_knows_how_long_it_is() -> None:
    loop, lanes = asyncio.get_running_loop(), Lanes(Limits())
    line = Line()
    assert line.wait(0) is None, "nobody knows what its worker is at"
    line.begin(None, 0)
    assert line.wait(0) is None, "it may be long"
    line.begin(0.002, 10)
    assert line.wait(10) == 0.002
    assert line.wait(20) is None, "it should be over"
    members = [Follower(lanes.following(n, "x"), 0.001, loop.create_future()) for n in range(3)]
    for each in members:
        line.join(each)
    assert line.wait(10) == pytest.approx(0.005)
    assert line.next(11) is members[0]
    assert line.wait(11) == pytest.approx(0.003)
    members[1].turn.cancel()
    assert line.next(12) is None
    assert line.spoiled
    assert members[2].turn.result() is False
    line.begin(0.001, 13)
    assert line.wait(13) is None, "its worker has more to do than anybody knows"


def test_what_is_not_brief_any_more_is_forgotten() -> None:
    briefs = Briefs()
    briefs.learn("a", 0.001, 10)
    assert briefs.seconds("a") == 0.001
    briefs.learn("a", 0.001, 10**6)
    assert briefs.seconds("a") is None
    briefs.learn("a", 0.001, 10)
    briefs.learn("a", 1.0, 10)
    assert briefs.seconds("a") is None
    briefs.learn(None, 0.001, 10)
    assert briefs.seconds(None) is None
