"""A real ``testimonia serve`` in a process of its own."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

_SECONDS = 60
_LISTENING = re.compile(r"listening on http://127\.0\.0\.1:(\d+)/")


@dataclass
class Served:
    """A server that runs; its log grows in ``lines``."""

    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)
    port: int = 0
    listening: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def client(self, seconds: float = _SECONDS) -> httpx.Client:
        return httpx.Client(base_url=self.url, timeout=seconds)

    def connect(self, seconds: float = _SECONDS) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=seconds)

    def terminate(self) -> None:
        self.process.send_signal(signal.SIGTERM)

    def log(self) -> str:
        return "".join(self.lines)

    def family(self) -> list[int]:
        """The server's process and those it has started."""
        children = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        found = [int(pid) for each in children for pid in each.read_text().split()]
        return [self.process.pid, *found]

    def memory(self) -> int:
        """Bytes that they hold in memory, together."""
        return sum(_resident(pid) for pid in self.family())

    def _follow(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.lines.append(line)
            if found := _LISTENING.search(line):
                self.port = int(found[1])
                self.listening.set()


def _resident(pid: int) -> int:
    try:
        pages = Path(f"/proc/{pid}/statm").read_text().split()[1]
    except (OSError, IndexError):
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


@contextmanager
def serving(*options: str) -> Iterator[Served]:
    """``testimonia serve`` with these options, on a port of its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "testimonia", "serve", "--port", "0", *options],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    served = Served(process)
    reader = threading.Thread(target=served._follow, daemon=True)
    reader.start()
    try:
        assert served.listening.wait(_SECONDS), served.log()
        yield served
    finally:
        process.kill()
        process.wait(_SECONDS)
        reader.join(_SECONDS)
        if process.stderr is not None:
            process.stderr.close()


def read_to_end(connection: socket.socket) -> bytes:
    """Everything that comes until the other side closes, or resets, the connection."""
    pieces = []
    try:
        while data := connection.recv(65536):
            pieces.append(data)
    except ConnectionResetError:
        pass
    return b"".join(pieces)
