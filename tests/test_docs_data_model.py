from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph
import pytest

from testimonia import rdf, terms
from testimonia.vocabulary import EVENT_TYPES, PREFIXES, TST, terms_of

PAGE = (Path(__file__).parents[1] / "docs" / "data-model.md").read_text("utf-8")
TERMS = {term.removeprefix(f"<{PREFIXES['tst']}")[:-1] for term in terms_of(TST).values()}
DECLARED = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())


def blocks(language: str) -> list[str]:
    return re.findall(rf"(?ms)^```{language}\n(.*?)^```$", PAGE)


def mentioned(prefix: str) -> set[str]:
    return set(re.findall(rf"\b{prefix}:([A-Za-z]\w*)", PAGE))


def test_every_term_on_the_page_exists_and_every_term_is_on_the_page() -> None:
    assert mentioned("tst") == TERMS


def test_every_event_type_on_the_page_exists() -> None:
    assert mentioned("tstev") <= set(EVENT_TYPES)


def test_the_page_uses_known_prefixes_only() -> None:
    used = set(re.findall(r"`\^?([a-z]+):[A-Za-z]\w*`", PAGE))
    assert used <= set(PREFIXES)
    assert len(used) > 8


@pytest.mark.parametrize("block", blocks("turtle"))
def test_examples_are_turtle_in_known_terms(block: str) -> None:
    graph = rdf.parse(DECLARED + block, "turtle")
    ours = {term for triple in graph for term in triple if term.startswith(f"<{PREFIXES['tst']}")}
    assert ours
    assert ours <= set(terms_of(TST).values())


def test_literals_of_the_examples_are_as_a_store_keeps_them() -> None:
    graph = rdf.parse(DECLARED + "".join(blocks("turtle")), "turtle")
    assert {o for _, _, o in graph if rdf.as_stored(o) != o} == set()


def test_the_query_finds_the_evidence_of_the_example() -> None:
    document = (Path(__file__).parent / "data" / "harbour.ttl").read_bytes()
    graph = rdf.parse(document, "turtle")
    store = pyoxigraph.Store()
    store.extend(rdf.to_quads(graph))
    store.extend(rdf.to_quads(graph, terms.iri("http://localhost:8000/document/d1/graph")))
    (query,) = blocks("sparql")
    answers = store.query(query, prefixes=dict(PREFIXES))
    assert isinstance(answers, pyoxigraph.QuerySolutions)
    assert [solution["words"].value for solution in answers] == [
        'rebels from Ostland "shelled" Port Lorne, killing 12 people'
    ]
