"""Many documents at once: the graph is the one that the usual way makes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from benchmarks.scale.extractor import Synthetic

from test_ingest import assert_view_is_image, without_runs
from testimonia.catalog import State
from testimonia.errors import ArchiveError
from testimonia.ingest import Bulk, BulkIngestion, Ingestion, Outcome, Result, Source, completed
from testimonia.library import Archive, open_archive, open_gazetteer
from testimonia.settings import Settings

DOCUMENTS = 30
SYNTHETIC = Synthetic(5, 6)


def sources() -> list[Source]:
    """Documents of few stories, and one printed twice."""
    found = list(SYNTHETIC.sources(0, DOCUMENTS))
    data, text = found[3].load()
    again = replace(text, metadata=replace(text.metadata, publisher="Evening Gazette", source="e"))
    return [*found, Source("again.txt", lambda: (data, again))]


@contextmanager
def ingestion(archive: Archive, *, bulk: bool, relations: bool = True) -> Iterator[Ingestion]:
    gazetteer = open_gazetteer()
    with archive.writer() as writer:
        made = (BulkIngestion if bulk else Ingestion)(
            *(archive.catalog, writer, SYNTHETIC, Settings()),
            lambda entry: filter(None, map(gazetteer.entry, entry.within)),
        )
        with completed(made, Bulk(archive.folder, relations)):
            yield made


def ingested(archive: Archive, given: Sequence[Source], **how: bool) -> list[Outcome]:
    with ingestion(archive, **how) as made:
        return list(made.ingest(given))


def interrupted(archive: Archive, given: Sequence[Source], *, after: int) -> None:
    with ingestion(archive, bulk=True) as made:
        outcomes = made.ingest(given)
        for _ in range(after):
            next(outcomes)
        raise KeyboardInterrupt


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with open_archive(tmp_path_factory.mktemp("usual") / "archive", create=True) as archive:
        ingested(archive, sources(), bulk=False)
        yield archive


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with open_archive(tmp_path / "archive", create=True) as made:
        yield made


def test_the_graph_is_that_of_the_usual_way(archive: Archive, usual: Archive) -> None:
    outcomes = ingested(archive, sources(), bulk=True)
    assert {each.result for each in outcomes} == {Result.STORED}
    assert without_runs(archive) == without_runs(usual)
    assert_view_is_image(archive)
    states = {each.state for each in archive.catalog.documents()}
    assert states == {State.STORED}


def test_what_is_left_out_without_relations_is_relations(archive: Archive, usual: Archive) -> None:
    ingested(archive, sources(), bulk=True, relations=False)
    assert_view_is_image(archive)
    with archive.view() as view, usual.view() as other:
        iris = archive.iris
        for record in archive.catalog.documents():
            graph = iris.document_graph(record.id)
            assert view.graph(graph) == other.graph(graph)
        kept, all_ = view.graph(iris.relations_graph), other.graph(iris.relations_graph)
        assert kept < all_
        assert all("sharesTextWith" in predicate for _, predicate, _ in kept)
        assert kept


def test_words_and_names_are_found(archive: Archive, usual: Archive) -> None:
    from testimonia.candidates import ENTITIES, open_index
    from testimonia.candidates.retrieval import count

    ingested(archive, sources(), bulk=True)
    counts = []
    for each in (archive, usual):
        index = open_index(each.folder / "store", ENTITIES)
        assert index is not None
        counts.append(count(index, ""))
        index.close()
    assert counts[0] == counts[1] > DOCUMENTS


def test_a_document_comes_and_goes_after_it_as_ever(archive: Archive, usual: Archive) -> None:
    given = sources()
    ingested(archive, given[:20], bulk=True)
    ingested(archive, given[20:], bulk=False)
    assert without_runs(archive) == without_runs(usual)
    ingested(archive, [*SYNTHETIC.sources(DOCUMENTS, DOCUMENTS + 1)], bulk=False)
    (*_, last) = archive.catalog.documents()
    archive.remove(last.id)
    assert_view_is_image(archive)


def test_it_is_for_a_store_without_documents(archive: Archive) -> None:
    ingested(archive, sources()[:4], bulk=True)
    before = without_runs(archive)
    with pytest.raises(ArchiveError, match="leave out --bulk"):
        ingested(archive, sources()[4:6], bulk=True)
    assert without_runs(archive) == before


def test_what_is_cut_short_is_in_the_record_and_goes_on(archive: Archive, usual: Archive) -> None:
    given = sources()
    with pytest.raises(KeyboardInterrupt):
        interrupted(archive, given, after=12)
    assert not (archive.folder / "spool").exists()
    recorded = list(archive.catalog.documents(State.RECORDED))
    assert len(recorded) >= 12
    with ingestion(archive, bulk=True) as made:
        list(made.rederive(recorded))
        list(made.ingest(given))
    assert without_runs(archive) == without_runs(usual)
