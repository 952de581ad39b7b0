"""Estimate the scored cue lexicon and the attribution rankers on annotated documents.

    python benchmarks/quality/train_attribution.py DEV_FOLDER

reads ``polnear.jsonl`` and ``gum.jsonl`` and writes ``cue_counts.csv``,
``attribution_all.json`` and ``attribution_clausal.json`` into the package's data. Documents whose
md5 of the id is divisible by three are never read for it: they are the test. Needs scikit-learn,
which the package itself does not.

What is written holds counts per cue lemma and slot and trees over syntactic features; no words
of the documents but cue lemmas seen at least twice.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from testimonia.reading.attribution import Scope, candidates, context_of
from testimonia.reading.attribution.candidate import Candidate, Context, Ranges
from testimonia.reading.attribution.counts import Counts, slot_key
from testimonia.reading.attribution.features import features, names
from testimonia.reading.attribution.finish import senses_of
from testimonia.reading.attribution.ranker import (
    LOG_ODDS,
    adjusted_of,
    columns_of,
    ranker_of,
    shifted,
)
from testimonia.reading.attribution.select import assured, selected
from testimonia.reading.attribution.spans import to_spans
from testimonia.reading.pipeline import Pipeline
from testimonia.reading.syntax import Parse

DATA = Path(__file__).parents[2] / "src" / "testimonia" / "reading" / "data"
FOLDS = 5
LEAST_SEEN = 2  # rarer cues are not written out
TREES: dict[str, Any] = {
    "max_iter": 300,
    "learning_rate": 0.05,
    "max_leaf_nodes": 20,
    "max_depth": 8,
    "min_samples_leaf": 25,
    "max_features": 0.2,
    "l2_regularization": 10.0,
    "early_stopping": False,
    "random_state": 1,
}
# Probabilities from which an attribution is kept. In cross-validation pair F1 is flat from .25 to
# .35 (.715, .718, .714); the lowest finds more of what the text says.
THRESHOLDS = {"all": 0.25, "clausal": 0.35}
CLAUSAL = (
    LOG_ODDS, "kind Communication", "kind Attitude", "kind Factive", "kind Control",
    "slot that", "slot wh", "slot quote", "construction final cue", "construction parenthetical",
    "construction noun", "construction adjective", "has source", "source first person",
    "source second person", "source impersonal", "cue quoted", "inside content", "to",
)  # fmt: skip
CLAUSAL_STRENGTH = 1.0  # inverse of the regularisation, by leaving one document out

Floats = npt.NDArray[np.float64]
Spans = list[tuple[int, int]]
Row = tuple[str, str, int, int]


@dataclass(frozen=True)
class Example:
    """One document: its candidates, which are attributions, which at least come near one.

    ``counts`` is false for those that match only what the gold leaves optional.
    """

    id: str
    context: Context
    candidates: tuple[Candidate, ...]
    gold: npt.NDArray[np.bool_]
    near: npt.NDArray[np.bool_]
    counts: npt.NDArray[np.bool_]


def held_aside(document_id: str) -> bool:
    """Whether the document belongs to the test, which nothing is fitted on."""
    return int(hashlib.md5(document_id.encode()).hexdigest(), 16) % 3 == 0


def fold(document_id: str) -> int:
    """The document's part in cross-validation."""
    return int(hashlib.md5(f"fold {document_id}".encode()).hexdigest(), 16) % FOLDS


def examples(path: Path, parse: Callable[[str], Parse], scope: Scope) -> list[Example]:
    """The documents of a corpus that may be learned from, labelled."""
    documents = (json.loads(line) for line in path.read_text("utf-8").splitlines())
    return [
        example(document, parse(document["text"]), scope)
        for document in documents
        if not held_aside(document["id"])
    ]


def example(document: dict[str, Any], parse: Parse, scope: Scope) -> Example:
    """A document's candidates; each attribution of the gold has at most one that is right."""
    context = context_of(parse)
    found = tuple(candidates(context, scope))
    gold, near = np.zeros(len(found), dtype=bool), np.zeros(len(found), dtype=bool)
    counts = np.ones(len(found), dtype=bool)
    used: set[int] = set()
    for _, number, index in sorted(_matches(document, parse, found), reverse=True):
        near[index] = True
        if document["attributions"][number].get("optional"):
            counts[index] = False
        elif number not in used and not gold[index]:
            gold[index] = True
            used.add(number)
    return Example(document["id"], context, found, gold, near, counts | gold)


def _matches(
    document: dict[str, Any], parse: Parse, found: Sequence[Candidate]
) -> Iterable[tuple[float, int, int]]:
    """Pairs of a gold attribution and a candidate for it: agreement, their numbers."""
    spans = [
        tuple(_characters(parse, part) for part in (c.content, c.source, c.cue)) for c in found
    ]
    for number, attribution in enumerate(document["attributions"]):
        content, source, cue = (
            _listed(attribution.get(key)) for key in ("content", "source", "cue")
        )
        mentions = _listed(attribution.get("source_mentions"))
        for index, (its_content, its_source, its_cue) in enumerate(spans):
            agreement = _dice(content, its_content)
            if agreement < 0.5 or (source and not _common(source + mentions, its_source)):
                continue
            weight = 0.3 * (_dice(source, its_source) if source else not its_source)
            yield agreement + weight + 0.2 * _dice(cue, its_cue), number, index


def _characters(parse: Parse, part: Ranges) -> Spans:
    return [(span.start, span.end) for span in to_spans(parse, part)]


def _listed(spans: list[list[int]] | None) -> Spans:
    return [(start, end) for start, end in spans or ()]


def _common(one: Spans, other: Spans) -> int:
    return sum(max(0, min(e, f) - max(s, t)) for s, e in one for t, f in other)


def _dice(one: Spans, other: Spans) -> float:
    total = sum(e - s for s, e in one + other)
    return 2.0 * _common(one, other) / total if total else 0.0


def count(documents: Iterable[Example]) -> list[Row]:
    """How often each cue was a candidate in each slot, and how often an attribution."""
    seen: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for document in documents:
        for candidate, right in zip(document.candidates, document.gold, strict=True):
            if _is_name(document.context.parse, candidate):
                continue
            pair = seen[candidate.lemma, slot_key(candidate)]
            pair[0] += 1
            pair[1] += bool(right)
    return [(lemma, slot, n, good) for (lemma, slot), (n, good) in sorted(seen.items())]


def _is_name(parse: Parse, candidate: Candidate) -> bool:
    """Whether the cue is no word of the language: a name taken for a verb, a broken token."""
    if candidate.cue_head is None:
        return True
    token = parse.tokens[candidate.cue_head]
    if token.text == ":":
        return False
    capital = token.text.istitle() and not senses_of(candidate)
    return capital or token.entity >= 0 or not token.lemma.replace("-", "").isalpha()


def out_of_fold(documents: Sequence[Example]) -> list[Floats]:
    """Each document's features, with counts from the other folds only."""
    without = [
        Counts.of(count(d for d in documents if fold(d.id) != number)) for number in range(FOLDS)
    ]
    return [features(d.context, d.candidates, without[fold(d.id)]) for d in documents]


def fit_trees(rows: Floats, gold: Floats) -> dict[str, Any]:
    """Boosted trees in the text form that ``ranker.py`` reads."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    model = HistGradientBoostingClassifier(**TREES)
    model.fit(rows, gold)
    # scikit-learn has no public way to the trees of this model.
    base, stages = model._baseline_prediction, model._predictors
    return {
        "features": list(names()),
        "base": round(float(base.ravel()[0]), 6),
        "threshold": THRESHOLDS["all"],
        "shift": 0.0,
        "trees": [_tree(stage[0].nodes) for stage in stages],
    }


def fit_shift(
    documents: Sequence[Example],
    threshold: float,
    parts: Iterable[set[int]],
    judge_without: Callable[[set[int]], Callable[[int], Floats]],
) -> float:
    """By how much the log odds of kept candidates must rise to be calibrated.

    Each part's documents are judged by what was fitted without them.
    """
    kept: list[tuple[float, bool, bool]] = []
    for part in parts:
        scores = judge_without(part)
        for i in sorted(part):
            kept += _kept(documents[i], scores(i), threshold)
    counted = [(score, right) for score, right, counts in kept if right or counts]
    share = np.mean([right for _, right in counted])
    steps = np.linspace(-3.0, 3.0, 601)
    means = [np.mean([shifted(score, float(step)) for score, _ in counted]) for step in steps]
    return round(float(steps[int(np.argmin(np.abs(np.array(means) - share)))]), 2)


def shift_of_trees(documents: Sequence[Example], rows: Sequence[Floats]) -> float:
    """The shift of the broad scope, in cross-validation over groups of documents."""

    def without(part: set[int]) -> Callable[[int], Floats]:
        others = [i for i in range(len(documents)) if i not in part]
        gold = _stacked(documents[i].gold for i in others)
        judge = ranker_of(fit_trees(np.vstack([rows[i] for i in others]), gold))
        return lambda i: judge(rows[i])

    folds = [{i for i, d in enumerate(documents) if fold(d.id) == n} for n in range(FOLDS)]
    return fit_shift(documents, THRESHOLDS["all"], folds, without)


def shift_of_clausal(documents: Sequence[Example], table: Counts, first: Any) -> float:
    """The shift of the clausal scope, leaving one document out: they are few."""
    rows = [features(d.context, d.candidates, table) for d in documents]

    def without(part: set[int]) -> Callable[[int], Floats]:
        others = [d for i, d in enumerate(documents) if i not in part]
        judge = adjusted_of(first, fit_clausal(others, table, first))
        return lambda i: judge(rows[i])

    single = [{i} for i in range(len(documents))]
    return fit_shift(documents, THRESHOLDS["clausal"], single, without)


def _kept(document: Example, scores: Floats, threshold: float) -> list[tuple[float, bool, bool]]:
    """Of the candidates kept: probability, whether right, whether it counts."""
    place = {id(candidate): i for i, candidate in enumerate(document.candidates)}
    judged = [max(s, assured(c)) for s, c in zip(scores.tolist(), document.candidates, strict=True)]
    chosen = selected(document.context, document.candidates, judged, threshold)
    return [
        (score, bool(document.near[place[id(one)]]), bool(document.counts[place[id(one)]]))
        for one, score in chosen
    ]


def _tree(nodes: Any) -> dict[str, list[float]]:
    return {
        "feature": [-1 if n["is_leaf"] else int(n["feature_idx"]) for n in nodes],
        "threshold": [0 if n["is_leaf"] else float(f"{n['num_threshold']:.6g}") for n in nodes],
        "left": [int(n["left"]) for n in nodes],
        "right": [int(n["right"]) for n in nodes],
        "value": [round(float(n["value"]), 5) if n["is_leaf"] else 0 for n in nodes],
    }


def fit_clausal(documents: Sequence[Example], table: Counts, first: Any) -> dict[str, Any]:
    """A logistic regression over the first ranker's log odds and a few features."""
    from sklearn.linear_model import LogisticRegression

    rows = [features(d.context, d.candidates, table) for d in documents]
    columns = np.vstack([columns_of(CLAUSAL, first(r), r) for r in rows])
    gold, weights = _stacked(d.gold for d in documents), _stacked(d.counts for d in documents)
    model = LogisticRegression(C=CLAUSAL_STRENGTH, max_iter=5000)
    model.fit(columns, gold, sample_weight=weights)
    return {
        "base": round(float(model.intercept_[0]), 5),
        "threshold": THRESHOLDS["clausal"],
        "shift": 0.0,
        "weights": {
            name: round(float(weight), 5)
            for name, weight in zip(CLAUSAL, model.coef_[0], strict=True)
        },
    }


def _stacked(columns: Iterable[npt.NDArray[np.bool_]]) -> Floats:
    return np.concatenate(list(columns)).astype(np.float64)


def write(name: str, data: dict[str, Any]) -> None:
    (DATA / name).write_text(json.dumps(data, separators=(",", ":")) + "\n", "utf-8")


def write_counts(rows: Iterable[Row]) -> None:
    with (DATA / "cue_counts.csv").open("w", encoding="utf-8", newline="") as file:
        file.write(
            "# How often each cue was a candidate in each slot, and how often an attribution;\n"
            "# estimated by benchmarks/quality/train_attribution.py on PolNeAR's development set\n"
            "# (Newell, Margolin, Ruths 2018). Cues seen once are left out.\n"
        )
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("cue", "slot", "seen", "attributions"))
        writer.writerows(rows)


def train(folder: Path, parse: Callable[[str], Parse]) -> None:
    """Estimate everything and write it."""
    broad = examples(folder / "polnear.jsonl", parse, "all")
    rows = [row for row in count(broad) if row[2] >= LEAST_SEEN]
    columns = out_of_fold(broad)
    trees = fit_trees(np.vstack(columns), _stacked(d.gold for d in broad))
    trees["shift"] = shift_of_trees(broad, columns)
    write_counts(rows)
    write("attribution_all.json", trees)
    clausal = examples(folder / "gum.jsonl", parse, "clausal")
    table, first = Counts.of(rows), ranker_of(trees)
    fitted = fit_clausal(clausal, table, first)
    fitted["shift"] = shift_of_clausal(clausal, table, first)
    write("attribution_clausal.json", fitted)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path, help="with polnear.jsonl and gum.jsonl")
    train(parser.parse_args().folder, Pipeline().parse)


if __name__ == "__main__":
    main()
