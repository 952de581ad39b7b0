from __future__ import annotations

import io
from pathlib import Path

import pytest

from fakes import FakeReader
from testimonia.errors import ArchiveError, UsageError
from testimonia.ingest import Ingestion, Result, Source
from testimonia.library import Archive, open_archive, restore
from testimonia.model import Metadata, Text
from testimonia.settings import Settings

LETTER = "Ada said it rained."


def ingest(archive: Archive, content: str) -> None:
    text = Text(content, Metadata(), "text/plain")
    with archive.writer() as writer:
        one = Ingestion(archive.catalog, writer, FakeReader(), Settings(), lambda _: [])
        (outcome,) = one.ingest([Source("a.txt", lambda: (content.encode(), text))])
    assert outcome.result is Result.STORED


def exported(archive: Archive) -> bytes:
    output = io.BytesIO()
    archive.export(output, "nquads")
    return output.getvalue()


@pytest.fixture
def backup(archive: Archive, tmp_path: Path) -> Path:
    ingest(archive, LETTER)
    assert archive.backup(tmp_path / "copy") > 3
    return tmp_path / "copy"


def test_what_is_restored_is_the_same_and_goes_on(
    archive: Archive, backup: Path, tmp_path: Path
) -> None:
    before = exported(archive)
    ingest(archive, "Bo said it snowed.")
    restore(backup, tmp_path / "again")
    with open_archive(tmp_path / "again") as again:
        assert exported(again) == before
        (record,) = again.catalog.documents()
        assert again.catalog.text(record).text.content == LETTER
        ingest(again, "Cy said it hailed.")


def test_a_damaged_backup_is_not_restored(backup: Path, tmp_path: Path) -> None:
    victim = next(file for file in sorted(backup.rglob("*.sst")))
    data = bytearray(victim.read_bytes())
    data[len(data) // 2] ^= 1
    victim.write_bytes(data)
    with pytest.raises(ArchiveError, match=victim.name):
        restore(backup, tmp_path / "again")
    assert not (tmp_path / "again").exists()


def test_a_file_that_is_missing_or_too_many_is_noticed(backup: Path, tmp_path: Path) -> None:
    (backup / "extra").write_text("x")
    with pytest.raises(ArchiveError, match="extra"):
        restore(backup, tmp_path / "again")
    (backup / "extra").unlink()
    (backup / "catalog.sqlite").unlink()
    with pytest.raises(ArchiveError, match=r"catalog\.sqlite"):
        restore(backup, tmp_path / "again")


def test_nothing_is_written_over(archive: Archive, backup: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="exists"):
        archive.backup(backup)
    with pytest.raises(UsageError, match="exists"):
        restore(backup, archive.folder)
    with pytest.raises(ArchiveError, match="no backup"):
        restore(tmp_path, tmp_path / "again")
