"""Deriving documents in other processes, as many as there are cores.

Each has a thread here that hands it one document at a time and waits: threads that wait cost
nothing, and what a process does is told where it ends. A process that ends over a document is
replaced; the document is tried once more, and has failed if that ends too.
"""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Callable, Collection
from concurrent.futures import Future
from multiprocessing.connection import Connection
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Final

from testimonia.closing import Closing
from testimonia.errors import ReadingError
from testimonia.ingest import forking
from testimonia.ingest.deriving import Derived, Extractor, Task
from testimonia.ingest.line import CHARACTERS
from testimonia.isolation import ENDED, started, told, twice, why

_LEAVE_SECONDS: Final = 5.0
# Beside the document that each process has: what waits to be stored together with others, and
# what follows while that is being done.
_WAITING_EACH: Final = 4
_WAITING: Final = 32

_Handed = tuple[Task, Future[Derived]]


class Workers(Closing):
    """Up to ``count`` processes, started as they are needed: none before the first document.

    ``make`` gives the extractor and is called in another process: a function of a module, or a
    ``partial`` of one; ``extractor`` is its name. ``memory`` is how many bytes each process may
    take beside what it has when it begins. Futures raise what ``derived`` does, a TestimoniaError
    of ``make``, and a ReadingError where a document ended its process twice.
    """

    def __init__(
        self,
        make: Callable[[], Extractor],
        extractor: str,
        count: int,
        memory: int,
        notice: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.extractor = extractor
        self.most = _WAITING + _WAITING_EACH * count
        self.characters = CHARACTERS
        self._count = count
        self._source = _Source(make, memory, notice)
        self._memory = memory
        self._queue: SimpleQueue[_Handed | None] = SimpleQueue()
        self._threads: list[_Hand] = []
        self._handed = 0
        self._lock = Lock()

    def submit(self, task: Task) -> Future[Derived]:
        """See :class:`testimonia.ingest.readers.Readers`."""
        future: Future[Derived] = Future()
        future.add_done_callback(self._done)
        with self._lock:
            self._handed += 1
            if len(self._threads) < min(self._count, self._handed):
                self._threads.append(_Hand(self._queue, self._source, self._memory))
        self._queue.put((task, future))
        return future

    def done(self, documents: Collection[str]) -> None:
        """See :class:`testimonia.ingest.readers.Readers`."""

    def _done(self, _: Future[Derived]) -> None:
        with self._lock:
            self._handed -= 1

    def close(self) -> None:
        """End all processes: what they have not told is lost, and is to be derived anew."""
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            thread.close()
        self._source.close()
        for thread in self._threads:
            thread.join()


class _Source:
    """The process that has the model, and forks those that use it."""

    def __init__(
        self, make: Callable[[], Extractor], memory: int, notice: Callable[[str], None]
    ) -> None:
        self._handshake = (make, memory)
        self._memory = memory
        self._notice = notice
        self._lock = Lock()
        self._running: tuple[subprocess.Popen[bytes], socket.socket] | None = None
        self._closed = False

    def fork(self) -> tuple[int, Connection]:
        """A new process, by its number, and the way to talk with it.

        Raises:
            ReadingError: none can be had.
        """
        ours, theirs = socket.socketpair()
        with self._lock, ours, theirs:
            for _ in range(2):  # the source itself may have been killed
                try:
                    asked = self._asked()
                    socket.send_fds(asked, [forking.FORK + bytes(4)], [theirs.fileno()])
                    return _number(asked), Connection(ours.detach())
                except ENDED:
                    self._end()
        raise ReadingError("the process that has the model ended: is there memory enough for it?")

    def exit_code(self, process: int) -> int | None:
        """How a process ended, which is ended if it has not; ``None`` where nobody knows."""
        with self._lock:
            if self._running is None:
                return None
            _, asked = self._running
            try:
                asked.sendall(forking.WAIT + forking.NUMBER.pack(process))
                return _number(asked)
            except ENDED:
                return None

    def close(self) -> None:
        """End it, and so all that it forked."""
        with self._lock:
            self._closed = True
            self._end()

    def _asked(self) -> socket.socket:
        if self._closed:
            raise _not_read()
        if self._running is None:
            self._notice("loading the language model …")
            process, connection = started(forking.__name__)
            try:
                connection.send(self._handshake)
                answer, error = connection.recv()
                told(answer, error, self._memory)
            except BaseException:
                connection.close()
                process.kill()
                process.wait()
                raise
            self._running = process, socket.socket(fileno=os.dup(connection.fileno()))
            connection.close()
        return self._running[1]

    def _end(self) -> None:
        if self._running is None:
            return
        (process, asked), self._running = self._running, None
        asked.close()
        try:
            process.wait(_LEAVE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class _Hand(Thread):
    """Hands documents to one process, and gives on what it tells."""

    def __init__(self, queue: SimpleQueue[_Handed | None], source: _Source, memory: int) -> None:
        super().__init__(name="testimonia-reader", daemon=True)
        self._queue = queue
        self._source = source
        self._memory = memory
        self._process: tuple[int, Connection] | None = None
        self._closed = False
        self.start()

    def run(self) -> None:
        """Until there is ``None`` to do."""
        while (handed := self._queue.get()) is not None:
            task, future = handed
            try:
                future.set_result(self._derived(task))
            except BaseException as error:
                future.set_exception(error)

    def close(self) -> None:
        """Take nothing up any more."""
        self._closed = True

    def _derived(self, task: Task) -> Derived:
        ended = ""
        for _ in range(2):
            if self._closed:
                raise _not_read()
            if self._process is None:
                self._process = self._source.fork()
            number, connection = self._process
            try:
                connection.send(task)
                answer, error = connection.recv()
            except ENDED:
                connection.close()
                self._process = None
                code = self._source.exit_code(number)
                ended = "it was ended" if code is None else why(code)
            else:
                derived: Derived = told(answer, error, self._memory)
                return derived
        raise twice(ended)


def _not_read() -> ReadingError:
    return ReadingError("it was not read: the ingestion was ended")


def _number(asked: socket.socket) -> int:
    told = asked.recv(forking.NUMBER.size, socket.MSG_WAITALL)
    if len(told) < forking.NUMBER.size:
        raise EOFError
    number: int = forking.NUMBER.unpack(told)[0]
    return number
