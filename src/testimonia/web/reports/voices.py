"""The voices report: who is quoted in some documents, and how."""

from __future__ import annotations

from typing import Final

from testimonia.views.values import Counted, Listing, Ref, Standing
from testimonia.views.voices import Narrated, Quoted, Tally, Voices, standings
from testimonia.vocabulary import TST
from testimonia.web.answers import Row
from testimonia.web.api.context import local_name
from testimonia.web.reports import gather, queries
from testimonia.web.reports.asked import Scope, told
from testimonia.web.site import Site, number

MOST: Final = 50
_TRUE: Final = "true"


def voices(site: Site, scope: Scope) -> Voices:
    """The report on all statements of a scope: each list whole or with its total."""
    pattern = queries.voiced(scope) if not scope.unknown else "FILTER(false)"
    answers = site.answers
    totals = answers.search(queries.voices_totals(pattern))
    first = next(iter(totals.rows), {})
    tallies = [_tally(row) for row in answers.select(queries.tallies(pattern)) if "n" in row]
    narrated = answers.first(queries.narrated_totals(pattern))
    alone = number(narrated.get("narrated"))
    return Voices(
        told(site, scope),
        number(first.get("statements")),
        number(first.get("documents")),
        standings(tallies),
        _quoted(site, pattern, only_reported=False),
        _unnamed(site, pattern),
        _quoted(site, pattern, only_reported=True),
        Narrated(
            gather.counted(site, queries.narrated_alone(pattern, MOST), alone),
            number(narrated.get("events")),
        ),
        gather.counted(
            site,
            queries.publishers(pattern, MOST),
            answers.count(queries.publishers_total(pattern)),
        ),
        totals.cut,
    )


def _tally(row: Row) -> Tally:
    return Tally(
        _standing(row),
        local_name(row["directness"].text) if "directness" in row else "",
        row["nested"].text == _TRUE,
        number(row["n"]),
    )


def _standing(row: Row) -> Standing:
    if row["narrator"].text == _TRUE:
        return Standing.NARRATOR
    named = row["named"].text if "named" in row else _TRUE
    return Standing.NAMED if named == _TRUE else Standing.UNNAMED


def _quoted(site: Site, pattern: str, *, only_reported: bool) -> Listing[Quoted]:
    query = queries.quoted(pattern, MOST, only_reported=only_reported)
    rows = [row for row in site.answers.select(query) if "x" in row]
    found = gather.refs(site, [row["x"].text for row in rows])
    iris = [each.iri for each in found]
    unnamed = set()
    if iris:
        described = site.answers.describe(queries.standings(iris))
        unnamed = {each for each in iris if described.text(each, TST.named) == "false"}
    items = [_voice(each, row, each.iri in unnamed) for each, row in zip(found, rows, strict=True)]
    total = site.answers.count(queries.quoted_total(pattern, only_reported=only_reported))
    return Listing(items, total)


def _voice(ref: Ref, row: Row, unnamed: bool) -> Quoted:
    direct, mixed = number(row.get("direct")), number(row.get("mixed"))
    return Quoted(
        ref,
        Standing.UNNAMED if unnamed else Standing.NAMED,
        direct,
        mixed,
        number(row["n"]) - direct - mixed,
        number(row.get("nested")),
        number(row.get("documents")),
    )


def _unnamed(site: Site, pattern: str) -> Listing[Counted]:
    rows = [row for row in site.answers.select(queries.unnamed(pattern, MOST)) if "label" in row]
    items = [Counted(Ref("", row["label"].text), number(row["n"])) for row in rows]
    return Listing(items, site.answers.count(queries.unnamed_total(pattern)))
