"""WARC (ISO 28500:2017) and ARC: each captured page or text is a document.

Records are parsed by warcio. Finding them is our own work, because warcio's iterator ends at the
first broken record: in a compressed file each gzip member is tried for itself, in an uncompressed
one the next line that begins a record is looked for.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO

from warcio.bufferedreaders import ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord, ArcWarcRecordLoader
from warcio.statusandheaders import StatusAndHeadersParserException

from testimonia.errors import SourceError, UnsupportedSource
from testimonia.sources import files, media
from testimonia.sources.entries import Unique
from testimonia.sources.extract import Part, Refused
from testimonia.sources.inflate import DAMAGE, Budget, GzipMembers, compression, decoded
from testimonia.sources.options import Options

PAGES = frozenset({media.HTML, media.XHTML, media.PLAIN, media.MARKDOWN})
"""Media types of responses that are documents; images, scripts and the like are passed over."""

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://[^/]", re.IGNORECASE)
# What tools write into an archive about a capture: wget's log, a browser's text and pictures of a
# page that is there itself.
_ABOUT = re.compile(r"(?:metadata|urn:(?:pageinfo|text|view|thumbnail|screenshot)):", re.IGNORECASE)
_ROBOTS = re.compile(r"https?://[^/]+/robots\.txt", re.IGNORECASE)
_LONGEST_LINE = 65_536
_LONGEST_HEADERS = 1_000_000
_MOST_BROKEN = 1_000
_BEGINS = re.compile(rb"WARC/\d\.\d+\r?\n")
_ARC_BEGINS = re.compile(rb"[a-z]{2,12}:[^ \r\n]{1,8000} [^ \r\n]+ \d{14} [^ \r\n]+ \d+\r?\n")

# It tells the log of every address with a space in it.
logging.getLogger("warcio").setLevel(logging.ERROR)


def parts(file: BinaryIO, name: str, options: Options) -> Iterator[Part | Refused]:
    """Pages and texts of a web archive, in its order, each with its address as ``source``.

    A part is called by its address and the time of its capture. What cannot be read is refused,
    and the next record follows.

    Raises:
        UnsupportedSource: the file unpacks to more than is allowed, or nothing in it is whole.
    """
    size = file.seek(0, io.SEEK_END)
    budget = Budget(name, options.most_bytes_of(size))
    names = Unique()
    for found in _captures(file, budget, options):
        called = f"{found.address} {found.captured}".strip() or "record"
        yield _part(found, names.name(called))


@dataclass(frozen=True, slots=True)
class _Capture:
    """A record as it was found: its page, or what is wrong with it."""

    address: str
    captured: str
    declared: str = ""
    data: bytes = b""
    error: SourceError | None = None


def _part(found: _Capture, name: str) -> Part | Refused:
    if found.error is not None:
        return Refused(name, found.error)
    stated = {"source": found.address} if _ADDRESS.match(found.address) else {}
    if found.captured:
        stated["captured"] = found.captured
    return Part(name, found.data, stated, "WARC", found.declared)


def _captures(file: BinaryIO, budget: Budget, options: Options) -> Iterator[_Capture]:
    file.seek(0)
    if compression(file.read(8)) is None:
        file.seek(0)
        yield from _Segment(file, budget, seekable=True).records(options)
        return
    members = GzipMembers(file, budget)
    broken = 0
    told = False  # the damaged stretch has been told of: what seems to begin within is no member
    for member in members:
        for found in _Segment(member, budget, members).records(options):
            told = found.error is not None
            yield found
        if not members.finish():
            told = False
        elif not told:
            told = True
            yield _left_out(_Capture("", ""), budget.name, members.broken)
        broken += bool(members.broken)
        if broken > _MOST_BROKEN:
            raise UnsupportedSource(_too_broken(budget.name, "members"))


class _Segment:
    """Records one after another; warcio reads through it, lines and headers are bounded."""

    def __init__(
        self,
        stream: BinaryIO,
        budget: Budget,
        members: GzipMembers | None = None,
        *,
        seekable: bool = False,
    ) -> None:
        self._stream = stream
        self._budget = budget
        self._members = members
        self._seekable = seekable
        self._pushed = b""
        self._headers_left = 0
        self._consumed = 0

    def records(self, options: Options) -> Iterator[_Capture]:
        """The captures in this segment; warcinfo, requests, revisits and images are none."""
        broken = 0
        while line := self._next_line():
            start = self._stream.tell() if self._seekable else 0
            found = self._record(line, options)
            if found is None:
                continue
            yield found
            if found.error is not None and not self._ended and self._seekable:
                # Whatever length it declares may have led beyond the records that follow.
                broken += 1
                if broken > _MOST_BROKEN:
                    raise UnsupportedSource(_too_broken(self._budget.name, "records"))
                self._stream.seek(start)
                self._pushed = b""

    # --------------------------------------------------------- what warcio reads through

    def read(self, length: int) -> bytes:
        """Bytes of a record."""
        return self._stream.read(length)

    def readline(self, length: int = -1) -> bytes:
        """A line of a record's headers.

        Raises:
            ArchiveLoadFailed: the line, or the headers together, are longer than any are.
        """
        most = min(self._headers_left, _LONGEST_LINE)
        line = self._stream.readline(most if length < 0 else min(length, most))
        self._headers_left -= len(line)
        if len(line) == most:
            raise ArchiveLoadFailed("headers without end")
        self._consumed += len(line)
        return line

    def tell(self) -> int:
        """How many bytes of headers have been read."""
        return self._consumed

    # ------------------------------------------------------------------------- records

    def _next_line(self) -> bytes:
        """The line that begins the next record, empty at the end."""
        line, self._pushed = self._pushed, b""
        while line or (line := self._stream.readline(_LONGEST_LINE)):
            if _BEGINS.fullmatch(line) or _ARC_BEGINS.fullmatch(line):
                return line
            line = b""
        return b""

    def _record(self, line: bytes, options: Options) -> _Capture | None:
        self._headers_left = _LONGEST_HEADERS
        self._ended = False
        try:
            loader = ArcWarcRecordLoader(verify_http=False, arc2warc=True)
            record = loader.parse_record_stream(self, line, check_digests=True)
        except (ArchiveLoadFailed, StatusAndHeadersParserException, EOFError, ValueError):
            return self._broken(_Capture("", ""), "its headers are broken")
        except AttributeError:  # warcio, of a response without WARC-Target-URI
            return self._broken(_Capture("", ""), "its headers name no address")
        found = _described(record)
        if record.length is None:
            return self._broken(found, "its headers give no length")
        return self._read(record, found, options)

    def _read(self, record: ArcWarcRecord, found: _Capture, options: Options) -> _Capture | None:
        """The record's page; whatever it is, the stream stands behind it afterwards."""
        raw = bytearray()
        try:
            while piece := record.raw_stream.read(_LONGEST_LINE):
                if len(raw) <= options.max_bytes:
                    raw += piece
        except DAMAGE as error:
            return self._broken(found, f"it cannot be read ({error})")
        except ValueError:  # warcio, of a digest that is neither base 32 nor hexadecimal
            return self._broken(found, "its digest is none")
        why = self._end(record)
        if why:
            return self._broken(found, why)
        if media.declared(found.declared)[0] not in PAGES or _ROBOTS.fullmatch(found.address):
            return None
        try:
            files.require_size(len(raw), found.address, options.max_bytes)
            return replace(found, data=_payload(record, bytes(raw), found.address, options))
        except SourceError as error:
            return replace(found, error=error)

    def _end(self, record: ArcWarcRecord) -> str:
        """What is wrong with a record that has been read, nothing for most."""
        if record.raw_stream.limit > 0:
            return (self._members and self._members.broken) or "it is cut off"
        if not self._has_blank_lines(1 if record.rec_headers.protocol.startswith("ARC") else 2):
            return "its length is wrong"
        self._ended = True
        if record.digest_checker.passed is False:
            return "its digest is not that of its bytes"
        if record.rec_headers.get_header("WARC-Truncated"):
            return "it was cut off when it was captured"
        return ""

    def _has_blank_lines(self, count: int) -> bool:
        for _ in range(count):
            line = self._stream.readline(_LONGEST_LINE)
            if line.strip(b"\r\n"):
                self._pushed = line
                return bool(_BEGINS.fullmatch(line) or _ARC_BEGINS.fullmatch(line))
        return True

    def _broken(self, found: _Capture, why: str) -> _Capture:
        member = self._members.broken if self._members else ""
        return _left_out(found, self._budget.name, member or why)


def _left_out(found: _Capture, name: str, why: str) -> _Capture:
    what = f"the capture of {found.address}" if found.address else "a record"
    return replace(found, error=UnsupportedSource(f"{name}: {what} was left out: {why}"))


def _described(record: ArcWarcRecord) -> _Capture:
    """Address, time and media type, this one empty for what is no capture of a page."""
    address = record.rec_headers.get_header("WARC-Target-URI") or ""
    captured = record.rec_headers.get_header("WARC-Date") or ""
    found = _Capture(_shown(address), _shown(captured))
    http = record.http_headers
    is_http = http is not None and http.protocol.upper().startswith("HTTP/")
    if record.rec_type == "response" and is_http and http.get_statuscode() == "200":
        return replace(found, declared=http.get_header("Content-Type") or "")
    if record.rec_type in ("resource", "conversion") and not _ABOUT.match(address):
        return replace(found, declared=record.content_type or "")
    return found


def _payload(record: ArcWarcRecord, raw: bytes, address: str, options: Options) -> bytes:
    http = record.http_headers
    if http is None:
        return raw
    if (http.get_header("Transfer-Encoding") or "").strip().lower() == "chunked":
        raw = ChunkedDataReader(io.BytesIO(raw)).read()
    budget = Budget(address, options.max_bytes)
    codings = (http.get_header("Content-Encoding") or "").lower().split(",")
    for coding in reversed(codings):
        raw = decoded(raw, coding.strip(), budget)
    return raw


def _shown(written: str) -> str:
    """A header's value, without what would break a line or a terminal."""
    return "".join(char if char.isprintable() else "\ufffd" for char in written)


def _too_broken(name: str, what: str) -> str:
    return f"{name} has more than {_MOST_BROKEN} broken {what}; what follows them was left"
