"""Calls other services for a request, at the addresses that were looked at.

pyoxigraph would resolve a service's name a second time, after it has been checked, and follow
redirects anywhere. So it never goes out by itself: a ``SERVICE`` is pointed at a relay inside this
process, which calls the service, and what a ``LOAD`` asks for is fetched here and put in its place.
The name is resolved once, every address it has is checked, and the connection goes to one of these;
the certificate and the ``Host`` are still the name's. Each redirect is looked at in the same way.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from threading import Thread
from typing import Final
from urllib.parse import urlsplit

from pyoxigraph import DefaultGraph, RdfFormat, parse

from testimonia.errors import Forbidden, QueryError
from testimonia.sparql import lexer, policy

MOST_BYTES: Final = 100 * 1024 * 1024
_SECONDS: Final = 30.0
_RDF: Final = "application/n-triples, text/turtle;q=0.9, application/rdf+xml;q=0.8, */*;q=0.1"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came: its media type, and from where in the end."""

    body: bytes
    media_type: str
    url: str


@dataclass(frozen=True, slots=True)
class Outside:
    """What may be reached outside: addresses that begin with one of ``allowed``."""

    allowed: tuple[str, ...]
    resolve: policy.Resolve | None = None

    def call(
        self, word: str, url: str, accept: str, body: bytes | None = None, kind: str = ""
    ) -> Answer:
        """What is answered: to a GET, or to the POST of a body.

        Raises:
            Forbidden: it leads where nothing may be reached.
            QueryError: there is no answer, none that is one, or too much of it.
        """
        from testimonia import outbound  # most queries call nobody

        headers = {"Accept": accept, **({"Content-Type": kind} if body is not None else {})}
        request = outbound.Request(url, headers, body, _SECONDS, MOST_BYTES)
        try:
            found = outbound.call(request, lambda each: self._number(word, each))
        except outbound.NoAnswer as error:
            raise QueryError(f"{word} gets no answer from {url}: {error}") from error
        if not found.is_success:
            raise QueryError(f"{word} of {url} is answered with {found.status}")
        if found.codings:
            raise QueryError(f"{word} of {url} is answered in a coding that nobody asked for")
        return Answer(found.body, found.media_type, found.url)

    def _number(self, word: str, url: str) -> str:
        return policy.checked_address(word, url, self.allowed, self.resolve)


def outside_of(reach: policy.Reach | None) -> Outside | None:
    """What a process may reach; ``None`` where that is nothing."""
    return Outside(reach.allowed) if reach is not None and reach.allowed else None


# ---------------------------------------------------------------------------------- services


@contextmanager
def relayed(text: str, outside: Outside | None) -> Iterator[str]:
    """A request, checked before, whose SERVICE clauses lead to a relay as long as the context is
    open; itself where it has none, or nothing may be reached.

    Raises:
        Forbidden: a clause is not found again in its tokens; or, as QueryError, what a call came to
            if evaluation fails for it.
    """
    addresses = _addresses(text, "SERVICE") if outside is not None else []
    if outside is None or not addresses:
        yield text
        return
    with _Relay(outside, [each.address for each in addresses]) as relay:
        edits = [
            (each.address_start, each.end, f"<{relay.address(number)}>")
            for number, each in enumerate(addresses)
        ]
        try:
            yield lexer.edited(text, edits)
        except (OSError, RuntimeError) as error:
            if relay.failed is None:
                raise
            raise relay.taken() from error  # the relay's own address tells nobody anything


class _Relay:
    """Listens on loopback, at paths that nobody else can know, for this process alone."""

    def __init__(self, outside: Outside, services: Sequence[str]) -> None:
        self.failed: QueryError | Forbidden | None = None
        self._secret = secrets.token_urlsafe(24)
        known = {f"/{self._secret}/{number}": each for number, each in enumerate(services)}

        relay = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                """Hand a query on."""
                url = known.get(self.path)
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                if url is None:
                    self.send_error(HTTPStatus.NOT_FOUND)
                    return
                accept, kind = self.headers.get("Accept", "*/*"), self.headers["Content-Type"]
                try:
                    answer = outside.call("SERVICE", url, accept, body, kind)
                except (QueryError, Forbidden) as error:
                    relay.failed = error
                    self.send_response(HTTPStatus.BAD_GATEWAY)
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                self.send_response(HTTPStatus.OK)
                self.send_header("Content-Type", answer.media_type)
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                self.wfile.write(answer.body)

            def log_message(self, format: str, *args: object) -> None:
                """Nothing: a worker has no log."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def address(self, number: int) -> str:
        """Where the service of this number is called."""
        return f"http://127.0.0.1:{self._server.server_port}/{self._secret}/{number}"

    def taken(self) -> Exception:
        """What went wrong, once. Kept here it would hold itself by its own traceback, and results
        with it, until a collection that any thread may do; the store's can be let go of only in
        the thread that asked for them."""
        failed, self.failed = self.failed, None
        return failed or LookupError("nothing has failed")

    def __enter__(self) -> _Relay:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


# ------------------------------------------------------------------------------------- loads


def loaded(text: str, outside: Outside | None) -> str:
    """An update, checked before, in which what each LOAD would fetch stands instead.

    Raises:
        Forbidden, QueryError: it cannot be fetched, or is no RDF, and the LOAD is not SILENT.
    """
    if outside is None:
        return text
    edits = []
    for load in _addresses(text, "LOAD"):
        # LOAD [SILENT] <address> [INTO GRAPH name]
        end, target = load.end, ""
        after = list(islice((each for each in lexer.tokens(text) if each.start >= end), 3))
        if len(after) == 3 and after[0].is_word("INTO") and after[1].is_word("GRAPH"):
            target, end = after[2].text, after[2].end
        try:
            triples = _triples(outside.call("LOAD", load.address, _RDF))
        except (Forbidden, QueryError):
            if not load.silent:
                raise
            triples = ""
        data = f"GRAPH {target} {{ {triples} }}" if target else triples
        edits.append((load.start, end, f"INSERT DATA {{ {data} }}"))
    return lexer.edited(text, edits)


def _triples(answer: Answer) -> str:
    format_ = RdfFormat.from_media_type(answer.media_type) or RdfFormat.from_extension(
        urlsplit(answer.url).path.rpartition(".")[2]
    )
    if format_ is None:
        raise QueryError(f"{answer.url} is {answer.media_type or 'of no type'}, which is no RDF")
    try:
        quads = list(parse(answer.body, format_, base_iri=answer.url, rename_blank_nodes=True))
    except (SyntaxError, ValueError) as error:
        raise QueryError(f"{answer.url} is no {format_.name}: {error}") from error
    if any(quad.graph_name != DefaultGraph() for quad in quads):
        raise QueryError(f"{answer.url} names graphs of its own; LOAD takes one graph")
    return " ".join(f"{quad.subject} {quad.predicate} {quad.object} ." for quad in quads)


# ------------------------------------------------------------------------------------ tokens


@dataclass(frozen=True, slots=True)
class _Clause:
    """``SERVICE`` or ``LOAD`` with its address; offsets are code points, ends exclusive."""

    start: int
    address_start: int
    end: int
    address: str
    silent: bool


def _addresses(text: str, word: str) -> list[_Clause]:
    """Each clause of this word.

    Raises:
        Forbidden: there are not as many as the request was checked for.
    """
    if word.lower() not in text.casefold():
        return []
    found, every = [], list(lexer.tokens(text))
    for index, token in enumerate(every):
        if not token.is_word(word):
            continue
        rest = every[index + 1 : index + 3]
        silent = bool(rest) and rest[0].is_word("SILENT")
        rest = rest[silent:]
        if rest and rest[0].kind == "iri":
            iri = rest[0]
            clause = _Clause(token.start, iri.start, iri.end, iri.text[1:-1], silent)
            found.append(clause)
    if len(found) != policy.clauses(text, word):
        raise Forbidden(f"{word} is written so that it cannot be followed; write it plainly")
    return found
