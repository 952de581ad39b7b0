"""Runs of the software as PROV-O, for ``graph/runs``: the only graph with clock times of ours."""

from __future__ import annotations

from testimonia import __version__
from testimonia.iris import Iris
from testimonia.model import Run
from testimonia.terms import XSD, Graph, iri, literal
from testimonia.vocabulary import PROV, RDF, TST


def run_triples(iris: Iris, run: Run) -> Graph:
    """A run: software, model, settings and when."""
    node = iri(iris.run(run.id))
    triples = {
        (node, RDF.type, TST.Ingestion),
        (node, TST.softwareVersion, literal(f"testimonia {__version__}")),
        (node, TST.extractor, literal(run.extractor)),
        (node, TST.settingsDigest, literal(run.settings)),
        (node, PROV.startedAtTime, literal(run.started, datatype=XSD + "dateTime")),
    }
    if run.ended:
        triples.add((node, PROV.endedAtTime, literal(run.ended, datatype=XSD + "dateTime")))
    return frozenset(triples)


def derivation_triples(iris: Iris, run: str, document: str) -> Graph:
    """That a document's graph is the work of a run. Never a statement: that is its speaker's."""
    node, graph = iri(iris.run(run)), iri(iris.document_graph(document))
    return frozenset(
        {(graph, PROV.wasGeneratedBy, node), (node, PROV.used, iri(iris.document(document)))}
    )
