"""Contents partly quoted or cut by the parser: what belongs to them beside their clause."""

from __future__ import annotations

from dataclasses import replace

from testimonia.model import AttributionKind
from testimonia.reading.attribution.candidate import Candidate, Context, Ranges
from testimonia.reading.attribution.frames import (
    ENDS,
    alone,
    ends_paragraph,
    opens_paragraph,
    says,
    verb_behind,
)
from testimonia.reading.attribution.lexicon import lexicon
from testimonia.reading.attribution.quotations import Quotation
from testimonia.reading.attribution.sources import Source
from testimonia.reading.attribution.spans import subtree
from testimonia.reading.syntax import Parse, Token

_SUBJECTS = ("nsubj", "nsubjpass", "csubj", "csubjpass", "expl")
_FINITE = ("VBD", "VBZ", "VBP", "MD")
_CLAUSAL = frozenset({"that", "preposed", "parenthetical"})
_LONGEST_OPENING = 40  # tokens before a source that can belong to the content behind the cue


def stray_subject(parse: Parse, verb: Token, clause: Token) -> Ranges:
    """The subject of a clause that the parser made an object, or a clause, of the cue's own.

    "They *say* their goal is to “win”": "their goal" stands right before "is", which has none.
    """
    if parse.dependent(clause, *_SUBJECTS, "mark") is not None or not _finite(parse, clause):
        return ()
    start = parse.edges[clause.i][0]
    for thing in parse.dependents(verb, "dobj", "npadvmod", "ccomp"):
        if thing.i > verb.i and parse.edges[thing.i][1] == start:
            return subtree(parse, thing)
    return ()


def _finite(parse: Parse, clause: Token) -> bool:
    if clause.tag in _FINITE:
        return True
    return any(child.tag in _FINITE for child in parse.dependents(clause, "aux", "auxpass"))


def opening(context: Context, verb: Token, source: Source, clause: Token) -> Ranges:
    """The first words of a content in whose midst the cue stands.

    "*If it rains*, Lee said, the bridge will be “a risk”": the comma behind the cue tells it.
    """
    parse = context.parse
    behind = parse.edges[clause.i][0]
    if not source.span or source.span[0][0] > verb.i or parse.tokens[behind - 1].text != ",":
        return ()
    if parse.tokens[behind].lower == "that" or not says(verb.lemma):
        return ()
    start, end = parse.sentence_of(verb).start, source.span[0][0] - 1
    if not start < end <= start + _LONGEST_OPENING or parse.tokens[end].text != ",":
        return ()
    if any(context.quoted[i] >= 0 for i in range(start, end)):
        return ()
    return ((start, end),)


def coordinate(context: Context, verb: Token, clause: Token) -> Ranges:
    """A second clause of the content that the parser made a sentence of the author's.

    "Lee *said* that the bridge was old, but this *would* hurt nobody": "would" behind a cue in
    the past tense is the future of what was said. "Lee *says* the bridge is old, but she *hopes*
    it will “see her out”": the words in quotation marks are somebody's, and nobody else is named.
    """
    parse = context.parse
    if not says(verb.lemma):
        return ()
    for other in parse.dependents(verb, "conj"):
        own = parse.dependent(other, *_SUBJECTS)
        if own is None or other.i < clause.i or says(other.lemma):
            continue
        if _is_future(parse, verb, other) or _quotes_on(context, own, other):
            return ((parse.edges[clause.i][0], parse.edges[other.i][1]),)
    return ()


def _is_future(parse: Parse, verb: Token, other: Token) -> bool:
    modal = any(child.lower == "would" for child in parse.dependents(other, "aux"))
    return verb.tag == "VBD" and modal


def _quotes_on(context: Context, subject: Token, other: Token) -> bool:
    """Whether a clause about a pronoun's bearer, or a thing, has words in quotation marks."""
    first, last = context.parse.edges[other.i]
    if context.quoted[subject.i] >= 0 or other.lemma in lexicon().naming:
        return False
    known = lexicon().verbs.get(other.lemma, ())
    telling = any(sense.kind is AttributionKind.COMMUNICATION for sense in known)
    return not telling and any(context.quoted[i] >= 0 for i in range(first, last))


def clause_before(context: Context, quotation: Quotation, verb: Token) -> Ranges:
    """The sentence that ends in a quotation, with the cue behind it.

    "*The plan would be late “no matter what,”* one driver said". Empty where the quotation is all.
    """
    parse = context.parse
    if quotation.last > verb.i or not says(verb.lemma):
        return ()
    start = parse.sentence_of(parse.tokens[quotation.first]).start
    before = parse.tokens[start : quotation.first]
    here = context.paragraphs[quotation.first]
    if not before or any(context.paragraphs[token.i] != here for token in before):
        return ()
    if before[-1].pos == "PUNCT" or not any(token.pos in ("VERB", "AUX") for token in before):
        return ()
    if any(context.quoted[token.i] >= 0 or says(token.lemma) for token in before):
        return ()
    return ((start, quotation.last),)


def with_next_quotation(context: Context, candidate: Candidate) -> Candidate:
    """An indirect content with the quotation that is the next sentence and goes on with it.

    "Lee said that the bridge was old. *“It may fall.”*".
    """
    number = _next(context, candidate)
    if number is None:
        return candidate
    quotation = context.quotations[number]
    part = ((quotation.first, quotation.last),)
    first, last = candidate.content[-1]
    while last > first + 1 and context.parse.tokens[last - 1].text in ENDS:
        last -= 1
    return replace(candidate, content=(*candidate.content[:-1], (first, last), *part))


def _next(context: Context, candidate: Candidate) -> int | None:
    parse, cue = context.parse, candidate.cue_head
    if cue is None or candidate.slot not in _CLAUSAL or not says(candidate.lemma):
        return None
    if context.quoted[cue] >= 0 or not candidate.source or parse.tokens[cue].pos != "VERB":
        return None
    end = parse.sentence_of(parse.tokens[cue]).stop
    number = context.quoted[end] if end < len(context.quoted) else -1
    if number < 0 or candidate.content[-1][1] > end or context.quotations[number].first != end:
        return None
    quotation = context.quotations[number]
    if not quotation.speech or not alone(context, quotation):
        return None
    if verb_behind(context, quotation) is not None:
        return None
    apart = opens_paragraph(context, end)
    return number if not apart or ends_paragraph(context, quotation) else None
