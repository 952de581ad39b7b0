"""What one more document costs, in archives of 1,000, 10,000 and 100,000: comparisons and
milliseconds. Their profiles are invented and written straight to the record."""

from __future__ import annotations

import json
import random
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from testimonia.catalog import Catalog
from testimonia.crossref.candidates import surroundings
from testimonia.crossref.entities import SCHEME, Entities
from testimonia.identity import document_id, text_hash
from testimonia.linking.lexicon import lexicon
from testimonia.linking.profiles import Kind, Profile, Trait
from testimonia.model import Document, LocalEntity, Metadata, Text

_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one more document, the median of several: comparisons, and milliseconds with and without
    the record's commit."""

    documents: int
    comparisons: float
    milliseconds: float
    slowest: float


class World:
    """Invented people and bodies, some of them everywhere and most of them hardly anywhere
    (Zipf), in invented towns."""

    def __init__(self, seed: int = 7, persons: int = 60_000) -> None:
        self._random = random.Random(seed)
        known = lexicon()
        surnames, shares = list(known.surnames), list(known.surnames.values())
        given, weights = list(known.given_names), list(known.given_names.values())
        made = [f"{a}{b}{c}" for a in _SYLLABLES for b in _SYLLABLES for c in _ENDINGS]
        last = self._random.choices([*surnames, *made], [*shares, *[3e-4] * len(made)], k=persons)
        first = self._random.choices(given, weights, k=persons)
        self._persons = [f"{a} {b}".title() for a, b in zip(first, last, strict=True)]
        self._bodies = [f"{a}{b} {kind}".title() for a in made[:400] for b, kind in _BODIES]
        self._towns = [f"{each}ton".title() for each in made[:3000]]

    def document(self, number: int) -> tuple[Document, list[Profile], tuple[LocalEntity, ...]]:
        """The document of that number, with the profiles of what it names."""
        chance = random.Random(number)
        names = self._names(chance)
        content = f"Document {number}."
        hashed = text_hash(content)
        document = Document(
            document_id(hashed, ""), hashed, Text(content, Metadata(), "text/plain")
        )
        town, month = chance.choice(self._towns), f"20{chance.randrange(10, 25)}-0{number % 9 + 1}"
        around = {Trait.PLACE.of(town), Trait.MONTH.of(month), Trait.COUNTRY.of("GB")}
        company = {Trait.COMPANY.of(name.split()[-1].casefold()) for name in names}
        profiles = [
            self._profile(document.id, at, name, frozenset(around | company), chance)
            for at, name in enumerate(names)
        ]
        entities = tuple(LocalEntity(each.key, "actor", each.names[0]) for each in profiles)
        return document, profiles, entities

    def true_names(self, number: int) -> list[str]:
        """Whom the document of that number names, in full."""
        return self._names(random.Random(number))

    def _names(self, chance: random.Random) -> list[str]:
        return [*self._chosen(self._persons, chance, 5), *self._chosen(self._bodies, chance, 3)]

    def _profile(
        self, document: str, at: int, name: str, traits: frozenset[str], chance: random.Random
    ) -> Profile:
        kind = Kind.PERSON if at < 5 else Kind.ORGANIZATION
        lone = kind is Kind.PERSON and chance.random() < 0.2
        return Profile(document, f"actor/{at}", kind, (name.split()[-1] if lone else name,), traits)

    @staticmethod
    def _chosen(names: Sequence[str], chance: random.Random, count: int) -> list[str]:
        """Names by Zipf's law, each once."""
        found: dict[str, None] = {}
        while len(found) < count:
            found[names[min(int(chance.paretovariate(0.35)) - 1, 10**9) % len(names)]] = None
        return list(found)


def measure(sizes: Sequence[int], samples: int = 200) -> Iterator[Cost]:
    """The cost of one more document in archives of these sizes."""
    world = World()
    for size in sizes:
        with TemporaryDirectory() as folder:
            catalog = Catalog.create(Path(folder) / "archive", "http://localhost:8000/")
            _seed(catalog, world, size)
            yield _sampled(catalog, Entities(catalog), world, size, samples)
            catalog.close()


def _seed(catalog: Catalog, world: World, size: int) -> None:
    """Documents whose entities are linked as they should be."""
    db = catalog._db
    db.execute("PRAGMA synchronous = OFF")
    db.execute("CREATE TEMP TABLE raw (number INTEGER, trait TEXT, key TEXT)")
    db.execute("CREATE TEMP TABLE around (trait TEXT)")
    numbers: dict[str, int] = {}
    for start in range(0, size, _BATCH):
        with catalog.together():
            for number in range(start, min(start + _BATCH, size)):
                document, profiles, _ = world.document(number)
                _record(catalog, document)
                _put(catalog, document, profiles, world.true_names(number), numbers)
    with catalog.together():
        for table, column in (("canonical_trait", "trait"), ("canonical_key", "key")):
            db.execute(
                f"INSERT INTO {table} ({column}, canonical, members) SELECT {column}, number,"
                f" count(*) FROM raw WHERE {column} IS NOT NULL GROUP BY {column}, number"
            )
        db.execute("INSERT INTO trait SELECT trait, count(*) FROM around GROUP BY trait")
        db.execute("INSERT INTO trait VALUES ('', ?)", (size,))
    db.execute("DROP TABLE raw")
    db.execute("PRAGMA synchronous = FULL")


def _put(
    catalog: Catalog,
    document: Document,
    profiles: Sequence[Profile],
    names: Sequence[str],
    numbers: dict[str, int],
) -> None:
    db = catalog._db
    for profile, name in zip(profiles, names, strict=True):
        number = numbers.setdefault(name, len(numbers) + 1)
        path = f"actor/{number}"
        catalog.mint(path, "actor", name)
        db.execute("INSERT INTO identity VALUES (?, ?, ?)", (document.id, profile.key, path))
        db.execute(
            "INSERT INTO canonical VALUES (?, ?, 1)"
            " ON CONFLICT (number) DO UPDATE SET members = members + 1",
            (number, path),
        )
        db.execute(
            "INSERT INTO profile VALUES (?, ?, ?, ?, ?, 0, ?, NULL, '[]')",
            (
                *(document.id, profile.key, str(profile.kind), json.dumps(profile.names)),
                *(json.dumps(sorted(profile.traits)), SCHEME),
            ),
        )
        db.executemany(
            "INSERT INTO raw VALUES (?, ?, ?)",
            [
                *((number, trait, None) for trait in profile.own_traits),
                *((number, None, key) for key in profile.keys),
            ],
        )
    db.executemany("INSERT INTO around VALUES (?)", [(each,) for each in surroundings(profiles)])


def _sampled(catalog: Catalog, entities: Entities, world: World, first: int, samples: int) -> Cost:
    times, compared = [], []
    for number in range(first, first + samples):
        before = entities.candidates.comparisons
        times.append(_add(catalog, entities, world, number))
        compared.append(entities.candidates.comparisons - before)
    return Cost(
        first + samples,
        statistics.mean(compared),
        statistics.median(times),
        sorted(times)[int(0.95 * len(times))],
    )


def _add(catalog: Catalog, entities: Entities, world: World, number: int) -> float:
    document, profiles, local = world.document(number)
    with catalog.together():
        _record(catalog, document)
        started = time.perf_counter()
        entities.link_profiles(document.id, tuple(profiles), local)
        return (time.perf_counter() - started) * 1000


def _record(catalog: Catalog, document: Document) -> None:
    db = catalog._db
    db.execute("INSERT INTO text VALUES (?, ?)", (document.text_hash, document.text.content))
    db.execute(
        "INSERT INTO document (id, text_hash, original, name, media_type, metadata, added, state)"
        " VALUES (?, ?, '', ?, 'text/plain', '{}', '2025-01-01T00:00:00', 'stored')",
        (document.id, document.text_hash, document.id),
    )


_SYLLABLES = [f"{a}{b}" for a in "bdfghklmnprstvz" for b in "aeiou"]
_ENDINGS = ("n", "rov", "sk", "li", "mer", "dt")
_BODIES = (("o", "shipping company"), ("a", "university"), ("i", "trade union"), ("u", "steel"))
