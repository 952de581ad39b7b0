"""What the tests of updates share."""

from __future__ import annotations

from testimonia.iris import Iris
from testimonia.sparql.limits import Limits
from testimonia.sparql.pool import Pool, Query
from testimonia.terms import iri, literal
from testimonia.updates.dataset import Dataset, GraphWrite

IRIS = Iris("http://localhost:8000/")
LIMITS = Limits(seconds=10)
DOCUMENT = IRIS.document_graph("one")
MINE = "https://mine.example/graph"
MANAGED = {DOCUMENT: frozenset({(iri("a:s"), iri("a:p"), literal("managed"))})}


async def rows(dataset: Dataset, query: str) -> list[str]:
    pool = Pool(dataset, LIMITS)
    try:
        result = await pool.whole(Query(query, format="csv"))
    finally:
        pool.close()
    return sorted(result.body.decode().split("\r\n")[1:-1])


EVERYTHING = "SELECT ?s ?o { ?s ?p ?o }"
SLOW = (
    "INSERT { ?a ?b 'x' } WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o"
    " FILTER(?c + ?f + ?i + ?l + ?o < 0) }"
)
GREEDY = "INSERT { ?a ?g ?f } WHERE { ?a ?b ?c . ?d ?e ?f . ?g2 ?g ?i }"


def load(text: str, *, graph: str = MINE, merge: bool = False) -> GraphWrite:
    base = "https://mine.example/base"
    return GraphWrite(graph, text.encode(), "text/turtle", base, merge)
