"""What runs on a machine of the cluster: documents come in, shards go out.

The process that Ray gives does not read itself. It has :class:`testimonia.ingest.workers.Workers`
for that, one process with a limit of memory: a text that kills it is told of as everywhere else,
where Ray would begin it again without end. The model is loaded once for each process of Ray's, and
kept from round to round.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing.reduction import ForkingPickler
from typing import Any

from testimonia import __version__
from testimonia.ingest.cluster.shards import packed
from testimonia.ingest.deriving import Extractor, Task
from testimonia.ingest.workers import Workers
from testimonia.isolation import sendable


@dataclass(frozen=True, slots=True)
class Reading:
    """How the nodes read: ``make`` gives the extractor, ``name`` what it is called there, both
    functions of modules or ``partial`` of such. They must call it ``extractor``, and have this
    ``version``, or their graphs would be others. ``memory`` is as in ``Workers``."""

    make: Callable[[], Extractor]
    name: Callable[[], str]
    extractor: str
    memory: int
    version: str = __version__


def read(given: bytes, rows: Iterable[tuple[int, bytes]]) -> Iterator[dict[str, Any]]:
    """What follows from each numbered task: a shard, or an ``error`` that it raised. What this
    machine cannot do at all is ``refused``, with the reason, for every task."""
    refused = refusal(given)
    for number, task in rows:
        row = {"number": number, "quads": b"", "rest": b"", "error": b"", "refused": refused}
        yield row if refused else {**row, **_derived(given, task)}


@lru_cache(maxsize=4)
def refusal(given: bytes) -> str:
    """Why this machine cannot read as it is asked to; nothing if it can."""
    try:
        reading: Reading = pickle.loads(given)  # noqa: S301 - our own
        if reading.version != __version__:
            return f"Testimonia is {__version__} there, and {reading.version} here"
        named = reading.name()
    except Exception as error:  # whatever it is, it is this machine's and no document's
        return f"{type(error).__name__}: {error}"
    if named != reading.extractor:
        return f"it would read with {named}, and here it is {reading.extractor}"
    return ""


def _derived(given: bytes, task: bytes) -> dict[str, bytes]:
    handed: Task = pickle.loads(task)  # noqa: S301 - our own
    try:
        shard = packed(_workers(given).submit(handed).result())
    except Exception as error:
        return {"error": bytes(ForkingPickler.dumps(sendable(error)))}
    return {"quads": shard.quads, "rest": shard.rest}


@lru_cache(maxsize=1)
def _workers(given: bytes) -> Workers:
    reading: Reading = pickle.loads(given)  # noqa: S301 - our own
    return Workers(reading.make, reading.extractor, 1, reading.memory)
