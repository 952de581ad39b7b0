"""Quotations as contents: their cues, continuations, speakers in a neighbouring sentence."""

from __future__ import annotations

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
from testimonia.reading.attribution.lexicon import lexicon
from testimonia.reading.attribution.quotations import Quotation
from testimonia.reading.attribution.sources import NOBODY, Source, source_of
from testimonia.reading.attribution.spans import noun_phrase, trimmed
from testimonia.reading.syntax import Parse, Token

_SHORT = 7  # tokens of a sentence that is only a cue
_NEAR = 25  # tokens between a quotation and its cue


def find(context: Context) -> Iterator[Candidate]:
    """Candidates of all quotations of speech, and of colons without one."""
    for quotation in context.quotations:
        if quotation.speech:
            found = with_verb(context, quotation) or with_colon(context, quotation)
            if found is not None:
                yield found
    yield from filter(None, (plain_colon(context, colon) for colon in context.parse.tokens))


def with_verb(context: Context, quotation: Quotation) -> Candidate | None:
    """A verb of the sentence around: "“The bridge is old,” *said* the mayor", "She *smiled*: …"."""
    parse = context.parse
    verb = _verb_behind(context, quotation) or _verb_before(context, quotation)
    if verb is None:
        return None
    source = source_of(parse, verb)
    if not source.span:
        source = _beside(context, verb, quotation)
    content = ((quotation.first, quotation.last),)
    return verbal(context, "quotation", "quote", verb, source, content, None)


def _verb_behind(context: Context, quotation: Quotation) -> Token | None:
    """The first verb behind the quotation in its last sentence, where a comma or mark ends it.

    After a question mark the parser takes "the mayor asked" for a sentence of its own.
    """
    parse = context.parse
    end = parse.sentence_of(parse.tokens[quotation.last - 1]).stop
    asked = parse.tokens[quotation.last - 2].text in ("?", "!")
    if asked and end == quotation.last < len(parse.tokens):
        end = _short_sentence(context, quotation.last)
    if parse.tokens[quotation.last - 2].text not in (",", "?", "!", "—", "--", "."):
        return None
    here = context.paragraphs[quotation.last - 1]
    for index in range(quotation.last, min(end, quotation.last + _NEAR)):
        token = parse.tokens[index]
        if context.quoted[index] >= 0 or context.paragraphs[index] != here:
            return None
        if token.pos == "VERB" and token.dep not in ("relcl", "acl"):
            return token
    return None


def _short_sentence(context: Context, start: int) -> int:
    """The end of a sentence that is only a cue ("the mayor asked."), else its start.

    It has at most six words, or a verb of saying near its start with nothing said behind it.
    """
    parse = context.parse
    sentence = parse.sentence_of(parse.tokens[start])
    if context.paragraphs[start] != context.paragraphs[start - 1]:
        return start
    opening = (parse.tokens[i] for i in sentence[:_SHORT])
    verb = next((token for token in opening if token.pos == "VERB"), None)
    cue = verb is not None and _says(verb.lemma) and parse.dependent(verb, "ccomp") is None
    return sentence.stop if cue or len(sentence) <= _SHORT else start


def _says(lemma: str) -> bool:
    return any("quote" in sense.slots for sense in lexicon().verbs.get(lemma, ()))


def _verb_before(context: Context, quotation: Quotation) -> Token | None:
    """The last finite verb before the quotation in the sentence where it opens."""
    parse = context.parse
    start = parse.sentence_of(parse.tokens[quotation.first]).start
    here = context.paragraphs[quotation.first]
    for index in range(quotation.first - 1, max(start, quotation.first - _NEAR) - 1, -1):
        token = parse.tokens[index]
        if context.quoted[index] >= 0 or context.paragraphs[index] != here:
            return None
        if token.pos == "VERB" and token.dep not in ("relcl", "acl"):
            return token
    return None


def _beside(context: Context, verb: Token, quotation: Quotation) -> Source:
    """The noun phrase next to an inverted cue whose subject the parser missed."""
    parse = context.parse
    end = parse.sentence_of(verb).stop
    for index in range(verb.i + 1, min(end, verb.i + 6)):
        token = parse.tokens[index]
        if token.pos in ("PROPN", "NOUN", "PRON") and token.dep not in ("compound", "poss"):
            return Source(noun_phrase(parse, token), token.i, "beside")
    return NOBODY


def with_colon(context: Context, quotation: Quotation) -> Candidate | None:
    """A name and a colon: "*Lee*: “The bridge is old.”"."""
    parse = context.parse
    colon = quotation.first - 1
    if colon < 1 or parse.tokens[colon].text != ":":
        return None
    start = parse.sentence_of(parse.tokens[colon]).start
    name = parse.tokens[colon - 1]
    if name.pos not in ("PROPN", "NOUN", "PRON") or colon - start > 8:
        return None
    return Candidate(
        construction="colon",
        slot="quote",
        lemma=":",
        content=((quotation.first, quotation.last),),
        cue_head=colon,
        cue=((colon, colon + 1),),
        source_head=name.i,
        source=((start, colon),),
        route="colon",
    )


def plain_colon(context: Context, colon: Token) -> Candidate | None:
    """A headline's colon: "*Lee*: the bridge is old", also at the start of a transcript's line."""
    if colon.text != ":" or context.quoted[colon.i] >= 0:
        return None
    parse = context.parse
    sentence = parse.sentence_of(colon)
    first, last = sentence.start, sentence.stop
    here = context.paragraphs[colon.i]
    while first < colon.i and context.paragraphs[first] != here:
        first += 1
    while last > colon.i and context.paragraphs[last - 1] != here:
        last -= 1
    name = parse.tokens[max(colon.i - 1, 0)]
    if not 0 < colon.i - first <= 5 or name.pos not in ("PROPN", "NOUN") or last <= colon.i + 2:
        return None
    if any(parse.tokens[i].pos in ("VERB", "AUX") for i in range(first, colon.i)):
        return None
    content = trimmed(parse, ((colon.i + 1, last),))
    if not content:
        return None
    return Candidate(
        construction="headline",
        slot="colon",
        lemma=":",
        content=content,
        cue_head=colon.i,
        cue=((colon.i, colon.i + 1),),
        source_head=name.i,
        source=((first, colon.i),),
        route="colon",
    )


def continuations(context: Context) -> dict[int, Ranges]:
    """For each quotation with a frame, those behind it that go on without one.

    "“We left,” she said. “It was late.”": the second has no words around it in its sentence, so it
    is the same speaker's, as is the first of the next paragraph where the mark was left open.
    """
    found: dict[int, Ranges] = {}
    framed: int | None = None
    for number, quotation in enumerate(context.quotations):
        if not quotation.speech:
            continue
        if not _alone(context, quotation) or _verb_behind(context, quotation) is not None:
            framed = number
        elif framed is not None and _goes_on(context, number):
            found[framed] = union(found.get(framed, ()), ((quotation.first, quotation.last),))
        else:
            framed = None
    return found


def _alone(context: Context, quotation: Quotation) -> bool:
    """Whether the sentences of the quotation hold no verb and no colon outside it."""
    parse = context.parse
    words = [i for i in range(quotation.first, quotation.last) if parse.tokens[i].pos != "PUNCT"]
    first, last = (words[0], words[-1]) if words else (quotation.first, quotation.last - 1)
    start, end = (
        parse.sentence_of(parse.tokens[first]).start,
        parse.sentence_of(parse.tokens[last]).stop,
    )
    here = context.paragraphs[quotation.first]
    return not any(
        context.quoted[i] < 0
        and context.paragraphs[i] == here
        and (parse.tokens[i].pos in ("VERB", "AUX") or parse.tokens[i].text == ":")
        for i in (*range(start, quotation.first), *range(quotation.last, end))
    )


def _goes_on(context: Context, number: int) -> bool:
    before, this = context.quotations[number - 1], context.quotations[number]
    paragraph = context.paragraphs[this.first]
    if paragraph == context.paragraphs[before.last - 1]:
        return True
    follows = paragraph == context.paragraphs[before.last - 1] + 1
    return before.open and follows and this.first == before.last


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
