"""What a process that runs users' SPARQL may use of the machine, set by itself before it sees any.

Numbers that users set are in :class:`Limits`.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

# linux/sched.h, linux/prctl.h
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000
_SET_PARENT_DEATH_SIGNAL: Final = 1
_MEGABYTE = 1024 * 1024


def cores() -> int:
    """How many processors this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every platform
        return os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Limits:
    """What queries may take, each and together.

    ``seconds`` of evaluation, ``memory_bytes`` beyond the open store, ``result_bytes`` of a result
    that is wanted whole; ``buffer_bytes`` are held back before a status goes out. ``fast`` queries
    run at once in their first ``patience_seconds``; whoever needs longer goes on at low priority,
    ``slow`` at once, ``parked`` more stopped until there is room. ``waiting`` may wait for a start.
    ``rows`` bounds the solutions of a SELECT, where the operator wants that. ``services`` are the
    prefixes of IRIs that SERVICE may call and LOAD may read: none as it comes. ``remote``: the
    store is another's server, which the processes have to reach, and nothing else may they.
    """

    seconds: float = 30.0
    memory_bytes: int = 512 * _MEGABYTE
    result_bytes: int = 256 * _MEGABYTE
    buffer_bytes: int = 4 * _MEGABYTE
    fast: int = field(default_factory=lambda: max(2, cores()))
    slow: int = field(default_factory=lambda: max(1, cores() - 1))
    parked: int = 32
    waiting: int = 256
    patience_seconds: float = 0.3
    rows: int | None = None
    services: tuple[str, ...] = ()
    remote: bool = False

    def with_workers(self, count: int) -> Limits:
        """The same with so many queries at once."""
        return replace(self, fast=count, slow=max(1, count - 1))


def forbid_core_dumps() -> None:
    """A crash leaves no file."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def leave_network() -> bool:
    """Give up the network, as far as the platform lets a process do that; says whether it did.

    An empty network namespace (Linux, ``unshare(2)``), with one of its own for users where it is
    not the machine's superuser. To be called before there is a second thread.
    """
    with suppress(OSError, AttributeError):
        unshare = ctypes.CDLL(None, use_errno=True).unshare
        return any(unshare(flags) == 0 for flags in (_NEW_NETWORK, _NEW_USER | _NEW_NETWORK))
    return False


def limit_memory(more: int) -> None:
    """Let the process have ``more`` bytes of address space than it has now.

    To be called with the store open: what RocksDB maps is not the query's. Rust answers a refusal
    with SIGABRT. Where the system does not tell the present size there is no limit. Only the soft
    limit is set, so that it can be set anew for another store.
    """
    size = _address_space()
    if size is not None:
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (size + more, hard))


def lift_memory_limit() -> None:
    """Before another store is opened."""
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))


def die_with_parent() -> None:
    """Be killed when the process that spawned this one ends, however it ends and whatever this one
    is doing, stopped included (``prctl(2)``; elsewhere than on Linux the closed pipe has to do)."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)


def _address_space() -> int | None:
    try:
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[0]
    except OSError:
        return None
    return int(pages) * resource.getpagesize()
