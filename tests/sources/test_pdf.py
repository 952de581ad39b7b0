import os
import stat
import sys
import time
from pathlib import Path

import pytest

from sources.made import FIRST, SECOND, pdf
from testimonia.errors import EmptySource, UnsupportedSource
from testimonia.model import Text
from testimonia.sources import read_bytes
from testimonia.sources.options import Options
from testimonia.sources.pdf import extract_bytes

XMP = """<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
  xmlns:dc="http://purl.org/dc/elements/1.1/">
<rdf:Description rdf:about="">
<dc:creator><rdf:Seq><rdf:li>Ada Holm</rdf:li><rdf:li>Per Dahl</rdf:li></rdf:Seq></dc:creator>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">The quay</rdf:li></rdf:Alt></dc:title>
<dc:date><rdf:Seq><rdf:li>2024-03-05T10:00:00Z</rdf:li></rdf:Seq></dc:date>
</rdf:Description></rdf:RDF></x:xmpmeta>"""
LONG = (
    "The harbour master said that the quay would remain closed until the inspection had been "
    "finished, while the ferry company argued that its passengers could not wait for so long and "
    "asked the council for a decision about compensation."
)


def read(data: bytes, name: str = "a.pdf") -> Text:
    return read_bytes(data, name=name)


def test_paragraphs_and_their_pages() -> None:
    text = read(pdf([FIRST + "\n" + LONG, SECOND]))
    assert text.content == f"{FIRST}\n\n{LONG}\n\n{SECOND}"
    assert text.media_type == "application/pdf"
    starts = [(text.content[region.start :][:9], region.page) for region in text.regions]
    assert starts == [(FIRST[:9], "1"), (LONG[:9], "1"), (SECOND[:9], "2")]


def test_boxes_are_percents_of_the_page() -> None:
    first, below = read(pdf([FIRST + "\n" + SECOND])).regions
    assert first.box is not None
    assert below.box is not None
    left, top, width, height = first.box
    assert 3 < left < 8
    assert 2 < top < 8
    assert 40 < width < 70
    assert 1 < height < 4
    assert below.box[1] > top + height


def test_a_sentence_goes_on_over_pages_without_the_running_head() -> None:
    middle = LONG.index(" until")
    pages = [FIRST + "\n" + LONG[:middle], LONG[middle + 1 :], SECOND, FIRST]
    text = read(pdf(pages, head="Harbour Gazette"))
    assert f"{FIRST}\n\n{LONG}\n\n{SECOND}\n\n{FIRST}" == text.content
    assert [region.page for region in text.regions] == ["1", "1", "2", "3", "4"]
    assert text.content[text.regions[2].start :].startswith("until")
    assert "running heads and page numbers were left out: 4 lines" in text.warnings


def test_metadata_with_its_origins() -> None:
    metadata = read(pdf([FIRST], title="Quay", author="A. Holm")).metadata
    assert (metadata.title, metadata.creator) == ("Quay", ("A. Holm",))
    assert metadata.origins["title"] == "document: Info dictionary"
    metadata = read(pdf([FIRST], title="Quay", xmp=XMP)).metadata
    assert (metadata.title, metadata.creator) == ("The quay", ("Ada Holm", "Per Dahl"))
    assert (metadata.issued, metadata.origins["issued"]) == ("2024-03-05", "document: XMP")


def test_the_day_of_its_making_dates_nothing() -> None:
    text = read(pdf([FIRST]))
    assert text.metadata.issued is None
    assert any("not taken for the day of publication" in warning for warning in text.warnings)


def test_pages_without_text_are_told() -> None:
    warnings = read(pdf([FIRST, "", SECOND, ""])).warnings
    assert (
        "2 of 4 pages have no text layer (2, 4); --ocr reads them where ocrmypdf is installed"
        in warnings
    )
    with pytest.raises(EmptySource, match=r"a\.pdf: 1 of 1 pages have no text layer"):
        read(pdf([""]))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (pdf([FIRST], password="secret"), "encrypted PDF"),
        (b"%PDF-1.7\n", "damaged PDF"),
        (pdf([FIRST])[:700], "damaged PDF"),
        (b"%PDF-1.4\n" + bytes(range(256)) * 40, "damaged PDF"),
    ],
)
def test_bad_files_are_refused(data: bytes, message: str) -> None:
    with pytest.raises(UnsupportedSource, match=message):
        read(data)


def test_time_is_bounded() -> None:
    begun = time.monotonic()
    with pytest.raises(UnsupportedSource, match=r"longer than 0\.05 seconds"):
        extract_bytes(pdf([FIRST]), "a.pdf", Options(seconds=0.05))
    assert time.monotonic() - begun < 10


def test_a_million_objects() -> None:
    objects = b"".join(b"%d 0 obj\n<< >>\nendobj\n" % n for n in range(3, 1_000_000))
    data = (
        b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
        b"2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\n" + objects
    )
    begun = time.monotonic()
    with pytest.raises((UnsupportedSource, EmptySource)):
        extract_bytes(data + b"trailer << /Root 1 0 R >>", "a.pdf", Options(seconds=30))
    assert time.monotonic() - begun < 40


def test_pages_that_are_their_own_parents_and_a_huge_page() -> None:
    data = pdf([FIRST]).replace(b"/Count 1", b"/Count 9")
    assert FIRST in read(data).content
    huge = pdf([FIRST]).replace(b"595.28 841.89", b"99999999999 1")
    assert FIRST in read(huge).content


@pytest.fixture
def recogniser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program in the place of ocrmypdf that puts a prepared file in the place of the output."""
    program = tmp_path / "ocrmypdf"
    made = tmp_path / "made.pdf"
    made.write_bytes(pdf([FIRST, SECOND]))
    program.write_text(
        f"#!{sys.executable}\nimport shutil, sys\nshutil.copy({str(made)!r}, sys.argv[-1])\n"
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    return program


def test_pages_without_text_are_recognised_when_asked_for(recogniser: Path) -> None:
    extract = extract_bytes(pdf([FIRST, ""]), "a.pdf", Options(ocr=True))
    assert extract.content == f"{FIRST}\n\n{SECOND}"
    assert any("read by OCR" in warning for warning in extract.warnings)
    assert SECOND not in extract_bytes(pdf([FIRST, ""]), "a.pdf", Options()).content


def test_recognition_is_bounded_in_time(recogniser: Path) -> None:
    recogniser.write_text(f"#!{sys.executable}\nimport time\ntime.sleep(60)\n")
    begun = time.monotonic()
    extract = extract_bytes(pdf([FIRST, ""]), "a.pdf", Options(ocr=True, ocr_seconds=0.5))
    assert time.monotonic() - begun < 30
    assert extract.content == FIRST
    assert any("took longer than 0.5 seconds" in warning for warning in extract.warnings)


def test_without_the_program_the_pages_stay_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    extract = extract_bytes(pdf([FIRST, ""]), "a.pdf", Options(ocr=True))
    assert any("not installed" in warning for warning in extract.warnings)
