"""What ingestions set out to read: kept until it is reached, so that they can be resumed."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from testimonia.catalog.database import Catalogued, now


@dataclass(frozen=True, slots=True)
class Plan:
    """The sources that one ingestion has not reached, by position, and how it reads them."""

    id: int
    parameters: Mapping[str, Any]
    sources: Mapping[int, Path | str]  # a file, or an address


class Plans(Catalogued):
    """The part of the record that holds plans."""

    def plan(self, sources: Iterable[Path | str], parameters: Mapping[str, Any]) -> Plan:
        """Record what is about to be read; ``parameters`` are values that JSON has."""
        planned = dict(enumerate(sources))
        written = json.dumps(parameters, sort_keys=True)
        with self._transaction() as db:
            query = "INSERT INTO plan (made, parameters) VALUES (?, ?) RETURNING id"
            (id_,) = db.execute(query, (now(), written)).fetchone()
            rows = [(id_, number, _written(source)) for number, source in planned.items()]
            db.executemany("INSERT INTO planned VALUES (?, ?, ?)", rows)
        return Plan(int(id_), json.loads(written), planned)

    def plans(self) -> list[Plan]:
        """Those that were not carried out to the end, in the order in which they were made."""
        rows = self._db.execute("SELECT id, parameters FROM plan ORDER BY id").fetchall()
        return [Plan(id_, json.loads(written), self._planned(id_)) for id_, written in rows]

    def _planned(self, plan: int) -> dict[int, Path | str]:
        query = "SELECT position, source FROM planned WHERE plan = ? ORDER BY position"
        rows = self._db.execute(query, (plan,)).fetchall()
        return {position: _read(source) for position, source in rows}

    def reached(self, sources: Iterable[tuple[int, int]]) -> None:
        """Note that sources (plan, position) have an outcome, in whatever plan they stand; a plan
        without any more is over."""
        with self._transaction() as db:
            db.executemany(
                "DELETE FROM planned WHERE source ="
                " (SELECT source FROM planned WHERE plan = ? AND position = ?)",
                list(sources),
            )
            db.execute("DELETE FROM plan WHERE id NOT IN (SELECT plan FROM planned)")


def _written(source: Path | str) -> bytes:
    """A path from the root, which no address looks like; a name may be of any bytes."""
    return source.encode() if isinstance(source, str) else os.fsencode(source.absolute())


def _read(source: bytes) -> Path | str:
    return Path(os.fsdecode(source)) if source.startswith(b"/") else source.decode()
