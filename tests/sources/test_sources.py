import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import testimonia.sources as sources
from testimonia.errors import (
    EmptySource,
    ForeignLanguage,
    MetadataError,
    SourceError,
    UnreadableSource,
    UnsupportedSource,
)
from testimonia.model import Text
from testimonia.sources import find_sources, freeze, read_bytes, read_source

ENGLISH = "The harbour master said on Monday that the quay would stay closed. "
GERMAN = "Die Hafenmeisterin sagte am Montag, dass der Kai geschlossen bleibt."


def read(content: str | bytes, name: str = "a.txt", **options: object) -> Text:
    data = content if isinstance(content, bytes) else content.encode()
    return read_bytes(data, name=name, **options)  # type: ignore[arg-type]


def outcome(data: bytes, name: str) -> tuple[str, str]:
    try:
        return read(data, name).content, ""
    except SourceError as error:
        return "", str(error)


def test_a_file_with_its_sidecar(tmp_path: Path) -> None:
    path = tmp_path / "quay.txt"
    path.write_bytes(ENGLISH.encode("utf-8-sig") + b"\r\nNobody came.\r")
    (tmp_path / "quay.txt.meta.toml").write_text('title = "Quay"\nissued = 2025-03-04\n')
    text = read_source(path, stated={"title": "The quay"})
    assert text.content == ENGLISH + "\nNobody came.\n"
    assert (text.media_type, text.encoding, text.warnings) == ("text/plain", "utf-8", ())
    assert (text.metadata.title, text.metadata.issued) == ("The quay", "2025-03-04")
    assert text.metadata.origins == {"title": "user", "issued": "sidecar", "language": "detected"}


def test_find_then_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(ENGLISH)
    assert [read_source(path).content for path in find_sources([tmp_path])] == [ENGLISH]
    with pytest.raises(UnreadableSource):
        read_source(tmp_path)


def test_the_file_system_dates_nothing(tmp_path: Path) -> None:
    path = tmp_path / "2025-03-04.txt"
    path.write_text(ENGLISH + "Published on March 4, 2025.")
    assert read_source(path).metadata.issued is None


@given(st.text())
def test_any_plain_text_is_read_as_it_stands_or_refused(tail: str) -> None:
    content, refusal = outcome((ENGLISH + tail).encode(), "a.txt")
    controls = sum(char < " " for char in tail)
    foreign = not tail.isascii() and "--force" in refusal
    assert (
        content == freeze(ENGLISH + tail) or foreign or (controls > 5 and "is not text" in refusal)
    )


@settings(deadline=None)  # what begins like a PDF is read by a process of its own
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_by_a_source_error(data: bytes) -> None:
    for name in ("a.txt", "a.md", "a.html"):
        content, refusal = outcome(data, name)
        assert (content == freeze(content)) if content else (name in refusal)


def test_emoji_and_combining_characters_keep_their_offsets() -> None:
    content = ENGLISH + "The cafe\u0301 owner 👨\u200d👩\u200d👧 wept."
    text = read(content)
    assert text.content == content
    assert text.content.index("wept") == content.index("wept")


def test_nuls_and_mixed_line_ends() -> None:
    text = read(ENGLISH + "Nobody\x00 came.\r\nNobody\rleft.\n")
    assert text.content == ENGLISH + "Nobody� came.\nNobody\nleft.\n"
    assert text.warnings == ("control characters replaced by U+FFFD: 1",)


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html"])
def test_five_megabytes_on_one_line(name: str) -> None:
    content = ENGLISH * 75_000
    assert len(content) > 5_000_000
    assert read(content, name).content.strip() == content.strip()


@pytest.mark.parametrize(
    ("content", "name", "error", "message"),
    [
        (b"", "a.txt", EmptySource, r"a\.txt is empty"),
        (b"\xef\xbb\xbf", "a.txt", EmptySource, r"only white space"),
        (b" \r\n\t", "a.md", EmptySource, r"a\.md holds no text"),
        (b"12, 13 & 14.", "a.txt", EmptySource, r"holds no sentence"),
        (b"---\ntitle: The quay\n---\n", "a.md", EmptySource, r"holds no text"),
        (b"%PDF-1.7", "a.txt", UnsupportedSource, r"a\.txt is a damaged PDF"),
        (bytes(range(256)), "a.txt", UnsupportedSource, r"a\.txt is not text"),
        (b"The clerk, left", "a.py", UnsupportedSource, r"no reader for text/x-python"),
        (GERMAN.encode(), "a.txt", ForeignLanguage, r"German \(de\) \(detected\).*--force"),
    ],
)
def test_bad_input(content: bytes, name: str, error: type[SourceError], message: str) -> None:
    with pytest.raises(error, match=message):
        read(content, name)


def test_size_is_bounded() -> None:
    with pytest.raises(UnsupportedSource, match="larger than 60 bytes"):
        read(ENGLISH, max_bytes=60)


def test_a_broken_sidecar() -> None:
    with pytest.raises(MetadataError, match=r"a\.txt\.meta\.toml, line 1: unknown key 'date'"):
        read(ENGLISH, sidecar=b"date = 2025-03-04")


def test_a_forced_language_is_recorded() -> None:
    metadata = read(GERMAN, force_language=True).metadata
    assert (metadata.language, metadata.origins["language"]) == ("de", "detected")


def test_what_the_user_states_of_the_language_is_final() -> None:
    assert read(GERMAN, stated={"language": "en"}).metadata.language == "en"
    assert read(GERMAN, sidecar=b"language = 'en'").metadata.language == "en"
    with pytest.raises(ForeignLanguage, match="stated by you"):
        read(ENGLISH, stated={"language": "de"})


def test_a_templates_language_gives_way_to_the_words() -> None:
    text = read(f"<html lang='de'><body><p>{ENGLISH}</p></body></html>", "a.html")
    assert (text.metadata.language, text.metadata.origins["language"]) == ("en", "detected")
    assert "German (de)" in text.warnings[0]
    with pytest.raises(ForeignLanguage):
        read(f"<html lang='en'><body><p>{GERMAN}</p></body></html>", "a.html")


def test_a_pages_language_stands_where_the_words_agree() -> None:
    text = read(f"<html lang='en-gb'><body><p>{ENGLISH}</p></body></html>", "a.html")
    assert (text.metadata.language, text.metadata.origins["language"]) == ("en-GB", "document")
    assert text.warnings == ()


def test_a_page_under_another_name() -> None:
    page = f"<!doctype html><title>The quay</title><p>{ENGLISH}</p>"
    text = read(page, "a.txt")
    assert (text.media_type, text.content) == ("text/html", ENGLISH.strip())
    assert text.metadata.origins["title"] == "document"
    assert text.warnings == ("a.txt is HTML by its content; read as text/html",)


def test_control_characters_spelled_as_references() -> None:
    text = read(f"<p>{ENGLISH} Nobody&#0;&#x85; came.</p>", "a.html")
    assert text.content == freeze(text.content)
    assert text.content.endswith(" came.")


def test_every_reader_exists() -> None:
    functions = {"TEXT": "extract", "BYTES": "extract_bytes", "PARTS": "parts"}
    for reader in sources.READERS.values():
        assert callable(getattr(reader.load(), functions[reader.gives.name]))


def test_heavy_libraries_stay_out_until_needed() -> None:
    heavy = ["trafilatura", "lxml", "srsly", "babel", "markdown_it", "py3langid", "numpy"]
    program = (
        "import sys, testimonia.sources; "
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
