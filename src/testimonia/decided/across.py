"""Merges and splits of entities that linking compares: carried out by linking itself, so that what
later documents are compared with is what people decided."""

from __future__ import annotations

from collections.abc import Mapping

from testimonia.catalog import Catalog
from testimonia.crossref import DECIDED, Changing, Constraints
from testimonia.decided.scene import Scene
from testimonia.deciding import Local, Pairs
from testimonia.store import Writer


class Across:
    """The merges and splits of a scene, for entities that have profiles."""

    def __init__(self, catalog: Catalog, writer: Writer, scene: Scene) -> None:
        self._catalog = catalog
        self._scene = scene
        self._changing = Changing(catalog, writer)

    def run(self, ruled: Pairs) -> bool:
        """Make identities what they say. Returns whether any was not."""
        mine = self._profiled()
        if not mine or not self._has_to_change(ruled, mine):
            return False
        # What an earlier decision moved is decided anew: it may have been taken back.
        moved = {
            (each.document, each.key)
            for path in set(mine.values())
            for each in self._catalog.members(path)
            if each.because == DECIDED.because
        }
        self._changing.relink({*mine, *moved}, constraints(ruled))
        for cluster in ruled.clusters():
            now = self._profiled()
            paths = list(dict.fromkeys(now[each] for each in cluster if each in now))
            for other in paths[1:]:
                paths[0] = self._changing.merge(paths[0], other)
        return True

    def _profiled(self) -> dict[Local, str]:
        """The local entities that the decisions are on and that have profiles, with their paths."""
        decided = {each for sides in self._scene.sides.values() for side in sides for each in side}
        return {
            (document, key): path
            for document in {document for document, _ in decided}
            for key, path in self._catalog.identities(document).items()
            if (document, key) in decided and key in self._catalog.profiles(document)
        }

    def _has_to_change(self, ruled: Pairs, mine: Mapping[Local, str]) -> bool:
        if any(each.withdrawn is not None for each in self._scene.decisions.values()):
            return True
        both = [pair for pair in ruled.same if mine.keys() >= set(pair)]
        parted = [pair for pair in ruled.apart if mine.keys() >= set(pair)]
        return any(mine[a] != mine[b] for a, b in both) or any(
            mine[a] == mine[b] for a, b in parted
        )


def constraints(ruled: Pairs) -> Constraints:
    """The same, as linking takes them."""
    return Constraints(same=ruled.same, apart=ruled.apart)
