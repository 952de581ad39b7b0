"""An archive of two invented documents; everything but the extractor is real."""

from __future__ import annotations

from pathlib import Path

import pytest

from documents import ICE, RAIN, put
from testimonia.library import Archive


@pytest.fixture
def filled(archive: Archive) -> Archive:
    """Two documents and a graph of a user's."""
    put(archive, ICE, "ice.txt", title="Ice", issued="2031-02-03", source="https://a.example/ice")
    put(archive, RAIN, "rain.txt", rights="CC0", creator=("Di Post", "Eb Ink"))
    archive.import_graph(
        b'_:x <https://mine.example/p> "mine", _:y .', "text/turtle", "https://mine.example/g"
    )
    return archive


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """A place that is not there yet."""
    return tmp_path / "out"
