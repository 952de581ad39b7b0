"""What somebody asks to be decided, and what of it has no meaning."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any, Final

from testimonia.curating.things import Pointed
from testimonia.decisions import Decision, Kind, What
from testimonia.errors import UsageError

_LONGEST_NAME: Final = 200
_LONGEST_REASON: Final = 4000
_LONGEST_VALUE: Final = 100_000
RELATIONS: Final = ("Corroborates", "Contradicts", "Repeats", "RespondsTo")


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks to be decided. ``thing`` and ``other`` are IRIs or paths under the base;
    ``only`` says that it holds for the one document, not for all of the text."""

    kind: Kind
    thing: str
    by: str
    why: str = ""
    other: str | None = None
    field: str = ""
    value: Any = None
    only: bool = False


def relating(wish: Wish, decision: Decision, one: Pointed, other: Pointed) -> Decision:
    """The decision on a relation between two statements.

    Raises:
        UsageError: it is none.
    """
    if {one.what, other.what} != {What.STATEMENT} or one.node == other.node:
        raise UsageError("a relation is between two statements")
    kind = next((each for each in RELATIONS if each.lower() == wish.field.lower()), None)
    if kind is None:
        raise UsageError(f"a relation is one of {', '.join(RELATIONS)}, not {wish.field[:100]!r}")
    return replace(decision, what=What.RELATION, other=other.target, field=kind, stands="null")


def require_alike(one: Pointed, other: Pointed, names: str) -> None:
    """Let pass two things that can be one.

    Raises:
        UsageError: they cannot.
    """
    kinds = {each.canonical.partition("/")[0] for each in (one, other) if each.canonical}
    if len(kinds) > 1:
        raise UsageError(
            f"{names}: the one is read as {' and the other as '.join(sorted(kinds))}; correct the"
            " type of one of them first"
        )
    known = {each.canonical for each in (one, other) if "-" in each.canonical}
    if len(known) > 1:
        raise UsageError(
            f"{names} are two places of the gazetteer; correct the place of one of them instead"
        )


def require_sound(wish: Wish) -> None:
    """Let pass a wish that can be kept.

    Raises:
        UsageError: it cannot.
    """
    require_person(wish.by, wish.why)
    try:
        written = json.dumps([wish.thing, wish.other, wish.field, wish.value])
    except RecursionError as error:
        raise UsageError("a value is a string, or a list of strings") from error
    if len(written) > _LONGEST_VALUE:
        raise UsageError(f"a value may have {_LONGEST_VALUE:,} characters")
    values = wish.value if isinstance(wish.value, list) else [wish.value]
    given = [wish.thing, wish.other, wish.field, *values]
    require_writable(*(each for each in given if isinstance(each, str)))


def require_person(by: str, why: str) -> None:
    """Let pass who decides, and why.

    Raises:
        UsageError: nobody does, or in too many words.
    """
    if not by.strip():
        raise UsageError("a decision is somebody's: say who decides, with --by")
    if len(by) > _LONGEST_NAME or len(why) > _LONGEST_REASON:
        raise UsageError(
            f"who decides is told in {_LONGEST_NAME} characters at most, why in {_LONGEST_REASON:,}"
        )
    require_writable(by, why)


def require_writable(*values: str) -> None:
    """Let pass what the record can hold.

    Raises:
        UsageError: it has characters that are none.
    """
    for value in values:
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise UsageError(f"{value[:50]!r} has characters that are none") from error
        if "\x00" in value:
            raise UsageError(f"{value[:50]!r} has a character that no text has")
