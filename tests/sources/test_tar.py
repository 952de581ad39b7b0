import io
import tarfile
import tracemalloc

import pytest

from testimonia.sources.options import Options
from visits import ENGLISH, contents, failures, texts, visit


def tarred(members: dict[str, bytes | str], mode: str = "w", **form: int) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode, **form) as archive:  # type: ignore[call-overload]
        for name, content in members.items():
            data = content.encode() if isinstance(content, str) else content
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_files_of_any_format_with_their_sidecars(mode: str, form: int) -> None:
    long = "folder/" * 12 + "letter.md"
    members: dict[str, bytes | str] = {
        "./a.txt": ENGLISH + " 🚢 e\u0301",
        long: f"# Ice\n\n{ENGLISH}",
        long + ".meta.toml": 'issued = "2024-03-15"',
        ".hidden": ENGLISH,
    }
    found = visit(tarred(members, mode, format=form), "all.tar")
    assert contents(found)["a.txt"] == ENGLISH + " 🚢 e\u0301"
    assert (list(contents(found)), failures(found)) == (["a.txt", long], {})
    letter = texts(found)[long].metadata
    assert (letter.title, letter.issued) == ("Ice", "2024-03-15")
    assert letter.origins["issued"] == "sidecar"


def test_names_are_only_names_and_links_lead_nowhere() -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name in ("/etc/letter.txt", "../../up.txt", "a\nb.txt", "c\udcff.txt"):
            info = tarfile.TarInfo(name)
            info.size = len(ENGLISH)
            archive.addfile(info, io.BytesIO(ENGLISH.encode()))
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.DIRTYPE):
            info = tarfile.TarInfo(f"link{kind!r}.txt")
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
    found = visit(out.getvalue(), "x.tar")
    assert list(contents(found)) == ["etc/letter.txt", "up.txt", "a\ufffdb.txt", "c\ufffd.txt"]
    assert failures(found) == {}


def test_a_cut_off_archive_gives_what_came_before() -> None:
    data = tarred({"a.txt": ENGLISH, "b.txt": ENGLISH * 400, "c.txt": ENGLISH}, "w:gz")
    found = visit(data[: len(data) - 40], "x.tar.gz")
    assert list(contents(found))[:1] == ["a.txt"]
    assert "x.tar.gz is cut off" in failures(found)[""]
    data = tarred({"a.txt": ENGLISH, "b.txt": ENGLISH * 400})
    found = visit(data[:4_000], "x.tar")
    assert list(contents(found)) == ["a.txt"]
    assert "x.tar is damaged or cut off" in failures(found)[""]


def test_a_bomb_ends_where_it_begins() -> None:
    data = tarred({"a.txt": ENGLISH, "b.bin": bytes(49_000_000), "c.txt": ENGLISH}, "w:gz")
    tracemalloc.start()
    found = visit(data, "x.tar.gz")
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()
    assert list(contents(found)) == ["a.txt"]
    assert "unpacks to more than 250 times its size" in failures(found)[""]


def test_headers_are_bounded() -> None:
    info = tarfile.TarInfo("a.txt")
    info.pax_headers = {"comment": "x" * 30_000_000}
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        archive.addfile(info)
    (said,) = failures(visit(out.getvalue(), "x.tar")).values()
    assert "headers of more than 10,000,000 bytes" in said


def test_a_member_that_is_too_large_is_refused_alone() -> None:
    data = tarred({"a.txt": ENGLISH * 100, "b.txt": ENGLISH})
    found = visit(data, "x.tar", Options(max_bytes=1_000))
    assert list(contents(found)) == ["b.txt"]
    assert "x.tar/a.txt is larger than 1,000 bytes" in failures(found)["a.txt"]


def test_too_many_members() -> None:
    found = visit(tarred({f"{n}.bin": b"" for n in range(12)}), "x.tar", Options(max_parts=10))
    assert "holds more than 10 files" in failures(found)[""]


def test_many_members_are_not_held_in_memory() -> None:
    info = tarfile.TarInfo("a/")
    info.type = tarfile.DIRTYPE
    data = info.tobuf() * 10_000 + bytes(1_024)
    tracemalloc.start()
    assert visit(data, "x.tar") == []
    assert tracemalloc.get_traced_memory()[1] < 3_000_000
    tracemalloc.stop()


def test_a_broken_sidecar_fails_its_document_alone() -> None:
    found = visit(tarred({"a.txt": ENGLISH, "a.txt.meta.toml": "x", "b.txt": ENGLISH}), "x.tar")
    assert list(contents(found)) == ["b.txt"]
    assert "a.txt.meta.toml" in failures(found)["a.txt"]
