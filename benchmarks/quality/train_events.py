"""Estimate the scored lexicon and the ranker of events on annotated documents.

    python benchmarks/quality/train_events.py DEV_FOLDER [--report]

reads ``tbaq_timebank.jsonl`` and ``tbaq_aquaint.jsonl`` and writes ``events_counts.csv`` and
``events_weights.csv`` into the package's data; with ``--report`` it prints cross-validated
figures instead. Documents whose md5 of the id is divisible by three are never read: they are the
test. Needs scikit-learn, which the package itself does not.

What is written holds counts per lemma seen in at least two documents, and one weight per
syntactic feature; no text can be read back from it.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from testimonia.reading.events.evidence import evidence, kind_of, may_be_eventful
from testimonia.reading.events.model import Kind
from testimonia.reading.events.ranker import (
    CLASSES,
    COUNTS,
    FEWEST,
    THRESHOLD,
    WEIGHTS,
    Count,
    Model,
    lemma_features,
)
from testimonia.reading.pipeline import Pipeline

DATA = Path(__file__).parents[2] / "src" / "testimonia" / "reading" / "data"
CORPORA = ("tbaq_timebank", "tbaq_aquaint")
FOLDS = 6
# Inverse strength of the penalty, by kind. Cross-validated F1 is the same, within .003, from 0.05
# to 0.4.
STRENGTH = {Kind.VERB: 0.25, Kind.NOUN: 0.15, Kind.ADJECTIVE: 0.2}
CLASS_STRENGTH = 0.1
FAINTEST = 0.005  # weights nearer to nothing are left out
Key = tuple[Kind, str]


@dataclass(frozen=True)
class Example:
    """One candidate: its features and the gold's class (``None``: no event)."""

    kind: Kind
    lemma: str
    names: tuple[str, ...]
    gold: str | None


@dataclass(frozen=True)
class Annotated:
    """A document's candidates, and how many events its gold has."""

    corpus: str
    examples: tuple[Example, ...]
    golds: int


def documents(folder: Path) -> Iterator[Annotated]:
    pipeline = Pipeline()
    for corpus in CORPORA:
        for line in (folder / f"{corpus}.jsonl").read_text("utf-8").splitlines():
            document = json.loads(line)
            if int(hashlib.md5(document["id"].encode()).hexdigest(), 16) % 3:
                yield annotated(pipeline, corpus, document)


def annotated(pipeline: Pipeline, corpus: str, document: dict[str, Any]) -> Annotated:
    golds = {(event["start"], event["end"]): event["class"] for event in document["events"]}
    parse = pipeline.parse(str(document["text"]))
    kinds = ((token, kind_of(token)) for token in parse.tokens)
    examples = (
        Example(
            kind,
            token.lemma.lower(),
            tuple(evidence(parse, token, kind)),
            golds.get((token.start, token.end)),
        )
        for token, kind in kinds
        if kind is not None
    )
    return Annotated(corpus, tuple(examples), len(golds))


# ---------------------------------------------------------------------------------- counts


def count(examples: Iterable[Example]) -> dict[Key, Count]:
    """How often each lemma was seen and what it was; under ``"*"`` the sum of each kind."""
    tally: Counter[tuple[Kind, str, str | None]] = Counter()
    for example in examples:
        tally[example.kind, example.lemma, example.gold] += 1
        tally[example.kind, "*", example.gold] += 1
    keys = sorted({(kind, lemma) for kind, lemma, _ in tally})
    return {key: _counted(tally, key) for key in keys}


def _counted(tally: Counter[tuple[Kind, str, str | None]], key: Key) -> Count:
    classes = tuple(tally[*key, name] for name in CLASSES)
    return Count(sum(classes) + tally[*key, None], classes)


def minus(one: Count, other: Count) -> Count:
    left = tuple(a - b for a, b in zip(one.classes, other.classes, strict=True))
    return Count(one.seen - other.seen, left)


def repeated(documents: Sequence[Annotated], counts: dict[Key, Count]) -> dict[Key, Count]:
    """The counts of lemmas seen in two documents or more (a lemma of one tells of its text)."""
    spread = Counter(
        key for each in documents for key in {(e.kind, e.lemma) for e in each.examples}
    )
    return {key: value for key, value in counts.items() if spread[key] >= FEWEST or key[1] == "*"}


# --------------------------------------------------------------------------------- weights


def rows(
    documents: Sequence[Annotated], counts: dict[Key, Count]
) -> Iterator[tuple[Example, dict[str, float]]]:
    """Each promising candidate with its features; the document at hand is taken out of counts."""
    for each in documents:
        own = count(each.examples)
        for example in each.examples:
            key = (example.kind, example.lemma)
            rest = minus(counts[key], own[key])
            if example.kind is Kind.NOUN and not may_be_eventful(example.lemma) and not rest.events:
                continue
            total = minus(counts[example.kind, "*"], own[example.kind, "*"])
            yield example, {**dict.fromkeys(example.names, 1.0), **lemma_features(rest, total)}


def train(documents: Sequence[Annotated]) -> dict[Kind, Model]:
    counts = count(example for each in documents for example in each.examples)
    kept = repeated(documents, counts)
    found = list(rows(documents, counts))
    return {
        kind: Model(
            {lemma: each for (of, lemma), each in kept.items() if of is kind},
            _weights(kind, [row for row in found if row[0].kind is kind]),
        )
        for kind in Kind
    }


def _weights(
    kind: Kind, found: list[tuple[Example, dict[str, float]]]
) -> dict[str, tuple[float, ...]]:
    vectorizer = DictVectorizer()
    matrix = vectorizer.fit_transform([values for _, values in found])
    golds = np.array([example.gold or "" for example, _ in found])
    is_event = LogisticRegression(C=STRENGTH[kind], max_iter=3000).fit(matrix, golds != "")
    events = golds != ""
    which = LogisticRegression(C=CLASS_STRENGTH, max_iter=3000).fit(matrix[events], golds[events])
    columns = {name: number for number, name in enumerate(which.classes_)}
    rows = [is_event.coef_[0], *(_row(which, columns.get(name)) for name in CLASSES)]
    constants = [is_event.intercept_[0], *(_constant(which, columns.get(n)) for n in CLASSES)]
    table = {"*": tuple(round(float(each), 3) for each in constants)}
    for column, name in enumerate(vectorizer.feature_names_):
        weight = tuple(round(float(row[column]), 3) for row in rows)
        if max(map(abs, weight)) > FAINTEST:
            table[name] = weight
    return table


def _row(which: LogisticRegression, column: int | None) -> np.ndarray:
    return np.zeros(which.coef_.shape[1]) if column is None else which.coef_[column]


def _constant(which: LogisticRegression, column: int | None) -> float:
    return -9.0 if column is None else float(which.intercept_[column])


# ---------------------------------------------------------------------------------- report


def report(documents: Sequence[Annotated]) -> None:
    """Cross-validated trigger F1, and the share of right classes among the hits, by corpus."""
    order = np.random.default_rng(1).permutation(len(documents))
    tally: Counter[tuple[str, str]] = Counter()
    for fold in range(FOLDS):
        held = {int(n) for n in order[fold::FOLDS]}
        models = train([each for n, each in enumerate(documents) if n not in held])
        for number in sorted(held):
            tally.update(_judged(models, documents[number]))
    for corpus in CORPORA:
        hits, found, golds = (tally[corpus, name] for name in ("hit", "found", "gold"))
        print(
            f"{corpus}: P {hits / found:.3f} R {hits / golds:.3f}"
            f" F1 {2 * hits / (found + golds):.3f} class {tally[corpus, 'class'] / hits:.3f}"
        )
        for kind in Kind:
            print(
                "  ", kind, *(tally[corpus, f"{kind} {name}"] for name in ("hit", "found", "gold"))
            )


def _judged(models: dict[Kind, Model], document: Annotated) -> Counter[tuple[str, str]]:
    corpus = document.corpus
    tally: Counter[tuple[str, str]] = Counter({(corpus, "gold"): document.golds})
    for each in document.examples:
        model = models[each.kind]
        right = each.gold is not None
        tally[corpus, f"{each.kind} gold"] += right
        if each.kind is Kind.NOUN and not (
            may_be_eventful(each.lemma) or model.may_be_event(each.lemma)
        ):
            continue
        if model.score(each.lemma, each.names) >= THRESHOLD:
            for name in ("", f"{each.kind} "):
                tally[corpus, f"{name}found"] += 1
                tally[corpus, f"{name}hit"] += right
            tally[corpus, "class"] += each.gold == model.event_class(each.lemma, each.names)
    return tally


# ----------------------------------------------------------------------------------- files

ORIGIN = "estimated by benchmarks/quality/train_events.py"


def write(models: dict[Kind, Model]) -> None:
    with (DATA / COUNTS).open("w", encoding="utf-8", newline="") as file:
        file.write(f"# How often each lemma was seen, and as an event of each class; {ORIGIN}\n")
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["kind", "lemma", "seen", *CLASSES])
        for kind, model in models.items():
            for lemma, each in model.counts.items():
                table.writerow([kind, lemma, each.seen, *each.classes])
    with (DATA / WEIGHTS).open("w", encoding="utf-8", newline="") as file:
        file.write(f"# Log-odds weights of features: for an event, for its class; {ORIGIN}\n")
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["kind", "feature", "event", *CLASSES])
        for kind, model in models.items():
            for name, weights in model.weights.items():
                table.writerow([kind, name, *weights])


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--report", action="store_true")
    arguments = parser.parse_args()
    found = list(documents(arguments.folder))
    if arguments.report:
        report(found)
    else:
        write(train(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
