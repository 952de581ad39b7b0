"""Which IRIs a newer graph no longer has, and what stands in their place."""

from __future__ import annotations

import pytest

from testimonia.iris import Iris
from testimonia.library import Archive
from testimonia.mapping import retired
from testimonia.model import Span
from testimonia.terms import Graph, Triple, iri
from testimonia.vocabulary import TST

IRIS = Iris("http://archive.test/")


def mention(span: tuple[int, int]) -> str:
    return iri(IRIS.mention("d", Span(*span)))


def statement(id_: str, content: tuple[int, int], cue: tuple[int, int]) -> set[Triple]:
    node = iri(IRIS.statement(id_))
    return {
        (node, TST.contentMention, mention(content)),
        (node, TST.cueMention, mention(cue)),
    }


def actor(key: str, *mentions: tuple[int, int]) -> set[Triple]:
    return {(mention(each), TST.denotes, iri(IRIS.local("d", key))) for each in mentions}


def changes(old: set[Triple], new: set[Triple]) -> dict[str, str | None]:
    graphs: tuple[Graph, Graph] = (frozenset(old), frozenset(new))
    return dict(retired(*graphs, IRIS))


def test_what_is_still_there_is_not_retired() -> None:
    old = statement("a", (10, 20), (5, 8))
    assert changes(old, old | statement("b", (30, 40), (25, 28))) == {}


@pytest.mark.parametrize(
    ("content", "cue", "successor"),
    [
        ((10, 22), (25, 28), "statement/b"),  # most of the words are the same
        ((18, 40), (5, 8), "statement/b"),  # the cue is
        ((18, 40), (45, 48), None),
        ((30, 40), (5, 8), None),  # one cue may have two contents
    ],
)
def test_a_statement_is_found_again_by_words_and_cue(
    content: tuple[int, int], cue: tuple[int, int], successor: str | None
) -> None:
    old = statement("a", (10, 20), (5, 8))
    assert changes(old, statement("b", content, cue)) == {"statement/a": successor}


def test_an_entity_is_found_again_by_its_mentions() -> None:
    old = actor("actor/10", (10, 14), (30, 34))
    assert changes(old, actor("actor/2", (2, 5), (10, 14), (30, 34))) == {
        "document/d/actor/10": "document/d/actor/2"
    }
    assert changes(old, actor("place/10", (10, 14))) == {"document/d/actor/10": None}


def test_the_record_follows_chains_and_takes_back(archive: Archive) -> None:
    catalog = archive.catalog
    assert catalog.retired("statement/a") is None
    catalog.retire({"statement/a": "statement/b", "statement/x": None})
    catalog.retire({"statement/b": "statement/c"})
    assert catalog.retired("statement/a") == "statement/c"
    assert catalog.retired("statement/x") == ""
    catalog.retire({"statement/c": "statement/a"}, back=["statement/a"])
    assert catalog.retired("statement/a") is None
    assert catalog.retired("statement/c") == "statement/a"
