"""Which format a result is written in: what the client accepts, by the rules of HTTP.

RFC 9110, section 12.5.1 (Accept); SPARQL 1.1 Protocol, section 2.1.6. An ``Accept`` header that
cannot be read accepts nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

import mimeparse

from testimonia.errors import NotAcceptable

_LONG_HEADER: Final = 500


class ResultKind(StrEnum):
    """What a query form gives."""

    BINDINGS = "SELECT"
    BOOLEAN = "ASK"
    GRAPH = "CONSTRUCT or DESCRIBE"


@dataclass(frozen=True, slots=True)
class Format:
    """A serialisation: its short name, its media type, and other names for both."""

    name: str
    media_type: str
    aliases: tuple[str, ...] = ()
    other_names: tuple[str, ...] = ()

    @property
    def media_types(self) -> tuple[str, ...]:
        """All of them, the proper one first."""
        return (self.media_type, *self.aliases)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A format, and the media type to name in the answer: the alias, if the client used one."""

    format: Format
    media_type: str


# In the order of preference where the client has none.
TABLES = (
    Format("json", "application/sparql-results+json", ("application/json",), ("srj",)),
    Format("xml", "application/sparql-results+xml", ("application/xml", "text/xml"), ("srx",)),
    Format("csv", "text/csv"),
    Format("tsv", "text/tab-separated-values"),
)
GRAPHS = (
    Format("turtle", "text/turtle", ("application/x-turtle",), ("ttl",)),
    Format("ntriples", "application/n-triples", ("text/plain",), ("nt",)),
    Format("rdfxml", "application/rdf+xml", ("application/xml", "text/xml"), ("rdf", "xml")),
    Format("jsonld", "application/ld+json", ("application/json",), ("json-ld", "json")),
    Format("trig", "application/trig"),
    Format("nquads", "application/n-quads", (), ("nq",)),
)


def formats(kind: ResultKind) -> tuple[Format, ...]:
    """The formats that a result of this kind can be written in, the preferred one first."""
    return GRAPHS if kind is ResultKind.GRAPH else TABLES


def negotiate(accept: str | None, kind: ResultKind) -> Chosen | None:
    """What an ``Accept`` header chooses; no header accepts everything.

    ``None`` where nothing that there is would be accepted.
    """
    offered = formats(kind)
    if accept is None or not accept.strip():
        return Chosen(offered[0], offered[0].media_type)
    by_type = _by_media_type(offered)
    try:
        # mimeparse takes the last of those that the client likes equally.
        best = mimeparse.best_match(list(reversed(by_type)), accept.lower())
    except mimeparse.MimeTypeParseException:
        return None
    return Chosen(by_type[best], best) if best else None


def named(name: str, kind: ResultKind) -> Chosen | None:
    """The format called ``name``: a short name (``csv``, ``turtle``, ``nt``) or a media type."""
    wanted = name.strip().lower()
    for format_ in formats(kind):
        if wanted in (format_.name, *format_.other_names):
            return Chosen(format_, format_.media_type)
    format_or_none = _by_media_type(formats(kind)).get(wanted)
    return Chosen(format_or_none, wanted) if format_or_none else None


def choose(name: str | None, accept: str | None, kind: ResultKind) -> Chosen:
    """By name if one is given, else by the ``Accept`` header.

    Raises:
        NotAcceptable: there is no such format for this kind of result.
    """
    chosen = named(name, kind) if name else _negotiated(accept, kind)
    if chosen is None:
        asked = name or accept
        there_are = ", ".join(f"{f.name} ({f.media_type})" for f in formats(kind))
        raise NotAcceptable(f"{kind} results have no format {asked!r}; there are {there_are}")
    return chosen


def _negotiated(accept: str | None, kind: ResultKind) -> Chosen | None:
    """Clients send few different headers; long ones are not kept."""
    short = accept is None or len(accept) < _LONG_HEADER
    return _remembered(accept, kind) if short else negotiate(accept, kind)


@lru_cache(maxsize=256)
def _remembered(accept: str | None, kind: ResultKind) -> Chosen | None:
    return negotiate(accept, kind)


def _by_media_type(offered: tuple[Format, ...]) -> dict[str, Format]:
    """All proper types before all aliases: a wildcard gets a proper one."""
    proper = {format_.media_type: format_ for format_ in offered}
    aliases = {alias: format_ for format_ in offered for alias in format_.aliases}
    return {**proper, **aliases}
