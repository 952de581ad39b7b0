"""The extractor: everything that reading a text needs, loaded once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from importlib.metadata import version

from testimonia.errors import ReadingError
from testimonia.gazetteer import Gazetteer, dated
from testimonia.model import Actor, ActorType, Event, Place, Reading, Span, Tense, Text
from testimonia.reading.actors import (
    find_actors,
    find_unmapped,
    misplaced,
    well_placed,
    with_sites,
)
from testimonia.reading.assembly import assemble
from testimonia.reading.assembly.place_nominals import with_nominals
from testimonia.reading.assembly.places import local_places, place_mentions
from testimonia.reading.attribution import Scope, find_attributions
from testimonia.reading.events import find_events
from testimonia.reading.pipeline import DEFAULT_MODEL, Pipeline
from testimonia.reading.places import find_places
from testimonia.reading.syntax import Parse
from testimonia.reading.times import find_times


class Reader:
    """Reads texts with one pipeline and one gazetteer.

    Raises:
        SettingsError: the pipeline cannot be loaded.
    """

    def __init__(
        self,
        gazetteer: Gazetteer,
        *,
        model: str | None = None,
        attributions: Scope = "nested",
    ) -> None:
        self._pipeline = Pipeline(model or DEFAULT_MODEL)
        self._gazetteer = gazetteer
        self._scope: Scope = attributions
        self.extractor = (
            f"testimonia {version('testimonia')}; {self._pipeline.version};"
            f" gazetteer {gazetteer.version}"
        )

    def read(self, text: Text) -> Reading:
        """What the text says, by whom, of whom, when and where.

        Raises:
            ReadingError: a rule broke its contract (a span outside the text).
        """
        metadata = text.metadata
        parse = self._pipeline.parse(text.content)
        return self._read(parse, metadata.document_date, metadata.publisher, metadata.issued)

    def _read(
        self, parse: Parse, day: date | None, publisher: str | None, issued: str | None = None
    ) -> Reading:
        triggers = find_events(parse)
        tenses = {trigger.span: trigger.tense for trigger in triggers}
        times = find_times(parse.text, day, tense_at=lambda span: _tense(parse, tenses, span))
        toponyms = find_places(parse, dated(self._gazetteer, issued), publisher=publisher)
        places = with_nominals(parse, local_places(toponyms))
        attributions = find_attributions(parse, scope=self._scope)
        heads = {each.source_head for each in attributions if each.source_head is not None}
        wrong = {**misplaced(parse, places), **dict(_writers(parse))}
        places = well_placed(places, wrong)
        places = (*places, *find_unmapped(parse, places))
        places = with_sites(parse, places, heads)
        claimed = place_mentions(places, toponyms, {parse.tokens[head].start for head in heads})
        actors = find_actors(parse, claimed, attributions, wrong)
        reading = assemble(
            parse,
            extractor=self.extractor,
            attributions=attributions,
            actors=actors,
            places=places,
            times=times,
            triggers=triggers,
        )
        _check(reading, parse.text)
        return reading


def _writers(parse: Parse) -> Iterator[tuple[Span, ActorType]]:
    """Who wrote what is quoted in a mail: persons."""
    for mail in parse.mails:
        if mail.writer is not None and "@" not in mail.writer.of(parse.text):
            yield mail.writer, ActorType.PERSON


def _tense(parse: Parse, tenses: dict[Span, Tense], span: Span) -> Tense:
    """The tense of the nearest finite verb above a stretch of text."""
    token = parse.tokens[parse.at(span.start)] if parse.tokens else None
    if token is None:
        return Tense.NONE
    for above in (token, *parse.ancestors(token)):
        found = tenses.get(Span(above.start, above.end), Tense.NONE)
        if found in {Tense.PAST, Tense.PRESENT, Tense.FUTURE}:
            return found
    return Tense.NONE


def _check(reading: Reading, text: str) -> None:
    """Hold a reading to the rule that every span lies in the text."""
    entities: tuple[Actor | Place | Event, ...] = (
        *reading.actors,
        *reading.places,
        *reading.events,
    )
    spans = [mention.span for entity in entities for mention in entity.mentions]
    for statement in reading.statements:
        spans += [*statement.content, *statement.cue, *statement.source]
    wrong = [span for span in spans if span.end > len(text)]
    if wrong:
        raise ReadingError(f"a span lies outside the text of {len(text)} code points: {wrong[0]}")
