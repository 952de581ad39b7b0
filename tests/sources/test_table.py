import csv
import io
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testimonia.sources.freeze import freeze
from testimonia.sources.options import Options
from visits import ENGLISH, contents, failures, texts, visit


def written(rows: list[list[str]], **form: str) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, **form).writerows(rows)  # type: ignore[arg-type]
    return out.getvalue().encode()


def mapped(**columns: str) -> Options:
    return Options(columns=tuple(columns.items()))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_document_a_row(delimiter: str) -> None:
    rows = [
        ["nr", "body", "date", "by"],
        ["7", f'{ENGLISH}\n"Well, {delimiter} well."', "2024-03-15", "Bo Hale; Ada Moss"],
        ["8", ENGLISH, "", ""],
    ]
    options = mapped(text="body", issued="date", creator="by", id="nr")
    found = visit(written(rows, delimiter=delimiter), "a.csv", options)
    assert list(contents(found)) == ["2 7", "3 8"]
    text = texts(found)["2 7"]
    assert text.content == rows[1][1]
    assert text.metadata.creator == ("Bo Hale", "Ada Moss")
    assert (text.metadata.issued, text.metadata.identifier) == ("2024-03-15", "7")
    assert text.metadata.origins["issued"] == "container: CSV"
    assert texts(found)["3 8"].metadata.issued is None


@given(st.lists(st.text(max_size=30), min_size=1, max_size=5))
def test_any_cell_is_read_as_it_was_written(cells: list[str]) -> None:
    rows = [["text", "title"], *([ENGLISH + cell, "x"] for cell in cells)]
    expected = [freeze(ENGLISH + in_a_file(cell)) for cell in cells]
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows(rows)
    data = out.getvalue().encode("utf-8", "replace")
    assert list(contents(visit(data, "a.csv")).values()) == expected


def in_a_file(cell: str) -> str:
    """As in a file: what UTF-8 cannot hold is a question mark there already."""
    return cell.encode("utf-8", "replace").decode()


def test_a_missing_column_is_told_of() -> None:
    data = written([["nr", "body"], ["1", ENGLISH]])
    said = failures(visit(data, "a.csv"))[""]
    assert said.endswith(
        "has no column 'text'; say which holds it with --column text=COLUMN; it has 'nr', 'body'"
    )
    said = failures(visit(data, "a.csv", mapped(text="words")))[""]
    assert "has no column 'words', which --column maps to text; it has 'nr', 'body'" in said


def test_a_table_of_several_encodings() -> None:
    rows = ["text", f"{ENGLISH} Café.", f"{ENGLISH} Ærø.", ENGLISH]
    data = b"\n".join(
        [rows[0].encode(), rows[1].encode("utf-8"), rows[2].encode("cp1252"), rows[3].encode()]
    )
    found = visit(data, "a.csv")
    assert list(contents(found).values()) == rows[1:]
    warnings = [text.warnings for text in texts(found).values()]
    assert [len(each) for each in warnings] == [0, 1, 0]
    assert "not UTF-8, read as windows-1252" in warnings[1][0]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_spreadsheets_marks(encoding: str) -> None:
    data = f"text\ttitle\r\n{ENGLISH} Café.\tQuay\r\n".encode(encoding)
    (text,) = texts(visit(data, "a.tsv")).values()
    assert (text.content, text.metadata.title) == (f"{ENGLISH} Café.", "Quay")


def test_fields_longer_than_the_modules_own_limit() -> None:
    long = (ENGLISH + " ") * 10_000
    assert len(long) > 600_000
    found = visit(written([["text"], [long], [ENGLISH]]), "a.csv")
    assert list(contents(found).values()) == [long, ENGLISH]


def test_broken_rows_fail_alone() -> None:
    data = (
        "text,title\n"
        f"{ENGLISH},One\n"
        f"{ENGLISH}\n"
        f'"{ENGLISH}" he said,Three\n'
        f'"{ENGLISH},Four\n'
        f"{ENGLISH},Five\n"
        f"{ENGLISH},Six,more\n"
        ",Seven\n"
        "\n"
        f"{ENGLISH},Nine\n"
    ).encode()
    found = visit(data, "a.csv")
    assert [text.metadata.title for text in texts(found).values()] == ["One", "Five", "Nine"]
    said = list(failures(found).values())
    assert [message.split(" ")[:3] for message in said[:3]] == [
        ["a.csv,", "line", "3"],
        ["a.csv,", "line", "4:"],
        ["a.csv,", "line", "5:"],
    ]
    assert "has 1 fields, not 2" in said[0]
    assert "quotation mark left open" in said[2]
    assert "has 3 fields, not 2" in said[3]
    assert "has no text in column 'text'" in said[4]


def test_quotation_marks_left_open_everywhere_end_in_time() -> None:
    data = ("text,title\n" + '"a quay,b\n' * 50_000).encode()
    started = time.monotonic()
    found = visit(data, "a.csv", Options(max_parts=20_000))
    assert time.monotonic() - started < 20
    assert len(found) <= 20_002
    assert contents(found) == {}


def test_bad_input() -> None:
    for data, said in [
        (b"", "is empty"),
        (b"text,title\n", "no row but that of column names"),
        (b"\x00\x01\x02" * 100, "is not text"),
    ]:
        (message,) = failures(visit(data, "a.csv")).values()
        assert said in message
