"""Relations between statements that people confirmed or rejected, in ``graph/relations``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from testimonia.catalog import Catalog, KeptEffect, Record, State
from testimonia.deciding.finding import hull, located, statement_at
from testimonia.deciding.relations import Related, Relations, relations
from testimonia.decisions import Decision, Kind, Standing, Target
from testimonia.identity import digest
from testimonia.model import Span, Statement
from testimonia.store import Batch, Writer
from testimonia.terms import Triple, decimal, iri, iri_of
from testimonia.vocabulary import RDF, TST, terms_of

_TST = terms_of(TST)


class Relating:
    """The decisions on relations of a document's statements, and what they change."""

    def __init__(self, catalog: Catalog, writer: Writer, record: Record) -> None:
        self._catalog = catalog
        self._writer = writer
        self._iris = writer.iris
        self._statements: dict[str, list[tuple[str, Statement]]] = {}
        self._decisions = catalog.decisions_on(record, "relating")
        self._documents = {
            each.id: each for one in self._decisions for each in catalog.touched_by(one)
        }

    def ruled(self) -> Relations:
        """What the decisions say of the statements that are there now."""
        sides = {
            each.id: (self._at(each.target), self._at(each.other or each.target))
            for each in self._decisions
        }
        return relations(self._decisions, sides)

    def run(self) -> bool:
        """Make the graph say what they say. Returns whether anything changed."""
        if not self._decisions:
            return False
        ruled = self.ruled()
        held = {triple for each in ruled.held for triple in self._triples(each)}
        there = {triple for each in {*ruled.by, *self._withdrawn()} for triple in self._known(each)}
        wanted, known = self._affects(ruled), self._affected()
        graphs = (self._iris.relations_graph, self._iris.decisions_graph)
        add = zip(graphs, (held - there, wanted - known), strict=True)
        remove = zip(graphs, (there - held, known - wanted), strict=True)
        self._note(ruled)
        return self._writer.apply(
            Batch(
                add={graph: frozenset(triples) for graph, triples in add},
                remove={graph: frozenset(triples) for graph, triples in remove},
            )
        )

    def _withdrawn(self) -> Iterator[Related]:
        """What was held, and is held no more."""
        for each in self._decisions:
            if each.withdrawn is not None and each.kind is Kind.CONFIRM and each.other is not None:
                for one in self._at(each.target):
                    yield from ((each.field, one, other) for other in self._at(each.other))

    def _affects(self, ruled: Relations) -> set[Triple]:
        return {
            (iri(self._iris.decision(by)), TST.affects, iri(self._iris.relation(_id(related))))
            for related, by in ruled.by.items()
            if related in ruled.held
        }

    def _affected(self) -> set[Triple]:
        """What the graph says that these decisions rule."""
        nodes = (iri(self._iris.decision(each.id)) for each in self._decisions)
        return {
            triple
            for node in nodes
            for graph, triple in self._writer.match(node, TST.affects, None)
            if graph == self._iris.decisions_graph
        }

    def _triples(self, related: Related) -> Iterator[Triple]:
        kind, one, other = related
        node = iri(self._iris.relation(_id(related)))
        yield node, RDF.type, TST.StatementRelation
        yield node, TST.relationKind, _TST[kind]
        yield node, TST.relationFrom, iri(self._iris.statement(one))
        yield node, TST.relationTo, iri(self._iris.statement(other))
        yield node, TST.confidence, decimal(1.0)

    def _known(self, related: Related) -> set[Triple]:
        node = iri(self._iris.relation(_id(related)))
        found = self._writer.match(node, None, None)
        return {triple for graph, triple in found if graph == self._iris.relations_graph}

    def _note(self, ruled: Relations) -> None:
        told: defaultdict[str, list[KeptEffect]] = defaultdict(list)
        base = self._iris.base_iri
        for decision in self._decisions:
            if decision.withdrawn is not None:
                continue
            mine = [related for related, by in ruled.by.items() if by == decision.id]
            standing, words = _standing(decision, mine, ruled)
            paths = tuple(self._iris.relation(_id(each)).removeprefix(base) for each in mine)
            for record in self._catalog.touched_by(decision):
                effect = KeptEffect(record.id, decision.id, standing, words, paths)
                told[record.id].append(effect)
        for document in self._documents:
            self._catalog.keep_effects(document, told[document], "relating")

    def _at(self, target: Target) -> list[str]:
        found = []
        for record in self._documents.values():
            source = record.metadata.identity
            holds = record.text_hash == target.text_hash or (source and source == target.source)
            if not holds or record.state is State.REMOVED:
                continue
            where = located(target, self._catalog.text(record).text.content)
            known = self._of(record.id)
            position = statement_at(*where, [each for _, each in known]) if where else None
            if position is not None:
                found.append(known[position][0])
        return found

    def _of(self, document: str) -> list[tuple[str, Statement]]:
        """The statements of a document's graph, with no more than their words."""
        if document not in self._statements:
            graph = self._writer.graph(self._iris.document_graph(document))
            contents: defaultdict[str, list[Span]] = defaultdict(list)
            cues: defaultdict[str, list[Span]] = defaultdict(list)
            for subject, predicate, object_ in graph:
                into = {TST.contentMention: contents, TST.cueMention: cues}.get(predicate)
                name = self._iris.parse(iri_of(object_)) if into is not None else None
                if into is not None and name is not None and name.span is not None:
                    into[subject].append(name.span)
            self._statements[document] = [
                (
                    iri_of(node).rpartition("/")[2],
                    Statement((hull(tuple(sorted(spans))),), 0, (), cue=tuple(sorted(cues[node]))),
                )
                for node, spans in sorted(contents.items())
            ]
        return self._statements[document]


def _id(related: Related) -> str:
    return digest("relation", *related)


def _standing(decision: Decision, mine: list[Related], ruled: Relations) -> tuple[Standing, str]:
    if mine:
        held = mine[0] in ruled.held
        return Standing.APPLIED, f"it {'is so' if held else 'is not so'}: {decision.field}"
    if by := ruled.superseded.get(decision.id):
        return Standing.SUPERSEDED, f"the later decision {by} rules"
    return Standing.NONE, "no statement is read at the words of one side"
