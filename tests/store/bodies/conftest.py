"""One body of tests for every store: the embedded one, Oxigraph's server, Virtuoso."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from endpoints_running import Opened, emptied
from testimonia.endpoints import address, detection
from testimonia.iris import Iris
from testimonia.store import Writer
from testimonia.store.embedded import EmbeddedWriter
from testimonia.store.remote import RemoteWriter

IRIS = Iris("http://localhost:8000/")
STORES = ("embedded", "oxigraph", pytest.param("virtuoso", marks=pytest.mark.slow))


def opener(kind: str, servers: Callable[[str], str]) -> Opened:
    """What opens a writer of a store of this kind for a directory."""
    if kind == "embedded":
        return lambda directory: EmbeddedWriter(directory, IRIS)
    written = servers(kind)
    view, marker = f"{IRIS.base_iri}graph/view", f"{IRIS.base_iri}graph/store"
    target = detection.detected(address.parse(written), view, marker)

    def opened(directory: Path) -> AbstractContextManager[Writer]:
        directory.mkdir(exist_ok=True)
        return RemoteWriter(directory, IRIS, target)

    return opened


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, servers: Callable[[str], str]) -> Opened:
    """Opens the store of one kind; nothing is in it."""
    kind = str(request.param)
    opened = opener(kind, servers)
    if kind != "embedded":
        emptied(servers(kind))
    return opened


@pytest.fixture
def writer(store: Opened, tmp_path: Path) -> Iterator[Writer]:
    with store(tmp_path / "store") as found:
        yield found


@pytest.fixture(scope="module", params=STORES)
def one_store(
    request: pytest.FixtureRequest,
    servers: Callable[[str], str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Writer]:
    """A store for all examples of a property."""
    kind = str(request.param)
    opened = opener(kind, servers)
    if kind != "embedded":
        emptied(servers(kind))
    with opened(tmp_path_factory.mktemp("property") / "store") as found:
        yield found
