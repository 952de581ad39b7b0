"""What the first seed must give, asked over HTTP as a user asks.

The table of its twelve statements: speaker, cue, how the content begins or ends, and what else is
known of the statement. General rules find them; nothing in the code names this text.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import httpx
import pytest
import uvicorn

from testimonia.library import Archive
from testimonia.web import create_app

PREFIXES = """
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX tst: <https://w3id.org/testimonia#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX sem: <http://semanticweb.cs.vu.nl/2009/11/sem/>
"""


TRUE = [{"boolean": "True"}]


@dataclass(frozen=True)
class Expected:
    """One row of the table; ``also`` are triples that its statement has."""

    speaker: str
    cue: str
    words: tuple[str, ...]
    directness: str
    kind: str = "Communication"
    also: tuple[str, ...] = field(default=())


TABLE = {
    1: Expected(
        "Russian military", "according to", ("the city’s fall", "critical step"), "Indirect"
    ),
    2: Expected(
        "Valery Gerasimov",
        "outline",
        ("This development",),
        "Mixed|Indirect",
        also=(
            'tst:addressee/rdfs:label "Vladimir Putin"',
            'tst:saidAt/tst:edtf "XXXX-12-11"^^<http://id.loc.gov/datatypes/edtf/EDTF>',
            "tst:saidDuring/rdf:type tst:Event",
        ),
    ),
    3: Expected("officials", "describe", ("new offensive",), "Mixed|Direct"),
    4: Expected(
        "a Russian fighter",
        "according to",
        ("Local residents", "provided support to Russian forces"),
        "Indirect",
        also=("tst:speaker/tst:named false", "tst:speaker/rdf:type tst:Person"),
    ),
    5: Expected("officials", "argue", ("These measures", "part of a broader effort"), "Indirect"),
    6: Expected(
        "Vladimir Putin",
        "emphasize",
        ("Russia’s involvement in Ukraine is driven by the need to",),
        "Mixed|Indirect",
    ),
    7: Expected(
        "Vladimir Putin", "describe", ("“aggression” by the Ukrainian government",), "Mixed"
    ),
    8: Expected("officials", "call", ("“fascist” elements in Kyiv",), "Mixed"),
    9: Expected(
        "some residents", "fear", ("the erosion of their autonomy",), "Indirect", "Attitude"
    ),
    10: Expected(
        "some countries in the Global South", "call for", ("dialogue",), "Indirect", "Control"
    ),
    11: Expected(
        "Vladimir Putin",
        "view",
        ("Russia’s historical and strategic interests",),
        "Indirect",
        "Attitude",
    ),
    12: Expected(
        "Vladimir Putin",
        "for",
        ("the capture of Siversk is a testament to",),
        "Indirect",
        "Attitude",
    ),
}


@pytest.fixture(scope="module")
def endpoint(seed_archive: Archive) -> Iterator[str]:
    """The address of a real server on the seed's archive."""
    config = uvicorn.Config(create_app(seed_archive), port=0, log_level="error", lifespan="on")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        for _ in range(300):
            if server.started:
                break
            thread.join(0.1)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}/sparql"
    finally:
        server.should_exit = True
        thread.join(20)


def ask(endpoint: str, query: str) -> list[dict[str, str]]:
    answer = httpx.get(
        endpoint,
        params={"query": PREFIXES + query},
        headers={"Accept": "application/sparql-results+json"},
        timeout=60,
    )
    assert answer.status_code == 200, answer.text
    body = json.loads(answer.text)
    if "boolean" in body:
        return [{"boolean": str(body["boolean"])}]
    return [
        {name: cell["value"] for name, cell in row.items()} for row in body["results"]["bindings"]
    ]


def statement(endpoint: str, number: int) -> str:
    """The IRI of a statement of the table."""
    row = TABLE[number]
    words = " && ".join(
        f"CONTAINS(?content, {json.dumps(each, ensure_ascii=False)})" for each in row.words
    )
    found = ask(
        endpoint,
        f"""SELECT DISTINCT ?s ?directness ?kind {{
          ?s tst:speaker/rdfs:label ?who ; tst:cue ?cue ; tst:content ?content ;
             tst:directness ?directness ; tst:kind ?kind .
          FILTER(?who = {json.dumps(row.speaker)} && {words})
          FILTER(?cue = {json.dumps(row.cue)} || STRSTARTS({json.dumps(row.cue)}, CONCAT(?cue, " ")))
        }}""",
    )
    assert len({each["s"] for each in found}) == 1, found
    assert found[0]["directness"].partition("#")[2] in row.directness.split("|")
    assert found[0]["kind"].endswith("#" + row.kind)
    return found[0]["s"]


@pytest.mark.parametrize("number", TABLE)
def test_the_statement_is_there(endpoint: str, number: int) -> None:
    found = statement(endpoint, number)
    for pattern in TABLE[number].also:
        assert ask(endpoint, f"ASK {{ <{found}> {pattern} }}") == TRUE, pattern


def test_reportedly_is_not_certain(endpoint: str) -> None:
    found = statement(endpoint, 4)
    rows = ask(endpoint, f"SELECT ?c {{ <{found}> tst:attributionCertainty ?c }}")
    assert rows
    assert not any(row["c"].endswith("#Certain") for row in rows)


@pytest.mark.parametrize(("inner", "outer"), [(3, 2), (7, 6), (11, 12)])
def test_nesting(endpoint: str, inner: int, outer: int) -> None:
    query = (
        f"ASK {{ <{statement(endpoint, inner)}> tst:reportedIn+ <{statement(endpoint, outer)}> }}"
    )
    assert ask(endpoint, query) == TRUE


def test_unnamed_groups(endpoint: str) -> None:
    rows = ask(
        endpoint,
        "SELECT DISTINCT ?who { ?s tst:speaker ?a . ?a a tst:Group ; tst:named false ; rdfs:label ?who }",
    )
    assert {"officials", "some residents"} <= {row["who"] for row in rows}


def test_places(endpoint: str) -> None:
    rows = ask(
        endpoint,
        """SELECT DISTINCT ?label ?country (BOUND(?geometry) AS ?located) {
          ?p a tst:Place ; rdfs:label ?label . ?s (tst:about|(tst:gives/sem:hasPlace)|tst:saidIn) ?p .
          OPTIONAL { ?p tst:countryCode ?country }
          OPTIONAL { ?p <http://www.opengis.net/ont/geosparql#hasGeometry> ?geometry }
        }""",
    )
    known = {row["label"]: (row.get("country"), row["located"]) for row in rows}
    assert known["Siversk"] == ("UA", "true")
    assert known["Kyiv"] == ("UA", "true")
    assert known["Ukraine"] == ("UA", "true")
    assert known["Russia"] == ("RU", "true")
    assert "Donbas" in known
    assert "Donbass" not in known


def test_donbas_has_both_spellings_and_siversk_six_mentions(endpoint: str) -> None:
    names = ask(endpoint, 'SELECT ?n { ?p rdfs:label "Donbas" ; a tst:Place ; tst:name ?n }')
    assert {"Donbas", "Donbass"} <= {row["n"] for row in names}
    mentions = ask(
        endpoint,
        """SELECT DISTINCT ?m { ?p rdfs:label "Siversk" .
          GRAPH ?e { ?local tst:sameEntity ?p } GRAPH ?g { ?m tst:denotes ?local ; tst:mentionForm tst:Name } }""",
    )
    assert len(mentions) == 6


def test_the_global_south_is_kept_without_coordinates(endpoint: str) -> None:
    rows = ask(
        endpoint,
        """SELECT ?p ?g { ?p a tst:Place ; rdfs:label "Global South" .
          OPTIONAL { ?p <http://www.opengis.net/ont/geosparql#hasGeometry> ?g } }""",
    )
    assert len(rows) == 1
    assert "g" not in rows[0]


def test_states_are_actors_too(endpoint: str) -> None:
    rows = ask(
        endpoint,
        "SELECT DISTINCT ?l { ?a a tst:GeopoliticalEntity, tst:Place, tst:Actor ; rdfs:label ?l }",
    )
    assert "Russia" in {row["l"] for row in rows}


def test_times(endpoint: str) -> None:
    rows = ask(
        endpoint,
        "SELECT ?e ?from ?to { ?t tst:edtf ?e OPTIONAL { ?t sem:hasEarliestBeginTimeStamp ?from ; sem:hasLatestEndTimeStamp ?to } }",
    )
    known = {row["e"]: (row.get("from"), row.get("to")) for row in rows}
    assert known["XXXX-12-11"] == (None, None)
    assert known["2013/2014"] == ("2013-01-01", "2014-12-31")


def test_events(endpoint: str) -> None:
    captures = ask(
        endpoint,
        'SELECT DISTINCT ?e { ?e a tst:Event ; rdfs:label ?l . FILTER(CONTAINS(?l, "capture of Siversk")) }',
    )
    assert len(captures) == 1
    protests = ask(
        endpoint,
        """ASK { ?a tst:accountOf/rdfs:label ?l ; sem:hasTime/tst:edtf ?e
          FILTER(CONTAINS(?l, "Maidan protests") && STR(?e) = "2013/2014") }""",
    )
    assert protests == TRUE
    sanctions = ask(
        endpoint,
        """ASK { ?a tst:accountOf/rdfs:label ?l ; tst:agent/rdfs:label "Western nations" ;
          tst:recipient/rdfs:label "Moscow" FILTER(CONTAINS(?l, "sanctions")) }""",
    )
    assert sanctions == TRUE
    meeting = ask(
        endpoint,
        'ASK { ?s tst:saidDuring/rdfs:label ?l FILTER(CONTAINS(?l, "meeting")) }',
    )
    assert meeting == TRUE


def test_nobody_but_a_statement_asserts_the_critical_step(endpoint: str) -> None:
    rows = ask(
        endpoint,
        'SELECT DISTINCT ?s ?p { ?s ?p ?o . FILTER(isLiteral(?o) && CONTAINS(STR(?o), "critical step")) }',
    )
    predicates = {row["p"].partition("#")[2] or row["p"].rpartition("/")[2] for row in rows}
    # the statement's content (and its schema.org twin by inference), and the text that it is from
    assert predicates == {"content", "text", "isString"}


def test_the_places_facts_say_whose_they_are(seed_archive: Archive) -> None:
    """Version and licence of the gazetteer stand beside its facts."""
    query = "SELECT ?whose { GRAPH ?g { ?g dcterms:source ?version ; dcterms:rights ?whose } }"
    answer = seed_archive.query(query, format="csv").body.decode()
    assert "GeoNames" in answer
    assert "CC BY 4.0" in answer
