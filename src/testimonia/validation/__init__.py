"""Whether a document's graph is what a well-formed record is: SHACL.

The constraints are in ``shapes/*.ttl``, in SHACL Core and SHACL-SPARQL (SHACL, W3C Recommendation
of 20 July 2017); any SHACL processor can run them, with the ontology for its class hierarchy and
without inference. pySHACL is the reference: each report is its own. What conforms, as nearly every
graph does, is accepted without it, by the same shapes as questions to pyoxigraph (``accepting``).
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from testimonia import terms
from testimonia.validation import accepting, reference
from testimonia.validation import report as reports
from testimonia.validation.offsets import quotes_exactly
from testimonia.validation.reference import queried, report
from testimonia.validation.report import Report, Violation

__all__ = ["Report", "Violation", "queried", "report", "validate"]

_log = logging.getLogger(__name__)
_SHAPES: Final = "https://w3id.org/testimonia/shapes#"
_QUADRATIC: Final = (_SHAPES + "MentionOtherWords", _SHAPES + "MentionOtherOffsets")
# One accepted graph in so many is checked by the reference as well: of ten thousand documents 156,
# for 0.8 ms a document, a twentieth of what accepting takes.
_SAMPLED: Final = 64


def validate(graph: terms.Graph) -> Report:
    """What ``shapes/*.ttl`` find wrong with a document's graph.

    The graph holds the document's text (``nif:isString``) and its mentions, whose offsets are in
    code points, end exclusive.

    Raises:
        TestimoniaError: the shapes of this installation cannot be applied.
        ValueError: a term of ``graph`` is not in canonical N-Triples form.
    """
    without = _QUADRATIC if quotes_exactly(graph) else ()
    accepted = bool(without) and accepting.accepts(graph, without)
    violations: Iterable[Violation] = ()
    if not accepted or is_sampled(graph):
        violations = reference.violations(graph, without)
    found = replace(reports.of(violations), parsed=accepted)
    if accepted and not found.conforms:
        _log.error("pySHACL refuses a graph that was accepted; please report it: %s", found.text)
    return found


def is_sampled(graph: terms.Graph) -> bool:
    """Whether the reference looks at a graph in any case: by a digest of its nodes.

    Those of a document have the document's id in their IRIs.
    """
    nodes = "\n".join(sorted({subject for subject, _, _ in graph}))
    return hashlib.sha256(nodes.encode()).digest()[0] % _SAMPLED == 0
