import io
import struct
import time
import tracemalloc
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZIP_STORED, ZipFile, ZipInfo

import pytest

from testimonia.sources.documents import Visit, known_of
from testimonia.sources.options import Options
from visits import ENGLISH, contents, failures, only, texts, visit


def zipped(members: dict[str, bytes | str], method: int = ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with ZipFile(out, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize("method", [ZIP_STORED, ZIP_DEFLATED, ZIP_BZIP2, ZIP_LZMA])
def test_files_of_any_format_with_their_sidecars(method: int) -> None:
    data = zipped(
        {
            "b/letter.md": f"# Ice\n\n{ENGLISH}",
            "b/letter.md.meta.toml": 'issued = "2024-03-15"',
            "a.txt": ENGLISH + " 🚢 e\u0301",
            "c.csv": f"text\n{ENGLISH}\n",
            "__MACOSX/a.txt": "x",
            ".DS_Store": "x",
            "b/.hidden.txt": ENGLISH,
            "empty/": "",
        },
        method,
    )
    found = visit(data, "all.zip")
    assert list(contents(found)) == ["a.txt", "b/letter.md", "c.csv/2"]
    assert failures(found) == {}
    assert contents(found)["a.txt"] == ENGLISH + " 🚢 e\u0301"
    letter = texts(found)["b/letter.md"].metadata
    assert (letter.title, letter.issued) == ("Ice", "2024-03-15")
    assert letter.origins["issued"] == "sidecar"


def test_a_sidecar_in_it_goes_before_the_document_and_a_user_before_both() -> None:
    data = zipped(
        {
            "letter.md": f"---\ntitle: Own\nlanguage: en\n---\n\n{ENGLISH}",
            "letter.md.meta.toml": 'title = "Beside"\nissued = "2024-03-15"',
        }
    )
    around = b'title = "Around"\npublisher = "The Gazette"'
    known = known_of({"issued": "2024-01-01"}, around, "all.zip")
    (found,) = Visit(known, False, Options()).file(io.BytesIO(data), "all.zip")
    letter = found.load()[1].metadata
    assert letter.publisher == "The Gazette"
    assert (letter.title, letter.origins["title"]) == ("Beside", "sidecar")
    assert (letter.issued, letter.origins["issued"]) == ("2024-01-01", "user")


def test_names_in_utf_8_without_the_flag_that_says_so() -> None:
    data = zipped({"xx letter.txt": ENGLISH}).replace(b"xx letter", "ä letter".encode())
    assert list(contents(visit(data, "all.zip"))) == ["ä letter.txt"]


def test_names_are_only_names() -> None:
    names = ["/etc/letter.txt", "../../up.txt", "a\nb.txt", "c\x1b[2J.txt", "C:\\tmp\\d.txt"]
    found = visit(zipped(dict.fromkeys(names, ENGLISH)), "x.zip")
    assert set(contents(found)) == {
        "etc/letter.txt",
        "up.txt",
        "a\ufffdb.txt",
        "c\ufffd[2J.txt",
        "C:/tmp/d.txt",
    }


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_names_that_are_the_same_are_told_apart() -> None:
    out = io.BytesIO()
    with ZipFile(out, "w") as archive:
        for name in ("a.txt", "a.txt", "./a.txt"):
            archive.writestr(name, ENGLISH)
    assert list(contents(visit(out.getvalue(), "x.zip"))) == ["a.txt", "a.txt (2)", "a.txt (3)"]


def test_links_are_not_followed() -> None:
    link = ZipInfo("link.txt")
    link.create_system = 3
    link.external_attr = 0o120777 << 16
    out = io.BytesIO()
    with ZipFile(out, "w") as archive:
        archive.writestr(link, "/etc/passwd")
        archive.writestr("a.txt", ENGLISH)
    found = visit(out.getvalue(), "x.zip")
    assert (list(contents(found)), failures(found)) == (["a.txt"], {})


def test_a_zip_in_a_zip_and_no_further() -> None:
    data = zipped({"a.txt": ENGLISH})
    for depth in range(4):
        data = zipped({f"{depth}.zip": data, "b.txt": ENGLISH})
    found = visit(data, "x.zip", Options(max_depth=3))
    assert list(contents(found)) == ["3.zip/2.zip/b.txt", "3.zip/b.txt", "b.txt"]
    (said,) = failures(found).values()
    assert "stands in more than 3 containers" in said


def test_a_bomb_is_refused_and_the_rest_is_read() -> None:
    data = zipped({"a.txt": ENGLISH, "bomb.txt": bytes(45_000_000), "c.txt": ENGLISH})
    found = visit(data, "x.zip")
    assert list(contents(found)) == ["a.txt", "c.txt"]
    assert "x.zip/bomb.txt unpacks to more than 250 times its size" in failures(found)["bomb.txt"]


def test_members_are_bounded_by_what_comes_out_not_by_what_they_say() -> None:
    data = bytearray(zipped({"a.txt": ENGLISH * 100, "b.txt": ENGLISH}, ZIP_STORED))
    place = data.rindex(b"PK\x01\x02", 0, data.rindex(b"PK\x01\x02"))
    struct.pack_into("<L", data, place + 24, 10)
    found = visit(bytes(data), "x.zip", Options(max_bytes=1_000))
    assert list(contents(found)) == ["b.txt"]
    assert len(failures(found)) == 1


def test_all_members_together_are_bounded() -> None:
    class Narrow(Options):
        def most_bytes_of(self, size: int) -> int:
            return 3 * len(ENGLISH) + size * 0

    data = zipped({f"{number}.txt": ENGLISH for number in range(9)})
    found = visit(data, "x.zip", Narrow())
    assert len(contents(found)) == 3
    assert "holds more than" in str(found[-1].result)
    assert len(found) == 4


def test_encrypted_and_damaged_members_are_refused_alone() -> None:
    data = bytearray(zipped({"a.txt": ENGLISH, "b.txt": ENGLISH, "c.txt": ENGLISH}, ZIP_STORED))
    data[data.index(b"harbour")] ^= 0xFF
    second = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 1)
    data[second + 8] |= 1
    found = visit(bytes(data), "x.zip")
    assert list(contents(found)) == ["c.txt"]
    assert "Bad CRC-32" in failures(found)["a.txt"]
    assert "is encrypted" in failures(found)["b.txt"]


def test_a_broken_sidecar_fails_its_document_alone() -> None:
    found = visit(zipped({"a.txt": ENGLISH, "a.txt.meta.toml": "x", "b.txt": ENGLISH}), "x.zip")
    assert list(contents(found)) == ["b.txt"]
    assert "a.txt.meta.toml" in failures(found)["a.txt"]


def test_a_cut_off_archive() -> None:
    data = zipped({"a.txt": ENGLISH})
    (said,) = failures(visit(data[:-30], "x.zip")).values()
    assert "x.zip is no whole ZIP archive" in said


def test_a_million_members_are_refused_before_they_are_held() -> None:
    entry = struct.pack(
        "<4s4B4HL2L5H2L", b"PK\x01\x02", 20, 3, 20, 0, *[0] * 4, 0, 0, 0, 1, *[0] * 6
    )
    count = 1_000_000
    directory = (entry + b"a") * count
    end = struct.pack(
        "<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, len(directory), 4
    )
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, 4 + len(directory), 1)
    last = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 2**32 - 1, 2**32 - 1, 0)
    data = b"PK\x03\x04" + directory + end + locator + last
    tracemalloc.start()
    started = time.monotonic()
    (said,) = failures(visit(data, "x.zip")).values()
    assert "x.zip has a directory of 47,000,000 bytes" in said
    assert time.monotonic() - started < 5
    assert tracemalloc.get_traced_memory()[1] < 50_000_000
    tracemalloc.stop()


def test_too_many_members() -> None:
    data = zipped({f"{number}.txt": ENGLISH for number in range(12)})
    (said,) = failures(visit(data, "x.zip", Options(max_parts=10))).values()
    assert "holds 12 files, more than 10" in said


def test_an_empty_archive_and_an_office_document() -> None:
    assert visit(zipped({}), "x.zip") == []
    (said,) = failures(visit(zipped({"[Content_Types].xml": "<x/>"}), "x.xlsx")).values()
    assert "x.xlsx is a ZIP container" in said


def test_a_page_alone_in_an_archive_knows_nothing_of_others() -> None:
    text = only(visit(zipped({"a.html": f"<title>Quay</title><p>{ENGLISH}</p>"}), "x.zip"))
    assert (text.metadata.title, text.part_of) == ("Quay", ())
