"""Putting a candidate together from its head words."""

from __future__ import annotations

from testimonia.reading.attribution.candidate import Candidate, Context, Ranges, difference, union
from testimonia.reading.attribution.lexicon import lexicon
from testimonia.reading.attribution.sources import Source
from testimonia.reading.attribution.spans import subtree, trimmed, verb_cue
from testimonia.reading.events.clauses import told_before
from testimonia.reading.syntax import Parse, Token


def verbal(
    context: Context,
    construction: str,
    slot: str,
    verb: Token,
    source: Source,
    content: Ranges,
    content_head: int | None,
    *in_cue: Token,
) -> Candidate | None:
    """A candidate with a verb as cue; ``None`` where nothing is left as content.

    Words of cue and source are taken out of the content.
    """
    parse = context.parse
    cue = verb_cue(parse, verb, *in_cue)
    source_span = difference(source.span, cue)
    content = difference(content, _comment(parse, content, cue))
    kept = trimmed(parse, difference(difference(content, cue), source_span))
    if not kept:
        return None
    return Candidate(
        construction=construction,
        slot=slot,
        lemma=lemma_of(parse, verb),
        content=kept,
        content_head=content_head,
        cue_head=verb.i,
        cue=cue,
        source_head=source.head,
        source=source_span,
        route=source.route,
    )


def lemma_of(parse: Parse, verb: Token) -> str:
    """The lemma with its particle: "point out"."""
    particle = parse.dependent(verb, "prt")
    lemma = verb.lemma.lower()
    return f"{lemma} {particle.lower}" if particle is not None else lemma


DASHES = frozenset({"-", "--", "–", "—"})
_COMMENT = frozenset({"appos", "dobj", "npadvmod"})  # labels the parser gives to such nouns


def clause_around(parse: Parse, main: Token, hole: Token) -> Ranges:
    """The clause of ``main`` without the cue's phrase at ``hole``.

    A shell noun in apposition to the clause is the author's comment, not content: "The ship has
    sunk, *a claim that nobody could check*".
    """
    without = {hole.i}
    for index in range(*parse.edges[main.i]):
        if _is_comment(parse, parse.tokens[index]):
            without.add(index)
    return subtree(parse, main, without)


def cut_off(parse: Parse, cue: Token) -> Ranges:
    """The participles behind an inserted cue that go on with its content: "Shelling resumed, the
    mayor said, *killing two men*"."""
    behind = (child for child in parse.dependents(cue, "advcl") if told_before(parse, child))
    return union(*(subtree(parse, child) for child in behind))


def _comment(parse: Parse, content: Ranges, cue: Ranges) -> Ranges:
    """The author's comment on a content that stands behind it, and all that follows in it."""
    if not cue or not content:
        return ()
    first, last = content[-1]
    sentence = parse.sentence_of(parse.tokens[first])
    for index in range(max(first, cue[-1][1]), min(last, sentence.stop)):
        if index > first and _is_comment(parse, parse.tokens[index]):
            start = parse.edges[index][0]
            return ((start, last),) if start > first else ()
        if index > first and _opens_aside(parse, index, last):
            return ((index, last),)
    return ()


def _opens_aside(parse: Parse, dash: int, last: int) -> bool:
    """Whether behind a dash the author speaks: "would leave — *a threat* to us", "— *though* …".

    Measured on the development set: eleven of sixteen noun phrases with "a" behind the only dash
    of a content are outside of it, and all seven such conjunctions.
    """
    mark = parse.tokens[dash]
    if mark.text not in DASHES or dash + 2 >= last:
        return False
    if mark.text == "-" and parse.tokens[dash - 1].end == mark.start:
        return False  # a hyphen
    opening = parse.tokens[dash + 1].lower
    aside = opening in ("a", "an") or opening in lexicon().asides
    return aside and all(parse.tokens[i].text not in DASHES for i in range(dash + 1, last))


def _is_comment(parse: Parse, token: Token) -> bool:
    return token.dep in _COMMENT and token.lemma in lexicon().nouns and _comments(parse, token)


def _comments(parse: Parse, noun: Token) -> bool:
    first = parse.tokens[parse.edges[noun.i][0]]
    behind_comma = first.i > 0 and parse.tokens[first.i - 1].text == ","
    return behind_comma and first.lower in ("a", "an") and bool(parse.dependents(noun, "relcl"))


def clause_slot(parse: Parse, head: Token) -> str:
    """What kind of clause this is: "infinitive", "gerund", "wh" or "that"."""
    below = parse.dependents(head)
    if any(child.tag == "TO" and child.dep == "aux" for child in below):
        return "infinitive"
    first = parse.tokens[parse.edges[head.i][0]]
    if first.tag in ("WP", "WRB", "WDT", "WP$") or first.lower in ("whether", "if"):
        return "wh"
    finite = head.tag in ("VBD", "VBZ", "VBP", "MD") or any(
        child.dep in ("aux", "auxpass") and child.tag in ("MD", "VBD", "VBZ", "VBP")
        for child in below
    )
    if finite or any(child.dep == "mark" and child.lower == "that" for child in below):
        return "that"
    return "gerund" if head.tag == "VBG" else "small"
