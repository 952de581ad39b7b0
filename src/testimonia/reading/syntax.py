"""A parsed text as plain values: tokens with their dependencies, sentences, named entities.

What the rules of this package read; no library's objects in it, so that rules can be tested on
hand-made parses and any pipeline can stand behind ``pipeline.py``. Dependency labels are those
of spaCy's English models (ClearNLP / CLEAR style), tags the Penn Treebank's.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from testimonia.model import Span
from testimonia.reading.mails import QuotedMail


class Token(NamedTuple):
    """One token; ``i`` and ``head`` are indices into the parse (its own for a root)."""

    i: int
    start: int
    end: int
    text: str
    lower: str
    lemma: str
    pos: str
    tag: str
    dep: str
    head: int
    sentence: int
    entity: int  # index into Parse.entities, -1 outside any


class NamedEntity(NamedTuple):
    """What the tagger marked: tokens ``first`` to ``last`` (exclusive) and its label."""

    first: int
    last: int
    label: str


@dataclass(frozen=True)
class Parse:
    """A whole text, parsed. Token ranges are half open, as spans are.

    ``text`` is as long as the text that was given; the marks before lines of quoted mail are white
    space in it.
    """

    text: str
    tokens: tuple[Token, ...]
    sentences: tuple[tuple[int, int], ...]
    entities: tuple[NamedEntity, ...] = ()
    mails: tuple[QuotedMail, ...] = ()
    _starts: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_starts", tuple(token.start for token in self.tokens))

    @cached_property
    def children(self) -> tuple[tuple[int, ...], ...]:
        """Per token, the indices of its dependents in textual order."""
        below: list[list[int]] = [[] for _ in self.tokens]
        for token in self.tokens:
            if token.head != token.i:
                below[token.head].append(token.i)
        return tuple(map(tuple, below))

    @cached_property
    def _below(self) -> tuple[tuple[Token, ...], ...]:
        """``children`` as tokens: rules ask for them some five thousand times a document."""
        return tuple(tuple(self.tokens[i] for i in indices) for indices in self.children)

    @cached_property
    def edges(self) -> tuple[tuple[int, int], ...]:
        """Per token, first and last (exclusive) token of its subtree."""
        left = list(range(len(self.tokens)))
        right = [index + 1 for index in left]
        for index in self._bottom_up():
            head = self.tokens[index].head
            if head != index:
                left[head] = min(left[head], left[index])
                right[head] = max(right[head], right[index])
        return tuple(zip(left, right, strict=True))

    def _bottom_up(self) -> Iterator[int]:
        """Token indices, every token before its head (an iterative walk: parses may be deep)."""
        waiting = [len(below) for below in self.children]
        ready = [index for index, number in enumerate(waiting) if not number]
        while ready:
            index = ready.pop()
            yield index
            head = self.tokens[index].head
            if head != index:
                waiting[head] -= 1
                if not waiting[head]:
                    ready.append(head)

    def head(self, token: Token) -> Token:
        """The token that governs this one (itself for a root)."""
        return self.tokens[token.head]

    def dependents(self, token: Token, *labels: str) -> list[Token]:
        """The direct dependents, of these labels where any are given, in textual order."""
        below = self._below[token.i]
        return [child for child in below if child.dep in labels] if labels else list(below)

    def dependent(self, token: Token, *labels: str) -> Token | None:
        """The first dependent with one of these labels."""
        for child in self._below[token.i]:
            if not labels or child.dep in labels:
                return child
        return None

    def ancestors(self, token: Token) -> Iterator[Token]:
        """From the head upwards to the root."""
        while token.head != token.i:
            token = self.tokens[token.head]
            yield token

    def subtree(self, token: Token, *, without: frozenset[int] = frozenset()) -> list[int]:
        """Sorted indices of the token and all below it, but for the subtrees in ``without``."""
        found: list[int] = []
        stack = [token.i]
        while stack:
            index = stack.pop()
            if index in without:
                continue
            found.append(index)
            stack.extend(self.children[index])
        return sorted(found)

    def span(self, first: int, last: int) -> Span:
        """The span of tokens ``first`` to ``last`` (exclusive)."""
        return Span(self.tokens[first].start, self.tokens[last - 1].end)

    def spans(self, indices: list[int]) -> tuple[Span, ...]:
        """The spans of these tokens (sorted), neighbours joined."""
        runs: list[list[int]] = []
        for index in indices:
            if runs and runs[-1][1] == index:
                runs[-1][1] = index + 1
            else:
                runs.append([index, index + 1])
        return tuple(self.span(first, last) for first, last in runs)

    def at(self, offset: int) -> int:
        """Index of the last token that starts at or before this code point (0 before the first)."""
        return max(0, bisect_right(self._starts, offset) - 1)

    def within(self, span: Span) -> range:
        """Indices of the tokens that overlap the span."""
        first = self.at(span.start)
        if first < len(self.tokens) and self.tokens[first].end <= span.start:
            first += 1
        last = first
        while last < len(self.tokens) and self.tokens[last].start < span.end:
            last += 1
        return range(first, last)

    def sentence_of(self, token: Token) -> range:
        """Indices of the tokens of the sentence that the token stands in."""
        return range(*self.sentences[token.sentence])
