"""Whose a remote store is: an archive marks it with its id, and takes none with other things."""

from __future__ import annotations

from typing import Final

from testimonia.endpoints.client import Client, shown
from testimonia.endpoints.target import Target
from testimonia.errors import ArchiveError
from testimonia.iris import Iris
from testimonia.store.remote.view import RemoteView
from testimonia.terms import iri, literal, words_of
from testimonia.vocabulary import DCTERMS

_SHOWN: Final = 3


def view_graph(iris: Iris) -> str:
    """The graph of the reading view where the default graph cannot hold it."""
    return f"{iris.base_iri}graph/view"


def marker_graph(iris: Iris) -> str:
    """The graph that says whose the store is."""
    return f"{iris.base_iri}graph/store"


def claim(target: Target, iris: Iris, archive: str) -> bool:
    """Make the store the archive's with this id. Returns whether it was that already.

    Raises:
        ArchiveError: it has another archive, or something else.
        StoreError: it cannot be reached, or refuses to be written.
    """
    marker = iri(marker_graph(iris))
    with Client(target) as client:
        view = RemoteView(client, iris)
        asked = f"SELECT ?o {{ GRAPH {marker} {{ ?s {DCTERMS.identifier} ?o }} }}"
        owners = [words_of(row[0]) for row in view.rows(asked) if row[0]]
        if owners == [archive]:
            return True
        if owners:
            raise ArchiveError(
                f"{shown(target)} has the graph of another archive under {iris.base_iri}: name"
                " another store, or take that one out of it first"
            )
        _require_empty(view, target)
        client.update(
            f"INSERT DATA {{ GRAPH {marker}"
            f" {{ {iri(iris.base_iri)} {DCTERMS.identifier} {literal(archive)} }} }}"
        )
    return False


def _require_empty(view: RemoteView, target: Target) -> None:
    graphs = view.graphs()
    if graphs:
        names = ", ".join(f"<{each}>" for each in graphs[:_SHOWN])
        more = f" and {len(graphs) - _SHOWN:,} more" if len(graphs) > _SHOWN else ""
        raise ArchiveError(
            f"{shown(target)} holds something else ({names}{more}): an archive needs a store (a"
            " dataset, a repository) of its own, since whatever is there would be part of its graph"
        )
    if not target.view and view.count(""):
        raise ArchiveError(
            f"{shown(target)} holds something else in its default graph: an archive needs a store"
            " (a dataset, a repository) of its own"
        )
