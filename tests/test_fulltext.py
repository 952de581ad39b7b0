"""The index by itself: what a query means, and what it has when."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from testimonia import fulltext
from testimonia.errors import QueryError, StoreError
from testimonia.fulltext import Index, Search, Words, fts5, is_there

STORM = Words("The storm broke the harbour wall", "en")
CALM = Words("A calm day in the harbour", "en")
NAME = Words("Port-Sainte-Élodie", "")


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    opened = Index(tmp_path)
    opened.fill([STORM, CALM, NAME], 1)
    yield opened
    opened.close()


def found(folder: Path, query: str, generation: int = 1) -> set[Words]:
    search = Search(folder, generation, lambda _: True)
    return {hit.words for hit in search.hits(query)}


@pytest.mark.parametrize(
    ("query", "expression"),
    [
        ("harbour storm", '"harbour" AND "storm"'),
        ("harbour AND storm", '"harbour" AND "storm"'),
        ("harbour OR storm", '"harbour" OR "storm"'),
        ("harbour NOT storm", '"harbour" NOT "storm"'),
        ("harbour AND NOT storm", '"harbour" NOT "storm"'),
        ('"harbour wall" storm', '"harbour wall" AND "storm"'),
        ("(a OR b) c", '( "a" OR "b" ) AND "c"'),
        ("c (a OR b)", '"c" AND ( "a" OR "b" )'),
        ("harb*", '"harb"*'),
        ('"harbour wa"*', '"harbour wa"*'),
        ("U.S. don't", '"U.S." AND "don\'t"'),
        ("value:x ^y -z NEAR", '"value:x" AND "^y" AND "-z" AND "NEAR"'),
        ("storm — calm", '"storm" AND "calm"'),
        ("and or not", '"and" AND "or" AND "not"'),
    ],
)
def test_a_query_as_an_expression(query: str, expression: str) -> None:
    assert fts5(query) == expression


@pytest.mark.parametrize("query", ["", "  ", "—", "AND", '"', 'storm "harbour', "()"])
def test_nothing_to_look_for(query: str) -> None:
    with pytest.raises(QueryError, match=r"no words to look for|quotation mark is open"):
        fts5(query)


@pytest.mark.usefixtures("index")
@pytest.mark.parametrize(
    "query", ["a AND", "OR a", "NOT a", "(a", "a)", "a OR OR b", "(" * 500 + "a"]
)
def test_a_query_that_breaks_the_grammar(tmp_path: Path, query: str) -> None:
    with pytest.raises(QueryError, match="cannot be searched for"):
        found(tmp_path, query)


@settings(deadline=None)
@given(st.text() | st.lists(st.sampled_from([*'()*" a', " NOT ", " AND ", " OR "])).map("".join))
def test_whatever_is_written_is_words_or_an_error(text: str) -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE words USING fts5 (value)")
    try:
        connection.execute("SELECT * FROM words WHERE words MATCH ?", (fts5(text),)).fetchall()
    except QueryError:
        pass
    finally:
        connection.close()


@pytest.mark.usefixtures("index")
@pytest.mark.parametrize(
    ("query", "hits"),
    [
        ("harbour", {STORM, CALM}),
        ("HARBOUR calm", {CALM}),
        ("harb* NOT calm", {STORM}),
        ('"harbour wall"', {STORM}),
        ('"wall harbour"', set()),
        ("storm OR calm", {STORM, CALM}),
        ("elodie", {NAME}),
        ("Port-Sainte", {NAME}),
        ("harb", set()),
    ],
)
def test_what_is_found(tmp_path: Path, query: str, hits: set[Words]) -> None:
    assert found(tmp_path, query) == hits


def test_the_best_come_first(tmp_path: Path) -> None:
    many = [Words(f"a day of rain, number {n}", "en") for n in range(9)]
    best = Words("storm, storm and storm", "en")
    other = Words("there was a storm on that long and otherwise quiet day", "en")
    index = Index(tmp_path)
    index.fill([*many, other, best], 1)
    index.close()
    hits = Search(tmp_path, 1, lambda _: True).hits("storm")
    assert [hit.words for hit in hits] == [best, other]
    assert hits[0].score > hits[1].score > 0


def test_only_what_the_checkpoint_has_is_a_hit(index: Index, tmp_path: Path) -> None:
    late = Words("the late harbour", "en")
    index.update(there=[late], gone=[CALM], generation=2, oldest=1)
    asked: list[Words] = []

    def contains(words: Words) -> bool:
        asked.append(words)
        return words == CALM

    for generation, hits in ((1, {STORM, CALM}), (2, {STORM, late, CALM})):
        search = Search(tmp_path, generation, contains)
        assert {hit.words for hit in search.hits("harbour")} == hits
    assert asked.count(CALM) == 2, "it is gone from the second, and a checkpoint would say so"
    assert asked.count(late) == 1
    assert STORM not in asked


def test_what_has_gone_stays_until_no_checkpoint_has_it(index: Index, tmp_path: Path) -> None:
    index.update(there=[], gone=[CALM], generation=2, oldest=1)
    assert found(tmp_path, "calm", 1) == {CALM}
    index.update(there=[], gone=[], generation=3, oldest=2)
    assert found(tmp_path, "calm", 3) == set()
    index.update(there=[CALM], gone=[STORM], generation=4, oldest=2)
    index.update(there=[STORM], gone=[], generation=5, oldest=4)
    assert found(tmp_path, "harbour", 5) == {STORM, CALM}


def test_too_many_hits_are_an_error_and_never_cut(
    index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fulltext, "MOST_HITS", 2)
    assert len(found(tmp_path, "harbour")) == 2
    index.update([Words("the other harbour", "en")], [], 2, 1)
    with pytest.raises(QueryError, match=r"more than 2 literals"):
        found(tmp_path, "harbour", 2)
    monkeypatch.setattr(fulltext, "MOST_CHARACTERS", 20)
    with pytest.raises(QueryError, match=r"too long"):
        found(tmp_path, "storm", 2)


def test_the_best_hits_are_enough_for_who_says_so(
    index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    best = Words("harbour, harbour", "en")
    index.update([best], [], 2, 1)
    search = Search(tmp_path, 2, lambda _: True, best=True)
    assert len(search.hits("harbour")) == 3
    assert not search.cut
    monkeypatch.setattr(fulltext, "MOST_HITS", 1)
    assert [hit.words for hit in search.hits("harbour")] == [best]
    assert search.cut
    monkeypatch.setattr(fulltext, "MOST_HITS", 10)
    monkeypatch.setattr(fulltext, "MOST_CHARACTERS", len(best.value))
    assert [hit.words for hit in search.hits("harbour")] == [best]


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("storm AND", "AND has no words after it"),
        ("(storm OR) calm", "OR has no words after it"),
        ("NOT storm", "NOT has no words before it"),
        ("storm ()", "nothing in the brackets"),
        ("(storm", "a bracket is open"),
        ("storm) calm (", "closed that was not opened"),
        ('the "storm', "a quotation mark is open"),
    ],
)
def test_what_is_wrong_is_told_in_words(query: str, reason: str) -> None:
    with pytest.raises(QueryError, match=re.escape(reason)):
        fts5(query)


def test_a_checkpoint_that_the_index_does_not_cover_is_told(index: Index, tmp_path: Path) -> None:
    for generation in (0, 2):
        with pytest.raises(StoreError, match="ask again"):
            found(tmp_path, "harbour", generation)
    index.fill([CALM], 5)
    assert found(tmp_path, "harbour", 5) == {CALM}
    with pytest.raises(StoreError, match="ask again"):
        found(tmp_path, "harbour", 4)


def test_another_version_or_something_else_is_made_anew(index: Index, tmp_path: Path) -> None:
    assert is_there(tmp_path)
    index.close()
    connection = sqlite3.connect(tmp_path / fulltext.FILE)
    connection.execute("PRAGMA user_version = 999")
    connection.close()
    assert not is_there(tmp_path)
    again = Index(tmp_path)
    assert (again.generation, is_there(tmp_path)) == (0, True)
    again.close()
    (tmp_path / fulltext.FILE).write_bytes(b"no database")
    again = Index(tmp_path)
    assert (again.generation, is_there(tmp_path)) == (0, True)
    again.close()


def test_a_reader_that_stands_still_keeps_nobody_from_writing(index: Index, tmp_path: Path) -> None:
    reader = sqlite3.connect(tmp_path / fulltext.FILE, isolation_level=None)
    reader.execute("BEGIN")
    assert reader.execute("SELECT count(*) FROM literal").fetchone() == (3,)
    index.update([Words("more", "")], [], 2, 1)
    assert reader.execute("SELECT count(*) FROM literal").fetchone() == (3,)
    reader.close()
    assert found(tmp_path, "more", 2) == {Words("more", "")}
