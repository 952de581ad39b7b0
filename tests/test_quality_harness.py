"""The harness of the quality figures, on an invented corpus of two documents."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

ROOT = Path(__file__).parents[1]

from benchmarks.quality import calibration, corpora, figures, guard, plot, report, scoring  # noqa: E402
from benchmarks.quality.__main__ import main  # noqa: E402
from benchmarks.quality.predictions import Predictions, text_of  # noqa: E402

from testimonia.reading import Reader  # noqa: E402

Json = dict[str, Any]

# As small as a scorer can be that answers what the harness asks: pairs by content alone.
SCORER = """
def norm(spans):
    return [list(span) for span in spans]

def trim_spans(spans, text):
    return norm(spans)

def inter(one, other):
    return sum(max(0, min(a[1], b[1]) - max(a[0], b[0])) for a in one for b in other)

def dice(one, other):
    size = sum(e - s for s, e in [*one, *other])
    return 2 * inter(one, other) / size if size else 0.0

def greedy(gold, pred, sim, floor=0.0):
    found = sorted(((sim(g, p), i, j) for i, g in enumerate(gold) for j, p in enumerate(pred)),
                   reverse=True)
    left, right, pairs = set(), set(), []
    for value, i, j in found:
        if value > floor and i not in left and j not in right:
            left.add(i), right.add(j), pairs.append((i, j, value))
    return pairs

def prf(right, predicted, gold):
    return {"p": right / predicted if predicted else 0.0, "r": right / gold if gold else 0.0,
            "f1": 0.0, "n_gold": gold, "n_pred": predicted}

def evaluate(gold, pred, tasks=None, **options):
    readings = {each["id"]: each for each in pred}
    wanted = [(a, d["id"]) for d in gold for a in d["attributions"]]
    said = {d["id"]: readings.get(d["id"], {}).get("attributions", []) for d in gold}
    alike = lambda a, b: 1.0 if dice(a["content"], b["content"]) >= 0.5 else 0.0
    pairs = [(d, pair) for d in gold for pair in greedy(d["attributions"], said[d["id"]], alike)]
    found = prf(len(pairs), sum(map(len, said.values())), len(wanted))
    kinds = [d["attributions"][i]["type"] for d, (i, _, _) in pairs]
    total = [a["type"] for a, _ in wanted]
    rates = {k: round(kinds.count(k) / total.count(k), 4) for k in set(total)}
    spans = {k: {"span_f1": found} for k in ("source", "cue", "content")}
    return {"attribution": {"pair": found, "pair_strict": found, **spans,
                            "pair_recall_by_type": rates}}
"""
FIRST = "Mayor Ada Moss said that the harbour would be closed in May."
SECOND = "“The bridge is safe,” Bo Hale told fishermen. He left on Monday."


def attribution(text: str, source: str, cue: str, content: str, kind: str) -> Json:
    def spans(words: str) -> list[list[int]]:
        start = text.index(words)
        return [[start, start + len(words)]]

    return {
        "source": spans(source),
        "cue": spans(cue),
        "content": spans(content),
        "type": kind,
    }


GOLD: list[Json] = [
    {
        "id": "first",
        "text": FIRST,
        "dct": "2024-05-06",
        "attributions": [
            attribution(
                FIRST,
                "Mayor Ada Moss",
                "said",
                "that the harbour would be closed in May",
                "indirect",
            )
        ],
    },
    {
        "id": "second",
        "text": SECOND,
        "dct": None,
        "attributions": [
            attribution(SECOND, "Bo Hale", "told", "“The bridge is safe,”", "direct"),
            attribution(SECOND, "He", "left", "on Monday", "indirect"),
        ],
    },
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "dev").mkdir()
    (tmp_path / "score.py").write_text(SCORER, "utf-8")
    lines = "".join(json.dumps(each) + "\n" for each in GOLD)
    (tmp_path / "dev" / "polnear.jsonl").write_text(lines, "utf-8")
    return tmp_path


@pytest.fixture
def scorer(folder: Path) -> ModuleType:
    return scoring.load_scorer(folder)


def figure(name: str) -> figures.Figure:
    return next(each for each in figures.figures() if each.name == name)


def readings() -> dict[str, Json]:
    """The first document read rightly; of the second one right, one missed, one invented."""
    first = {**GOLD[0]["attributions"][0], "confidence": 0.95}
    second = {**GOLD[1]["attributions"][0], "confidence": 0.85}
    wrong = {**second, "content": [[0, 2]], "confidence": 0.15}
    return {
        "first": {"id": "first", "attributions": [first]},
        "second": {"id": "second", "attributions": [second, wrong]},
    }


# ------------------------------------------------------------------------------------ corpora


def test_a_third_is_kept_aside_by_the_hash_of_the_id() -> None:
    documents = [{"id": f"document {n}"} for n in range(300)]
    aside, tuning = corpora.part(documents, "aside"), corpora.part(documents, "tuning")
    assert {each["id"] for each in aside}.isdisjoint(each["id"] for each in tuning)
    assert len(aside) + len(tuning) == 300
    assert 70 < len(aside) < 130
    assert corpora.is_aside({"id": "7"}) is True
    assert corpora.is_aside({"id": "3"}) is False


def test_a_sample_is_the_same_whatever_the_order_and_begins_with_those_aside() -> None:
    documents = [{"id": f"document {n}"} for n in range(30)]
    one, other = corpora.sample(documents, 5), corpora.sample(documents[::-1], 5)
    assert one == other
    assert all(corpora.is_aside(each) for each in one)
    assert corpora.sample(documents, None) == tuple(documents)


def test_a_folder_without_corpora_is_told_by_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--corpora", str(tmp_path)]) == 2
    assert str(tmp_path) in capsys.readouterr().err


def test_an_unknown_corpus_is_told_with_those_there_are(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--corpora", str(folder), "--only", "nobody", "--cache", str(folder)]) == 2
    assert "polnear" in capsys.readouterr().err


# ------------------------------------------------------------------------------------ figures


def test_every_figure_has_a_place_a_measure_and_a_name_of_its_own() -> None:
    found = figures.figures()
    assert len({each.name for each in found}) == len(found)
    assert {each.measure for each in found} <= {"f1", "b3", "rate", "recall"}
    assert all(target.corpus in report.CORPORA for each in found for target in each.on)
    assert all(target.tool for each in found for target in each.on if target.best is not None)
    assert set(figures.guarded()) <= set(report.CORPORA)


# ------------------------------------------------------------------------------------ scoring


def test_counts_of_documents_add_up_to_what_the_scorer_says_of_all(scorer: ModuleType) -> None:
    rows = scoring.count_all(scorer, [figure("pair")], GOLD, readings())["pair"]
    whole = scorer.evaluate(GOLD, list(readings().values()))["attribution"]["pair"]
    assert rows.tolist() == [[1, 1, 1, 1], [1, 2, 1, 2]]
    total = rows.sum(axis=0)
    assert total[0] / total[1] == pytest.approx(whole["p"])
    assert total[2] / total[3] == pytest.approx(whole["r"])


def test_recall_of_a_type_counts_the_gold_of_that_type(scorer: ModuleType) -> None:
    named = [figure("recall direct"), figure("recall indirect")]
    rows = scoring.count_all(scorer, named, GOLD, readings())
    assert rows["recall direct"].tolist() == [[0, 0, 0, 0], [1, 1, 1, 1]]
    assert rows["recall indirect"].tolist() == [[1, 1, 1, 1], [0, 1, 0, 1]]


def test_a_rate_is_counted_by_the_number_that_it_is_a_share_of() -> None:
    answer = {"resolution": {"n": 8, "accuracy_161km": 0.625}}
    assert scoring.counts(figure("toponyms resolved"), answer, {}) == (5, 8, 5, 8)
    empty = {"resolution": {"n": 0, "accuracy_161km": None}}
    assert scoring.counts(figure("toponyms resolved"), empty, {}) == scoring.NOTHING


def test_b_cubed_keeps_its_shares() -> None:
    answer = {"b3_on_aligned_mentions": {"p": 0.5, "r": 0.75, "f1": 0.6, "n": 4}}
    assert scoring.counts(figure("coreference"), answer, {}) == (2.0, 4, 3.0, 4)


def test_a_document_that_was_not_read_scores_as_empty(scorer: ModuleType) -> None:
    rows = scoring.count_all(scorer, [figure("pair")], GOLD, {})["pair"]
    assert rows.tolist() == [[0, 0, 0, 1], [0, 0, 0, 2]]
    assert scoring.estimate(rows).value == 0.0


def test_the_interval_holds_the_value_and_is_the_same_every_time() -> None:
    rows = np.array([[n % 4, 4, n % 4, 5] for n in range(40)], dtype=float)
    one, other = scoring.estimate(rows), scoring.estimate(rows)
    assert one == other
    assert one.low < one.value < one.high
    assert (one.gold, one.predicted) == (200, 160)


def test_equal_documents_leave_no_doubt() -> None:
    found = scoring.estimate(np.array([[3, 4, 3, 4]] * 10, dtype=float))
    assert found.low == found.value == found.high == 0.75


# -------------------------------------------------------------------------------- calibration


def test_the_right_attributions_are_those_the_scorer_pairs(scorer: ModuleType) -> None:
    found = list(calibration.judged(scorer, GOLD, readings()))
    assert found == [(0.95, True), (0.85, True), (0.15, False)]


def test_a_wrong_source_and_a_second_copy_are_wrong(scorer: ModuleType) -> None:
    right = readings()["first"]["attributions"][0]
    elsewhere = {**right, "source": [[len(FIRST) - 4, len(FIRST)]]}
    said = {"first": {"attributions": [elsewhere, right, right]}}
    found = list(calibration.judged(scorer, GOLD[:1], said))
    assert sorted(answer for _, answer in found) == [False, False, True]
    assert found[0] == (0.95, False)


def test_an_optional_gold_attribution_is_neither_right_nor_wrong(scorer: ModuleType) -> None:
    optional = {**GOLD[0], "attributions": [{**GOLD[0]["attributions"][0], "optional": True}]}
    assert list(calibration.judged(scorer, [optional], readings())) == []


def test_reliability_of_a_confidence_that_is_right_is_without_error() -> None:
    found = calibration.reliability([(0.75, True)] * 3 + [(0.75, False)])
    assert found.error == 0.0
    assert [each.count for each in found.bins] == [0, 0, 0, 0, 0, 0, 0, 4, 0, 0]


def test_reliability_of_a_boast_is_its_distance_from_the_truth() -> None:
    found = calibration.reliability([(1.0, False), (1.0, True)])
    assert found.error == pytest.approx(0.5)
    assert found.bins[-1].count == 2
    assert calibration.reliability([]).error == 0.0


def test_the_plot_has_a_point_for_each_bin_that_is_not_empty() -> None:
    import xml.etree.ElementTree as ElementTree

    found = calibration.reliability([(0.15, False), (0.95, True)])
    tree = ElementTree.fromstring(plot.reliability_svg({"News & views": found}))
    name = "{http://www.w3.org/2000/svg}"
    assert len(tree.findall(f".//{name}g/{name}circle")) == 2
    assert any("News & views" in (text.text or "") for text in tree.iter(f"{name}text"))


# ---------------------------------------------------------------------------------- the report


def results() -> Json:
    row = {"figure": "pair", "corpus": "polnear", "documents": 2, "gold": 3, "predicted": 3}
    bins = calibration.reliability([(0.95, True)])
    kept = [{name: getattr(each, name) for name in each.__slots__} for each in bins.bins]
    return {
        "parts": ["aside", "tuning"],
        "figures": [
            {**row, "part": "aside", "value": 0.71, "low": 0.6, "high": 0.8},
            {**row, "part": "tuning", "value": 0.65, "low": 0.5, "high": 0.75},
        ],
        "calibration": {"polnear": {"bins": kept, "error": bins.error, "count": bins.count}},
        "speed": {
            "documents": 1,
            "tokens": 900,
            "bare": 4000.0,
            "whole": 3000.0,
            "ratio": 0.75,
            "ratios": [0.7, 0.75, 0.8],
        },
        "failed": 0,
        "failures": {},
    }


def test_a_figure_that_meets_its_aim_stands_out() -> None:
    head, row = report.figure_rows(results())
    assert head[2:4] == ("kept aside", "developed on")
    assert row[1:5] == ("PolNeAR", "**.71** [.60, .80]", ".65 [.50, .75]", ".70")


def test_results_fill_the_page_and_leave_the_rest_alone(tmp_path: Path) -> None:
    page = tmp_path / report.PAGE
    page.parent.mkdir()
    marks = ("figures", "elsewhere", "calibration", "speed")
    page.write_text(
        "# Ours\n" + "".join(f"<!-- generated: {each} -->\nold\n<!-- end -->\n" for each in marks)
    )
    report.write(results(), tmp_path)
    text = page.read_text("utf-8")
    assert text.startswith("# Ours\n")
    assert "old" not in text
    assert "**.71** [.60, .80]" in text
    assert "**0.75**" in text
    assert json.loads((tmp_path / report.RESULTS).read_text("utf-8"))["failed"] == 0
    report.write(results(), tmp_path)
    assert page.read_text("utf-8") == text


def test_a_page_without_a_marker_is_refused() -> None:
    with pytest.raises(ValueError, match="figures"):
        report.fill("# Nothing here\n", results())


def test_the_page_and_the_plot_are_made_from_the_results_that_lie_beside_them() -> None:
    kept = json.loads((ROOT / report.RESULTS).read_text("utf-8"))
    page = (ROOT / report.PAGE).read_text("utf-8")
    assert report.fill(page, kept) == page
    assert (ROOT / report.PLOT).read_text("utf-8") == report.plot_of(kept)


# ------------------------------------------------------------------------------------ the guard


def test_a_loss_beyond_the_tolerance_is_told_a_gain_is_not() -> None:
    kept = {"a": 0.70, "b": 0.70, "c": 0.70, "gone": 0.10}
    found = {"a": 0.695, "b": 0.60, "c": 0.90}
    assert guard.losses(found, kept) == {"b": (0.70, 0.60), "gone": (0.10, 0.0)}


def test_what_is_recorded_is_read_again(tmp_path: Path) -> None:
    guard.record({"pair, polnear": 0.5}, tmp_path / "recorded.json")
    assert guard.recorded(tmp_path / "recorded.json") == {"pair, polnear": 0.5}


# ----------------------------------------------------------------------------- the real reading


def test_a_document_is_given_its_text_and_date_and_no_more() -> None:
    text = text_of({**GOLD[0], "publisher": "The Harbour News"})
    assert text.content == FIRST
    assert str(text.metadata.document_date) == "2024-05-06"
    assert text.metadata.publisher is None
    assert text_of(GOLD[1]).metadata.document_date is None


def test_the_command_reads_scores_and_keeps_readings_for_the_next_run(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    command = ["--corpora", str(folder), "--cache", str(folder / "cache"), "--all", "--no-speed"]
    before = (ROOT / report.PAGE).read_bytes()
    assert main(command) == 0
    shown = capsys.readouterr().out
    assert "who said what, pair F1" in shown
    assert "PolNeAR" in shown

    def read_again(*_: object) -> None:
        raise AssertionError("a reading that is kept was made again")

    monkeypatch.setattr(Reader, "read", read_again)
    assert main(command) == 0
    assert capsys.readouterr().out == shown
    assert (ROOT / report.PAGE).read_bytes() == before


def test_a_document_that_cannot_be_read_is_told_and_tried_again(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ValueError("broken")

    with monkeypatch.context() as broken:
        broken.setattr(Reader, "read", fail)
        predictions = Predictions(folder / "cache")
        assert predictions.of("polnear", "all", corpora.read(folder, "polnear")) == {}
        assert predictions.failures["polnear first"] == "ValueError: broken"
    again = Predictions(folder / "cache").of("polnear", "all", corpora.read(folder, "polnear"))
    assert set(again) == {"first", "second"}
