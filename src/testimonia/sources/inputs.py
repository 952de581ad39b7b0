"""What is read but is no file in a folder: standard input, and addresses on the web."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO

from testimonia.errors import MetadataError, SourceError, UnsupportedSource, UsageError
from testimonia.sources.documents import Found, Stated, Visit, documents, known_of
from testimonia.sources.formats import READERS
from testimonia.sources.options import DEFAULT, Options

LARGEST = 2_000_000_000
PIECE = 1_000_000


@dataclass(frozen=True, slots=True)
class Opened:
    """An input's bytes, its declared media type, and what is stated about it by where it came from
    (``origin``), or by its ``sidecar``, where it has one."""

    file: BinaryIO
    media_type: str | None = None
    stated: Mapping[str, object] = field(default_factory=dict)
    origin: str = ""
    sidecar: bytes | None = None


@dataclass(frozen=True, slots=True)
class Input:
    """Something to read; ``open`` gets it, or raises a SourceError.

    What can be asked for again has an ``address``, and the prefixes that it was ``allowed`` by.
    """

    name: str
    open: Callable[[Options], Opened]
    address: str | None = None
    allowed: tuple[str, ...] = ()


def documents_in(
    source: Path | Input,
    *,
    stated: Stated = None,
    force_language: bool = False,
    options: Options | None = None,
) -> Iterator[Found]:
    """The documents in a file or another input, as ``documents`` gives them: nothing is raised."""
    options = options or DEFAULT
    if isinstance(source, Path):
        yield from documents(source, stated=stated, force_language=force_language, options=options)
        return
    try:
        known = known_of(stated, None, source.name)
        opened = source.open(options)
        with opened.file:
            if opened.sidecar is not None:
                known = known_of(stated, opened.sidecar, source.name)
            visit = Visit(known, force_language, options)
            yield from visit.file(
                opened.file,
                source.name,
                media_type=opened.media_type,
                stated=opened.stated,
                origin=opened.origin,
            )
    except (SourceError, MetadataError) as error:
        yield Found(source.name, b"", error)


def standard_input(stream: BinaryIO, name: str, media_type: str | None = None) -> Input:
    """What comes on ``stream``, called ``name``.

    Raises:
        UsageError: no reader for ``media_type``.
    """
    if media_type is not None and media_type.partition(";")[0].strip() not in READERS:
        raise UsageError(
            f"--media-type {media_type!r}: no reader; there are {', '.join(sorted(READERS))}"
        )

    def opened(_: Options) -> Opened:
        copy = TemporaryFile()  # noqa: SIM115 - closed by who reads it
        size = 0
        while piece := stream.read(PIECE):
            size += len(piece)
            if size > LARGEST:
                copy.close()
                raise UnsupportedSource(
                    f"{name} is larger than {LARGEST:,} bytes; save it as files"
                )
            copy.write(piece)
        return Opened(copy, media_type)

    return Input(name, opened)


def is_address(written: str) -> bool:
    """Whether this is an address on the web rather than a path."""
    return written.lower().startswith(("http://", "https://"))


def addresses(written: Iterable[str], allowed: Iterable[str]) -> list[Input]:
    """What lies at addresses on the web, each asked for when it is read.

    Raises:
        UsageError: a prefix in ``allowed`` is none.
    """
    from testimonia.sources.fetch import AllowList, fetch

    allowed = tuple(allowed)
    allow = AllowList(allowed)

    def opener(address: str) -> Callable[[Options], Opened]:
        def opened(options: Options) -> Opened:
            found = fetch(address, allow, max_bytes=options.max_bytes)
            stated = {"source": found.url}
            return Opened(BytesIO(found.data), found.media_type or None, stated, "HTTP")

        return opened

    return [Input(address, opener(address), address, allowed) for address in written]
