"""Templates: everything is escaped, links are relative, nothing comes from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from testimonia import __version__

_FORMAT_NAMES = {
    "turtle": "Turtle",
    "jsonld": "JSON-LD",
    "ntriples": "N-Triples",
    "rdfxml": "RDF/XML",
}


def render(
    request: Request,
    template: str,
    context: Mapping[str, Any],
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """A page; ``root`` in a template is the relative way to the archive's root."""
    body = (
        _environment()
        .get_template(template)
        .render(
            root=root_from(request),
            **_common(context),
        )
    )
    return HTMLResponse(body, status, {"Vary": "Accept", **(headers or {})})


def paper(template: str, context: Mapping[str, Any], root: str) -> str:
    """A page that stands alone, with its style in it, to be kept or printed; links begin with
    ``root``."""
    style = (files("testimonia.web") / "static" / "style.css").read_text(encoding="utf-8")
    common = _common({**context, "alternates": (), "layout": "paper.html"})
    return _environment().get_template(template).render(root=root, style=style, **common)


def _common(context: Mapping[str, Any]) -> dict[str, Any]:
    """``kept`` is what links to other forms of a page keep of its query string."""
    defaults = {"alternates": (), "search": "", "kept": "", "layout": "base.html"}
    return {"version": __version__, "format_names": _FORMAT_NAMES, **defaults, **context}


def root_from(request: Request) -> str:
    """``../`` as often as it takes from the request's path to the root."""
    path = request.scope.get("raw_path") or request.scope["path"].encode()
    return "../" * (path.count(b"/") - 1) or "./"


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("testimonia.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
