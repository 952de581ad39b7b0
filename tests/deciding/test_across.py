"""Questions about two documents: whether two are one, how two statements stand."""

from __future__ import annotations

import pytest

from testimonia.catalog.comparisons import Related
from testimonia.curating import Wish
from testimonia.curating.review import Question
from testimonia.decisions import Kind

from .conftest import Desk


def asked(desk: Desk) -> list[Question]:
    return [each for each in desk.archive.review.queue() if each.other is not None]


@pytest.fixture
def two(desk: Desk) -> Desk:
    desk.put("Wexcombe said it rained.", "a.txt")
    desk.put("Wexcombe said the harbour is shut.", "b.txt")
    return desk


def test_what_linking_did_not_dare_is_asked(two: Desk) -> None:
    (question,) = asked(two)
    assert question.other is not None
    assert (question.asked, question.holds) == ("same", False)
    assert 0.3 <= question.doubt.confidence < 0.9
    assert question.score == pytest.approx(question.doubt.confidence)
    assert question.because == ("same single name: Wexcombe",)
    assert question.doubt.quote.words == question.other.quote.words == "Wexcombe"
    assert question.doubt.document != question.other.document


@pytest.mark.parametrize("kind", [Kind.MERGE, Kind.SPLIT])
def test_what_was_decided_is_asked_no_more_until_it_is_undone(two: Desk, kind: Kind) -> None:
    (question,) = asked(two)
    assert question.other is not None
    wish = Wish(kind, question.doubt.path, "Nell", other=question.other.path)
    decision = two.archive.review.decide(wish)
    assert asked(two) == []
    two.rebuild(changed=False)
    assert asked(two) == []
    two.archive.review.undo(decision.id, "Ivy")
    assert asked(two) == [question]


def test_what_goes_is_asked_no_more(two: Desk) -> None:
    (question,) = asked(two)
    two.archive.remove(question.doubt.document)
    assert asked(two) == []


def test_no_reason_quotes_what_was_forgotten(two: Desk) -> None:
    (question,) = asked(two)
    assert question.other is not None
    two.archive.forget(question.other.document)
    catalog = two.archive.catalog
    assert [each.id for each in catalog.documents()] == [question.doubt.document]
    assert b"same single name" not in (two.archive.folder / "catalog.sqlite").read_bytes()
    assert asked(two) == []


def test_a_link_that_is_hardly_sure_is_asked(desk: Desk) -> None:
    desk.put("Wexcombe said it rained. Tarrant said so.", "a.txt")
    desk.put("Wexcombe said the quay is shut. Tarrant said why.", "b.txt")
    questions = asked(desk)
    assert {each.doubt.quote.words for each in questions} == {"Wexcombe", "Tarrant"}
    assert all(each.holds and each.doubt.confidence >= 0.9 for each in questions)
    question = questions[0]
    assert question.other is not None
    wish = Wish(Kind.SPLIT, question.doubt.path, "Nell", other=question.other.path)
    desk.archive.review.decide(wish)
    assert question.doubt.path not in {each.doubt.path for each in asked(desk)}


def test_relations_that_are_hardly_sure_are_asked(desk: Desk) -> None:
    desk.put("Ada said it rained. Bo said it was dry.")
    one, other = desk.statement("it rained"), desk.statement("it was dry")
    catalog = desk.archive.catalog
    (record,) = catalog.documents()
    items = {each.statement: each.item for each in catalog.claimed_in(catalog.arrival(record.id))}
    later, earlier = (items[each.rpartition("/")[2]] for each in (other, one))
    for kind in ("Contradicts", "ChangedPosition"):
        catalog.put_relations([], [Related(later, earlier, kind, 0.6, ("unlike words",))])
    (question,) = asked(desk)
    assert question.other is not None
    assert (question.doubt.path, question.other.path) == (other, one)
    assert (question.asked, question.score) == ("Contradicts", 0.8)
    wish = Wish(Kind.CONFIRM, other, "Nell", other=one, field=question.asked)
    decision = desk.archive.review.decide(wish)
    assert asked(desk) == []
    desk.archive.review.undo(decision.id, "Ivy")
    assert asked(desk) == [question]
