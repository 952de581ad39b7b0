"""Which triggers denote the same event."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from hypothesis import given
from hypothesis import strategies as st

from testimonia.model import Certainty, EventClass, Polarity, Role, Span, Tense
from testimonia.reading.events import Facts, Part, Trigger, cluster, find_events, undergoer_role
from testimonia.reading.syntax import Parse

Parser = Callable[[str], Parse]
NOTHING = Facts(None, None, frozenset(), "")


def read(parse: Parser, text: str, keys: Mapping[str, str]) -> list[list[str]]:
    """The clusters of two triggers or more, where a participant's key is that of its last word."""
    triggers = find_events(parse(text))

    def facts(index: int) -> Facts:
        trigger = triggers[index]
        named = {part.role: keys.get(part.span.of(text).split()[-1]) for part in trigger.parts}
        undergoer = undergoer_role(trigger)
        times = {span.of(text) for span in trigger.adjuncts if span.of(text).startswith("on ")}
        doer = None if undergoer is Role.AGENT else named.get(Role.AGENT)
        return Facts(named.get(undergoer), doer, frozenset(times), "")

    found = cluster(triggers, facts)
    words = [[triggers[n].span.of(text) for n in each.members] for each in found]
    return [each for each in words if len(each) > 1]


def test_one_capture_told_three_times(parse: Parser) -> None:
    text = (
        "The rebels captured the harbour. The capture of the harbour shocked the region. "
        "The loss of the harbour hurt the fishermen."
    )
    assert read(parse, text, {"harbour": "h", "rebels": "r"}) == [["captured", "capture", "loss"]]


def test_the_fall_and_the_loss_of_a_city_are_one(parse: Parser) -> None:
    text = "The fall of the city was sudden. The loss of the city hurt trade."
    assert read(parse, text, {"city": "c"}) == [["fall", "loss"]]


def test_two_cities_fall_apart(parse: Parser) -> None:
    text = "The fall of the city was sudden. The fall of the village was not."
    assert read(parse, text, {"city": "c", "village": "v"}) == []


def test_strikes_on_different_days_are_two(parse: Parser) -> None:
    text = "The army attacked the harbour on Monday. The army attacked the harbour on Friday."
    assert read(parse, text, {"harbour": "h", "army": "a"}) == []


def test_different_doers_make_two_events(parse: Parser) -> None:
    text = "The rebels attacked the harbour. The navy attacked the harbour."
    assert read(parse, text, {"harbour": "h", "rebels": "r", "navy": "n"}) == []


def test_a_definite_noun_points_back_to_the_only_event_of_its_word(parse: Parser) -> None:
    text = "An explosion destroyed the barn. The explosion hurt nobody."
    assert read(parse, text, {}) == [["explosion", "explosion"]]


def test_a_definite_noun_does_not_choose_between_two(parse: Parser) -> None:
    text = (
        "An explosion destroyed the barn. Another explosion damaged the school. "
        "The explosion hurt nobody."
    )
    assert read(parse, text, {}) == []


def test_a_definite_noun_with_a_complement_says_itself_which_is_meant(parse: Parser) -> None:
    text = "The council imposed a tax. The imposition of a ban angered the bakers."
    assert read(parse, text, {}) == []


def test_a_withdrawal_is_its_doers(parse: Parser) -> None:
    text = (
        "The army withdrew. The army's withdrawal pleased the farmers. "
        "The navy's withdrawal did not."
    )
    assert read(parse, text, {"army": "a", "army's": "a", "navy's": "n"}) == [
        ["withdrew", "withdrawal"]
    ]


def trigger(index: int, lemma: str, *, definite: bool) -> Trigger:
    return Trigger(
        head=index,
        span=Span(index, index + 1),
        lemma=lemma,
        nominal=True,
        event_class=EventClass.OCCURRENCE,
        event_type="other",
        tense=Tense.NONE,
        polarity=Polarity.POSITIVE,
        certainty=Certainty.CERTAIN,
        parts=(Part(Role.PATIENT, index, Span(index, index + 1)),),
        adjuncts=(),
        counts=(),
        definite=definite,
    )


FACTS = st.builds(
    Facts,
    undergoer=st.sampled_from([None, "a", "b"]),
    doer=st.sampled_from([None, "x", "y"]),
    times=st.frozensets(st.sampled_from(["1", "2"]), max_size=1),
    modifier=st.just(""),
)


@given(st.lists(st.tuples(st.sampled_from(["raid", "fall", "loss"]), st.booleans(), FACTS)))
def test_clusters_divide_the_triggers_and_never_mix_days_or_places(
    drawn: list[tuple[str, bool, Facts]],
) -> None:
    triggers = [trigger(n, lemma, definite=flag) for n, (lemma, flag, _) in enumerate(drawn)]
    found = cluster(triggers, lambda n: drawn[n][2])
    members = [n for each in found for n in each.members]
    assert sorted(members) == list(range(len(drawn)))
    for each in found:
        known = [drawn[n][2] for n in each.members]
        assert len({facts.undergoer for facts in known} - {None}) <= 1
        assert len(frozenset().union(*(facts.times for facts in known))) <= 1


def test_facts_of_nothing_make_no_cluster() -> None:
    triggers = [trigger(n, "raid", definite=False) for n in range(3)]
    assert len(cluster(triggers, lambda _: NOTHING)) == 3
