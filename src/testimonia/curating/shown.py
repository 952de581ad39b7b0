"""Decisions, questions and things as JSON has them: for the command line and the API alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from testimonia.catalog import Catalog, Doubt
from testimonia.curating.giving import FIELDS
from testimonia.curating.review import Question, Reviewed
from testimonia.curating.things import Pointed
from testimonia.decisions import Target
from testimonia.iris import Iris


def decision(reviewed: Reviewed, catalog: Catalog, iris: Iris) -> dict[str, Any]:
    """A decision with its effects."""
    made = reviewed.decision
    withdrawn = made.withdrawn
    return {
        "id": made.id,
        "iri": iris.decision(made.id),
        "kind": made.kind.value,
        "what": made.what.value,
        **_target(made.target),
        "other": None if made.other is None else _target(made.other),
        "field": made.field or None,
        "value": made.given,
        "document": made.scope,
        "by": made.by,
        "when": made.when,
        "why": made.why,
        "withdrawn": (
            {"by": withdrawn.by, "when": withdrawn.when, "why": withdrawn.why}
            if withdrawn
            else None
        ),
        "effects": [
            {
                "document": each.document,
                "name": _name(catalog, each.document),
                "standing": each.standing.value,
                "told": each.told,
                "things": list(each.paths),
            }
            for each in reviewed.effects
        ],
        "idle": reviewed.idle or None,
    }


def question(asked: Question, catalog: Catalog) -> dict[str, Any]:
    """Something that a decision would settle."""
    doubt = asked.doubt
    return {
        "thing": doubt.path,
        "what": doubt.what.value,
        "words": doubt.quote.words,
        "span": [doubt.quote.span.start, doubt.quote.span.end],
        "confidence": doubt.confidence,
        "dependents": doubt.dependents,
        "score": asked.score,
        "documents": [{"document": each, "name": _name(catalog, each)} for each in asked.documents],
        "asked": asked.asked or None,
        "holds": asked.holds,
        "because": list(asked.because),
        "other": None if asked.other is None else _side(asked.other, catalog),
    }


def _side(doubt: Doubt, catalog: Catalog) -> dict[str, Any]:
    return {
        "thing": doubt.path,
        "words": doubt.quote.words,
        "span": [doubt.quote.span.start, doubt.quote.span.end],
        "document": doubt.document,
        "name": _name(catalog, doubt.document),
    }


def thing(pointed: Pointed, given: str, iris: Iris, stands: Mapping[str, Any]) -> dict[str, Any]:
    """What can be decided on, as it stands."""
    return {
        "thing": given.removeprefix(iris.base_iri),
        "what": pointed.what.value,
        **_target(pointed.target),
        "document": pointed.record.id,
        "name": pointed.record.name,
        "canonical": pointed.canonical or None,
        "fields": list(FIELDS[pointed.what]),
        "stands": dict(stands),
    }


def _target(target: Target) -> dict[str, Any]:
    span = target.quote.span
    return {
        "words": target.quote.words,
        "span": [span.start, span.end],
        "textHash": target.text_hash,
    }


def _name(catalog: Catalog, document: str) -> str:
    record = catalog.document(document)
    return record.name if record else document
