"""Invented documents, put into an archive by the fake extractor."""

from __future__ import annotations

from fakes import FakeReader
from testimonia.ingest import Ingestion, Outcome, Result, Source
from testimonia.library import Archive
from testimonia.model import Metadata, Text

ICE = 'Ada said "the ice is thick".\nNobody wondered. Bo said Odense is cold.'
RAIN = "Cy said rain fell on Odense; nobody went out."


def put(archive: Archive, content: str, name: str = "a.txt", **stated: object) -> Outcome:
    """One document into an archive, in a run of its own."""
    text = Text(content, Metadata(**stated), "text/plain")  # type: ignore[arg-type]
    with archive.writer() as writer:
        one = Ingestion(archive.catalog, writer, FakeReader(), archive.settings, lambda _: [])
        (outcome,) = one.ingest([Source(name, lambda: (content.encode(), text))])
    assert outcome.result is Result.STORED, outcome
    return outcome
