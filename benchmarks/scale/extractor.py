"""An extractor that knows what each synthetic document was written from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from benchmarks.corpus.lexicon import Places
from benchmarks.corpus.places import open_places
from benchmarks.corpus.readings import EXTRACTOR, reading_of
from benchmarks.corpus.writing import write
from testimonia.ingest import Source, deriving
from testimonia.model import Reading, Text
from testimonia.terms import Graph
from testimonia.validation import Report

_TOGETHER = 100  # documents in one file, as a mailbox or a feed has them


@dataclass
class Synthetic:
    """Gives for a document of seed ``seed`` its reading; ``sentences`` is their average length."""

    seed: int
    sentences: int
    places: Places = field(default_factory=open_places)
    extractor: str = EXTRACTOR

    def read(self, text: Text) -> Reading:
        """The reading that the text was written from; one of another text says nothing."""
        named = str(text.metadata.identifier).split("-")
        if named[0] != "synthetic":
            return Reading(EXTRACTOR)
        _, seed, number = named
        return reading_of(write(int(seed), int(number), self.places, self.sentences))

    def sources(self, first: int, beyond: int) -> Iterator[Source]:
        """The documents from ``first`` on, as sources: several come in one file."""
        for start in range(first, beyond, _TOGETHER):
            numbers = range(start, min(start + _TOGETHER, beyond))
            texts = [write(self.seed, each, self.places, self.sentences).text for each in numbers]
            data = "\n\n".join(text.content for text in texts).encode()
            for number, text in zip(numbers, texts, strict=True):
                yield Source(f"{number}.txt", lambda data=data, text=text: (data, text))  # type: ignore[misc]


def made(seed: int, sentences: int, checked: bool) -> Synthetic:
    """The same for a reader's process; unless ``checked`` graphs are not validated there."""
    if not checked:
        setattr(deriving, "validate", _accept)  # noqa: B010 - of a module
    return Synthetic(seed, sentences)


def _accept(_: Graph) -> Report:
    return Report(conforms=True, violations=(), text="")
