"""The words of time: ``data/times.toml`` as an immutable value.

Every class of words has one character, its *symbol*, so that a tokenized text is a string of
symbols on which the grammar's patterns run.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

Entry = str | int  # what a form stands for: a number, a unit's letter, a TIMEX3 code

# Classes that the tokenizer tells from the shape of a token, beside those of the data.
SHAPES = (
    *("WORD", "CAP", "PLURAL", "BREAK", "JUNK", "N12", "N24", "N31", "N99", "N", "YS", "YW", "YO"),
    *(
        "DEC",
        "FRACTION",
        "ORD_DIGIT",
        "ISO",
        "STAMP",
        "SLASHED",
        "DOTTED",
        "YEAR_RANGE",
        "DAY_RANGE",
        "CLOCK",
    ),
    *("YEAR_MONTH", "DECADE", "SHORT_DECADE", "APOS_YEAR", "POSS", "HYPHEN", "DASH", "COMMA"),
    *("DOT", "LPAR", "RPAR", "SLASH", "CURRENCY", "MILITARY", "COMPACT", "FISCAL_YEAR"),
)
_FIRST_SYMBOL = 0xE000  # private use: no symbol has a meaning to ``re``


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Forms of one or more lower-case words, their classes and values."""

    symbols: Mapping[str, str]  # class → its character
    classes: Mapping[str, str]  # form → class
    values: Mapping[str, Entry]  # form → value, for classes that have values
    capital: frozenset[str]  # classes that need a capital letter
    several: Mapping[str, re.Pattern[str]]  # first word → the forms of several tokens it begins
    tense: Mapping[str, frozenset[str]]
    ahead: Mapping[str, frozenset[str]]  # words before a time that put it in the future
    moving: frozenset[str]  # verbs that give something another date
    given_names: frozenset[str]  # months that are given names too

    def symbol(self, name: str) -> str:
        """The character of class ``name``."""
        return self.symbols[name]


def _forms(data: Mapping[str, Any]) -> Iterator[tuple[str, str, Entry | None]]:
    for name, forms in data["classes"].items():
        yield from ((form, name, None) for form in forms)
    for name, entries in data["values"].items():
        yield from ((form, name, value) for form, value in entries.items())


def _several(forms: Iterator[str]) -> dict[str, re.Pattern[str]]:
    heads: dict[str, list[str]] = {}
    for form in forms:
        head = re.match(r"[^\W\d_]+", form)
        if head and head.end() < len(form):
            heads.setdefault(head.group(), []).append(form)
    return {head: _alternation(forms) for head, forms in heads.items()}


def _alternation(forms: list[str]) -> re.Pattern[str]:
    longest_first = sorted(forms, key=len, reverse=True)
    spaced = (r"\s{1,4}".join(map(re.escape, form.split(" "))) for form in longest_first)
    return re.compile(f"(?:{'|'.join(spaced)})(?!\\w)", re.IGNORECASE)


@cache
def lexicon() -> Lexicon:
    """The lexicon of time that comes with the package."""
    source = files("testimonia.reading") / "data" / "times.toml"
    data = tomllib.loads(source.read_text(encoding="utf-8"))
    entries = list(_forms(data))
    names = dict.fromkeys((*SHAPES, *data["classes"], *data["values"]))
    return Lexicon(
        symbols=MappingProxyType({n: chr(_FIRST_SYMBOL + i) for i, n in enumerate(names)}),
        classes=MappingProxyType({form: name for form, name, _ in entries}),
        values=MappingProxyType({form: v for form, _, v in entries if v is not None}),
        capital=frozenset(data["capital"]["classes"]),
        several=MappingProxyType(_several(form for form, _, _ in entries)),
        ahead=MappingProxyType({k: frozenset(v) for k, v in data["ahead"].items()}),
        moving=frozenset(data["moving"]["forms"]),
        given_names=frozenset(data["names"]["given"]),
        tense=MappingProxyType({k: frozenset(v) for k, v in data["tense"].items()}),
    )
