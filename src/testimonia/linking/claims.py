"""What is compared of each statement: who says it and when, its words, its numbers.

The accounts that a statement gives are its tellings (:mod:`testimonia.linking.tellings`); those
whose trigger stands in its content and in no statement inside it count too, whether or not they
say enough for the graph.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from testimonia.identity import statement_id
from testimonia.linking.tellings import (
    Amount,
    Days,
    Describer,
    Party,
    Telling,
    Where,
    amount,
    amounts_of,
    day_of,
    days_of,
    is_nominal,
    party,
    places_of,
    written,
)
from testimonia.linking.words import listed, says_something, stem, stems_of, words
from testimonia.model import (
    AttributionKind,
    Certainty,
    Directness,
    Document,
    EventClass,
    Polarity,
    Reading,
    Span,
    Statement,
    TimexType,
)

_WORDS = 60  # of a content, by which it is compared
_KNOWN = 4096  # the last ones, read once
_MEANT = frozenset({AttributionKind.COMMUNICATION, AttributionKind.FACTIVE})
_SURE = frozenset({Certainty.CERTAIN, Certainty.PROBABLE, Certainty.UNDERSPECIFIED})
_SILENT = frozenset({EventClass.REPORTING, EventClass.PERCEPTION})


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement as it is compared.

    ``number`` is its place among the document's statements, ``id`` that of its IRI; ``day`` is when
    it was said, else the document's; ``quoted`` where some of it is in its speaker's words;
    ``asserts`` is false of what is wished, ordered or only possible; ``place`` is where its content
    starts and ends in the text (code points); ``inside`` the number of the statement that reports
    it. ``text`` are its words, folded, ``places`` those it speaks of, ``tellings`` the numbers of
    its accounts.
    """

    number: int
    id: str
    speakers: tuple[Party, ...]
    narrated: bool
    quoted: bool
    addressees: tuple[Party, ...]
    cue: str
    denies: bool
    answers: bool
    asserts: bool
    day: str
    text: tuple[str, ...]
    amounts: tuple[Amount, ...]
    times: tuple[Days, ...]
    place: tuple[int, int]
    inside: int | None
    places: tuple[Where, ...] = ()
    tellings: tuple[int, ...] = ()

    @property
    def stems(self) -> frozenset[str]:
        """The stems of the words that say something."""
        return _stems(self.text)

    def written(self) -> str:
        """As JSON, to be kept."""
        return written(self)

    @staticmethod
    @lru_cache(_KNOWN)
    def read(written: str) -> Claim:
        """What :meth:`written` wrote."""
        found: dict[str, Any] = json.loads(written)
        first, last = found["place"]
        return Claim(
            **{
                **found,
                "speakers": tuple(map(party, found["speakers"])),
                "addressees": tuple(map(party, found["addressees"])),
                "text": tuple(found["text"]),
                "places": places_of(found["places"]),
                "tellings": tuple(found["tellings"]),
                "amounts": amounts_of(found["amounts"]),
                "times": days_of(found["times"]),
                "place": (first, last),
            }
        )


@lru_cache(maxsize=4096)
def _stems(text: tuple[str, ...]) -> frozenset[str]:
    return frozenset(stem(word) for word in text if says_something(word))


@dataclass(frozen=True, slots=True)
class Described:
    """All that a document gives to be compared, in textual order."""

    day: str
    topic: tuple[str, ...]
    tellings: tuple[Telling, ...]
    claims: tuple[Claim, ...]


def described(document: Document, reading: Reading, canonical: Mapping[str, str]) -> Described:
    """What a document gives to be compared; ``canonical`` are the ids of its local entities."""
    describer = Describer(document, reading, canonical)
    claims = tuple(_claims(document, reading, describer))
    holders = _holders(reading)
    cues = {
        offset
        for each in reading.statements
        for span in each.cue
        for offset in range(span.start, span.end)
    }
    verbal = {holders.get(each.key) for each in reading.accounts if not is_nominal(each)}
    tellings = []
    for account in sorted(reading.accounts, key=lambda each: each.trigger):
        if account.event_class in _SILENT or account.trigger.start in cues:
            continue
        holder = holders.get(account.key)
        claim = None if holder is None else claims[holder]
        # "Denied that the strike killed 30": there was a strike. "Denied the strike": none.
        granted = is_nominal(account) and holder in verbal
        denied = claim is not None and claim.denies and not granted
        real = claim is None or claim.asserts
        tellings.append(describer.telling(account, denied=denied, real=real, claim=holder))
    given: defaultdict[int | None, list[int]] = defaultdict(list)
    for number, telling in enumerate(tellings):
        given[telling.claim].append(number)
    claims = tuple(replace(each, tellings=tuple(given[each.number])) for each in claims)
    return Described(day_of(describer.day), describer.topic, tuple(tellings), claims)


def _claims(document: Document, reading: Reading, describer: Describer) -> Iterator[Claim]:
    text, counted = document.text.content, dict[int, int]()
    for number, each in enumerate(reading.statements):
        ordinal = counted.get(each.anchor, 0)
        counted[each.anchor] = ordinal + 1
        content = " ".join(span.of(text) for span in each.content)
        cue = each.cue_lemma or ""
        said = describer.times(each.said_at)
        day = said[0][0] if said and said[0][0] == said[0][1] else day_of(describer.day)
        denies = stem(cue) in stems_of("denying") or each.polarity is Polarity.NEGATIVE
        yield Claim(
            number=number,
            id=statement_id(document.id, each.anchor, ordinal),
            speakers=tuple(describer.party("speaker", key, _source(each)) for key in each.speakers),
            narrated=each.by_narrator,
            quoted=each.directness is not Directness.INDIRECT,
            addressees=tuple(describer.party("addressee", key) for key in each.addressees),
            cue=cue,
            denies=denies,
            answers=stem(cue) in stems_of("answering"),
            asserts=each.kind in _MEANT and each.certainty in _SURE and not _asks(content),
            day=day,
            text=tuple(words(content)[:_WORDS]),
            amounts=tuple(_amounts(each, reading, text)),
            times=describer.times(key for key in each.about if key.startswith("time/")),
            place=(each.content[0].start, each.content[-1].end),
            inside=each.within,
            places=tuple(describer.where(k) for k in each.about if k.startswith("place/")),
        )


def _asks(content: str) -> bool:
    """Whether a content is a question or a clause like one ("what is stored there")."""
    return "?" in content[-3:] or next(iter(words(content)), "") in listed("asking")


def _source(statement: Statement) -> Span | None:
    return statement.source[0] if statement.source else None


def _holders(reading: Reading) -> dict[str, int]:
    """Per account the number of the innermost statement in whose content its trigger stands."""
    contents = sorted(
        (
            (-len(span), number, span)
            for number, each in enumerate(reading.statements)
            for span in each.content
        ),
        key=lambda item: (item[0], not reading.statements[item[1]].by_narrator, item[1]),
    )
    triggers = sorted((account.trigger.start, account.key) for account in reading.accounts)
    found: dict[str, int] = {}
    for _, number, span in contents:
        first, end = bisect_left(triggers, (span.start, "")), bisect_left(triggers, (span.end, ""))
        found.update((key, number) for _, key in triggers[first:end])
    return found


# --------------------------------------------------------------------------------- numbers

_SCORE = re.compile(r"\b(\d{1,3})\s?[-–]\s?(\d{1,3})\b(?![-–]\d)")
_NUMBER = re.compile(r"(?<![\w.,-])(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?![\w])")
_UNIT = re.compile(r"\s*(%|per\s?cent|[a-z]+)(?:\s+([a-z]+))?", re.IGNORECASE)
_SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9}
_LENGTH = re.compile(r"P(\d+)([YMWD])")  # ISO 8601
_LENGTHS = {"Y": "year", "M": "month", "W": "week", "D": "day"}
_YEAR = re.compile(r"1[0-9]{3}|20[0-9]{2}")
_BEFORE = 24  # code points in which a number's bound stands


def _amounts(statement: Statement, reading: Reading, text: str) -> Iterator[Amount]:
    """The numbers in a content: quantities of the reading, scores, and other numerals."""
    taken: list[Span] = []
    for time in reading.times:
        length = _LENGTH.fullmatch(time.value or "") if time.type is TimexType.DURATION else None
        if length and any(span.contains(time.span) for span in statement.content):
            taken.append(time.span)
            around = _with_before(time.span, text)
            yield amount(length[1], _LENGTHS[length[2]], around)
    for quantity in reading.quantities:
        if any(span.contains(quantity.span) for span in statement.content):
            taken.append(quantity.span)
            yield amount(quantity.value, quantity.unit, _with_before(quantity.span, text))
    for span in statement.content:
        for match in _SCORE.finditer(text, span.start, span.end):
            high, low = sorted((int(match[1]), int(match[2])), reverse=True)
            taken.append(Span(*match.span()))
            yield Amount(high * 1000 + low, "score")
        for match in _NUMBER.finditer(text, span.start, span.end):
            here = Span(*match.span())
            if any(here.overlaps(other) for other in taken) or _YEAR.fullmatch(match[1]):
                continue
            if (found := _loose(match, text, span.end)) is not None:
                yield found


def _loose(match: re.Match[str], text: str, end: int) -> Amount | None:
    """A numeral with the word behind it: "2 percent", "4.5 million euros"."""
    behind = _UNIT.match(text, match.end(), end)
    if behind is None:
        return None
    first, second = behind[1].casefold(), (behind[2] or "").casefold()
    value = float(match[1].replace(",", ""))
    if first in _SCALES:
        value, first = value * _SCALES[first], second
    unit = "percent" if first == "%" or first.startswith("per") else first
    if not unit or not says_something(unit):
        return None
    return amount(str(value), unit, _with_before(Span(*match.span()), text))


def _with_before(span: Span, text: str) -> str:
    before = text[max(0, span.start - _BEFORE) : span.start]
    return " ".join(before.split()[-2:]) + " " + span.of(text)
