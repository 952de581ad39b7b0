"""Ids: 128 bits of SHA-256 over a versioned, length-prefixed field list, in lower-case base32.

64 bits collide at the scale that Testimonia aims at, and can be forged. Fields are prefixed with
their length so that ("ab", "c") and ("a", "bc") differ. The digests are pinned in tests: a change
here changes every IRI that anybody has ever cited.
"""

from __future__ import annotations

import base64
import hashlib

VERSION = "1"


def digest(kind: str, *fields: str) -> str:
    """26 characters of base32 that stand for ``fields`` in the id space ``kind``."""
    hasher = hashlib.sha256()
    for value in (VERSION, kind, *fields):
        encoded = value.encode("utf-8", "surrogatepass")
        hasher.update(len(encoded).to_bytes(8, "big"))
        hasher.update(encoded)
    return base64.b32encode(hasher.digest()[:16]).decode("ascii").rstrip("=").lower()


def text_hash(content: str) -> str:
    """The whole SHA-256 of a frozen text, hexadecimal."""
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()


def document_id(content_hash: str, source_identity: str) -> str:
    """One publication of one text: the same text from the same source is the same document."""
    return digest("document", content_hash, source_identity)


def statement_id(document: str, anchor: int, ordinal: int) -> str:
    """``anchor``: start of the cue's head word, else of the content; ``ordinal`` counts from 0
    among the statements of the document that share it. A better span keeps its IRI."""
    return digest("statement", document, str(anchor), str(ordinal))


def entity_id(kind: str, document: str, key: str) -> str:
    """Canonical id minted from the first local entity that was linked to it."""
    return digest(kind, document, key)
