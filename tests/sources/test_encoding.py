import codecs
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testimonia.errors import UnsupportedSource
from testimonia.sources.encoding import declared_encoding, decode

PROSE = "The harbour master said on Monday that the quay would stay closed. "
ACCENTED = PROSE + "It’s the café’s fault, “señor”, for £20 – or €30."

written_text = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufeff"),
    min_size=1,
)


@given(written_text)
def test_utf_8_comes_back(text: str) -> None:
    decoded = decode((PROSE + text).encode(), name="a.txt")
    assert (decoded.content, decoded.encoding, decoded.warnings) == (PROSE + text, "utf-8", ())


@given(written_text, st.sampled_from(["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"]))
def test_a_byte_order_mark_decides_and_goes(text: str, encoding: str) -> None:
    decoded = decode(("\ufeff" + text).encode(encoding), name="a.txt")
    assert (decoded.content, decoded.encoding) == (text, encoding)


@given(st.text(st.characters(max_codepoint=0xFF, exclude_categories=["Cc"]), max_size=40))
def test_utf_16_without_a_mark_is_seen_by_its_nuls(text: str) -> None:
    for encoding in ("utf-16-le", "utf-16-be"):
        decoded = decode((PROSE + text).encode(encoding), name="a.txt")
        assert (decoded.content, decoded.encoding) == (PROSE + text, encoding)
        assert encoding in decoded.warnings[0]


def test_utf_32_without_a_mark() -> None:
    assert decode(PROSE.encode("utf-32-be"), name="a.txt").encoding == "utf-32-be"


def test_windows_1252_is_detected_and_recorded() -> None:
    decoded = decode(ACCENTED.encode("cp1252"), name="a.txt")
    assert decoded.content == ACCENTED
    assert decoded.encoding == "windows-1252"
    assert "windows-1252" in decoded.warnings[0]
    assert "UTF-8" in decoded.warnings[0]


@given(st.text(st.characters(min_codepoint=0xA0, max_codepoint=0xFF), min_size=1, max_size=12))
def test_latin_1_in_english_prose_comes_back(word: str) -> None:
    decoded = decode((PROSE + word).encode("latin-1"), name="a.txt")
    if decoded.encoding == "windows-1252":
        assert decoded.content == PROSE + word
    else:  # a few sequences such as "Ã©" are UTF-8 as well
        assert decoded.content.encode("utf-8") == (PROSE + word).encode("latin-1")


def test_bytes_that_no_character_stands_for_are_counted() -> None:
    decoded = decode(PROSE.encode() + b"caf\xe9 \x81 \x8d.", name="a.txt")
    assert decoded.content.endswith("café � �.")
    assert any(warning.endswith(": 2") for warning in decoded.warnings)


def test_another_script_is_left_to_charset_normalizer() -> None:
    russian = "Начальник порта сообщил в понедельник, что причал будет закрыт на неделю. "
    decoded = decode(russian.encode("cp1251"), name="a.txt")
    # Which of the Cyrillic encodings it takes so short a text for is its own affair.
    assert sum("А" <= char <= "я" for char in decoded.content) > 50
    assert decoded.encoding in decoded.warnings[0]


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        (b"<meta charset='iso-8859-1'>", "iso8859-1"),
        (b'<META http-equiv="Content-Type" content="text/html; charset=windows-1250">', "cp1250"),
        (b'<?xml version="1.0" encoding="ISO-8859-2"?>', "iso8859-2"),
        (b"<meta charset=no-such-thing>", None),
        (b"<p>charset=utf-8</p>", None),
    ],
)
def test_declared_encoding(head: bytes, encoding: str | None) -> None:
    assert declared_encoding(head + b"<p>") == encoding


def test_a_page_may_declare_its_encoding() -> None:
    page = f"<meta charset=iso-8859-2><p>{PROSE}Łódź.".encode("iso-8859-2")
    decoded = decode(page, name="a.html", declares=True)
    assert (decoded.content.endswith("Łódź."), decoded.warnings) == (True, ())
    assert decode(page, name="a.md").encoding == "windows-1252"


def test_a_page_that_declares_latin_1_means_windows_1252() -> None:
    page = f"<meta charset=latin-1><p>{ACCENTED}".encode("cp1252")
    assert decode(page, name="a.html", declares=True).content.endswith(ACCENTED)


def test_valid_utf_8_wins_over_a_wrong_declaration() -> None:
    page = f"<meta charset=iso-8859-1><p>{ACCENTED}".encode()
    assert decode(page, name="a.html", declares=True).content.endswith(ACCENTED)


@pytest.mark.parametrize("declared", ["rot13", "base64", "utf-16", "idna"])
def test_a_declaration_that_cannot_be_is_not_followed(declared: str) -> None:
    page = f"<meta charset={declared}><p>{ACCENTED}".encode("cp1252")
    assert decode(page, name="a.html", declares=True).content.endswith(ACCENTED)


def test_a_few_nuls_are_still_text() -> None:
    decoded = decode(PROSE.encode() + b"\x00\x00", name="a.txt")
    assert decoded.content == PROSE + "\x00\x00"


@pytest.mark.parametrize(
    "data",
    [
        random.Random(7).randbytes(5000),
        bytes(400),
        bytes(range(256)) * 8,
        codecs.BOM_UTF8[:2] + bytes(range(32)) * 9,
    ],
)
def test_binary_is_refused(data: bytes) -> None:
    with pytest.raises(UnsupportedSource, match=r"noise\.txt is not text"):
        decode(data, name="noise.txt")
