"""What WordNet knows of nouns: the kinds of thing that their senses name.

``nouns_wordnet.csv`` is derived by ``benchmarks/quality/derive_wordnet.py``, from WordNet alone: it
says the same of a noun that no annotated document has.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

_OFTEN = frozenset({"half", "most", "all"})
_MOSTLY = frozenset({"most", "all"})


def wordnet_evidence(lemma: str) -> Iterator[str]:
    """The names of the features that hold of a noun: what its first sense is, and how many of its
    senses name happenings and states."""
    known = _nouns().get(lemma)
    if known is None:
        yield "wordnet=unknown"
        return
    first, happening, state, _ = known
    yield f"wordnet={first}"
    yield f"happening={happening}"
    yield f"state={state}"


def often_happening(lemma: str) -> bool:
    """Whether more than a quarter of a noun's senses, by their use, name happenings."""
    known = _nouns().get(lemma)
    return known is not None and known[1] in _OFTEN


def first_sense(lemma: str) -> str | None:
    """The kind of thing that a noun's usual sense names ("person", "act"); ``None`` if unknown."""
    known = _nouns().get(lemma)
    return known[0] if known is not None else None


def may_be_somebody(lemma: str) -> bool:
    """Whether a noun may name people, or a place that stands for them; nouns unknown may.

    One that mostly names happenings does not ("rally", "march").
    """
    known = _nouns().get(lemma)
    return known is None or (known[3] == "yes" and known[1] not in _MOSTLY)


@cache
def _nouns() -> Mapping[str, tuple[str, str, str, str]]:
    text = (files("testimonia.reading") / "data" / "nouns_wordnet.csv").read_text("utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return {
        lemma: (first, happening, state, speaks)
        for lemma, first, happening, state, speaks in csv.reader(lines)
    }
