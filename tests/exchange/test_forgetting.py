"""What was forgotten is nowhere on the disk; what it shared with others is."""

from __future__ import annotations

import asyncio
import io
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pyoxigraph
import pytest

from documents import put
from testimonia import library
from testimonia.errors import ArchiveLocked, StoreError, UsageError
from testimonia.library import Archive, leaving, open_archive
from testimonia.sparql import pool
from testimonia.store import renewal
from testimonia.store.checkpoints import Checkpoints, lease

SECRET = "Zyxgard said the quillmoor fell. Wexbury said Odense shivered. Nobody vantrebled."
NAME = "brontel-letter.txt"
# Words that stand in its text, its name, its metadata, its originals and nowhere else.
TELLING = ("Zyxgard", "quillmoor", "Wexbury", "vantrebled", "brontel", "Plimsworth", "mirzafolio")
OTHER = "Ada said Odense is cold."


def forgettable(archive: Archive, name: str = NAME) -> str:
    outcome = put(archive, SECRET, name, title="The Plimsworth letter", identifier="mirzafolio 7")
    assert outcome.document
    return outcome.document


def found_in(folder: Path, words: tuple[str, ...]) -> dict[str, str]:
    """The files whose bytes have one of the words, in UTF-8 or UTF-16; and what RocksDB, whose
    files are compressed, gives back of each store."""
    files = [file for file in folder.rglob("*") if file.is_file()]
    bytes_ = {file: file.read_bytes() for file in files}
    for store in {file.parent for file in files if file.name == "CURRENT"}:
        opened = pyoxigraph.Store.read_only(str(store))
        bytes_[store] = "\n".join(map(str, opened)).encode()
    return {
        str(file.relative_to(folder)): word
        for file, data in bytes_.items()
        for word in words
        for form in (word.encode(), word.encode("utf-16-le"))
        if form.lower() in data.lower()
    }


def quads(archive: Archive) -> bytes:
    output = io.BytesIO()
    archive.export(output, "nquads")
    return output.getvalue()


def test_no_byte_of_a_forgotten_document_is_left(archive: Archive) -> None:
    put(archive, OTHER)
    document = forgettable(archive)
    archive.catalog.keep_answer("k", "somebody", json.dumps({"said": ["the quillmoor fell"]}))
    before = found_in(archive.folder, (*TELLING, document))
    assert {"catalog.sqlite", "catalog.sqlite-wal"} & set(before)
    assert any(name.startswith("originals/") for name in before)
    assert any(name.startswith("store/live") for name in before)
    forgotten = archive.forget(document)
    assert (forgotten.name, forgotten.copies, forgotten.generations) == (NAME, (), ())
    assert found_in(archive.folder, (*TELLING, document)) == {}


def test_a_removed_or_rejected_document_can_be_forgotten(archive: Archive) -> None:
    document = forgettable(archive)
    archive.remove(document)
    assert found_in(archive.folder, TELLING)
    archive.forget(archive.iris.document(document))
    assert found_in(archive.folder, TELLING) == {}


def test_the_rest_stays_as_if_it_had_never_been(archive: Archive, tmp_path: Path) -> None:
    put(archive, OTHER)
    archive.import_graph(b"_:b <m:p> <m:o> .", "text/turtle", "https://mine.example/g")
    before = quads(archive)
    archive.forget(forgettable(archive))
    assert quads(archive) == before
    with sqlite3.connect(archive.folder / "catalog.sqlite") as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    db.close()
    forgettable(archive)  # and may come back
    assert b"quillmoor" in quads(archive)


def test_what_another_document_shares_stays(archive: Archive) -> None:
    one = forgettable(archive)
    two = put(archive, SECRET, "kept.txt", identifier="another").document
    archive.catalog.keep_answer("k", "somebody", json.dumps({"said": ["the quillmoor fell"]}))
    assert two
    archive.forget(one)
    assert archive.catalog.text(archive.record(two)).text.content == SECRET
    assert archive.catalog.answer("k")
    originals = [file for file in archive.folder.rglob("originals/*/*") if file.is_file()]
    assert [file.read_text() for file in originals] == [SECRET]
    assert found_in(archive.folder, ("mirzafolio", "Plimsworth", "brontel", one)) == {}
    archive.forget(two)
    assert found_in(archive.folder, TELLING) == {}


def test_the_copies_that_hold_it_are_named(archive: Archive, tmp_path: Path) -> None:
    put(archive, OTHER)
    archive.backup(tmp_path / "before")
    document = forgettable(archive)
    archive.backup(tmp_path / "with")
    archive.package(tmp_path / "with.zip", "archive")
    archive.package(tmp_path / "crate", "ro-crate")
    archive.backup(tmp_path / "gone")
    (tmp_path / "gone").rename(tmp_path / "moved")
    copies = archive.forget(document).copies
    assert {each.path.name for each in copies} == {"with", "with.zip", "crate", "gone"}


def test_graphs_of_users_that_name_it_are_told(archive: Archive) -> None:
    document = forgettable(archive)
    about = f"<m:s> <m:about> <{archive.iris.document(document)}> .".encode()
    archive.import_graph(about, "text/turtle", "https://mine.example/g")
    assert archive.forget(document).graphs == ("https://mine.example/g",)


def test_a_generation_that_is_read_is_told_and_goes_later(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leaving, "_LET_GO_SECONDS", 0.3)
    document = forgettable(archive)
    newest = Checkpoints(archive.folder / "store").newest()
    assert newest
    with lease(newest):
        assert archive.forget(document).generations == (newest,)
    other = put(archive, OTHER).document
    assert other
    with pytest.raises(UsageError, match="no document"):
        archive.forget(document)  # finishes what was cut short
    assert found_in(archive.folder, TELLING) == {}


def test_readers_that_are_idle_let_go_of_it(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "_IDLE_SECONDS", 0.2)
    put(archive, OTHER)
    document = forgettable(archive)

    async def serve_and_forget() -> tuple[Path, ...]:
        readers = pool.Pool(archive.publications)
        try:
            asked = pool.Query("ASK { ?s ?p ?o }", format="json")
            assert b"true" in (await readers.whole(asked)).body
            forgetting = asyncio.create_task(asyncio.to_thread(_forget, archive.folder, document))
            while not forgetting.done():
                await asyncio.sleep(0.1)
                await readers.let_go()
            assert b"true" in (await readers.whole(asked)).body
            return await forgetting
        finally:
            readers.close()

    assert asyncio.run(serve_and_forget()) == ()
    assert found_in(archive.folder, TELLING) == {}


def _forget(folder: Path, document: str) -> tuple[Path, ...]:
    with library.open_archive(folder) as other:
        return other.forget(document).generations


def test_a_forgetting_that_was_cut_short_is_finished(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(archive, OTHER)
    document = forgettable(archive)

    def full(_: Path) -> None:
        raise OSError("no space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(renewal, "swap", full)
        with pytest.raises(StoreError, match="no space"):
            archive.forget(document)
    with pytest.raises(UsageError, match="no document"):
        archive.forget(document)
    assert found_in(archive.folder, TELLING) == {}
    assert b"cold" in quads(archive)


@pytest.mark.parametrize("step", ["between", "after"])
def test_a_swap_that_was_cut_short_is_undone_or_finished(archive: Archive, step: str) -> None:
    put(archive, OTHER)
    before, store = quads(archive), archive.folder / "store"
    (store / "live").rename(store / "live.old")
    if step == "after":
        pyoxigraph.Store(str(store / "live")).flush()
        (store / "live.new").mkdir()
    with archive.writer():
        pass
    assert sorted(each.name for each in store.glob("live*")) == ["live"]
    if step == "between":
        assert quads(archive) == before


def test_nothing_is_forgotten_while_another_process_writes(archive: Archive) -> None:
    document = forgettable(archive)
    script = (
        "import sys; from testimonia.library import open_archive\n"
        "with open_archive(sys.argv[1]) as a, a.writer(): print('in', flush=True); input()"
    )
    writer = subprocess.Popen(
        [sys.executable, "-c", script, str(archive.folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=dict(os.environ),
    )
    try:
        assert writer.stdout
        assert writer.stdout.readline() == b"in\n"
        with pytest.raises(ArchiveLocked, match="in use by process"):
            archive.forget(document)
    finally:
        writer.communicate(b"\n", timeout=30)
    assert archive.record(document).state == "stored"
    with open_archive(archive.folder) as again:
        again.forget(document)
    assert found_in(archive.folder, TELLING) == {}
