"""Estimates the weights of place reading from development corpora with gold toponyms.

    python -m benchmarks.quality.fit_places CORPORA GAZETTEER WEIGHTS

``CORPORA`` is a folder with ``trnews.jsonl``, ``lgl.jsonl``, ``geowebnews.jsonl`` and
``geovirus.jsonl``, ``GAZETTEER`` an index (``build_gazetteer``), ``WEIGHTS`` the TOML file to write.
Documents whose md5(id) mod 3 is 0 are kept aside and fitted nowhere.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
from numpy.typing import NDArray

from testimonia.gazetteer import Gazetteer, open_gazetteer
from testimonia.model import GazetteerEntry
from testimonia.reading.pipeline import Pipeline
from testimonia.reading.places import ToponymCandidate, find, resolution
from testimonia.reading.places.candidates import Candidate, candidates
from testimonia.reading.places.geography import Geography
from testimonia.reading.places.geometry import kilometres
from testimonia.reading.places.recognition import Context, chosen, features
from testimonia.reading.syntax import Parse

Matrix = NDArray[np.float64]
# corpora count against their size: documents of LGL are many and of one kind
RECOGNITION = {"trnews": 1.5, "lgl": 0.7, "geowebnews": 1.3, "geovirus": 1.0}
RESOLUTION = {"trnews": 2.0, "lgl": 0.6, "geowebnews": 2.0, "geovirus": 1.0}
NEAR = 161.0  # km: the evaluation's tolerance
BY_HAND = {
    "kind region": 4.0,
    "people region": 0.5,
    "kind nature": 2.0,
    "called so then": 4.0,  # no corpus has names of the past
}  # the corpora's points of regions are arbitrary
HEADER = """\
# Weights of two log-linear models (reading/places): features are named in words, all of them binary
# but for shares and logarithms. Estimated by benchmarks/quality/fit_places.py on development corpora
# of news with gold toponyms (TR-News, LGL, GeoWebNews, GeoVirus), on the two thirds of their documents whose
# md5(id) mod 3 is not 0: recognition by logistic regression (L2, features seen eight times or more),
# resolution by listwise softmax (L2), corpora weighted against their size. No feature holds a word
# of those texts: the words in feature names come from places.toml. "kind region", "people region"
# and "kind nature" are set by hand: the corpora's points of regions are arbitrary, and what only a full
# dump of GeoNames has (rivers, lakes, hills) is not in the index that the weights were estimated with.
"""


@dataclass
class Document:
    """A document with its gold and what place reading makes of it."""

    id: str
    corpus: str
    gold: list[dict[str, Any]]
    parse: Parse
    found: list[Candidate]
    names: list[list[str]]  # features per candidate
    right: list[bool | None]  # per candidate; None: neutral
    scores: list[float] = field(default_factory=list)  # by weights of the other folds


def main(corpora: Path, index: Path, target: Path) -> None:
    """Read, fit, write."""
    gazetteer = open_gazetteer(index)
    documents = [
        document for corpus in RECOGNITION for document in _read(corpora, corpus, gazetteer)
    ]
    recognition = _recognition(documents)
    resolving = _resolution(documents, gazetteer)
    lines = [HEADER]
    for name, table in (("recognition", recognition), ("resolution", resolving)):
        rows = (
            f'"{key}" = {value:.2f}' for key, value in sorted(table.items()) if abs(value) >= 0.03
        )
        lines += [f"[{name}]", *rows, ""]
    target.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")


def _read(folder: Path, corpus: str, gazetteer: Gazetteer) -> Iterable[Document]:
    pipeline = Pipeline()
    for line in (folder / f"{corpus}.jsonl").read_text(encoding="utf-8").split("\n"):
        if not line:
            continue
        row = json.loads(line)
        if _digest(row["id"]) % 3 == 0:
            continue
        parse = pipeline.parse(row["text"])
        found = candidates(parse, gazetteer)
        context = Context(parse, found)
        names = [list(features(one, context)) for one in found]
        right = [_is_gold(one, row["toponyms"]) for one in found]
        yield Document(row["id"], corpus, row["toponyms"], parse, found, names, right)


def _digest(value: str) -> int:
    return int(hashlib.md5(value.encode()).hexdigest(), 16)  # the split that the corpora use


def _is_gold(one: Candidate, gold: Iterable[dict[str, Any]]) -> bool | None:
    start, end = one.span.start, one.span.end
    for item in gold:
        exact = item["start"] == start and abs(item["end"] - end) <= 1
        if exact and not item.get("optional"):
            return True
    touched = any(
        item.get("optional") and item["start"] < end and item["end"] > start for item in gold
    )
    return None if touched else False


# -------------------------------------------------------------------------------- recognition


def _recognition(documents: Sequence[Document]) -> dict[str, float]:
    """Weights from all documents; each document's own probabilities from the other folds'."""
    for fold in range(5):
        part = [_digest("f" + document.id) % 5 == fold for document in documents]
        table = _logistic([one for one, out in zip(documents, part, strict=True) if not out])
        for document, out in zip(documents, part, strict=True):
            if out:
                document.scores = [_sigmoid(_score(table, names)) for names in document.names]
    return _logistic(documents)


def _score(table: dict[str, float], names: Iterable[str]) -> float:
    return sum(table.get(name, 0.0) for name in names)


def _sigmoid(value: float) -> float:
    return float(1 / (1 + np.exp(-value)))


def _logistic(documents: Sequence[Document], penalty: float = 5.0) -> dict[str, float]:
    """L2 logistic regression by Newton's method; the bias ("always") is not penalised."""
    rows = [
        (names, float(right), RECOGNITION[document.corpus])
        for document in documents
        for names, right in zip(document.names, document.right, strict=True)
        if right is not None
    ]
    counts = Counter(name for names, _, _ in rows for name in names)
    columns = {
        name: rank for rank, name in enumerate(sorted(n for n, c in counts.items() if c >= 8))
    }
    matrix = np.zeros((len(rows), len(columns)))
    for rank, (names, _, _) in enumerate(rows):
        matrix[rank, [columns[name] for name in names if name in columns]] = 1.0
    gold, share = np.array([row[1] for row in rows]), np.array([row[2] for row in rows])
    ridge = np.full(len(columns), penalty)
    ridge[columns["always"]] = 1e-3
    weights = np.zeros(len(columns))
    for _ in range(12):
        chance = 1 / (1 + np.exp(-np.clip(matrix @ weights, -30, 30)))
        slope = matrix.T @ (share * (gold - chance)) - ridge * weights
        curve = (matrix * (share * chance * (1 - chance))[:, None]).T @ matrix + np.diag(ridge)
        weights += np.linalg.solve(curve, slope)
    return dict(zip(columns, map(float, weights), strict=True))


# --------------------------------------------------------------------------------- resolution


def _resolution(documents: Sequence[Document], gazetteer: Gazetteer) -> dict[str, float]:
    """Three rounds, since a name's features rest on what the weights say of the other names."""
    prepared = [
        (document, groups, [_answers(group, document, toponyms) for group in groups])
        for document in documents
        for toponyms in [_toponyms(document)]
        for groups in [_groups(document, toponyms, gazetteer)]
    ]
    table: dict[str, float] = {}
    for _ in range(3):
        examples = [
            (options, answers, RESOLUTION[document.corpus] * min(3, len(group.members)))
            for document, groups, all_answers in prepared
            for group, options, answers in zip(
                groups, _options(groups, table), all_answers, strict=True
            )
            if answers is not None
        ]
        table = _softmax(examples, table) | BY_HAND
    return table


def _toponyms(document: Document) -> list[ToponymCandidate]:
    scored = list(zip(document.found, document.scores, strict=True))
    pairs = list(find._probable(scored))
    return [find._toponym(one, score, document.parse) for one, score in chosen(pairs)]


def _groups(
    document: Document, toponyms: Sequence[ToponymCandidate], gazetteer: Gazetteer
) -> list[resolution.Group]:
    groups = resolution._groups(toponyms, document.parse.text, gazetteer)
    peoples = find.peoples_of(document.found)
    return [*groups, *resolution.pointing(peoples, groups, gazetteer)]


def _answers(
    group: resolution.Group, document: Document, toponyms: Sequence[ToponymCandidate]
) -> list[bool] | None:
    """Which options are right ("none" the last); ``None`` where the gold does not tell."""
    options = resolution._compared(group)
    if any(_is_region(entry) for entry in options):
        return None
    gold = [item for member in group.members if (item := _gold_at(toponyms[member], document))]
    if not gold:
        return None
    points = Counter(json.dumps([g["lat"], g["lon"], g.get("geonameid")]) for g in gold)
    ((point_of_most, _),) = points.most_common(1)
    latitude, longitude, number = json.loads(point_of_most)
    if latitude is None:
        return [*([False] * len(options)), True]
    point = GazetteerEntry("", "", latitude, longitude, "PPL", None)
    same = [entry.id == f"geonames-{number}" for entry in options]
    near = [kilometres(entry, point) <= NEAR for entry in options]
    right = same if any(same) else near
    return [*right, not any(right)]


def _is_region(entry: GazetteerEntry) -> bool:
    return not entry.feature.startswith(("PPL", "PCL", "ADM", "CONT"))


def _gold_at(toponym: ToponymCandidate, document: Document) -> dict[str, Any] | None:
    span = toponym.span
    for item in document.gold:
        if item["start"] < span.end and item["end"] > span.start and not item.get("optional"):
            return item
    return None


def _options(
    groups: Sequence[resolution.Group], table: dict[str, float]
) -> list[list[dict[str, float]]]:
    """Features of every option of every group, as the second pass of ``resolve`` sees them."""
    beliefs = [resolution._prior(group) for group in groups]
    if table:
        with _using(table):
            geography = Geography([group.trust for group in groups], beliefs)
            beliefs = [
                resolution._known(resolution._ranked(group, geography, rank))
                for rank, group in enumerate(groups)
            ]
    geography = Geography([group.trust for group in groups], beliefs)
    found = []
    for rank, group in enumerate(groups):
        geography.without(rank)
        entries = [*resolution._compared(group), None]
        found.append([dict(resolution.features(group, entry, geography)) for entry in entries])
        geography.restore(rank)
    return found


@contextmanager
def _using(table: dict[str, float]) -> Iterator[None]:
    """The ranking with these weights instead of the file's."""
    with mock.patch.object(resolution, "weights", return_value=table):
        yield


def _softmax(
    examples: Sequence[tuple[list[dict[str, float]], list[bool], float]],
    start: dict[str, float],
    penalty: float = 2.0,
) -> dict[str, float]:
    """L2 listwise softmax; Newton steps with the convex part of the curvature, halved if needed."""
    counts = Counter(name for options, _, _ in examples for row in options for name in row)
    columns = {
        name: rank for rank, name in enumerate(sorted(n for n, c in counts.items() if c >= 6))
    }
    blocks = [
        (_matrix(options, columns), np.array(right), share) for options, right, share in examples
    ]
    weights = np.array([start.get(name, 0.0) for name in columns])
    loss, slope, curve = _listwise(blocks, weights, penalty)
    for _ in range(40):
        step, size = np.linalg.solve(curve, slope), 1.0
        while size > 1e-3:
            tried = _listwise(blocks, weights - size * step, penalty)
            if tried[0] < loss:
                break
            size /= 2
        if size <= 1e-3 or loss - tried[0] < 1e-3:
            break
        weights, (loss, slope, curve) = weights - size * step, tried
    return dict(zip(columns, map(float, weights), strict=True))


def _matrix(options: Sequence[dict[str, float]], columns: dict[str, int]) -> Matrix:
    matrix = np.zeros((len(options), len(columns)))
    for rank, row in enumerate(options):
        for name, value in row.items():
            if name in columns:
                matrix[rank, columns[name]] = value
    return matrix


def _listwise(
    blocks: Sequence[tuple[Matrix, Matrix, float]], weights: Matrix, penalty: float
) -> tuple[float, Matrix, Matrix]:
    loss = penalty * float(weights @ weights) / 2
    slope, curve = penalty * weights, penalty * np.eye(len(weights))
    for matrix, right, share in blocks:
        scores = matrix @ weights
        masses = np.exp(scores - scores.max())
        all_of, good = masses / masses.sum(), masses * right / max(1e-12, float(masses @ right))
        loss -= share * float(np.log(max(1e-12, float(all_of @ right))))
        mean = matrix.T @ all_of
        slope += share * (mean - matrix.T @ good)
        curve += share * ((matrix * all_of[:, None]).T @ matrix - np.outer(mean, mean))
    return loss, slope, curve


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
