"""The real pipeline, loaded once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from testimonia.reading.pipeline import Pipeline
from testimonia.reading.syntax import Parse


@pytest.fixture(scope="session")
def parse() -> Callable[[str], Parse]:
    """A text parsed by the default pipeline."""
    return Pipeline().parse
