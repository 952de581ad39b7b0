"""The sentence of the project: source → text → reading → graph → inferred → validated → stored.

``derive`` is pure: the same document and reader give the same graphs. It is done in this process,
in others (``workers``), or on other machines (``cluster``). ``Ingestion`` is what happens at the
edges, in an order that loses nothing: bytes and record are durable first, then the graphs are
written (``storing``), then the store is flushed, and only then is a document marked as stored.
``bulk`` does the same for many at once. In a
batch a failure is a value: every source has an :class:`Outcome`, and the next one goes on.
"""

from __future__ import annotations

from testimonia.ingest.bulk import Bulk, BulkIngestion, completed
from testimonia.ingest.deriving import Derivation, Extractor, derive, identify
from testimonia.ingest.ingestion import Ingestion
from testimonia.ingest.outcome import Outcome, Result, Source
from testimonia.ingest.readers import Readers
from testimonia.ingest.workers import Workers

__all__ = [
    "Bulk",
    "BulkIngestion",
    "Derivation",
    "Extractor",
    "Ingestion",
    "Outcome",
    "Readers",
    "Result",
    "Source",
    "Workers",
    "completed",
    "derive",
    "identify",
]
