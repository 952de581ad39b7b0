"""Evaluates queries in worker processes, which end at the deadline whatever they are doing.

Nothing of a query is parsed on this side. A result comes back whole or not at all.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Self, cast

from testimonia.errors import NotAcceptable, QueryAborted, QueryError, StoreError
from testimonia.sparql import frames

DEADLINE_SECONDS: Final = 30.0
MEMORY_BYTES: Final = 512 * 1024 * 1024
RESULT_BYTES: Final = 256 * 1024 * 1024
WORKERS: Final = 2

_READ_BYTES = 1024 * 1024

Lease = Callable[[], AbstractContextManager[Path]]
"""Gives the path of a checkpoint that stays as long as the context."""


@dataclass(frozen=True, slots=True)
class QueryResult:
    """A whole result, serialised."""

    media_type: str
    body: bytes


class Evaluator:
    """Runs queries on the checkpoint that ``lease`` gives, asked anew for each.

    ``lease()`` is a context in which that checkpoint stays; a worker holds it while it lives.
    Safe to use from many threads; ``workers`` queries run at once, the others wait, and their
    waiting counts against the deadline. A worker serves many queries of one checkpoint.
    Close it to end its processes.
    """

    def __init__(
        self,
        lease: Lease,
        *,
        deadline_seconds: float = DEADLINE_SECONDS,
        memory_bytes: int = MEMORY_BYTES,
        result_bytes: int = RESULT_BYTES,
        workers: int = WORKERS,
    ) -> None:
        self._lease = lease
        self._seconds = deadline_seconds
        self._memory = memory_bytes
        self._result_bytes = result_bytes
        self._slots = threading.BoundedSemaphore(workers)
        self._lock = threading.Lock()
        self._idle: list[_Worker] = []
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def evaluate(
        self,
        query: str,
        *,
        accept: str | None = None,
        format_: str | None = None,
        default_graph_uris: Sequence[str] = (),
        named_graph_uris: Sequence[str] = (),
        known_prefixes: bool = False,
    ) -> QueryResult:
        """The result, in the format called ``format_``, else in the best that ``accept`` takes.

        SPARQL 1.1 Protocol, section 2.1: graphs that are given here go before those of the query.
        With ``known_prefixes`` a query need not declare those of our vocabularies.

        Raises:
            QueryError: it cannot be parsed (says where), is nested too deeply, or asks for more
                than it may.
            NotAcceptable: its result has no such format.
            QueryAborted: it took too long (``deadline``), too much memory (``memory``), gave too
                large a result (``size``), or ended the worker otherwise (``crash``).
            StoreError: there is nothing to read from.
        """
        deadline = time.monotonic() + self._seconds
        request = frames.pack(
            frames.REQUEST,
            {
                "query": query,
                "accept": accept,
                "format": format_,
                "default_graphs": list(default_graph_uris),
                "named_graphs": list(named_graph_uris),
                "known_prefixes": known_prefixes,
                "seconds": self._seconds,
            },
        )
        with self._slot(deadline):
            return self._evaluate(request, deadline)

    def close(self) -> None:
        """End the idle workers; those at work end with their queries."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for worker in idle:
            worker.kill()

    @contextmanager
    def _slot(self, deadline: float) -> Iterator[None]:
        if not self._slots.acquire(timeout=max(0.0, deadline - time.monotonic())):
            raise _late(self._seconds)
        try:
            yield
        finally:
            self._slots.release()

    def _evaluate(self, request: bytes, deadline: float) -> QueryResult:
        worker = self._take()
        try:
            result = worker.ask(request, deadline, self._result_bytes)
        except (QueryError, NotAcceptable):
            self._give_back(worker)  # it has said so itself, and goes on
            raise
        except _WorkerEnded as ended:
            worker.kill()
            raise _reason(ended.status) from ended
        except TimeoutError as error:
            worker.kill()
            raise _late(self._seconds) from error
        except BaseException:
            worker.kill()
            raise
        self._give_back(worker)
        return result

    def _take(self) -> _Worker:
        """An idle worker on the checkpoint of now, or a new one."""
        with ExitStack() as stack:
            checkpoint = stack.enter_context(self._lease())
            with self._lock:
                if self._closed:
                    raise StoreError("the evaluator has been closed")
                fit = [worker for worker in self._idle if worker.checkpoint == checkpoint]
                stale = [worker for worker in self._idle if worker.checkpoint != checkpoint]
                self._idle = fit[1:]
            for worker in stale:
                worker.kill()
            return fit[0] if fit else _Worker(checkpoint, self._memory, stack.pop_all())

    def _give_back(self, worker: _Worker) -> None:
        with self._lock:
            if not self._closed:
                self._idle.append(worker)
                return
        worker.kill()


class _WorkerEnded(Exception):
    """The worker's process ended before its answer did."""

    def __init__(self, status: int) -> None:
        super().__init__(f"the worker ended with status {status}")
        self.status = status


class _Worker:
    """One process. Spawned by exec: a fork would inherit the clients' sockets."""

    def __init__(self, checkpoint: Path, memory: int, leased: ExitStack) -> None:
        self.checkpoint = checkpoint
        self._leased = leased
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-P", "-m", "testimonia.sparql.worker"),
                *(str(checkpoint), "--memory", str(memory)),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env=_environment(),
            start_new_session=True,  # an interrupt at the terminal is the evaluator's to handle
        )
        os.set_blocking(self._input.fileno(), False)
        self._writable, self._readable = select.poll(), select.poll()
        self._writable.register(self._input, select.POLLOUT)
        self._readable.register(self._output, select.POLLIN)
        self._taken = bytearray()

    def ask(self, request: bytes, deadline: float, bound: int) -> QueryResult:
        """The answer to a request.

        Raises:
            TimeoutError: the deadline has come. This and all below leave the worker unusable.
            _WorkerEnded: it died of the query.
            QueryAborted: memory, or more than ``bound`` bytes of result.
        """
        self._send(request, deadline)
        media_type, body, size = "", [], 0
        while True:
            kind, payload = frames.read(lambda count: self._exactly(count, deadline))
            if kind == frames.HEAD:
                media_type = str(frames.unpack(payload)["media_type"])
            elif kind == frames.DATA:
                body.append(payload)
                size += len(payload)
                if size > bound:
                    raise _too_large(bound)
            else:
                _require_success(frames.unpack(payload))
                return QueryResult(media_type, b"".join(body))

    def kill(self) -> None:
        """End it at once: it only reads."""
        self._process.kill()
        self._process.wait()
        for stream in (self._input, self._output):
            stream.close()
        self._leased.close()

    @property
    def _input(self) -> IO[bytes]:
        return cast("IO[bytes]", self._process.stdin)

    @property
    def _output(self) -> IO[bytes]:
        return cast("IO[bytes]", self._process.stdout)

    def _send(self, request: bytes, deadline: float) -> None:
        remaining = memoryview(request)
        try:
            while remaining:
                _wait(self._writable, deadline)
                remaining = remaining[os.write(self._input.fileno(), remaining) :]
        except BrokenPipeError:
            return  # what it had to say stands in the other pipe

    def _exactly(self, count: int, deadline: float) -> bytes:
        while len(self._taken) < count:
            self._taken += self._some(deadline)
        data = bytes(self._taken[:count])
        del self._taken[:count]
        return data

    def _some(self, deadline: float) -> bytes:
        _wait(self._readable, deadline)
        if data := os.read(self._output.fileno(), _READ_BYTES):
            return data
        raise _WorkerEnded(self._process.wait())


def _wait(ready: select.poll, deadline: float) -> None:
    left = deadline - time.monotonic()
    if left <= 0 or not ready.poll(left * 1000):
        raise TimeoutError


def _require_success(end: dict[str, str | None]) -> None:
    message = end["message"] or ""
    match end["error"]:
        case None:
            return
        case "not acceptable":
            raise NotAcceptable(message)
        case "memory":
            raise _out_of_memory()
        case "store":
            raise StoreError(message)
        case _:
            raise QueryError(message)


def _reason(status: int) -> QueryAborted | QueryError:
    """What a worker's end means. Rust aborts when memory is refused; the system kills for it."""
    match -status:
        case signal.SIGABRT | signal.SIGKILL:
            return _out_of_memory()
        case signal.SIGSEGV | signal.SIGBUS:
            return QueryError("the query is nested too deeply to be evaluated; write it flatter")
        case _:
            return QueryAborted(f"the query ended its worker (status {status})", "crash")


def _late(seconds: float) -> QueryAborted:
    return QueryAborted(
        f"the query took more than {seconds:g} seconds; narrow it, or add a LIMIT", "deadline"
    )


def _out_of_memory() -> QueryAborted:
    return QueryAborted(
        "the query needed more memory than it may use; narrow it, or drop ORDER BY or DISTINCT",
        "memory",
    )


def _too_large(bound: int) -> QueryAborted:
    return QueryAborted(f"the result is larger than {bound:,} bytes; add a LIMIT", "size")


def _environment() -> dict[str, str]:
    """The package is found where this one is, and nothing in the working directory is imported.

    Each arena of glibc reserves 64 MB, which would count as the query's.
    """
    package = str(Path(__file__).parents[2])
    inherited = os.environ.get("PYTHONPATH")
    path = os.pathsep.join([package, inherited]) if inherited else package
    return {**os.environ, "PYTHONPATH": path, "MALLOC_ARENA_MAX": "2"}
