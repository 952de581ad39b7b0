"""What people decide about what was read: plain frozen values.

A decision is kept by the text that it is about (its SHA-256), a stretch of it and the words that
stood there, never by an IRI: so it is found again whatever a later reader makes of the text. It is
never deleted; whoever changes their mind withdraws it.

Offsets are Unicode code points into the frozen text, end exclusive.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from testimonia.identity import digest
from testimonia.model import Span


class Kind(StrEnum):
    """What is decided."""

    MERGE = "merge"  # two entities are one
    SPLIT = "split"  # two entities are not one
    CONFIRM = "confirm"  # it is as it was read
    REJECT = "reject"  # it is not so
    CORRECT = "correct"  # it is otherwise: ``field`` is ``value``


class What(StrEnum):
    """What it is decided of."""

    STATEMENT = "statement"  # by its content, and its cue
    MENTION = "mention"  # words that stand for an actor or a place
    TIME = "time"  # a time expression
    ACCOUNT = "account"  # an account of an event, by its trigger
    RELATION = "relation"  # between two statements


LINKING = frozenset({Kind.MERGE, Kind.SPLIT})
"""Kinds that are about entities of several documents."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A stretch of a text, and the words that stood there."""

    span: Span
    words: str

    def written(self) -> dict[str, Any]:
        """As JSON has it."""
        return {"span": [self.span.start, self.span.end], "words": self.words}

    @classmethod
    def read(cls, value: Mapping[str, Any]) -> Quote:
        """From JSON.

        Raises:
            ValueError: it is no quote.
        """
        try:
            start, end = value["span"]
            return cls(Span(int(start), int(end)), str(value["words"]))
        except (KeyError, TypeError) as error:
            raise ValueError(f"not a quote: {value!r}") from error


@dataclass(frozen=True, slots=True)
class Target:
    """The words that a decision is about.

    ``quote`` is a mention, a trigger, a time expression, or the whole stretch of a statement's
    content; ``cue`` a statement's cue. ``source`` is who published the text (a document's
    ``Metadata.identity``): a later text from there is a revision of it, and empty where it is not
    known.
    """

    text_hash: str
    quote: Quote
    cue: Quote | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Who took a decision back, when (ISO 8601, UTC) and why."""

    by: str
    when: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision. ``number`` counts them in the order in which they were made: where two
    contradict each other the later one rules.

    ``field`` and ``value`` (JSON) are what a correction says; ``stands`` (JSON) is the statement,
    mention, time or account as it stood when it was decided on. ``scope`` is the id of the one
    document that it holds for, ``None`` for all of the text. ``when`` is ISO 8601 in UTC.
    """

    id: str
    number: int
    kind: Kind
    what: What
    target: Target
    by: str
    when: str
    why: str = ""
    other: Target | None = None
    field: str = ""
    value: str = "null"
    stands: str = "null"
    scope: str | None = None
    withdrawn: Withdrawal | None = None

    @property
    def targets(self) -> tuple[Target, ...]:
        """Both sides of a merge, a split or a relation; else the one."""
        return (self.target,) if self.other is None else (self.target, self.other)

    @property
    def given(self) -> Any:
        """The value of a correction."""
        return json.loads(self.value)

    @property
    def stood(self) -> dict[str, Any]:
        """What was decided on, as it stood."""
        found = json.loads(self.stands)
        return found if isinstance(found, dict) else {}


class Standing(StrEnum):
    """What a decision does in one document as it is read now."""

    APPLIED = "applied"  # it changes what was read
    AGREED = "agreed"  # what was read is what was decided
    SUPERSEDED = "superseded"  # a later decision rules
    NONE = "none"  # it finds nothing to rule: the reason says why

    @property
    def rules(self) -> bool:
        """Whether things of the document are as it says."""
        return self in (Standing.APPLIED, Standing.AGREED)


@dataclass(frozen=True, slots=True)
class Effect:
    """What one decision does in one document: in words, and on which things.

    ``statements`` are positions in the ``Reading`` that the decisions gave, ``keys`` local keys
    in it.
    """

    decision: str
    standing: Standing
    told: str
    statements: tuple[int, ...] = ()
    keys: tuple[str, ...] = ()


def decision_id(number: int, kind: Kind, target: Target, when: str) -> str:
    """The end of a decision's IRI."""
    span = target.quote.span
    fields = (str(number), kind, target.text_hash, str(span.start), str(span.end), when)
    return digest("decision", *fields)


def decisions_digest(decisions: Iterable[Decision]) -> str:
    """What tells one set of decisions from another, as far as a graph follows from them; empty for
    none."""
    told = [
        json.dumps(
            [
                *(each.id, each.number, each.kind, each.what, each.field, each.value, each.stands),
                *(repr(target) for target in each.targets),
            ]
        )
        for each in sorted(decisions, key=lambda each: each.number)
    ]
    return digest("decisions", *told) if told else ""
