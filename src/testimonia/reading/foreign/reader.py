"""A foreign reader as an extractor: asks, remembers, holds to the text."""

from __future__ import annotations

from contextlib import suppress
from importlib.metadata import version
from typing import Protocol

from testimonia.closing import Closing
from testimonia.errors import ReadingError, SettingsError
from testimonia.identity import digest, text_hash
from testimonia.model import Reading, Text
from testimonia.reading.foreign import protocol
from testimonia.reading.foreign.building import reading
from testimonia.reading.foreign.channel import Channel
from testimonia.reading.foreign.command import Command
from testimonia.reading.foreign.openai import OpenAI
from testimonia.reading.foreign.protocol import Refused

_TRIES = 2  # the second time the reader is told why its first answer was refused


class Answers(Protocol):
    """Where answers are kept, so that the same record gives the same graph."""

    def answer(self, key: str) -> str | None:
        """The answer that was kept under ``key``."""
        ...

    def keep_answer(self, key: str, extractor: str, answer: str) -> None:
        """Keep an answer, durably, in the place of one that is there."""
        ...


class ForeignReader(Closing):
    """Reads texts by asking somebody else; ``answers`` (if any) are asked first.

    What is kept is the answer as it came, by a key of text, document date and extractor: read
    again, it gives the same reading without asking. Only answers that stand up are kept.
    """

    def __init__(self, channel: Channel, answers: Answers | None = None) -> None:
        self._channel = channel
        self._answers = answers
        self.extractor = (
            f"testimonia {version('testimonia')}; {channel.name};"
            f" protocol {protocol.VERSION} {protocol.protocol_digest()}"
        )

    def close(self) -> None:
        """End what the channel holds open."""
        self._channel.close()

    def read(self, text: Text) -> Reading:
        """The reading that the answer for this text is.

        Raises:
            ReadingError: there is no answer, or it does not stand up to the text.
            SettingsError: no text will be answered.
        """
        key = self._key(text)
        kept = self._answers.answer(key) if self._answers else None
        if kept is not None:
            with suppress(Refused):  # by rules that have become stricter since
                return self._reading(kept, text)
        return self._asked(text, key)

    def _asked(self, text: Text, key: str) -> Reading:
        reasons: list[str] = []
        for _ in range(_TRIES):
            raw = self._channel.ask(protocol.question(text, reasons))
            try:
                found = self._reading(raw, text)
            except Refused as refused:
                reasons, last = refused.reasons, refused
                continue
            if self._answers:
                self._answers.keep_answer(key, self.extractor, raw)
            return found
        raise ReadingError(f"the answer of {self._channel.name} was refused: {last}") from last

    def _reading(self, raw: str, text: Text) -> Reading:
        return reading(protocol.answer(raw), text.content, self.extractor)

    def _key(self, text: Text) -> str:
        day = text.metadata.document_date
        name = self.extractor.split("; ", 1)[1]  # an answer outlives our own versions
        return digest("answer", text_hash(text.content), day.isoformat() if day else "", name)


def foreign_reader(
    setting: str, model: str | None, seconds: float, answers: Answers | None = None
) -> ForeignReader:
    """The foreign reader that a setting names: ``openai:ADDRESS`` or ``command:PROGRAM …``.

    Raises:
        SettingsError: it names none.
    """
    way, _, rest = setting.partition(":")
    if way == "openai":
        return ForeignReader(OpenAI(rest, model, seconds), answers)
    if way == "command":
        return ForeignReader(Command(rest, model, seconds), answers)
    raise SettingsError(
        f"no reader {setting!r}: give openai:ADDRESS (with --reader-model) or command:PROGRAM"
    )
