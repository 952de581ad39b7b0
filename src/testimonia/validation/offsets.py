"""Whether mentions have the words that their offsets give them, without the shapes that say so."""

from __future__ import annotations

from collections.abc import Mapping

from testimonia import terms
from testimonia.rdf import literal_parts
from testimonia.terms import Term
from testimonia.vocabulary import NIF

_OF_MENTIONS = frozenset(
    {NIF.isString, NIF.referenceContext, NIF.beginIndex, NIF.endIndex, NIF.anchorOf}
)


def quotes_exactly(graph: terms.Graph) -> bool:
    """Whether every mention has the words and the name that its offsets give it.

    The two shapes that say so count code points from the start of the text for each mention: 1 s
    on a text of 115 kB, and four times that on twice the text. What passes here passes them; what
    does not is left to them, for their report.
    """
    properties: dict[Term, dict[Term, Term]] = {}
    for s, p, o in graph:
        if p in _OF_MENTIONS:
            own = properties.setdefault(s, {})
            if p in own:
                return False  # two values: which is meant is for the shapes to say
            own[p] = o
    texts = {
        document: literal_parts(own[NIF.isString]).value
        for document, own in properties.items()
        if NIF.isString in own
    }
    return all(
        _is_quoted(mention, own, texts)
        for mention, own in properties.items()
        if NIF.referenceContext in own
    )


def _is_quoted(mention: Term, own: Mapping[Term, Term], texts: Mapping[Term, str]) -> bool:
    document = own[NIF.referenceContext]
    if document not in texts or not own.keys() >= {NIF.beginIndex, NIF.endIndex, NIF.anchorOf}:
        return False
    begin, end = (literal_parts(own[each]).value for each in (NIF.beginIndex, NIF.endIndex))
    if not (begin.isdecimal() and end.isdecimal()):
        return False
    words = texts[document][int(begin) : int(end)]
    return (
        terms.literal(words) == own[NIF.anchorOf]
        and mention == f"{document[:-1]}#char={begin},{end}>"
    )
