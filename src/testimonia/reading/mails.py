"""Quoted mail: lines that begin with ">", and the line before them that tells whose they are.

"On Mon, 12 May 2014, Ann Lee wrote:". Read from the text alone, before it is parsed. The marks are
those of RFC 3676, section 4.5; the line before them is a custom of mail programs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from testimonia.model import Span

_LINE = re.compile(r"[^\n]*\n?")
_MARKS = re.compile(r"[ \t]{0,3}>(?:[ \t]?>)*(?!=)")
# Who wrote, at the end of an introduction: a name of capitalised words, its address behind it, or
# an address alone.
_WRITER = re.compile(
    r"(?P<name>(?:[^\W\d_][\w.'’\-]*[ \t]+){0,3}?[^\W\d_][\w.'’\-]*|[\w.+\-]+@[\w.\-]+)"
    r"[\"”]?\s*(?:[<(\[][^<>()\[\]]*@[^<>()\[\]]*[>)\]])?[\s>]+(?P<cue>wrote|writes)[ \t]*:[\s>]*\Z"
)
_NO_NAMES = re.compile(r"(?:On|AM|PM|am|pm|UTC|GMT|at)[ \t]+")
_LONGEST_INTRODUCTION = 300  # code points, on two lines at most
_DEEPEST = 8


@dataclass(frozen=True, slots=True)
class QuotedMail:
    """One stretch of quoted lines, marks included, with the writer and the verb before it where
    they are told."""

    words: Span
    writer: Span | None
    cue: Span | None
    introduction: Span | None


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    depth: int
    words: int  # where they begin, behind the marks


def unmarked(text: str) -> str:
    """The text with white space for the marks of quoted lines, so that offsets hold for both; a
    paragraph begins where they do."""
    if ">" not in text:
        return text
    pieces, at, depth = [], 0, 0
    for line in _lines(text):
        if line.depth:
            opening = "\n" if line.depth != depth else " "
            pieces += [text[at : line.start], opening, " " * (line.words - line.start - 1)]
            at = line.words
        depth = line.depth
    return "".join((*pieces, text[at:]))


def find_quoted_mail(text: str) -> tuple[QuotedMail, ...]:
    """The quoted stretches of a text in order, those inside others too; none where no line is
    quoted."""
    if ">" not in text:
        return ()
    lines = list(_lines(text))
    deepest = min(_DEEPEST, max((line.depth for line in lines), default=0))
    found = [each for depth in range(1, deepest + 1) for each in _of_depth(text, lines, depth)]
    return tuple(sorted(found, key=lambda each: (each.words.start, -each.words.end)))


def _lines(text: str) -> Iterator[_Line]:
    for found in _LINE.finditer(text):
        if found.start() == found.end():
            break
        marks = _MARKS.match(text, found.start(), found.end())
        words = marks.end() if marks else found.start()
        depth = marks.group().count(">") if marks else 0
        yield _Line(found.start(), found.end(), depth, words)


def _of_depth(text: str, lines: list[_Line], depth: int) -> Iterator[QuotedMail]:
    first = 0
    while first < len(lines):
        last = first
        while last < len(lines) and lines[last].depth >= depth:
            last += 1
        if last > first:
            mail = _mail(text, lines, first, last, depth)
            if mail is not None:
                yield mail
        first = last + 1


def _mail(text: str, lines: list[_Line], first: int, last: int, depth: int) -> QuotedMail | None:
    inside = [line for line in lines[first:last] if text[line.words : line.end].strip()]
    if not inside:
        return None
    start, end = inside[0].words, inside[-1].end
    start += len(text[start:end]) - len(text[start:end].lstrip())
    words = Span(start, start + len(text[start:end].rstrip()))
    before = first
    while before and not text[lines[before - 1].words : lines[before - 1].end].strip():
        before -= 1
    for count in (1, 2):
        at = before - count
        if at < 0 or lines[at].depth != depth - 1:
            break
        introduction = Span(lines[at].words, lines[before - 1].end)
        found = _writer(text, introduction)
        if found is not None:
            return QuotedMail(words, *found, introduction)
    return QuotedMail(words, None, None, None)


def _writer(text: str, introduction: Span) -> tuple[Span, Span] | None:
    """The name and the verb of an introduction, on one line or on two."""
    if len(introduction) > _LONGEST_INTRODUCTION:
        return None
    found = _WRITER.search(text, introduction.start, introduction.end)
    if found is None:
        return None
    start = found.start("name")
    while skipped := _NO_NAMES.match(text, start, found.end("name")):
        start = skipped.end()
    name = Span(start, found.end("name"))
    capitals = all(word[0].isupper() for word in name.of(text).split()[:1])
    if not capitals and "@" not in name.of(text):
        return None
    return name, Span(found.start("cue"), found.end("cue"))
