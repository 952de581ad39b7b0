"""What somebody decided about identity: must-link and cannot-link constraints."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

Local = tuple[str, str]
"""A local entity: the id of its document and its key."""


@dataclass(frozen=True, slots=True)
class Constraints:
    """Pairs of local entities that are one, and pairs that are not, whatever their names say."""

    same: frozenset[tuple[Local, Local]] = frozenset()
    apart: frozenset[tuple[Local, Local]] = frozenset()

    def same_as(self, local: Local) -> Iterator[Local]:
        """The local entities that this one must be linked with, sorted."""
        return _partners(self.same, local)

    def apart_from(self, local: Local) -> Iterator[Local]:
        """Those that it must not be linked with, sorted."""
        return _partners(self.apart, local)


def _partners(pairs: frozenset[tuple[Local, Local]], local: Local) -> Iterator[Local]:
    found = {b if a == local else a for a, b in pairs if local in {a, b}}
    return iter(sorted(found - {local}))
