"""The change that is under way, on disk before the first of its requests is sent.

A remote store may need several requests for a change, may end between two, or be cut off when
nobody knows whether it has done the last. Each request removes or brings what is written out in it,
so that to send them all once more gives what to send them once does: whoever opens the store for
writing next does that first.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from testimonia.errors import StoreError

FILE: Final = "journal.json"


class Journal:
    """The journal of the store in ``directory``, for its one writer."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / FILE

    def write(self, updates: Sequence[str]) -> None:
        """Keep these requests until ``clear``; on disk when this returns.

        Raises:
            StoreError: the disk refused.
        """
        unfinished = self._path.with_name(f"{FILE}.new")
        try:
            with unfinished.open("w", encoding="utf-8") as file:
                json.dump(list(updates), file, ensure_ascii=False)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(self._path)
        except (OSError, UnicodeEncodeError) as error:
            raise StoreError(f"{self._path} cannot be written: {error}") from error

    def clear(self) -> None:
        """All has been done."""
        self._path.unlink(missing_ok=True)

    def left(self) -> list[str]:
        """The requests of a change that may not have been finished.

        Raises:
            StoreError: the journal cannot be read.
        """
        try:
            return [str(each) for each in json.loads(self._path.read_text("utf-8"))]
        except FileNotFoundError:
            return []
        except (OSError, ValueError) as error:
            raise StoreError(f"{self._path} cannot be read: {error}") from error
