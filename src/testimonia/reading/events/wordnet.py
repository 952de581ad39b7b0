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


def wordnet_evidence(lemma: str) -> Iterator[str]:
    """The names of the features that hold of a noun: what its first sense is, and how many of its
    senses name happenings and states."""
    known = _nouns().get(lemma)
    if known is None:
        yield "wordnet=unknown"
        return
    first, happening, state = known
    yield f"wordnet={first}"
    yield f"happening={happening}"
    yield f"state={state}"


def often_happening(lemma: str) -> bool:
    """Whether more than a quarter of a noun's senses, by their use, name happenings."""
    known = _nouns().get(lemma)
    return known is not None and known[1] in _OFTEN


@cache
def _nouns() -> Mapping[str, tuple[str, str, str]]:
    text = (files("testimonia.reading") / "data" / "nouns_wordnet.csv").read_text("utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return {
        lemma: (first, happening, state) for lemma, first, happening, state in csv.reader(lines)
    }
