"""The processes that derive documents: one that has the model, and what it forks.

The model is loaded once, in a process that is started by exec and does nothing else; it has one
thread, so that it may fork. Each fork shares the model's memory, is there in some milliseconds,
and derives one document at a time. When the writer is gone, however it ended, all of them go.
"""

from __future__ import annotations

import gc
import logging
import os
import signal
import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final, NoReturn

from testimonia.errors import ReadingError
from testimonia.ingest.deriving import Extractor, Task, derived, identify
from testimonia.iris import Iris
from testimonia.isolation import ENDED, answer, limit_memory, yield_to_writer
from testimonia.model import Metadata, Text
from testimonia.sparql.limits import die_with_parent

FORK: Final = b"f"
WAIT: Final = b"w"
NUMBER: Final = struct.Struct("!i")

_log = logging.getLogger(__name__)
# Derived once before the first fork, so that what is loaded when first needed (the model, the
# ontology's table, the shapes) is shared.
_NOWHERE: Final = Iris("http://localhost/")
_WARM: Final = "Ada Moss said on Monday that the harbour of Odense would be closed."
# A document makes some hundred thousand objects and hardly a cycle; the model has millions.
_COLLECT: Final = (50_000, 20, 100)


def serve(descriptor: int) -> None:
    """Make the extractor, then fork for whoever asks, until nobody is there to ask."""
    connection = Connection(descriptor)
    with suppress(*ENDED):
        _serve(connection)


def _serve(connection: Connection) -> None:
    yield_to_writer()
    make, memory = connection.recv()
    made: list[Extractor] = []
    answer(connection, partial(_prepare, make, made))
    if not made:
        return
    asked = socket.socket(fileno=os.dup(connection.fileno()))
    connection.close()
    children: set[int] = set()
    try:
        while True:
            command, descriptors, _, _ = socket.recv_fds(asked, 1 + NUMBER.size, 1)
            if not command:
                return
            if command[:1] == FORK:
                child = os.fork()
                if child == 0:
                    asked.close()
                    _work(descriptors[0], made[0], memory)
                os.close(descriptors[0])
                children.add(child)
                asked.sendall(NUMBER.pack(child))
            else:
                (child,) = NUMBER.unpack(command[1:])
                asked.sendall(NUMBER.pack(_end(child)))
                children.discard(child)
    finally:
        for child in children:
            _end(child)


def _prepare(make: Callable[[], Extractor], made: list[Extractor]) -> str:
    extractor = make()
    derived(Task(identify(Text(_WARM, Metadata(), "text/plain")), _NOWHERE), extractor)
    threads = Path("/proc/self/task")
    if threads.is_dir() and len(list(threads.iterdir())) > 1:
        raise ReadingError("the process that has the model has other threads: it cannot be forked")
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_COLLECT)
    made.append(extractor)
    return extractor.extractor


def _end(child: int) -> int:
    """The exit code of a child, which is ended if it has not."""
    with suppress(ProcessLookupError):
        os.kill(
            child, signal.SIGKILL
        )  # no harm to one that has ended: it is still to be waited for
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def _work(descriptor: int, extractor: Extractor, memory: int) -> NoReturn:
    """Derive what is sent, until nobody is there to send."""
    code = 1
    try:
        die_with_parent()
        limit_memory(memory)
        connection = Connection(descriptor)
        while True:
            task = connection.recv()
            answer(connection, partial(derived, task, extractor))
    except ENDED:
        code = 0
    finally:
        os._exit(code)
