"""Tellings of one event set side by side: what is told alike, and what cannot both be so.

Only what the tellings say is compared, aspect by aspect. Two days, places or numbers of the same
thing that exclude each other are two *versions*; what is less precise and fits several versions is
of each of them; what cannot be compared (a place that nobody located, a number of other things) is
of none. A version is as well supported as it has documents: reprints of one text count once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from string import ascii_uppercase
from typing import Final, TypeVar

from testimonia.views.fitting import (
    Within,
    happened,
    same_actors,
    same_numbers,
    same_places,
    same_times,
    unit_key,
    vagueness,
)
from testimonia.views.values import Ref, Relation, Source, Standing, Telling
from testimonia.views.wording import Part, labels, told_so, worded_quantities, worded_times

Value = TypeVar("Value")
_NO_UNIT: Final = "of something not named"


class Verdict(StrEnum):
    """How the tellings of one aspect stand to each other."""

    AGREE = "agree"
    DIFFER = "differ"
    ALONE = "one source"
    NOTHING = "not told"


@dataclass(frozen=True, slots=True)
class Version:
    """One of the things that are told of an aspect: who tells it, by documents and voices."""

    letter: str
    label: str
    tellings: tuple[str, ...]
    sources: int
    voices: tuple[str, ...]
    unnamed: bool
    """Whether nobody with a name tells it."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What one telling has of an aspect, and of which versions that is."""

    parts: tuple[Part, ...] = ()
    versions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One aspect: a cell for each telling, in their order."""

    key: str
    title: str
    cells: tuple[Cell, ...]
    versions: tuple[Version, ...] = ()

    def place_of(self, letter: str) -> int:
        """The number of a version, from 0."""
        return [each.letter for each in self.versions].index(letter)

    @property
    def verdict(self) -> Verdict:
        """Whether the tellings agree."""
        if len(self.versions) > 1:
            return Verdict.DIFFER
        if not self.versions:
            return Verdict.NOTHING
        return Verdict.AGREE if self.versions[0].sources > 1 else Verdict.ALONE


@dataclass(frozen=True, slots=True)
class Column:
    """A source with its tellings, by number (from 0)."""

    source: Source
    tellings: tuple[int, ...]
    same_text: tuple[Ref, ...] = ()
    """Other sources here that print the same text."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The tellings of one event. ``total`` is how many there are; these may be fewer."""

    event: Ref
    type: str
    tellings: tuple[Telling, ...]
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    relations: tuple[Relation, ...]
    total: int
    relations_cut: bool = False

    @property
    def differing(self) -> tuple[Row, ...]:
        """The aspects with several versions."""
        return tuple(row for row in self.rows if row.verdict is Verdict.DIFFER)

    @property
    def agreeing(self) -> tuple[Row, ...]:
        """The aspects that several sources tell alike."""
        return tuple(row for row in self.rows if row.verdict is Verdict.AGREE)

    @property
    def more(self) -> int:
        """How many tellings were not compared."""
        return max(0, self.total - len({each.iri for each in self.tellings}))


@dataclass(frozen=True, slots=True)
class Background:
    """What must be known beside the tellings: places around places, which actors have no name,
    documents of the same text, relations between statements."""

    within: Within = field(default_factory=dict)
    unnamed: frozenset[str] = frozenset()
    same_text: Sequence[tuple[str, str]] = ()
    relations: Sequence[Relation] = ()
    cut: bool = False
    """Whether there are more relations than these."""


def compare(
    event: Ref, tellings: Iterable[Telling], known: Background, *, type_: str = "", total: int = 0
) -> Comparison:
    """The tellings by source, aspect by aspect."""
    ordered = _by_source(tellings)
    texts = _texts(ordered, known.same_text)
    return Comparison(
        event,
        type_,
        ordered,
        _columns(ordered, texts),
        tuple(_rows(ordered, known, texts)),
        tuple(_relations(ordered, known.relations)),
        max(total, len({each.iri for each in ordered})),
        known.cut,
    )


def _by_source(tellings: Iterable[Telling]) -> tuple[Telling, ...]:
    """Dated documents first, by date; of one document in a row."""

    def key(telling: Telling) -> tuple[bool, str, str, str, str]:
        source = telling.saying.source
        document = source.document
        place = telling.saying.ref.iri
        return (not source.issued, source.issued, document.label, document.iri, place)

    return tuple(sorted(tellings, key=key))


def _texts(tellings: Sequence[Telling], same: Iterable[tuple[str, str]]) -> dict[str, str]:
    """By document one document that stands for all of the same text."""
    first = {each.saying.source.document.iri: each.saying.source.document.iri for each in tellings}
    for one, other in same:
        if one in first and other in first:
            keep, give = sorted((first[one], first[other]))
            first = {each: keep if text == give else text for each, text in first.items()}
    return first


def _columns(tellings: Sequence[Telling], texts: Mapping[str, str]) -> tuple[Column, ...]:
    by_document: defaultdict[str, list[int]] = defaultdict(list)
    for place, telling in enumerate(tellings):
        by_document[telling.saying.source.document.iri].append(place)
    sources = {iri: tellings[places[0]].saying.source for iri, places in by_document.items()}
    return tuple(
        Column(
            sources[iri],
            tuple(places),
            tuple(
                sources[other].document
                for other in by_document
                if other != iri and texts[other] == texts[iri]
            ),
        )
        for iri, places in by_document.items()
    )


def _relations(tellings: Sequence[Telling], known: Iterable[Relation]) -> Iterable[Relation]:
    said = {each.saying.ref.iri for each in tellings}
    return (each for each in known if each.from_.iri in said or each.to.iri in said)


# -------------------------------------------------------------------------------------- rows


def _rows(
    tellings: Sequence[Telling], known: Background, texts: Mapping[str, str]
) -> Iterable[Row]:  # fmt: skip
    counting = _Counting(tellings, texts)
    within = known.within
    so = [happened(each) for each in tellings]
    yield _row("happened", "Did it happen?", so, lambda a, b: a == b, told_so, counting)
    for key, title in (("agents", "Who"), ("patients", "Whom, what"), ("recipients", "To whom")):
        shown = [getattr(each, key) for each in tellings]
        found = [_with_names(each, known.unnamed) for each in shown]
        yield _row(key, title, found, same_actors, labels, counting, shown=shown)
    others = [each.others for each in tellings]
    yield Row("others", "Others in it", tuple(Cell(labels(each)) for each in others))
    places = [each.places for each in tellings]
    yield _row(
        "places", "Where", [each or None for each in places],
        lambda a, b: same_places(a, b, within), labels, counting, shown=places,
        precision=lambda found: -max(len(within.get(each.iri, ())) for each in found),
    )  # fmt: skip
    times = [each.times for each in tellings]
    yield _row(
        "times", "When", [each or None for each in times], same_times, worded_times, counting,
        shown=times, precision=vagueness,
    )  # fmt: skip
    yield from _numbers(tellings, counting)


def _numbers(tellings: Sequence[Telling], counting: _Counting) -> Iterable[Row]:
    """A row for each kind of thing that is counted."""
    units = {unit_key(each.unit): each.unit for telling in tellings for each in telling.quantities}
    for key in sorted(units):
        counted = [
            tuple(each for each in telling.quantities if unit_key(each.unit) == key)
            for telling in tellings
        ]
        title = f"How many: {units[key] or _NO_UNIT}"
        # Numbers of nothing in particular may be of different things.
        compared = [each or None for each in counted] if key else [None for _ in counted]
        yield _row(
            f"quantity {key}".strip(), title, compared, same_numbers, worded_quantities, counting,
            shown=counted,
        )  # fmt: skip


class _Counting:
    """Who tells what: documents (reprints once) and voices."""

    def __init__(self, tellings: Sequence[Telling], texts: Mapping[str, str]) -> None:
        self._tellings = tellings
        self._texts = texts

    def version(self, letter: str, label: str, places: Sequence[int]) -> Version:
        told = [self._tellings[place] for place in places]
        voices = {voice.ref.label: voice for each in told for voice in each.saying.voices}
        named = any(each.standing is Standing.NAMED for each in voices.values())
        narrated = any(each.standing is Standing.NARRATOR for each in voices.values())
        return Version(
            letter,
            label,
            tuple(each.iri for each in told),
            len({self._texts[each.saying.source.document.iri] for each in told}),
            tuple(voices),
            bool(voices) and not named and not narrated,
        )


def _row(
    key: str,
    title: str,
    values: Sequence[Value | None],
    same: Callable[[Value, Value], bool | None],
    parts: Callable[[Value], tuple[Part, ...]],
    counting: _Counting,
    *,
    shown: Sequence[Value] | None = None,
    precision: Callable[[Value], float] = lambda _: 0,
) -> Row:  # fmt: skip
    """An aspect. ``same`` is ``None`` for what cannot be compared; ``values`` that are ``None``
    have no part in the comparison, and are shown as ``shown`` has them."""
    groups = versions_of(values, same, precision)
    letters = [_letter(number) for number in range(len(groups))]
    made = []
    for letter, (seed, places) in zip(letters, groups, strict=True):
        value = values[seed]
        label = ", ".join(each.label for each in parts(value)) if value is not None else ""
        made.append(counting.version(letter, label, places))
    cells = []
    for place, value in enumerate(values):
        told = shown[place] if shown is not None else value
        of = tuple(
            letter for letter, (_, places) in zip(letters, groups, strict=True) if place in places
        )
        cells.append(Cell(parts(told) if told is not None else (), of))
    return Row(key, title, tuple(cells), tuple(made))


def versions_of(
    values: Sequence[Value | None],
    same: Callable[[Value, Value], bool | None],
    precision: Callable[[Value], float] = lambda _: 0,
) -> list[tuple[int, tuple[int, ...]]]:
    """The versions among values: of each the place of its most precise value, and of all that fit.

    ``precision`` is the smaller the more precise a value is; of equals the first decides.
    """
    order = [place for place, value in enumerate(values) if value is not None]
    order.sort(key=lambda place: (precision(values[place]), place))  # type: ignore[arg-type]
    versions: dict[int, list[int]] = {}
    for place in order:
        value = values[place]
        verdicts = {seed: same(value, values[seed]) for seed in versions}  # type: ignore[arg-type]
        fitting = [seed for seed, verdict in verdicts.items() if verdict]
        unknown = any(verdict is None for verdict in verdicts.values())
        if fitting:
            for seed in fitting:
                versions[seed].append(place)
        elif not unknown and same(value, value):  # type: ignore[arg-type]
            versions[place] = [place]
    firsts = {seed: min(places) for seed, places in versions.items()}
    return [
        (seed, tuple(sorted(versions[seed]))) for seed in sorted(versions, key=firsts.__getitem__)
    ]


def _letter(number: int) -> str:
    """A … Z, AA, AB …"""
    rest, last = divmod(number, len(ascii_uppercase))
    return (_letter(rest - 1) if rest else "") + ascii_uppercase[last]


def _with_names(refs: tuple[Ref, ...], unnamed: frozenset[str]) -> tuple[Ref, ...] | None:
    """Actors whom the texts name: two descriptions may always be of one."""
    return tuple(each for each in refs if each.iri not in unnamed) or None
