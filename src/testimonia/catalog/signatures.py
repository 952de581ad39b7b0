"""MinHash signatures of texts: kept, and found again by the parts in which they agree."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from testimonia.catalog.database import Catalogued

_SIGNED = """
SELECT d.arrival, d.id, d.text_hash, s.minima, d.state = 'stored'
FROM document d JOIN signature s ON s.text = d.text_hash WHERE CONDITION ORDER BY d.arrival
"""


@dataclass(frozen=True, slots=True)
class Signed:
    """A document with its signature; ``arrival`` counts up, ``stored`` tells whether it is marked
    so."""

    arrival: int
    document: str
    text_hash: str
    minima: bytes
    stored: bool


class Signatures(Catalogued):
    """The part of the record that holds signatures."""

    def unsigned(self, scheme: str) -> list[str]:
        """Hashes of texts that have no signature of this scheme, in the order of their arrival."""
        rows = self._db.execute(
            "SELECT t.hash FROM text t LEFT JOIN signature s ON s.text = t.hash AND s.scheme = ?"
            " WHERE s.id IS NULL ORDER BY t.rowid",
            (scheme,),
        )
        return [hash_ for (hash_,) in rows.fetchall()]

    def words_of(self, text_hash: str) -> str:
        """A text by its hash."""
        query = "SELECT content FROM text WHERE hash = ?"
        (content,) = self._db.execute(query, (text_hash,)).fetchone()
        return str(content)

    def sign(self, text_hash: str, scheme: str, minima: bytes, bands: Collection[int]) -> None:
        """Keep the signature of a text, in place of one of another scheme, to be found under
        ``bands`` (signed 64-bit integers)."""
        with self._transaction() as db:
            db.execute("DELETE FROM signature WHERE text = ?", (text_hash,))
            (id_,) = db.execute(
                "INSERT INTO signature (text, scheme, minima) VALUES (?, ?, ?) RETURNING id",
                (text_hash, scheme, minima),
            ).fetchone()
            rows = [(band, id_) for band in sorted(set(bands))]
            db.executemany("INSERT INTO band VALUES (?, ?)", rows)

    def signed(self, document: str) -> Signed | None:
        """A document with its signature, where it has one."""
        return next(self._signed("d.id = ?", document), None)

    def candidates(self, document: str) -> Iterator[Signed]:
        """The other documents whose signatures agree with this one's in some band, in the order
        of their arrival."""
        return self._signed(
            "s.id IN (SELECT theirs.signature FROM document own"
            " JOIN signature mine ON mine.text = own.text_hash"
            " JOIN band ours ON ours.signature = mine.id JOIN band theirs ON theirs.key = ours.key"
            " WHERE own.id = ?1) AND d.id <> ?1",
            document,
        )

    def _signed(self, condition: str, document: str) -> Iterator[Signed]:
        query = _SIGNED.replace("CONDITION", condition)
        for row in self._db.execute(query, (document,)).fetchall():
            arrival, id_, text_hash, minima, stored = row
            yield Signed(arrival, id_, text_hash, minima, bool(stored))
