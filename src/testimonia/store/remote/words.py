"""Keeps the full-text index in step with a reading view that is elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from testimonia.fulltext import Index, Words
from testimonia.store import READING_VIEW
from testimonia.store.changes import parts_of
from testimonia.store.checkpoints import Checkpoints
from testimonia.store.reading_view import ViewChange
from testimonia.store.remote.view import RemoteView
from testimonia.store.words import WHOLE_TEXT, words_of_literal, words_of_term
from testimonia.terms import Graph, Term, is_iri, literal

# So much of literals is named in one request.
_LITERALS: Final = 100
_BYTES: Final = 50_000


class RemoteWords:
    """The index of one store, for its writer, who tells of every change of the reading view.

    Raises:
        StoreError: the index can be neither opened nor made.
    """

    def __init__(self, directory: Path, view: RemoteView, checkpoints: Checkpoints) -> None:
        self._view = view
        self._checkpoints = checkpoints
        self._index = Index(directory)
        newest = checkpoints.generation()
        # Otherwise nobody knows what has changed since.
        self._in_step = not checkpoints.pending() and self._index.generation == newest
        self._come: set[Words] = set()
        self._doubtful: set[Words] = set()

    def changed(self, change: ViewChange) -> None:
        """Triples come into the reading view, and leave it. What comes is there; whether what
        leaves stands elsewhere still is asked once, when it matters."""
        come, gone = _words(change.add), _words(change.remove)
        self._come = (self._come - gone) | come
        self._doubtful = (self._doubtful | gone) - come

    def forget(self) -> None:
        """Nobody knows what has changed: all is indexed anew with the next publication."""
        self._in_step = False

    def publish(self) -> None:
        """Get ready for the next publication, of the store as it is now.

        Raises:
            StoreError: the disk refused, or the store cannot be reached.
        """
        following = self._checkpoints.generation() + 1
        if self._in_step:
            there = self._shown() if self._doubtful else set()
            oldest = self._checkpoints.oldest_generation()
            self._index.update(self._come | there, self._doubtful - there, following, oldest)
        else:
            self._index.fill(self._all(), following)
            self._in_step = True
        self._come.clear()
        self._doubtful.clear()

    def close(self) -> None:
        """Let go of the index."""
        self._index.close()

    def _shown(self) -> set[Words]:
        """Which of the doubtful the reading view still has."""
        terms = sorted(literal(each.value, language=each.language) for each in self._doubtful)
        pattern = self._view.inside(READING_VIEW, f"?s ?p ?o FILTER (?p != <{WHOLE_TEXT}>)")
        found: set[Words] = set()
        for part in parts_of([("", ("", "", term)) for term in terms], _LITERALS, _BYTES):
            values = " ".join(located[1][2] for located in part)
            rows = self._view.rows(f"SELECT DISTINCT ?o {{ VALUES ?o {{ {values} }} {pattern} }}")
            found.update(words for row in rows if row[0] and (words := words_of_term(row[0])))
        return found & self._doubtful

    def _all(self) -> Iterator[Words]:
        from pyoxigraph import Literal

        for quad in self._view.raw_quads(READING_VIEW):
            if isinstance(quad.object, Literal) and quad.predicate.value != WHOLE_TEXT:
                words = words_of_literal(quad.object)
                if words is not None:
                    yield words


def _words(triples: Graph) -> set[Words]:
    return {
        words
        for _, predicate, term in triples
        if predicate != f"<{WHOLE_TEXT}>" and (words := _of(term))
    }


def _of(term: Term) -> Words | None:
    return None if is_iri(term) else words_of_term(term)
