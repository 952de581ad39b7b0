"""The graph is derived: from the record alone it is made again, and what changes is told."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from fakes import DENMARK, FakeReader
from testimonia.ingest import Ingestion, Outcome, Result, Source
from testimonia.library import Archive, readers
from testimonia.mapping import Changes, changes
from testimonia.model import Metadata, Reading, Text
from testimonia.settings import Settings
from testimonia.store.embedded import discard

ADA = "Ada said it rained in Odense. Bo said so too."


def ingest(
    archive: Archive, *contents: str, reader: FakeReader | None = None, **stated: str
) -> list[Outcome]:
    sources = [
        Source(
            content[:20],
            lambda c=content: (c.encode(), Text(c, Metadata(**stated), "text/plain")),  # type: ignore[misc,arg-type]
        )
        for content in contents
    ]
    with archive.writer() as writer:
        one = Ingestion(
            archive.catalog, writer, reader or FakeReader(), Settings(), lambda _: [DENMARK]
        )
        return list(one.ingest(sources))


def rebuilt(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, reader: FakeReader, *, changed: bool = False
) -> list[Outcome]:
    """What the archive's own rebuild does with this reader."""

    @contextmanager
    def extractor(*_: object) -> Iterator[FakeReader]:
        yield reader

    monkeypatch.setattr(readers, "open_readers", extractor)
    monkeypatch.setattr(Archive, "_gazetteer_facts", lambda _: frozenset())
    monkeypatch.setattr(Archive, "_gazetteer", Places())
    return list(archive.rebuild(changed=changed))


class Places:
    """A gazetteer that knows one place."""

    def entry(self, _: str) -> object:
        return DENMARK


def quads(archive: Archive) -> list[bytes]:
    output = io.BytesIO()
    archive.export(output, "nquads")
    runs = archive.iris.runs_graph.encode()
    return [line for line in output.getvalue().splitlines() if runs not in line]


@pytest.mark.parametrize("seed", range(3))
def test_any_history_of_adding_replacing_and_removing_is_made_again(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    drawn = random.Random(seed)
    words = ("the ferry is late", "the ferry is very late", "no ship may enter", "snow fell")
    contents = [
        f"{name} said {said} in Odense. Bo said so too." for name in ("Ada", "Cy") for said in words
    ]
    for _ in range(8):
        stored = [each.id for each in archive.catalog.documents() if each.state == "stored"]
        match drawn.choice(("add", "add", "replace", "remove")):
            case "remove" if stored:
                archive.remove(drawn.choice(stored))
            case "replace":
                ingest(archive, drawn.choice(contents), title=f"Title {drawn.randrange(3)}")
            case _:
                ingest(archive, *drawn.sample(contents, 2))
    before = quads(archive)
    rebuilt(archive, monkeypatch, FakeReader())
    assert quads(archive) == before
    discard(archive.folder / "store")
    rebuilt(archive, monkeypatch, FakeReader())
    assert quads(archive) == before


def test_only_what_a_new_version_changes_is_derived_anew(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    ingest(archive, ADA)
    ingest(archive, "Cy said the harbour is shut.", reader=FakeReader("fake 2"))
    outcomes = rebuilt(archive, monkeypatch, FakeReader("fake 2"), changed=True)
    assert [each.result for each in outcomes] == [Result.STORED, Result.UNCHANGED]
    assert outcomes[0].changes is not None
    assert (outcomes[0].changes.gained, outcomes[0].changes.lost) == ((), ())
    again = rebuilt(archive, monkeypatch, FakeReader("fake 2"), changed=True)
    assert {each.result for each in again} == {Result.UNCHANGED}


def difference(archive: Archive, monkeypatch: pytest.MonkeyPatch, reader: FakeReader) -> Changes:
    ingest(archive, ADA)
    (outcome,) = rebuilt(archive, monkeypatch, reader, changed=True)
    assert outcome.changes is not None
    return outcome.changes


def test_a_statement_that_is_not_found_any_more_is_told(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    def first_only(reading: Reading) -> Reading:
        return replace(reading, statements=reading.statements[:1])

    told = difference(archive, monkeypatch, FakeReader("fake 2", first_only))
    (lost,) = told.lost
    assert (lost.speaker, lost.cue, lost.content) == ("Bo", "say", "so too")
    assert (told.gained, told.changed) == ((), ())
    (outcome,) = rebuilt(archive, monkeypatch, FakeReader("fake 3"), changed=True)
    assert outcome.changes is not None
    assert outcome.changes.gained == (lost,)


def test_another_cue_speaker_and_content_are_told(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    def otherwise(reading: Reading) -> Reading:
        first, second = reading.statements
        span = first.content[0]
        first = replace(first, cue_lemma="claim", content=(replace(span, end=span.end - 1),))
        second = replace(second, speakers=first.speakers)
        return replace(reading, statements=(first, second))

    told = difference(archive, monkeypatch, FakeReader("fake 2", otherwise))
    assert (told.gained, told.lost) == ((), ())
    parts = {each.before.content: each.parts for each in told.changed}
    assert parts == {"it rained in Odense": ("cue", "content"), "so too": ("speaker",)}
    assert told.triples > 0


def test_equal_graphs_have_no_changes() -> None:
    assert changes(frozenset(), frozenset()) == Changes()
