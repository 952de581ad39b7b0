"""Results of queries as values, and whether two are the same."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pyoxigraph
import rdflib
from pyoxigraph import Literal, QueryBoolean, QueryResultsFormat, QuerySolutions
from rdflib.compare import isomorphic

from conformance.w3c import iri_of

# The media type of each format of results, by the suffix of the files that hold them.
MEDIA_TYPES = {
    ".srx": "application/sparql-results+xml",
    ".srj": "application/sparql-results+json",
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".ttl": "application/sparql-results+xml, application/n-triples",
}
_FORMATS = {
    "application/sparql-results+xml": QueryResultsFormat.XML,
    "application/sparql-results+json": QueryResultsFormat.JSON,
    "text/tab-separated-values": QueryResultsFormat.TSV,
}

Row = Mapping[str, str]


@dataclass(frozen=True)
class Solutions:
    """The rows of a SELECT: terms in N-Triples form by variable, without the unbound."""

    variables: tuple[str, ...]
    rows: tuple[Row, ...]


Result = bool | Solutions | rdflib.Graph


def parsed(content: bytes, media_type: str) -> bool | Solutions:
    """What an answer says.

    Raises:
        KeyError: the media type is none of results.
        SyntaxError: the content is not of that type.
    """
    if media_type == "text/csv":
        return _csv(content.decode())
    return _result(pyoxigraph.parse_query_results(content, format=_FORMATS[media_type]))


def from_file(file: Path) -> Result:
    """What a file of the suite expects; a graph in Turtle may describe a result set."""
    if file.suffix == ".ttl":
        return _described(file)
    return parsed(file.read_bytes(), MEDIA_TYPES[file.suffix])


def _result(result: QuerySolutions | QueryBoolean) -> bool | Solutions:
    if isinstance(result, QueryBoolean):
        return bool(result)
    names = [variable.value for variable in result.variables]
    rows = ({name: _term(row[name]) for name in names if row[name] is not None} for row in result)
    return Solutions(tuple(names), tuple(rows))


def _term(term: object) -> str:
    """The N-Triples form; numbers and truth values have the form that Python gives them.

    The specification leaves open how a computed number is written (the suite has 2.5E0 where
    others write 2.5), and a store may keep values. Datatypes are compared as they are.
    """
    if isinstance(term, Literal) and (value := _VALUES.get(term.datatype.value)):
        try:
            return f'"{value(term.value)}"^^{term.datatype}'
        except ValueError:
            return str(term)  # not in the datatype's lexical space
    return str(term)


def _decimal(lexical: str) -> str:
    try:
        return f"{Decimal(lexical).normalize():f}"
    except InvalidOperation as error:
        raise ValueError(lexical) from error


def _boolean(lexical: str) -> str:
    return {"0": "false", "1": "true"}.get(lexical, lexical)


_XSD = "http://www.w3.org/2001/XMLSchema#"
_VALUES: Mapping[str, Callable[[str], object]] = {
    f"{_XSD}integer": int,
    f"{_XSD}decimal": _decimal,
    f"{_XSD}double": float,
    f"{_XSD}float": float,
    f"{_XSD}boolean": _boolean,
}


def _csv(text: str) -> Solutions:
    """CSV does not tell IRIs, literals and the unbound apart; blank nodes begin with ``_:``."""
    rows = csv.DictReader(io.StringIO(text, newline=""))
    return Solutions(tuple(rows.fieldnames or ()), tuple(rows))


_RESULT_SET = """
PREFIX rs: <http://www.w3.org/2001/sw/DataAccess/tests/result-set#>
SELECT ?variable ?solution ?name ?value {
  ?set a rs:ResultSet
  { ?set rs:resultVariable ?variable }
  UNION
  { ?set rs:solution ?solution
    OPTIONAL { ?solution rs:binding [ rs:variable ?name ; rs:value ?value ] } }
}"""


def _described(file: Path) -> Solutions | rdflib.Graph:
    store = pyoxigraph.Store()
    store.load(path=file, base_iri=iri_of(file))
    variables: list[str] = []
    rows: dict[str, dict[str, str]] = {}
    described = store.query(_RESULT_SET)
    assert isinstance(described, QuerySolutions)
    for found in described:
        if found["variable"] is not None:
            variables.append(found["variable"].value)
            continue
        row = rows.setdefault(str(found["solution"]), {})
        if found["name"] is not None:
            row[found["name"].value] = _term(found["value"])
    if not variables:
        return rdflib.Graph(bind_namespaces="none").parse(file, publicID=iri_of(file))
    return Solutions(tuple(variables), tuple(rows.values()))


# ------------------------------------------------------------------------------------ equality


def same_solutions(found: Solutions, expected: Solutions, *, ordered: bool) -> bool:
    """Equal variables, and equal rows as multisets, or as lists if ``ordered``.

    Blank nodes are equal but for their names, which hold for a whole result (SPARQL 1.1 Query
    Results JSON Format, section 3.2.2): the results are compared as graphs.
    """
    if set(found.variables) != set(expected.variables) or len(found.rows) != len(expected.rows):
        return False
    return isomorphic(_graph(found.rows, ordered), _graph(expected.rows, ordered))


def difference(found: Solutions, expected: Solutions) -> str:
    """The rows that only one has, for people: names of blank nodes count here."""
    ours, theirs = ([str(sorted(row.items())) for row in each.rows] for each in (found, expected))
    unexpected = "\n".join(row for row in ours if row not in theirs)
    missing = "\n".join(row for row in theirs if row not in ours)
    return f"of {found.variables} unexpected:\n{unexpected}\nmissing:\n{missing}"


def _graph(rows: Iterable[Row], ordered: bool) -> rdflib.Graph:
    """Each different row is a node with its values, and with its place or its number.

    Values are strings here, so that no library takes two lexical forms for one.
    """
    written = [tuple(sorted(row.items())) for row in rows]
    counted = list(enumerate(written)) if ordered else [(n, r) for r, n in Counter(written).items()]
    graph = rdflib.Graph(bind_namespaces="none")
    for number, row in counted:
        node = rdflib.BNode()
        graph.add((node, rdflib.URIRef("urn:number"), rdflib.Literal(str(number))))
        for name, value in row:
            is_blank = value.startswith("_:")
            term = rdflib.BNode(value[2:]) if is_blank else rdflib.Literal(value)
            graph.add((node, rdflib.URIRef(f"urn:{name}"), term))
    return graph
