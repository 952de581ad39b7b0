"""The numbers that an event's participants come in: "at least 12 people", "$5 million"."""

from __future__ import annotations

import re

from testimonia.model import Span
from testimonia.reading.events.lexicon import lexicon
from testimonia.reading.events.model import Count
from testimonia.reading.events.phrases import is_calendar, label, phrase
from testimonia.reading.numbers import extent, number, unit
from testimonia.reading.syntax import Parse, Token

_YEAR = re.compile(r"1[0-9]{3}|20[0-9]{2}")
_RANKS = frozenset({"ORDINAL", "DATE", "TIME"})
_NUMERIC = frozenset({"CARDINAL", "MONEY", "PERCENT", "QUANTITY"})


def counts(parse: Parse, trigger: Token, heads: list[Token]) -> tuple[Count, ...]:
    """The numbers on these participants, on the trigger itself and on what measures it.

    "Killed at least 12 people", "three attacks", "rose 5 percent". Years, ages, ranks, scores and
    numbers behind a name ("Flight 12") are none.
    """
    measures = [
        child
        for child in parse.dependents(trigger, "npadvmod", "dobj")
        if label(parse, child) in {"MONEY", "PERCENT", "QUANTITY"}
    ]
    found = [count for head in (*heads, *measures, trigger) if (count := _count(parse, head))]
    return tuple(dict.fromkeys(found))


def _count(parse: Parse, head: Token) -> Count | None:
    numeral = _numeral(parse, head)
    if numeral is None or _is_year_or_rank(parse, head, numeral):
        return None
    value = number(parse, numeral)
    counted = _unit(parse, head, numeral)
    return Count(_span(parse, head, numeral), value, counted) if value and counted else None


def _numeral(parse: Parse, head: Token) -> Token | None:
    """ "*12* people", "*12* of them"; not "Flight *12*"."""
    if head.pos == "NUM":
        return head
    before = [token for token in parse.dependents(head, "nummod") if token.i < head.i]
    return before[0] if before else None


def _is_year_or_rank(parse: Parse, head: Token, numeral: Token) -> bool:
    if label(parse, numeral) in _RANKS or is_calendar(parse, head):
        return True
    return bool(_YEAR.fullmatch(numeral.text)) and label(parse, numeral) not in _NUMERIC


def _unit(parse: Parse, head: Token, numeral: Token) -> str:
    """What is counted: a noun's lemma, a currency, "percent"; for "killing 12" it is people."""
    currency = unit(parse, numeral)
    if currency:
        return currency
    if head is not numeral:
        share = head.text == "%" or parse.tokens[head.i - 1].lower == "per"
        return "percent" if share else head.lemma.lower()
    for preposition in parse.dependents(numeral, "prep"):
        noun = parse.dependent(preposition, "pobj")
        if preposition.lower == "of" and noun is not None and numeral.lower != "one":
            return noun.lemma.lower() if noun.pos == "NOUN" else ""
    verb = parse.head(numeral)
    return "people" if verb.lemma.lower() in lexicon().of_people else ""


def _span(parse: Parse, head: Token, numeral: Token) -> Span:
    """The participant's words; of a bare number those of the whole number."""
    span = phrase(parse, head)
    number = parse.span(*extent(parse, numeral))
    return Span(min(span.start, number.start), max(span.end, number.end))
