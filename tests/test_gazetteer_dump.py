"""Indexes built from a dump of GeoNames: invented rows in GeoNames' own layout."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from testimonia.errors import SettingsError
from testimonia.gazetteer import Gazetteer, build_gazetteer, open_gazetteer
from testimonia.gazetteer.geonames import open_dump

UNITED_STATES, TEXAS = "geonames-6252001", "geonames-4736286"


def line(
    number: int,
    name: str,
    feature: str,
    around: str = "US.TX.999",
    *,
    people: int = 0,
    other: str = "",
    point: tuple[float, float] = (31.5, -97.5),
) -> str:
    country, first, second = f"{around}..".split(".")[:3]
    columns = [
        str(number), name, name, other, str(point[0]), str(point[1]), feature[0], feature,
        country, "", first, second, "", "", str(people), "", "", "Etc/UTC", "2026-01-02",
    ]  # fmt: skip
    return "\t".join(columns) + "\n"


RECORDS = "".join(
    [
        line(900_001, "Elm County", "ADM2"),
        line(900_002, "Elmbury", "PPL", people=1200, other="Elm Town,elmbry,ELB,Эльм"),
        line(900_003, "Elmbury", "PPL", "FR.99", people=40),
        line(900_004, "Elm River", "STM", "US.TX", other="Elmbury,Elm Brook"),
        line(900_005, "Rill", "STM", "US.TX"),
        line(900_006, "Elm Hospital", "HSP"),
        line(4_736_286, "Texas", "ADM1", "US.TX", people=29_000_000, point=(31.25, -99.25)),
        line(900_007, "Holm", "ISL", "US.TX"),
    ]
)


def index_of(folder: Path, dump: Path) -> Gazetteer:
    build_gazetteer(folder / "index.sqlite", dump)
    return open_gazetteer(folder / "index.sqlite")


@pytest.fixture(scope="module")
def gazetteer(tmp_path_factory: pytest.TempPathFactory) -> Gazetteer:
    folder = tmp_path_factory.mktemp("dump")
    (folder / "allCountries.txt").write_text(RECORDS, encoding="utf-8")
    return index_of(folder, folder / "allCountries.txt")


def ids(gazetteer: Gazetteer, name: str) -> list[str]:
    return [entry.id for entry in gazetteer.lookup(name)]


def test_places_of_a_dump_are_found_with_all_that_lies_around_them(gazetteer: Gazetteer) -> None:
    town, hamlet = gazetteer.lookup("Elmbury")
    assert (town.id, town.population, town.feature) == ("geonames-900002", 1200, "PPL")
    assert town.within[:3] == ("geonames-900001", TEXAS, UNITED_STATES)
    assert hamlet.country_code == "FR"
    assert hamlet.within[0] == "geonames-3017382"


def test_spellings_fit_for_english_text_are_kept(gazetteer: Gazetteer) -> None:
    assert gazetteer.names("geonames-900002") == ("Elmbury", "Elm Town")


def test_natural_features_count_under_names_that_say_what_they_are(gazetteer: Gazetteer) -> None:
    assert ids(gazetteer, "Elm River") == ids(gazetteer, "Elm Brook") == ["geonames-900004"]
    assert ids(gazetteer, "Holm") == ["geonames-900007"]
    assert ids(gazetteer, "Rill") == []
    assert ids(gazetteer, "Elm Hospital") == []


def test_countries_divisions_and_regions_of_our_own_remain(gazetteer: Gazetteer) -> None:
    assert ids(gazetteer, "U.S.") == [UNITED_STATES]
    assert ids(gazetteer, "Tex.") == [TEXAS]
    assert ids(gazetteer, "Donbass") == ["region-donbas"]
    (texas,) = (entry for entry in gazetteer.lookup("Texas") if entry.feature == "ADM1")
    assert (texas.latitude, texas.longitude, texas.population) == (31.25, -99.25, 29_000_000)
    assert "geonames-4888671" in ids(gazetteer, "Cook County")  # not in the dump


def test_cities_of_the_usual_index_make_room(gazetteer: Gazetteer) -> None:
    assert ids(gazetteer, "Siversk") == []


def test_the_index_says_which_dump_it_was_made_from(gazetteer: Gazetteer, tmp_path: Path) -> None:
    assert gazetteer.version.startswith("GeoNames allCountries.txt ")
    assert "CC BY 4.0" in gazetteer.licence
    (tmp_path / "allCountries.txt").write_text(RECORDS.replace("Holm", "Holms"), encoding="utf-8")
    other = open_dump(tmp_path / "allCountries.txt").version
    assert not gazetteer.version.startswith(other)


def test_a_folder_with_zips_codes_and_alternate_names(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "cities500.zip", "w") as archive:
        archive.writestr("cities500.txt", line(900_002, "Elmbury", "PPLC", other="Old Elm"))
    (tmp_path / "admin2Codes.txt").write_text(
        "US.TX.999\tElm County\tElm County\t900001\n", encoding="utf-8"
    )
    (tmp_path / "alternateNamesV2.txt").write_text(
        "1\t900002\ten\tElm Harbour\t\t\t\t\t\t\n2\t900002\tde\tUlmenburg\t\t\t\t\t\t\n",
        encoding="utf-8",
    )
    found = index_of(tmp_path, tmp_path)
    assert found.names("geonames-900002") == ("Elmbury", "Elm Harbour")
    entry = found.entry("geonames-900002")
    assert entry is not None
    assert entry.within[:2] == ("geonames-900001", TEXAS)
    county = found.entry("geonames-900001")
    assert county is not None
    assert (county.feature, county.latitude) == ("ADM2", None)
    assert county.within[0] == TEXAS


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("Dear Elm\n", "line 1: 1 columns"),
        (RECORDS + line(1, "X", "PPL").replace("31.5", "north"), "line 9: not a GeoNames record"),
    ],
)
def test_what_is_no_dump_is_refused_with_its_line(tmp_path: Path, content: str, says: str) -> None:
    (tmp_path / "letter.txt").write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError, match=says):
        index_of(tmp_path, tmp_path / "letter.txt")
    assert [file.name for file in tmp_path.iterdir()] == ["letter.txt"]


def test_an_archive_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "cities500.zip").write_text("no archive")
    with pytest.raises(SettingsError, match=r"cities500\.zip"):
        index_of(tmp_path, tmp_path)
    with zipfile.ZipFile(tmp_path / "cities500.zip", "w") as archive:
        archive.writestr("readme.txt", "")
    with pytest.raises(SettingsError, match=r"holds no cities500\.txt"):
        index_of(tmp_path, tmp_path)


def test_an_empty_folder_is_no_dump(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"allCountries\.txt"):
        open_dump(tmp_path)
