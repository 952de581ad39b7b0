"""The command that goes on for ever: watch."""

from __future__ import annotations

import contextlib
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from testimonia.cli import output
from testimonia.cli.options import ARCHIVE_DEFAULT, Archive, Meta, Store
from testimonia.errors import ArchiveLocked, Forbidden, SourceError, UsageError

if TYPE_CHECKING:
    from testimonia.ingest import Outcome
    from testimonia.library import Archive as Opened

_FOLDER_SECONDS = 2.0
_FEED_SECONDS = 900.0


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(watch)


def watch(
    place: Annotated[str, typer.Argument(metavar="FOLDER|FEED", help="A folder, or a feed's URL.")],
    archive: Archive = ARCHIVE_DEFAULT,
    store: Store = None,
    meta: Meta = [],  # noqa: B006 - typer copies it
    every: Annotated[
        float | None,
        typer.Option(min=0.1, help="Seconds between looks: 2 for a folder, 900 for a feed."),
    ] = None,
    allow: Annotated[
        list[str],
        typer.Option(
            metavar="HOST",
            help="A host that entries may be fetched from, beside the feed's. Repeat for several.",
        ),
    ] = [],  # noqa: B006
    allow_private: Annotated[
        bool, typer.Option("--allow-private", help="Addresses inside may be fetched from, too.")
    ] = False,
    once: Annotated[bool, typer.Option("--once", help="Look once, and end.")] = False,
) -> int:
    """Take in what is new in a folder or a feed, until it is interrupted.

    Feeds are asked politely: with the validators of the last answer, one request at a time, and
    less and less often while they fail.
    """
    from testimonia.library import open_archive
    from testimonia.sources import parse_options

    stated = parse_options(meta)
    is_feed = place.startswith(("http://", "https://"))
    if not is_feed and not Path(place).is_dir():
        raise UsageError(f"{place} is no folder and no http or https address")
    with open_archive(archive.absolute(), create=True, notice=output.notice, store=store) as opened:
        if is_feed:
            hosts = (urlsplit(place).hostname or "", *allow)
            rounds = _feed(opened, place, hosts, stated, private=allow_private)
        else:
            rounds = _folder(opened, Path(place), stated, once=once)
        return _go_on(rounds, every or (_FEED_SECONDS if is_feed else _FOLDER_SECONDS), once=once)


def _go_on(rounds: Iterator[tuple[bool, float]], every: float, *, once: bool) -> int:
    """Round after round; each says whether all went well, and how long it was asked to wait."""
    from testimonia.watching import pause

    failures = 0
    for well, asked in rounds:
        if once:
            return 0 if well else 1
        failures = 0 if well else failures + 1
        time.sleep(pause(every, failures, asked))
    return 0


def _folder(
    opened: Opened, folder: Path, stated: Mapping[str, object], *, once: bool
) -> Iterator[tuple[bool, float]]:
    from testimonia.sources import find_sources
    from testimonia.watching import FolderWatcher

    def find() -> list[Path]:
        try:
            return find_sources([folder])
        except SourceError:  # nothing in it yet
            return []

    watcher = FolderWatcher(find)
    waiting: list[Path] = []
    while True:
        waiting = list(dict.fromkeys([*waiting, *watcher.look(settled=not once)]))
        well = True
        if waiting:
            try:
                well = _tell(opened.ingest(waiting, stated=stated))
                waiting = []
            except (ArchiveLocked, SourceError) as error:
                output.notice(str(error))
                waiting = [file for file in waiting if file.exists()]
                well = False
        yield well, 0.0


def _feed(
    opened: Opened,
    url: str,
    hosts: tuple[str, ...],
    stated: Mapping[str, object],
    *,
    private: bool,
) -> Iterator[tuple[bool, float]]:
    from testimonia.fetching import Fetcher
    from testimonia.watching import FeedWatcher

    watcher = FeedWatcher(opened.folder, url, Fetcher(hosts, private=private))
    while True:
        well = True
        try:
            for new in watcher.look(output.notice):
                with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
                    Path(new.name).write_bytes(new.data)
                    found = opened.ingest([new.name], stated={"source": new.url, **stated})
                    well = _tell(found) and well
        except Forbidden:
            raise
        except (ArchiveLocked, SourceError) as error:
            output.notice(str(error))
            well = False
        yield well, watcher.asked_to_wait


def _tell(outcomes: Iterable[Outcome]) -> bool:
    """Show what became of each; whether none failed."""
    well = True
    for outcome in outcomes:
        output.tell(outcome)
        if outcome.result in ("stored", "unchanged"):
            output.notice(f"{outcome.result} {outcome.name}")
        else:
            well = False
    return well
