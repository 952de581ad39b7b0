"""The JSON-LD 1.1 context that makes the API's answers say what the graph says."""

from __future__ import annotations

from typing import Any, Final

from testimonia.terms import Term, iri_of
from testimonia.vocabulary import (
    DCTERMS,
    EVENT_TYPES,
    GEO,
    NIF,
    PREFIXES,
    RDFS,
    SEM,
    SKOS,
    TST,
    XSD,
    terms_of,
)

MEDIA_TYPE: Final = "application/ld+json"
PATH: Final = "api/context.jsonld"

_NODES = {
    "speakers": TST.speaker,
    "addressees": TST.addressee,
    "about": TST.about,
    "saidAt": TST.saidAt,
    "saidIn": TST.saidIn,
    "saidDuring": TST.saidDuring,
    "reportedIn": TST.reportedIn,
    "gives": TST.gives,
    "document": TST.document,
    "contentMentions": TST.contentMention,
    "cueMentions": TST.cueMention,
    "speakerMentions": TST.speakerMention,
    "event": TST.accountOf,
    "agents": TST.agent,
    "patients": TST.patient,
    "recipients": TST.recipient,
    "places": SEM.hasPlace,
    "times": SEM.hasTime,
    "quantities": TST.quantity,
    "within": TST.within,
    "geometry": GEO.hasGeometry,
    "exactMatch": SKOS.exactMatch,
    "creators": DCTERMS.creator,
    "publisher": DCTERMS.publisher,
    "source": DCTERMS.source,
}
_CONCEPTS = {
    "kind": TST.kind,
    "directness": TST.directness,
    "certainty": TST.certainty,
    "attributionCertainty": TST.attributionCertainty,
    "polarity": TST.polarity,
    "tense": TST.tense,
    "basis": TST.dateBasis,
    "eventType": TST.eventType,
}
_VALUES: dict[str, tuple[Term, Term | None]] = {
    "label": (RDFS.label, None),
    "content": (TST.content, None),
    "title": (DCTERMS.title, None),
    "cue": (TST.cue, None),
    "confidence": (TST.confidence, XSD.decimal),
    "timex": (TST.timex, None),
    "edtf": (TST.edtf, f"<{PREFIXES['edtf']}EDTF>"),
    "earliest": (SEM.hasEarliestBeginTimeStamp, XSD.date),
    "latest": (SEM.hasLatestEndTimeStamp, XSD.date),
    "value": (TST.value, XSD.decimal),
    "unit": (TST.unit, None),
    "names": (TST.name, None),
    "named": (TST.named, None),
    "country": (TST.countryCode, None),
    "feature": (TST.featureCode, None),
    "wkt": (GEO.asWKT, GEO.wktLiteral),
    "issued": (DCTERMS.issued, XSD.date),
    "inLanguage": (DCTERMS.language, None),
    "identifier": (DCTERMS.identifier, None),
    "rights": (DCTERMS.rights, None),
    "captured": (TST.captured, XSD.dateTime),
    "begin": (NIF.beginIndex, None),
    "end": (NIF.endIndex, None),
    "words": (NIF.anchorOf, None),
}
_REVERSED = {"accounts": TST.accountOf, "toldIn": TST.gives}
_KEYWORDS = {
    "id": "@id",
    "type": "@type",
    "items": "@graph",
    "text": "@value",
    "language": "@language",
    "datatype": "@type",
}


def context() -> dict[str, Any]:
    """The document at ``/api/context.jsonld``."""
    names: dict[str, Any] = {"@version": 1.1, **_KEYWORDS}
    names |= {name: iri_of(term) for name, term in _names()}
    names |= {name: {"@id": iri_of(term), "@type": "@id"} for name, term in _NODES.items()}
    names |= {name: {"@id": iri_of(term), "@type": "@vocab"} for name, term in _CONCEPTS.items()}
    names |= {name: {"@reverse": iri_of(term)} for name, term in _REVERSED.items()}
    for name, (term, datatype) in _VALUES.items():
        typed = {"@type": iri_of(datatype)} if datatype else {}
        names[name] = {"@id": iri_of(term), **typed}
    return {"@context": names}


def local_name(iri: str) -> str:
    """What the API calls a class or a concept: its name in the context, else the IRI."""
    return _BY_IRI.get(iri, iri)


def _names() -> list[tuple[str, Term]]:
    """Classes and concepts: all of the ontology that begin with a capital, and event types."""
    own = [(name, term) for name, term in terms_of(TST).items() if name[0].isupper()]
    return [*own, *EVENT_TYPES.items()]


_BY_IRI: Final = {iri_of(term): name for name, term in _names()}
