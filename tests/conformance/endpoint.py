"""A SPARQL server as its clients know it: three addresses, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus

import httpx
import pyoxigraph
from pyoxigraph import DefaultGraph, Quad, QuerySolutions

from conformance.data import Sources, insertion

QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
SECONDS = 30

_EVERYTHING = "SELECT ?s ?p ?o ?g { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"


def is_understood(answer: httpx.Response) -> bool:
    """Whether a legal request was answered as such: 403 is the answer to one that is refused.

    So are those that name another service or file (``SERVICE``, ``LOAD``); 400 is for what breaks
    the grammar (SPARQL 1.1 Protocol, sections 2.1.7 and 2.2.5; RFC 9110, section 15.5.4).
    """
    return answer.is_success or answer.status_code == HTTPStatus.FORBIDDEN


@dataclass
class Endpoint:
    """One connection, kept open, to a server that lets anybody write."""

    query_url: str
    update_url: str
    store_url: str
    client: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=SECONDS))
    _held: Sources | None = None

    def query(self, query: str, accept: str) -> httpx.Response:
        """The answer to a query (SPARQL 1.1 Protocol, section 2.1.3)."""
        headers = {"Content-Type": QUERY, "Accept": accept}
        return self.client.post(self.query_url, content=query.encode(), headers=headers)

    def update(self, update: str) -> httpx.Response:
        """The answer to an update (section 2.2.2); what is held is known no more."""
        self._held = None
        headers = {"Content-Type": UPDATE}
        return self.client.post(self.update_url, content=update.encode(), headers=headers)

    def send(self, method: str, url: str, body: bytes, headers: dict[str, str]) -> httpx.Response:
        """The answer to any request; what is held is known no more."""
        self._held = None
        return self.client.request(method, url, content=body or None, headers=headers)

    def hold(self, sources: Sources) -> None:
        """Make this the whole content of the store, if it is not yet."""
        if sources != self._held:
            answer = self.update(insertion(sources))
            assert answer.is_success, f"{answer.status_code}: {answer.text}"
            self._held = sources

    def quads(self) -> list[Quad]:
        """The whole content of the store."""
        answer = self.query(_EVERYTHING, "application/sparql-results+json")
        assert answer.status_code == HTTPStatus.OK, answer.text
        rows = pyoxigraph.parse_query_results(
            answer.content, format=pyoxigraph.QueryResultsFormat.JSON
        )
        assert isinstance(rows, QuerySolutions)
        return [Quad(row["s"], row["p"], row["o"], row["g"] or DefaultGraph()) for row in rows]
