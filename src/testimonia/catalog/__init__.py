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
from testimonia.catalog.comparisons import Comparisons
from testimonia.catalog.database import FILE, Catalogued
from testimonia.catalog.decisions import Decisions, Doubt, KeptEffect
from testimonia.catalog.documents import Record, State
from testimonia.catalog.identities import Identities
from testimonia.catalog.metadata import merged
from testimonia.catalog.plans import Plan, Plans
from testimonia.catalog.profiles import Counted, Profiled, Profiles, Summed
from testimonia.catalog.retired import Retired
from testimonia.catalog.runs import Runs
from testimonia.catalog.signatures import Signatures
from testimonia.catalog.uncertain import Near, Uncertain, Unsure

__all__ = [
    "FILE",
    "Authority",
    "Catalog",
    "Counted",
    "Doubt",
    "KeptEffect",
    "KeptFile",
    "Near",
    "Plan",
    "Profiled",
    "Record",
    "State",
    "Summed",
    "Unsure",
    "merged",
]


class Catalog(
    Decisions,
    Runs,
    Plans,
    Identities,
    Profiles,
    Retired,
    Signatures,
    Comparisons,
    Answers,
    AuthorityFiles,
    Uncertain,
    Catalogued,
):
    """The record of one archive. One process writes; others may read meanwhile."""
