"""What the query editor at ``/sparql`` needs: prefixes, examples and terms, all our own.

The editor itself (YASGUI) is put into the static files by ``make editor`` where npm can install it.
The page works as a plain form without it.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Final

from fastapi import APIRouter

from testimonia import vocabulary
from testimonia.terms import iri_of
from testimonia.vocabulary import EVENT_TYPES, PREFIXES, Namespace, terms_of
from testimonia.web import saved

# Scripts of this server alone; the editor sets styles of elements, and has icons in its style
# sheet. Nothing is asked of any other host.
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self';"
    " img-src 'self' data:; font-src 'self' data:; connect-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)
_BUNDLE: Final = Path(__file__).parent / "static" / "yasgui" / "yasgui.min.js"


def installed() -> bool:
    """Whether this installation has the editor."""
    return _BUNDLE.is_file()


def router() -> APIRouter:
    """The route of the editor's data."""
    routes = APIRouter(tags=["service"])

    @routes.get("/editor.json", summary="Prefixes, examples and terms for the query editor")
    def data() -> dict[str, Any]:
        return _data()

    return routes


@cache
def _data() -> dict[str, Any]:
    classes, properties = _terms()
    return {
        "prefixes": dict(PREFIXES),
        "examples": [
            {"question": each.question, "query": each.text} for each in saved.queries().values()
        ],
        "classes": classes,
        "properties": properties,
    }


def _terms() -> tuple[list[str], list[str]]:
    """The IRIs of the vocabularies in use: what begins with a capital is a class or a concept."""
    classes = [iri_of(term) for term in EVENT_TYPES.values()]
    properties: list[str] = []
    for namespace in vars(vocabulary).values():
        if not isinstance(namespace, type) or namespace is Namespace:
            continue
        if not issubclass(namespace, Namespace):
            continue
        for name, term in terms_of(namespace).items():
            (classes if name[0].isupper() and "_" not in name else properties).append(iri_of(term))
    return sorted(set(classes)), sorted(set(properties))
