"""The shapes of this installation, and of its ontology what SHACL reads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
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
def classes() -> Mapping[str, frozenset[str]]:
    """For each class that has one below it in the ontology, the IRIs of these and its own."""
    above: defaultdict[str, set[str]] = defaultdict(set)
    for lower, _, upper in hierarchy():
        above[terms.iri_of(lower)].add(terms.iri_of(upper))
    below: defaultdict[str, set[str]] = defaultdict(set)
    for kind in [*above]:
        found, waiting = {kind}, [kind]
        while waiting:
            new = above.get(waiting.pop(), set()) - found
            found |= new
            waiting += new
        for each in found:
            below[each] |= {kind, each}
    return {kind: frozenset(found) for kind, found in below.items()}
