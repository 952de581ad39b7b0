"""What many tests share: the repository's top, a new archive, the seed's archive."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from testimonia.library import Archive, open_archive

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def root() -> Path:
    """The top of the repository."""
    return ROOT


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """A new, empty archive."""
    with open_archive(tmp_path / "archive", create=True) as opened:
        yield opened


@pytest.fixture(scope="session")
def seed_archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """The archive that ``make run`` makes of ``seeds/``, read by the real extractor."""
    folder = tmp_path_factory.mktemp("seed") / "archive"
    with open_archive(folder, create=True) as opened:
        outcomes = list(opened.ingest([ROOT / "seeds"]))
        assert [outcome.result for outcome in outcomes] == ["stored"], outcomes
        yield opened


def pytest_addoption(parser: pytest.Parser) -> None:
    """Golden files are written anew on request, ingestions killed more often."""
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew")
    parser.addoption("--kills", type=int, default=25, help="how often ingestions are killed")
