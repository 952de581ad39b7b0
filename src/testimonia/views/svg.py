"""SVG as text: everything that comes from outside is escaped, whatever it holds.

Colours are classes of the style sheet, so that a picture has them by day, by night and in print.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from html import escape
from typing import Final

# XML 1.0, section 2.2: what no document may hold, not even escaped.
_ILLEGAL: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# They would turn round what follows them (Unicode Standard Annex 9, section 2).
_DIRECTING: Final = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")
_JOINING: Final = frozenset("\u200d\ufe0e\ufe0f")
_NAME: Final = re.compile(r"[A-Za-z][\w-]*")


@dataclass(frozen=True, slots=True)
class Markup:
    """Text that is SVG already."""

    text: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture with its title and, in words, what it shows; ``id`` tells it from others."""

    id: str
    title: str
    description: str
    svg: Markup


def clean(words: str) -> str:
    """``words`` on one line, without what XML may not hold or what turns text round."""
    line = " ".join(_ILLEGAL.sub("\ufffd", words).split())
    return _DIRECTING.sub("", line)


def element(name: str, *children: str | Markup, **attributes: object) -> Markup:
    """An element. ``class_`` is ``class``, ``font_size`` is ``font-size``; ``None`` is left out.

    Raises:
        ValueError: that is no name of an element or an attribute.
    """
    written = [name]
    for key, value in attributes.items():
        attribute = key.rstrip("_").replace("_", "-")
        if not _NAME.fullmatch(attribute):
            raise ValueError(f"not a name: {attribute!r}")
        if value is not None:
            written.append(f'{attribute}="{_attribute(value)}"')
    inside = "".join(_child(each) for each in children)
    return Markup(f"<{' '.join(written)}>{inside}</{name}>")


def picture(id_: str, title: str, description: str, width: float, height: float, *content: Markup,
            linked: bool = False) -> Figure:  # fmt: skip
    """A whole picture, named and described for who cannot see it.

    ``linked``: there are links in it, so it is a group and no image.
    """
    role = "group" if linked else "img"
    svg = element(
        "svg",
        element("title", clean(title), id=f"{id_}-title"),
        element("desc", clean(description), id=f"{id_}-desc"),
        *content,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(width)} {number(height)}",
        class_="chart",
        role=role,
        aria_labelledby=f"{id_}-title",
        aria_describedby=f"{id_}-desc",
    )
    return Figure(id_, title, description, svg)


def text(words: str, x: float, y: float, *, most: int = 0, **attributes: object) -> Markup:
    """Words at a point, cut to ``most`` columns (0: not cut); the whole is their tooltip."""
    whole = clean(words)
    shown = shortened(whole, most) if most else whole
    tooltip = [element("title", whole)] if shown != whole else []
    return element("text", *tooltip, shown, x=x, y=y, **attributes)


def shortened(words: str, most: int) -> str:
    """The beginning of ``words`` that takes at most ``most`` columns, with an ellipsis if it is
    cut; never within a character that is made of several code points."""
    if columns(words) <= most:
        return words
    taken, used = 0, 0
    for at, character in enumerate(words):
        used += _columns(character)
        if used > most - 1:
            break
        if at + 1 == len(words) or not _belongs_to_last(words, at + 1):
            taken = at + 1
    return words[:taken].rstrip() + "…"


def columns(words: str) -> int:
    """About how wide ``words`` are, in columns of a terminal (Unicode Standard Annex 11)."""
    return sum(map(_columns, words))


def number(value: float) -> str:
    """A coordinate, to a tenth."""
    return f"{value:.1f}".rstrip("0").rstrip(".") if value else "0"


def _columns(character: str) -> int:
    if unicodedata.combining(character) or character in _JOINING:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _belongs_to_last(words: str, at: int) -> bool:
    """Whether the code point at ``at`` makes one character with that before it."""
    here = words[at]
    category = unicodedata.category(here)
    return category in ("Mn", "Me", "Mc") or here in _JOINING or words[at - 1] == "\u200d"


def _child(child: str | Markup) -> str:
    return child.text if isinstance(child, Markup) else escape(_ILLEGAL.sub("\ufffd", child))


def _attribute(value: object) -> str:
    if isinstance(value, float | int):
        return number(value)
    return escape(_ILLEGAL.sub("\ufffd", str(value)))
