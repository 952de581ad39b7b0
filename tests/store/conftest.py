from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from endpoints_running import oxigraph, virtuoso
from testimonia.iris import Iris
from testimonia.store.embedded import EmbeddedWriter


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], str]]:
    """The address of a server by its kind, begun when it is first wanted."""
    with ExitStack() as stack:
        known: dict[str, str] = {}

        def server(kind: str) -> str:
            if kind not in known:
                folder = tmp_path_factory.mktemp(kind)
                begun = oxigraph() if kind == "oxigraph" else virtuoso(folder)
                known[kind] = stack.enter_context(begun)
            return known[kind]

        yield server


@pytest.fixture
def iris() -> Iris:
    return Iris("http://localhost:8000/")


@pytest.fixture
def writer(tmp_path: Path, iris: Iris) -> Iterator[EmbeddedWriter]:
    with EmbeddedWriter(tmp_path / "store", iris) as opened:
        yield opened
