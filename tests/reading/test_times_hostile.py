"""Any text whatever: exact spans, no overlap, legal EDTF, work in proportion to length."""

from datetime import date
from itertools import pairwise

import pytest
from edtf import parse_edtf
from hypothesis import given, settings
from hypothesis import strategies as st

from testimonia.model import DateBasis, Timex
from testimonia.reading.times import find_times
from testimonia.reading.times.grammar import first_symbols, rules, search
from testimonia.reading.times.lexicon import lexicon
from testimonia.reading.times.tokens import tokenize

_FORMS = tuple(lexicon().classes)
_FIGURES = ("2014", "1871", "12", "31", "2013-14", "10:30", "5/6/07", "'98", "1990s", "3rd", "0930")
_MARKS = ("-", "–", ",", ".", "'s", "(", ")", "$", "\n\n", "harbour", "Harbours", "e\u0301")
_WORDS = st.sampled_from((*_FORMS, *map(str.capitalize, _FORMS), *_FIGURES, *_MARKS))
_PHRASES = st.lists(_WORDS, max_size=14).map(" ".join)
_GLUED = st.lists(_WORDS, max_size=10).map("".join)
_DATES = st.none() | st.dates()


def check(text: str, found: tuple[Timex, ...]) -> None:
    assert all(a.span.end <= b.span.start for a, b in pairwise(found))
    for timex in found:
        words = timex.span.of(text)
        assert len(words) == len(timex.span)
        assert words == words.strip()
        assert timex.key == f"time/{timex.span.start}"
        assert (timex.earliest is None) == (timex.latest is None)
        if timex.earliest and timex.latest:
            assert timex.earliest <= timex.latest
        if timex.edtf:
            parse_edtf(timex.edtf)
        if timex.basis is DateBasis.YEAR_UNKNOWN:
            assert timex.earliest is None


@settings(max_examples=400, deadline=None)
@given(_PHRASES | _GLUED, _DATES)
def test_any_sequence_of_words_of_time(text: str, document_date: date | None) -> None:
    found = find_times(text, document_date)
    check(text, found)
    assert found == find_times(text, document_date)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80), _DATES)
def test_any_text(text: str, document_date: date | None) -> None:
    check(text, find_times(text, document_date))


@given(_PHRASES)
def test_without_a_document_date_only_the_text_anchors(text: str) -> None:
    found = find_times(text, None)
    explicit = [t for t in found if t.basis is DateBasis.EXPLICIT and t.earliest]
    anchored = [t for t in found if t.basis is DateBasis.ANCHORED]
    assert not anchored or explicit


def test_a_rule_is_tried_wherever_it_matches() -> None:
    for rule in rules():
        tokens = tokenize(f"{rule.example} harbour")
        starts = [p for p in range(len(tokens.symbols)) if rule.pattern.match(tokens.symbols, p)]
        firsts = first_symbols(rule.pattern.pattern)
        assert starts, rule.name
        assert all(tokens.symbols[p] in firsts for p in starts), rule.name


def test_no_rule_repeats_without_bound() -> None:
    assert not [rule.name for rule in rules() if set("*+{") & set(rule.pattern.pattern)]


def offered(text: str) -> int:
    count = 0

    def refuse(candidate: object) -> bool:
        nonlocal count
        count += 1
        return False

    search(tokenize(text), refuse)
    return count


@pytest.mark.parametrize(
    "unit",
    ["the past two ", "May 5 to ", "Monday ", "1990 ", "1 ", "a half and a ", "last early mid "],
)
def test_the_work_grows_with_the_text(unit: str) -> None:
    once, twice = offered(unit * 2_000), offered(unit * 4_000)
    assert twice <= 2 * once + 10


@pytest.mark.parametrize("unit", ["a", "1", "1-", '"', "\n \n", "e\u0301", "\u05d0 "])
def test_a_megabyte_without_a_full_stop(unit: str) -> None:
    text = unit * (1_000_000 // len(unit)) + " on 7 March 2014"
    found = find_times(text, None)
    assert found[-1].value == "2014-03-07"
    assert found[-1].span.of(text) == "7 March 2014"


def test_ten_thousand_quotation_marks() -> None:
    text = '"“' * 5_000 + "Friday" + '”"' * 5_000
    (timex,) = find_times(text, date(2014, 3, 12))
    assert timex.span.of(text) == "Friday"


def test_offsets_are_code_points() -> None:
    text = "\U0001f6a2 e\u0301te\u0301 \u05e9\u05dc\u05d5\u05dd on 7 March 2014 \U0001f6a2"
    (timex,) = find_times(text, None)
    assert timex.span.of(text) == "7 March 2014"
