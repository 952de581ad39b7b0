"""One archive as the pages see it: its answers, its texts, its things."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath

from testimonia.catalog import Record, State
from testimonia.library import Archive
from testimonia.model import Document
from testimonia.web import pages_queries as queries
from testimonia.web.answers import Answers, Evaluates, Value
from testimonia.web.things import Thing, Things


class Site:
    """What page handlers share. Everything here blocks: call it in a thread."""

    def __init__(self, archive: Archive, evaluator: Evaluates) -> None:
        self.archive = archive
        self.iris = archive.iris
        self.evaluator = evaluator
        self.answers = Answers(evaluator, archive.iris)

    def things(self, iris: Iterable[str]) -> Things:
        """Labels of these, asked for at once."""
        whole = {self._whole(iri) for iri in iris}
        return Things(self.iris, self.answers.labels(whole), self.untitled)

    def thing(self, iri: str) -> Thing:
        """One of them."""
        return self.things([iri]).of(iri)

    def record(self, id_: str) -> Record | None:
        """The record of a document."""
        return self.archive.catalog.document(id_)

    def rejected(self) -> list[Record]:
        """The documents whose graphs did not conform."""
        return list(self.archive.catalog.documents(State.REJECTED))

    def text(self, record: Record) -> Document:
        """A document with its frozen text."""
        return self.archive.catalog.text(record)

    def untitled(self, id_: str) -> str:
        """What to call a document without a title: its file's name."""
        record = self.record(id_)
        return PurePath(record.name).name if record and record.name else "untitled document"

    def page_of(self, query: str, variable: str = "x") -> list[str]:
        """The IRIs that a query gives, in its order, each once."""
        rows = self.answers.select(query)
        return list(dict.fromkeys(row[variable].text for row in rows if variable in row))

    def counted(self, query: str) -> list[tuple[Thing, int]]:
        """Things with the number ``?n`` that a query gives for each."""
        rows = [row for row in self.answers.select(query) if "x" in row]
        things = self.things(row["x"].text for row in rows)
        return [(things.of(row["x"].text), int(row["n"].text)) for row in rows]

    def exists(self, iri: str, class_: str) -> bool:
        """Whether the graph has a thing of this class."""
        return bool(self.answers.select(queries.exists(iri, class_)))

    def _whole(self, iri: str) -> str:
        """Of a mention the document, whose label it borrows."""
        name = self.iris.parse(iri)
        return self.iris.document(name.id) if name and name.span else iri


def number(value: Value | None) -> int:
    """An integer of an answer; 0 where there is none."""
    return int(value.text) if value else 0
