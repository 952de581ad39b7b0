from dataclasses import replace
from pathlib import Path

import pytest

from testimonia.catalog import Catalog, State
from testimonia.ingest import identify
from testimonia.model import Metadata, Region, Run, Span, Text, regions_of

REGIONS = (Region(0, "iv", (10.0, 20.5, 80.0, 5.0)), Region(4, "v"), Region(9, "v"))
TEXT = Text("Ada said it rained.", Metadata(), "application/pdf", regions=REGIONS)


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return Catalog.create(tmp_path / "a", "http://localhost:8000/")


def kept(catalog: Catalog, text: Text) -> Text:
    document = identify(text)
    catalog.keep(b"x", document, "a.pdf")
    record = catalog.document(document.id)
    assert record is not None
    return catalog.text(record).text


def test_regions_come_back(catalog: Catalog) -> None:
    assert kept(catalog, TEXT) == TEXT


def test_a_text_without_pages_takes_none_away(catalog: Catalog) -> None:
    kept(catalog, TEXT)
    assert kept(catalog, replace(TEXT, regions=())).regions == REGIONS


def test_an_attachment_of_two_mails_is_part_of_both(catalog: Catalog) -> None:
    for mail in ("b", "a", "b"):
        text = kept(catalog, replace(TEXT, part_of=(mail,)))
    assert text.part_of == ("a", "b")


def test_news_ask_for_another_graph_and_repetition_does_not(catalog: Catalog) -> None:
    document = identify(replace(TEXT, regions=()))
    kept(catalog, document.text)
    catalog.begin(Run("r", "2025-01-01T00:00:00Z", None, "e", "s"))
    catalog.mark_stored({document.id: "f"}, "r")
    kept(catalog, TEXT)
    (record,) = catalog.documents(State.STORED)
    assert record.fingerprint == ""
    catalog.mark_stored({document.id: "f"}, "r")
    kept(catalog, TEXT)
    (record,) = catalog.documents(State.STORED)
    assert record.fingerprint == "f"


@pytest.mark.parametrize(
    ("span", "touched"),
    [((0, 4), 1), ((0, 5), 2), ((4, 5), 1), ((3, 10), 3), ((12, 15), 1), ((9, 10), 1)],
)
def test_regions_of_a_span(span: tuple[int, int], touched: int) -> None:
    found = regions_of(Span(*span), REGIONS)
    assert len(found) == touched
    assert found[0].start <= span[0]
    assert regions_of(Span(*span), ()) == ()


def test_what_stands_before_the_first_region_is_in_none() -> None:
    assert regions_of(Span(0, 3), (Region(3, "1"),)) == ()
