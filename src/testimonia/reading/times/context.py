"""What the resolution of one text's times rests on: document date, tense, times found before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from types import MappingProxyType

from testimonia.model import DateBasis, Span, Tense, TimexType
from testimonia.reading.times.calendar import UNKNOWN, period, shift
from testimonia.reading.times.edtf import Extent, extent
from testimonia.reading.times.grammar import Candidate
from testimonia.reading.times.lexicon import lexicon
from testimonia.reading.times.tense import tense_after, tense_before

TenseAt = Callable[[Span], Tense]

LONGEST = {"D": 1, "WE": 7, "W": 7, "FN": 14, "M": 31, "Q": 92, "Y": 366, "DE": 3660, "CE": 36600}
# Months that a date against the clause's tense counts as farther off. On two thirds of TimeBank's
# development part value F1 is .866 with 6, .869 with 8 and with 10, .862 with 12.
_AGAINST = 8


@dataclass(frozen=True, slots=True)
class Resolved:
    """A time's TIMEX3 type and value, what the value rests on, and its place in the calendar."""

    type: TimexType
    value: str
    basis: DateBasis = DateBasis.EXPLICIT
    approximate: bool = False
    bounds: Extent | None = None  # where the value alone does not tell
    passing: bool = False  # named to compare with, so that nothing later counts from it

    @property
    def extent(self) -> Extent:
        """EDTF and bounds."""
        return self.bounds or extent(self.value, approximate=self.approximate)


@dataclass(frozen=True, slots=True)
class Mentioned:
    """A time that the text has mentioned before: first and last day."""

    value: str
    earliest: date
    latest: date
    end: int

    @property
    def days(self) -> int:
        """How many days it lasts."""
        return (self.latest - self.earliest).days + 1


@dataclass(slots=True)
class Context:
    """The state of one pass over one text; times are resolved in textual order."""

    text: str
    document_date: date | None
    tense_at: TenseAt | None = None
    mentioned: list[Mentioned] = field(default_factory=list)
    months_end: int = -1  # where half a year or nine months were spoken of last

    @property
    def pivot(self) -> int:
        """The year near which a year of two figures lies."""
        return self.document_date.year if self.document_date else 2000

    def note(self, resolved: Resolved, end: int) -> None:
        """Remembers a resolved date for those that are relative to it."""
        place = resolved.extent
        if resolved.value in ("P6M", "P9M"):
            self.months_end = end
        is_date = resolved.type in (TimexType.DATE, TimexType.TIME) and not resolved.passing
        if is_date and place.earliest and place.latest:
            self.mentioned.append(Mentioned(resolved.value, place.earliest, place.latest, end))

    def last(self, unit: str, start: int, reach: int = 10**9) -> Mentioned | None:
        """The time mentioned last within ``reach`` code points that is no longer than ``unit``."""
        for past in reversed(self.mentioned[-12:]):
            if past.days <= LONGEST[unit] and start - past.end <= reach:
                return past
        return None

    def quarter(self) -> Mentioned | None:
        """The quarter that a report is about: the latest one behind the document's date.

        Of the quarters mentioned last, not the last itself ("after a flat second quarter" is an
        aside); ``None`` where half a year or nine months have been spoken of since.
        """
        here = self.document_date or date.max
        quarters = [m for m in self.mentioned[-12:] if "-Q" in m.value and m.latest < here]
        found = max(quarters, key=lambda m: (m.latest, m.end), default=None)
        return found if found and max(m.end for m in quarters) > self.months_end else None

    def tense(self, candidate: Candidate) -> Tense:
        """The tense of the clause around a time.

        A verb before it in the words tells more than the parser, which takes "is to open on
        Friday" for the present and looks past infinitives; where the verb follows, the parser
        knows which it is. (Nine to none on the weekdays and dates of two thirds of TimeBank and
        AQUAINT that the two resolve differently.)
        """
        span = Span(candidate.start_offset, candidate.end_offset)
        before = tense_before(self.text, span)
        if before is not Tense.NONE:
            return before
        told = self.tense_at(span) if self.tense_at else Tense.NONE
        return told if told in (Tense.PAST, Tense.FUTURE) else tense_after(self.text, span)

    def _told_before(self, candidate: Candidate) -> bool:
        span = Span(candidate.start_offset, candidate.end_offset)
        return tense_before(self.text, span) is not Tense.NONE

    def direction(self, candidate: Candidate) -> int:
        """-1 where the clause looks back, 1 where it looks ahead, 0 where nothing tells."""
        before, announced = preceding(candidate, 1), _announced(candidate)
        if before == "SINCE":
            return -1
        if announced == "always" or (before == "FOR" and candidate.rule.action in _DAYS):
            return 1  # "ahead of Friday", "planned for Friday"; "the figures for March" look back
        tense = self.tense(candidate)
        if before in ("UNTIL", "BY", "THROUGH") or announced:
            return 0 if tense is Tense.PAST else 1
        if (
            tense is Tense.FUTURE
            and following(candidate) == "POSS"
            and self._told_before(candidate)
        ):
            return (
                0  # "will appeal against Friday's ruling"; "Friday's vote will decide" looks ahead
            )
        return {Tense.PAST: -1, Tense.FUTURE: 1}.get(tense, 0)

    def nearest(self, days: Iterable[date], candidate: Candidate) -> date | None:
        """Of several days the one nearest to the document's date, given the clause's tense."""
        here = self.document_date
        if here is None:
            return None
        direction = self.direction(candidate)
        if preceding(candidate, 1) == "SINCE":
            days = [day for day in days if day <= here]

        def distance(day: date) -> float:
            off = (day - here).days
            against = off * direction < 0 or (direction == 0 and off > 0)
            return abs(off) + (30 * (_AGAINST if direction else 1) if against else 0)

        return min(days, key=distance, default=None)


@cache
def _names() -> Mapping[str, str]:
    return MappingProxyType({symbol: name for name, symbol in lexicon().symbols.items()})


def class_of(candidate: Candidate, index: int) -> str:
    """The class of a token of the text, "" beyond its ends."""
    symbols = candidate.tokens.symbols
    return _names()[symbols[index]] if 0 <= index < len(symbols) else ""


def preceding(candidate: Candidate, distance: int) -> str:
    """The class of the token ``distance`` before a match."""
    return class_of(candidate, candidate.first - distance)


def following(candidate: Candidate, distance: int = 1) -> str:
    """The class of the token ``distance`` behind a match."""
    return class_of(candidate, candidate.end + distance - 1)


def part_of_name(candidate: Candidate) -> bool:
    """Whether a capital joins the match to a name before or behind it: "the Daily Argus"."""
    if not candidate.tokens.text[candidate.start_offset].isupper():
        return False
    return preceding(candidate, 1) == "CAP"


def behind(candidate: Candidate) -> str:
    """The token behind a match, in lower case; "" at the text's end."""
    return "".join(candidate.tokens.words(candidate.end, candidate.end + 1))


_DAYS = ("weekday", "day")


def _announced(candidate: Candidate) -> str:
    """How the words just before look ahead: "always" ("ahead of Friday"), "unless_past", ""."""
    before = candidate.tokens.words(candidate.first - 3, candidate.first)
    ends = {" ".join(before[place:]) for place in range(len(before))}
    return next((how for how, words in lexicon().ahead.items() if not ends.isdisjoint(words)), "")


def dated(value: str, basis: DateBasis) -> Resolved:
    """A date whose value is ``value``."""
    return Resolved(TimexType.DATE, value, basis)


def explicit(value: str) -> Resolved:
    """A date that the words give in full."""
    return dated(value, DateBasis.EXPLICIT)


def anchored(day: date, unit: str, count: int = 0) -> Resolved:
    """The period ``count`` units away from the one that holds ``day``."""
    return dated(period(shift(day, unit, count), unit), DateBasis.ANCHORED)


def unresolved(unit: str) -> Resolved:
    """A period that nothing places in the calendar."""
    return dated(UNKNOWN[unit], DateBasis.YEAR_UNKNOWN)


def entry(words: tuple[str, ...]) -> str | int:
    """What the lexicon says that a word stands for; "" where it knows none."""
    return lexicon().values.get(" ".join(" ".join(words).split()), "")


def relation(words: tuple[str, ...]) -> int:
    """-1 for "last", "previous", "this past"; 1 for "next", "coming", "following"; else 0."""
    back = {"last", "past", "previous", "preceding", "prior"}
    ahead = {"next", "coming", "upcoming", "following", "ensuing", "subsequent", "ahead"}
    return 1 if ahead.intersection(words) else -1 if back.intersection(words) else 0
