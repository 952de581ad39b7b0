"""What a worker may use of the machine, set by itself before it sees a query."""

from __future__ import annotations

import resource
import signal
from pathlib import Path
from typing import Final

# The evaluator ends a worker at the deadline; this is for a worker that outlived its evaluator.
_GRACE_SECONDS: Final = 5.0


def forbid_core_dumps() -> None:
    """A crash leaves no file."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def limit_memory(more: int) -> None:
    """Let the process have ``more`` bytes of address space than it has now.

    To be called with the store open: what RocksDB maps is not the query's. Rust answers a refusal
    with SIGABRT. Where the system does not tell the present size there is no limit.
    """
    size = _address_space()
    if size is not None:
        resource.setrlimit(resource.RLIMIT_AS, (size + more, size + more))


def start_alarm(seconds: float) -> None:
    """End the process by SIGALRM, whatever it does, some time after ``seconds``."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds + _GRACE_SECONDS)


def stop_alarm() -> None:
    """The query is done."""
    signal.setitimer(signal.ITIMER_REAL, 0)


def _address_space() -> int | None:
    try:
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[0]
    except OSError:
        return None
    return int(pages) * resource.getpagesize()
