"""What frames a quotation: the verb, the colon or the signature that tells whose words they are.

Read from the words next to the marks as much as from the parse, which goes astray where a
quotation of several sentences meets its cue.
"""

from __future__ import annotations

from dataclasses import replace

from testimonia.reading.attribution.candidate import Candidate, Context, covers
from testimonia.reading.attribution.lexicon import lexicon
from testimonia.reading.attribution.quotations import Quotation
from testimonia.reading.attribution.sources import NOBODY, Source
from testimonia.reading.attribution.spans import noun_phrase
from testimonia.reading.syntax import Parse, Token

_SHORT = 7  # tokens of a sentence that is only a cue
_NEAR = 25  # tokens between a quotation and its cue
_FAR = 120  # tokens of its sentence that are looked at on either side of a quotation
_NEXT = 8  # tokens in which a listed verb is preferred to others
_DASHES = ("-", "--", "–", "—")
_CLAUSES = ("relcl", "acl")
NOMINAL = ("PROPN", "NOUN", "PRON")
MARKS = frozenset({'"', "“", "”", "''", "``", "„", "‟", "«", "»", "‹", "›", "‘", "’", "'", "‚"})
ENDS = frozenset({".", "?", "!", "…", "...", "....", "?!", "!!", "—", "--"})


def inner_end(parse: Parse, quotation: Quotation) -> Token:
    """The last token of a quotation that is no quotation mark."""
    index = quotation.last - 1
    while index > quotation.first and parse.tokens[index].text in MARKS:
        index -= 1
    return parse.tokens[index]


def verb_behind(context: Context, quotation: Quotation) -> Token | None:
    """The verb behind the quotation where a comma or mark ends it: a listed one, else the first.

    After a question mark the parser takes "the mayor asked" for a sentence of its own, and now
    and then after a comma too. A short frame's verb may be taken for a noun: "… ,” Lee *answers*".
    """
    parse = context.parse
    start, end = _frame(context, quotation)
    here = context.paragraphs[quotation.last - 1]
    verbs: list[Token] = []
    nouns: list[Token] = []
    for index in range(start, min(end, quotation.last + _NEAR)):
        token = parse.tokens[index]
        if context.quoted[index] >= 0 or context.paragraphs[index] != here:
            break
        if _has_own_clause(parse, token):
            break
        if token.pos == "VERB" and (token.dep not in _CLAUSES or (not verbs and says(token.lemma))):
            verbs.append(token)
        elif token.tag in ("NNS", "NN") and _is_frame(parse, token, start):
            nouns.append(token)
    near = (token for token in verbs if token.i < start + _NEXT and says(token.lemma))
    return next(near, None) or next(iter((*verbs, *nouns)), None)


def _has_own_clause(parse: Parse, verb: Token) -> bool:
    """Whether what a verb tells stands behind it: "In “Wet Feet,” she *wrote* that …"."""
    clauses = (c for c in parse.dependents(verb, "ccomp") if c.i > verb.i)
    marks = (mark for clause in clauses for mark in parse.dependents(clause, "mark"))
    return any(mark.lower == "that" for mark in marks)


def _frame(context: Context, quotation: Quotation) -> tuple[int, int]:
    """Where the words that frame a quotation from behind may stand."""
    parse, behind = context.parse, quotation.last
    if behind >= len(parse.tokens):
        return behind, behind
    last = inner_end(parse, quotation).text
    end = parse.sentence_of(parse.tokens[behind - 1]).stop
    if last == ",":
        return behind, parse.sentence_of(parse.tokens[behind]).stop
    if parse.tokens[behind].text == "," and behind + 1 < len(parse.tokens):
        return behind + 1, parse.sentence_of(parse.tokens[behind + 1]).stop
    if last in ("?", "!", "…", "...") and end == behind:
        return behind, _short_sentence(context, behind)
    return (behind, end) if last in ENDS else (behind, behind)


def _is_frame(parse: Parse, token: Token, start: int) -> bool:
    """Whether a noun is a verb of saying behind a name, with no object: "… ,” Lee *states*"."""
    behind = parse.tokens[token.i + 1] if token.i + 1 < len(parse.tokens) else None
    ends = behind is None or behind.text in (".", ",", ":") or behind.pos in ("ADP", "ADV")
    before = parse.tokens[token.i - 1]
    named = before.pos in ("PROPN", "PRON", "NUM") or before.tag == "NNS"
    return ends and named and start < token.i <= start + _NEXT and says(token.lemma)


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
    cue = verb is not None and says(verb.lemma) and parse.dependent(verb, "ccomp") is None
    return sentence.stop if cue or len(sentence) <= _SHORT else start


def says(lemma: str) -> bool:
    """Whether a verb is listed as one that introduces quotations."""
    return any("quote" in sense.slots for sense in lexicon().verbs.get(lemma.lower(), ()))


def verb_before(context: Context, quotation: Quotation) -> Token | None:
    """The last finite verb before the quotation in the sentence where it opens.

    Behind a colon that ends a paragraph the quotation may open the next one.
    """
    parse = context.parse
    first = quotation.first
    here = context.paragraphs[first]
    start = parse.sentence_of(parse.tokens[first]).start
    if opens_paragraph(context, first) and first and parse.tokens[first - 1].text == ":":
        here = context.paragraphs[first - 1]
        start = parse.sentence_of(parse.tokens[first - 1]).start
    for index in range(first - 1, max(start, first - _NEAR) - 1, -1):
        token = parse.tokens[index]
        if context.quoted[index] >= 0 or context.paragraphs[index] != here:
            return None
        if token.pos == "VERB" and token.dep not in _CLAUSES:
            return token
    return None


def opens_paragraph(context: Context, index: int) -> bool:
    """Whether a paragraph begins with this token."""
    return index == 0 or context.paragraphs[index] != context.paragraphs[index - 1]


def ends_paragraph(context: Context, quotation: Quotation) -> bool:
    """Whether nothing stands behind the quotation in its paragraph."""
    last = quotation.last
    return last == len(context.parse.tokens) or opens_paragraph(context, last)


def beside(context: Context, verb: Token, quotation: Quotation) -> Source:
    """The words next to a cue whose subject the parser missed.

    Those between the quotation and the verb behind it, else the noun phrase behind the verb.
    """
    parse = context.parse
    if quotation.last < verb.i:
        words = range(quotation.last, verb.i)
        nouns = [i for i in words if parse.tokens[i].pos in NOMINAL]
        if nouns and not any(parse.tokens[i].pos in ("VERB", "SCONJ") for i in words):
            head = next((i for i in nouns if i + 1 not in nouns), nouns[-1])
            last = nouns[-1] + 1
            first = next(i for i in words if parse.tokens[i].pos != "PUNCT")
            return Source(((first, last),), head, "beside")
    for index in range(verb.i + 1, min(parse.sentence_of(verb).stop, verb.i + 6)):
        token = parse.tokens[index]
        if context.quoted[index] >= 0 or token.pos == "VERB":
            break
        if token.pos in NOMINAL and token.dep not in ("compound", "poss"):
            phrase = _unquoted(context, verb, token)
            return Source(((phrase[0], phrase[-1] + 1),), token.i, "beside")
    return NOBODY


def _unquoted(context: Context, verb: Token, noun: Token) -> list[int]:
    """The words of a noun phrase on its own side of the verb, those in quotations left out."""
    first, last = noun_phrase(context.parse, noun)[0]
    low, high = noun.i, noun.i
    while low > first and context.quoted[low - 1] < 0 and low - 1 != verb.i:
        low -= 1
    while high + 1 < last and context.quoted[high + 1] < 0 and high + 1 != verb.i:
        high += 1
    return list(range(low, high + 1))


def is_quoted(context: Context, index: int | None) -> bool:
    """Whether the token stands in a quotation of speech."""
    quotation = context.quotation_at(index) if index is not None else None
    return quotation is not None and quotation.speech


def unquoted_source(context: Context, candidate: Candidate) -> Candidate:
    """The candidate with a source outside the quotation that its cue frames.

    In "“If it rains, the bridge will close, that is clear,” *Lee* notes" the parser may take
    quoted words for the subject.
    """
    cue = candidate.cue_head
    if cue is None or is_quoted(context, cue) or not is_quoted(context, candidate.source_head):
        return candidate
    if not covers(candidate.source, candidate.source_head or 0):
        return candidate
    quotation = context.quotation_at(candidate.source_head or 0)
    if quotation is None:
        return candidate
    found = beside(context, context.parse.tokens[cue], quotation)
    return replace(candidate, source=found.span, source_head=found.head, route=found.route)


def complete(context: Context, quotation: Quotation) -> bool:
    """Whether a quotation is whole sentences, not the end of the author's own ("it “was late”")."""
    tokens = context.parse.tokens
    first = quotation.first
    while first < quotation.last - 1 and tokens[first].text in MARKS:
        first += 1
    capital = tokens[first].text[:1].isupper() or not tokens[first].text[:1].isalpha()
    before = tokens[quotation.first - 1].text if quotation.first else ""
    apart = before in (",", ":", *_DASHES) or _behind_full_stop(context, quotation.first)
    return capital and apart and inner_end(context.parse, quotation).text in ENDS | {","}


def alone(context: Context, quotation: Quotation) -> bool:
    """Whether the quotation is a sentence, or several, with no words around it that frame it."""
    return _is_sentence(context, quotation) or _without_verb(context, quotation)


def _is_sentence(context: Context, quotation: Quotation) -> bool:
    """Told by punctuation: a full stop before the quotation, one at its end."""
    tokens = context.parse.tokens
    if inner_end(context.parse, quotation).text not in ENDS:
        return False
    behind = quotation.last
    if behind < len(tokens) and not opens_paragraph(context, behind):
        token = tokens[behind]
        if not (token.text[:1].isupper() or token.text in MARKS):
            return False
    return _behind_full_stop(context, quotation.first)


def _behind_full_stop(context: Context, first: int) -> bool:
    if first and context.parse.tokens[first - 1].text == ":":
        return False
    if opens_paragraph(context, first):
        return True
    before = first - 1
    while before > 0 and context.parse.tokens[before].text in MARKS:
        before -= 1
    return context.parse.tokens[before].text in ENDS - {"—", "--"}


def _without_verb(context: Context, quotation: Quotation) -> bool:
    """Told by the parse: no verb and no colon outside it in its sentences."""
    parse = context.parse
    words = [i for i in range(quotation.first, quotation.last) if parse.tokens[i].pos != "PUNCT"]
    first, last = (words[0], words[-1]) if words else (quotation.first, quotation.last - 1)
    start, end = (
        parse.sentence_of(parse.tokens[first]).start,
        parse.sentence_of(parse.tokens[last]).stop,
    )
    here = context.paragraphs[quotation.first]
    return (
        not any(
            context.quoted[i] < 0
            and context.paragraphs[i] == here
            and (parse.tokens[i].pos in ("VERB", "AUX") or parse.tokens[i].text == ":")
            for i in (
                *range(max(start, first - _FAR), quotation.first),
                *range(quotation.last, min(end, last + _FAR)),
            )
        )
        and parse.tokens[max(quotation.first - 1, 0)].text != ":"
    )
