"""The rules of ``data/times-rules.toml``, compiled to patterns over symbols, and their search.

The search tries at each place only the rules that can begin with its symbol. No rule
repeats without bound, so each place costs a bounded amount of work, and a text what its length is.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from operator import itemgetter
from types import MappingProxyType
from typing import Any

from testimonia.reading.times.lexicon import lexicon
from testimonia.reading.times.tokens import Tokens

_NAME = re.compile(r"(?<!\?)\b[A-Z][A-Z0-9_]*\b")
_GROUP = re.compile(r"\?P<(\w+)>")


@dataclass(frozen=True, slots=True)
class Rule:
    """A construction: its pattern over symbols and the action that gives it a value."""

    name: str
    action: str
    pattern: re.Pattern[str]
    weak: bool  # needs evidence from around it, which its action looks for
    example: str
    value: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A rule's match: tokens ``first`` up to ``end``, and the words of the pattern's groups."""

    rule: Rule
    tokens: Tokens
    first: int
    end: int
    fields: Mapping[str, tuple[str, ...]]

    @property
    def start_offset(self) -> int:
        """Where it begins in the text."""
        return self.tokens.starts[self.first]

    @property
    def end_offset(self) -> int:
        """Where it ends in the text, exclusive."""
        return self.tokens.ends[self.end - 1]


def _expand(pattern: str, macros: Mapping[str, str]) -> str:
    symbols = lexicon().symbols

    def name(found: re.Match[str]) -> str:
        word = found.group()
        return symbols[word] if word in symbols else f"(?:{_expand(macros[word], macros)})"

    return _NAME.sub(name, pattern)


def _distinct_groups(pattern: str) -> str:
    """Names a group's second occurrence ``day__2``: ``re`` allows each name once."""
    seen: dict[str, int] = {}

    def name(found: re.Match[str]) -> str:
        group = found.group(1)
        seen[group] = seen.get(group, 0) + 1
        return f"?P<{group}__{seen[group]}>"

    return _GROUP.sub(name, pattern)


def _rule(entry: Mapping[str, Any], macros: Mapping[str, str]) -> Rule:
    source = _distinct_groups("".join(_expand(entry["pattern"], macros).split()))
    return Rule(
        name=entry["name"],
        action=entry["action"],
        pattern=re.compile(source),
        weak=entry.get("weak", False),
        example=entry["example"],
        value=entry["value"],
    )


@cache
def rules() -> tuple[Rule, ...]:
    """The grammar that comes with the package, in order of preference."""
    source = files("testimonia.reading") / "data" / "times-rules.toml"
    data = tomllib.loads(source.read_text(encoding="utf-8"))
    return tuple(_rule(entry, data["macros"]) for entry in data["rule"])


@cache
def _by_first_symbol() -> Mapping[str, tuple[Rule, ...]]:
    """For each symbol the rules that can begin with it: most places have few to try."""
    table: dict[str, list[Rule]] = {}
    for rule in rules():
        for symbol in first_symbols(rule.pattern.pattern):
            table.setdefault(symbol, []).append(rule)
    return MappingProxyType({symbol: tuple(found) for symbol, found in table.items()})


@cache
def _beginnings() -> re.Pattern[str]:
    return re.compile(f"[{''.join(_by_first_symbol())}]")


def search(tokens: Tokens, accept: Callable[[Candidate], bool]) -> None:
    """Offers every match to ``accept``, left to right, the longest first at each place.

    After a match is accepted the search goes on behind it: accepted matches never overlap.
    """
    begins, place = _beginnings(), 0
    while found := begins.search(tokens.symbols, place):
        candidates = _candidates(tokens, found.start(), _by_first_symbol()[found.group()])
        taken = next((c for c in candidates if accept(c)), None)
        place = taken.end if taken else found.start() + 1


def _candidates(tokens: Tokens, first: int, possible: tuple[Rule, ...]) -> Iterator[Candidate]:
    symbols = tokens.symbols
    matches = [
        (match.end(), rule, match)
        for rule in possible
        if (match := rule.pattern.match(symbols, first)) and match.end() > first
    ]
    matches.sort(key=itemgetter(0), reverse=True)  # stable: of the same length the first rule wins
    for end, rule, match in matches:
        yield Candidate(rule, tokens, first, end, _fields(tokens, match))


def _fields(tokens: Tokens, match: re.Match[str]) -> dict[str, tuple[str, ...]]:
    return {
        name.partition("__")[0]: tokens.words(*match.span(name))
        for name, value in match.groupdict().items()
        if value
    }


# ------------------------------------------------------------------- first symbols of a pattern


def first_symbols(pattern: str) -> frozenset[str]:
    """The symbols that a match of ``pattern`` can begin with."""
    found, _, _ = _alternatives(pattern, 0)
    return frozenset(found)


def _alternatives(pattern: str, place: int) -> tuple[set[str], bool, int]:
    """First symbols of the alternatives at ``place``, whether one may be empty, and their end."""
    found: set[str] = set()
    empty, so_far_empty = False, True
    while place < len(pattern) and pattern[place] != ")":
        if pattern[place] == "|":
            empty, so_far_empty, place = empty or so_far_empty, True, place + 1
            continue
        symbols, may_be_empty, place = _item(pattern, place)
        if so_far_empty:
            found |= symbols
        so_far_empty = so_far_empty and may_be_empty
    return found, empty or so_far_empty, place


def _item(pattern: str, place: int) -> tuple[set[str], bool, int]:
    """A symbol or a group with its ``?``; what looks around consumes nothing."""
    symbols, empty, end = {pattern[place]}, False, place + 1
    if opening := _OPENING.match(pattern, place):
        symbols, empty, end = _alternatives(pattern, opening.end())
        end += 1
        if opening.group("around"):
            symbols, empty = set(), True
    if pattern[end : end + 1] == "?":
        return symbols, True, end + 1
    return symbols, empty, end


_OPENING = re.compile(r"\(\?(?:P<\w+>|:|(?P<around><?[=!]))")
