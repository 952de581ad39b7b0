"""Deciding on an archive: what is worth a decision, decisions with their effects, their undoing.

A decision is durable in the record before anything is derived from it. What it touches, and nothing
else, is then derived anew: the documents of its text, or for a merge or a split the identities of
the entities that it is about.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from testimonia.catalog import Catalog, Doubt, KeptEffect, State
from testimonia.curating.across import Across, across
from testimonia.curating.giving import Places, value_of
from testimonia.curating.things import Pointed, Things
from testimonia.curating.wishes import (
    Wish,
    relating,
    require_alike,
    require_person,
    require_sound,
    require_writable,
)
from testimonia.decided import Decided
from testimonia.decisions import LINKING, Decision, Kind, Standing, What
from testimonia.errors import UsageError
from testimonia.iris import Iris
from testimonia.store import View, Writer

if TYPE_CHECKING:
    from testimonia.ingest import Ingestion, Outcome

_ENOUGH_DOUBTS: Final = 5  # times as many as are wanted: reprints share one question


@dataclass(frozen=True, slots=True)
class Question:
    """Something that a decision would settle: ``score`` is doubt times dependents, over all
    ``documents`` that have the text.

    A question about two things has the ``other``, what is ``asked`` of them (``same``, or a
    relation between statements), whether it ``holds`` as it was found, and why.
    """

    doubt: Doubt
    documents: tuple[str, ...]
    score: float
    other: Doubt | None = None
    asked: str = ""
    holds: bool = True
    because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A decision with what it does now, document by document. One without an effect anywhere has a
    reason in ``idle``."""

    decision: Decision
    effects: tuple[KeptEffect, ...] = ()
    idle: str = ""


class Review:
    """The decisions of one archive. Made by ``Archive.review``."""

    def __init__(
        self,
        catalog: Catalog,
        iris: Iris,
        *,
        view: Callable[[], AbstractContextManager[View]],
        writer: Callable[[], AbstractContextManager[Writer]],
        ingestion: Callable[[], AbstractContextManager[Ingestion]],
        places: Callable[[], Places],
    ) -> None:
        self._catalog = catalog
        self._iris = iris
        self._view = view
        self._writer = writer
        self._ingestion = ingestion
        self._places = places

    # ---------------------------------------------------------------------------- reading

    def queue(self, limit: int = 20) -> list[Question]:
        """What decisions would settle most, the most first. Takes as long as reading some rows of
        an index, however large the archive."""
        together: dict[tuple[object, ...], list[Doubt]] = {}
        for doubt in self._catalog.doubts(_ENOUGH_DOUBTS * limit):
            record = self._catalog.document(doubt.document)
            if record is not None:
                key = (record.text_hash, doubt.what, doubt.quote.span)
                together.setdefault(key, []).append(doubt)
        questions = [
            Question(
                doubts[0],
                tuple(each.document for each in doubts),
                round(sum(each.score for each in doubts), 4),
            )
            for doubts in together.values()
        ]
        questions += self._across(limit)
        questions.sort(key=lambda each: (-each.score, each.doubt.document, each.doubt.quote.span))
        return questions[:limit]

    def _across(self, limit: int) -> Iterator[Question]:
        """Questions about two documents; those whose words are not there any more are none."""
        asked = across(self._catalog, self._iris, limit)[:limit]
        if not asked:
            return
        with self._view() as view:
            things = Things(view, self._catalog)
            for each in asked:
                with suppress(UsageError):
                    one, other = (_doubt(things, path, each) for path in (each.thing, each.other))
                    yield Question(
                        one,
                        (one.document,),
                        each.score,
                        other,
                        each.asked,
                        each.holds,
                        each.because,
                    )

    def decisions(self, *, withdrawn: bool = False, thing: str | None = None) -> list[Reviewed]:
        """Decisions with their effects, in the order in which they were made; with ``withdrawn``
        those too that were taken back, with ``thing`` (a path) those alone that rule it."""
        if thing is not None:
            path = thing.removeprefix(self._iris.base_iri)
            ruling = {each.decision for each in self._catalog.effects(path=path)}
            found = [self.show(each) for each in ruling]
            return sorted(found, key=lambda each: each.decision.number)
        effects: dict[str, list[KeptEffect]] = {}
        for effect in self._catalog.effects():
            effects.setdefault(effect.decision, []).append(effect)
        return [
            self._reviewed(each, effects.get(each.id, []))
            for each in self._catalog.decisions(withdrawn=withdrawn)
        ]

    def show(self, decision: str) -> Reviewed:
        """One decision with its effects, by its id or the end of its IRI.

        Raises:
            UsageError: there is none.
        """
        found = self._decision(decision)
        return self._reviewed(found, self._catalog.effects(decision=found.id))

    def _reviewed(self, decision: Decision, effects: Sequence[KeptEffect]) -> Reviewed:
        if decision.withdrawn is not None:
            return Reviewed(decision, (), "it was withdrawn")
        kept = tuple(effects)
        if not kept:
            return Reviewed(decision, (), self._why_idle(decision))
        if all(each.standing is Standing.NONE for each in kept):
            return Reviewed(decision, kept, kept[0].told)
        return Reviewed(decision, kept)

    def _why_idle(self, decision: Decision) -> str:
        touched = self._catalog.touched_by(decision)
        if not touched:
            return "no document has its text any more"
        if all(each.state is State.REMOVED for each in touched):
            return "every document of its text was removed"
        return "its documents have not been derived since: `testimonia rebuild --changed`"

    def _decision(self, id_: str) -> Decision:
        found = self._catalog.decision(id_.removeprefix(self._iris.base_iri + "decision/"))
        if found is None:
            raise UsageError(
                f"there is no decision {id_[:200]!r}; `testimonia review list` has all"
            )
        return found

    def stands(self, thing: str) -> tuple[Pointed, dict[str, Any]]:
        """What can be decided on under an IRI or a path, and how it stands.

        Raises:
            UsageError: there is nothing.
            ArchiveError: there is no store to find it in.
        """
        require_writable(thing)
        with self._view() as view:
            pointed = Things(view, self._catalog).pointed(thing)
        return pointed, json.loads(pointed.stands)

    # --------------------------------------------------------------------------- deciding

    def record(self, wish: Wish) -> Decision:
        """Record a decision, durably; nothing is derived from it yet.

        Raises:
            UsageError: what it is about is not there, or it has no meaning.
            ArchiveError: there is no store to find it in.
        """
        return self.record_all([wish])[0]

    def record_all(self, wishes: Iterable[Wish]) -> list[Decision]:
        """Record decisions, all or none. Raises as ``record``."""
        with self._view() as view:
            things = Things(view, self._catalog)
            meant = [self._meant(wish, things) for wish in wishes]
        return self._catalog.decide_all(meant)

    def _meant(self, wish: Wish, things: Things) -> Decision:
        require_sound(wish)
        pointed = things.pointed(wish.thing)
        decision = self._of(wish, pointed)
        if wish.kind is Kind.CORRECT:
            value = value_of(things, pointed, wish.field, wish.value, self._places())
            decision = replace(decision, value=json.dumps(value, ensure_ascii=False))
        elif wish.kind in LINKING:
            decision = self._linking(wish, decision, pointed, things)
        elif wish.other is not None:
            decision = relating(wish, decision, pointed, things.pointed(wish.other))
        return self._with_place(decision, pointed)

    def _of(self, wish: Wish, pointed: Pointed) -> Decision:
        if wish.field and wish.kind is not Kind.CORRECT and wish.other is None:
            raise UsageError(f"a field is corrected; it cannot be used to {wish.kind}")
        return Decision(
            id="",
            number=0,
            kind=wish.kind,
            what=pointed.what,
            target=pointed.target,
            by=wish.by.strip(),
            when="",
            why=wish.why.strip(),
            field=wish.field,
            stands=pointed.stands,
            scope=pointed.record.id if wish.only else None,
        )

    def _with_place(self, decision: Decision, pointed: Pointed) -> Decision:
        """Who confirms words that stand for a place of the gazetteer confirms which it is."""
        kind, _, id_ = pointed.canonical.partition("/")
        if decision.kind is not Kind.CONFIRM or decision.what is not What.MENTION:
            return decision
        entry = self._places().entry(id_) if kind == "place" and "-" in id_ else None
        if entry is None:
            return decision
        stood = {**decision.stood, "place": {**asdict(entry), "within": [*entry.within]}}
        return replace(decision, stands=json.dumps(stood, ensure_ascii=False))

    def _linking(
        self, wish: Wish, decision: Decision, pointed: Pointed, things: Things
    ) -> Decision:
        if wish.other is None:
            raise UsageError(f"to {wish.kind} takes two things: name the other one too")
        other = things.pointed(wish.other)
        names = f"{wish.thing} and {wish.other}"
        if {pointed.what, other.what} - {What.MENTION, What.ACCOUNT} or (
            pointed.what is not other.what
        ):
            raise UsageError(f"{names}: only two actors, two places or two events can be one")
        same = (pointed.record.id, pointed.node) == (other.record.id, other.node)
        if same and (wish.kind is Kind.MERGE or pointed.target == other.target):
            told = "are one already" if wish.kind is Kind.MERGE else "are the same words"
            raise UsageError(
                f"{names} {told}: to part entities, name words of each (document/…#char=…), or undo"
                " the decision that made them one"
            )
        if wish.kind is Kind.MERGE:
            require_alike(pointed, other, names)
        if wish.only and pointed.record.id != other.record.id:
            raise UsageError("a decision on entities of two documents holds for both")
        return replace(decision, other=other.target, stands="null")

    # ------------------------------------------------------------------------- carrying out

    def decide(self, wish: Wish) -> Decision:
        """Record a decision and derive anew what it touches. Raises as ``record``, and

        Raises:
            ArchiveLocked: another process is writing this archive; the decision is recorded, and
                in force with the next `testimonia rebuild --changed`.
        """
        decision = self.record(wish)
        self.carry_out([decision.id])
        return decision

    def withdraw(self, decision: str, by: str, why: str = "") -> Decision:
        """Record that a decision is taken back.

        Raises:
            UsageError: there is none, or it was taken back before.
        """
        found = self._decision(decision)
        require_person(by, why)
        if found.withdrawn is not None:
            raise UsageError(
                f"decision {found.id} was withdrawn by {found.withdrawn.by} on"
                f" {found.withdrawn.when}"
            )
        self._catalog.withdraw(found.id, by.strip(), why.strip())
        return self._decision(found.id)

    def undo(self, decision: str, by: str, why: str = "") -> Decision:
        """Take a decision back and derive anew what it touched. Raises as ``withdraw``, and
        ArchiveLocked as ``decide``."""
        found = self.withdraw(decision, by, why)
        self.carry_out([found.id])
        return found

    def carry_out(self, decisions: Iterable[str]) -> list[Outcome]:
        """Derive anew what these decisions touch: the outcome of each document that is read anew.

        Raises:
            UsageError: there is none such.
            ArchiveLocked: another process is writing this archive.
        """
        found = [self._decision(each) for each in decisions]
        if not found:
            return []
        reading = [each for each in found if _is_of_reading(each)]
        touched = {
            record.id: record
            for each in reading
            for record in self._catalog.touched_by(each)
            if record.state is not State.REMOVED
        }
        if touched:
            with self._ingestion() as ingestion:
                self._publish(ingestion.writer, found)
                outcomes = list(ingestion.rederive(touched.values(), compare=True))
                self._relink(ingestion.writer, found)
                ingestion.writer.flush()
                return outcomes
        with self._writer() as writer:
            self._publish(writer, found)
            self._relink(writer, found)
        return []

    def pending(self, decisions: Iterable[str]) -> list[str]:
        """Of these decisions, and of all that were recorded or withdrawn and never written, those
        that are not in force yet."""
        found = {each: self._decision(each) for each in decisions}
        found.update((each.id, each) for each in self._catalog.unpublished())
        return [each.id for each in found.values() if not self._is_in_force(each)]

    def _is_in_force(self, decision: Decision) -> bool:
        noted = {each.document for each in self._catalog.effects(decision=decision.id)}
        if decision.withdrawn is not None:
            return not noted
        touched = self._catalog.touched_by(decision)
        return noted >= {each.id for each in touched if each.state is State.STORED}

    def publish(self, writer: Writer, *, anew: bool = False) -> None:
        """Bring ``graph/decisions`` to what the record has."""
        published = Decided(self._catalog, writer).publish(anew=anew)
        if published:
            writer.flush()
            self._catalog.note_published(published)

    def relink(self, document: str, writer: Writer) -> None:
        """Make identities those that decisions ask for, after a document came or went."""
        record = self._catalog.document(document)
        if record is not None:
            Decided(self._catalog, writer).relink(record)

    def forget(self, known: Sequence[Decision], writer: Writer) -> tuple[str, ...]:
        """Take out of the graph what is not in the record any more, of the decisions ``known``
        before; entities that a forgotten document was merged with are themselves again.

        Returns the ids of those that went.
        """
        kept = {each.id for each in self._catalog.decisions()}
        gone = [each for each in known if each.id not in kept]
        decided = Decided(self._catalog, writer)
        decided.forget(gone)
        others = {
            record.id: record
            for each in gone
            if each.kind in LINKING or each.what is What.RELATION
            for record in self._catalog.touched_by(each)
        }
        for record in others.values():
            decided.relink(record)
        return tuple(each.id for each in gone)

    def _publish(self, writer: Writer, decisions: Sequence[Decision]) -> None:
        decided = Decided(self._catalog, writer)
        for each in decisions:
            if each.withdrawn is not None:
                decided.withdrawn(each)
        self.publish(writer)

    def _relink(self, writer: Writer, decisions: Sequence[Decision]) -> None:
        decided = Decided(self._catalog, writer)
        for each in decisions:
            if each.kind in LINKING or each.what is What.RELATION:
                for record in self._catalog.touched_by(each)[:1]:
                    decided.relink(record)


def _doubt(things: Things, path: str, asked: Across) -> Doubt:
    pointed = things.pointed(path)
    what = What.RELATION if asked.asked != "same" else pointed.what
    quote = pointed.target.quote
    return Doubt(
        pointed.record.id, what, quote, path, asked.confidence, asked.dependents, asked.score
    )


def _is_of_reading(decision: Decision) -> bool:
    """Whether a document is to be read anew for it."""
    if decision.what is What.RELATION or decision.kind is Kind.MERGE:
        return False
    one, other = decision.target, decision.other
    return decision.kind is not Kind.SPLIT or (
        other is not None and one.text_hash == other.text_hash
    )
