"""A program as a foreign reader: one line of JSON in, one line of JSON out, for each document."""

from __future__ import annotations

import json
import shlex
import subprocess
import threading
from contextlib import suppress
from typing import Any

from testimonia.errors import ReadingError, SettingsError
from testimonia.reading.foreign.channel import LARGEST_ANSWER


class Command:
    """A program that is started with the first question and answers one after another.

    Its standard error is the user's. One that is late, ends or says too much is ended, and started
    anew for the next question.

    Raises:
        SettingsError: there are no words to start it with.
    """

    def __init__(self, words: str, model: str | None, seconds: float) -> None:
        try:
            self._words = shlex.split(words)
        except ValueError as error:
            raise SettingsError(f"the reader command:{words} cannot be split: {error}") from error
        if not self._words:
            raise SettingsError("the reader command: names no program, as in command:./reader")
        self._model, self._seconds = model, seconds
        self.name = f"command:{words}" + (f" {model}" if model else "")
        self._process: subprocess.Popen[bytes] | None = None

    def close(self) -> None:
        """End the program."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):  # what was not yet written goes nowhere
                    pipe.close()

    def ask(self, question: dict[str, Any]) -> str:
        """The line that the program answers.

        Raises:
            ReadingError: it gave none in time, ended, or gave more than a line may be long.
            SettingsError: it cannot be started.
        """
        asked = {**question, "model": self._model} if self._model else question
        line = json.dumps(asked, ensure_ascii=False).encode() + b"\n"
        answer = self._exchanged(self._started(), line)
        if answer is None:
            self.close()
            raise ReadingError(f"{self.name} gave no answer in {self._seconds:g} seconds")
        if not answer.endswith(b"\n"):
            self.close()
            large = len(answer) > LARGEST_ANSWER
            what = (
                f"gave more than {LARGEST_ANSWER:,} bytes" if large else "ended without an answer"
            )
            raise ReadingError(f"{self.name} {what}")
        try:
            return answer.decode("utf-8").strip()
        except UnicodeDecodeError as error:
            raise ReadingError(f"{self.name} answered with something else than UTF-8") from error

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.close()
            try:
                self._process = subprocess.Popen(
                    self._words, stdin=subprocess.PIPE, stdout=subprocess.PIPE
                )
            except OSError as error:
                raise SettingsError(f"{self.name} cannot be started: {error}") from error
        return self._process

    def _exchanged(self, process: subprocess.Popen[bytes], line: bytes) -> bytes | None:
        """The answer, or what of it came before the program ended; ``None`` when time ran out.

        Both pipes can block, so a thread waits on them; ending the program frees it.
        """
        answer: list[bytes] = []

        def exchange() -> None:
            if process.stdin is None or process.stdout is None:
                return
            try:
                process.stdin.write(line)
                process.stdin.flush()
                answer.append(process.stdout.readline(LARGEST_ANSWER + 1))
            except (OSError, ValueError):
                answer.append(b"")  # it ended while being asked

        thread = threading.Thread(target=exchange, daemon=True)
        thread.start()
        thread.join(self._seconds)
        if thread.is_alive():
            process.kill()
            thread.join()
            return None
        return answer[0]
