"""The conventions of spans: what belongs to a source, a cue, a content.

They are those that PolNeAR and PARC share (Pareti 2012; Newell et al. 2018), as measured on the
development sets: a source is the full noun phrase with title, apposition and prepositional
phrases, without relative clauses set off by a comma; a cue has its auxiliaries, negation,
particle, and the preposition that governs the content; a content has its "that" or "whether" and
its quotation marks.
"""

from __future__ import annotations

from collections.abc import Iterable

from testimonia.model import Spans
from testimonia.reading.attribution.candidate import Ranges, ranges
from testimonia.reading.syntax import Parse, Token
from testimonia.reading.vocatives import is_vocative

_EDGE = frozenset(
    {",", ";", ":", ".", "!", "?", "-", "--", "–", "—", "...", "…", "(", ")", "[", "]", "|", "•"}
)
_QUOTES = frozenset({'"', "“", "”", "''", "``", "„", "«", "»", "‘", "’", "'"})
_IN_CUE = frozenset({"aux", "auxpass", "neg", "prt"})


def to_spans(parse: Parse, part: Ranges) -> Spans:
    """Token ranges as spans of the text."""
    return tuple(parse.span(first, last) for first, last in part)


def trimmed(parse: Parse, part: Ranges, *, quotes: bool = False) -> Ranges:
    """Each range without punctuation at its ends (quotation marks stay unless ``quotes``)."""
    drop = _EDGE | _QUOTES if quotes else _EDGE
    kept = []
    for first, last in part:
        while first < last and parse.tokens[first].text in drop:
            first += 1
        while last > first and parse.tokens[last - 1].text in drop:
            if _closes_bracket(parse, first, last - 1):
                break
            last -= 1
        while last > first and parse.tokens[last - 1].tag == "CC":
            last -= 1
        if first < last:
            kept.append((first, last))
    return tuple(kept)


def _closes_bracket(parse: Parse, first: int, at: int) -> bool:
    """Whether the bracket at ``at`` was opened inside: "Lee (a lawyer)"."""
    partner = {")": "(", "]": "["}.get(parse.tokens[at].text)
    nearby = parse.tokens[max(first, at - 12) : at]
    return partner is not None and any(token.text == partner for token in nearby)


def subtree(parse: Parse, head: Token, without: Iterable[int] = ()) -> Ranges:
    """All below ``head`` but for the subtrees in ``without``, trimmed at the ends."""
    return trimmed(parse, ranges(parse.subtree(head, without=frozenset(without))))


def noun_phrase(
    parse: Parse, head: Token, *, inverted: bool = False, verb: Token | None = None
) -> Ranges:
    """A source's span: the noun phrase without relative clauses or participles after a comma.

    Behind an inverted cue ("said Lee, who …") relative clauses stay in: so do 64% of the gold's,
    against 40% before the cue. ``verb`` is a participle of the phrase that is the cue itself.
    """
    without = {
        child.i
        for child in parse.dependents(head)
        if child == verb or _leaves_source(parse, child, inverted=inverted)
    }
    part = subtree(parse, head, without)
    if not part:
        return ((head.i, head.i + 1),)
    return (_around(part, head.i),)


def possessor_phrase(parse: Parse, possessor: Token) -> Ranges:
    """A possessor's span, without "'s" (which belongs to the cue)."""
    case = {child.i for child in parse.dependents(possessor, "case")}
    part = subtree(parse, possessor, case)
    return (_around(part, possessor.i),) if part else ((possessor.i, possessor.i + 1),)


def _leaves_source(parse: Parse, child: Token, *, inverted: bool) -> bool:
    if child.pos == "PROPN" and is_vocative(parse, child):
        return True
    if child.dep == "relcl":
        return not inverted
    if child.dep in ("parataxis", "ccomp", "advcl"):
        return True
    if child.dep == "acl":
        return parse.tokens[max(parse.edges[child.i][0] - 1, 0)].text == ","
    return child.dep in ("prep", "advmod", "npadvmod") and is_date(parse, child)


def is_date(parse: Parse, child: Token) -> bool:
    """Whether an adverbial behind the name is a day ("on Friday") that the parser hung there."""
    below = [child, *parse.dependents(child, "pobj")]
    return any(
        token.entity >= 0 and parse.entities[token.entity].label in ("DATE", "TIME")
        for token in below
    )


def _around(part: Ranges, index: int) -> tuple[int, int]:
    """The range from the first token to the last before a hole, the one with ``index``."""
    for first, last in part:
        if first <= index < last:
            return first, last
    return part[0]


def _governors(parse: Parse, verb: Token) -> set[int]:
    """Verbs right before an infinitive that is the cue: "*refused to* say"."""
    found: set[int] = set()
    above = parse.head(verb)
    to = next((child for child in parse.dependents(verb, "aux") if child.tag == "TO"), None)
    if verb.dep == "xcomp" and above.pos == "VERB" and to is not None and to.i == above.i + 1:
        found |= {above.i}
        found |= {child.i for child in parse.dependents(above) if child.dep in _IN_CUE}
    return found


def verb_cue(parse: Parse, verb: Token, *extra: Token) -> Ranges:
    """A verbal cue: auxiliaries, negation, particle and adverbs between them and the verb."""
    inside = {verb.i, *(token.i for token in extra)}
    inside |= {child.i for child in parse.dependents(verb) if child.dep in _IN_CUE}
    inside |= _governors(parse, verb)
    low = min((i for i in inside if i <= verb.i), default=verb.i)
    for child in parse.dependents(verb, "advmod"):
        if low <= child.i < verb.i or child.i == low - 1 or child.i == verb.i - 1:
            inside.add(child.i)
    return ranges(sorted(inside))
