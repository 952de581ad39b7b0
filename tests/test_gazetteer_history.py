"""Names that places bore for a time: selected by a document's date."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from testimonia.errors import SettingsError
from testimonia.gazetteer import Gazetteer, add_history, dated, open_gazetteer
from testimonia.gazetteer.build import write_index
from testimonia.gazetteer.row import Row
from testimonia.iris import Iris
from testimonia.library import open_gazetteer as installed
from testimonia.mapping import place_facts
from testimonia.model import GazetteerEntry, Metadata, NamePeriod, Text
from testimonia.reading import Reader
from testimonia.vocabulary import TST

DATA = Path(__file__).parent / "data"
ELM = Row("geonames-7", "Elmville", 10.5, 20.5, "PPL", "EL", (), 5_000, ("Old Elm",))
ASH = Row("geonames-8", "Ashford", 40.0, 20.5, "PPL", "AS", (), 9_000)
HEADER = "name,from,to,country,latitude,longitude,geonames\n"
LINES = """Old Elm,,1950-06,XX,,,7
Midtown,1950-06,1980,EL,,,7
Ashford,1900,1910,EL,,,7
Drowned Town,1800,1920,EL,11.5,21.5,
"""


def with_history(folder: Path, lines: str) -> Gazetteer:
    index, table = folder / "index.sqlite", folder / "names.csv"
    write_index(index, [ELM, ASH])
    table.write_text(HEADER + lines, encoding="utf-8")
    add_history(index, table)
    return open_gazetteer(index)


@pytest.fixture(scope="module")
def gazetteer(tmp_path_factory: pytest.TempPathFactory) -> Gazetteer:
    return with_history(tmp_path_factory.mktemp("history"), LINES)


def found(gazetteer: Gazetteer, name: str, issued: str | None) -> list[tuple[str, str | None]]:
    entries = dated(gazetteer, issued).lookup(name)
    return [(each.id, each.period.name if each.period else None) for each in entries]


@pytest.mark.parametrize(
    ("name", "issued", "expected"),
    [
        ("midtown", "1960-01-01", [("geonames-7", "Midtown")]),
        ("Midtown", "1960", [("geonames-7", "Midtown")]),
        ("Midtown", "1960-01-01T10:00:00Z", [("geonames-7", "Midtown")]),
        ("Midtown", "1950-06", [("geonames-7", "Midtown")]),
        ("Midtown", "1950", []),  # it may have been before June
        ("Midtown", "1981", []),
        ("Midtown", None, []),
        ("Midtown", "yesterday", []),
        ("Old Elm", "1940", [("geonames-7", "Old Elm")]),
        ("Old Elm", "2000", [("geonames-7", None)]),  # as an alternate name
        ("Old Elm", None, [("geonames-7", None)]),
        ("Ashford", "1905", [("geonames-7", "Ashford"), ("geonames-8", None)]),
        ("Ashford", "2005", [("geonames-8", None)]),
        ("Ashford", None, [("geonames-8", None)]),
        ("Drowned Town", "2005", []),
    ],
)
def test_the_date_selects(
    gazetteer: Gazetteer, name: str, issued: str | None, expected: list[tuple[str, str | None]]
) -> None:
    assert found(gazetteer, name, issued) == expected


def test_a_place_is_in_the_country_of_its_time(gazetteer: Gazetteer) -> None:
    (then,) = dated(gazetteer, "1940").lookup("Old Elm")
    assert (then.country_code, then.latitude) == ("XX", 10.5)
    (today,) = gazetteer.lookup("Old Elm")
    assert today.country_code == "EL"


def test_a_place_that_is_no_more_has_its_own_coordinates(gazetteer: Gazetteer) -> None:
    (gone,) = dated(gazetteer, "1880").lookup("Drowned Town")
    assert gone.id.startswith("history-")
    assert (gone.latitude, gone.longitude, gone.feature) == (11.5, 21.5, "PPLH")
    assert gazetteer.lookup("Drowned Town") == ()
    assert gazetteer.entry(gone.id) is not None


def test_the_version_tells_of_the_table(gazetteer: Gazetteer) -> None:
    assert "names in time names.csv" in gazetteer.version


def test_without_names_in_time_a_date_changes_nothing(tmp_path: Path) -> None:
    write_index(tmp_path / "index.sqlite", [ELM])
    plain = open_gazetteer(tmp_path / "index.sqlite")
    assert dated(plain, "1940") is plain


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (",1900,1910,,,,7", "no name"),
        ("Elm,,,,,,7", "neither from nor to"),
        ("Elm,May,1910,,,,7", "'May' is no year"),
        ("Elm,1900-13,1910,,,,7", "'1900-13' is no year"),
        ("Elm,1910,1900,,,,7", "before it begins"),
        ("Elm,1900,1910,,,,x", "geonames 'x'"),
        ("Elm,1900,1910,,,,", "where is it"),
        ("Elm,1900,1910,,95,10,", "nowhere on earth"),
        ("Elm,1900,1910,,a,b,", "no degrees"),
        ("Elm,1900,1910,,,,99", "no place geonames-99"),
    ],
)
def test_a_wrong_line_is_told(tmp_path: Path, line: str, told: str) -> None:
    with pytest.raises(SettingsError, match=r"names\.csv, line 3") as raised:
        with_history(tmp_path, f"Fine,1900,1910,,,,7\n{line}\n")
    assert told in str(raised.value)


def test_what_is_no_such_table_is_told(tmp_path: Path) -> None:
    write_index(tmp_path / "index.sqlite", [ELM])
    table = tmp_path / "names.csv"
    table.write_text("name,begin\nElm,1900\n")
    with pytest.raises(SettingsError, match="no column 'from'"):
        add_history(tmp_path / "index.sqlite", table)


def test_a_name_of_its_time_stands_beside_the_facts_of_today() -> None:
    period = NamePeriod("Old Elm", "", "1950-06", "XX")
    entry = GazetteerEntry("geonames-7", "Elmville", 1.0, 2.0, "PPL", "EL", period=period)
    facts = set(place_facts(entry, Iris("http://a.example/")))
    values = {(predicate, value) for _, predicate, value in facts}
    assert (TST.countryCode, '"EL"') in values
    assert (TST.formerCountry, '"XX"') in values
    assert (TST.name, '"Elmville"') in values
    (name,) = [value for _, predicate, value in facts if predicate == TST.formerName]
    assert [value for node, p, value in facts if node == name and p == TST.validTo] == [
        '"1950-06"^^<http://id.loc.gov/datatypes/edtf/EDTF>'
    ]


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """The real reader, with the installed gazetteer and names in time."""
    index = tmp_path_factory.mktemp("history") / "index.sqlite"
    shutil.copy(installed()._path, index)
    index.chmod(0o644)
    add_history(index, DATA / "places-in-time.csv")
    return Reader(open_gazetteer(index))


ST_PETERSBURG, ISTANBUL, HARARE = 498817, 745044, 890299


@pytest.mark.parametrize(
    ("text", "issued", "place", "country"),
    [
        (
            "The minister said in Leningrad that the ice was thick.",
            "1957-03-02",
            ST_PETERSBURG,
            "SU",
        ),
        (
            "The minister said in Leningrad that the ice was thick.",
            "2005-03-02",
            ST_PETERSBURG,
            None,
        ),
        ("The minister said in Leningrad that the ice was thick.", None, ST_PETERSBURG, None),
        ("The sultan said in Constantinople that he was tired.", "1912-03-02", ISTANBUL, ""),
        ("The farmers said in Salisbury that the rains had come.", "1965-11-12", HARARE, "RH"),
    ],
)
def test_a_document_is_read_with_the_names_of_its_time(
    reader: Reader, text: str, issued: str | None, place: int, country: str | None
) -> None:
    reading = reader.read(Text(text, Metadata(issued=issued), "text/plain"))
    (entry,) = [each.entry for each in reading.places if each.entry]
    period = entry.period
    assert (entry.id, period and period.country) == (f"geonames-{place}", country)


@pytest.mark.parametrize("issued", ["2015-11-12", None])
def test_no_name_in_time_is_taken_without_its_date(reader: Reader, issued: str | None) -> None:
    text = "The farmers said in Salisbury that the rains had come."
    reading = reader.read(Text(text, Metadata(issued=issued), "text/plain"))
    assert f"geonames-{HARARE}" not in [each.entry and each.entry.id for each in reading.places]
