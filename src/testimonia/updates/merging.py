"""Several ``USING`` clauses as one graph: the RDF merge that SPARQL 1.1 Update (section 3.1.3) and
Query (section 13.2) ask for. With a list of graphs pyoxigraph finds what two of them say twice, and
what is counted or summed is wrong."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from itertools import pairwise

from testimonia.sparql import lexer
from testimonia.sparql.lexer import Token

_Edit = tuple[int, int, str]


def merged(update: str) -> str:
    """The update in which each operation that uses several graphs uses one in their place, which is
    made before it and gone after it."""
    if update.casefold().count("using") < 2:
        return update
    outside = [each for each in lexer.tokens(update) if each.depth == 0]
    return lexer.edited(update, sorted(_edits(outside)))


def _edits(outside: Sequence[Token]) -> Iterator[_Edit]:
    for operation in _operations(outside):
        used = [
            (word, graph)
            for word, graph in pairwise(operation)
            if word.is_word("USING") and not graph.is_word("NAMED")
        ]
        begins = (each.start for each in operation if each.is_word("WITH", "INSERT", "DELETE"))
        begin = next(begins, None)
        if len(used) < 2 or begin is None:
            continue
        merge = f"<urn:uuid:{uuid.uuid4()}>"
        copies = [f"ADD SILENT GRAPH {graph.text} TO GRAPH {merge} ; " for _, graph in used]
        yield begin, begin, "".join(copies)
        for number, (word, graph) in enumerate(used):
            yield word.start, graph.end, "" if number else f"USING {merge}"
        end = operation[-1].end
        yield end, end, f" ; DROP SILENT GRAPH {merge}"


def _operations(outside: Sequence[Token]) -> Iterator[list[Token]]:
    operation: list[Token] = []
    for token in outside:
        if token.kind == "end":
            yield operation
            operation = []
        else:
            operation.append(token)
    yield operation
