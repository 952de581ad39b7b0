"""spaCy's recogniser of named entities, with most of its steps taken at once.

It goes from token to token and asks the network at each what to do: 74 scores for every one, 20 ms
for a document of 440 tokens. Outside an entity what is asked depends on the token alone, so that
all of these are asked together; inside one there are two ways to go on, and only these are asked
one by one. The entities are the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from spacy.language import Language
    from spacy.tokens import Doc

RECOGNISER: Final = "ner"
_QUICK: Final = "testimonia_recogniser"
# A state of spaCy's recogniser: the token, the first of the entity that is open, and the last so
# far; -1 for none.
_FEATURES: Final = 3
_NONE: Final = -1


def quicken(nlp: Language) -> None:
    """Put a quick recogniser in the place of a pipeline's own, if that is one that can be."""
    from spacy.pipeline import EntityRecognizer

    if not nlp.has_pipe(RECOGNISER):
        return
    recogniser = nlp.get_pipe(RECOGNISER)
    if type(recogniser) is not EntityRecognizer or recogniser.cfg["beam_width"] != 1:
        return
    if not nlp.has_factory(_QUICK):
        nlp.factory(_QUICK, func=_made)
    nlp.add_pipe(_QUICK, after=RECOGNISER)
    nlp.remove_pipe(RECOGNISER)


def _made(nlp: Language, name: str) -> _QuickRecogniser:
    return _QuickRecogniser(nlp.get_pipe(RECOGNISER))


@dataclass(frozen=True, slots=True)
class _Moves:
    """What the recogniser can do, by the numbers of its scores: where none is open, ``begin`` an
    entity of a label, take a ``unit``, or go on; where one is, go on ``inside`` or end with the
    ``last``, by its label."""

    outside: tuple[int, ...]
    begin: Mapping[int, str]
    unit: Mapping[int, str]
    inside: Mapping[str, int]
    last: Mapping[str, int]

    @classmethod
    def of(cls, names: list[str]) -> _Moves:
        found: dict[str, dict[int, str]] = {each: {} for each in "BILU"}
        outside: list[int] = []
        for number, name in enumerate(names):
            move, _, label = name.partition("-")
            if move == "O":
                outside.append(number)
            elif move in found and label:  # a unit of no label is for what was blocked before
                found[move][number] = label
        inside, last = ({label: number for number, label in found[each].items()} for each in "IL")
        return cls(tuple(outside), found["B"], found["U"], inside, last)


class _QuickRecogniser:
    """Annotates a doc as ``recogniser`` does."""

    def __init__(self, recogniser: Any) -> None:
        self._recogniser = recogniser
        moves = recogniser.moves
        self._moves = _Moves.of([moves.get_class_name(number) for number in range(moves.n_moves)])

    def __call__(self, doc: Doc) -> Doc:
        if not len(doc) or doc.has_annotation("ENT_IOB"):
            return self._asked(doc)
        network = self._recogniser.model.predict([doc])
        try:
            if not _is_known(network):
                return self._asked(doc)
            doc.set_ents(self._entities(doc, network))
        finally:
            network.clear_memory()
        return doc

    def _asked(self, doc: Doc) -> Doc:
        done: Doc = self._recogniser(doc)
        return done

    def _entities(self, doc: Doc, network: Any) -> list[Any]:
        from spacy.tokens import Span

        moves = self._moves
        found: list[Span] = []
        chosen = self._outside(doc, network)
        at = 0
        while at < len(doc):
            move, start = chosen[at], at
            if (label := moves.begin.get(move)) is not None:
                at = self._end(doc, network, start, label)
                found.append(Span(doc, start, at + 1, label=label))
            elif (label := moves.unit.get(move)) is not None:
                found.append(Span(doc, start, start + 1, label=label))
            at += 1
        return found

    def _outside(self, doc: Doc, network: Any) -> list[int]:
        """What is best at each token where no entity is open."""
        import numpy

        states = numpy.full((len(doc), _FEATURES), _NONE, dtype="i")
        states[:, 0] = numpy.arange(len(doc))
        scores = _scores(network, states)
        moves = self._moves
        able = numpy.full(scores.shape, -numpy.inf, dtype="f")
        for kind in (moves.outside, [*moves.begin], [*moves.unit]):
            able[:, kind] = scores[:, kind]
        blank = [token.i for token in doc if token.is_space]
        # None goes on over the end of a sentence.
        closed = [token.i - 1 for token in doc[1:] if token.is_sent_start]
        able[numpy.ix_([*blank, *closed, len(doc) - 1], [*moves.begin])] = -numpy.inf
        able[numpy.ix_(blank, [*moves.unit])] = -numpy.inf
        best: list[int] = able.argmax(axis=1).tolist()
        return best

    def _end(self, doc: Doc, network: Any, start: int, label: str) -> int:
        """The last token of the entity that begins at ``start``."""
        import numpy

        inside, last = self._moves.inside[label], self._moves.last[label]
        at = start + 1
        while at + 1 < len(doc) and not doc[at + 1].is_sent_start:
            scores = _scores(network, numpy.array([[at, start, at - 1]], dtype="i"))[0]
            # Of two that are equal spaCy takes the first.
            one, other = sorted((inside, last))
            if (scores[other] > scores[one]) == (other == last):
                break
            at += 1
        return at


def _is_known(network: Any) -> bool:
    return bool(
        network.state2vec.nF == _FEATURES
        and network.attrs["has_upper"]
        and network._class_mask.all()  # noqa: SLF001 - no class that was never seen
    )


def _scores(network: Any, states: NDArray[Any]) -> NDArray[Any]:
    scores: NDArray[Any] = network.vec2scores.predict(network.state2vec.predict(states))
    return scores
