"""Quotations that no chosen attribution holds: they go on with what stands before them.

"Lee says the bridge must close. *“It is older than I am.”*" is one statement of Lee's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from testimonia.model import AttributionKind
from testimonia.reading.attribution.candidate import Candidate, Context, Ranges, covers, union
from testimonia.reading.attribution.finish import sense_of
from testimonia.reading.attribution.frames import alone, is_quoted, verb_behind
from testimonia.reading.attribution.quotations import Quotation

Scored = tuple[Candidate, float]


def with_orphans(context: Context, kept: Sequence[Scored]) -> list[Scored]:
    """The attributions, each with the quotations added that follow its sentence and have no other.

    An orphan is whole sentences, in the paragraph of the statement before it, and no words frame
    it.
    """
    added: dict[int, list[tuple[int, int]]] = defaultdict(list)
    held = {i for candidate, _ in kept for pair in candidate.content for i in range(*pair)}
    hosts = _by_sentence(context, kept)
    for quotation in context.quotations:
        words = (quotation.first + 1) in held
        if words or not quotation.speech or not alone(context, quotation):
            continue
        if verb_behind(context, quotation) is not None:
            continue
        number = hosts.get(_sentence_before(context, quotation))
        if number is None:
            continue
        added[number].append((quotation.first, quotation.last))
        for index in range(quotation.first, quotation.last):
            hosts[context.parse.tokens[index].sentence] = number
    return [_grown(one, tuple(added.get(number, ()))) for number, one in enumerate(kept)]


def _grown(one: Scored, more: Ranges) -> Scored:
    candidate, score = one
    return (replace(candidate, content=union(candidate.content, more)), score) if more else one


def _sentence_before(context: Context, quotation: Quotation) -> int:
    """The number of the sentence before a quotation in its paragraph, else -1."""
    before = quotation.first - 1
    if before < 0 or context.paragraphs[before] != context.paragraphs[quotation.first]:
        return -1
    return context.parse.tokens[before].sentence


def _by_sentence(context: Context, kept: Sequence[Scored]) -> dict[int, int]:
    """By sentence, the outermost utterance in it that names its speaker: the first of several."""
    hosts: dict[int, int] = {}
    for number, (candidate, _) in enumerate(kept):
        cue = candidate.cue_head
        if cue is None or is_quoted(context, cue) or not _is_utterance(context, candidate):
            continue
        sentence = context.parse.tokens[cue].sentence
        other = hosts.get(sentence)
        if other is None or covers(candidate.content, kept[other][0].cue_head or 0):
            hosts[sentence] = number
    return hosts


def _is_utterance(context: Context, candidate: Candidate) -> bool:
    sense = sense_of(context.parse, candidate)
    said = sense is not None and sense.kind is AttributionKind.COMMUNICATION
    return said and bool(candidate.source) and candidate.construction != "adverb"
