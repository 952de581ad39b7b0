"""The turns of transcripts and interviews: who speaks, told by a label at the start of a line.

"MS. OKORO: …", "Q: …", "SPEAKER (angrily): …". Read from the text alone, before it is parsed.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from testimonia.model import Span
from testimonia.reading.wordnet import first_sense

_LONGEST = 6  # words of a label
_LABEL = re.compile(
    r"^[ \t]*(?P<label>[^\W\d_][\w.'’ \-]{0,60}?)"
    r"(?P<manner>[ \t]*\([^()\n]{1,40}\))?[ \t]*(?P<mark>:)[ \t]+(?=\S)",
    re.MULTILINE,
)
# A question and its answer may share a line.
_EXCHANGE = re.compile(
    r"(?:^[ \t]*|(?<=[.?!…”\"])[ \t]+)(?P<label>[QA])(?P<mark>[:.])[ \t]+(?=\S)", re.M
)
_LAYOUT = re.compile(r"\n[ \t]*\n")
_SMALL = frozenset({"the", "of", "de", "la", "van", "von", "for"})


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn: the label without what stands in brackets, the colon, the words."""

    label: Span
    mark: int
    words: Span


def find_turns(text: str) -> tuple[Turn, ...]:
    """The turns of a text in order; none where it is no transcript.

    A turn goes on to the next label, over paragraphs; the last one to the end of its own. Labels
    are names with a title, roles of people, "Q" beside "A", and capitals that come again; so a
    list ("Ingredients: …") and a score ("Rovers 3-1 United: …") are none.
    """
    labels = _labels(text)
    turns = []
    for number, found in enumerate(labels):
        last = number == len(labels) - 1
        end = len(text) if last else labels[number + 1].start()
        words = _words(text, found.end(), end, whole=not last)
        if words is not None:
            label = Span(found.start("label"), found.end("label"))
            turns.append(Turn(label, found.start("mark"), words))
    return tuple(turns)


def _labels(text: str) -> list[re.Match[str]]:
    exchange = list(_EXCHANGE.finditer(text))
    if len({found["label"] for found in exchange}) < len("QA"):
        exchange = []
    named = [found for found in _LABEL.finditer(text) if len(found["label"]) > 1]
    said = Counter(found["label"] for found in named if _is_said(text, found))
    taken = _taken(said, among_others=bool(exchange))
    found = exchange + [each for each in named if each["label"] in taken or _by_manner(each)]
    if len(found) == 1 and not (_has_honorific(found[0]["label"]) or _by_manner(found[0])):
        return []
    return sorted(found, key=lambda each: each.start())


def _is_said(text: str, found: re.Match[str]) -> bool:
    """Whether a line behind its label ends as sentences do, unlike one of a table."""
    stop = text.find("\n", found.end())
    line = text[found.end() : stop if stop >= 0 else len(text)].rstrip("\"'”’)] \t")
    return found["label"].isupper() or line[-1:] in tuple(".?!…—-")


def _taken(counted: Counter[str], *, among_others: bool) -> set[str]:
    """Which labels name speakers: by title or role; capitals and names where they come again."""
    taken = {label for label in counted if _has_title(label) or _is_role(label)}
    shouted = {label for label in counted if label.isupper() and not _is_thing(label)}
    if among_others or taken or any(counted[label] > 1 for label in shouted):
        taken |= shouted
    names = {label for label in counted if _is_capitalised(label) and not _is_thing(label)}
    if among_others or sum(counted[label] for label in taken) > 1:
        return taken | {label for label in names if len(label.split()) > 1}
    again = {label for label in names if counted[label] > 1}
    return taken | (again if len(again) > 1 else set())


def _by_manner(found: re.Match[str]) -> bool:
    """Whether brackets tell how it was said, or what the speaker is: "Lee (angrily): …"."""
    label = found["label"]
    return bool(found["manner"]) and not _is_thing(label) and _is_capitalised(label)


def _has_honorific(label: str) -> bool:
    first, *rest = label.split()
    return bool(rest) and first.rstrip(".").lower() in honorifics() and _is_capitalised(label)


def _has_title(label: str) -> bool:
    """Whether a label is a name behind a title: "Mr. Webb", "MS. OKORO", "Judge Ann Lee"."""
    first, *rest = label.split()
    office = bool(rest) and first.rstrip(".").lower() in _offices() and _is_capitalised(label)
    return office or _has_honorific(label)


def _is_role(label: str) -> bool:
    """Whether a label names what people are: "Interviewer", "The Speaker", "KEEPER'S WIFE"."""
    head = re.split(r"\s(?:of|for)\s", label)[0].split()[-1].lower()
    return _is_capitalised(label) and (head in _offices() or first_sense(head) == "person")


def _is_thing(label: str) -> bool:
    head = label.split()[-1].lower()
    kind = first_sense(head) or first_sense(head.removesuffix("s"))
    return kind is not None and kind not in ("person", "group")


def _is_capitalised(label: str) -> bool:
    words = label.split()
    capital = all(word[0].isupper() or word.lower() in _SMALL for word in words)
    return capital and len(words) <= _LONGEST


def _words(text: str, start: int, end: int, *, whole: bool) -> Span | None:
    """The turn's words; what stands in brackets or capitals on lines of its own at its end left
    out, as are paragraphs behind the last turn."""
    blocks = []
    at = start
    for gap in _LAYOUT.finditer(text, start, end):
        blocks.append((at, gap.start()))
        at = gap.end()
    blocks.append((at, end))
    kept = blocks if whole else blocks[:1]
    while len(kept) > 1 and _is_aside(text[slice(*kept[-1])]):
        kept = kept[:-1]
    stop = kept[-1][1]
    stripped = text[start:stop].rstrip()
    return Span(start, start + len(stripped)) if stripped else None


def _is_aside(block: str) -> bool:
    block = block.strip()
    return not block or block.isupper() or (block[0] in "([" and block[-1] in ")]")


@cache
def honorifics() -> frozenset[str]:
    """Titles that nothing but a name follows, in lower case without a full stop."""
    return frozenset(word for words in _titles()["honorifics"].values() for word in words)


@cache
def _offices() -> frozenset[str]:
    return frozenset(_titles()["offices"]["words"])


def _titles() -> dict[str, Any]:
    data = files("testimonia.reading") / "data" / "titles.toml"
    return tomllib.loads(data.read_text("utf-8"))
