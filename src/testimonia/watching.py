"""Watches a folder or a feed (RSS 2.0, RSS 1.0, Atom): what is new there, round by round.

A watcher tells what is new, and is told what became of it; it stores nothing itself but what it has
seen. Feeds are asked with the validators of the last answer, one request at a time, and less and
less often while they fail.
"""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from testimonia.catalog import FILE
from testimonia.errors import SourceError, TestimoniaError, UnreadableSource
from testimonia.fetching import Fetched, Fetcher

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS watched (
    url TEXT PRIMARY KEY, etag TEXT NOT NULL, modified TEXT NOT NULL
) STRICT
"""
_MOST_ENTRIES: Final = 1000
_LONGEST_NAME: Final = 120
_LONGEST_PAUSE_SECONDS: Final = 3600.0
_BETWEEN_SECONDS: Final = 1.0
_SETTLED_SECONDS: Final = 1.0
_SUFFIXES: Final = (".html", ".htm", ".txt", ".md")


@dataclass(frozen=True, slots=True)
class New:
    """A document that is new: ``data`` under a ``name``, from the address ``url``."""

    url: str
    name: str
    data: bytes


@dataclass
class FolderWatcher:
    """Tells which files are new or changed since it last looked."""

    find: Callable[[], list[Path]]
    _seen: dict[Path, tuple[int, int]] = field(default_factory=dict)

    def look(self, *, settled: bool = True) -> list[Path]:
        """New and changed files; with ``settled`` those only that nobody wrote just now."""
        found = []
        for file in self.find():
            try:
                state = file.stat()
            except OSError:
                continue  # gone since
            written = time.time() - state.st_mtime
            if settled and 0 <= written < _SETTLED_SECONDS:
                continue
            if self._seen.get(file) != (state.st_mtime_ns, state.st_size):
                self._seen[file] = (state.st_mtime_ns, state.st_size)
                found.append(file)
        return found


@dataclass
class FeedWatcher:
    """Tells which entries of a feed are new; what it has seen is kept beside the record in
    ``folder``."""

    folder: Path
    url: str
    fetcher: Fetcher
    sleep: Callable[[float], None] = time.sleep
    between_seconds: float = _BETWEEN_SECONDS
    asked_to_wait: float = 0.0

    def look(self, tell: Callable[[str], None]) -> Iterator[New]:
        """The documents that entries lead to; ``tell`` hears of those that cannot be had.

        An entry counts as seen once ``look`` is asked for the next: what was not taken in comes
        again.

        Raises:
            Forbidden: the feed lies where nothing may be fetched.
            UnreadableSource: it cannot be had, or is no feed.
        """
        etag, modified = self._validators(self.url)
        found = self.fetcher.fetch(self.url, etag, modified)
        self.asked_to_wait = found.retry_after or 0.0
        if found.status == HTTPStatus.NOT_MODIFIED:
            return
        if found.status != HTTPStatus.OK:
            raise UnreadableSource(f"{self.url} answers {found.status}")
        whole = True
        for link in entries(found.data, found.url):
            if self._is_seen(link):
                continue
            self.sleep(self.between_seconds)
            try:
                page = self.fetcher.fetch(link)
            except TestimoniaError as error:
                whole = whole and not isinstance(error, UnreadableSource)
                tell(str(error))
                continue
            if page.status == HTTPStatus.OK:
                yield New(page.url, name_of(page), page.data)
            else:
                tell(f"{link} answers {page.status}")
            if page.status < 500 and page.status != HTTPStatus.TOO_MANY_REQUESTS:
                self._see(link)
            else:
                whole = False
        if whole:  # or else the feed has to be asked for whole again
            self._see(self.url, found.etag, found.last_modified)

    def _validators(self, url: str) -> tuple[str, str]:
        with self._record() as record:
            query = "SELECT etag, modified FROM watched WHERE url = ?"
            row = record.execute(query, (url,)).fetchone()
        return (row[0], row[1]) if row else ("", "")

    def _is_seen(self, url: str) -> bool:
        with self._record() as record:
            found = record.execute("SELECT 1 FROM watched WHERE url = ?", (url,)).fetchone()
        return found is not None

    def _see(self, url: str, etag: str = "", modified: str = "") -> None:
        with self._record() as record:
            record.execute("INSERT OR REPLACE INTO watched VALUES (?, ?, ?)", (url, etag, modified))

    @contextmanager
    def _record(self) -> Iterator[sqlite3.Connection]:
        file = self.folder / FILE
        with closing(sqlite3.connect(file, isolation_level=None, timeout=30)) as record:
            record.execute(_SCHEMA)
            yield record


def entries(data: bytes, base: str) -> list[str]:
    """The addresses that a feed's entries lead to, the oldest first, each once.

    Raises:
        UnreadableSource: it is no feed.
    """
    from testimonia.sources.feed import links

    try:
        found = links(data, base)
    except SourceError as error:
        raise UnreadableSource(str(error)) from error
    return list(reversed(dict.fromkeys(found[:_MOST_ENTRIES])))


def name_of(page: Fetched) -> str:
    """A file's name for what was fetched: host and path, with an ending that tells its type."""
    parts = urlsplit(page.url)
    words = re.sub(r"[^A-Za-z0-9._-]+", "-", f"{parts.hostname}{parts.path}").strip("-.")
    words = words[-_LONGEST_NAME:]
    if page.media_type.startswith("text/html") and not words.lower().endswith(_SUFFIXES):
        words += ".html"
    return words or "page.html"


def pause(interval: float, failures: int, asked: float = 0.0) -> float:
    """Seconds until the next look: twice as long with every failure in a row, up to an hour, and
    never less than the host asks for."""
    longest = max(interval, _LONGEST_PAUSE_SECONDS)
    return max(min(interval * 2.0 ** min(failures, 20), longest), min(asked, 24 * 3600.0))
