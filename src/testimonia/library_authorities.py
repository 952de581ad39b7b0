"""What an archive does with authority files: the part of :mod:`testimonia.library` for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from testimonia.catalog import Authority, Catalog
from testimonia.errors import TestimoniaError, UsageError

if TYPE_CHECKING:
    from testimonia.crossref.authorities import Authorities, Loaded
    from testimonia.iris import Iris
    from testimonia.store import Writer


class _Archive(Protocol):
    """What of an archive is needed here."""

    folder: Path
    catalog: Catalog
    iris: Iris
    _notice: Callable[[str], None]

    def writer(self) -> AbstractContextManager[Writer]: ...


class WithAuthorities:
    """The part of an archive that is about authority files."""

    def load_authority(
        self: _Archive,
        name: str,
        paths: Iterable[Path | str],
        *,
        format: str | None = None,
        licence: str = "",
        columns: Mapping[str, str] | None = None,
        languages: Iterable[str] = ("en",),
        skip_bad_lines: bool = False,
    ) -> Loaded:
        """Load files as the authority of this name, in the place of what it had, and link the
        archive's entities to its entries.

        ``format`` is one of ``authorities.FORMATS``, told by the files' names where it is not
        given; ``columns`` say which of a table's are what; ``languages`` which labels of Wikidata
        count.

        Raises:
            UsageError: the name cannot be one.
            SourceError: a file cannot be read, or has lines that cannot; nothing is changed.
            ArchiveLocked: another process is writing this archive.
        """
        from testimonia.authorities import File, detect

        try:
            self.iris.authority_graph(name)
        except ValueError as error:
            raise UsageError(
                f"{name!r} cannot name an authority: letters, digits and . _ ~ - can"
            ) from error
        files = [
            File(Path(each), Path(each).name, detect(Path(each).name, format), columns or {},
                 tuple(languages))
            for each in paths
        ]  # fmt: skip
        with self.writer() as writer:
            found = authority_files(self, writer)
            found.settle()
            return found.load(name, files, licence, skip_bad=skip_bad_lines)

    def remove_authority(self: _Archive, name: str) -> int:
        """Take an authority and the links to it out; returns how many links there were.

        Raises:
            UsageError: there is none of this name.
            ArchiveLocked: another process is writing this archive.
        """
        known = [each.name for each in self.catalog.authorities()]
        if name not in known:
            there = f"there are {', '.join(known)}" if known else "there are none"
            raise UsageError(f"no authority {name!r} in {self.folder}; {there}")
        with self.writer() as writer:
            return authority_files(self, writer).remove(name)

    def authorities(self: _Archive) -> tuple[tuple[Authority, int], ...]:
        """The authorities that were loaded, by their names, each with the number of its entries."""
        from testimonia.candidates import AUTHORITIES, open_index
        from testimonia.candidates.retrieval import count

        index = open_index(self.folder / "store", AUTHORITIES)
        try:
            return tuple(
                (each, count(index, each.name) if index else 0)
                for each in self.catalog.authorities()
            )
        finally:
            if index is not None:
                index.close()


def authority_files(archive: _Archive, writer: Writer) -> Authorities:
    """The authority files of an archive, for whoever writes it."""
    from testimonia.crossref.authorities import Authorities

    return Authorities(archive.catalog, writer, archive.folder / "store", archive._notice)  # noqa: SLF001


def finish_authorities(archive: _Archive, writer: Writer) -> None:
    """Do again a load that was cut short: until then nothing newer is published."""
    if not writer.is_withheld():
        return
    try:
        authority_files(archive, writer).settle()
    except TestimoniaError as error:
        archive._notice(  # noqa: SLF001
            "an authority is not whole, and readers have what was there before it was loaded:"
            f" {error}; load it again, or take it out with `testimonia authority remove`"
        )
