"""What place reading hands on."""

from __future__ import annotations

from dataclasses import dataclass

from testimonia.model import GazetteerEntry, Span


@dataclass(frozen=True, slots=True)
class ToponymCandidate:
    """A stretch of text taken for a place's name.

    ``label`` is the tagger's, ``""`` if only the gazetteer has it; ``name`` is what to look up
    ("Elm County" where the text says "Elm and Oak counties"; empty: the words themselves);
    ``confidence`` (0..1) that it names a place at all.
    """

    span: Span
    label: str
    demonym: bool = False
    name: str = ""
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Resolution:
    """Which place a candidate denotes; ``entry`` is ``None`` where the evidence is weak."""

    entry: GazetteerEntry | None
    confidence: float


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """One mention of a place.

    ``span`` is in code points, end exclusive, ``name`` its words without a leading "the",
    ``confidence`` (0..1) that the mention names this place; ``demonym`` marks "Turkish" and
    "Turks", which name a country by its people; ``political`` a country, state or city, which can
    act, as against a river or a region.
    """

    span: Span
    name: str
    entry: GazetteerEntry | None
    confidence: float
    demonym: bool
    political: bool
