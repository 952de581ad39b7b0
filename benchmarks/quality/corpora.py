"""The annotated corpora, where they lie, and the third of them that is kept aside."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal

Gold = dict[str, Any]  # one annotated document, as the corpora's schema has it
Part = Literal["aside", "tuning"]

ROOT = Path(__file__).parents[2]
VARIABLE = "TESTIMONIA_EVAL"


class NoCorpora(Exception):
    """The folder of corpora is not there, or is something else."""


def default_folder() -> Path:
    """``$TESTIMONIA_EVAL``, else ``shared/eval`` beside the repository."""
    return Path(os.environ.get(VARIABLE) or ROOT.parent / "shared" / "eval")


def check(folder: Path) -> Path:
    """The folder itself, if it holds a scorer and corpora.

    Raises:
        NoCorpora: it does not.
    """
    if not (folder / "score.py").is_file() or not any((folder / "dev").glob("*.jsonl")):
        raise NoCorpora(
            f"no corpora in {folder}: it should hold score.py and dev/*.jsonl;"
            f" name another folder with --corpora or ${VARIABLE}"
        )
    return folder


def names(folder: Path) -> tuple[str, ...]:
    """The corpora that lie in the folder, sorted."""
    return tuple(sorted(file.stem for file in (folder / "dev").glob("*.jsonl")))


def read(folder: Path, corpus: str) -> tuple[Gold, ...]:
    """All documents of a corpus, in its own order."""
    with (folder / "dev" / f"{corpus}.jsonl").open(encoding="utf-8") as lines:
        return tuple(json.loads(line) for line in lines if line.strip())


def is_aside(document: Gold) -> bool:
    """Whether the document belongs to the third that no rule or weight is fitted on."""
    return _hash(document) % 3 == 0


def part(documents: Sequence[Gold], which: Part) -> tuple[Gold, ...]:
    """The documents kept aside, or those that development looks at."""
    return tuple(each for each in documents if is_aside(each) == (which == "aside"))


def sample(documents: Sequence[Gold], count: int | None) -> tuple[Gold, ...]:
    """The same ``count`` documents every time, those kept aside before others.

    ``None`` leaves all, in their own order.
    """
    if count is None:
        return tuple(documents)
    order: Callable[[Gold], tuple[bool, int]] = lambda each: (not is_aside(each), _hash(each))  # noqa: E731
    return tuple(sorted(documents, key=order)[:count])


def _hash(document: Gold) -> int:
    return int(hashlib.md5(str(document["id"]).encode(), usedforsecurity=False).hexdigest(), 16)
