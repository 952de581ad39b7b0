"""What clients send, checked: a batch of queries, a query for data extension."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from testimonia.errors import UsageError
from testimonia.reconciling.schema import PROPERTIES

_USUAL: Final = 10
MOST_CANDIDATES: Final = 100
_LONGEST: Final = 1000  # characters of a name
_MOST_CONSTRAINTS: Final = 50
_STRICT: Final = ("any", "should", "all")


@dataclass(frozen=True, slots=True)
class Constraint:
    """A value that a property should have: one of ``values``, the ids of things as they are."""

    property: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """One query: ``text`` is empty where only properties are given."""

    text: str
    types: tuple[str, ...] = ()
    limit: int = _USUAL
    constraints: tuple[Constraint, ...] = ()
    strict: str = "any"


@dataclass(frozen=True, slots=True)
class Extension:
    """Whose properties are wanted, and which."""

    ids: tuple[str, ...]
    properties: tuple[str, ...]


def parse_batch(data: str) -> dict[str, Query]:
    """The queries of a batch, by their keys.

    Raises:
        UsageError: it is none; the message says which query has what.
    """
    batch = _object(data, "queries")
    return {key: _query(value, f"query {key!r}") for key, value in batch.items()}


def parse_extension(data: str) -> Extension:
    """A query for data extension.

    Raises:
        UsageError: it is none, or a property is not known.
    """
    asked = _object(data, "extend")
    ids = asked.get("ids")
    if not isinstance(ids, list) or not all(isinstance(each, str) for each in ids):
        raise UsageError('extend: "ids" must be a list of ids, such as ["actor/…"]')
    properties = asked.get("properties")
    if not isinstance(properties, list):
        raise UsageError('extend: "properties" must be a list, such as [{"id": "countryCode"}]')
    wanted = [each.get("id") if isinstance(each, dict) else None for each in properties]
    for each in wanted:
        if not isinstance(each, str) or each not in PROPERTIES:
            raise UsageError(
                f"extend: there is no property {each!r}; there are {', '.join(PROPERTIES)}"
            )
    return Extension(tuple(dict.fromkeys(ids)), tuple(dict.fromkeys(map(str, wanted))))


def _object(data: str, name: str) -> Mapping[str, Any]:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        reason = str(error) if isinstance(error, ValueError) else "nested too deeply"
        raise UsageError(f"{name} is not JSON: {reason}") from error
    if not isinstance(value, dict):
        raise UsageError(f'{name} must be a JSON object, such as {{"q0": {{"query": "Ada"}}}}')
    return value


def _query(value: Any, where: str) -> Query:
    if not isinstance(value, dict):
        raise UsageError(f'{where} must be an object, such as {{"query": "Ada Brook"}}')
    text = value.get("query", "")
    if not isinstance(text, str):
        raise UsageError(f'{where}: "query" must be a string')
    if len(text) > _LONGEST:
        raise UsageError(
            f'{where}: "query" has {len(text):,} characters; a name may have {_LONGEST:,}'
        )
    constraints = _constraints(value.get("properties") or [], where)
    # An empty cell of a sheet is a query with an empty text: it has no candidates.
    if "query" not in value and not constraints:
        raise UsageError(f'{where} has neither "query" nor "properties"')
    strict = value.get("type_strict") or "any"
    if strict not in _STRICT:
        raise UsageError(f'{where}: "type_strict" is one of {", ".join(_STRICT)}, not {strict!r}')
    limit = _limit(value.get("limit"), where)
    return Query(text.strip(), _types(value.get("type"), where), limit, constraints, strict)


def _limit(value: Any, where: str) -> int:
    if value is None:
        return _USUAL
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 1 or value % 1:
        raise UsageError(f'{where}: "limit" must be a whole number from 1 up, not {value!r}')
    return min(int(value), MOST_CANDIDATES)


def _types(value: Any, where: str) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value] if value else []
    types = [each.get("id") if isinstance(each, dict) else each for each in values]
    if not all(isinstance(each, str) for each in types):
        raise UsageError(f'{where}: "type" must be the id of a type, or a list of such')
    return tuple(each for each in types if each)


def _constraints(value: Any, where: str) -> tuple[Constraint, ...]:
    if not isinstance(value, list) or len(value) > _MOST_CONSTRAINTS:
        raise UsageError(f'{where}: "properties" must be a list of at most {_MOST_CONSTRAINTS}')
    found = []
    for each in value:
        if not isinstance(each, dict) or not isinstance(each.get("pid"), str) or "v" not in each:
            raise UsageError(
                f'{where}: each of "properties" is such as {{"pid": "countryCode", "v": "DK"}}'
            )
        values = each["v"] if isinstance(each["v"], list) else [each["v"]]
        found.append(Constraint(each["pid"], tuple(_value(one, where) for one in values)))
    return tuple(found)


def _value(value: Any, where: str) -> str:
    match value:
        case {"id": str(id_)}:
            return id_
        case bool():
            return "true" if value else "false"
        case str() | int() | float():
            return str(value)[:_LONGEST]
    raise UsageError(f"{where}: a property's value is a string, a number, a boolean or a thing")
