"""What is worth a decision across documents: whether two are one, how two statements stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from testimonia.catalog import Catalog, Near
from testimonia.decisions import LINKING, What
from testimonia.identity import digest
from testimonia.iris import Iris

_LEAST: Final = 0.05  # as of questions of one document
_ENOUGH: Final = 5  # times as many as are wanted: what is least certain is not what most rests on
_TWO: Final = 2  # statements that a relation is between
_DECIDABLE: Final = frozenset({"Corroborates", "Contradicts", "Repeats", "RespondsTo"})


@dataclass(frozen=True, slots=True)
class Across:
    """A question about two things of different documents (paths under the base).

    ``asked`` is ``same`` or the name of a relation, ``confidence`` the probability that it is so
    as it was found, ``holds`` whether it was taken to be so.
    """

    thing: str
    other: str
    asked: str
    confidence: float
    dependents: int
    because: tuple[str, ...]
    holds: bool

    @property
    def score(self) -> float:
        """How much a decision would settle: doubt times dependents."""
        doubt = 1.0 - self.confidence if self.holds else self.confidence
        return round(doubt * self.dependents, 4)


def across(catalog: Catalog, iris: Iris, limit: int) -> list[Across]:
    """The questions that nobody has decided, the weightiest first; where there are more than
    ``limit``, of the least certain alone."""
    decided = _decided(catalog)
    many = _ENOUGH * limit
    found = [*_links(catalog, iris, many), *_relations(catalog, many)]
    kept = [each for each in found if each.score >= _LEAST and not _keys(each, iris) & decided]
    kept.sort(key=lambda each: (-each.score, each.thing, each.other, each.asked))
    return kept


def _links(catalog: Catalog, iris: Iris, limit: int) -> Iterator[Across]:
    near = [*catalog.most_likely_missed(limit), *catalog.least_sure_links(limit)]
    for each in near:
        other = _other(catalog, each)
        if other is not None and _is_spoken_of(each.key):
            base = iris.base_iri
            thing = iris.local(each.document, each.key).removeprefix(base)
            yield Across(
                thing,
                iris.local(*other).removeprefix(base),
                "same",
                each.confidence,
                each.members,
                each.because,
                holds=each.linked,
            )


def _other(catalog: Catalog, near: Near) -> tuple[str, str] | None:
    """The first of the archive's entity that words of another document stand for."""
    there = (
        (document, key)
        for document, key in catalog.locals_of(near.entity)
        if document != near.document and _is_spoken_of(key)
    )
    return next(there, None)


def _is_spoken_of(key: str) -> bool:
    """Whether words stand for it: metadata's authors and publishers have none."""
    return key.rpartition("/")[2][:1].isdigit()


def _relations(catalog: Catalog, limit: int) -> Iterator[Across]:
    for each in catalog.least_sure_relations(limit):
        if each.kind in _DECIDABLE:
            yield Across(
                f"statement/{each.source}",
                f"statement/{each.target}",
                each.kind,
                each.confidence,
                _TWO,
                each.because,
                holds=True,
            )


def _decided(catalog: Catalog) -> set[str]:
    """Paths of relations, and pairs of local entities, that people decided on."""
    ruled: dict[str, set[str]] = {}
    for effect in catalog.effects():
        ruled.setdefault(effect.decision, set()).update(effect.paths)
    linking = {
        each.id
        for each in catalog.decisions()
        if each.kind in LINKING or each.what is What.RELATION
    }
    found: set[str] = set()
    for decision in linking & ruled.keys():
        paths = ruled[decision]
        found |= {each for each in paths if each.startswith("relation/")}
        found |= {_pair(each for each in paths if each.startswith("document/"))}
    return found


def _keys(asked: Across, iris: Iris) -> set[str]:
    if asked.asked == "same":
        return {_pair((asked.thing, asked.other))}
    ends = (part.rpartition("/")[2] for part in (asked.thing, asked.other))
    return {iris.relation(digest("relation", asked.asked, *ends)).removeprefix(iris.base_iri)}


def _pair(paths: Iterable[str]) -> str:
    return " ".join(sorted(paths))
