"""Seven reports of one fire, one strike and one resignation, as a reader would set them side by
side: what is one event, who contradicts whom, who only reprints."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from benchmarks.statement_relations import Relation, run

from testimonia.library import Archive, open_archive, open_reader

pytestmark = pytest.mark.slow

REPORTS = sorted((Path(__file__).parent / "data" / "reports").glob("*.txt"))
DAYS = ("07", "07", "08", "10", "07", "11", "12")  # of November 2023


@pytest.fixture(scope="module")
def read(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Archive, list[Relation]]]:
    texts = [
        {"content": file.read_text("utf-8"), "issued": f"2023-11-{day}"}
        for file, day in zip(REPORTS, DAYS, strict=True)
    ]
    with open_archive(tmp_path_factory.mktemp("reports") / "a", create=True) as archive:
        yield archive, run(archive, {"name": "reports", "text": texts}, open_reader())


def told(relations: list[Relation], kind: str) -> set[tuple[int, int]]:
    """The numbers of the reports between which there is such a relation."""
    return {(each.source.text, each.target.text) for each in relations if each.kind == kind}


def has(relations: list[Relation], kind: str, source: str, target: str) -> bool:
    return any(each.is_told_by([kind, source, target]) for each in relations)


def tellers(archive: Archive, word: str) -> list[set[int]]:
    """By event that is told of by this word, the numbers of the reports that tell of it."""
    found: dict[str, set[int]] = {}
    for number, record in enumerate(archive.catalog.documents(), 1):
        for each in archive.catalog.told_in(archive.catalog.arrival(record.id)):
            if json.loads(each.features)["shown"] == word:
                found.setdefault(each.event, set()).add(number)
    return sorted(found.values(), key=lambda each: (-len(each), min(each)))


def test_what_several_tell_of_is_one_event(read: tuple[Archive, list[Relation]]) -> None:
    archive, _ = read
    assert tellers(archive, "kill")[0] >= {1, 2, 4, 5, 6, 7}
    assert tellers(archive, "resign")[0] >= {2, 3, 4, 6, 7}
    assert tellers(archive, "arrest")[0] >= {3, 4, 6, 7}


def test_numbers_days_and_roles_that_differ_are_set_against_each_other(
    read: tuple[Archive, list[Relation]],
) -> None:
    _, relations = read
    for source, target in (
        ("2: killed six people", "1: killed four people"),
        ("4: arrested on Thursday", "3: on Wednesday morning"),
        ("4: Nobody dismissed me", "4: she had dismissed Marek Sobol"),
        ("7: 2,000 dockers took part", "7: 600 dockers took part"),
        ("1: the doors had been locked", "1: locked from the outside"),
        ("7: there was no explosion", "7: spoke of an explosion"),
    ):
        assert has(relations, "contradicts", source, target), (source, target)
    assert has(relations, "changed position", "6: received a letter", "2: no such letter")


def test_a_reprint_repeats_and_corroborates_nothing(
    read: tuple[Archive, list[Relation]],
) -> None:
    _, relations = read
    assert (5, 1) in told(relations, "repeats")
    assert not {pair for pair in told(relations, "corroborates") if 5 in pair}
    assert not {pair for pair in told(relations, "contradicts") if pair == (5, 1)}
    assert has(relations, "repeats", "3: not load a single ship", "1: not load a single ship")


def test_who_tells_the_same_of_their_own_corroborate(
    read: tuple[Archive, list[Relation]],
) -> None:
    _, relations = read
    assert has(relations, "corroborates", "6: Sobol resigned", "2: Marek Sobol resigned")
    assert has(
        relations, "corroborates", "7: Police arrested Halik", "6: was arrested on Wednesday"
    )


def test_what_a_noun_is_said_to_do_is_not_set_against_what_happened_to_it(
    read: tuple[Archive, list[Relation]],
) -> None:
    _, relations = read
    wrong = [
        each
        for each in relations
        if each.kind in {"contradicts", "corroborates"}
        and (
            (
                "The strike follows" in each.source.content
                and "strike for Wednesday" in each.target.content
            )
            or "the number of those" in each.source.content
            or "what is stored" in each.source.content + each.target.content
        )
    ]
    assert wrong == []
