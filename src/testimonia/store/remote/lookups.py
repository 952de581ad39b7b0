"""What the reading view's difference looks up, fetched in few requests.

A request takes about as long as a hundred look-ups in memory, and a document needs thousands. What
is bounded by the change (identities, the triples of its subjects) is fetched at once; what may be
long (all that have a class as object) is fetched when it is asked for, and read as far as needed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import islice
from typing import Final

from testimonia.iris import Iris
from testimonia.store import READING_VIEW, Located
from testimonia.store.remote.view import RemoteView
from testimonia.terms import Graph, Term, Triple, iri, iri_of, is_iri
from testimonia.vocabulary import TST

# So many terms are named in one request; with more Virtuoso 7.2.5 is no faster (0.1 ms a term).
_TERMS: Final = 200
# An entity with more local ones is not fetched whole.
_FEW: Final = 50
# A look-up that needs a request takes part in a race with ones that need none: so many steps of
# theirs come first.
_HEAD_START: Final = 100
_NOTHING: Final[Located] = (READING_VIEW, ("", "", ""))

_Pattern = tuple[Term | None, Term | None, Term | None]


class Lookups:
    """Finds triples as ``reading_view.difference`` wants them; for one change."""

    def __init__(self, view: RemoteView, iris: Iris) -> None:
        self._view = view
        self.iris = iris
        self._known: dict[_Pattern, list[Located]] = {}
        self._subjects: dict[Term, list[Located]] = {}
        self._graphs: dict[str, Graph] = {}

    def fetch_document(self, id_: str) -> None:
        """Fetch what ``removal`` asks of a document: its graphs, the triples that its nodes have
        and are objects of, and those of their canonical entities."""
        names = (self.iris.document_graph(id_), self.iris.inferred_graph(id_))
        nodes = {
            subject
            for name in names
            for subject, _, _ in self.graph(name)
            if not self.iris.is_mention(iri_of(subject))
        }
        if not nodes:
            return
        nodes |= {iri(each) for each in (*names, self.iris.document(id_))}
        entities = set(self._identities(nodes).values())
        self._fetch_subjects(nodes)
        self._fetch_objects(nodes)
        self._fetch_locals(entities)

    def graph(self, name: str) -> Graph:
        """All triples of one graph, fetched once."""
        if name not in self._graphs:
            self._graphs[name] = self._view.graph(name)
        return self._graphs[name]

    def match(
        self, subject: Term | None, predicate: Term | None, object_: Term | None
    ) -> Iterator[Located]:
        """The triples of named graphs that fit; ``None`` fits everything."""
        return (each for each in self(subject, predicate, object_) if each is not _NOTHING)

    def prepare(self, removed: Set[Located], added: Set[Located]) -> None:
        """Fetch what the difference of this change will ask for in any case."""
        terms = {
            term
            for _, (subject, _, object_) in removed | added
            for term in (subject, object_)
            if self._may_be_local(term)
        }
        canonical = self._identities(terms)
        # All triples of a node move with it when its identity changes.
        moved = {triple[0] for _, triple in removed | added if triple[1] == TST.sameEntity}
        self._fetch_subjects(moved)
        self._fetch_objects(moved)
        if removed:
            gone = {canonical.get(triple[0], triple[0]) for _, triple in removed}
            self._fetch_locals(gone)

    def __call__(
        self, subject: Term | None, predicate: Term | None, object_: Term | None
    ) -> Iterator[Located]:
        """The triples that fit, and some that fit nothing where they have to be asked for."""
        pattern = (subject, predicate, object_)
        if (known := self._known.get(pattern)) is not None:
            yield from known
            return
        if subject is not None and (triples := self._subjects.get(subject)) is not None:
            yield from (each for each in triples if _fits(each[1], pattern))
            return
        for _ in range(_HEAD_START):
            yield _NOTHING
        found = []
        for located in self._view.match(*pattern):
            found.append(located)
            yield located
        self._known[pattern] = found  # read to its end

    def _identities(self, terms: Set[Term]) -> dict[Term, Term]:
        """The canonical entity of each local one, as far as there is one."""
        unknown = {term for term in terms if (term, TST.sameEntity, None) not in self._known}
        for term in unknown:
            self._known[term, TST.sameEntity, None] = []
        where = f"GRAPH ?g {{ ?s {TST.sameEntity} ?o }}"
        for located in self._asked("?s", sorted(unknown), where, (None, TST.sameEntity, None)):
            self._known[located[1][0], TST.sameEntity, None].append(located)
        return {
            term: min(entity for _, (_, _, entity) in found)
            for term in terms
            if (found := self._known[term, TST.sameEntity, None])
        }

    def _fetch_locals(self, entities: Set[Term]) -> None:
        """The triples of these entities, and of their local ones where they are few."""
        entities = {each for each in entities if (None, TST.sameEntity, each) not in self._known}
        number: defaultdict[Term, int] = defaultdict(int)
        for part in _parts(sorted(entities)):
            counts = (
                f"SELECT ?o (COUNT(?s) AS ?n) {{ VALUES ?o {{ {' '.join(part)} }}"
                f" GRAPH ?g {{ ?s {TST.sameEntity} ?o }} }} GROUP BY ?o"
            )
            for entity, count in self._view.rows(counts):
                if entity is not None and count is not None:
                    number[entity] = int(count.split('"')[1])
        few = sorted(entity for entity in entities if number[entity] <= _FEW)
        for entity in few:
            self._known[None, TST.sameEntity, entity] = []
        pattern = f"GRAPH ?g {{ ?s {TST.sameEntity} ?o }}"
        linked = [each for each in few if number[each]]
        locals_: set[Term] = set()
        for located in self._asked("?o", linked, pattern, (None, TST.sameEntity, None)):
            self._known[None, TST.sameEntity, located[1][2]].append(located)
            locals_.add(located[1][0])
        self._fetch_subjects({*locals_, *few})

    def _fetch_subjects(self, subjects: Set[Term]) -> None:
        """All triples of these."""
        unknown = sorted(each for each in subjects if each not in self._subjects)
        for subject in unknown:
            self._subjects[subject] = []
        for located in self._asked("?s", unknown, "GRAPH ?g { ?s ?p ?o }"):
            self._subjects[located[1][0]].append(located)

    def _fetch_objects(self, objects: Set[Term]) -> None:
        """All triples that have these as their objects."""
        unknown = sorted(each for each in objects if (None, None, each) not in self._known)
        for term in unknown:
            self._known[None, None, term] = []
        for located in self._asked("?o", unknown, "GRAPH ?g { ?s ?p ?o }"):
            self._known[None, None, located[1][2]].append(located)

    def _asked(
        self,
        name: str,
        terms: Sequence[Term],
        where: str,
        known: _Pattern = (None, None, None),
    ) -> Iterator[Located]:
        for part in _parts(terms):
            yield from self._view.located(f"VALUES {name} {{ {' '.join(part)} }} {where}", known)

    def _may_be_local(self, term: Term) -> bool:
        return is_iri(term) and iri_of(term).startswith(self.iris.base_iri)


def _parts(terms: Iterable[Term]) -> Iterator[list[Term]]:
    left = iter(terms)
    while part := list(islice(left, _TERMS)):
        yield part


def _fits(triple: Triple, pattern: _Pattern) -> bool:
    return all(
        wanted is None or wanted == term for wanted, term in zip(pattern, triple, strict=True)
    )
