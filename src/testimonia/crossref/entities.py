"""Entities across documents: which of the archive's each local one is.

A document is compared with the archive's entities (never with other documents one by one), and
with those alone that stand under one of its names' keys. What was found is recorded, with its
reasons, and stays while the document's own profile and the rules stay: a rebuild gives the same
links. Document graphs are never touched.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from testimonia.catalog import Catalog, Near, Profiled
from testimonia.crossref.candidates import Candidates, as_profile, counted, surroundings
from testimonia.crossref.profiling import profiles
from testimonia.identity import entity_id
from testimonia.linking import Found, Links, link
from testimonia.linking.agreement import Agreement
from testimonia.linking.constraints import Constraints, Local
from testimonia.linking.deciding import Verdict, nearest
from testimonia.linking.labels import is_better
from testimonia.linking.profiles import Canonical, Kind, Profile
from testimonia.linking.same_document import may_join
from testimonia.linking.weights import weights
from testimonia.model import Document, LocalEntity, Reading

RULES: Final = 2
SCHEME: Final = f"{RULES} {weights().digest}"
"""Names the rules by which profiles are made and linked: ``RULES`` counts changes of the code."""

_SUREST: Final = 0.999
_NEAR: Final = 0.3  # from this probability on somebody may be asked
DECIDED: Final = Found(1.0, ("a decision",))


def unconstrained(_: str) -> Constraints:
    """Of no document anything was decided."""
    return Constraints()


@dataclass(slots=True)
class Entities:
    """Links the entities of one archive's documents.

    ``constraints`` gives for the id of a document what was decided about its local entities.
    """

    catalog: Catalog
    constraints: Callable[[str], Constraints] = unconstrained
    candidates: Candidates = field(init=False)

    def __post_init__(self) -> None:
        self.candidates = Candidates(self.catalog)

    def link(
        self, document: Document, reading: Reading, entities: tuple[LocalEntity, ...]
    ) -> Links:
        """The links of a document's entities, recorded; in the place of those it had."""
        with self.catalog.together():
            return self.link_profiles(document.id, profiles(document, reading), entities)

    def recorded(self, document: str) -> Links:
        """The links of a document's entities as they are recorded."""
        canonical = self.catalog.identities(document)
        labels = self.catalog.labels(set(canonical.values()))
        return Links(canonical, labels, _found(self.catalog.profiles(document)))

    def remove(self, document: str) -> None:
        """Let what the archive knows of its entities be as if the document had never been there.

        Its identities stay recorded, for when it comes back."""
        with self.catalog.together():
            self._take_away(self.catalog.profiles(document).values())
            self.catalog.keep_near(document, ())

    def forget(self, document: str) -> list[Local]:
        """``remove``, and no name that only this document has stays in labels and reasons.

        Returns local entities of others of which the graph says something else now.
        """
        changed: list[Local] = []
        with self.catalog.together():
            self._take_away(self.catalog.profiles(document).values())
            self.catalog.keep_near(document, ())
            self.catalog.drop_near(self.catalog.identities(document).values())
            for path in sorted(
                self.catalog.with_profiles(self.catalog.identities(document).values())
            ):
                changed += self._with_own_names(path)
            self.catalog.note_relinked({each for each, _ in changed})
        return changed

    def _with_own_names(self, path: str) -> Iterator[Local]:
        """Let label and reasons of an entity have names alone that its documents have."""
        members = self.catalog.members(path)
        names = {name for each in members for name in each.names}
        if self.catalog.label(path) not in names:
            label = members[0].names[0]
            for each in members[1:]:
                if is_better(each.names[0], label, Kind(each.kind)):
                    label = each.names[0]
            self.catalog.relabel(path, label)
            yield members[0].document, members[0].key
        for each in members:
            told = [_unquoted(reason, names) for reason in each.because]
            if told != list(each.because):
                self.catalog.reword(each.document, each.key, told)
                yield each.document, each.key

    def are_outdated(self) -> bool:
        """Whether links were made by other rules than these: a rebuild makes them anew."""
        return self.catalog.has_other_schemes(SCHEME)

    def renew(self) -> None:
        """Forget what is known of entities where it was made by other rules, or never: each
        document's are then linked anew as it is derived again, in that order."""
        if self.are_outdated():
            self.catalog.clear_profiles()

    # ------------------------------------------------------------------------ one document

    def link_profiles(
        self, document: str, made: tuple[Profile, ...], entities: tuple[LocalEntity, ...]
    ) -> Links:
        """``link`` for profiles that were made before."""
        known = self.catalog.identities(document)
        kept = self.catalog.profiles(document)
        named = {entity.key: entity for entity in entities}
        wanted = {each.key: each for each in made if each.key in named}
        if _are_same(kept, wanted):
            canonical = {key: known[key] for key in wanted}
            found = _found(kept)
            doubles: tuple[tuple[str, str], ...] = ()
        else:
            canonical, found, doubles = self._decide_all(document, kept, wanted, named, known)
        others = tuple(each for each in entities if each.key not in wanted)
        canonical |= self._others(document, others, known)
        links = Links(canonical, self._labels(named, canonical), found, doubles)
        self.catalog.identify(document, canonical, links.kinds)
        self._retire(known, canonical)
        return links

    def _decide_all(
        self,
        document: str,
        kept: Mapping[str, Profiled],
        wanted: Mapping[str, Profile],
        named: Mapping[str, LocalEntity],
        known: Mapping[str, str],
    ) -> tuple[dict[str, str], dict[str, Found], tuple[tuple[str, str], ...]]:
        self._take_away(kept.values())
        common = self.candidates.common(wanted.values())
        constraints = self.constraints(document)
        canonical: dict[str, str] = {}
        found: dict[str, Found] = {}
        present: dict[str, list[Profile]] = {}  # the document's own, by canonical path
        doubles: list[tuple[str, str]] = []
        near: list[Near] = []
        for profile in sorted(wanted.values(), key=lambda each: each.rank):
            entity = named[profile.key]
            likely = self.nearest(profile, common, constraints, present)
            verdict = likely if likely and likely.is_sure else None
            path = verdict.canonical.path if verdict else self._mint(profile, entity, known)
            why = why_found(verdict)
            self.attach(profile, path, entity.label, why)
            canonical[profile.key] = path
            present.setdefault(path, []).append(profile)
            if constraints != Constraints():  # what linking by itself would ask stays a question
                likely = self.nearest(profile, common, Constraints(), present)
            if likely and not likely.is_sure and likely.probability >= _NEAR:
                near.append(_near(profile, likely))
            if verdict and why:
                found[profile.key] = why
                doubles += [(path, each.path) for each in verdict.doubles]
        self.catalog.keep_near(document, near)
        if wanted:
            self.catalog.count_document(surroundings(wanted.values()), 1)
        shown = (pair for pair in doubles if pair[1] not in present and not self._are_apart(*pair))
        return canonical, found, tuple(dict.fromkeys(shown))

    def _are_apart(self, one: str, other: str) -> bool:
        """Whether it was decided of some of two entities' local ones that they are two."""
        theirs = set(self.catalog.locals_of(one))
        return any(
            not theirs.isdisjoint(self.constraints(local[0]).apart_from(local))
            for local in self.catalog.locals_of(other)
        )

    def verdict(
        self,
        profile: Profile,
        common: frozenset[str],
        constraints: Constraints,
        present: Mapping[str, list[Profile]],
    ) -> Verdict | None:
        """Which of the archive's entities a local one is; ``present`` are those that the document
        has already, with its local entities that are they."""
        found = self.nearest(profile, common, constraints, present)
        return found if found and found.is_sure else None

    def nearest(
        self,
        profile: Profile,
        common: frozenset[str],
        constraints: Constraints,
        present: Mapping[str, list[Profile]],
    ) -> Verdict | None:
        """``verdict``, also where that is not sure."""
        local = (profile.document, profile.key)
        for other in constraints.same_as(local):
            if canonical := self._of(other, profile):
                return Verdict(canonical, 1.0, DECIDED.because)
        apart = {self.catalog.identities(d).get(key) for d, key in constraints.apart_from(local)}
        candidates = [
            each
            for each in self.candidates.of(profile)
            if each.path not in apart
            and all(may_join(profile, other) for other in present.get(each.path, ()))
        ]
        return nearest(profile, candidates, common)

    def attach(self, profile: Profile, path: str, label: str, why: Found | None) -> None:
        """Record that a local entity is the canonical one at ``path``."""
        kind = path.partition("/")[0]
        self.catalog.mint(path, kind, label)
        old = self.catalog.label(path)
        if old is not None and not profile.stated and is_better(label, old, profile.kind):
            self.catalog.relabel(path, label)
        confidence, because = (why.confidence, why.because) if why else (None, ())
        kept = Profiled(
            *(profile.document, profile.key, profile.kind.value, profile.names, profile.traits),
            *(profile.stated, SCHEME, path, confidence, because),
        )
        self.catalog.attach(kept, counted(profile))

    def _of(self, local: tuple[str, str], profile: Profile) -> Canonical | None:
        path = self.catalog.identities(local[0]).get(local[1])
        number = self.catalog.number_of(path) if path else None
        return None if number is None else self.candidates.canonical(number, profile.traits)

    def _take_away(self, gone: Collection[Profiled]) -> None:
        for each in gone:
            self.catalog.detach(each, counted(as_profile(each)))
        if gone:
            self.catalog.count_document(surroundings(map(as_profile, gone)), -1)

    def _mint(self, profile: Profile, entity: LocalEntity, known: Mapping[str, str]) -> str:
        """The id that it had, else one made of the document and the key; another where entities
        of other documents have come to bear it."""
        recorded = known.get(profile.key, "")
        if recorded.startswith(f"{entity.kind}/") and self._is_free(recorded):
            return recorded
        return self.new_path(entity.kind, profile.document, profile.key)

    def new_path(self, kind: str, document: str, key: str) -> str:
        """A canonical path that nobody bears, minted from a local entity."""
        number = 1
        while True:
            minted = (
                f"{kind}/{entity_id(kind, document, key if number == 1 else f'{key}~{number}')}"
            )
            if self._is_free(minted):
                return minted
            number += 1

    def _is_free(self, path: str) -> bool:
        return "/geonames-" not in path and self.catalog.number_of(path) is None

    def _others(
        self, document: str, others: tuple[LocalEntity, ...], known: Mapping[str, str]
    ) -> dict[str, str]:
        """What is no one's in other documents: its own canonical entity."""
        taken = self.catalog.with_profiles(
            [known[each.key] for each in others if each.key in known]
        )
        own = {key: path for key, path in known.items() if path not in taken}
        canonical = dict(link(document, others, own).canonical)
        taken = self.catalog.with_profiles(canonical.values())
        for entity in others:
            if canonical[entity.key] in taken:
                canonical[entity.key] = self.new_path(entity.kind, document, entity.key)
        return canonical

    def _labels(
        self, named: Mapping[str, LocalEntity], canonical: Mapping[str, str]
    ) -> dict[str, str]:
        labels: dict[str, str] = {}
        for key, path in canonical.items():
            if path not in labels:
                labels[path] = self.catalog.label(path) or named[key].label
        return labels

    def _retire(self, known: Mapping[str, str], canonical: Mapping[str, str]) -> None:
        """A canonical entity that no local one is any more leads to what took its place."""
        gone = {
            old: canonical[key]
            for key, old in known.items()
            if key in canonical and old != canonical[key] and not self.catalog.is_in_use(old)
        }
        if gone or self.catalog.has_retired():
            self.catalog.retire(gone, back=set(canonical.values()))


def _unquoted(reason: str, names: set[str]) -> str:
    """A reason that quotes a name, without it where it is none of these."""
    agreement, _, quoted = reason.partition(": ")
    if agreement not in set(Agreement) or quoted in names:
        return reason
    known = any(quoted.startswith(f"{a}, ") and quoted[len(a) + 2 :] in names for a in names)
    return reason if known else agreement


def _are_same(kept: Mapping[str, Profiled], wanted: Mapping[str, Profile]) -> bool:
    return kept.keys() == wanted.keys() and all(
        as_profile(kept[key]) == profile and kept[key].scheme == SCHEME
        for key, profile in wanted.items()
    )


def _found(kept: Mapping[str, Profiled]) -> dict[str, Found]:
    return {
        key: Found(each.confidence, each.because)
        for key, each in kept.items()
        if each.confidence is not None
    }


def _near(profile: Profile, likely: Verdict) -> Near:
    confidence = round(likely.probability, 3)
    return Near(profile.document, profile.key, likely.canonical.path, confidence, likely.because)


def why_found(verdict: Verdict | None) -> Found | None:
    """What is told of a decision of the rules; a probability to three digits, never as certainty.
    ``None`` where it is nobody else."""
    if verdict is None or verdict.because == DECIDED.because:
        return DECIDED if verdict else None
    return Found(min(round(verdict.probability, 3), _SUREST), verdict.because)
