"""Decisions applied to a reading: a pure function, found again by words, the latest one rules."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judged import (
    BURNED,
    CALM,
    FLED,
    OTHER,
    SPRINGFIELD,
    TEXT,
    WALL,
    at,
    decision,
    quote,
    reading,
    target,
)
from testimonia.deciding import apply
from testimonia.decisions import Decision, Effect, Kind, Standing, What
from testimonia.identity import text_hash
from testimonia.iris import Iris
from testimonia.mapping import describe, told
from testimonia.model import (
    ActorType,
    Certainty,
    DateBasis,
    Document,
    Metadata,
    Reading,
    Statement,
    Text,
)
from testimonia.validation import validate

ENTRY = {
    "id": OTHER.id,
    "name": OTHER.name,
    "latitude": OTHER.latitude,
    "longitude": OTHER.longitude,
    "feature": OTHER.feature,
    "country_code": OTHER.country_code,
    "within": list(OTHER.within),
    "population": OTHER.population,
}
STOOD = {
    "content": [quote("Bo Lind fled").written()],
    "cue": [quote("added").written()],
    "anchor_in_cue": 0,
    "cue_lemma": "add",
    "source": [quote("She").written()],
    "speaker": [quote("Ada Brook").written()],
    "addressee": [],
    "place": [],
    "date": [],
    "directness": "Indirect",
    "kind": "Communication",
    "certainty": "Certain",
    "attribution-certainty": "Certain",
    "polarity": "Positive",
    "construction": "clause",
}


def applied(*decisions: Decision, of: Reading | None = None) -> tuple[Reading, dict[str, Effect]]:
    got, effects = apply(of or reading(), TEXT, decisions)
    return got, {each.decision: each for each in effects}


def speakers(got: Reading, words: str) -> list[str]:
    labels = {each.key: each.label for each in got.actors}
    (found,) = [each for each in got.statements if each.content[0].of(TEXT) == words]
    return [labels[key] for key in found.speakers]


def contents(got: Reading) -> list[str]:
    return [each.content[0].of(TEXT) for each in got.statements]


def test_nothing_decided_changes_nothing() -> None:
    assert apply(reading(), TEXT, ()) == (reading(), ())


def test_a_speaker_is_corrected_and_its_words_are_the_evidence() -> None:
    one = decision(1, Kind.CORRECT, What.STATEMENT, FLED, "speaker", [quote("officials").written()])
    got, effects = applied(one)
    assert speakers(got, "Bo Lind fled") == ["officials"]
    (found,) = [each for each in got.statements if each.content[0].of(TEXT) == "Bo Lind fled"]
    assert (found.source, found.confidence) == ((at("officials"),), 1.0)
    assert effects["d1"].standing is Standing.APPLIED
    assert effects["d1"].told == "speaker is officials, was read Ada Brook"
    assert effects["d1"].statements == (1,)


def test_a_speaker_nobody_has_read_is_made_of_its_words() -> None:
    words = quote("The harbour").written()
    one = decision(1, Kind.CORRECT, What.STATEMENT, FLED, "speaker", [words])
    got, _ = applied(one)
    assert speakers(got, "Bo Lind fled") == ["The harbour"]


def test_the_narrator_and_nobody_can_be_speakers() -> None:
    for value, label in (({"narrator": True}, "narrator"), ({"hidden": True}, "unnamed source")):
        one = decision(1, Kind.CORRECT, What.STATEMENT, FLED, "speaker", [value])
        assert speakers(applied(one)[0], "Bo Lind fled") == [label]


@pytest.mark.parametrize(
    ("field", "value", "name"),
    [
        ("polarity", "Negative", "polarity"),
        ("certainty", "Possible", "certainty"),
        ("attribution-certainty", "Probable", "attribution_certainty"),
        ("directness", "Direct", "directness"),
        ("kind", "Attitude", "kind"),
    ],
)
def test_closed_values_of_a_statement(field: str, value: str, name: str) -> None:
    got, effects = applied(decision(1, Kind.CORRECT, What.STATEMENT, CALM, field, value))
    assert getattr(got.statements[2], name) == value
    assert effects["d1"].standing is Standing.APPLIED


def test_addressee_place_and_date_of_the_saying() -> None:
    got, _ = applied(
        decision(1, Kind.CORRECT, What.STATEMENT, CALM, "addressee", [quote("Bo Lind").written()]),
        decision(2, Kind.CORRECT, What.STATEMENT, CALM, "place", [quote("Springfield").written()]),
        decision(3, Kind.CORRECT, What.STATEMENT, CALM, "date", [quote("3 May").written()]),
    )
    said = got.statements[2]
    assert said.addressees == (f"actor/{at('Bo Lind').start}",)
    assert said.said_in == (got.places[0].key,)
    assert said.said_at == (got.times[0].key,)


def test_a_content_of_other_words_gives_what_is_in_them() -> None:
    words = quote("the wall broke").written()
    got, _ = applied(decision(1, Kind.CORRECT, What.STATEMENT, WALL, "content", [words]))
    wall = got.statements[0]
    assert wall.content == (at("the wall broke"),)
    assert wall.gives == (f"account/{at('broke').start}",)
    assert got.places[0].key not in wall.about
    wider, _ = applied(
        decision(
            1,
            Kind.CORRECT,
            What.STATEMENT,
            CALM,
            "content",
            [quote("Springfield is calm. Lind denied it. The harbour burned at night").written()],
        )
    )
    assert f"account/{at('burned').start}" in wider.statements[2].gives
    assert wider.statements[4].gives == ()  # no longer the narrator's own


def test_a_rejected_statement_goes_and_what_it_reports_stays() -> None:
    read = reading()
    inner = replace(read.statements[1], within=0)
    read = replace(read, statements=(read.statements[0], inner, *read.statements[2:]))
    got, effects = applied(decision(1, Kind.REJECT, What.STATEMENT, WALL), of=read)
    assert contents(got)[0] == "Bo Lind fled"
    assert got.statements[0].within is None
    assert effects["d1"].told.startswith("is no statement: “the wall broke")


def test_a_confirmed_statement_holds_against_another_reader() -> None:
    read = reading()
    officials = f"actor/{at('officials').start}"
    other = replace(read.statements[1], speakers=(officials,), source=(at("officials"),))
    read = replace(read, statements=(read.statements[0], other, *read.statements[2:]))
    one = decision(1, Kind.CONFIRM, What.STATEMENT, FLED, stands=STOOD)
    got, effects = applied(one, of=read)
    assert speakers(got, "Bo Lind fled") == ["Ada Brook"]
    assert got.statements[1].source == (at("She"),)
    assert effects["d1"].standing is Standing.APPLIED
    agreed, effects = applied(one)
    assert effects["d1"].standing is Standing.AGREED
    assert agreed.statements[1].confidence == 1.0


@pytest.mark.parametrize("kind", [Kind.CONFIRM, Kind.CORRECT])
def test_a_statement_that_somebody_vouched_for_is_put_back(kind: Kind) -> None:
    read = reading()
    read = replace(read, statements=(read.statements[0], *read.statements[2:]))
    correct: dict[str, Any] = {"field": "polarity", "value": "Negative"}
    more = correct if kind is Kind.CORRECT else {}
    got, effects = applied(decision(1, kind, What.STATEMENT, FLED, stands=STOOD, **more), of=read)
    assert contents(got)[-1] == "Bo Lind fled"
    back = got.statements[-1]
    assert (back.cue, back.cue_lemma, back.anchor) == ((at("added"),), "add", at("added").start)
    assert back.gives == (f"account/{at('fled').start}",)
    assert f"actor/{at('Bo Lind').start}" in back.about
    assert back.polarity == ("Negative" if kind is Kind.CORRECT else "Positive")
    assert effects["d1"].standing is Standing.APPLIED
    assert "put back" in effects["d1"].told


def test_a_rejection_after_a_confirmation_rules_and_the_other_way_round() -> None:
    confirm = decision(1, Kind.CONFIRM, What.STATEMENT, FLED, stands=STOOD)
    reject = decision(2, Kind.REJECT, What.STATEMENT, FLED)
    got, effects = applied(confirm, reject)
    assert "Bo Lind fled" not in contents(got)
    assert effects["d1"].standing is Standing.SUPERSEDED
    got, effects = applied(replace(confirm, number=3), reject)
    assert "Bo Lind fled" in contents(got)
    assert (effects["d1"].standing, effects["d2"].standing) == (
        Standing.AGREED,
        Standing.SUPERSEDED,
    )


def test_a_place_is_another_of_the_gazetteer_or_nowhere() -> None:
    one = decision(1, Kind.CORRECT, What.MENTION, target("Springfield", 1), "place", ENTRY)
    got, effects = applied(one)
    assert (got.places[0].entry, got.places[0].confidence) == (OTHER, 1.0)
    assert "geonames-2, was read Springfield (US), geonames-1" in effects["d1"].told
    got, _ = applied(decision(1, Kind.CORRECT, What.MENTION, target("Springfield"), "place", None))
    assert got.places[0].entry is None


def test_the_later_of_two_decisions_on_two_mentions_of_one_place_rules() -> None:
    first = decision(1, Kind.CORRECT, What.MENTION, target("Springfield"), "place", ENTRY)
    second = decision(2, Kind.CORRECT, What.MENTION, target("Springfield", 1), "place", None)
    got, effects = applied(first, second)
    assert got.places[0].entry is None
    assert effects["d1"].standing is Standing.SUPERSEDED


def test_two_towns_of_one_name_are_parted_and_only_one_corrected() -> None:
    split = decision(
        1, Kind.SPLIT, What.MENTION, target("Springfield"), other=target("Springfield", 1)
    )
    place = decision(2, Kind.CORRECT, What.MENTION, target("Springfield", 1), "place", ENTRY)
    got, effects = applied(split, place)
    towns = {each.mentions[0].span: each for each in got.places}
    assert towns[at("Springfield")].entry == SPRINGFIELD
    assert towns[at("Springfield", 1)].entry == OTHER
    assert got.statements[2].about == (towns[at("Springfield", 1)].key,)
    assert {each.standing for each in effects.values()} == {Standing.APPLIED}


def test_a_pronoun_is_somebody_else_and_so_is_who_speaks_by_it() -> None:
    value = quote("officials").written()
    got, _ = applied(decision(1, Kind.CORRECT, What.MENTION, target("She"), "denotes", value))
    assert speakers(got, "Bo Lind fled") == ["officials"]
    assert speakers(got, "the wall broke on 3 May in Springfield") == ["Ada Brook"]


def test_who_loses_every_mention_is_nobody_and_the_speaker_unnamed() -> None:
    one = decision(1, Kind.REJECT, What.MENTION, target("officials"))
    got, _ = applied(one)
    assert "officials" not in {each.label for each in got.actors}
    assert speakers(got, "Springfield is calm") == ["unnamed source"]


def test_a_person_becomes_a_place_and_a_place_a_person() -> None:
    one = decision(1, Kind.CORRECT, What.MENTION, target("Bo Lind"), "type", "Place")
    got, _ = applied(one)
    place = f"place/{at('Bo Lind').start}"
    assert place in {each.key for each in got.places}
    assert place in got.statements[1].about
    assert speakers(got, "it") == ["unnamed source"]  # a place alone says nothing
    two = decision(1, Kind.CORRECT, What.MENTION, target("Springfield"), "type", "Person")
    got, _ = applied(two)
    assert not got.places
    assert f"actor/{at('Springfield').start}" in got.statements[2].about
    assert got.accounts[0].places == ()
    state = decision(1, Kind.CORRECT, What.MENTION, target("Springfield"), "type", "Organization")
    got, _ = applied(state)
    assert ActorType.ORGANIZATION in {each.type for each in got.actors}


def test_the_words_of_a_mention_are_corrected() -> None:
    value = quote("The harbour").written()
    one = decision(1, Kind.CORRECT, What.MENTION, target("officials"), "span", value)
    got, _ = applied(one)
    (found,) = [each for each in got.actors if each.type is ActorType.GROUP]
    assert (found.label, found.mentions[0].span) == ("The harbour", at("The harbour"))


@pytest.mark.parametrize(
    ("value", "edtf", "earliest", "latest"),
    [
        ("2031-05-03", "2031-05-03", "2031-05-03", "2031-05-03"),
        ("2031-05", "2031-05", "2031-05-01", "2031-05-31"),
        ("2031", "2031", "2031-01-01", "2031-12-31"),
        ("2031-05-03/2031-05-05", "2031-05-03/2031-05-05", "2031-05-03", "2031-05-05"),
        ("--05-04", "XXXX-05-04", "None", "None"),
    ],
)
def test_a_date_is_corrected(value: str, edtf: str, earliest: str, latest: str) -> None:
    got, _ = applied(decision(1, Kind.CORRECT, What.TIME, target("3 May"), "date", value))
    time = got.times[0]
    assert (time.edtf, str(time.earliest), str(time.latest)) == (edtf, earliest, latest)
    assert time.basis is DateBasis.DECIDED


def test_a_rejected_time_and_a_rejected_account_leave_no_reference() -> None:
    got, _ = applied(
        decision(1, Kind.REJECT, What.TIME, target("3 May")),
        decision(2, Kind.REJECT, What.ACCOUNT, target("fled")),
    )
    assert len(got.times) == 1
    assert got.accounts[0].times == ()
    assert got.statements[1].gives == ()
    assert got.statements[1].about == (f"actor/{at('Bo Lind').start}",)


def test_an_account_is_corrected() -> None:
    of = target("fled")
    got, _ = applied(
        decision(1, Kind.CORRECT, What.ACCOUNT, of, "event-type", "yield"),
        decision(2, Kind.CORRECT, What.ACCOUNT, of, "polarity", "Negative"),
        decision(3, Kind.CORRECT, What.ACCOUNT, of, "agent", [quote("officials").written()]),
        decision(4, Kind.CORRECT, What.ACCOUNT, of, "place", [quote("Springfield").written()]),
        decision(5, Kind.CORRECT, What.ACCOUNT, of, "date", [quote("3 May").written()]),
    )
    account = got.accounts[1]
    assert (account.event_type, got.events[1].event_type) == ("yield", "yield")
    assert account.polarity == "Negative"
    assert [each.key for each in account.participants] == [f"actor/{at('officials').start}"]
    assert (account.places, account.times) == ((got.places[0].key,), (got.times[0].key,))


def test_an_account_that_somebody_vouched_for_is_put_back_where_it_is_told() -> None:
    read = reading()
    without = replace(read.statements[1], gives=(), about=read.statements[1].about[:1])
    read = replace(
        read,
        accounts=(read.accounts[0], read.accounts[2]),
        events=(read.events[0], read.events[2]),
        statements=(read.statements[0], without, *read.statements[2:]),
    )
    stood = {
        "event-type": "yield",
        "tense": "Past",
        "class": "OCCURRENCE",
        "polarity": "Negative",
        "agent": [quote("Bo Lind").written()],
    }
    one = decision(1, Kind.CONFIRM, What.ACCOUNT, target("fled"), stands=stood)
    got, effects = applied(one, of=read)
    (back,) = [each for each in got.accounts if each.trigger == at("fled")]
    assert (back.event_type, back.polarity, back.tense) == ("yield", "Negative", "Past")
    assert [each.key for each in back.participants] == [f"actor/{at('Bo Lind').start}"]
    assert got.statements[1].gives == (back.key,)
    assert back.event in got.statements[1].about
    assert effects["d1"].standing is Standing.APPLIED
    assert applied(one, of=got)[0] == got


def test_words_that_moved_in_a_revision_are_found_by_themselves() -> None:
    revised = "A correction.\n\n" + TEXT
    read = shifted(reading(), len(revised) - len(TEXT))
    one = decision(1, Kind.CORRECT, What.STATEMENT, FLED, "speaker", [quote("officials").written()])
    got, effects = apply(read, revised, [one])
    assert effects[0].standing is Standing.APPLIED
    assert got.statements[1].source[0].of(revised) == "officials"


def test_words_that_are_gone_are_told() -> None:
    one = decision(1, Kind.CORRECT, What.STATEMENT, FLED, "polarity", "Negative")
    revised = TEXT.replace("Bo Lind fled", "Bo Lind hid!")
    got, effects = apply(reading(), revised, [one])
    assert effects[0].standing is Standing.NONE
    assert effects[0].told == "its words are not in this text any more"
    assert got == reading()
    nobody = decision(1, Kind.REJECT, What.MENTION, target("night"))
    assert applied(nobody)[1]["d1"].told.startswith("no mention is read at its words")


def shifted(read: Reading, by: int) -> Reading:
    """The reading of a text before which other words were put."""
    from testimonia.model import Span

    def moved(value: Any) -> Any:
        if isinstance(value, Span):
            return Span(value.start + by, value.end + by)
        if isinstance(value, tuple):
            return tuple(moved(each) for each in value)
        if hasattr(value, "__dataclass_fields__"):
            names = value.__dataclass_fields__
            return type(value)(**{name: moved(getattr(value, name)) for name in names})
        return value

    got: Reading = moved(read)
    return replace(
        got, statements=tuple(replace(each, anchor=each.anchor + by) for each in got.statements)
    )


# --------------------------------------------------------------------------------- properties

_WORDS = ["Ada Brook", "She", "Bo Lind", "officials", "The harbour", "Springfield"]
_TARGETS = [WALL, FLED, CALM, BURNED]
_MENTIONS = [target(each) for each in _WORDS] + [target("Springfield", 1), target("Lind", 1)]
_REFERENCES = st.sampled_from([*(quote(each).written() for each in _WORDS), {"narrator": True}])


@st.composite
def decisions(draw: st.DrawFn, number: int = 0) -> Decision:
    """Any decision on the text."""
    what = draw(st.sampled_from([What.STATEMENT, What.MENTION, What.TIME, What.ACCOUNT]))
    if what is What.STATEMENT:
        of = draw(st.sampled_from(_TARGETS))
        fields: dict[str, st.SearchStrategy[Any]] = {
            "speaker": st.lists(_REFERENCES, min_size=1, max_size=2),
            "addressee": st.lists(st.sampled_from([quote("Bo Lind").written()]), max_size=1),
            "polarity": st.sampled_from(["Positive", "Negative"]),
            "certainty": st.sampled_from([each.value for each in Certainty]),
            "content": st.sampled_from(
                [[quote("the wall broke").written()], [quote("Springfield is calm").written()]]
            ),
        }
    elif what is What.MENTION:
        of = draw(st.sampled_from(_MENTIONS))
        fields = {
            "place": st.sampled_from([None, ENTRY]),
            "type": st.sampled_from(["Person", "Place", "GeopoliticalEntity", "Group"]),
            "denotes": st.sampled_from([quote(each).written() for each in _WORDS]),
            "span": st.sampled_from([quote(each).written() for each in ("Brook", "harbour")]),
        }
        if draw(st.integers(0, 5)) == 0:
            return decision(number, Kind.SPLIT, what, of, other=draw(st.sampled_from(_MENTIONS)))
    elif what is What.TIME:
        of = draw(st.sampled_from([target("3 May"), target("at night")]))
        fields = {"date": st.sampled_from(["2031", "2031-05-03", "--05-03"])}
    else:
        of = draw(st.sampled_from([target("broke"), target("fled"), target("burned")]))
        fields = {
            "event-type": st.sampled_from(["yield", "other"]),
            "agent": st.lists(st.sampled_from([quote("Ada Brook").written()]), max_size=1),
        }
    kind = draw(st.sampled_from([Kind.CORRECT, Kind.CORRECT, Kind.REJECT, Kind.CONFIRM]))
    if kind is not Kind.CORRECT:
        stands = STOOD if of is FLED and kind is Kind.CONFIRM else None
        return decision(number, kind, what, of, stands=stands)
    field = draw(st.sampled_from(sorted(fields)))
    return decision(number, kind, what, of, field, draw(fields[field]))


def _numbered(drawn: list[Decision]) -> list[Decision]:
    return [replace(each, number=n, id=f"d{n}") for n, each in enumerate(drawn, 1)]


def _whole(got: Reading) -> None:
    """Nothing refers to what is not there; nobody speaks who is none."""
    actors = {each.key for each in got.actors}
    places = {each.key for each in got.places}
    times = {each.key for each in got.times}
    for each in got.statements:
        assert each.speakers
        assert set(each.speakers) <= actors
        assert set(each.addressees) <= actors
        assert set(each.said_in) <= places
        assert set(each.said_at) <= times
        known = actors | places | times | {event.key for event in got.events}
        assert set(each.about) <= known
        assert each.within is None or each.within < len(got.statements)
    for account in got.accounts:
        assert set(account.places) <= places
        assert set(account.times) <= times
        assert {part.key for part in account.participants} <= actors | places | {None}
    for entity in got.actors:
        assert entity.mentions or entity.type in (ActorType.NARRATOR, ActorType.ACTOR)
    assert len(actors) == len(got.actors)


@given(st.lists(decisions(), max_size=6), st.randoms(use_true_random=False))
@settings(max_examples=200, deadline=None)
def test_any_decisions_give_a_whole_reading_in_whatever_order_they_come(
    drawn: list[Decision], shuffled: random.Random
) -> None:
    numbered = _numbered(drawn)
    got, effects = apply(reading(), TEXT, numbered)
    _whole(got)
    assert [each.decision for each in effects] == [each.id for each in numbered]
    mixed = list(numbered)
    shuffled.shuffle(mixed)
    assert apply(reading(), TEXT, mixed) == (got, effects)


@given(st.lists(decisions(), max_size=5))
@settings(max_examples=200, deadline=None)
def test_applied_twice_is_applied_once(drawn: list[Decision]) -> None:
    numbered = _numbered([each for each in drawn if _stays_itself(each)])
    once, _ = apply(reading(), TEXT, numbered)
    twice, _ = apply(once, TEXT, numbered)
    assert twice == once


def _stays_itself(each: Decision) -> bool:
    """What leaves the words that it was found by: a rejection of a mention, and words that become
    other's, may make other decisions' words mean others. Whoever is made a speaker is an actor."""
    moving = each.what is What.MENTION and each.kind in (Kind.REJECT, Kind.SPLIT)
    return (
        each.field not in ("denotes", "content", "type", "span", "speaker", "addressee")
        and not moving
    )


@given(st.permutations([0, 1, 2, 3, 4]))
@settings(max_examples=30, deadline=None)
def test_decisions_on_different_things_may_be_made_in_any_order(order: list[int]) -> None:
    made = [
        decision(0, Kind.CORRECT, What.STATEMENT, FLED, "speaker", [quote("officials").written()]),
        decision(0, Kind.REJECT, What.STATEMENT, CALM),
        decision(0, Kind.CORRECT, What.MENTION, target("Springfield"), "place", ENTRY),
        decision(0, Kind.CORRECT, What.TIME, target("3 May"), "date", "2031-05-03"),
        decision(0, Kind.CORRECT, What.ACCOUNT, target("broke"), "polarity", "Negative"),
    ]
    expected, _ = apply(reading(), TEXT, _numbered(made))
    assert apply(reading(), TEXT, _numbered([made[n] for n in order]))[0] == expected


def test_statements_that_report_each_other_stay_acyclic() -> None:
    read = reading()
    first, second = read.statements[:2]
    read = replace(
        read,
        statements=(replace(first, within=1), replace(second, within=None), *read.statements[2:]),
    )
    got, _ = applied(decision(1, Kind.REJECT, What.STATEMENT, FLED), of=read)
    assert isinstance(got.statements[0], Statement)
    assert got.statements[0].within is None


# ------------------------------------------------------------------------------- the shapes


def report(got: Reading) -> str:
    """What the shapes find wrong with the graph of a reading; empty where it conforms."""
    text = Text(TEXT, Metadata(), "text/plain")
    document = Document("d", text_hash(TEXT), text)
    found = validate(describe(document, told(got), Iris("http://localhost:8000/")))
    return "" if found.conforms else found.text


def test_the_reading_itself_conforms() -> None:
    assert report(reading()) == ""


@given(st.lists(decisions(), min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_whatever_is_decided_the_graph_conforms(drawn: list[Decision]) -> None:
    got, _ = apply(reading(), TEXT, _numbered(drawn))
    assert report(got) == ""
