"""Sorting more lines than memory should hold."""

from __future__ import annotations

import heapq
import io
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from types import TracebackType
from typing import IO, BinaryIO, Self

_RUN_BYTES = 64 * 1024 * 1024


class SortedLines(io.BufferedIOBase):
    """Takes lines in any order; on leaving the context they are in ``output``, by code point.

    UTF-8 sorts by bytes as Unicode does by code points. What exceeds ``run_bytes`` waits, sorted,
    in temporary files.
    """

    def __init__(self, output: BinaryIO, run_bytes: int = _RUN_BYTES) -> None:
        super().__init__()
        self._output = output
        self._run_bytes = run_bytes
        self._buffer = io.BytesIO()
        self._runs: list[IO[bytes]] = []
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with self._stack:
            if kind is None:
                runs: list[Iterator[bytes]] = [iter(run) for run in self._runs]
                self._output.writelines(heapq.merge(*runs, iter(self._sorted())))

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        """Take the next bytes, which may end anywhere in a line."""
        self._buffer.write(data)
        if self._buffer.tell() >= self._run_bytes:
            self._spill()
        return len(data)

    def _sorted(self) -> list[bytes]:
        return sorted(self._buffer.getvalue().splitlines(keepends=True))

    def _spill(self) -> None:
        taken = self._buffer.getvalue()
        whole = taken.rfind(b"\n") + 1
        self._buffer = io.BytesIO()
        self._buffer.write(taken[whole:])
        run = self._stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 (the stack closes it)
        run.writelines(sorted(taken[:whole].splitlines(keepends=True)))
        run.seek(0)
        self._runs.append(run)
