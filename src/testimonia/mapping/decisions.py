"""Decisions as triples, for ``graph/decisions``: the record's facts, and what each rules now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from testimonia.decisions import Decision, Effect, Kind, Target
from testimonia.identity import digest
from testimonia.iris import Iris
from testimonia.mapping.document import Namer, offset
from testimonia.model import Document, Reading
from testimonia.terms import Graph, Term, Triple, iri, iri_of, literal
from testimonia.vocabulary import NIF, PROV, RDF, RDFS, TST, XSD

_KINDS: Final = {
    Kind.MERGE: TST.Merge,
    Kind.SPLIT: TST.Split,
    Kind.CONFIRM: TST.Confirm,
    Kind.REJECT: TST.Reject,
    Kind.CORRECT: TST.Correct,
}


def decision_triples(decision: Decision, iris: Iris) -> Graph:
    """One decision as the record has it; ``tst:affects`` is not of it."""
    return frozenset(_decision(decision, iris))


def affected_triples(decision: str, paths: Iterable[str], iris: Iris) -> Graph:
    """What one decision rules now; ``paths`` are under the base."""
    node = iri(iris.decision(decision))
    return frozenset((node, TST.affects, iri(iris.base_iri + path)) for path in paths)


def affected_paths(
    document: Document, reading: Reading, effects: Sequence[Effect], iris: Iris
) -> tuple[tuple[str, ...], ...]:
    """For each effect the paths of the IRIs that the decision rules in a document; ``reading`` is
    what the document's graph describes."""
    namer = Namer(document, iris)
    nodes = [namer.statement(statement.anchor) for statement in reading.statements]
    there = {each.key for each in reading.actors} | {each.key for each in reading.places}
    there |= {each.key for each in reading.times} | {each.key for each in reading.accounts}
    found = []
    for effect in effects:
        ruled = [nodes[number] for number in effect.statements]
        ruled += [namer.local(key) for key in effect.keys if key in there]
        ruled = ruled if effect.standing.rules else []
        paths = (iri_of(node).removeprefix(iris.base_iri) for node in ruled)
        found.append(tuple(sorted(set(paths))))
    return tuple(found)


def _decision(decision: Decision, iris: Iris) -> Iterator[Triple]:
    address = iris.decision(decision.id)
    node = iri(address)
    yield node, RDF.type, TST.Decision
    yield node, TST.decisionKind, _KINDS[decision.kind]
    yield node, TST.decidesOf, literal(decision.what)
    yield node, PROV.endedAtTime, _instant(decision.when)
    yield from _person(node, PROV.wasAssociatedWith, decision.by, iris)
    yield from _passage(node, TST.decidesOn, f"{address}/passage", decision.target)
    if decision.other is not None:
        yield from _passage(node, TST.decidesOnOther, f"{address}/other", decision.other)
    if decision.field:
        yield node, TST.decidesField, literal(decision.field)
    if decision.kind is Kind.CORRECT:
        yield node, TST.decidesValue, literal(decision.value)
    if decision.scope is not None:
        yield node, TST.decidesFor, iri(iris.document(decision.scope))
    if decision.why:
        yield node, TST.reason, literal(decision.why)
    if decision.withdrawn is not None:
        yield node, TST.withdrawnAt, _instant(decision.withdrawn.when)
        yield from _person(node, TST.withdrawnBy, decision.withdrawn.by, iris)
        if decision.withdrawn.why:
            yield node, TST.withdrawnBecause, literal(decision.withdrawn.why)


def _passage(node: Term, predicate: Term, address: str, target: Target) -> Iterator[Triple]:
    passage, quote = iri(address), target.quote
    yield node, predicate, passage
    yield passage, RDF.type, TST.Passage
    yield passage, TST.passageTextHash, literal(target.text_hash)
    yield passage, NIF.beginIndex, offset(quote.span.start)
    yield passage, NIF.endIndex, offset(quote.span.end)
    yield passage, NIF.anchorOf, literal(quote.words)


def _person(node: Term, predicate: Term, name: str, iris: Iris) -> Iterator[Triple]:
    """Somebody who decides: one name is one of them."""
    person = iri(iris.curator(digest("curator", name)))
    yield node, predicate, person
    yield person, RDF.type, PROV.Agent
    yield person, RDFS.label, literal(name)


def _instant(moment: str) -> Term:
    return literal(moment.replace("+00:00", "Z"), datatype=iri_of(XSD.dateTime))
