"""The calls that OpenRefine makes, in its order, over HTTP against a real archive."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx
import pytest

import reconciliation as forms
from reconciliation import checked
from servers import serving
from testimonia.library import Archive

SHEET = ["Ada Brook", "Brook, Ada", "Bo Lind", "Odense", "Nobody Atall"]


@pytest.fixture(scope="module")
def refine(archive: Archive) -> Iterator[httpx.Client]:
    """A client of a server in a process of its own, whose page is somewhere else."""
    with serving("--archive", str(archive.folder)) as served, served.client() as client:
        client.headers["Origin"] = "http://127.0.0.1:3333"
        yield client


@pytest.fixture(scope="module")
def manifest(refine: httpx.Client) -> dict[str, Any]:
    answer = refine.get("/reconcile")
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "*"
    return dict(checked(answer.json(), forms.MANIFEST))


def matched(client: httpx.Client, queries: dict[str, Any]) -> dict[str, Any]:
    checked(queries, forms.QUERIES)
    answer = client.post("/reconcile", data={"queries": json.dumps(queries)})
    assert answer.status_code == 200, answer.text
    assert answer.headers["access-control-allow-origin"] == "*"
    return dict(checked(answer.json(), forms.RESULTS))


def first(client: httpx.Client, **query: Any) -> dict[str, Any]:
    result = matched(client, {"q0": query})["q0"]["result"]
    return dict(result[0]) if result else {}


def names(answer: dict[str, Any]) -> list[str]:
    return [each["name"] for each in answer["result"]]


# ------------------------------------------------------------------------- a sheet is matched


def test_the_manifest_tells_where_everything_is(
    refine: httpx.Client, manifest: dict[str, Any]
) -> None:
    assert manifest["identifierSpace"] == "http://localhost:8000/"
    for what, suggest in manifest["suggest"].items():
        address = suggest["service_url"] + suggest["service_path"]
        assert address.startswith(str(refine.base_url)), what
        assert refine.get(address, params={"prefix": "a"}).status_code == 200


def test_types_are_guessed_by_a_sample(refine: httpx.Client) -> None:
    queries = {f"q{at}": {"query": name, "limit": 3} for at, name in enumerate(SHEET)}
    results = matched(refine, queries)
    assert set(results) == set(queries)
    guessed = [each["id"] for each in results["q0"]["result"][0]["type"]]
    assert guessed == ["Person", "Actor"]
    assert [each["id"] for each in results["q3"]["result"][0]["type"]] == ["Place"]
    assert results["q4"]["result"] == []


def test_a_column_is_matched(refine: httpx.Client, entities: dict[str, str]) -> None:
    queries = {
        f"q{at}": {"query": name, "type": "Person", "type_strict": "should", "limit": 5}
        for at, name in enumerate(SHEET)
    }
    results = matched(refine, queries)
    best = {name: results[f"q{at}"]["result"][:1] for at, name in enumerate(SHEET)}
    for name, label in (("Ada Brook", "Ada Brook"), ("Brook, Ada", "Ada Brook")):
        (candidate,) = best[name]
        assert (candidate["id"], candidate["match"]) == (entities[label], True)
    assert best["Ada Brook"][0]["score"] == 100 > best["Brook, Ada"][0]["score"]
    (odense,) = best["Odense"]
    assert (odense["match"], odense["score"]) == (False, 80)


def test_a_hard_type_leaves_out_all_others(refine: httpx.Client) -> None:
    assert first(refine, query="Odense", type="Person") == {}
    assert first(refine, query="Odense", type=["Person", "Place"])["match"]
    assert first(refine, query="Odense", type="Place", type_strict="all")["match"]


def test_other_columns_help(refine: httpx.Client) -> None:
    right = first(refine, query="Odnse", properties=[{"pid": "countryCode", "v": "DK"}])
    wrong = first(refine, query="Odnse", properties=[{"pid": "countryCode", "v": "SE"}])
    assert right["name"] == wrong["name"] == "Odense"
    assert right["score"] > wrong["score"] + 20
    assert {"id": "property countryCode", "value": 100.0} in right["features"]
    near = first(refine, query="Odense", properties=[{"pid": "latitude", "v": 55.4}])
    assert near["score"] > 95
    unknown = first(refine, query="Odense", properties=[{"pid": "P31", "v": {"id": "Q515"}}])
    assert unknown["score"] == 100


def test_identifiers_find_without_a_name(refine: httpx.Client) -> None:
    same = [{"pid": "exactMatch", "v": "https://sws.geonames.org/2615876/"}]
    found = first(refine, properties=same)
    assert (found["name"], found["score"]) == ("Odense", 100)


def test_an_id_finds_its_thing(refine: httpx.Client, entities: dict[str, str]) -> None:
    found = first(refine, query=entities["Bo Lind"])
    assert (found["name"], found["score"], found["match"]) == ("Bo Lind", 100, True)


def test_who_is_only_described_is_no_match(refine: httpx.Client) -> None:
    found = first(refine, query="fishermen")
    assert (found["score"], found["match"]) == (100, False)


def test_an_empty_cell_has_no_candidates_and_harms_no_other(refine: httpx.Client) -> None:
    results = matched(refine, {"a": {"query": ""}, "b": {"query": "Ada Brook"}})
    assert results["a"]["result"] == []
    assert results["b"]["result"][0]["match"]


def test_another_script_is_no_other_name(refine: httpx.Client) -> None:
    assert first(refine, query="Ада Брук")["name"] == "Ada Brook"


def test_get_is_the_same(refine: httpx.Client) -> None:
    queries = {"a": {"query": "Ada Brook"}}
    answer = refine.get("/reconcile", params={"queries": json.dumps(queries)})
    assert answer.json() == matched(refine, queries)


def test_a_cell_is_previewed(
    refine: httpx.Client, manifest: dict[str, Any], entities: dict[str, str]
) -> None:
    id_ = quote(entities["Ada Brook"], safe="")
    page = refine.get(manifest["preview"]["url"].replace("{{id}}", id_))
    assert page.headers["content-type"].startswith("text/html")
    assert "frame-ancestors *" in page.headers["content-security-policy"]
    assert "Ada Brook" in page.text
    view = refine.get(manifest["view"]["url"].replace("{{id}}", id_))
    assert view.status_code == 303
    shown = refine.get(view.headers["location"].replace("..", ""), headers={"Accept": "text/html"})
    assert shown.status_code == 200
    assert "Ada Brook" in shown.text


def test_columns_are_added(
    refine: httpx.Client, manifest: dict[str, Any], entities: dict[str, str]
) -> None:
    proposing = manifest["extend"]["propose_properties"]
    address = proposing["service_url"] + proposing["service_path"]
    proposed = checked(refine.get(address, params={"type": "Place"}).json(), forms.PROPOSAL)
    properties = [each["id"] for each in proposed["properties"]]
    assert "countryCode" in properties
    assert "statements" not in properties
    few = refine.get(address, params={"type": "Person", "limit": 2}).json()
    assert len(checked(few, forms.PROPOSAL)["properties"]) == 2
    ids = [entities["Odense"], entities["Ada Brook"], "actor/none"]
    asked = {
        "ids": ids,
        "properties": [{"id": each} for each in (*properties, "statements")],
    }
    checked(asked, forms.EXTEND)
    answer = refine.post("/reconcile", data={"extend": json.dumps(asked)})
    extended = checked(answer.json(), forms.EXTENSION)
    odense, brook, none = (extended["rows"][each] for each in ids)
    assert odense["countryCode"] == [{"str": "DK"}]
    assert odense["latitude"] == [{"float": 55.39594}]
    assert odense["within"] == [{"id": "place/geonames-2623032", "name": "Denmark"}]
    assert odense["documents"] == [{"int": 2}]
    assert odense["firstIssued"] == [{"str": "2031-05-04"}]
    assert odense["exactMatch"] == [{"str": "https://sws.geonames.org/2615876/"}]
    assert (brook["statements"], brook["documents"]) == ([{"int": 2}], [{"int": 1}])
    assert brook["countryCode"] == []
    assert set(map(str, none.values())) == {"[]"}


def test_entities_are_suggested_by_the_beginnings_of_words(
    refine: httpx.Client, entities: dict[str, str]
) -> None:
    def suggested(prefix: str, **more: Any) -> dict[str, Any]:
        answer = refine.get("/reconcile/suggest/entity", params={"prefix": prefix, **more})
        return dict(checked(answer.json(), forms.ENTITIES))

    assert names(suggested("ad")) == ["Ada Brook"]
    assert "Ada Brook" in names(suggested("bro"))
    assert names(suggested(entities["Bo Lind"])) == ["Bo Lind"]
    assert names(suggested("ode", type="Person")) == []
    assert names(suggested("ad", cursor=1)) == []
    assert names(suggested('") OR *')) == []
    flyout = refine.get("/reconcile/flyout/entity", params={"id": entities["Odense"]})
    assert "Denmark" in checked(flyout.json(), forms.FLYOUT)["html"]


def test_types_and_properties_are_suggested(refine: httpx.Client) -> None:
    types = refine.get("/reconcile/suggest/type", params={"prefix": "per"}).json()
    assert [each["id"] for each in checked(types, forms.TYPES)["result"]] == ["Person"]
    found = refine.get("/reconcile/suggest/property", params={"prefix": "count"}).json()
    assert [each["id"] for each in checked(found, forms.PROPERTIES)["result"]] == ["countryCode"]
    for what, id_ in (("type", "Person"), ("property", "countryCode")):
        flyout = refine.get(f"/reconcile/flyout/{what}", params={"id": id_})
        assert checked(flyout.json(), forms.FLYOUT)["id"] == id_


# ----------------------------------------------------------------------------- other clients


def test_old_clients_get_a_script(refine: httpx.Client) -> None:
    answer = refine.get("/reconcile", params={"callback": "jQuery123.cb"})
    assert answer.headers["content-type"].startswith("text/javascript")
    body = answer.text.removeprefix("/**/jQuery123.cb(").removesuffix(");")
    checked(json.loads(body), forms.MANIFEST)


@pytest.mark.parametrize("callback", ["alert(1)//", "a b", "<script>", "a.", "1a", "x" * 200])
def test_only_a_name_can_be_called(refine: httpx.Client, callback: str) -> None:
    refuse(refine.get("/reconcile", params={"callback": callback}), 400)


def test_other_sites_may_ask_first(refine: httpx.Client) -> None:
    headers = {"Access-Control-Request-Method": "POST"}
    answer = refine.options("/reconcile", headers=headers)
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "*"


# ----------------------------------------------------------------------------------- refusals


def refuse(answer: httpx.Response, status: int) -> str:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["access-control-allow-origin"] == "*"
    return str(answer.json()["detail"])


@pytest.mark.parametrize(
    ("queries", "told"),
    [
        ("{", "not JSON"),
        ("[]", "JSON object"),
        ("[" * 100_000, "not JSON"),
        ('{"a": 1}', "'a' must be an object"),
        ('{"a": {}}', 'neither "query" nor "properties"'),
        ('{"a": {"properties": []}}', "neither"),
        ('{"a": {"query": 1}}', "must be a string"),
        ('{"a": {"query": "x", "limit": 0}}', "limit"),
        ('{"a": {"query": "x", "limit": "3"}}', "limit"),
        ('{"a": {"query": "x", "type": 1}}', "type"),
        ('{"a": {"query": "x", "type_strict": "never"}}', "type_strict"),
        ('{"a": {"query": "x", "properties": [{"pid": 1}]}}', "properties"),
        ('{"a": {"query": "x", "properties": [{"pid": "a", "v": {}}]}}', "value"),
    ],
)
def test_what_is_no_batch_is_told(refine: httpx.Client, queries: str, told: str) -> None:
    assert told in refuse(refine.post("/reconcile", data={"queries": queries}), 400)


@pytest.mark.parametrize(
    "extend",
    ["{}", '{"ids": "a", "properties": []}', '{"ids": [], "properties": [{"id": "P31"}]}'],
)
def test_what_is_no_extension_is_told(refine: httpx.Client, extend: str) -> None:
    refuse(refine.post("/reconcile", data={"extend": extend}), 400)


def test_too_much_is_refused(refine: httpx.Client, manifest: dict[str, Any]) -> None:
    many = {str(at): {"query": "Ada"} for at in range(manifest["batchSize"] + 1)}
    assert "50" in refuse(refine.post("/reconcile", data={"queries": json.dumps(many)}), 413)
    ids = {"ids": [f"actor/{at}" for at in range(501)], "properties": []}
    refuse(refine.post("/reconcile", data={"extend": json.dumps(ids)}), 413)
    refuse(refine.post("/reconcile", data={"queries": "x" * 5_000_000}), 413)


def test_nothing_is_there_of_what_is_unknown(refine: httpx.Client) -> None:
    refuse(refine.get("/reconcile/preview", params={"id": "actor/none"}), 404)
    refuse(refine.get("/reconcile/view", params={"id": "javascript:alert(1)"}), 404)
    refuse(refine.get("/reconcile/flyout/entity", params={"id": "x> } DROP ALL"}), 404)
    refuse(refine.get("/reconcile/suggest/anything", params={"prefix": "a"}), 404)
    refuse(refine.get("/reconcile/preview"), 400)
    refuse(refine.get("/reconcile/suggest/entity", params={"prefix": "a", "cursor": "-1"}), 400)
    refuse(refine.post("/reconcile", data={"other": "1"}), 400)
    refuse(refine.post("/reconcile", json={"queries": {}}), 415)


@pytest.mark.parametrize("name", ['"', "*", "a\x00b", "NEAR(a b)", "' OR 1=1 --", "Ω" * 900])
def test_any_name_can_be_asked_for(refine: httpx.Client, name: str) -> None:
    matched(refine, {"q": {"query": name}})
