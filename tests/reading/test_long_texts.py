"""The work on a text is in proportion to its length: counted in the interpreter's steps, not timed.

A paragraph is parsed once and repeated, so that each stage sees the same language at every length.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from datetime import date
from types import FrameType
from typing import Any

import pytest

from testimonia.iris import Iris
from testimonia.library import open_gazetteer
from testimonia.mapping import retired
from testimonia.model import Span
from testimonia.reading import Reader, reader
from testimonia.reading.attribution import find_attributions
from testimonia.reading.syntax import Parse
from testimonia.terms import Graph, iri
from testimonia.vocabulary import TST

STAGES = (
    *("find_events", "find_times", "find_places", "find_attributions", "find_actors", "assemble"),
    *("local_places", "with_nominals", "misplaced", "well_placed", "find_unmapped"),
    *("with_sites", "place_mentions"),
)
FEW, MANY = 8, 96
SLACK = 1.15  # a square would make it 12 times

PARAGRAPHS = {
    "news": (
        "Mayor Ada Moss said on Monday that the harbour of Odense would be closed in March 2024."
        " Soldiers attacked Turin on 3 May, and 40 people fled to Odense, the city that Bo Hale"
        " leads. “We are patient,” he told reporters last week in Turin. She denied it.\n\n"
    ),
    "nothing but quotations": "“It is late.” “Nobody came to Turin.” “They left.” “So what?” ",
    "a speech in paragraphs": (
        "Ada Moss said: “The harbour is old and must be repaired.\n\n“I told you so last year.\n\n"
    ),
    "dates": (
        "They met on Monday, on 3 May 2024, in March, last week, two years ago and in 2013 and"
        " attacked in the 1990s, on Friday and from May to July. "
    ),
    "transcript": "Q: Did Bo Hale tell you that in 2013?\nMOSS: I think so. They said no.\n",
    "no full stop": "the mayor of Odense and the harbour of Turin and Ada Moss who said that ",
}


def repeated(parse: Parse, times: int) -> Parse:
    """The parse of a text over and over."""
    tokens, sentences, entities = len(parse.tokens), len(parse.sentences), len(parse.entities)
    return Parse(
        parse.text * times,
        tuple(
            token._replace(
                i=token.i + n * tokens,
                start=token.start + n * len(parse.text),
                end=token.end + n * len(parse.text),
                head=token.head + n * tokens,
                sentence=token.sentence + n * sentences,
                entity=token.entity if token.entity < 0 else token.entity + n * entities,
            )
            for n in range(times)
            for token in parse.tokens
        ),
        tuple((a + n * tokens, b + n * tokens) for n in range(times) for a, b in parse.sentences),
        tuple(
            entity._replace(first=entity.first + n * tokens, last=entity.last + n * tokens)
            for n in range(times)
            for entity in parse.entities
        ),
    )


def steps(work: Callable[[], object]) -> int:
    """How many instructions the interpreter executes in this package's own functions."""
    count = 0

    def within(frame: FrameType, event: str, argument: object) -> Any:
        nonlocal count
        count += event == "opcode"
        return within

    def entering(frame: FrameType, event: str, argument: object) -> Any:
        if not frame.f_globals.get("__name__", "").startswith("testimonia"):
            return None
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        return within

    before = sys.gettrace()
    sys.settrace(entering)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


@pytest.fixture(scope="module")
def extractor() -> Reader:
    return Reader(open_gazetteer())


def steps_by_stage(
    extractor: Reader, parse: Parse, monkeypatch: pytest.MonkeyPatch
) -> Counter[str]:
    counts: Counter[str] = Counter()

    def counted(name: str, stage: Callable[..., object]) -> Callable[..., object]:
        def call(*args: object, **options: object) -> object:
            found: list[object] = []
            counts[name] += steps(lambda: found.append(stage(*args, **options)))
            return found[0]

        return call

    with monkeypatch.context() as patch:
        for name in STAGES:
            patch.setattr(reader, name, counted(name, getattr(reader, name)))
        extractor._read(parse, date(2024, 6, 1), None)
    return counts


@pytest.mark.parametrize("kind", PARAGRAPHS)
def test_each_stage_works_in_proportion_to_the_text(
    kind: str,
    extractor: Reader,
    parse: Callable[[str], Parse],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    once = parse(PARAGRAPHS[kind])
    extractor._read(repeated(once, MANY), date(2024, 6, 1), None)  # tables and caches are filled
    few = steps_by_stage(extractor, repeated(once, FEW), monkeypatch)
    many = steps_by_stage(extractor, repeated(once, MANY), monkeypatch)
    growth = {stage: many[stage] / few[stage] for stage in STAGES}
    assert max(growth.values()) <= MANY / FEW * SLACK, growth


def test_quotations_that_go_on_are_gathered_in_one_pass(parse: Callable[[str], Parse]) -> None:
    few, many = (
        parse("Ada Moss said: “It is late.” " + "“Nobody came.” " * number)
        for number in (FEW, MANY)
    )
    find_attributions(few)
    growth = steps(lambda: find_attributions(many)) / steps(lambda: find_attributions(few))
    assert growth <= MANY / FEW * SLACK


def test_the_steps_of_a_square_are_told_from_those_of_a_line() -> None:
    def square(number: int) -> int:
        pairs = [(i, j) for i in range(number) for j in range(number)]
        return steps(lambda: [Span(i, i + 1).contains(Span(j, j + 1)) for i, j in pairs])

    few, many = square(FEW), square(MANY)
    assert many / few > MANY / FEW * SLACK


def test_finding_what_replaced_an_iri_looks_at_its_neighbourhood_alone() -> None:
    iris = Iris("http://archive.test/")

    def graph(name: str, nodes: int) -> Graph:
        mentions = ((n, iri(iris.mention("d", Span(90 * n, 90 * n + 40)))) for n in range(nodes))
        return frozenset(
            triple
            for n, mention in mentions
            for triple in (
                (iri(iris.statement(f"{name}{n}")), TST.contentMention, mention),
                (mention, TST.denotes, iri(iris.local("d", f"actor/{name}{n}"))),
                (mention, TST.denotes, iri(iris.local("d", f"actor/{name}"))),
            )
        )

    def of(number: int) -> int:
        old, new = graph("a", number), graph("b", number)
        return steps(lambda: retired(old, new, iris))

    few, many = of(FEW * 2), of(MANY * 2)
    assert many / few <= MANY / FEW * SLACK
    found = retired(graph("a", MANY), graph("b", MANY), iris)
    assert found["statement/a7"] == "statement/b7"
    assert found["document/d/actor/a7"] in ("document/d/actor/b7", "document/d/actor/b")
    assert found["document/d/actor/a"] == "document/d/actor/b"
