"""The table of readers: which module reads a media type, and what it gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from importlib import import_module
from types import MappingProxyType, ModuleType

from testimonia.sources import kinds, media


class Gives(Enum):
    """What a reader takes and gives (``extract`` says how each is written)."""

    TEXT = auto()  # characters → one document
    BYTES = auto()  # bytes → one document
    PARTS = auto()  # a file → several documents


@dataclass(frozen=True, slots=True)
class Reader:
    """A module in ``testimonia.sources``, loaded when first needed."""

    module: str
    gives: Gives

    def load(self) -> ModuleType:
        """The module."""
        return import_module(f"testimonia.sources.{self.module}")


READERS: Mapping[str, Reader] = MappingProxyType(
    {
        media.PLAIN: Reader("plain", Gives.TEXT),
        media.MARKDOWN: Reader("markdown", Gives.TEXT),
        media.HTML: Reader("html", Gives.TEXT),
        media.XHTML: Reader("html", Gives.TEXT),
        media.PDF: Reader("pdf", Gives.BYTES),
        media.DOCX: Reader("docx", Gives.BYTES),
        media.ODT: Reader("odt", Gives.BYTES),
        media.EPUB: Reader("epub", Gives.BYTES),
        media.MAIL: Reader("mail", Gives.PARTS),
        media.MBOX: Reader("mbox", Gives.PARTS),
        media.RSS: Reader("feed", Gives.PARTS),
        media.ATOM: Reader("feed", Gives.PARTS),
        kinds.TEI: Reader("tei", Gives.PARTS),
        kinds.ALTO: Reader("alto", Gives.BYTES),
        kinds.WARC: Reader("warc", Gives.PARTS),
        kinds.WACZ: Reader("wacz", Gives.PARTS),
        kinds.ZIP: Reader("zip", Gives.PARTS),
        kinds.TAR: Reader("tar", Gives.PARTS),
        kinds.PACKED: Reader("packed", Gives.PARTS),
        kinds.JSON_LINES: Reader("jsonl", Gives.PARTS),
        kinds.CSV: Reader("table", Gives.PARTS),
        kinds.TSV: Reader("table", Gives.PARTS),
    }
)
"""Readers by media type."""
