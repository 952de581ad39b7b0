"""What people give as the right value of something, as a decision keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final, Protocol

from testimonia.curating.things import Pointed, Things
from testimonia.deciding import accounts, dates, mentions, statements
from testimonia.decisions import What
from testimonia.errors import UsageError
from testimonia.model import (
    Certainty,
    GazetteerEntry,
    Polarity,
    Span,
    Tense,
    Timex,
    TimexType,
)
from testimonia.vocabulary import EVENT_TYPES

FIELDS: Final[Mapping[What, tuple[str, ...]]] = {
    What.STATEMENT: statements.FIELDS,
    What.MENTION: mentions.FIELDS,
    What.TIME: accounts.TIME_FIELDS,
    What.ACCOUNT: accounts.FIELDS,
}
"""What can be corrected of what."""

_NOBODY: Final = frozenset({"", "nobody", "none", "nothing", "nowhere"})
_ACTORS: Final = frozenset({"speaker", "addressee", "agent", "patient", "recipient"})
_KINDS: Final = {"place": ("place",), "date": ("time",)}
_MOST: Final = 50


class Places(Protocol):
    """The part of a gazetteer that is asked."""

    def entry(self, place: str) -> GazetteerEntry | None:
        """The place with this id."""
        ...


def value_of(things: Things, pointed: Pointed, field: str, given: Any, places: Places) -> Any:
    """The value of a correction, for JSON; ``given`` is a string, or a list of them.

    Raises:
        UsageError: there is no such field, or the value is none for it.
    """
    fields = FIELDS.get(pointed.what, ())
    if field not in fields:
        raise UsageError(
            f"no {field!r} can be corrected of a {pointed.what}; there are {', '.join(fields)}"
        )
    if pointed.what is What.TIME:
        return _date(_one(field, given))
    if pointed.what is What.MENTION:
        return _of_mention(things, pointed, field, _one(field, given), places)
    if field == "content":
        return _content(things, pointed, _several(field, given))
    if field == "event-type":
        return _chosen(field, _one(field, given), list(EVENT_TYPES))
    closed = _closed(pointed.what, field)
    if closed is not None:
        return _chosen(field, _one(field, given), closed)
    return _references(things, pointed, field, _several(field, given))


def _closed(what: What, field: str) -> list[str] | None:
    """The values that there are, where there is a list of them."""
    found: type[Any] | None = None
    if what is What.STATEMENT and field in statements.NAMES:
        found = statements.NAMES[field][1]
    elif what is What.ACCOUNT:
        found = {"polarity": Polarity, "certainty": Certainty, "tense": Tense}.get(field)
    return None if found is None else [each.value for each in found]


def _references(
    things: Things, pointed: Pointed, field: str, given: list[str]
) -> list[dict[str, Any]]:
    kinds = ("actor", "place") if field in _ACTORS else _KINDS[field]
    found = []
    for each in given:
        plain = each.strip().lower()
        if field == "speaker" and plain == "narrator":
            found.append({"narrator": True})
        elif plain not in _NOBODY:
            found.append(things.words(pointed, each, kinds))
        elif field == "speaker":
            found.append({"hidden": True})
    if field == "speaker" and not found:
        raise UsageError("a statement has a speaker: give words, a path, narrator or nobody")
    return found


def _of_mention(things: Things, pointed: Pointed, field: str, given: str, places: Places) -> Any:
    if field == "type":
        return _chosen(field, given, list(mentions.TYPES))
    if field == "place":
        return _place(given, places)
    if field == "denotes":
        found = things.words(pointed, given, ("actor", "place"))
        if "words" not in found:
            raise UsageError("give words of the text, or something that words of it stand for")
        return found
    text = things.described(pointed.record.id).text
    old = pointed.target.quote.span
    return _words_near(given, text, old, things, pointed)


def _place(given: str, places: Places) -> dict[str, Any] | None:
    if given.strip().lower() in _NOBODY:
        return None
    place = given.strip().removeprefix("place/")
    place = f"geonames-{place}" if place.isascii() and place.isdigit() else place
    entry = places.entry(place) if len(place) < 100 else None
    if entry is None:
        raise UsageError(
            f"the gazetteer has no place {given[:100]!r}; give an id such as geonames-703448, or"
            " nowhere"
        )
    written = {**asdict(entry), "within": list(entry.within)}
    del written["period"]  # the document's own matter
    return written


def _date(given: str) -> str:
    try:
        dates.dated(Timex("time/0", Span(0, 1), TimexType.DATE, ""), given.strip())
    except ValueError as error:
        raise UsageError(f"{given[:100]!r}: {error}") from error
    return given.strip()


def _content(things: Things, pointed: Pointed, given: list[str]) -> list[dict[str, Any]]:
    text = things.described(pointed.record.id).text
    pieces = [piece for each in given for piece in each.split(" … ")]
    found = [_words_near(each, text, pointed.target.quote.span, things, pointed) for each in pieces]
    return sorted(found, key=lambda each: each["span"])


def _words_near(
    given: str, text: str, near: Span, things: Things, pointed: Pointed
) -> dict[str, Any]:
    start = -1
    starts = []
    while given.strip() and (start := text.find(given, start + 1)) >= 0:
        starts.append(start)
    if not starts:
        raise UsageError(
            f"{given[:200]!r} is not in the text of {pointed.record.name}, word for word"
        )
    best = min(starts, key=lambda each: abs(each - near.start))
    return things.described(pointed.record.id).quote(Span(best, best + len(given))).written()


def _chosen(field: str, given: str, values: list[str]) -> str:
    for value in values:
        if value.lower() == given.strip().lower():
            return value
    raise UsageError(f"{field} is one of {', '.join(values)}, not {given[:100]!r}")


def _one(field: str, given: Any) -> str:
    if isinstance(given, list) and len(given) == 1:
        given = given[0]
    if given is None:
        return ""
    if not isinstance(given, str):
        raise UsageError(f"one value is wanted for {field}, as a string")
    return given


def _several(field: str, given: Any) -> list[str]:
    if given is None:
        return []
    values = given if isinstance(given, list) else [given]
    if len(values) > _MOST or not all(isinstance(each, str) for each in values):
        raise UsageError(f"{field} is a string, or a list of at most {_MOST} strings")
    return list(values)
