"""Verbal cues with what they govern: clauses, infinitives, objects, predicates, prepositions.

Every function proposes candidates for one construction; selection decides later.
"""

from __future__ import annotations

from collections.abc import Iterator

from testimonia.reading.attribution.build import clause_slot, cut_off, lemma_of, verbal
from testimonia.reading.attribution.candidate import (
    Candidate,
    Context,
    difference,
    ranges,
    union,
)
from testimonia.reading.attribution.lexicon import lexicon
from testimonia.reading.attribution.mixed import coordinate, opening, stray_subject
from testimonia.reading.attribution.series import later_reports
from testimonia.reading.attribution.sources import Source, agent_of, source_of
from testimonia.reading.attribution.spans import is_date, noun_phrase, subtree
from testimonia.reading.syntax import Parse, Token
from testimonia.reading.wordnet import first_sense

_NAMED_WITHIN = 8  # tokens from a thing to its name
_ADVERBIALS = ("prep", "npadvmod", "advmod", "nmod", "appos")
_BODIES = frozenset(
    ["artifact", "object", "body", "substance", "possession", "location", "animal", "plant", "food"]
)
_WH = frozenset({"what", "which", "who", "that", "whatever"})


def find(context: Context) -> Iterator[Candidate]:
    """Candidates of all verbs of the text."""
    for verb in context.parse.tokens:
        if verb.pos == "VERB":
            source = source_of(context.parse, verb)
            rules = _RULES if _free_relative(context.parse, verb) is None else (fused,)
            for rule in rules:
                yield from filter(None, rule(context, verb, source))


def clausal(context: Context, verb: Token, source: Source) -> Iterator[Candidate | None]:
    """A clause behind its verb: "The mayor *said* that the bridge would close"."""
    for clause in context.parse.dependents(verb, "ccomp"):
        if clause.i > verb.i:
            slot = clause_slot(context.parse, clause)
            content = union(
                subtree(context.parse, clause),
                stray_subject(context.parse, verb, clause),
                opening(context, verb, source, clause),
                coordinate(context, verb, clause),
            )
            content = difference(content, later_reports(context.parse, clause))
            yield verbal(context, "clause", slot, verb, source, content, clause.i)


def behind_adverbial(context: Context, verb: Token, source: Source) -> Iterator[Candidate | None]:
    """A clause that the parser hung on a noun: "She *said* in a statement that it would close"."""
    parse = context.parse
    if parse.dependent(verb, "ccomp") is not None:
        return
    for preposition in parse.dependents(verb, "prep"):
        noun = parse.dependent(preposition, "pobj")
        for clause in parse.dependents(noun, "acl", "relcl", "ccomp") if noun is not None else ():
            if parse.tokens[parse.edges[clause.i][0]].lower == "that":
                content = subtree(parse, clause)
                yield verbal(context, "clause", "that", verb, source, content, clause.i)


def preposed(context: Context, verb: Token, source: Source) -> Iterator[Candidate | None]:
    """The clause before its verb: "The bridge will close, the mayor *said*"."""
    for clause in context.parse.dependents(verb, "ccomp"):
        if clause.i < verb.i:
            content = union(subtree(context.parse, clause), cut_off(context.parse, verb))
            yield verbal(context, "final cue", "preposed", verb, source, content, clause.i)


def infinitival(context: Context, verb: Token, source: Source) -> Iterator[Candidate | None]:
    """An infinitive or a participle: "The mayor *promised* to close the bridge"."""
    parse = context.parse
    for clause in parse.dependents(verb, "xcomp"):
        slot = clause_slot(parse, clause)
        content = subtree(parse, clause)
        whom = parse.dependent(verb, "dobj")
        if whom is not None and whom.i < clause.i and whom.lower not in _WH:
            content = union(content, subtree(parse, whom))
            slot += ":of object"
        raised = _raised(parse, verb)
        if raised is not None:
            content = union(content, noun_phrase(parse, raised))
            slot += ":passive"
        yield verbal(context, "infinitive", slot, verb, source, content, clause.i)


def _raised(parse: Parse, verb: Token) -> Token | None:
    """The subject that belongs to the content: "*The bridge* is said to be old", "seems old"."""
    if verb.lemma in lexicon().seeming:
        return parse.dependent(verb, "nsubj")
    return parse.dependent(verb, "nsubjpass")


def nominal(context: Context, verb: Token, source: Source) -> Iterator[Candidate | None]:
    """A noun phrase as object: "The mayor *criticised* the plan"."""
    parse = context.parse
    if parse.dependent(verb, "oprd") is not None:
        return
    for noun in parse.dependents(verb, "dobj"):
        if noun.lower in _WH and noun.i < verb.i:
            if verb.dep == "relcl":
                alone = ((noun.i, noun.i + 1),)
                yield verbal(context, "object", "object:relative", verb, source, alone, noun.i)
            continue
        if _writes_no_text(context, verb, noun) or _meets(verb, noun):
            continue
        dates = [child.i for child in parse.dependents(noun, *_ADVERBIALS) if is_date(parse, child)]
        content = subtree(parse, noun, dates)
        yield verbal(context, "object", "object", verb, source, content, noun.i)


def _meets(verb: Token, noun: Token) -> bool:
    """Whether what is perceived is named, or a thing, and no matter for an opinion.

    "She *saw* Lee", "they *found* the car"; not so "she saw a risk", "saw two men near the gate".
    """
    if verb.lemma not in lexicon().meeting:
        return False
    return noun.pos in ("PRON", "PROPN") or first_sense(noun.lemma.lower()) in _BODIES


def _writes_no_text(context: Context, verb: Token, noun: Token) -> bool:
    """Whether what is written or read has no words: "214 cheques", but "a letter", a quotation."""
    words, lemma = lexicon(), noun.lemma.lower()
    if lemma_of(context.parse, verb) not in words.writing or noun.pos != "NOUN":
        return False
    if any(context.quoted[i] >= 0 for i in range(*context.parse.edges[noun.i])):
        return False
    known = lemma in words.papers | words.reports | words.texts or lemma in words.nouns
    return not known and first_sense(lemma) != "communication"


def contact(context: Context, verb: Token, source: Source) -> Iterator[Candidate | None]:
    """A relative clause without a pronoun: "the plan the mayor *opposes*"; content: "the plan"."""
    parse = context.parse
    noun = parse.head(verb)
    subject = parse.dependent(verb, "nsubj")
    if verb.dep != "relcl" or subject is None or noun.pos not in ("NOUN", "PROPN"):
        return
    closed = parse.dependent(verb, "dobj", "ccomp", "xcomp", "acomp", "oprd", "prep")
    if closed is None and subject.lower not in _WH and subject.i < verb.i:
        content = subtree(parse, noun, [verb.i])
        yield verbal(context, "object", "object:gap", verb, source, content, noun.i)


def predicative(context: Context, verb: Token, source: Source) -> Iterator[Candidate | None]:
    """Somebody called something: "The mayor *called* the plan a mess"; content: both."""
    parse = context.parse
    for predicate in parse.dependents(verb, "oprd"):
        content = subtree(parse, predicate)
        thing = parse.dependent(verb, "dobj") or _raised(parse, verb)
        if thing is not None:
            content = union(content, noun_phrase(parse, thing))
        elif _is_a_name(parse, verb, predicate):
            continue
        yield verbal(context, "predicate", "predicate", verb, source, content, predicate.i)
    yield _named_in_quotes(context, verb, source)


def _is_a_name(parse: Parse, verb: Token, predicate: Token) -> bool:
    """ "A sailor *called Bo Hale*" bears the name, whatever the parse has the sailor do."""
    return (
        predicate.pos == "PROPN"
        and verb.tag == "VBN"
        and parse.dependent(verb, "aux", "auxpass") is None
    )


def _named_in_quotes(context: Context, verb: Token, source: Source) -> Candidate | None:
    """The name in quotation marks behind the thing: "The mayor *called* the plan “a mess”"."""
    parse = context.parse
    thing = parse.dependent(verb, "dobj")
    if thing is None or verb.lemma not in lexicon().naming or thing.i < verb.i:
        return None
    for index in range(thing.i + 1, min(thing.i + _NAMED_WITHIN, parse.sentence_of(verb).stop)):
        quotation = context.quotation_at(index)
        if quotation is not None and context.quoted[thing.i] < 0:
            content = ((parse.edges[thing.i][0], quotation.last),)
            return verbal(context, "predicate", "predicate", verb, source, content, thing.i)
    return None


def prepositional(context: Context, verb: Token, source: Source) -> Iterator[Candidate | None]:
    """What a preposition governs: "The mayor *warned of* a flood", "*called for* calm"."""
    parse = context.parse
    whom = parse.dependent(verb, "dobj") or _raised(parse, verb)
    if whom is not None and _writes_no_text(context, verb, whom):
        return
    for preposition in parse.dependents(verb, "prep"):
        inner = parse.dependent(preposition, "pobj", "pcomp", "amod")
        if inner is None or preposition.i < verb.i or preposition.lower in lexicon().circumstances:
            continue
        if whom is not None and whom.i < verb.i and preposition.lower in lexicon().settings:
            continue  # "the claim was repeated in a letter": where, and not what
        slot = f"prep:{preposition.lower}"
        content = subtree(parse, inner)
        if preposition.lower == "as":
            content = subtree(parse, preposition)
        if whom is not None and _meets(verb, whom) and preposition.lower != "as":
            continue
        if whom is None or whom.lower in _WH:
            yield verbal(context, "preposition", slot, verb, source, content, inner.i, preposition)
            continue
        both = union(subtree(parse, preposition), noun_phrase(parse, whom))
        yield verbal(
            context, "object and preposition", f"{slot}:object", verb, source, both, inner.i
        )


def fused(context: Context, verb: Token, source: Source) -> Iterator[Candidate | None]:
    """A free relative: "what the mayor *calls* "a mess"", "what she *describes* as luck"."""
    parse = context.parse
    after = [child for child in parse.dependents(verb) if child.i > verb.i and child.dep != "punct"]
    if after:
        first, start = after[0], after[0].i
        in_cue = (first,) if first.lower == "as" else ()
        start = start + 1 if in_cue else parse.edges[start][0]
        content = ranges(range(start, _phrase_end(parse, verb, start)))
    else:
        in_cue, content = (), _next_phrase(parse, verb)
    if content:
        head = content[0][0]
        yield verbal(context, "free relative", "predicate", verb, source, content, head, *in_cue)


def light(context: Context, verb: Token, source: Source) -> Iterator[Candidate | None]:
    """A verb that with its object makes one cue: "The mayor *threw her weight behind* the plan"."""
    parse = context.parse
    noun = parse.dependent(verb, "dobj")
    if noun is None or noun.i < verb.i or noun.pos != "NOUN" or noun.lemma in lexicon().nouns:
        return
    for preposition in (*parse.dependents(noun, "prep"), *parse.dependents(verb, "prep")):
        inner = parse.dependent(preposition, "pobj", "pcomp")
        if inner is None or preposition.i not in (noun.i + 1, parse.edges[noun.i][1]):
            continue
        between = [parse.tokens[i] for i in range(verb.i + 1, preposition.i)]
        content = subtree(parse, inner)
        slot = f"light:{preposition.lower}"
        yield verbal(
            context, "light verb", slot, verb, source, content, inner.i, *between, preposition
        )


def _free_relative(parse: Parse, verb: Token) -> Token | None:
    """The "what" that a verb of naming has as its object, in front of it."""
    what = parse.dependent(verb, "dobj", "oprd")
    if what is None or what.lower not in ("what", "whatever") or what.i > verb.i:
        return None
    named = parse.dependent(verb, "oprd") or any(
        child.lower == "as" and child.i > verb.i for child in parse.dependents(verb, "prep")
    )
    return what if named or verb.lemma in lexicon().naming else None


def _phrase_end(parse: Parse, verb: Token, start: int) -> int:
    end = parse.edges[verb.i][1]
    return max(end, start)


def _next_phrase(parse: Parse, verb: Token) -> tuple[tuple[int, int], ...]:
    """The noun phrase right behind the verb, whatever the parser hung it on."""
    sentence = parse.sentence_of(verb)
    for index in range(verb.i + 1, min(verb.i + 8, sentence.stop)):
        token = parse.tokens[index]
        if token.pos in ("NOUN", "PROPN") and token.dep not in ("compound", "poss", "nmod"):
            return ((verb.i + 1, max(parse.edges[token.i][1], token.i + 1)),)
    return ()


def passive(context: Context, verb: Token, source: Source) -> Iterator[Candidate | None]:
    """The passive's subject as content: "The plan *was derided* (by the mayor)"."""
    parse = context.parse
    subject = parse.dependent(verb, "nsubjpass", "csubjpass")
    if subject is None or parse.dependent(verb, "xcomp", "oprd") is not None:
        return
    if agent_of(parse, verb) is None and _points_back(parse, subject):
        return  # "this was repeated": nobody is named, and nothing told
    slot = "passive" if agent_of(parse, verb) is None else "passive:agent"
    yield verbal(context, "passive", slot, verb, source, noun_phrase(parse, subject), subject.i)


def _points_back(parse: Parse, noun: Token) -> bool:
    return noun.pos == "PRON" or any(
        child.lower in ("this", "that", "these", "those") for child in parse.dependents(noun, "det")
    )


def adjectival(context: Context, verb: Token, source: Source) -> Iterator[Candidate | None]:
    """A reduced passive behind a noun: "a plan *opposed* by the mayor"."""
    parse = context.parse
    if verb.dep != "acl" or verb.tag != "VBN" or agent_of(parse, verb) is None:
        return
    noun = parse.head(verb)
    content = subtree(parse, noun, [verb.i])
    yield verbal(context, "participle", "participle", verb, source, content, noun.i)


_RULES = (
    clausal,
    behind_adverbial,
    preposed,
    infinitival,
    nominal,
    contact,
    predicative,
    prepositional,
    light,
    passive,
    adjectival,
)
