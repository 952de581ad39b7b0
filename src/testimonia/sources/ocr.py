"""Text layers for pages that have none, by ``ocrmypdf`` (which runs tesseract)."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from testimonia.errors import UnsupportedSource

COMMAND = "ocrmypdf"


def with_text_layer(data: bytes, name: str, seconds: float) -> bytes:
    """The PDF with a text layer on each page; pages that have one keep theirs.

    Raises:
        UnsupportedSource: the command is not installed, fails, or takes longer than ``seconds``.
    """
    command = shutil.which(COMMAND)
    if command is None:
        raise UnsupportedSource(
            f"{name}: {COMMAND} is not installed, so pages without a text layer stay unread"
        )
    with TemporaryDirectory(prefix="testimonia-ocr-") as folder:
        given, made = Path(folder, "given.pdf"), Path(folder, "made.pdf")
        given.write_bytes(data)
        _run([command, "--skip-text", "--quiet", str(given), str(made)], name, seconds)
        try:
            return made.read_bytes()
        except OSError as error:
            raise UnsupportedSource(f"{name}: {COMMAND} made no file of it") from error


def _run(command: list[str], name: str, seconds: float) -> None:
    """Run it in a group of its own: tesseract runs below it, and must end with it."""
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        _, told = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired as error:
        raise UnsupportedSource(
            f"{name}: {COMMAND} took longer than {seconds:g} seconds"
        ) from error
    finally:
        if process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
    if process.returncode:
        why = told.decode("utf-8", "replace").strip().splitlines()
        raise UnsupportedSource(
            f"{name}: {COMMAND} failed ({why[-1] if why else f'exit {process.returncode}'})"
        )
