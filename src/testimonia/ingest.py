"""The sentence of the project: source → text → reading → graph → inferred → validated → stored.

``derive`` is pure: the same document and reader give the same graphs. ``Ingestion`` is what
happens at the edges, in an order that loses nothing: bytes and record are durable first, then the
graphs are written, then the store is flushed, and only then is a document marked as stored. In a
batch a failure is a value: every source has an :class:`Outcome`, and the next one goes on.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from typing import Protocol

from testimonia.catalog import Catalog, Record, State
from testimonia.errors import (
    MetadataError,
    ReadingError,
    SourceError,
    UnsupportedSource,
)
from testimonia.identity import digest, document_id, text_hash
from testimonia.inference import infer
from testimonia.iris import Iris
from testimonia.linking import Links, entity_triples, link
from testimonia.mapping import (
    Changes,
    changes,
    derivation_triples,
    describe,
    local_entities,
    nodes,
    place_facts,
    retired,
    run_triples,
    told,
)
from testimonia.model import METADATA_KEYS, Document, GazetteerEntry, Reading, Run, Text
from testimonia.reprints import Reprints
from testimonia.rights import is_restricted
from testimonia.settings import Settings
from testimonia.settling import digest_of
from testimonia.store import Batch, Writer
from testimonia.terms import Graph
from testimonia.validation import Report, validate
from testimonia.vocabulary import NIF

_log = logging.getLogger(__name__)

# A flush makes a checkpoint, which costs up to a second after documents; readers see what is
# flushed. 50 documents or 2 seconds, whichever comes first.
_FLUSH_DOCUMENTS = 50
_FLUSH_SECONDS = 2.0

# What a mistake of ours may raise on one document. Not OSError or sqlite3.Error: a full disk fails
# all the others too, and must end the run.
_BUGS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    MemoryError,
    RecursionError,
    TypeError,
    ValueError,
)
# What a text can do to a reader: its own word for it, or a bug.
_BROKEN = (ReadingError, *_BUGS)


class Result(StrEnum):
    """What became of one source."""

    STORED = "stored"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"  # its graph does not conform: nothing of it is stored but the report
    FAILED = "failed"  # it could not be read


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one source: ``document`` is its id where it got one."""

    name: str
    result: Result
    document: str | None = None
    message: str = ""
    statements: int = 0
    warnings: tuple[str, ...] = ()
    changes: Changes | None = None  # where they were asked for


@dataclass(frozen=True, slots=True)
class Source:
    """One thing to ingest; ``load`` gives its bytes and its text, or raises a SourceError.

    ``planned`` is its place in a plan (:class:`testimonia.catalog.Plan`): the plan's number and the
    position, given with the last thing that stands there.
    """

    name: str
    load: Callable[[], tuple[bytes, Text]]
    planned: tuple[int, int] | None = None


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
    """What follows from one document: its graphs, and whether they may be stored."""

    reading: Reading
    graph: Graph
    inferred: Graph
    report: Report


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
) -> Derivation:
    """Reading, document graph, inferred graph and report of one document.

    The graph is checked with its text in it; without ``keep_text`` the text is left out after.

    Raises:
        ReadingError: the graph has more than ``max_triples``.
    """
    reading = told(extractor.read(document.text))
    graph = describe(document, reading, iris)
    if max_triples is not None and len(graph) > max_triples:
        raise ReadingError(
            f"{len(reading.statements):,} statements are {len(graph):,} triples, and one document"
            f" may have {max_triples:,}: split it into its parts"
        )
    report = validate(graph)
    stored = graph if keep_text else frozenset(t for t in graph if t[1] != NIF.isString)
    return Derivation(reading, stored, infer(stored), report)


@dataclass
class Ingestion:
    """One run over many sources, into one archive."""

    catalog: Catalog
    writer: Writer
    extractor: Extractor
    settings: Settings
    around: Callable[[GazetteerEntry], Iterable[GazetteerEntry]]
    # What is stated of the gazetteer itself, beside its facts; asked for when there are such.
    gazetteer: Callable[[], Graph] = frozenset
    # What is to be done about the entities (by their paths) that a document has, or had.
    settled: Callable[[Collection[str]], None] = lambda _: None
    _run: Run | None = None
    _pending: dict[str, str] = field(default_factory=dict)
    _digests: dict[str, str] = field(default_factory=dict)
    _reached: list[tuple[int, int]] = field(default_factory=list)
    _flushed: float = field(default_factory=time.monotonic)

    def ingest(self, sources: Iterable[Source]) -> Iterator[Outcome]:
        """The outcome of each source, in order, as soon as it is known."""
        return self._each((each.name, self._loader(each), each.planned) for each in sources)

    def rederive(
        self, records: Iterable[Record], *, force: bool = False, compare: bool = False
    ) -> Iterator[Outcome]:
        """Derive recorded documents anew: those that the extractor, the settings or corrected
        metadata would change, or with ``force`` all. With ``compare`` outcomes tell what changed
        in their statements."""
        return self._each(
            (each.name, partial(self._bring_up, each, force=force, compare=compare), None)
            for each in records
        )

    def _each(
        self, work: Iterable[tuple[str, Callable[[], Outcome], tuple[int, int] | None]]
    ) -> Iterator[Outcome]:
        try:
            self._reprints.sign_texts()
            for name, step, planned in work:
                outcome = self._guarded(name, step)
                if self._run is not None:
                    told = (outcome.document, outcome.result, outcome.message)
                    self.catalog.note(self._run.id, name, *told)
                if planned is not None:
                    self._reached.append(planned)
                yield outcome
        finally:
            self._finish()

    def _guarded(self, name: str, step: Callable[[], Outcome]) -> Outcome:
        """A document that cannot be read, or that breaks a rule of ours, never stops the rest."""
        try:
            return step()
        except (SourceError, MetadataError, *_BROKEN) as error:
            return Outcome(name, Result.FAILED, message=_told(name, error))

    def _loader(self, source: Source) -> Callable[[], Outcome]:
        def step() -> Outcome:
            data, text = source.load()
            self._require_length(source.name, text)
            document = identify(text)
            known = self.catalog.document(document.id)
            self.catalog.keep(data, document, source.name)
            if self.catalog.signed(document.id) is None:
                self._reprints.sign(document.text_hash, text.content)
            record = self._record(document.id)
            removed = known is not None and known.state is State.REMOVED
            outcome = self._bring_up(record, force=removed)
            return replace(outcome, name=source.name, warnings=text.warnings)

        return step

    def _require_length(self, name: str, text: Text) -> None:
        longest = self.settings.max_characters
        if len(text.content) > longest:
            raise UnsupportedSource(
                f"{name} has {len(text.content):,} characters; one document may have {longest:,}:"
                " split it into its parts"
            )

    def _record(self, document: str) -> Record:
        record = self.catalog.document(document)
        if record is None:
            raise LookupError(f"document {document} has vanished from the record")
        return record

    def _bring_up(self, record: Record, *, force: bool, compare: bool = False) -> Outcome:
        """Make the stored graphs those that follow from the record."""
        fingerprint = self._fingerprint(record)
        if record.fingerprint == fingerprint and not force:
            if record.state is State.STORED:
                return Outcome(record.name, Result.UNCHANGED, record.id)
            if record.state is State.REJECTED:
                return Outcome(record.name, Result.REJECTED, record.id, _why(record.report or ""))
        document = self.catalog.text(record)
        try:
            derived = self._derived(document, record)
        except _BROKEN as error:
            return self._failed(record, error)
        run = self._running()
        if not derived.report.conforms:
            self.catalog.mark_rejected(record.id, fingerprint, run.id, derived.report.text)
            return Outcome(record.name, Result.REJECTED, record.id, _why(derived.report.text))
        named = self.writer.iris.document_graph(record.id)
        old = self.writer.graph(named) if compare else None
        self._store(document, derived, run)
        self._pending[record.id] = fingerprint
        self._digests[record.id] = digest_of(derived.graph, derived.inferred)
        self._reprints.link(record.id, self._pending)
        self._flush_sometimes()
        return Outcome(
            record.name,
            Result.STORED,
            record.id,
            statements=len(derived.reading.statements),
            changes=None if old is None else changes(old, derived.graph),
        )

    def _derived(self, document: Document, record: Record) -> Derivation:
        return derive(
            document,
            self.extractor,
            self.writer.iris,
            keep_text=self.settings.keep_text and not is_restricted(record.metadata.rights),
            max_triples=self.settings.max_triples,
        )

    def _failed(self, record: Record, error: Exception) -> Outcome:
        """A text that cannot be read has failed; one whose graph an earlier version made keeps
        that."""
        message = _told(record.name, error)
        if record.state in {State.RECORDED, State.FAILED}:
            self.catalog.mark_failed(record.id, message)
        return Outcome(record.name, Result.FAILED, record.id, message)

    def _store(self, document: Document, derived: Derivation, run: Run) -> None:
        iris, id_ = self.writer.iris, document.id
        entities = local_entities(document, derived.reading)
        before = self.catalog.identities(id_)
        links = link(id_, entities, before)
        self.catalog.identify(id_, links.canonical, _kinds(links))
        entries = self._entries(derived.reading)
        graphs = {
            iris.document_graph(id_): derived.graph,
            iris.inferred_graph(id_): derived.inferred,
        }
        shared = {
            iris.entities_graph: entity_triples(id_, self._labelled(links, entries), iris),
            iris.gazetteer_graph: self._facts(entries),
            iris.runs_graph: derivation_triples(iris, run.id, id_),
        }
        self._retire(self.writer.graph(iris.document_graph(id_)), derived.graph)
        self.writer.replace_document(id_, graphs, shared)
        self.settled({*before.values(), *links.canonical.values()})

    def _facts(self, entries: Iterable[GazetteerEntry]) -> Graph:
        facts = frozenset(
            fact for entry in entries for fact in place_facts(entry, self.writer.iris)
        )
        return facts | self.gazetteer() if facts else facts

    def _retire(self, old: Graph, new: Graph) -> None:
        """Record which IRIs are no more. Before the store changes: an IRI that is there is never
        looked up in the record, so a crash between the two does no harm."""
        if old:
            gone = retired(old, new, self.writer.iris)
            self.catalog.retire(gone, back=nodes(new, self.writer.iris))
        elif self.catalog.has_retired():
            self.catalog.retire({}, back=nodes(new, self.writer.iris))

    def _labelled(self, links: Links, entries: Iterable[GazetteerEntry]) -> Links:
        """The links with the labels that their entities were given first, and labels for the
        places around theirs, which no text need name."""
        labels = {path: self.catalog.label(path) or label for path, label in links.labels.items()}
        for entry in entries:
            labels.setdefault(f"place/{entry.id}", entry.name)
        return Links(links.canonical, labels)

    def _entries(self, reading: Reading) -> list[GazetteerEntry]:
        """The places of a reading that the gazetteer knows, and those around them."""
        own = {place.entry.id: place.entry for place in reading.places if place.entry}
        around = {each.id: each for entry in own.values() for each in self.around(entry)}
        return list({**around, **own}.values())

    def _fingerprint(self, record: Record) -> str:
        values = {key: getattr(record.metadata, key) for key in METADATA_KEYS}
        captured = values.pop("captured")  # named, and where there is one: few have it
        stated = [*(value or "" for value in values.values())]
        stated += [f"captured {captured}"] if captured else []
        return digest(
            "derivation", *map(str, stated), self.extractor.extractor, self.settings.digest
        )

    # --------------------------------------------------------------------- run, flushes

    def _running(self) -> Run:
        """The run, begun with the first document that it derives: one that changes nothing leaves
        no trace in the store."""
        if self._run is None:
            started = _now()
            # Not the time alone: a clock that was put back may show it twice.
            id_ = digest("run", started, secrets.token_hex(16))
            self._run = Run(id_, started, None, self.extractor.extractor, self.settings.digest)
            self.catalog.begin(self._run)
        return self._run

    def _flush_sometimes(self) -> None:
        waited = time.monotonic() - self._flushed
        if len(self._pending) >= _FLUSH_DOCUMENTS or waited >= _FLUSH_SECONDS:
            self._flush()

    def _flush(self) -> None:
        self.writer.flush()
        if self._pending and self._run is not None:
            self.catalog.mark_stored(self._pending, self._run.id, self._digests)
        self._pending.clear()
        self._digests.clear()
        self._pass_reached()
        self._flushed = time.monotonic()

    def _pass_reached(self) -> None:
        """What was reached is recorded (or has failed) by now, whether or not it is stored."""
        if self._reached:
            self.catalog.reached(self._reached)
            self._reached.clear()

    def _finish(self) -> None:
        if self._run is None:
            self._pass_reached()
            return
        ended = max(_now(), self._run.started)  # a clock may have been put back
        if self._pending or self.writer.count(self.writer.iris.runs_graph):
            run = replace(self._run, ended=ended)
            triples = run_triples(self.writer.iris, run)
            self.writer.apply(Batch(add={self.writer.iris.runs_graph: triples}))
        self._flush()
        self.catalog.end(self._run.id, ended)
        self.catalog.settle()
        self._run = None

    @property
    def _reprints(self) -> Reprints:
        return Reprints(self.catalog, self.writer)


def _told(name: str, error: Exception) -> str:
    """What became of a text, in words; what is a bug of ours is logged as well."""
    if isinstance(error, SourceError | MetadataError):
        return str(error)
    if isinstance(error, ReadingError):
        return f"{name} could not be read: {error}"
    _log.error("reading %s failed", name, exc_info=error)
    return f"{name}: internal error, {type(error).__name__}: {error}; please report it"


def _kinds(links: Links) -> dict[str, tuple[str, str]]:
    return {path: (path.split("/")[0], label) for path, label in links.labels.items()}


def _why(report: str) -> str:
    """The beginning of a report: how much is wrong, and the first thing that is."""
    lines = [line.strip() for line in report.splitlines() if line.strip()]
    return " ".join(lines[:2]) or "its graph does not conform to the shapes"


def _now() -> str:
    """As a store gives it back: without zeros at the end of the second's fraction."""
    written = datetime.now(UTC).isoformat(timespec="microseconds").removesuffix("+00:00")
    return f"{written.rstrip('0').removesuffix('.')}Z"
