"""The reports as RDF: what they show, as the graph says it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from testimonia.terms import iri, literal
from testimonia.views.chronicle import Chronicle
from testimonia.views.dossier import Dossier
from testimonia.views.values import Telling
from testimonia.vocabulary import DCTERMS, TST
from testimonia.web.api.selection import query, values
from testimonia.web.reports.compare import Compared

# XHTML vocabulary (W3C): what comes after a part of a list.
_NEXT = "<http://www.w3.org/1999/xhtml/vocab#next>"
_REFERENCES = "<http://purl.org/dc/terms/references>"


@dataclass(frozen=True, slots=True)
class Shown:
    """What a report shows. ``told`` says what of how much it is, ``following`` is the address of
    the next page, empty on the last."""

    address: str
    told: str
    accounts: tuple[str, ...] = ()
    statements: tuple[str, ...] = ()
    relations: tuple[str, ...] = ()
    things: tuple[str, ...] = ()
    following: str = ""


def construct(shown: Shown) -> str:
    """CONSTRUCT of the accounts with their times and numbers, of the statements, relations and
    things, and of the labels of what they name; and of the report what part it is."""
    here = iri(shown.address)
    heads = [f"{here} {DCTERMS.description} {literal(shown.told, language='en')}"]
    heads += [f"{here} {_REFERENCES} {iri(each)}" for each in (*shown.accounts, *shown.statements)]
    if shown.following:
        heads.append(f"{here} {_NEXT} {iri(shown.following)}")
    template = " . ".join((*heads, "?s ?p ?o"))
    # The empty pattern has a solution, so that even a report of nothing is described.
    return query(f"CONSTRUCT {{ {template} }} {{ {{}} UNION {' UNION '.join(_parts(shown))} }}")


def _parts(shown: Shown) -> Iterator[str]:
    described = (*shown.accounts, *shown.statements, *shown.relations, *shown.things)
    if not described:
        yield "{}"
        return
    block = values("s", described)
    yield f"{{ {block} ?s ?p ?o }}"
    yield f"{{ {values('x', described)} ?x ?link ?s . ?s rdfs:label ?o BIND(rdfs:label AS ?p) }}"
    if shown.accounts:
        accounts = values("x", shown.accounts)
        yield f"{{ {accounts} ?x tst:quantity|sem:hasTime ?s . ?s ?p ?o }}"
        yield (
            f"{{ {accounts} ?x sem:hasPlace/geo:hasGeometry ?s . ?s ?p ?o }}"
            f" UNION {{ {accounts} ?x sem:hasPlace ?s . ?s geo:hasGeometry ?o"
            " BIND(geo:hasGeometry AS ?p) }"
        )
    if shown.statements:
        stated = ", ".join((DCTERMS.title, DCTERMS.issued, DCTERMS.publisher))
        yield (
            f"{{ {values('x', shown.statements)} ?x {TST.document} ?s . ?s ?p ?o"
            f" FILTER(?p IN ({stated})) }}"
        )


def comparison(view: Compared, address: str, following: str) -> Shown:
    """A page of a comparison."""
    tellings = [telling for event in view.events.items for telling in event.tellings]
    relations = [each.iri for event in view.events.items for each in event.relations]
    events = view.events
    told = (
        f"Accounts of {_part(events.offset, len(events.items), events.total, 'events')};"
        f" of each at most {view.most}."
    )
    others = tuple(each.ref.iri for each in view.others.items)
    return Shown(
        address,
        told,
        _accounts(tellings),
        (*_statements(tellings), *others),
        tuple(dict.fromkeys(relations)),
        tuple(each.event.iri for each in events.items),
        following,
    )


def timeline(view: Chronicle, address: str, following: str) -> Shown:
    """A page of events."""
    tellings = [telling for each in view.happenings.items for telling in each.tellings]
    listed = view.happenings
    told = _part(listed.offset, len(listed.items), listed.total, "events")
    left = sum(each.more for each in listed.items)
    more = f"; {left} of their accounts are left out" if left else ""
    return Shown(
        address,
        f"{told}{more}.",
        _accounts(tellings),
        _statements(tellings),
        things=tuple(each.event.iri for each in listed.items),
        following=following,
    )


def dossier(view: Dossier, address: str) -> Shown:
    """A dossier."""
    said, about = view.said, view.spoken_of
    told = (
        f"{_part(0, len(said.items), said.total, 'statements of its own')};"
        f" {_part(0, len(about.items), about.total, 'statements about it')}."
    )
    statements = dict.fromkeys(each.ref.iri for each in (*said.items, *about.items))
    relations = dict.fromkeys(each.iri for each in (*view.own.items, *view.others.items))
    return Shown(
        address,
        told,
        statements=tuple(statements),
        relations=tuple(relations),
        things=(view.ref.iri,),
    )


def _accounts(tellings: Iterable[Telling]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.iri for each in tellings))


def _statements(tellings: Iterable[Telling]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.saying.ref.iri for each in tellings))


def _part(offset: int, shown: int, total: int, unit: str) -> str:
    if shown == total:
        return f"all {total} {unit}"
    return (
        f"{offset + 1} to {offset + shown} of {total} {unit}" if shown else f"0 of {total} {unit}"
    )
