"""What a format's reader hands back: text, and what the document says about itself.

A reader is a module with one of three functions (``formats.READERS`` says which):

- ``extract(source: str, name: str) -> Extract``: a format that is text. ``source`` is decoded and
  frozen.
- ``extract_bytes(data: bytes, name: str, options: Options) -> Extract``: a format with bytes of its
  own, or that declares its own encoding.
- ``parts(file: BinaryIO, name: str, options: Options) -> Iterator[Part | Refused]``: a format that
  holds several documents. ``file`` can be sought and is closed by the caller. Lazy: a part is made
  when it is asked for, and one broken part is a ``Refused``, after which the next one comes.

``name`` is what messages call the document. All raise ``SourceError`` where the whole file cannot
be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from testimonia.errors import SourceError
from testimonia.model import Region
from testimonia.sources.freeze import freeze
from testimonia.sources.metadata import Value


@dataclass(frozen=True, slots=True)
class Extract:
    """One document as its format's reader has it.

    ``content`` is frozen once more afterwards: a page may spell control characters as references.
    ``stated`` maps metadata keys to what the document itself states, not yet checked: a value that
    turns out to be malformed is dropped with a warning, since nobody here can mend it.
    ``origins`` says for a key which part of the file states it, where there are several (it
    becomes ``"document: XMP"`` in ``Metadata.origins``). ``regions`` are where on which page the
    text stands: offsets count in ``content``, which must then be frozen (``paged`` sees to it).
    """

    content: str
    stated: Mapping[str, object] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    origins: Mapping[str, str] = field(default_factory=dict)
    regions: tuple[Region, ...] = ()
    encoding: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One of several documents in a file.

    ``name`` is unique in the file (``"letters/a.txt"``, ``"3"``); the empty one stands for the
    file itself. ``data`` is what the archive keeps as the original. ``stated`` is what the file
    says about this part (its origin becomes ``"container"``, or ``"container: WARC"`` with
    ``origin="WARC"``); what the part says about itself goes before. ``beside`` is what a sidecar
    in the container says of it, which goes before both. ``media_type`` is the
    declared one, ``None`` where content and name decide. ``extract`` is given where the
    container's reader has read the part itself. With ``leads`` all later parts of the same file
    belong to this one (``Text.part_of``), as attachments do to their mail.
    """

    name: str
    data: bytes
    stated: Mapping[str, object] = field(default_factory=dict)
    origin: str = ""
    media_type: str | None = None
    extract: Extract | None = None
    leads: bool = False
    beside: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refused:
    """A part that cannot be read, and why."""

    name: str
    error: SourceError


def paged(
    pieces: Iterable[tuple[str, str, tuple[float, float, float, float] | None]],
    separator: str = "\n\n",
) -> tuple[str, tuple[Region, ...]]:
    """Content and regions of (text, page label, box) pieces; pieces without text are left out."""
    contents: list[str] = []
    regions: list[Region] = []
    start = 0
    for written, page, box in pieces:
        content = freeze(written)
        if content.strip():
            contents.append(content)
            regions.append(Region(start, page, box))
            start += len(content) + len(separator)
    return separator.join(contents), tuple(regions)
