from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from testimonia.iris import Iris
from testimonia.store.embedded import EmbeddedWriter


@pytest.fixture
def iris() -> Iris:
    return Iris("http://localhost:8000/")


@pytest.fixture
def writer(tmp_path: Path, iris: Iris) -> Iterator[EmbeddedWriter]:
    with EmbeddedWriter(tmp_path / "store", iris) as opened:
        yield opened
