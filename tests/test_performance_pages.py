"""The pages of measures: their figures are those of the results, and follow from them."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from benchmarks.performance import deployment, growth, markdown, pages

from testimonia.web import saved

RESULTS = pages.results()


def test_the_pages_are_what_the_results_give() -> None:
    for path, page in pages.made().items():
        told = "run `python -m benchmarks.performance`"
        assert path.read_text("utf-8") == page, f"{path.name} is behind the results: {told}"


def test_a_marker_must_be_there_once() -> None:
    page = "<!-- generated: a -->\nold\n<!-- end -->\n"
    assert pages.fill(page, {"a": "new"}) == "<!-- generated: a -->\nnew\n<!-- end -->\n"
    with pytest.raises(ValueError, match="0 places"):
        pages.fill(page, {"b": ""})
    with pytest.raises(ValueError, match="2 places"):
        pages.fill(page * 2, {"a": ""})


def test_every_query_over_200_ms_has_its_plan_explained() -> None:
    for run in growth.runs(RESULTS, *growth.LOADED):
        for (query, of_one), each in run.queries.items():
            least = each.get("least_milliseconds") or each["milliseconds"]
            slow = each["ended"] or least > growth.AIM_MS
            if slow and not of_one and run.asked_of_one:
                assert growth.plans().get(query), query


def test_plans_are_those_of_queries_that_there_are() -> None:
    assert growth.plans().keys() <= saved.queries().keys()


def test_a_deployment_follows_from_what_was_measured() -> None:
    basis = deployment.basis(RESULTS)
    found = deployment.deployment(10**7, 7, basis)
    quads = 10**7 * basis.characters * basis.quads_per_character
    assert math.isclose(found.quads, quads)
    assert math.isclose(found.reading_hours, 10**7 * basis.reading_ms / 3.6e6)
    per_quad = basis.linking_us + basis.loading_us + basis.indexing_us
    assert math.isclose(found.hours - found.reading_hours, quads * per_quad / 3.6e9)
    assert found.cores * 24 * 7 >= found.hours
    assert found.archives * 24 * 7 >= found.linking_hours + found.loading_hours
    twice = deployment.deployment(2 * 10**7, 7, basis)
    assert math.isclose(twice.disk_megabytes, 2 * found.disk_megabytes)


def test_numbers_are_written_to_three_figures() -> None:
    assert markdown.short(123_456) == "123,000"
    assert markdown.short(12.345) == "12.3"
    assert markdown.bytes_of(1_234_567) == "1.23 TB"
    assert markdown.milliseconds(12_345) == "12 s"
    assert markdown.milliseconds(1.234) == "1.2 ms"


def test_the_results_are_json_with_runs_that_have_a_name() -> None:
    found = json.loads(Path(pages.ROOT, "benchmarks", "results", "scale.json").read_text("utf-8"))
    ways = {key.split(", ")[0] for key in found}
    assert ways <= {"read", "synthetic", "bulk", "straight"}
