"""A small fake extractor: real statements and places of very simple sentences."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from testimonia.model import (
    Actor,
    ActorType,
    GazetteerEntry,
    Mention,
    MentionForm,
    Place,
    Reading,
    Span,
    Statement,
    Text,
)

_ODENSE = GazetteerEntry(
    "geonames-2615876", "Odense", 55.39594, 10.38831, "PPLA2", "DK", ("geonames-2623032",), 180863
)
DENMARK = GazetteerEntry("geonames-2623032", "Denmark", 56.0, 10.0, "PCLI", "DK", (), 5797446)


@dataclass
class FakeReader:
    """Reads "NAME said WORDS." sentences and the place name Odense, and nothing else."""

    extractor: str = "fake 1"
    change: Callable[[Reading], Reading] = field(default=lambda reading: reading)

    def read(self, text: Text) -> Reading:
        """One statement a sentence that says so."""
        actors: dict[str, Actor] = {}
        statements = []
        for match in re.finditer(r"(\w+) (said) ([^.]+)\.", text.content):
            name, cue, content = (Span(*match.span(group)) for group in (1, 2, 3))
            known = actors.get(match[1])
            mention = Mention(name, MentionForm.NAME)
            key = known.key if known else f"actor/{name.start}"
            mentions = (*known.mentions, mention) if known else (mention,)
            actors[match[1]] = Actor(
                key, ActorType.PERSON, match[1], (match[1],), named=True, mentions=mentions
            )
            statements.append(
                Statement((content,), cue.start, (key,), (name,), (cue,), cue_lemma="say")
            )
        places = self._places(text.content)
        narrator = Actor("actor/narrator", ActorType.NARRATOR, "narrator", (), False, ())
        reading = Reading(
            self.extractor, (narrator, *actors.values()), places, statements=tuple(statements)
        )
        return self.change(reading)

    def _places(self, content: str) -> tuple[Place, ...]:
        spans = [Span(*match.span()) for match in re.finditer("Odense", content)]
        mentions = tuple(Mention(span, MentionForm.NAME) for span in spans)
        if not spans:
            return ()
        return (Place(f"place/{spans[0].start}", "Odense", ("Odense",), mentions, _ODENSE),)


def without_speakers(reading: Reading) -> Reading:
    """A reading that no shape lets pass."""
    return replace(
        reading, statements=tuple(replace(each, speakers=()) for each in reading.statements)
    )
