from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testimonia.errors import MetadataError
from testimonia.model import METADATA_KEYS, Metadata
from testimonia.sources.metadata import (
    lenient,
    normal_value,
    of_user,
    parse_options,
    parse_sidecar,
    replaced,
    with_defaults,
)


def test_a_whole_sidecar() -> None:
    sidecar = """
        title = "The quay"
        creator = ["Ada Quill", "Bo Reed", "Ada Quill"]
        issued = 2025-03-04
        language = "EN-gb"
        source = "https://gazette.example/quay"
    """
    assert parse_sidecar(sidecar.encode("utf-8-sig"), "a.txt.meta.toml") == {
        "title": "The quay",
        "creator": ("Ada Quill", "Bo Reed"),
        "issued": "2025-03-04",
        "language": "en-GB",
        "source": "https://gazette.example/quay",
    }


@pytest.mark.parametrize(
    ("sidecar", "message"),
    [
        (b'title = "x"\nauthor = "y"', r"line 2: unknown key 'author'; allowed keys: title, crea"),
        (b"[extra]\na = 1", r"line 1: unknown key 'extra'"),
        (b"title = ", r"not TOML: .*line 1"),
        (b"issued = 2025-02-30", r"not TOML: .*line 1"),
        (b"title = 1\n", r"line 1: title must be text in quotation marks, not 1"),
        (b'# c\n\ntitle = "  "', r"line 3: title is empty"),
        (b"creator = []", r"line 1: creator is empty"),
        (b"creator = [1]", r"line 1: creator must be text"),
        (b'issued = "4 March"', r"line 1: issued must be a date as YYYY, .*not '4 March'"),
        (b'language = "English"', r"line 1: language must be a language tag such as en"),
        (b'source = "quay"', r"line 1: source must be an absolute URL"),
        (b"\xff", r"not UTF-8 \(byte 0\)"),
        (b"a = " + b"[" * 100_000, r"not TOML"),
        (b"#" * 1_000_001, r"larger than"),
    ],
)
def test_a_broken_sidecar_is_named_with_line_and_key(sidecar: bytes, message: str) -> None:
    with pytest.raises(MetadataError, match=r"a\.txt\.meta\.toml.*" + message):
        parse_sidecar(sidecar, "a.txt.meta.toml")


def test_options() -> None:
    options = ["creator=Ada Quill", "creator=Bo Reed", "title=a = b", "issued=2025-03"]
    assert parse_options(options) == {
        "creator": ("Ada Quill", "Bo Reed"),
        "title": "a = b",
        "issued": "2025-03",
    }


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["title"], "--meta 'title': not KEY=VALUE; allowed keys"),
        (["author=x"], "--meta 'author=x': unknown key 'author'; allowed keys"),
        (["title=x", "title=y"], "--meta 'title=y': title is given twice"),
        (["issued=2025-13"], "--meta issued: issued must be a date"),
        (["title="], "--meta title: title is empty"),
    ],
)
def test_a_wrong_option(options: list[str], message: str) -> None:
    with pytest.raises(MetadataError, match=message):
        parse_options(options)


@given(st.dates())
def test_dates_of_every_precision_are_kept(day: date) -> None:
    written = day.isoformat()
    for length in (4, 7, 10):
        assert normal_value("issued", written[:length]) == written[:length]
    assert normal_value("issued", day) == written


def test_dates_from_toml() -> None:
    assert normal_value("issued", 2025) == "2025"
    assert normal_value("issued", datetime(2025, 3, 4, 23, 59, tzinfo=UTC)) == "2025-03-04"


@pytest.mark.parametrize(
    "written",
    ["2025-02-29", "25", "2025-3-4", "0000", "2025/2026", "２０２５", "2025-W10", True, 25.0],
)
def test_dates_that_are_none(written: object) -> None:
    with pytest.raises(ValueError, match="must be"):
        normal_value("issued", written)


@given(st.text())
def test_any_title_is_one_clean_line_or_refused(title: str) -> None:
    kept, warnings = lenient({"title": title})
    if kept:
        assert str(kept["title"]).split() == str(kept["title"]).split(" ")
    else:
        assert "title is empty" in warnings[0]


def test_a_documents_malformed_value_is_left_out_with_a_warning() -> None:
    kept, warnings = lenient({"title": "The quay", "issued": "last Tuesday"})
    assert kept == {"title": "The quay"}
    assert "'last Tuesday'" in warnings[0]


def test_precedence_and_origins() -> None:
    metadata = of_user({"title": "mine"})
    metadata = with_defaults(metadata, "sidecar", {"title": "its", "issued": "2025"})
    metadata = with_defaults(metadata, "document", {"issued": "1999", "creator": ("Ada Quill",)})
    assert (metadata.title, metadata.issued) == ("mine", "2025")
    assert metadata.creator == ("Ada Quill",)
    assert metadata.origins == {"title": "user", "creator": "document", "issued": "sidecar"}


def test_a_metadata_keeps_its_origins() -> None:
    known = Metadata(title="its", issued="2025", origins={"title": "sidecar"})
    metadata = with_defaults(of_user(known), "detected", {"language": "en"})
    assert metadata.origins == {"title": "sidecar", "issued": "user", "language": "detected"}
    assert replaced(metadata, "detected", {"title": "new"}).title == "new"


def test_every_key_can_be_stated() -> None:
    values = dict.fromkeys(METADATA_KEYS, "x") | {
        "issued": "2025",
        "language": "en",
        "source": "urn:isbn:0000000000",
        "captured": "2025-01-02T03:04:05Z",
    }
    metadata = of_user(values)
    assert tuple(metadata.origins) == METADATA_KEYS
    with pytest.raises(MetadataError, match="metadata 'date': unknown key"):
        of_user({"date": "2025"})


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("2024-03-15T10:00:00Z", "2024-03-15T10:00:00Z"),
        ("2024-03-15T10:00:00.250000Z", "2024-03-15T10:00:00.25Z"),
        ("2024-03-15T10:00:00+02:00", "2024-03-15T08:00:00Z"),
        ("2024-03", "2024-03"),
    ],
)
def test_a_capture_is_an_instant_in_utc_or_a_date(written: str, kept: str) -> None:
    assert of_user({"captured": written}).captured == kept


@pytest.mark.parametrize("written", ["2024-03-15T10:00:00", "yesterday", "2024-13-01T00:00:00Z"])
def test_no_capture(written: str) -> None:
    with pytest.raises(MetadataError, match="captured"):
        of_user({"captured": written})
