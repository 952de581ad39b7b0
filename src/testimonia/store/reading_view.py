"""The reading view: the managed graphs merged, each local entity replaced by its canonical one.

An *image* is what a triple becomes there. ``tst:sameEntity`` triples, those that tell why
(``tst:EntityLink``) and those with a mention as subject or object have none. ``reading_view`` is
the definition; ``difference`` follows it at a cost that grows with the change and not with the
store.

Identity is one hop: ``local tst:sameEntity canonical`` in ``graph/entities``, for IRIs of the
archive. Whoever merges two canonical entities points the locals at the one that stays. Should a
local have two canonical ones, the smaller IRI counts, so that the view is a function of the graphs.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass

from testimonia.iris import Iris
from testimonia.store import Located
from testimonia.terms import Graph, Term, Triple, iri_of, is_iri
from testimonia.vocabulary import TST

_Pattern = tuple[Term | None, Term | None, Term | None]


Lookup = Callable[[Term | None, Term | None, Term | None], Iterable[Located]]
"""Finds the triples that fit a subject, predicate and object, ``None`` fitting everything; subject
or object is always given. It may give those of the reading view too, one by one like all others:
to pass over a thousand of them in one step would make ``_State.shows`` wait for it."""


@dataclass(frozen=True, slots=True)
class ViewChange:
    """What leaves the reading view and what enters it."""

    remove: Graph
    add: Graph


def reading_view(graphs: Mapping[str, Graph], iris: Iris) -> Graph:
    """The canonical image of ``graphs`` (by graph IRI; those outside the view are ignored)."""
    canonical: dict[Term, Term] = {}
    for local, predicate, entity in sorted(graphs.get(iris.entities_graph, ()), reverse=True):
        if predicate == TST.sameEntity and _can_be_local(local, iris) and is_iri(entity):
            canonical[local] = entity
    images = (
        _image(triple, lambda term: canonical.get(term, term), iris)
        for name, graph in graphs.items()
        if iris.is_viewed(name)
        for triple in graph
    )
    return frozenset(image for image in images if image is not None)


def difference(
    before: Lookup, removed: Set[Located], added: Set[Located], iris: Iris
) -> ViewChange:
    """How the reading view changes when ``removed`` leaves the graphs ``before`` and ``added``
    enters them.

    ``removed`` must all be there and ``added`` must not.
    """
    old = _State(before, iris)
    new = _State(_Overlay(before, removed, added), iris)
    remapped = [
        local
        for local in _identified(removed | added, iris)
        if old.canonical(local) != new.canonical(local)
    ]
    gone = old.images(removed, remapped)
    come = new.images(added, remapped)
    return ViewChange(
        remove=frozenset(triple for triple in gone - come if not new.shows(triple)),
        add=frozenset(come - gone),
    )


def has_image(triple: Triple, iris: Iris) -> bool:
    """Whether the view shows anything of a triple."""
    subject, predicate, object_ = triple
    if predicate == TST.sameEntity or is_mention(subject, iris) or is_mention(object_, iris):
        return False
    return not (subject.endswith("#link>") and iris.is_entity_link(iri_of(subject)))


def _image(triple: Triple, canonical: Callable[[Term], Term], iris: Iris) -> Triple | None:
    subject, predicate, object_ = triple
    if not has_image(triple, iris):
        return None
    return canonical(subject), predicate, canonical(object_)


def is_mention(term: Term, iris: Iris) -> bool:
    """Whether a term is a mention's IRI: the view shows nothing of those."""
    return "#char=" in term and is_iri(term) and iris.is_mention(iri_of(term))


def _can_be_local(term: Term, iris: Iris) -> bool:
    return term.startswith(f"<{iris.base_iri}")


def _identified(changed: Iterable[Located], iris: Iris) -> set[Term]:
    """The entities whose identity a change touches."""
    return {
        triple[0]
        for graph, triple in changed
        if graph == iris.entities_graph and triple[1] == TST.sameEntity
    }


class _Overlay:
    """A lookup with some triples taken away and others laid over it."""

    def __init__(self, below: Lookup, removed: Set[Located], added: Set[Located]) -> None:
        self._below = below
        self._removed = removed
        self._by_subject: defaultdict[Term, list[Located]] = defaultdict(list)
        self._by_object: defaultdict[Term, list[Located]] = defaultdict(list)
        for located in added:
            self._by_subject[located[1][0]].append(located)
            self._by_object[located[1][2]].append(located)

    def __call__(
        self, subject: Term | None, predicate: Term | None, object_: Term | None
    ) -> Iterator[Located]:
        for located in self._below(subject, predicate, object_):
            if located not in self._removed:
                yield located
        for located in self._near(subject, object_):
            if all(
                wanted is None or wanted == term
                for wanted, term in zip((subject, predicate, object_), located[1], strict=True)
            ):
                yield located

    def _near(self, subject: Term | None, object_: Term | None) -> list[Located]:
        if subject is not None:
            return self._by_subject.get(subject, [])
        return self._by_object.get(object_, []) if object_ is not None else []


class _State:
    """The graphs at one moment, as the reading view sees them."""

    def __init__(self, lookup: Lookup, iris: Iris) -> None:
        self._lookup = lookup
        self._iris = iris
        self._viewed = functools.cache(iris.is_viewed)
        self.canonical = functools.cache(self._canonical)

    def images(self, located: Iterable[Located], locals_: Iterable[Term]) -> set[Triple]:
        """The images of given triples, and of all that mention one of ``locals_``."""
        images = {self._image(triple) for graph, triple in located if self._viewed(graph)}
        for local in locals_:
            images.update(map(self._image, self._match(local, None, None)))
            images.update(map(self._image, self._match(None, None, local)))
        return {image for image in images if image is not None}

    def shows(self, image: Triple) -> bool:
        """Whether some triple of these graphs has this image.

        Either side alone would find out, and either may be long: "Russia" has a local node in
        every document, and a class as object has thousands of subjects. So they race: the search
        ends with the shorter one.
        """
        subject, predicate, object_ = image
        from_subject = self._search(image, subject, lambda name: (name, predicate, None))
        from_object = self._search(image, object_, lambda name: (None, predicate, name))
        return any(a or b for a, b in zip(from_subject, from_object, strict=False))

    def _search(
        self, image: Triple, entity: Term, pattern: Callable[[Term], _Pattern]
    ) -> Iterator[bool]:
        for name in self._names(entity):
            yield False  # a step of the race, whatever is found there
            for graph, triple in self._lookup(*pattern(name)):
                yield self._viewed(graph) and self._image(triple) == image

    def _names(self, entity: Term) -> Iterator[Term]:
        """The terms that become ``entity`` in the view."""
        if self.canonical(entity) == entity:
            yield entity
        if is_iri(entity):
            for graph, (local, _, _) in self._lookup(None, TST.sameEntity, entity):
                if graph == self._iris.entities_graph and self.canonical(local) == entity != local:
                    yield local

    def _match(
        self, subject: Term | None, predicate: Term | None, object_: Term | None
    ) -> Iterator[Triple]:
        for graph, triple in self._lookup(subject, predicate, object_):
            if self._viewed(graph):
                yield triple

    def _image(self, triple: Triple) -> Triple | None:
        return _image(triple, self.canonical, self._iris)

    def _canonical(self, term: Term) -> Term:
        if not _can_be_local(term, self._iris):
            return term
        same = (
            entity
            for graph, (_, _, entity) in self._lookup(term, TST.sameEntity, None)
            if graph == self._iris.entities_graph and is_iri(entity)
        )
        return min(same, default=term)
