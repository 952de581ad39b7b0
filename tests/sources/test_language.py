import pytest

from testimonia.errors import ForeignLanguage
from testimonia.sources.language import described, detect, is_english, refuse_foreign, same

FOREIGN = {
    "de": "Die Hafenmeisterin sagte am Montag, dass der Kai geschlossen bleibt.",
    "fr": "La capitaine du port a déclaré lundi que le quai resterait fermé.",
    "es": "El capitán del puerto dijo el lunes que el muelle seguirá cerrado.",
    "nl": "De havenmeester zei maandag dat de kade een week gesloten blijft.",
    "ru": "Начальник порта сообщил в понедельник, что причал будет закрыт.",
    "zh": "港口主管周一表示码头将继续关闭。",
}


@pytest.mark.parametrize("tag", FOREIGN)
def test_foreign_sentences_are_told(tag: str) -> None:
    found = detect(FOREIGN[tag])
    assert (found.tag, found.sure, found.warnings) == (tag, True, ())


def test_english_is_told() -> None:
    found = detect("The harbour master said on Monday that the quay would stay closed.")
    assert (found.tag, found.sure, found.warnings) == ("en", True, ())


@pytest.mark.parametrize(
    "content",
    ["Clerk quits", "Hi there", "Zoë left", "Fire at Kraków quay", "QUAY CLOSED, CLERK SAYS"],
)
def test_short_english_is_never_taken_for_another_language(content: str) -> None:
    assert detect(content).tag == "en"


def test_doubt_is_told() -> None:
    found = detect("Clerk quits")
    assert not found.sure
    assert "read as English" in found.warnings[0]


def test_a_foreign_end_does_not_outweigh_a_long_english_text() -> None:
    english = "The harbour master said on Monday that the quay would stay closed. " * 2000
    assert detect(english + FOREIGN["de"]).tag == "en"


def test_tags() -> None:
    assert is_english("en")
    assert is_english("en-GB")
    assert not is_english("enm")
    assert same("EN-gb", "eng")
    assert same("pt-BR", "pt")
    assert not same("de", "da")
    assert described("de") == "German (de)"
    assert described("qqq") == "qqq"


@pytest.mark.parametrize(
    ("origin", "words"),
    [
        ("detected", "detected"),
        ("document", "stated in the document"),
        ("sidecar", "stated by its sidecar"),
        ("user", "stated by you"),
    ],
)
def test_a_refusal_names_language_origin_and_the_way_out(origin: str, words: str) -> None:
    with pytest.raises(ForeignLanguage) as caught:
        refuse_foreign("de", origin, "a.txt")
    message = str(caught.value)
    assert message.startswith(f"a.txt is in German (de) ({words})")
    assert "use --force to read it all the same" in message


def test_what_is_no_language_is_not_called_one() -> None:
    with pytest.raises(ForeignLanguage, match=r"^keys\.txt holds no running text.*--force"):
        refuse_foreign("zxx", "detected", "keys.txt")
