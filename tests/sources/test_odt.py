import pytest

from sources.made import BOMB, EXTERNAL, FIRST, SECOND, container, odt
from testimonia.errors import UnsupportedSource
from testimonia.sources import read_bytes
from testimonia.sources.odt import extract_bytes
from testimonia.sources.options import Options


def content(body: str) -> str:
    return extract_bytes(odt(body), "a.odt", Options()).content


def test_a_document_with_its_metadata() -> None:
    body = (
        "<text:h>At the harbour</text:h>"
        "<text:p>Ada Holm said <text:span>on Monday</text:span> that the quay would\n remain"
        " closed.</text:p>"
        "<text:list><text:list-item><text:p>Twelve ferries.</text:p></text:list-item></text:list>"
        "<table:table><table:table-row><table:table-cell><text:p>Ferries</text:p>"
        "</table:table-cell><table:table-cell><text:p>12</text:p></table:table-cell>"
        "</table:table-row></table:table>"
        f"<text:p>{SECOND}</text:p>"
    )
    meta = (
        "<dc:title>The quay</dc:title><meta:initial-creator>Ada Holm</meta:initial-creator>"
        "<dc:creator>Per Dahl</dc:creator><meta:creation-date>2024-03-05T10:00:00"
        "</meta:creation-date><dc:language>en-GB</dc:language>"
    )
    text = read_bytes(odt(body, meta), name="a.odt")
    assert text.content == (
        f"At the harbour\n\n{FIRST}\n\nTwelve ferries.\n\nFerries\t12\n\n{SECOND}"
    )
    metadata = text.metadata
    assert (metadata.title, metadata.creator, metadata.language) == (
        "The quay",
        ("Ada Holm",),
        "en-GB",
    )
    assert metadata.origins["title"] == "document: meta.xml"
    assert metadata.issued is None
    assert any("2024-03-05" in warning for warning in text.warnings)


def test_notes_spaces_and_deletions() -> None:
    note = (
        "<text:note><text:note-citation>1</text:note-citation>"
        "<text:note-body><text:p>A note.</text:p></text:note-body></text:note>"
    )
    body = (
        "<text:tracked-changes><text:changed-region><text:p>Gone.</text:p>"
        "</text:changed-region></text:tracked-changes>"
        f'<text:p>The clerk{note} left<text:s text:c="2"/>early<text:tab/>on<text:line-break/>foot.'
        "</text:p>"
    )
    assert content(body) == "The clerk left  early\ton\nfoot.\n\nA note."


@pytest.mark.parametrize("prolog", [BOMB, EXTERNAL])
def test_entities_are_refused(prolog: str) -> None:
    data = container(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": prolog + "<a>&b;</a>",
        }
    )
    with pytest.raises(UnsupportedSource, match="declares XML entities"):
        read_bytes(data, name="a.odt")


def test_bad_containers_are_refused() -> None:
    data = odt(f"<text:p>{FIRST}</text:p>")
    with pytest.raises(UnsupportedSource, match="damaged"):
        read_bytes(data[: len(data) // 2], name="a.odt")
    encrypted = odt("", more={"META-INF/manifest.xml": b"<manifest:encryption-data/>"})
    with pytest.raises(UnsupportedSource, match="is encrypted"):
        read_bytes(encrypted, name="a.odt")
    with pytest.raises(UnsupportedSource, match="unpacks to more"):
        read_bytes(odt("<text:p>" + "a " * 5_000_000 + "</text:p>"), name="a.odt")
    with pytest.raises(UnsupportedSource, match="neither Word nor OpenDocument"):
        read_bytes(container({"a.bin": "words"}), name="a.odt")


def test_a_members_path_leads_nowhere() -> None:
    data = odt(f"<text:p>{FIRST}</text:p>", more={"../../up.xml": b"harm"})
    assert read_bytes(data, name="a.odt").content == FIRST


def test_a_table_in_a_cell_comes_once() -> None:
    inner = (
        "<table:table><table:table-row><table:table-cell><text:p>inner</text:p>"
        "</table:table-cell></table:table-row></table:table>"
    )
    body = (
        "<table:table><table:table-row><table:table-cell><text:p>one</text:p></table:table-cell>"
        f"<table:table-cell>{inner}</table:table-cell></table:table-row></table:table>"
    )
    assert content(body) == "one\tinner"
