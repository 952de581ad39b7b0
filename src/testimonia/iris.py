"""The IRIs of an archive's things, all under its base, and the way back from them.

===================  ==============================================================
document             ``document/<id>``
its graphs           ``document/<id>/graph``, ``document/<id>/inferred``
its local nodes      ``document/<id>/<key>``, key such as ``actor/120`` (model.py)
its mentions         ``document/<id>#char=<start>,<end>`` (RFC 5147, section 2.2.1)
everything else      ``<kind>/<id>``: statement, actor, place, event, run, …
shared graphs        ``graph/<name>``
authority files      ``authority/<name>``; entries without an IRI of their own below it
===================  ==============================================================

All are plain strings without angle brackets; ``terms.iri`` makes terms of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from testimonia.model import Span

KINDS: Final = (
    "statement",
    "actor",
    "place",
    "event",
    "relation",
    "decision",
    "curator",
    "run",
)
SHARED_GRAPHS: Final = (
    "entities",
    "gazetteer",
    "relations",
    "decisions",
    "runs",
    "ontology",
    "shapes",
)
# Shared graphs that the reading view merges, beside the two of each document.
_SHARED_IN_VIEW: Final = frozenset({"entities", "gazetteer", "relations", "ontology"})
_DOCUMENT_GRAPHS: Final = frozenset({"graph", "inferred"})
_LINK: Final = "#link"  # after a local entity's IRI

_ID = r"[A-Za-z0-9._~-]+"
_DOCUMENT = re.compile(rf"document/(?P<id>{_ID})(?:/(?P<part>[^#?]+))?")
_MENTION = re.compile(rf"document/(?P<id>{_ID})#char=(?P<start>\d+),(?P<end>\d+)")
_OTHER = re.compile(rf"(?P<kind>{'|'.join(KINDS)})/(?P<id>{_ID})(?:/(?P<part>[^#?]+))?")
_SHARED = re.compile(rf"graph/(?P<id>{'|'.join(SHARED_GRAPHS)})")
_AUTHORITY = re.compile(rf"authority/(?P<id>{_ID})(?:/(?P<part>[^#?]+))?")


@dataclass(frozen=True, slots=True)
class Name:
    """What an IRI of the archive names.

    ``kind`` is ``"document"``, ``"graph"`` (``id`` is then the shared graph's name),
    ``"authority"`` (``part`` is then an entry's id, empty for the graph) or one of ``KINDS``. Else
    ``part`` is what follows the id: ``"graph"``, ``"inferred"`` or a local key such as
    ``"actor/120"`` under a document, ``"geometry"`` under a place, else empty. ``span`` is a
    mention's: code points, end exclusive.
    """

    kind: str
    id: str
    part: str = ""
    span: Span | None = None

    @property
    def is_local(self) -> bool:
        """Whether it is a local node: an entity as one document has it."""
        return self.kind == "document" and self.part != "" and self.part not in _DOCUMENT_GRAPHS

    @property
    def is_graph(self) -> bool:
        """Whether it is one of the graphs that Testimonia itself keeps."""
        if self.kind == "authority":
            return not self.part
        return self.kind == "graph" or (self.kind == "document" and self.part in _DOCUMENT_GRAPHS)


@dataclass(frozen=True, slots=True)
class Iris:
    """Makes and reads the IRIs under one archive's ``base_iri``.

    Raises:
        ValueError: ``base_iri`` has no scheme or does not end in ``/``.
    """

    base_iri: str

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|^`\\#?]*/", self.base_iri):
            raise ValueError(f"not a base IRI: {self.base_iri!r}; it has a scheme and ends in '/'")

    def of(self, kind: str, id_: str) -> str:
        """``<base><kind>/<id>``.

        Raises:
            ValueError: ``id_`` is empty or has a character that an id may not have.
        """
        if not re.fullmatch(_ID, id_):
            raise ValueError(f"not an id: {id_!r}")
        return f"{self.base_iri}{kind}/{id_}"

    def document(self, id_: str) -> str:
        """A document."""
        return self.of("document", id_)

    def document_graph(self, id_: str) -> str:
        """The graph of what was found in a document."""
        return f"{self.document(id_)}/graph"

    def inferred_graph(self, id_: str) -> str:
        """The graph of what the ontology entails for a document."""
        return f"{self.document(id_)}/inferred"

    def local(self, document: str, key: str) -> str:
        """The local node ``key`` (``"actor/120"``) of the document with the id ``document``."""
        return f"{self.document(document)}/{key}"

    def entity_link(self, document: str, key: str) -> str:
        """Why the local entity ``key`` is the canonical one that it is: where that is said."""
        return f"{self.local(document, key)}{_LINK}"

    def is_entity_link(self, iri: str) -> bool:
        """Whether ``iri`` is an ``entity_link``."""
        return iri.endswith(_LINK) and iri.startswith(f"{self.base_iri}document/")

    def mention(self, document: str, span: Span) -> str:
        """A mention: the document's IRI with an RFC 5147 fragment."""
        return f"{self.document(document)}#char={span.start},{span.end}"

    def statement(self, id_: str) -> str:
        """A statement."""
        return self.of("statement", id_)

    def actor(self, id_: str) -> str:
        """A canonical actor."""
        return self.of("actor", id_)

    def place(self, id_: str) -> str:
        """A canonical place: ``geonames-703448``, or an id minted for one that nobody located."""
        return self.of("place", id_)

    def geometry(self, place: str) -> str:
        """The geometry of the place with the id ``place``."""
        return f"{self.place(place)}/geometry"

    def place_name(self, place: str, name: str) -> str:
        """A name that the place with the id ``place`` bore for a time; ``name`` is its id there."""
        return f"{self.place(place)}/name-{name}"

    def event(self, id_: str) -> str:
        """A canonical event."""
        return self.of("event", id_)

    def relation(self, id_: str) -> str:
        """A relation between statements or between events."""
        return self.of("relation", id_)

    def decision(self, id_: str) -> str:
        """A human decision."""
        return self.of("decision", id_)

    def curator(self, id_: str) -> str:
        """Somebody who decides."""
        return self.of("curator", id_)

    def run(self, id_: str) -> str:
        """A run of the software."""
        return self.of("run", id_)

    def authority_graph(self, name: str) -> str:
        """The graph of an authority file."""
        return self.of("authority", name)

    def authority_entry(self, name: str, id_: str) -> str:
        """An entry that has no IRI of its own, by its id in the file, which is percent-encoded."""
        return f"{self.authority_graph(name)}/{quote(id_, safe='')}"

    def authority_link(self, entity: str, id_: str) -> str:
        """The link from an entity, given by its IRI, to an entry of an authority."""
        return f"{entity}/authority-{id_}"

    def authority_of(self, graph: str) -> str | None:
        """The name of the authority whose graph this is."""
        if not graph.startswith(f"{self.base_iri}authority/"):
            return None
        name = self.parse(graph)
        return name.id if name is not None and name.is_graph else None

    @property
    def entities_graph(self) -> str:
        """Local to canonical, the one label, authorities."""
        return f"{self.base_iri}graph/entities"

    @property
    def gazetteer_graph(self) -> str:
        """Facts of the places in use."""
        return f"{self.base_iri}graph/gazetteer"

    @property
    def relations_graph(self) -> str:
        """Relations between statements, between events."""
        return f"{self.base_iri}graph/relations"

    @property
    def decisions_graph(self) -> str:
        """Human decisions."""
        return f"{self.base_iri}graph/decisions"

    @property
    def runs_graph(self) -> str:
        """Runs of the software."""
        return f"{self.base_iri}graph/runs"

    @property
    def ontology_graph(self) -> str:
        """The ontology."""
        return f"{self.base_iri}graph/ontology"

    @property
    def shapes_graph(self) -> str:
        """The shapes."""
        return f"{self.base_iri}graph/shapes"

    def parse(self, iri: str) -> Name | None:
        """What ``iri`` names; ``None`` where the archive gives no such IRI."""
        if not iri.startswith(self.base_iri):
            return None
        path = iri.removeprefix(self.base_iri)
        if match := _DOCUMENT.fullmatch(path):
            return Name("document", match["id"], match["part"] or "")
        if match := _MENTION.fullmatch(path):
            return _mention(match)
        if match := _OTHER.fullmatch(path):
            return Name(match["kind"], match["id"], match["part"] or "")
        if match := _SHARED.fullmatch(path):
            return Name("graph", match["id"])
        if match := _AUTHORITY.fullmatch(path):
            return Name("authority", match["id"], match["part"] or "")
        return None

    def is_mention(self, iri: str) -> bool:
        """Whether ``iri`` is a mention's; much cheaper than ``parse`` for what is not."""
        return "#char=" in iri and (name := self.parse(iri)) is not None and name.span is not None

    def is_managed(self, graph: str) -> bool:
        """Whether Testimonia itself writes the graph named ``graph``: nobody else may."""
        return (name := self.parse(graph)) is not None and name.is_graph

    @property
    def reserved(self) -> tuple[str, ...]:
        """What the IRIs of graphs begin with that nobody but Testimonia writes, now or later."""
        kinds = ("document", "graph", "authority", *KINDS)
        return tuple(f"{self.base_iri}{each}/" for each in kinds)

    def is_viewed(self, graph: str) -> bool:
        """Whether the reading view merges the graph named ``graph``."""
        name = self.parse(graph)
        if name is None or not name.is_graph or name.kind == "authority":
            return False
        return name.kind == "document" or name.id in _SHARED_IN_VIEW


def _mention(match: re.Match[str]) -> Name | None:
    start, end = int(match["start"]), int(match["end"])
    if start >= end:
        return None
    return Name("document", match["id"], span=Span(start, end))
