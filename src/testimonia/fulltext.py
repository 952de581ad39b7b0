"""The index of the words in the literals of a reading view (SQLite FTS5), beside the checkpoints.

A store's writer keeps it, the workers search it. What makes a search right on *any* checkpoint:

- every literal that a checkpoint has is in the index before that checkpoint is published;
- a literal leaves the index only when the last checkpoint that has it is gone;
- who searches looks up in the checkpoint that it has open what the index cannot vouch for: what
  has come since that checkpoint, or is gone from a later one.

So the index may hold more than a checkpoint, never less. It is derived: where it is missing, of
another version, or not of the newest checkpoint, the writer makes it anew from the store.
See ``docs/decisions/0012-full-text.md``.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from testimonia.errors import QueryError, StoreError

FILE: Final = "fulltext.sqlite"
MOST_HITS: Final = 10_000
# As many hits of some length would make a query that takes longer to parse than to answer.
MOST_CHARACTERS: Final = 8_000_000

# Also in the schema. It is in the file itself, not in its log: WAL begins after it.
_VERSION: Final = 1
_SCHEMA: Final = """
    BEGIN IMMEDIATE;
    CREATE TABLE state (generation INTEGER NOT NULL, complete_since INTEGER NOT NULL);
    INSERT INTO state VALUES (0, 0);
    CREATE TABLE literal (
        id INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE,
        value TEXT NOT NULL, language TEXT NOT NULL, since INTEGER NOT NULL, gone INTEGER
    );
    CREATE INDEX literal_gone ON literal (gone) WHERE gone IS NOT NULL;
    CREATE VIRTUAL TABLE words USING fts5 (
        value, content = 'literal', content_rowid = 'id',
        tokenize = "unicode61 remove_diacritics 2"
    );
    CREATE TRIGGER literal_added AFTER INSERT ON literal BEGIN
        INSERT INTO words (rowid, value) VALUES (new.id, new.value);
    END;
    CREATE TRIGGER literal_removed AFTER DELETE ON literal BEGIN
        INSERT INTO words (words, rowid, value) VALUES ('delete', old.id, old.value);
    END;
    PRAGMA user_version = 1;
    COMMIT;
    PRAGMA journal_mode = WAL;
"""
_ADD: Final = """
    INSERT INTO literal (digest, value, language, since) VALUES (?, ?, ?, ?)
    ON CONFLICT (digest) DO UPDATE SET since = excluded.since, gone = NULL WHERE gone IS NOT NULL
"""
_FIND: Final = """
    SELECT literal.value, literal.language, -words.rank, literal.gone IS NULL AND literal.since <= ?
    FROM words JOIN literal ON literal.id = words.rowid
    WHERE words MATCH ? ORDER BY words.rank, literal.value, literal.language LIMIT ?
"""
# SQLite keeps user_version at this offset of a database's first page (file format, 1.3).
_VERSION_BYTES: Final = slice(60, 64)
_WAIT_SECONDS: Final = 30.0


class Words(NamedTuple):
    """A literal's value, and its language tag: empty for a plain string."""

    value: str
    language: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A literal that matches, and how well (BM25: the more, the better)."""

    words: Words
    score: float


def is_there(directory: Path) -> bool:
    """Whether the store in ``directory`` has an index of this version; without opening it."""
    try:
        with (directory / FILE).open("rb") as file:
            header = file.read(_VERSION_BYTES.stop)
    except OSError:
        return False
    return int.from_bytes(header[_VERSION_BYTES], "big") == _VERSION


def covers(directory: Path, generation: int) -> bool:
    """Whether the index can be searched for the checkpoint of this generation."""
    try:
        with closing(_reading(directory / FILE)) as connection:
            return is_there(directory) and _covers(connection, generation)
    except sqlite3.Error:
        return False


def _reading(path: Path) -> sqlite3.Connection:
    uri = f"{path.resolve().as_uri()}?mode=ro"
    return sqlite3.connect(uri, uri=True, timeout=_WAIT_SECONDS)


def _covers(connection: sqlite3.Connection, generation: int) -> bool:
    newest, since = connection.execute("SELECT * FROM state").fetchone()
    return bool(since <= generation <= newest)


# ------------------------------------------------------------------------------------- writing


class Index:
    """The index of the store in ``directory``, for its one writer; made where there is none.

    Raises:
        StoreError: it can be neither opened nor made.
    """

    def __init__(self, directory: Path) -> None:
        self._path = directory / FILE
        with _explained(self._path):
            if not is_there(directory):
                _discard(self._path)
            try:
                self._connection = self._opened()
            except sqlite3.DatabaseError:  # it is derived: what is damaged is made anew
                _discard(self._path)
                self._connection = self._opened()

    @property
    def generation(self) -> int:
        """The generation of the checkpoint that it was last brought up to; 0 for none."""
        (generation,) = self._connection.execute("SELECT generation FROM state").fetchone()
        return int(generation)

    def update(
        self, there: Iterable[Words], gone: Iterable[Words], generation: int, oldest: int
    ) -> None:
        """Have all of ``there``, and note that the checkpoint ``generation``, which is about to be
        published, has none of ``gone``. ``oldest`` is the oldest checkpoint that may be read."""
        with self._transaction():
            self._connection.executemany(_ADD, ((*_row(each), generation) for each in there))
            self._connection.executemany(
                "UPDATE literal SET gone = ? WHERE digest = ? AND gone IS NULL",
                ((generation, _digest(each)) for each in gone),
            )
            self._connection.execute("DELETE FROM literal WHERE gone <= ?", (oldest,))
            self._connection.execute("UPDATE state SET generation = ?", (generation,))

    def fill(self, there: Iterable[Words], generation: int) -> None:
        """Have all of ``there``, which is everything that the checkpoint ``generation`` will have.

        What else there was is not there for it; nothing is known of earlier checkpoints.
        """
        with self._transaction():
            self._connection.execute("UPDATE literal SET gone = ?", (generation,))
            self._connection.executemany(_ADD, ((*_row(each), generation) for each in there))
            self._connection.execute("DELETE FROM literal WHERE gone IS NOT NULL")
            self._connection.execute(
                "UPDATE state SET generation = ?1, complete_since = ?1", (generation,)
            )

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _opened(self) -> sqlite3.Connection:
        # The writer is used from many threads, one at a time.
        connection = sqlite3.connect(
            self._path, timeout=_WAIT_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            # A crash may take the last transactions, as it may the store's: then the generation
            # tells, and the index is filled anew.
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA secure_delete = ON")
            if connection.execute("PRAGMA user_version").fetchone() != (_VERSION,):
                connection.executescript(_SCHEMA)
            connection.execute("SELECT generation FROM state").fetchone()
        except BaseException:
            connection.close()
            raise
        return connection

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with _explained(self._path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(f"the full-text index {path} cannot be written: {error}") from error


def _discard(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            path.with_name(path.name + suffix).unlink()


def _row(words: Words) -> tuple[bytes, str, str]:
    return _digest(words), words.value, words.language


def _digest(words: Words) -> bytes:
    # A language tag has no NUL, so the two parts cannot be taken for others.
    return hashlib.sha256(f"{words.language}\0{words.value}".encode()).digest()[:16]


# ----------------------------------------------------------------------------------- searching


class Search:
    """The index as it is searched for the checkpoint ``checkpoint``. ``contains`` tells whether a
    literal is in it. With ``best`` the best hits are given where there are too many, and ``cut``
    tells afterwards whether there were."""

    def __init__(
        self,
        directory: Path,
        generation: int,
        contains: Callable[[Words], bool],
        *,
        best: bool = False,
    ) -> None:
        self._path = directory / FILE
        self._generation = generation
        self._contains = contains
        self._best = best
        self.cut = False

    def hits(self, query: str) -> list[Hit]:
        """The literals that match, best first: all of them, unless ``best`` is enough.

        Raises:
            QueryError: the query breaks its grammar, or matches more than a query may be given.
            StoreError: the index cannot be read, or does not cover the checkpoint.
        """
        expression = fts5(query)
        try:
            found = self._found(expression)
        except sqlite3.Error as error:
            if str(error).startswith("fts5"):
                raise _senseless(query, str(error)[4:].lstrip(": ")) from error
            raise StoreError(f"the full-text index cannot be read: {error}") from error
        few = found[: _few_enough(found)]
        if len(few) < len(found):
            self.cut = True
        if self.cut and not self._best:
            raise QueryError(
                f"{query!r} matches too much: more than {MOST_HITS:,} literals, or too long ones;"
                ' add words (all must occur), or a "phrase"'
            )
        return [
            Hit(words, score)
            for value, language, score, sure in few
            if (words := Words(value, language)) and (sure or self._contains(words))
        ]

    def _found(self, expression: str) -> list[tuple[str, str, float, int]]:
        with closing(_reading(self._path)) as connection:
            # One read transaction: what is checked is what is searched.
            connection.execute("BEGIN")
            if not _covers(connection, self._generation):
                raise StoreError("the full-text index has just been made anew; ask again")
            return connection.execute(
                _FIND, (self._generation, expression, MOST_HITS + 1)
            ).fetchall()


def _few_enough(found: Sequence[tuple[str, str, float, int]]) -> int:
    """How many hits, from the first, a query may be given."""
    characters = 0
    for number, (value, *_) in enumerate(found):
        characters += len(value)
        if number == MOST_HITS or characters > MOST_CHARACTERS:
            return number
    return len(found)


_PART: Final = re.compile(r'\s*(?:("[^"]*")(\*?)|([()])|([^\s()"]+))', re.DOTALL)
_OPERATORS: Final = frozenset({"AND", "OR", "NOT"})
_DEEPEST: Final = 20  # FTS5's parser has a stack for some thirty


def fts5(query: str) -> str:
    """A query as users write it, as an expression of FTS5.

    Words all have to occur, in any order; ``"some words"`` occur as they stand; ``harb*`` is the
    beginning of a word; ``AND``, ``OR``, ``NOT`` and round brackets join them. Everything else is
    text: a word with punctuation is a phrase (``U.S.``).

    Raises:
        QueryError: there is nothing in it to look for, a quotation mark or bracket is left open, or
            an operator has no words beside it.
    """
    parts: list[str] = []
    done = 0
    while match := _PART.match(query, done):
        phrase, beginning, bracket, word = match.groups()
        if bracket or word in _OPERATORS:
            _join(parts, bracket or word)
        elif text := _text(phrase[1:-1] if phrase else word, bool(beginning)):
            _join(parts, text)
        done = match.end()
    if query[done:].strip():
        raise _senseless(query, "a quotation mark is open")
    if not any(each.startswith('"') for each in parts):
        raise QueryError(f"there are no words to look for in {query!r}")
    if wrong := _wrong(parts):
        raise _senseless(query, wrong)
    return " ".join(parts)


def _wrong(parts: Sequence[str]) -> str:
    """What an expression's grammar does not allow, for people; empty where all is well."""
    depth = 0
    for before, part in zip(["(", *parts], [*parts, ""], strict=True):
        if before in _OPERATORS and (part in _OPERATORS or part in (")", "")):
            return f"{before} has no words after it"
        if part in _OPERATORS and before == "(":
            return f"{part} has no words before it"
        if part == ")" and before == "(":
            return "there is nothing in the brackets"
        depth += (part == "(") - (part == ")")
        if depth < 0:
            return "a bracket is closed that was not opened"
        if depth > _DEEPEST:
            return f"it has more than {_DEEPEST} brackets in one another"
    return "a bracket is open" if depth else ""


def _senseless(query: str, reason: str) -> QueryError:
    return QueryError(
        f'{query!r} cannot be searched for: {reason} ("…" around what is to be taken as it stands)'
    )


def _join(parts: list[str], part: str) -> None:
    """Add a part. FTS5 knows no unwritten AND beside brackets, and no AND before NOT."""
    last = parts[-1] if parts else "("
    if part == "NOT" and last == "AND":
        parts.pop()
    elif part not in _OPERATORS and part != ")" and last not in _OPERATORS and last != "(":
        parts.append("AND")
    parts.append(part)


def _text(text: str, beginning: bool) -> str:
    """A phrase; nothing where there is no letter or digit in it, which matches nothing ever."""
    if text.endswith("*"):
        text, beginning = text.rstrip("*"), True
    if not any(each.isalnum() for each in text):
        return ""
    return f'"{text.replace(chr(0), " ")}"' + ("*" if beginning else "")
