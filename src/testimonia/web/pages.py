"""The pages that are about the archive: home, lists, search. Handlers run in threads."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import HTMLResponse

from testimonia import fulltext
from testimonia.errors import QueryError
from testimonia.web import pages_queries as queries
from testimonia.web.answers import Row
from testimonia.web.pages_queries import PAGE
from testimonia.web.paging import PageNumber, Paging, offset_of
from testimonia.web.rendering import render
from testimonia.web.site import Site, number
from testimonia.web.views import cards

SearchWords = Annotated[str, Query(max_length=500, description="words to look for, all of them")]

_ON_HOME = 10


def router(site: Site) -> APIRouter:
    """Routes of these pages."""
    routes = APIRouter(default_response_class=HTMLResponse, tags=["pages"])

    @routes.get("/", summary="Counts, newest documents, speakers, places, events")
    def home(request: Request) -> HTMLResponse:
        return render(request, "home.html", _home(site))

    @routes.get("/search", summary="Search labels, titles and contents")
    def search(request: Request, q: SearchWords = "", page: PageNumber = 1) -> HTMLResponse:
        shown = _search(site, q, page)
        status = HTTPStatus.BAD_REQUEST if shown["wrong"] else HTTPStatus.OK
        return render(request, "search.html", shown, status=status)

    @routes.get("/documents", summary="All documents, newest first")
    def documents(request: Request, page: PageNumber = 1) -> HTMLResponse:
        return render(request, "documents.html", _documents(site, page))

    @routes.get("/statements", summary="All statements, by document")
    def statements(request: Request, page: PageNumber = 1) -> HTMLResponse:
        return render(request, "statements.html", _statements(site, page))

    for path, title, unit, ranking in _RANKED:
        routes.get(path, summary=title)(_ranked(site, title, unit, ranking))
    return routes


_RANKED = (
    ("/actors", "Speakers, most quoted first", "statement", queries.SPOKEN),
    ("/places", "Places, most spoken of first", "mention", queries.PLACED),
    ("/events", "Events, most told of first", "account", queries.TOLD),
)


def _ranked(
    site: Site, title: str, unit: str, ranking: queries.Ranking
) -> Callable[..., HTMLResponse]:
    def ranked(request: Request, page: PageNumber = 1) -> HTMLResponse:
        total = site.answers.count(queries.ranked_total(ranking))
        found = site.counted(queries.ranked(ranking, PAGE, offset_of(page)))
        return render(
            request,
            "ranked.html",
            {"title": title, "unit": unit, "things": found, "paging": Paging(page, total)},
        )

    return ranked


def _home(site: Site) -> dict[str, Any]:
    totals = site.answers.first(queries.totals())
    return {
        "totals": {name: number(value) for name, value in totals.items()},
        "documents": _document_rows(site, _ON_HOME),
        "speakers": site.counted(queries.ranked(queries.SPOKEN, _ON_HOME)),
        "places": site.counted(queries.ranked(queries.PLACED, _ON_HOME)),
        "events": site.counted(queries.ranked(queries.TOLD, _ON_HOME)),
        "rejected": len(site.rejected()),
    }


def _documents(site: Site, page: int) -> dict[str, Any]:
    total = number(site.answers.first(queries.totals()).get("documents"))
    return {
        "documents": _document_rows(site, PAGE, offset_of(page)),
        "paging": Paging(page, total),
        "rejected": site.rejected(),
    }


def _document_rows(site: Site, limit: int, offset: int = 0) -> list[dict[str, Any]]:
    rows = site.answers.select(queries.newest_documents(site.iris, limit, offset))
    rows = tuple(row for row in rows if "x" in row)
    things = site.things(row["x"].text for row in rows)
    counts = _statement_counts(site, [row["x"].text for row in rows])
    return [
        {
            "thing": things.of(row["x"].text),
            "publisher": _text(row, "publisher"),
            "issued": _text(row, "issued"),
            "statements": counts.get(row["x"].text, 0),
        }
        for row in rows
    ]


def _statement_counts(site: Site, documents: list[str]) -> dict[str, int]:
    if not documents:
        return {}
    rows = site.answers.select(queries.statement_counts(documents))
    return {row["x"].text: number(row["n"]) for row in rows if "x" in row}


def _statements(site: Site, page: int) -> dict[str, Any]:
    total = site.answers.count(queries.statements_total(""))
    found = site.page_of(queries.statements("", total, PAGE, offset_of(page)))
    return {"cards": cards(site, found), "paging": Paging(page, total)}


def _search(site: Site, asked: str, page: int) -> dict[str, Any]:
    shown: dict[str, Any] = {"search": asked, "results": [], "paging": None, "wrong": "", "more": 0}
    if not asked.strip():
        return shown
    try:
        total = site.answers.count(queries.search_total(site.iris, asked))
        found = site.answers.search(queries.search(site.iris, asked, PAGE, offset_of(page)))
    except QueryError as error:
        return {**shown, "wrong": str(error)}
    iris = [row["x"].text for row in found.rows if "x" in row]
    things = site.things(iris)
    return {
        **shown,
        "results": [things.of(each) for each in iris],
        "paging": Paging(page, total, query=urlencode({"q": asked})),
        "more": fulltext.MOST_HITS if found.cut else 0,
    }


def _text(row: Row, name: str) -> str:
    return row[name].text if name in row else ""
