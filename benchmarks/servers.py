"""The servers that are compared: ours, ``oxigraph serve`` and ``rdflib-endpoint``.

The two others come from the package index into virtual environments of their own; they are no
dependencies of the project.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import RdfFormat, Store

_PATIENCE_SECONDS = 600
_EMPTY = """
import sys, uvicorn
async def app(scope, receive, send):
    if scope["type"] == "http":
        headers = [(b"content-type", b"text/plain"), (b"content-length", b"2")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"ok"})
uvicorn.run(app, port=int(sys.argv[1]), log_level="error", lifespan="off", ws="none")
"""


@dataclass(frozen=True)
class Server:
    """A server that listens; ``path`` is its query endpoint."""

    name: str
    port: int
    path: str
    pid: int
    version: str = ""


def environment(folder: Path, package: str, requirement: str) -> Path:
    """The ``bin`` of a virtual environment with the package."""
    home = folder / package
    if not (home / "ready").exists():
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True, timeout=300)
        command = [str(home / "bin" / "pip"), "install", "--quiet", requirement]
        subprocess.run(command, check=True, timeout=600, stderr=subprocess.DEVNULL)
        (home / "ready").touch()
    return home / "bin"


def version(binaries: Path, package: str) -> str:
    """The version that is installed there."""
    script = f"import importlib.metadata as m; print(m.version({package!r}))"
    command = [str(binaries / "python"), "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return done.stdout.strip()


@contextmanager
def testimonia(folder: Path, data: Path, *options: str) -> Iterator[Server]:
    """``testimonia serve --plain`` on the data."""
    from testimonia import __version__

    folder.mkdir()
    store = Store(folder / "live")
    store.bulk_load(path=str(data), format=RdfFormat.N_TRIPLES)
    store.flush()
    del store
    port = free_port()
    command = [sys.executable, "-m", "testimonia", "serve", "--plain", str(folder)]
    with _running([*command, "--port", str(port), *options], port) as pid:
        yield Server("testimonia", port, "/sparql", pid, __version__)


@contextmanager
def oxigraph(folder: Path, data: Path, venvs: Path) -> Iterator[Server]:
    """``oxigraph serve`` on the data."""
    binaries = environment(venvs, "oxigraph", "oxigraph")
    binary = str(binaries / "oxigraph")
    load = [binary, "load", "--location", str(folder), "--file", str(data)]
    subprocess.run(load, check=True, timeout=_PATIENCE_SECONDS, capture_output=True)
    port = free_port()
    command = [binary, "serve", "--location", str(folder), "--bind", f"127.0.0.1:{port}"]
    with _running(command, port) as pid:
        yield Server("oxigraph", port, "/query", pid, version(binaries, "oxigraph"))


@contextmanager
def rdflib_endpoint(data: Path, venvs: Path) -> Iterator[Server]:
    """``rdflib-endpoint serve`` on the data."""
    binaries = environment(venvs, "rdflib-endpoint", "rdflib-endpoint[cli]")
    port = free_port()
    command = [str(binaries / "rdflib-endpoint"), "serve", "--port", str(port), str(data)]
    with _running(command, port) as pid:
        yield Server("rdflib-endpoint", port, "/", pid, version(binaries, "rdflib-endpoint"))


@contextmanager
def empty() -> Iterator[Server]:
    """An application that does nothing, on uvicorn."""
    port = free_port()
    with _running([sys.executable, "-c", _EMPTY, str(port)], port) as pid:
        yield Server("empty", port, "/", pid)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def _running(command: list[str], port: int) -> Iterator[int]:
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + _PATIENCE_SECONDS
        while not _answers(port):
            if process.poll() is not None or time.monotonic() > until:
                raise SystemExit(f"{' '.join(command)} does not serve")
            time.sleep(0.1)
        yield process.pid
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _answers(port: int) -> bool:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True
