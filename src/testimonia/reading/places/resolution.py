"""Which of the places that bear a name a document means.

A log-linear ranking over the namesakes and "none of them", with features of the place itself
(population, kind, spelling), of containment ("Paris, Texas") and of the document's geography: the
countries and divisions that its other names point to, and what lies near (spatial minimality,
Leidner 2007; one sense a document, Gale et al. 1992). Names count once however often they are said.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from testimonia.gazetteer import Gazetteer, normalise
from testimonia.model import GazetteerEntry
from testimonia.reading.places.geography import Geography, Scored
from testimonia.reading.places.geometry import is_point
from testimonia.reading.places.lexicon import lexicon, weights
from testimonia.reading.places.model import Resolution, ToponymCandidate

_MOST = 40  # namesakes compared; the least populous of more are left out unless contained
_HAMLET = 3_000  # inhabitants
_DECIDED = 0.2  # below it the namesakes are too alike to choose one
_METROPOLIS = 1_000_000
_USUAL_PEOPLE = {
    "ADM1": 300_000.0, "ADM2": 50_000.0, "ADM3": 5_000.0, "ADM4": 500.0, "place": 300.0,
    "nature": 300.0, "region": 5_000_000.0, "PCLI": 5_000_000.0, "CONT": 5_000_000.0,
}  # fmt: skip
_Ranking = list[tuple[GazetteerEntry | None, float]]


@dataclass
class Group:
    """All mentions of one name that are taken in one sense."""

    name: str
    container: str  # the normalised name that follows it: "texas" in "Paris, Texas"
    entries: tuple[GazetteerEntry, ...]
    demonym: bool
    members: list[int] = field(default_factory=list)
    contained: set[str] = field(default_factory=set)  # ids that lie in the container
    containing: set[str] = field(default_factory=set)  # ids around a name just before
    cues: set[str] = field(default_factory=set)
    trust: float = 0.0  # the best confidence that it is a place at all


def resolve(
    candidates: Sequence[ToponymCandidate],
    text: str,
    gazetteer: Gazetteer,
    *,
    publisher: str | None = None,
    peoples: Iterable[str] = (),
) -> tuple[Resolution, ...]:
    """One resolution for each candidate, in order; the confidence is the ranking's own.

    ``publisher`` is the name of who published the text: a place in it ("The Elm Valley Gazette")
    draws the names of the text towards itself. So do the countries of ``peoples``, the demonyms of
    the text, whether they are candidates or not.
    """
    groups = _groups(candidates, text, gazetteer)
    groups += [*pointing(peoples, groups, gazetteer), *_home(publisher, gazetteer)]
    beliefs: list[Scored] = [_prior(group) for group in groups]
    rankings: list[_Ranking] = []
    for _ in range(2):  # first with namesakes by prior, then by what the first pass believes
        geography = Geography([group.trust for group in groups], beliefs)
        rankings = [_ranked(group, geography, index) for index, group in enumerate(groups)]
        beliefs = [_known(ranking) for ranking in rankings]
    found: list[Resolution] = [Resolution(None, 0.0)] * len(candidates)
    for group, ranking in zip(groups, rankings, strict=True):
        resolution = _best(ranking)
        for member in group.members:
            found[member] = resolution
    return tuple(found)


# ------------------------------------------------------------------------------------- groups


def _groups(candidates: Sequence[ToponymCandidate], text: str, gazetteer: Gazetteer) -> list[Group]:
    """Candidates by name, split only where the text itself gives two different containers."""
    names = [candidate.name or candidate.span.of(text) for candidate in candidates]
    known = [
        _entries(candidate, name, gazetteer)
        for candidate, name in zip(candidates, names, strict=True)
    ]
    groups: dict[tuple[str, str], Group] = {}
    for index, (candidate, name) in enumerate(zip(candidates, names, strict=True)):
        container, inside = _container(index, candidates, known, text)
        key = (
            normalise(name) if not candidate.demonym else f"{name}/",
            container if inside else "",
        )
        group = groups.setdefault(key, Group(name, key[1], known[index], candidate.demonym))
        group.members.append(index)
        group.contained |= inside
        group.containing |= _outer(index, candidates, known, text)
        group.cues |= set(_cues(candidate, text))
        # what is unsure of a demonym is what it stands in, not where it points to
        group.trust = 1.0 if candidate.demonym else max(group.trust, candidate.confidence)
    return _one_sense(groups)


def _entries(
    candidate: ToponymCandidate, name: str, gazetteer: Gazetteer
) -> tuple[GazetteerEntry, ...]:
    name = name.title() if name.isupper() and len(name) > 4 else name
    if candidate.demonym:
        belongs = gazetteer.demonym(name)
        return (belongs,) if belongs else ()
    return gazetteer.lookup(name) or gazetteer.lookup(name.removesuffix("."))


def _container(
    index: int,
    candidates: Sequence[ToponymCandidate],
    known: Sequence[tuple[GazetteerEntry, ...]],
    text: str,
) -> tuple[str, set[str]]:
    """The name that directly follows ("Paris, Texas"), and which namesakes lie in it."""
    if not _adjoins(index, candidates, text):
        return "", set()
    inner, outer = known[index], _areas(known[index + 1])
    inside = {entry.id for entry in inner if not outer.isdisjoint(entry.within)}
    return normalise(candidates[index + 1].span.of(text)), inside


def _outer(
    index: int,
    candidates: Sequence[ToponymCandidate],
    known: Sequence[tuple[GazetteerEntry, ...]],
    text: str,
) -> set[str]:
    """Which namesakes contain a place of the name directly before."""
    if not index or not _adjoins(index - 1, candidates, text):
        return set()
    around = {place for entry in known[index - 1] for place in entry.within}
    return _areas(known[index]) & around


def _areas(entries: Sequence[GazetteerEntry]) -> set[str]:
    return {entry.id for entry in entries if not entry.feature.startswith("PPL")}


def _adjoins(index: int, candidates: Sequence[ToponymCandidate], text: str) -> bool:
    """Whether only a comma, a bracket or "in" stands between this name and the next."""
    if index + 1 >= len(candidates) or candidates[index].demonym or candidates[index + 1].demonym:
        return False
    between = text[candidates[index].span.end : candidates[index + 1].span.start]
    return between.strip() in {",", "(", "in", ", in", ".,"} and "\n" not in between


def _cues(candidate: ToponymCandidate, text: str) -> Iterator[str]:
    """Nouns beside the name that tell its kind: "the city of X", "X province"."""
    kinds = lexicon().kinds
    before = text[max(0, candidate.span.start - 30) : candidate.span.start].lower().split()
    after = text[candidate.span.end : candidate.span.end + 20].lower().split()
    if before[-1:] == ["of"] and before[-2:-1] and before[-2] in kinds:
        yield before[-2]
    if after and (word := after[0].strip(".,;:")) in kinds:
        yield word


def _one_sense(groups: Mapping[tuple[str, str], Group]) -> list[Group]:
    """A name without a container takes the sense of its first mention that has one."""
    kept: dict[str, Group] = {}
    for (name, container), group in groups.items():
        if container:
            kept.setdefault(name, group)
    result: list[Group] = []
    for (name, container), group in groups.items():
        sense = kept.get(name)
        if container or sense is None:
            result.append(group)
        else:
            sense.members += group.members
            sense.cues |= group.cues
            sense.containing |= group.containing
            sense.trust = max(sense.trust, group.trust)
    return result


# --------------------------------------------------------------------- demonyms and publisher


def pointing(
    peoples: Iterable[str], groups: Sequence[Group], gazetteer: Gazetteer
) -> Iterator[Group]:
    """Demonyms that are no toponyms themselves ("the Ruritanian navy sailed to Zenda")."""
    named = {group.name for group in groups if group.demonym}
    for word in peoples:
        country = None if word in named else gazetteer.demonym(word)
        if country is not None:
            yield Group(word, "", (country,), True, trust=1.0)


def _home(publisher: str | None, gazetteer: Gazetteer) -> Iterator[Group]:
    """The names of places in a publisher's name, as if the text said them once."""
    words = (publisher or "").split()
    start = 0
    while start < len(words):
        for stop in range(min(start + 3, len(words)), start, -1):
            entries = _notable(" ".join(words[start:stop]), gazetteer)
            if entries:
                yield Group(" ".join(words[start:stop]), "", entries, False, trust=1.0)
                start = stop - 1
                break
        start += 1


def _notable(name: str, gazetteer: Gazetteer) -> tuple[GazetteerEntry, ...]:
    """Who bears the name, unless it is one of the words that publishers' names are made of."""
    if not name[0].isupper() or name.lower() in lexicon().organisation_words:
        return ()
    entries = gazetteer.lookup(name)
    return entries if any(_people(entry) >= _HAMLET for entry in entries) else ()


# ------------------------------------------------------------------------------------ priors


def _prior(group: Group) -> Scored:
    return _weighed(_compared(group))


def _weighed(entries: Sequence[GazetteerEntry]) -> Scored:
    """Shares by population, before anything else is known."""
    masses = [_people(entry) + 100.0 for entry in entries]
    total = sum(masses)
    return [(entry, mass / total) for entry, mass in zip(entries, masses, strict=True)]


def _people(entry: GazetteerEntry) -> float:
    """Inhabitants; for what has none on record the figure of a middling place of its kind."""
    if entry.population:
        return float(entry.population)
    return _USUAL_PEOPLE.get(entry.feature, _USUAL_PEOPLE[_kind(entry)])


def _compared(group: Group) -> list[GazetteerEntry]:
    """The namesakes worth comparing, the most populous first."""
    ranked = sorted(_plausible(group), key=lambda entry: (-_people(entry), entry.id))
    return [
        entry for rank, entry in enumerate(ranked) if rank < _MOST or entry.id in group.contained
    ]


def _plausible(group: Group) -> Iterator[GazetteerEntry]:
    """Without towns that bear the name by the way where a weightier place bears it as its own.

    GeoNames' alternates carry no language: Mexico City is there as "Mexico", a town in Texas by
    the name that another town of the country has.
    """
    norm = normalise(group.name)
    owners = [entry for entry in group.entries if normalise(entry.name) == norm]
    large = any(not entry.feature.startswith(("PPL", "ADM")) for entry in owners)
    countries = {entry.country_code for entry in owners if entry.feature.startswith("PPL")}
    for entry in group.entries:
        by_the_way = entry.feature.startswith("PPL") and entry not in owners
        if by_the_way and large and entry.id not in group.contained:
            continue
        if by_the_way and entry.country_code in countries and entry.population < _METROPOLIS:
            continue
        yield entry


# ------------------------------------------------------------------------------------ ranking


def _ranked(group: Group, geography: Geography, index: int) -> _Ranking:
    """Every namesake with its probability, and ``None`` at the end."""
    table = weights("resolution")
    geography.without(index)
    options: list[GazetteerEntry | None] = [*_compared(group), None]
    scores = [
        sum(table.get(name, 0.0) * value for name, value in features(group, option, geography))
        for option in options
    ]
    geography.restore(index)
    top = max(scores)
    masses = [math.exp(score - top) for score in scores]
    total = sum(masses)
    return [(option, mass / total) for option, mass in zip(options, masses, strict=True)]


def _known(ranking: _Ranking) -> Scored:
    return [(entry, mass) for entry, mass in ranking if entry is not None]


def _best(ranking: _Ranking) -> Resolution:
    entry, confidence = max(ranking, key=lambda pair: pair[1])
    return Resolution(entry if confidence >= _DECIDED else None, confidence)


def features(
    group: Group, entry: GazetteerEntry | None, geography: Geography
) -> Iterator[tuple[str, float]]:
    """Features of one reading of the name: binary ones 1.0, shares and logarithms as they are."""
    if entry is None:
        yield "none", 1.0
        yield f"none of {min(3, len(group.entries))}", 1.0
        yield "none demonym", float(group.demonym)
        if group.entries and max(map(_people, group.entries)) < _HAMLET:
            yield "none known but hamlets", 1.0
        if any(entry.name == group.name for entry in group.entries):
            yield "none though spelt so", 1.0
        return
    yield from _itself(group, entry)
    yield from _where(group, entry, geography)


def _itself(group: Group, entry: GazetteerEntry) -> Iterator[tuple[str, float]]:
    kind = _kind(entry)
    yield f"kind {kind}", 1.0
    yield f"people {kind}", math.log10(_people(entry) + 100.0)
    if entry.feature == "PPLC":
        yield "capital", 1.0
        if any(rival.feature == "ADM1" for rival in group.entries):
            yield "capital with a division's name", 1.0
    if entry.period is not None:
        yield "called so then", 1.0
    if entry.name == group.name:
        yield "own spelling", 1.0
    elif normalise(entry.name) != normalise(group.name):
        yield f"other name {kind}", 1.0
        yield f"other name people {kind}", math.log10(_people(entry) + 100.0)
        if any(rival.name == group.name for rival in group.entries):
            yield f"other name with rival {kind}", 1.0
    if group.cues:
        yield from ((f"cue {cue} {kind}", 1.0) for cue in sorted(group.cues))
    if len(group.entries) == 1:
        yield "alone", 1.0
    elif any(entry.id in rival.within for rival in group.entries):
        yield f"around a namesake {kind}", 1.0


def _kind(entry: GazetteerEntry) -> str:
    """The class of place that weights are given by: "nature" is what only a full dump has."""
    if entry.feature.startswith("PPL") or entry.feature == "STLMT":
        return "place"
    if entry.feature in {"ADM2", "ADM3", "ADM4"}:
        return "ADM2"
    if entry.feature in {"PCLI", "ADM1", "CONT"}:
        return entry.feature
    return "nature" if entry.id.startswith("geonames-") else "region"


def _where(
    group: Group, entry: GazetteerEntry, geography: Geography
) -> Iterator[tuple[str, float]]:
    if entry.id in group.containing:
        yield "containing", 1.0
    if entry.id in group.contained:
        yield "contained", 1.0
    elif group.container:
        yield "not contained", 1.0
    country = next(iter(entry.within[-2:-1]), entry.id if entry.feature == "PCLI" else None)
    division = entry.within[-3] if len(entry.within) > 2 else None
    if country:
        yield "country share", geography.share(country)
        yield "country named", geography.named(country)
    if division:
        yield "division share", geography.share(division)
        yield "division named", geography.named(division)
    if entry.feature == "ADM1":
        yield "fellows", math.log1p(geography.fellows(entry))
    if not is_point(entry):
        yield "inhabitants share", geography.share(entry.id)
        return
    yield "near", math.log1p(geography.near(entry))
    yield "company", math.log1p(geography.company(entry))
    yield "close company", math.log1p(geography.close_company(entry))
