import json

import pytest

from testimonia.errors import UsageError
from testimonia.sources.columns import parse_columns
from testimonia.sources.options import Options
from visits import ENGLISH, contents, failures, texts, visit


def lines(*rows: object) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def mapped(**columns: str) -> Options:
    return Options(columns=tuple(columns.items()))


def test_a_document_a_line() -> None:
    row = {
        "text": f"{ENGLISH} 🚢 e\u0301",
        "id": 7,
        "title": "The quay",
        "creator": ["Bo Hale", "Ada Moss"],
        "issued": "2024-03-15T08:00:00Z",
        "source": "https://a.example/7",
        "views": 12,
    }
    found = visit(lines(row, {"text": ENGLISH}), "a.jsonl")
    assert list(contents(found)) == ["1 7", "2"]
    text = texts(found)["1 7"]
    assert text.content == row["text"]
    assert text.metadata.title == "The quay"
    assert text.metadata.creator == ("Bo Hale", "Ada Moss")
    assert text.metadata.issued == "2024-03-15"
    assert text.metadata.source == "https://a.example/7"
    assert text.metadata.identifier == "7"
    assert text.metadata.origins["issued"] == "container: JSON Lines"
    assert json.loads(found[0].data) == row


def test_columns_of_other_names() -> None:
    rows = lines({"body": ENGLISH, "date": "2024-03", "by": "Bo Hale; Ada Moss", "text": None})
    found = visit(rows, "a.jsonl", mapped(text="body", issued="date", creator="by"))
    (text,) = texts(found).values()
    assert (text.content, text.metadata.issued) == (ENGLISH, "2024-03")
    assert text.metadata.creator == ("Bo Hale", "Ada Moss")


def test_a_line_that_is_broken_fails_alone() -> None:
    data = (
        b'\xef\xbb\xbf{"text": "The clerk left."}\n'
        b'{"text": "The clerk\n'
        b"\n"
        b'["The clerk left."]\n'
        b'{"text": 12}\n{"text": ""}\n{"title": "Clerk"}\n'
        b'{"text": "caf\xe9 here"}\n' + b"[" * 100_000 + b"\n" + b'{"text": "\\ud83d The end."}'
    )
    found = visit(data, "a.jsonl")
    assert contents(found) == {"1": "The clerk left.", "10": "\ufffd The end."}
    said = failures(found)
    assert list(said) == ["2", "4", "5", "6", "7", "8", "9"]
    for number, why in [
        ("2", "line 2 is not JSON"),
        ("4", "is no JSON object"),
        ("5", "has int in column 'text', not text"),
        ("6", "row 6 has no text"),
        ("7", "has no column 'text'; say which holds it with --column text=COLUMN; it has 'title'"),
        ("8", "not UTF-8 (byte 13)"),
        ("9", "is not JSON"),
    ]:
        assert why in said[number]


def test_a_mapped_column_that_is_missing_is_told_of() -> None:
    found = visit(lines({"text": ENGLISH, "day": "2024"}), "a.jsonl", mapped(issued="date"))
    assert failures(found) == {
        "1": "a.jsonl, line 1 has no column 'date', which --column maps to issued; "
        "it has 'text', 'day'"
    }


def test_a_malformed_value_is_left_out_with_a_warning() -> None:
    (text,) = texts(visit(lines({"text": ENGLISH, "issued": "Friday"}), "a.jsonl")).values()
    assert text.metadata.issued is None
    assert "must be a date" in text.warnings[0]


def test_a_line_that_is_too_long_fails_alone() -> None:
    data = lines({"text": "x " * 5_000}, {"text": ENGLISH})
    found = visit(data, "a.jsonl", Options(max_bytes=2_000))
    assert contents(found) == {"2": ENGLISH}
    assert "line 1 is longer than 2,000 bytes" in failures(found)["1"]


def test_json_lines_under_another_name() -> None:
    assert len(contents(visit(lines({"text": ENGLISH}, {"text": ENGLISH}), "a.txt"))) == 2
    assert list(contents(visit(b'{"a": 1} is what the clerk said.\nHe left.', "a.txt"))) == [""]


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("body", "give TARGET=COLUMN"),
        ("text=", "give TARGET=COLUMN"),
        ("date=day", "targets: text, id, title"),
    ],
)
def test_a_wrong_mapping(option: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        parse_columns([option])
    with pytest.raises(UsageError, match="text is given twice"):
        parse_columns(["text=a", "text=b"])
    assert parse_columns(["text=a=b", "id=nr"]) == {"text": "a=b", "id": "nr"}
