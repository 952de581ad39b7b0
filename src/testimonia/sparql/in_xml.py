"""What XML cannot hold, or would read back as something else.

XML 1.0, section 2.2 (characters) and 2.11 (line ends); RDF 1.1 XML Syntax, section 2.6 (a predicate
is the name of an element). pyoxigraph writes what it is given, well-formed or not.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO, Final

from pyoxigraph import Triple

from testimonia.errors import NotAcceptable

# In UTF-8: control characters, U+FFFE and U+FFFF.
_NO_CHARACTERS: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
_NAME_AT_END: Final = re.compile(r"[^\W\d][\w.\-\u00B7]*\Z")
_FORMATS: Final = frozenset({"xml", "rdfxml"})


def is_xml(name: str) -> bool:
    """Whether the format of this name is XML."""
    return name in _FORMATS


class XmlStream(io.RawIOBase):
    """A stream that passes an XML document on to ``output``, a carriage return as the reference
    that a reader gives back as one.

    Raises:
        NotAcceptable: there is a character that no XML can hold.
    """

    def __init__(self, output: BinaryIO) -> None:
        super().__init__()
        self._output = output
        self._last = b""

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, data: Any) -> int:
        """All of ``data``."""
        piece = bytes(data)
        # A character's bytes may come in two pieces.
        if found := _NO_CHARACTERS.search(self._last + piece):
            code = ord(found[0].decode())
            raise NotAcceptable(
                f"the result has the character U+{code:04X}, which XML cannot hold; ask for"
                " another format"
            )
        self._last = piece[-2:]
        self._output.write(piece.replace(b"\r", b"&#xD;"))
        return len(piece)


def named(triples: Iterable[Triple]) -> Iterator[Triple]:
    """The triples, each of which has a predicate that can be an element's name.

    Raises:
        NotAcceptable: one has none.
    """
    for triple in triples:
        if _NAME_AT_END.search(triple.predicate.value) is None:
            raise NotAcceptable(
                f"RDF/XML has no way to write the predicate <{triple.predicate.value}>, which ends"
                " in no XML name; ask for another format, as text/turtle"
            )
        yield triple
