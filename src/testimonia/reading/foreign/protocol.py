"""The protocol's values: the question that a foreign reader is asked, the answer that it gives.

Names and values are those of ``testimonia read``'s output wherever it has them. Keys that are not
named here are refused, so that a misspelt one is not lost.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from testimonia.errors import ReadingError
from testimonia.identity import digest
from testimonia.model import Text

VERSION = 1
MOST = 20_000  # members of one list of an answer
_MOST_REASONS = 5
NARRATOR = "narrator"

_Certainty = Literal["certain", "probable", "possible", "underspecified"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Quote(_Part):
    """A stretch of text by its exact words.

    Which of several equal stretches is meant is told by one of ``start`` (code points into the
    text), ``context`` (longer words around it, which stand in the text once) or ``occurrence``
    (counted from 1, in the text or in the context).
    """

    quote: str = Field(min_length=1)
    start: int | None = Field(default=None, ge=0)
    context: str | None = Field(default=None, min_length=1)
    occurrence: int | None = Field(default=None, ge=1)


Stretch = Annotated[str, Field(min_length=1)] | Quote
Stretches = Annotated[list[Stretch], Field(max_length=MOST)]


class Entity(_Part):
    """One mention of an actor or a place; those of one ``cluster`` are the same one."""

    at: Stretch
    cluster: str = Field(min_length=1)
    type: Literal["person", "organization", "group", "place", "unknown"]
    mention: Literal["name", "nominal", "pronoun"]


class Time(_Part):
    """One time expression with its TIMEX3 value."""

    at: Stretch
    type: Literal["DATE", "TIME", "DURATION", "SET"]
    value: str = Field(min_length=1, max_length=100)
    basis: Literal["explicit", "anchored"] = "explicit"


class Participant(_Part):
    """Who has a part in an event; ``cluster`` where it is one of the entities."""

    role: Literal["agent", "patient", "recipient", "other"]
    at: Stretch
    cluster: str | None = None


class Event(_Part):
    """One trigger and what the clause says of its event."""

    at: Stretch
    event_class: Literal[
        "OCCURRENCE", "STATE", "REPORTING", "PERCEPTION", "ASPECTUAL", "I_ACTION", "I_STATE"
    ] = Field(default="OCCURRENCE", alias="class")
    type: str = "other"
    polarity: Literal["POS", "NEG"] = "POS"
    tense: Literal["PAST", "PRESENT", "FUTURE", "INFINITIVE", "PRESPART", "PASTPART", "NONE"] = (
        "NONE"
    )
    certainty: _Certainty = "certain"
    participants: list[Participant] = Field(default=[], max_length=MOST)
    place: str | None = None
    time: int | None = Field(default=None, ge=0)


class Attribution(_Part):
    """One utterance, belief or call: who, by which words, what."""

    source: Stretches = []
    cue: Stretches = []
    cue_lemma: str | None = None
    content: Annotated[list[Stretch], Field(min_length=1, max_length=MOST)]
    type: Literal["direct", "indirect", "mixed"] = "indirect"
    kind: Literal["communication", "attitude", "factive", "control"] = "communication"
    polarity: Literal["positive", "negative"] = "positive"
    certainty: _Certainty = "certain"
    attribution_certainty: _Certainty = "certain"
    speaker: str | None = None
    addressee: str | None = None
    nested_in: int | None = Field(default=None, ge=0)
    confidence: float = Field(default=1.0, ge=0, le=1)


class Answer(_Part):
    """All that a foreign reader found in one text."""

    attributions: list[Attribution] = Field(default=[], max_length=MOST)
    entities: list[Entity] = Field(default=[], max_length=MOST)
    timexes: list[Time] = Field(default=[], max_length=MOST)
    events: list[Event] = Field(default=[], max_length=MOST)


class Refused(ReadingError):
    """An answer that breaks the protocol; ``reasons`` say where and how."""

    def __init__(self, reasons: list[str]) -> None:
        self.reasons = reasons
        shown = "; ".join(reasons[:_MOST_REASONS])
        more = len(reasons) - _MOST_REASONS
        super().__init__(shown + (f"; and {more} more" if more > 0 else ""))


def question(text: Text, reasons: list[str]) -> dict[str, Any]:
    """What a foreign reader is asked; ``reasons`` are why its answer before was refused."""
    day = text.metadata.document_date
    asked: dict[str, Any] = {
        "protocol": f"testimonia-reading/{VERSION}",
        "text": text.content,
        "dct": day.isoformat() if day else None,
        "schema": schema(),
    }
    return {**asked, "refused": reasons[:_MOST_REASONS]} if reasons else asked


def answer(raw: str) -> Answer:
    """The answer that a foreign reader's words are.

    Raises:
        Refused: they are no JSON object of the protocol.
    """
    try:
        return Answer.model_validate_json(raw)
    except ValidationError as error:
        raise Refused([_reason(each) for each in error.errors(include_url=False)]) from None


def _reason(error: Any) -> str:
    where = ".".join(str(each) for each in error["loc"]) or "the answer"
    return f"{where}: {error['msg']}"


@cache
def schema() -> dict[str, Any]:
    """The answer's JSON Schema (2020-12)."""
    return Answer.model_json_schema()


@cache
def instructions() -> str:
    """What a language model is told, before it is given the text."""
    return (files("testimonia.reading") / "data" / "foreign_reader.md").read_text("utf-8")


@cache
def protocol_digest() -> str:
    """Changes with the schema and the instructions, on which an answer depends."""
    return digest("foreign", json.dumps(schema(), sort_keys=True), instructions())[:10]
