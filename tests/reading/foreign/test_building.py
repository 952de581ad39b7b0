"""An answer becomes a reading whose graph conforms, or is refused with reasons."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from reading.foreign.conftest import ANSWER, LETTER
from testimonia.errors import ReadingError
from testimonia.ingest import derive, identify
from testimonia.iris import Iris
from testimonia.model import ActorType, DateBasis, Directness, Metadata, Reading, Text, words
from testimonia.reading.foreign import protocol
from testimonia.reading.foreign.building import reading
from testimonia.reading.foreign.protocol import Refused


def read(answer: dict[str, Any], text: str = LETTER) -> Reading:
    return reading(protocol.answer(json.dumps(answer)), text, "foreign 1")


def refused(answer: object, text: str = LETTER) -> list[str]:
    with pytest.raises(Refused) as found:
        reading(protocol.answer(json.dumps(answer)), text, "foreign 1")
    assert isinstance(found.value, ReadingError)
    return found.value.reasons


def changed(path: str, value: object) -> dict[str, Any]:
    """ANSWER with something else at a dotted path."""
    answer = copy.deepcopy(ANSWER)
    *above, last = path.split(".")
    place: Any = answer
    for step in above:
        place = place[int(step) if isinstance(place, list) else step]
    place[int(last) if isinstance(place, list) else last] = value
    return answer


class Fixed:
    extractor = "foreign 1"

    def __init__(self, answer: dict[str, Any]) -> None:
        self._answer = answer

    def read(self, text: Text) -> Reading:
        return read(self._answer, text.content)


def test_statements_with_their_speakers() -> None:
    found = read(ANSWER)
    labels = {actor.key: actor.label for actor in found.actors}
    told = [
        (labels[each.speakers[0]], words(each.content, LETTER), each.directness)
        for each in found.statements
    ]
    assert told == [
        ("Ada Moss", "that the harbour of Odense is shut", Directness.INDIRECT),
        ("Ada Moss", "“We are patient,”", Directness.DIRECT),
        ("unnamed source", "sailors left Odense", Directness.INDIRECT),
    ]


def test_entities_are_what_the_text_calls_them() -> None:
    found = read(ANSWER)
    ada = next(actor for actor in found.actors if actor.label == "Ada Moss")
    assert (ada.type, ada.named, ada.names) == (ActorType.PERSON, True, ("Ada Moss",))
    assert [each.span.of(LETTER) for each in ada.mentions] == ["Ada Moss", "she"]
    (place,) = found.places
    assert (place.label, len(place.mentions), place.entry) == ("Odense", 2, None)


def test_the_account_is_given_by_the_statement_around_it() -> None:
    found = read(ANSWER)
    (account,) = found.accounts
    assert [each.gives for each in found.statements] == [(), (), (account.key,)]
    assert account.event in found.statements[2].about
    assert (account.places, account.times) == ((found.places[0].key,), (found.times[0].key,))


def test_times_have_the_bounds_of_their_value() -> None:
    (time,) = read(ANSWER).times
    assert (time.edtf, time.basis) == ("2024-03-15", DateBasis.ANCHORED)
    (unknown,) = read(changed("timexes.0.value", "XXXX-03-15")).times
    assert (unknown.month_day, unknown.earliest) == ("--03-15", None)
    assert unknown.basis is DateBasis.YEAR_UNKNOWN


@pytest.mark.parametrize("speaker", ["a1", "p1", "narrator", None])
def test_its_graph_conforms(speaker: str | None) -> None:
    answer = changed("attributions.2.speaker", speaker)
    document = identify(Text(LETTER, Metadata(language="en"), "text/plain"))
    derived = derive(document, Fixed(answer), Iris("http://localhost:8000/"))
    assert derived.report.conforms, derived.report.text


def test_a_nested_statement_and_one_by_the_narrator() -> None:
    answer = changed("attributions.2.nested_in", 0)
    answer["attributions"].insert(0, {"content": ["sailors left"], "speaker": "narrator"})
    answer["attributions"][-1]["nested_in"] = 1
    found = read(answer)
    inner = next(each for each in found.statements if each.within is not None)
    assert inner.within is not None
    assert found.statements[inner.within].content[0].of(LETTER).startswith("that the harbour")
    assert sum(each.by_narrator for each in found.statements) == 1


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        (
            "entities.0.at",
            "Ada Mos",
            "entities.0: 'Ada Mos' does not stand in the text, but inside",
        ),
        ("entities.0.at", "Eve", "entities.0: 'Eve' does not stand in the text"),
        ("entities.1.type", "group", "entities.1: its cluster is of type 'person' already"),
        ("entities.1.at", "Ada Moss", None),
        ("entities.4.at", "she", "entities.4: its words denote 'a1' already"),
        ("entities.4.cluster", "narrator", "entities.4: the narrator"),
        ("attributions.0.content", [], "attributions.0.content: "),
        ("attributions.0.content", ["nothing"], "attributions.0: 'nothing' does not stand"),
        ("attributions.0.content", ["harbour", "the harbour"], "overlap"),
        ("attributions.0.speaker", "a9", "attributions.0: there is no entity of the cluster 'a9'"),
        ("attributions.0.addressee", "a9", "attributions.0: there is no entity"),
        ("attributions.0.nested_in", 0, "attributions.0: it is nested in itself"),
        ("attributions.0.nested_in", 7, "attribution 7, which is not there"),
        ("attributions.0.type", "direct", "no quotation mark"),
        ("attributions.0.typo", 1, "attributions.0.typo: "),
        ("attributions.0.confidence", 2, "attributions.0.confidence: "),
        ("events.0.type", "picnic", "events.0: no type of event 'picnic'"),
        ("events.0.time", 3, "events.0: there is no timex 3"),
        ("events.0.place", "a1", "events.0: 'a1' is no place"),
        ("events.0.class", "PARTY", "events.0.class: "),
        ("toponyms", [], "toponyms: "),
    ],
)
def test_what_breaks_the_protocol_is_refused(path: str, value: object, reason: str | None) -> None:
    if reason is None:  # the same mention told twice is no breach
        assert read(changed(path, value))
    else:
        reasons = refused(changed(path, value))
        assert any(reason in each for each in reasons), reasons


@pytest.mark.parametrize(
    "raw", ["", "[]", "no", '{"attributions": 1}', "```json\n{}\n```", "{" * 9]
)
def test_what_is_no_answer_is_refused(raw: str) -> None:
    with pytest.raises(Refused):
        protocol.answer(raw)


def test_lone_surrogates_and_deep_nesting_are_refused() -> None:
    for raw in (r'{"attributions": [{"content": ["\ud800"]}]}', "[" * 100_000):
        with pytest.raises(Refused):
            reading(protocol.answer(raw), LETTER, "foreign 1")


def test_an_empty_answer_is_an_empty_reading() -> None:
    assert read({}).statements == ()


def test_a_large_answer_takes_time_in_proportion() -> None:
    count = 4_000
    text = " ".join(f"w{n} said x{n}." for n in range(count))
    answer = {
        "events": [
            {"at": {"quote": f"x{n}", "start": text.index(f" x{n}.") + 1}} for n in range(count)
        ],
        "attributions": [{"content": [f"x{n}."]} for n in range(count)],
    }
    assert len(read(answer, text).statements) == count
