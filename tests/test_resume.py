"""What was interrupted is gone on with; what the clock and the rights do meanwhile."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from fakes import FakeReader
from testimonia import library, planning
from testimonia.catalog import State
from testimonia.errors import StoreError
from testimonia.ingest import Result, ingestion
from testimonia.library import Archive, readers
from testimonia.mapping import run_triples
from testimonia.model import Text
from testimonia.planning import Anew
from testimonia.sources import Options, addresses, documents_in, standard_input
from testimonia.store.embedded import EmbeddedWriter
from testimonia.vocabulary import PROV

NAMES = ("Ada", "Bo", "Cy", "Dee")


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    folder = tmp_path / "texts"
    folder.mkdir()
    for name in NAMES:
        (folder / f"{name}.txt").write_text(f"{name} said it rained in the town of {name}.")
    return folder


@pytest.fixture(autouse=True)
def reader(monkeypatch: pytest.MonkeyPatch) -> FakeReader:
    """What archives read with here."""
    fake = FakeReader()

    @contextmanager
    def extractor(*_: object) -> Iterator[FakeReader]:
        yield fake

    monkeypatch.setattr(readers, "open_readers", extractor)
    return fake


def quads(archive: Archive) -> list[bytes]:
    output = io.BytesIO()
    archive.export(output, "nquads")
    runs = archive.iris.runs_graph.encode()
    return [line for line in output.getvalue().splitlines() if runs not in line]


def test_a_batch_that_is_left_is_gone_on_with(
    archive: Archive, texts: Path, tmp_path: Path
) -> None:
    outcomes = archive.ingest([texts], stated={"publisher": "The Gazette"})
    assert next(outcomes).result is Result.STORED
    outcomes.close()
    assert archive.undone() == 3
    assert [each.result for each in archive.resume()] == [Result.STORED] * 3
    assert archive.undone() == 0
    assert {each.metadata.publisher for each in archive.catalog.documents()} == {"The Gazette"}
    assert list(archive.resume()) == []
    with library.open_archive(tmp_path / "other", create=True) as other:
        list(other.ingest([texts], stated={"publisher": "The Gazette"}))
        assert quads(other) == quads(archive)


def test_what_is_recorded_and_not_stored_comes_first(archive: Archive, texts: Path) -> None:
    list(archive.ingest([texts]))
    second = list(archive.catalog.documents())[1]
    archive.catalog.mark_undone(second.id)
    (outcome,) = archive.resume()
    assert (outcome.document, outcome.result) == (second.id, Result.STORED)


def test_what_is_recorded_and_still_planned_is_undone_once(archive: Archive, texts: Path) -> None:
    outcomes = archive.ingest([texts / "Ada.txt"])
    next(outcomes)
    outcomes.close()
    (ada,) = archive.catalog.documents()
    archive.catalog.mark_undone(ada.id)
    assert archive.undone() == 1
    archive.catalog.plan([texts / "Ada.txt", texts / "Bo.txt"], {"stated": {}, "force_language": 0})
    assert archive.undone() == 2


def test_ingesting_the_same_again_makes_up_for_what_was_left(archive: Archive, texts: Path) -> None:
    archive.ingest([texts]).close()
    outcomes = archive.ingest([texts])
    next(outcomes)
    outcomes.close()
    list(archive.ingest([texts]))
    assert archive.undone() == 0
    assert archive.catalog.plans() == []


def test_a_source_that_has_gone_meanwhile_fails(archive: Archive, texts: Path) -> None:
    outcomes = archive.ingest([texts])
    next(outcomes)
    outcomes.close()
    (texts / "Bo.txt").unlink()
    results = [each.result for each in archive.resume()]
    assert results == [Result.FAILED, Result.STORED, Result.STORED]
    assert archive.undone() == 0


def test_rights_that_are_taken_in_mid_run_fail_one_document(
    archive: Archive, texts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = Path.open

    def refuse(path: Path, *rest: Any, **named: Any) -> Any:
        if path.name == "Bo.txt":
            raise PermissionError(13, "Permission denied")
        return inner(path, *rest, **named)

    monkeypatch.setattr(Path, "open", refuse)
    outcomes = list(archive.ingest([texts]))
    assert [each.result for each in outcomes].count(Result.STORED) == 3
    assert "no permission" in outcomes[1].message


def test_an_archive_that_may_not_be_written_in_mid_run_says_so_and_goes_on_after(
    archive: Archive, texts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from testimonia.catalog import originals

    outcomes = archive.ingest([texts])
    next(outcomes)

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(originals, "_write", refuse)
    with pytest.raises(StoreError, match=r"Permission denied.*ingest --resume"):
        next(outcomes)
    monkeypatch.undo()
    assert len(list(archive.catalog.documents(State.STORED))) == 1
    assert archive.undone() == 3


def test_a_clock_that_is_put_back_harms_nothing(
    archive: Archive, texts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = iter(f"20{year}-01-01T00:00:00.000000Z" for year in range(99, 0, -1))
    monkeypatch.setattr(ingestion, "_now", lambda: next(times))
    list(archive.ingest([texts / "Ada.txt"]))
    monkeypatch.setattr(ingestion, "_now", lambda: "2001-01-01T00:00:00.000000Z")
    list(archive.ingest([texts / "Bo.txt"]))
    list(archive.ingest([texts / "Cy.txt"]))
    assert len(list(archive.catalog.documents(State.STORED))) == 3
    rows = archive.catalog._db.execute("SELECT started, ended FROM run").fetchall()
    assert len(rows) == 3
    assert all(ended >= started for started, ended in rows)


def test_what_was_marked_last_is_compared_after_an_unclean_stop(
    archive: Archive, texts: Path
) -> None:
    """A graph that is there and not whole: a disk said that it was written."""
    list(archive.ingest([texts]))
    record = next(archive.catalog.documents())
    kept = {record.id: record.fingerprint}
    with archive.writer() as writer:
        graph = archive.iris.document_graph(record.id)
        cut = frozenset(sorted(writer.graph(graph))[1:])
        writer.replace({graph: cut})
        archive.catalog.mark_stored(kept, record.run or "", {record.id: record.graph_digest})
        archive._settle(writer)
    assert [each.id for each in archive.catalog.documents(State.RECORDED)] == [record.id]
    before = [each.id for each in archive.catalog.documents(State.STORED)]
    (outcome,) = archive.resume()
    assert (outcome.document, outcome.result) == (record.id, Result.STORED)
    assert len(before) == 3


def test_after_a_clean_end_there_is_nothing_to_compare(archive: Archive, texts: Path) -> None:
    list(archive.ingest([texts]))
    assert archive.catalog.marked_last() == []
    assert archive.catalog.cut_short() == []


def test_a_run_that_was_cut_short_is_noted_and_described(
    archive: Archive, texts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcomes = archive.ingest([texts])
    next(outcomes)
    with monkeypatch.context() as patched:
        patched.setattr(ingestion.Ingestion, "_finish", lambda self: self._flush())
        outcomes.close()
    (run,) = archive.catalog.cut_short()
    with archive.writer() as writer:
        archive._settle(writer)
        described = writer.graph(archive.iris.runs_graph)
    assert run_triples(archive.iris, run) <= described
    assert not any(predicate == PROV.endedAtTime for _, predicate, _ in described)
    assert archive.catalog.cut_short() == []


def test_a_store_that_fails_marks_nothing(
    archive: Archive, texts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StoreError("the store could not be written: No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(EmbeddedWriter, "put_documents", full)
        with pytest.raises(StoreError, match="No space left"):
            list(archive.ingest([texts]))
    assert list(archive.catalog.documents(State.STORED)) == []
    assert archive.undone() == 4  # the recorded one is planned, too
    assert [each.result for each in archive.resume()].count(Result.STORED) == 4


def test_a_text_that_a_reader_cannot_read_is_not_undone_for_ever(
    archive: Archive, texts: Path, reader: FakeReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    from testimonia.errors import ReadingError

    inner = reader.read

    def read(text: Text) -> object:
        if "Cy" in text.content:
            raise ReadingError("a span lies outside the text")
        return inner(text)

    monkeypatch.setattr(reader, "read", read)
    list(archive.ingest([texts]))
    (failed,) = archive.catalog.documents(State.FAILED)
    assert "a span lies outside" in (failed.report or "")
    assert archive.undone() == 0
    monkeypatch.undo()
    monkeypatch.setattr(readers, "open_readers", _extractor(reader))
    (outcome,) = archive.ingest([texts / "Cy.txt"])
    assert outcome.result is Result.STORED


def _extractor(fake: FakeReader) -> object:
    @contextmanager
    def extractor(*_: object) -> Iterator[FakeReader]:
        yield fake

    return extractor


def test_names_that_are_no_characters_are_kept_spelt_out(archive: Archive, tmp_path: Path) -> None:
    file = tmp_path / "letter\udcff\nof Ada.txt"
    file.write_text("Ada said it rained.")
    (outcome,) = archive.ingest([file])
    assert outcome.result is Result.STORED
    (record,) = archive.catalog.documents()
    assert record.name.endswith("letter\\udcff\nof Ada.txt")


def test_what_is_whole_is_not_done_again(archive: Archive, texts: Path) -> None:
    list(archive.ingest([texts]))
    records = list(archive.catalog.documents())
    digests = {each.id: each.graph_digest for each in records}
    kept = {each.id: each.fingerprint for each in records}
    archive.catalog.mark_stored(kept, records[0].run or "", digests)
    with archive.writer() as writer:
        archive._settle(writer)
    assert list(archive.catalog.documents(State.STORED)) == records


class _Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = f"{self.path.strip('/')} said it rained in the town.".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Page) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def test_addresses_are_gone_on_with_and_standard_input_is_not(
    archive: Archive, texts: Path, site: str
) -> None:
    pages = addresses([site + name for name in ("Eve", "Finn")], [site])
    piped = standard_input(io.BytesIO(b"Gro said it rained in the town."), "note")
    outcomes = archive.ingest(
        [texts / "Ada.txt", *pages, piped], stated={"publisher": "The Gazette"}
    )
    next(outcomes)
    outcomes.close()
    assert archive.undone() == 2
    assert [each.name for each in archive.resume()] == [site + "Eve", site + "Finn"]
    assert archive.undone() == 0
    stored = {each.name: each.metadata for each in archive.catalog.documents()}
    assert stored[site + "Eve"].source == site + "Eve"
    assert stored[site + "Eve"].publisher == "The Gazette"
    assert "note" not in stored


@pytest.mark.parametrize(
    ("anew", "expected"),
    [(None, (True, 7.0)), (Anew(ocr=False), (False, 7.0)), (Anew(None, 9.0), (True, 9.0))],
)
def test_what_was_read_by_ocr_is_gone_on_with_so_unless_said_anew(
    archive: Archive,
    texts: Path,
    monkeypatch: pytest.MonkeyPatch,
    anew: Anew | None,
    expected: tuple[bool, float],
) -> None:
    seen: list[tuple[bool, float]] = []
    inner = documents_in

    def watched(source: Any, **named: Any) -> Any:
        seen.append((named["options"].ocr, named["options"].ocr_seconds))
        return inner(source, **named)

    monkeypatch.setattr(planning, "documents_in", watched)
    outcomes = archive.ingest([texts], options=Options(ocr=True, ocr_seconds=7.0))
    next(outcomes)
    outcomes.close()
    seen.clear()
    list(archive.resume(anew))
    assert set(seen) == {expected}
