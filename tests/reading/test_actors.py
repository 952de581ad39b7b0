"""Actors end to end: parse, places and attributions in, actors out; all sentences invented."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from testimonia.model import Actor, ActorType, Directness, MentionForm, Span
from testimonia.reading.actors import PlaceMention, find_actors
from testimonia.reading.attribution.model import Attribution
from testimonia.reading.syntax import Parse

ParseText = Callable[[str], Parse]


def span(parse: Parse, words: str, nth: int = 0) -> Span:
    start = -1
    for _ in range(nth + 1):
        start = parse.text.index(words, start + 1)
    return Span(start, start + len(words))


def token(parse: Parse, words: str, nth: int = 0) -> int:
    return parse.within(span(parse, words, nth))[-1]


def places(parse: Parse, *names: str, political: bool = True) -> tuple[PlaceMention, ...]:
    """Every mention of each name, one place a name, keyed by its first mention."""
    found = []
    for name in names:
        key = f"place/{parse.text.index(name)}"
        at = parse.text.find(name)
        while at >= 0:
            found.append(PlaceMention(Span(at, at + len(name)), key, political))
            at = parse.text.find(name, at + 1)
    return tuple(sorted(found, key=lambda place: place.span))


def said(parse: Parse, source: str, content: str, nth: int = 0) -> Attribution:
    direct = content[0] in '"“'
    return Attribution(
        content=(span(parse, content),),
        source=(span(parse, source, nth),),
        source_head=token(parse, source, nth),
        directness=Directness.DIRECT if direct else Directness.INDIRECT,
    )


def labelled(actors: Iterable[Actor], label: str) -> Actor:
    found = [actor for actor in actors if actor.label == label]
    assert len(found) == 1, f"{label!r} among {[actor.label for actor in actors]}"
    return found[0]


def words_of(actor: Actor, parse: Parse) -> list[str]:
    return [mention.span.of(parse.text) for mention in actor.mentions]


def test_title_surname_and_pronoun_are_one_person(parse: ParseText) -> None:
    parsed = parse(
        "President Maria Alvarez opened the session on Monday. Later she praised the farmers. "
        "Alvarez left in the evening, and President Alvarez returned the next day."
    )
    alvarez = labelled(find_actors(parsed, (), ()), "Maria Alvarez")
    assert alvarez.type is ActorType.PERSON
    assert alvarez.named
    assert alvarez.names == ("Maria Alvarez", "Alvarez")
    assert words_of(alvarez, parsed) == ["Maria Alvarez", "she", "Alvarez", "Alvarez"]


def test_key_is_the_start_of_the_first_mention(parse: ParseText) -> None:
    parsed = parse("Yesterday officials met Thomas Keller in the town hall.")
    actors = find_actors(parsed, (), ())
    assert [actor.key for actor in actors] == [
        f"actor/{parsed.text.index('officials')}",
        f"actor/{parsed.text.index('Thomas')}",
    ]


def test_two_actors_from_one_start_get_different_keys(parse: ParseText) -> None:
    parsed = parse("The government’s spokesman resigned on Friday, the ministers stayed.")
    keys = [actor.key for actor in find_actors(parsed, (), ())]
    assert keys[:2] == ["actor/0", "actor/0-2"]
    assert len(keys) == len(set(keys))


def test_title_phrase_before_a_name_covers_its_own_head(parse: ParseText) -> None:
    parsed = parse(
        "The plan was outlined by Chief of the General Staff Pavel Orlov during a meeting."
    )
    attribution = Attribution(
        content=(span(parsed, "The plan"),), source_head=token(parsed, "Chief")
    )
    actors = find_actors(parsed, (), (attribution,))
    orlov = labelled(actors, "Pavel Orlov")
    assert orlov.names == ("Pavel Orlov",)
    assert any(mention.span.start == parsed.text.index("Chief") for mention in orlov.mentions)


def test_collective_with_a_nationality_is_a_named_organisation(parse: ParseText) -> None:
    parsed = parse(
        "The Russian military said that the bridge was safe. The military had repaired it."
    )
    military = labelled(find_actors(parsed, (), ()), "Russian military")
    assert military.type is ActorType.ORGANIZATION
    assert military.named
    assert words_of(military, parsed)[:2] == ["The Russian military", "The military"]


@pytest.mark.parametrize(
    ("sentence", "label", "type_"),
    [
        ("Officials say that the road is open.", "Officials", ActorType.GROUP),
        ("A Russian fighter told the story.", "A Russian fighter", ActorType.PERSON),
        ("Some residents fear the winter.", "Some residents", ActorType.GROUP),
        ("Western nations have imposed a tariff.", "Western nations", ActorType.GROUP),
        ("A company has closed the mine.", "A company", ActorType.ORGANIZATION),
    ],
)
def test_described_actors_are_not_named(
    parse: ParseText, sentence: str, label: str, type_: ActorType
) -> None:
    actor = labelled(find_actors(parse(sentence), (), ()), label)
    assert actor.type is type_
    assert not actor.named
    assert actor.mentions[0].form is MentionForm.NOMINAL


def test_bare_plurals_are_not_merged(parse: ParseText) -> None:
    parsed = parse("Officials denied the report. On Monday, officials confirmed it.")
    groups = [a for a in find_actors(parsed, (), ()) if a.type is ActorType.GROUP]
    assert [actor.label for actor in groups] == ["Officials", "officials"]


def test_other_members_of_a_people_are_not_the_people(parse: ParseText) -> None:
    parsed = parse("The Norwegians left early. Some Norwegians came back.")
    groups = [(a.label, a.named) for a in find_actors(parsed, (), ())]
    assert groups == [("Norwegians", True), ("Some Norwegians", False)]


def test_definite_plural_takes_up_the_indefinite_one(parse: ParseText) -> None:
    parsed = parse("Two officials denied the report. The officials gave no reason.")
    groups = [a for a in find_actors(parsed, (), ()) if a.type is ActorType.GROUP]
    assert [words_of(actor, parsed) for actor in groups] == [["Two officials", "The officials"]]


def test_place_that_acts_is_a_geopolitical_entity_under_the_places_key(parse: ParseText) -> None:
    parsed = parse("The storm hit Norway on Sunday. Norway closed its border.")
    claimed = places(parsed, "Norway")
    (norway,) = find_actors(parsed, claimed, ())
    assert norway.type is ActorType.GEOPOLITICAL_ENTITY
    assert norway.key == claimed[0].key
    assert words_of(norway, parsed) == ["Norway", "Norway", "its"]


@pytest.mark.parametrize(
    "sentence",
    [
        "Norway's decision surprised many.",
        "The border was closed by Norway.",
        "The conflict between Norway and its rivals goes on.",
    ],
)
def test_ways_for_a_place_to_act(parse: ParseText, sentence: str) -> None:
    parsed = parse(sentence)
    actors = find_actors(parsed, places(parsed, "Norway"), ())
    assert any(actor.type is ActorType.GEOPOLITICAL_ENTITY for actor in actors)


def test_place_that_only_is_somewhere_does_not_act(parse: ParseText) -> None:
    parsed = parse("The ship sank near Norway. Norway is a country in the north.")
    actors = find_actors(parsed, places(parsed, "Norway"), ())
    assert all(actor.type is not ActorType.GEOPOLITICAL_ENTITY for actor in actors)


def test_unpolitical_place_never_acts(parse: ParseText) -> None:
    parsed = parse("The Danube flooded the valley.")
    actors = find_actors(parsed, places(parsed, "Danube", political=False), ())
    assert all(actor.type is not ActorType.GEOPOLITICAL_ENTITY for actor in actors)


def test_claimed_span_is_never_a_person_or_an_organisation(parse: ParseText) -> None:
    parsed = parse("Jordan said on Monday that the talks failed. Jordan wants more.")
    actors = find_actors(parsed, places(parsed, "Jordan"), ())
    assert [actor.type for actor in actors] == [ActorType.GEOPOLITICAL_ENTITY]


def test_organisation_keeps_its_name_around_a_claimed_place(parse: ParseText) -> None:
    parsed = parse("The Bank of England raised its rates on Thursday.")
    actors = find_actors(parsed, places(parsed, "England"), ())
    bank = labelled(actors, "Bank of England")
    assert bank.type is ActorType.ORGANIZATION


def test_every_source_and_addressee_is_covered(parse: ParseText) -> None:
    parsed = parse(
        "Many in the valley believe that the dam will hold. The study shows that it may break. "
        "Nobody told the engineers that the wall had moved."
    )
    attributions = (
        said(parsed, "Many", "that the dam will hold"),
        said(parsed, "study", "that it may break"),
        Attribution(
            content=(span(parsed, "that the wall had moved"),),
            source=(span(parsed, "Nobody"),),
            source_head=token(parsed, "Nobody"),
            addressee=span(parsed, "the engineers"),
        ),
    )
    actors = find_actors(parsed, (), attributions)
    covered = {
        i for actor in actors for mention in actor.mentions for i in parsed.within(mention.span)
    }
    heads = {token(parsed, word) for word in ("Many", "study", "Nobody", "engineers")}
    assert heads <= covered
    assert labelled(actors, "Many in the valley").type is ActorType.GROUP
    assert labelled(actors, "The study").type is ActorType.ACTOR


@pytest.mark.parametrize(
    ("source", "type_"),
    [
        ("A quarter of the voters", ActorType.GROUP),
        ("A novelist", ActorType.PERSON),
        ("A group of teenagers", ActorType.GROUP),
        ("The rescue group", ActorType.ORGANIZATION),
        ("The campaign", ActorType.ORGANIZATION),
        ("The weather report", ActorType.ACTOR),
    ],
)
def test_type_of_a_described_source(parse: ParseText, source: str, type_: ActorType) -> None:
    parsed = parse(f"{source} said that the winter would be hard.")
    statement = Attribution(
        content=(span(parsed, "that the winter would be hard"),),
        source=(span(parsed, source),),
        source_head=parsed.dependents(parsed.tokens[token(parsed, "said")], "nsubj")[0].i,
    )
    actor = labelled(find_actors(parsed, (), (statement,)), source)
    assert actor.type is type_
    assert not actor.named


def test_place_that_speaks_is_an_actor_whatever_it_is(parse: ParseText) -> None:
    parsed = parse("Zenda said that the bridge was safe.")
    claimed = places(parsed, "Zenda", political=False)
    (zenda,) = find_actors(parsed, claimed, (said(parsed, "Zenda", "that the bridge was safe"),))
    assert zenda.key == claimed[0].key


def test_campaign_in_which_nobody_acts_is_no_actor(parse: ParseText) -> None:
    parsed = parse("It rained during the campaign in the north.")
    assert find_actors(parsed, (), ()) == ()


def test_unresolved_pronoun_that_speaks_is_an_actor_of_its_own(parse: ParseText) -> None:
    parsed = parse("They say that it will rain.")
    actors = find_actors(parsed, (), (said(parsed, "They", "that it will rain"),))
    they = labelled(actors, "They")
    assert they.type is ActorType.GROUP
    assert not they.named
    assert they.mentions[0].form is MentionForm.PRONOUN


def test_narrator_is_left_out(parse: ParseText) -> None:
    parsed = parse("I believe that the bridge is safe.")
    assert find_actors(parsed, (), (said(parsed, "I", "that the bridge is safe"),)) == ()


def test_first_person_in_a_quotation_is_its_speaker(parse: ParseText) -> None:
    parsed = parse("“We will stay because I promised it,” Helen Okafor said.")
    quotation = said(parsed, "Helen Okafor", "“We will stay because I promised it,”")
    okafor = labelled(find_actors(parsed, (), (quotation,)), "Helen Okafor")
    assert words_of(okafor, parsed) == ["We", "I", "Helen Okafor"]
    assert okafor.type is ActorType.PERSON


def test_first_person_outside_a_quotation_is_not_the_speaker(parse: ParseText) -> None:
    parsed = parse("Helen Okafor said that my house was hers.")
    statement = said(parsed, "Helen Okafor", "that my house was hers")
    okafor = labelled(find_actors(parsed, (), (statement,)), "Helen Okafor")
    assert "my" not in words_of(okafor, parsed)


def test_nothing_in_nothing_out(parse: ParseText) -> None:
    assert find_actors(parse(""), (), ()) == ()


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(
        st.sampled_from(
            [
                *("President", "Maria", "Alvarez", "the", "officials", "said", "He", "“", "”", "("),
                *("AU", ")", ",", ".", "\n", "’s", "who", "of", "and", "Ministry", "-", "MARIA"),
                *("\u202e", "e\u0301", "🙂", "_", "its", "company", "is"),
            ]
        ),
        max_size=40,
    )
)
def test_spans_are_exact_and_keys_unique_whatever_the_text(
    parse: ParseText, words: list[str]
) -> None:
    parsed = parse(" ".join(words))
    actors = find_actors(parsed, (), ())
    assert len({actor.key for actor in actors}) == len(actors)
    for actor in actors:
        assert actor.label
        assert list(actor.mentions) == sorted(actor.mentions, key=lambda m: m.span)
        assert actor.key.startswith(f"actor/{actor.mentions[0].span.start}")
        assert all(mention.span.of(parsed.text).strip() for mention in actor.mentions)


def test_same_text_same_actors(parse: ParseText) -> None:
    text = "The African Union (AU) met in May. The AU agreed, officials said. It left no doubt."
    assert find_actors(parse(text), (), ()) == find_actors(parse(text), (), ())
