"""Queries and updates sent to a store (SPARQL 1.1 Protocol, section 2).

Results are read as they come: from JSON (SELECT, ASK) and N-Triples (CONSTRUCT), which every store
has. Credentials come from the environment, and appear in no message.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, BinaryIO, Final, cast

import httpx
from pyoxigraph import (
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    parse,
    parse_query_results,
)

from testimonia.closing import Closing
from testimonia.endpoints.target import Target
from testimonia.errors import StoreError

JSON: Final = "application/sparql-results+json"
NTRIPLES: Final = "application/n-triples"
USER: Final = "TESTIMONIA_STORE_USER"
PASSWORD: Final = "TESTIMONIA_STORE_PASSWORD"  # noqa: S105 - its name
TOKEN: Final = "TESTIMONIA_STORE_TOKEN"  # noqa: S105

SECONDS: Final = 300.0
_CONNECT_SECONDS: Final = 10.0
_LONGEST_REASON: Final = 300
_AWAY: Final = frozenset({502, 503, 504})
_NOT_LET_IN: Final = frozenset({401, 403, 407})


class Refused(StoreError):
    """The store has read the request, and will not do it."""


class CutShort(StoreError):
    """The store gave a part of the result, and says so."""


class Client(Closing):
    """Talks to one store. To be used by one thread at a time.

    ``seconds`` is how long it may be silent.
    """

    def __init__(self, target: Target, seconds: float = SECONDS) -> None:
        self.target = target
        timeout = httpx.Timeout(seconds, connect=_CONNECT_SECONDS)
        # No proxy and no .netrc of the environment: where the graph goes is said in the address.
        self._http = httpx.Client(timeout=timeout, trust_env=False, **credentials())

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    # ------------------------------------------------------------------------- asking

    @contextmanager
    def results(
        self,
        query: str,
        *,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        seconds: float | None = None,
    ) -> Iterator[QuerySolutions | QueryBoolean]:
        """The solutions of a SELECT, read as they come, or the answer of an ASK.

        Raises:
            Refused: the store does not answer it.
            CutShort: it gives a part only.
            StoreError: it cannot be reached, or its answer cannot be read.
        """
        form = self._form(query, default_graphs, named_graphs, seconds)
        with self._answer(self.target.query, form, JSON) as body, _readable(self.target):
            yield parse_query_results(body, format=QueryResultsFormat.JSON)

    @contextmanager
    def triples(
        self,
        query: str,
        *,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        seconds: float | None = None,
    ) -> Iterator[Iterable[Quad]]:
        """The triples of a CONSTRUCT or DESCRIBE, read as they come. Raises as ``results``."""
        form = self._form(query, default_graphs, named_graphs, seconds)
        with self._answer(self.target.query, form, NTRIPLES) as body, _readable(self.target):
            yield parse(body, format=RdfFormat.N_TRIPLES)

    def ask(self, query: str) -> bool:
        """The answer of an ASK. Raises as ``results``."""
        with self.results(query) as answer:
            return bool(answer)

    def _form(
        self,
        query: str,
        default_graphs: Sequence[str],
        named_graphs: Sequence[str],
        seconds: float | None,
    ) -> list[tuple[str, str]]:
        form = [("query", self._disguised(query))]
        form += [("default-graph-uri", each) for each in default_graphs]
        form += [("named-graph-uri", each) for each in named_graphs]
        if seconds and self.target.kind.timeout:
            name, factor = self.target.kind.timeout
            form.append((name, f"{seconds * factor:.0f}"))
        return form

    # ------------------------------------------------------------------------- writing

    def update(self, update: str) -> None:
        """Run an update.

        Raises:
            Refused: the store does not run it.
            StoreError: it cannot be reached: what has become of the update is not known.
        """
        kind, update = self.target.kind, self._disguised(update)
        if kind.forms:
            sent: dict[str, Any] = {"data": {kind.update_field: update}}
        else:
            headers = {"Content-Type": "application/sparql-update"}
            sent = {"content": update.encode(), "headers": headers}
        with self._sent(self.target.update, sent) as response:
            response.read()

    def _disguised(self, text: str) -> str:
        for meant, sent in self.target.kind.disguises:
            text = text.replace(meant, sent)
        return text

    # ------------------------------------------------------------------------- HTTP

    @contextmanager
    def _answer(self, url: str, form: Sequence[tuple[str, str]], accept: str) -> Iterator[BinaryIO]:
        body = httpx.QueryParams(list(form))
        headers = {"Accept": accept, "Content-Type": "application/x-www-form-urlencoded"}
        sent: dict[str, Any] = {"content": str(body).encode(), "headers": headers}
        with self._sent(url, sent) as response:
            if "x-sparql-maxrows" in response.headers:
                raise CutShort(
                    f"{shown(self.target)} gives at most {response.headers['x-sparql-maxrows']}"
                    " rows of a result: ask for them in parts, with ORDER BY, LIMIT and OFFSET"
                )
            if response.headers.get("x-sql-state") == "S1TAT":
                raise CutShort(f"{shown(self.target)} has ended the query: it took too long")
            yield cast("BinaryIO", _Body(response.iter_bytes(), self.target.kind.repairs))

    @contextmanager
    def _sent(self, url: str, sent: Mapping[str, Any]) -> Iterator[httpx.Response]:
        try:
            with self._http.stream("POST", url, **sent) as response:
                self._check(response)
                yield response
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise StoreError(
                f"the store {shown(self.target)} cannot be reached: {_why(error)}; is it running,"
                " and is the address right?"
            ) from error

    def _check(self, response: httpx.Response) -> None:
        status = response.status_code
        if response.is_success:
            return
        response.read()
        reason = " ".join(response.text.split())[:_LONGEST_REASON]
        if status in _NOT_LET_IN:
            raise StoreError(
                f"the store {shown(self.target)} does not let us in ({status}): give {USER} and"
                f" {PASSWORD}, or {TOKEN}, in the environment, of somebody who may do this"
            )
        if status in _AWAY:
            raise StoreError(f"the store {shown(self.target)} is not ready ({status}): {reason}")
        raise Refused(f"the store {shown(self.target)} refuses ({status}): {reason}")


def credentials() -> dict[str, Any]:
    """What httpx is told of who we are."""
    if token := os.environ.get(TOKEN):
        return {"headers": {"Authorization": f"Bearer {token}"}}
    if user := os.environ.get(USER):
        return {"auth": (user, os.environ.get(PASSWORD, ""))}
    return {}


def shown(target: Target) -> str:
    """The address for people."""
    return target.written.partition("#")[0]


def _why(error: Exception) -> str:
    return str(error) or type(error).__name__


@contextmanager
def _readable(target: Target) -> Iterator[None]:
    try:
        yield
    except SyntaxError as error:
        raise StoreError(f"an answer of {shown(target)} cannot be read: {error}") from error


class _Body(io.RawIOBase):
    """A response's body as a file, with what this kind of store says differently repaired.

    A repair never crosses the end of a line, so whole lines are looked at.
    """

    def __init__(self, pieces: Iterator[bytes], repairs: Sequence[tuple[str, str]]) -> None:
        self._pieces = pieces
        self._repairs = [(wrong.encode(), right.encode()) for wrong, right in repairs]
        self._ready = b""
        self._rest = b""
        self._over = False

    def readable(self) -> bool:
        """It is."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Up to ``size`` bytes; none at the end."""
        while not self._over and (size < 0 or not self._ready):
            self._more()
        if size < 0:
            size = len(self._ready)
        taken, self._ready = self._ready[:size], self._ready[size:]
        return taken

    def readinto(self, buffer: object) -> int:
        """See :class:`io.RawIOBase`."""
        view = memoryview(cast("bytearray", buffer))
        data = self.read(len(view))
        view[: len(data)] = data
        return len(data)

    def _more(self) -> None:
        piece = next(self._pieces, None)
        if piece is None:
            self._over = True
            piece, self._rest = self._rest, b""
        elif self._repairs:
            lines, end, rest = piece.rpartition(b"\n")
            if not end:
                self._rest += piece
                return
            piece, self._rest = self._rest + lines + end, rest
        for wrong, right in self._repairs:
            piece = piece.replace(wrong, right)
        self._ready += piece
