"""What the decisions on a document do in it, and what others would settle: pure, so that it can be
found out wherever the document is read."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from testimonia.catalog import Doubt, KeptEffect
from testimonia.deciding import doubts
from testimonia.decisions import Effect, Quote, Standing
from testimonia.iris import Iris
from testimonia.mapping import Namer, affected_paths
from testimonia.model import Document, Reading
from testimonia.terms import iri_of


@dataclass(frozen=True, slots=True)
class Noted:
    """What the record keeps of a document's decisions."""

    document: str
    effects: tuple[KeptEffect, ...]
    doubts: tuple[Doubt, ...]

    @property
    def applied(self) -> int:
        """How many decisions made something other than it was read."""
        return sum(each.standing is Standing.APPLIED for each in self.effects)


def noted(document: Document, reading: Reading, effects: Sequence[Effect], iris: Iris) -> Noted:
    """What the ``effects`` of decisions are in a document whose graph describes ``reading``."""
    paths = affected_paths(document, reading, effects, iris)
    kept = (
        KeptEffect(document.id, each.decision, each.standing, each.told, ruled)
        for each, ruled in zip(effects, paths, strict=True)
    )
    decided = {key for each in effects if each.standing.rules for key in each.keys}
    return Noted(document.id, tuple(kept), tuple(_doubts(document, reading, decided, iris)))


def _doubts(
    document: Document, reading: Reading, decided: Collection[str], iris: Iris
) -> Iterator[Doubt]:
    namer = Namer(document, iris)
    nodes = [namer.statement(each.anchor) for each in reading.statements]
    for each in doubts(reading, decided):
        node = namer.local(each.key) if each.key is not None else nodes[each.statement or 0]
        quote = Quote(each.span, each.span.of(document.text.content))
        path = iri_of(node).removeprefix(iris.base_iri)
        rest = (each.confidence, each.dependents, each.score)
        yield Doubt(document.id, each.what, quote, path, *rest)
