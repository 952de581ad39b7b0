"""What is looked after when an archive is opened for writing and the last run was cut short.

Nothing is marked as stored before the store was flushed. Should a disk have said that it had
written what it had not, the marks are ahead of the graphs: what was marked last is compared with
them, triple by triple, and is to do again where they differ.
"""

from __future__ import annotations

import hashlib

from testimonia.catalog import Catalog, Record, State
from testimonia.mapping import run_triples
from testimonia.store import Batch, Writer
from testimonia.terms import Graph, iri
from testimonia.vocabulary import PROV


def digest_of(graph: Graph, inferred: Graph) -> str:
    """What tells a document's stored graphs from others: SHA-256, hexadecimal."""
    hasher = hashlib.sha256()
    for part in (graph, inferred):
        for triple in sorted(part):
            hasher.update("\x1f".join(triple).encode("utf-8", "surrogatepass") + b"\n")
        hasher.update(b"\x00")
    return hasher.hexdigest()


def settle(catalog: Catalog, writer: Writer) -> list[Record]:
    """Mark as undone what is marked as stored and is not there, or not as it was stored.

    Returns these documents. For the one who has the lock.
    """
    present = set(writer.graphs())
    graph_of = writer.iris.document_graph
    undone = [each for each in catalog.documents(State.STORED) if graph_of(each.id) not in present]
    marked = catalog.marked_last()
    undone += [
        each for each in marked if graph_of(each.id) in present and not _is_whole(each, writer)
    ]
    for record in undone:
        catalog.mark_undone(record.id)
    if marked:
        catalog.settle()
    for run in catalog.cut_short():
        if any(writer.match(None, PROV.wasGeneratedBy, iri(writer.iris.run(run.id)))):
            triples = run_triples(writer.iris, run)
            writer.apply(Batch(add={writer.iris.runs_graph: triples}))
        catalog.note_cut_short(run.id)
    return undone


def _is_whole(record: Record, writer: Writer) -> bool:
    if not record.graph_digest:
        return True
    iris = writer.iris
    graph = writer.graph(iris.document_graph(record.id))
    inferred = writer.graph(iris.inferred_graph(record.id))
    return digest_of(graph, inferred) == record.graph_digest
