"""Tokens: who may write, and in a private archive who may read.

A token is shown once, when it is made. What is kept, in ``tokens.json`` beside what it opens, is
its SHA-256: the secret has 256 random bits, so a slow hash would protect nothing more. A server
sees at once what the command line changes.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from testimonia.errors import ArchiveError, UsageError

FILE: Final = "tokens.json"
SCOPES: Final = ("query", "update", "ingest", "admin", "unchecked", "curate")
_PREFIX: Final = "tst"
_PATIENCE_SECONDS: Final = 10


@dataclass(frozen=True, slots=True)
class Token:
    """What is known of a token; times are ISO 8601 in UTC."""

    id: str
    name: str
    scopes: tuple[str, ...]
    sha256: str
    created: str
    expires: str | None = None

    def expired(self, now: datetime | None = None) -> bool:
        """Whether its time is over."""
        if self.expires is None:
            return False
        return datetime.fromisoformat(self.expires) <= (now or datetime.now(UTC))


class Tokens:
    """The tokens of the archive or dataset in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE
        self._seen: tuple[int, int] | None = None
        self._tokens: dict[str, Token] = {}

    def __iter__(self) -> Iterator[Token]:
        """All of them, expired ones too, in the order in which they were made."""
        self._look()
        return iter(self._tokens.values())

    def create(
        self, scopes: Iterable[str], *, name: str = "", days: float | None = None
    ) -> tuple[str, Token]:
        """A new token: the secret text, and what is kept of it.

        Raises:
            UsageError: there is no such scope, or none was given.
            ArchiveError: it cannot be written.
        """
        wanted = tuple(dict.fromkeys(scopes))
        unknown = [each for each in wanted if each not in SCOPES]
        if unknown or not wanted:
            raise UsageError(
                f"no scope {', '.join(unknown) or 'was given'}; there are {', '.join(SCOPES)}"
            )
        now = datetime.now(UTC)
        id_, secret = secrets.token_hex(4), secrets.token_urlsafe(32)
        text = f"{_PREFIX}_{id_}_{secret}"
        expires = now + timedelta(days=days) if days is not None else None
        token = Token(
            id_, name, wanted, _digest(text), _written(now), _written(expires) if expires else None
        )
        with self._writing():
            self._save({**self._tokens, id_: token})
        return text, token

    def revoke(self, id_: str) -> Token:
        """Make a token worthless.

        Raises:
            UsageError: there is none of this id.
        """
        with self._writing():
            if id_ not in self._tokens:
                known = ", ".join(self._tokens) or "none at all"
                raise UsageError(f"no token {id_!r}; there are {known}")
            kept = dict(self._tokens)
            token = kept.pop(id_)
            self._save(kept)
            return token

    def find(self, text: str) -> Token | None:
        """The token that this text is, unless it has expired. Takes the same time however much of
        a wrong secret is right."""
        self._look()
        prefix, _, rest = text.partition("_")
        known = self._tokens.get(rest.partition("_")[0]) if prefix == _PREFIX else None
        same = hmac.compare_digest(known.sha256 if known else "", _digest(text))
        return known if known is not None and same and not known.expired() else None

    def any_with(self, scopes: Iterable[str]) -> bool:
        """Whether there is a token that has not expired with one of these scopes."""
        self._look()
        wanted = set(scopes)
        return any(
            wanted & set(each.scopes) and not each.expired() for each in self._tokens.values()
        )

    # -------------------------------------------------------------------------- the file

    def _look(self) -> None:
        """Read the file again if it has changed."""
        try:
            status = self._file.stat()
        except FileNotFoundError:
            self._seen, self._tokens = None, {}
            return
        seen = (status.st_mtime_ns, status.st_ino)
        if seen != self._seen:
            self._tokens, self._seen = self._read(), seen

    def _read(self) -> dict[str, Token]:
        try:
            listed = json.loads(self._file.read_text(encoding="utf-8"))
            found = [Token(**{**each, "scopes": tuple(each["scopes"])}) for each in listed]
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise ArchiveError(
                f"{self._file} cannot be read as a list of tokens ({error}); move it away and make"
                " new tokens"
            ) from error
        return {each.id: each for each in found}

    @contextmanager
    def _writing(self) -> Iterator[None]:
        if not self._file.parent.is_dir():
            raise ArchiveError(f"there is no folder {self._file.parent} to keep tokens in")
        try:
            with FileLock(self._file.with_name(f"{FILE}.lock"), timeout=_PATIENCE_SECONDS):
                self._look()
                yield
        except (OSError, Timeout) as error:
            raise ArchiveError(f"{self._file} cannot be locked: {error}") from error

    def _save(self, tokens: dict[str, Token]) -> None:
        body = json.dumps([asdict(each) for each in tokens.values()], indent=1)
        try:
            # Made readable for its owner alone, and in one step: a server never reads half of it.
            with tempfile.NamedTemporaryFile(
                "w", encoding="utf-8", dir=self._file.parent, prefix=FILE, delete=False
            ) as file:
                file.write(body)
                file.flush()
                os.fsync(file.fileno())
            Path(file.name).replace(self._file)
        except OSError as error:
            raise ArchiveError(f"{self._file} cannot be written: {error.strerror}") from error
        self._look()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _written(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
