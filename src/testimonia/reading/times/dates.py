"""Days, months, years and longer periods that words or figures name."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from testimonia.model import DateBasis, TimexType
from testimonia.reading.times import calendar
from testimonia.reading.times.calendar import NO_DAY, NO_YEAR
from testimonia.reading.times.clock import with_time
from testimonia.reading.times.context import (
    Context,
    Resolved,
    anchored,
    dated,
    entry,
    explicit,
    following,
    preceding,
    relation,
    unresolved,
)
from testimonia.reading.times.edtf import Extent
from testimonia.reading.times.grammar import Candidate
from testimonia.reading.times.lexicon import lexicon
from testimonia.reading.times.numbers import nearest_century, ordinal, year

_BAD_BEFORE_YEAR = {"N12", "N24", "N31", "N99", "N", "DEC", "THAN", "LABELLED", "CURRENCY", "UP"}
_COUNTING = {"WORD", "OF", "TO", "FOR", "NEARLY", "AROUND", "OVER", "SEVERAL", "LEAST", "BY", "AND"}
_DETERMINERS = {"the", "its", "their", "his", "her", "our", "my", "your", "this", "that", "a", "an"}
_STREET = re.compile(
    r"\s+(?:[NSEW]\.?\s+)?(?:[A-Z][\w.]*\s+){1,3}"
    r"(?:Street|St\b|Avenue|Ave\b|Road|Rd\b|Drive|Lane|Boulevard|Blvd\b|Court|Square|Terrace)"
)


def stated_year(candidate: Candidate, context: Context) -> int | None:
    """The year that an expression gives: in figures, in words, or as "last year"."""
    fields = candidate.fields
    if "year" in fields:
        return year(fields["year"], context.pivot)
    if "year_ref" in fields and context.document_date:
        return context.document_date.year + relation(fields["year_ref"])
    return None


def _basis(candidate: Candidate) -> DateBasis:
    return DateBasis.ANCHORED if "year_ref" in candidate.fields else DateBasis.EXPLICIT


def iso(candidate: Candidate, context: Context) -> Resolved | None:
    """ "2014-03-07", "2014-03-07T10:30Z"."""
    text = candidate.fields["date"][0].upper()
    date.fromisoformat(text[:10])
    return Resolved(TimexType.TIME if "T" in text else TimexType.DATE, text)


def numeric_date(candidate: Candidate, context: Context) -> Resolved | None:
    """ "25/12/2013"; where month and day could change places EDTF holds both readings.

    The value is then the American one, as in the guidelines' own corpora.
    """
    first, second, third = map(int, re.split(r"[./-]", candidate.fields["date"][0]))
    if first > 31:
        return explicit(date(first, second, third).isoformat())
    y = third if third > 99 else nearest_century(third, context.pivot)
    if "." in candidate.fields["date"][0] or first > 12:
        return explicit(date(y, second, first).isoformat())
    american = date(y, first, second)
    if second > 12 or first == second:
        return explicit(american.isoformat())
    early, late = sorted((american, date(y, second, first)))
    both = Extent(f"[{early.isoformat()},{late.isoformat()}]", early, late)
    return replace(explicit(american.isoformat()), bounds=both)


def compact_date(candidate: Candidate, context: Context) -> Resolved | None:
    """ "20140307", "03-07-14": the heads of dispatches, with the month before the day."""
    if _in_address(candidate):
        return None
    figures = candidate.fields["date"][0].replace("-", "")
    if len(figures) == 8:
        return explicit(date(int(figures[:4]), int(figures[4:6]), int(figures[6:])).isoformat())
    month, day, two = (int(figures[i : i + 2]) for i in (0, 2, 4))
    return explicit(date(nearest_century(two, context.pivot), month, day).isoformat())


def _in_address(candidate: Candidate) -> bool:
    """ "/news/20140307/", "03-07-14-99": part of an address or of a longer code."""
    text, start, end = candidate.tokens.text, candidate.start_offset, candidate.end_offset
    joints = {"/", "-", "=", "_", "&", "?", ":"}
    if not joints.isdisjoint((text[start - 1 : start], text[end : end + 1])):
        return True
    return not {"SLASH", "HYPHEN"}.isdisjoint((preceding(candidate, 1), following(candidate)))


def year_month(candidate: Candidate, context: Context) -> Resolved | None:
    """ "2014-02"."""
    return explicit(candidate.fields["date"][0])


def day(candidate: Candidate, context: Context) -> Resolved | None:
    """ "Friday, March 7, 2014", "7 March", "December 11"."""
    fields = candidate.fields
    month, number = int(entry(fields["month"])), ordinal(fields["day"])
    if not _exists(month, number) or _newspaper(candidate):
        return None
    y = stated_year(candidate, context)
    if y is not None:
        y -= "until" in fields and int(entry(fields["until"])) < month
        resolved = dated(date(y, month, number).isoformat(), _basis(candidate))
    else:
        resolved = _day_without_year(candidate, context, month, number)
    return with_time(resolved, candidate)


def _newspaper(candidate: Candidate) -> bool:
    """ "The Harbour Sun, August 16": a title, not a weekday."""
    return candidate.fields.get("weekday") == ("sun",) and preceding(candidate, 1) == "CAP"


def _exists(month: int, number: int) -> bool:
    return 1 <= number <= 31 and calendar.day_or_last(2000, month, number).day == number


def _day_without_year(candidate: Candidate, context: Context, month: int, number: int) -> Resolved:
    found = context.nearest(_days(candidate, context, month, number), candidate)
    if found is None:
        return dated(f"{NO_YEAR}-{month:02d}-{number:02d}", DateBasis.YEAR_UNKNOWN)
    return dated(found.isoformat(), DateBasis.ANCHORED)


def _days(candidate: Candidate, context: Context, month: int, number: int) -> list[date]:
    """The days of that name in the years around; with a weekday, those that fall on it."""
    weekday = entry(candidate.fields.get("weekday", ()))
    reach = 3 if weekday else 1
    if (month, number) == (2, 29):
        reach = 4
    years = range(context.pivot - reach, context.pivot + reach + 1)
    days = [date(y, month, number) for y in years if _in_year(y, month, number)]
    return [d for d in days if d.isoweekday() == weekday] or days


def _in_year(y: int, month: int, number: int) -> bool:
    return 1 <= y <= 9999 and calendar.day_or_last(y, month, number).day == number


def letter_day(candidate: Candidate, context: Context) -> Resolved | None:
    """ "the 12th inst.", "your letter of the 5th ult.": of this month, of the last."""
    here, number = context.document_date, ordinal(candidate.fields["day"])
    if not candidate.fields["day"][0][:1].isdigit():
        return None  # "the first instant"
    if here is None:
        return dated(f"XXXX-XX-{number:02d}", DateBasis.YEAR_UNKNOWN) if number < 32 else None
    month = calendar.shift(here.replace(day=1), "M", int(entry(candidate.fields["month"])))
    return dated(month.replace(day=number).isoformat(), DateBasis.ANCHORED)


def day_range(candidate: Candidate, context: Context) -> Resolved | None:
    """ "March 7-9, 2014", "7–9 March"."""
    fields = candidate.fields
    ends = re.split(r"[-–—]", fields["days"][0]) if "days" in fields else None
    first, last = (
        (int(e) for e in ends) if ends else (ordinal(fields["first"]), ordinal(fields["last"]))
    )
    month = int(entry(fields["month"]))
    if first >= last or not (_exists(month, first) and _exists(month, last)):
        return None
    y = stated_year(candidate, context)
    if y is not None:
        return explicit(f"{date(y, month, first).isoformat()}/{date(y, month, last).isoformat()}")
    start = _day_without_year(candidate, context, month, first)
    return dated(f"{start.value}/{start.value[:8]}{last:02d}", start.basis)


def month(candidate: Candidate, context: Context) -> Resolved | None:
    """ "March 2014", "early May", "last December", "June of last year"."""
    fields = candidate.fields
    number, y = int(entry(fields["month"])), stated_year(candidate, context)
    if y is not None:
        y -= "until" in fields and int(entry(fields["until"])) < number
        return dated(f"{y:04d}-{number:02d}", _basis(candidate))
    if _acronym(candidate) or _given_name(candidate):
        return None
    here = context.document_date
    if here is None:
        return dated(f"{NO_YEAR}-{number:02d}", DateBasis.YEAR_UNKNOWN)
    if "relation" in fields:
        return _related_month(candidate, here, number)
    return _nearest_month(candidate, context, number)


def _acronym(candidate: Candidate) -> bool:
    """ "(DEC)": the letters of an office, where nothing makes them a month."""
    text = candidate.tokens.text[candidate.start_offset : candidate.end_offset]
    return text.isupper() and len(text) == 3 and following(candidate) != "DOT"


def _given_name(candidate: Candidate) -> bool:
    """ "June Harrow said": a month alone where a name can begin, and before a surname."""
    words = candidate.tokens.words(candidate.first, candidate.end)
    if words[-1] not in lexicon().given_names or len(words) > 1 or following(candidate) != "CAP":
        return False
    return preceding(candidate, 1) in ("", "DOT", "BREAK", "COMMA", "CAP", "JUNK")


def _nearest_month(candidate: Candidate, context: Context, number: int) -> Resolved | None:
    """The month of that name nearest to the document's, each year's counted from the same day."""
    here = context.document_date
    years = [y for y in range(context.pivot - 1, context.pivot + 2) if 1 <= y <= 9999]
    days = [calendar.day_or_last(y, number, here.day) for y in years] if here else []
    found = context.nearest(days, candidate)
    return anchored(found, "M") if found else None


def _related_month(candidate: Candidate, here: date, number: int) -> Resolved:
    words = candidate.fields["relation"]
    step, passed = relation(words), number - here.month
    y = here.year
    if step < 0 or "past" in words:
        y -= passed >= 0
    elif step > 0:
        y += passed <= 0
    return dated(f"{y:04d}-{number:02d}", DateBasis.ANCHORED)


def month_range(candidate: Candidate, context: Context) -> Resolved | None:
    """ "May-July 2012"."""
    last = int(entry(candidate.fields["until"]))
    first = int(entry(candidate.fields["month"]))
    y = stated_year(candidate, context)
    if y is not None:
        return explicit(f"{y - (last < first):04d}-{first:02d}/{y:04d}-{last:02d}")
    if context.document_date is None:
        return dated(f"{NO_YEAR}-{first:02d}/{NO_YEAR}-{last:02d}", DateBasis.YEAR_UNKNOWN)
    start = _nearest_month(candidate, context, first)
    if start is None:
        return None
    y = int(start.value[:4]) + (last < first)
    return dated(f"{start.value}/{y:04d}-{last:02d}", DateBasis.ANCHORED)


def named_year(candidate: Candidate, context: Context) -> Resolved | None:
    """ "1990", "mid-1996", "nineteen ninety-four"."""
    if candidate.rule.weak and not _is_year(candidate):
        return None
    value = year(candidate.fields["year"], context.pivot)
    if not 1000 <= value <= 2199:
        return None
    return replace(explicit(f"{value:04d}"), approximate="approx" in candidate.fields)


def _is_year(candidate: Candidate) -> bool:
    """Whether four figures are a year: no count, label, house number or part of a longer number."""
    text, start = candidate.tokens.text, candidate.start_offset
    before, behind = preceding(candidate, 1), following(candidate)
    if (
        before in _BAD_BEFORE_YEAR
        or behind == "CURRENCY"
        or _STREET.match(text, candidate.end_offset)
    ):
        return False
    if before == "RPAR" and preceding(candidate, 2) in _BAD_BEFORE_YEAR:
        return False  # a telephone number
    if start > 1 and text[start - 1] in "-–‐/." and text[start - 2].isalnum():
        return preceding(candidate, 2) in ("PREFIX", "MID") or text[start - 1] in "–/"
    if behind == "PLURAL" and before in _COUNTING:
        return candidate.tokens.words(candidate.first - 1, candidate.first)[0] in _DETERMINERS
    return not (behind in ("WORD", "CAP") and before in ("AROUND", "NEARLY", "OVER", "LEAST"))


def fiscal_year(candidate: Candidate, context: Context) -> Resolved | None:
    """ "fiscal 2013": its twelve months lie somewhere within the years before and after."""
    if "year" in candidate.fields:
        y, basis = year(candidate.fields["year"], context.pivot), DateBasis.EXPLICIT
    elif context.document_date:
        y = context.document_date.year + relation(candidate.fields["relation"])
        basis = DateBasis.ANCHORED
    else:
        return unresolved("Y")
    if not 2 <= y <= 9998:
        return None
    around = Extent(f"{y:04d}~", date(y - 1, 1, 1), date(y + 1, 12, 31))
    return replace(dated(f"{y:04d}", basis), bounds=around)


def year_range(candidate: Candidate, context: Context) -> Resolved | None:
    """ "2013–2014", "2013-14"."""
    fields = candidate.fields
    if "years" in fields:
        first, last = fields["years"][0][:4], fields["years"][0][5:]
        last = last if len(last) == 4 else first[:2] + last
    else:
        first, last = fields["first"][0], fields["last"][0]
    return explicit(f"{first}/{last}") if int(first) < int(last) else None


def era_year(candidate: Candidate, context: Context) -> Resolved | None:
    """ "44 BC", "AD 79"."""
    figures = candidate.fields["year"][0].replace(",", "")
    if not figures.isdecimal() or not 1 <= int(figures) <= 9999:
        return None
    before = candidate.fields["era"][0].startswith("b")
    return explicit(f"BC{int(figures):04d}" if before else f"{int(figures):04d}")


def decade(candidate: Candidate, context: Context) -> Resolved | None:
    """ "the 1990s", "the late '80s", "the nineties": the last such decade begun by then."""
    words = candidate.fields["decade"]
    digits = re.sub(r"\D", "", words[0])
    if words[0][:1].isdecimal() and len(digits) == 2 and not _named_decade(candidate):
        return None
    if len(digits) == 4:
        return explicit(digits[:2] if digits[2] == "0" and digits < "1900" else digits[:3])
    tens = int(digits[0]) if digits else int(entry(words[-1:]))
    if len(words) > 1:
        return explicit(f"{int(entry(words[:1]))}{tens}")
    century = context.pivot // 100 - (tens * 10 > context.pivot % 100)
    return explicit(f"{century}{tens}")


def _named_decade(candidate: Candidate) -> bool:
    """ "the early 60s" as against an age ("in his 60s") or a temperature ("in the low 60s")."""
    first = candidate.tokens.words(candidate.first, candidate.first + 1)
    return first == ("the",) and following(candidate) not in ("FIGURE", "PCT", "AND", "OR")


def century(candidate: Candidate, context: Context) -> Resolved | None:
    """ "the 11th century"."""
    number = ordinal(candidate.fields["ordinal"])
    if not 1 <= number <= 30:
        return None
    before = candidate.fields.get("era", ("",))[0].startswith("b")
    return explicit(f"{'BC' if before else ''}{number - 1:02d}")


def holiday(candidate: Candidate, context: Context) -> Resolved | None:
    """ "Christmas", "last Thanksgiving", "New Year's Day 2014"."""
    code = str(entry(candidate.fields["holiday"]))
    if len(code) == 10:
        return explicit(code)
    y = stated_year(candidate, context)
    if y is not None:
        return dated(calendar.holiday(code, y).isoformat(), _basis(candidate))
    here = context.document_date
    if here is None:
        fixed = len(code) == 5
        return dated(f"{NO_YEAR}-{code}" if fixed else NO_DAY, DateBasis.YEAR_UNKNOWN)
    days = [calendar.holiday(code, y) for y in range(here.year - 1, here.year + 2)]
    found = _related_day(days, here, candidate) or context.nearest(days, candidate)
    return anchored(found, "D") if found else None


def _related_day(days: list[date], here: date, candidate: Candidate) -> date | None:
    step = relation(candidate.fields.get("relation", ()))
    if step < 0:
        return max((d for d in days if d < here), default=None)
    return min((d for d in days if d > here), default=None) if step else None
