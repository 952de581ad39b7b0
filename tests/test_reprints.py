"""The same report in several papers: each a document, linked to the first."""

from __future__ import annotations

import pytest

from fakes import FakeReader
from testimonia.ingest import Ingestion, Source
from testimonia.library import Archive
from testimonia.linking.likeness import THRESHOLD, likeness, sign
from testimonia.model import Metadata, Text
from testimonia.settings import Settings
from testimonia.vocabulary import TST

REPORT = (
    "Ada said on Monday that the old harbour of Odense will be shut for the whole winter. Bo said "
    "that forty ships wait outside and that none of them may enter before the ice has gone. Cy "
    "said the town has enough coal and bread until the spring, whatever the weather brings."
)
CUT = REPORT.partition(" Cy")[0]
EDITED = REPORT.replace("old harbour", "harbour").replace("forty", "some forty")
OTHER = (
    "Dee said the new theatre opens in May with a play about a miller and his three daughters. "
    "Eve said that all tickets were sold within an hour and that a second evening is planned."
)


def ingest(
    archive: Archive, *papers: tuple[str, str], reader: FakeReader | None = None
) -> list[str]:
    """Ingest (publisher's URL, content) pairs; their documents' ids."""
    sources = [
        Source(
            url,
            lambda c=content, u=url: (  # type: ignore[misc]
                c.encode(),
                Text(c, Metadata(source=u), "text/plain"),
            ),
        )
        for url, content in papers
    ]
    with archive.writer() as writer:
        one = Ingestion(archive.catalog, writer, reader or FakeReader(), Settings(), lambda _: [])
        return [outcome.document or "" for outcome in one.ingest(sources)]


def links(archive: Archive) -> set[tuple[str, str]]:
    prefix = f"<{archive.iris.base_iri}document/"
    with archive.view() as view:
        found = view.graph(archive.iris.relations_graph)
        assert found <= view.graph("")
    return {
        (s.removeprefix(prefix)[:-1], o.removeprefix(prefix)[:-1])
        for s, p, o in found
        if p == TST.sharesTextWith
    }


def paper(number: int) -> str:
    return f"https://paper-{number}.example/report"


@pytest.mark.parametrize("content", [CUT, EDITED, REPORT.upper()])
def test_cut_and_edited_texts_are_alike(content: str) -> None:
    assert likeness(sign(REPORT).minima, sign(content).minima) >= THRESHOLD
    assert sign(REPORT).bands & sign(content).bands


def test_other_texts_are_not() -> None:
    assert likeness(sign(REPORT).minima, sign(OTHER).minima) < 0.1


def test_a_signature_is_always_the_same() -> None:
    """What is kept must be comparable with what is made later; the scheme's name changes else."""
    assert sign("Ada said it rained.").minima[:12].hex() == "ee25ccd072a3b2c1976aafd3"
    assert min(sign("Ada said it rained.").bands) == -9157610549791455624


def test_texts_without_words_have_a_signature() -> None:
    assert sign("").minima == sign("… !").minima


def test_each_reprint_points_to_the_first(archive: Archive) -> None:
    a, b, c, d, _ = ingest(
        archive,
        (paper(1), REPORT),
        (paper(2), REPORT),
        (paper(3), CUT),
        (paper(4), EDITED),
        (paper(5), OTHER),
    )
    assert links(archive) == {(b, a), (c, a), (d, a)}


def test_the_same_source_again_is_the_same_document(archive: Archive) -> None:
    ingest(archive, (paper(1), REPORT), (paper(1), REPORT))
    assert links(archive) == set()
    assert len(list(archive.catalog.documents())) == 1


def test_when_the_first_is_removed_the_next_is_pointed_to_until_it_comes_back(
    archive: Archive,
) -> None:
    papers = [(paper(number), content) for number, content in enumerate((REPORT, CUT, EDITED))]
    a, b, c = ingest(archive, *papers)
    archive.remove(a)
    assert links(archive) == {(c, b)}
    ingest(archive, papers[0])
    assert links(archive) == {(b, a), (c, a)}


def test_a_new_reading_of_any_leaves_the_links_as_they_are(archive: Archive) -> None:
    papers = [(paper(number), content) for number, content in enumerate((REPORT, CUT, EDITED))]
    ingest(archive, *papers)
    before = links(archive)
    for one in papers:
        ingest(archive, one, reader=FakeReader(f"fake for {one[0]}"))
        assert links(archive) == before
    ingest(archive, *reversed(papers), reader=FakeReader("fake 3"))
    assert links(archive) == before


def test_texts_of_an_older_archive_are_signed_when_the_next_comes(archive: Archive) -> None:
    (a,) = ingest(archive, (paper(1), REPORT))
    with archive.catalog._transaction() as db:
        db.execute("DELETE FROM signature")
    (b,) = ingest(archive, (paper(2), EDITED))
    assert links(archive) == {(b, a)}
