"""Reading in a process of its own, so that a text that kills the reader kills nothing else.

The language model is a library in C: a text can end its process (out of memory, a fault), and no
exception tells of it. The process reads one text at a time; when it ends in the middle of one, that
text is tried once more in a new process, alone, and has failed if that ends too.

It is started by exec and not forked: a fork would inherit the store and the lock of the writer.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import resource
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from multiprocessing.reduction import ForkingPickler
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Protocol

from testimonia.closing import Closing
from testimonia.errors import ReadingError
from testimonia.model import Reading, Text

ENDED: Final = (EOFError, ConnectionError, BrokenPipeError)
"""What a connection raises when there is nobody at the other end."""
# There are as many of these processes as there are cores.
_ONE_THREAD: Final = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
_OUT_OF_MEMORY_FIRST: Final = "1000"  # the highest there is (Linux, proc(5), oom_score_adj)
_LEAVE_SECONDS: Final = 5.0


class Extractor(Protocol):
    """What the process makes for itself and reads with."""

    @property
    def extractor(self) -> str:
        """Software, model and versions."""
        ...

    def read(self, text: Text) -> Reading:
        """The reading of a text."""
        ...


class IsolatedReader(Closing):
    """Reads as the extractor that ``make`` gives, which is made in the other process.

    ``make`` is sent there: a function of a module, or a ``partial`` of one. ``memory`` is how many
    bytes a reading may take beside what the process has then.

    Raises:
        TestimoniaError: what ``make`` raised.
        ReadingError: the process ended before it was ready.
    """

    def __init__(self, make: Callable[[], Extractor], memory: int) -> None:
        self._make = make
        self._memory = memory
        self._running: tuple[subprocess.Popen[bytes], Connection] | None = None
        self.extractor: str = self._begin()

    def read(self, text: Text) -> Reading:
        """The reading of a text.

        Raises:
            ReadingError: the process ended twice over it, or it took too much memory.
            Exception: what the extractor raised.
        """
        ended = ""
        for _ in range(2):
            if self._running is None:
                self._begin()
            try:
                reading: Reading = self._asked(text)
            except ENDED:
                ended = self._end()
            else:
                return reading
        raise twice(ended)

    def close(self) -> None:
        """End the process, which has nothing to lose."""
        if self._running is not None:
            process, _ = self._running
            process.kill()
            self._end()

    def _begin(self) -> str:
        self._running = started(__name__)
        try:
            return str(self._asked((self._make, self._memory)))
        except ENDED as error:
            message = f"the process that reads ended before it was ready ({self._end()})"
            raise ReadingError(message) from error
        except BaseException:
            self.close()
            raise

    def _asked(self, question: object) -> Any:
        if self._running is None:
            raise EOFError
        _, connection = self._running
        connection.send(question)
        answer, error = connection.recv()
        return told(answer, error, self._memory)

    def _end(self) -> str:
        """See the process off; why it ended, in words."""
        if self._running is None:
            return "it was ended"
        (process, connection), self._running = self._running, None
        connection.close()
        try:
            return why(process.wait(_LEAVE_SECONDS))  # it is on its way out
        except subprocess.TimeoutExpired:
            process.kill()
            return why(process.wait())


def told(answer: Any, error: BaseException | None, memory: int) -> Any:
    """What was answered.

    Raises:
        ReadingError: it would have taken more than ``memory`` bytes.
        Exception: what was raised there.
    """
    if isinstance(error, MemoryError):
        raise ReadingError(
            f"reading it takes more than {memory / 2**30:.1f} GB of memory: split the document"
        ) from error
    if error is not None:
        raise error
    return answer


def twice(why: str) -> ReadingError:
    """What is told of a text that ended two processes."""
    return ReadingError(
        f"reading it ended the process twice ({why}): split the document into its parts, or"
        " read it where there is more memory"
    )


def why(code: int) -> str:
    """Why a process ended, in words, by its exit code as ``subprocess`` gives it."""
    if code == -signal.SIGKILL:
        return "killed, most likely for want of memory"
    with contextlib.suppress(ValueError):
        return signal.Signals(-code).name
    return f"exit code {code}"


def started(module: str) -> tuple[subprocess.Popen[bytes], Connection]:
    """A new process that does what ``serve`` of a module does, and the way to talk with it."""
    ours, theirs = socket.socketpair()
    with theirs:
        # -P: what lies in the working directory is no module of ours.
        program = f"from {module} import serve; serve({theirs.fileno()})"
        command = [sys.executable, "-P", "-c", program]
        paths = os.pathsep.join(str(Path(each).absolute()) for each in sys.path)
        environment = {**os.environ, "PYTHONPATH": paths, **_ONE_THREAD}
        process = subprocess.Popen(command, pass_fds=[theirs.fileno()], env=environment)
    return process, Connection(ours.detach())


def _frozen(values: dict[Any, Any]) -> Mapping[Any, Any]:
    return MappingProxyType(values)


# A read-only mapping (the origins of metadata) has no way through a pipe of its own.
ForkingPickler.register(MappingProxyType, lambda each: (_frozen, (dict(each),)))


# ------------------------------------------------------------------- the process itself


def serve(descriptor: int) -> None:
    """Make the extractor, then read what is sent, until nobody is there to send."""
    with contextlib.suppress(EOFError, ConnectionError):
        _serve(Connection(descriptor))


def yield_to_writer() -> None:
    """Let the writer decide when this process ends, and go before it where memory is short."""
    # Ctrl-C goes to all processes of a terminal.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(_OUT_OF_MEMORY_FIRST, "ascii")


def _serve(connection: Connection) -> None:
    yield_to_writer()
    make, memory = connection.recv()
    made: list[Extractor] = []

    def begin() -> str:
        made.append(make())
        limit_memory(memory)
        return made[0].extractor

    answer(connection, begin)
    while made:
        text = connection.recv()
        answer(connection, lambda text=text: made[0].read(text))  # type: ignore[misc]


def answer(connection: Connection, work: Callable[[], object]) -> None:
    """Send what ``work`` gives, or raises."""
    try:
        told: tuple[object, BaseException | None] = (work(), None)
    except Exception as error:
        told = (None, sendable(error))
    connection.send(told)


def sendable(error: Exception) -> Exception:
    """The error, or one that says the same and can be sent to another process."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
    except Exception:
        return ReadingError(f"{type(error).__name__}: {error}")
    return error


def limit_memory(memory: int) -> None:
    """Limit the address space, relative to what it is with the model in it."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    except OSError:  # not Linux: no limit but the system's
        return
    whole = pages * resource.getpagesize() + memory
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard == resource.RLIM_INFINITY or whole < hard:
        resource.setrlimit(resource.RLIMIT_AS, (whole, hard))
