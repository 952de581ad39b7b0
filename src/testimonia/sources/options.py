"""How sources are read: what a user may ask for, and the bounds that every reader keeps."""

from __future__ import annotations

from dataclasses import dataclass

from testimonia.settings import OCR_SECONDS

MAX_BYTES = 50_000_000


@dataclass(frozen=True, slots=True)
class Options:
    """What readers are told.

    ``max_bytes`` is the largest single document, in bytes; a container may be larger, since it is
    read piece by piece. ``max_parts`` is how many documents one file may give, ``max_depth`` how
    deep containers may stand in one another. ``seconds`` is how long one document may take a
    format that is read in a process of its own. With ``ocr`` pages without a text layer are read
    by ``ocrmypdf``, where it is installed, for at most ``ocr_seconds``.
    """

    max_bytes: int = MAX_BYTES
    max_parts: int = 100_000
    max_depth: int = 8
    seconds: float = 120.0
    ocr: bool = False
    ocr_seconds: float = OCR_SECONDS

    def most_bytes_of(self, size: int) -> int:
        """How many bytes the parts of a file of ``size`` bytes may have together: text is seldom
        compressed to less than a twentieth, and what is refused must not fill a disk."""
        return 1_000_000_000 + 20 * size


DEFAULT = Options()
