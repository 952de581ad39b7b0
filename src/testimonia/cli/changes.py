"""What a rebuild changed: a table for people, JSON for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import asdict
from typing import TYPE_CHECKING

from testimonia.cli import output

if TYPE_CHECKING:
    from testimonia.ingest import Outcome
    from testimonia.mapping import Changes, Said


def watched(outcomes: Generator[Outcome, None, None], seen: list[Outcome]) -> Generator[Outcome]:
    """The outcomes, of which those that tell of changes are put into ``seen``."""
    with closing(outcomes):
        for outcome in outcomes:
            if outcome.changes is not None:
                seen.append(outcome)
            yield outcome


def as_table(outcomes: Iterable[Outcome]) -> None:
    """A line a statement that came, went or is told otherwise, below its document's counts."""
    rows: list[tuple[str, ...]] = []
    for outcome in outcomes:
        if outcome.changes is not None:
            counts = _counts(outcome.changes) + _decided(outcome)
            rows.append((outcome.name, counts, "", "", ""))
            rows.extend(_lines(outcome.changes))
    if rows:
        output.table(("document", "change", "speaker", "cue", "content"), rows)


def _counts(changes: Changes) -> str:
    gained, lost, changed = len(changes.gained), len(changes.lost), len(changes.changed)
    return f"{gained} gained, {lost} lost, {changed} changed; {changes.triples} triples"


def _decided(outcome: Outcome) -> str:
    """How many decisions of people rule over what was read."""
    if not outcome.decided:
        return ""
    return f"; {outcome.decided} as decided by people"


def _lines(changes: Changes) -> Iterator[tuple[str, ...]]:
    for said in changes.gained:
        yield "", "gained", *_words(said)
    for said in changes.lost:
        yield "", "lost", *_words(said)
    for each in changes.changed:
        yield "", f"was ({', '.join(each.parts)})", *_words(each.before)
        yield "", "is", *_words(each.after)


def _words(said: Said) -> tuple[str, str, str]:
    return said.speaker, said.cue, said.content


def as_json(outcomes: Iterable[Outcome]) -> None:
    """A list with an object a document; statements have their IRI, speaker, cue and content."""
    told = [_told(each, each.changes) for each in outcomes if each.changes is not None]
    sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=1) + "\n")


def _told(outcome: Outcome, changes: Changes) -> dict[str, object]:
    changed = [{**asdict(each), "parts": each.parts} for each in changes.changed]
    document = {"document": outcome.document, "name": outcome.name, "decided": outcome.decided}
    return {**document, **asdict(changes), "changed": changed}
