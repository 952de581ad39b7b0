"""Freezing: the last change that a text ever sees; every offset counts in its result.

Nothing but line ends changes the number of code points, so in a text without CRLF and without a
byte order mark offsets are the source's own. Unicode normalisation is not applied.
"""

from __future__ import annotations

import re

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

_LINE_END = re.compile(r"\r\n?")
# General categories Cc (C0, DEL and C1; tab and line feed stay) and Cs of the Unicode standard.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def freeze(text: str) -> str:
    """``text`` with LF line ends, controls and lone surrogates as U+FFFD, no leading BOM.

    Idempotent. Controls are replaced one code point for one.
    """
    return _CONTROL.sub(REPLACEMENT, _LINE_END.sub("\n", text.lstrip("\ufeff")))


def control_count(text: str) -> int:
    """How many code points of ``text`` freezing replaces (line ends are not among them)."""
    return len(_CONTROL.findall(_LINE_END.sub("\n", text)))
