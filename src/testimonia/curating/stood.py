"""Things of a document's graph as decisions refer to them: by their words, and as they stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final

from testimonia.decisions import Quote, What
from testimonia.identity import statement_id
from testimonia.iris import Iris
from testimonia.model import ActorType, Span, Tense
from testimonia.terms import Graph, Term, iri, iri_of, is_iri, words_of
from testimonia.vocabulary import RDF, SEM, TST

_ORDINALS: Final = 8
_TYPES: Final = (
    ActorType.PERSON,
    ActorType.ORGANIZATION,
    ActorType.GROUP,
    ActorType.GEOPOLITICAL_ENTITY,
    ActorType.ACTOR,
)
_CLOSED: Final = {
    "directness": TST.directness,
    "kind": TST.kind,
    "certainty": TST.certainty,
    "attribution-certainty": TST.attributionCertainty,
    "polarity": TST.polarity,
}
_TENSES: Final = {
    TST.Past: Tense.PAST,
    TST.Present: Tense.PRESENT,
    TST.Future: Tense.FUTURE,
    TST.InfinitiveTense: Tense.INFINITIVE,
    TST.NoTense: Tense.NONE,
}
_TIME: Final = {
    "type": TST.timexType,
    "value": TST.timex,
    "edtf": TST.edtf,
    "earliest": SEM.hasEarliestBeginTimeStamp,
    "latest": SEM.hasLatestEndTimeStamp,
    "month_day": TST.monthDay,
}


class Described:
    """One document's graph, with its text."""

    def __init__(self, document: str, text: str, graph: Graph, iris: Iris) -> None:
        self.document = document
        self.text = text
        self._iris = iris
        self._told: defaultdict[tuple[Term, Term], list[Term]] = defaultdict(list)
        self._mentions: defaultdict[Term, list[Span]] = defaultdict(list)
        self.denoted: list[tuple[Span, Term]] = []
        for subject, predicate, object_ in graph:
            self._told[subject, predicate].append(object_)
            if predicate == TST.denotes and (span := self.span(subject)):
                self._mentions[object_].append(span)
                self.denoted.append((span, object_))

    def span(self, node: Term) -> Span | None:
        """Where a mention stands."""
        name = self._iris.parse(iri_of(node)) if is_iri(node) else None
        return name.span if name else None

    def key(self, node: Term) -> str:
        """The local key of a node, empty where it has none."""
        name = self._iris.parse(iri_of(node))
        return name.part if name and name.is_local else ""

    def what(self, node: Term) -> What | None:
        """What a node is decided on as."""
        if TST.Statement in self._told[node, RDF.type]:
            return What.STATEMENT
        kind = self.key(node).partition("/")[0]
        kinds = {"actor": What.MENTION, "place": What.MENTION, "time": What.TIME}
        return {**kinds, "account": What.ACCOUNT, "event": What.ACCOUNT}.get(kind)

    def quote(self, span: Span) -> Quote:
        """A stretch of the text."""
        return Quote(span, span.of(self.text))

    def spans(self, node: Term, predicate: Term) -> list[Span]:
        """The mentions that a property leads to, in textual order."""
        found = (self.span(each) for each in self._told[node, predicate])
        return sorted(span for span in found if span is not None)

    def words_for(self, node: Term) -> list[Span]:
        """The words that a thing rests on: names before descriptions before pronouns."""
        if own := self.spans(node, TST.mention):
            return own
        ranks = {TST.Name: 0, TST.Nominal: 1}

        def rank(span: Span) -> tuple[int, Span]:
            mention = iri(self._iris.mention(self.document, span))
            forms = self._told[mention, TST.mentionForm]
            return min((ranks.get(form, 2) for form in forms), default=2), span

        return sorted(self._mentions[node], key=rank)

    # ------------------------------------------------------------------------ references

    def reference(self, node: Term) -> dict[str, Any]:
        """Whom or what a decision refers to by its words."""
        key = self.key(node)
        if key == "actor/narrator":
            return {"narrator": True}
        words = self.words_for(node)
        if not words or (key.startswith("actor/") and not self._told[node, TST.name]):
            return {"hidden": True}
        found = self.quote(words[0]).written()
        if key.startswith("time/"):
            return {**found, "stood": self.time(node)}
        return {**found, "type": self.type_of(node)}

    def references(self, node: Term, predicate: Term) -> list[dict[str, Any]]:
        """Those that a property leads to, in the order of their words."""
        found = [self.reference(each) for each in self._told[node, predicate]]
        return sorted(found, key=lambda each: (each.get("span", [-1, -1]), sorted(each)))

    def type_of(self, node: Term) -> str:
        """What an entity is: a kind of actor, or ``Place``."""
        types = {iri_of(each).rpartition("#")[2] for each in self._told[node, RDF.type]}
        return next((each.value for each in _TYPES if each in types), "Place")

    # ---------------------------------------------------------------------- as it stands

    def statement(self, node: Term) -> dict[str, Any]:
        """A statement."""
        content = self.spans(node, TST.contentMention)
        cue = self.spans(node, TST.cueMention)
        source = self.spans(node, TST.speakerMention)
        found: dict[str, Any] = {
            "content": self._written(content),
            "cue": self._written(cue),
            "source": self._written(source),
            "speaker": self.references(node, TST.speaker),
            "addressee": self.references(node, TST.addressee),
            "place": self.references(node, TST.saidIn),
            "date": self.references(node, TST.saidAt),
            "cue_lemma": self._words(node, TST.cue),
            "construction": self._words(node, TST.construction) or "",
        }
        if cue and (anchor := self._anchor(node, cue)) is not None:
            found["anchor_in_cue"] = anchor - cue[0].start
        for name, predicate in _CLOSED.items():
            for value in self._told[node, predicate]:
                found[name] = iri_of(value).rpartition("#")[2]
        for outer in self._told[node, TST.reportedIn]:
            around = self.hull(outer)
            mark = self.spans(outer, TST.cueMention)
            if around:
                its_cue = self.quote(mark[0]).written() if mark else None
                found["within"] = {"content": self.quote(around).written(), "cue": its_cue}
        return found

    def hull(self, statement: Term) -> Span | None:
        """The whole stretch of a statement's content."""
        content = self.spans(statement, TST.contentMention)
        return Span(content[0].start, max(each.end for each in content)) if content else None

    def time(self, node: Term) -> dict[str, Any]:
        """A time."""
        found: dict[str, Any] = {
            name: self._words(node, predicate) for name, predicate in _TIME.items()
        }
        basis = self._told[node, TST.dateBasis]
        return {**found, "basis": iri_of(basis[0]).rpartition("#")[2] if basis else "Explicit"}

    def account(self, node: Term) -> dict[str, Any]:
        """An account."""
        types = self._told[node, TST.eventType]
        found: dict[str, Any] = {
            "event-type": iri_of(types[0]).rpartition("#")[2] if types else "other",
            "place": self.references(node, SEM.hasPlace),
            "date": self.references(node, SEM.hasTime),
        }
        for name, predicate in (("polarity", TST.polarity), ("certainty", TST.certainty)):
            for value in self._told[node, predicate]:
                found[name] = iri_of(value).rpartition("#")[2]
        if class_ := self._words(node, TST.eventClass):
            found["class"] = class_
        for value in self._told[node, TST.tense]:
            if value in _TENSES:  # which participle it was, the graph does not tell
                found["tense"] = _TENSES[value].value
        for role, predicate in (
            ("agent", TST.agent),
            ("patient", TST.patient),
            ("recipient", TST.recipient),
        ):
            found[role] = self.references(node, predicate)
        return found

    def mention(self, span: Span, node: Term) -> dict[str, Any]:
        """A mention, with what it denotes."""
        found: dict[str, Any] = {"type": self.type_of(node)}
        first = next(iter(self.words_for(node)), span)
        if first != span:
            found["denotes"] = self.quote(first).written()
        return found

    # ------------------------------------------------------------------------------ parts

    def _anchor(self, node: Term, cue: list[Span]) -> int | None:
        """The code point that a statement's id was made from: in its cue, which one is not told."""
        name = self._iris.parse(iri_of(node))
        wanted = name.id if name else ""
        for span in cue:
            for position in range(span.start, span.end):
                for ordinal in range(_ORDINALS):
                    if statement_id(self.document, position, ordinal) == wanted:
                        return position
        return None

    def _written(self, spans: Iterable[Span]) -> list[dict[str, Any]]:
        return [self.quote(each).written() for each in spans]

    def _words(self, node: Term, predicate: Term) -> str | None:
        return next((words_of(each) for each in sorted(self._told[node, predicate])), None)
