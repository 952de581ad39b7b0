"""Starts a server as a process of its own, and finds where it listens."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

_START_SECONDS = 60
_STOP_SECONDS = 20


@contextmanager
def serving(command: Sequence[str], log: Path) -> Iterator[str]:
    """The address of the server that the command starts; it ends with the block.

    Raises:
        RuntimeError: it ends, or a minute passes, before it says ``listening on <address>``.
    """
    with log.open("w", encoding="utf-8") as file:
        process = subprocess.Popen(command, stdout=file, stderr=file)
    try:
        yield _address(process, log)
    finally:
        process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end:
        ended = process.poll() is not None
        said = log.read_text(encoding="utf-8")
        if found := re.search(r"listening on (http://\S+/)", said):
            return found[1]
        if ended:
            raise RuntimeError(f"the server ended with {process.returncode}:\n{said}")
        time.sleep(0.05)
    raise RuntimeError(f"the server does not say where it listens:\n{said}")
