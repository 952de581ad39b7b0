"""Fit the weights by which two accounts are told to be of one event.

    python -m benchmarks.train_crossref [--corpora FOLDER]

Needs scikit-learn. A logistic regression over pairs of the gold mentions of ECB+'s tuning part
that share a key, as an archive would compare them; written to ``linking/data/events_weights.csv``.
Weights of what ECB+ cannot tell, having no dates of publication, are set by hand. How well the
probabilities hold is printed for topics that were left out, a fifth at a time.
"""

from __future__ import annotations

import argparse
import csv
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from benchmarks.crossref_events import CORPUS, GoldReader, key, where
from benchmarks.quality import corpora
from benchmarks.quality.corpora import Gold
from testimonia.library import open_reader
from testimonia.linking.blocks import blocks
from testimonia.linking.claims import described
from testimonia.linking.events import Setting, compare, may_share
from testimonia.linking.tellings import Telling, is_event
from testimonia.model import Document, Metadata, Text

WEIGHTS = Path(__file__).parents[1] / "src/testimonia/linking/data/events_weights.csv"
BY_HAND = {"near in time": 0.5, "far in time": -2.0, "other time": -1.0}
HEADER = """\
# How much each feature of a pair of accounts tells of their being of one event; fitted by
# benchmarks/train_crossref.py on the tuning part of ECB+ (no word of it is here). ECB+ has no dates
# of publication: "near in time", "far in time" and "other time" are set by hand.
"""
FOLDS = 5
Example = tuple[str, str, Telling, Setting, Any]  # topic, document, telling, its setting, cluster


def examples(documents: Sequence[Gold]) -> list[Example]:
    """The gold mentions as tellings."""
    reader, clusters = GoldReader(open_reader(), documents), key(documents)
    found = []
    for each in documents:
        text = Text(each["text"], Metadata(), "text/plain")
        reading = reader.read(text)
        given = described(Document(each["id"], "", text), reading, {})
        here = Setting(each["id"], "", frozenset(given.topic))
        accounts = {account.key: account for account in reading.accounts}
        for telling in filter(is_event, given.tellings):
            cluster = clusters.get((each["id"], where(each, accounts[telling.account])))
            found.append((each["topic"], each["id"], telling, here, cluster))
    return found


def pairs(found: Sequence[Example]) -> list[tuple[int, int]]:
    """Those that an archive would compare: they share a key, and are not of one local event."""
    index: dict[int, list[int]] = defaultdict(list)
    for number, (_, _, telling, here, _) in enumerate(found):
        for block in blocks(telling, here):
            index[block].append(number)
    shared = {(a, b) for members in index.values() for a in members for b in members if a < b}
    return sorted(
        (a, b)
        for a, b in shared
        if (found[a][1], found[a][2].event) != (found[b][1], found[b][2].event)
        and may_share(found[a][2], found[b][2])
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, default=corpora.default_folder())
    folder = corpora.check(parser.parse_args().corpora)
    found = examples(corpora.part(corpora.read(folder, CORPUS), "tuning"))
    chosen = pairs(found)
    vectors = DictVectorizer()
    features = vectors.fit_transform(
        [dict(compare(*found[a][2:4], *found[b][2:4]).features) for a, b in chosen]
    )
    same = np.array([found[a][4] == found[b][4] for a, b in chosen])
    _calibration(found, chosen, features, same)
    model = LogisticRegression(max_iter=5000).fit(features, same)
    weights = dict(zip(vectors.get_feature_names_out(), model.coef_[0], strict=True))
    weights = {**weights, "bias": model.intercept_[0], **BY_HAND}
    with WEIGHTS.open("w", encoding="utf-8") as output:
        output.write(HEADER)
        writer = csv.writer(output, lineterminator="\n")
        writer.writerow(("feature", "weight"))
        writer.writerows((name, f"{weights[name]:.3f}") for name in sorted(weights))


def _calibration(
    found: Sequence[Example], chosen: Sequence[tuple[int, int]], features: Any, same: Any
) -> None:
    topics = sorted({each[0] for each in found}, key=int)
    given = np.zeros(len(chosen))
    for fold in range(FOLDS):
        out = set(topics[fold::FOLDS])
        held = np.array([found[a][0] in out or found[b][0] in out for a, b in chosen])
        model = LogisticRegression(max_iter=5000).fit(features[~held], same[~held])
        given[held] = model.predict_proba(features[held])[:, 1]
    for low in np.arange(0.0, 1.0, 0.1):
        those = (given >= low) & (given < low + 0.1)
        print(f"{low:.1f} {those.sum():6} pairs, {given[those].mean():.2f} said, "
              f"{same[those].mean():.2f} so")  # fmt: skip
    print(f"Brier score {np.mean((given - same) ** 2):.3f}")


if __name__ == "__main__":
    main()
