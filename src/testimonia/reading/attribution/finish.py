"""From a chosen candidate to an :class:`Attribution`: directness, kind, certainty, addressee."""

from __future__ import annotations

from dataclasses import replace

from testimonia.model import AttributionKind, Certainty, Directness, Polarity, Span, Spans
from testimonia.reading.attribution.addressees import addressee_of, cue_verb, outside
from testimonia.reading.attribution.candidate import Candidate, Context, Ranges, difference, union
from testimonia.reading.attribution.counts import slot_group
from testimonia.reading.attribution.lexicon import CueSense, lexicon, sense_for
from testimonia.reading.attribution.model import Attribution
from testimonia.reading.attribution.spans import noun_phrase, subtree, to_spans
from testimonia.reading.events.features import is_negated
from testimonia.reading.events.phrases import is_ahead, is_calendar
from testimonia.reading.syntax import Parse, Token
from testimonia.reading.wordnet import often_happening

_DIRECT_SHARE = 0.8  # of the content's tokens that stand in quotation marks (PolNeAR's rule)
_DEGREES = (
    Certainty.CERTAIN,
    Certainty.PROBABLE,
    Certainty.POSSIBLE,
    Certainty.UNDERSPECIFIED,
)
_MODAL = {"may": Certainty.POSSIBLE, "might": Certainty.POSSIBLE, "could": Certainty.POSSIBLE}
_HEDGE = {
    "perhaps": Certainty.POSSIBLE,
    "maybe": Certainty.POSSIBLE,
    "possibly": Certainty.POSSIBLE,
    "probably": Certainty.PROBABLE,
    "likely": Certainty.PROBABLE,
}

_ENDS = frozenset({".", "!", "?"})  # of sentences
_DATING = frozenset({"in", "on", "during", "at"})
_SUBJECTS = frozenset({"PRP", "PRP$", "DT", "NNP", "NNPS", "NNS", "EX"})

_SENSES = {
    "viewpoint": CueSense(AttributionKind.ATTITUDE, Certainty.PROBABLE, frozenset()),
    "turn": CueSense(AttributionKind.COMMUNICATION, Certainty.CERTAIN, frozenset()),
}


def finished(context: Context, candidate: Candidate, confidence: float) -> Attribution:
    """The attribution that the candidate stands for."""
    parse = context.parse
    candidate = _with_date(parse, candidate)
    candidate, dated = _without_date(parse, candidate)
    sense = sense_of(parse, candidate)
    addressee = addressee_of(parse, candidate)
    return Attribution(
        content=to_spans(parse, candidate.content),
        source=to_spans(parse, candidate.source),
        source_head=candidate.source_head,
        cue=to_spans(parse, candidate.cue),
        cue_head=candidate.cue_head,
        cue_lemma=cue_lemma_of(candidate),
        addressee=_phrase(parse, addressee),
        addressee_head=addressee.i if addressee is not None else None,
        modifiers=to_spans(parse, dated) + modifiers_of(parse, candidate, addressee),
        directness=(
            Directness.DIRECT
            if candidate.construction == "turn"
            else directness_of(context, candidate.content)
        ),
        kind=sense.kind if sense else AttributionKind.COMMUNICATION,
        certainty=certainty_of(parse, candidate, sense),
        attribution_certainty=attribution_certainty_of(parse, candidate),
        polarity=polarity_of(parse, candidate),
        construction=candidate.construction,
        confidence=confidence,
    )


def _with_date(parse: Parse, candidate: Candidate) -> Candidate:
    """With the date of what is said, right behind it, in the content: "promised that buses would
    run *by May*", "called for elections *in May*", wherever the parser hung it."""
    verb, content = cue_verb(parse, candidate), candidate.content
    if verb is None or content[-1][1] <= candidate.cue[-1][1]:
        return candidate
    heads = [verb.i] if candidate.content_head is None else [verb.i, candidate.content_head]
    for child in (c for i in heads for c in parse.dependents(parse.tokens[i], "prep")):
        if child.i == content[-1][1] and (
            is_ahead(parse, child) or _dates_happening(parse, candidate, child)
        ):
            return replace(candidate, content=union(content, subtree(parse, child)))
    return candidate


def _dates_happening(parse: Parse, candidate: Candidate, preposition: Token) -> bool:
    """Whether a date stands behind a noun that names what happens ("elections in October").

    Of 11 such dates in PolNeAR nine are the happening's; of 32 behind other nouns 28 are the
    saying's. "On" a day news are told.
    """
    if candidate.content_head is None or preposition.lower not in _DATING - {"on"}:
        return False
    noun, date = parse.tokens[candidate.content_head], parse.dependent(preposition, "pobj")
    object_ = noun.tag in {"NN", "NNS"} and noun.dep in {"dobj", "pobj"}
    dated = date is not None and is_calendar(parse, date)
    return object_ and dated and often_happening(noun.lemma.lower())


def _without_date(parse: Parse, candidate: Candidate) -> tuple[Candidate, Ranges]:
    """The date of the saying between the verb and a clause without "that", which parsers give to
    the clause: "said *in May* it would close"; and the candidate without it."""
    first, last = candidate.content[0]
    verb = cue_verb(parse, candidate)
    if candidate.construction != "clause" or verb is None or first != candidate.cue[-1][1]:
        return candidate, ()
    preposition = parse.tokens[first]
    date = parse.dependent(preposition, "pobj")
    end = parse.edges[first][1]
    if date is None or preposition.lower not in _DATING or not is_calendar(parse, date):
        return candidate, ()
    subject = end < last and parse.tokens[end].tag in _SUBJECTS
    if not subject or first != verb.i + 1:
        return candidate, ()
    return replace(candidate, content=((end, last), *candidate.content[1:])), ((first, end),)


def cue_lemma_of(candidate: Candidate) -> str | None:
    """The cue's lemma, with the preposition that governs the content: "call for"."""
    if candidate.construction in ("preposition", "noun", "adjective"):
        _, _, preposition = candidate.slot.partition("prep:")
        return f"{candidate.lemma} {preposition}".strip()
    return candidate.lemma or None


def _phrase(parse: Parse, noun: Token | None) -> Span | None:
    return to_spans(parse, noun_phrase(parse, noun))[0] if noun is not None else None


def senses_of(candidate: Candidate) -> tuple[CueSense, ...]:
    """The lexicon's senses of the cue."""
    words = lexicon()
    if candidate.construction == "adverb":
        return words.adverbs.get(candidate.lemma, ())
    if candidate.construction in ("according to", "viewpoint", "for"):
        return words.prepositions.get(candidate.lemma, ())
    if candidate.construction == "noun":
        return words.nouns.get(candidate.lemma, ())
    if candidate.construction == "adjective":
        return words.adjectives.get(candidate.lemma, ())
    return words.verbs.get(candidate.lemma, words.verbs.get(candidate.lemma.split(" ")[0], ()))


def sense_of(parse: Parse, candidate: Candidate) -> CueSense | None:
    """The sense that fits the slot, else the usual one."""
    senses = senses_of(candidate)
    if candidate.construction in _SENSES:
        return _SENSES[candidate.construction]
    return sense_for(senses, slot_group(candidate)) or (senses[0] if senses else None)


def directness_of(context: Context, content: Ranges) -> Directness:
    """How much of the content stands in quotation marks."""
    tokens = [i for first, last in content for i in range(first, last)]
    quoted = sum(context.quoted[i] >= 0 for i in tokens)
    if quoted >= _DIRECT_SHARE * len(tokens):
        return Directness.DIRECT
    return Directness.MIXED if quoted else Directness.INDIRECT


def certainty_of(parse: Parse, candidate: Candidate, sense: CueSense | None) -> Certainty:
    """The weaker of what the cue implies and what the content's own modality says."""
    implied = sense.certainty if sense else Certainty.UNDERSPECIFIED
    if _is_question(parse, candidate):
        return Certainty.UNDERSPECIFIED
    if candidate.content_head is None:
        return implied
    degrees = [implied]
    head = parse.tokens[candidate.content_head]
    for child in parse.dependents(head, "aux", "advmod"):
        if child.lower == "could" and parse.dependent(head, "neg") is not None:
            continue  # "the boat could not come": it did not
        degrees.append((_MODAL if child.dep == "aux" else _HEDGE).get(child.lower, implied))
    return max(degrees, key=_DEGREES.index)


def _is_question(parse: Parse, candidate: Candidate) -> bool:
    """Whether nothing but a question is said: ""Who sank it?" he asked", and not "did he say that
    it sank?", where it is the document that asks."""
    tokens = [parse.tokens[i].text for first, last in candidate.content for i in range(first, last)]
    after = candidate.content[-1][1]
    before_cue = candidate.cue_head is not None and after <= candidate.cue_head
    if before_cue and parse.tokens[after].text == "?":
        tokens.append("?")
    return "?" in tokens[-2:] and {text for text in tokens if text in _ENDS} == {"?"}


def attribution_certainty_of(parse: Parse, candidate: Candidate) -> Certainty:
    """How sure the document is that it was said: adverbs of distance, hidden sources."""
    if candidate.construction == "adverb":
        return lexicon().adverbs[candidate.lemma][0].certainty
    heads = [h for h in (candidate.cue_head, candidate.content_head) if h is not None]
    for head in heads:
        for child in parse.dependents(parse.tokens[head], "advmod"):
            if child.lower in lexicon().adverbs:
                return lexicon().adverbs[child.lower][0].certainty
    if candidate.route in ("passive", "expletive") and not candidate.source:
        return Certainty.PROBABLE
    return Certainty.CERTAIN


def polarity_of(parse: Parse, candidate: Candidate) -> Polarity:
    """Negative where the cue is negated: "did *not* say that", "refused to *say* that", "*nobody*
    said that"."""
    if candidate.cue_head is None:
        return Polarity.POSITIVE
    cue = parse.tokens[candidate.cue_head]
    above = parse.head(cue) if candidate.construction == "adjective" else cue
    negated = is_negated(parse, cue) or parse.dependent(above, "neg") is not None
    return Polarity.NEGATIVE if negated else Polarity.POSITIVE


def modifiers_of(parse: Parse, candidate: Candidate, addressee: Token | None) -> Spans:
    """The adverbials of the saying: "on Friday", "in Vienna", "during a meeting with Lee"."""
    verb = cue_verb(parse, candidate)
    if verb is None:
        return ()
    found = parse.dependents(verb, "prep", "npadvmod", "advmod")
    if candidate.source_head is not None and candidate.route != "relative":
        source = parse.tokens[candidate.source_head]
        found += parse.dependents(source, "prep", "npadvmod")
    kept = [child for child in found if outside(candidate, child) and child.dep != "advmod"]
    phrases = (((parse.edges[child.i]),) for child in kept if not _is(child, addressee, parse))
    # "said in a statement that it sank in May": parsers hang what is stated on the statement
    return to_spans(parse, difference(union(*phrases), candidate.content))


def _is(child: Token, addressee: Token | None, parse: Parse) -> bool:
    """Whether the phrase is nothing but the addressee ("to Lee")."""
    return addressee is not None and child.lower == "to" and parse.head(addressee).i == child.i
