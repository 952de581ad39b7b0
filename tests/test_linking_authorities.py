"""Which entry an entity is: probabilities and reasons, without a store."""

from __future__ import annotations

from testimonia.candidates import Thing
from testimonia.linking.authorities import CLOSE, EXACT, Evidence, Link, link

COMMON = {"john": 0.02, "smith": 0.003}


def entity(*names: str, kind: str = "Person", **facts: tuple[str, ...]) -> Thing:
    return Thing("http://a.example/actor/1", "", names[0], (kind,), names, facts)


def entry(id_: str, *names: str, kind: str = "Person", **facts: tuple[str, ...]) -> Thing:
    kinds = (kind,) if kind else ()
    return Thing(f"http://list.example/{id_}", "list", names[0], kinds, names, facts)


def linked(
    one: Thing, *entries: Thing, years: tuple[int, int] | None = None, names: int = 100
) -> Link | None:
    return link(
        Evidence(one, lambda: years), entries, entries, lambda word: COMMON.get(word, 0.0), names
    )


def probability(one: Thing, *entries: Thing, **more: object) -> float:
    found = linked(one, *entries, **more)  # type: ignore[arg-type]
    return found.probability if found else 0.0


def test_one_of_a_full_name_is_meant() -> None:
    found = linked(entity("Ada Brook"), entry("1", "Ada Brook"))
    assert found is not None
    assert found.exact
    assert found.because == ("the same name: Ada Brook", "the same kind: Person")


def test_two_of_a_name_are_nobody() -> None:
    assert linked(entity("Ada Brook"), entry("1", "Ada Brook"), entry("2", "Ada Brook")) is None


def test_a_common_name_is_borne_by_others_too() -> None:
    one, other = entity("John Smith"), entry("1", "John Smith")
    assert probability(one, other, names=100) >= EXACT
    assert probability(one, other, names=100_000) < CLOSE


def test_a_single_name_is_not_enough() -> None:
    assert probability(entity("Ada"), entry("1", "Ada")) < CLOSE


def test_other_spellings_are_less_likely() -> None:
    one = entity("Ada Brook")
    order = [
        probability(one, entry("1", name))
        for name in ("Ada Brook", "Brook, Ada", "Ada Maria Brook", "A. Brook")
    ]
    assert order == sorted(order, reverse=True)
    assert len(set(order)) == 4
    assert probability(one, entry("1", "Ada Broom")) == 0.0


def test_a_name_in_other_letters_is_the_same_name() -> None:
    one = entity("Valery Gerasimov")
    found = linked(one, entry("1", "Валерий Герасимов"))
    assert found is not None
    assert found.exact
    assert found.because[0] == "a name like it: Valery Gerasimov and Валерий Герасимов, 0.90"
    assert probability(one, entry("1", "Герасимов, Валерий")) == found.probability
    assert probability(one, entry("1", "Valeriy Gerasimov")) == found.probability
    assert found.probability < probability(one, entry("1", "Valery Gerasimov"))
    assert probability(one, entry("1", "Viktor Gerasimov")) == 0.0
    assert probability(entity("Carl Miller"), entry("1", "Carl Millar")) == 0.0


def test_further_names_and_identifiers_decide() -> None:
    un = entity("UN", "United Nations", kind="Organization")
    assert probability(un, entry("1", "UN", kind="")) < EXACT
    assert probability(un, entry("1", "United Nations", "UN", kind="")) >= EXACT
    same = ("https://sws.geonames.org/7/",)
    one = entity("Elm", kind="Place", same=same)
    rivals = [entry(str(at), "Elm", kind="Place") for at in range(5)]
    named = Thing("http://sws.geonames.org/7", "list", "Ulme", ("Place",), ("Ulme",))
    found = linked(one, *rivals, named)
    assert found is not None
    assert (found.entry, found.exact) == (named.iri, True)


def test_country_and_distance_tell_places_apart() -> None:
    one = entity("Elm", kind="Place", country=("DK",), point=("55.0", "10.0"))
    near = entry("1", "Elm", kind="Place", country=("DK",), point=("55.01", "10.0"))
    far = entry("2", "Elm", kind="Place", country=("US",), point=("40.0", "-75.0"))
    found = linked(one, near, far)
    assert found is not None
    assert (found.entry, found.exact) == (near.iri, True)
    assert "1 km apart" in found.because
    assert linked(one, far) is None


def test_years_tell_persons_apart() -> None:
    one = entity("Ada Brook")
    then = entry("1", "Ada Brook", begin=("1950",))
    later = entry("2", "Ada Brook", begin=("2040-01-01",))
    found = linked(one, then, later, years=(2020, 2031))
    assert found is not None
    assert (found.entry, found.exact) == (then.iri, True)
    assert linked(one, later, years=(2020, 2031)) is None
    assert linked(one, then, later) is None  # without dates nothing tells


def test_kinds_that_cannot_be_one_are_not() -> None:
    assert linked(entity("Ada Brook"), entry("1", "Ada Brook", kind="Place")) is None
    state = entity("Ruritania of Old", kind="GeopoliticalEntity")
    for kind in ("Place", "Organization", "GeopoliticalEntity", "Actor", ""):
        assert linked(state, entry("1", "Ruritania of Old", kind=kind)) is not None, kind


def test_who_is_only_described_is_linked_by_no_name() -> None:
    officials = entity("Harbour Officials", kind="Group", unnamed=("yes",))
    assert linked(officials, entry("1", "Harbour Officials", kind="Group")) is None
