"""Colons and dashes that name the speaker: quotations, headlines, transcripts, signatures."""

from __future__ import annotations

from dataclasses import replace

from testimonia.reading.attribution.candidate import Candidate, Context, Ranges
from testimonia.reading.attribution.frames import ENDS, NOMINAL, inner_end, opens_paragraph
from testimonia.reading.attribution.quotations import Quotation
from testimonia.reading.attribution.spans import trimmed
from testimonia.reading.syntax import Token

_NAME = 5  # tokens before a headline's colon
_SIGNATURE = 12  # tokens of a line that signs a quotation
_DASHES = ("-", "--", "–", "—")


def with_colon(context: Context, quotation: Quotation) -> Candidate | None:
    """A name and a colon: "*Lee*: “The bridge is old.”"."""
    parse = context.parse
    colon = quotation.first - 1
    if colon < 1 or parse.tokens[colon].text != ":":
        return None
    start = parse.sentence_of(parse.tokens[colon]).start
    name = parse.tokens[colon - 1]
    if name.pos not in NOMINAL or not 0 < colon - start <= 8:
        return None
    return _by_mark(((quotation.first, quotation.last),), colon, name, start)


def _by_mark(content: Ranges, mark: int, name: Token, start: int) -> Candidate:
    return Candidate(
        construction="colon",
        slot="quote",
        lemma=":",
        content=content,
        cue_head=mark,
        cue=((mark, mark + 1),),
        source_head=name.i,
        source=((start, mark),),
        route="colon",
    )


def signed(context: Context, quotation: Quotation) -> Candidate | None:
    """A quotation with its speaker's name below: "“The bridge is old.” *— Ann Lee, the mayor*"."""
    parse, dash = context.parse, quotation.last
    if dash + 1 >= len(parse.tokens) or parse.tokens[dash].text not in _DASHES:
        return None
    if inner_end(parse, quotation).text not in ENDS and not opens_paragraph(context, dash):
        return None
    last, here = dash + 1, context.paragraphs[dash]
    stop = min(len(parse.tokens), last + _SIGNATURE + 1)
    while last < stop and context.paragraphs[last] == here:
        last += 1
    words = parse.tokens[dash + 1 : last]
    verbal_line = any(token.pos in ("VERB", "AUX") and token.tag != "VBG" for token in words)
    if len(words) > _SIGNATURE or verbal_line or words[0].pos != "PROPN":
        return None
    name = dash + 1
    while name + 1 < last and parse.tokens[name + 1].pos == "PROPN":
        name += 1
    return replace(
        _by_mark(((quotation.first, dash),), dash, parse.tokens[name], dash),
        slot="quote:signature",
        source=((dash + 1, name + 1),),
    )


def plain_colon(context: Context, colon: Token) -> Candidate | None:
    """A headline's colon: "*Lee*: the bridge is old", also at the start of a transcript's line."""
    if colon.text != ":" or context.quoted[colon.i] >= 0:
        return None
    parse = context.parse
    sentence = parse.sentence_of(colon)
    here = context.paragraphs[colon.i]
    first, last = colon.i, colon.i + 1
    while first > sentence.start and context.paragraphs[first - 1] == here:
        first -= 1
        if colon.i - first > _NAME:
            return None
    while last < sentence.stop and context.paragraphs[last] == here:
        last += 1
    name = parse.tokens[max(colon.i - 1, 0)]
    if first == colon.i or name.pos not in ("PROPN", "NOUN") or last <= colon.i + 2:
        return None
    label = parse.tokens[first : colon.i]
    if any(token.pos in ("VERB", "AUX") or token.text[0].isdigit() for token in label):
        return None  # a score: "Rovers 3-1 United:"
    if not any(parse.tokens[i].pos in ("VERB", "AUX") for i in range(colon.i + 1, last)):
        return None  # a list: "Present: A. Barker, T. Cole"
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
