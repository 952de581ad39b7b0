"""What the dataset is: SPARQL 1.1 Service Description at ``/sparql``, and VoID with DCAT at
``/.well-known/void``. Counts are those of what a query sees now; they are counted once for each
state of the store. A large store takes longer to count than a client of the endpoint likes to wait:
the service description then comes without counts, which are VoID's to tell."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, TypeVar

from starlette.requests import Request
from starlette.responses import Response

from testimonia import rdf, terms
from testimonia.errors import TestimoniaError
from testimonia.sparql.functions import BUILT_IN, EDTF_FUNCTIONS, GEOMETRY_FUNCTIONS
from testimonia.sparql.negotiation import GRAPHS, TABLES, ResultKind, choose
from testimonia.sparql.pool import Query
from testimonia.terms import Term, Triple
from testimonia.vocabulary import PREFIXES, RDF, TST
from testimonia.web import bodies, query_page
from testimonia.web.access import Right, require
from testimonia.web.service import Service, matches

SD: Final = "http://www.w3.org/ns/sparql-service-description#"
VOID: Final = "http://rdfs.org/ns/void#"
DCAT: Final = "http://www.w3.org/ns/dcat#"
DCTERMS: Final = "http://purl.org/dc/terms/"
SH: Final = "http://www.w3.org/ns/shacl#"
SCHEMA: Final = "https://schema.org/"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
FORMATS: Final = "http://www.w3.org/ns/formats/"
_PREFIXES: Final = {**PREFIXES, "sd": SD, "void": VOID, "dcat": DCAT, "sh": SH, "formats": FORMATS}

_FORMAT_NAMES: Final = {
    "json": "SPARQL_Results_JSON",
    "xml": "SPARQL_Results_XML",
    "csv": "SPARQL_Results_CSV",
    "tsv": "SPARQL_Results_TSV",
    "turtle": "Turtle",
    "ntriples": "N-Triples",
    "rdfxml": "RDF_XML",
    "jsonld": "JSON-LD",
    "trig": "TriG",
    "nquads": "N-Quads",
}
# More named graphs than this are in VoID alone.
_MOST_GRAPHS: Final = 1000
_SOON_SECONDS: Final = 2.0

_TRIPLES = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
_SUBJECTS = "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }"
_CLASSES = "SELECT ?x (COUNT(DISTINCT ?s) AS ?n) { ?s a ?x } GROUP BY ?x"
_PROPERTIES = "SELECT ?x (COUNT(*) AS ?n) { ?s ?x ?o } GROUP BY ?x"
_GRAPHS = "SELECT ?x (COUNT(*) AS ?n) { GRAPH ?x { ?s ?p ?o } } GROUP BY ?x"

_log = logging.getLogger(__name__)

Counts = Mapping[str, int]
Known = TypeVar("Known", bound="Statistics | None")


@dataclass(frozen=True, slots=True)
class Statistics:
    """How much there is of what: the default graph in all and in parts, and each named graph."""

    triples: int
    subjects: int
    classes: Counts
    properties: Counts
    graphs: Counts
    modified: str


@dataclass(frozen=True, slots=True)
class About:
    """What nobody can count: the dataset's title and licence, as the operator states them."""

    title: str = "Testimonia"
    licence: str | None = None


class ServiceDescription:
    """Descriptions of one service."""

    def __init__(self, service: Service, about: About | None = None) -> None:
        self._service = service
        self._about = about or About()
        self._counted: tuple[str, Statistics] | None = None
        self._turn = asyncio.Lock()
        self._counting: asyncio.Task[Statistics | None] | None = None
        self._uncountable: str | None = None

    async def response(self, request: Request, format_: str | None) -> Response:
        """The service description of the endpoint that was asked."""
        endpoint = _endpoint(request, self._service.base_iri)
        here = _endpoint(request, None)

        def described(known: Statistics | None) -> Iterable[Triple]:
            yield from service_triples(endpoint, known, self._service)
            # It answers at the address that was asked as well, which need not be the archive's own.
            yield terms.iri(endpoint), terms.iri(f"{SD}endpoint"), terms.iri(here)

        return await self._response(request, format_, self._soon, described)

    async def void(self, request: Request) -> Response:
        """The dataset's description."""
        require(self._service.access.client(request), Right.QUERY)
        endpoint = _endpoint(request, self._service.base_iri)
        name = bodies.parameters(request).first("format")
        return await self._response(
            request,
            name,
            self.statistics,
            lambda known: dataset_triples(endpoint, known, self._about, self._service.base_iri),
        )

    async def _response(
        self,
        request: Request,
        format_: str | None,
        counted: Callable[[], Awaitable[Known]],
        described: Callable[[Known], Iterable[Triple]],
    ) -> Response:
        chosen = choose(format_, bodies.accept(request), ResultKind.GRAPH)
        etag = await self._service.etag("description", str(request.url), chosen.media_type)
        headers = {"Vary": self._service.vary, "ETag": etag, "Cache-Control": "no-cache"}
        if matches(request.headers.get("if-none-match"), etag):
            return Response(status_code=304, headers=headers)
        known = await counted()
        if known is None:  # the next answer may say more
            headers = {"Vary": self._service.vary, "Cache-Control": "no-store"}
        triples = set(described(known))
        body = await asyncio.to_thread(rdf.serialise, triples, chosen.format.name, _PREFIXES)
        return Response(body, media_type=chosen.media_type, headers=headers)

    async def _soon(self) -> Statistics | None:
        """The counts of now, if they are known or take little time; else counting goes on."""
        if (await self._service.pool.snapshot()).identity == self._uncountable:
            return None
        with suppress(TimeoutError):
            async with asyncio.timeout(_SOON_SECONDS):
                if self._counting is not None and not self._counting.done():
                    await asyncio.wait([self._counting])  # it may be of before
                if self._counting is None or self._counting.done():
                    self._counting = asyncio.create_task(self._counted_or_none())
                await asyncio.wait([counting := self._counting])
                return counting.result()
        return None

    async def _counted_or_none(self) -> Statistics | None:
        identity = (await self._service.pool.snapshot()).identity
        try:
            return await self.statistics()
        except TestimoniaError as error:
            _log.warning("the store could not be counted: %s", error)
            self._uncountable = identity
            return None

    async def statistics(self) -> Statistics:
        """The counts of now."""
        async with self._turn:
            snapshot = await self._service.pool.snapshot()
            if self._counted is None or self._counted[0] != snapshot.identity:
                changed = datetime.fromtimestamp(snapshot.path.stat().st_mtime, UTC)
                found = Statistics(
                    sum((await self._counts(_TRIPLES)).values()),
                    sum((await self._counts(_SUBJECTS)).values()),
                    await self._counts(_CLASSES),
                    await self._counts(_PROPERTIES),
                    await self._counts(_GRAPHS),
                    changed.isoformat(timespec="seconds").replace("+00:00", "Z"),
                )
                self._counted = (snapshot.identity, found)
            return self._counted[1]

    async def _counts(self, query: str) -> Counts:
        result = await self._service.pool.whole(Query(query, format="json"))
        rows = json.loads(result.body)["results"]["bindings"]
        return {
            row["x"]["value"] if "x" in row else "": int(row["n"]["value"])
            for row in rows
            if "x" not in row or row["x"]["type"] == "uri"
        }


def _endpoint(request: Request, base_iri: str | None) -> str:
    if base_iri is not None:
        return f"{base_iri}sparql"
    return f"{request.url.scheme}://{request.url.netloc}/sparql"


def service_triples(endpoint: str, known: Statistics | None, service: Service) -> Iterable[Triple]:
    """SPARQL 1.1 Service Description, section 3."""
    here, dataset = terms.iri(endpoint), terms.iri(f"{endpoint}#dataset")
    default = terms.iri(f"{endpoint}#default-graph")
    yield here, RDF.type, terms.iri(f"{SD}Service")
    yield here, terms.iri(f"{SD}endpoint"), here
    yield here, terms.iri(f"{SD}supportedLanguage"), terms.iri(f"{SD}SPARQL11Query")
    yield here, terms.iri(f"{SD}feature"), terms.iri(f"{SD}EmptyGraphs")
    if service.access.writable:
        yield here, terms.iri(f"{SD}supportedLanguage"), terms.iri(f"{SD}SPARQL11Update")
    if service.pool.limits.services and not service.pool.limits.remote:
        yield here, terms.iri(f"{SD}feature"), terms.iri(f"{SD}BasicFederatedQuery")
    yield from _extensions(here, service)
    for each in (*TABLES, *GRAPHS):
        format_ = terms.iri(FORMATS + _FORMAT_NAMES[each.name])
        yield here, terms.iri(f"{SD}resultFormat"), format_
        if each in GRAPHS and service.access.writable:
            yield here, terms.iri(f"{SD}inputFormat"), format_
    void = endpoint.removesuffix("sparql") + ".well-known/void"
    yield here, terms.iri(f"{RDFS}seeAlso"), terms.iri(void)
    yield here, terms.iri(f"{SD}defaultDataset"), dataset
    yield dataset, RDF.type, terms.iri(f"{SD}Dataset")
    yield dataset, terms.iri(f"{SD}defaultGraph"), default
    yield default, RDF.type, terms.iri(f"{SD}Graph")
    if known is not None:
        yield default, terms.iri(f"{VOID}triples"), terms.integer(known.triples)
        if len(known.graphs) <= _MOST_GRAPHS:
            yield from _named_graphs(dataset, endpoint, known)


def _extensions(here: Term, service: Service) -> Iterable[Triple]:
    """Functions and properties that are not SPARQL's own."""
    # What a store elsewhere has itself is its own to tell.
    ours = () if service.pool.limits.remote else (*EDTF_FUNCTIONS, *GEOMETRY_FUNCTIONS, *BUILT_IN)
    for name in ours:
        function = terms.iri(name)
        yield here, terms.iri(f"{SD}extensionFunction"), function
        yield function, RDF.type, terms.iri(f"{SD}Function")
    if not service.plain:  # full text is of an archive's reading view
        for property_ in (TST.matches, TST.score):
            yield here, terms.iri(f"{SD}propertyFeature"), property_
            yield property_, RDF.type, terms.iri(f"{SD}Feature")


def _named_graphs(dataset: Term, endpoint: str, known: Statistics) -> Iterable[Triple]:
    for number, (name, count) in enumerate(sorted(known.graphs.items()), start=1):
        named = terms.iri(f"{endpoint}#named-graph-{number}")
        graph = terms.iri(f"{endpoint}#graph-{number}")
        yield dataset, terms.iri(f"{SD}namedGraph"), named
        yield named, RDF.type, terms.iri(f"{SD}NamedGraph")
        yield named, terms.iri(f"{SD}name"), terms.iri(name)
        yield named, terms.iri(f"{SD}graph"), graph
        yield graph, RDF.type, terms.iri(f"{SD}Graph")
        yield graph, terms.iri(f"{VOID}triples"), terms.integer(count)


def dataset_triples(
    endpoint: str, known: Statistics, about: About, base_iri: str | None
) -> Iterable[Triple]:
    """VoID (W3C Interest Group Note, 3 March 2011) and DCAT 3, section 6."""
    dataset = terms.iri(f"{endpoint.removesuffix('sparql')}.well-known/void#dataset")
    here = terms.iri(endpoint)
    for kind in (f"{VOID}Dataset", f"{DCAT}Dataset"):
        yield dataset, RDF.type, terms.iri(kind)
    yield dataset, terms.iri(f"{DCTERMS}title"), terms.literal(about.title)
    modified = terms.literal(known.modified, datatype=terms.XSD + "dateTime")
    yield dataset, terms.iri(f"{DCTERMS}modified"), modified
    if about.licence:
        yield dataset, terms.iri(f"{DCTERMS}license"), terms.iri(about.licence)
    yield dataset, terms.iri(f"{VOID}sparqlEndpoint"), here
    yield dataset, terms.iri(f"{VOID}triples"), terms.integer(known.triples)
    yield dataset, terms.iri(f"{VOID}distinctSubjects"), terms.integer(known.subjects)
    yield dataset, terms.iri(f"{VOID}classes"), terms.integer(len(known.classes))
    yield dataset, terms.iri(f"{VOID}properties"), terms.integer(len(known.properties))
    if base_iri is not None:
        yield dataset, terms.iri(f"{VOID}uriSpace"), terms.literal(base_iri)
    service = terms.iri(f"{endpoint}#access")
    yield service, RDF.type, terms.iri(f"{DCAT}DataService")
    yield service, terms.iri(f"{DCAT}endpointURL"), here
    yield service, terms.iri(f"{DCAT}endpointDescription"), here
    yield service, terms.iri(f"{DCAT}servesDataset"), dataset
    yield from _partitions(dataset, "class", "class", "entities", known.classes)
    yield from _partitions(dataset, "property", "property", "triples", known.properties)
    yield from _subsets(dataset, known.graphs)
    if base_iri is not None:
        yield from _examples(endpoint)


def _partitions(
    dataset: Term, kind: str, by: str, counted: str, counts: Counts
) -> Iterable[Triple]:
    for number, (name, count) in enumerate(sorted(counts.items()), start=1):
        part = terms.iri(f"{terms.iri_of(dataset)}-{kind}-{number}")
        yield dataset, terms.iri(f"{VOID}{kind}Partition"), part
        yield part, terms.iri(f"{VOID}{by}"), terms.iri(name)
        yield part, terms.iri(f"{VOID}{counted}"), terms.integer(count)


def _subsets(dataset: Term, graphs: Counts) -> Iterable[Triple]:
    """A named graph is a subset under its own name."""
    for name, count in sorted(graphs.items()):
        graph = terms.iri(name)
        yield dataset, terms.iri(f"{VOID}subset"), graph
        yield graph, RDF.type, terms.iri(f"{VOID}Dataset")
        yield graph, terms.iri(f"{VOID}triples"), terms.integer(count)


def _examples(endpoint: str) -> Iterable[Triple]:
    """Questions that can be asked here (SHACL, section 5.3: SPARQL executables)."""
    for example in query_page.examples():
        node = terms.iri(f"{endpoint}#example-{example.name}")
        form = "construct" if "CONSTRUCT" in example.query else "select"
        kind = "SPARQLConstructExecutable" if form == "construct" else "SPARQLSelectExecutable"
        yield node, RDF.type, terms.iri(f"{SH}SPARQLExecutable")
        yield node, RDF.type, terms.iri(f"{SH}{kind}")
        yield node, terms.iri(f"{RDFS}comment"), terms.literal(example.question, language="en")
        yield node, terms.iri(f"{SH}{form}"), terms.literal(example.query)
        yield node, terms.iri(f"{SCHEMA}target"), terms.iri(endpoint)
