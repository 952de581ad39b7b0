"""The dossier of an actor."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from testimonia.views.dossier import SERIES, Directness, Dossier, InDocument, Name
from testimonia.views.periods import Periods, periods
from testimonia.views.values import Counted, Listing, Ref, Relation, Saying, Source
from testimonia.vocabulary import TST
from testimonia.web import pages_queries, views
from testimonia.web.reports import gather, queries
from testimonia.web.reports import tellings as read
from testimonia.web.site import Site, number

MOST: Final = 20
# Local entities whose names are looked at: one for each document.
_MOST_LOCALS: Final = 2000
_DOCUMENTS_OF_NAME: Final = 5
_RELATIONS: Final = 50


def dossier(site: Site, iri: str) -> Dossier:
    """Everything that the archive has of an actor that is there; each list whole or with its
    total."""
    described = site.answers.describe(pages_queries.described([iri]))
    things = site.things({iri, *described.iris()})
    return Dossier(
        ref=gather.ref(things, iri),
        type=views.type_of(described, things, iri),
        named=described.text(iri, TST.named) != "false",
        names=_names(site, iri),
        directness=_directness(site, iri),
        about=site.answers.count(pages_queries.statements_total(pages_queries.said_about(iri))),
        over_time=_over_time(site, iri),
        addressees=_counted(site, queries.linked_things(iri, "tst:addressee")),
        places=_counted(site, queries.linked_things(iri, "tst:saidIn")),
        topics=_counted(site, queries.linked_things(iri, "tst:about", "tst:Actor")),
        speakers_about=_counted(site, queries.speakers_about(iri)),
        documents=_documents(site, iri),
        own=_relations(site, queries.relations_of(iri, own=True)),
        others=_relations(site, queries.relations_of(iri, own=False)),
        said=_sayings(site, pages_queries.said_by(iri)),
        spoken_of=_sayings(site, pages_queries.said_about(iri)),
    )


def _names(site: Site, iri: str) -> Listing[Name]:
    """By how many documents use them."""
    found: defaultdict[str, dict[str, None]] = defaultdict(dict)
    locals_ = site.page_of(
        pages_queries.mentioning_documents(site.iris, iri, _MOST_LOCALS + 1), "local"
    )
    for row in site.answers.select(queries.names_of(site.iris, iri, _MOST_LOCALS)):
        name = site.iris.parse(row["local"].text)
        if name is not None and name.is_local:
            found[row["name"].text][site.iris.document(name.id)] = None
    ordered = sorted(found.items(), key=lambda each: (-len(each[1]), each[0]))[:MOST]
    shown = {iri for _, documents in ordered for iri in list(documents)[:_DOCUMENTS_OF_NAME]}
    things = site.things(shown)
    items = [
        Name(
            name,
            tuple(gather.ref(things, each) for each in list(documents)[:_DOCUMENTS_OF_NAME]),
            len(documents),
        )
        for name, documents in ordered
    ]
    beyond = 1 if len(locals_) > _MOST_LOCALS else 0
    return Listing(items, len(found) + beyond)


def _directness(site: Site, iri: str) -> Directness:
    row = site.answers.first(queries.directness_of(iri))
    total, direct, mixed = (number(row.get(name)) for name in ("n", "direct", "mixed"))
    nested, negative = number(row.get("nested")), number(row.get("negative"))
    return Directness(direct, mixed, total - direct - mixed, nested, negative)


def _over_time(site: Site, iri: str) -> Periods:
    rows = site.answers.select(queries.over_time(iri))
    counts = (
        (row["issued"].text if "issued" in row else "", number(row["part"]), number(row["n"]))
        for row in rows
        if "part" in row
    )
    return periods(counts, len(SERIES))


def _counted(site: Site, pattern: str) -> Listing[Counted]:
    total = site.answers.count(queries.counted_total(pattern))
    return gather.counted(site, queries.counted(pattern, MOST), total)


def _documents(site: Site, iri: str) -> Listing[InDocument]:
    total = site.answers.count(queries.documents_of_total(iri))
    rows = [
        row for row in site.answers.select(queries.documents_of(iri, MOST)) if "x" in row
    ]  # fmt: skip
    documents = [row["x"].text for row in rows]
    if not documents:
        return Listing((), total)
    stated = {
        row["x"].text: (
            row["publisher"].text if "publisher" in row else "",
            row["issued"].text if "issued" in row else "",
        )
        for row in site.answers.select(queries.sources(documents))
    }
    items = [
        InDocument(_source(ref, stated), number(row["says"]), number(row["about"]))
        for ref, row in zip(gather.refs(site, documents), rows, strict=True)
    ]
    return Listing(items, total)


def _source(document: Ref, stated: dict[str, tuple[str, str]]) -> Source:
    return Source(document, *stated.get(document.iri, ("", "")))


def _relations(site: Site, pattern: str) -> Listing[Relation]:
    total = site.answers.count(queries.relations_total(pattern))
    if not total:
        return Listing((), 0)
    found = site.page_of(queries.some_relations(pattern, _RELATIONS), "r")
    return Listing(read.relations(site, found), total)


def _sayings(site: Site, pattern: str) -> Listing[Saying]:
    total = site.answers.count(pages_queries.statements_total(pattern))
    if not total:
        return Listing((), 0)
    found = site.page_of(pages_queries.statements(pattern, total, MOST))
    return Listing(gather.sayings(site, found), total)
