"""Cues that are nouns or adjectives: "a claim that …", "his doubts about …", "is sure that …"."""

from __future__ import annotations

from collections.abc import Iterator

from testimonia.reading.attribution.build import clause_slot
from testimonia.reading.attribution.candidate import Candidate, Context, Ranges, difference, ranges
from testimonia.reading.attribution.lexicon import lexicon
from testimonia.reading.attribution.sources import NOBODY, Source, source_of
from testimonia.reading.attribution.spans import (
    noun_phrase,
    possessor_phrase,
    subtree,
    trimmed,
    verb_cue,
)
from testimonia.reading.syntax import Parse, Token


def find(context: Context) -> Iterator[Candidate]:
    """Candidates of all nouns and predicative adjectives."""
    for token in context.parse.tokens:
        if token.pos == "NOUN" and token.lemma in lexicon().nouns:
            yield from noun_cue(context, token)
        elif token.pos in ("ADJ", "VERB") and token.dep == "acomp":
            yield from adjective_cue(context, token)


def noun_cue(context: Context, noun: Token) -> Iterator[Candidate]:
    """A noun with its content: "the mayor's *claim* that the bridge is safe", "*fears of* war"."""
    parse = context.parse
    source, light = _owner(parse, noun)
    for child in parse.dependents(noun, "acl", "ccomp", "relcl", "prep", "xcomp"):
        slot = _noun_slot(parse, child)
        if slot is None:
            continue
        preposition = child if child.dep == "prep" else None
        content, head = _noun_content(parse, child)
        cue = _noun_cue_words(parse, noun, light, preposition)
        yield from _nominal(parse, "noun", slot, noun, cue, source, content, head)


def _owner(parse: Parse, noun: Token) -> tuple[Source, Token | None]:
    """Whose words or thoughts they are: possessor, light verb's subject, "from" or "by" phrase."""
    possessor = parse.dependent(noun, "poss")
    if possessor is not None:
        return Source(possessor_phrase(parse, possessor), possessor.i, "possessor"), None
    for preposition in parse.dependents(noun, "prep"):
        inner = parse.dependent(preposition, "pobj")
        if inner is not None and preposition.lower in ("by", "from", "among"):
            return Source(noun_phrase(parse, inner), inner.i, "by"), None
    verb = parse.head(noun)
    if noun.dep == "dobj" and verb.lemma in lexicon().light:
        return source_of(parse, verb), verb
    return NOBODY, None


def _noun_slot(parse: Parse, child: Token) -> str | None:
    if child.dep == "prep":
        return None if child.lower in ("by", "from", "among", "in") else f"prep:{child.lower}"
    if child.dep == "relcl" and not _complement_that(parse, child):
        return None
    slot = clause_slot(parse, child)
    return slot if slot in ("that", "infinitive", "wh") else None


def _complement_that(parse: Parse, clause: Token) -> bool:
    """Whether "that" only marks the clause, having no part in it (the parser confuses the two)."""
    that = parse.tokens[parse.edges[clause.i][0]]
    return that.lower == "that" and that.dep == "mark"


def _noun_content(parse: Parse, child: Token) -> tuple[Ranges, int]:
    inner = parse.dependent(child, "pobj", "pcomp") if child.dep == "prep" else None
    head = inner or child
    return subtree(parse, head), head.i


def _noun_cue_words(
    parse: Parse, noun: Token, light: Token | None, preposition: Token | None
) -> Ranges:
    inside = [noun.i] if preposition is None else [noun.i, preposition.i]
    inside += [
        child.i
        for child in parse.dependents(noun, "amod", "det", "compound", "nummod", "neg")
        if child.i < noun.i
    ]
    possessor = parse.dependent(noun, "poss")
    if possessor is not None:
        inside += [child.i for child in parse.dependents(possessor, "case")]
    if light is not None:
        between = range(light.i + 1, noun.i)
        inside += [i for i in between if parse.head(parse.tokens[i]).i in (noun.i, light.i)]
        inside += [i for part in verb_cue(parse, light) for i in range(*part)]
    return ranges(sorted(set(inside)))


def adjective_cue(context: Context, adjective: Token) -> Iterator[Candidate]:
    """A predicate adjective: "The mayor *is sure* that …", "*was worried about* the bridge"."""
    parse = context.parse
    verb = parse.head(adjective)
    source = source_of(parse, verb)
    complements = parse.dependents(adjective, "ccomp", "xcomp", "prep", "advcl")
    complements += [c for c in parse.dependents(verb, "ccomp", "xcomp") if c.i > adjective.i]
    for child in complements:
        preposition = child if child.dep == "prep" else None
        content, head = _noun_content(parse, child)
        slot = f"prep:{child.lower}" if preposition is not None else clause_slot(parse, child)
        extra = [adjective, *([preposition] if preposition is not None else [])]
        extra += [c for c in parse.dependents(adjective, "advmod", "neg") if c.i < adjective.i]
        cue = verb_cue(parse, verb, *extra)
        yield from _nominal(parse, "adjective", slot, adjective, cue, source, content, head)


def _nominal(
    parse: Parse,
    construction: str,
    slot: str,
    cue_head: Token,
    cue: Ranges,
    source: Source,
    content: Ranges,
    content_head: int,
) -> Iterator[Candidate]:
    kept = trimmed(parse, difference(difference(content, cue), source.span))
    if kept:
        yield Candidate(
            construction=construction,
            slot=slot,
            lemma=cue_head.lemma.lower(),
            content=kept,
            content_head=content_head,
            cue_head=cue_head.i,
            cue=cue,
            source_head=source.head,
            source=difference(source.span, cue),
            route=source.route,
        )
