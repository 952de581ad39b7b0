"""One process writes a store: the lock, and a note that tells the others who has it."""

from __future__ import annotations

import json
import os
import socket
import sys
import time
from pathlib import Path

from filelock import FileLock, Timeout

from testimonia.errors import ArchiveError, ArchiveLocked

_LOCK = "lock"
# Beside the lock and not in it: whoever merely tries a FileLock truncates its file.
_OWNER = "owner.json"
# A backup has it for a moment at its beginning.
_SOON_OVER = " backup)"
_PATIENCE_SECONDS = 10.0
# Who takes the lock, or lets go of it, has it for a moment without the note.
_SOMEBODY = "another process"
_BETWEEN_SECONDS = 1.0


class StoreLock:
    """The right to write in ``directory``, held from creation to ``release``.

    The operating system takes the lock back when the process ends, however it ends.

    Raises:
        ArchiveLocked: another process (or this one) has it; the message says which.
        ArchiveError: the directory cannot be written.
    """

    def __init__(self, directory: Path) -> None:
        self._owner = directory / _OWNER
        self._lock = FileLock(directory / _LOCK, blocking=False, thread_local=False)
        begun = time.monotonic()
        while not self._acquired(directory):
            holder = owner(directory)
            if time.monotonic() - begun > _patience(holder):
                raise ArchiveLocked(f"{directory} is in use by {holder}; wait for it or stop it")
            time.sleep(0.1)
        self._owner.write_text(json.dumps(_myself()), encoding="utf-8")

    def _acquired(self, directory: Path) -> bool:
        try:
            self._lock.acquire()
        except Timeout:
            return False
        except OSError as error:
            raise ArchiveError(f"{directory} cannot be locked: {error.strerror}") from error
        return True

    def release(self) -> None:
        """Let the next one in; a second call does nothing."""
        if self._lock.is_locked:
            self._owner.unlink(missing_ok=True)
            self._lock.release()


def _patience(holder: str) -> float:
    if holder.endswith(_SOON_OVER):
        return _PATIENCE_SECONDS
    return _BETWEEN_SECONDS if holder == _SOMEBODY else 0


def owner(directory: Path) -> str:
    """Who has the lock, in words: ``process 4711 on host (testimonia serve)``."""
    try:
        note = json.loads((directory / _OWNER).read_text(encoding="utf-8"))
        return f"process {note['pid']} on {note['host']} ({note['command']})"
    except (OSError, ValueError, KeyError, TypeError):
        return _SOMEBODY


def _myself() -> dict[str, str | int]:
    # The command's name and verb alone: further arguments may be private.
    words = [Path(sys.argv[0]).name or "python", *sys.argv[1:2]]
    return {"pid": os.getpid(), "host": socket.gethostname(), "command": " ".join(words)}
