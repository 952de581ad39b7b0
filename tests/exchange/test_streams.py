"""The forms that go statement by statement."""

from __future__ import annotations

import csv
import io
import json
import sys
from typing import Any

import pyoxigraph
import pytest
from pyoxigraph import NamedNode, RdfFormat, Store

from documents import ICE, RAIN, put
from testimonia.errors import UsageError
from testimonia.exchange import StreamFormat
from testimonia.library import Archive
from testimonia.model import Span
from testimonia.terms import iri_of
from testimonia.vocabulary import PREFIXES

NP = "http://www.nanopub.org/nschema#"


def exported(archive: Archive, format_: StreamFormat) -> bytes:
    output = io.BytesIO()
    archive.export(output, format_)
    return output.getvalue()


@pytest.fixture
def store(filled: Archive) -> Store:
    found = Store()
    found.load(exported(filled, "nanopublications"), RdfFormat.TRIG)
    return found


def select(store: Store, query: str) -> list[tuple[str, ...]]:
    prefixes = {**PREFIXES, "np": NP}
    answers = store.query(query, prefixes=prefixes, use_default_graph_as_union=True)
    assert isinstance(answers, pyoxigraph.QuerySolutions)
    return sorted(tuple(term.value for term in row) for row in answers)


def test_every_statement_is_a_whole_nanopublication(store: Store) -> None:
    found = select(
        store,
        "SELECT ?np ?a ?p ?i { GRAPH ?h { ?np a np:Nanopublication ; np:hasAssertion ?a ;"
        " np:hasProvenance ?p ; np:hasPublicationInfo ?i } }",
    )
    assert len(found) == 3
    for np, assertion, provenance, pubinfo in found:
        inside = NamedNode(assertion)
        assert list(store.quads_for_pattern(None, None, None, inside))
        # Nanopublication guidelines: provenance speaks of the assertion, pubinfo of the whole.
        assert list(store.quads_for_pattern(inside, None, None, NamedNode(provenance)))
        assert list(store.quads_for_pattern(NamedNode(np), None, None, NamedNode(pubinfo)))
    named = {quad.graph_name for quad in store}
    assert len(named) == 4 * len(found)


def test_a_nanopublication_has_speaker_words_and_run(store: Store) -> None:
    found = select(
        store,
        "SELECT ?who ?words ?quote {"
        " GRAPH ?a { ?s tst:speaker/rdfs:label ?who ; tst:content ?words }"
        " GRAPH ?p { ?a prov:wasDerivedFrom ?m ; prov:wasGeneratedBy/tst:extractor 'fake 1' ."
        " ?m nif:anchorOf ?quote } FILTER(CONTAINS(?words, ?quote) && STRLEN(?quote) > 4) }",
    )
    assert ("Bo", "Odense is cold", "Odense is cold") in found
    assert {who for who, _, _ in found} == {"Ada", "Bo", "Cy"}


def test_no_local_entity_and_no_document_text_is_published(store: Store) -> None:
    assert not [q for q in store if q.predicate.value.endswith(("isString", "sameEntity"))]
    speakers = select(store, "SELECT ?x { ?s tst:speaker ?x }")
    assert all("/document/" not in found for (found,) in speakers)


def test_nanopublications_are_the_same_again(filled: Archive) -> None:
    before = exported(filled, "nanopublications")
    assert exported(filled, "nanopublications") == before
    put(filled, "Flo said the thaw began.", "thaw.txt")
    assert set(before.splitlines()) <= set(exported(filled, "nanopublications").splitlines())


def test_annotations_point_at_the_words(filled: Archive) -> None:
    page = json.loads(exported(filled, "annotations"))
    assert page["type"] == "AnnotationPage"
    assert len(page["items"]) == 3
    texts = {"Ada": ICE, "Bo": ICE, "Cy": RAIN}
    for item in page["items"]:
        text = texts[item["body"]["tst:speaker"][0]["rdfs:label"]]
        (target,) = item["target"]
        quote, position = target["selector"]
        assert (quote["type"], position["type"]) == ("TextQuoteSelector", "TextPositionSelector")
        span = Span(position["start"], position["end"])
        assert span.of(text) == quote["exact"] == item["body"]["tst:content"]["@value"]
        assert text[: span.start].endswith(quote["prefix"])
        assert text[span.end :].startswith(quote["suffix"])
        assert item["id"] == f"{item['body']['id']}/annotation"


def test_annotations_are_json_ld(filled: Archive) -> None:
    page: dict[str, Any] = json.loads(exported(filled, "annotations"))
    # The W3C's context is not to be had offline: its terms that are used here, from its text.
    oa = "http://www.w3.org/ns/oa#"
    page["@context"][0] = {
        "id": "@id",
        "type": "@type",
        "items": {"@id": "https://www.w3.org/ns/activitystreams#items"},
        "body": f"{oa}hasBody",
        "target": f"{oa}hasTarget",
        "source": {"@id": f"{oa}hasSource", "@type": "@id"},
        "exact": f"{oa}exact",
        "selector": f"{oa}hasSelector",
    }
    triples = list(pyoxigraph.parse(json.dumps(page), RdfFormat.JSON_LD))
    exact = {q.object.value for q in triples if q.predicate.value == f"{oa}exact"}
    assert "Odense is cold" in exact
    polarity = {q.object.value for q in triples if q.predicate.value.endswith("#polarity")}
    assert polarity == {PREFIXES["tst"] + "Positive"}


def test_a_restricted_document_shows_nothing_around_its_quotations(archive: Archive) -> None:
    put(archive, ICE, rights="Restricted: by order of the estate")
    page = json.loads(exported(archive, "annotations"))
    for item in page["items"]:
        quote, _ = item["target"][0]["selector"]
        assert (quote["prefix"], quote["suffix"]) == ("", "")
    with archive.view() as view:
        (record,) = archive.catalog.documents()
        graph = view.graph(archive.iris.document_graph(record.id))
    assert not [p for _, p, _ in graph if iri_of(p).endswith("isString")]


def test_csv_has_a_row_a_statement(filled: Archive) -> None:
    rows = list(csv.DictReader(io.StringIO(exported(filled, "csv").decode(), newline="")))
    assert [row["speaker_label"] for row in rows] == ["Ada", "Bo", "Cy"]
    first = rows[0]
    assert ICE[int(first["begin"]) : int(first["end"])] == first["content"] == '"the ice is thick"'
    assert (first["title"], first["issued"]) == ("Ice", "2031-02-03")
    assert first["source"] == "https://a.example/ice"
    assert first["polarity"] == "Positive"
    assert rows[2]["rights"] == "CC0"


def test_parquet_has_the_same_rows(filled: Archive) -> None:
    from pyarrow import parquet

    table = parquet.read_table(io.BytesIO(exported(filled, "parquet"))).to_pylist()
    rows = list(csv.DictReader(io.StringIO(exported(filled, "csv").decode(), newline="")))
    assert [row["content"] for row in table] == [row["content"] for row in rows]
    assert [row["speaker_label"] for row in table] == [["Ada"], ["Bo"], ["Cy"]]
    assert table[0]["begin"] == [int(rows[0]["begin"])]
    assert table[0]["confidence"] == float(rows[0]["confidence"])


def test_parquet_without_pyarrow_says_what_to_install(
    filled: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UsageError, match=r"testimonia\[tables\]"):
        exported(filled, "parquet")
