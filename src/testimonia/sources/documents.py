"""From a file to its documents, one or many: each a text or the reason why there is none.

What a file is decides its content; containers are read lazily, part by part, in bounds that hold
for the whole file (how many parts, how many bytes, how deep), so that no file can keep a batch
for ever. A failure is a value here: nothing that a document may contain is raised.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO, cast

from testimonia.errors import EmptySource, MetadataError, SourceError, UnsupportedSource
from testimonia.identity import document_id, text_hash
from testimonia.model import Metadata, Text
from testimonia.sources import encoding, evidence, files, language, media, metadata, sniffing
from testimonia.sources.extract import Extract, Part, Refused
from testimonia.sources.formats import READERS, Gives
from testimonia.sources.freeze import control_count, freeze
from testimonia.sources.metadata import SIDECAR_SUFFIX, Values
from testimonia.sources.options import DEFAULT, Options

Stated = Metadata | Mapping[str, object] | None

# What a library may raise on a damaged file. Whoever loads the document says that it is a fault
# of ours; the parts before it are kept, those after it are lost.
_SURPRISES = (ValueError, LookupError, ArithmeticError, RecursionError, MemoryError, EOFError)


@dataclass(frozen=True, slots=True)
class Found:
    """A document of a file: its own bytes, and its text or why there is none.

    ``name`` is the file's, and the part's after a slash where the file holds several.
    """

    name: str
    data: bytes
    result: Text | Exception

    def load(self) -> tuple[bytes, Text]:
        """Bytes and text.

        Raises:
            SourceError: why there is no text.
            MetadataError: what is stated about it is malformed.
        """
        if isinstance(self.result, Exception):
            raise self.result
        return self.data, self.result


def documents(
    path: Path,
    *,
    stated: Stated = None,
    force_language: bool = False,
    options: Options = DEFAULT,
) -> Iterator[Found]:
    """The documents in the file ``path``, with its sidecar ``NAME.meta.toml`` if it has one.

    What is ``stated``, and the sidecar, hold for all of them. Nothing is raised: a file that
    cannot be read at all is one ``Found`` with the reason.
    """
    try:
        with files.open_source(path) as file:
            sidecar = files.read_sidecar(path)
            known = known_of(stated, sidecar, path.name)
            for found in Visit(known, force_language, options).file(file, path.name):
                yield Found(
                    str(path) + found.name.removeprefix(path.name), found.data, found.result
                )
    except (SourceError, MetadataError) as error:
        yield Found(str(path), b"", error)


def known_of(stated: Stated, sidecar: bytes | None, name: str) -> Metadata:
    """What user and sidecar state.

    Raises:
        MetadataError: an unknown key or a malformed value.
    """
    known = metadata.of_user(stated)
    if sidecar is None:
        return known
    beside = metadata.parse_sidecar(sidecar, name + SIDECAR_SUFFIX)
    return metadata.with_defaults(known, "sidecar", beside)


@dataclass
class _Budget:
    """What is left of the bounds of one file."""

    parts: int
    bytes: int
    spent: bool = False

    def take(self, size: int) -> bool:
        """Whether a part of ``size`` bytes is still within; once not, never again."""
        self.parts -= 1
        self.bytes -= size
        self.spent = self.spent or self.parts < 0 or self.bytes < 0
        return not self.spent


@dataclass
class Visit:
    """The reading of one file; ``known`` is what user and sidecar state."""

    known: Metadata
    force_language: bool
    options: Options
    _budget: _Budget = field(init=False)

    def file(
        self,
        file: BinaryIO,
        name: str,
        *,
        media_type: str | None = None,
        stated: Mapping[str, object] = MappingProxyType({}),
        origin: str = "",
    ) -> Iterator[Found]:
        """The documents in an open file; ``media_type`` is the declared one, ``stated`` what
        ``origin`` says of it, as a container does of its parts."""
        size = file.seek(0, 2)
        self._budget = _Budget(self.options.max_parts, self.options.most_bytes_of(size))
        bare, charset = media.declared(media_type)
        place = _Place(name, 0, stated, origin, bare, charset=charset)
        yield from self._visit(file, place)

    def _visit(self, file: BinaryIO, place: _Place) -> Iterator[Found]:
        media_type = sniffing.sniff(file, place.name) or place.media_type
        reader = READERS.get(media_type or "")
        if reader is not None and reader.gives is Gives.PARTS:
            yield from self._parts(reader.load().parts, file, place)
        else:
            yield self._single(
                place,
                lambda: files.read_whole(file, place.name, self.options.max_bytes),
                media_type,
            )

    def _parts(
        self,
        parts: Callable[[BinaryIO, str, Options], Iterator[Part | Refused]],
        file: BinaryIO,
        place: _Place,
    ) -> Iterator[Found]:
        if place.depth >= self.options.max_depth:
            yield Found(place.name, b"", _too_deep(place.name, self.options.max_depth))
            return
        lead = place.part_of
        before: bytes | None = None
        try:
            file.seek(0)
            for part in parts(file, place.name, self.options):
                inside = place.of(part, lead)
                if isinstance(part, Refused):
                    self._budget.take(0)
                    yield Found(inside.name, b"", part.error)
                elif self._within(part, before):
                    before = part.data
                    for found in self._part(part, inside):
                        if part.leads and isinstance(found.result, Text):
                            lead = _id(found.result)
                        yield found
                if self._budget.spent:
                    break
        except (SourceError, OSError, *_SURPRISES) as error:
            yield Found(place.name, b"", _as_source_error(error, place.name))
            return
        if self._budget.spent and place.depth == 0:
            yield Found(place.name, b"", self._spent(place.name))

    def _within(self, part: Part, before: bytes | None) -> bool:
        """Whether a part is within the bounds; the file itself and shared bytes count once."""
        if not part.name:
            return not self._budget.spent
        return self._budget.take(0 if part.data is before else len(part.data))

    def _part(self, part: Part, place: _Place) -> Iterator[Found]:
        if part.extract is None:
            yield from self._visit(BytesIO(part.data), place)
        else:
            yield self._single(place, lambda: part.data, part.media_type, part.extract)

    def _single(
        self,
        place: _Place,
        load: Callable[[], bytes],
        media_type: str | None,
        extract: Extract | None = None,
    ) -> Found:
        data = b""
        try:
            data = load()
            return Found(place.name, data, self._text(data, place, media_type, extract))
        except (SourceError, MetadataError, *_SURPRISES) as error:
            return Found(place.name, data, error)

    def _text(
        self, data: bytes, place: _Place, media_type: str | None, extract: Extract | None
    ) -> Text:
        name = place.name
        reader = READERS.get(media_type or "")
        if extract is None and not data:
            raise EmptySource(f"{name} is empty; give a file with text in it")
        if extract is None and reader is not None and reader.gives is Gives.BYTES:
            extract = reader.load().extract_bytes(data, name, self.options)
        if extract is None:
            media_type, extract = _decoded(data, name, media_type, place.charset)
        return self._finished(extract, media_type or media.PLAIN, place)

    def _finished(self, extract: Extract, media_type: str, place: _Place) -> Text:
        content = freeze(extract.content)
        if extract.regions and content != extract.content:
            raise ValueError("a text with regions must be frozen by its reader")
        evidence.require_sentence(content, place.name)
        known = metadata.with_sidecar(self.known, place.beside)
        known, dropped = _with_stated(known, "document", extract.stated, extract.origins)
        around = dict.fromkeys(place.stated, place.origin) if place.origin else {}
        known, lost = _with_stated(known, "container", place.stated, around)
        known, doubts = _with_language(known, content, place.name, self.force_language)
        warnings = (*extract.warnings, *dropped, *lost, *doubts)
        return Text(
            content,
            known,
            media_type,
            extract.encoding,
            warnings,
            extract.regions,
            () if place.part_of is None else (place.part_of,),
        )

    def _spent(self, name: str) -> SourceError:
        return UnsupportedSource(
            f"{name} holds more than {self.options.max_parts:,} documents, or unpacks to more than"
            " such a file should; what came before was read: split it and give the rest"
        )


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a document stands: its name, what is around it and what that says of it."""

    name: str
    depth: int = 0
    stated: Mapping[str, object] = field(default_factory=dict)
    origin: str = ""
    media_type: str | None = None
    part_of: str | None = None
    charset: str | None = None
    beside: Values = field(default_factory=dict)

    def of(self, part: Part | Refused, lead: str | None) -> _Place:
        name = f"{self.name}/{part.name}" if part.name else self.name
        if isinstance(part, Refused):
            return _Place(name)
        beside = {**self.beside, **part.beside}
        stated = {**self.stated, **part.stated} if not part.name else part.stated
        bare, charset = media.declared(part.media_type)
        return _Place(name, self.depth + 1, stated, part.origin, bare, lead, charset, beside)


def _decoded(
    data: bytes, name: str, declared: str | None, charset: str | None
) -> tuple[str, Extract]:
    """Media type and extract of a format that is text."""
    media.refuse_binary(data, name)
    declares = not name.lower().endswith(media.MARKDOWNS)
    decoded = encoding.decode(data, name=name, declares=declares, stated=charset)
    media_type, surprises = media.media_type(decoded.content, name, declared)
    extract = cast("Extract", READERS[media_type].load().extract(freeze(decoded.content), name))
    controls = control_count(decoded.content)
    replaced = (f"control characters replaced by U+FFFD: {controls}",) if controls else ()
    warnings = (*decoded.warnings, *surprises, *extract.warnings, *replaced)
    return media_type, Extract(
        extract.content,
        extract.stated,
        warnings,
        extract.origins,
        extract.regions,
        decoded.encoding,
    )


def _with_stated(
    known: Metadata, origin: str, stated: Mapping[str, object], finer: Mapping[str, str]
) -> tuple[Metadata, tuple[str, ...]]:
    values, dropped = metadata.lenient(stated)
    for key, value in values.items():
        exactly = f"{origin}: {finer[key]}" if key in finer else origin
        known = metadata.with_defaults(known, exactly, {key: value})
    return known, dropped


def _with_language(
    known: Metadata, content: str, name: str, force: bool
) -> tuple[Metadata, tuple[str, ...]]:
    """``known`` with a language, unless it is a foreign one.

    A user's or a sidecar's word is final. A document's own (a page's ``lang``, often its
    template's) gives way where the words clearly say something else.
    """
    origin = known.origins.get("language", "user")
    doubts: tuple[str, ...] = ()
    if known.language is None or origin.startswith(("document", "container")):
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


def _id(text: Text) -> str:
    return document_id(text_hash(text.content), text.metadata.identity)


def _too_deep(name: str, deepest: int) -> SourceError:
    return UnsupportedSource(
        f"{name} stands in more than {deepest} containers in one another; take it out and give"
        " it alone"
    )


def _as_source_error(error: Exception, name: str) -> Exception:
    """A container that breaks in the middle is damaged, whatever its library says."""
    if isinstance(error, SourceError):
        return error
    return UnsupportedSource(
        f"{name} is damaged here ({type(error).__name__}: {error}); the documents before this"
        " place were read, those after it were not"
    )
