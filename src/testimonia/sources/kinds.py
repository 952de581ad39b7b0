"""How the formats of archives, tables and editions are told by their content."""

from __future__ import annotations

import json
import re
import tarfile
from pathlib import PurePath
from typing import BinaryIO

from testimonia.errors import SourceError
from testimonia.sources.inflate import Budget, compression, inflated

TEI = "application/tei+xml"
ALTO = "application/alto+xml"
WARC = "application/warc"
WACZ = "application/wacz"
ZIP = "application/zip"
TAR = "application/x-tar"
PACKED = "application/gzip"  # bzip2 and xz too
JSON_LINES = "application/jsonl"
CSV = "text/csv"
TSV = "text/tab-separated-values"

SUFFIXES = {
    ".warc": WARC,
    ".arc": WARC,
    ".wacz": WACZ,
    ".zip": ZIP,
    ".tar": TAR,
    ".tgz": TAR,
    ".gz": PACKED,
    ".bz2": PACKED,
    ".xz": PACKED,
    ".jsonl": JSON_LINES,
    ".ndjson": JSON_LINES,
    ".csv": CSV,
    ".tsv": TSV,
    ".tab": TSV,
}
"""Endings of names; those of containers only for messages, since their content decides."""

XML_ROOTS = {
    **{
        (namespace, name): TEI
        for namespace in ("", "http://www.tei-c.org/ns/1.0")
        for name in ("TEI", "TEI.2", "teiCorpus", "teiCorpus.2")
    },
    ("", "alto"): ALTO,
    ("http://schema.ccs-gmbh.com/ALTO", "alto"): ALTO,
    **{(f"http://www.loc.gov/standards/alto/ns-v{n}#", "alto"): ALTO for n in (2, 3, 4)},
}
"""Media types by the namespace and local name of the root element."""

ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
_BLOCK = 512
_OFFICE = ("[Content_Types].xml", "META-INF/manifest.xml")


def archive(data: bytes, file: BinaryIO) -> str | None:
    """The media type of a web archive, a TAR archive or a compressed file beginning with ``data``,
    packed or not."""
    if compression(data) is None:
        return _unpacked_type(data)
    return _unpacked_type(_unpacked(data, file)) or PACKED


def members(file: BinaryIO) -> set[str] | None:
    """The names of a ZIP container's members, ``None`` where it is damaged or of too many."""
    from testimonia.sources.zip import opened

    try:
        with opened(file, "") as container:
            return set(container.namelist())
    except SourceError:
        return None


def of_members(names: set[str] | None) -> str | None:
    """The media type of a ZIP container by its members' names.

    Office documents are such too, and none of their members is a document alone. What cannot be
    opened is an archive, whose reader says what is wrong.
    """
    if names is None:
        return ZIP
    if any(name in names for name in _OFFICE):
        return None
    if "datapackage.json" in names and any(name.startswith("archive/") for name in names):
        return WACZ
    return ZIP


def table(data: bytes, name: str) -> str | None:
    """The media type of a table, which only a name can tell from prose, and of JSON lines, of
    which two that are objects suffice."""
    suffix = PurePath(name).suffix.lower()
    named = SUFFIXES.get(suffix)
    if data.lstrip().startswith(b"<"):
        return None
    if named in (CSV, TSV, JSON_LINES):
        return named
    first = data.split(b"\n", 2)
    if len(first) > 1 and all(map(_is_object, first[:2])):
        return JSON_LINES
    return None


def _is_object(line: bytes) -> bool:
    line = line.strip()
    if not (line.startswith(b"{") and line.endswith(b"}")):
        return False
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _unpacked_type(data: bytes) -> str | None:
    if re.match(rb"WARC/\d\.\d|filedesc://", data):
        return WARC
    try:
        tarfile.TarInfo.frombuf(data[:_BLOCK], "utf-8", "surrogateescape")
    except tarfile.TarError:
        return None
    return TAR


def _unpacked(data: bytes, file: BinaryIO) -> bytes:
    """The beginning of what a compressed file holds, nothing where that is damaged."""
    file.seek(0)
    try:
        return inflated(file, compression(data) or "", Budget("", 1_000_000)).read(_BLOCK)
    except SourceError:
        return b""
