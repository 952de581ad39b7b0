"""The index of names: one SQLite file, written by the store's writer, read by everybody.

It holds what the newest checkpoint holds, or a little more while that is being published. Where it
is missing, damaged, of another version or of another generation, the writer makes it anew.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Final

from testimonia.candidates.names import fold, sound
from testimonia.candidates.thing import Thing
from testimonia.errors import StoreError

ENTITIES: Final = "entities.sqlite"
AUTHORITIES: Final = "authorities.sqlite"
_WAIT_SECONDS: Final = 30.0
_VERSION: Final = 2
_SCHEMA: Final = """
    CREATE TABLE state (generation INTEGER NOT NULL, names INTEGER NOT NULL);
    INSERT INTO state VALUES (0, 0);
    CREATE TABLE thing (
        id INTEGER PRIMARY KEY, source TEXT NOT NULL, iri TEXT NOT NULL, label TEXT NOT NULL,
        kinds TEXT NOT NULL, facts TEXT NOT NULL, UNIQUE (iri, source)
    );
    CREATE INDEX thing_source ON thing (source);
    CREATE TABLE name (
        id INTEGER PRIMARY KEY, thing INTEGER NOT NULL REFERENCES thing (id) ON DELETE CASCADE,
        value TEXT NOT NULL, folded TEXT NOT NULL, sound TEXT NOT NULL
    );
    CREATE INDEX name_thing ON name (thing);
    CREATE INDEX name_folded ON name (folded);
    CREATE INDEX name_sound ON name (sound) WHERE sound <> '';
    CREATE TABLE same (
        iri TEXT NOT NULL, thing INTEGER NOT NULL REFERENCES thing (id) ON DELETE CASCADE,
        PRIMARY KEY (iri, thing)
    ) WITHOUT ROWID;
    CREATE INDEX same_thing ON same (thing);
    CREATE VIRTUAL TABLE words USING fts5 (
        folded, content = 'name', content_rowid = 'id', tokenize = "unicode61", prefix = '1 2 3'
    );
    CREATE VIRTUAL TABLE vocabulary USING fts5vocab (words, row);
    CREATE TRIGGER name_added AFTER INSERT ON name BEGIN
        INSERT INTO words (rowid, folded) VALUES (new.id, new.folded);
    END;
    CREATE TRIGGER name_removed AFTER DELETE ON name BEGIN
        INSERT INTO words (words, rowid, folded) VALUES ('delete', old.id, old.folded);
    END;
    PRAGMA user_version = 2;
    PRAGMA journal_mode = WAL;
"""


def open_index(directory: Path, file: str) -> sqlite3.Connection | None:
    """A connection that reads, for one thread at a time; ``None`` where there is no index."""
    path = directory / file
    try:
        uri = f"{path.resolve().as_uri()}?mode=ro"
        connection = sqlite3.connect(
            uri, uri=True, timeout=_WAIT_SECONDS, isolation_level=None, check_same_thread=False
        )
        version = connection.execute("PRAGMA user_version").fetchone()
    except sqlite3.Error:
        return None
    if version != (_VERSION,):
        connection.close()
        return None
    return connection


def covers(directory: Path, generation: int) -> bool:
    """Whether both indexes are those of the checkpoint of this generation, or of a later one."""
    return all(_generation(directory, file) >= generation for file in (ENTITIES, AUTHORITIES))


def _generation(directory: Path, file: str) -> int:
    connection = open_index(directory, file)
    if connection is None:
        return -1
    with closing(connection), suppress(sqlite3.Error):
        return int(connection.execute("SELECT generation FROM state").fetchone()[0])
    return -1


def discard(directory: Path) -> None:
    """Remove both indexes: their writer makes them anew."""
    for file in (ENTITIES, AUTHORITIES):
        _discard(directory / file)


class Index:
    """The index in ``file`` of the store in ``directory``, for its one writer.

    Raises:
        StoreError: it can be neither opened nor made.
    """

    def __init__(self, directory: Path, file: str) -> None:
        self._path = directory / file
        with _explained(self._path):
            try:
                self.connection = self._opened()
            except sqlite3.DatabaseError:
                _discard(self._path)
                self.connection = self._opened()

    @property
    def generation(self) -> int:
        """The generation of the checkpoint that it was last brought up to; 0 for none."""
        (generation,) = self.connection.execute("SELECT generation FROM state").fetchone()
        return int(generation)

    def update(
        self,
        things: Mapping[tuple[str, str], Thing | None],
        generation: int,
        renewed: Mapping[str, Iterable[Thing]],
    ) -> None:
        """Put ``things`` (by IRI and source; ``None`` for what is gone), and for the sources of
        ``renewed`` all that they have, in the place of what was there."""
        with self._transaction():
            for source, every in renewed.items():
                self._drop(source)
                self._add(every)
            other = {at: thing for at, thing in things.items() if not self._has(*at, thing)}
            for iri, source in other:
                self._remove(iri, source)
            self._add(each for each in other.values() if each is not None)
            self._finish(generation, counted=not other and not renewed)

    def fill(self, things: Iterable[Thing], generation: int) -> None:
        """Have all of ``things``, and nothing else."""
        with self._transaction():
            for (source,) in self.connection.execute("SELECT DISTINCT source FROM thing"):
                self._drop(source)
            self._add(things)
            self._finish(generation)

    def close(self) -> None:
        """Let go of the file."""
        self.connection.close()

    def _finish(self, generation: int, *, counted: bool = False) -> None:
        self.connection.execute("UPDATE state SET generation = ?", (generation,))
        if not counted:
            self.connection.execute("UPDATE state SET names = (SELECT COUNT(*) FROM name)")

    def _add(self, things: Iterable[Thing]) -> None:
        for thing in things:
            values = (thing.source, thing.iri, thing.label, " ".join(thing.kinds), _facts(thing))
            (key,) = self.connection.execute(
                "INSERT INTO thing (source, iri, label, kinds, facts) VALUES (?, ?, ?, ?, ?)"
                " RETURNING id",
                values,
            ).fetchone()
            self.connection.executemany(
                "INSERT INTO name (thing, value, folded, sound) VALUES (?, ?, ?, ?)",
                [(key, name, fold(name), sound(name)) for name in _names(thing)],
            )
            if same := thing.facts.get("same"):
                self.connection.executemany(
                    "INSERT OR IGNORE INTO same VALUES (?, ?)", [(iri, key) for iri in same]
                )

    def _has(self, iri: str, source: str, thing: Thing | None) -> bool:
        """Whether a thing is there as it is: most that a document names again are."""
        found = self._found(iri, source)
        if thing is None or found is None:
            return thing is None and found is None
        key, *stated = found
        if stated != [thing.label, " ".join(thing.kinds), _facts(thing)]:
            return False
        names = self.connection.execute(
            "SELECT value FROM name WHERE thing = ? ORDER BY id", (key,)
        )
        return [name for (name,) in names] == _names(thing)

    def _remove(self, iri: str, source: str) -> None:
        if (found := self._found(iri, source)) is not None:
            self._delete("thing = ?", found[0], "id = ?")

    def _found(self, iri: str, source: str) -> tuple[object, ...] | None:
        sought = "SELECT id, label, kinds, facts FROM thing WHERE iri = ? AND source = ?"
        found: tuple[object, ...] | None = self.connection.execute(sought, (iri, source)).fetchone()
        return found

    def _drop(self, source: str) -> None:
        self._delete("thing IN (SELECT id FROM thing WHERE source = ?)", source, "source = ?")

    def _delete(self, of_things: str, value: object, things: str) -> None:
        # Not by the cascade: a trigger that fires in one does not always see the old row.
        for table in ("name", "same"):
            self.connection.execute(f"DELETE FROM {table} WHERE {of_things}", (value,))  # noqa: S608
        self.connection.execute(f"DELETE FROM thing WHERE {things}", (value,))  # noqa: S608

    def _opened(self) -> sqlite3.Connection:
        # The writer is used from many threads, one at a time.
        connection = sqlite3.connect(
            self._path, timeout=_WAIT_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA secure_delete = ON")
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version == 0:
                connection.executescript(_SCHEMA)
            _require_ours(version)
            connection.execute("SELECT generation FROM state").fetchone()
        except BaseException:
            connection.close()
            raise
        return connection

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with _explained(self._path):
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self.connection.execute("ROLLBACK")
                raise
            self.connection.execute("COMMIT")


def _require_ours(version: int) -> None:
    if version not in (0, _VERSION):
        raise sqlite3.DatabaseError(f"an index of version {version}")


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(f"the index of names {path} cannot be written: {error}") from error


def _discard(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            path.with_name(path.name + suffix).unlink()


def _names(thing: Thing) -> list[str]:
    return [name for name in dict.fromkeys((thing.label, *thing.names)) if fold(name)]


def _facts(thing: Thing) -> str:
    return json.dumps({key: list(value) for key, value in thing.facts.items()}, sort_keys=True)
