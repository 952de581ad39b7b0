"""A process that evaluates queries on checkpoints: ``python -m testimonia.sparql.worker``.

Here alone is anybody's query parsed and evaluated: pyoxigraph's parser overflows the stack at
10,000 levels of nesting, and its evaluator can be neither cancelled nor bounded. Whatever
happens, it happens to this process. Requests come in on a socket, frames go out on it
(:mod:`testimonia.sparql.frames`).
"""

from __future__ import annotations

import argparse
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from pyoxigraph import DefaultGraph, Literal, Store

from testimonia.endpoints import target
from testimonia.errors import Forbidden, NoSuchGraph, NotAcceptable, QueryError, StoreError
from testimonia.sparql import evaluation, frames, limits, matching
from testimonia.sparql.policy import Reach
from testimonia.sparql.syntax import explained

if TYPE_CHECKING:
    from testimonia.endpoints.client import Client
    from testimonia.fulltext import Search, Words

_BUFFER_BYTES = 64 * 1024
_GRACE_SECONDS = 2.0

# What an operation may raise, for the other side to raise again.
_TOLD = (QueryError, NotAcceptable, StoreError, Forbidden, NoSuchGraph)


def main() -> None:
    """Serve requests until the socket is closed."""
    arguments = _arguments()
    limits.die_with_parent()
    limits.forbid_core_dumps()
    # A store elsewhere is reached through the network; SERVICE is refused all the same.
    may_reach = Reach() if arguments.remote else reach(arguments.service)
    session = Session(arguments.memory, may_reach, arguments.seconds)
    serve(socket.socket(fileno=arguments.channel), session.answer)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Evaluates queries for Testimonia's endpoint.")
    parser.add_argument("--channel", type=int, required=True, help="the socket's descriptor")
    parser.add_argument("--memory", type=int, required=True, help="bytes beyond the open store")
    parser.add_argument("--service", action="append", default=[], help="IRIs that may be called")
    parser.add_argument("--seconds", type=float, help="what a store elsewhere may take for a query")
    parser.add_argument("--remote", action="store_true", help="the store is another's server")
    return parser.parse_args()


def reach(services: Sequence[str]) -> Reach:
    """What this process may reach from now on; where that is nothing, it gives up the network."""
    return Reach(tuple(services), offline=not services and limits.leave_network())


def serve(
    channel: socket.socket, answer: Callable[[dict[str, Any], bytes, BinaryIO], None]
) -> None:
    """Let ``answer`` write what each request asks for, and say how it went. It is given the data
    that came with the request."""
    descriptor = channel.fileno()
    with (
        open(descriptor, "rb", closefd=False) as requests,
        open(descriptor, "wb", _BUFFER_BYTES, closefd=False) as output,
    ):
        for request, data in _requests(requests):
            try:
                answer(request, data, output)
            except BrokenPipeError:
                return
            except _TOLD as error:
                _finish(output, type(error).__name__, str(error))
            except SyntaxError as error:
                _finish(output, "QueryError", explained(str(error)))
            except MemoryError:
                _finish(output, "memory")
            except (OSError, RuntimeError, ValueError) as error:
                _finish(output, "QueryError", f"it cannot be evaluated: {error}")
            else:
                _finish(output)


def _requests(stream: BinaryIO) -> Iterator[tuple[dict[str, Any], bytes]]:
    def exactly(size: int) -> bytes:
        data = stream.read(size)
        if len(data) < size:
            raise EOFError
        return data

    while True:
        try:
            request = frames.unpack(frames.read(exactly)[1])
            data = frames.read(exactly)[1] if request.pop("has_data", False) else b""
        except EOFError:
            return
        yield request, data


def _finish(output: BinaryIO, error: str | None = None, message: str = "") -> None:
    output.write(frames.pack_end(frames.End(time.process_time(), error, message)))
    output.flush()


class Session:
    """A worker's state: the checkpoint that it has open."""

    def __init__(self, memory: int, may_reach: Reach, seconds: float | None = None) -> None:
        self._memory = memory
        self._seconds = seconds
        self._client: Client | None = None
        self._reach = may_reach
        self._path: Path | None = None
        self._store: Store | None = None
        self._name = ""  # of the checkpoint whose store is open, as requests have it

    def answer(self, request: dict[str, Any], _: bytes, output: BinaryIO) -> None:
        """Write the answer to one request.

        Raises:
            QueryError: it cannot be parsed or evaluated, or may not be.
            NotAcceptable: it has no such format.
            StoreError: the checkpoint cannot be read.
        """
        name: str = request.pop("checkpoint")
        asked = evaluation.Request(**request)
        if self._store is None or name != self._name:
            path = Path(name)
            if target.is_remote(path):
                self._answer_elsewhere(path, asked, output)
                return
            self._store = self._opened(path)
            self._name = name
        searched = self._searched(asked, partial(_contains, self._store))
        evaluation.answer(self._store, asked, output, self._reach, searched)

    def _answer_elsewhere(self, path: Path, asked: evaluation.Request, output: BinaryIO) -> None:
        from testimonia.endpoints.client import Client
        from testimonia.sparql import elsewhere

        known = target.read(path)
        if self._client is None or self._client.target != known:
            limits.lift_memory_limit()
            self._client = Client(known)
            limits.limit_memory(self._memory)
        self._path, self._store = path, None
        searched = self._searched(asked, partial(_has, self._client))
        # The pool ends this process at the deadline; the store's own work is to end soon after.
        seconds = self._seconds + _GRACE_SECONDS if self._seconds else None
        elsewhere.answer(self._client, asked, output, searched, seconds)

    def _searched(
        self, asked: evaluation.Request, contains: Callable[[Words], bool]
    ) -> Search | None:
        """The full-text index of the archive that the checkpoint is of; plain datasets have none.

        Loaded for the queries that may want it.
        ``best_hits`` need one: where it is not there, to search it fails, for nothing found would
        be no answer.
        """
        if self._path is None or not matching.may_match(asked.query):
            return None
        from testimonia.fulltext import Search, is_there

        directory = self._path.parents[1]
        if not (asked.best_hits or is_there(directory)):
            return None

        return Search(directory, int(self._path.name), contains, best=asked.best_hits)

    def _opened(self, path: Path) -> Store:
        self._store = self._path = None
        limits.lift_memory_limit()
        try:
            store = Store.read_only(str(path))
        except (OSError, RuntimeError) as error:
            raise StoreError(f"{path} cannot be read: {error}") from error
        self._path = path
        limits.limit_memory(self._memory)
        return store


def _contains(store: Store, words: Words) -> bool:
    literal = Literal(words.value, language=words.language or None)
    quads = store.quads_for_pattern(None, None, literal, DefaultGraph())
    return next(quads, None) is not None


def _has(client: Client, words: Words) -> bool:
    pattern = f"?s ?p {Literal(words.value, language=words.language or None)}"
    view = client.target.view
    return client.ask(
        f"ASK {{ GRAPH <{view}> {{ {pattern} }} }}" if view else f"ASK {{ {pattern} }}"
    )


if __name__ == "__main__":
    main()
