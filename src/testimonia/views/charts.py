"""Bars and columns: how often, and when. A table with the same numbers stands beside each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from testimonia.views.svg import Figure, Markup, element, number, picture, text

# Beyond these a picture is no picture any more: the table goes on.
MOST_BARS: Final = 30
MOST_COLUMNS: Final = 400

_WIDTH: Final = 640.0
_LABEL: Final = 220.0
_VALUE: Final = 56.0
_ROW: Final = 26.0
_LABEL_COLUMNS: Final = 30
_HEIGHT: Final = 180.0
_MARGIN: Final = 34.0
_LABEL_EVERY: Final = 58.0


@dataclass(frozen=True, slots=True)
class Bar:
    """A label and its parts, one for each series, none negative."""

    label: str
    parts: tuple[int, ...]

    @property
    def total(self) -> int:
        """All parts together."""
        return sum(self.parts)


def bars(id_: str, title: str, series: Sequence[str], rows: Sequence[Bar]) -> Figure:
    """Lying bars, the first ``MOST_BARS`` of ``rows`` at most; each part in its series' colour."""
    shown = rows[:MOST_BARS]
    most = max((row.total for row in shown), default=0) or 1
    scale = (_WIDTH - _LABEL - _VALUE) / most
    legend = _legend(series) if len(series) > 1 else []
    top = _ROW if legend else 0.0
    content = list(legend)
    for place, row in enumerate(shown):
        content += _bar(row, top + place * _ROW, scale)
    height = top + max(1, len(shown)) * _ROW
    return picture(id_, title, _told(series, rows, len(shown)), _WIDTH, height, *content)


def columns(id_: str, title: str, series: Sequence[str], rows: Sequence[Bar]) -> Figure:
    """Standing columns in a line, for what happens in time; the first ``MOST_COLUMNS`` of them."""
    shown = rows[:MOST_COLUMNS]
    most = max((row.total for row in shown), default=0) or 1
    width = (_WIDTH - _MARGIN) / max(1, len(shown))
    legend = _legend(series) if len(series) > 1 else []
    top = _ROW if legend else 12.0
    content = [*legend, *_scale(most, top)]
    every = max(1, round(_LABEL_EVERY / width + 0.5))
    for place, row in enumerate(shown):
        x = _MARGIN + place * width
        content += _column(row, x, width, top, _HEIGHT / most)
        if place % every == 0:
            middle = x + width / 2
            content.append(
                text(row.label, middle, top + _HEIGHT + 16, class_="tick", text_anchor="middle")
            )
    told = _told(series, rows, len(shown))
    return picture(id_, title, told, _WIDTH, top + _HEIGHT + 24, *content)


def _bar(row: Bar, y: float, scale: float) -> list[Markup]:
    made = [text(row.label, _LABEL - 8, y + 17, most=_LABEL_COLUMNS, text_anchor="end")]
    x = _LABEL
    for index, part in enumerate(row.parts):
        if part:
            made.append(
                element(
                    "rect",
                    x=x,
                    y=y + 4,
                    width=max(1.0, part * scale),
                    height=_ROW - 8,
                    class_=f"series-{index + 1}",
                )
            )
            x += max(1.0, part * scale)
    made.append(text(f"{row.total:,}", x + 6, y + 17, class_="tick"))
    return made


def _column(row: Bar, x: float, width: float, top: float, scale: float) -> list[Markup]:
    made = []
    y = top + _HEIGHT
    gap = min(2.0, width * 0.15)
    for index, part in enumerate(row.parts):
        if part:
            height = max(1.0, part * scale)
            y -= height
            made.append(
                element(
                    "rect",
                    x=x + gap,
                    y=y,
                    width=max(0.8, width - 2 * gap),
                    height=height,
                    class_=f"series-{index + 1}",
                )
            )
    return made


def _scale(most: int, top: float) -> list[Markup]:
    """Two lines: nothing, and the most."""
    return [
        mark
        for value, y in ((0, top + _HEIGHT), (most, top))
        for mark in (
            element("line", x1=_MARGIN, x2=_WIDTH, y1=y, y2=y, class_="grid"),
            text(f"{value:,}", _MARGIN - 6, y + 4, class_="tick", text_anchor="end"),
        )
    ]


def _legend(series: Sequence[str]) -> list[Markup]:
    made = []
    x = 0.0
    for index, name in enumerate(series, start=1):
        made.append(element("rect", x=x, y=4, width=14, height=14, class_=f"series-{index}"))
        made.append(text(name, x + 19, 16, class_="tick"))
        x += 40 + 7.2 * len(name)
    return made


def _told(series: Sequence[str], rows: Sequence[Bar], shown: int) -> str:
    """The picture in a sentence or two, for who hears it."""
    if not rows:
        return "There is nothing to show."
    most = max(rows, key=lambda row: row.total)
    kinds = f" Each is divided into {', '.join(series)}." if len(series) > 1 else ""
    left = f" The first {shown} of {len(rows)} are drawn." if shown < len(rows) else ""
    return (
        f"{len(rows)} {'bar' if len(rows) == 1 else 'bars'}, {sum(each.total for each in rows):,} "
        f"in all; the longest is {most.label} with {most.total:,}.{kinds}{left}"
        " The table has all numbers."
    )


def percent(part: int, whole: int) -> str:
    """``37.5%``; of nothing a dash."""
    return f"{number(100 * part / whole)}%" if whole else "–"
