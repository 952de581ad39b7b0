"""Files of authorities, read line by line; bad ones are told."""

from __future__ import annotations

import bz2
import gzip
import json
from pathlib import Path

import pytest

from testimonia.authorities import Bad, File, detect, parse_columns, read
from testimonia.errors import SourceError, UnsupportedSource, UsageError
from testimonia.iris import Iris
from testimonia.terms import Triple
from testimonia.vocabulary import GEO, SCHEMA, SKOS, TST

IRIS = Iris("http://archive.example/")
HEADER = "id,label,alt,type,description,begin,end,latitude,longitude,country,same"


def read_all(path: Path, **more: object) -> tuple[set[Triple], list[Bad]]:
    file = File(path, path.name, detect(path.name), **more)  # type: ignore[arg-type]
    good: set[Triple] = set()
    bad = []
    for each in read(file, "list", IRIS):
        if isinstance(each, Bad):
            bad.append(each)
        else:
            good.add(each)
    return good, bad


def of_table(folder: Path, *lines: str) -> tuple[set[Triple], list[Bad]]:
    path = folder / "list.csv"
    path.write_text("\n".join((HEADER, *lines)) + "\n", encoding="utf-8")
    return read_all(path)


def test_a_row_is_a_concept(tmp_path: Path) -> None:
    good, bad = of_table(
        tmp_path, 'a/1,Ada,"A.|Adda",person,chief,1981,2031-02,55.5,10.25,dk,https://x.example/1'
    )
    assert not bad
    node = "<http://archive.example/authority/list/a%2F1>"
    values = {(predicate, value) for subject, predicate, value in good if subject == node}
    assert {
        (SKOS.prefLabel, '"Ada"'),
        (SKOS.altLabel, '"A."'),
        (SKOS.altLabel, '"Adda"'),
        (SCHEMA.startDate, '"1981"'),
        (SCHEMA.endDate, '"2031-02"'),
        (TST.countryCode, '"DK"'),
        (SKOS.exactMatch, "<https://x.example/1>"),
    } <= values
    assert {value for _, predicate, value in good if predicate == GEO.asWKT} == {
        '"POINT(10.250000 55.500000)"^^<http://www.opengis.net/ont/geosparql#wktLiteral>'
    }


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (",Ada,,,,,,,,,", "no id"),
        ("a, ,,,,,,,,,", "no label"),
        ("a,Ada,,Robot,,,,,,,", "type 'Robot'"),
        ("a,Ada,,,,last year,,,,,", "begin 'last year'"),
        ("a,Ada,,,,,,95,10,,", "latitude '95'"),
        ("a,Ada,,,,,,55,,,", "longitude ''"),
        ("a,Ada,,,,,,nan,10,,", "latitude 'nan'"),
        ("a,Ada,,,,,,,,Denmark,", "country 'Denmark'"),
        ("a,Ada,,,,,,,,,not an iri", "not an"),
        ("a,Ada", "2 cells"),
        ("ok,Other,,,,,,,,,", "that of line 2"),
        ("http://a b,Ada,,,,,,,,,", "not an IRI"),
    ],
)
def test_a_bad_row_is_told_by_its_line(tmp_path: Path, line: str, told: str) -> None:
    good, bad = of_table(tmp_path, "ok,Fine,,,,,,,,,", line, "last,Fine too,,,,,,,,,")
    ((number, reason),) = [(each.line, each.reason) for each in bad]
    assert number == 3
    assert told in reason
    assert {v for _, p, v in good if p == SKOS.prefLabel} == {'"Fine"', '"Fine too"'}


def test_columns_can_be_called_otherwise(tmp_path: Path) -> None:
    path = tmp_path / "list.tsv"
    path.write_text("nr\tname\n1\tAda\n", encoding="utf-8")
    with pytest.raises(UnsupportedSource, match=r"no column 'id'.*'nr', 'name'"):
        read_all(path)
    good, bad = read_all(path, columns=parse_columns(["id=nr", "label=name"]))
    assert not bad
    assert len(good) == 3
    with pytest.raises(UnsupportedSource, match="no column 'other'"):
        read_all(path, columns={"id": "other"})


@pytest.mark.parametrize("option", ["id", "id=", "what=x"])
def test_a_mapping_is_told_apart_from_what_is_none(option: str) -> None:
    with pytest.raises(UsageError):
        parse_columns([option])


def test_what_is_no_utf8_is_told(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(HEADER.encode() + b"\na,\xe9,,,,,,,,,\n")
    with pytest.raises(UnsupportedSource, match="not UTF-8"):
        read_all(path)


def entity(id_: str = "Q1", **more: object) -> str:
    labels = {"en": {"language": "en", "value": "Ada"}}
    return json.dumps({"id": id_, "labels": labels, **more})


@pytest.mark.parametrize(
    "text",
    [
        f"[\n{entity()},\n{entity('Q2')}\n]\n",
        f"{entity()}\n{entity('Q2')}\n",
        f"[{entity()}, {entity('Q2')}]",
        f"[{entity()},\n{entity('Q2')}]\n",
    ],
)
@pytest.mark.parametrize("ending", ["json", "json.gz", "jsonl.bz2"])
def test_a_dump_is_read_in_all_its_forms(tmp_path: Path, text: str, ending: str) -> None:
    path = tmp_path / f"dump.{ending}"
    data = text.encode()
    packed = {"gz": gzip.compress(data), "bz2": bz2.compress(data)}
    path.write_bytes(packed.get(ending.rpartition(".")[2], data))
    good, bad = read_all(path)
    assert not bad
    assert {subject for subject, predicate, _ in good if predicate == SKOS.prefLabel} == {
        "<http://www.wikidata.org/entity/Q1>",
        "<http://www.wikidata.org/entity/Q2>",
    }


@pytest.mark.parametrize(
    "line",
    [
        "{",
        '{"id": 5}',
        "7",
        '{"id": "Q1", "labels": 5}',
        '{"id": "Q1", "labels": {"en": {}}}',
        "[" * 50_000,
        entity(claims={"P569": [{"mainsnak": {"datavalue": {"value": {"time": 5}}}}]}),
    ],
)
def test_a_bad_entity_is_told_by_its_line(tmp_path: Path, line: str) -> None:
    path = tmp_path / "dump.jsonl"
    path.write_text(f"{entity()}\n{line}\n{entity('Q2')}\n", encoding="utf-8")
    good, bad = read_all(path)
    assert [each.line for each in bad] == [2]
    assert len({subject for subject, _, _ in good}) == 2


@pytest.mark.parametrize(
    ("time", "precision", "date"),
    [
        ("+1981-05-03T00:00:00Z", 11, "1981-05-03"),
        ("+1981-05-00T00:00:00Z", 10, "1981-05"),
        ("+1981-00-00T00:00:00Z", 9, "1981"),
        ("-0044-03-15T00:00:00Z", 11, "-0044-03-15"),
        ("+1950-00-00T00:00:00Z", 8, None),
    ],
)
def test_dates_are_as_precise_as_they_are(
    tmp_path: Path, time: str, precision: int, date: str | None
) -> None:
    value = {"time": time, "precision": precision}
    claims = {"P569": [{"mainsnak": {"datavalue": {"value": value}}}]}
    path = tmp_path / "dump.jsonl"
    path.write_text(entity(claims=claims) + "\n", encoding="utf-8")
    good, _ = read_all(path)
    found = [value for _, predicate, value in good if predicate == SCHEMA.startDate]
    assert found == ([f'"{date}"'] if date else [])


def test_rdf_is_taken_as_it_is_without_blank_nodes(tmp_path: Path) -> None:
    path = tmp_path / "list.ttl"
    path.write_text("<x> <http://p.example/p> [ <http://p.example/q> 1 ] , 'a'@EN .")
    good, bad = read_all(path)
    assert not bad
    subjects = {subject for subject, _, _ in good}
    assert subjects == {
        "<http://archive.example/authority/list/x>",
        "<http://archive.example/authority/list/node-0-1>",
    }
    assert read_all(path)[0] == good


def test_a_line_of_ntriples_is_told_and_the_rest_is_read(tmp_path: Path) -> None:
    path = tmp_path / "list.nt"
    path.write_text("<http://a> <http://b> <http://c> .\nwrong\n_:x <http://b> _:x .\n")
    good, bad = read_all(path)
    assert [each.line for each in bad] == [2]
    assert len(good) == 2


def test_what_breaks_a_grammar_is_told_by_its_line(tmp_path: Path) -> None:
    path = tmp_path / "list.ttl"
    path.write_text("<http://a> <http://b> <http://c> .\n\n<http://a> <http://b> ;; wrong\n")
    _, bad = read_all(path)
    assert [each.line for each in bad] == [3]


def test_what_is_packed_badly_is_told(tmp_path: Path) -> None:
    path = tmp_path / "list.csv.gz"
    path.write_bytes(gzip.compress(HEADER.encode() * 50)[:-10])
    with pytest.raises(SourceError, match=r"list\.csv\.gz"):
        read_all(path)


def test_a_name_tells_the_form() -> None:
    assert detect("a.TTL") == "turtle"
    assert detect("a.csv.gz") == "table"
    assert detect("a.dat", "wikidata") == "wikidata"
    with pytest.raises(UnsupportedSource, match="--format"):
        detect("a.dat")
    with pytest.raises(UnsupportedSource, match="no format"):
        detect("a.csv", "xlsx")
