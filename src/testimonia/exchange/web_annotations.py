"""Web annotations: each statement as one on its document's text (W3C, Web Annotation Data Model).

One target for each stretch of the content, found by its words (TextQuoteSelector, section 4.2.4)
and by its place (TextPositionSelector, section 4.2.5: code points, end exclusive, as ours).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

from testimonia.exchange import told
from testimonia.exchange.holdings import Holdings
from testimonia.exchange.told import Node, Told, ToldDocument
from testimonia.model import Span
from testimonia.rights import is_restricted
from testimonia.vocabulary import PREFIXES

_CONTEXT: Final = [
    "http://www.w3.org/ns/anno.jsonld",
    {name: PREFIXES[name] for name in ("tst", "rdfs")},
]
# Enough to tell two places with the same words apart.
_AROUND_CODE_POINTS: Final = 32


def write(holdings: Holdings, output: BinaryIO) -> None:
    """One annotation page with all statements, in JSON-LD; an annotation a line.

    Raises:
        OSError: ``output`` cannot be written.
    """
    page = f"{holdings.iris.base_iri}annotations"
    head = json.dumps({"@context": _CONTEXT, "id": page, "type": "AnnotationPage"})
    output.write(head.removesuffix("}").encode() + b', "items": [')
    before = b"\n"
    for annotation in _annotations(holdings):
        output.write(before + json.dumps(annotation, ensure_ascii=False).encode())
        before = b",\n"
    output.write(b"\n]}\n")


def of_statement(holdings: Holdings, document: ToldDocument, statement: Told) -> bytes:
    """The annotation of one statement, as JSON-LD."""
    found = _annotation(document, statement, *_text(holdings, document))
    return json.dumps({"@context": _CONTEXT, **found}, ensure_ascii=False).encode()


def _annotations(holdings: Holdings) -> Iterator[dict[str, Any]]:
    for document in told.documents(holdings):
        text, around = _text(holdings, document)
        for statement in document.statements:
            yield _annotation(document, statement, text, around)


def _text(holdings: Holdings, document: ToldDocument) -> tuple[str, int]:
    """A document's text, and how much of it may stand around a quotation."""
    restricted = is_restricted(document.record.metadata.rights)
    content = holdings.catalog.text(document.record).text.content
    return content, 0 if restricted else _AROUND_CODE_POINTS


def _annotation(document: ToldDocument, statement: Told, text: str, around: int) -> dict[str, Any]:
    """One statement as an annotation; ``around`` code points of the text before and after tell
    where its words stand."""
    return {
        "id": f"{statement.iri}/annotation",
        "type": "Annotation",
        "motivation": "describing",
        "body": {
            "id": statement.iri,
            "type": "tst:Statement",
            "tst:speaker": [_node(each) for each in statement.speakers],
            "tst:content": {"@value": statement.content, "@language": statement.language},
            **({"tst:cue": statement.cue} if statement.cue else {}),
            **{
                f"tst:{name}": {"@id": f"tst:{value}"}
                for name, value in (
                    ("directness", statement.directness),
                    ("kind", statement.kind),
                    ("certainty", statement.certainty),
                    ("attributionCertainty", statement.attribution_certainty),
                    ("polarity", statement.polarity),
                )
                if value
            },
        },
        "target": [
            {"source": document.iri, "selector": _selectors(span, text, around)}
            for span in statement.spans
        ],
    }


def _node(node: Node) -> dict[str, str]:
    found, label = node
    return {"@id": found, **({"rdfs:label": label} if label else {})}


def _selectors(span: Span, text: str, around: int) -> list[dict[str, Any]]:
    return [
        {
            "type": "TextQuoteSelector",
            "exact": span.of(text),
            "prefix": text[max(0, span.start - around) : span.start],
            "suffix": text[span.end : span.end + around],
        },
        {"type": "TextPositionSelector", "start": span.start, "end": span.end},
    ]
