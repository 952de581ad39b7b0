"""What a synthetic archive is asked of: neither the most spoken of nor the rarest."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Final

from benchmarks.corpus import stories
from benchmarks.corpus.lexicon import Places
from testimonia.library import Archive, open_gazetteer
from testimonia.terms import Term, iri

_TYPICAL: Final = 20  # the story whose speaker, place and country are asked for
_THINGS: Final[Mapping[str, str]] = {
    "actor": "?thing rdfs:label SPEAKER . ?statement tst:speaker ?thing",
    "statement": "?thing tst:speaker/rdfs:label SPEAKER ; tst:cue ?cue ; tst:gives ?account",
    "document": "?statement tst:speaker/rdfs:label SPEAKER ; tst:document ?thing",
    "place": "?thing rdfs:label PLACE . ?account sem:hasPlace ?thing",
    "event": "?account sem:hasPlace/rdfs:label PLACE ; tst:accountOf ?thing ; tst:quantity ?q",
    "narrator": "?s tst:speaker/rdfs:label SPEAKER ; tst:document ?document ."
    " ?told tst:document ?document ; tst:speaker ?thing . ?thing a tst:Narrator",
    "group": "?account sem:hasPlace/rdfs:label PLACE . ?statement tst:gives ?account ;"
    " tst:speaker ?thing . ?thing tst:named false ; a tst:Group",
}


def typical(seed: int, places: Places) -> dict[str, str]:
    """What the queries' parameters are given, by their names."""
    story = stories.story(seed, stories.story_of(seed, _TYPICAL), places)
    gazetteer = open_gazetteer()
    around = filter(None, map(gazetteer.entry, story.place.within))
    country = next(each.name for each in around if each.feature.startswith("PCL"))
    return {"speaker": story.cast[0], "place": story.place.name, "country": country}


def things(archive: Archive, values: Mapping[str, str]) -> dict[str, Term]:
    """One thing of each kind that has to do with these, as the archive has it."""
    return dict(_found(archive, values))


def _found(archive: Archive, values: Mapping[str, str]) -> Iterator[tuple[str, Term]]:
    yield "speaker", json.dumps(values["speaker"])
    for kind, pattern in _THINGS.items():
        for name in ("speaker", "place"):
            pattern = pattern.replace(name.upper(), json.dumps(values[name]))
        answer = archive.query(f"SELECT ?thing {{ {pattern} }} LIMIT 1", format="json")
        for row in json.loads(answer.body)["results"]["bindings"]:
            yield kind, iri(row["thing"]["value"])
