"""The sentence of the project, with a fake extractor and everything else real."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from fakes import DENMARK, FakeReader, without_speakers
from testimonia import iris as iris_module
from testimonia.catalog import State
from testimonia.ingest import Ingestion, Outcome, Result, Source
from testimonia.library import Archive
from testimonia.model import Metadata, Text
from testimonia.settings import Settings
from testimonia.store import Writer
from testimonia.store.reading_view import reading_view

ADA = "Ada said it rained in Odense. Bo said so too."
CY = "Cy said the harbour of Odense is shut."


def source(content: str, name: str = "a.txt", **stated: object) -> Source:
    text = Text(content, Metadata(**stated), "text/plain", "utf-8")  # type: ignore[arg-type]
    return Source(name, lambda: (content.encode(), text))


@contextmanager
def ingestion(
    archive: Archive, reader: FakeReader | None = None, settings: Settings | None = None
) -> Iterator[Ingestion]:
    with archive.writer() as writer:
        yield Ingestion(
            *(archive.catalog, writer, reader or FakeReader(), settings or Settings()),
            around=lambda _: [DENMARK],
        )


def run(archive: Archive, *sources: Source, reader: FakeReader | None = None) -> list[Outcome]:
    with ingestion(archive, reader) as each:
        return list(each.ingest(sources))


def exported(archive: Archive) -> bytes:
    output = io.BytesIO()
    archive.export(output, "nquads")
    return output.getvalue()


def without_runs(archive: Archive) -> list[bytes]:
    graph = archive.iris.runs_graph.encode()
    return [line for line in exported(archive).splitlines() if graph not in line]


def assert_view_is_image(archive: Archive) -> None:
    with archive.view() as view:
        graphs = {name: view.graph(name) for name in view.graphs()}
        assert view.graph("") == reading_view(graphs, archive.iris)


def test_a_document_is_stored_and_marked(archive: Archive) -> None:
    (outcome,) = run(archive, source(ADA))
    assert (outcome.result, outcome.statements) == (Result.STORED, 2)
    (record,) = archive.catalog.documents(State.STORED)
    assert record.id == outcome.document
    with archive.view() as view:
        assert archive.iris.document_graph(record.id) in view.graphs()


def test_ingesting_twice_changes_nothing(archive: Archive) -> None:
    run(archive, source(ADA))
    before = exported(archive)
    (again,) = run(archive, source(ADA, name="copy.txt"))
    assert again.result is Result.UNCHANGED
    assert exported(archive) == before


def test_two_archives_of_one_source_are_equal(archive: Archive, tmp_path: Path) -> None:
    from testimonia.library import open_archive

    run(archive, source(ADA), source(CY, "b.txt"))
    with open_archive(tmp_path / "other", create=True) as other:
        run(other, source(CY, "y.txt"), source(ADA, "x.txt"))
        assert without_runs(other) == without_runs(archive)


def test_the_view_is_the_image_through_adding_replacing_removing(archive: Archive) -> None:
    first, _ = run(archive, source(ADA), source(CY, "b.txt"))
    assert_view_is_image(archive)
    run(archive, source(ADA), reader=FakeReader("fake 2"))
    assert_view_is_image(archive)
    assert first.document is not None
    archive.remove(first.document)
    assert_view_is_image(archive)
    with archive.view() as view:
        labels = {triple[2] for triple in view.graph("") if "label" in triple[1]}
    assert '"Odense"' in labels
    assert '"Ada"' not in labels


def test_removing_all_leaves_nothing_of_documents(archive: Archive) -> None:
    with archive.writer():
        pass
    before = without_runs(archive)
    for outcome in run(archive, source(ADA), source(CY, "b.txt")):
        assert outcome.document is not None
        archive.remove(outcome.document)
    assert without_runs(archive) == before


def test_a_removed_document_can_come_back(archive: Archive) -> None:
    (outcome,) = run(archive, source(ADA))
    before = without_runs(archive)
    archive.remove(outcome.document or "")
    (again,) = run(archive, source(ADA))
    assert again.result is Result.STORED
    assert without_runs(archive) == before


def test_what_does_not_conform_is_not_stored_and_the_next_goes_on(archive: Archive) -> None:
    bad = FakeReader(change=without_speakers)
    (rejected,) = run(archive, source(ADA), reader=bad)
    assert rejected.result is Result.REJECTED
    assert "speaker" in rejected.message
    (record,) = archive.catalog.documents(State.REJECTED)
    assert record.report
    with archive.view() as view:
        assert archive.iris.document_graph(record.id) not in view.graphs()
    (fine,) = run(archive, source(CY, "b.txt"))
    assert fine.result is Result.STORED


def test_a_rejected_new_version_leaves_the_old_graph(archive: Archive) -> None:
    run(archive, source(ADA))
    before = without_runs(archive)
    (outcome,) = run(archive, source(ADA), reader=FakeReader("fake 2", change=without_speakers))
    assert outcome.result is Result.REJECTED
    assert without_runs(archive) == before


def test_a_source_that_cannot_be_read_does_not_stop_the_batch(archive: Archive) -> None:
    from testimonia.errors import EmptySource

    def fail() -> tuple[bytes, Text]:
        raise EmptySource("empty.txt is empty; give a file with text in it")

    outcomes = run(archive, Source("empty.txt", fail), source(ADA))
    assert [each.result for each in outcomes] == [Result.FAILED, Result.STORED]
    assert "empty.txt is empty" in outcomes[0].message


@pytest.mark.parametrize("bug", [KeyError, TypeError, AttributeError, RecursionError])
def test_a_bug_in_the_extractor_fails_one_document_only(
    archive: Archive, caplog: pytest.LogCaptureFixture, bug: type[Exception]
) -> None:
    class Buggy(FakeReader):
        def read(self, text: Text):  # type: ignore[no-untyped-def]
            if "Cy" in text.content:
                raise bug("cy")
            return super().read(text)

    outcomes = run(archive, source(CY, "b.txt"), source(ADA), reader=Buggy())
    assert [each.result for each in outcomes] == [Result.FAILED, Result.STORED]
    assert "please report" in outcomes[0].message
    assert caplog.records


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        (Settings(max_characters=40), "a.txt has 45 characters; one document may have 40: split"),
        (Settings(max_triples=20), "triples, and one document may have 20: split it"),
    ],
)
def test_a_document_too_large_for_memory_is_refused_and_the_next_goes_on(
    archive: Archive, settings: Settings, told: str
) -> None:
    with ingestion(archive, settings=settings) as each:
        large, small = each.ingest([source(ADA), source("Rain.", "b.txt")])
    assert large.result is Result.FAILED
    assert told in large.message
    assert large.message.startswith("a.txt")
    assert small.result is Result.STORED


def test_corrected_metadata_give_a_new_graph(archive: Archive) -> None:
    (first,) = run(archive, source(ADA))
    (second,) = run(archive, source(ADA, issued="2025-12-12"))
    assert second.result is Result.STORED
    assert second.document == first.document
    assert any(b'"2025-12-12"' in line for line in without_runs(archive))


def test_a_rebuild_from_the_record_gives_the_same_graphs(archive: Archive) -> None:
    run(archive, source(ADA, title="Weather", creator=("Dee",)), source(CY, "b.txt"))
    before = without_runs(archive)
    with ingestion(archive) as each:
        outcomes = list(each.rederive(archive.catalog.documents(), force=True))
    assert [outcome.result for outcome in outcomes] == [Result.STORED] * 2
    assert without_runs(archive) == before


def test_documents_are_marked_only_after_a_flush(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The order of effects: bytes and record, then graphs, then flush, then the mark."""
    order: list[str] = []
    with ingestion(archive) as each:
        watch(monkeypatch, each.writer, "put_documents", order)
        watch(monkeypatch, each.writer, "flush", order)
        watch(monkeypatch, each.catalog, "keep", order)
        watch(monkeypatch, each.catalog, "mark_stored", order)
        assert len(list(each.ingest([source(ADA)]))) == 1
    relevant = order[: order.index("mark_stored") + 1]
    assert relevant == ["keep", "put_documents", "flush", "mark_stored"]


def watch(
    monkeypatch: pytest.MonkeyPatch, thing: Writer | object, name: str, order: list[str]
) -> None:
    inner = getattr(thing, name)

    def outer(*args: object, **kwargs: object) -> object:
        order.append(name)
        return inner(*args, **kwargs)

    monkeypatch.setattr(thing, name, outer)


def test_a_stored_document_whose_graph_is_missing_is_done_again(archive: Archive) -> None:
    """After a power cut the record may be ahead of the store; the next ingestion finds out."""
    (outcome,) = run(archive, source(ADA))
    with archive.writer() as writer:
        writer.remove_document(outcome.document or "")
        archive._settle(writer)
    (again,) = run(archive, source(ADA))
    assert again.result is Result.STORED


def test_every_emitted_term_is_as_the_store_gives_it_back(archive: Archive) -> None:
    from testimonia.ingest import derive, identify
    from testimonia.rdf import as_stored

    text = source(ADA, issued="2025-12", creator=("Dee",), publisher="Gazette").load()[1]
    derived = derive(identify(text), FakeReader(), iris_module.Iris("http://localhost:8000/"))
    assert derived.report.conforms, derived.report.text
    terms = {term for triple in derived.graph | derived.inferred for term in triple}
    assert {term for term in terms if as_stored(term) != term} == set()
