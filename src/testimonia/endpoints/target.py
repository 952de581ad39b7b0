"""A remote store as an archive's folder remembers it: where, of which kind, and what was found."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from testimonia.endpoints.kinds import KINDS, Kind
from testimonia.errors import StoreError

FILE: Final = "remote.json"


@dataclass(frozen=True, slots=True)
class Target:
    """``written`` is the address as its user wrote it, the others whole URLs. ``view`` is the graph
    that holds the reading view; empty for the store's default graph. ``hidden`` are graphs that are
    no part of the archive. ``most_rows`` is where the store cuts results short; 0: nowhere."""

    written: str
    kind_name: str
    query: str
    update: str
    graph_store: str | None
    view: str
    hidden: tuple[str, ...]
    most_rows: int = 0

    @property
    def kind(self) -> Kind:
        """What is known of stores of this kind."""
        return KINDS[self.kind_name]

    def write(self, folder: Path) -> None:
        """Remember it in ``folder``; whole, or not at all."""
        unfinished = folder / f"{FILE}.new"
        unfinished.write_text(json.dumps(asdict(self), indent=1) + "\n", "utf-8")
        os.replace(unfinished, folder / FILE)  # noqa: PTH105


def is_remote(folder: Path) -> bool:
    """Whether the store of this folder is another's server."""
    return (folder / FILE).is_file()


def read(folder: Path) -> Target:
    """What ``folder`` remembers.

    Raises:
        StoreError: that cannot be read.
    """
    try:
        found = json.loads((folder / FILE).read_text("utf-8"))
        target = Target(**{**found, "hidden": tuple(found["hidden"])})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(f"{folder / FILE} cannot be read: {error}") from error
    if target.kind_name not in KINDS:
        raise StoreError(f"{folder / FILE} has a store of the unknown kind {target.kind_name!r}")
    return target
