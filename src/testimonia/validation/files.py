"""The shapes of this installation, and of its ontology what SHACL reads."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from pathlib import Path

from testimonia import rdf, resources, terms
from testimonia.vocabulary import RDFS


def shapes() -> list[Path]:
    """The files of the shapes, in Turtle."""
    return sorted(resources.folder("shapes").glob("*.ttl"))


@cache
def hierarchy() -> terms.Graph:
    """Which class of the ontology is under which.

    SHACL reads nothing else of an ontology (section 1.1, "SHACL instance").
    """
    ontology = rdf.parse((resources.folder("ontology") / "testimonia.ttl").read_bytes(), "turtle")
    return frozenset(triple for triple in ontology if triple[1] == RDFS.subClassOf)


@cache
def classes() -> terms.Closure:
    """For each class, itself and those that are below it in the ontology."""
    below: defaultdict[terms.Term, set[terms.Term]] = defaultdict(set)
    for lower, _, upper in hierarchy():
        below[upper].add(lower)
    return terms.Closure(below)
