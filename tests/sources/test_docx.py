from io import BytesIO

import pytest
from docx import Document

from sources.made import BOMB, EXTERNAL, FIRST, SECOND, container
from testimonia.errors import UnsupportedSource
from testimonia.sources import read_bytes
from testimonia.sources.docx import extract_bytes
from testimonia.sources.options import Options

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def made(body: str, **more: str | bytes) -> bytes:
    document = f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
    return container({"[Content_Types].xml": TYPES, "word/document.xml": document, **more})


def content(body: str) -> str:
    return extract_bytes(made(body), "a.docx", Options()).content


def run(words: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{words}</w:t></w:r>'


def test_what_a_word_processor_writes() -> None:
    document = Document()
    document.core_properties.title = "The quay"
    document.core_properties.author = "Ada Holm"
    document.add_heading("At the harbour")
    paragraph = document.add_paragraph("Ada Holm said ")
    paragraph.add_run("on Monday").bold = True
    paragraph.add_run(" that the quay would remain closed.")
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Ferries", "12"
    document.add_paragraph(SECOND)
    file = BytesIO()
    document.save(file)
    text = read_bytes(file.getvalue(), name="a.docx")
    assert text.content == f"At the harbour\n\n{FIRST}\n\nFerries\t12\n\n{SECOND}"
    assert (text.metadata.title, text.metadata.creator) == ("The quay", ("Ada Holm",))
    assert text.metadata.origins["title"] == "document: docProps/core.xml"
    assert text.metadata.issued is None
    assert any("not taken for the day of publication" in warning for warning in text.warnings)


def test_changes_fields_and_hidden_text() -> None:
    body = (
        f"<w:p>{run('The clerk ')}<w:del><w:r><w:delText>stayed</w:delText></w:r></w:del>"
        f"<w:ins>{run('left')}</w:ins><w:r><w:instrText>PAGE</w:instrText></w:r>"
        f"<w:r><w:rPr><w:vanish/></w:rPr><w:t> unseen</w:t></w:r>"
        f"<w:r><w:tab/><w:t>early</w:t><w:br/><w:t>today</w:t></w:r></w:p>"
    )
    assert content(body) == "The clerk left\tearly\ntoday"


def test_text_boxes_controls_and_notes() -> None:
    box = f"<w:r><w:txbxContent><w:p>{run('In a box.')}</w:p></w:txbxContent></w:r>"
    inside = f"<w:sdt><w:sdtContent><w:p>{run('Inside.')}</w:p></w:sdtContent></w:sdt>"
    body = f"<w:p>{run('Beside it.')}{box}</w:p>{inside}"
    note = f"<w:footnote><w:p>{run('A note.')}</w:p></w:footnote>"
    notes = f'<w:footnotes xmlns:w="{W}">{note}</w:footnotes>'
    data = made(body, **{"word/footnotes.xml": notes})
    assert extract_bytes(data, "a.docx", Options()).content == (
        "Beside it.\n\nIn a box.\n\nInside.\n\nA note."
    )


@pytest.mark.parametrize("prolog", [BOMB, EXTERNAL])
def test_entities_are_refused(prolog: str) -> None:
    document = (
        f'{prolog}<w:document xmlns:w="{W}"><w:body><w:p>{run("&b;")}</w:p></w:body></w:document>'
    )
    data = container({"[Content_Types].xml": TYPES, "word/document.xml": document})
    with pytest.raises(UnsupportedSource, match="declares XML entities"):
        read_bytes(data, name="a.docx")


def test_bombs_are_refused() -> None:
    zeros = made("", **{"word/footnotes.xml": bytes(30_000_000)})
    with pytest.raises(UnsupportedSource, match=r"word/footnotes\.xml unpacks to more"):
        read_bytes(zeros, name="a.docx")
    many = made(run("The quay stays closed. " * 100_000))
    with pytest.raises(UnsupportedSource, match=r"word/document\.xml unpacks to more"):
        extract_bytes(many, "a.docx", Options(max_bytes=1_000_000))


def test_a_members_path_leads_nowhere() -> None:
    data = made(f"<w:p>{run(FIRST)}</w:p>", **{"../../etc/cron.d/x": "harm", "/etc/y": "harm"})
    assert read_bytes(data, name="a.docx").content == FIRST


@pytest.mark.parametrize("kept", [0.3, 0.9])
def test_cut_off_files_are_refused(kept: float) -> None:
    data = made(f"<w:p>{run(FIRST * 40)}</w:p>")
    with pytest.raises(UnsupportedSource, match="damaged"):
        read_bytes(data[: int(len(data) * kept)], name="a.docx")


def test_deep_nesting_is_refused_or_read() -> None:
    with pytest.raises(UnsupportedSource, match="damaged"):
        content("<w:sdt>" * 5000 + "</w:sdt>" * 5000)


def test_tables_and_boxes_in_cells_come_once() -> None:
    inner = f"<w:tbl><w:tr><w:tc><w:p>{run('inner')}</w:p></w:tc></w:tr></w:tbl>"
    box = f"<w:r><w:txbxContent><w:p>{run('boxed')}</w:p></w:txbxContent></w:r>"
    cells = f"<w:tc><w:p>{run('one')}{box}</w:p></w:tc><w:tc>{inner}<w:p/></w:tc>"
    assert content(f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>") == "one\tinner\n\nboxed"
