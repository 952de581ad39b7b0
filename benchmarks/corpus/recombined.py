"""New documents from the sentences of a folder of real texts: real words, in an order of chance.

What is made of texts is as protected as they are: it belongs where they lie.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.corpus.draws import stream
from testimonia.model import Metadata, Text

_END = re.compile(r"(?<=[.!?”\"])\s+(?=[A-Z“\"])")
_SHORTEST = 20  # characters: what is shorter is a heading, or cut by an abbreviation


class NoTexts(Exception):
    """The folder has no texts to take sentences from."""


def sentences(folder: Path) -> tuple[tuple[str, ...], ...]:
    """The sentences of each ``*.txt`` of a folder, in the order of their names.

    Raises:
        NoTexts: there are none.
    """
    found = []
    for file in sorted(folder.rglob("*.txt")):
        split = _END.split(" ".join(file.read_text("utf-8", errors="replace").split()))
        kept = tuple(each for each in split if len(each) >= _SHORTEST)
        if kept:
            found.append(kept)
    if not found:
        raise NoTexts(f"no texts (*.txt) in {folder}")
    return tuple(found)


def recombine(seed: int, number: int, texts: Sequence[tuple[str, ...]]) -> Text:
    """The document ``number``: runs of one to three sentences, each from a text drawn anew; as
    long as a text drawn from the folder."""
    draw = stream("recombined", seed, number)
    wanted = len(draw.choice(texts))
    taken: list[str] = []
    while len(taken) < wanted:
        text = draw.choice(texts)
        start = draw.randrange(len(text))
        taken += text[start : start + draw.randint(1, 3)]
    paragraphs = (" ".join(taken[i : i + 3]) for i in range(0, wanted, 3))
    identity = Metadata(language="en", identifier=f"recombined-{seed}-{number}")
    return Text("\n\n".join(paragraphs), identity, "text/plain")


def documents(seed: int, count: int, folder: Path) -> Iterator[Text]:
    """``count`` documents of the texts in ``folder``."""
    texts = sentences(folder)
    return (recombine(seed, number, texts) for number in range(count))
