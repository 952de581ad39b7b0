"""What was read elsewhere and is not stored yet: kept in files, found again, let go."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

import pyarrow
import pytest

import deadly
from fakes import FakeReader, without_speakers
from testimonia import __version__
from testimonia.errors import SettingsError
from testimonia.ingest.cluster import node, shards
from testimonia.ingest.cluster.readers import Shelved
from testimonia.ingest.cluster.shards import Shelf, packed, unpacked
from testimonia.ingest.deriving import Derived, Task, derived, identify
from testimonia.ingest.line import Line, Place
from testimonia.iris import Iris
from testimonia.library import Archive
from testimonia.model import Metadata, Text
from testimonia.settings import Settings

IRIS = Iris("http://localhost:8000/")
ADA = "Ada said the harbour of Odense, “so long” open, is shut. Bo said so too."


def task(content: str = ADA, fingerprint: str = "one") -> Task:
    text = Text(content, Metadata(title="A", origins={"title": "user"}), "text/plain")
    return Task(identify(text), IRIS, fingerprint=fingerprint)


def found(content: str = ADA) -> Derived:
    return derived(task(content), FakeReader())


def test_a_shard_gives_back_what_was_derived() -> None:
    assert unpacked(packed(found())) == found()


def test_a_shard_of_what_does_not_conform_has_the_report_and_no_quads() -> None:
    refused = derived(task(), FakeReader(change=without_speakers))
    shard = packed(refused)
    assert refused.prepared is None
    assert unpacked(shard) == refused
    assert unpacked(shard).report


def test_the_quads_are_a_file_of_n_quads_by_itself(tmp_path: Path) -> None:
    (tmp_path / "shard.nq.zst").write_bytes(packed(found()).quads)
    with pyarrow.input_stream(str(tmp_path / "shard.nq.zst")) as stream:  # by its name
        quads = stream.read().decode()
    prepared = found().prepared
    assert prepared is not None
    assert quads == prepared.document + prepared.inferred
    assert all(line.endswith(" .") for line in quads.splitlines())


def test_what_is_put_is_found_and_what_is_dropped_is_not(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "shards")
    name = shelf.name(task())
    assert not shelf.find(name)
    assert shelf.names() == set()
    shelf.put(name, packed(found()))
    assert shelf.names() == {name}
    assert shelf.find(name)
    assert shelf.get(name) == found()
    shelf.drop(name)
    assert not shelf.find(name)
    shelf.tidy()
    assert not shelf.folder.exists()


def test_looking_leaves_alone_what_is_being_written(tmp_path: Path) -> None:
    shelf, name = Shelf(tmp_path), Shelf(tmp_path).name(task())
    shelf.put(name, packed(found()))
    half = tmp_path / "other-x.nq.zst.new"
    half.write_bytes(b"half")
    assert shelf.names() == {name}
    assert half.exists()
    shelf.keep_only({task().document.id})
    assert shelf.names() == {name}
    assert not half.exists()


@pytest.mark.parametrize("damage", [b"", b"\0" * 100, b"half"])
@pytest.mark.parametrize("suffix", [".nq.zst", ".rest.zst"])
def test_a_damaged_shard_is_none_and_goes(tmp_path: Path, damage: bytes, suffix: str) -> None:
    shelf, name = Shelf(tmp_path), Shelf(tmp_path).name(task())
    shelf.put(name, packed(found()))
    path = tmp_path / f"{name}{suffix}"
    path.write_bytes(path.read_bytes()[:50] if damage == b"half" else damage)
    assert not shelf.find(name)
    assert [*tmp_path.iterdir()] == []


def test_what_was_being_written_at_an_unclean_end_is_no_shard(tmp_path: Path) -> None:
    shelf, name = Shelf(tmp_path), Shelf(tmp_path).name(task())
    shelf.put(name, packed(found()))
    (tmp_path / f"{name}.nq.zst").rename(tmp_path / f"{name}.nq.zst.new")
    assert shelf.names() == set()
    assert not shelf.find(name)


def test_a_shard_is_found_by_all_that_it_follows_from(tmp_path: Path) -> None:
    shelf, name = Shelf(tmp_path), Shelf(tmp_path).name(task())
    assert shelf.name(task()) == name
    others = (
        task("Bo said so."),
        task(fingerprint="two"),
        replace(task(), max_triples=9),
        replace(task(), iris=Iris("https://archive.example/")),
    )
    assert len({name, *map(shelf.name, others)}) == 5


def test_what_nobody_waits_for_goes(tmp_path: Path) -> None:
    shelf, other = Shelf(tmp_path / "shards"), task("Bo said so.")
    for each in (task(), task(fingerprint="two"), other):
        shelf.put(shelf.name(each), packed(found()))
    shelf.keep_only({other.document.id})
    assert shelf.names() == {shelf.name(other)}
    shelf.keep_only(())
    assert not shelf.folder.exists()


def test_what_waits_on_the_shelf_is_taken_from_there_when_it_is_asked_for(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    waiting = Shelved(shelf, shelf.name(task()))
    assert not waiting.done()
    shelf.put(waiting.name, packed(found()))
    waiting.arrived()
    assert waiting.done()
    assert waiting.result() == found()


def test_forgetting_a_document_takes_its_shards(archive: Archive, tmp_path: Path) -> None:
    text = Text(ADA, Metadata(title="A"), "text/plain")
    archive.catalog.keep(ADA.encode(), identify(text), "a.txt")
    shelf = Shelf(archive.folder / shards.FOLDER)
    other = task("Bo said so.")
    shelf.put(shelf.name(task()), packed(found()))
    shelf.put(shelf.name(other), packed(found()))
    archive.forget(identify(text).id)
    assert shelf.names() == {shelf.name(other)}


# ------------------------------------------------------------------------ what nodes answer


def given(reading: node.Reading) -> bytes:
    return pickle.dumps(reading)


def test_a_node_reads_only_as_it_is_asked_to() -> None:
    right = node.Reading(deadly.make, deadly.name, "fake 1", 2**30)
    assert node.refusal(given(right)) == ""
    older = replace(right, version="0.0.1")
    assert f"Testimonia is {__version__} there, and 0.0.1 here" in node.refusal(given(older))
    other = replace(right, extractor="fake 3")
    assert "it would read with fake 1, and here it is fake 3" in node.refusal(given(other))
    broken = replace(right, name=deadly.make_none)  # type: ignore[arg-type]
    assert "there is no such pipeline" in node.refusal(given(broken))
    rows = [*node.read(given(other), [(4, b"")])]
    assert [(row["number"], bool(row["refused"]), row["quads"]) for row in rows] == [(4, True, b"")]


# ------------------------------------------------------------------------------- the line


def test_a_line_takes_in_as_much_text_as_its_readers_say() -> None:
    def step(_: Line) -> Place:
        return Place("a", task=task("x" * 100))

    few, many = Line(iter([step] * 9), 99, 250), Line(iter([step] * 9), 99, 10_000)
    for line in (few, many):
        line.draw()
    assert len(few.enter()) == 3
    assert len(many.enter()) == 9


def test_long_texts_leave_a_line_few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Their quads are loaded together, which takes memory; and nobody waits for more of them."""

    def wait(*_: object) -> bool:
        pytest.fail("there is nothing to wait for")

    monkeypatch.setattr("testimonia.ingest.line._await", wait)
    long = replace(task("Ada said so. " * 2500), fingerprint="long")

    def step(_: Line) -> Place:
        return Place("a", task=long)  # what is to be waited for is known already

    line = Line(iter([step] * 9), 9, 10**9)
    line.draw()
    line.enter()
    left = []
    while line.goes_on():
        left.append(len(line.leave()))
        line.draw()
    assert left == [2, 2, 2, 2, 1]


# ---------------------------------------------------------------------------- the settings


@pytest.mark.parametrize("address", ["ray://head:10001", "head", "head:", ":6379", "a b:1", "/x:1"])
def test_what_is_no_address_is_told_at_once(address: str) -> None:
    with pytest.raises(SettingsError, match="name HOST:PORT"):
        Settings(ray=address)


@pytest.mark.parametrize("address", ["local", "auto", "head:6379", "10.0.0.1:6379", "[::1]:6379"])
def test_addresses(address: str) -> None:
    assert Settings(ray=address).digest == Settings().digest


def test_what_a_cluster_cannot_do_is_told_at_once() -> None:
    with pytest.raises(SettingsError, match="--ray is for our own"):
        Settings(ray="local", reader="command:cat")
    with pytest.raises(SettingsError, match="a cluster reads on all its cores"):
        Settings(ray="head:6379", workers=2)
    assert Settings(ray="local", workers=2).workers == 2


def test_without_ray_the_message_names_the_extra(tmp_path: Path) -> None:
    program = (
        "import sys; sys.modules['ray'] = None\n"
        "sys.argv = ['testimonia', 'ingest', '--ray', 'local', 'a.txt']\n"
        "from testimonia.cli import main; main()"
    )
    (tmp_path / "a.txt").write_text(ADA, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 2, done.stderr
    assert "testimonia: --ray needs the extra: pip install 'testimonia[ray]'" in done.stderr
    assert "Traceback" not in done.stderr


def test_only_processes_that_are_the_same_have_the_same_name() -> None:
    assert partial(deadly.name_in, os.getpid())() == "fake 1"
    assert deadly.name_in(0) == "fake 2"
