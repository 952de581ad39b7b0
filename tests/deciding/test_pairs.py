"""Merges and splits as constraints: pure, consistent, the newer one rules."""

from __future__ import annotations

import pickle
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from judged import decision, target
from testimonia.deciding import Local, Nature, pairs, relations
from testimonia.decisions import Decision, Kind, Standing, What

A, B, C = ("a", "actor/1"), ("b", "actor/2"), ("c", "actor/3")
WORDS = target("Bo Lind")


def made(number: int, kind: Kind) -> Decision:
    return decision(number, kind, What.MENTION, WORDS, other=target("officials"))


def test_a_merge_gives_a_pair_and_a_cluster() -> None:
    found = pairs([made(1, Kind.MERGE)], {"d1": ([A], [B])}, {})
    assert found.same == {(A, B)}
    assert found.clusters() == ((A, B),)
    assert found.standings["d1"] == (Standing.APPLIED, "they are one")


def test_every_document_of_a_text_is_merged_with_every_one_of_the_other() -> None:
    found = pairs([made(1, Kind.MERGE)], {"d1": ([A, C], [B])}, {})
    assert found.clusters() == ((A, B, C),)


def test_a_later_split_overrules_what_follows_from_two_merges() -> None:
    sides = {"d1": ([A], [B]), "d2": ([B], [C]), "d3": ([A], [C])}
    found = pairs([made(1, Kind.MERGE), made(2, Kind.MERGE), made(3, Kind.SPLIT)], sides, {})
    assert found.clusters() == ((B, C),)  # the newer merge holds
    assert found.apart == {(A, C)}
    assert found.standings["d1"][0] is Standing.SUPERSEDED


def test_a_later_merge_overrules_a_split() -> None:
    found = pairs(
        [made(1, Kind.SPLIT), made(2, Kind.MERGE)], {"d1": ([A], [B]), "d2": ([B], [A])}, {}
    )
    assert found.apart == frozenset()
    assert found.standings["d1"][0] is Standing.SUPERSEDED


def test_what_was_withdrawn_says_nothing_and_what_is_not_there_neither() -> None:
    from testimonia.decisions import Withdrawal

    gone = replace(made(1, Kind.MERGE), withdrawn=Withdrawal("Ivy", "2031-01-01"))
    assert pairs([gone], {"d1": ([A], [B])}, {}).same == frozenset()
    found = pairs([made(1, Kind.MERGE)], {"d1": ([A], [])}, {})
    assert found.standings["d1"][0] is Standing.NONE


def test_unlike_things_are_not_one_whoever_says_so() -> None:
    natures = {
        A: Nature("place", "place/geonames-1"),
        B: Nature("place"),
        C: Nature("place", "place/geonames-2"),
    }
    sides = {"d1": ([A], [B]), "d2": ([B], [C])}
    found = pairs([made(1, Kind.MERGE), made(2, Kind.MERGE)], sides, natures)
    assert found.clusters() == ((B, C),)
    assert "two places of the gazetteer" in found.standings["d1"][1]
    kinds = {A: Nature("actor"), B: Nature("place")}
    found = pairs([made(1, Kind.MERGE)], {"d1": ([A], [B])}, kinds)
    assert "the one is read as actor and the other as place" in found.standings["d1"][1]


_LOCALS: st.SearchStrategy[Local] = st.tuples(st.sampled_from("abcdef"), st.just("actor/1"))
_SIDES = st.lists(_LOCALS, min_size=1, max_size=2)


@given(st.lists(st.tuples(st.sampled_from([Kind.MERGE, Kind.SPLIT]), _SIDES, _SIDES), max_size=8))
def test_constraints_never_contradict_each_other(
    drawn: list[tuple[Kind, list[Local], list[Local]]],
) -> None:
    decisions = [made(n, kind) for n, (kind, _, _) in enumerate(drawn, 1)]
    sides = {f"d{n}": (one, other) for n, (_, one, other) in enumerate(drawn, 1)}
    found = pairs(decisions, sides, {})
    for cluster in found.clusters():
        assert not any(one in cluster and other in cluster for one, other in found.apart)
    assert pairs(reversed(decisions), sides, {}) == found
    if drawn and set(drawn[-1][1]).isdisjoint(drawn[-1][2]):  # the newest always rules
        assert found.standings[f"d{len(drawn)}"][0] is Standing.APPLIED


def test_of_two_decisions_on_a_relation_the_later_rules() -> None:
    def on(number: int, kind: Kind) -> Decision:
        return decision(number, kind, What.RELATION, WORDS, "Repeats", other=target("officials"))

    sides = {"d1": (["s"], ["t"]), "d2": (["s"], ["t"])}
    found = relations([on(1, Kind.CONFIRM), on(2, Kind.REJECT)], sides)
    assert not found.held
    assert found.refused == {("Repeats", "s", "t")}
    assert found.superseded == {"d1": "d2"}
    assert relations([on(1, Kind.CONFIRM)], sides).held == {("Repeats", "s", "t")}


def test_a_decision_goes_to_other_processes() -> None:
    one = made(1, Kind.SPLIT)
    assert pickle.loads(pickle.dumps(one)) == one
