"""A folder of every format, damaged files among them, through a whole archive."""

from __future__ import annotations

import io
from email.message import EmailMessage
from pathlib import Path

import pytest
from docx import Document

from sources.made import FIRST, SECOND, odt, pdf
from testimonia.library import Archive

FEED = (
    '<rss version="2.0"><channel><title>Gazette</title><item><title>One</title>'
    "<link>https://gazette.example/1</link><description>Bo Hale said that the ferry would sail."
    "</description></item><item><title>Empty</title></item></channel></rss>"
)


def mail(body: str, number: int) -> EmailMessage:
    made = EmailMessage()
    made["From"] = "Ada Holm <ada@harbour.example>"
    made["Date"] = "Tue, 5 Mar 2024 23:30:00 -0500"
    made["Message-ID"] = f"<{number}@harbour.example>"
    made.set_content(body)
    return made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "in"
    made.mkdir()
    (made / "a.pdf").write_bytes(pdf([FIRST, SECOND]))
    (made / "b.pdf").write_bytes(pdf([FIRST], password="secret"))
    word = Document()
    word.add_paragraph("Cy Dahl said that the docks were full.")
    word.save(str(made / "c.docx"))
    (made / "d.odt").write_bytes(odt("<text:p>Di Lund said that the tide was late.</text:p>"))
    with_note = mail("Per Dahl said that the letter had come.", 1)
    with_note.add_attachment("Eva Lund said that it was true.", filename="note.txt")
    (made / "e.eml").write_bytes(with_note.as_bytes())
    box = b"".join(
        b"From ada Tue Mar  5 10:00:00 2024\n" + each + b"\n\n"
        for each in (mail("Jon Berg said that he would stay.", 2).as_bytes(), b"\x00 broken")
    )
    (made / "f.mbox").write_bytes(box)
    (made / "g.xml").write_text(FEED)
    (made / "h.docx").write_bytes((made / "c.docx").read_bytes()[:900])
    return made


def exported(archive: Archive) -> list[bytes]:
    output = io.BytesIO()
    archive.export(output, "nquads")
    runs = archive.iris.runs_graph.encode()
    return [line for line in output.getvalue().splitlines() if runs not in line]


def test_each_document_has_its_outcome(archive: Archive, folder: Path) -> None:
    outcomes = {
        outcome.name.removeprefix(f"{folder}/"): str(outcome.result)
        for outcome in archive.ingest([folder])
    }
    assert outcomes == {
        "a.pdf": "stored",
        "b.pdf": "failed",
        "c.docx": "stored",
        "d.odt": "stored",
        "e.eml": "stored",
        "e.eml/note.txt": "stored",
        "f.mbox/1": "stored",
        "f.mbox/2": "failed",
        "g.xml/1": "stored",
        "g.xml/2": "failed",
        "h.docx": "failed",
    }
    pages = archive.query(
        "SELECT ?page ?box { ?s tst:page ?page ; tst:content ?c . FILTER CONTAINS(?c, 'warned')"
        " GRAPH ?g { ?s tst:contentMention/tst:box ?box } }",
        format="csv",
    ).body.decode()
    assert pages.splitlines()[1].startswith('2,"xywh=percent:')
    whole = archive.query(
        "SELECT ?speaker { ?note dcterms:isPartOf ?mail . ?s tst:document ?note ;"
        " tst:speaker/rdfs:label ?speaker . ?mail dcterms:identifier '1@harbour.example' }",
        format="csv",
    ).body.decode()
    assert "Eva Lund" in whole
    before = exported(archive)
    again = {str(outcome.result) for outcome in archive.ingest([folder])}
    assert again == {"unchanged", "failed"}
    assert {str(outcome.result) for outcome in archive.rebuild()} == {"stored"}
    assert exported(archive) == before
