"""What a query may do, decided on its parse tree: it may not call other services.

pyoxigraph follows ``SERVICE`` to any address and shows no syntax tree. rdflib's parser gives one;
its evaluator is never used. The two read some texts differently, and each difference would be a
way past the check:

- rdflib ends a comment at LF alone, SPARQL (and pyoxigraph) at CR too;
- rdflib replaces escapes (``\\u0027``) before it parses, so that an escaped quotation mark ends
  a string; pyoxigraph knows these escapes only inside strings and IRIs.

So line ends are made one, and every escape a letter, before rdflib sees the text.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from testimonia.errors import QueryError

if TYPE_CHECKING:
    from pyparsing import ParseBaseException

# Every level of nesting costs rdflib's parser about twenty Python frames.
_RECURSION_LIMIT = 20_000
_ESCAPES = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|.)", re.DOTALL)


def check(query: str) -> None:
    """Let a query pass that stays inside the store.

    Raises:
        QueryError: it has a SERVICE clause, or names one and cannot be parsed to see where.
    """
    if calls_service(query):
        raise QueryError("SERVICE is not allowed here: a query sees this store and nothing else")


def calls_service(query: str) -> bool:
    """Whether the query has a SERVICE clause.

    Raises:
        QueryError: it names one, and cannot be parsed or is nested too deeply to see where.
    """
    return _mentions_service(query) and any(True for _ in _services(query))


def _mentions_service(query: str) -> bool:
    """Without the word there is no clause: most queries need no second parser (0.3 s to load)."""
    return "service" in query.casefold() or "service" in _ESCAPES.sub(_character, query).casefold()


def _services(query: str) -> Iterator[object]:
    from rdflib.plugins.sparql.parserutils import CompValue

    pending: list[object] = [_parsed(_for_rdflib(query))]
    while pending:
        node = pending.pop()
        if isinstance(node, CompValue):
            if node.name == "ServiceGraphPattern":
                yield node
            pending.extend(node.values())
        elif not isinstance(node, str) and hasattr(node, "__iter__"):
            pending.extend(node)


def _parsed(query: str) -> object:
    from pyparsing import ParseBaseException
    from rdflib.plugins.sparql.parser import parseQuery

    sys.setrecursionlimit(_RECURSION_LIMIT)
    try:
        return parseQuery(query)
    except ParseBaseException as error:
        raise QueryError(_explain(error)) from error
    except RecursionError as error:
        raise QueryError("the query is nested too deeply to be checked for SERVICE") from error


def _explain(error: ParseBaseException) -> str:
    where = f"line {error.lineno}, column {error.column}"
    return f"syntax error at {where}, or SERVICE, which is not allowed here: {error.msg}"


def _for_rdflib(query: str) -> str:
    one_line_end = query.replace("\r\n", "\n").replace("\r", "\n")
    return _ESCAPES.sub("x", one_line_end)


def _character(match: re.Match[str]) -> str:
    code = int(match[1] or match[2] or "0", 16)
    return chr(code) if 0 < code <= sys.maxunicode else match[0]
