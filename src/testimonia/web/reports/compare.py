"""The comparison of an event, or of the events of a topic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from testimonia.views.comparing import Comparison, compare
from testimonia.views.values import Listing, Ref, Saying
from testimonia.vocabulary import TST
from testimonia.web import pages_queries
from testimonia.web.answers import Description
from testimonia.web.api.context import local_name
from testimonia.web.reports import event_queries, gather
from testimonia.web.reports import tellings as read
from testimonia.web.reports.asked import Scope, told
from testimonia.web.site import Site, number

# An event alone is compared as a whole up to this many accounts.
MOST_ACCOUNTS: Final = 60
EVENTS_PER_PAGE: Final = 5
_ACCOUNTS_IN_LIST: Final = 12
_OTHERS: Final = 20


@dataclass(frozen=True, slots=True)
class Compared:
    """What a page of ``/compare`` shows.

    ``most`` bounds the accounts that were compared of each event. ``others`` are statements with
    the words asked for that tell of no event.
    """

    scope: tuple[str, ...]
    events: Listing[Comparison]
    others: Listing[Saying]
    most: int
    cut: bool = False


def compared(site: Site, scope: Scope, page: int) -> Compared:
    """The events of a scope, those first that most documents tell of, each compared."""
    if scope.unknown or scope.is_open:
        return Compared(told(site, scope), Listing((), 0), Listing((), 0), MOST_ACCOUNTS)
    offset = (page - 1) * EVENTS_PER_PAGE
    total = site.answers.count(event_queries.events_total(scope))
    found = site.answers.search(event_queries.events_by_sources(scope, EVENTS_PER_PAGE, offset))
    events = list(dict.fromkeys(row["x"].text for row in found.rows if "x" in row))
    most = MOST_ACCOUNTS if total == 1 else _ACCOUNTS_IN_LIST
    made = _comparisons(site, events, most)
    others = _others(site, scope) if page == 1 else Listing((), 0)
    return Compared(told(site, scope), Listing(made, total, offset), others, most, found.cut)


def _comparisons(site: Site, events: Sequence[str], most: int) -> list[Comparison]:
    if not events:
        return []
    described = site.answers.describe(pages_queries.described(events))
    sizes = {
        row["x"].text: number(row["accounts"])
        for row in site.answers.select(event_queries.event_sizes(events))
        if "x" in row
    }
    return [
        _comparison(site, described, ref, most, sizes.get(ref.iri, 0))
        for ref in gather.refs(site, events)
    ]


def _comparison(
    site: Site, described: Description, event: Ref, most: int, total: int
) -> Comparison:
    accounts = site.page_of(event_queries.accounts_of([event.iri], most))
    tellings, known = read.tellings(site, accounts)
    type_ = local_name(described.text(event.iri, TST.eventType))
    return compare(event, tellings, known, type_=type_, total=total)


def _others(site: Site, scope: Scope) -> Listing[Saying]:
    """Only where words alone are asked for: the other conditions are conditions of events."""
    if not scope.words or any(name != "q" for name, _ in scope.given):
        return Listing((), 0)
    total = site.answers.count(event_queries.statements_without_events_total(scope.words))
    found = site.page_of(event_queries.statements_without_events(scope.words, _OTHERS))
    return Listing(gather.sayings(site, found), total)
