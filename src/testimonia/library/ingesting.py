"""How documents come into an archive, and how they are derived anew."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from testimonia.catalog import State
from testimonia.errors import UsageError
from testimonia.library.base import KEEP_TEXT, Base

if TYPE_CHECKING:
    from testimonia.ingest import Ingestion, Outcome
    from testimonia.model import Metadata
    from testimonia.planning import Anew
    from testimonia.sources import Input, Options


class WithIngestion(Base):
    """The part of an archive that takes documents in."""

    def keep_text(self, keep: bool) -> None:
        """Whether the graphs of documents that are read from now on have their full texts, or
        quotations alone; recorded in the archive."""
        self.catalog.keep_setting(KEEP_TEXT, "yes" if keep else "no")
        self.settings = replace(self.settings, keep_text=keep)

    def ingest(
        self,
        paths: Iterable[Path | str | Input],
        *,
        stated: Mapping[str, object] | None = None,
        force_language: bool = False,
        options: Options | None = None,
        bulk: bool = False,
        relations: bool = True,
    ) -> Generator[Outcome, None, None]:
        """Ingest files, folders and other inputs; the outcome of each document as soon as it is
        known.

        A file may hold several (a mailbox, a feed). ``options`` say how files are read. Inputs
        that are no files are made by ``sources.addresses`` and ``sources.standard_input``. With
        ``bulk`` all go into the store together, at the end, which has no document before; without
        ``relations`` no two of these are set beside one another.

        Raises:
            ArchiveError: ``bulk``, and the graph has documents.
            UnreadableSource: a path does not exist (nothing has been ingested then).
            ArchiveLocked: another process is writing this archive.
        """
        from testimonia import planning
        from testimonia.sources import Options

        options = options or Options()
        stated = dict(stated or {})
        work = planning.work(paths, stated, force_language, options)
        with self._ingestion(bulk=bulk, relations=relations) as ingestion:
            self._tell_if_outdated(ingestion)
            plan = self.catalog.plan(work.planned, work.parameters)
            yield from ingestion.ingest(planning.sources(plan))
            others = planning.others(work.others, stated, force_language, options)
            yield from ingestion.ingest(others)

    def _tell_if_outdated(self, ingestion: Ingestion) -> None:
        if ingestion.entities.are_outdated():
            self._notice(
                "who is one with whom was found by another version's rules in documents that are"
                " there: `testimonia rebuild` finds it anew"
            )

    def resume(
        self, anew: Anew | None = None, *, bulk: bool = False, relations: bool = True
    ) -> Generator[Outcome, None, None]:
        """Go on with what ingestions left undone: documents that are recorded and have no graph,
        then the files and addresses that were not reached, as they were to be read then, but for
        what is said ``anew``. ``bulk`` and ``relations`` as for :meth:`ingest`.

        Raises:
            ArchiveError: ``bulk``, and the graph has documents.
            ArchiveLocked: another process is writing this archive.
        """
        from testimonia import planning

        with self._ingestion(bulk=bulk, relations=relations) as ingestion:
            yield from ingestion.rederive(self.catalog.documents(State.RECORDED))
            for plan in self.catalog.plans():
                yield from ingestion.ingest(planning.sources(plan, anew))

    def undone(self) -> int:
        """How much :meth:`resume` would take up: recorded documents and planned sources."""
        planned = {str(each) for plan in self.catalog.plans() for each in plan.sources.values()}
        names = (Path(each.name).absolute() for each in self.catalog.documents(State.RECORDED))
        # What is recorded of a file that is planned still is read with it again.
        recorded = sum(planned.isdisjoint(map(str, (name, *name.parents))) for name in names)
        return recorded + len(planned)

    def rebuild(
        self, *, changed: bool = False, store: str | None = None
    ) -> Generator[Outcome, None, None]:
        """Derive every document's graphs anew from the record alone; with ``changed`` those only
        that the extractor's version, the settings or corrected metadata would change, each outcome
        with the changes of its statements. With ``store`` the whole graph is moved there first,
        users' own graphs included."""
        if store is not None:
            self._move(store)
        with self._ingestion() as ingestion:
            if not changed:
                ingestion.entities.renew()
            kept = [each for each in self.catalog.documents() if each.state is not State.REMOVED]
            if not changed:
                self.review.publish(ingestion.writer, anew=True)
            yield from ingestion.rederive(kept, force=not changed, compare=changed)

    def _move(self, store: str) -> None:
        from testimonia import stores

        if stores.move(self._store, self.catalog, self.iris, store, self._notice):
            self._end_queries()
            del self._store

    def edit(self, document: str, stated: Mapping[str, object]) -> Outcome:
        """Correct what is stated about a document and derive its graphs anew.

        Raises:
            UsageError: there is no such document, or the change would make it another one.
        """
        from testimonia.sources.metadata import of_user

        record = self.record(document)
        corrected = _corrected(record.metadata, of_user(stated))
        if corrected.identity != record.metadata.identity:
            raise UsageError(
                f"document {document} is what it is by its source: ingest the file again with"
                " --meta source=… instead, then remove this one"
            )
        with self._ingestion() as ingestion:
            self.catalog.restate(document, corrected)
            (outcome,) = ingestion.rederive([self.record(document)])
            return outcome


def _corrected(known: Metadata, stated: Metadata) -> Metadata:
    from testimonia.catalog import merged

    return merged(known, stated)
