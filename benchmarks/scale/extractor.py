"""An extractor that knows what each synthetic document was written from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from benchmarks.corpus.lexicon import Places
from benchmarks.corpus.places import open_places
from benchmarks.corpus.readings import EXTRACTOR, reading_of
from benchmarks.corpus.writing import write
from testimonia.ingest import Source
from testimonia.model import Reading, Text


@dataclass
class Synthetic:
    """Gives for a document of seed ``seed`` its reading; ``sentences`` is their average length."""

    seed: int
    sentences: int
    places: Places = field(default_factory=open_places)
    extractor: str = EXTRACTOR

    def read(self, text: Text) -> Reading:
        """The reading that the text was written from."""
        _, seed, number = str(text.metadata.identifier).split("-")
        return reading_of(write(int(seed), int(number), self.places, self.sentences))

    def sources(self, first: int, beyond: int) -> Iterator[Source]:
        """The documents from ``first`` on, as sources."""
        for number in range(first, beyond):
            text = write(self.seed, number, self.places, self.sentences).text
            yield Source(f"{number}.txt", lambda text=text: (text.content.encode(), text))  # type: ignore[misc]
