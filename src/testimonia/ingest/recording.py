"""How a source comes into the record, and whether there is anything to derive of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeAlias

from testimonia.catalog import Catalog, Record, State
from testimonia.decided import Decided
from testimonia.errors import MetadataError, SourceError, UnsupportedSource
from testimonia.identity import digest
from testimonia.ingest.deriving import Task, identify
from testimonia.ingest.line import Line, Place, Step
from testimonia.ingest.outcome import BROKEN, Outcome, Result, Source, beginning_of, explained
from testimonia.iris import Iris
from testimonia.model import METADATA_KEYS, Text
from testimonia.reprints import Reprints
from testimonia.rights import is_restricted
from testimonia.settings import Settings

_WRONG: Final = (SourceError, MetadataError, *BROKEN)
_Loaded: TypeAlias = tuple[bytes, Text] | Exception


@dataclass(frozen=True, slots=True)
class Recording:
    """Gives sources and recorded documents their places in the line. ``stored`` are fingerprints
    of documents that are in the store and not yet marked so."""

    catalog: Catalog
    reprints: Reprints
    decided: Decided
    settings: Settings
    extractor: str
    iris: Iris
    stored: Mapping[str, str]

    def of_sources(self, sources: Iterable[Source]) -> Iterator[Step]:
        """The steps of what is to be ingested, each loaded when it is asked for."""
        return (partial(self._source, each, _loaded(each)) for each in sources)

    def of_records(
        self, records: Iterable[Record], *, force: bool, compare: bool
    ) -> Iterator[Step]:
        """The steps of what is to be derived anew."""
        return (partial(self._record, each, force, compare) for each in records)

    def _source(self, source: Source, loaded: _Loaded, line: Line) -> Place | None:
        place = Place(source.name, source.planned)
        try:
            if isinstance(loaded, Exception):
                raise loaded
            data, text = loaded
            self._require_length(source.name, text)
            document = identify(text)
            if line.has(document.id):
                return None  # what it is, is told by what becomes of the other
            known = self.catalog.document(document.id)
            self.catalog.keep(data, document, source.name)
            if self.catalog.signed(document.id) is None:
                self.reprints.sign(document.text_hash, text.content)
            record = self.catalog.document(document.id)
            if record is None:
                raise LookupError(f"document {document.id} has vanished from the record")
            removed = known is not None and known.state is State.REMOVED
            place.warnings = text.warnings
            self._decide(place, record, force=removed)
        except _WRONG as error:
            place.outcome = _failed(source.name, error)
        return place

    def _record(self, record: Record, force: bool, compare: bool, _: Line) -> Place:
        place = Place(record.name, compare=compare)
        try:
            self._decide(place, record, force=force)
        except _WRONG as error:
            place.outcome = _failed(record.name, error)
        return place

    def _require_length(self, name: str, text: Text) -> None:
        longest = self.settings.max_characters
        if len(text.content) > longest:
            raise UnsupportedSource(
                f"{name} has {len(text.content):,} characters; one document may have {longest:,}:"
                " split it into its parts"
            )

    def _decide(self, place: Place, record: Record, *, force: bool) -> None:
        """Whether the stored graphs are those that follow from the record, or what is to do."""
        place.record, place.fingerprint = record, self._fingerprint(record)
        if not force and self.stored.get(record.id) == place.fingerprint:
            place.outcome = self._outcome(place, record, Result.UNCHANGED)
        elif record.fingerprint == place.fingerprint and not force:
            if record.state is State.STORED:
                place.outcome = self._outcome(place, record, Result.UNCHANGED)
            elif record.state is State.REJECTED:
                why = beginning_of(record.report or "")
                place.outcome = self._outcome(place, record, Result.REJECTED, why)
        if place.outcome is None:
            restricted = is_restricted(record.metadata.rights)
            place.task = Task(
                self.catalog.text(record),
                self.iris,
                keep_text=self.settings.keep_text and not restricted,
                max_triples=self.settings.max_triples,
                decisions=self.decided.on(record),
                fingerprint=place.fingerprint,
            )

    @staticmethod
    def _outcome(place: Place, record: Record, result: Result, message: str = "") -> Outcome:
        return Outcome(place.name, result, record.id, message, warnings=place.warnings)

    def _fingerprint(self, record: Record) -> str:
        values = {key: getattr(record.metadata, key) for key in METADATA_KEYS}
        captured = values.pop("captured")  # named, and where there is one: few have it
        stated = [*(value or "" for value in values.values())]
        stated += [f"captured {captured}"] if captured else []
        decided = self.decided.digest(record)
        stated += [f"decided {decided}"] if decided else []
        return digest("derivation", *map(str, stated), self.extractor, self.settings.digest)


def _loaded(source: Source) -> _Loaded:
    try:
        return source.load()
    except _WRONG as error:
        return error


def _failed(name: str, error: Exception) -> Outcome:
    return Outcome(name, Result.FAILED, message=explained(name, error))
