"""The one place that knows HTTP: a model behind an address that speaks OpenAI's chat completions.

Only the address that is configured is ever called: no redirect is followed, no proxy and no
credential is taken from elsewhere. The API key comes from an environment variable, is sent to that
address alone, and stands in no message and no record.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx

from testimonia.errors import ReadingError, SettingsError
from testimonia.reading.foreign.channel import LARGEST_ANSWER
from testimonia.reading.foreign.protocol import instructions

KEY = "TESTIMONIA_READER_KEY"
_TRIES = 3
_LONGEST_WAIT = 30.0  # seconds between two tries, whatever the server asks for
_BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})
# The same for every document: the key, the address or the model's name is wrong.
_HOPELESS = frozenset({401, 403, 404, 405})


class OpenAI:
    """A model behind ``POST {address}/chat/completions``.

    Raises:
        SettingsError: the address is none, or there is no name of a model.
    """

    def __init__(
        self,
        address: str,
        model: str | None,
        seconds: float,
        *,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self._url = f"{_checked(address)}/chat/completions"
        if not model:
            raise SettingsError(
                f"the reader openai:{address} needs the name of a model: add --reader-model"
            )
        self._model, self._seconds, self._wait = model, seconds, wait
        self.name = f"openai:{_checked(address)} {model}"
        key = os.environ.get(KEY)
        self._client = httpx.Client(
            headers={"Authorization": f"Bearer {key}"} if key else {},
            timeout=seconds,
            trust_env=False,
            follow_redirects=False,
        )

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def ask(self, question: dict[str, Any]) -> str:
        """The words of the model's first choice.

        Raises:
            ReadingError: no answer in time, none after three tries, one that is too large or cut
                off, or not a completion.
            SettingsError: the server knows neither key, nor address, nor model.
        """
        asked = {
            "model": self._model,
            "temperature": 0,
            "response_format": {"type": "json_object"},
            "messages": [
                {"role": "system", "content": instructions()},
                {"role": "user", "content": json.dumps(question, ensure_ascii=False)},
            ],
        }
        for number in range(1, _TRIES + 1):
            status, after, body = self._post(asked, last=number == _TRIES)
            if status == httpx.codes.OK:
                return _words(body, self.name)
            if status not in _BUSY or number == _TRIES:
                break
            self._wait(min(_LONGEST_WAIT, after if after is not None else 2.0 ** (number - 1)))
        raise _refusal(self.name, status, body)

    def _post(self, asked: dict[str, Any], *, last: bool) -> tuple[int, float | None, bytes]:
        """Status, seconds to wait if the server says so, body; 503 for a failed connection that
        may be tried again."""
        try:
            with self._client.stream("POST", self._url, json=asked) as response:
                body = b"".join(self._bounded(response))
                return response.status_code, _seconds(response), body
        except httpx.TimeoutException as error:
            raise self._too_slow() from error
        except httpx.TransportError as error:
            if last:
                raise ReadingError(f"{self.name} cannot be reached: {error}") from error
            return 503, None, b""
        except httpx.HTTPError as error:
            raise ReadingError(f"{self.name} gave no answer: {error}") from error

    def _bounded(self, response: httpx.Response) -> Iterator[bytes]:
        """The body's pieces, as long as neither size nor time runs out (httpx limits the time of
        each piece only)."""
        end, size = time.monotonic() + self._seconds, 0
        for piece in response.iter_bytes():
            size += len(piece)
            if size > LARGEST_ANSWER:
                raise ReadingError(
                    f"{self.name} gave more than {LARGEST_ANSWER:,} bytes; nothing of it was taken"
                )
            if time.monotonic() > end:
                raise self._too_slow()
            yield piece

    def _too_slow(self) -> ReadingError:
        return ReadingError(
            f"{self.name} gave no whole answer in {self._seconds:g} seconds:"
            " allow more with --reader-seconds, or give it shorter documents"
        )


def _checked(address: str) -> str:
    try:
        parts = httpx.URL(address)
    except httpx.InvalidURL as error:
        raise SettingsError(f"{address!r} is no address of a reader: {error}") from error
    if parts.scheme not in {"http", "https"} or not parts.host:
        raise SettingsError(f"{address!r} is no http or https address of a reader")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise SettingsError(
            f"the address of the reader at {parts.host} holds more than host and path:"
            f" give a key by the environment variable {KEY}, for addresses are recorded"
        )
    return address.rstrip("/")


def _seconds(response: httpx.Response) -> float | None:
    """``Retry-After`` in seconds (RFC 9110, section 10.2.3); its other form, a date, is ignored."""
    stated = response.headers.get("Retry-After", "")
    return float(stated) if stated.isdigit() else None


def _words(body: bytes, name: str) -> str:
    try:
        choice = json.loads(body)["choices"][0]
        words = choice["message"]["content"]
        if choice.get("finish_reason") == "length":
            raise ReadingError(f"{name}: its answer was cut off at the model's limit")
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        words = None
    if not isinstance(words, str):
        raise ReadingError(f"{name} answered with something else than a chat completion")
    return words


def _refusal(name: str, status: int, body: bytes) -> ReadingError | SettingsError:
    said = " ".join(body[:200].decode("utf-8", "replace").split())
    message = f"{name} answered {status}" + (f": {said}" if said else "")
    if status in _HOPELESS:
        return SettingsError(f"{message}; check the address, --reader-model and ${KEY}")
    return ReadingError(message)
