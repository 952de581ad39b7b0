"""What the ranker sees of a candidate: syntax, lexicon and counts, as numbers.

No words of the text but the cue's lemma go in, and that only through counts and the lexicon.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from testimonia.reading.attribution.candidate import (
    Candidate,
    Context,
    covers,
    size,
    union,
)
from testimonia.reading.attribution.counts import Counts, slot_group
from testimonia.reading.attribution.finish import sense_of, senses_of
from testimonia.reading.attribution.frames import inner_end
from testimonia.reading.attribution.lexicon import lexicon
from testimonia.reading.attribution.quotations import Quotation
from testimonia.reading.syntax import Parse, Token

Matrix = npt.NDArray[np.float64]

CONSTRUCTIONS = (
    "clause", "final cue", "infinitive", "object", "predicate", "preposition",
    "object and preposition", "free relative", "passive", "participle", "parenthetical",
    "as-clause", "according to", "viewpoint", "for", "noun", "adjective", "quotation", "colon",
    "adverb", "headline", "light verb",
)  # fmt: skip
_SLOTS = ("that", "wh", "infinitive", "gerund", "small", "quote", "object", "predicate")
_ROUTES = (
    "subject", "relative", "conjunct", "control", "adverbial", "participle", "climb", "agent",
    "passive", "expletive", "possessor", "by", "preposition", "beside", "colon", "none",
)  # fmt: skip
_TAGS = ("VBD", "VBZ", "VBP", "VBN", "VBG", "VB", "NN", "JJ")
_DEPS = ("ROOT", "ccomp", "xcomp", "advcl", "relcl", "acl", "conj", "pcomp", "parataxis", "csubj")
_SOURCES = ("PROPN", "NOUN", "PRON", "DET", "ADJ")
_ENTITIES = ("PERSON", "ORG", "GPE", "NORP")
_KINDS = ("Communication", "Attitude", "Factive", "Control")
_FIRST = frozenset({"i", "we"})
_SECOND = frozenset({"you"})
_THIRD = frozenset({"he", "she", "they"})
_IMPERSONAL = frozenset({"it", "this", "that", "which", "there", "these", "those", "what"})


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the other candidates say of a place: likeliest content around, likeliest cue inside."""

    around: npt.NDArray[np.float64]  # per token: best prior of a content that holds it
    cues: npt.NDArray[np.float64]  # per token: best prior of a cue there


def surroundings(
    context: Context, candidates: Sequence[Candidate], priors: Sequence[float]
) -> Surroundings:
    """The two maps over all tokens."""
    number = len(context.parse.tokens)
    around, cues = np.zeros(number), np.zeros(number)
    for candidate, prior in zip(candidates, priors, strict=True):
        for first, last in candidate.content:
            np.maximum(around[first:last], prior, out=around[first:last])
        if candidate.cue_head is not None:
            cues[candidate.cue_head] = max(cues[candidate.cue_head], prior)
    return Surroundings(around, cues)


def features(context: Context, candidates: Sequence[Candidate], counts: Counts) -> Matrix:
    """One row a candidate, columns as in :func:`names`."""
    priors = [counts.prior(candidate) for candidate in candidates]
    near = surroundings(context, candidates, priors)
    best = _best_of_cue(candidates, priors)
    rows = np.empty((len(candidates), len(names())))
    for number, candidate in enumerate(candidates):
        rows[number] = _Row(context, candidate, counts, near, best).values()
    return rows


def _best_of_cue(
    candidates: Sequence[Candidate], priors: Sequence[float]
) -> dict[int, tuple[int, float]]:
    """Per cue the number of candidates and the best prior among them."""
    best: dict[int, tuple[int, float]] = {}
    for candidate, prior in zip(candidates, priors, strict=True):
        if candidate.cue_head is not None:
            number, highest = best.get(candidate.cue_head, (0, 0.0))
            best[candidate.cue_head] = (number + 1, max(highest, prior))
    return best


def names() -> tuple[str, ...]:
    """The features' names, in the order of the columns."""
    return _NAMES


@dataclass(frozen=True, slots=True)
class _Row:
    context: Context
    candidate: Candidate
    counts: Counts
    near: Surroundings
    best: dict[int, tuple[int, float]]

    def values(self) -> list[float]:
        return [
            *self._counted(),
            *self._construction(),
            *self._cue(),
            *self._source(),
            *self._content(),
            *self._place(),
            *self._marks(),
        ]

    def _counted(self) -> list[float]:
        candidate, counts = self.candidate, self.counts
        prior = counts.prior(candidate)
        number, best = self.best.get(_at(candidate.cue_head, -1), (1, prior))
        sense = sense_of(self.context.parse, candidate)
        senses = senses_of(candidate)
        group = slot_group(candidate)
        return [
            prior,
            counts.of_lemma(candidate),
            counts.of_slot(candidate),
            math.log1p(counts.seen(candidate)),
            number,
            best - prior,
            float(any(group in one.slots for one in senses)),
            float(bool(senses)),
            *(float(sense is not None and sense.kind == kind) for kind in _KINDS),
        ]

    def _construction(self) -> list[float]:
        candidate = self.candidate
        group = candidate.slot.split(":")[0]
        return [
            *(float(candidate.construction == name) for name in CONSTRUCTIONS),
            *(float(group == name) for name in _SLOTS),
            *(float(candidate.route == name) for name in _ROUTES),
        ]

    def _cue(self) -> list[float]:
        parse, candidate = self.context.parse, self.candidate
        if candidate.cue_head is None:
            return [0.0] * (len(_TAGS) + len(_DEPS) + 8)
        cue = parse.tokens[candidate.cue_head]
        below = parse.dependents(cue)
        labels = {child.dep for child in below}
        return [
            *(float(cue.tag == tag) for tag in _TAGS),
            *(float(cue.dep == dep) for dep in _DEPS),
            float(any(child.tag == "MD" for child in below)),
            float(any(child.tag == "TO" for child in below)),
            float("neg" in labels),
            float("auxpass" in labels),
            float("ccomp" in labels or "xcomp" in labels),
            float("dobj" in labels),
            float("prt" in labels),
            float(size(candidate.cue)),
        ]

    def _source(self) -> list[float]:
        parse, candidate = self.context.parse, self.candidate
        if not candidate.source:
            return [0.0] * (len(_SOURCES) + len(_ENTITIES) + 10)
        head = parse.tokens[candidate.source[0][1] - 1]
        if candidate.source_head is not None and candidate.route != "relative":
            head = parse.tokens[candidate.source_head]
        label = _entity(parse, head)
        word = head.lower
        return [
            1.0,
            *(float(head.pos == pos) for pos in _SOURCES),
            *(float(label == name) for name in _ENTITIES),
            float(word in _FIRST),
            float(word in _SECOND),
            float(word in _THIRD),
            float(word in _IMPERSONAL),
            float(word == "who"),
            float(head.lemma.lower() in lexicon().people),
            float(head.lemma.lower() in lexicon().papers),
            float(size(candidate.source)),
            float(abs(head.i - _at(candidate.cue_head, head.i))),
        ]

    def _content(self) -> list[float]:
        context, candidate = self.context, self.candidate
        indices = [i for first, last in candidate.content for i in range(first, last)]
        quoted = sum(context.quoted[i] >= 0 for i in indices)
        first, last = candidate.content[0][0], candidate.content[-1][1]
        tokens = context.parse.tokens
        head = tokens[first if candidate.content_head is None else candidate.content_head]
        return [
            math.log(len(indices)),
            quoted / len(indices),
            float(context.quoted[first] >= 0),
            float(len(candidate.content)),
            float(self.near.cues[first:last].max()),
            float(first - _at(candidate.cue_head, first)),
            float(head.pos in ("VERB", "AUX")),
            float(head.pos in ("NOUN", "PROPN")),
            float(head.pos == "PRON"),
            float(head.lemma.lower() in lexicon().nouns),
            *_determined(context.parse, head),
            float(_entity(context.parse, head) in _ENTITIES),
            float(any(tokens[i].tag in ("VBD", "VBZ", "VBP", "MD") for i in indices[:40])),
        ]

    def _place(self) -> list[float]:
        context, candidate = self.context, self.candidate
        at = candidate.content[0][0] if candidate.cue_head is None else candidate.cue_head
        tokens = context.parse.tokens
        sentence = context.parse.sentence_of(tokens[at])
        inside = context.quoted[at]
        return [
            float(inside >= 0 and context.quotations[inside].speech),
            float(self.near.around[at]),
            float(at - sentence.start),
            float(len(sentence)),
            float(tokens[at].sentence == 0),
            math.log1p(tokens[at].sentence),
            tokens[at].sentence / max(1, len(context.parse.sentences)),
            float(sum(1 for i in sentence if tokens[i].text[:1].isupper()) / len(sentence)),
        ]

    def _marks(self) -> list[float]:
        """How the cue, with its source, meets the quotations next to it."""
        context, candidate = self.context, self.candidate
        frame = union(candidate.cue, candidate.source)
        if candidate.cue_head is None or not frame:
            return [0.0] * 5
        first, last = frame[0][0], frame[-1][1]
        tokens = context.parse.tokens
        before = _speech_at(context, first - 1)
        mark = tokens[last].text if last < len(tokens) else ""
        behind = _speech_at(context, last + 1 if mark in (",", ":") else last)
        framed = before is not None and inner_end(context.parse, before).text in (",", "?", "!")
        near = [each for each in (before if framed else None, behind) if each is not None]
        opens = {piece[0] for piece in candidate.content}
        return [
            float(framed),
            float(behind is not None and mark == ":"),
            float(behind is not None and mark == ","),
            float(any(each.first in opens for each in near)),
            float(any(not covers(candidate.content, each.first + 1) for each in near)),
        ]


def _speech_at(context: Context, index: int) -> Quotation | None:
    """The quotation of speech that a token belongs to."""
    if not 0 <= index < len(context.quoted):
        return None
    quotation = context.quotation_at(index)
    return quotation if quotation is not None and quotation.speech else None


def _determined(parse: Parse, head: Token) -> list[float]:
    """Whether a noun has a possessor, a definite or an indefinite article, an "of", a plural."""
    below = parse.dependents(head)
    return [
        float(any(child.dep == "poss" for child in below)),
        float(any(child.lower in ("the", "this", "that", "these", "those") for child in below)),
        float(any(child.lower in ("a", "an") for child in below)),
        float(any(child.dep == "prep" and child.lower == "of" for child in below)),
        float(head.tag in ("NNS", "NNPS")),
    ]


def _at(index: int | None, default: int) -> int:
    return default if index is None else index


def _entity(parse: Parse, token: Token) -> str:
    return parse.entities[token.entity].label if token.entity >= 0 else ""


_NAMES = (
    "prior", "lemma prior", "slot prior", "seen", "rivals", "behind the best",
    "slot listed", "lemma listed", *(f"kind {kind}" for kind in _KINDS),
    *(f"construction {name}" for name in CONSTRUCTIONS), *(f"slot {name}" for name in _SLOTS),
    *(f"route {name}" for name in _ROUTES), *(f"cue {tag}" for tag in _TAGS),
    *(f"cue {dep}" for dep in _DEPS), "modal", "to", "negated", "passive", "has clause",
    "has object", "has particle", "cue length", "has source",
    *(f"source {pos}" for pos in _SOURCES), *(f"source {name}" for name in _ENTITIES),
    "source first person", "source second person", "source third person", "source impersonal",
    "source who", "source people", "source paper", "source length", "source distance",
    "content length",
    "quoted share", "opens quoted", "content pieces", "cue inside", "content distance",
    "content verbal", "content nominal", "content pronoun", "content of speech",
    "content possessed", "content definite", "content indefinite", "content of", "content plural",
    "content named", "content finite",
    "cue quoted", "inside content", "place in sentence", "sentence length", "first sentence",
    "sentence number", "part of text", "capitals",
    "behind quotation", "colon before quotation", "comma before quotation", "quotation whole",
    "leaves quotation",
)  # fmt: skip
