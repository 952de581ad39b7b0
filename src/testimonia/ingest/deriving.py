"""What follows from one document: pure, and the same wherever it is done."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from testimonia.crossref.preparing import Given, prepared
from testimonia.crossref.profiling import profiles
from testimonia.decided.noted import Noted, noted
from testimonia.deciding import apply
from testimonia.decisions import Decision, Effect
from testimonia.errors import ReadingError
from testimonia.identity import document_id, text_hash
from testimonia.inference import infer
from testimonia.iris import Iris
from testimonia.linking.profiles import Profile
from testimonia.mapping import describe, local_entities, told
from testimonia.model import Document, GazetteerEntry, LocalEntity, Reading, Text
from testimonia.settling import digest_of
from testimonia.store.arrivals import Prepared, prepare
from testimonia.terms import Graph, Term, iri
from testimonia.validation import Report, validate
from testimonia.vocabulary import NIF


class Extractor(Protocol):
    """Whatever reads texts; ``extractor`` names it with its versions."""

    @property
    def extractor(self) -> str:
        """Software, model and versions."""
        ...

    def read(self, text: Text) -> Reading:
        """The reading of a text."""
        ...


@dataclass(frozen=True, slots=True)
class Derivation:
    """What follows from one document: its graphs, whether they may be stored, and what people's
    decisions do in it."""

    reading: Reading
    graph: Graph
    inferred: Graph
    report: Report
    given: Given
    effects: tuple[Effect, ...] = ()


@dataclass(frozen=True, slots=True)
class Task:
    """A document to derive, and how; ``fingerprint`` stands for all beside its text that the result
    follows from, where somebody asks for that."""

    document: Document
    iris: Iris
    keep_text: bool = True
    max_triples: int | None = None
    decisions: tuple[Decision, ...] = ()
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class Derived:
    """A derivation as it is sent from process to process and stored: strings, where a set of
    thousands of triples takes as long to send as to make.

    ``report`` says what is wrong, and is empty where the graph conforms; there is nothing to store
    else. ``entities`` are the local ones, ``profiles`` what those are compared by, ``given`` what
    its events and statements are compared by, ``places`` those that the gazetteer knows, ``digest``
    tells the graphs from others, ``noted`` is of people's decisions.
    """

    report: str
    statements: int
    digest: str
    entities: tuple[LocalEntity, ...]
    profiles: tuple[Profile, ...]
    places: tuple[GazetteerEntry, ...]
    prepared: Prepared | None
    given: Given
    noted: Noted


def identify(text: Text) -> Document:
    """The document that a text is: by its words and by who published it."""
    hashed = text_hash(text.content)
    return Document(document_id(hashed, text.metadata.identity), hashed, text)


def derive(
    document: Document,
    extractor: Extractor,
    iris: Iris,
    *,
    keep_text: bool = True,
    max_triples: int | None = None,
    decisions: Sequence[Decision] = (),
) -> Derivation:
    """Reading, document graph, inferred graph and report of one document, as the ``decisions`` on
    it have it.

    The graph is checked with its text in it; without ``keep_text`` the text is left out after.

    Raises:
        ReadingError: the graph has more than ``max_triples``.
    """
    read = extractor.read(document.text)
    read, effects = apply(read, document.text.content, decisions)
    reading = told(read)
    graph = describe(document, reading, iris)
    if max_triples is not None and len(graph) > max_triples:
        raise ReadingError(
            f"{len(reading.statements):,} statements are {len(graph):,} triples, and one document"
            f" may have {max_triples:,}: split it into its parts"
        )
    report = validate(graph)
    stored = graph if keep_text else frozenset(t for t in graph if t[1] != NIF.isString)
    given = prepared(document, read)
    return Derivation(reading, stored, infer(stored), report, given, effects)


def derived(task: Task, extractor: Extractor) -> Derived:
    """The same, ready to be sent and stored.

    Raises:
        ReadingError: as ``derive``.
    """
    document, iris = task.document, task.iris
    found = derive(
        document,
        extractor,
        iris,
        keep_text=task.keep_text,
        max_triples=task.max_triples,
        decisions=task.decisions,
    )
    places = {place.entry.id: place.entry for place in found.reading.places if place.entry}
    entities = local_entities(document, found.reading)
    terms = {iri(iris.local(document.id, entity.key)) for entity in entities}
    conforms = found.report.conforms
    return Derived(
        "" if conforms else found.report.text or "the graph does not conform",
        len(found.reading.statements),
        digest_of(found.graph, found.inferred),
        entities,
        profiles(document, found.reading),
        tuple(places.values()),
        _prepared(task, found, terms) if conforms else None,
        found.given,
        noted(document, found.reading, found.effects, iris),
    )


def _prepared(task: Task, found: Derivation, entities: Collection[Term]) -> Prepared:
    id_, parsed = task.document.id, found.report.parsed
    return prepare(id_, found.graph, found.inferred, entities, task.iris, parsed=parsed)
