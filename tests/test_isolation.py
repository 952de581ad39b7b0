from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import deadly
from testimonia.catalog import State
from testimonia.errors import ReadingError, SettingsError
from testimonia.ingest import Ingestion, Outcome, Result, Source
from testimonia.isolation import IsolatedReader
from testimonia.library import Archive
from testimonia.model import Metadata, Text
from testimonia.settings import Settings

MEMORY = 2**30


@pytest.fixture
def reader() -> Iterator[IsolatedReader]:
    with IsolatedReader(deadly.make, MEMORY) as opened:
        yield opened


def text(content: str) -> Text:
    return Text(content, Metadata(title="A", origins={"title": "user"}), "text/plain")


def test_a_reading_is_the_same_as_in_this_process(reader: IsolatedReader) -> None:
    given = text("Ada said it rained in Odense.")
    assert reader.extractor == "fake 1"
    assert reader.read(given) == deadly.make().read(given)


@pytest.mark.parametrize(("word", "why"), [("SEGV", "SIGSEGV"), ("KILL", "want of memory")])
def test_a_text_that_kills_the_process_twice_has_failed(
    reader: IsolatedReader, word: str, why: str
) -> None:
    with pytest.raises(ReadingError, match=f"ended the process twice.*{why}"):
        reader.read(text(f"{word} Ada said it rained."))
    assert reader.read(text("Ada said it rained.")).statements


def test_a_text_that_kills_it_once_is_read(reader: IsolatedReader, tmp_path: Path) -> None:
    assert reader.read(text(f"ONCE Ada said it rained. {tmp_path / 'seen'}")).statements


def test_too_much_memory_is_refused_and_the_next_is_read(reader: IsolatedReader) -> None:
    with pytest.raises(ReadingError, match=r"more than 1\.0 GB"):
        reader.read(text("HUGE Ada said it rained."))
    assert reader.read(text("Ada said it rained.")).statements


def test_what_the_extractor_raises_comes_through(reader: IsolatedReader) -> None:
    with pytest.raises(KeyError, match="bug"):
        reader.read(text("BUG Ada said it rained."))


def test_an_extractor_that_cannot_be_made_says_why() -> None:
    with pytest.raises(SettingsError, match="no such pipeline"):
        IsolatedReader(deadly.make_none, MEMORY)
    with pytest.raises(ReadingError, match=r"before it was ready.*exit code 7"):
        IsolatedReader(deadly.die, MEMORY)


def ingested(archive: Archive, reader: IsolatedReader, *contents: str) -> list[Outcome]:
    sources = [
        Source(f"{number}.txt", lambda c=content: (c.encode(), text(c)))  # type: ignore[misc]
        for number, content in enumerate(contents)
    ]
    with archive.writer() as writer:
        one = Ingestion(archive.catalog, writer, reader, Settings(), lambda _: [])
        return list(one.ingest(sources))


def test_a_deadly_document_is_recorded_as_failed_and_the_batch_goes_on(
    archive: Archive, reader: IsolatedReader
) -> None:
    outcomes = ingested(archive, reader, "KILL Ada said it rained.", "Bo said it snowed.")
    assert [each.result for each in outcomes] == [Result.FAILED, Result.STORED]
    (failed,) = archive.catalog.documents(State.FAILED)
    assert "want of memory" in (failed.report or "")
    assert archive.undone() == 0
