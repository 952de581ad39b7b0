"""Changes of graphs that are their users' own, as one update: one transaction.

The terms come from a process that has parsed what a user sent. Here each is looked at again, so
that nothing in them can end its clause, and no graph is touched that is Testimonia's.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from testimonia.errors import StoreError
from testimonia.iris import Iris
from testimonia.store import Change

_IRI = r'<[^<>"{}|^`\\\x00-\x20]+>'
_TERM = re.compile(
    rf"""{_IRI}
      | _:[A-Za-z0-9_][\w.\-·]*
      | "(?:[^"\\\n\r]|\\[tbnrf"'\\])*"
        (?: @[A-Za-z]+(?:-[A-Za-z0-9]+)*(?:--(?:ltr|rtl))? | \^\^{_IRI} )?
    """,
    re.VERBOSE,
)
_TRIPLE_TERM = re.compile(r"<<\( .* \)>>", re.DOTALL)
_DEEPEST_TERM = 8


def as_update(change: Change, iris: Iris) -> str:
    """SPARQL 1.1 Update that makes the change; empty where there is none.

    Raises:
        StoreError: a graph is Testimonia's, or a term is none.
    """
    removed, added = _grouped(change, "-"), _grouped(change, "+")
    whole = _grouped(change, "=")
    graphs = {*removed, *added, *whole, *change.made, *change.dropped}
    for graph in graphs:
        _require_users(graph, iris)
    parts = [f"CLEAR SILENT GRAPH <{graph}>" for graph in sorted(whole)]
    parts += [f"DELETE DATA {{ {_blocks(removed)} }}"] if removed else []
    parts += [f"CREATE SILENT GRAPH <{graph}>" for graph in sorted(change.made)]
    inserted = {**added, **{graph: triples for graph, triples in whole.items() if triples}}
    parts += [f"INSERT DATA {{ {_blocks(inserted)} }}"] if inserted else []
    parts += [f"DROP SILENT GRAPH <{graph}>" for graph in sorted(change.dropped)]
    return " ; ".join(parts)


def _grouped(change: Change, sign: str) -> dict[str, list[str]]:
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for own, graph, *terms in change.lines:
        if own == sign:
            group = groups[graph]
            if terms:
                group.append(_triple(terms))
    return groups


def _blocks(groups: dict[str, list[str]]) -> str:
    return " ".join(
        f"GRAPH <{graph}> {{ {' '.join(triples)} }}" for graph, triples in sorted(groups.items())
    )


def _triple(terms: Iterable[str]) -> str:
    return " ".join(map(_checked, terms)) + " ."


def _checked(term: str) -> str:
    if _TERM.fullmatch(term) or _is_triple_term(term):
        return term
    raise StoreError(f"not a term that can be stored: {term[:200]!r}")


def _is_triple_term(term: str) -> bool:
    """RDF 1.2 triple terms are written as pyoxigraph writes them; each part is looked at."""
    if not _TRIPLE_TERM.fullmatch(term) or term.count("<<(") > _DEEPEST_TERM:
        return False
    inner = re.sub(r"<<\(|\)>>", " ", term)
    return not _TERM.sub("", inner).strip()


def _require_users(graph: str, iris: Iris) -> None:
    if not re.fullmatch(_IRI, f"<{graph}>") or graph.startswith(iris.reserved):
        raise StoreError(f"<{graph}> is no graph that a user may write")
