"""What the API tells of decisions, and what it takes."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Words(_Model):
    """A stretch of a text with its words."""

    words: str
    span: tuple[int, int] = Field(description="Code points, end exclusive")
    textHash: str = Field(description="SHA-256 of the frozen text")  # noqa: N815


class Withdrawn(_Model):
    """Who took a decision back."""

    by: str
    when: str
    why: str


class EffectOf(_Model):
    """What a decision does in one document as it is read now."""

    document: str
    name: str
    standing: str = Field(description="applied, agreed, superseded or none")
    told: str
    things: list[str] = Field(description="Paths of what it rules")


class DecisionShown(Words):
    """A decision with its effects."""

    id: str
    iri: str
    kind: str = Field(description="merge, split, confirm, reject or correct")
    what: str = Field(description="statement, mention, time, account or relation")
    other: Words | None
    field: str | None
    value: Any
    document: str | None = Field(description="The one document that it holds for")
    by: str
    when: str
    why: str
    withdrawn: Withdrawn | None
    effects: list[EffectOf]
    idle: str | None = Field(description="Why it has no effect now")


class DecisionList(_Model):
    """A page of decisions, in the order in which they were made."""

    total: int
    next: int | None = Field(description="The value of after for the next page")
    items: list[DecisionShown]


class DecisionsMade(_Model):
    """Decisions that were recorded, and the job that carries them out."""

    job: str | None
    items: list[DecisionShown]


class Holder(_Model):
    """A document."""

    document: str
    name: str


class OtherSide(_Model):
    """The other of two things that a question is about."""

    thing: str
    words: str
    span: tuple[int, int]
    document: str
    name: str


class QuestionShown(_Model):
    """Something that a decision would settle; score is doubt times dependents."""

    thing: str
    what: str
    words: str
    span: tuple[int, int]
    confidence: float
    dependents: int
    score: float
    documents: list[Holder]
    asked: str | None = Field(
        description="Of two things: same, Corroborates, Contradicts, Repeats or RespondsTo"
    )
    holds: bool = Field(description="Whether it was taken to be so")
    because: list[str]
    other: OtherSide | None


class Queue(_Model):
    """What decisions would settle most, the most first."""

    items: list[QuestionShown]


class ThingShown(Words):
    """Something to decide on, as it stands, with the decisions that rule it."""

    thing: str
    what: str
    document: str
    name: str
    canonical: str | None
    fields: list[str] = Field(description="What can be corrected of it")
    stands: dict[str, Any]
    decisions: list[DecisionShown]
