"""One run over many sources: what is recorded, handed to the readers, stored and marked."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final

from testimonia.catalog import Catalog, Record, State
from testimonia.crossref import Changing, Constraints, Entities
from testimonia.crossref.documents import CrossReference
from testimonia.decided import Decided
from testimonia.identity import digest
from testimonia.ingest.deriving import Extractor
from testimonia.ingest.line import Line, Place, Step
from testimonia.ingest.outcome import BROKEN, Outcome, Result, Source, beginning_of, explained
from testimonia.ingest.readers import Here, Readers
from testimonia.ingest.recording import Recording
from testimonia.ingest.storing import Linking
from testimonia.mapping import changes, run_triples
from testimonia.model import GazetteerEntry, Run
from testimonia.reprints import Reprints
from testimonia.settings import Settings
from testimonia.store import Batch, Writer
from testimonia.store.arrivals import Arrival, triples_of
from testimonia.terms import Graph

# A flush makes a checkpoint, which costs up to a second after documents; readers see what is
# flushed. 50 documents or 2 seconds, whichever comes first.
_FLUSH_DOCUMENTS: Final = 50
_FLUSH_SECONDS: Final = 2.0


@dataclass
class Ingestion:
    """One run over many sources, into one archive."""

    catalog: Catalog
    writer: Writer
    extractor: Extractor | Readers
    settings: Settings
    around: Callable[[GazetteerEntry], Iterable[GazetteerEntry]]
    # What is stated of the gazetteer itself, beside its facts; asked for when there are such.
    gazetteer: Callable[[], Graph] = frozenset
    # What is to be done about the entities (by their paths) that documents have, or had.
    settled: Callable[[Collection[str]], None] = lambda _: None
    # What rules the entities of a document, by its id, in the place of what people decided.
    constraints: Callable[[str], Constraints] | None = None
    _run: Run | None = None
    _pending: dict[str, str] = field(default_factory=dict)
    _digests: dict[str, str] = field(default_factory=dict)
    _reached: list[tuple[int, int]] = field(default_factory=list)
    _read: set[str] = field(default_factory=set)
    _flushed: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        own, catalog, writer = self.extractor, self.catalog, self.writer
        self._readers: Readers = own if isinstance(own, Readers) else Here(own)
        self._linking = Linking(
            catalog, writer, self.entities, self.around, self.gazetteer, self.settled
        )
        self._recording = Recording(
            catalog,
            Reprints(catalog, writer),
            Decided(catalog, writer),
            self.settings,
            own.extractor,
            writer.iris,
            self._pending,
        )

    @property
    def entities(self) -> Entities:
        """Links entities across documents."""
        decided = Decided(self.catalog, self.writer)
        return Entities(self.catalog, self.constraints or decided.constraints)

    def ingest(self, sources: Iterable[Source]) -> Iterator[Outcome]:
        """The outcome of each source, in their order, soon after it is known."""
        return self._each(self._recording.of_sources(sources))

    def rederive(
        self, records: Iterable[Record], *, force: bool = False, compare: bool = False
    ) -> Iterator[Outcome]:
        """Derive recorded documents anew: those that the extractor, the settings or corrected
        metadata would change, or with ``force`` all. With ``compare`` outcomes tell what changed
        in their statements."""
        return self._each(self._recording.of_records(records, force=force, compare=compare))

    def _each(self, steps: Iterator[Step]) -> Iterator[Outcome]:
        line = Line(steps, self._readers.most, self._readers.characters)
        try:
            self._settle()
            while line.goes_on():
                line.draw()
                for place in self._entered(line):
                    if place.task is not None:
                        place.future = self._readers.submit(place.task)
                yield from self._concluded(line.leave())
        finally:
            self._finish()

    def _settle(self) -> None:
        """Finish, or take back, what a run that was cut short left in the record."""
        self._recording.reprints.sign_texts()
        Changing(self.catalog, self.writer).settle()
        self.writer.apply(CrossReference(self.catalog, self.writer.iris).tidy())

    def _entered(self, line: Line) -> Sequence[Place]:
        """Bytes and texts are on the disk before any of their graphs is in the store."""
        if not line.is_waited_for():
            return ()
        with self.catalog.together():
            return line.enter()

    # --------------------------------------------------------------------- out of the line

    def _concluded(self, places: Sequence[Place]) -> Sequence[Outcome]:
        """What is known by now, in the store and in the record."""
        if not places:
            return ()
        arrivals: list[Arrival] = []
        with self.catalog.together():
            outcomes = [each.outcome or self._outcome(each, arrivals) for each in places]
        self._store(arrivals, places)
        if self._run is not None:
            with self.catalog.together():
                for place, outcome in zip(places, outcomes, strict=True):
                    told = (outcome.document, outcome.result, outcome.message)
                    self.catalog.note(self._run.id, place.name, *told)
        self._reached += [place.planned for place in places if place.planned is not None]
        self._read.update(place.task.document.id for place in places if place.task is not None)
        self._flush_sometimes()
        return outcomes

    def _outcome(self, place: Place, arrivals: list[Arrival]) -> Outcome:
        """What becomes of a document that was read; what is to be stored goes to ``arrivals``."""
        record, future = place.record, place.future
        if record is None or future is None:
            raise AssertionError(f"{place.name} has neither an outcome nor a document")
        try:
            derived = future.result()
        except BROKEN as error:
            return self._failed(place, record, error)
        run = self._running()
        found = Outcome(place.name, Result.STORED, record.id, warnings=place.warnings)
        if derived.prepared is None:
            self.catalog.mark_rejected(record.id, place.fingerprint, run.id, derived.report)
            why = beginning_of(derived.report)
            return replace(found, result=Result.REJECTED, message=why)
        graph = self.writer.iris.document_graph(record.id)
        old = self.writer.graph(graph) if place.compare else None
        try:
            with self.catalog.together():
                arrivals.append(self._linking.arrival(record, derived, derived.prepared, run.id))
        except BROKEN as error:
            return replace(found, result=Result.FAILED, message=explained(place.name, error))
        self._digests[record.id] = derived.digest
        changed = None if old is None else changes(old, triples_of(derived.prepared.document))
        applied = derived.noted.applied
        return replace(found, statements=derived.statements, changes=changed, decided=applied)

    def _failed(self, place: Place, record: Record, error: Exception) -> Outcome:
        """A text that cannot be read has failed; one whose graph an earlier version made keeps
        that."""
        message = explained(place.name, error)
        if record.state in {State.RECORDED, State.FAILED}:
            self.catalog.mark_failed(record.id, message)
        return Outcome(place.name, Result.FAILED, record.id, message, warnings=place.warnings)

    def _store(self, arrivals: Sequence[Arrival], places: Sequence[Place]) -> None:
        if arrivals:
            fingerprints = {each.record.id: each.fingerprint for each in places if each.record}
            come = {each.id: fingerprints[each.id] for each in arrivals}
            self._linking.store(arrivals, {*self._pending, *come})
            self._pending.update(come)

    # --------------------------------------------------------------------- run, flushes

    def _running(self) -> Run:
        """The run, begun with the first document that it derives: one that changes nothing leaves
        no trace in the store."""
        if self._run is None:
            started = _now()
            # Not the time alone: a clock that was put back may show it twice.
            id_ = digest("run", started, secrets.token_hex(16))
            extractor = self.extractor.extractor
            self._run = Run(id_, started, None, extractor, self.settings.digest)
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
        self.catalog.settle_relinked()
        self._pending.clear()
        self._digests.clear()
        self._readers.done(self._read)
        self._read.clear()
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


def _now() -> str:
    """As a store gives it back: without zeros at the end of the second's fraction."""
    written = datetime.now(UTC).isoformat(timespec="microseconds").removesuffix("+00:00")
    return f"{written.rstrip('0').removesuffix('.')}Z"
