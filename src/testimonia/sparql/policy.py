"""What a request may do, decided on its parse tree: which other addresses it may reach.

pyoxigraph follows ``SERVICE`` and ``LOAD`` to any address and shows no syntax tree. rdflib's
parser gives one; its evaluator is never used. The two read some texts differently, and each
difference would be a way past the check:

- rdflib ends a comment at LF alone, SPARQL (and pyoxigraph) at CR too;
- rdflib replaces escapes (``\\u0027``) before it parses, so that an escaped quotation mark ends
  a string; pyoxigraph knows these escapes only inside strings and IRIs.

So line ends are made one, and every escape a letter, before rdflib sees the text: an address that
is written with escapes is none that anybody allowed.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from testimonia.errors import Forbidden, QueryError
from testimonia.hosts import is_public

if TYPE_CHECKING:
    from pyparsing import ParseBaseException

# Every level of nesting costs rdflib's parser about twenty Python frames.
_RECURSION_LIMIT = 20_000
_ESCAPES = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|.)", re.DOTALL)
_REACHING: Final = ("service", "load")

Resolve = Callable[[str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Reach:
    """What requests may reach: services whose address begins with one of ``allowed``. ``offline``:
    the process has no network, so that what is SILENT may fail by itself, as SPARQL has it."""

    allowed: tuple[str, ...] = ()
    offline: bool = False


@dataclass(frozen=True, slots=True)
class _Call:
    word: str
    address: object
    silent: bool


def check(query: str, reach: Reach | None = None) -> None:
    """Let a query pass that stays inside the store, or calls only services that it may.

    Raises:
        Forbidden: it calls another.
        QueryError: it names SERVICE, and cannot be parsed to see where.
    """
    if _mentions(query, ("service",)):
        _check_tree(_parsed_query(query), reach or Reach())


def check_update(update: str, reach: Reach | None = None) -> None:
    """The same for an update, in which LOAD reaches outside too.

    Raises:
        Forbidden, QueryError: as above.
    """
    if _mentions(update, _REACHING):
        _check_tree(_parsed_update(update), reach or Reach())


def _check_tree(tree: object, reach: Reach) -> None:
    for call in _calls(tree):
        if call.silent and reach.offline:
            continue
        if not reach.allowed:
            raise Forbidden(
                f"{call.word} is not allowed here: a request sees this store and no other"
            )
        check_address(call.word, call.address, reach.allowed)


def check_address(
    word: str, address: object, allowed: Sequence[str], resolve: Resolve | None = None
) -> None:
    """Let an address pass that begins with one of ``allowed``, unless its host's *name* leads to a
    private network: names can be pointed anywhere by whoever owns them. An operator who means a
    private address allows it by its number.

    Raises:
        Forbidden: it may not be reached.
    """
    checked_address(word, str(address) if _is_iri(address) else "", allowed, resolve)


def checked_address(
    word: str, address: str, allowed: Sequence[str], resolve: Resolve | None = None
) -> str:
    """The number of the host to connect to, for an address that passes.

    Raises:
        Forbidden: as :func:`check_address`.
    """
    if not any(address.startswith(each) for each in allowed):
        raise Forbidden(
            f"{word} may not reach {address}: an address is written out as <IRI>, and begins with"
            f" one of {', '.join(allowed)}"
        )
    host = urlsplit(address).hostname or ""
    if _is_number(host):
        return host
    numbers = (resolve or _resolved)(host)
    for number in numbers:
        if not is_public(number):
            raise Forbidden(f"{word} may not reach {address}: {host} is at the private {number}")
    if not numbers:
        raise Forbidden(f"the host {host} cannot be found")
    return numbers[0]


def clauses(text: str, word: str) -> int:
    """How many clauses of SERVICE or LOAD a query or update has.

    Raises:
        QueryError: it cannot be parsed.
    """
    try:
        tree = _parsed_query(text)
    except QueryError:
        tree = _parsed_update(text)
    return sum(each.word == word for each in _calls(tree))


def _is_iri(address: object) -> bool:
    from rdflib import URIRef

    return isinstance(address, URIRef)


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _resolved(host: str) -> list[str]:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Forbidden(f"the host {host} cannot be found: {error}") from error
    return [str(each[4][0]) for each in found]


def _mentions(text: str, words: Sequence[str]) -> bool:
    """Without the word there is no clause: most requests need no second parser (0.3 s to load)."""
    plain = text.casefold()
    if any(word in plain for word in words):
        return True
    if "\\" not in text:
        return False
    unescaped = _ESCAPES.sub(_character, text).casefold()
    return any(word in unescaped for word in words)


def _calls(tree: object) -> Iterator[_Call]:
    """Each clause that reaches outside."""
    from rdflib.plugins.sparql.parserutils import CompValue

    pending: list[object] = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, CompValue):
            if node.name == "ServiceGraphPattern":
                yield _Call("SERVICE", node.term, "silent" in node)
            elif node.name == "Load":
                yield _Call("LOAD", node.iri, "silent" in node)
            pending.extend(node.values())
        elif not isinstance(node, str) and hasattr(node, "__iter__"):
            pending.extend(node)


def _parsed_query(query: str) -> object:
    from rdflib.plugins.sparql.parser import parseQuery

    return _parsed(parseQuery, query, "SERVICE")


def _parsed_update(update: str) -> object:
    from rdflib.plugins.sparql.parser import parseUpdate

    return _parsed(parseUpdate, update, "SERVICE or LOAD")


def _parsed(parse: Callable[[str], object], text: str, words: str) -> object:
    from pyparsing import ParseBaseException

    sys.setrecursionlimit(_RECURSION_LIMIT)
    try:
        return parse(_for_rdflib(text))
    except ParseBaseException as error:
        raise QueryError(_explain(error, words)) from error
    except RecursionError as error:
        raise QueryError(f"the request is nested too deeply to be checked for {words}") from error


def _explain(error: ParseBaseException, words: str) -> str:
    where = f"line {error.lineno}, column {error.column}"
    return f"syntax error at {where}, or {words}, which is not allowed here: {error.msg}"


def _for_rdflib(text: str) -> str:
    one_line_end = text.replace("\r\n", "\n").replace("\r", "\n")
    return _ESCAPES.sub("x", one_line_end)


def _character(match: re.Match[str]) -> str:
    code = int(match[1] or match[2] or "0", 16)
    return chr(code) if 0 < code <= sys.maxunicode else match[0]
