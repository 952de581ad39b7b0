"""A model behind an address: a real server on loopback, with good and bad manners."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest

from reading.foreign.conftest import ANSWER, LETTER, Script
from testimonia.errors import ReadingError, SettingsError
from testimonia.model import Metadata, Text
from testimonia.reading.foreign import ForeignReader
from testimonia.reading.foreign.channel import LARGEST_ANSWER
from testimonia.reading.foreign.openai import KEY, OpenAI

TEXT = Text(LETTER, Metadata(issued="2024-03-16"), "text/plain")
Make = Callable[..., ForeignReader]


@pytest.fixture
def waits() -> list[float]:
    """How long the reader would have waited between its tries."""
    return []


@pytest.fixture
def reader(server: Script, waits: list[float]) -> Iterator[Make]:
    made: list[ForeignReader] = []

    def make(seconds: float = 20.0, address: str = "") -> ForeignReader:
        channel = OpenAI(address or server.address, "small-1", seconds, wait=waits.append)
        made.append(ForeignReader(channel))
        return made[-1]

    yield make
    for each in made:
        each.close()


def test_a_good_answer(server: Script, reader: Make) -> None:
    assert len(reader().read(TEXT).statements) == 3
    assert server.paths == ["/v1/chat/completions"]
    (asked,) = server.asked
    assert (asked["model"], asked["temperature"]) == ("small-1", 0)
    question = json.loads(asked["messages"][1]["content"])
    assert (question["text"], question["dct"]) == (LETTER, "2024-03-16")
    assert question["schema"]["title"] == "Answer"


def test_the_key_goes_into_a_header_and_nowhere_else(
    server: Script, reader: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEY, "secret-9")
    server.say((401, b"who are you?"))
    made = reader()
    with pytest.raises(SettingsError, match="answered 401: who are you") as error:
        made.read(TEXT)
    assert server.headers[0]["Authorization"] == "Bearer secret-9"
    assert "secret-9" not in f"{error.value}{made.extractor}{server.asked}"


def test_a_refused_answer_is_asked_again_with_the_reasons(server: Script, reader: Make) -> None:
    server.say({"entities": [{**ANSWER["entities"][0], "at": "Eve"}]}, ANSWER)
    assert len(reader().read(TEXT).statements) == 3
    second = json.loads(server.asked[1]["messages"][1]["content"])
    assert second["refused"] == ["entities.0: 'Eve' does not stand in the text"]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("not json", "was refused: the answer: Invalid JSON"),
        ('{"attributions": [{"content": ["words of nobody"]}]}', "attributions.0: 'words of"),
        ((200, b"<html>"), "something else than a chat completion"),
        ((200, b'{"choices": []}'), "something else than a chat completion"),
        ((200, b'{"choices": [{"finish_reason": "length", "message": {"content": "{"}}]}'), "cut"),
        ((200, b"x" * (LARGEST_ANSWER + 1)), "more than 8,000,000 bytes"),
        ((400, b"context length exceeded"), "answered 400: context length exceeded"),
        ((302, b""), "answered 302"),
    ],
)
def test_a_bad_answer_fails_its_document(
    server: Script, reader: Make, answer: str | tuple[int, bytes], reason: str
) -> None:
    server.say(answer)
    with pytest.raises(ReadingError, match=reason):
        reader().read(TEXT)
    assert "/elsewhere" not in server.paths


def test_a_busy_server_is_tried_three_times(
    server: Script, reader: Make, waits: list[float]
) -> None:
    server.say((503, b""), (429, b""), ANSWER)
    assert reader().read(TEXT).statements
    server.say((503, b"later"))
    with pytest.raises(ReadingError, match="answered 503: later"):
        reader().read(TEXT)
    assert len(server.paths) == 6
    assert waits == [7.0] * 4  # as it asks for


def test_a_slow_server_is_left(server: Script, reader: Make) -> None:
    server.seconds = 1.0
    with pytest.raises(ReadingError, match=r"no whole answer in 0\.2 seconds"):
        reader(0.2).read(TEXT)


def test_nobody_at_the_address(reader: Make, server: Script, waits: list[float]) -> None:
    with pytest.raises(ReadingError, match="cannot be reached"):
        reader(5.0, "http://127.0.0.1:9/v1").read(TEXT)
    assert waits == [1.0, 2.0]


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("ftp://host/v1", "no http or https address"),
        ("localhost:1234", "no http or https address"),
        ("http://", "no http or https address"),
        ("http://me:word@host/v1", "addresses are recorded"),
        ("http://host/v1?key=word", "addresses are recorded"),
        ("http://host:port/v1", "no address"),
    ],
)
def test_an_address_that_is_none(address: str, reason: str) -> None:
    with pytest.raises(SettingsError, match=reason) as error:
        OpenAI(address, "small-1", 1.0)
    assert "word" not in str(error.value)


def test_a_model_is_named() -> None:
    with pytest.raises(SettingsError, match="--reader-model"):
        OpenAI("http://host/v1", None, 1.0)
