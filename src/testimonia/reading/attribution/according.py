"""Prepositional cues: "according to", "in the words of", "for X, …", "in X's view"."""

from __future__ import annotations

from collections.abc import Iterator

from testimonia.reading.attribution.build import clause_around
from testimonia.reading.attribution.candidate import (
    Candidate,
    Context,
    Ranges,
    difference,
    ranges,
    union,
)
from testimonia.reading.attribution.lexicon import lexicon
from testimonia.reading.attribution.spans import noun_phrase, trimmed
from testimonia.reading.syntax import Parse, Token
from testimonia.reading.wordnet import first_sense

_ANIMATE = frozenset({"PERSON", "ORG", "GPE", "NORP"})
_FROM = frozenset({"from", "by"})
_FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})


def find(context: Context) -> Iterator[Candidate]:
    """Candidates of all prepositional cues."""
    for token in context.parse.tokens:
        rule = _RULES.get(token.lower)
        found = rule(context, token) if rule is not None else None
        if found is not None:
            yield found


def according_to(context: Context, token: Token) -> Candidate | None:
    """A fixed phrase: "*According to* the mayor, the bridge will close"."""
    parse = context.parse
    to = parse.tokens[token.i + 1] if token.i + 1 < len(parse.tokens) else token
    noun = parse.dependent(to, "pobj") or parse.dependent(token, "pobj")
    if to.lower != "to" or noun is None:
        return None
    cue = [token.i, to.i]
    inner = _report_by(parse, noun)
    if inner is not None:
        cue += range(to.i + 1, parse.head(inner).i + 1)
        noun = inner
    return _with_clause(context, token, "according to", ranges(cue), noun, "according to")


def _report_by(parse: Parse, noun: Token) -> Token | None:
    """The author in "reports *from the army*": bare nouns for words, with "from" or "by"."""
    if noun.lemma not in lexicon().reports or parse.dependent(noun, "det", "poss") is not None:
        return None
    for preposition in parse.dependents(noun, "prep"):
        if preposition.lower in _FROM:
            return parse.dependent(preposition, "pobj")
    return None


def in_view(context: Context, token: Token) -> Candidate | None:
    """Somebody's eyes: "*In* the mayor's *view*, the bridge is old", "*from* her *perspective*"."""
    parse = context.parse
    noun = parse.dependent(token, "pobj")
    if noun is None or noun.lemma not in _viewpoints(token.lower):
        return None
    owner = parse.dependent(noun, "poss") or _of(parse, noun) or _nationality(parse, noun)
    if owner is None:
        return None
    cue = [token.i, noun.i] if owner.i < noun.i else [token.i, noun.i, noun.i + 1]
    return _with_clause(
        context, token, "viewpoint", ranges(cue), owner, f"{token.lower} {noun.lemma}"
    )


def _viewpoints(preposition: str) -> frozenset[str]:
    return lexicon().viewpoints.get(preposition, frozenset())


def _of(parse: Parse, noun: Token) -> Token | None:
    of = parse.dependent(noun, "prep")
    return parse.dependent(of, "pobj") if of is not None and of.lower == "of" else None


def _nationality(parse: Parse, noun: Token) -> Token | None:
    for adjective in parse.dependents(noun, "amod", "compound", "nmod"):
        if _entity(parse, adjective) in _ANIMATE:
            return adjective
    return None


def for_somebody(context: Context, token: Token) -> Candidate | None:
    """A dative of judgement: "*For* the mayor, the bridge is a burden"."""
    parse = context.parse
    noun = parse.dependent(token, "pobj")
    main = parse.head(token)
    if noun is None or main.lemma not in lexicon().viewed or not _holds_views(parse, noun):
        return None
    start, end = parse.edges[token.i]
    opens = start == parse.sentence_of(token).start
    if not opens or end >= len(parse.tokens) or parse.tokens[end].text != ",":
        return None
    return _with_clause(context, token, "for", ((token.i, token.i + 1),), noun, "for")


def per_somebody(context: Context, token: Token) -> Candidate | None:
    """A source between commas, or before one: "*Per* the mayor, the bridge will close"."""
    parse = context.parse
    noun = parse.dependent(token, "pobj")
    if noun is None or not (_is_capital(noun) or _is_person(noun) or _is_body(noun)):
        return None
    start, end = parse.edges[token.i]
    opens = start == parse.sentence_of(token).start
    beside = (end - 1, end) if opens else (start - 1,)
    if all(parse.tokens[min(i, len(parse.tokens) - 1)].text != "," for i in beside):
        return None
    return _with_clause(context, token, "according to", ((start, start + 1),), noun, "per")


def _is_capital(noun: Token) -> bool:
    return noun.pos in ("PROPN", "NOUN") and noun.text[:1].isupper()


def _is_body(noun: Token) -> bool:
    return noun.lemma in lexicon().bodies or first_sense(noun.lemma.lower()) == "group"


def judged_by(context: Context, token: Token) -> Candidate | None:
    """Either of two with "to": "*To* the mayor's *mind*, …", "*To* the mayor, the bridge is …"."""
    return in_view(context, token) or for_somebody(context, token)


def _holds_views(parse: Parse, noun: Token) -> bool:
    if noun.tag == "PRP":
        return noun.lower != "it"
    return _entity(parse, noun) in _ANIMATE or noun.lemma.lower() in lexicon().people


def _entity(parse: Parse, token: Token) -> str:
    return parse.entities[token.entity].label if token.entity >= 0 else ""


def _with_clause(
    context: Context, at: Token, construction: str, cue: Ranges, noun: Token, lemma: str
) -> Candidate | None:
    """The candidate whose content is the clause that the phrase at ``at`` belongs to."""
    parse = context.parse
    main = _clause_above(parse, at)
    content = clause_around(parse, main, at) if main.i != at.i else ()
    source = noun_phrase(parse, noun)
    named = _name_behind(parse, noun, main)
    if named is not None:
        source = ((source[0][0], named.stop),)
        content = trimmed(parse, difference(content, ((named.start, named.stop + 1),)))
    elif content and (subject := _subject_behind(parse, main, source)) is not None:
        source = ((source[0][0], subject.start - 1),)
        content = union(content, ((subject.start, subject.stop),))
    if not content:
        return None
    return Candidate(
        construction=construction,
        slot="clause",
        lemma=lemma,
        content=content,
        content_head=main.i,
        cue_head=at.i,
        cue=cue,
        source_head=noun.i,
        source=source,
        route="preposition",
    )


def _name_behind(parse: Parse, noun: Token, main: Token) -> range | None:
    """The name between commas behind what its bearer is: "the mayor, *Ann Lee*, the bridge …".

    Not the clause's only subject, which the words behind the second comma may describe.
    """
    first = noun.i + 2
    if noun.pos != "NOUN" or first >= len(parse.tokens) or not _is_person(noun):
        return None
    last = first
    while last < len(parse.tokens) and parse.tokens[last].tag == "NNP":
        last += 1
    marks = (parse.tokens[noun.i + 1].text, parse.tokens[min(last, len(parse.tokens) - 1)].text)
    if last == first or marks != (",", ","):
        return None
    subjects = parse.dependents(main, "nsubj", "nsubjpass", "csubj", "expl")
    elsewhere = any(subject.i > last for subject in subjects)
    return range(first, last) if elsewhere and _alone(parse, first, last) else None


def _subject_behind(parse: Parse, main: Token, source: Ranges) -> range | None:
    """A clause's subject that was taken for an apposition at the source's end: "a report seen by
    the *Zenda Courier*, *the pumps at the lock* were switched off"."""
    if parse.dependents(main, "nsubj", "nsubjpass", "csubj", "csubjpass", "expl"):
        return None
    verbs = [main, *parse.dependents(main, "aux", "auxpass")]
    begin = min((verb for verb in verbs if verb.i >= source[-1][1]), default=None, key=_place)
    if begin is None or begin.tag not in _FINITE:
        return None
    for apposition in parse.tokens[source[0][0] : source[-1][1]]:
        if apposition.dep == "appos":
            inside = parse.subtree(apposition)
            behind = parse.tokens[inside[0] - 1].text == "," and inside[-1] + 1 == begin.i
            if behind and len(inside) == inside[-1] + 1 - inside[0]:
                return range(inside[0], begin.i)
    return None


def _place(token: Token) -> int:
    return token.i


def _is_person(noun: Token) -> bool:
    return noun.lemma in lexicon().people or first_sense(noun.lemma.lower()) == "person"


def _alone(parse: Parse, first: int, last: int) -> bool:
    """Whether the name is no first member of a list: "the mayor, Ann Lee, Tom Poe and …"."""
    return not any(parse.dependents(parse.tokens[i], "conj") for i in range(first, last))


def _clause_above(parse: Parse, at: Token) -> Token:
    """The verb of the clause around a phrase, or the phrase's governor where there is none."""
    for above in parse.ancestors(at):
        if above.pos in ("VERB", "AUX"):
            return above
    return parse.head(at)


_RULES = {
    "according": according_to,
    "in": in_view,
    "from": in_view,
    "by": in_view,
    "to": judged_by,
    "for": for_somebody,
    "per": per_somebody,
}
