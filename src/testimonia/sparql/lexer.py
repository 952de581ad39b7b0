"""The tokens of a SPARQL request, and what can be told from their order alone.

The terminals are those of SPARQL 1.1 Query, section 19.8; they are regular, and the longest match
counts. What a request may *do* is decided on its parse tree (:mod:`testimonia.sparql.policy`);
here it is only rearranged: the protocol's graphs of an update are written into it, and the graphs
that a query merges are found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from testimonia.errors import QueryError

_TOKEN = re.compile(
    r"""
      (?P<space>   [\x20\t\r\n]+ | \#[^\r\n]* )
    | (?P<iri>     <[^<>"{}|^`\x00-\x20]*> )
    | (?P<string>  \"\"\"(?:\"{0,2}(?:[^"\\]|\\.))*\"\"\" | '''(?:'{0,2}(?:[^'\\]|\\.))*'''
                 | "(?:[^"\\\r\n]|\\.)*" | '(?:[^'\\\r\n]|\\.)*' )
    | (?P<open>    \{ )
    | (?P<close>   \} )
    | (?P<end>     ; )
    | (?P<name>    (?:[^\W\d_](?:[\w.\-\u00B7]*[\w\-\u00B7])?)?
                   :(?:(?:[\w:.\-\u00B7]|%[0-9A-Fa-f]{2}|\\.)*
                       (?:[\w:\-\u00B7]|%[0-9A-Fa-f]{2}|\\.))? )
    | (?P<variable>[?$]\w+ )
    | (?P<tag>     @[A-Za-z]+(?:-[A-Za-z0-9]+)* )
    | (?P<word>    [A-Za-z_]\w* )
    | (?P<other>   . )
    """,
    re.VERBOSE | re.DOTALL,
)
_CONSTANTS = re.compile(
    r"""<[^<>"{}|^`\x00-\x20]*>|"(?:[^"\\\r\n]|\\.)*"|'(?:[^'\\\r\n]|\\.)*'|\#[^\r\n]*|\d+"""
)
_ON_GRAPHS: Final = ("LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY")
_FORMS: Final = ("SELECT", "CONSTRUCT", "DESCRIBE", "ASK")


class Token(NamedTuple):
    """One token: what it is, its text, and its offset in code points. ``depth`` counts the braces
    that are open around it; a brace itself stands outside of what it opens."""

    kind: str
    text: str
    start: int
    depth: int

    @property
    def end(self) -> int:
        """The offset after it."""
        return self.start + len(self.text)

    def is_word(self, *words: str) -> bool:
        """Whether it is one of these keywords (given in upper case)."""
        return self.kind == "word" and self.text.upper() in words


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a request, without spaces and comments."""
    depth = 0
    for match in _TOKEN.finditer(text):
        kind = str(match.lastgroup)
        if kind == "space":
            continue
        if kind == "close":
            depth -= 1
        yield Token(kind, match[0], match.start(), depth)
        if kind == "open":
            depth += 1


def edited(text: str, edits: Iterable[tuple[int, int, str]]) -> str:
    """The text with each piece, from its start to its end (code points, exclusive), replaced by
    another; in textual order, none within another."""
    pieces, done = [], 0
    for start, end, new in edits:
        pieces += [text[done:start], new]
        done = end
    return "".join([*pieces, text[done:]])


def shape(text: str) -> str:
    """What is left of a request without its constants and comments: a guess at what is alike."""
    return _CONSTANTS.sub("_", text)


def inserts_only(update: str) -> bool:
    """Whether an update is nothing but ``INSERT DATA``: its whole effect stands in its text."""
    outside = [each for each in tokens(update) if each.depth == 0]
    words = [each for each in outside if each.kind == "word"]
    found = [
        (first.text.upper(), second.text.upper())
        for first, second in pairwise(words)
        if first.is_word("INSERT")
    ]
    allowed = all(each.is_word("PREFIX", "BASE", "INSERT", "DATA") for each in words)
    return allowed and bool(found) and all(second == "DATA" for _, second in found)


def merged_graphs(query: str) -> tuple[str, list[str], list[str]]:
    """The prologue of a query, and the terms of its ``FROM`` and ``FROM NAMED`` clauses as they
    are written there."""
    outside = [each for each in tokens(query) if each.depth == 0]
    prologue_end, default, named = 0, [], []
    for index, token in enumerate(outside):
        if token.is_word(*_FORMS) and not prologue_end:
            prologue_end = token.start
        if token.is_word("FROM"):
            following = outside[index + 1 : index + 3]
            if following and following[0].is_word("NAMED"):
                named += [each.text for each in following[1:2]]
            else:
                default += [each.text for each in following[:1]]
    return query[:prologue_end], default, named


def with_using(update: str, default: Sequence[str], named: Sequence[str]) -> str:
    """The update with the protocol's ``using-graph-uri`` and ``using-named-graph-uri`` in each of
    its operations that has a pattern (SPARQL 1.1 Protocol, section 2.2.3).

    The graphs are IRIs without brackets, already checked. An operation's place in the text, and so
    the line of a later error, may move.

    Raises:
        QueryError: the update has ``USING`` or ``WITH`` of its own.
    """
    outside = [each for each in tokens(update) if each.depth == 0]
    if any(each.is_word("USING", "WITH") for each in outside):
        raise QueryError(
            "the update names graphs by USING or WITH, and the request by using-graph-uri or"
            " using-named-graph-uri: only one of the two may (SPARQL 1.1 Protocol, 2.2.3)"
        )
    clauses = " ".join([f"USING <{each}>" for each in default])
    clauses += " ".join([f" USING NAMED <{each}>" for each in named])
    pieces, done = [], 0
    for index, token in enumerate(outside):
        if not token.is_word("WHERE"):
            continue
        pieces.append(update[done : token.start])
        if index and outside[index - 1].is_word("DELETE"):
            pieces.append(f"{_block(update, outside[index + 1 :])} ")
        pieces.append(f"{clauses} ")
        done = token.start
    return "".join([*pieces, update[done:]])


def on_graph(update: str, graph: str) -> str:
    """The update with every operation on the graph of this IRI, or the default graph where it is
    empty: what ``PATCH`` of a graph means.

    Raises:
        QueryError: it names graphs itself, or has an operation other than insert and delete.
    """
    found = list(tokens(update))
    if any(each.is_word("GRAPH", "USING", "WITH", "SERVICE") for each in found):
        raise QueryError("an update that is sent to one graph may not name graphs itself")
    if not graph:
        return _on_default(update, found)
    outside = [each for each in found if each.depth == 0]
    pieces, done = [], 0
    for index, token in enumerate(outside):
        before = outside[index - 1] if index else None
        starts = before is None or before.kind in ("end", "iri", "name")
        if token.kind == "word" and starts and not token.is_word("PREFIX", "BASE"):
            if not token.is_word("INSERT", "DELETE"):
                raise QueryError(
                    f"{token.text.upper()} is for the whole store; to one graph send INSERT or"
                    " DELETE"
                )
            following = outside[index + 1 :]
            if following and following[0].is_word("WHERE"):
                pieces += [update[done : token.start], f"WITH <{graph}> DELETE "]
                pieces.append(f"{_block(update, following)} ")
                done = following[0].start
            elif not (following and following[0].is_word("DATA")):
                pieces += [update[done : token.start], f"WITH <{graph}> "]
                done = token.start
        if token.kind == "open" and before is not None and before.is_word("DATA"):
            closing = next(each for each in outside[index + 1 :] if each.kind == "close")
            inside = update[token.end : closing.start]
            pieces += [update[done : token.start], f"{{ GRAPH <{graph}> {{{inside}}} }}"]
            done = closing.end
    return "".join([*pieces, update[done:]])


def following(query: str, rows: int) -> str:
    """The SELECT query for the solutions after the first ``rows`` of those that it gives."""
    outside = [each for each in tokens(query) if each.depth == 0]
    for token in outside:
        if token.is_word("OFFSET") and (own := re.match(r"\s*(\d+)", query[token.end :])):
            return f"{query[: token.end]} {int(own[1]) + rows}{query[token.end + own.end() :]}"
    values = next((each for each in outside if each.is_word("VALUES")), None)
    end = values.start if values else len(query)
    return f"{query[:end].rstrip()}\nOFFSET {rows}\n{query[end:]}".rstrip()


def _on_default(update: str, found: Sequence[Token]) -> str:
    for token in found:
        if token.depth == 0 and token.is_word(*_ON_GRAPHS):
            raise QueryError(f"{token.text.upper()} is for graphs; send INSERT or DELETE")
    return update


def _block(text: str, following: Sequence[Token]) -> str:
    """The braces that come next, with what they hold."""
    opening = next((each for each in following if each.kind == "open"), None)
    closing = next((each for each in following if each.kind == "close"), None)
    if opening is None or closing is None:
        return ""
    return text[opening.start : closing.end]


def limited(query: str, rows: int) -> str | None:
    """The SELECT query with at most ``rows`` solutions; ``None`` where it has no more by its own
    ``LIMIT``, or is no SELECT."""
    outside = [each for each in tokens(query) if each.depth == 0]
    form = next((each for each in outside if each.is_word(*_FORMS)), None)
    if form is None or not form.is_word("SELECT"):
        return None
    for token in outside:
        if token.is_word("LIMIT") and (own := re.match(r"\s*(\d+)", query[token.end :])):
            if int(own[1]) <= rows:
                return None
            return f"{query[: token.end]} {rows}{query[token.end + own.end() :]}"
    values = next((each for each in outside if each.is_word("VALUES")), None)
    end = values.start if values else len(query)
    # A comment may run to the end of the text.
    return f"{query[:end]}\nLIMIT {rows}\n{query[end:]}"
