"""Durations, sets of times, and references to the present, the past and the future."""

from __future__ import annotations

from datetime import date

from testimonia.model import DateBasis, TimexType
from testimonia.reading.times import calendar
from testimonia.reading.times.calendar import NO_DAY, NO_YEAR, UNKNOWN
from testimonia.reading.times.context import (
    Context,
    Resolved,
    anchored,
    entry,
    following,
    part_of_name,
    preceding,
    relation,
)
from testimonia.reading.times.edtf import Extent, extent
from testimonia.reading.times.grammar import Candidate
from testimonia.reading.times.lexicon import lexicon
from testimonia.reading.times.numbers import ordinal, quantity

_TIMEX_UNITS = {  # unit → factor and TIMEX3's letter
    "DE": (10, "Y"),
    "CE": (100, "Y"),
    "FN": (2, "W"),
}
_HALVES = {"TH": (30, "TM"), "TM": (30, "TS"), "Y": (6, "M"), "D": (12, "TH")}
_LONGEST = 10**12


def unit_of(words: tuple[str, ...]) -> str | None:
    """The unit that a word names, as in ``calendar``; "second" is read as the unit."""
    word = words[0].removesuffix("'s")
    code = {"second": "TS", "century": "CE", "weekend": "WE", "nights": "D"}.get(word) or entry(
        (word,)
    )
    return code if isinstance(code, str) and code else None


def duration_value(count: float | None, unit: str) -> str:
    """TIMEX3's value: ``P3M``, ``PT24H``, ``P10Y`` of a decade, ``PXW`` of "weeks"."""
    factor, letter = _TIMEX_UNITS.get(unit, (1, unit))
    prefix = "PT" if letter.startswith("T") else "P"
    number = "X" if count is None else f"{count * factor:.10g}"
    if count is None and unit in ("DE", "CE"):
        letter = unit
    return f"{prefix}{number}{letter.removeprefix('T')}"


def duration(candidate: Candidate, context: Context) -> Resolved | None:
    """ "three months", "more than four hours", "half an hour", "a week", "ten-year"."""
    fields = candidate.fields
    unit = unit_of(fields["unit"])
    words = fields.get("quantity", ())
    if unit is None or not _is_duration(candidate, words, fields["unit"]):
        return None
    count = None if words and quantity(words) is None and words != ("a",) else quantity(words) or 1
    if words in (("a",), ("an",)):
        count = 1
    if "half" in fields:
        return _with_half(count, unit, alone=not words and not _unit_and_half(candidate))
    if words == ("one",) and unit == "D" and _after_modal(candidate):
        return Resolved(TimexType.DATE, "FUTURE_REF")
    if date_ahead := _in_future(candidate, context, count, unit):
        return date_ahead
    return Resolved(TimexType.DURATION, duration_value(count, unit))


def _after_modal(candidate: Candidate) -> bool:
    """ "will one day be the largest"."""
    before = candidate.tokens.words(candidate.first - 1, candidate.first)
    return bool({"will", "would", *lexicon().tense["modal"]}.intersection(before))


def _unit_and_half(candidate: Candidate) -> bool:
    """ "a minute and a half" as against "half a minute"."""
    return "and" in candidate.tokens.words(candidate.first, candidate.end)


def _with_half(count: float | None, unit: str, *, alone: bool) -> Resolved:
    whole = 0 if alone or count is None else int(count)
    if unit not in _HALVES:
        return Resolved(TimexType.DURATION, duration_value(whole + 0.5, unit))
    number, finer = _HALVES[unit]
    letters = unit.removeprefix("T"), finer.removeprefix("T")
    if not whole:
        return Resolved(TimexType.DURATION, duration_value(number, finer))
    clock = "T" if unit.startswith("T") else ""
    joint = "T" if finer.startswith("T") and not clock else ""
    return Resolved(TimexType.DURATION, f"P{clock}{whole}{letters[0]}{joint}{number}{letters[1]}")


def _is_duration(candidate: Candidate, words: tuple[str, ...], unit_words: tuple[str, ...]) -> bool:
    """No age, no fraction ("three quarters of"), no ordinal ("two second goals"), no sum."""
    if following(candidate) == "OF":
        behind = candidate.tokens.words(candidate.end + 1, candidate.end + 2)
        if behind == ("age",) or unit_words[0] == "quarter":
            return False
    if unit_words[0] == "quarters" and quantity(words) == 3:
        return False
    if candidate.tokens.words(candidate.first - 1, candidate.first) in (("aged",), ("age",)):
        return False
    if unit_words[0] == "second" and words not in (("one",), ("1",), ("a", "split")):
        return preceding(candidate, 0) == "HYPHEN"
    if words and words[0].isdecimal() and len(words[0]) == 4 and not unit_words[0].endswith("s"):
        return False  # "the 2018 day of"
    too_many = (quantity(words) or 0) > _LONGEST
    return not too_many and preceding(candidate, 1) not in ("CURRENCY", "N", "DEC")


def _in_future(
    candidate: Candidate, context: Context, count: float | None, unit: str
) -> Resolved | None:
    """ "will end in five years" is a date."""
    here = context.document_date
    if here is None or count is None or count != int(count) or unit not in calendar.UNKNOWN:
        return None
    if preceding(candidate, 1) != "IN" or "the" in candidate.tokens.words(
        candidate.first, candidate.first + 1
    ):
        return None
    return anchored(here, unit, int(count)) if context.direction(candidate) > 0 else None


def double_duration(candidate: Candidate, context: Context) -> Resolved | None:
    """ "two years and three months", "1 hour 20 minutes"."""
    fields = candidate.fields
    first, second = unit_of(fields["unit"]), unit_of(fields["unit2"])
    if first is None or second is None or first == second:
        return None
    if _SIZES.index(first) >= _SIZES.index(second):
        return None  # "between six months and 18 years" are two
    head = duration_value(quantity(fields["quantity"]), first)
    tail = duration_value(quantity(fields["quantity2"]), second).removeprefix("P")
    return Resolved(TimexType.DURATION, head + (tail.removeprefix("T") if "T" in head else tail))


def quarter_century(candidate: Candidate, context: Context) -> Resolved | None:
    """ "a quarter-century"."""
    return Resolved(TimexType.DURATION, "P25Y")


_SIZES = ("CE", "DE", "Y", "Q", "M", "FN", "W", "WE", "D", "TH", "TM", "TS")


def vague_duration(candidate: Candidate, context: Context) -> Resolved | None:
    """ "for weeks", "months of talks", "decades-long"."""
    unit = unit_of(candidate.fields["unit"])
    if unit is None or unit == "Q":  # "three-quarters of"
        return None
    if candidate.tokens.words(candidate.end, candidate.end + 2) == ("of", "age"):
        return None
    if unit == "TM" and candidate.tokens.words(candidate.end, candidate.end + 2) == ("of", "the"):
        return None  # "Minutes of the meeting"
    if unit == "TH" and preceding(candidate, 1) in ("EARLY", "LATE"):
        return None  # "the early hours of Thursday"
    return Resolved(TimexType.DURATION, duration_value(None, unit))


def span_to_now(candidate: Candidate, context: Context) -> Resolved | None:
    """ "the past three months", "the next two weeks": bounded by the document's date."""
    words = candidate.fields.get("quantity", ("one",))
    unit, count = unit_of(candidate.fields["unit"]), quantity(words)
    if unit is None:
        return None
    value = duration_value(count, unit)
    here, step = context.document_date, relation(candidate.fields["relation"])
    if here is None or count is None or unit not in calendar.UNKNOWN or _told(candidate):
        return Resolved(TimexType.DURATION, value)
    place = _reach(here, unit, round(step * count))
    return Resolved(TimexType.DURATION, value, DateBasis.ANCHORED, bounds=place)


def _told(candidate: Candidate) -> bool:
    """ "the previous two years" counts from a time told, not from the document's date."""
    return bool({"previous", "following", "preceding"}.intersection(candidate.fields["relation"]))


def _reach(here: date, unit: str, count: int) -> Extent:
    """From here to ``count`` units away, as precisely as the unit says."""
    grain = {"Y": "Y", "DE": "Y", "CE": "Y", "M": "M", "Q": "M"}.get(unit, "D")
    ends = sorted((here, calendar.shift(here, unit, count)))
    first, last = (extent(calendar.period(end, grain)) for end in ends)
    return Extent(f"{first.edtf}/{last.edtf}", first.earliest, last.latest)


def vague_span(candidate: Candidate, context: Context) -> Resolved | None:
    """ "recent years", "the coming weeks"."""
    unit = unit_of(candidate.fields["unit"])
    if unit is None:
        return None
    if candidate.fields["relation"] == ("recent",):
        return Resolved(TimexType.DATE, "PAST_REF")
    return Resolved(TimexType.DURATION, duration_value(None, unit))


# --------------------------------------------------------------------------------------- sets


def every(candidate: Candidate, context: Context) -> Resolved | None:
    """ "every day", "every two weeks", "every other month"."""
    unit, words = unit_of(candidate.fields["unit"]), candidate.fields.get("quantity")
    if unit is None:
        return None
    count = quantity(words) if words else 2 if "other" in candidate.fields else 1
    if "nth" in candidate.fields:
        count = ordinal(candidate.fields["nth"])
    if unit == "WE" and count == 1:
        return Resolved(TimexType.SET, UNKNOWN["WE"])
    return Resolved(TimexType.SET, duration_value(count, unit))


def every_part(candidate: Candidate, context: Context) -> Resolved | None:
    """ "every morning"."""
    return Resolved(TimexType.SET, f"{NO_DAY}T{entry(candidate.fields['part'])}")


def every_named(candidate: Candidate, context: Context) -> Resolved | None:
    """ "every summer", "each March"."""
    fields = candidate.fields
    name = entry(fields["season"]) if "season" in fields else f"{int(entry(fields['month'])):02d}"
    return Resolved(TimexType.SET, f"{NO_YEAR}-{name}", bounds=Extent())


def weekdays(candidate: Candidate, context: Context) -> Resolved | None:
    """ "every Friday", "Mondays"."""
    value = f"{NO_YEAR}-WXX-{entry(candidate.fields['weekday'])}"
    part = candidate.fields.get("part")
    return Resolved(TimexType.SET, f"{value}T{entry(part)}" if part else value)


def frequency(candidate: Candidate, context: Context) -> Resolved | None:
    """ "daily", "annually"; no name ("the Daily Argus")."""
    if part_of_name(candidate) or _before_name(candidate):
        return None
    return Resolved(TimexType.SET, str(entry(candidate.fields["frequency"])))


def _before_name(candidate: Candidate) -> bool:
    capital = candidate.tokens.text[candidate.start_offset].isupper()
    return capital and following(candidate) in ("CAP", "PERIODICAL")


def rate(candidate: Candidate, context: Context) -> Resolved | None:
    """ "twice a week"."""
    unit = unit_of(candidate.fields["unit"])
    count = quantity(candidate.fields["quantity"]) if "quantity" in candidate.fields else 1
    return Resolved(TimexType.SET, duration_value(count, unit)) if unit else None


def amount_per_unit(candidate: Candidate, context: Context) -> Resolved | None:
    """ "two barrels a day", "$15 an hour"; a speed is none."""
    unit, per = unit_of(candidate.fields["unit"]), preceding(candidate, 0) == "PER"
    if unit is None or not (per or _counts(candidate)):
        return None
    counted = candidate.tokens.words(candidate.first - 1, candidate.first)
    return (
        None if _LENGTHS.issuperset(counted) else Resolved(TimexType.SET, duration_value(1, unit))
    )


def _counts(candidate: Candidate) -> bool:
    """Whether an amount stands before: figures, or a plural with figures up to two words before."""
    before = [preceding(candidate, place) for place in range(1, 5)]
    if before[0] in _FIGURES or (before[0] in _SCALES and before[1] in _FIGURES):
        return True
    return before[0] in _PLURALS and any(each in _FIGURES for each in before[1:])


_FIGURES = {
    *("N12", "N24", "N31", "N99", "N", "DEC", "JUNK", "DIGIT_WORD", "TEEN_WORD", "TENS_WORD"),
    *("DOZEN", "HUNDRED", "THOUSAND", "SEVERAL", "FEW"),
}
_SCALES = {"SCALE", "HUNDRED", "THOUSAND", "PCT"}
_PLURALS = {"PLURAL", "COUNTED", "UNITS", "CLOCK_UNITS"}
_LENGTHS = {"miles", "kilometers", "kilometres", "km", "meters", "metres", "feet", "knots", "m"}


def weekends(candidate: Candidate, context: Context) -> Resolved | None:
    """ "on weekends"."""
    if unit_of(candidate.tokens.words(candidate.first, candidate.end)) != "WE":
        return None
    return Resolved(TimexType.SET, UNKNOWN["WE"])


# --------------------------------------------------------------------------------------- deixis


def present(candidate: Candidate, context: Context) -> Resolved | None:
    """ "now", "currently"."""
    return Resolved(TimexType.DATE, "PRESENT_REF")


def past(candidate: Candidate, context: Context) -> Resolved | None:
    """ "recently"."""
    return Resolved(TimexType.DATE, "PAST_REF")


def future(candidate: Candidate, context: Context) -> Resolved | None:
    """ "in the near future"."""
    return Resolved(TimexType.DATE, "FUTURE_REF")
