"""Where texts stand on pages, and what they came with: kept in the record beside the text.

Made from an original once, like the text itself, and as little to be made again. The table is no
part of the record's first schema: nothing that an older Testimonia does depends on it.
"""

from __future__ import annotations

import json
import sqlite3

from testimonia.model import Region, Text

_TABLE = """
CREATE TABLE IF NOT EXISTS layout (
    document TEXT PRIMARY KEY REFERENCES document (id),
    regions TEXT NOT NULL,
    part_of TEXT NOT NULL
) STRICT
"""


def keep(db: sqlite3.Connection, document: str, text: Text) -> bool:
    """Keep a document's regions and what it came with, inside the caller's transaction; whether
    that is news.

    What is known stays where the same text comes again without it (as a plain text, say), and a
    document that came with several others is part of each.
    """
    db.execute(_TABLE)
    known_regions, known_parts = read(db, document)
    regions = text.regions or known_regions
    part_of = tuple(sorted({*known_parts, *text.part_of}))
    if (regions, part_of) == (known_regions, known_parts):
        return False
    db.execute(
        "INSERT OR REPLACE INTO layout VALUES (?, ?, ?)",
        (document, _written(regions), json.dumps(part_of)),
    )
    return True


def read(db: sqlite3.Connection, document: str) -> tuple[tuple[Region, ...], tuple[str, ...]]:
    """A document's regions and the ids of the documents that it came with."""
    query = "SELECT regions, part_of FROM layout WHERE document = ?"
    try:
        row = db.execute(query, (document,)).fetchone()
    except sqlite3.OperationalError as error:
        if "no such table" not in str(error):
            raise
        return (), ()
    if row is None:
        return (), ()
    regions = (
        Region(start, page, None if box is None else (box[0], box[1], box[2], box[3]))
        for start, page, box in json.loads(row[0])
    )
    return tuple(regions), tuple(json.loads(row[1]))


def _written(regions: tuple[Region, ...]) -> str:
    return json.dumps(
        [(region.start, region.page, region.box) for region in regions],
        ensure_ascii=False,
        separators=(",", ":"),
    )
