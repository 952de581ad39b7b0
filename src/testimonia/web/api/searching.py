"""Search by keyset: names first, then titles, then contents; of each the shorter first."""

from __future__ import annotations

import re
from http import HTTPStatus

from testimonia.web.api import keyset, selection
from testimonia.web.problems import Problem
from testimonia.web.site import Site

_POSITION = re.compile(r"(\d)\.(\d{1,9})\.([0-9a-f]{32})")
_Place = tuple[int, int, str]


def page(site: Site, words: str, cursor: str | None, limit: int) -> keyset.Slice:
    """The next ``limit`` things that have all ``words`` in a name, a title or a content.

    Raises:
        Problem: 400, the cursor is none, or belongs to other words.
        QueryError: the words cannot be searched for.
    """
    question = selection.hits(site.iris, words)
    after = _after(keyset.read_cursor(question, cursor)) if cursor else (0, 0, "")
    found = site.answers.search(question)
    places: dict[str, _Place] = {}
    for row in found.rows:
        iri = row["x"].text
        place = (int(row["rank"].text), int(row["length"].text), keyset.key_of(iri))
        places[iri] = min(place, places.get(iri, place))
    left = sorted((place, iri) for iri, place in places.items() if place > after)
    shown = left[:limit]
    following = None
    if len(left) > limit:
        rank, length, key = shown[-1][0]
        following = keyset.write_cursor(question, f"{rank}.{length}.{key}")
    return keyset.Slice([iri for _, iri in shown], len(places), following, found.cut)


def _after(position: str) -> _Place:
    match = _POSITION.fullmatch(position)
    if match is None:
        raise Problem(HTTPStatus.BAD_REQUEST, "the cursor cannot be read; leave it out")
    return int(match[1]), int(match[2]), match[3]
