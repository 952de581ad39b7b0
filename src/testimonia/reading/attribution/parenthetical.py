"""Cues inside or behind what they introduce: "The bridge, *the mayor said*, will close"."""

from __future__ import annotations

from collections.abc import Iterator

from testimonia.reading.attribution.build import clause_around, cut_off, verbal
from testimonia.reading.attribution.candidate import Candidate, Context, union
from testimonia.reading.attribution.sources import Source, source_of
from testimonia.reading.syntax import Parse, Token

_ASIDE = frozenset({"parataxis", "advcl", "acl", "amod"})
_BORROWED = frozenset({"adverbial", "participle", "climb", "none"})


def find(context: Context) -> Iterator[Candidate]:
    """Candidates of all parenthetical verbs."""
    for verb in context.parse.tokens:
        if verb.pos != "VERB" or verb.dep not in _ASIDE:
            continue
        source = source_of(context.parse, verb)
        found = inserted(context, verb, source) if verb.dep == "parataxis" else None
        found = found or as_clause(context, verb, source)
        if found is not None:
            yield found


def inserted(context: Context, verb: Token, source: Source) -> Candidate | None:
    """A comment clause: "The bridge, the mayor *said*, will close"."""
    parse = context.parse
    main = parse.head(verb)
    if parse.dependent(verb, "ccomp", "dobj") is not None and verb.i < main.i:
        return None
    content = union(clause_around(parse, main, verb), cut_off(parse, verb))
    return verbal(context, "parenthetical", "parenthetical", verb, source, content, main.i)


def as_clause(context: Context, verb: Token, source: Source) -> Candidate | None:
    """A clause with "as": "As the mayor *put* it, the bridge is old", "as *outlined* by her"."""
    parse = context.parse
    mark = parse.dependent(verb, "mark", "prep")
    if mark is None or mark.lower != "as" or mark.i > verb.i or source.route in _BORROWED:
        return None
    if not _without_content(parse, verb):
        return None
    main = _main_clause(parse, verb)
    content = clause_around(parse, main, verb)
    return verbal(context, "as-clause", "as", verb, source, content, main.i)


def _main_clause(parse: Parse, verb: Token) -> Token:
    """The clause commented on; the parser may have hung the comment on its subject."""
    main = parse.head(verb)
    if main.dep in ("nsubj", "nsubjpass"):
        return parse.head(main)
    return main


def _without_content(parse: Parse, verb: Token) -> bool:
    """Whether the verb lacks a content of its own, "it" aside."""
    own = parse.dependents(verb, "ccomp", "xcomp", "dobj", "acomp", "oprd")
    return all(child.lower == "it" for child in own)
