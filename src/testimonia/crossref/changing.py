"""Changes of identity that somebody decided: entities merged, parted, linked anew.

Each changes the record in one transaction, then ``graph/entities`` and with it the reading view
in one; what is cut short between the two is finished by :meth:`Changing.settle`. The cost grows
with the local entities that change, and not with the archive. Nothing else changes: document
graphs know local entities alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from testimonia.catalog import Catalog, Profiled
from testimonia.crossref.candidates import as_profile, counted
from testimonia.crossref.entities import DECIDED, Entities, why_found
from testimonia.crossref.graph import LinkGraph
from testimonia.errors import UsageError
from testimonia.linking import Found
from testimonia.linking.constraints import Constraints, Local
from testimonia.linking.profiles import Profile
from testimonia.linking.weights import weights
from testimonia.store import Writer

SHOWN: Final = Found(weights().threshold, ("another document has the names of both",))


@dataclass(frozen=True, slots=True)
class Changing:
    """Changes identities in one archive; for the one who has the store's lock."""

    catalog: Catalog
    writer: Writer

    def merge(self, one: str, other: str, why: Found = DECIDED) -> str:
        """Let two canonical entities (paths, "actor/…") be one.

        Returns the path that stays, the one that was there first; the other leads to it from now
        on.

        Raises:
            UsageError: one of them is no entity that could be merged, or the two are of two kinds.
        """
        stays, moved = self._record_merge(one, other, why)
        self._line_up(moved)
        return stays

    def _record_merge(self, one: str, other: str, why: Found) -> tuple[str, list[Local]]:
        """What stays, and the local entities that were the other one."""
        first, second = sorted((self._number(one), self._number(other)))
        paths = {self._number(path): path for path in (one, other)}
        stays, goes = paths[first], paths[second]
        if first == second:
            return stays, []
        if stays.partition("/")[0] != goes.partition("/")[0]:
            raise UsageError(f"{one} and {other} are of two kinds: they cannot be one")
        moved = self.catalog.locals_of(goes)
        with self.catalog.together():
            self._move(moved, stays, why)
            self.catalog.retire({goes: stays}, back=[stays])
        return stays, moved

    def split(self, canonical: str, locals_: Sequence[Local]) -> str:
        """Part these local entities from the canonical one (a path), to be one of their own.

        Returns its path. The canonical entity keeps its id and all others.

        Raises:
            UsageError: one of them is not that entity, or no other would be left.
        """
        members = self.catalog.locals_of(canonical)
        chosen = [each for each in members if each in set(locals_)]
        if not chosen or len(chosen) != len(set(locals_)):
            raise UsageError(f"not all of these are {canonical}: nothing was parted")
        if len(chosen) == len(members):
            raise UsageError(f"these are all that {canonical} is: nothing would be left of it")
        label = self._label_of(*chosen[0])
        with self.catalog.together():
            kind = canonical.partition("/")[0]
            path = Entities(self.catalog).new_path(kind, *chosen[0])
            self.catalog.mint(path, kind, label)
            self._move(chosen, path, DECIDED)
            self.catalog.retire({}, back=[path])
        self._line_up(chosen)
        return path

    def relink(self, locals_: Iterable[Local], constraints: Constraints) -> None:
        """Decide anew which canonical entities these local ones are, as ``constraints`` allow.

        Local entities that no other document could have are left as they are.
        """
        chosen = sorted(set(locals_))
        entities = Entities(self.catalog, lambda _: constraints)
        with self.catalog.together():
            for local in chosen:
                kept = self.catalog.profiles(local[0]).get(local[1])
                if kept is not None:
                    self._decide(entities, kept, constraints)
        self._line_up(chosen)

    def join(self, doubles: Iterable[tuple[str, str]]) -> None:
        """Merge in the record what a document showed to be one, unless it has gone into another
        meanwhile. ``line_up`` and then, when the store is flushed, the record's
        ``settle_relinked`` finish it."""
        for one, other in doubles:
            if self.catalog.number_of(one) and self.catalog.number_of(other):
                self._record_merge(one, other, SHOWN)

    def line_up(self) -> None:
        """Let the graph say what the record says of all documents that are noted as linked anew."""
        noted = self.catalog.relinked()
        if noted:
            locals_ = ((d, key) for d in noted for key in self.catalog.identities(d))
            LinkGraph(self.catalog, self.writer).line_up(locals_)

    def settle(self) -> None:
        """Finish what was cut short."""
        if self.catalog.relinked():
            self.line_up()
            self.writer.flush()
            self.catalog.settle_relinked()

    def _decide(self, entities: Entities, kept: Profiled, constraints: Constraints) -> None:
        profile = as_profile(kept)
        others = self.catalog.profiles(kept.document)
        del others[kept.key]
        present: dict[str, list[Profile]] = {}
        for each in others.values():
            present.setdefault(each.entity, []).append(as_profile(each))
        self.catalog.detach(kept, counted(profile))
        common = entities.candidates.common([profile])
        verdict = entities.verdict(profile, common, constraints, present)
        label = profile.names[0]
        kind = kept.entity.partition("/")[0]
        if verdict:
            path, why = verdict.canonical.path, why_found(verdict)
        else:
            alone = self.catalog.number_of(kept.entity) is None
            path = kept.entity if alone else entities.new_path(kind, kept.document, kept.key)
            why = None
        entities.attach(profile, path, label, why)
        self.catalog.move(kept.document, kept.key, path)
        self.catalog.note_relinked([kept.document])
        if path != kept.entity:
            gone = {} if self.catalog.is_in_use(kept.entity) else {kept.entity: path}
            self.catalog.retire(gone, back=[path])

    def _move(self, locals_: Sequence[Local], path: str, why: Found) -> None:
        """Let local entities be the canonical one at ``path``, which has a label."""
        for document, key in locals_:
            kept = self.catalog.profiles(document).get(key)
            self.catalog.move(document, key, path)
            if kept is not None:
                profile = as_profile(kept)
                self.catalog.detach(kept, counted(profile))
                Entities(self.catalog).attach(profile, path, profile.names[0], why)
        self.catalog.note_relinked({document for document, _ in locals_})

    def _line_up(self, locals_: Iterable[Local]) -> None:
        LinkGraph(self.catalog, self.writer).line_up(locals_)
        self.writer.flush()
        self.catalog.settle_relinked()

    def _label_of(self, document: str, key: str) -> str:
        kept = self.catalog.profiles(document).get(key)
        if kept is None:
            raise UsageError(f"document {document} has no entity {key} that could be parted")
        return kept.names[0]

    def _number(self, path: str) -> int:
        number = self.catalog.number_of(path)
        if number is None:
            raise UsageError(
                f"{path} is no entity that could be merged: it is of one document alone by what it"
                " is (a description, an event), or the gazetteer's"
            )
        return number
