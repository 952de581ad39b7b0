"""Odd texts: no crash, spans of one word that lie in the text, in order."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from testimonia.reading.events import find_events
from testimonia.reading.syntax import Parse

Parser = Callable[[str], Parse]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\n ",
        "…",
        "???!!! ;; -- ((",
        "REBELS SEIZE HARBOUR; 12 DEAD",
        "- 12 eggs\n- 1 million\n- half a\n- and\n",
        "| year | 1990 |\n|---|---|\n| dead | 12 |\n",
        "a an half and 12 and half a and million and",
        "said " * 300,
        "the capture of " * 200 + "the harbour",
        "and 12 " * 200,
        "Naïve café e\u0301 \u202eattacked\u202c the 🦊 harbour 😀 on Monday",
        "Q: Who attacked? A: They did. Q: When? A: On Monday.",
        "100 200 300 million 4-5 $ % €5",
    ],
)
def test_no_crash_and_exact_spans(parse: Parser, text: str) -> None:
    triggers = find_events(parse(text))
    spans = [trigger.span for trigger in triggers]
    assert spans == sorted(set(spans))
    for trigger in triggers:
        inner = [*trigger.adjuncts, *(part.span for part in trigger.parts)]
        inner += [count.span for count in trigger.counts]
        assert all(span.of(text).strip() and span.end <= len(text) for span in inner)


def test_a_phrase_stops_at_an_empty_line(parse: Parser) -> None:
    text = "Harbour news\n\nThe rebels captured the town."
    triggers = find_events(parse(text))
    spans = [part.span.of(text) for trigger in triggers for part in trigger.parts]
    assert "The rebels" in spans
    assert all("\n" not in words for words in spans)
