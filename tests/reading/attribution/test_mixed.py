"""Contents partly quoted: what belongs to them beside the clause that the parser found."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .conftest import Told

Found = Callable[[str], list[tuple[Told, object]]]


def contents(found: Found, text: str) -> list[tuple[str, str]]:
    return [(told.source, told.content) for told, _ in found(text)]


@pytest.mark.parametrize(
    ("text", "source", "content"),
    [
        (
            "They state their aim is to build “a free port.”",
            "They",
            "their aim is to build “a free port.”",
        ),
        (
            "Lee said the days when the town had “a common story” are gone.",
            "Lee",
            "the days when the town had “a common story” are gone",
        ),
        (
            "If it rains, Ann Lee said, the bridge will be “a grave risk to us all.”",
            "Ann Lee",
            "If it rains … the bridge will be “a grave risk to us all.”",
        ),
        (
            "The ferry would be late “no matter what they do,” one driver said.",
            "one driver",
            "The ferry would be late “no matter what they do,”",
        ),
        (
            "Ann Lee said that the bridge was old. “It may fall any day.”",
            "Ann Lee",
            "that the bridge was old … “It may fall any day.”",
        ),
        (
            "Ann Lee said that the bridge was old.\n\n“It may fall any day.”\n\nThe shop shut.",
            "Ann Lee",
            "that the bridge was old … “It may fall any day.”",
        ),
        (
            "Ann Lee said that the bridge was old, but the work would hurt nobody.",
            "Ann Lee",
            "that the bridge was old, but the work would hurt nobody",
        ),
    ],
)
def test_a_content_is_taken_in_whole(found: Found, text: str, source: str, content: str) -> None:
    assert (source, content) in [
        (said_by, said.rstrip(".")) if not content.endswith((".", "”")) else (said_by, said)
        for said_by, said in contents(found, text)
    ]


def test_a_quotation_with_its_own_speaker_stays_apart(found: Found) -> None:
    text = "Ann Lee said that the bridge was old. “It may fall any day,” the mayor answered."
    assert ("Ann Lee", "that the bridge was old") in [
        (source, content.rstrip(".")) for source, content in contents(found, text)
    ]


def test_a_paragraph_that_only_begins_with_a_quotation_stays_apart(found: Found) -> None:
    text = "Ann Lee said that the bridge was old.\n\n“It may fall.” A bell rang in the town."
    assert ("Ann Lee", "that the bridge was old") in [
        (source, content.rstrip(".")) for source, content in contents(found, text)
    ]
