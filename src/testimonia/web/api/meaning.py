"""What the value of a parameter means: whoever asks may name a thing as it suits them."""

from __future__ import annotations

from testimonia import terms
from testimonia.web.api import selection
from testimonia.web.api.selection import Resolved
from testimonia.web.site import Site


def resolved(site: Site, given: dict[str, str | None]) -> Resolved:
    """What the values of parameters mean: an IRI, a path under the base, a bare document id, or
    every thing of that name."""
    return {name: _meant(site, name, value) for name, value in given.items() if value is not None}


def _meant(site: Site, parameter: str, value: str) -> list[str]:
    path = value if parameter != "document" or "/" in value else f"document/{value}"
    for candidate in (value, site.iris.base_iri + path):
        if site.iris.parse(candidate) is not None:
            return [terms.iri_of(terms.iri(candidate))]
    return site.page_of(selection.called(value))
