"""SPARQL stores of others that run for tests: on loopback, for a bounded time, ended by their
process."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import httpx
import pytest

from testimonia.endpoints import address as addresses
from testimonia.endpoints import detection
from testimonia.endpoints.client import Client
from testimonia.store import Writer

Opened = Callable[[Path], AbstractContextManager[Writer]]
"""Opens a store for a directory."""

_START_SECONDS = 60
# Should a test end without its fixtures, nothing stays longer than this.
_LONGEST_SECONDS = "3000"
_INI = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
ErrorLogLevel = 7
FileExtend = 200
MaxCheckpointRemap = 2000
Striping = 0
TempStorage = TempDatabase
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
MaxCheckpointRemap = 2000
Striping = 0
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
MaxClientConnections = 10
CheckpointInterval = 60
CaseMode = 2
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 10
[SPARQL]
ResultSetMaxRows = 10000
"""


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def oxigraph_program() -> str | None:
    """The server of the package ``oxigraph``, beside this Python or in the path."""
    beside = Path(sys.executable).with_name("oxigraph")
    return str(beside) if beside.exists() else shutil.which("oxigraph")


@contextmanager
def oxigraph(location: Path | None = None, port: int | None = None) -> Iterator[str]:
    """A running ``oxigraph serve``; the address of its query endpoint, as users write it."""
    program = oxigraph_program()
    if program is None:
        pytest.skip("the package oxigraph is not installed")
    port = port or free_port()
    command = [program, "serve", "--bind", f"127.0.0.1:{port}"]
    command += ["--location", str(location)] if location else []
    with running(command, f"http://127.0.0.1:{port}/"):
        yield f"sparql+http://127.0.0.1:{port}/query"


@contextmanager
def virtuoso(folder: Path) -> Iterator[str]:
    """A running Virtuoso whose database is in ``folder``, in which everybody may update."""
    if not (shutil.which("virtuoso-t") and shutil.which("isql-vt")):
        pytest.skip("Virtuoso is not installed (Debian: virtuoso-opensource-7)")
    sql, http = free_port(), free_port()
    (folder / "virtuoso.ini").write_text(_INI.format(sql=sql, http=http))
    command = ["virtuoso-t", "-f", "-c", "virtuoso.ini"]
    with running(command, f"http://127.0.0.1:{http}/sparql", folder):
        subprocess.run(
            ["isql-vt", f"127.0.0.1:{sql}", "dba", "dba"],
            input='grant SPARQL_UPDATE to "SPARQL";\n',
            text=True,
            check=True,
            capture_output=True,
            timeout=_START_SECONDS,
        )
        yield f"sparql+http://127.0.0.1:{http}/sparql"


@contextmanager
def running(command: list[str], url: str, folder: Path | None = None) -> Iterator[None]:
    process = subprocess.Popen(
        ["timeout", "--foreground", _LONGEST_SECONDS, *command],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _await(process, url)
        yield
    finally:
        process.terminate()  # timeout(1) hands it on
        try:
            process.wait(_START_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await(process: subprocess.Popen[bytes], url: str) -> None:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            pytest.fail(f"{url}: its server ended with status {process.returncode}")
        try:
            httpx.get(url, timeout=5, trust_env=False)
        except httpx.HTTPError:
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"{url} did not answer")


def emptied(address: str) -> None:
    """Take everything out of a store."""
    target = detection.detected(addresses.parse(address), "urn:x:view", "urn:x:store")
    with Client(target) as client:
        with client.results(target.kind.graph_names) as rows:
            names = [row[0].value for row in rows]  # type: ignore[union-attr]
        own = target.kind.own_graphs
        drops = [f"DROP SILENT GRAPH <{each}>" for each in names if each not in own]
        for drop in [*drops, *(["CLEAR DEFAULT"] if target.kind.stored_view else [])]:
            client.update(drop)
