"""A document and its reading as triples (DESIGN: the document graph), and a gazetteer's facts.

``describe`` is a pure function: the same document and reading give the same graph. All nodes
have IRIs; what is local to the document has the document's IRI and its key.
"""

from __future__ import annotations

from testimonia.mapping.changes import Changed, Changes, Said, changes
from testimonia.mapping.decisions import affected_paths, affected_triples, decision_triples
from testimonia.mapping.document import Namer, local_entities
from testimonia.mapping.facts import gazetteer_facts, place_facts
from testimonia.mapping.reading import describe
from testimonia.mapping.retired import nodes, retired
from testimonia.mapping.runs import derivation_triples, run_triples
from testimonia.mapping.told import told

__all__ = [
    "Changed",
    "Changes",
    "Namer",
    "Said",
    "affected_paths",
    "affected_triples",
    "changes",
    "decision_triples",
    "derivation_triples",
    "describe",
    "gazetteer_facts",
    "local_entities",
    "nodes",
    "place_facts",
    "retired",
    "run_triples",
    "told",
]
