from testimonia.iris import Iris
from testimonia.linking import entity_triples, link
from testimonia.model import LocalEntity
from testimonia.terms import iri, literal
from testimonia.vocabulary import RDFS, TST

IRIS = Iris("http://localhost:8000/")
ADA = LocalEntity("actor/0", "actor", "Ada")
ODENSE = LocalEntity("place/9", "place", "Odense", "geonames-1")


def test_a_place_of_the_gazetteer_is_that_place() -> None:
    links = link("d", (ODENSE,), {})
    assert links.canonical == {"place/9": "place/geonames-1"}


def test_what_was_recorded_stays() -> None:
    assert link("d", (ADA,), {"actor/0": "actor/older"}).canonical == {"actor/0": "actor/older"}


def test_a_place_no_longer_located_gets_an_id_of_its_own() -> None:
    lost = LocalEntity("place/9", "place", "Odense")
    links = link("d", (lost,), {"place/9": "place/geonames-1"})
    assert links.canonical["place/9"].startswith("place/")
    assert "geonames" not in links.canonical["place/9"]


def test_the_same_document_gives_the_same_ids() -> None:
    assert link("d", (ADA, ODENSE), {}) == link("d", (ADA, ODENSE), {})
    assert link("e", (ADA,), {}).canonical != link("d", (ADA,), {}).canonical


def test_two_locals_of_one_place_give_one_label() -> None:
    other = LocalEntity("place/40", "place", "Odense", "geonames-1")
    triples = entity_triples("d", link("d", (ODENSE, other), {}), IRIS)
    assert {o for _, p, o in triples if p == RDFS.label} == {literal("Odense")}
    assert {o for _, p, o in triples if p == TST.sameEntity} == {iri(IRIS.place("geonames-1"))}
