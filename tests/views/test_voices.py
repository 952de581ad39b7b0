"""Counting attributions, and counts as RDF."""

from __future__ import annotations

from testimonia.rdf import serialise
from testimonia.views import cube
from testimonia.views.values import Listing, Ref, Standing
from testimonia.views.voices import (
    Narrated,
    Quoted,
    Tally,
    Voices,
    quoted_figure,
    standing_figure,
    standings,
)

NAMED, UNNAMED, NARRATOR = Standing.NAMED, Standing.UNNAMED, Standing.NARRATOR


def report(total: int = 1) -> Voices:
    quoted = Quoted(Ref("http://a.example/actor/1", "Ada <Brook>"), NAMED, 2, 1, 0, 1, 2)
    rows = standings(
        [
            Tally(NAMED, "Direct", 0, 2),
            Tally(NAMED, "Mixed", 1, 1),
            Tally(UNNAMED, "Indirect", 0, 4),
            Tally(UNNAMED, "", 0, 1),
            Tally(NARRATOR, "Indirect", 0, 10),
        ]
    )
    return Voices(
        (),
        16,
        3,
        rows,
        Listing((quoted,), total),
        Listing((), 0),
        Listing((), 0),
        Narrated(Listing((), 0), 0),
        Listing((), 0),
    )


def test_shares_are_of_attributions_to_others_than_the_narrator() -> None:
    found = report()
    assert found.attributed == 8
    assert found.narrator == 10
    assert found.without_name == 5
    assert found.nested == 1
    assert found.directly() == {"direct": 2, "mixed": 1, "indirect": 5}
    assert [each.total for each in found.rows] == [3, 5, 10]


def test_pictures_have_the_numbers() -> None:
    assert "the longest is the narrator with 10" in standing_figure(report()).description
    assert "Ada &lt;Brook&gt;" in quoted_figure(report()).svg.text


def test_the_cube_is_complete_and_says_what_it_leaves_out() -> None:
    made = cube.triples(report(total=7), "http://a.example/voices?q=a")
    values = [o for _, p, o in made if p.endswith("measure#obsValue>")]
    assert len(values) == 9 + 3
    assert sum(int(each.split('"')[1]) for each in values) == 18 + 3
    written = serialise(made, "turtle").decode()
    assert "The 1 most quoted of 7 voices." in written
    assert "_:" not in written
    observations = {s for s, p, o in made if o.endswith("cube#Observation>")}
    sets = {s: o for s, p, o in made if p.endswith("cube#dataSet>")}
    assert set(sets) == observations
    dimensions = {
        data_set: {
            o2
            for s1, p1, structure in made
            if s1 == data_set and p1.endswith("#structure>")
            for s2, p2, component in made
            if s2 == structure and p2.endswith("#component>")
            for s3, p3, o2 in made
            if s3 == component and p3.endswith("#dimension>")
        }
        for data_set in set(sets.values())
    }
    for observation, data_set in sets.items():
        stated = {p for s, p, _ in made if s == observation}
        assert dimensions[data_set] <= stated
    keys = [
        (data_set, *sorted((p, o) for s, p, o in made if s == each and p in dimensions[data_set]))
        for each, data_set in sets.items()
    ]
    assert len(set(keys)) == len(keys)  # no two observations of the same (Data Cube, IC-12)
