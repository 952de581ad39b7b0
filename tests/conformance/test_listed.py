"""What is not passed: the lists name tests that there are, and ``docs/conformance.md`` shows them.

``pytest tests/conformance/test_listed.py --update-golden`` writes the page anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from conformance import suites
from conformance.test_w3c_http import DESCRIPTION
from conformance.test_w3c_shacl import cases_of
from conformance.w3c import LISTS, MISSING, Known, is_here, known

_SHACL = {
    "shacl-core": ("SHACL Core", "core"),
    "shacl-sparql": ("SHACL-SPARQL, queries answered by rdflib", "sparql"),
    "shacl-sparql-pyoxigraph": ("SHACL-SPARQL, queries answered by pyoxigraph", "sparql"),
    "shacl-core-questions": ("SHACL Core, as questions in SPARQL", "core"),
    "shacl-sparql-questions": ("SHACL-SPARQL, as questions in SPARQL", "sparql"),
}
_PAGE = "docs/conformance.md"
_INTRODUCTION = """# Conformance

The W3C's test suites for SPARQL 1.1 and SHACL, run by `make test-slow`. SPARQL's run over HTTP
against `testimonia serve --plain`, a plain dataset: data go in and results come out as any client
would send and read them. Entailment and SHACL run in process, on the code that completes and
checks documents. Documents are checked with pyoxigraph for the queries of SHACL-SPARQL, ten times
as fast; which shapes it would not do for, the suite of that name shows. What conforms is told
without pySHACL, by the shapes as questions in SPARQL; what is not compiled to them, the last two.

A test that is not passed is named in a [list](../tests/conformance/not_passed) with its reason.
The lists are strict: a listed test that passes fails the run, as does one that fails and is not
listed. This page is made from them. Any other server runs the same tests over HTTP by its three
addresses, for queries, updates and graphs:

```sh
server=http://127.0.0.1:7878
export TESTIMONIA_CONFORMANCE_URLS="$server/query $server/update $server/store"
.venv/bin/pytest tests/conformance
```

A request that is legal and refused (403: it names another service or a file to load) counts as
recognised in the tests of syntax; 400 does not. Numbers and truth values in results are compared
by value, datatypes as they are, blank nodes but for their names, rows in order where the query has
one.

"""

pytestmark = pytest.mark.skipif(not is_here(), reason=MISSING)


def all_suites() -> dict[str, tuple[str, set[str]]]:
    """The title and the tests of each suite, by the name of its list."""
    sparql = {
        suite.name: (suite.title, {entry.name for entry in suite.entries()})
        for suite in suites.SPARQL
    }
    return sparql | {name: (title, set(cases_of(part))) for name, (title, part) in _SHACL.items()}


def test_every_list_is_of_a_suite_and_names_its_tests() -> None:
    tests = all_suites()

    assert {file.stem for file in LISTS.glob("*.toml")} == tests.keys()
    for name, (_, names) in tests.items():
        lists = known(name)
        assert lists.not_passed.keys() | lists.excluded.keys() <= names


def test_the_suites_are_whole() -> None:
    sizes = {name: len(names) for name, (_, names) in all_suites().items()}

    # 625 in the manifests, and head_non_existing_direct, which they forget to list.
    assert sum(sizes[suite.name] for suite in suites.SPARQL) == 626
    assert (sizes["shacl-core"], sizes["shacl-sparql"]) == (98, 22)
    assert {entry.name for entry in suites.SERVICE_DESCRIPTION.entries()} == DESCRIPTION.keys()


def test_the_page_shows_the_lists(root: Path, request: pytest.FixtureRequest) -> None:
    page = root / _PAGE
    if request.config.getoption("--update-golden"):
        page.write_text(rendered(), encoding="utf-8")

    assert page.read_text(encoding="utf-8") == rendered()


# ------------------------------------------------------------------------------------- the page


def rendered() -> str:
    return _INTRODUCTION + "".join(f"{line}\n" for line in [*_table(), *_sections()])


def _table() -> Iterator[str]:
    yield "| suite | tests | passed | not passed | left out |"
    yield "|---|--:|--:|--:|--:|"
    for name, (title, names) in all_suites().items():
        lists = known(name)
        failed, left = len(lists.not_passed), len(lists.excluded)
        yield f"| {title} | {len(names)} | {len(names) - failed - left} | {failed} | {left} |"


def _sections() -> Iterator[str]:
    for name, (title, _) in all_suites().items():
        lists = known(name)
        if lists.not_passed or lists.excluded:
            yield from ("", f"## {title}")
            yield from _reasons(lists)


def _reasons(lists: Known) -> Iterator[str]:
    for heading, reasons in (("Not passed", lists.not_passed), ("Left out", lists.excluded)):
        if reasons:
            yield from ("", f"{heading}:", "")
        for reason in dict.fromkeys(reasons.values()):
            names = ", ".join(f"`{name}`" for name, why in reasons.items() if why == reason)
            yield f"- {reason}: {names}"
