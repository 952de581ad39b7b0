"""Documents that were sent to a server, waiting to be read, and decisions to be carried out: jobs,
in the order of their arrival.

A job's files lie in ``inbox/<id>`` until it has ended; the job itself and what became of each
document are in the record. Files are durable before the job is there, so that whoever was told of
a job finds it done after any crash.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from testimonia.catalog import FILE
from testimonia.errors import Busy, UsageError

INBOX: Final = "inbox"
MOST_WAITING: Final = 100
_MOST_KEPT: Final = 1000
_TRIES: Final = 2
_LONGEST_NAME: Final = 150
_UNSAFE: Final = re.compile(r"[\x00-\x1f\x7f/\\]")
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS job (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, made TEXT NOT NULL, ended TEXT,
    state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed')),
    files INTEGER NOT NULL, options TEXT NOT NULL, tries INTEGER NOT NULL DEFAULT 0,
    message TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE IF NOT EXISTS job_outcome (
    job TEXT NOT NULL, number INTEGER NOT NULL, name TEXT NOT NULL, result TEXT NOT NULL,
    document TEXT, message TEXT NOT NULL, statements INTEGER NOT NULL, PRIMARY KEY (job, number)
) STRICT;
"""


@dataclass(frozen=True, slots=True)
class JobOutcome:
    """What became of one document; ``number`` counts from 1."""

    number: int
    name: str
    result: str
    document: str | None
    message: str
    statements: int


@dataclass(frozen=True, slots=True)
class Job:
    """One job; ``state`` is ``queued``, ``running``, ``done`` or ``failed`` (with a message).

    ``stated`` is what is known of its documents, ``force_language`` whether they are read even
    where they are not English; ``decisions`` are the ids of those that it carries out. Times are
    ISO 8601 in UTC.
    """

    id: str
    state: str
    made: str
    ended: str | None
    files: int
    tries: int
    message: str
    stated: Mapping[str, object]
    force_language: bool
    outcomes: tuple[JobOutcome, ...] = ()
    decisions: tuple[str, ...] = ()

    @property
    def over(self) -> bool:
        """Whether nothing more will come."""
        return self.state in ("done", "failed")


class Jobs:
    """The jobs of the archive in ``folder``. May be used in any thread and process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def files(self, id_: str) -> Path:
        """The folder with the files of a job."""
        return self._folder / INBOX / id_

    def add(
        self,
        files: Sequence[tuple[str, bytes]],
        stated: Mapping[str, object],
        *,
        force_language: bool = False,
    ) -> Job:
        """A new job for these files, each with its name; durable.

        Raises:
            Busy: too many are waiting.
            UsageError: there is no file.
        """
        if not files:
            raise UsageError("there is no document in it: send at least one file, or a text")
        self._require_room()
        id_ = secrets.token_hex(8)
        folder = self.files(id_)
        folder.mkdir(parents=True)
        for name, data in files:
            _keep(_free_name(folder, name), data)
        for each in (folder, folder.parent, folder.parent.parent):
            _sync(each)
        options = {"stated": dict(stated), "force_language": force_language}
        return self._insert(id_, len(files), options)

    def add_decisions(self, decisions: Sequence[str]) -> Job:
        """A new job that carries out these decisions, which are in the record.

        Raises:
            Busy: too many are waiting.
        """
        self._require_room()
        options = {"stated": {}, "force_language": False, "decisions": list(decisions)}
        return self._insert(secrets.token_hex(8), 0, options)

    def _require_room(self) -> None:
        if self.waiting() >= MOST_WAITING:
            raise Busy(f"{MOST_WAITING} jobs are waiting; send more when some are done")

    def _insert(self, id_: str, files: int, options: Mapping[str, object]) -> Job:
        with self._record() as record:
            record.execute(
                "INSERT INTO job (id, made, state, files, options) VALUES (?, ?, 'queued', ?, ?)",
                (id_, _now(), files, json.dumps(options)),
            )
        return self.job(id_)

    def job(self, id_: str) -> Job:
        """One job with its outcomes so far.

        Raises:
            UsageError: there is no such job.
        """
        with self._record() as record:
            found = record.execute("SELECT * FROM job WHERE id = ?", (id_,)).fetchone()
            if found is None:
                raise UsageError(f"there is no job {id_!r}")
            query = "SELECT * FROM job_outcome WHERE job = ? ORDER BY number"
            rows = record.execute(query, (id_,)).fetchall()
        return _job(found, rows)

    def waiting(self) -> int:
        """How many are not over."""
        with self._record() as record:
            query = "SELECT COUNT(*) FROM job WHERE state IN ('queued', 'running')"
            return int(record.execute(query).fetchone()[0])

    def next(self) -> str | None:
        """The id of the job whose turn it is: one that was cut short first; one that was cut short
        too often is failed."""
        with self._record() as record:
            query = "SELECT id, tries FROM job WHERE state IN ('queued', 'running') ORDER BY number"
            for row in record.execute(query).fetchall():
                if row["tries"] < _TRIES:
                    return str(row["id"])
                message = f"the process that read its documents was ended {_TRIES} times"
                self.end(row["id"], "failed", message)
        return None

    def begin(self, id_: str) -> None:
        """Note that a process reads its documents now."""
        with self._record() as record:
            query = "UPDATE job SET state = 'running', tries = tries + 1 WHERE id = ?"
            record.execute(query, (id_,))
            record.execute("DELETE FROM job_outcome WHERE job = ?", (id_,))

    def put_back(self, id_: str) -> None:
        """Note that it was cut short by no fault of its own."""
        with self._record() as record:
            query = "UPDATE job SET state = 'queued', tries = MAX(0, tries - 1) WHERE id = ?"
            record.execute(f"{query} AND state = 'running'", (id_,))

    def note(self, id_: str, outcome: JobOutcome) -> None:
        """Note what became of one document."""
        values = (outcome.number, outcome.name, outcome.result)
        more = (outcome.document, outcome.message, outcome.statements)
        with self._record() as record:
            query = "INSERT OR REPLACE INTO job_outcome VALUES (?, ?, ?, ?, ?, ?, ?)"
            record.execute(query, (id_, *values, *more))

    def end(self, id_: str, state: str, message: str = "") -> None:
        """Note that it is over; its files go, and so do the oldest jobs beyond a thousand."""
        with self._record() as record:
            query = "UPDATE job SET state = ?, message = ?, ended = ? WHERE id = ?"
            record.execute(query, (state, message, _now(), id_))
            record.execute(
                "DELETE FROM job WHERE number <= (SELECT MAX(number) FROM job) - ?"
                " AND state IN ('done', 'failed')",
                (_MOST_KEPT,),
            )
            record.execute("DELETE FROM job_outcome WHERE job NOT IN (SELECT id FROM job)")
        shutil.rmtree(self.files(id_), ignore_errors=True)

    @contextmanager
    def _record(self) -> Iterator[sqlite3.Connection]:
        file = self._folder / FILE
        with closing(sqlite3.connect(file, isolation_level=None, timeout=30)) as record:
            record.row_factory = sqlite3.Row
            record.execute("PRAGMA secure_delete = ON")
            for statement in _SCHEMA.split(";"):
                record.execute(statement)
            yield record


def _job(row: sqlite3.Row, outcomes: Sequence[sqlite3.Row]) -> Job:
    options: dict[str, Any] = json.loads(row["options"])
    options["decisions"] = tuple(options.get("decisions", ()))
    names = ("id", "state", "made", "ended", "files", "tries", "message")
    columns = ("number", "name", "result", "document", "message", "statements")
    told = tuple(JobOutcome(**{name: each[name] for name in columns}) for each in outcomes)
    return Job(**{name: row[name] for name in names}, **options, outcomes=told)


def _free_name(folder: Path, name: str) -> Path:
    """The file's own name, without what could lead elsewhere; with a number if it is taken."""
    last = re.split(r"[/\\]", name)[-1]
    safe = _UNSAFE.sub("_", last).lstrip(".")[-_LONGEST_NAME:] or "document"
    free, number = folder / safe, 1
    while free.exists():
        number += 1
        free = folder / f"{number}-{safe}"
    return free


def _keep(file: Path, data: bytes) -> None:
    with file.open("xb") as opened:
        opened.write(data)
        opened.flush()
        os.fsync(opened.fileno())


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
