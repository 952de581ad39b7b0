"""Accounts of one document: what each is compared with, however long the document is."""

from __future__ import annotations

from testimonia.crossref.events import _COMPARED, _Before


def test_those_that_share_most_come_first_and_then_the_nearest() -> None:
    before = _Before()
    for number, keys in enumerate([(1, 2, 3), (1,), (4,), (1, 2)]):
        before.add(number, keys)
    assert before.near([1, 2, 3]) == [0, 1, 3]
    assert before.near([5]) == []
    for number in range(4, 4 + 2 * _COMPARED):
        before.add(number, (3,))
    assert before.near([1, 2, 3])[:2] == [0, 3]


def test_a_long_document_compares_each_account_with_a_bounded_number() -> None:
    before = _Before()
    for number in range(2000):
        before.add(number, (1, 2))
    assert before.near((1, 2)) == list(range(2000 - _COMPARED, 2000))
