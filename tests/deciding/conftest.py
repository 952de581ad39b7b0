"""An archive whose documents a scripted reader reads, which can be exchanged for another."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from fakes import DENMARK, FakeReader
from judged import OTHER, SPRINGFIELD, TEXT, reading
from testimonia.ingest import Ingestion, Outcome, Source
from testimonia.library import Archive, readers
from testimonia.model import GazetteerEntry, Metadata, Reading, Text


class Places:
    """A gazetteer that knows three places."""

    version = "none"
    licence = "none"

    def entry(self, place: str) -> GazetteerEntry | None:
        known = {each.id: each for each in (SPRINGFIELD, OTHER, DENMARK)}
        return known.get(place)


@dataclass
class Scripted:
    """Knows the text of ``judged``; reads everything else as ``FakeReader`` does."""

    extractor: str = "judged 1"
    fake: FakeReader = field(default_factory=FakeReader)

    def read(self, text: Text) -> Reading:
        return reading() if text.content == TEXT else self.fake.read(text)


@dataclass
class Desk:
    """An archive with the reader that it has just now."""

    archive: Archive
    reader: Scripted = field(default_factory=Scripted)

    def put(self, content: str = TEXT, name: str = "a.txt", **stated: object) -> str:
        """A document; its id."""
        text = Text(content, Metadata(**stated), "text/plain")  # type: ignore[arg-type]
        with self.archive.writer() as writer:
            ingestion = Ingestion(
                self.archive.catalog, writer, self.reader, self.archive.settings, lambda _: []
            )
            (outcome,) = ingestion.ingest([Source(name, lambda: (content.encode(), text))])
        assert outcome.result == "stored", outcome
        assert outcome.document is not None
        return outcome.document

    def rebuild(self, *, changed: bool = True) -> list[Outcome]:
        """What the archive's own rebuild does."""
        return list(self.archive.rebuild(changed=changed))

    def ask(self, query: str) -> list[tuple[str, ...]]:
        """The rows of an answer, sorted."""
        body = self.archive.query(query, format="tsv").body.decode()
        return sorted(tuple(line.split("\t")) for line in body.splitlines()[1:])

    def speaker(self, content: str) -> str:
        """Who says something."""
        ((found,),) = self.ask(
            f"""SELECT ?l {{ ?s tst:content ?c ; tst:speaker/rdfs:label ?l
                FILTER(STR(?c) = "{content}") }}"""
        )
        return found.strip('"')

    def statement(self, content: str) -> str:
        """The path of a statement."""
        ((found,),) = self.ask(f'SELECT ?s {{ ?s tst:content ?c FILTER(STR(?c) = "{content}") }}')
        return found.strip("<>").removeprefix(self.archive.iris.base_iri)

    def entity(self, label: str, document: str | None = None) -> str:
        """The path of an actor or a place; of several of one name that of a document's."""
        where = (
            f"?local tst:sameEntity ?x FILTER(CONTAINS(STR(?local), '{document}/'))"
            if document
            else ""
        )
        graph = f"<{self.archive.iris.entities_graph}>"
        rows = self.ask(
            f'SELECT DISTINCT ?x {{ GRAPH {graph} {{ ?x rdfs:label "{label}" . {where} }} }}'
        )
        ((found,),) = rows
        return found.strip("<>").removeprefix(self.archive.iris.base_iri)


@pytest.fixture
def desk(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk with an empty archive on it."""
    made = Desk(archive)

    @contextmanager
    def extractor(*_: object) -> Iterator[Scripted]:
        yield made.reader

    monkeypatch.setattr(readers, "open_readers", extractor)
    monkeypatch.setattr(Archive, "_gazetteer", Places())
    monkeypatch.setattr(Archive, "_gazetteer_facts", lambda _: frozenset())
    return made
