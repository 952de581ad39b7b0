"""Asks the evaluator and turns its answers into plain values. It blocks: call it in a thread."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, Self

from testimonia import terms
from testimonia.errors import ArchiveError
from testimonia.iris import Iris
from testimonia.sparql.evaluator import QueryResult
from testimonia.terms import Term
from testimonia.web import pages_queries as queries

# Each IRI is a line in a VALUES block; several small queries cost less than one huge.
_LABELS_AT_ONCE = 500


class Evaluates(Protocol):
    """The part of ``sparql.evaluator.Evaluator`` that is used here."""

    def evaluate(
        self,
        query: str,
        *,
        accept: str | None = None,
        format_: str | None = None,
        default_graph_uris: Sequence[str] = (),
        named_graph_uris: Sequence[str] = (),
        best_hits: bool = False,
    ) -> QueryResult:
        """The result of a query, serialised."""
        ...


@dataclass(frozen=True, slots=True)
class Value:
    """One term of an answer: ``text`` is an IRI without brackets or a literal's lexical form."""

    text: str
    kind: str = "literal"
    language: str | None = None
    datatype: str | None = None

    @classmethod
    def of_json(cls, binding: Mapping[str, Any]) -> Self:
        """From SPARQL 1.1 Query Results JSON, section 3.2.2; a triple term as its JSON."""
        value = binding["value"]
        text = value if isinstance(value, str) else json.dumps(value)
        return cls(text, binding["type"], binding.get("xml:lang"), binding.get("datatype"))

    @property
    def is_iri(self) -> bool:
        """Whether it is an IRI."""
        return self.kind == "uri"

    @property
    def term(self) -> Term:
        """As it stands in our vocabularies' modules."""
        if self.is_iri:
            return f"<{self.text}>"
        return terms.literal(self.text, datatype=self.datatype, language=self.language)


Row = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Table:
    """The result of a SELECT."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """Rows of a full-text search; ``cut``: there is more than was looked at, the best was."""

    rows: tuple[Row, ...]
    cut: bool = False


class Description:
    """What is said of some subjects: a small graph that can be asked by subject and predicate."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._values: defaultdict[str, defaultdict[Term, list[Value]]]
        self._values = defaultdict(lambda: defaultdict(list))
        for row in rows:
            values = self._values[row["x"].text][row["p"].term]
            if row["o"] not in values:
                values.append(row["o"])

    def __iter__(self) -> Iterator[str]:
        """The subjects."""
        return iter(self._values)

    def values(self, subject: str, predicate: Term) -> list[Value]:
        """All values, none where there are none."""
        properties = self._values.get(subject)
        return list(properties.get(predicate, ())) if properties else []

    def value(self, subject: str, predicate: Term) -> Value | None:
        """The value, or one of them."""
        return next(iter(self.values(subject, predicate)), None)

    def text(self, subject: str, predicate: Term) -> str:
        """The value's text, empty where there is none."""
        value = self.value(subject, predicate)
        return value.text if value else ""

    def iris(self) -> set[str]:
        """Every IRI that stands as an object."""
        return {
            value.text
            for properties in self._values.values()
            for values in properties.values()
            for value in values
            if value.is_iri
        }


class Answers:
    """Questions to one archive's graph."""

    def __init__(self, evaluator: Evaluates, iris: Iris) -> None:
        self._evaluator = evaluator
        self._iris = iris

    def select(self, query: str) -> tuple[Row, ...]:
        """The rows of a SELECT; none where there is no store yet, before the first document."""
        return self.search(query).rows

    def search(self, query: str) -> Found:
        """The same, and whether full-text patterns had more hits than a query may be given.

        Raises:
            QueryError: the words cannot be searched for.
            StoreError: there is no index.
        """
        try:
            result = self._evaluator.evaluate(query, format_="json", best_hits=True)
        except ArchiveError:
            return Found(())
        return Found(table(result.body).rows, result.cut)

    def first(self, query: str) -> Row:
        """The first row; empty where there is none."""
        return next(iter(self.select(query)), {})

    def count(self, query: str) -> int:
        """The number ``?n`` of the only row."""
        row = self.first(query)
        return int(row["n"].text) if "n" in row else 0

    def describe(self, query: str) -> Description:
        """What a query for ``?x ?p ?o`` tells."""
        return Description(self.select(query))

    def construct(self, query: str, format_: str) -> QueryResult:
        """A graph in the format of this name."""
        return self._evaluator.evaluate(query, format_=format_)

    def labels(self, iris: Iterable[str]) -> dict[str, str]:
        """The best label that the graph has for each IRI; those without are left out."""
        wanted = sorted(each for each in set(iris) if _is_writable(each))
        found: dict[str, tuple[int, str]] = {}
        for start in range(0, len(wanted), _LABELS_AT_ONCE):
            for row in self.select(queries.labels(wanted[start : start + _LABELS_AT_ONCE])):
                rank = queries.LABELS.index(row["p"].term)
                candidate = (rank, row["o"].text)
                found[row["x"].text] = min(candidate, found.get(row["x"].text, candidate))
        return {iri: label for iri, (_, label) in found.items()}


def table(body: bytes) -> Table:
    """A SPARQL JSON result; of an ASK one row with the column ``answer``."""
    data = json.loads(body)
    if "boolean" in data:
        return Table(("answer",), ({"answer": Value("yes" if data["boolean"] else "no")},))
    rows = tuple(
        {name: Value.of_json(binding) for name, binding in row.items()}
        for row in data["results"]["bindings"]
    )
    return Table(tuple(data["head"]["vars"]), rows)


def _is_writable(iri: str) -> bool:
    try:
        return bool(terms.iri(iri))
    except ValueError:
        return False
