"""The saved queries of ``docs/queries``: what they ask, their parameters, how values are bound.

A file begins with comment lines: first the question, then a line for each parameter ::

    # What did somebody say, and about whom?
    # param name: label "Vladimir Putin" – the speaker's name
    SELECT ?content { VALUES ?name { "Vladimir Putin" } ?s tst:speaker/rdfs:label ?name … }

The body binds each parameter once, by a VALUES block with the default as its one value, so the file
is a query as it stands. To ask with another value, that block is written anew with the value as a
term: what comes from outside is never SPARQL, only ever a literal or an IRI of the declared type.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from testimonia import resources, terms
from testimonia.errors import UsageError
from testimonia.terms import Term, iri_of
from testimonia.vocabulary import PREFIXES, XSD

LONGEST: Final = 1000
_SHOWN = 100

_PARAMETER = re.compile(
    r"# param (?P<name>[a-z][A-Za-z0-9]*): (?P<type>[a-z-]+)"
    r' (?:"(?P<quoted>[^"\\]*)"|(?P<bare>\S+))(?: – (?P<about>.+))?'
)
_ANY_BLOCK = re.compile(r'VALUES \?(?P<name>\w+) \{(?P<value>(?:[^"{}]|"[^"\\]*")*)\}')
_DECLARED = re.compile(r"PREFIX\s+(\w*):\s*<([^>]*)>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ParameterType:
    """A kind of value: what it looks like, and the term that it becomes."""

    pattern: str
    term: Callable[[str], Term]


def _date(value: str) -> Term:
    date.fromisoformat(value)
    return terms.literal(value, datatype=iri_of(XSD.date))


def _typed(datatype: Term) -> Callable[[str], Term]:
    return lambda value: terms.literal(value, datatype=iri_of(datatype))


TYPES: Final[Mapping[str, ParameterType]] = {
    "label": ParameterType(r"(?s:.+)", terms.literal),
    "iri": ParameterType(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]+", terms.iri),
    "integer": ParameterType(r"[+-]?\d{1,18}", _typed(XSD.integer)),
    "date": ParameterType(r"\d{4}-\d{2}-\d{2}", _date),
    "month-day": ParameterType(
        r"--(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])", _typed(XSD.gMonthDay)
    ),
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a saved query, with its default."""

    name: str
    type: str
    default: str
    about: str = ""

    def term(self, value: str) -> Term:
        """The value as a term.

        Raises:
            UsageError: it is not of the parameter's type, or too long.
        """
        kind = TYPES[self.type]
        try:
            if len(value) <= LONGEST and re.fullmatch(kind.pattern, value, re.ASCII):
                return kind.term(value)
        except ValueError:
            pass
        raise UsageError(
            f"{self.name}={value[:_SHOWN]!r} is no {self.type}; the default is {self.default!r}"
        )


@dataclass(frozen=True, slots=True)
class SavedQuery:
    """A question with its SPARQL."""

    name: str
    question: str
    parameters: tuple[Parameter, ...]
    text: str

    @property
    def gives_graph(self) -> bool:
        """Whether its result is a graph, not a table."""
        return re.search(r"^(?:CONSTRUCT|DESCRIBE)\b", self.text, re.MULTILINE) is not None

    def bound(self, values: Mapping[str, str]) -> str:
        """The query with these values in place of the defaults.

        Raises:
            UsageError: there is no such parameter, or a value is not of its type.
        """
        known = {each.name: each for each in self.parameters}
        for name in values:
            if name not in known:
                there_are = ", ".join(known) or "none"
                raise UsageError(f"{self.name} has no parameter {name!r}; it has: {there_are}")
        terms_ = {name: known[name].term(value) for name, value in values.items()}
        # In one pass: a value that looks like a block must not be taken for one.
        return _ANY_BLOCK.sub(lambda match: _rewritten(match, terms_), self.text)


@cache
def queries() -> Mapping[str, SavedQuery]:
    """Those that travel with this installation, by name; none where the folder is missing."""
    try:
        files = sorted(resources.folder("docs/queries").glob("*.rq"))
    except FileNotFoundError:
        return {}
    return {file.stem: read(file.stem, file.read_text(encoding="utf-8")) for file in files}


def read(name: str, text: str) -> SavedQuery:
    """The query that a file holds.

    Raises:
        UsageError: a parameter is declared wrongly, or not bound once with its default.
    """
    comments = [line for line in text.splitlines() if line.startswith("#")]
    question = comments[0].removeprefix("#").strip() if comments else name
    declared = [line for line in comments if line.startswith("# param ")]
    parameters = tuple(_parameter(name, line) for line in declared)
    for each in parameters:
        _check(name, text, each)
    return SavedQuery(name, question, parameters, text)


def _parameter(query: str, line: str) -> Parameter:
    match = _PARAMETER.fullmatch(line)
    if match is None or match["type"] not in TYPES:
        raise UsageError(
            f"{query}.rq: {line!r} declares no parameter; write"
            f' `# param name: type "default" – meaning`, type one of {", ".join(TYPES)}'
        )
    default = match["bare"] if match["quoted"] is None else match["quoted"]
    return Parameter(match["name"], match["type"], default, match["about"] or "")


def _check(query: str, text: str, parameter: Parameter) -> None:
    blocks = [
        match["value"].strip()
        for match in _ANY_BLOCK.finditer(text)
        if match["name"] == parameter.name
    ]
    if len(blocks) != 1 or _whole(text, blocks[0]) != parameter.term(parameter.default):
        expected = parameter.term(parameter.default)
        raise UsageError(
            f"{query}.rq: the parameter {parameter.name} must be bound once, by"
            f" VALUES ?{parameter.name} {{ {expected} }}"
        )


def _rewritten(match: re.Match[str], values: Mapping[str, Term]) -> str:
    """The block with the value given for its variable, or as it is."""
    term = values.get(match["name"])
    return match[0] if term is None else f"VALUES ?{match['name']} {{ {term} }}"


def _whole(text: str, value: str) -> Term:
    """A term with its prefix written out."""
    start, mark, name = value.rpartition("^^")
    prefix, colon, local = name.partition(":")
    known = {**PREFIXES, **dict(_DECLARED.findall(text))}
    if colon and prefix in known and not name.startswith(("<", '"')):
        return f"{start}{mark}<{known[prefix]}{local}>"
    return value
