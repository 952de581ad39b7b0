"""IRIs of a document and what is in it, its metadata as triples, its entities for linking."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import quote

from testimonia.identity import statement_id
from testimonia.iris import Iris
from testimonia.model import (
    ActorType,
    Document,
    LocalEntity,
    Reading,
    Region,
    Span,
    Spans,
    regions_of,
)
from testimonia.terms import Term, Triple, boolean, integer, iri, iri_of, literal
from testimonia.vocabulary import DCTERMS, NIF, RDF, TST, XSD

_DATATYPES = {4: XSD.gYear, 7: XSD.gYearMonth, 10: XSD.date}
_HAS_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


class Namer:
    """Gives every node of one document its IRI, as a term."""

    def __init__(self, document: Document, iris: Iris) -> None:
        self._iris = iris
        self._id = document.id
        self._iri = iris.document(document.id)
        self.document: Term = iri(self._iri)
        self.language = document.text.metadata.language or "en"
        self._anchors: dict[int, int] = {}

    def other(self, document: str) -> Term:
        """The node of another document."""
        return iri(self._iris.document(document))

    def local(self, key: str) -> Term:
        """The node of a local entity, account, time or quantity."""
        return f"<{self._iri}/{key}>"

    def mention(self, span: Span) -> Term:
        """The node of a stretch of the text (RFC 5147)."""
        return f"<{self._iri}#char={span.start},{span.end}>"

    def statement(self, anchor: int) -> Term:
        """The node of the next statement with this anchor."""
        ordinal = self._anchors.get(anchor, 0)
        self._anchors[anchor] = ordinal + 1
        return iri(self._iris.statement(statement_id(self._id, anchor, ordinal)))


def document_triples(document: Document, namer: Namer) -> Iterator[Triple]:
    """The document itself: its text and what is stated about it."""
    node, text, metadata = namer.document, document.text, document.text.metadata
    yield node, RDF.type, TST.Document
    yield node, RDF.type, NIF.Context
    yield node, NIF.isString, literal(text.content)
    yield node, NIF.beginIndex, offset(0)
    yield node, NIF.endIndex, offset(len(text.content))
    yield node, TST.textHash, literal(document.text_hash)
    yield node, TST.mediaType, literal(text.media_type)
    yield node, DCTERMS.language, literal(namer.language)
    if metadata.title:
        yield node, DCTERMS.title, literal(metadata.title, language=namer.language)
    if metadata.issued:
        datatype = _DATATYPES.get(len(metadata.issued))
        yield node, DCTERMS.issued, literal(metadata.issued, datatype=datatype and iri_of(datatype))
    if metadata.source:
        yield node, DCTERMS.source, _address(metadata.source)
    if metadata.identifier:
        yield node, DCTERMS.identifier, literal(metadata.identifier)
    if metadata.rights:
        yield node, DCTERMS.rights, literal(metadata.rights)
    if metadata.captured:
        datatype = _DATATYPES.get(len(metadata.captured), XSD.dateTime)
        yield node, TST.captured, literal(metadata.captured, datatype=iri_of(datatype))
    for other in text.part_of:
        yield node, DCTERMS.isPartOf, namer.other(other)


def page_triples(
    statement: Term, spans: Spans, regions: tuple[Region, ...], namer: Namer
) -> Iterator[Triple]:
    """On which pages a statement's content stands, and where on the page each mention that stands
    in one region (Media Fragments URI 1.0, section 4.2.2)."""
    for span in spans:
        touched = regions_of(span, regions)
        for page in dict.fromkeys(region.page for region in touched):
            yield statement, TST.page, literal(page)
        if len(touched) == 1 and touched[0].box is not None:
            box = ",".join(f"{side:g}" for side in touched[0].box)
            yield namer.mention(span), TST.box, literal(f"xywh=percent:{box}")


def voice_triples(document: Document, namer: Namer) -> Iterator[Triple]:
    """The narrator, and the author and publisher that metadata name (not the text: no mention)."""
    narrator = namer.local("actor/narrator")
    yield narrator, RDF.type, TST.Narrator
    yield narrator, TST.narrates, namer.document
    yield narrator, TST.named, boolean(False)
    for key, name in stated_actors(document):
        node = namer.local(key)
        publisher = key == "actor/publisher"
        yield node, RDF.type, TST.Organization if publisher else TST.Actor
        yield node, TST.name, literal(name)
        yield node, TST.named, boolean(True)
        yield namer.document, DCTERMS.publisher if publisher else DCTERMS.creator, node
        yield narrator, TST.voiceOf, node


def stated_actors(document: Document) -> list[tuple[str, str]]:
    """Local key and name of the author(s) and the publisher that metadata state."""
    metadata = document.text.metadata
    found = [(f"actor/creator-{i}", name) for i, name in enumerate(metadata.creator, 1)]
    if metadata.publisher:
        found.append(("actor/publisher", metadata.publisher))
    return found


def local_entities(document: Document, reading: Reading) -> tuple[LocalEntity, ...]:
    """Every actor, place and event of a document, for linking; each key once."""
    title = document.text.metadata.title
    voice = f"narrator of “{title}”" if title else "narrator of an untitled document"
    found = [LocalEntity("actor/narrator", "actor", voice)]
    found += [LocalEntity(key, "actor", name) for key, name in stated_actors(document)]
    for place in reading.places:
        if place.entry:
            found.append(LocalEntity(place.key, "place", place.entry.name, place.entry.id))
        else:
            found.append(LocalEntity(place.key, "place", place.label))
    found += [
        LocalEntity(actor.key, "actor", actor.label)
        for actor in reading.actors
        if actor.type not in {ActorType.GEOPOLITICAL_ENTITY, ActorType.NARRATOR}
    ]
    found += [LocalEntity(event.key, "event", event.label) for event in reading.events]
    return tuple(found)


@lru_cache(maxsize=65536)
def offset(value: int) -> Term:
    """A code point offset. NIF has ``xsd:nonNegativeInteger``; stores that keep numbers by value
    answer ``xsd:integer`` whatever went in, so that is what goes in."""
    return integer(value)


def _address(source: str) -> Term:
    """A source's URL as an IRI; what is none (a shelf mark) as a literal."""
    if not _HAS_SCHEME.match(source):
        return literal(source)
    return iri(quote(source, safe="%/:=&?~#+!$,;'@()*[]-._"))
