"""Quotations: stretches between quotation marks of any style, balanced or not.

Marks are matched paragraph by paragraph: a quotation that is still open at the end of one runs
to that end, and the next paragraph may open with the mark again (the printers' rule for
quotations of several paragraphs).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from testimonia.model import Span
from testimonia.reading.syntax import Parse, Token
from testimonia.reading.wordnet import first_sense

_OPENING = "“„«‟‹"
_CLOSING = {"“": "”“", "„": "“”‟", "«": "»", "‟": "”", "‹": "›", "‘": "’", "‚": "‘’"}
# Marks that close each other in careless text, and the one that always does.
_MIXED = {"“": '”"“', '"': '"”'}
_PARTNER = {"“": "”", '"': '"'}
_MARK = re.compile(r"``|''|[“”„«»‟‹›\"＂]|(?<!\w)[‘'‚](?=\w)|[’'](?!\w)")
# A blank line; or a line end, unless the next line goes on in lower case (hard-wrapped text).
_BREAK = re.compile(r"\n[ \t]*(?:\n\s*|(?![\sa-z]))")
_ENDS = frozenset(" \t\n.,;:!?)]")
_CLOSERS = frozenset(".,!?;)]%")
_LONGEST_SINGLE = 600  # code points; single marks are apostrophes too, so they must close soon


@dataclass(frozen=True, slots=True)
class Quotation:
    """One quotation, marks included: tokens ``first`` to ``last`` (exclusive).

    ``speech`` tells a quotation of what somebody said from scare quotes, titles and single words:
    it is a clause, or a stretch of several words. ``open`` is set where no closing mark was found.
    """

    first: int
    last: int
    open: bool
    speech: bool


def paragraphs(text: str) -> Iterator[Span]:
    """The paragraphs of a text, blank ones left out."""
    start = 0
    for mark in _BREAK.finditer(text):
        if mark.start() > start:
            yield Span(start, mark.start())
        start = mark.end()
    if start < len(text):
        yield Span(start, len(text))


def find_quotations(parse: Parse) -> tuple[Quotation, ...]:
    """All quotations in textual order; none overlaps another (the outermost is kept)."""
    found: list[Quotation] = []
    for paragraph in paragraphs(parse.text):
        for span, is_open in _pairs(parse.text, paragraph):
            within = parse.within(span)
            if len(within) > 1 and (not found or found[-1].last <= within.start):
                speech = _is_speech(parse, within)
                found.append(Quotation(within.start, within.stop, is_open, speech))
    return tuple(found)


def _pairs(text: str, paragraph: Span) -> Iterator[tuple[Span, bool]]:
    """Spans between matching marks, with whether the closing one is missing."""
    opening: re.Match[str] | None = None
    inner: str | None = None  # a mark of another style, open inside: “She said "now" and left.”
    for mark in _MARK.finditer(text, paragraph.start, paragraph.end):
        if opening is None:
            if _can_open(text, mark):
                opening, inner = mark, None
        elif inner is not None and mark.group() in _MIXED[inner]:
            inner = None
        elif _closes(text, opening, mark):
            yield Span(opening.start(), mark.end()), False
            opening = None
        elif _outranks(text, opening, mark):
            opening = mark
        elif mark.group() in _MIXED and _can_open(text, mark):
            inner = mark.group()
    if opening is not None and opening.group() not in "‘'‚":
        yield Span(opening.start(), paragraph.end), True


def _can_open(text: str, mark: re.Match[str]) -> bool:
    """Whether the mark opens: by its form, or else by the space around it."""
    sign = mark.group()
    if sign in _OPENING or sign == "``":
        return True
    if sign in "‘'‚":
        return _closed_soon(text, mark)
    if sign in "”»›’":
        return False
    before, after = _beside(text, mark)
    return bool(after) and after not in _ENDS and not (before.isalnum() or before in _CLOSERS)


def _beside(text: str, mark: re.Match[str]) -> tuple[str, str]:
    """The characters before and after a mark, empty at the text's ends."""
    return text[max(mark.start() - 1, 0) : mark.start()], text[mark.end() : mark.end() + 1]


def _closed_soon(text: str, mark: re.Match[str]) -> bool:
    """Whether a single mark has a partner near by, so that it is no apostrophe."""
    partner = "’" if mark.group() in "‘‚" else "'"
    end = text.find(partner, mark.end(), mark.end() + _LONGEST_SINGLE)
    while end >= 0 and end + 1 < len(text) and text[end + 1].isalnum():
        end = text.find(partner, end + 1, mark.end() + _LONGEST_SINGLE)
    return end > 0 and "\n" not in text[mark.end() : end] and _is_quote_end(text, end)


def _is_quote_end(text: str, end: int) -> bool:
    """Whether a single mark ends a quotation and is no plural possessive ("voters’ choice")."""
    before, after = text[end - 1], text[end + 1 : end + 2]
    return before in ".,!?" or (not before.isspace() and (not after or after in ".,;:!?)\n "))


def _closes(text: str, opening: re.Match[str], mark: re.Match[str]) -> bool:
    """Whether the mark ends the quotation: its partner, or one of another style where the space
    around it shows that it cannot open ("“No," he said", "“No?“ he said")."""
    sign, last = opening.group(), mark.group()
    if sign == "``":
        return last in ("''", '"')
    if last in _MIXED.get(sign, "") and last != _PARTNER.get(sign):
        return _ends_words(text, mark)
    if sign in _CLOSING:
        return last in _CLOSING[sign] and not (sign == "“" == last)
    return last == sign


def _ends_words(text: str, mark: re.Match[str]) -> bool:
    """Whether words or their full stop stand right before the mark, and none right behind it."""
    before, after = _beside(text, mark)
    return not before.isspace() and (not after or after in _ENDS or after in "—–-”’")


def _outranks(text: str, opening: re.Match[str], mark: re.Match[str]) -> bool:
    """Whether a second opening mark shows that the first was never closed."""
    return opening.group() == mark.group() and mark.group() in _OPENING


def _is_speech(parse: Parse, within: range) -> bool:
    """Whether the quoted words make a clause or a longer phrase, not a name or a single word."""
    tokens = [parse.tokens[i] for i in within]
    words = [token for token in tokens if token.pos not in ("PUNCT", "SPACE", "SYM")]
    if _names_work(parse, within.start, words):
        return False
    if len(words) >= 6:
        return True
    if any(token.tag in ("VBZ", "VBP", "VBD", "MD", "VB") for token in words):
        return len(words) >= 2
    return len(tokens) > 2 and tokens[-2].text in (",", "?", "!", ".") and len(words) >= 2


def _names_work(parse: Parse, first: int, words: list[Token]) -> bool:
    """Whether the words are a work's title, its kind before it: "In her memoir, “Wet Feet,” …"."""
    before = first - 2 if first > 1 and parse.tokens[first - 1].text == "," else first - 1
    if before < 0 or parse.tokens[before].pos != "NOUN" or len(words) < 2:
        return False
    title = words[0].text[:1].isupper() and all(
        word.text[:1].isupper() or word.pos in ("DET", "ADP", "CCONJ", "PART") for word in words
    )
    return title and first_sense(parse.tokens[before].lemma.lower()) == "communication"


def token_quotations(parse: Parse, quotations: tuple[Quotation, ...]) -> tuple[int, ...]:
    """Per token the index of its quotation, -1 outside any."""
    quoted = [-1] * len(parse.tokens)
    for number, quotation in enumerate(quotations):
        quoted[quotation.first : quotation.last] = [number] * (quotation.last - quotation.first)
    return tuple(quoted)


def token_paragraphs(parse: Parse) -> tuple[int, ...]:
    """Per token the number of its paragraph."""
    numbers: list[int] = []
    number = 0
    end = 0
    for token in parse.tokens:
        if end and token.start > end:
            number += _BREAK.search(parse.text, end, token.start + 1) is not None
        numbers.append(number)
        end = token.end
    return tuple(numbers)
