"""Long lists in pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Query

from testimonia.web.pages_queries import PAGE

# Beyond this an OFFSET costs more than a page is worth; SPARQL is there for it.
PageNumber = Annotated[int, Query(ge=1, le=10_000, description="page of the list, from 1")]


@dataclass(frozen=True, slots=True)
class Paging:
    """Where one is in a list of ``total``; pages count from 1. ``query`` is what links keep."""

    number: int
    total: int
    parameter: str = "page"
    query: str = ""
    size: int = PAGE

    @property
    def last(self) -> int:
        """The last page's number."""
        return max(1, -(-self.total // self.size))

    @property
    def first_item(self) -> int:
        """The number of the first item shown, counted from 1."""
        return min((self.number - 1) * self.size + 1, self.total)

    @property
    def last_item(self) -> int:
        """The number of the last item shown."""
        return min(self.number * self.size, self.total)

    def link(self, number: int) -> str:
        """The query string of another page of the list."""
        kept = f"{self.query}&" if self.query else ""
        return f"?{kept}{self.parameter}={number}"


def offset_of(number: int, size: int = PAGE) -> int:
    """How many items stand before a page."""
    return (number - 1) * size
