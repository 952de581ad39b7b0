"""A folder of what real programs make, through a whole archive: what comes out is what went in."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from producers.producers import PRODUCERS, Expected, damaged, missing
from testimonia.library import Archive, open_archive
from testimonia.model import Text
from testimonia.sources import Found, Options, documents, find_sources

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


def _squeezed(written: str) -> str:
    return re.sub(r"\s+", "", written)


class Made:
    """What one producer made: the folder, what it must give, what it gives."""

    def __init__(self, folder: Path, expected: list[Expected]) -> None:
        self.folder = folder
        self.expected = expected
        self.found = {
            found.name.removeprefix(f"{folder}/"): found
            for file in find_sources([folder])
            for found in documents(file, options=Options(ocr=True))
        }

    def of(self, expected: Expected) -> Found:
        """The document; that of a capture is called by its time, too."""
        name = expected.name
        matching = [each for each in self.found if each == name or each.startswith(f"{name} ")]
        assert len(matching) == 1, (name, sorted(self.found))
        return self.found[matching[0]]


@pytest.fixture(scope="module", params=sorted(PRODUCERS))
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Made:
    if lacking := missing(request.param):
        pytest.skip(f"not installed: {', '.join(lacking)}")
    folder = tmp_path_factory.mktemp(request.param)
    work = tmp_path_factory.mktemp("work")
    make, _ = PRODUCERS[request.param]
    return Made(folder, make(folder, work))


def test_there_is_a_document_for_each_and_no_other(made: Made) -> None:
    assert len(made.found) == len(made.expected), sorted(made.found)


def test_texts_are_what_was_written(made: Made) -> None:
    for expected in made.expected:
        found = made.of(expected).result
        if expected.failed:
            assert expected.failed in str(found)
            continue
        assert isinstance(found, Text), (expected.name, found)
        content, at = _squeezed(found.content), 0
        for piece in expected.text:
            begins = content.find(_squeezed(piece), at)
            assert begins >= 0, (expected.name, piece, found.content)
            at = begins + len(_squeezed(piece))
        assert not [each for each in expected.absent if each in found.content], expected.name


def test_metadata_are_what_was_stated(made: Made) -> None:
    for expected in made.expected:
        if expected.failed:
            continue
        _, text = made.of(expected).load()
        known = text.metadata
        assert (known.title, known.creator, known.issued, known.language, known.source) == (
            expected.title,
            expected.creator,
            expected.issued,
            expected.language,
            expected.source,
        ), expected.name
        assert bool(known.captured) == expected.captured
        assert len({region.page for region in text.regions}) == expected.pages


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[tuple[Path, list[Expected]]]:
    """All that the producers that are here make, and damaged files."""
    folder, work = tmp_path / "mixed", tmp_path / "work"
    folder.mkdir()
    work.mkdir()
    expected = [
        each
        for name, (make, _) in PRODUCERS.items()
        if not missing(name)
        for each in make(folder, work)
    ]
    expected += damaged(folder, work)
    yield folder, expected
    shutil.rmtree(folder)


def _exported(archive: Archive) -> list[bytes]:
    output = io.BytesIO()
    archive.export(output, "nquads")
    runs = archive.iris.runs_graph.encode()
    return [line for line in output.getvalue().splitlines() if runs not in line]


def test_a_folder_of_all_of_them(tmp_path: Path, folder: tuple[Path, list[Expected]]) -> None:
    place, expected = folder
    with open_archive(tmp_path / "archive", create=True) as archive:
        outcomes = list(archive.ingest([place], options=Options(ocr=True)))
        results = {each.name.removeprefix(f"{place}/"): each for each in outcomes}
        assert len(results) == len(outcomes) == len(expected)
        for each in expected:
            (outcome,) = (
                outcome
                for name, outcome in results.items()
                if name == each.name or name.startswith(f"{each.name} ")
            )
            assert outcome.result == ("failed" if each.failed else "stored"), outcome
            assert each.failed in outcome.message
        captured = archive.query(
            "SELECT (COUNT(?c) AS ?n) { ?d tst:captured ?c FILTER (DATATYPE(?c) = xsd:dateTime) }",
            format="csv",
        ).body.decode()
        assert captured.split()[1] == str(sum(each.captured for each in expected))
        before = _exported(archive)
        assert {str(each.result) for each in archive.rebuild()} == {"stored"}
        assert _exported(archive) == before
        again = list(archive.ingest([place], options=Options(ocr=True)))
        assert {str(each.result) for each in again} == {"unchanged", "failed"}
        assert _exported(archive) == before
