"""Quotations as contents: their cues, continuations, speakers in a neighbouring sentence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from testimonia.reading.attribution.build import verbal
from testimonia.reading.attribution.candidate import (
    Candidate,
    Context,
    Ranges,
    covers,
    difference,
    union,
)
from testimonia.reading.attribution.colons import plain_colon, signed, with_colon
from testimonia.reading.attribution.frames import (
    alone,
    beside,
    complete,
    ends_paragraph,
    inner_end,
    is_quoted,
    opens_paragraph,
    says,
    verb_before,
    verb_behind,
)
from testimonia.reading.attribution.mixed import clause_before
from testimonia.reading.attribution.quotations import Quotation
from testimonia.reading.attribution.sources import source_of
from testimonia.reading.syntax import Parse, Token

_LONGEST = 120  # tokens of a sentence whose subject may speak in the next
_GAP = 14  # tokens of a cue between the halves of a quotation


def find(context: Context) -> Iterator[Candidate]:
    """Candidates of all quotations of speech, and of colons without one."""
    goes_on = {first for later in continuations(context).values() for first, _ in later}
    for number, quotation in enumerate(context.quotations):
        if quotation.speech:
            found = (
                with_verb(context, quotation)
                or with_colon(context, quotation)
                or signed(context, quotation)
                or (None if quotation.first in goes_on else neighbour(context, number))
            )
            if found is not None:
                yield found
    yield from filter(None, (plain_colon(context, colon) for colon in context.parse.tokens))


def with_verb(context: Context, quotation: Quotation) -> Candidate | None:
    """A verb of the sentence around: "“The bridge is old,” *said* the mayor", "She *smiled*: …"."""
    verb = verb_behind(context, quotation) or verb_before(context, quotation)
    if verb is None:
        return None
    source = source_of(context.parse, verb)
    if not source.span or is_quoted(context, source.head):
        source = beside(context, verb, quotation)
    content = clause_before(context, quotation, verb) or ((quotation.first, quotation.last),)
    return verbal(context, "quotation", "quote", verb, source, content, None)


def neighbour(context: Context, number: int) -> Candidate | None:
    """A quotation that is a sentence, its speaker in the one before: "*Lee sighed*. “So what?”"."""
    parse, quotation = context.parse, context.quotations[number]
    first = quotation.first
    if not first or context.quoted[first - 1] >= 0 or not alone(context, quotation):
        return None
    if context.paragraphs[first] - context.paragraphs[first - 1] > 1:
        return None
    before = parse.sentence_of(parse.tokens[first - 1])[-_LONGEST:]
    roots = [i for i in before if parse.tokens[i].dep == "ROOT" and parse.tokens[i].pos == "VERB"]
    if not roots or context.quoted[roots[0]] >= 0:
        return None
    verb = parse.tokens[roots[0]]
    if number and verb_behind(context, context.quotations[number - 1]) == verb:
        return None
    source = source_of(parse, verb)
    if not source.span or is_quoted(context, source.head):
        return None
    content = ((first, quotation.last),)
    return verbal(context, "quotation", "quote:next", verb, source, content, None)


def decided(context: Context) -> dict[int, Candidate]:
    """By cue, the candidates that leave no doubt: a listed verb next to quoted whole sentences.

    "“The bridge is old,” *said* Lee", "Lee *said*: “The bridge is old.”". The parse of such
    sentences goes astray too often to propose other contents for the same verb.
    """
    found: dict[int, Candidate] = {}
    for quotation in context.quotations:
        if not quotation.speech or not complete(context, quotation):
            continue
        verb = verb_behind(context, quotation) or _introducing(context, quotation)
        candidate = with_verb(context, quotation) if verb is not None else None
        if verb is None or candidate is None or not candidate.source or not says(verb.lemma):
            continue
        if candidate.cue_head == verb.i and verb.i not in found:
            found[verb.i] = candidate
    return found


def _introducing(context: Context, quotation: Quotation) -> Token | None:
    """The verb that a colon or comma before a quotation belongs to."""
    mark = context.parse.tokens[quotation.first - 1].text if quotation.first else ""
    return verb_before(context, quotation) if mark in (",", ":") else None


def continuations(context: Context) -> dict[int, Ranges]:
    """For each quotation with a frame, those that go on with it.

    "“We left,” she said. “It was late.”": the second is a sentence without words that frame it, so
    it is the same speaker's, as is a paragraph that is nothing but a quotation, and the other half
    where the cue stands in the middle ("“We left,” she said, “late.”"), which leads back as well.
    """
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    framed: int | None = None
    for number, quotation in enumerate(context.quotations):
        if not quotation.speech:
            continue
        part = (quotation.first, quotation.last)
        if framed is not None and _second_half(context, number):
            found[framed].append(part)
            before = context.quotations[number - 1]
            found[number] = [(before.first, before.last)]
        elif not alone(context, quotation) or verb_behind(context, quotation) is not None:
            framed = number
        elif framed is not None and _goes_on(context, number) and not _told(context, number):
            found[framed].append(part)
        else:
            framed = None
    return {number: union(tuple(parts)) for number, parts in found.items()}


def _told(context: Context, number: int) -> bool:
    """Whether somebody's report stands right before a quotation: "Lee *says* that it is late. “…”".

    Then the quotation goes on with that, not with one before it.
    """
    parse, this = context.parse, context.quotations[number]
    start = context.quotations[number - 1].last
    if start == this.first or opens_paragraph(context, this.first):
        return False
    sentence = parse.sentence_of(parse.tokens[this.first - 1])
    return sentence.start >= start and any(
        says(parse.tokens[i].lemma)
        and parse.tokens[i].pos == "VERB"
        and parse.dependent(parse.tokens[i], "nsubj") is not None
        for i in sentence
    )


def _second_half(context: Context, number: int) -> bool:
    """Whether a quotation goes on behind its cue, or behind "and" ("“yes,” and, “no”")."""
    parse = context.parse
    before, this = context.quotations[number - 1], context.quotations[number]
    gap = parse.tokens[before.last : this.first]
    if not gap or len(gap) > _GAP or not before.speech:
        return False
    if context.paragraphs[before.last - 1] != context.paragraphs[this.first]:
        return False
    if all(token.pos in ("PUNCT", "CCONJ") for token in gap):
        return any(token.pos == "CCONJ" for token in gap)
    cue = verb_behind(context, before)
    one_verb = sum(token.pos == "VERB" for token in gap) == 1
    return gap[-1].text == "," and cue is not None and one_verb and says(cue.lemma)


def _goes_on(context: Context, number: int) -> bool:
    before, this = context.quotations[number - 1], context.quotations[number]
    paragraph = context.paragraphs[this.first]
    if paragraph == context.paragraphs[before.last - 1]:
        return True
    if paragraph != context.paragraphs[before.last - 1] + 1:
        return False
    return (before.open and this.first == before.last) or _fills_paragraph(context, number)


def _fills_paragraph(context: Context, number: int) -> bool:
    """Whether a paragraph is nothing but a quotation, and answers no question before it."""
    before, this = context.quotations[number - 1], context.quotations[number]
    ends = ends_paragraph(context, this)
    asked = inner_end(context.parse, before).text == "?"
    return opens_paragraph(context, this.first) and ends and not asked


def whole_quotations(
    context: Context, candidate: Candidate, later: dict[int, Ranges] | None
) -> Candidate:
    """The candidate with each quotation that its content touches taken in whole.

    ``later`` are the quotations that go on; without them a quotation ends with its sentence.
    """
    if candidate.cue_head is not None and context.quoted[candidate.cue_head] >= 0:
        return candidate
    touched = _touched(context, candidate)
    if not touched:
        return candidate
    more: Ranges = ()
    for number in touched:
        if later is None:
            more = union(more, _in_sentence(context, candidate, number))
            continue
        quotation = context.quotations[number]
        more = union(more, ((quotation.first, quotation.last),), later.get(number, ()))
    hole = union(candidate.cue, candidate.source)
    base = candidate.content if later is not None or candidate.slot != "quote" else ()
    grown = difference(_bridged(context.parse, union(base, more)), hole)
    return replace(candidate, content=grown) if grown else candidate


def with_marks(context: Context, candidate: Candidate) -> Candidate:
    """The candidate with the marks of quotations that its content fills or ends in: "“likely.”"."""
    tokens = context.parse.tokens
    kept = []
    for first, last in candidate.content:
        start, end = context.quotation_at(first), context.quotation_at(last - 1)
        if start is not None and all(t.pos == "PUNCT" for t in tokens[start.first : first]):
            first = start.first
        if end is not None and all(t.pos == "PUNCT" for t in tokens[last : end.last]):
            last = end.last
        kept.append((first, last))
    hole = union(candidate.cue, candidate.source)
    whole = difference(union(tuple(kept)), hole)
    return replace(candidate, content=whole) if whole else candidate


def without_comment(context: Context, candidate: Candidate) -> Candidate:
    """The candidate without a participle behind its quotation, which is the author's word.

    "She said that “it will rain,” *adding to the gloom*": annotators leave it out.
    """
    tokens = context.parse.tokens
    kept = []
    for first, last in candidate.content:
        at = first
        while at < last:
            quotation = context.quotation_at(at)
            at = quotation.last if quotation is not None else at + 1
            if quotation is None or at >= last or not quotation.speech:
                continue
            adverb = tokens[at].pos == "ADV" and at + 1 < last
            if inner_end(context.parse, quotation).text == "," and (
                tokens[at + adverb].tag == "VBG"
            ):
                last = at
        kept.append((first, last))
    return replace(candidate, content=tuple(kept))


def _in_sentence(context: Context, candidate: Candidate, number: int) -> Ranges:
    """The part of a quotation in the cue's sentence, or its sentence next to that."""
    parse, quotation = context.parse, context.quotations[number]
    at = quotation.first if candidate.cue_head is None else candidate.cue_head
    near = min(max(at, quotation.first), quotation.last - 1)
    while near > quotation.first and parse.tokens[near].pos == "PUNCT" and near < at:
        near -= 1
    while near < quotation.last - 1 and parse.tokens[near].pos == "PUNCT" and near > at:
        near += 1
    sentence = parse.sentence_of(parse.tokens[near])
    first, last = max(quotation.first, sentence.start), min(quotation.last, sentence.stop)
    return ((first, last),) if first < last else ()


def _touched(context: Context, candidate: Candidate) -> list[int]:
    """The quotations of speech that share words with the content, cue and source left out."""
    numbers: dict[int, None] = {}
    for first, last in candidate.content:
        at = first
        while at < last:
            number = context.quoted[at]
            if number < 0:
                at += 1
                continue
            numbers[number] = None
            at = context.quotations[number].last
    return [n for n in numbers if _may_join(context, candidate, n)]


def _may_join(context: Context, candidate: Candidate, number: int) -> bool:
    quotation = context.quotations[number]
    source = candidate.source_head
    return quotation.speech and not (
        source is not None and context.quoted[source] == number and covers(candidate.source, source)
    )


def _bridged(parse: Parse, content: Ranges) -> Ranges:
    """Ranges joined where only punctuation stands between them."""
    joined = list(content[:1])
    for first, last in content[1:]:
        gap = range(joined[-1][1], first)
        if len(gap) <= 2 and all(parse.tokens[i].pos == "PUNCT" for i in gap):
            joined[-1] = (joined[-1][0], last)
        else:
            joined.append((first, last))
    return tuple(joined)
