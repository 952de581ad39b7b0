"""How the stores that we know differ, as a table. What it says of Oxigraph and Virtuoso has been
tried against the real ones (``tests/store``); of the others it follows their manuals (August 2025),
and each line can be overridden in the address.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from testimonia.terms import XSD

_BOOLEAN: Final = f'"datatype": "{XSD}boolean", "value": '
_WKT: Final = "http://www.opengis.net/ont/geosparql#wktLiteral"
# As drafts of GeoSPARQL 1.0 had it: a datatype of which Virtuoso knows nothing.
_OTHER_WKT: Final = "http://www.opengis.net/ont/sf#wktLiteral"


@dataclass(frozen=True, slots=True)
class Kind:
    """What a store of this kind can, and how it wants to be asked.

    - ``server``: what its ``Server`` header begins with.
    - ``query``, ``update``, ``graph_store``: where its endpoints are, relative to the address; an
      empty one is the address itself. Without ``graph_store`` graphs are put by
      ``DROP``/``INSERT DATA`` in one request.
    - ``forms``: queries and updates come as forms; a body of the type ``application/sparql-query``
      is not answered. ``update_field`` is the form's field.
    - ``atomic``: an update request is made whole or not at all.
    - ``most_triples``, ``most_bytes``: how much one update request may have; 0 for any.
    - ``page``: rows that are asked for at once; 0 for all. For stores that cut a result short.
    - ``stored_view``: its default graph can be written, and is not the union of all. Else the
      reading view is a named graph.
    - ``timeout``: the parameter for a query's time, with the unit's factor to seconds.
    - ``own_graphs``: named graphs that it brings along.
    - ``repairs``: what its JSON and N-Triples results say differently from what was stored, as the
      bytes that are written and those that are meant. In a result nothing else can have them, since
      the quotation marks in a literal are escaped.
    - ``graph_names``: the query that lists its graphs.
    - ``ascii_separators``: it spoils separators of GROUP_CONCAT that have other characters.
    - ``disguises``: what is written differently in requests, so that it comes back as it was: the
      end of literals as it is meant, and as it is sent.
    """

    name: str
    server: tuple[str, ...] = ()
    query: tuple[str, ...] = ("",)
    update: str = ""
    graph_store: str | None = None
    forms: bool = True
    update_field: str = "update"
    atomic: bool = False
    most_triples: int = 0
    most_bytes: int = 0
    page: int = 0
    stored_view: bool = True
    timeout: tuple[str, float] | None = None
    own_graphs: frozenset[str] = frozenset()
    repairs: tuple[tuple[str, str], ...] = ()
    graph_names: str = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"
    ascii_separators: bool = False
    disguises: tuple[tuple[str, str], ...] = ()


_ALL: Final = (
    Kind(
        "oxigraph",
        server=("Oxigraph/",),
        query=("query", ""),
        update="update",
        graph_store="store",
        atomic=True,
        # Without DISTINCT over all quads; emptied graphs are dropped, so that they have triples.
        graph_names="SELECT ?g { GRAPH ?g { } }",
    ),
    Kind(
        "virtuoso",
        server=("Virtuoso/",),
        query=("sparql", ""),
        update="",
        graph_store="/sparql-graph-crud",
        # Tried with 7.2.5: its compiler runs out of memory at 4,990 triples of INSERT DATA, and a
        # request that fails in its second half has done its first. Results end silently at
        # ResultSetMaxRows, 10,000 as it is delivered.
        most_triples=1000,
        most_bytes=2_000_000,
        page=5000,
        stored_view=False,
        timeout=("timeout", 1000.0),
        own_graphs=frozenset(
            {
                "http://www.openlinksw.com/schemas/virtrdf#",
                "http://www.w3.org/ns/ldp#",
                "http://www.w3.org/2002/07/owl#",
                "http://localuriqaserver/sparql",
                "http://localhost:8890/sparql",
                "http://localhost:8890/DAV/",
                "urn:activitystreams-owl:map",
                "urn:core:services:sparql",
                "urn:rules.skos",
                "virtrdf-label",
                "facets",
            }
        ),
        repairs=(
            (f'{_BOOLEAN}"1"', f'{_BOOLEAN}"true"'),
            (f'{_BOOLEAN}"0"', f'{_BOOLEAN}"false"'),
            (f'"datatype": "{_OTHER_WKT}"', f'"datatype": "{_WKT}"'),
            (f'"^^<{_OTHER_WKT}>', f'"^^<{_WKT}>'),
        ),
        ascii_separators=True,
        # Points are kept as two floats of 32 bits: 37.61781 comes back as 37.617809295654. And
        # where one stands in a pattern, its error is RDFXX, "bad datatype code".
        disguises=((f'"^^<{_WKT}>', f'"^^<{_OTHER_WKT}>'),),
    ),
    Kind(
        "fuseki",
        server=("Apache Jena Fuseki", "Fuseki"),
        query=("sparql", ""),
        update="update",
        graph_store="data",
        atomic=True,  # with a TDB2 or in-memory dataset
        timeout=("timeout", 1.0),
    ),
    Kind(
        "graphdb",
        server=("GraphDB",),
        update="statements",
        graph_store="rdf-graphs/service",
        atomic=True,
        stored_view=False,  # what is asked of its default graph is asked of all graphs
        timeout=("timeout", 1.0),
    ),
    Kind(
        "qlever",
        server=("QLever",),
        update="",
        atomic=True,
        stored_view=False,
        timeout=("timeout", 1.0),
        most_bytes=8_000_000,
    ),
    Kind("generic", most_triples=1000, most_bytes=1_000_000),
)

KINDS: Final[Mapping[str, Kind]] = MappingProxyType({each.name: each for each in _ALL})
