"""How one statement stands to another: repeats, corroborates, contradicts, answers, or shows that
its speaker has changed position.

What is compared is structure: whether accounts are of one event, and whether what they say of it
agrees (polarity, numbers, times, places, parts); words decide alone only where they are the same.
A relation has a probability and its reasons, in words. What cannot be known to be independent (two
unnamed "officials", a reprint) corroborates nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from testimonia.linking.claims import Claim
from testimonia.linking.conflicts import (
    Conflict,
    are_apart,
    are_opposite,
    conflicts,
    conflicts_of_words,
)
from testimonia.linking.events import (
    Evidence,
    Setting,
    compare,
    compare_as_one,
    days_apart,
    is_light,
    may_share,
    reasons,
)
from testimonia.linking.tellings import Party, Telling
from testimonia.linking.words import likeness, listed, overlap, runs, stems_of
from testimonia.model import Role

LEAST: Final = 0.5  # a relation less probable than this is not told
_SAME: Final = 0.5  # from here on two accounts are taken to be of one event
_RUN: Final = 3
_FEWEST_WORDS: Final = 5  # that are enough to know a quotation by
_MANY_WORDS: Final = 14  # that two do not find by themselves
_COPIED: Final = 0.6  # of the runs of the shorter
_DENIED: Final = 0.6  # of the words, where no account tells what is denied
_DENIED_NEXT: Final = 0.3  # of what was said just before
_LIKE_WORDS: Final = 0.75
_SPEAKER: Final = 0.75
BY_ORDER: Final = 0.6
"""The confidence of an answer that is told by what it follows alone."""
_NEXT: Final = 2  # an answer without other sign follows what it answers
_LATER: Final = 30  # days in which an answer may come


Comparing = Callable[[Telling, Setting, Telling, Setting], Evidence]


class Kind(StrEnum):
    """Kinds of relation; the values are local names of the ontology's concepts."""

    REPEATS = "Repeats"
    CORROBORATES = "Corroborates"
    CONTRADICTS = "Contradicts"
    RESPONDS_TO = "RespondsTo"
    CHANGED_POSITION = "ChangedPosition"


@dataclass(frozen=True, slots=True)
class Side:
    """One of two statements: the claim, its accounts, its document and whether that shares its text
    with the other's."""

    claim: Claim
    tellings: Sequence[Telling]
    setting: Setting


@dataclass(frozen=True, slots=True)
class Judged:
    """One relation, of the later statement to the earlier; ``confidence`` from 0 to 1."""

    kind: Kind
    confidence: float
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Match:
    """Two accounts of one event, in so far as they are."""

    one: Telling | None  # none where only words are compared
    other: Telling | None
    probability: float
    because: tuple[str, ...]
    against: tuple[Conflict, ...]


def judge(
    one: Side,
    other: Side,
    *,
    reprint: Callable[[], bool] = lambda: False,
    compare: Comparing = compare,
) -> tuple[Judged, ...]:
    """How ``one`` stands to ``other``, the earlier (in the record, or in its document).

    ``reprint`` tells whether their documents share their text; it is asked where that matters.
    ``compare`` compares two accounts, or knows what it found before.
    """
    if _is_part(one, other) or not one.claim.text or not other.claim.text:
        return ()
    speaker = _same_speaker(one.claim, other.claim)
    # In texts of a line or two by different people most words may be the same.
    may_be_reprint = speaker >= _SPEAKER or _have_no_source(one.claim, other.claim)
    copied = _copied(one.claim, other.claim)
    matches = (*_matches(one, other, compare), *_in_like_words(one, other))
    contradiction = _denial(one, other, matches)
    if contradiction is None and not copied.exact:
        contradiction = _contradiction(one, other, matches)
    found: list[Judged] = []
    if contradiction is not None:
        found.append(_opposed(one, other, contradiction, speaker))
    elif copied.share >= _COPIED and (
        _is_quotation(one, other, copied, speaker) or (may_be_reprint and reprint())
    ):
        found.append(Judged(Kind.REPEATS, _rounded(0.5 + copied.share / 2), (copied.why,)))
    elif (agreement := _agreement(one, other, matches)) is not None:
        again = may_be_reprint and reprint()
        found += _agreed(one, other, agreement, speaker, reprint=again)
    found += _answer(one, other, matches, contradiction, speaker)
    return tuple(each for each in found if each.confidence >= LEAST)


def _rounded(value: float) -> float:
    return round(min(value, 0.99), 2)


# ------------------------------------------------------------------------------- who and where


def _is_part(one: Side, other: Side) -> bool:
    """Whether one statement reports the other or their words overlap."""
    if one.setting.document != other.setting.document:
        return False
    (a, b), (c, d) = one.claim.place, other.claim.place
    linked = {one.claim.inside == other.claim.number, other.claim.inside == one.claim.number}
    return True in linked or (a < d and c < b)


def _same_speaker(one: Claim, other: Claim) -> float:
    """How far both are of one source, from 0 to 1; unnamed ones count as far as the same words
    describe them."""
    if one.narrated or other.narrated:
        return 0.0
    return max((a.is_like(b) for a in one.speakers for b in other.speakers), default=0.0)


def _are_named(claim: Claim) -> bool:
    return any(each.named for each in claim.speakers)


def _have_no_source(one: Claim, other: Claim) -> bool:
    """Whether neither tells who says it: both are the narrator's, or some unnamed source's."""
    unnamed = not _are_named(one) and not _are_named(other)
    return unnamed and one.narrated == other.narrated


def _mentions(claim: Claim, speakers: Collection[Party]) -> bool:
    """Whether a claim speaks of one of these by name, or to them."""
    words = set(claim.text)
    for speaker in speakers:
        if any(each.is_like(speaker) >= _SPEAKER for each in claim.addressees):
            return True
        if speaker.named and speaker.words and words & set(speaker.words):
            return True
    return False


# -------------------------------------------------------------------------------------- words


@dataclass(frozen=True, slots=True)
class _Copied:
    share: float
    exact: bool
    why: str
    length: int = 0


def _copied(one: Claim, other: Claim) -> _Copied:
    """How much of the shorter statement's words the longer one has in the same order."""
    first, second = _bare(one.text), _bare(other.text)
    shortest = min(len(first), len(second))
    if shortest < _FEWEST_WORDS:
        return _Copied(0.0, False, "")
    exact = first == second
    share = overlap(_runs(one.text), _runs(other.text))
    if share < _COPIED or one.denies != other.denies or any(conflicts_of_words(one, other)):
        return _Copied(0.0, False, "")
    why = "the same words" if exact else f"{share:.0%} of the words in the same order"
    return _Copied(share, exact, why, shortest)


def _is_quotation(one: Side, other: Side, copied: _Copied, speaker: float) -> bool:
    """Whether the same words were taken over, and are not those in which two people say the same
    plain thing: a speaker's own words, the same speaker's, or many."""
    if speaker >= _SPEAKER or copied.length >= _MANY_WORDS:
        return True
    return one.claim.quoted or other.claim.quoted


@lru_cache(maxsize=4096)
def _runs(text: tuple[str, ...]) -> frozenset[str]:
    return frozenset(runs(_bare(text), _RUN))


def _bare(text: Sequence[str]) -> list[str]:
    return list(text[1:] if text and text[0] == "that" else text)


# ------------------------------------------------------------------------------------- events


def _matches(one: Side, other: Side, compare: Comparing) -> Iterator[_Match]:
    """Pairs of accounts that may be of one event, with what speaks against what they say."""
    for a in one.tellings:
        for b in other.tellings:
            opposite = are_opposite(a.word, b.word)
            if not opposite and not may_share(a, b):
                continue
            # What is said of one thing in opposite words is compared as if the words were one.
            evidence = (
                compare_as_one(a, one.setting, b, other.setting)
                if opposite
                else compare(a, one.setting, b, other.setting)
            )
            if are_apart(a, one.claim, b, other.claim, evidence):
                continue
            against = tuple(conflicts(a, one.claim, b, other.claim, evidence))
            if (opposite and not against) or (against and _befall_others(evidence)):
                continue
            likely = evidence.without(*_set_aside(one, other, against)).probability
            if likely >= _SAME:
                yield _Match(a, b, likely, reasons(evidence, a, b), against)


def _in_like_words(one: Side, other: Side) -> Iterator[_Match]:
    """Statements that no account is known of, in nearly the same words."""
    if one.tellings or other.tellings:
        return
    first, second = (
        frozenset(stem for stem in each.claim.stems - listed("negation") if not stem.isdigit())
        for each in (one, other)
    )
    alike = likeness(first, second)
    if alike >= _LIKE_WORDS and min(len(first), len(second)) >= _FEWEST_WORDS:
        against = tuple(conflicts_of_words(one.claim, other.claim))
        yield _Match(None, None, _rounded(alike), (f"{alike:.0%} of the words",), against)


def _befall_others(evidence: Evidence) -> bool:
    """Whether what both tell befalls different things: no matter if they differ."""
    return bool(evidence.features.keys() & {"other patient", "other patient, named"})


def _set_aside(one: Side, other: Side, against: Sequence[Conflict]) -> Iterator[str]:
    """What does not count against two accounts being of one event: what they disagree in, and for
    one speaker the time between."""
    yield from (each.feature for each in against)
    if _same_speaker(one.claim, other.claim) >= _SPEAKER:
        yield "far in time"


def _denial(one: Side, other: Side, matches: Sequence[_Match]) -> _Match | None:
    """Where one of two speakers denies what the other says."""
    if one.claim.denies == other.claim.denies:
        return None
    denier = one if one.claim.denies else other
    conflict = Conflict("denied", f"denied: “{denier.claim.cue}”", 0.95)
    main = [each for each in matches if _are_the_main_ones(each, one, other)]
    best = max(main, key=lambda each: each.probability, default=None)
    if best is not None and not best.against and best.one is not None:
        return None  # what is denied is another number, day or place
    if best is not None:
        return _Match(best.one, best.other, best.probability, best.because, (conflict,))
    said = stems_of("said")  # "the claim that …"
    alike = overlap(one.claim.stems - said, other.claim.stems - said)
    enough = _DENIED_NEXT if one.claim.denies and _is_next(one, other) else _DENIED
    if alike >= enough:
        why = (f"{alike:.0%} of the words",)
        return _Match(None, None, _rounded(_DENIED + alike / 4), why, (conflict,))
    return None


def _contradiction(one: Side, other: Side, matches: Sequence[_Match]) -> _Match | None:
    """The likeliest pair of accounts that cannot both be so."""
    if not one.claim.asserts or not other.claim.asserts:
        return None
    opposed = [each for each in matches if each.against]
    return max(opposed, key=_weight, default=None)


def _weight(match: _Match) -> float:
    return match.probability * max(each.weight for each in match.against)


def _opposed(one: Side, other: Side, match: _Match, speaker: float) -> Judged:
    worst = max(match.against, key=lambda each: each.weight)
    because = (worst.why, *match.because)
    apart = days_apart(one.claim.day, other.claim.day)
    named = _are_named(one.claim) and _are_named(other.claim)
    if speaker >= _SPEAKER and named and apart:
        days = (f"said {other.claim.day}, then {one.claim.day}",)
        return Judged(Kind.CHANGED_POSITION, _rounded(_weight(match)), because + days)
    return Judged(Kind.CONTRADICTS, _rounded(_weight(match)), because)


def _agreement(one: Side, other: Side, matches: Sequence[_Match]) -> _Match | None:
    """The likeliest pair of accounts that say the same: each statement's own, not what it takes
    for granted."""
    if not one.claim.asserts or not other.claim.asserts:
        return None
    agreed = [each for each in matches if not each.against and _are_main(each, one, other)]
    return max(agreed, key=lambda each: each.probability, default=None)


def _are_main(match: _Match, one: Side, other: Side) -> bool:
    if match.one is None or match.other is None:
        return True
    alike = match.one.real == match.other.real and match.one.negative == match.other.negative
    return alike and _says_much(match.one, match.other) and _are_the_main_ones(match, one, other)


def _says_much(one: Telling, other: Telling) -> bool:
    """Whether one word in both tells enough: "put", "take" and the like do of one agent alone."""
    if not is_light(one.word):
        return True
    pairs = [(a, b) for a in one.parties for b in other.parties if a.role == b.role == Role.AGENT]
    return any(a.is_like(b) >= _SPEAKER for a, b in pairs)


def _are_the_main_ones(match: _Match, one: Side, other: Side) -> bool:
    if match.one is None or match.other is None:
        return True
    return _is_main(match.one, one) and _is_main(match.other, other)


def _is_main(telling: Telling, side: Side) -> bool:
    return not telling.nominal or all(each.nominal for each in side.tellings)


def _agreed(
    one: Side, other: Side, match: _Match, speaker: float, *, reprint: bool
) -> Iterator[Judged]:
    """Repeated where the source is the same, corroborated where it is another."""
    if reprint:
        because = ("their documents share their text", *match.because)
        yield Judged(Kind.REPEATS, _rounded(match.probability), because)
    elif speaker >= _SPEAKER:
        if _are_named(one.claim) and _are_named(other.claim):
            because = ("the same speaker", *match.because)
            yield Judged(Kind.REPEATS, _rounded(match.probability * speaker), because)
    elif _are_independent(one, other):
        because = (*match.because, "sources of their own")
        yield Judged(Kind.CORROBORATES, _rounded(match.probability), because)


def _are_independent(one: Side, other: Side) -> bool:
    """Neither the narrator and a source of one document, nor a source and who cites it."""
    if one.setting.document == other.setting.document:
        return not one.claim.narrated and not other.claim.narrated
    return True


# ------------------------------------------------------------------------------------- answers


def _answer(
    one: Side,
    other: Side,
    matches: Sequence[_Match],
    contradiction: _Match | None,
    speaker: float,
) -> Iterator[Judged]:
    """Whether the one is said in answer to the other."""
    if not one.claim.answers or speaker >= _SPEAKER or not _may_follow(one, other):
        return
    because = (f"“{one.claim.cue}”",)
    if contradiction is not None:
        yield Judged(Kind.RESPONDS_TO, _rounded(0.6 + 0.35 * contradiction.probability), because)
        return
    topic = max((each.probability for each in matches), default=0.0)
    named = _mentions(one.claim, other.claim.speakers)
    if topic >= _SAME:
        yield Judged(Kind.RESPONDS_TO, _rounded(0.5 + 0.4 * topic), because + matches[0].because)
    elif named and _share_topic(one, other):
        yield Judged(Kind.RESPONDS_TO, 0.7, (*because, "speaks of who said it"))
    elif _is_next(one, other):
        yield Judged(Kind.RESPONDS_TO, BY_ORDER, (*because, "follows it in the text"))


def _may_follow(one: Side, other: Side) -> bool:
    if one.setting.document == other.setting.document:
        return other.claim.place[0] < one.claim.place[0]
    apart = days_apart(one.claim.day, other.claim.day)
    return apart is None or (apart <= _LATER and other.claim.day <= one.claim.day)


def _share_topic(one: Side, other: Side) -> bool:
    if one.setting.document == other.setting.document:
        return True
    return likeness(one.claim.stems, other.claim.stems) >= 0.2


def _is_next(one: Side, other: Side) -> bool:
    """Whether the one is the next statement but one at most, of one document."""
    same = one.setting.document == other.setting.document
    near = 0 < one.claim.number - other.claim.number <= _NEXT
    return same and near and not other.claim.narrated
