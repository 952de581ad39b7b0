"""What is stated about a document, from four origins, each value checked and its origin kept.

Precedence: the user, then the sidecar ``NAME.meta.toml``, then the document itself, then what was
detected (the language alone). A user's or a sidecar's malformed value is an error, since it can
be mended; a document's is dropped with a warning.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from types import MappingProxyType

from testimonia.errors import MetadataError
from testimonia.model import METADATA_KEYS, Metadata
from testimonia.sources.freeze import REPLACEMENT, freeze

Value = str | tuple[str, ...]
Values = Mapping[str, Value]

SIDECAR_SUFFIX = ".meta.toml"
_MAX_SIDECAR_BYTES = 1_000_000
_ALLOWED = "allowed keys: " + ", ".join(METADATA_KEYS)

# EDTF level 0 dates (ISO 8601-2:2019, annex A), without times and intervals.
_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?", re.ASCII)
# RFC 5646, section 2.1: a language subtag and more, without grandfathered tags.
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*", re.ASCII)
# RFC 3987: a scheme and none of the characters that no IRI may have.
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")


def parse_options(options: Iterable[str]) -> dict[str, Value]:
    """The values of ``KEY=VALUE`` words from the command line; ``creator`` may be repeated.

    Raises:
        MetadataError: no ``=``, an unknown key, a malformed value, or a key given twice.
    """
    given: dict[str, object] = {}
    for option in options:
        key, equals, value = option.partition("=")
        key = key.strip()
        where = f"--meta {option!r}"
        if not equals:
            raise MetadataError(f"{where}: not KEY=VALUE; {_ALLOWED}")
        _require_known(key, where)
        if key == "creator":
            given[key] = [*_listed(given.get(key)), value]
        elif key in given:
            raise MetadataError(f"{where}: {key} is given twice; give it once")
        else:
            given[key] = value
    return checked(given, lambda key: f"--meta {key}")


def parse_sidecar(data: bytes, name: str) -> dict[str, Value]:
    """The values of a sidecar file (TOML 1.0); ``name`` is what messages call it.

    Raises:
        MetadataError: no UTF-8 or no TOML, an unknown key, or a malformed value.
    """
    if len(data) > _MAX_SIDECAR_BYTES:
        raise MetadataError(f"{name}: larger than {_MAX_SIDECAR_BYTES} bytes; is it a sidecar?")
    try:
        source = data.decode("utf-8-sig")
        given = tomllib.loads(source)
    except UnicodeDecodeError as error:
        raise MetadataError(f"{name}: not UTF-8 (byte {error.start}); save it as UTF-8") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        last = f"at the end, line {len(source.splitlines())}"
        what = str(error).replace("at end of document", last)
        raise MetadataError(
            f'{name}: not TOML: {what}; write lines like title = "…"; {_ALLOWED}'
        ) from error
    return checked(given, lambda key: _place(source, key, name))


def checked(given: Mapping[str, object], where: Callable[[str], str]) -> dict[str, Value]:
    """``given`` in the form that ``Metadata`` keeps; ``where`` names a key's place in messages.

    Raises:
        MetadataError: an unknown key or a malformed value.
    """
    values: dict[str, Value] = {}
    for key, value in given.items():
        _require_known(key, where(key))
        try:
            values[key] = normal_value(key, value)
        except ValueError as error:
            raise MetadataError(f"{where(key)}: {key} {error}") from error
    return values


def lenient(given: Mapping[str, object]) -> tuple[dict[str, Value], tuple[str, ...]]:
    """What is usable of what a document states of itself, and a warning for what is not."""
    values: dict[str, Value] = {}
    warnings = []
    for key, value in given.items():
        try:
            values[key] = normal_value(key, value)
        except ValueError as error:
            warnings.append(f"the document's own {key} was left out: {key} {error}")
    return values, tuple(warnings)


def normal_value(key: str, value: object) -> Value:
    """``value`` in the form that ``Metadata`` keeps under ``key``.

    Raises:
        ValueError: it has no such form; the message goes on after the key's name.
    """
    if key == "creator":
        names = tuple(dict.fromkeys(_line(name) for name in _listed(value)))
        if not names:
            raise ValueError("is empty; leave the key out or give a name")
        return names
    if key == "issued":
        return _issued(value)
    if key == "captured":
        return _captured(value)
    text = _line(value)
    if key == "language":
        return _language(text)
    if key == "source" and not _IRI.fullmatch(text):
        raise ValueError(f"must be an absolute URL, not {_short(text)}")
    return text


def of_user(stated: Metadata | Mapping[str, object] | None) -> Metadata:
    """What a caller states; a mapping's values are the user's, a ``Metadata`` keeps its origins.

    Raises:
        MetadataError: an unknown key or a malformed value.
    """
    if isinstance(stated, Metadata):
        return stated
    values = checked(stated or {}, lambda key: f"metadata {key!r}")
    return with_defaults(Metadata(), "user", values)


def values_of(metadata: Metadata) -> dict[str, Value]:
    """The keys of ``metadata`` that have a value."""
    return {key: getattr(metadata, key) for key in METADATA_KEYS if getattr(metadata, key)}


def with_defaults(metadata: Metadata, origin: str, values: Values) -> Metadata:
    """``metadata``, and ``values`` of ``origin`` for the keys that it lacks."""
    own = values_of(metadata)
    origins = {key: metadata.origins.get(key, "user") for key in own}
    added = {key: value for key, value in values.items() if key not in own}
    return _metadata({**own, **added}, {**origins, **dict.fromkeys(added, origin)})


def with_sidecar(metadata: Metadata, values: Values) -> Metadata:
    """``metadata``, and ``values`` of a sidecar in a container, which is nearer than one beside the
    container; what a user states stays."""
    own = {key: value for key, value in values.items() if metadata.origins.get(key) != "user"}
    return replaced(metadata, "sidecar", own) if own else metadata


def replaced(metadata: Metadata, origin: str, values: Values) -> Metadata:
    """``metadata`` with ``values`` of ``origin`` in the place of its own."""
    kept = {key: value for key, value in values_of(metadata).items() if key not in values}
    origins = {key: metadata.origins.get(key, "user") for key in kept}
    return _metadata({**kept, **values}, {**origins, **dict.fromkeys(values, origin)})


def _metadata(values: Values, origins: Mapping[str, str]) -> Metadata:
    ordered = {key: origins[key] for key in METADATA_KEYS if key in origins}
    single = {key: value for key, value in values.items() if isinstance(value, str)}
    creator = values.get("creator", ())
    names = (creator,) if isinstance(creator, str) else creator
    return Metadata(**single, creator=names, origins=MappingProxyType(ordered))


def _listed(value: object) -> list[object]:
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def _line(value: object) -> str:
    """One line of text: white space collapsed, controls removed."""
    if not isinstance(value, str):
        raise ValueError(f"must be text in quotation marks, not {_short(value)}")  # noqa: TRY004
    line = " ".join(freeze(value).replace(REPLACEMENT, " ").split())
    if not line:
        raise ValueError("is empty; leave the key out or give it a value")
    return line


def _issued(value: object) -> str:
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int) and not isinstance(value, bool):
        value = f"{value:04}"
    text = _line(value)
    if _DATE.fullmatch(text) and _exists(text):
        return text
    raise ValueError(f"must be a date as YYYY, YYYY-MM or YYYY-MM-DD, not {_short(text)}")


def _captured(value: object) -> str:
    """An instant in UTC, or a date as ``issued`` has it."""
    if isinstance(value, str) and "T" not in value:
        return _issued(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    try:
        instant = value if isinstance(value, datetime) else datetime.fromisoformat(_line(value))
    except ValueError as error:
        raise ValueError(
            f"must be an instant as 2025-12-12T09:30:00Z or a date, not {_short(str(value))}"
        ) from error
    if instant.tzinfo is None:
        raise ValueError(f"must end in Z or an offset from UTC, not {_short(str(value))}")
    # As a store gives it back: without zeros at the end of the second's fraction.
    written = instant.astimezone(UTC).replace(tzinfo=None).isoformat()
    return (written.rstrip("0").rstrip(".") if "." in written else written) + "Z"


def _exists(written: str) -> bool:
    try:
        date.fromisoformat(written + "-01-01"[len(written) - 4 :])
    except ValueError:
        return False
    return True


def _language(text: str) -> str:
    if not _LANGUAGE.fullmatch(text):
        raise ValueError(f"must be a language tag such as en or en-GB, not {_short(text)}")
    first, *rest = text.split("-")
    # RFC 5646, section 2.1.1: case carries no meaning, but this is how tags are written.
    written = [part.upper() if len(part) == 2 else part.lower() for part in rest]
    written = [part.title() if len(part) == 4 and part.isalpha() else part for part in written]
    return "-".join([first.lower(), *written])


def _require_known(key: str, where: str) -> None:
    if key not in METADATA_KEYS:
        raise MetadataError(f"{where}: unknown key {_short(key)}; {_ALLOWED}")


def _place(source: str, key: str, name: str) -> str:
    """File and line of a top-level key; tomllib itself gives no positions."""
    written = re.compile(rf"""\s*\[*\s*["']?{re.escape(key)}["']?\s*[=.\]]""")
    for number, line in enumerate(source.splitlines(), start=1):
        if written.match(line):
            return f"{name}, line {number}"
    return name


def _short(value: object) -> str:
    written = repr(value)
    return written if len(written) <= 80 else written[:79] + "…"
