"""Decisions over HTTP: recorded with a token, carried out by a job, shown on pages."""

from __future__ import annotations

import json
import re
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from servers import serving
from testimonia.library import Archive, open_archive, restore
from testimonia.tokens import Tokens
from testimonia.web import create_app
from testimonia.web.access import TokenAccess
from testimonia.web.app import Serving
from testimonia.web.job_runner import JobRunner

pytestmark = pytest.mark.anyio
LETTER = "Mayor Ada Moss said that the harbour of Odense is shut. Captain Bo Hale denied it."


# --------------------------------------------------------------------------- a real server


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("decided") / "archive"
    letter = folder.parent / "letter.txt"
    letter.write_text(LETTER, "utf-8")
    with open_archive(folder, create=True) as opened:
        assert [each.result for each in opened.ingest([letter])] == ["stored"]
    return folder


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[str]:
    with serving("--archive", str(folder)) as served:
        yield served.url


def ended(client: httpx.Client, job: str) -> dict[str, Any]:
    for _ in range(300):
        found: dict[str, Any] = client.get(f"/jobs/{job}").json()
        if found["state"] in ("done", "failed"):
            return found
        time.sleep(0.2)
    raise AssertionError(f"the job did not end: {found}")


def test_a_decision_is_recorded_carried_out_by_a_job_and_withdrawn(
    server: str, folder: Path
) -> None:
    token = Tokens(folder).create(["curate"], name="Nell")[0]
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=server, headers=headers, timeout=60) as client:
        statements = client.get("/api/statements").json()["items"]
        (shut,) = [each for each in statements if "shut" in each["content"]["text"]]
        path = "statement/" + shut["id"].rpartition("/")[2]
        asked = {
            "kind": "correct",
            "thing": path,
            "field": "speaker",
            "value": "Captain Bo Hale",
            "by": "Nell",
            "why": "he says so himself",
        }
        made = client.post("/api/decisions", json=asked)
        assert made.status_code == 202, made.text
        (decision,) = made.json()["items"]
        assert made.headers["location"] == f"/api/decisions/{decision['id']}"
        job = ended(client, made.json()["job"])
        assert (job["state"], [each["result"] for each in job["outcomes"]]) == ("done", ["stored"])
        shown = client.get(made.headers["location"]).json()
        (effect,) = shown["effects"]
        assert (effect["standing"], effect["things"]) == ("applied", [path])
        after = client.get(f"/api/{path.replace('statement/', 'statements/')}").json()
        assert "Hale" in after["speakers"][0]["label"]
        page = client.get(f"/review/decision/{decision['id']}", headers={"Accept": "text/html"})
        assert "he says so himself" in page.text
        data = client.get(f"/decision/{decision['id']}", headers={"Accept": "text/turtle"})
        assert data.status_code == 200
        assert "he says so himself" in data.text
        gone = client.post(f"/api/decisions/{decision['id']}/withdrawal", json={"by": "Ivy"})
        assert gone.status_code == 202, gone.text
        assert ended(client, gone.json()["job"])["state"] == "done"
        after = client.get(f"/api/{path.replace('statement/', 'statements/')}").json()
        assert "Moss" in after["speakers"][0]["label"]
        again = client.post(f"/api/decisions/{decision['id']}/withdrawal", json={"by": "Ivy"})
        assert again.status_code == 409
        listed = client.get("/api/decisions").json()
        assert (listed["total"], listed["items"]) == (0, [])
        (kept,) = client.get("/api/decisions", params={"withdrawn": True}).json()["items"]
        assert kept["withdrawn"]["by"] == "Ivy"


def test_a_decision_by_a_form_without_any_script(server: str, folder: Path) -> None:
    token = Tokens(folder).create(["curate"])[0]
    with httpx.Client(base_url=server, timeout=60, headers={"Accept": "text/html"}) as browser:
        actors = browser.get("/api/actors", headers={"Accept": "application/json"}).json()["items"]
        ada, bo = (
            "actor/"
            + next(each["id"] for each in actors if name in each["label"]).rpartition("/")[2]
            for name in ("Moss", "Hale")
        )
        link = re.search(r'href="\.\./(review/thing\?path=[^"]+)"', browser.get(f"/{ada}").text)
        assert link
        form = browser.get("/" + link[1]).text
        assert 'name="token" type="password"' in form
        filled = browser.get("/" + link[1], params={"path": ada, "other": bo}).text
        assert f'name="other" size="60" maxlength="2000" value="{bo}"' in filled
        fields = {"kind": "merge", "thing": ada, "other": bo, "by": "Nell", "token": token}
        answer = browser.post("/review", data=fields)
        assert answer.status_code == 303, answer.text
        decision = answer.headers["location"].rpartition("/")[2]
        for _ in range(200):
            shown = browser.get(f"/api/decisions/{decision}").json()
            if shown["effects"]:
                break
            time.sleep(0.2)
        assert {each["standing"] for each in shown["effects"]} == {"applied"}
        moved = browser.get(f"/{bo}")
        assert moved.status_code in (301, 200)
        assert decision in browser.get("/review").text


# ------------------------------------------------------------------------- inside the process


@pytest.fixture(scope="module")
def curated(archive: Archive, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    """A copy of the scripted archive with tokens, whose jobs nobody runs."""
    folder = tmp_path_factory.mktemp("curated")
    archive.backup(folder / "backup")
    restore(folder / "backup", folder / "archive")
    tokens = Tokens(folder)
    with open_archive(folder / "archive") as opened:
        made = create_app(opened, Serving(access=TokenAccess(tokens)))
        made.state.curate = tokens.create(["curate"])[0]
        made.state.query = tokens.create(["query"])[0]
        yield made
        made.state.service.pool.close()


@pytest.fixture(autouse=True)
def idle(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    if "curator" in request.fixturenames:
        monkeypatch.setattr(JobRunner, "wake", lambda _: None)


@pytest.fixture
async def curator(curated: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(curated, raise_app_exceptions=False)
    headers = {"Authorization": f"Bearer {curated.state.curate}"}
    async with httpx.AsyncClient(
        transport=transport, base_url="http://archive.test", headers=headers
    ) as opened:
        yield opened


async def test_only_who_may_curate_decides(
    curator: httpx.AsyncClient, curated: FastAPI, statements: dict[str, str]
) -> None:
    thing = f"statement/{statements['more storms']}"
    asked = {"kind": "reject", "thing": thing, "by": "Nell"}
    basic = httpx.BasicAuth("nell", curated.state.curate)._auth_header
    for header, status in (
        ({}, 401),
        ({"Authorization": f"Bearer {curated.state.query}"}, 403),
        ({"Authorization": basic}, 401),  # what a browser sends by itself
    ):
        transport = httpx.ASGITransport(curated, raise_app_exceptions=False)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://archive.test", headers=header
        ) as other:
            assert (await other.post("/api/decisions", json=asked)).status_code == status
            assert (await other.post("/review", data=asked)).status_code == 401
    form = {"Content-Type": "text/plain"}  # what another site's form can send
    answer = await curator.post("/api/decisions", content=json.dumps(asked), headers=form)
    assert answer.status_code == 415


async def test_the_queue_and_things_are_everybody_s_to_read(
    client: httpx.AsyncClient, statements: dict[str, str]
) -> None:
    queue = (await client.get("/api/review")).json()["items"]
    (may,) = [each["thing"] for each in queue if each["words"] == "3 May"]
    path = f"statement/{statements['more storms']}"
    thing = (await client.get("/api/review/thing", params={"path": path})).json()
    assert thing["fields"][0] == "speaker"
    assert thing["stands"]["speaker"][0]["words"] == "fishermen"
    assert thing["stands"]["within"]["content"]["words"] == "fishermen fear more storms"
    missing = await client.get("/api/review/thing", params={"path": "statement/none"})
    assert missing.status_code == 404
    for path in ("/review", f"/review/thing?path={may}"):
        page = await client.get(path, headers={"Accept": "text/html"})
        assert page.status_code == 200, page.text
        assert "<script" not in page.text.replace("&lt;script", "")


async def test_several_are_recorded_or_none(
    curator: httpx.AsyncClient, statements: dict[str, str]
) -> None:
    thing = f"statement/{statements['the wall broke']}"
    good = {"kind": "correct", "thing": thing, "field": "polarity", "value": "Positive"}
    bad = {**good, "value": "maybe"}
    by = {"by": "Nell"}
    before = (await curator.get("/api/decisions")).json()["total"]
    answer = await curator.post("/api/decisions", json={"items": [{**good, **by}, {**bad, **by}]})
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert (await curator.get("/api/decisions")).json()["total"] == before
    answer = await curator.post("/api/decisions", json={"items": [{**good, **by}] * 2})
    assert (answer.status_code, len(answer.json()["items"])) == (202, 2)
    page = (await curator.get("/api/decisions", params={"limit": 1})).json()
    rest = (await curator.get("/api/decisions", params={"after": page["next"]})).json()
    assert len(page["items"]) + len(rest["items"]) == rest["total"]


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
_THINGS = st.sampled_from(
    ["statement/x", "document/x#char=1,2", "actor/ö", "", "place/<>", "\ud800"]
)


@given(
    body=st.fixed_dictionaries(
        {},
        optional={
            "kind": st.sampled_from(["merge", "split", "confirm", "reject", "correct"]) | _JSON,
            "thing": _THINGS | _JSON,
            "other": _THINGS | _JSON,
            "field": st.sampled_from(["speaker", "place", "content", "date"]) | _JSON,
            "value": st.sampled_from(["Odense", "narrator", "\ud800", "\x00"]) | _JSON,
            "by": st.just("Nell") | _JSON,
            "why": _JSON,
            "only": st.booleans() | _JSON,
            "items": _JSON,
        },
    ),
    real=st.booleans(),
)
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_no_request_is_an_error_of_the_server_s(
    curator: httpx.AsyncClient, statements: dict[str, str], body: dict[str, Any], real: bool
) -> None:
    if real:
        body = {**body, "thing": f"statement/{statements['more storms']}"}
    content = json.dumps(body)
    headers = {"Content-Type": "application/json"}
    answer = await curator.post("/api/decisions", content=content, headers=headers)
    assert answer.status_code in (202, 400), answer.text
    if answer.status_code == 400:
        assert answer.headers["content-type"] == "application/problem+json"


@given(content=st.binary(max_size=50))
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_no_body_is_an_error_of_the_server_s(
    curator: httpx.AsyncClient, content: bytes
) -> None:
    for path, kind in (
        ("/api/decisions", "application/json"),
        ("/review", "application/x-www-form-urlencoded"),
    ):
        answer = await curator.post(path, content=content, headers={"Content-Type": kind})
        assert 400 <= answer.status_code < 500, answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/api/decisions?after=-1",
        "/api/decisions?limit=0",
        "/api/review?limit=100000",
        "/api/review/thing",
        "/api/decisions/none",
        "/review/decision/none",
        "/review/thing?path=%00",
        "/review/thing?path=place/%22%3E",
        "/api/decisions?thing=%F0%28%8C%28",
    ],
)
async def test_what_is_not_there_or_means_nothing(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert answer.status_code in (200, 400, 404, 422), answer.text
