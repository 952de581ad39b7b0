"""Where a store is: ``sparql+http://host:port/path``, with what differs from its kind's habits
after ``#``, which never leaves this machine.

``sparql+http://127.0.0.1:3030/news#kind=fuseki&update=/news/update&graph-store=/news/data``
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urljoin, urlsplit

from testimonia.endpoints.kinds import KINDS
from testimonia.errors import SettingsError

PREFIX: Final = "sparql+"
EMBEDDED: Final = "embedded"
_OPTIONS: Final = ("kind", "update", "graph-store")
_FORM: Final = (
    "sparql+http://host:port/path, or sparql+https; after # may stand kind=, update= and"
    " graph-store="
)


@dataclass(frozen=True, slots=True)
class Address:
    """A store's endpoints, each a whole URL; ``update`` and ``graph_store`` as they were given,
    ``None`` where the store's kind has a habit. ``written`` is the whole as a user writes it."""

    written: str
    query: str
    kind: str | None = None
    update: str | None = None
    graph_store: str | None = None


def is_embedded(written: str) -> bool:
    """Whether it names the store in the archive's own folder."""
    return written == EMBEDDED


def parse(written: str) -> Address:
    """The address that a user wrote.

    Raises:
        SettingsError: it is none, or has a password in it.
    """
    parts = urlsplit(written.removeprefix(PREFIX))
    if not written.startswith(PREFIX) or parts.scheme not in ("http", "https") or not parts.netloc:
        raise SettingsError(f"{_shown(written)!r} is no store: it is written {_FORM}")
    if "@" in parts.netloc:
        raise SettingsError(
            "a store's address has no user and no password: give them as TESTIMONIA_STORE_USER and"
            " TESTIMONIA_STORE_PASSWORD (or TESTIMONIA_STORE_TOKEN) in the environment"
        )
    given = dict(parse_qsl(parts.fragment, strict_parsing=bool(parts.fragment)))
    for option in given:
        if option not in _OPTIONS:
            raise SettingsError(f"{written!r}: no option {option!r} of a store; it is {_FORM}")
    kind = given.get("kind")
    if kind is not None and kind not in KINDS:
        raise SettingsError(f"no kind of store {kind!r}; there are {', '.join(KINDS)}")
    base = parts._replace(fragment="", path=parts.path or "/").geturl()
    return Address(
        written,
        base,
        kind,
        *(urljoin(base, given[each]) if each in given else None for each in _OPTIONS[1:]),
    )


def _shown(written: str) -> str:
    """Without what may be a password."""
    return written.rpartition("@")[2] if "@" in written else written
