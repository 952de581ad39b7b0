from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from testimonia.store.embedded import EmbeddedWriter
from testimonia.updates.archive import ArchiveDataset
from testimonia.updates.plain import PlainDataset
from tests_updates import IRIS, LIMITS, MANAGED


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def plain(tmp_path: Path) -> AsyncIterator[PlainDataset]:
    opened = PlainDataset(tmp_path / "plain", LIMITS)
    yield opened
    await opened.close()


@pytest.fixture
async def archive(tmp_path: Path) -> AsyncIterator[ArchiveDataset]:
    with EmbeddedWriter(tmp_path / "store", IRIS) as writer:
        writer.replace(MANAGED)
    opened = ArchiveDataset(tmp_path / "store", IRIS, LIMITS)
    yield opened
    await opened.close()
