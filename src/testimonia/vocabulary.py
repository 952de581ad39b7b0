"""The terms of RDF vocabularies that Testimonia uses, in canonical N-Triples form.

``TST.speaker`` is ``"<https://w3id.org/testimonia#speaker>"``: ready to stand in a triple of
:mod:`testimonia.terms`. A misspelt name is an error for the type checker. Every term of the
ontology is in :class:`TST` and the reverse; a test compares them.

Datatypes are terms like all others; ``terms.literal`` wants the bare IRI: ``iri_of(XSD.date)``.
"""

# ruff: noqa: N815 - names are the vocabularies' own.
from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from testimonia.terms import Term


class Namespace:
    """A vocabulary: each annotated name becomes the term of that local name.

    A name that is no Python identifier is given its value in the class body.
    """

    def __init_subclass__(cls, iri: str) -> None:
        for name in cls.__annotations__:
            if name not in vars(cls):
                setattr(cls, name, f"<{iri}{name}>")


def terms_of(namespace: type[Namespace]) -> dict[str, Term]:
    """All terms of a vocabulary by their names here, in the order of their definition."""
    return {name: getattr(namespace, name) for name in namespace.__annotations__}


def term(namespace: type[Namespace], name: str) -> Term:
    """The term called ``name``: for names that are data, such as the values of ``model``'s enums.

    Raises:
        ValueError: the vocabulary has no such term.
    """
    terms = terms_of(namespace)
    if name not in terms:
        raise ValueError(f"{namespace.__name__} has no term {name!r}; it has {', '.join(terms)}")
    return terms[name]


_TST = "https://w3id.org/testimonia#"
_TSTEV = "https://w3id.org/testimonia/event-types#"
ONTOLOGY: Term = "<https://w3id.org/testimonia>"
EVENT_TYPE_SCHEME: Term = "<https://w3id.org/testimonia/event-types>"

# "yield" is no Python name, and the names come from data: a mapping, not a Namespace.
EVENT_TYPES: Mapping[str, Term] = MappingProxyType(
    {
        name: f"<{_TSTEV}{name}>"
        for name in (
            *("agree", "consult", "support", "cooperate", "aid", "yield", "request", "accuse"),
            *("reject", "threaten", "protest", "sanction", "mobilize", "coerce", "assault"),
            "other",
        )
    }
)

PREFIXES: Mapping[str, str] = MappingProxyType(
    {
        "tst": _TST,
        "tstev": _TSTEV,
        "crm": "http://www.cidoc-crm.org/cidoc-crm/",
        "dcterms": "http://purl.org/dc/terms/",
        "edtf": "http://id.loc.gov/datatypes/edtf/",
        "foaf": "http://xmlns.com/foaf/0.1/",
        "geo": "http://www.opengis.net/ont/geosparql#",
        "nif": "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#",
        "org": "http://www.w3.org/ns/org#",
        "owl": "http://www.w3.org/2002/07/owl#",
        "prov": "http://www.w3.org/ns/prov#",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "schema": "https://schema.org/",
        "sem": "http://semanticweb.cs.vu.nl/2009/11/sem/",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "time": "http://www.w3.org/2006/time#",
        "vann": "http://purl.org/vocab/vann/",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    }
)


class TST(Namespace, iri=PREFIXES["tst"]):
    """Testimonia's own ontology, ``ontology/testimonia.ttl``."""

    # classes
    Document: Term
    Mention: Term
    Actor: Term
    Person: Term
    Organization: Term
    Group: Term
    GeopoliticalEntity: Term
    Narrator: Term
    Place: Term
    PlaceName: Term
    TimeReference: Term
    Event: Term
    Account: Term
    Quantity: Term
    Statement: Term
    StatementRelation: Term
    EntityLink: Term
    AuthorityLink: Term
    Ingestion: Term
    Decision: Term
    Passage: Term

    # documents
    textHash: Term
    captured: Term
    mediaType: Term
    sharesTextWith: Term

    # mentions; `mention` leads to them from accounts, times and quantities
    denotes: Term
    denotationConfidence: Term
    mentionForm: Term
    mention: Term
    page: Term
    box: Term

    # entities
    name: Term
    named: Term
    voiceOf: Term
    narrates: Term
    sameEntity: Term
    linkFrom: Term
    linkTo: Term
    because: Term
    countryCode: Term
    featureCode: Term
    population: Term
    within: Term
    formerName: Term
    calledBy: Term
    validFrom: Term
    validTo: Term
    formerCountry: Term

    # statements
    speaker: Term
    addressee: Term
    content: Term
    contentMention: Term
    cueMention: Term
    speakerMention: Term
    cue: Term
    directness: Term
    kind: Term
    certainty: Term
    attributionCertainty: Term
    polarity: Term
    about: Term
    gives: Term
    saidAt: Term
    saidIn: Term
    saidDuring: Term
    reportedIn: Term
    document: Term
    confidence: Term
    construction: Term

    # accounts and events
    accountOf: Term
    eventType: Term
    eventClass: Term
    participant: Term
    agent: Term
    recipient: Term
    patient: Term
    quantity: Term
    value: Term
    unit: Term
    tense: Term
    triggerVerb: Term
    triggerNoun: Term

    # times
    timex: Term
    timexType: Term
    edtf: Term
    monthDay: Term
    dateBasis: Term

    # relations between statements
    relationKind: Term
    relationFrom: Term
    relationTo: Term

    # decisions
    decisionKind: Term
    decidesOn: Term
    decidesOnOther: Term
    decidesOf: Term
    decidesField: Term
    decidesValue: Term
    decidesFor: Term
    reason: Term
    affects: Term
    withdrawnAt: Term
    withdrawnBy: Term
    withdrawnBecause: Term
    passageTextHash: Term

    # links to authorities
    probability: Term

    # full text; answered by the service, never stored
    matches: Term
    score: Term

    # functions of the service
    edtfBefore: Term
    edtfAfter: Term
    edtfOverlaps: Term
    edtfEarliest: Term
    edtfLatest: Term

    # runs
    softwareVersion: Term
    extractor: Term
    settingsDigest: Term

    # concepts and their schemes
    MentionFormScheme: Term
    Name: Term
    Nominal: Term
    Pronoun: Term
    DirectnessScheme: Term
    Direct: Term
    Mixed: Term
    Indirect: Term
    KindScheme: Term
    Communication: Term
    Attitude: Term
    Factive: Term
    Control: Term
    CertaintyScheme: Term
    Certain: Term
    Probable: Term
    Possible: Term
    Underspecified: Term
    PolarityScheme: Term
    Positive: Term
    Negative: Term
    TenseScheme: Term
    Past: Term
    Present: Term
    Future: Term
    InfinitiveTense: Term
    ParticipleTense: Term
    NoTense: Term
    DateBasisScheme: Term
    Explicit: Term
    Anchored: Term
    YearUnknown: Term
    Decided: Term
    RelationKindScheme: Term
    Corroborates: Term
    Contradicts: Term
    Repeats: Term
    RespondsTo: Term
    ChangedPosition: Term
    DecisionKindScheme: Term
    Merge: Term
    Split: Term
    Confirm: Term
    Reject: Term
    Correct: Term


class CRM(Namespace, iri=PREFIXES["crm"]):
    """CIDOC CRM."""

    E5_Event: Term
    P4_has_time_span: Term = f"<{PREFIXES['crm']}P4_has_time-span>"
    P7_took_place_at: Term
    P11_had_participant: Term
    P12_occurred_in_the_presence_of: Term


class DCTERMS(Namespace, iri=PREFIXES["dcterms"]):
    """DCMI metadata terms."""

    title: Term
    creator: Term
    publisher: Term
    issued: Term
    created: Term
    modified: Term
    description: Term
    language: Term
    source: Term
    identifier: Term
    rights: Term
    license: Term
    isReplacedBy: Term
    isPartOf: Term


class EDTF(Namespace, iri=PREFIXES["edtf"]):
    """The datatype of extended dates (ISO 8601-2)."""

    EDTF: Term


class FOAF(Namespace, iri=PREFIXES["foaf"]):
    """Friend of a friend."""

    Document: Term
    Person: Term
    Group: Term


class GEO(Namespace, iri=PREFIXES["geo"]):
    """GeoSPARQL 1.1."""

    Feature: Term
    Geometry: Term
    hasGeometry: Term
    asWKT: Term
    wktLiteral: Term
    sfWithin: Term


class NIF(Namespace, iri=PREFIXES["nif"]):
    """NLP Interchange Format 2.0."""

    Context: Term
    Phrase: Term
    isString: Term
    beginIndex: Term
    endIndex: Term
    anchorOf: Term
    referenceContext: Term


class ORG(Namespace, iri=PREFIXES["org"]):
    """The organization ontology."""

    Organization: Term


class OWL(Namespace, iri=PREFIXES["owl"]):
    """OWL 2."""

    Ontology: Term
    Class: Term
    ObjectProperty: Term
    DatatypeProperty: Term
    SymmetricProperty: Term
    TransitiveProperty: Term
    Thing: Term
    Nothing: Term
    sameAs: Term
    equivalentClass: Term
    equivalentProperty: Term
    versionIRI: Term
    versionInfo: Term


class PROV(Namespace, iri=PREFIXES["prov"]):
    """PROV-O."""

    Entity: Term
    Activity: Term
    Agent: Term
    SoftwareAgent: Term
    wasAttributedTo: Term
    hadPrimarySource: Term
    wasGeneratedBy: Term
    generatedAtTime: Term
    wasAssociatedWith: Term
    wasRevisionOf: Term
    used: Term
    startedAtTime: Term
    endedAtTime: Term


class RDF(Namespace, iri=PREFIXES["rdf"]):
    """RDF 1.1."""

    type: Term
    Property: Term
    langString: Term


class RDFS(Namespace, iri=PREFIXES["rdfs"]):
    """RDF Schema 1.1."""

    Class: Term
    Resource: Term
    Literal: Term
    Datatype: Term
    label: Term
    comment: Term
    seeAlso: Term
    isDefinedBy: Term
    subClassOf: Term
    subPropertyOf: Term
    domain: Term
    range: Term


class SCHEMA(Namespace, iri=PREFIXES["schema"]):
    """schema.org, in its https form."""

    Claim: Term
    CreativeWork: Term
    about: Term
    author: Term
    text: Term
    startDate: Term
    endDate: Term
    domainIncludes: Term
    rangeIncludes: Term


class SEM(Namespace, iri=PREFIXES["sem"]):
    """The Simple Event Model."""

    Event: Term
    Actor: Term
    Place: Term
    Time: Term
    hasActor: Term
    hasPlace: Term
    hasTime: Term
    hasEarliestBeginTimeStamp: Term
    hasLatestEndTimeStamp: Term


class SKOS(Namespace, iri=PREFIXES["skos"]):
    """SKOS."""

    Concept: Term
    ConceptScheme: Term
    prefLabel: Term
    altLabel: Term
    definition: Term
    scopeNote: Term
    example: Term
    inScheme: Term
    topConceptOf: Term
    hasTopConcept: Term
    exactMatch: Term
    closeMatch: Term


class TIME(Namespace, iri=PREFIXES["time"]):
    """OWL-Time."""

    TemporalEntity: Term


class XSD(Namespace, iri=PREFIXES["xsd"]):
    """XML Schema datatypes."""

    anyURI: Term
    boolean: Term
    date: Term
    dateTime: Term
    decimal: Term
    gMonthDay: Term
    gYear: Term
    gYearMonth: Term
    integer: Term
    nonNegativeInteger: Term
    string: Term
