"""Two dates that bound one time: "from May to July", "between 1914 and 1918"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from testimonia.model import DateBasis, Span, Timex, TimexType
from testimonia.reading.times.edtf import extent
from testimonia.reading.times.lexicon import lexicon

_OPENING = re.compile(r"(?:\A|[^\w-])(from|between)\s{1,3}\Z", re.IGNORECASE)
_JOINT = re.compile(r"\s{1,3}(to|until|till|through|and)\s{1,3}(?:the\s{1,3})?", re.IGNORECASE)
_DATE = re.compile(r"(?:\d{4}|XXXX)(?:-\d\d(?:-\d\d)?)?")
_NEAR = 16  # code points before the first date that are looked at
_MOVED = 60  # and those before that, for a verb of moving
_WORD = re.compile(r"[^\W\d_]+")


def joined(text: str, times: Sequence[Timex]) -> tuple[Timex, ...]:
    """The times, each two that bound one made one, whose TIMEX3 value is "first/last".

    Both are days, months or years, the first the earlier; not where something is moved "from
    May to July", which names two.
    """
    kept: list[Timex] = []
    for timex in times:
        whole = _whole(text, kept[-1], timex) if kept else None
        if whole is None:
            kept.append(timex)
        else:
            kept[-1] = whole
    return tuple(kept)


def _whole(text: str, first: Timex, last: Timex) -> Timex | None:
    if not _are_bounds(first, last):
        return None
    joint = _JOINT.fullmatch(text, first.span.end, last.span.start)
    start = first.span.start
    opening = _OPENING.search(text[max(start - _NEAR, 0) : start])
    if joint is None or opening is None or _is_moved(text[max(start - _MOVED, 0) : start]):
        return None
    if (opening.group(1).lower() == "between") != (joint.group(1).lower() == "and"):
        return None
    value = f"{first.value}/{last.value}"
    place = extent(value)
    anchored = DateBasis.ANCHORED in (first.basis, last.basis)
    return replace(
        first,
        span=Span(start, last.span.end),
        value=value,
        edtf=place.edtf,
        earliest=place.earliest,
        latest=place.latest,
        month_day=None,
        basis=DateBasis.ANCHORED if anchored else first.basis,
    )


def _are_bounds(first: Timex, last: Timex) -> bool:
    values = (first.value, last.value)
    if first.type is not TimexType.DATE or last.type is not TimexType.DATE:
        return False
    same = len(values[0]) == len(values[1]) and all(map(_DATE.fullmatch, values))
    return same and (values[0] < values[1] or values[0].startswith("XXXX"))


def _is_moved(before: str) -> bool:
    words = _WORD.findall(before.rpartition(".")[2].lower())
    return not lexicon().moving.isdisjoint(words)
