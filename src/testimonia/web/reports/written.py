"""A report written out whole, without a server: a page that stands alone, JSON, or RDF."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from pydantic import BaseModel, ValidationError

from testimonia import rdf as triples_rdf
from testimonia.errors import UsageError
from testimonia.views import cube
from testimonia.vocabulary import TST
from testimonia.web.api.meaning import resolved
from testimonia.web.paging import Paging
from testimonia.web.rendering import paper
from testimonia.web.reports import chronicle, compare, dossier, models, rdf, shown, voices
from testimonia.web.reports.api import json_of
from testimonia.web.reports.asked import (
    AskedComparison,
    AskedEvents,
    AskedVoices,
    scope_of,
)
from testimonia.web.site import Site

NAMES: Final = ("voices", "dossier", "compare", "timeline")
_ASKED: Final[dict[str, type[AskedComparison | AskedEvents | AskedVoices]]] = {
    "voices": AskedVoices,
    "compare": AskedComparison,
    "timeline": AskedEvents,
}
_MODELS: Final[dict[str, type[BaseModel]]] = {
    "voices": models.Voices,
    "dossier": models.Dossier,
    "compare": models.Compared,
    "timeline": models.Chronicle,
}
_SIZES: Final = {
    "voices": 1,
    "compare": compare.EVENTS_PER_PAGE,
    "timeline": chronicle.EVENTS_PER_PAGE,
}


def written(site: Site, name: str, given: dict[str, Any], format_: str) -> bytes:
    """The report of this name on what is ``given`` (parameters as of its page; ``actor`` of a
    dossier), in ``html``, ``json``, or a format of RDF by its name.

    Raises:
        UsageError: a value means nothing, or is nobody's name.
        QueryError: words cannot be searched for.
    """
    if name == "dossier":
        return _dossier(site, str(given.get("actor") or ""), format_)
    try:
        asked = _ASKED[name].model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        raise UsageError(f"{first['loc'][0]}: {first['msg']}") from None
    scope = scope_of(site, asked)
    for parameter in scope.unknown:
        raise UsageError(f"nothing in this archive is called {given[parameter]!r} ({parameter})")
    view = _view(site, name, asked)
    if format_ == "json":
        return json_of(_MODELS[name], view, indent=1).encode()
    address = site.iris.base_iri + name + (f"?{scope.query}" if scope.query else "")
    if format_ == "html":
        context = {
            "wrong": "",
            "view": view,
            "paging": Paging(asked.page, _total(view), query=scope.query, size=_SIZES[name]),
            **shown.common(site, scope, asked),
            **shown.context(name, view),
        }
        return paper(f"{name}.html", context, site.iris.base_iri).encode()
    if name == "voices":
        return triples_rdf.serialise(cube.triples(view, address), format_)
    kept = [*scope.given, ("page", str(asked.page + 1))]
    following = f"{site.iris.base_iri}{name}?{urlencode(kept)}" if _more(view) else ""
    made = (rdf.comparison if name == "compare" else rdf.timeline)(view, address, following)
    return site.answers.construct(rdf.construct(made), format_).body


def _view(site: Site, name: str, asked: AskedComparison | AskedEvents | AskedVoices) -> Any:
    scope = scope_of(site, asked)
    if name == "voices":
        return voices.voices(site, scope)
    if name == "compare":
        return compare.compared(site, scope, asked.page)
    return chronicle.chronicle(site, scope, asked.page)


def _total(view: Any) -> int:
    part = getattr(view, "events", None) or getattr(view, "happenings", None)
    return part.total if part is not None else 0


def _more(view: Any) -> int:
    part = getattr(view, "events", None) or getattr(view, "happenings", None)
    return part.more if part is not None else 0


def _dossier(site: Site, called: str, format_: str) -> bytes:
    iri = _actor(site, called)
    view = dossier.dossier(site, iri)
    if format_ == "json":
        return json_of(models.Dossier, view, indent=1).encode()
    if format_ == "html":
        context = {"view": view, **shown.context("dossier", view)}
        return paper("dossier.html", context, site.iris.base_iri).encode()
    query = rdf.construct(rdf.dossier(view, f"{iri}/dossier"))
    return site.answers.construct(query, format_).body


def _actor(site: Site, called: str) -> str:
    """The actor of this name.

    Raises:
        UsageError: there is none, or there are several.
    """
    found = [
        each
        for each in resolved(site, {"actor": called}).get("actor", ())
        if site.exists(each, TST.Actor)
    ]
    if not found:
        raise UsageError(
            f"no actor of this archive is called {called!r}; names are as the archive spells them"
        )
    if len(found) > 1:
        paths = ", ".join(each.removeprefix(site.iris.base_iri) for each in sorted(found)[:10])
        raise UsageError(f"{len(found)} actors are called {called!r}; name one: {paths}")
    return found[0]
