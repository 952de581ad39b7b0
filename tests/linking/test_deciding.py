"""Decisions, and the list of pairs that was made for the purpose."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from benchmarks.crossref.pairs import Pair, are_linked, are_one_by_name, canonical, read_pairs

from testimonia.linking.deciding import decide
from testimonia.linking.labels import is_better
from testimonia.linking.profiles import Canonical, Kind, Profile, by_kind
from testimonia.linking.same_document import may_join

PAIRS = read_pairs()
MISSED = {
    ("William Clinton",),  # some Bill Clinton or other: 0.897
    ("García Márquez",),  # nothing but the country is the same
    ("Silver Forest",),  # places are named alike
}


def person(name: str, *traits: str, document: str = "d") -> Profile:
    return Profile(document, "actor/0", Kind.PERSON, (name,), frozenset(traits))


def entity(number: int, name: str, *traits: str) -> Canonical:
    return canonical(person(name, *traits, document=f"old {number}"), number)


def told(pair: Pair) -> str:
    return f"{pair.one.names[0]} / {pair.other.names[0]} ({pair.why})"


def test_the_list_is_long_enough_and_hard() -> None:
    counted = Counter(pair.same for pair in PAIRS)
    assert counted[False] >= 100
    assert counted[True] >= 60
    assert sum(are_one_by_name(pair) for pair in PAIRS if not pair.same) > 60


@pytest.mark.parametrize("pair", [each for each in PAIRS if not each.same], ids=told)
def test_homographs_stay_apart(pair: Pair) -> None:
    assert not are_linked(pair)
    assert not are_linked(Pair(False, pair.why, pair.other, pair.one))


@pytest.mark.parametrize("pair", [each for each in PAIRS if each.same], ids=told)
def test_other_names_of_one_are_found(pair: Pair) -> None:
    assert are_linked(pair) is (pair.other.names not in MISSED)


def test_a_surname_finds_the_one_who_bears_it() -> None:
    known = entity(1, "Valery Gerasimov", "a:putin", "p:Siversk, UA", "k:UA")
    verdict = decide(person("Gerasimov", "a:putin", "p:Siversk, UA", "k:UA"), [known], frozenset())
    assert verdict is not None
    assert verdict.canonical is known
    assert 0.9 <= verdict.probability < 1
    assert verdict.because == (
        "part of the name: Gerasimov, Valery Gerasimov",
        "both with: putin",
        "both in: Siversk, UA",
    )


def test_a_surname_that_two_bear_finds_neither() -> None:
    around = ("a:putin", "p:Siversk, UA", "k:UA")
    two = [entity(1, "Valery Gerasimov", *around), entity(2, "Mikhail Gerasimov", *around)]
    assert decide(person("Gerasimov", *around), two, frozenset()) is None


def test_what_every_document_has_tells_nothing() -> None:
    around = ("a:putin", "p:Siversk, UA")
    known = [entity(1, "Valery Gerasimov", *around)]
    assert decide(person("Gerasimov", *around), known, frozenset(around)) is None


def test_the_month_of_a_whole_archive_tells_little() -> None:
    known = entity(1, "Irina Volkova", "r:poet", "m:2025-03", "p:Oslo, NO")
    other = person("Irina Volkova", "r:director", "m:2025-03", "p:Perm, RU")
    assert decide(other, [known], frozenset()) is not None
    assert decide(other, [known], frozenset({"m:2025-03"})) is None


def test_a_person_taken_for_a_body_spoils_no_later_link() -> None:
    around = ("p:Port Verrin", "w:warehouse", "k:GB")
    body = Profile("b", "actor/0", Kind.ORGANIZATION, ("Kasimir Holt",), frozenset(around))
    known = by_kind({"n:Kasimir Holt": 3, "y:person": 2, "y:organization": 1})
    holt = Canonical(1, "actor/1", 3, {**known, **by_kind(dict.fromkeys(around, 3))})
    assert holt.kinds == {Kind.PERSON}
    for profile in (body, person("Holt", *around)):
        verdict = decide(profile, [holt], frozenset())
        assert verdict is not None
    assert decide(replace(body, names=("Holt",)), [holt], frozenset()) is None
    assert set(body.searches[1]) & set(person("Kasimir Holt").keys)
    assert set(person("Kasimir Holt").searches[1]) & set(body.keys)
    assert may_join(body, person("Holt"))
    assert not may_join(body, person("Moss"))
    assert not may_join(person("Kasimir Holt"), person("Holt"))


def test_two_unlinked_doubles_of_one_rare_name_do_not_block_each_other() -> None:
    doubles = [entity(1, "Thaddeus Wexcombe"), entity(2, "Thaddeus Wexcombe")]
    verdict = decide(person("Thaddeus Wexcombe"), doubles, frozenset())
    assert verdict is not None
    assert verdict.canonical.number == 1


@pytest.mark.parametrize(
    ("new", "old", "kind", "better"),
    [
        ("Vladimir Putin", "Putin", Kind.PERSON, True),
        ("Putin", "Vladimir Putin", Kind.PERSON, False),
        ("Vladimir V. Putin", "Vladimir Putin", Kind.PERSON, False),
        ("Union of Northern Fishers", "UNF", Kind.ORGANIZATION, True),
        ("UNF", "Union of Northern Fishers", Kind.ORGANIZATION, False),
    ],
)
def test_a_label_gets_better_and_never_worse(new: str, old: str, kind: Kind, better: bool) -> None:
    assert is_better(new, old, kind) is better
