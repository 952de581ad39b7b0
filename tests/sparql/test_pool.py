"""The pool itself, on its event loop: lanes, streams, caches."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from testimonia.errors import QueryAborted
from testimonia.iris import Iris
from testimonia.sparql.lanes import Lanes
from testimonia.sparql.lexer import shape
from testimonia.sparql.limits import Limits
from testimonia.sparql.pool import Pool, Query, Streamed, Whole
from testimonia.sparql.tickets import Ticket
from testimonia.store.embedded import EmbeddedWriter
from testimonia.terms import integer, iri

pytestmark = pytest.mark.anyio

IRIS = Iris("http://localhost:8000/")
GRAPH = IRIS.document_graph("one")
# No rows, no memory, no end.
ENDLESS = (
    "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o"
    " FILTER(?c + ?f + ?i + ?l + ?o < 0) }"
)
MANY_ROWS = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
SHORT = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c }"


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
def writer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedWriter]:
    with EmbeddedWriter(tmp_path_factory.mktemp("pool") / "store", IRIS) as opened:
        opened.replace(
            {GRAPH: frozenset((iri(f"a:s{n}"), iri("a:p"), integer(n)) for n in range(300))}
        )
        yield opened


@asynccontextmanager
async def opened(writer: EmbeddedWriter, limits: Limits) -> AsyncIterator[Pool]:
    pool = Pool(writer, limits)
    try:
        yield pool
    finally:
        pool.close()


async def test_a_short_query_does_not_wait_for_long_ones(writer: EmbeddedWriter) -> None:
    limits = Limits(seconds=20, fast=1, slow=1, parked=8, patience_seconds=0.1)
    async with opened(writer, limits) as pool:
        long = [asyncio.create_task(pool.answer(Query(f"{ENDLESS} # {n}"))) for n in range(5)]
        await asyncio.sleep(0.05)
        answer = await pool.answer(Query(SHORT))
        assert isinstance(answer, Whole)
        assert not any(each.done() for each in long), "the long ones are still at it"
        assert pool.lanes.running <= 2
        outcomes = await asyncio.gather(*long, return_exceptions=True)
        reasons = {each.reason for each in outcomes if isinstance(each, QueryAborted)}
        assert reasons == {"deadline"}
        assert pool.lanes.running == pool.lanes.queued == 0


async def test_there_is_an_end_to_parking(writer: EmbeddedWriter) -> None:
    limits = Limits(seconds=5, fast=1, slow=1, parked=1, patience_seconds=0.1)
    async with opened(writer, limits) as pool:
        long = [pool.answer(Query(f"{ENDLESS} # {n}")) for n in range(4)]
        outcomes = await asyncio.gather(*long, return_exceptions=True)
        reasons = sorted(each.reason for each in outcomes if isinstance(each, QueryAborted))
        assert reasons == ["busy", "busy", "deadline", "deadline"]


async def test_what_was_slow_once_starts_behind(writer: EmbeddedWriter) -> None:
    limits = Limits(seconds=1, fast=1, slow=1, patience_seconds=0.1)
    async with opened(writer, limits) as pool:
        for _ in range(2):
            with pytest.raises(QueryAborted):
                await pool.answer(Query(ENDLESS))
        ticket = await pool.lanes.enter(Query(ENDLESS))
        assert ticket.lane == "slow"
        ticket.leave()
        alike = await pool.lanes.enter("another", shape(ENDLESS))
        assert alike.lane == "slow"
        alike.runs(Recorded(), lambda: None)
        alike.leave()  # at once
        known = await pool.lanes.enter("a third", shape(ENDLESS))
        assert (known.lane, known.quick) == ("fast", True)
        known.leave()


async def test_a_long_result_comes_as_a_stream_and_tells_of_a_late_failure(
    writer: EmbeddedWriter,
) -> None:
    limits = Limits(seconds=2, buffer_bytes=64 * 1024)
    async with opened(writer, limits) as pool:
        answer = await pool.answer(Query(MANY_ROWS))
        assert isinstance(answer, Streamed)
        size = len(answer.body)
        reason = ""
        try:
            async for piece in answer.rest:
                size += len(piece)
        except QueryAborted as error:
            reason = error.reason
        assert reason == "deadline"
        assert size > 1024 * 1024
        assert pool.lanes.running == 0


async def test_a_slow_client_keeps_nobody_from_running(writer: EmbeddedWriter) -> None:
    limits = Limits(seconds=3, fast=1, slow=1, buffer_bytes=64 * 1024, patience_seconds=0.1)
    async with opened(writer, limits) as pool:
        answers = []
        for n in range(3):
            answer = await pool.answer(Query(f"{MANY_ROWS} # {n}"))
            assert isinstance(answer, Streamed)
            await anext(answer.rest)
            answers.append(answer)
            await asyncio.sleep(0.7)  # and takes no more
        assert isinstance(await pool.answer(Query(SHORT)), Whole)
        for answer in answers:
            await answer.rest.aclose()  # type: ignore[attr-defined]
        assert pool.lanes.running == 0


async def test_a_client_that_leaves_ends_its_query(writer: EmbeddedWriter) -> None:
    async with opened(writer, Limits(seconds=30, fast=1)) as pool:
        task = asyncio.create_task(pool.answer(Query(ENDLESS)))
        await asyncio.sleep(0.3)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert pool.lanes.running == 0
        assert isinstance(await pool.answer(Query(SHORT)), Whole)


async def test_results_are_kept_until_something_is_written(tmp_path: Path) -> None:
    with EmbeddedWriter(tmp_path / "store", IRIS) as writer:
        async with opened(writer, Limits()) as pool:
            first = await pool.answer(Query(SHORT))
            assert await pool.answer(Query(SHORT)) is first
            writer.replace({GRAPH: frozenset({(iri("a:s"), iri("a:p"), integer(1))})})
            assert await pool.answer(Query(SHORT)) is not first
            assert pool.counters.cached == 1


async def test_rows_can_be_limited(writer: EmbeddedWriter) -> None:
    async with opened(writer, Limits(rows=10)) as pool:
        answer = await pool.answer(Query("SELECT * { ?s ?p ?o }", format="csv"))
        assert isinstance(answer, Whole)
        assert answer.body.count(b"\r\n") == 11
        assert answer.more == "SELECT * { ?s ?p ?o }\nOFFSET 10"
        more = await pool.answer(Query(answer.more, format="csv"))
        assert isinstance(more, Whole)
        assert more.more == "SELECT * { ?s ?p ?o }\nOFFSET 20"
        assert set(more.body.split()) & set(answer.body.split()) == {b"o,p,s"}
        short = await pool.answer(Query("SELECT * { ?s ?p ?o } LIMIT 3", format="csv"))
        assert short.more is None


async def test_a_worker_has_no_network(writer: EmbeddedWriter) -> None:
    """The second wall: even a query that passed the first would reach nobody."""
    async with opened(writer, Limits(patience_seconds=20)) as pool:
        await pool.answer(Query(SHORT))
        worker = pool.workers.idle[-1]  # the one that has answered
        own, its = (Path(f"/proc/{pid}/ns/net").readlink() for pid in ("self", worker.process.pid))
        process = await asyncio.create_subprocess_exec("unshare", "-n", "true")
        if await process.wait() != 0:
            pytest.skip("this platform lets no process leave the network")
        assert own != its


class Recorded:
    """A process that only notes what is done to it."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.used: float | None = None
        self.seconds = 0.0

    def processor_seconds(self) -> float | None:
        return self.seconds

    def lower_priority(self) -> None:
        self.done.append("lower")

    def stop(self) -> None:
        self.done.append("stop")

    def resume(self) -> None:
        self.done.append("resume")


async def test_the_order_of_the_lanes() -> None:
    lanes = Lanes(Limits(fast=1, slow=1, parked=2, patience_seconds=0.02))
    started: list[tuple[Ticket, Recorded]] = []
    for name in "abc":
        ticket, process = await asyncio.wait_for(lanes.enter(name), 5), Recorded()
        ticket.runs(process, lambda: None)
        process.seconds = 1.0
        started.append((ticket, process))
        await asyncio.sleep(0.2)
    (a, pa), (b, pb), (c, pc) = started
    assert [each.lane for each in (a, b, c)] == ["slow", "parked", "parked"]
    assert (pa.done, pb.done, pc.done) == (["lower"], ["lower", "stop"], ["lower", "stop"])
    c.leave()
    a.leave()
    assert (b.lane, pb.done) == ("slow", ["lower", "stop", "resume"])
    b.leave()
    b.leave()
    assert lanes.running == lanes.queued == 0


async def test_what_is_known_as_quick_goes_first_and_has_a_place() -> None:
    lanes = Lanes(Limits(fast=1, slow=1, patience_seconds=20))
    first = await lanes.enter("a", "quick")
    first.runs(Recorded(), lambda: None)
    first.leave()
    unknown = await asyncio.wait_for(lanes.enter("x", "other"), 5)
    kept = await asyncio.wait_for(lanes.enter("b", "quick"), 5)
    waiting = [asyncio.create_task(lanes.enter("y", "other"))]
    await asyncio.sleep(0.01)
    waiting.append(asyncio.create_task(lanes.enter("c", "quick")))
    await asyncio.sleep(0.01)
    assert (lanes.running, lanes.queued) == (2, 2)
    kept.leave()
    quick = await asyncio.wait_for(waiting[1], 5)
    assert not waiting[0].done()
    unknown.leave()
    assert not waiting[0].done()
    quick.leave()
    (await asyncio.wait_for(waiting[0], 5)).leave()
    assert lanes.running == lanes.queued == 0


async def test_the_slow_lane_has_a_place_more_where_all_is_quiet() -> None:
    lanes = Lanes(Limits(fast=1, slow=1, parked=4, patience_seconds=0.02))
    for name, done in (("long", True), ("endless", False)):
        ticket, process = await lanes.enter(name, name), Recorded()
        ticket.runs(process, lambda: None)
        process.seconds = 1.0
        await asyncio.sleep(0.2)
        assert ticket.lane == "slow"
        ticket.leave(done=done)
    first = await lanes.enter("a", "long")
    endless = asyncio.create_task(lanes.enter("x", "endless"))
    await asyncio.sleep(0.01)
    second = await asyncio.wait_for(lanes.enter("b", "long"), 5)
    third = asyncio.create_task(lanes.enter("c", "long"))
    await asyncio.sleep(0.01)
    assert (first.lane, second.lane) == ("slow", "slow")
    assert not endless.done()
    assert not third.done()
    quick = await asyncio.wait_for(lanes.enter("q", "new"), 5)
    second.leave(done=True)
    await asyncio.sleep(0.01)
    assert not third.done(), "somebody is in the fast lane"
    quick.leave(done=True)
    await asyncio.wait_for(third, 5)
    assert not endless.done()
    first.leave(done=True)
    (await third).leave(done=True)
    (await asyncio.wait_for(endless, 5)).leave(done=False)
    assert lanes.running == lanes.queued == 0


async def test_workers_of_the_slow_lane_are_kept_for_it(writer: EmbeddedWriter) -> None:
    async with opened(writer, Limits(seconds=60, fast=1, slow=1, patience_seconds=0.01)) as pool:
        await pool.answer(Query(SHORT))
        for n in range(4):
            long = f"SELECT (COUNT(*) AS ?n) {{ ?a ?b ?c . ?d ?e ?f . ?g ?h {n} FILTER(?c < ?f) }}"
            assert isinstance(await pool.answer(Query(long)), Whole)
        assert pool.counters.spawned <= 2, "not one for each"
        assert not pool.counters.kills
