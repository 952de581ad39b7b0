"""Coreference within one document, by a sieve from precise to permissive.

After Lee et al. 2011 (Stanford's multi-pass sieve): each pass links only what its evidence
carries, and sees the clusters of the passes before it with all that is known of them. Windows are
bounded and names are found by index, so the cost grows with the length of the text.
"""

from __future__ import annotations

from collections.abc import Sequence

from testimonia.reading.actors.lexicon import Lexicon
from testimonia.reading.actors.mentions import Candidate
from testimonia.reading.attribution.model import Attribution
from testimonia.reading.coreference.clusters import Discourse
from testimonia.reading.coreference.names import link_names
from testimonia.reading.coreference.nominals import link_definite, link_equated
from testimonia.reading.coreference.pronouns import link_first_persons, link_third_persons
from testimonia.reading.coreference.speakers import link_labels, link_named_sources
from testimonia.reading.syntax import Parse


def resolve(
    parse: Parse,
    candidates: Sequence[Candidate],
    attributions: Sequence[Attribution],
    lexicon: Lexicon,
) -> tuple[tuple[int, ...], ...]:
    """Which candidates denote the same actor: their numbers, cluster by cluster.

    ``candidates`` are in textual order; so are the clusters (by first mention) and each one's
    members. A pronoun that nothing resolves is a cluster of its own.
    """
    discourse = Discourse(parse, candidates, lexicon)
    link_labels(discourse)
    link_names(discourse)
    link_equated(discourse)
    link_named_sources(discourse, attributions)
    link_definite(discourse)
    link_third_persons(discourse, attributions)
    link_first_persons(discourse, attributions)
    found: dict[int, list[int]] = {}
    for number in range(len(candidates)):
        found.setdefault(discourse.clusters.find(number), []).append(number)
    return tuple(tuple(found[root]) for root in sorted(found))
