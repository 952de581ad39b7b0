"""One worker process, as the event loop sees it: requests in, frames out, signals.

Spawned by exec: a fork would inherit the clients' sockets. It dies with the *thread* that spawned
it (``PR_SET_PDEATHSIG``), so it is spawned by the loop's own thread, which takes 2 ms.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from testimonia.sparql import frames

# A megabyte at a time is right for long results; to allocate it for a short one costs as much as
# the rest of the hand-over.
_FIRST_BYTES: Final = 64 * 1024
_READ_BYTES: Final = 1024 * 1024
# A worker goes on while this side has other things to do.
_ON_THE_WAY_BYTES: Final = 1024 * 1024
_LOWEST_PRIORITY: Final = 19
_TICKS: Final = os.sysconf("SC_CLK_TCK")


class WorkerEnded(Exception):
    """The process ended before its answer did."""

    def __init__(self, status: int) -> None:
        super().__init__(f"the worker ended with status {status}")
        self.status = status


class Process:
    """A running worker of the program ``module``."""

    def __init__(self, module: str, arguments: Sequence[str]) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _ON_THE_WAY_BYTES)
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-P", "-m", module, "--channel", str(theirs.fileno())),
                    *arguments,
                ],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                env=_environment(),
                start_new_session=True,  # an interrupt at the terminal is the pool's to handle
            )
        ours.setblocking(False)
        self._socket = ours
        self._taken = bytearray()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._reading = False
        self._closing = False  # the process has closed its end
        self._niced = False
        self.used: float | None = None

    @property
    def pid(self) -> int:
        """Of the process."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it runs (or is stopped), as far as that is known without asking the system."""
        return not self._closing

    @property
    def closed(self) -> bool:
        """Whether it has been killed, or has ended."""
        return self._closing or self._socket.fileno() < 0 or self._process.poll() is not None

    @property
    def fresh(self) -> bool:
        """Whether it may serve another request: nobody has lowered its priority for good."""
        return not self._niced

    def processor_seconds(self) -> float | None:
        """How long it has had a processor so far; ``None`` where the system does not tell."""
        try:
            stat = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii")
        except OSError:
            return None
        user, system = stat.rpartition(")")[2].split()[11:13]  # proc(5)
        return (int(user) + int(system)) / _TICKS

    async def send(self, request: dict[str, Any], data: bytes | None = None) -> None:
        """Send a request, and what it is about.

        Raises:
            WorkerEnded: the process is gone.
        """
        if data is None:
            message = frames.pack(frames.REQUEST, request)
        else:
            message = frames.pack(frames.REQUEST, {**request, "has_data": True})
            message += frames.raw(frames.DATA, data)
        await self.send_rest(message, self.send_at_once(message))

    def send_at_once(self, message: bytes) -> int:
        """Send as much of a message as goes without waiting; returns how many bytes that were.

        Raises:
            WorkerEnded: the process is gone.
        """
        try:
            return self._socket.send(message)
        except (BlockingIOError, InterruptedError):
            return 0
        except OSError as error:
            raise WorkerEnded(self._ended()) from error

    async def send_rest(self, message: bytes, sent: int) -> None:
        """Send what is left of it.

        Raises:
            WorkerEnded: the process is gone.
        """
        if sent == len(message):
            return
        try:
            rest = memoryview(message)[sent:]
            await asyncio.get_running_loop().sock_sendall(self._socket, rest)
        except OSError as error:
            raise WorkerEnded(self._ended()) from error

    async def receive(self, deadline: float | None = None) -> frames.Frame:
        """The next frame of the answer. ``deadline`` is a time of the event loop.

        Raises:
            WorkerEnded: the process is gone.
            TimeoutError: the frame was not there at the deadline.
        """
        while (frame := self.received()) is None:
            if self._closing:
                raise WorkerEnded(self._ended())
            await self._more(deadline)
        return frame

    def received(self) -> frames.Frame | None:
        """The next frame, if it is there already."""
        taken, header = self._taken, frames.HEADER
        if len(taken) < header.size:
            return None
        kind, length = header.unpack_from(taken)
        whole = header.size + length
        if len(taken) < whole:
            return None
        payload = bytes(memoryview(taken)[header.size : whole])
        del taken[:whole]
        return kind, payload

    async def _more(self, deadline: float | None) -> None:
        """Wait until something has come, or the process has gone."""
        loop = asyncio.get_running_loop()
        self._read(loop)
        self._waiter = waiter = loop.create_future()
        late = loop.call_at(deadline, _expire, waiter) if deadline is not None else None
        try:
            await waiter
        finally:
            self._waiter = None
            if late is not None:
                late.cancel()

    def _read(self, loop: asyncio.AbstractEventLoop) -> None:
        """Be told of what comes, from the first answer to the last: to ask for that anew with each
        would be half of what a short one costs."""
        if not self._reading or self._loop is not loop:
            self._loop, self._reading = loop, True
            loop.add_reader(self._socket, self._readable)

    def _stop_reading(self) -> None:
        if self._reading and self._loop is not None:
            self._reading = False
            self._loop.remove_reader(self._socket)

    def _readable(self) -> None:
        waiting = len(self._taken)
        try:
            data = self._socket.recv(_READ_BYTES if waiting > _FIRST_BYTES else _FIRST_BYTES)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            data = b""
        self._taken += data
        if not data:
            self._closing = True
            self._stop_reading()
        elif waiting + len(data) > _READ_BYTES:
            self._stop_reading()  # until somebody has taken some of it
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def lower_priority(self) -> None:
        """Let everybody else go first, from now on."""
        if self._niced:
            return
        self._niced = True
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self.pid, _LOWEST_PRIORITY)

    def stop(self) -> None:
        """Let it do nothing until ``resume``."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on."""
        self._signal(signal.SIGCONT)

    def end(self) -> None:
        """End it at once, whatever it does; who waits for its answer is told."""
        self._signal(signal.SIGKILL)

    def kill(self, *, wait: bool = False) -> None:
        """The same, when nobody waits for an answer any more; a second call does nothing.

        With ``wait`` it has gone when this returns.
        """
        if self._socket.fileno() >= 0:
            self.end()
            self._stop_reading()
            self._closing = True
            self._socket.close()
            _DYING.append(self._process)
        if wait:
            self._process.wait()
        _bury()

    def _signal(self, number: int) -> None:
        with suppress(OSError):
            self._process.send_signal(number)

    def _ended(self) -> int:
        """The status of a process that has closed its end, which is about to be over."""
        try:
            return self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()


# Killed processes that have not been waited for: to free much memory takes the system a while, in
# which an event loop has better things to do.
_DYING: list[subprocess.Popen[bytes]] = []


def _bury() -> None:
    _DYING[:] = [each for each in _DYING if each.poll() is None]


def _expire(waiter: asyncio.Future[None]) -> None:
    if not waiter.done():
        waiter.set_exception(TimeoutError())


def _environment() -> dict[str, str]:
    """The package is found where this one is, and nothing in the working directory is imported.

    Each arena of glibc reserves 64 MB, which would count as the query's.
    """
    package = str(Path(__file__).parents[2])
    inherited = os.environ.get("PYTHONPATH")
    path = os.pathsep.join([package, inherited]) if inherited else package
    return {**os.environ, "PYTHONPATH": path, "MALLOC_ARENA_MAX": "2"}
