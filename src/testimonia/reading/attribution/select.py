"""Which candidates to keep: a probability for each, then conflicts resolved, likeliest first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from testimonia.model import AttributionKind
from testimonia.reading.attribution.candidate import Candidate, Context, Ranges, size
from testimonia.reading.attribution.finish import senses_of
from testimonia.reading.attribution.lexicon import lexicon

_SAME = 0.6  # share of common tokens from which two contents are one
# Of the threshold, for what holds words in quotation marks that nobody has yet. In cross-validation
# it finds .015 more of mixed speech and .008 of direct, at the same F1.
_QUOTED = 0.6


_SURE = frozenset({"free relative", "according to", "viewpoint", "for"})
_SURE_ENOUGH = 0.55
_TURN = 0.95
_RELATIVE = frozenset({"object:gap", "object:relative"})  # "a claim (which) the rebels denied"
_HEARSAY = 0.5
_REPORTED = frozenset({"that", "wh", "quote", "preposed", "parenthetical"})
_FIRST_PERSON = frozenset({"i", "we"})
_CLAUSAL = frozenset(
    {"that", "wh", "quote", "quote:signature", "quote:turn", "preposed", "parenthetical", "as"}
    | {"small", "clause"}
)


def in_scope(candidate: Candidate, scope: str) -> bool:
    """Whether the candidate's construction belongs to the scope ("nested", "all", "clausal")."""
    if scope != "clausal":
        return True
    return candidate.slot in _CLAUSAL and candidate.construction != "adverb"


def assured(candidate: Candidate) -> float:
    """The least probability of constructions that can mean nothing else, however rare they are.

    Annotated text has too few of them to learn from: "what critics *call* a mess", "*for* the
    mayor, …", "it *is believed* that …". An adverb of hearsay yields to whoever is
    named for the same words, or says them ("the mayor *reportedly* refused").
    """
    if candidate.construction == "adverb":
        return _HEARSAY if _is_hearsay(candidate) else 0.0
    if candidate.construction == "turn":
        return _TURN
    listed = bool(senses_of(candidate)) or candidate.construction == "viewpoint"
    if candidate.construction == "clause" and candidate.route == "passive":
        return _SURE_ENOUGH if listed and candidate.slot == "that" else 0.0
    sure = candidate.construction in _SURE and listed and bool(candidate.source)
    sure = sure or (candidate.slot in _RELATIVE and candidate.lemma in lexicon().verdicts)
    return _SURE_ENOUGH if sure else 0.0


def _is_hearsay(candidate: Candidate) -> bool:
    return any(sense.kind is AttributionKind.COMMUNICATION for sense in senses_of(candidate))


def selected(
    context: Context,
    candidates: Sequence[Candidate],
    scores: Sequence[float],
    threshold: float,
    *,
    reports: bool = False,
) -> Iterator[tuple[Candidate, float]]:
    """The candidates kept with their probabilities: of those in conflict the likeliest.

    Two are in conflict when they share a cue, or have much the same content at the same source.
    Words in quotation marks that none of these holds are somebody's too: their likeliest
    candidate may be less likely than others.
    With ``reports`` those inside a content that is kept come last ("A said that *B had claimed
    that* …"): annotators of news mark the outer one alone, so that no estimate from their work
    lets them pass, but who says what is lost without them.
    """
    ranked = sorted(
        range(len(candidates)),
        key=lambda n: (candidates[n].construction == "adverb", -scores[n], n),
    )
    kept = _Kept()
    for number in ranked:
        if scores[number] >= threshold and kept.takes(candidates[number]):
            yield candidates[number], scores[number]
    for number in ranked:
        if threshold * _QUOTED <= scores[number] < threshold:
            candidate = candidates[number]
            if _quotes(context, candidate, kept) and kept.takes(candidate):
                yield candidate, scores[number]
    for number in ranked if reports else ():
        candidate = candidates[number]
        told = _is_report(candidate) or _is_own(context, candidate)
        inside = scores[number] < threshold and told and kept.holds(candidate)
        if inside and kept.takes(candidate):
            yield candidate, threshold


def _quotes(context: Context, candidate: Candidate, kept: _Kept) -> bool:
    """Whether somebody named says quoted words that no content which is kept holds."""
    quoted, cue = context.quoted, candidate.cue_head
    if not candidate.source or (cue is not None and quoted[cue] >= 0):
        return False
    words = (i for first, last in candidate.content for i in range(first, last))
    return any(quoted[i] >= 0 and not kept.has(i) for i in words)


def _is_report(candidate: Candidate) -> bool:
    """Somebody named by the words says a clause or a quotation, or calls on somebody, with a verb
    that is listed for it: "that *B had claimed that* …", "that *B had ordered* the men *to* …"."""
    if not candidate.source or candidate.construction == "noun":
        return False
    if candidate.construction == "infinitive":
        return candidate.slot == "infinitive:of object" and _is_call(candidate)
    return candidate.slot in _REPORTED and _is_hearsay(candidate)


def _is_own(context: Context, candidate: Candidate) -> bool:
    """Whether somebody tells what they themselves say or think: "A: … *I believe that he lied*"."""
    indexes = [i for first, last in candidate.source for i in range(first, last)]
    words = [context.parse.tokens[i].text for i in indexes]
    first_person = len(words) == 1 and words[0].lower() in _FIRST_PERSON
    return first_person and candidate.slot in _REPORTED and bool(senses_of(candidate))


def _is_call(candidate: Candidate) -> bool:
    calls = (AttributionKind.CONTROL, AttributionKind.COMMUNICATION)
    return any(sense.kind in calls for sense in senses_of(candidate))


class _Kept:
    """The candidates kept so far, findable by what rivals of theirs would share."""

    def __init__(self) -> None:
        self._by_place: dict[tuple[str, int], list[Candidate]] = defaultdict(list)
        self._inside: set[int] = set()

    def takes(self, candidate: Candidate) -> bool:
        """Keep the candidate unless it is in conflict with one that is kept."""
        places = _places(candidate)
        rivals = (rival for place in places for rival in self._by_place[place])
        if any(_conflict(candidate, rival) for rival in rivals):
            return False
        for place in places:
            self._by_place[place].append(candidate)
        for first, last in candidate.content:
            self._inside.update(range(first, last))
        return True

    def has(self, index: int) -> bool:
        """Whether a token lies in the content of one that is kept."""
        return index in self._inside

    def holds(self, candidate: Candidate) -> bool:
        """Whether the candidate's cue lies in the content of one that is kept."""
        return candidate.cue_head in self._inside


def _places(candidate: Candidate) -> list[tuple[str, int]]:
    """Where rivals of a candidate can be found: those that share one of these places."""
    places = [("start", candidate.content[0][0]), ("end", candidate.content[-1][1])]
    if candidate.content_head is not None:
        places.append(("head", candidate.content_head))
        if candidate.construction == "adverb":
            places.append(("cue", candidate.content_head))
    if candidate.cue_head is not None:
        places.append(("cue", candidate.cue_head))
    return places


def _conflict(one: Candidate, other: Candidate) -> bool:
    if one.cue_head is not None and one.cue_head == other.cue_head:
        return True
    if "adverb" in (one.construction, other.construction):
        return one.content_head in (other.content_head, other.cue_head) or (
            other.content_head == one.cue_head
        )
    same_source = one.source_head == other.source_head or not one.source or not other.source
    return same_source and shared(one.content, other.content) >= _SAME


def shared(one: Ranges, other: Ranges) -> float:
    """Dice's coefficient of the tokens of two contents."""
    common = sum(
        max(0, min(last, end) - max(first, start)) for first, last in one for start, end in other
    )
    return 2.0 * common / (size(one) + size(other))
