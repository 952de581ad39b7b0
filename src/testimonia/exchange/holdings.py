"""What an export is made of: the store at one moment, and the record beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from testimonia.catalog import Catalog, Record, State
from testimonia.iris import Iris
from testimonia.store import View


@dataclass(frozen=True, slots=True)
class Holdings:
    """One archive, to read from."""

    view: View
    catalog: Catalog

    @property
    def iris(self) -> Iris:
        """The archive's IRIs."""
        return self.view.iris

    def stored(self) -> Iterator[Record]:
        """The documents whose graphs are in the store, in the order of their arrival."""
        present = set(self.view.graphs())
        for record in self.catalog.documents(State.STORED):
            if self.iris.document_graph(record.id) in present:
                yield record
