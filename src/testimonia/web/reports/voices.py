"""The voices report: who is quoted in some documents, and how."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from testimonia.views.values import Counted, Listing, Ref, Standing
from testimonia.views.voices import Narrated, Quoted, Tally, Voices, standings
from testimonia.vocabulary import TST
from testimonia.web.answers import Row
from testimonia.web.api.context import local_name
from testimonia.web.reports import gather, queries, voice_queries
from testimonia.web.reports.asked import Scope, told
from testimonia.web.site import Site, number

MOST: Final = 50
_TRUE: Final = "true"
_NOTHING: Final = "FILTER(false)"


ADVICE: Final = (
    "ask for the voices of a part, by document, publisher, from and to (a month, say) or q (words),"
    " or have the whole written by `testimonia report voices`, which may take its time"
)
"""To whom asks for more than can be counted while they wait."""


def voices(site: Site, scope: Scope) -> Voices:
    """The report on all statements of a scope: each list whole or with its total."""
    whole = voice_queries.voiced(scope) if not scope.unknown else _NOTHING
    pattern = voice_queries.voiced(scope, document=False) if not scope.unknown else _NOTHING
    answers = site.answers
    totals = answers.search(voice_queries.voices_totals(whole))
    first = next(iter(totals.rows), {})
    tallies = [_tally(row) for row in answers.select(voice_queries.tallies(pattern)) if "n" in row]
    narrated = answers.first(voice_queries.narrated_totals(pattern))
    alone = number(narrated.get("narrated"))
    return Voices(
        told(site, scope),
        number(first.get("statements")),
        number(first.get("documents")),
        standings(tallies),
        _listed(
            site,
            whole,
            answers.select(voice_queries.quoted(pattern, MOST)),
            lambda: answers.count(voice_queries.quoted_total(pattern)),
        ),
        _unnamed(site, pattern),
        _listed(
            site,
            whole,
            answers.select(voice_queries.only_reported(pattern, MOST)),
            lambda: answers.count(voice_queries.only_reported_total(pattern)),
        ),
        Narrated(
            gather.counted(site, voice_queries.narrated_alone(pattern, MOST), alone),
            number(narrated.get("events")),
        ),
        gather.counted(
            site,
            voice_queries.publishers(whole, MOST),
            answers.count(voice_queries.publishers_total(whole)),
        ),
        totals.cut,
    )


def _tally(row: Row) -> Tally:
    return Tally(
        _standing(row),
        local_name(row["directness"].text) if "directness" in row else "",
        number(row.get("nested")),
        number(row["n"]),
    )


def _standing(row: Row) -> Standing:
    if row["narrator"].text == _TRUE:
        return Standing.NARRATOR
    named = row["named"].text if "named" in row else _TRUE
    return Standing.NAMED if named == _TRUE else Standing.UNNAMED


def _listed(
    site: Site, pattern: str, rows: Sequence[Row], total: Callable[[], int]
) -> Listing[Quoted]:
    """Voices with how they are quoted, in the order of ``rows``."""
    found = gather.refs(site, [row["x"].text for row in rows if "x" in row])
    if not found:
        return Listing((), 0)
    iris = [each.iri for each in found]
    standing = site.answers.describe(queries.standings(iris))
    how = {
        row["x"].text: row
        for row in site.answers.select(voice_queries.how_quoted(pattern, iris))
        if "x" in row
    }
    items = [
        _voice(each, how[each.iri], standing.text(each.iri, TST.named) == "false")
        for each in found
        if each.iri in how
    ]
    return Listing(items, len(items) if len(items) < MOST else total())


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
    rows = [
        row for row in site.answers.select(voice_queries.unnamed(pattern, MOST)) if "label" in row
    ]
    items = [Counted(Ref("", row["label"].text), number(row["n"])) for row in rows]
    few = len(items) < MOST
    return Listing(
        items, len(items) if few else site.answers.count(voice_queries.unnamed_total(pattern))
    )
