"""Sources: bytes to ``Text``, frozen, with what is stated about it.

One module a format; a table of readers by media type, each imported when first needed. The media
type comes from content and name, the encoding from the bytes, the metadata from user, sidecar and
document in this order, the language from what is stated or else from the words.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from types import MappingProxyType

from testimonia.errors import EmptySource
from testimonia.model import Metadata, Text
from testimonia.sources import encoding, evidence, files, language, media, metadata
from testimonia.sources.extract import Extract
from testimonia.sources.files import MAX_BYTES, find_sources
from testimonia.sources.freeze import control_count, freeze
from testimonia.sources.metadata import SIDECAR_SUFFIX, parse_options

__all__ = [
    "MAX_BYTES",
    "READERS",
    "SIDECAR_SUFFIX",
    "find_sources",
    "freeze",
    "parse_options",
    "read_bytes",
    "read_source",
]

Stated = Metadata | Mapping[str, object] | None

READERS: Mapping[str, str] = MappingProxyType(
    {
        media.PLAIN: "testimonia.sources.plain",
        media.MARKDOWN: "testimonia.sources.markdown",
        media.HTML: "testimonia.sources.html",
        media.XHTML: "testimonia.sources.html",
    }
)
"""Modules by media type; each has ``extract(source: str, name: str) -> Extract``;
``source`` is decoded and frozen, ``name`` what messages call the document."""


def read_source(
    path: Path,
    *,
    stated: Stated = None,
    force_language: bool = False,
    max_bytes: int = MAX_BYTES,
) -> Text:
    """The frozen text of the file ``path``, with its sidecar ``NAME.meta.toml`` if it has one.

    Raises:
        SourceError: as ``read_bytes``, and ``UnreadableSource`` where the file cannot be read.
        MetadataError: as ``read_bytes``.
    """
    data = files.read_bytes_of(path, max_bytes)
    return read_bytes(
        data,
        name=path.name,
        sidecar=files.read_sidecar(path),
        stated=stated,
        force_language=force_language,
        max_bytes=max_bytes,
    )


def read_bytes(
    data: bytes,
    *,
    name: str,
    sidecar: bytes | None = None,
    stated: Stated = None,
    force_language: bool = False,
    max_bytes: int = MAX_BYTES,
) -> Text:
    """The frozen text of ``data``, a document called ``name``.

    ``stated`` is what the user states (a mapping of ``METADATA_KEYS``, or a ``Metadata``, whose
    values keep their origins). ``force_language`` reads a text that is not English all the same.

    Raises:
        EmptySource: no text, or no sentence in it.
        UnsupportedSource: binary, of a format that has no reader, too large, nested too deep.
        ForeignLanguage: not English, and not forced.
        MetadataError: sidecar or ``stated`` has an unknown key or a malformed value.
    """
    known = _stated(stated, sidecar, name)
    files.require_size(len(data), name, max_bytes)
    if not data:
        raise EmptySource(f"{name} is empty; give a file with text in it")
    media.refuse_binary(data, name)
    by_name = media.SUFFIXES.get(Path(name).suffix.lower())
    decoded = encoding.decode(data, name=name, declares=by_name != media.MARKDOWN)
    media_type, surprises = media.media_type(decoded.content, name)
    extract = _extract(freeze(decoded.content), media_type, name)
    content = freeze(extract.content)
    evidence.require_sentence(content, name)
    own, dropped = metadata.lenient(extract.stated)
    known = metadata.with_defaults(known, "document", own)
    known, doubts = _with_language(known, content, name, force_language)
    controls = _controls(decoded.content)
    warnings = (*decoded.warnings, *surprises, *extract.warnings, *controls, *dropped, *doubts)
    return Text(content, known, media_type, decoded.encoding, warnings)


def _stated(stated: Stated, sidecar: bytes | None, name: str) -> Metadata:
    known = metadata.of_user(stated)
    if sidecar is None:
        return known
    beside = metadata.parse_sidecar(sidecar, name + SIDECAR_SUFFIX)
    return metadata.with_defaults(known, "sidecar", beside)


def _extract(source: str, media_type: str, name: str) -> Extract:
    reader = import_module(READERS[media_type])
    extract: Extract = reader.extract(source, name)
    return extract


def _controls(content: str) -> tuple[str, ...]:
    count = control_count(content)
    return (f"control characters replaced by U+FFFD: {count}",) if count else ()


def _with_language(
    known: Metadata, content: str, name: str, force: bool
) -> tuple[Metadata, tuple[str, ...]]:
    """``known`` with a language, unless it is a foreign one.

    A user's or a sidecar's word is final. A document's own (a page's ``lang``, often its
    template's) gives way where the words clearly say something else.
    """
    origin = known.origins.get("language", "user")
    doubts: tuple[str, ...] = ()
    if known.language is None or origin == "document":
        known, doubts = _detected(known, content)
        origin = known.origins["language"]
    tag = known.language or language.ENGLISH
    if not force:
        language.refuse_foreign(tag, origin, name)
    return known, doubts


def _detected(known: Metadata, content: str) -> tuple[Metadata, tuple[str, ...]]:
    found = language.detect(content)
    if known.language is None:
        return metadata.with_defaults(known, "detected", {"language": found.tag}), found.warnings
    agrees = language.same(found.tag, known.language)
    if agrees or not found.sure:
        return known, ()
    warning = (
        f"the document says that it is in {language.described(known.language)}, but reads as "
        f"{language.described(found.tag)}; taken for the latter"
    )
    return metadata.replaced(known, "detected", {"language": found.tag}), (warning,)
