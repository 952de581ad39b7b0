"""Text → tokens, each with the symbol of its class: one pass, linear in the text's length."""

from __future__ import annotations

import re
from dataclasses import dataclass

from testimonia.reading.times.lexicon import Lexicon, lexicon

# Possessive quantifiers: a token is never given back, so hostile runs cost one pass.
_TOKEN = re.compile(
    r"""
    (?P<stamp>\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?(?![\w:-]))
  | (?P<word>[^\W\d_]++)(?!\w)
  | (?P<figure>\d++(?:[.,:/–—-]\d++)*+(?:['’]s|(?:st|nd|rd|th|s)(?!\w))?+)(?!\w)
  | (?P<glued>\d{1,2}(?:[:.]\d\d)?)(?=[aApP]\.?[mM]\b)
  | (?P<junk>\w++)
  | (?P<poss>['’]s(?!\w))
  | (?P<decade>['’‘`]\d0['’]?s(?!\w))
  | (?P<year>(?<![\w'’])['’‘`]\d\d(?![\w'’]))
  | (?P<gap>\n[ \t]*\n\s*+)
  | (?P<mark>[^\w\s])
    """,
    re.VERBOSE,
)
_SHAPE = re.compile(
    r"""
    (?P<ISO>\d{4}-\d\d-\d\d)
  | (?P<SLASHED>\d{1,2}/\d{1,2}/(?:\d{4}|\d\d)|\d{4}/\d\d/\d\d|\d{1,2}-\d{1,2}-\d{4})
  | (?P<COMPACT>(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])
             |(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])-\d\d)
  | (?P<DOTTED>\d{1,2}\.\d{1,2}\.\d{4})
  | (?P<YEAR_RANGE>(?:1\d|20)\d\d[-–—/](?:1\d|20)\d\d|(?:1[6-9]|20)\d\d[-–—/]\d\d)
  | (?P<DAY_RANGE>\d{1,2}[-–—]\d{1,2})
  | (?P<CLOCK>(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?|(?:1[0-2]|0?[1-9])\.[0-5]\d(?=[ap]))
  | (?P<DECADE>(?:1[0-9]|20)\d0['’]?s)
  | (?P<SHORT_DECADE>[2-9]0['’]?s)
  | (?P<ORD_DIGIT>\d{1,2}(?:st|nd|rd|th))
  | (?P<FRACTION>1/[2-9]|2/3|3/[45])
  | (?P<MILITARY>0\d[0-5]\d)
  | (?P<N>\d{1,3}(?:,\d{3})+|\d+)
  | (?P<DEC>\d+\.\d+|\d{1,3}(?:,\d{3})+\.\d+)
    """,
    re.VERBOSE,
)
_FISCAL_YEAR = re.compile(r"FY(?:\d{4}|\d\d)")
_MARKS = {
    **dict.fromkeys("-‐‑", "HYPHEN"),
    **dict.fromkeys("–—−", "DASH"),
    **dict.fromkeys("$£€¥#₽₹", "CURRENCY"),
    **dict.fromkeys("%°", "PCT"),
    **dict.fromkeys(";!?", "BREAK"),
    ",": "COMMA",
    ".": "DOT",
    "(": "LPAR",
    ")": "RPAR",
    "/": "SLASH",
    "&": "AND",
}
_LONGEST_FIGURE = 24  # longer runs of digits are no date


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of ``text``: offsets in code points, and one symbol a token."""

    text: str
    starts: list[int]
    ends: list[int]
    symbols: str

    def words(self, first: int, end: int) -> tuple[str, ...]:
        """The tokens from ``first`` up to ``end``, in lower case."""
        return tuple(
            self.text[self.starts[i] : self.ends[i]].lower()
            for i in range(max(first, 0), min(end, len(self.starts)))
        )


def tokenize(text: str) -> Tokens:
    """Tokens of ``text``; one token for a form of several words that the lexicon knows."""
    words = lexicon()
    starts: list[int] = []
    ends: list[int] = []
    names: list[str] = []
    done = 0
    for found in _TOKEN.finditer(text):
        start, end = found.span()
        if start < done:
            continue
        name = _kind(found, words, names)
        if found.lastgroup == "word" and (joined := _joined(text, found, words)):
            end, name = joined
        done = end
        starts.append(start)
        ends.append(end)
        names.append(name)
    return Tokens(text, starts, ends, "".join(map(words.symbols.__getitem__, names)))


def _joined(text: str, found: re.Match[str], words: Lexicon) -> tuple[int, str] | None:
    pattern = words.several.get(found.group().lower())
    match = pattern.match(text, found.start()) if pattern else None
    if match is None or match.end() == found.end():
        return None
    form = " ".join(match.group().lower().split())
    return match.end(), words.classes[form]


def _kind(found: re.Match[str], words: Lexicon, before: list[str]) -> str:
    group, token = found.lastgroup, found.group()
    if group == "word":
        return _word_class(token, words)
    if group == "figure":
        return _figure_class(token, words, before)
    if group == "glued":
        return _integer_class(token) if token.isdecimal() else "CLOCK"
    if group == "junk":
        fiscal = "FISCAL_YEAR" if _FISCAL_YEAR.fullmatch(token) else "JUNK"
        return words.classes.get(token.lower(), fiscal)
    if group == "mark":
        return _MARKS.get(token, "JUNK")
    return _OTHER_GROUPS[group or "gap"]


_OTHER_GROUPS = {
    "stamp": "STAMP",
    "poss": "POSS",
    "decade": "SHORT_DECADE",
    "year": "APOS_YEAR",
    "gap": "BREAK",
}


def _word_class(token: str, words: Lexicon) -> str:
    form = token.lower()
    name = words.classes.get(form)
    if name is not None and (name not in words.capital or token[0].isupper()):
        return name
    if token[0].isupper():
        return "CAP"
    return "PLURAL" if form.endswith("s") and len(form) > 3 and not form.endswith("ss") else "WORD"


def _figure_class(token: str, words: Lexicon, before: list[str]) -> str:
    if len(token) > _LONGEST_FIGURE or (before and before[-1] in ("CURRENCY", "LABELLED")):
        return "JUNK"
    if before[-2:] == ["LABELLED", "DOT"]:
        return "JUNK"
    if token in words.classes:
        return words.classes[token]
    shape = _SHAPE.fullmatch(token)
    if shape is None:
        return "JUNK"
    name = shape.lastgroup or "JUNK"
    if name == "N":
        return _integer_class(token)
    return _hyphenated_years(token) if name == "YEAR_RANGE" else name


def _hyphenated_years(token: str) -> str:
    """2013-14 is two years, 2014-03 a month; 2003-08 could be both and is read as years."""
    first, last = int(token[:4]), token[5:]
    if len(last) == 4:
        return "YEAR_RANGE" if first < int(last) else "JUNK"
    if int(last) > first % 100:
        return "YEAR_RANGE"
    return "YEAR_MONTH" if token[4] == "-" and 1 <= int(last) <= 12 else "JUNK"


def _integer_class(token: str) -> str:
    if "," in token or len(token) > 4:
        return "N"
    value = int(token)
    if len(token) == 4:
        return _year_class(token, value)
    for limit, name in ((0, "N99"), (12, "N12"), (24, "N24"), (31, "N31"), (99, "N99")):
        if value <= limit:
            return name
    return "N"


def _year_class(token: str, value: int) -> str:
    if 1900 <= value <= 2099:
        return "YS"
    if 1000 <= value <= 1899:
        return "YW" if value >= 1700 else "YO"
    return "MILITARY" if value < 1000 and int(token[2:]) < 60 else "N"
