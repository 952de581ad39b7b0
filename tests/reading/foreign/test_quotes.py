"""Quoted words are found where they stand, or refused with the reason."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testimonia.model import Span
from testimonia.reading.foreign.protocol import Quote
from testimonia.reading.foreign.quotes import Mismatch, Quotes

TEXT = "She said he said 𝒜 no.\nHe said so."


@pytest.mark.parametrize(
    ("stretch", "start"),
    [
        ("She", 0),
        (Quote(quote="said", occurrence=3), 26),
        (Quote(quote="said", context="he said"), 12),
        (Quote(quote="said", context="She said he said", occurrence=2), 12),
        (Quote(quote="said", start=4), 4),
        ("𝒜", 17),
        ("no.\nHe", 19),
        ("he", 9),  # and not the end of "She"
    ],
)
def test_words_are_found(stretch: str | Quote, start: int) -> None:
    span = Quotes(TEXT).span(stretch)
    assert span.start == start
    assert span.of(TEXT) == (stretch if isinstance(stretch, str) else stretch.quote)


@pytest.mark.parametrize(
    ("stretch", "reason"),
    [
        ("nobody", "does not stand in the text"),
        ("said", "more than once"),
        ("no. He", "does not stand in the text"),  # the text has a line break there
        ("she", "does not stand in the text"),
        (" he", "white space"),
        (Quote(quote="said", occurrence=4), "stands there 3 times, not 4"),
        (Quote(quote="said", start=5), "does not stand at 5, but 'aid '"),
        (Quote(quote="he", start=1), "stands at 1 inside a word"),
        ("sai", "but inside a word"),
        (Quote(quote="said", start=900), "does not stand at 900"),
        (Quote(quote="said", start=4, occurrence=1), "another way too"),
        (Quote(quote="said", context="said"), "'said' stands in the text more than once"),
        (Quote(quote="said", context="She said he said"), "in its context more than once"),
        (Quote(quote="so", context="he said"), "does not stand in its context"),
    ],
)
def test_what_does_not_match_is_refused(stretch: str | Quote, reason: str) -> None:
    with pytest.raises(Mismatch, match=reason.replace("(", r"\(")):
        Quotes(TEXT).span(stretch)


@given(
    st.text(max_size=30),
    st.text(min_size=1, max_size=4),
    st.none() | st.integers(0, 40),
    st.none() | st.integers(1, 4),
    st.none() | st.text(min_size=1, max_size=8),
)
def test_a_span_is_its_quote_or_there_is_none(
    text: str, quote: str, start: int | None, occurrence: int | None, context: str | None
) -> None:
    stretch = Quote(quote=quote, start=start, occurrence=occurrence, context=context)
    try:
        span = Quotes(text).span(stretch)
    except Mismatch:
        return
    assert isinstance(span, Span)
    assert span.of(text) == quote
