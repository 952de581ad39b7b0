"""What a user can set, each with its default; nothing is read from anywhere else."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from testimonia.identity import digest

DEFAULT_BASE_IRI = "http://localhost:8000/"

Attributions = Literal["all", "clausal"]


@dataclass(frozen=True, slots=True)
class Settings:
    """How an archive reads documents; what changes a graph enters ``digest``.

    ``model`` is a spaCy pipeline by name or path (``None``: the one that is installed with
    Testimonia), ``attributions`` how much counts as said, ``keep_text`` whether the document's
    full text stands in the stored graph.
    """

    model: str | None = None
    attributions: Attributions = "all"
    keep_text: bool = True

    @property
    def digest(self) -> str:
        """26 characters that change when a setting does."""
        return digest("settings", *(f"{key}={value}" for key, value in asdict(self).items()))


def default_archive() -> Path:
    """``$TESTIMONIA_ARCHIVE``, else ``archive`` in the working directory."""
    return Path(os.environ.get("TESTIMONIA_ARCHIVE", "archive"))


def cache_folder() -> Path:
    """Where the gazetteer's index is kept between runs: ``$TESTIMONIA_CACHE``, else the
    ``testimonia`` folder of the user's cache (XDG Base Directory Specification 0.8)."""
    if chosen := os.environ.get("TESTIMONIA_CACHE"):
        return Path(chosen)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "testimonia"
