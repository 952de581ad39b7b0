"""Authority files in RDF, as they are: SKOS and whatever else. Read by pyoxigraph, as a stream."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, Final

from testimonia import rdf
from testimonia.authorities.bad import Bad
from testimonia.terms import Term, Triple

_BY_LINE: Final = frozenset({"ntriples", "nquads"})
_LINE: Final = re.compile(r"line (\d+)")


def triples(stream: BinaryIO, format_: str, base: str, skolem: str) -> Iterator[Triple | Bad]:
    """The triples of a file, whichever graph each is in; blank nodes become IRIs ``<skolem><n>``.

    Of a format that goes by lines each bad one is told; in others nothing after it can be read.
    """
    names: dict[object, Term] = {}
    if format_ in _BY_LINE:
        for number, line in enumerate(stream, start=1):
            yield from _parsed(line, format_, base, skolem, names, number)
    else:
        yield from _parsed(stream, format_, base, skolem, names, 0)


def _parsed(
    data: BinaryIO | bytes,
    format_: str,
    base: str,
    skolem: str,
    names: dict[object, Term],
    line: int,
) -> Iterator[Triple | Bad]:
    import pyoxigraph

    def term(node: object) -> Term:
        if isinstance(node, pyoxigraph.BlankNode):
            return names.setdefault(node, f"<{skolem}{len(names) + 1}>")
        return rdf.from_oxigraph(node)

    kind = getattr(pyoxigraph.RdfFormat, rdf.FORMATS[format_])
    try:
        for quad in pyoxigraph.parse(data, format=kind, base_iri=base):
            yield term(quad.subject), term(quad.predicate), term(quad.object)
    except (SyntaxError, ValueError, OSError, EOFError) as error:
        found = _LINE.search(str(error))
        yield Bad(line or (int(found[1]) if found else 1), str(error))
