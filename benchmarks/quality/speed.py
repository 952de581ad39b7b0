"""Tokens per second of the whole reading against bare ``nlp.pipe`` over the same texts."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from testimonia.model import Text
from testimonia.reading import Reader
from testimonia.reading.pipeline import DEFAULT_MODEL

ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Speed:
    """Tokens per second of processor time; the ratio is the median over rounds."""

    documents: int
    tokens: int
    bare: float
    whole: float
    ratio: float
    ratios: tuple[float, ...]


def measure(reader: Reader, texts: Sequence[Text], rounds: int = ROUNDS) -> Speed:
    """Both sides in this process, one after the other, in alternating rounds.

    Processor time, not the clock's: other work on the machine does not count.
    """
    import spacy

    nlp = spacy.load(DEFAULT_MODEL)
    texts = [text for text in texts if _is_readable(reader, text)]  # also loads all tables
    contents = [text.content for text in texts]

    def bare() -> int:
        return sum(len(doc) for doc in nlp.pipe(contents))

    def whole() -> int:
        return sum(len(reader.read(text).statements) for text in texts)

    tokens = bare()
    seconds = [(_seconds(bare), _seconds(whole)) for _ in range(rounds)]
    ratios = tuple(one / other for one, other in seconds)
    return Speed(
        documents=len(texts),
        tokens=tokens,
        bare=tokens / statistics.median(one for one, _ in seconds),
        whole=tokens / statistics.median(other for _, other in seconds),
        ratio=statistics.median(ratios),
        ratios=ratios,
    )


def _is_readable(reader: Reader, text: Text) -> bool:
    try:
        reader.read(text)
    except Exception:  # told and counted where the text is scored
        return False
    return True


def _seconds(work: Callable[[], int]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started
