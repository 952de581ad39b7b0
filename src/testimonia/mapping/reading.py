"""The document graph: a reading's actors, places, times, events, accounts and statements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from testimonia.iris import Iris
from testimonia.mapping.document import Namer, document_triples, offset, page_triples, voice_triples
from testimonia.mapping.facts import period_node
from testimonia.model import (
    Account,
    Actor,
    ActorType,
    Document,
    Event,
    Mention,
    Place,
    Quantity,
    Reading,
    Span,
    Spans,
    Statement,
    Tense,
    Timex,
    words,
)
from testimonia.terms import (
    XSD as XSD_IRI,
)
from testimonia.terms import (
    Graph,
    Term,
    Triple,
    boolean,
    decimal,
    iri_of,
    literal,
)
from testimonia.vocabulary import EDTF, EVENT_TYPES, NIF, RDF, RDFS, SEM, TST, terms_of

_TST = terms_of(TST)
_TENSES = {
    Tense.PAST: TST.Past,
    Tense.PRESENT: TST.Present,
    Tense.FUTURE: TST.Future,
    Tense.INFINITIVE: TST.InfinitiveTense,
    Tense.PRESENT_PARTICIPLE: TST.ParticipleTense,
    Tense.PAST_PARTICIPLE: TST.ParticipleTense,
    Tense.NONE: TST.NoTense,
}
_ROLES = {
    "agent": TST.agent,
    "patient": TST.patient,
    "recipient": TST.recipient,
    "other": TST.participant,
}
_FORMS = {"name": TST.Name, "nominal": TST.Nominal, "pronoun": TST.Pronoun}


def describe(document: Document, reading: Reading, iris: Iris) -> Graph:
    """The document graph: what was found in this document, with its words.

    Narrator, author and publisher are in it whether or not the text speaks of them. A reading's
    spans must lie inside the text; ``validation`` says so where they do not.
    """
    return _Describer(document, iris).graph(reading)


class _Describer:
    def __init__(self, document: Document, iris: Iris) -> None:
        self._document = document
        self._iris = iris
        self._text = document.text.content
        self._regions = document.text.regions
        self._namer = Namer(document, iris)
        self._mentions: set[Span] = set()

    def graph(self, reading: Reading) -> Graph:
        namer = self._namer
        triples: set[Triple] = set(document_triples(self._document, namer))
        triples.update(voice_triples(self._document, namer))
        for actor in reading.actors:
            triples.update(self._actor(actor))
        for place in reading.places:
            triples.update(self._place(place))
        for time in reading.times:
            triples.update(self._time(time))
        for quantity in reading.quantities:
            triples.update(self._quantity(quantity))
        for event in reading.events:
            triples.update(self._event(event))
        for account in reading.accounts:
            triples.update(self._account(account))
        triples.update(self._statements(reading.statements))
        return frozenset(triples)

    # ------------------------------------------------------------------------ mentions

    def _mention(self, span: Span) -> Iterator[Triple]:
        """What a mention is; once a span, however many need it."""
        if span in self._mentions:
            return
        self._mentions.add(span)
        node = self._namer.mention(span)
        yield node, RDF.type, TST.Mention
        yield node, RDF.type, NIF.Phrase
        yield node, NIF.beginIndex, offset(span.start)
        yield node, NIF.endIndex, offset(span.end)
        yield node, NIF.anchorOf, literal(span.of(self._text))
        yield node, NIF.referenceContext, self._namer.document

    def _evidence(self, subject: Term, predicate: Term, spans: Spans) -> Iterator[Triple]:
        for span in spans:
            yield subject, predicate, self._namer.mention(span)
            yield from self._mention(span)

    def _denoting(self, entity: Term, mentions: Iterable[Mention]) -> Iterator[Triple]:
        for mention in mentions:
            node = self._namer.mention(mention.span)
            yield node, TST.denotes, entity
            yield node, TST.mentionForm, _FORMS[mention.form]
            yield node, TST.denotationConfidence, decimal(mention.confidence)
            yield from self._mention(mention.span)

    # ------------------------------------------------------------------------ entities

    def _actor(self, actor: Actor) -> Iterator[Triple]:
        node = self._namer.local(actor.key)
        if actor.type is not ActorType.NARRATOR:
            yield node, RDF.type, _TST[actor.type]
            yield node, TST.named, boolean(actor.named)
        for name in actor.names:
            yield node, TST.name, literal(name)
        yield from self._denoting(node, actor.mentions)

    def _place(self, place: Place) -> Iterator[Triple]:
        node = self._namer.local(place.key)
        yield node, RDF.type, TST.Place
        for name in place.names:
            yield node, TST.name, literal(name)
        then = period_node(place.entry, self._iris) if place.entry else None
        if then:
            yield node, TST.calledBy, then
        yield from self._denoting(node, place.mentions)

    def _time(self, time: Timex) -> Iterator[Triple]:
        node = self._namer.local(time.key)
        yield node, RDF.type, TST.TimeReference
        yield node, RDFS.label, literal(time.span.of(self._text))
        yield node, TST.timex, literal(time.value)
        yield node, TST.timexType, literal(time.type)
        yield node, TST.dateBasis, _TST[time.basis]
        if time.edtf:
            yield node, TST.edtf, literal(time.edtf, datatype=iri_of(EDTF.EDTF))
        if time.earliest:
            yield node, SEM.hasEarliestBeginTimeStamp, _typed(time.earliest.isoformat(), "date")
        if time.latest:
            yield node, SEM.hasLatestEndTimeStamp, _typed(time.latest.isoformat(), "date")
        if time.month_day:
            yield node, TST.monthDay, _typed(time.month_day, "gMonthDay")
        yield from self._evidence(node, TST.mention, (time.span,))

    def _quantity(self, quantity: Quantity) -> Iterator[Triple]:
        node = self._namer.local(quantity.key)
        yield node, RDF.type, TST.Quantity
        yield node, TST.value, decimal(quantity.value)
        yield node, TST.unit, literal(quantity.unit)
        yield from self._evidence(node, TST.mention, (quantity.span,))

    # ------------------------------------------------------------- events and accounts

    def _event(self, event: Event) -> Iterator[Triple]:
        node = self._namer.local(event.key)
        yield node, RDF.type, TST.Event
        yield node, TST.eventType, EVENT_TYPES[event.event_type]
        yield from self._denoting(node, event.mentions)

    def _account(self, account: Account) -> Iterator[Triple]:
        local = self._namer.local
        node = local(account.key)
        yield node, RDF.type, TST.Account
        yield node, TST.accountOf, local(account.event)
        yield node, TST.eventType, EVENT_TYPES[account.event_type]
        yield node, TST.eventClass, literal(account.event_class)
        yield node, TST.tense, _TENSES[account.tense]
        yield node, TST.polarity, _TST[account.polarity]
        yield node, TST.certainty, _TST[account.certainty]
        for participant in account.participants:
            if participant.key:
                yield node, _ROLES[participant.role], local(participant.key)
        yield from ((node, SEM.hasPlace, local(key)) for key in account.places)
        yield from ((node, SEM.hasTime, local(key)) for key in account.times)
        yield from ((node, TST.quantity, local(key)) for key in account.quantities)
        yield from self._evidence(node, TST.mention, (account.trigger,))

    # ---------------------------------------------------------------------- statements

    def _statements(self, statements: tuple[Statement, ...]) -> Iterator[Triple]:
        nodes = [self._namer.statement(statement.anchor) for statement in statements]
        for node, statement in zip(nodes, statements, strict=True):
            yield from self._statement(node, statement)
            if statement.within is not None:
                yield node, TST.reportedIn, nodes[statement.within]

    def _statement(self, node: Term, statement: Statement) -> Iterator[Triple]:
        content = words(statement.content, self._text)
        yield node, RDF.type, TST.Statement
        yield node, TST.document, self._namer.document
        yield node, TST.content, literal(content, language=self._namer.language)
        yield node, TST.directness, _TST[statement.directness]
        yield node, TST.kind, _TST[statement.kind]
        yield node, TST.certainty, _TST[statement.certainty]
        yield node, TST.attributionCertainty, _TST[statement.attribution_certainty]
        yield node, TST.polarity, _TST[statement.polarity]
        yield node, TST.confidence, decimal(statement.confidence)
        if statement.cue_lemma:
            yield node, TST.cue, literal(statement.cue_lemma)
        if statement.construction:
            yield node, TST.construction, literal(statement.construction)
        yield from self._evidence(node, TST.contentMention, statement.content)
        yield from self._evidence(node, TST.cueMention, statement.cue)
        yield from self._evidence(node, TST.speakerMention, statement.source)
        yield from page_triples(node, statement.content, self._regions, self._namer)
        yield from self._references(node, statement)

    def _references(self, node: Term, statement: Statement) -> Iterator[Triple]:
        for predicate, keys in (
            (TST.speaker, statement.speakers),
            (TST.addressee, statement.addressees),
            (TST.about, statement.about),
            (TST.gives, statement.gives),
            (TST.saidAt, statement.said_at),
            (TST.saidIn, statement.said_in),
            (TST.saidDuring, statement.said_during),
        ):
            for key in keys:
                yield node, predicate, self._namer.local(key)


def _typed(value: str, datatype: str) -> Term:
    return literal(value, datatype=XSD_IRI + datatype)
