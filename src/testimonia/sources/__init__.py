"""Sources: bytes to ``Text``, frozen, with what is stated about it.

One module a format; a table of readers by media type, each imported when first needed. The media
type comes from content and name, the encoding from the bytes, the metadata from user, sidecar,
document and container in this order, the language from what is stated or else from the words.
A file may hold several documents: ``documents`` gives each with its outcome.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

from testimonia.errors import UnsupportedSource
from testimonia.model import Text
from testimonia.sources.columns import parse_columns
from testimonia.sources.documents import Found, Stated, Visit, documents, known_of
from testimonia.sources.files import find_sources
from testimonia.sources.formats import READERS
from testimonia.sources.freeze import freeze
from testimonia.sources.inputs import Input, addresses, documents_in, is_address, standard_input
from testimonia.sources.metadata import SIDECAR_SUFFIX, parse_options
from testimonia.sources.objects import is_object_address, object_at, objects
from testimonia.sources.options import DEFAULT, MAX_BYTES, Options

__all__ = [
    "MAX_BYTES",
    "READERS",
    "SIDECAR_SUFFIX",
    "Found",
    "Input",
    "Options",
    "addresses",
    "documents",
    "documents_in",
    "find_sources",
    "freeze",
    "is_address",
    "is_object_address",
    "object_at",
    "objects",
    "parse_columns",
    "parse_options",
    "read_bytes",
    "read_source",
    "standard_input",
]


def read_source(
    path: Path,
    *,
    stated: Stated = None,
    force_language: bool = False,
    max_bytes: int = MAX_BYTES,
) -> Text:
    """The frozen text of the file ``path``, which holds one document, with its sidecar
    ``NAME.meta.toml`` if it has one.

    Raises:
        SourceError: as ``read_bytes``, and ``UnreadableSource`` where the file cannot be read.
        MetadataError: as ``read_bytes``.
    """
    options = replace(DEFAULT, max_bytes=max_bytes)
    found = documents(path, stated=stated, force_language=force_language, options=options)
    return _only(found, path.name)


def read_bytes(
    data: bytes,
    *,
    name: str,
    sidecar: bytes | None = None,
    stated: Stated = None,
    force_language: bool = False,
    max_bytes: int = MAX_BYTES,
) -> Text:
    """The frozen text of ``data``, one document called ``name``.

    ``stated`` is what the user states (a mapping of ``METADATA_KEYS``, or a ``Metadata``, whose
    values keep their origins). ``force_language`` reads a text that is not English all the same.

    Raises:
        EmptySource: no text, or no sentence in it.
        UnsupportedSource: binary, of a format that has no reader, too large, nested too deep, or
            several documents in one.
        ForeignLanguage: not English, and not forced.
        MetadataError: sidecar or ``stated`` has an unknown key or a malformed value.
    """
    options = replace(DEFAULT, max_bytes=max_bytes)
    visit = Visit(known_of(stated, sidecar, name), force_language, options)
    return _only(visit.file(BytesIO(data), name), name)


def _only(found: Iterator[Found], name: str) -> Text:
    first = next(found, None)
    if first is None:
        raise UnsupportedSource(f"{name} holds no document; give a file with text in it")
    _, text = first.load()
    if next(found, None) is not None:
        raise UnsupportedSource(
            f"{name} holds several documents; `documents` reads all of them, one after another"
        )
    return text
