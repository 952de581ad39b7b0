"""Asks a store what it is, where its endpoints are, and what it can, before anything is written."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from urllib.parse import urljoin, urlsplit

import httpx

from testimonia.endpoints.address import Address
from testimonia.endpoints.client import Client, CutShort, Refused, credentials, shown
from testimonia.endpoints.kinds import KINDS, Kind
from testimonia.endpoints.target import Target
from testimonia.errors import ArchiveError, StoreError

_SECONDS: Final = 20.0
_PROBE: Final = "ASK { }"
# Where a store cuts results short it does so below this; asked of what it brings along.
_MANY: Final = 20_001
_CROSS: Final = f"SELECT ?a ?b ?c {{ GRAPH ?g {{ ?x a ?a . ?y a ?b . ?z a ?c }} }} LIMIT {_MANY}"


def detected(address: Address, view: str, marker: str) -> Target:
    """The store at an address. ``view`` is the graph for the reading view where the store's default
    graph cannot hold it, ``marker`` the one that says whose the store is.

    Raises:
        StoreError: it cannot be reached, or is no SPARQL endpoint.
    """
    kind = KINDS[address.kind] if address.kind else _kind(address)
    named = urlsplit(address.query).path not in ("", "/")
    for path in sorted(kind.query, key=bool) if named else kind.query:
        target = _target(address, kind, path, view, marker)
        if _answers(target):
            return replace(target, most_rows=_most_rows(target))
    raise ArchiveError(
        f"{shown(target)} answers no SPARQL query: name its query endpoint, and after # its kind"
        f" (one of {', '.join(KINDS)}), update= and graph-store= where they are elsewhere"
    )


def _kind(address: Address) -> Kind:
    """By what the server says of itself."""
    try:
        response = httpx.get(
            address.query,
            headers={"Accept": "text/turtle, */*;q=0.1"},
            timeout=_SECONDS,
            trust_env=False,
            **credentials(),
        )
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise StoreError(
            f"the store {address.written.partition('#')[0]} cannot be reached: {error}; is it"
            " running, and is the address right?"
        ) from error
    said = response.headers.get("server", "")
    for kind in KINDS.values():
        if any(said.startswith(each) for each in kind.server):
            return kind
    # GraphDB and Fuseki do not always name themselves; their paths do.
    if "/repositories/" in urlsplit(address.query).path:
        return KINDS["graphdb"]
    if "fuseki-request-id" in response.headers:
        return KINDS["fuseki"]
    return KINDS["generic"]


def _target(address: Address, kind: Kind, path: str, view: str, marker: str) -> Target:
    folder = address.query if address.query.endswith("/") else f"{address.query}/"
    query = urljoin(folder, path) if path else address.query
    # What stands beside the query endpoint, or below the address where that is a folder.
    beside = urljoin(address.query, ".") if query == address.query else folder
    if kind.name == "graphdb":
        beside = folder
    named = "" if kind.stored_view else view
    return Target(
        address.written,
        kind.name,
        query,
        address.update or (urljoin(beside, kind.update) if kind.update else query),
        address.graph_store or (urljoin(beside, kind.graph_store) if kind.graph_store else None),
        named,
        tuple(sorted({marker, *kind.own_graphs, *([named] if named else [])})),
    )


def _answers(target: Target) -> bool:
    with Client(target, _SECONDS) as client:
        try:
            return client.ask(_PROBE)
        except Refused:
            return False
        except StoreError as error:
            if "cannot be read" in str(error):  # a page for people
                return False
            raise


def _most_rows(target: Target) -> int:
    """Where results are cut short. A CONSTRUCT is cut without a word, so this is asked before."""
    if not target.kind.page:
        return 0
    with Client(target, _SECONDS) as client:
        try:
            with client.results(_CROSS):
                return 0
        except CutShort as cut:
            return next((int(word) for word in str(cut).split() if word.isdigit()), 0)
        except Refused:
            return 0
