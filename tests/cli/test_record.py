"""Commands that go on, make anew, or wait for another: in this process."""

from __future__ import annotations

import json
import os
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from fakes import FakeReader
from testimonia.catalog import FILE
from testimonia.cli.main import _run
from testimonia.errors import StoreError
from testimonia.iris import Iris
from testimonia.library import open_archive, readers
from testimonia.store.embedded import EmbeddedWriter

Run = Callable[..., int]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command line with a small reader; gives the exit code."""

    @contextmanager
    def extractor(*_: object) -> Iterator[FakeReader]:
        yield FakeReader()

    monkeypatch.setattr(readers, "open_readers", extractor)

    def command(*words: str | Path) -> int:
        monkeypatch.setattr(sys, "argv", ["testimonia", *map(str, words)])
        return _run()

    return command


@pytest.fixture
def place(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with letters and the archive of the first of them."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TESTIMONIA_ARCHIVE", raising=False)
    for name in ("Ada", "Bo"):
        (tmp_path / f"{name}.txt").write_text(f"{name} said it rained all day long.")
    assert run("ingest", "Ada.txt", "-a", "archive") == 0
    return tmp_path


def test_what_a_full_disk_left_is_told_and_gone_on_with(
    place: Path, run: Run, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object) -> None:
        raise StoreError("the store could not be written: No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(EmbeddedWriter, "put_documents", full)
        assert run("ingest", "Bo.txt", "-a", "archive") == 1
    told = capfd.readouterr().err
    assert "No space left" in told
    assert "1 document remains: testimonia ingest --resume goes on" in told
    assert run("ingest", "--resume", "-a", "archive") == 0
    assert run("ingest", "--resume", "-a", "archive") == 0
    assert "nothing to do" in capfd.readouterr().err


def test_resuming_takes_nothing_else(
    place: Path, run: Run, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run("ingest", "-a", "archive") == 2
    assert run("ingest", "Bo.txt", "--resume", "-a", "archive") == 2
    assert run("ingest", "--resume", "--meta", "title=A", "-a", "archive") == 2
    assert run("ingest", "--resume", "-a", "nowhere") == 3
    assert "no archive at nowhere" in capfd.readouterr().err
    assert not (place / "nowhere").exists()


def test_what_a_rebuild_changes_is_told(
    place: Path, run: Run, capfd: pytest.CaptureFixture[str]
) -> None:
    connection = sqlite3.connect(place / "archive" / FILE)
    with connection:
        connection.execute("UPDATE document SET fingerprint = 'of an older version'")
    connection.close()
    with open_archive("archive") as archive, archive.writer() as writer:
        (record,) = archive.catalog.documents()
        writer.replace({archive.iris.document_graph(record.id): frozenset()})
        archive.catalog.mark_stored({record.id: "older"}, record.run or "")
        writer.replace({archive.iris.document_graph(record.id): _empty(archive.iris, record.id)})
    capfd.readouterr()
    assert run("rebuild", "--changed", "--format", "json", "-a", "archive") == 0
    (told,) = json.loads(capfd.readouterr().out)
    assert told["document"] == record.id
    (gained,) = told["gained"]
    assert (gained["speaker"], gained["cue"]) == ("Ada", "say")
    assert (told["lost"], told["changed"]) == ([], [])
    assert run("rebuild", "--changed", "--format", "json", "-a", "archive") == 0
    assert json.loads(capfd.readouterr().out) == []


def _empty(iris: Iris, document: str) -> frozenset[tuple[str, str, str]]:
    from testimonia.vocabulary import RDF, TST

    return frozenset({(f"<{iris.document(document)}>", RDF.type, TST.Document)})


def test_changes_as_a_table(place: Path, run: Run, capfd: pytest.CaptureFixture[str]) -> None:
    with open_archive("archive") as archive, archive.writer() as writer:
        (record,) = archive.catalog.documents()
        writer.replace({archive.iris.document_graph(record.id): _empty(archive.iris, record.id)})
        archive.catalog.mark_stored({record.id: "older"}, record.run or "")
    assert run("rebuild", "--changed", "-a", "archive") == 0
    shown = capfd.readouterr().out
    assert "1 gained, 0 lost" in shown
    assert "it rained all day long" in shown


def test_every_command_that_writes_says_who_has_the_lock(
    place: Path, run: Run, capfd: pytest.CaptureFixture[str]
) -> None:
    with open_archive("archive") as archive, archive.writer():
        (record,) = archive.catalog.documents()
        for words in (
            ("ingest", "Bo.txt"),
            ("ingest", "--resume"),
            ("rebuild",),
            ("rebuild", "--changed"),
            ("edit", record.id, "--meta", "title=Rain"),
            ("remove", record.id),
        ):
            assert run(*words, "-a", "archive") == 3, words
            assert f"in use by process {os.getpid()} on " in capfd.readouterr().err
        assert not (place / "copy").exists()
        assert archive.catalog.plans() == []
        (still,) = archive.catalog.documents()
        assert still == record
    assert run("stats", "-a", "archive") == 0
