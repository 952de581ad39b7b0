"""The real reading of corpus documents, kept between runs while nothing that makes it changes."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import track

from benchmarks.quality.corpora import Gold
from testimonia.library import open_reader
from testimonia.model import Text
from testimonia.reading.lines import from_json, to_json
from testimonia.settings import Attributions, Settings, cache_folder

if TYPE_CHECKING:
    from testimonia.reading import Reader

Json = dict[str, Any]
PACKAGE = Path(__file__).parents[2] / "src" / "testimonia"
_MAKES_READINGS = ("reading", "gazetteer", "model.py")


def default_cache() -> Path:
    """Beside the gazetteer's index, in the folder that Testimonia keeps between runs."""
    return cache_folder() / "quality"


def text_of(document: Gold) -> Text:
    """A corpus document as ``testimonia read --jsonl`` takes it: id, text and date, no more."""
    given = {"id": document["id"], "text": document["text"], "dct": document.get("dct")}
    return from_json(json.dumps(given), str(document["id"]))[1]


class Predictions:
    """Reads documents as ``testimonia read`` does.

    ``failures`` tells per document that could not be read the error; such a document scores as
    one in which nothing was found.
    """

    def __init__(self, cache: Path) -> None:
        self._cache = cache
        self._readers: dict[Attributions, Reader] = {}
        self._state = state_of_the_rules()
        self.failures: dict[str, str] = {}

    def reader(self, scope: Attributions) -> Reader:
        """The extractor of that scope, loaded once."""
        if scope not in self._readers:
            self._readers[scope] = open_reader(Settings(attributions=scope), _tell)
        return self._readers[scope]

    def of(self, corpus: str, scope: Attributions, documents: Sequence[Gold]) -> dict[str, Json]:
        """The reading of each document by its id; those not kept from an earlier run are made."""
        file = self._file(corpus, scope)
        kept = dict(_kept(file))
        missing = [each for each in documents if _key(each) not in kept]
        if missing:
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("a", encoding="utf-8") as lines:
                for key, reading in self._read(corpus, scope, missing):
                    kept[key] = reading
                    lines.write(json.dumps([key, reading], ensure_ascii=False) + "\n")
        found = ((document["id"], kept.get(_key(document))) for document in documents)
        return {name: reading for name, reading in found if reading is not None}

    def _file(self, corpus: str, scope: Attributions) -> Path:
        extractor = self.reader(scope).extractor
        key = hashlib.sha256(f"{extractor}\n{self._state}".encode()).hexdigest()[:24]
        return self._cache / key / f"{corpus}-{scope}.jsonl"

    def _read(
        self, corpus: str, scope: Attributions, documents: Sequence[Gold]
    ) -> Iterator[tuple[str, Json]]:
        reader = self.reader(scope)
        console = Console(stderr=True)
        for document in track(
            documents,
            f"reading {corpus} ({scope})",
            console=console,
            disable=not console.is_terminal,
        ):
            try:
                reading = reader.read(text_of(document))
            except Exception as error:  # one document's failure is a figure, not the end of the run
                self.failures[f"{corpus} {document['id']}"] = f"{type(error).__name__}: {error}"
                continue
            yield _key(document), to_json(document["id"], reading)


def state_of_the_rules() -> str:
    """A digest of all code and data that a reading follows from."""
    digest = hashlib.sha256(f"spacy {version('spacy')}".encode())
    for name in _MAKES_READINGS:
        top = PACKAGE / name
        for file in [top] if top.is_file() else sorted(top.rglob("*")):
            if file.is_file() and file.suffix != ".pyc":
                digest.update(f"\n{file.relative_to(PACKAGE)}\n".encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()


def _kept(file: Path) -> Iterator[tuple[str, Json]]:
    if not file.is_file():
        return
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            if line.endswith("\n"):  # an interrupted run leaves half a line
                key, reading = json.loads(line)
                yield key, reading


def _key(document: Gold) -> str:
    """Changes with the document's text and date."""
    given = json.dumps([document["id"], document["text"], document.get("dct")])
    return hashlib.sha256(given.encode()).hexdigest()[:24]


def _tell(notice: str) -> None:
    print(notice, file=sys.stderr)
