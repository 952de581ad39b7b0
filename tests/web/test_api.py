"""The typed API: what its answers hold, as JSON and as the triples that they expand to."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pyoxigraph as ox
import pytest
import rdflib
from pydantic import BaseModel

from testimonia import rdf
from testimonia.library import Archive
from testimonia.web.api import keyset, models
from testimonia.web.api.context import context

pytestmark = pytest.mark.anyio

LISTS = ("statements", "actors", "places", "events", "documents", "search?q=a")


async def items(client: httpx.AsyncClient, path: str, **parameters: Any) -> list[dict[str, Any]]:
    """All items of a list, page by page of two."""
    found: list[dict[str, Any]] = []
    given = {"limit": 2, **parameters}
    while True:
        response = await client.get(f"/api/{path}", params=given)
        assert response.status_code == 200, response.text
        found += response.json()["items"]
        if "next" not in response.json():
            assert len(found) == response.json()["total"]
            return found
        assert 'rel="next"' in response.headers["link"]
        given["cursor"] = response.json()["next"]


def contents(found: list[dict[str, Any]]) -> set[str]:
    return {each["content"]["text"] for each in found}


WALL = "the wall <script>alert('text')</script> broke & 12 boats sank"
STORMS, FEARED = "fishermen fear more storms", "more storms"
NARRATED, DENIED, SHUT = (
    "The wall broke at night",
    "the wall broke",
    "the harbour of Odense is shut",
)
ALL = {WALL, STORMS, FEARED, NARRATED, DENIED, SHUT}


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, ALL),
        ({"speaker": "Ada Brook"}, {WALL, STORMS}),
        ({"speaker": "nobody"}, set()),
        ({"about": "fishermen"}, {STORMS}),
        ({"place": "Odense"}, {WALL, SHUT}),
        ({"place": "Denmark"}, {WALL, SHUT}),
        ({"place": "Odense", "speaker": "officials"}, {SHUT}),
        ({"from": "2031-05-04"}, {NARRATED}),
        ({"to": "2031-05-03"}, {NARRATED}),
        ({"from": "2031-05-05"}, set()),
        ({"kind": "Attitude"}, {FEARED}),
        ({"directness": "Direct"}, {WALL}),
        ({"certainty": "Probable"}, {WALL}),
        ({"q": "WALL broke"}, {WALL, NARRATED, DENIED}),
        ({"q": "fisher* OR shut"}, {STORMS, SHUT}),
        ({"q": '"harbour of odense"'}, {SHUT}),
        ({"q": "wall NOT denied NOT boats", "speaker": "Bo Lind"}, {DENIED}),
        ({"q": "wall", "certainty": "Probable"}, {WALL}),
        ({"q": "} UNION { ?x ?p ?o } #'"}, set()),
    ],
)
async def test_conditions_select(
    client: httpx.AsyncClient, asked: dict[str, str], expected: set[str]
) -> None:
    assert contents(await items(client, "statements", **asked)) == expected


async def test_things_are_named_by_iri_path_or_name(
    client: httpx.AsyncClient, entities: dict[str, str], documents: dict[str, str]
) -> None:
    path = entities["Ada Brook"]
    for speaker in (path, f"http://localhost:8000/{path}", "Ada Brook"):
        assert contents(await items(client, "statements", speaker=speaker)) == {WALL, STORMS}
    for document in (documents["shut"], f"document/{documents['shut']}"):
        assert contents(await items(client, "statements", document=document)) == {DENIED, SHUT}


async def test_other_lists_have_conditions_too(client: httpx.AsyncClient) -> None:
    async def labels(path: str, **asked: Any) -> set[str]:
        return {each["label"] for each in await items(client, path, **asked)}

    assert await labels("actors", type="Group") == {"fishermen", "officials"}
    assert {"Ada Brook", "Bo Lind"} <= await labels("actors", named=True)
    assert await labels("places", within="Denmark") == {"Odense"}
    assert await labels("places", country="DK", q="ODEN*") == {"Odense"}
    assert await labels("events", actor="fishermen", place="Odense", type="other") == {
        "breaking of the wall"
    }
    assert await labels("events", type="assault") == set()
    (document,) = await items(client, "documents", publisher="Harbour Gazette")
    assert document["issued"] == "2031-05-04"
    assert [each["label"] for each in document["creators"]] == ["Nell Grey"]
    assert await items(client, "documents", **{"from": "2031-05-05"}) == []


async def test_search_has_names_before_contents(client: httpx.AsyncClient) -> None:
    found = await items(client, "search", q="wall")
    assert [each["type"] for each in found] == ["Event", "Statement", "Statement", "Statement"]
    assert found[0]["label"] == "breaking of the wall"
    assert found[1]["content"]["text"] == DENIED


async def test_a_statement_has_its_evidence_and_what_it_tells(
    client: httpx.AsyncClient, statements: dict[str, str]
) -> None:
    found = (await client.get(f"/api/statements/{statements[WALL]}")).json()
    assert [each["words"] for each in found["contentMentions"]] == [WALL]
    (account,) = found["gives"]
    assert account["quantities"][0]["value"] == "12"
    assert [each["label"] for each in account["agents"]] == ["fishermen"]
    (said,) = found["saidAt"]
    assert (said["edtf"], said["basis"]) == ("XXXX-05-03", "YearUnknown")
    assert "earliest" not in said


async def test_an_event_has_who_tells_what(
    client: httpx.AsyncClient, entities: dict[str, str]
) -> None:
    found = (
        await client.get(f"/api/{entities['breaking of the wall'].replace('event/', 'events/')}")
    ).json()
    tellers = {
        speaker["label"]
        for account in found["accounts"]
        for teller in account["toldIn"]
        for speaker in teller["speakers"]
    }
    assert "Ada Brook" in tellers
    assert len(found["accounts"]) == 2


# ---------------------------------------------------------------------------------- linked data


async def answers(
    client: httpx.AsyncClient, entities: dict[str, str], statements: dict[str, str]
) -> list[dict[str, Any]]:
    """Answers of every kind."""
    singles = [f"statements/{each}" for each in statements.values()]
    singles += [
        path.replace("/", "s/", 1)
        for path in entities.values()
        if path.startswith(("actor/", "place/", "event/"))
    ]
    responses = [await client.get(f"/api/{path}") for path in (*LISTS, *singles)]
    assert {each.status_code for each in responses} == {200}
    return [each.json() for each in responses]


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib uses its own
async def test_answers_say_what_the_graph_says(
    client: httpx.AsyncClient,
    archive: Archive,
    entities: dict[str, str],
    statements: dict[str, str],
) -> None:
    served = await client.get("/api/context.jsonld")
    assert served.headers["content-type"] == "application/ld+json"
    lines = archive.evaluator.evaluate(
        "CONSTRUCT { ?s ?p ?o } { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }",
        format_="ntriples",
    ).body
    known = {each.triple for each in ox.parse(lines, ox.RdfFormat.N_TRIPLES)}
    said: set[ox.Triple] = set()
    for body in await answers(client, entities, statements):
        whole = json.dumps({**body, **served.json()})
        expanded = {each.triple for each in ox.parse(whole, ox.RdfFormat.JSON_LD)}
        assert expanded <= known, expanded - known
        other = rdflib.Graph().parse(data=whole, format="json-ld")
        assert rdf.from_rdflib(other) == rdf.from_quads(expanded)
        said |= expanded
    predicates = {each.predicate.value.rpartition("#")[2] for each in said}
    assert predicates >= {
        "speaker",
        "content",
        "about",
        "gives",
        "accountOf",
        "kind",
        "contentMention",
    }


async def test_every_field_is_a_term_of_the_context() -> None:
    names = context()["@context"].keys() | {"context", "@context", "total", "next", "more"}
    linked: list[type[BaseModel]] = [
        models.Evidence,
        models.Account,
        models.Teller,
        models.Time,
        models.Quantity,
    ]
    linked += [models.Mention, models.Actor, models.Place, models.Geometry, models.ToldEvent]
    linked += [
        models.Document,
        models.Hit,
        models.Text,
        models.Typed,
        models.Ref,
        models.Statements,
    ]
    for model in linked:
        for name, field in model.model_fields.items():
            assert (field.alias or name) in names, (model, name)


async def test_json_is_named_json_ld_for_who_asks(client: httpx.AsyncClient) -> None:
    for accept, expected in (
        ("*/*", "application/json"),
        ("application/json", "application/json"),
        ("application/ld+json", "application/ld+json"),
    ):
        response = await client.get("/api/places", headers={"Accept": accept})
        assert response.headers["content-type"] == expected
        assert response.headers["vary"] == "Accept"
    refused = await client.get("/api/places", headers={"Accept": "image/png"})
    assert refused.status_code == 406


# ------------------------------------------------------------------------------------- cursors


async def test_pages_hold_each_thing_once_whatever_their_size(client: httpx.AsyncClient) -> None:
    for path in LISTS:
        given = {"q": "wall OR odense"} if "?" in path else {}
        name = path.partition("?")[0]
        small = [each["id"] for each in await items(client, name, limit=1, **given)]
        large = [each["id"] for each in await items(client, name, limit=200, **given)]
        assert small == large
        assert len(set(small)) == len(small) >= 1


async def test_a_large_list_is_never_read_whole(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = [each["id"] for each in await items(client, "statements", limit=200)]
    monkeypatch.setattr(keyset, "_FEW", 1)
    assert [each["id"] for each in await items(client, "statements", limit=1)] == whole


async def test_a_cursor_is_good_for_its_question_only(client: httpx.AsyncClient) -> None:
    cursor = (await client.get("/api/statements?limit=1")).json()["next"]
    for path in (
        f"/api/statements?kind=Attitude&cursor={cursor}",
        "/api/statements?cursor=x",
        "/api/statements?cursor=%E2%98%83",
        "/api/search?q=a&cursor=AAAA",
    ):
        response = await client.get(path)
        assert response.status_code == 400, path
        assert "cursor" in response.json()["detail"]


@pytest.mark.parametrize(
    "path",
    [
        "statements?speker=x",
        "statements?limit=0",
        "statements?limit=201",
        "statements?from=yesterday",
        "statements?kind=Gossip",
        "places?country=dk",
        "search",
    ],
)
async def test_a_condition_that_means_nothing_is_refused(
    client: httpx.AsyncClient, path: str
) -> None:
    response = await client.get(f"/api/{path}")
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("kind", ["statements", "actors", "places", "events", "documents"])
@pytest.mark.parametrize("id_", ["nobody", "x%20y", "%3E%7D"])
async def test_what_is_not_there_is_not_found(
    client: httpx.AsyncClient, kind: str, id_: str
) -> None:
    response = await client.get(f"/api/{kind}/{id_}")
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"


# ------------------------------------------------------------------------------- saved queries


async def test_the_saved_queries_are_listed_with_their_parameters(
    client: httpx.AsyncClient,
) -> None:
    listed = {each["name"]: each for each in (await client.get("/api/queries")).json()["queries"]}
    found = listed["said-by-an-actor"]
    assert found["title"].endswith("?")
    assert [(each["name"], each["type"]) for each in found["parameters"]] == [("speaker", "label")]
    assert listed["quotations-as-web-annotations"]["result"] == "graph"
    for each in listed.values():
        response = await client.get("/" + each["path"])
        assert response.status_code == 200, each["name"]


async def test_a_saved_query_takes_values_and_formats(client: httpx.AsyncClient) -> None:
    path = "/api/queries/said-by-an-actor"
    found = await client.get(path, params={"speaker": "Bo Lind", "format": "csv"})
    assert found.headers["content-type"].startswith("text/csv")
    assert found.text == f"content,about\r\n{DENIED},\r\n"
    accept = {"Accept": "application/sparql-results+xml"}
    response = await client.get(path, params={"speaker": "Bo Lind"}, headers=accept)
    assert response.headers["content-type"] == "application/sparql-results+xml"
    graph = await client.get("/api/queries/quotations-as-web-annotations?format=turtle")
    assert graph.headers["content-type"] == "text/turtle; charset=utf-8"


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("said-by-an-actor?spaeker=x", 400),
        ("said-by-an-actor?speaker=a&speaker=b", 400),
        ("said-by-an-actor?format=turtle", 406),
        ("in-a-time-window?since=now", 400),
        ("nothing", 404),
    ],
)
async def test_what_a_saved_query_cannot_take(
    client: httpx.AsyncClient, query: str, status: int
) -> None:
    response = await client.get(f"/api/queries/{query}")
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"


# ------------------------------------------------------------------------------------- OpenAPI


async def test_openapi_tells_every_error_in_one_shape(client: httpx.AsyncClient) -> None:
    schema = (await client.get("/openapi.json")).json()
    assert {"/api/statements", "/api/queries/said-by-an-actor", "/sparql"} <= schema["paths"].keys()
    for path, methods in schema["paths"].items():
        for operation in methods.values():
            done = {k: v for k, v in operation["responses"].items() if int(k) < 400}
            assert done, path
            empty = {"201", "204", "303"}  # what is made, done, or elsewhere has no content
            assert all(v.get("content") for k, v in done.items() if k not in empty), path
            errors = {k: v for k, v in operation["responses"].items() if int(k) >= 400}
            assert "500" in errors, path
            for response in errors.values():
                shape = response["content"]["application/problem+json"]["schema"]
                assert shape == {"$ref": "#/components/schemas/Problem"}
    assert "HTTPValidationError" not in json.dumps(schema)
