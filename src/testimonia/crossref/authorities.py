"""Authority files in one archive: loaded, linked to its entities, taken out again.

A file's bytes go into the record, its triples into the graph ``authority/<name>``, outside the
reading view: entities have one label there, and keep it. The links stand in ``graph/entities`` and
are in the view. They follow from the entity's names and facts, from the authorities and from the
years of the documents, whatever came first.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from pathlib import Path
from sqlite3 import Connection
from typing import Final

from testimonia.authorities import Bad, File
from testimonia.candidates import AUTHORITIES, ENTITIES, Thing, describing, open_index
from testimonia.candidates.retrieval import bearers, bearing, count, every, names_in, with_same
from testimonia.catalog import Authority, Catalog, KeptFile
from testimonia.crossref.authority_graphs import BadLines, good_triples, replace_graph
from testimonia.errors import StoreError
from testimonia.linking import authorities as linking
from testimonia.store import Batch, Writer
from testimonia.terms import XSD, Graph, Term, Triple, iri, iri_of, literal
from testimonia.vocabulary import DCTERMS, PROV, SKOS, TST

_PAGE: Final = 1000  # entities linked in one transaction
_WORDS: Final = 50_000  # of an authority whose frequency is kept

Notice = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did: ``bad`` are the first lines that were left out of it, by file."""

    name: str
    entries: int
    added: int
    removed: int
    exact: int
    close: int
    bad: tuple[tuple[str, Bad], ...] = ()
    left_out: int = 0


@dataclass
class Authorities:
    """The authority files of one archive, for its one writer; ``directory`` is the store's."""

    catalog: Catalog
    writer: Writer
    directory: Path
    notice: Notice = field(default=lambda _: None)

    # ----------------------------------------------------------------------------- loading

    def load(
        self, name: str, files: Iterable[File], licence: str = "", *, skip_bad: bool = False
    ) -> Loaded:
        """Put what the files hold in the place of what the authority of this name had, and link
        the archive's entities anew.

        Raises:
            BadLines: there are lines that cannot be read, and ``skip_bad`` is not asked for;
                nothing is changed then.
            SourceError: a file cannot be read at all; nothing is changed.
        """
        files = list(files)
        bad = BadLines.of(files, name, self.writer.iris)
        if bad.count and not skip_bad:
            raise bad.error()
        kept = [self._kept(each) for each in files]
        self.catalog.begin_authority(name, licence, kept)
        (authority,) = (each for each in self.catalog.authorities() if each.name == name)
        return replace(self._store(authority), bad=bad.first, left_out=bad.count)

    def remove(self, name: str) -> int:
        """Take an authority out: its graph, its links, its record. Returns how many links."""
        self.catalog.outdate_authority(name)
        graph = self.writer.iris.authority_graph(name)
        links = self._links_to(name)
        with self.writer.withholding():
            self._apply(frozenset(), links)
            replace_graph(self.writer, graph, lambda: (), self.directory)
            self._note(graph, None)
            self.writer.index_names()
            # How common words are has changed, and with it how likely the other links are.
            self._link_all()
        self.writer.flush()
        self.catalog.drop_authority(name)
        return sum(1 for _, predicate, _ in links if predicate == TST.linkTo)

    def settle(self) -> None:
        """Bring into the store what the record has and the store has not, or not wholly: after an
        unclean end, or where the store was made anew."""
        there = set(self.writer.graphs())
        for each in self.catalog.authorities():
            graph = self.writer.iris.authority_graph(each.name)
            if not each.complete or graph not in there:
                self.notice(f"loading the authority {each.name} …")
                self._store(each)

    def _kept(self, file: File) -> KeptFile:
        parameters = {"columns": dict(file.columns), "languages": list(file.languages)}
        return KeptFile(file.name, self.catalog.keep_file(file.path), file.format, parameters)

    def _store(self, authority: Authority) -> Loaded:
        iris = self.writer.iris
        graph = iris.authority_graph(authority.name)
        files = [self._file(each) for each in authority.files]
        provenance = _provenance(graph, authority)
        source = partial(good_triples, files, authority.name, iris, provenance)
        # Readers have what was there, links and all, until the new is whole.
        with self.writer.withholding():
            added, removed = replace_graph(self.writer, graph, source, self.directory)
            self._note(graph, authority.loaded)
            self.writer.index_names()
            exact, close = self._link_all()
        self.writer.flush()
        self.catalog.complete_authority(authority.name)
        with closing(self._index(AUTHORITIES)) as index:
            entries = count(index, authority.name)
        return Loaded(authority.name, entries, added, removed, exact, close)

    def _file(self, kept: KeptFile) -> File:
        return File(
            self.catalog.original(kept.original),
            kept.name,
            kept.format,
            kept.parameters.get("columns", {}),
            tuple(kept.parameters.get("languages", ("en",))),
        )

    def _note(self, graph: str, when: str | None) -> None:
        """When it was loaded: in the graph of runs, the only one with clock times."""
        runs = self.writer.iris.runs_graph
        old = {
            triple
            for name, triple in self.writer.match(iri(graph), PROV.generatedAtTime, None)
            if name == runs
        }
        time = when and literal(when.replace("+00:00", "Z"), datatype=f"{XSD}dateTime")
        new = {(iri(graph), PROV.generatedAtTime, time)} if time else set()
        self.writer.apply(Batch(add={runs: frozenset(new)}, remove={runs: frozenset(old - new)}))

    # ----------------------------------------------------------------------------- linking

    def link(self, entities: Collection[str]) -> None:
        """Make the links of these entities right (by their paths under the base), those that are
        no more among them. Costs nothing where there are no authorities."""
        if not entities or not self.catalog.authorities():
            return
        with closing(self._index(AUTHORITIES)) as index:
            linker = _Linker(self.catalog, self.writer, index)
            changes = [linker.change(self._thing(each)) for each in sorted(set(entities))]
        add = frozenset().union(*(new for new, _ in changes))
        remove = frozenset().union(*(old for _, old in changes))
        self._apply(add, remove)

    def _link_all(self) -> tuple[int, int]:
        """Link all entities; how many exact and close links there are then."""
        exact = close = 0
        with closing(self._index(AUTHORITIES)) as index, closing(self._index(ENTITIES)) as own:
            linker = _Linker(self.catalog, self.writer, index)
            after = ""
            while page := every(own, after, _PAGE):
                after = page[-1].iri
                add: set[Triple] = set()
                remove: set[Triple] = set()
                for entity in page:
                    new, old = linker.change(entity)
                    add |= new
                    remove |= old
                self._apply(frozenset(add), frozenset(remove))
            exact, close = linker.exact, linker.close
        return exact, close

    def _thing(self, path: str) -> Thing:
        """An entity as the view has it now, which the index may not know yet."""
        address = f"{self.writer.iris.base_iri}{path}"
        said = [(p, o) for _, p, o in self.writer.viewed(iri(address))]
        held = {
            node: [(p, o) for _, p, o in self.writer.viewed(node)]
            for node in describing.linked_nodes(said)
        }
        found = describing.entity(address, describing.flattened(said, held))
        return found or Thing(address, "", "")

    def _links_to(self, name: str) -> Graph:
        """All links to entries of an authority, with their matches."""
        iris = self.writer.iris
        found: set[Triple] = set()
        for _, (node, _, _) in self.writer.match(None, None, iri(iris.authority_graph(name))):
            if self._is_link(node):
                found |= _whole_link(self.writer, node)
        return frozenset(found)

    def _is_link(self, node: Term) -> bool:
        return any(self.writer.match(node, TST.linkTo, None))

    def _apply(self, add: Graph, remove: Graph) -> None:
        if add or remove:
            graph = self.writer.iris.entities_graph
            self.writer.apply(Batch(add={graph: add}, remove={graph: remove}))

    def _index(self, file: str) -> Connection:
        index = open_index(self.directory, file)
        if index is None:
            raise StoreError(f"the index of names {self.directory / file} cannot be read")
        return index


class _Linker:
    """Finds what the links of an entity are to be, with an index that is open."""

    def __init__(self, catalog: Catalog, writer: Writer, index: Connection) -> None:
        self._catalog = catalog
        self._writer = writer
        self._index = index
        self._names = max(1, names_in(index))
        self._frequency = lru_cache(_WORDS)(self._share)
        self.exact = self.close = 0

    def change(self, entity: Thing) -> tuple[Graph, Graph]:
        """What to add and what to remove."""
        old = self._there(iri(entity.iri))
        links = list(self._links(self._without(entity, old))) if entity.label else []
        self.exact += sum(each.exact for each in links)
        self.close += sum(not each.exact for each in links)
        iris = self._writer.iris
        new: Graph = frozenset().union(*(linking.triples(each, iris) for each in links))
        return new - old, old - new

    def _without(self, entity: Thing, links: Graph) -> Thing:
        """An entity by what others say of it: a match that linking made is no reason for itself."""
        graph = self._writer.iris.entities_graph
        own = {
            iri_of(match[2])
            for match in links
            if match[1] == SKOS.exactMatch
            and all(name == graph for name, _ in self._writer.match(*match))
        }
        same = tuple(each for each in entity.facts.get("same", ()) if each not in own)
        return replace(entity, facts={**entity.facts, "same": same}) if own else entity

    def _links(self, entity: Thing) -> Iterator[linking.Link]:
        path = entity.iri.removeprefix(self._writer.iris.base_iri)
        evidence = linking.Evidence(entity, partial(self._catalog.years_of, path))
        found = {(each.source, each.iri): each for each in self._candidates(entity)}
        every_ = [each for _, each in sorted(found.items())]
        for source in sorted({source for source, _ in found}):
            entries = [each for each in every_ if each.source == source]
            link = linking.link(evidence, entries, every_, self._frequency, self._names)
            if link is not None:
                yield link

    def _candidates(self, entity: Thing) -> list[Thing]:
        own = (entity.iri, *entity.facts.get("same", ()))
        same = with_same(self._index, own)
        return same if entity.first("unnamed") else [*bearers(self._index, entity.names), *same]

    def _share(self, word: str) -> float:
        return bearing(self._index, word) / self._names

    def _there(self, entity: Term) -> Graph:
        """The links that an entity has now."""
        graph = self._writer.iris.entities_graph
        found: set[Triple] = set()
        for name, (node, _, _) in self._writer.match(None, TST.linkFrom, entity):
            if name == graph:
                found |= _whole_link(self._writer, node)
        return frozenset(found)


def _whole_link(writer: Writer, node: Term) -> Graph:
    """A link's node, and the match that it explains."""
    graph = writer.iris.entities_graph
    said = {triple for name, triple in writer.match(node, None, None) if name == graph}
    ends = {p: o for _, p, o in said}
    entity, entry = ends.get(TST.linkFrom), ends.get(TST.linkTo)
    matches = (SKOS.exactMatch, SKOS.closeMatch)
    if entity is not None and entry is not None:
        said |= {
            triple
            for name, triple in writer.match(entity, None, entry)
            if name == graph and triple[1] in matches
        }
    return frozenset(said)


def _provenance(graph: str, authority: Authority) -> Graph:
    """Which files an authority's graph is of, and whose they are."""
    node = iri(graph)
    said: set[Triple] = set()
    for each in authority.files:
        said.add((node, DCTERMS.source, literal(each.name)))
        said.add((node, DCTERMS.identifier, literal(f"sha256:{each.original}")))
    if authority.licence:
        said.add((node, DCTERMS.rights, literal(authority.licence)))
    return frozenset(said)
