"""Readers that die of some texts: what the language model does when memory runs out."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from fakes import FakeReader
from testimonia.errors import SettingsError
from testimonia.model import Reading, Text


class DeadlyReader(FakeReader):
    """Reads as the fake does, unless a text says otherwise."""

    def read(self, text: Text) -> Reading:
        """A reading, if the process lives."""
        words = text.content.split()
        if "SEGV" in words:
            os.kill(os.getpid(), signal.SIGSEGV)
        if "KILL" in words:
            os.kill(os.getpid(), signal.SIGKILL)
        if "ONCE" in words and not (marker := Path(words[-1])).exists():
            marker.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        if "HUGE" in words:
            bytearray(2**36)
        while "WAIT" in words:
            pass
        if "SLOW" in words:
            time.sleep(0.2)
        if "NOTED" in words:
            with Path(words[-1]).open("a", encoding="utf-8") as notes:
                notes.write(f"{words[0]}\n")
        if "BUG" in words:
            raise KeyError("bug")
        return super().read(text)


def make() -> DeadlyReader:
    """What the other process reads with."""
    return DeadlyReader()


def make_none() -> DeadlyReader:
    """What cannot be made."""
    raise SettingsError("there is no such pipeline")


def die() -> DeadlyReader:
    """What does not come to be."""
    os._exit(7)


def name() -> str:
    """What it is called."""
    return DeadlyReader().extractor


def name_in(process: int) -> str:
    """What it is called in one process; in others it is another."""
    return name() if os.getpid() == process else "fake 2"
