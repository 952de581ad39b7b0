"""Which entry of an authority file an entity is, with what probability, and why: pure.

A name is shared by those who bear it, and by those whom no file has. So each entry has a weight for
how well it fits, and "none of them" has one for how many others may bear the name (Fellegi and
Sunter 1969, with the other bearers' number estimated by how common the words of the name are);
probabilities are shares of the sum. Two entries that fit alike halve it, and neither is linked.

The weights are ratios of likelihoods, set by hand: no corpus says which entries documents mean.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from testimonia.candidates import Thing, fold, same_words, sound
from testimonia.identity import digest
from testimonia.iris import Iris
from testimonia.linking.agreement import Agreement
from testimonia.linking.bodies import body_name, compare_bodies
from testimonia.linking.persons import compare_persons, person_name
from testimonia.terms import Graph, Triple, decimal, iri, literal
from testimonia.vocabulary import DCTERMS, RDF, SKOS, TST

EXACT: Final = 0.9
"""From this probability on an entry is taken to be the entity (``skos:exactMatch``)."""
CLOSE: Final = 0.5
"""From this one on it may be (``skos:closeMatch``): more likely than all others together."""

# By how many words the longest name has that both bear: the weight of those whom no file has.
_UNKNOWN: Final = {"Person": (3.0, 0.08, 0.03), "Place": (0.6, 0.2, 0.1), "": (1.0, 0.15, 0.05)}
_UNSEEN: Final = 0.5  # of the bearers expected by the words of a name, as many are in no file
# How the words of the best pair of names agree, and what that weighs.
_BY_NAME: Final = ((1.0, 1.0), (0.985, 0.9), (0.96, 0.8), (0.89, 0.6), (0.79, 0.3), (0.74, 0.1))
_SPELT: Final = 0.9  # a name of several words, each of them spelt otherwise at most
_SAME_KIND: Final = 2.0
_OTHER_NAME: Final = 3.0  # for each further name that both bear, at most twice
_SAME_ID: Final = 10_000.0
_SAME_COUNTRY, _OTHER_COUNTRY = 3.0, 0.1
_NEAR: Final = ((10.0, 10.0), (50.0, 3.0), (200.0, 0.5), (math.inf, 0.02))  # kilometres
_AFTER: Final = 0.01  # it began after the documents
_LONG_BEFORE: Final = 0.2  # it ended a century before them
_CENTURY: Final = 100
# What a state is taken for by lists that have no word for it.
_CLOSE_KINDS: Final = frozenset({frozenset({"GeopoliticalEntity", "Organization"})})

Frequency = Callable[[str], float]
"""How many of an authority's names have a word, as a share of all."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """An entity, and the years of the documents about it that have a date: first and last."""

    entity: Thing
    years: Callable[[], tuple[int, int] | None]


@dataclass(frozen=True, slots=True)
class Link:
    """An entity's entry in one authority; ``because`` says in words what decided."""

    entity: str
    entry: str
    source: str
    probability: float
    because: tuple[str, ...]

    @property
    def exact(self) -> bool:
        """Whether it is taken to be the same."""
        return self.probability >= EXACT


@dataclass(frozen=True, slots=True)
class _Weighed:
    entry: Thing
    weight: float
    because: tuple[str, ...]
    words: tuple[str, ...]  # of the longest name that both bear


def link(
    evidence: Evidence,
    entries: Iterable[Thing],
    bearers: Sequence[Thing],
    frequency: Frequency,
    names: int,
) -> Link | None:
    """The link of an entity to one of the ``entries`` of an authority, ``None`` where none of them
    is more likely than not. ``bearers`` are those of all authorities, which have so many ``names``.

    Who is only described ("officials") is linked by nothing but an identifier.
    """
    weighed = [fit for each in entries if (fit := _weigh(evidence, each)) is not None]
    if not weighed:
        return None
    none = max(_nobody(evidence.entity, each.words, bearers, frequency, names) for each in weighed)
    total = none + sum(each.weight for each in weighed)
    best = max(weighed, key=lambda each: (each.weight, each.entry.iri))
    probability = round(best.weight / total, 4)
    if probability < CLOSE:
        return None
    because = (*best.because, *_rivals(best, weighed))
    entity, entry = evidence.entity.iri, best.entry
    return Link(entity, entry.iri, entry.source, probability, because)


def triples(found: Link, iris: Iris) -> Graph:
    """What ``graph/entities`` says of a link: the match, and a node with its reasons."""
    entity, entry = iri(found.entity), iri(found.entry)
    id_ = digest("authority link", found.source, found.entry)
    node = iri(iris.authority_link(found.entity, id_))
    match = SKOS.exactMatch if found.exact else SKOS.closeMatch
    said: set[Triple] = {
        (entity, match, entry),
        (node, RDF.type, TST.AuthorityLink),
        (node, TST.linkFrom, entity),
        (node, TST.linkTo, entry),
        (node, DCTERMS.source, iri(iris.authority_graph(found.source))),
        (node, TST.probability, decimal(found.probability)),
    }
    return frozenset(said | {(node, TST.because, literal(each)) for each in found.because})


# ------------------------------------------------------------------------------------ weights


def _weigh(evidence: Evidence, entry: Thing) -> _Weighed | None:
    entity = evidence.entity
    same_id = _same_id(entity, entry)
    kind = _of_kind(entity, entry)
    shared = sorted(_shared(entity, entry), key=lambda each: -each[0])
    if kind is None or (not same_id and (not shared or entity.first("unnamed"))):
        return None
    weight, because = kind
    if shared:
        weight *= _by_name(shared[0][0])
        because = (_name_told(shared[0]), *because)
    others = min(2, len({fold(each[1]) for each in shared if each[0] >= _BY_NAME[2][0]}) - 1)
    if others > 0:
        weight *= _OTHER_NAME**others
        because = (*because, "further names are the same")
    if same_id:
        weight *= _SAME_ID
        because = (f"the same identifier: {same_id}", *because)
    for factor, told in _circumstances(evidence, entry):
        weight *= factor
        because = (*because, told)
    longest = max((fold(each[1]).split() for each in shared), key=len, default=[])
    return _Weighed(entry, weight, because, tuple(longest)) if weight > 0 else None


def _shared(entity: Thing, entry: Thing) -> Iterator[tuple[float, str, str]]:
    """The names that both bear, nearly enough, each of the entity's once."""
    least = _BY_NAME[-1][0]
    for name in entity.names:
        alike, other = max((_alike(entity, name, other), other) for other in entry.names)
        if alike >= least:
            yield alike, name, other


def _alike(entity: Thing, name: str, other: str) -> float:
    return max(same_words(name, other), _SPELT if _are_spellings(entity, name, other) else 0.0)


def _are_spellings(entity: Thing, name: str, other: str) -> bool:
    """Whether two names are one in other letters, or in another transliteration."""
    if not sound(name) or sound(name) != sound(other):
        return False
    if entity.is_a("Person"):
        one, two = person_name(name), person_name(other)
        agreement = compare_persons(one, two) if one and two else Agreement.NONE
    else:
        place = entity.is_a("Place")
        body, second = body_name(name, place=place), body_name(other, place=place)
        agreement = compare_bodies(body, second) if body and second else Agreement.NONE
    return agreement in {Agreement.SAME, Agreement.SPELLING}


def _by_name(alike: float) -> float:
    return next((weight for least, weight in _BY_NAME if alike >= least), 0.0)


def _name_told(shared: tuple[float, str, str]) -> str:
    alike, name, other = shared
    if alike == 1.0:
        return f"the same name: {name}"
    return f"a name like it: {name} and {other}, {alike:.2f}"


def _same_id(entity: Thing, entry: Thing) -> str:
    own = {_comparable(each) for each in (entity.iri, *entity.facts.get("same", ()))}
    theirs = {_comparable(each) for each in (entry.iri, *entry.facts.get("same", ()))}
    return min(own & theirs, default="")


def _comparable(address: str) -> str:
    """An IRI without what differs where nothing does: the scheme, a last slash, www."""
    return address.partition("://")[2].removeprefix("www.").rstrip("/") or address


def _of_kind(entity: Thing, entry: Thing) -> tuple[float, tuple[str, ...]] | None:
    """The weight of what both are; ``None`` where they cannot be one."""
    if not entry.kinds or not entity.kinds:
        return 1.0, ()
    if any(entity.is_a(kind) for kind in entry.kinds):
        return _SAME_KIND, (f"the same kind: {', '.join(sorted(entry.kinds))}",)
    if any(entry.is_a(kind) for kind in entity.kinds):
        return _SAME_KIND, (f"the same kind: {', '.join(sorted(entity.kinds))}",)
    pairs = {frozenset({a, b}) for a in entity.kinds for b in entry.kinds}
    return (1.0, ()) if pairs & _CLOSE_KINDS else None


def _circumstances(evidence: Evidence, entry: Thing) -> Iterator[tuple[float, str]]:
    entity = evidence.entity
    own, theirs = entity.facts.get("country", ()), entry.facts.get("country", ())
    if own and theirs:
        same = sorted(set(own) & set(theirs))
        yield (
            (_SAME_COUNTRY, f"the same country: {', '.join(same)}")
            if same
            else (_OTHER_COUNTRY, f"another country: {own[0]}, not {theirs[0]}")
        )
    if "point" in entity.facts and "point" in entry.facts:
        away = _kilometres(entity.facts["point"], entry.facts["point"])
        factor = next(factor for most, factor in _NEAR if away <= most)
        yield factor, f"{away:,.0f} km apart"
    yield from _dates(evidence, entry)


def _dates(evidence: Evidence, entry: Thing) -> Iterator[tuple[float, str]]:
    begin, end = _year(entry.first("begin")), _year(entry.first("end"))
    if begin is None and end is None:
        return
    years = evidence.years()
    if years is None:
        return
    first, last = years
    if begin is not None and begin > last:
        yield _AFTER, f"it begins in {begin}, the documents end in {last}"
    if end is not None and end + _CENTURY < first:
        yield _LONG_BEFORE, f"it ends in {end}, the documents begin in {first}"


def _year(date: str) -> int | None:
    sign = -1 if date.startswith("-") else 1
    digits = date.lstrip("+-")[:4]
    return sign * int(digits) if len(digits) == 4 and digits.isdecimal() else None


def _nobody(
    entity: Thing,
    words: Sequence[str],
    bearers: Sequence[Thing],
    frequency: Frequency,
    names: int,
) -> float:
    """The weight of those whom the authority has not: usual for the kind of name, and by how
    common its words are in the names of all others than those who bear it."""
    kind = next((each for each in ("Person", "Place") if entity.is_a(each)), "")
    usual = _UNKNOWN[kind][min(len(words), 3) - 1] if words else 1.0
    if len(words) < 2:
        return usual
    own = [set(fold(name).split()) for each in bearers for name in each.names]
    others = (
        max(0.0, frequency(word) - sum(word in each for each in own) / names) for word in words
    )
    return usual + _UNSEEN * names * math.prod(others)


def _rivals(best: _Weighed, weighed: Sequence[_Weighed]) -> Iterator[str]:
    others = len(weighed) - 1
    if others:
        yield f"{others} other {'entry fits' if others == 1 else 'entries fit'} less"


def _kilometres(one: Sequence[str], other: Sequence[str]) -> float:
    """The great circle between two points (haversine), on a sphere of 6,371 km."""
    lat1, long1, lat2, long2 = (math.radians(float(each)) for each in (*one, *other))
    half = (
        math.sin((lat2 - lat1) / 2) ** 2
        + math.cos(lat1) * math.cos(lat2) * math.sin((long2 - long1) / 2) ** 2
    )
    return 2 * 6371.0 * math.asin(min(1.0, math.sqrt(half)))
