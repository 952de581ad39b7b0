"""Sieves for pronouns: the first person by who speaks, the third by nearness and syntax."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from testimonia.model import ActorType, Directness, MentionForm, Span
from testimonia.reading.actors.lexicon import Pronoun
from testimonia.reading.actors.mentions import Candidate
from testimonia.reading.attribution.model import Attribution
from testimonia.reading.attribution.quotations import find_quotations, token_quotations
from testimonia.reading.coreference.clusters import Discourse
from testimonia.reading.coreference.represented import represented
from testimonia.reading.syntax import Token
from testimonia.reading.vocatives import is_vocative

_WINDOW = 2  # sentences back; 85% of antecedents stand in the same or the previous sentence
_CLIMB = 10  # governors above a pronoun among which its clauses are looked for
_SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "agent"})
_PARAGRAPH = re.compile(r"[^\n]+(?:\n[^\n]+)*")
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_QUOTED = re.compile(
    r"“[^“”]*(?:”|$)|\"[^\"]*(?:\"|$)|„[^“”„]*(?:[“”]|$)|«[^«»]*(?:»|$)|``[^`']*(?:''|$)?"
)


# ------------------------------------------------------------------------------- first persons


class _Waiting:
    """First person pronouns by position, each of which is taken once."""

    def __init__(self, pronouns: Sequence[tuple[int, int]]) -> None:
        self._starts = [start for start, _ in pronouns]
        self._numbers = [number for _, number in pronouns]
        self._after = list(range(len(pronouns) + 1))  # the next that still waits

    def take(self, span: Span) -> Iterator[int]:
        """The numbers of those that stand in the span and have not been taken."""
        at = self._next(bisect_left(self._starts, span.start))
        while at < len(self._starts) and self._starts[at] < span.end:
            self._after[at] = at + 1
            yield self._numbers[at]
            at = self._next(at)

    def _next(self, at: int) -> int:
        while self._after[at] != at:
            self._after[at] = self._after[self._after[at]]
            at = self._after[at]
        return at


def link_first_persons(discourse: Discourse, attributions: Sequence[Attribution]) -> None:
    """Sieve 5: "I" and "we" inside a quotation are its speaker, or the body that the speaker
    represents, innermost quotation first."""
    pronouns = [
        (discourse.parse.tokens[candidate.head].start, number)
        for number, candidate in discourse.of_form(MentionForm.PRONOUN)
        if _grammar(discourse, candidate).person == 1
    ]
    if not pronouns:
        return
    everywhere = _Waiting(pronouns)
    quoted = _Waiting(_inside(pronouns, quotations(discourse.parse.text)))
    done: set[int] = set()
    speeches = [a for a in attributions if _may_hold_first_person(discourse, a)]
    bodies = _bodies(discourse, speeches)
    for attribution in sorted(speeches, key=lambda a: sum(map(len, a.content))):
        speaker = discourse.covering.get(attribution.source_head or 0)
        waiting = everywhere if attribution.directness is Directness.DIRECT else quoted
        found = {number for span in attribution.content for number in waiting.take(span)}
        for number in sorted(found - done):
            if speaker is not None:
                _link_speaker(discourse, speaker, bodies.get(speaker), number)
        done |= found


def quotations(text: str) -> list[Span]:
    """The stretches between quotation marks, marks included, in textual order.

    A quotation ends with its paragraph at the latest, where its closing mark is missing.
    """
    return [
        Span(paragraph.start() + found.start(), paragraph.start() + found.end())
        for paragraph in _PARAGRAPH.finditer(text)
        for found in _QUOTED.finditer(paragraph.group())
    ]


def _inside(pronouns: Sequence[tuple[int, int]], spans: Sequence[Span]) -> list[tuple[int, int]]:
    starts = [span.start for span in spans]
    return [
        (start, number)
        for start, number in pronouns
        if (at := bisect_right(starts, start)) and start < spans[at - 1].end
    ]


def _may_hold_first_person(discourse: Discourse, attribution: Attribution) -> bool:
    if attribution.source_head is None or attribution.directness is Directness.INDIRECT:
        return False
    word = discourse.parse.tokens[attribution.source_head].lower
    pronoun = discourse.lexicon.pronouns.get(word)
    return pronoun is None or pronoun.person != 1


def _bodies(discourse: Discourse, speeches: Sequence[Attribution]) -> Mapping[int, int]:
    """By speaker the body that it represents, told before a pronoun joins any cluster."""
    bodies = represented(discourse)
    speakers = (discourse.covering.get(speech.source_head or 0) for speech in speeches)
    return {
        speaker: body
        for speaker in speakers
        if speaker is not None
        and (body := bodies.get(discourse.clusters.find(speaker))) is not None
    }


def _link_speaker(discourse: Discourse, speaker: int, body: int | None, number: int) -> None:
    """ "I" is the speaker; so is "we", unless the text tells for which body the speaker speaks."""
    plural = _grammar(discourse, discourse.candidates[number]).number == "plural"
    discourse.clusters.adopt(body if plural and body is not None else speaker, number)


def _grammar(discourse: Discourse, candidate: Candidate) -> Pronoun:
    return discourse.lexicon.pronouns.get(candidate.lemma, Pronoun(0))


# ------------------------------------------------------------------------------- third persons


Others = Mapping[int, frozenset[int]]  # by number, the candidates that are somebody else


def link_third_persons(discourse: Discourse, attributions: Sequence[Attribution]) -> None:
    """Sieve 4: each third person pronoun, from left to right, to its best antecedent."""
    others = _others(discourse, attributions)
    for number, candidate in discourse.of_form(MentionForm.PRONOUN):
        pronoun = _grammar(discourse, candidate)
        if pronoun.person != 3:
            continue
        if pronoun.gender in {"m", "f"}:
            found = _person_for(discourse, number, others)
        else:
            found = _subject_for(discourse, number, plural=pronoun.number == "plural")
        if found is not None:
            discourse.clusters.merge(found, number)


def _others(discourse: Discourse, attributions: Sequence[Attribution]) -> Others:
    """Who is told apart by direct speech: its speaker is nobody's "he" or "she" in it.

    But "he" in the clause "Lee said he left" may be Lee, also where all of it stands in quotation
    marks.
    """
    parse = discourse.parse
    quoted = token_quotations(parse, find_quotations(parse))
    pronouns = [
        (candidate.head, number)
        for number, candidate in discourse.of_form(MentionForm.PRONOUN)
        if _grammar(discourse, candidate).gender in {"m", "f"}
    ]
    heads = [head for head, _ in pronouns]
    others: dict[int, set[int]] = defaultdict(set)
    for attribution in attributions:
        source = attribution.source_head
        speaker = discourse.covering.get(source) if source is not None else None
        if attribution.directness is not Directness.DIRECT or source is None or speaker is None:
            continue
        for inside in map(parse.within, attribution.content):
            first, last = bisect_left(heads, inside.start), bisect_left(heads, inside.stop)
            for head, number in pronouns[first:last]:
                if attribution.construction == "turn" or -1 != quoted[head] != quoted[source]:
                    others[number].add(speaker)
                    others[speaker].add(number)
    return {number: frozenset(found) for number, found in others.items()}


def _person_for(discourse: Discourse, number: int, others: Others) -> int | None:
    """Hobbs's order made a score: nearness, subject before object, names, frequent actors."""
    best: tuple[float, int] | None = None
    token = discourse.parse.tokens[discourse.candidates[number].head]
    seen = {discourse.clusters.find(other) for other in others.get(number, ())}
    for other in discourse.before(token.i, sentences=_WINDOW):
        root = discourse.clusters.find(other)
        if root in seen or not _may_be(discourse, number, other, token):
            continue
        seen.add(root)
        score = _salience(discourse, other, token)
        if best is None or score > best[0]:
            best = (score, other)
    return best[1] if best else None


def _may_be(discourse: Discourse, number: int, other: int, token: Token) -> bool:
    if discourse.clusters.traits(other).type is not ActorType.PERSON:
        return False
    if _is_spoken_to(discourse, other, token):
        return False
    return discourse.clusters.may_merge(other, number) and not _is_bound(discourse, other, token)


def _is_spoken_to(discourse: Discourse, other: int, token: Token) -> bool:
    """Whether the candidate is a vocative of the pronoun's own paragraph."""
    parse = discourse.parse
    antecedent = parse.tokens[discourse.candidates[other].head]
    if not is_vocative(parse, antecedent):
        return False
    return not _BLANK_LINE.search(parse.text, antecedent.end, token.start)


def _is_bound(discourse: Discourse, other: int, token: Token) -> bool:
    """Principle B, and i within i: "Lee saw him" is not Lee, "his brother" not the brother."""
    antecedent = discourse.parse.tokens[discourse.candidates[other].head]
    if discourse.candidates[other].covers(token.i):
        return True
    if token.dep == "poss" or token.lower.endswith("self"):
        return token.head == antecedent.i
    governor = discourse.parse.head(token)
    if governor.dep in {"prep", "dative", "agent"}:
        governor = discourse.parse.head(governor)
    return (
        token.dep not in _SUBJECTS
        and antecedent.head == governor.i
        and (antecedent.dep in _SUBJECTS)
    )


def _salience(discourse: Discourse, other: int, token: Token) -> float:
    candidate = discourse.candidates[other]
    antecedent = discourse.parse.tokens[candidate.head]
    distance = token.sentence - antecedent.sentence
    score = -2.0 * distance
    if antecedent.dep in _SUBJECTS:
        score += 2.0
    elif antecedent.dep in {"poss", "compound", "nmod"}:
        score -= 0.5
    if candidate.form is MentionForm.NAME:
        score += 0.5
    if discourse.clusters.traits(other).gender:
        score += 0.5
    return score + min(discourse.clusters.size(other), 4) * 0.2


# ------------------------------------------------------------------------------- it and they


def _subject_for(discourse: Discourse, number: int, *, plural: bool) -> int | None:
    """For "it" and "they": the nearest subject that precedes, if it is an actor that fits.

    Nouns of every kind compete for these pronouns, so only the strongest place is trusted: the
    subject of the clauses around the pronoun, else that of the previous sentence.
    """
    token = discourse.parse.tokens[discourse.candidates[number].head]
    if not plural and _is_impersonal(discourse, token):
        return None
    for subject in _subjects_before(discourse, token):
        other = discourse.by_head.get(subject.i)
        if other == number:
            continue
        fits = other is not None and _fits(discourse, other, number, plural=plural)
        if fits and not _is_bound(discourse, other or 0, token):
            return other
        if not plural and subject.tag in {"NN", "NNP", "DT", "PRP"} and other is None:
            return None
        if plural and subject.tag in {"NNS", "NNPS"} and other is None:
            return None
    return None


def _is_impersonal(discourse: Discourse, token: Token) -> bool:
    """Whether "it" may mean no one: as an object things compete, and some verbs have no doer."""
    if token.dep == "poss":
        return False
    verb = discourse.parse.head(token)
    return token.dep != "nsubj" or verb.lemma.lower() in discourse.lexicon.impersonal_verbs


def _fits(discourse: Discourse, other: int, number: int, *, plural: bool) -> bool:
    type_ = discourse.clusters.traits(other).type
    if plural:
        fitting = {ActorType.GROUP, ActorType.ORGANIZATION}
    else:
        fitting = {ActorType.ORGANIZATION, ActorType.GEOPOLITICAL_ENTITY}
    return type_ in fitting and discourse.clusters.may_merge(other, number)


def _subjects_before(discourse: Discourse, token: Token) -> list[Token]:
    """Subjects of the clauses around the pronoun, nearest first, then the previous sentence's."""
    parse = discourse.parse
    subjects: list[Token] = []
    for verb in islice(parse.ancestors(token), _CLIMB):
        found = parse.dependent(verb, "nsubj", "nsubjpass")
        if found is not None and found.i < token.i:
            subjects.append(found)
    if token.sentence:
        root = discourse.roots[token.sentence - 1]
        found = parse.dependent(root, "nsubj", "nsubjpass")
        if found is not None:
            subjects.append(found)
    return subjects
