"""Results that need not be computed again: for one checkpoint, the latest of them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from testimonia.sparql.answers import Whole

TOTAL_BYTES: Final = 64 * 1024 * 1024
LARGEST_BYTES: Final = 1024 * 1024


class ResultCache:
    """The results asked for last, up to ``TOTAL_BYTES`` of them."""

    def __init__(self, total_bytes: int = TOTAL_BYTES) -> None:
        self._total = total_bytes
        self._size = 0
        self._results: OrderedDict[Hashable, Whole] = OrderedDict()

    def __len__(self) -> int:
        return len(self._results)

    @property
    def size(self) -> int:
        """Bytes of all results."""
        return self._size

    def get(self, key: Hashable) -> Whole | None:
        """The result, if it is known."""
        found = self._results.get(key)
        if found is not None:
            self._results.move_to_end(key)
        return found

    def put(self, key: Hashable, result: Whole) -> None:
        """Keep a result, if it is not too large; those that nobody asked for lately make room."""
        if len(result.body) > LARGEST_BYTES or key in self._results:
            return
        self._results[key] = result
        self._size += len(result.body)
        while self._size > self._total:
            _, dropped = self._results.popitem(last=False)
            self._size -= len(dropped.body)

    def forget(self) -> None:
        """All of them: there is another checkpoint."""
        self._results.clear()
        self._size = 0
