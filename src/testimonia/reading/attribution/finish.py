"""From a chosen candidate to an :class:`Attribution`: directness, kind, certainty, addressee."""

from __future__ import annotations

from dataclasses import replace

from testimonia.model import AttributionKind, Certainty, Directness, Polarity, Span, Spans
from testimonia.reading.attribution.addressees import addressee_of, cue_verb, outside
from testimonia.reading.attribution.candidate import Candidate, Context, Ranges, union
from testimonia.reading.attribution.counts import slot_group
from testimonia.reading.attribution.lexicon import CueSense, lexicon, sense_for
from testimonia.reading.attribution.model import Attribution
from testimonia.reading.attribution.spans import noun_phrase, subtree, to_spans
from testimonia.reading.events.phrases import is_ahead
from testimonia.reading.syntax import Parse, Token

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

_SENSES = {
    "viewpoint": CueSense(AttributionKind.ATTITUDE, Certainty.PROBABLE, frozenset()),
    "turn": CueSense(AttributionKind.COMMUNICATION, Certainty.CERTAIN, frozenset()),
}


def finished(context: Context, candidate: Candidate, confidence: float) -> Attribution:
    """The attribution that the candidate stands for."""
    parse = context.parse
    candidate = _with_date(parse, candidate)
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
        modifiers=modifiers_of(parse, candidate, addressee),
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
    run *by May*", wherever the parser hung it."""
    verb, content = cue_verb(parse, candidate), candidate.content
    if verb is None or content[-1][1] <= candidate.cue[-1][1]:
        return candidate
    heads = [verb.i] if candidate.content_head is None else [verb.i, candidate.content_head]
    for child in (c for i in heads for c in parse.dependents(parse.tokens[i], "prep")):
        if child.i == content[-1][1] and is_ahead(parse, child):
            return replace(candidate, content=union(content, subtree(parse, child)))
    return candidate


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
    """Negative where the cue is negated: "did *not* say that"."""
    if candidate.cue_head is None:
        return Polarity.POSITIVE
    cue = parse.tokens[candidate.cue_head]
    negated = parse.dependent(cue, "neg") or (
        parse.dependent(parse.head(cue), "neg") if candidate.construction == "adjective" else None
    )
    return Polarity.NEGATIVE if negated is not None else Polarity.POSITIVE


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
    return to_spans(parse, union(*phrases))


def _is(child: Token, addressee: Token | None, parse: Parse) -> bool:
    """Whether the phrase is nothing but the addressee ("to Lee")."""
    return addressee is not None and child.lower == "to" and parse.head(addressee).i == child.i
