"""What is common to archives of files: which members are documents, and what they are called.

Nothing is ever unpacked to disk, so a name is a name: a path that leads outside, or an absolute
one, is only shown without those parts.
"""

from __future__ import annotations

from testimonia.errors import MetadataError, SourceError
from testimonia.sources.metadata import SIDECAR_SUFFIX, Values, parse_sidecar

MOST_SIDECAR_BYTES = 1_000_000
_NOT_SHOWN = ("", ".", "..")


def shown(name: str) -> str:
    """``name`` as a relative path on one line, with U+FFFD for what cannot be printed."""
    steps = [step for step in name.replace("\\", "/").split("/") if step not in _NOT_SHOWN]
    path = "/".join(steps) or "unnamed"
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in path)


def is_document(name: str) -> bool:
    """Whether a member of this name is one: hidden files, sidecars and macOS's shadows are not."""
    steps = shown(name).split("/")
    hidden = any(step.startswith(".") or step == "__MACOSX" for step in steps)
    return not hidden and not name.endswith((SIDECAR_SUFFIX, "/"))


class Unique:
    """Names that are given once each."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}

    def name(self, name: str) -> str:
        """``name``, with a number where it was given before."""
        count = self._seen[name] = self._seen.get(name, 0) + 1
        return name if count == 1 else self.name(f"{name} ({count})")


def beside(data: bytes | None, name: str) -> Values:
    """What the sidecar of the member ``name`` states.

    Raises:
        SourceError: it cannot be read.
    """
    if data is None:
        return {}
    try:
        return parse_sidecar(data, name + SIDECAR_SUFFIX)
    except MetadataError as error:
        raise SourceError(str(error)) from error
