"""From what the graph says of things to the API's answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from testimonia.terms import Term, iri_of
from testimonia.vocabulary import DCTERMS, GEO, RDF, RDFS, SEM, SKOS, TST, XSD
from testimonia.web import pages_queries
from testimonia.web.answers import Description, Value
from testimonia.web.api import models, selection
from testimonia.web.api.context import local_name
from testimonia.web.site import Site

_MOST_ACCOUNTS = 100
_CLASSES = {
    TST.Actor,
    TST.Person,
    TST.Organization,
    TST.Group,
    TST.GeopoliticalEntity,
    TST.Narrator,
    TST.Place,
}


@dataclass(frozen=True, slots=True)
class Builder:
    """Makes answers of a description and the labels of what it names."""

    described: Description
    called: Description

    # -------------------------------------------------------------------------- values

    def text(self, iri: str, predicate: Term) -> str | None:
        """The value's text."""
        value = self.described.value(iri, predicate)
        return value.text if value else None

    def concept(self, iri: str, predicate: Term) -> str | None:
        """The name of a concept."""
        value = self.described.value(iri, predicate)
        return local_name(value.text) if value else None

    def ref(self, iri: str) -> models.Ref:
        """A thing and what it is called."""
        return ref(self.called, iri)

    def refs(self, iri: str, predicate: Term) -> list[models.Ref]:
        """The things of a property, by label."""
        found = [self.ref(each) for each in self.objects(iri, predicate)]
        return sorted(found, key=lambda each: (each.label or "", each.id))

    def one(self, iri: str, predicate: Term) -> models.Ref | None:
        """The thing of a property."""
        return next(iter(self.refs(iri, predicate)), None)

    def objects(self, iri: str, predicate: Term) -> list[str]:
        """The IRIs of a property."""
        values = self.described.values(iri, predicate)
        return sorted(value.text for value in values if value.is_iri)

    def words(self, iri: str, predicate: Term) -> models.Text | None:
        """Words in their language."""
        return words(self.described, iri, predicate)

    # -------------------------------------------------------------------------- things

    def statement(self, iri: str) -> models.Statement:
        """A statement with what it tells."""
        return models.Statement(
            id=iri,
            content=self.words(iri, TST.content) or models.Text(text=""),
            speakers=self.refs(iri, TST.speaker),
            addressees=self.refs(iri, TST.addressee),
            cue=self.text(iri, TST.cue),
            kind=self.concept(iri, TST.kind),
            directness=self.concept(iri, TST.directness),
            certainty=self.concept(iri, TST.certainty),
            attribution_certainty=self.concept(iri, TST.attributionCertainty),
            polarity=self.concept(iri, TST.polarity),
            about=self.refs(iri, TST.about),
            said_at=[self.time(each) for each in self.objects(iri, TST.saidAt)],
            said_in=self.refs(iri, TST.saidIn),
            said_during=self.refs(iri, TST.saidDuring),
            reported_in=self.refs(iri, TST.reportedIn),
            gives=[self.account(each) for each in self.objects(iri, TST.gives)],
            document=self.one(iri, TST.document),
            confidence=self.text(iri, TST.confidence),
        )

    def account(self, iri: str, tellers: Sequence[models.Teller] = ()) -> models.Account:
        """What a statement tells of an event."""
        return models.Account(
            id=iri,
            event=self.one(iri, TST.accountOf),
            event_type=self.concept(iri, TST.eventType),
            agents=self.refs(iri, TST.agent),
            patients=self.refs(iri, TST.patient),
            recipients=self.refs(iri, TST.recipient),
            places=self.refs(iri, SEM.hasPlace),
            times=[self.time(each) for each in self.objects(iri, SEM.hasTime)],
            quantities=[self.quantity(each) for each in self.objects(iri, TST.quantity)],
            polarity=self.concept(iri, TST.polarity),
            certainty=self.concept(iri, TST.certainty),
            tense=self.concept(iri, TST.tense),
            told_in=list(tellers),
        )

    def time(self, iri: str) -> models.Time:
        """A time reference."""
        return models.Time(
            id=iri,
            label=self.text(iri, RDFS.label),
            timex=self.text(iri, TST.timex),
            edtf=self.text(iri, TST.edtf),
            earliest=self.text(iri, SEM.hasEarliestBeginTimeStamp),
            latest=self.text(iri, SEM.hasLatestEndTimeStamp),
            basis=self.concept(iri, TST.dateBasis),
        )

    def quantity(self, iri: str) -> models.Quantity:
        """A number."""
        return models.Quantity(
            id=iri, value=self.text(iri, TST.value), unit=self.text(iri, TST.unit)
        )

    def actor(self, iri: str) -> models.Actor:
        """An actor."""
        named = self.text(iri, TST.named)
        return models.Actor(
            id=iri,
            type=self.classes(iri),
            label=self.text(iri, RDFS.label),
            names=self.names(iri),
            named=None if named is None else named == "true",
        )

    def place(self, iri: str) -> models.Place:
        """A place."""
        geometry = next(iter(self.objects(iri, GEO.hasGeometry)), None)
        wkt = self.text(geometry, GEO.asWKT) if geometry else None
        return models.Place(
            id=iri,
            type=self.classes(iri),
            label=self.text(iri, RDFS.label),
            names=self.names(iri),
            country=self.text(iri, TST.countryCode),
            feature=self.text(iri, TST.featureCode),
            within=self.refs(iri, TST.within),
            geometry=models.Geometry(id=geometry, wkt=wkt) if geometry and wkt else None,
            same_as=self.objects(iri, SKOS.exactMatch),
        )

    def event(self, iri: str) -> models.Event:
        """An event."""
        return models.Event(
            id=iri,
            label=self.text(iri, RDFS.label),
            event_type=self.concept(iri, TST.eventType),
        )

    def document(self, iri: str) -> models.Document:
        """A document."""
        return models.Document(
            id=iri,
            title=self.words(iri, DCTERMS.title),
            creators=self.refs(iri, DCTERMS.creator),
            publisher=self.one(iri, DCTERMS.publisher),
            issued=_dated(self.described.value(iri, DCTERMS.issued), XSD.date),
            inLanguage=self.text(iri, DCTERMS.language),
            source=_source(self.described.value(iri, DCTERMS.source)),
            identifier=self.text(iri, DCTERMS.identifier),
            rights=self.text(iri, DCTERMS.rights),
            captured=_dated(self.described.value(iri, TST.captured), XSD.dateTime),
        )

    def hit(self, iri: str) -> models.Hit | None:
        """Something that was found; ``None`` for what has none of the API's types."""
        classes = {value.term for value in self.described.values(iri, RDF.type)}
        if TST.Statement in classes:
            return models.Hit(id=iri, type="Statement", content=self.words(iri, TST.content))
        if TST.Document in classes:
            return models.Hit(id=iri, type="Document", title=self.words(iri, DCTERMS.title))
        label = self.text(iri, RDFS.label)
        if TST.Place in classes:
            return models.Hit(id=iri, type="Place", label=label)
        if TST.Event in classes:
            return models.Hit(id=iri, type="Event", label=label)
        return models.Hit(id=iri, type="Actor", label=label) if TST.Actor in classes else None

    def classes(self, iri: str) -> list[str]:
        """Our classes of an entity."""
        found = {value.term for value in self.described.values(iri, RDF.type)} & _CLASSES
        return sorted(local_name(iri_of(each)) for each in found)

    def names(self, iri: str) -> list[str]:
        """All that the texts call it."""
        return sorted(value.text for value in self.described.values(iri, TST.name))


def builder(site: Site, query: str) -> Builder:
    """What a query for ``?x ?p ?o`` tells, ready to be answered."""
    described = site.answers.describe(query)
    ours = {iri for iri in described.iris() if iri.startswith(site.iris.base_iri)}
    return Builder(described, names(site, ours))


def names(site: Site, iris: Iterable[str]) -> Description:
    """What these are called."""
    wanted = sorted(set(iris))
    return site.answers.describe(pages_queries.labels(wanted)) if wanted else Description(())


def ref(called: Description, iri: str) -> models.Ref:
    """A thing and what it is called."""
    return models.Ref(
        id=iri,
        label=called.text(iri, RDFS.label) or None,
        title=words(called, iri, DCTERMS.title),
        content=words(called, iri, TST.content),
    )


def words(described: Description, iri: str, predicate: Term) -> models.Text | None:
    """Words in their language."""
    value = described.value(iri, predicate)
    return models.Text(text=value.text, language=value.language) if value else None


def mentions(site: Site, statement: str, document: str) -> dict[Term, list[models.Mention]]:
    """A statement's evidence, by property."""
    found: dict[Term, list[models.Mention]] = {}
    graph = site.iris.document_graph(document)
    for row in site.answers.select(selection.evidence(graph, statement)):
        mention = models.Mention(
            id=row["mention"].text,
            begin=int(row["begin"].text),
            end=int(row["end"].text),
            words=row["words"].text,
        )
        found.setdefault(row["part"].term, []).append(mention)
    return found


def accounts(site: Site, event: str) -> list[models.Account]:
    """The first accounts of an event, each with the statements that give it."""
    iris = site.page_of(selection.accounts_of(event, _MOST_ACCOUNTS))
    if not iris:
        return []
    built = builder(site, pages_queries.accounts(iris))
    told = site.answers.select(pages_queries.tellers(iris))
    called = names(site, (row[name].text for row in told for name in ("speaker", "document")))
    tellers: dict[str, dict[str, models.Teller]] = {}
    for row in told:
        teller = tellers.setdefault(row["account"].text, {}).setdefault(
            row["x"].text,
            models.Teller(
                id=row["x"].text, speakers=[], document=ref(called, row["document"].text)
            ),
        )
        teller.speakers.append(ref(called, row["speaker"].text))
    return [built.account(each, _values(tellers.get(each, {}))) for each in iris]


def _values(tellers: dict[str, models.Teller]) -> list[models.Teller]:
    return [tellers[iri] for iri in sorted(tellers)]


def _dated(value: Value | None, usual: Term) -> str | models.Typed | None:
    """Its characters alone where it has the ``usual`` datatype."""
    if value is None:
        return None
    if value.datatype == iri_of(usual):
        return value.text
    return models.Typed(text=value.text, datatype=value.datatype or iri_of(XSD.string))


def _source(value: Value | None) -> str | models.Text | None:
    if value is None:
        return None
    return value.text if value.is_iri else models.Text(text=value.text)
