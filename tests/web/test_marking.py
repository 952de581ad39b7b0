"""Statements marked in a text: whatever overlaps, the segments are the text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from testimonia.model import Span
from testimonia.web.marking import Mark, Part, Segment, segments

TEXT = "Ada said that Bo fears rain."
SPANS = st.tuples(st.integers(0, 40), st.integers(1, 20)).map(lambda each: Span(each[0], sum(each)))
MARKS = st.lists(st.builds(Mark, SPANS, st.sampled_from(Part), st.integers(0, 5)), max_size=12)


def mark(words: str, part: Part, statement: int) -> Mark:
    start = TEXT.index(words)
    return Mark(Span(start, start + len(words)), part, statement)


@given(st.text(max_size=40), MARKS)
def test_segments_join_to_the_text(text: str, marks: list[Mark]) -> None:
    assert "".join(segment.text for segment in segments(text, marks)) == text


@given(st.text(min_size=1, max_size=40), MARKS, SPANS)
def test_segments_of_a_window_join_to_it(text: str, marks: list[Mark], window: Span) -> None:
    assert "".join(each.text for each in segments(text, marks, window)) == window.of(text)


@given(st.text(max_size=40), MARKS)
def test_each_code_point_has_the_marks_that_cover_it(text: str, marks: list[Mark]) -> None:
    position = 0
    for segment in segments(text, marks):
        for here in range(position, position + len(segment.text)):
            covering = [mark for mark in marks if mark.span.start <= here < mark.span.end]
            for part, found in (
                (Part.CONTENT, segment.contents),
                (Part.CUE, segment.cues),
                (Part.SPEAKER, segment.speakers),
            ):
                assert set(found) == {mark.statement for mark in covering if mark.part is part}
        position += len(segment.text)


@given(st.text(max_size=40), MARKS)
def test_each_statement_begins_once(text: str, marks: list[Mark]) -> None:
    begins = [each for segment in segments(text, marks) for each in segment.begins]
    assert sorted(begins) == sorted(
        {mark.statement for mark in marks if mark.span.start < len(text)}
    )


def test_a_nested_statement_stands_inside_the_outer_one() -> None:
    found = segments(
        TEXT,
        [
            mark("Ada", Part.SPEAKER, 1),
            mark("said", Part.CUE, 1),
            mark("Bo fears rain", Part.CONTENT, 1),
            mark("Bo", Part.SPEAKER, 2),
            mark("fears", Part.CUE, 2),
            mark("rain", Part.CONTENT, 2),
        ],
    )
    assert found == (
        Segment("Ada", speakers=(1,), begins=(1,)),
        Segment(" "),
        Segment("said", cues=(1,)),
        Segment(" that "),
        Segment("Bo", contents=(1,), speakers=(2,), begins=(2,)),
        Segment(" ", contents=(1,)),
        Segment("fears", contents=(1,), cues=(2,)),
        Segment(" ", contents=(1,)),
        Segment("rain", contents=(1, 2)),
        Segment("."),
    )


def test_a_segment_speaks_of_the_narrowest_statement() -> None:
    inner = segments(TEXT, [mark("Bo fears rain", Part.CONTENT, 1), mark("rain", Part.CONTENT, 2)])
    assert [each.statement for each in inner] == [None, 1, 2, None]


def test_a_cue_is_its_own_statements() -> None:
    marks = [mark("Bo fears rain", Part.CONTENT, 1), mark("fears", Part.CUE, 2)]
    assert [each.statement for each in segments(TEXT, marks)] == [None, 1, 2, 1, None]
