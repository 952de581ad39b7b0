"""Documents: their bytes, texts and metadata, and where each stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path

from testimonia import layouts
from testimonia.catalog import metadata as stated
from testimonia.catalog import originals
from testimonia.catalog.database import Catalogued, now, printable
from testimonia.model import Document, Metadata, Text


class State(StrEnum):
    """Where a document stands."""

    RECORDED = "recorded"  # bytes and text are kept; no graph yet, or its writing was cut short
    STORED = "stored"
    REJECTED = "rejected"  # its graph did not conform
    FAILED = "failed"  # its text could not be read: the report says why
    REMOVED = "removed"  # taken out of the graph; the record stays


@dataclass(frozen=True, slots=True)
class Record:
    """One document as the catalog has it; ``fingerprint`` tells what its stored graph was derived
    from and by, so that equal fingerprints mean equal graphs, and ``graph_digest`` what was stored
    (empty where an older version did it)."""

    id: str
    text_hash: str
    name: str
    media_type: str
    encoding: str | None
    metadata: Metadata
    added: str
    state: State
    fingerprint: str
    run: str | None
    report: str | None
    graph_digest: str = ""


class Documents(Catalogued):
    """The part of the record that holds documents."""

    def keep(self, data: bytes, document: Document, name: str) -> None:
        """Keep a document's bytes, text and metadata, durably; what is there already stays.

        Metadata that is stated anew replaces what was stated before, key by key.

        Raises:
            StoreError: the disk refused.
        """
        original = originals.keep(self._folder, data)
        text = document.text
        known = self.document(document.id)
        metadata = stated.merged(known.metadata, text.metadata) if known else text.metadata
        with self._transaction() as db:
            db.execute(
                "INSERT INTO text VALUES (?, ?) ON CONFLICT DO NOTHING",
                (document.text_hash, text.content),
            )
            db.execute(
                "INSERT INTO document (id, text_hash, original, name, media_type, encoding,"
                " metadata, added, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'recorded')"
                " ON CONFLICT (id) DO UPDATE SET metadata = excluded.metadata",
                (
                    document.id,
                    document.text_hash,
                    original,
                    printable(name),
                    text.media_type,
                    text.encoding,
                    stated.written(metadata),
                    now(),
                ),
            )
            if layouts.keep(db, document.id, text):
                db.execute("UPDATE document SET fingerprint = '' WHERE id = ?", (document.id,))

    def restate(self, document: str, metadata: Metadata) -> None:
        """Replace what is stated about a document."""
        with self._transaction() as db:
            db.execute(
                "UPDATE document SET metadata = ? WHERE id = ?",
                (stated.written(metadata), document),
            )

    def original(self, sha256: str) -> Path:
        """Where the bytes of this hash are, or would be, kept."""
        return originals.place(self._folder, sha256)

    def document(self, document: str) -> Record | None:
        """The record of one document."""
        found = self._records("WHERE id = ?", document)
        return next(found, None)

    def documents(self, state: State | None = None) -> Iterator[Record]:
        """All documents (of one state), in the order of their arrival."""
        if state is None:
            return self._records("ORDER BY arrival")
        return self._records("WHERE state = ? ORDER BY arrival", state)

    def _records(self, clause: str, *values: str) -> Iterator[Record]:
        columns = [each.name for each in fields(Record)]
        query = f"SELECT {', '.join(columns)} FROM document {clause}"  # noqa: S608 - our own words
        for row in self._db.execute(query, values).fetchall():
            found = dict(zip(columns, row, strict=True))
            yield Record(
                **{
                    **found,
                    "metadata": stated.read(found["metadata"]),
                    "state": State(found["state"]),
                }
            )

    def text(self, record: Record) -> Document:
        """The document itself, from the record alone."""
        (content,) = self._db.execute(
            "SELECT content FROM text WHERE hash = ?", (record.text_hash,)
        ).fetchone()
        regions, part_of = layouts.read(self._db, record.id)
        text = Text(
            content,
            record.metadata,
            record.media_type,
            record.encoding,
            regions=regions,
            part_of=part_of,
        )
        return Document(record.id, record.text_hash, text)

    # ------------------------------------------------------------------------------ marks

    def mark_stored(
        self, fingerprints: Mapping[str, str], run: str, digests: Mapping[str, str] | None = None
    ) -> None:
        """Mark documents as stored; only after the store has been flushed. ``digests`` tell what
        of each was stored."""
        digests = digests or {}
        with self._transaction() as db:
            db.executemany(
                "UPDATE document SET state = 'stored', fingerprint = ?, run = ?, report = NULL,"
                " graph_digest = ? WHERE id = ?",
                [
                    (fingerprint, run, digests.get(document, ""), document)
                    for document, fingerprint in fingerprints.items()
                ],
            )
            db.execute("DELETE FROM marked")
            db.executemany("INSERT INTO marked VALUES (?)", [(each,) for each in fingerprints])

    def marked_last(self) -> list[Record]:
        """What was marked as stored last; nothing after a clean end."""
        return list(self._records("WHERE id IN (SELECT document FROM marked) ORDER BY arrival"))

    def settle(self) -> None:
        """Note that what was marked last has been seen to be in the store."""
        with self._transaction() as db:
            db.execute("DELETE FROM marked")

    def mark_rejected(self, document: str, fingerprint: str, run: str, report: str) -> None:
        """Mark a document as rejected and keep the report that says why."""
        self._mark(document, State.REJECTED, fingerprint, run, report)

    def mark_failed(self, document: str, report: str) -> None:
        """Mark a document as one whose text cannot be read, and keep why."""
        self._mark(document, State.FAILED, "", None, report)

    def mark_undone(self, document: str, state: State = State.RECORDED) -> None:
        """Forget that a document was stored (or say that it was removed)."""
        self._mark(document, state, "", None, None)

    def _mark(
        self, document: str, state: State, fingerprint: str, run: str | None, report: str | None
    ) -> None:
        with self._transaction() as db:
            db.execute(
                "UPDATE document SET state = ?, fingerprint = ?, run = ?, report = ?,"
                " graph_digest = '' WHERE id = ?",
                (state, fingerprint, run, report, document),
            )
