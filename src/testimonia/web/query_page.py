"""The page at ``/sparql``: a form, examples, and results as a table of labels.

It needs no JavaScript; where the query editor is installed, that takes the form's place.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse

from testimonia import resources
from testimonia.sparql.evaluator import QueryResult
from testimonia.sparql.negotiation import GRAPHS, TABLES
from testimonia.web import editor
from testimonia.web.answers import Table, Value, table
from testimonia.web.problems import Problem
from testimonia.web.rendering import render
from testimonia.web.site import Site
from testimonia.web.things import Thing, Things

# What a page can show; the worker chooses by the kind of query.
ACCEPT: Final = "application/sparql-results+json, text/turtle;q=0.9"
ROWS: Final = 500

_START = """\
PREFIX tst: <https://w3id.org/testimonia#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

SELECT ?statement ?speaker ?cue WHERE {
  ?statement tst:speaker ?speaker ; tst:directness tst:Direct .
  OPTIONAL { ?statement tst:cue ?cue }
}
LIMIT 50
"""


@dataclass(frozen=True, slots=True)
class Example:
    """A saved query: its question is its first comment."""

    name: str
    question: str
    query: str

    @property
    def link(self) -> str:
        """The query string that asks it."""
        return "?" + urlencode({"query": self.query})


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a row."""

    thing: Thing
    language: str | None = None
    numeric: bool = False


@cache
def examples() -> tuple[Example, ...]:
    """The queries of ``docs/queries`` that travel with this installation, by name."""
    try:
        files = sorted(resources.folder("docs/queries").glob("*.rq"))
    except FileNotFoundError:
        return ()
    return tuple(_example(file.stem, file.read_text(encoding="utf-8")) for file in files)


def form(request: Request) -> HTMLResponse:
    """The form, empty but for a query to start from."""
    return _render(request, {"query": _START})


def answered(request: Request, site: Site, query: str, result: QueryResult) -> HTMLResponse:
    """The form with a result below it."""
    if not result.media_type.endswith("json"):
        return _render(request, {"query": query, "graph": result.body.decode()})
    found = table(result.body)
    rows = found.rows[:ROWS]
    things = site.things(_iris(found))
    return _render(
        request,
        {
            "query": query,
            "columns": found.columns,
            "rows": [[_cell(row.get(name), things) for name in found.columns] for row in rows],
            "total": len(found.rows),
        },
    )


def failed(request: Request, query: str, problem: Problem) -> HTMLResponse:
    """The form with what went wrong."""
    shown = {"query": query, "problem": problem}
    return _render(request, shown, problem.status, dict(problem.headers))


def _render(
    request: Request,
    context: dict[str, Any],
    status: int = HTTPStatus.OK,
    headers: dict[str, str] | None = None,
) -> HTMLResponse:
    shown = {
        "problem": None,
        "columns": None,
        "rows": (),
        "total": 0,
        "graph": None,
        "examples": examples(),
        "downloads": _downloads(context),
        "rows_shown": ROWS,
        "editor": editor.installed(),
        **context,
    }
    policy = {"Content-Security-Policy": editor.POLICY} if editor.installed() else {}
    return render(
        request, "sparql.html", shown, status=status, headers={**policy, **(headers or {})}
    )


def _downloads(context: dict[str, Any]) -> list[tuple[str, str]]:
    """Names of formats and links to the same result in them."""
    if "columns" not in context and "graph" not in context:
        return []
    offered = GRAPHS if "graph" in context else TABLES
    return [
        (each.name, "?" + urlencode({"query": context["query"], "format": each.name}))
        for each in offered
    ]


def _example(name: str, query: str) -> Example:
    first = query.splitlines()[0] if query else ""
    question = first.removeprefix("#").strip() if first.startswith("#") else name
    return Example(name, question, query)


def _iris(found: Table) -> Iterable[str]:
    return {value.text for row in found.rows[:ROWS] for value in row.values() if value.is_iri}


def _cell(value: Value | None, things: Things) -> Cell:
    if value is None:
        return Cell(Thing(""))
    if value.is_iri:
        return Cell(things.of(value.text))
    numeric = (value.datatype or "").endswith(("#integer", "#decimal", "#double"))
    return Cell(Thing(value.text), value.language, numeric)
