"""The archive's record: original bytes, frozen texts, metadata, runs, outcomes, identities.

The record is what cannot be made again; the graph is derived from it. It is one SQLite file in
WAL mode with full synchronisation, and the original bytes beside it, content-addressed. Order of
effects: bytes and rows are durable before anything is written to the store, and a document is
marked as stored only after the store has been flushed.

One module a kind of thing that is kept; the schema is what the steps in ``migrations`` make.
"""

from __future__ import annotations

from testimonia.catalog.answers import Answers
from testimonia.catalog.authorities import Authority, AuthorityFiles, KeptFile
from testimonia.catalog.database import FILE, Catalogued
from testimonia.catalog.documents import Documents, Record, State
from testimonia.catalog.identities import Identities
from testimonia.catalog.metadata import merged
from testimonia.catalog.plans import Plan, Plans
from testimonia.catalog.retired import Retired
from testimonia.catalog.runs import Runs
from testimonia.catalog.signatures import Signatures

__all__ = [
    "FILE",
    "Authority",
    "Catalog",
    "KeptFile",
    "Plan",
    "Record",
    "State",
    "merged",
]


class Catalog(
    Documents,
    Runs,
    Plans,
    Identities,
    Retired,
    Signatures,
    Answers,
    AuthorityFiles,
    Catalogued,
):
    """The record of one archive. One process writes; others may read meanwhile."""
