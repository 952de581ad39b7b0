"""Events in time and space, with the sources behind each."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from testimonia.views.chronicle import Chronicle, Happening, Located
from testimonia.views.periods import Periods, periods
from testimonia.views.values import Listing, Telling
from testimonia.vocabulary import TST
from testimonia.web import pages_queries
from testimonia.web.api.context import local_name
from testimonia.web.reports import event_queries, gather
from testimonia.web.reports import tellings as read
from testimonia.web.reports.asked import Scope, told
from testimonia.web.site import Site, number

EVENTS_PER_PAGE: Final = 40
MOST_PLACES: Final = 150
_MOST_ACCOUNTS: Final = 6
_POINT: Final = re.compile(r"POINT\s*\(\s*(?P<longitude>\S+)\s+(?P<latitude>\S+?)\s*\)", re.I)


def chronicle(site: Site, scope: Scope, page: int) -> Chronicle:
    """A page of the events of a scope; counts over time and places are those of all of them."""
    if scope.unknown:
        return Chronicle(told(site, scope), Listing((), 0), periods((), 1), Listing((), 0), 0)
    offset = (page - 1) * EVENTS_PER_PAGE
    found = site.answers.search(event_queries.events_by_time(scope, EVENTS_PER_PAGE, offset))
    events = list(dict.fromkeys(row["x"].text for row in found.rows if "x" in row))
    total = site.answers.count(event_queries.events_total(scope)) if events or page > 1 else 0
    places, unlocated = _places(site, scope)
    return Chronicle(
        told(site, scope),
        Listing(happenings(site, events), total, offset),
        _over_time(site, scope),
        places,
        unlocated,
        found.cut,
    )


def happenings(site: Site, events: Sequence[str]) -> list[Happening]:
    """Events with their first accounts, in the order given."""
    if not events:
        return []
    described = site.answers.describe(pages_queries.described(events))
    accounts = site.page_of(event_queries.accounts_of(events, _MOST_ACCOUNTS))
    tellings: defaultdict[str, list[Telling]] = defaultdict(list)
    for telling in read.tellings(site, accounts)[0]:
        tellings[telling.event.iri].append(telling)
    sizes = {
        row["x"].text: (number(row["accounts"]), number(row["documents"]))
        for row in site.answers.select(event_queries.event_sizes(events))
        if "x" in row
    }
    return [
        Happening(
            ref,
            local_name(described.text(ref.iri, TST.eventType)),
            tuple(tellings[ref.iri]),
            *sizes.get(ref.iri, (0, 0)),
        )
        for ref in gather.refs(site, events)
    ]


def _over_time(site: Site, scope: Scope) -> Periods:
    rows = site.answers.select(event_queries.events_over_time(scope))
    counts = (
        (row["month"].text if "month" in row else "", 0, number(row["n"]))
        for row in rows
        if "n" in row
    )
    return periods(counts, 1)


def _places(site: Site, scope: Scope) -> tuple[Listing[Located], int]:
    totals = site.answers.first(event_queries.event_places_totals(scope))
    located = number(totals.get("located"))
    rows = site.answers.select(event_queries.event_places(scope, MOST_PLACES)) if located else ()
    points = {
        row["place"].text: (match, number(row["n"]))
        for row in rows
        if (match := _POINT.search(row["wkt"].text)) is not None
    }
    items = [
        Located(ref, float(point["latitude"]), float(point["longitude"]), count)
        for ref in gather.refs(site, list(points))
        for point, count in [points[ref.iri]]
    ]
    return Listing(items, located), number(totals.get("n")) - located
