from __future__ import annotations

import mimeparse
import pytest
from hypothesis import given
from hypothesis import strategies as st

from testimonia.errors import NotAcceptable
from testimonia.sparql.negotiation import (
    ResultKind,
    choose,
    formats,
    named,
    negotiate,
)

TABLE, GRAPH = ResultKind.BINDINGS, ResultKind.GRAPH
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "kind", "name", "media_type"),
    [
        (None, TABLE, "json", "application/sparql-results+json"),
        ("", TABLE, "json", "application/sparql-results+json"),
        ("*/*", TABLE, "json", "application/sparql-results+json"),
        ("*/*", GRAPH, "turtle", "text/turtle"),
        ("*", GRAPH, "turtle", "text/turtle"),
        ("text/csv", TABLE, "csv", "text/csv"),
        ("TEXT/CSV", TABLE, "csv", "text/csv"),
        ("text/*", TABLE, "csv", "text/csv"),
        ("text/*", GRAPH, "turtle", "text/turtle"),
        ("application/*", GRAPH, "ntriples", "application/n-triples"),
        ("application/json", TABLE, "json", "application/json"),
        ("application/json", GRAPH, "jsonld", "application/json"),
        ("application/xml", TABLE, "xml", "application/xml"),
        ("text/csv;q=0.5, text/tab-separated-values", TABLE, "tsv", "text/tab-separated-values"),
        ("text/csv;q=0.2, */*;q=0.1", TABLE, "csv", "text/csv"),
        ("text/csv;q=0.001", TABLE, "csv", "text/csv"),
        ("*/*, application/sparql-results+json;q=0, application/json;q=0", TABLE, "xml", None),
        ("text/turtle;q=0, application/*", GRAPH, "ntriples", None),
        ("text/turtle; charset=utf-8", GRAPH, "turtle", "text/turtle"),
        ("image/png, text/turtle", GRAPH, "turtle", "text/turtle"),
        (BROWSER, TABLE, "xml", "application/xml"),
    ],
)
def test_accept(accept: str | None, kind: ResultKind, name: str, media_type: str | None) -> None:
    chosen = negotiate(accept, kind)
    assert chosen is not None
    assert chosen.format.name == name
    assert media_type is None or chosen.media_type == media_type


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("image/png", TABLE),
        ("text/turtle", TABLE),
        ("text/csv", GRAPH),
        ("*/*;q=0", TABLE),
        ("text/csv;q=0", TABLE),
        ("text/*;q=0, text/csv;q=0.0", TABLE),
        ("nonsense", TABLE),
        ("a/b/c", TABLE),
    ],
)
def test_not_acceptable(accept: str, kind: ResultKind) -> None:
    assert negotiate(accept, kind) is None
    with pytest.raises(NotAcceptable, match="have no format") as caught:
        choose(None, accept, kind)
    assert formats(kind)[0].media_type in str(caught.value)


@pytest.mark.parametrize("kind", list(ResultKind))
def test_every_name_and_media_type_is_found(kind: ResultKind) -> None:
    for format_ in formats(kind):
        for name in (format_.name, format_.name.upper(), *format_.other_names):
            chosen = named(name, kind)
            assert chosen is not None
            assert chosen.format == format_
        by_type = negotiate(format_.media_type, kind)
        assert by_type == named(format_.media_type, kind)
        assert by_type is not None
        assert by_type.format == format_


@pytest.mark.parametrize("name", ["json", "csv", "tsv", "xml"])
def test_short_names_of_tables(name: str) -> None:
    chosen = choose(name, "image/png", TABLE)
    assert chosen.format.name == name


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("turtle", "text/turtle"),
        ("nt", "application/n-triples"),
        ("rdfxml", "application/rdf+xml"),
        ("jsonld", "application/ld+json"),
    ],
)
def test_short_names_of_graphs(name: str, media_type: str) -> None:
    assert choose(name, None, GRAPH).media_type == media_type


def test_an_unknown_name() -> None:
    with pytest.raises(NotAcceptable, match="turtle"):
        choose("excel", None, GRAPH)


ranges = st.sampled_from(
    [*(type_ for kind in ResultKind for f in formats(kind) for type_ in f.media_types), "*/*"]
)
headers = st.lists(st.tuples(ranges, st.integers(0, 10)), min_size=1, max_size=5).map(
    lambda parts: ", ".join(f"{type_};q={q / 10}" for type_, q in parts)
)


@given(headers, st.sampled_from(list(ResultKind)))
def test_the_choice_is_one_that_the_client_likes_best(accept: str, kind: ResultKind) -> None:
    offered = [type_ for format_ in formats(kind) for type_ in format_.media_types]
    best = max(mimeparse.quality(type_, accept) for type_ in offered)
    chosen = negotiate(accept, kind)
    if best == 0:
        assert chosen is None
    else:
        assert chosen is not None
        assert mimeparse.quality(chosen.media_type, accept) == best
