"""Mailboxes (RFC 4155): one mail after another, read as they come, however large the file.

The standard library's ``mailbox`` needs a path and reads all of it before it gives the first
mail; a mailbox in an archive has none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from testimonia.errors import UnsupportedSource
from testimonia.sources import media
from testimonia.sources.extract import Part, Refused
from testimonia.sources.options import Options

# Lines of a mail that look like a separator have been given a ">" ("mboxrd").
_QUOTED = re.compile(rb"^>(>*From )")
_LONGEST_LINE = 1_000_000


def parts(file: BinaryIO, name: str, options: Options) -> Iterator[Part | Refused]:
    """Each mail, by its number in the mailbox from 1 on."""
    number = 0
    lines: list[bytes] = []
    size = 0
    blank = True
    while line := file.readline(_LONGEST_LINE):
        if blank and line.startswith(b"From "):
            if number:
                yield _mail(number, lines, size, name, options)
            number, lines, size = number + 1, [], 0
        else:
            size += len(line)
            if size <= options.max_bytes:
                lines.append(_QUOTED.sub(rb"\1", line))
            else:
                lines.clear()
        blank = not line.strip(b"\r\n")
    if number:
        yield _mail(number, lines, size, name, options)


def _mail(
    number: int, lines: list[bytes], size: int, name: str, options: Options
) -> Part | Refused:
    if size > options.max_bytes:
        told = f"{name}: mail {number} is larger than {options.max_bytes:,} bytes; save it apart"
        return Refused(str(number), UnsupportedSource(told))
    return Part(str(number), b"".join(lines), media_type=media.MAIL)
