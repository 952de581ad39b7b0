"""What a user can set, each with its default; nothing is read from anywhere else."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from testimonia.errors import SettingsError
from testimonia.identity import digest

DEFAULT_BASE_IRI = "http://localhost:8000/"
READER_SECONDS = 120.0
OCR_SECONDS = 600.0

_RAY = re.compile(r"local|auto|[^/:\s]+:\d+|\[[0-9a-fA-F:]+\]:\d+")

Attributions = Literal["nested", "all", "clausal"]


@dataclass(frozen=True, slots=True)
class Settings:
    """How an archive reads documents and answers; what changes a graph enters ``digest``.

    ``model`` is a spaCy pipeline by name or path (``None``: the one that is installed with
    Testimonia), ``reader`` a foreign reader in its place (``openai:ADDRESS`` or
    ``command:PROGRAM``), with the name of its model and the seconds it may take for a document,
    ``gazetteer`` an index that ``testimonia gazetteer build`` made (``None``: the installation's
    own, made on first use; its version enters the extractor's), ``attributions`` how much counts
    as said, ``keep_text`` whether the document's full text stands in the stored graph,
    ``query_seconds`` how long a query may take, ``max_characters`` how long one document's text
    may be, and ``max_triples`` how large its graph. Memory goes by the graph: up to 4.9 kB a triple
    while it is checked and stored, so that a document takes 4 GB at the most. Ordinary news has 0.3
    triples a character, the densest text that we could invent 1.4
    (``benchmarks/long_documents.py``). ``reading_memory`` is how many bytes a process that reads
    may take beside its model (0: no limit), ``workers`` how many of them there are (``None``: as
    many as the cores that there are), ``ray`` the address of a Ray cluster that reads
    (``local``: one of this machine alone, of so many ``workers``).
    """

    model: str | None = None
    gazetteer: Path | None = None
    attributions: Attributions = "nested"
    keep_text: bool = True
    query_seconds: float = 30.0
    max_characters: int = 2_000_000
    max_triples: int = 750_000
    reader: str | None = None
    reader_model: str | None = None
    reader_seconds: float = READER_SECONDS
    reading_memory: int = 4 * 2**30
    workers: int | None = None
    ray: str | None = None

    def __post_init__(self) -> None:
        if self.model and self.reader:
            raise SettingsError(
                f"the pipeline {self.model!r} and the reader {self.reader!r} exclude each other:"
                " the reader's own model is named with --reader-model"
            )
        if self.reader_model and not self.reader:
            raise SettingsError("--reader-model names the model of a --reader, and there is none")
        if self.workers is not None and self.workers < 1:
            raise SettingsError(f"there cannot be {self.workers} workers: name 1 or more")
        if self.ray and not _RAY.fullmatch(self.ray):
            raise SettingsError(
                f"--ray {self.ray}: name HOST:PORT, `auto` for the cluster of this machine, or"
                " `local`; where there is only a ray:// address, see docs/cluster.md"
            )
        if self.ray and self.reader:
            raise SettingsError(
                f"the reader {self.reader!r} waits for its answers here: --ray is for our own"
            )
        if self.ray and self.ray != "local" and self.workers:
            raise SettingsError("--workers is for this machine: a cluster reads on all its cores")
        if not self.reader_seconds > 0:
            raise SettingsError(f"a reader cannot answer in {self.reader_seconds:g} seconds")

    @property
    def digest(self) -> str:
        """26 characters that change when a setting does that changes a graph."""
        foreign = (self.reader, self.reader_model or "") if self.reader else ()
        text = "text" if self.keep_text else ""
        return digest("settings", self.model or "", self.attributions, text, *foreign)


def default_archive() -> Path:
    """``$TESTIMONIA_ARCHIVE``, else ``archive`` in the working directory."""
    return Path(os.environ.get("TESTIMONIA_ARCHIVE", "archive"))


def cache_folder() -> Path:
    """Where the gazetteer's index is kept between runs: ``$TESTIMONIA_CACHE``, else the
    ``testimonia`` folder of the user's cache (XDG Base Directory Specification 0.8)."""
    if chosen := os.environ.get("TESTIMONIA_CACHE"):
        return Path(chosen)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "testimonia"
