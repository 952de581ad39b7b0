"""A store elsewhere as the indexes of names read one (:mod:`testimonia.store.naming`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pyoxigraph import DefaultGraph, NamedNode, Quad

from testimonia.rdf import from_oxigraph, to_quads
from testimonia.store import READING_VIEW
from testimonia.terms import iri

if TYPE_CHECKING:
    from pyoxigraph import BlankNode

    from testimonia.store.remote.view import RemoteView


class Quads:
    """Finds quads in a store elsewhere, one request for each pattern; those of one subject come
    together."""

    def __init__(self, view: RemoteView) -> None:
        self._view = view

    def quads_for_pattern(
        self,
        subject: NamedNode | None,
        predicate: NamedNode | None,
        object_: NamedNode | None,
        graph: NamedNode | DefaultGraph,
    ) -> Iterator[Quad]:
        """The quads that fit; ``None`` fits everything."""
        given = (subject, predicate, object_)
        known = [None if term is None else from_oxigraph(term) for term in given]
        name = graph.value if isinstance(graph, NamedNode) else READING_VIEW
        names = ("?s", "?p", "?o")
        pattern = " ".join(term or name for term, name in zip(known, names, strict=True))
        s, p, o = known
        found = self._view.located(self._view.inside(name, pattern), (s, p, o), graph=name)
        for _, triple in sorted(found):
            yield from to_quads([triple], iri(name) if name else None)

    def named_graphs(self) -> Iterator[NamedNode | BlankNode]:
        """The names of all graphs."""
        return map(NamedNode, self._view.graphs())
