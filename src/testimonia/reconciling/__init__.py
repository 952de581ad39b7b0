"""Matching somebody else's names against the archive: the Reconciliation Service API.

Version 0.2 as the W3C's Entity Reconciliation Community Group has it
(https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/), which is what
OpenRefine speaks. What is said over HTTP is the web's part; here are the queries, the scores and
the answers, on the indexes of :mod:`testimonia.candidates`.
"""

from __future__ import annotations

from testimonia.reconciling.asked import (
    Constraint,
    Extension,
    Query,
    parse_batch,
    parse_extension,
)
from testimonia.reconciling.schema import PROPERTIES, TYPES, Property, properties_of
from testimonia.reconciling.scoring import Candidate, rank
from testimonia.reconciling.service import Reconciler

__all__ = [
    "PROPERTIES",
    "TYPES",
    "Candidate",
    "Constraint",
    "Extension",
    "Property",
    "Query",
    "Reconciler",
    "parse_batch",
    "parse_extension",
    "properties_of",
    "rank",
]
