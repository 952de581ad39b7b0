"""A real server in a process of its own: it serves, keeps connections in step, and ends well."""

from __future__ import annotations

import http.client
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from testimonia.errors import UsageError
from testimonia.library import Archive
from testimonia.web import create_app, serve

_SERVE = """
import sys
from testimonia.library import open_archive
from testimonia.web import create_app, serve
with open_archive(sys.argv[1]) as archive:
    serve(create_app(archive), host="127.0.0.1", port=0)
print("closed")
"""
_SECONDS = 60


@pytest.fixture
def server(archive: Archive, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    folder = shutil.copytree(archive.folder, tmp_path / "served")
    process = subprocess.Popen(
        [sys.executable, "-c", _SERVE, str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    yield process
    process.kill()
    process.communicate(timeout=_SECONDS)


def connect(server: subprocess.Popen[str]) -> http.client.HTTPConnection:
    assert server.stderr is not None
    listening = re.search(r"listening on http://127\.0\.0\.1:(\d+)/", server.stderr.readline())
    assert listening is not None
    return http.client.HTTPConnection("127.0.0.1", int(listening[1]), timeout=_SECONDS)


def test_one_connection_stays_in_step(server: subprocess.Popen[str]) -> None:
    connection = connect(server)
    expected = [
        ("HEAD", "/sparql?query=nonsense", 400, b""),
        ("GET", "/healthz", 200, b'{"status":"ok"'),
        ("HEAD", "/nothing", 404, b""),
        ("OPTIONS", "/sparql", 204, b""),
        ("GET", "/sparql?query=ASK%7B%7D", 200, b'{"head":{}'),
        ("HEAD", "/", 200, b""),
        ("GET", "/static/style.css", 200, b"/*"),
    ]
    for method, path, status, beginning in expected:
        connection.request(method, path)
        response = connection.getresponse()
        body = response.read()
        assert (response.status, body[: len(beginning)]) == (status, beginning)
        assert bool(body) == bool(beginning)
    connection.close()


def test_it_ends_well_when_asked(server: subprocess.Popen[str]) -> None:
    with closing(connect(server)) as connection:
        connection.request("GET", "/sparql?query=ASK%7B%7D")
        assert connection.getresponse().status == 200
    server.send_signal(signal.SIGTERM)
    output, log = server.communicate(timeout=_SECONDS)
    assert (server.returncode, output) == (0, "closed\n")
    assert "GET /sparql?query=ASK%7B%7D" in log
    assert "Traceback" not in log


def test_a_port_in_use_is_told(archive: Archive, server: subprocess.Popen[str]) -> None:
    port = connect(server).port
    with pytest.raises(UsageError, match=f"cannot listen on port {port} of 127.0.0.1: .*--port"):
        serve(create_app(archive), host="127.0.0.1", port=port)
