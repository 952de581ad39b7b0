"""What people point to (an IRI, a path, words) as what a decision is kept by."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from testimonia.catalog import Catalog, Record, State
from testimonia.curating.stood import Described
from testimonia.deciding.finding import thing_at
from testimonia.decisions import Quote, Target, What
from testimonia.errors import UsageError
from testimonia.iris import Name
from testimonia.model import Span
from testimonia.store import View
from testimonia.terms import Term, iri, iri_of
from testimonia.vocabulary import TST


@dataclass(frozen=True, slots=True)
class Pointed:
    """What somebody points to: the document, the words, what they are decided on as, and the thing
    as it stands. ``node`` is what the words denote, ``canonical`` the path of what it is in the
    archive, empty where it is nothing there."""

    record: Record
    what: What
    target: Target
    node: Term
    stands: str
    canonical: str = ""


class Things:
    """Finds things in a store and its record."""

    def __init__(self, view: View, catalog: Catalog) -> None:
        self._view = view
        self._catalog = catalog
        self._iris = view.iris
        self._described: dict[str, Described] = {}

    def described(self, document: str) -> Described:
        """A document's graph with its text.

        Raises:
            UsageError: there is no such document in the graph.
        """
        if document not in self._described:
            record = self._catalog.document(document)
            graph = self._view.graph(self._iris.document_graph(document)) if record else None
            if record is None or not graph:
                raise UsageError(f"there is no document {document!r} in the graph")
            content = self._catalog.text(record).text.content
            self._described[document] = Described(document, content, graph, self._iris)
        return self._described[document]

    def pointed(self, thing: str) -> Pointed:
        """What ``thing`` is: the IRI, or the path under the base, of a statement, an actor, a
        place, an event, an account or a time, of the archive or of one document, or of a mention.

        Raises:
            UsageError: it is nothing that is there, or nothing that can be decided on.
        """
        address = thing if thing.startswith(self._iris.base_iri) else self._iris.base_iri + thing
        name = self._iris.parse(address) if len(thing) < 4096 else None
        if name is None or not _is_writable(address):
            raise UsageError(
                f"{thing[:200]!r} names nothing to decide on: give a path such as statement/…,"
                " actor/…, place/…, document/…/actor/120, document/…#char=12,20"
            )
        if name.span is not None:
            return self._mention(thing, name, name.span)
        if name.kind == "statement":
            return self._statement(thing, address)
        if name.is_local:
            return self._local(thing, name, iri(address))
        if name.kind in ("actor", "place", "event") and not name.part:
            return self._canonical(thing, name, address)
        raise UsageError(f"{thing!r} is nothing that can be decided on")

    # ------------------------------------------------------------------------------- kinds

    def _statement(self, thing: str, address: str) -> Pointed:
        node = iri(address)
        for _, (_, _, document) in self._view.match(node, TST.document, None):
            name = self._iris.parse(iri_of(document))
            if name is not None:
                return self._of(name.id, What.STATEMENT, node)
        raise self._missing(thing)

    def _local(self, thing: str, name: Name, node: Term) -> Pointed:
        described = self.described(name.id)
        what = described.what(node)
        if what is None or not described.words_for(node):
            raise UsageError(
                f"{thing!r} is nothing that can be decided on: no words of the text stand for it"
            )
        return self._of(name.id, what, node)

    def _canonical(self, thing: str, name: Name, address: str) -> Pointed:
        entities = self._iris.entities_graph
        found = []
        for graph, (local, _, _) in self._view.match(None, TST.sameEntity, iri(address)):
            of = self._iris.parse(iri_of(local))
            record = self._catalog.document(of.id) if of is not None else None
            if graph == entities and of is not None and record is not None:
                found.append((record.added, of.id, of.part, local))
        for _, document, _, local in sorted(found):
            if self.described(document).words_for(local):
                return self._of(
                    document, What.ACCOUNT if name.kind == "event" else What.MENTION, local
                )
        if successor := self._catalog.retired(f"{name.kind}/{name.id}"):
            raise UsageError(f"{thing!r} was replaced by {successor}")
        if found:
            raise UsageError(
                f"no words of a text stand for {thing!r}: there is nothing to decide on"
            )
        raise self._missing(thing)

    def _mention(self, thing: str, name: Name, span: Span) -> Pointed:
        described = self.described(name.id)
        if span.end > len(described.text):
            raise UsageError(f"{thing!r} is beyond the end of the document's text")
        known = [
            (words, node)
            for words, node in described.denoted
            if described.what(node) is What.MENTION
        ]
        node = thing_at(span, known)
        if node is None:
            raise UsageError(f"{thing!r}: no actor and no place is read at these words")
        exact = next((words for words, of in known if of == node and words.overlaps(span)), span)
        pointed = self._of(name.id, What.MENTION, node)
        stands = json.dumps(described.mention(exact, node))
        target = replace(pointed.target, quote=described.quote(exact))
        return replace(pointed, target=target, stands=stands)

    def _of(self, document: str, what: What, node: Term) -> Pointed:
        record = self._catalog.document(document)
        if record is None or record.state is State.REMOVED:
            raise UsageError(f"document {document} is not in the archive")
        described = self.described(document)
        source = record.metadata.identity
        cue: Quote | None = None
        if what is What.STATEMENT:
            span = described.hull(node)
            marks = described.spans(node, TST.cueMention)
            cue = described.quote(marks[0]) if marks else None
            stands: dict[str, Any] = described.statement(node)
        else:
            span = next(iter(described.words_for(node)), None)
            stands = self._stands(described, what, span, node)
        if span is None:
            raise UsageError("no words of the text stand for it: there is nothing to decide on")
        target = Target(record.text_hash, described.quote(span), cue, source)
        written = json.dumps(stands, ensure_ascii=False)
        return Pointed(record, what, target, node, written, self.canonical(node))

    def _stands(
        self, described: Described, what: What, span: Span | None, node: Term
    ) -> dict[str, Any]:
        if what is What.TIME:
            return described.time(node)
        if what is What.ACCOUNT:
            return described.account(node)
        return described.mention(span, node) if span else {}

    def canonical(self, node: Term) -> str:
        """The path of what a local entity is in the archive; empty where it is nothing there."""
        for graph, (_, _, entity) in self._view.match(node, TST.sameEntity, None):
            if graph == self._iris.entities_graph:
                return iri_of(entity).removeprefix(self._iris.base_iri)
        return ""

    def _missing(self, thing: str) -> UsageError:
        return UsageError(f"there is no {thing!r} in this archive")

    # ------------------------------------------------------------------------------- words

    def words(self, pointed: Pointed, given: str, kinds: Iterable[str]) -> dict[str, Any]:
        """The reference to what words, or a thing, of the same document denote: words that stand
        for something of these ``kinds`` (``actor``, ``place``, ``time``) before others, near ones
        before those further away.

        Raises:
            UsageError: they are not in its text, or the thing is of another document.
        """
        described = self.described(pointed.record.id)
        if (node := self._named(pointed, given)) is not None:
            return described.reference(node)
        wanted = tuple(kinds)
        known = {span for span, node in described.denoted if self._is(described, node, wanted)}
        near = pointed.target.quote.span.start
        found = list(_occurrences(given, described.text))
        if not found:
            raise UsageError(
                f"{given[:200]!r} is not in the text of {pointed.record.name}: give words that"
                " stand there, or the path of something read in it"
            )
        best = min(found, key=lambda span: (span not in known, abs(span.start - near)))
        quote = described.quote(best)
        node = thing_at(best, ((s, n) for s, n in described.denoted if s == best))
        type_ = {"type": described.type_of(node)} if node else {}
        return {**quote.written(), **type_}

    def _named(self, pointed: Pointed, given: str) -> Term | None:
        """The node of the same document that a path names."""
        base = self._iris.base_iri
        name = self._iris.parse(given if given.startswith(base) else base + given)
        if name is None or not _is_writable(base + given) or "/" not in given:
            return None
        there = self.pointed(given)
        if there.record.id == pointed.record.id:
            return there.node
        for graph, (local, _, _) in self._view.match(None, TST.sameEntity, iri(base + given)):
            of = self._iris.parse(iri_of(local))
            if graph == self._iris.entities_graph and of and of.id == pointed.record.id:
                return local
        raise UsageError(f"{given!r} is nothing that {pointed.record.name} speaks of")

    def _is(self, described: Described, node: Term, kinds: tuple[str, ...]) -> bool:
        return described.key(node).partition("/")[0] in kinds


def _is_writable(address: str) -> bool:
    try:
        return bool(iri(address))
    except ValueError:
        return False


def _occurrences(words: str, text: str) -> Iterable[Span]:
    start = text.find(words) if words.strip() else -1
    while start >= 0:
        yield Span(start, start + len(words))
        start = text.find(words, start + 1)
