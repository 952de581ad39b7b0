"""Errors of the application in one shape, and which error is which status."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from fastapi import FastAPI

from testimonia.errors import (
    ArchiveError,
    ArchiveLocked,
    NotAcceptable,
    QueryAborted,
    QueryError,
    StoreError,
    TestimoniaError,
)
from testimonia.library import Archive, open_archive
from testimonia.settings import Settings
from testimonia.web import create_app
from testimonia.web.problems import of_error

SHAPE = {"type", "title", "status", "detail"}


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (QueryError("x"), 400),
        (NotAcceptable("x"), 406),
        (QueryAborted("x", "deadline"), 503),
        (QueryAborted("x", "memory"), 507),
        (QueryAborted("x", "size"), 413),
        (QueryAborted("x", "crash"), 500),
        (StoreError("x"), 503),
        (ArchiveError("x"), 503),
        (ArchiveLocked("x"), 409),
        (TestimoniaError("x"), 500),
        (KeyError("x"), 500),
    ],
)
def test_each_error_has_its_status(error: Exception, status: int) -> None:
    problem = of_error(error)
    assert problem.status == status
    assert ("Retry-After" in problem.headers) == (status in (409, 503))


def test_an_unexpected_error_tells_nothing_of_the_inside() -> None:
    assert "secret" not in of_error(ValueError("secret")).detail


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("GET", "/document/nothing/at/all", 404),
        ("GET", "/static/nothing.css", 404),
        ("GET", "/statement/nothing", 404),
        ("GET", "/statements?page=0", 422),
        ("GET", "/statements?page=x", 422),
        ("GET", "/search?q=" + "x" * 600, 422),
        ("POST", "/search", 405),
        ("DELETE", "/", 405),
    ],
)
async def test_programs_get_problem_json_and_people_a_page(
    client: httpx.AsyncClient, method: str, path: str, status: int
) -> None:
    for accept in ("*/*", "application/json", "application/problem+json", "text/turtle"):
        response = await client.request(method, path, headers={"Accept": accept})
        assert response.status_code == status
        assert response.headers["content-type"] == "application/problem+json"
        assert response.json().keys() >= SHAPE
        assert response.json()["status"] == status
        if status == 405:
            assert "GET" in response.headers["allow"]
    page = await client.request(method, path, headers={"Accept": "text/html,*/*;q=0.8"})
    assert page.status_code == status
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    depth = path.partition("?")[0].count("/") - 1
    assert f'href="{"../" * depth or "./"}static/style.css"' in page.text


@pytest.mark.anyio
async def test_an_unexpected_error_has_the_shape_too(archive: Archive) -> None:
    app = create_app(archive)

    def fail() -> None:
        raise LookupError("secret")

    app.router.add_api_route("/fails", fail)
    async with _opened(app) as client:
        response = await client.get("/fails")
    assert response.status_code == 500
    assert response.json().keys() >= SHAPE
    assert "secret" not in response.text


@pytest.mark.anyio
async def test_a_query_over_its_time_is_ended(archive: Archive) -> None:
    with open_archive(archive.folder, settings=Settings(query_seconds=1.0)) as hurried:
        query = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
        async with _opened(create_app(hurried)) as client:
            response = await client.get("/sparql", params={"query": query})
            after = await client.get("/sparql", params={"query": "ASK {}"})
    assert response.status_code == 503
    assert "1 seconds" in response.json()["detail"]
    assert response.headers["retry-after"]
    assert after.json() == {"head": {}, "boolean": True}


@pytest.mark.anyio
async def test_an_archive_without_documents_has_a_home(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("empty") / "archive"
    with open_archive(folder, create=True) as empty:
        async with _opened(create_app(empty)) as client:
            home = await client.get("/")
            health = await client.get("/healthz")
    assert home.status_code == 200
    assert "archive is empty" in home.text
    assert health.status_code == 200


@asynccontextmanager
async def _opened(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """With the application's end the query processes end."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://archive.test") as client,
    ):
        yield client
