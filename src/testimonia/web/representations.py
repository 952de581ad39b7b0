"""Which representation of a page a client gets: HTML for people, RDF for programs.

``?format=`` decides where it is given, else the ``Accept`` header (RFC 9110, section 12.5.1).
Where a client has no preference it gets HTML; on ``/sparql``, the other way round.
"""

from __future__ import annotations

from typing import Final

import mimeparse

from testimonia.errors import NotAcceptable
from testimonia.sparql.negotiation import (
    GRAPHS,
    TABLES,
    Chosen,
    Format,
    ResultKind,
    choose,
    negotiate,
)

HTML: Final = Format("html", "text/html")
# The formats that a page names as its alternates; more are there for who asks.
ALTERNATES: Final = tuple(
    each for each in GRAPHS if each.name in {"turtle", "jsonld", "ntriples", "rdfxml"}
)


def of_page(name: str | None, accept: str | None) -> Chosen | None:
    """The RDF format for a thing's page, ``None`` for HTML.

    Raises:
        NotAcceptable: the client wants what there is not.
    """
    if name and name.lower() != HTML.name:
        return choose(name, None, ResultKind.GRAPH)
    if name or not accept or _best([*_types(GRAPHS), HTML.media_type], accept) == HTML.media_type:
        return None
    chosen = negotiate(accept, ResultKind.GRAPH)
    if chosen is None:
        there_are = ", ".join(each.media_type for each in (HTML, *GRAPHS))
        raise NotAcceptable(f"this page is not there as {accept!r}, but as {there_are}")
    return chosen


def wants_html_result(name: str | None, accept: str | None) -> bool:
    """Whether a query's result is to be a page."""
    if name:
        return name.lower() in (HTML.name, HTML.media_type)
    return bool(accept) and prefers_html(accept, [*_types(TABLES), *_types(GRAPHS)])


def wants_html_form(name: str | None, accept: str | None) -> bool:
    """Whether a request without a query is a person's, who wants the form."""
    if name:
        return name.lower() in (HTML.name, HTML.media_type)
    return prefers_html(accept, _types(GRAPHS))


def prefers_html(accept: str | None, others: list[str]) -> bool:
    """Whether a client takes HTML rather than any of ``others``; of two equal, not."""
    return bool(accept) and _best([HTML.media_type, *others], accept or "") == HTML.media_type


def links(formats: tuple[Format, ...] = ALTERNATES) -> str:
    """The ``Link`` header (RFC 8288) that names a page's other representations."""
    return ", ".join(
        f'<?format={each.name}>; rel="alternate"; type="{each.media_type}"' for each in formats
    )


def _types(formats: tuple[Format, ...]) -> list[str]:
    """The media types, the preferred one last: of equals, mimeparse takes the last."""
    return [media_type for each in reversed(formats) for media_type in reversed(each.media_types)]


def _best(offered: list[str], accept: str) -> str:
    try:
        return str(mimeparse.best_match(offered, accept.lower()))
    except mimeparse.MimeTypeParseException:
        return ""
