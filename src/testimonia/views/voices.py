"""Who is quoted, how directly, and how much of it has no name behind it.

What is counted are *attributions*: a statement of two speakers counts for each. Percentages are of
the attributions to others than the narrator, unless it says otherwise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from testimonia.views.charts import Bar, bars
from testimonia.views.svg import Figure
from testimonia.views.values import Counted, Listing, Ref, Standing

DIRECTNESS: Final = ("Direct", "Mixed", "Indirect")


@dataclass(frozen=True, slots=True)
class Tally:
    """How many attributions are alike in standing and directness (a concept's name), and how many
    of them another voice reports."""

    standing: Standing
    directness: str
    nested: int
    count: int


@dataclass(frozen=True, slots=True)
class Quoted:
    """A voice with its attributions; ``nested``: those reported by another voice."""

    ref: Ref
    standing: Standing
    direct: int
    mixed: int
    indirect: int
    nested: int
    documents: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.direct + self.mixed + self.indirect


@dataclass(frozen=True, slots=True)
class StandingRow:
    """The attributions to voices of one standing."""

    standing: Standing
    direct: int
    mixed: int
    indirect: int
    nested: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.direct + self.mixed + self.indirect


@dataclass(frozen=True, slots=True)
class Narrated:
    """Events that nobody but a narrator tells of, of how many events in all."""

    alone: Listing[Counted]
    events: int


@dataclass(frozen=True, slots=True)
class Voices:
    """The report. ``scope`` says in words of what."""

    scope: tuple[str, ...]
    statements: int
    documents: int
    rows: tuple[StandingRow, ...]
    quoted: Listing[Quoted]
    unnamed: Listing[Counted]
    only_reported: Listing[Quoted]
    narrated: Narrated
    publishers: Listing[Counted]
    cut: bool = False
    """Whether the words searched for have more hits than were looked at."""

    @property
    def attributed(self) -> int:
        """Attributions to others than the narrator."""
        return sum(each.total for each in self.rows if each.standing is not Standing.NARRATOR)

    @property
    def narrator(self) -> int:
        """Attributions to the narrator."""
        return sum(each.total for each in self.rows if each.standing is Standing.NARRATOR)

    @property
    def without_name(self) -> int:
        """Attributions to voices without a name."""
        return sum(each.total for each in self.rows if each.standing is Standing.UNNAMED)

    @property
    def nested(self) -> int:
        """Attributions that another voice reports."""
        return sum(each.nested for each in self.rows if each.standing is not Standing.NARRATOR)

    def directly(self) -> dict[str, int]:
        """Attributions to others than the narrator, by directness."""
        others = [each for each in self.rows if each.standing is not Standing.NARRATOR]
        return {
            "direct": sum(each.direct for each in others),
            "mixed": sum(each.mixed for each in others),
            "indirect": sum(each.indirect for each in others),
        }


def standings(tallies: Iterable[Tally]) -> tuple[StandingRow, ...]:
    """One row for each standing; what has no directness counts as indirect: nothing of it stands
    in quotation marks."""
    counted: Counter[tuple[Standing, str]] = Counter()
    nested: Counter[Standing] = Counter()
    for each in tallies:
        directness = each.directness if each.directness in DIRECTNESS else "Indirect"
        counted[each.standing, directness] += each.count
        nested[each.standing] += each.nested
    return tuple(
        StandingRow(
            standing,
            counted[standing, "Direct"],
            counted[standing, "Mixed"],
            counted[standing, "Indirect"],
            nested[standing],
        )
        for standing in Standing
    )


# ---------------------------------------------------------------------------------- pictures

_SERIES: Final = ("direct", "mixed", "indirect")
_NAMES: Final = {
    Standing.NAMED: "voices with a name",
    Standing.UNNAMED: "voices without a name",
    Standing.NARRATOR: "the narrator",
}


def standing_name(standing: Standing) -> str:
    """In words."""
    return _NAMES[standing]


def standing_figure(report: Voices) -> Figure:
    """How directly, by standing."""
    rows = [
        Bar(_NAMES[each.standing], (each.direct, each.mixed, each.indirect)) for each in report.rows
    ]
    return bars("standing", "Attributions by who speaks and how directly", _SERIES, rows)


def quoted_figure(report: Voices) -> Figure:
    """The most quoted voices."""
    rows = [
        Bar(each.ref.label, (each.direct, each.mixed, each.indirect))
        for each in report.quoted.items
    ]
    return bars("quoted", "Most quoted voices", _SERIES, rows)
