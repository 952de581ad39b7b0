"""Attributions as words, for short tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from testimonia.model import words
from testimonia.reading.attribution import Attribution, candidates, context_of, find_attributions
from testimonia.reading.attribution.spans import to_spans
from testimonia.reading.syntax import Parse


@dataclass(frozen=True)
class Told:
    """One attribution or candidate in words."""

    source: str
    cue: str
    content: str
    construction: str
    lemma: str | None


@pytest.fixture
def found(parse: Callable[[str], Parse]) -> Callable[[str], list[tuple[Told, Attribution]]]:
    """What ``find_attributions`` gives for a text."""

    def find(text: str) -> list[tuple[Told, Attribution]]:
        return [(told(a, text), a) for a in find_attributions(parse(text))]

    return find


@pytest.fixture
def proposed(parse: Callable[[str], Parse]) -> Callable[[str], list[Told]]:
    """What the constructions propose for a text, before selection."""

    def propose(text: str) -> list[Told]:
        parsed = parse(text)
        return [
            Told(
                words(to_spans(parsed, c.source), text),
                words(to_spans(parsed, c.cue), text),
                words(to_spans(parsed, c.content), text),
                c.construction,
                c.lemma,
            )
            for c in candidates(context_of(parsed))
        ]

    return propose


def told(attribution: Attribution, text: str) -> Told:
    """The attribution's spans as words."""
    return Told(
        words(attribution.source, text),
        words(attribution.cue, text),
        words(attribution.content, text),
        attribution.construction,
        attribution.cue_lemma,
    )
