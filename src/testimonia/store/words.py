"""Keeps the full-text index in step with the reading view: see :mod:`testimonia.fulltext`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from pyoxigraph import DefaultGraph, Literal, Store

from testimonia.fulltext import Index, Words
from testimonia.rdf import literal_parts
from testimonia.store.checkpoints import Checkpoints
from testimonia.terms import XSD, Term, Triple, iri_of, is_iri
from testimonia.vocabulary import NIF

# A document's whole text is no answer to a question, and it may be under restrictions.
WHOLE_TEXT: Final = iri_of(NIF.isString)
_PLAIN: Final = f"{XSD}string"


class IndexedWords:
    """The index of one open store. Its writer tells it of every change, and of each checkpoint
    before that is published.

    Raises:
        StoreError: the index can be neither opened nor made.
    """

    def __init__(self, directory: Path, store: Store, checkpoints: Checkpoints) -> None:
        self._store = store
        self._checkpoints = checkpoints
        self._index = Index(directory)
        newest = checkpoints.generation()
        # Otherwise nobody knows what has changed since.
        self._in_step = not checkpoints.pending() and self._index.generation == newest
        self._touched: set[Words] = set()
        self._come: set[Words] = set()

    def note(self, changed: Iterable[Triple]) -> None:
        """Triples have come into the reading view, or left it."""
        self._touched.update(
            words for _, _, term in changed if not is_iri(term) and (words := words_of_term(term))
        )

    def note_new(self, come: Iterable[Words]) -> None:
        """These have come into the reading view, and nothing has left it."""
        self._come.update(come)

    def forget(self) -> None:
        """Nobody knows what has changed: all is indexed anew with the next checkpoint."""
        self._in_step = False

    def publish(self) -> None:
        """Get ready for the checkpoint that will be published next, of the store as it is now.

        Raises:
            StoreError: the disk refused.
        """
        following = self._checkpoints.generation() + 1
        if self._in_step:
            there = {words for words in self._touched if self._shown(words)}
            gone = self._touched - there
            oldest = self._checkpoints.oldest_generation()
            self._index.update(there | self._come - gone, gone, following, oldest)
        else:
            self._index.fill(self._all(), following)
            self._in_step = True
        self._touched.clear()
        self._come.clear()

    def close(self) -> None:
        """Let go of the index."""
        self._index.close()

    def _shown(self, words: Words) -> bool:
        literal = as_literal(words)
        quads = self._store.quads_for_pattern(None, None, literal, DefaultGraph())
        return any(quad.predicate.value != WHOLE_TEXT for quad in quads)

    def _all(self) -> Iterator[Words]:
        for quad in self._store.quads_for_pattern(None, None, None, DefaultGraph()):
            if isinstance(quad.object, Literal) and quad.predicate.value != WHOLE_TEXT:
                words = words_of_literal(quad.object)
                if words is not None:
                    yield words


def as_literal(words: Words) -> Literal:
    """The literal that the store has."""
    return Literal(words.value, language=words.language or None)


def words_of_term(term: Term) -> Words | None:
    """What is indexed of a literal; nothing of one with a datatype."""
    value, datatype, language = literal_parts(term)
    return None if datatype else Words(value, language or "")


def words_of_literal(literal: Literal) -> Words | None:
    """The same of pyoxigraph's."""
    language = literal.language or ""
    if not language and literal.datatype.value != _PLAIN:
        return None
    return Words(literal.value, language)
