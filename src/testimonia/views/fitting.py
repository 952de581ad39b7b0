"""Which values of two tellings fit together.

``True``: both can mean the same; ``False``: they exclude each other; ``None``: nothing tells.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import product

from testimonia.views.values import Moment, Quantity, Ref, Telling

Within = Mapping[str, frozenset[str]]
"""By a place's IRI the places around it; a place that nobody located is not among the keys."""


def happened(telling: Telling) -> bool | None:
    """Whether it is told that it was so; of what nobody is said to have said, nothing is."""
    return None if telling.saying.negative else not telling.negative


def same_times(one: tuple[Moment, ...], other: tuple[Moment, ...]) -> bool | None:
    """Whether two tellings can mean one time; ``None`` where nothing tells."""
    return _any(_same_time(a, b) for a, b in product(one, other))


def _same_time(one: Moment, other: Moment) -> bool | None:
    if one.earliest and one.latest and other.earliest and other.latest:
        return one.earliest <= other.latest and other.earliest <= one.latest
    days = _month_day(one), _month_day(other)
    return days[0] == days[1] if all(days) else None


def _month_day(moment: Moment) -> str:
    """``--05-03`` of a day, with or without its year."""
    if moment.earliest and moment.earliest == moment.latest:
        return f"--{moment.earliest:%m-%d}"
    return moment.month_day


def same_places(one: tuple[Ref, ...], other: tuple[Ref, ...], within: Within) -> bool | None:
    """Whether two tellings can mean one place: the same, or one within the other. ``None`` where a
    place has no known surroundings and another name."""
    return _any(_same_place(a, b, within) for a, b in product(one, other))


def _same_place(one: Ref, other: Ref, within: Within) -> bool | None:
    if one.iri == other.iri or one.label.casefold() == other.label.casefold():
        return True
    if other.iri in within.get(one.iri, ()) or one.iri in within.get(other.iri, ()):
        return True
    return False if one.iri in within and other.iri in within else None


def same_actors(one: tuple[Ref, ...], other: tuple[Ref, ...]) -> bool | None:
    """Names that share a word may be one actor's: only what has nothing in common differs."""
    return _any(
        a.iri == b.iri or bool(_name_words(a) & _name_words(b)) for a, b in product(one, other)
    )


def _name_words(ref: Ref) -> set[str]:
    return {word for word in ref.label.casefold().split() if len(word) > 2}


def same_numbers(one: tuple[Quantity, ...], other: tuple[Quantity, ...]) -> bool | None:
    """Whether one number is in both; they are of one thing."""
    return _any(a.value == b.value for a, b in product(one, other))


def _any(verdicts: Iterable[bool | None]) -> bool | None:
    """Fitting if one pair fits; else open if one is open."""
    known = set(verdicts)
    return True if True in known else None if None in known or not known else False


def vagueness(times: tuple[Moment, ...]) -> float:
    """How many days the most precise of these leaves open; very many without a year."""
    return min(
        ((each.latest - each.earliest).days for each in times if each.latest and each.earliest),
        default=(date.max - date.min).days,
    )


def unit_key(unit: str) -> str:
    """Units that are the same but for case and a plural's s have one key."""
    words = " ".join(unit.casefold().split())
    return words[:-1] if len(words) > 3 and words.endswith("s") and words[-2] != "s" else words
