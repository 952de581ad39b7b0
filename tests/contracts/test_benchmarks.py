"""The stages that benchmarks measure are there, under the names that they look for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from benchmarks import ingest, long_documents


@pytest.mark.parametrize("stages", [tuple(ingest.stages()), long_documents.STAGES])
def test_every_stage_is_found(stages: Iterable[tuple[str, Any, str]]) -> None:
    missing = [f"{stage}: {name}" for stage, place, name in stages if not hasattr(place, name)]
    assert missing == []
