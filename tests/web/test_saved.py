"""Saved queries: how parameters are declared and bound, and that no value becomes SPARQL."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from testimonia.errors import UsageError
from testimonia.web import saved

TEXT = """\
# What is it called?
# param name: label "Odense" – a name
# param day: date 2031-05-04
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
SELECT ?name ?day {
  VALUES ?name { "Odense" }
  VALUES ?day { "2031-05-04"^^xsd:date }
}
"""


def row(query: str) -> tuple[str, str]:
    """What a query answers on nothing."""
    (found,) = ox.Store().query(query)  # type: ignore[misc]
    return found["name"].value, found["day"].value


def test_a_file_is_a_query_as_it_stands() -> None:
    query = saved.read("x", TEXT)
    assert query.question == "What is it called?"
    assert [each.about for each in query.parameters] == ["a name", ""]
    assert row(query.text) == row(query.bound({})) == ("Odense", "2031-05-04")


@given(st.text(min_size=1, max_size=200))
def test_a_value_is_only_ever_a_value(name: str) -> None:
    try:
        name.encode()
    except UnicodeEncodeError:
        return
    found, day = row(saved.read("x", TEXT).bound({"name": name}))
    assert (found, day) == (name, "2031-05-04")


@pytest.mark.parametrize(
    "name", ['" } #', "\\", "\\1", "\n", "\\u0022 } #", "{ VALUES ?day { 1 } }"]
)
def test_nothing_gets_out_of_a_literal(name: str) -> None:
    query = saved.read("x", TEXT).bound({"name": name, "day": "2000-01-01"})
    assert row(query) == (name, "2000-01-01")


@pytest.mark.parametrize(
    "values",
    [
        {"day": "today"},
        {"day": "2031-13-01"},
        {"day": "2031-02-30"},
        {"name": ""},
        {"name": "x" * 1001},
        {"nome": "x"},
    ],
)
def test_what_is_not_of_the_type_is_refused(values: dict[str, str]) -> None:
    with pytest.raises(UsageError):
        saved.read("x", TEXT).bound(values)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("label", "word"),
        ('{ "Odense" }', '{ "Oslo" }'),
        ('{ "Odense" }', '{ "Odense" } VALUES ?name { "Odense" }'),
        ("VALUES ?name", "VALUES ?other"),
        ("# param day: date", "# param day date"),
    ],
)
def test_a_wrong_declaration_is_told(old: str, new: str) -> None:
    with pytest.raises(UsageError, match=r"x\.rq"):
        saved.read("x", TEXT.replace(old, new, 1))


def test_those_that_are_installed_can_be_read() -> None:
    assert len(saved.queries()) > 20
    assert sum(bool(each.parameters) for each in saved.queries().values()) >= 5
