"""JSON lines: the texts that ``testimonia read --jsonl`` takes, and the readings that it prints.

Offsets are code points, end exclusive; a key that a document has nothing for is an empty list.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TypeAlias

from testimonia.errors import UsageError
from testimonia.model import (
    ActorType,
    Mention,
    MentionForm,
    Metadata,
    Participant,
    Reading,
    Span,
    Spans,
    Statement,
    Tense,
    Text,
)

Json: TypeAlias = dict[str, object]

_TYPES = {
    ActorType.PERSON: "person",
    ActorType.ORGANIZATION: "organization",
    ActorType.GROUP: "group",
    ActorType.GEOPOLITICAL_ENTITY: "place",
    ActorType.ACTOR: "unknown",
}
# An adjective ("Turkish") is printed as a toponym only where it is surely meant as the country:
# below this the corpora that annotate adjectives lose more than they gain.
_SURE_DEMONYM = 0.6
_TENSES = {Tense.PRESENT_PARTICIPLE: "PRESPART", Tense.PAST_PARTICIPLE: "PASTPART"}


def from_json(line: str, where: str) -> tuple[str, Text]:
    """Id and text of one JSON line; ``where`` is what messages call it.

    Raises:
        UsageError: it is no object with ``id`` and ``text``.
    """
    try:
        given = json.loads(line)
        name, content, day = given["id"], given["text"], given.get("dct")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(f"{where}: not a JSON object with id and text: {error}") from error
    if not isinstance(content, str):
        raise UsageError(f"{where}: its text is not a string")
    metadata = Metadata(issued=day, language="en")
    return str(name), Text(content, metadata, "text/plain")


def to_json(document: str, reading: Reading) -> Json:
    """The reading of the document called ``document``, ready for ``json.dumps``."""
    said = [n for n, each in enumerate(reading.statements) if not each.by_narrator]
    place = {old: new for new, old in enumerate(said)}
    hidden = {actor.key for actor in reading.actors if actor.type is ActorType.ACTOR}
    return {
        "id": document,
        "attributions": [_attribution(reading.statements[n], place, hidden) for n in said],
        "actors": [
            {
                "cluster": actor.key,
                "name": actor.label,
                "type": _TYPES[actor.type],
                "named": actor.named,
            }
            for actor in reading.actors
            if actor.type is not ActorType.NARRATOR
        ],
        "toponyms": list(_toponyms(reading)),
        "timexes": [
            {**_offsets(time.span), "type": str(time.type), "value": time.value}
            for time in reading.times
        ],
        "entities": list(_entities(reading)),
        "events": list(_events(reading)),
    }


def _attribution(statement: Statement, place: dict[int, int], hidden: set[str]) -> Json:
    speakers = [key for key in statement.speakers if key not in hidden]
    return {
        "source": _pairs(statement.source),
        "cue": _pairs(statement.cue),
        "content": _pairs(statement.content),
        "type": statement.directness.lower(),
        "kind": statement.kind.lower(),
        "polarity": statement.polarity.lower(),
        "certainty": statement.certainty.lower(),
        "attribution_certainty": statement.attribution_certainty.lower(),
        "construction": statement.construction,
        "confidence": round(statement.confidence, 4),
        "speaker": speakers[0] if speakers else None,
        "addressee": statement.addressees[0] if statement.addressees else None,
        "nested_in": None if statement.within is None else place.get(statement.within),
    }


def _toponyms(reading: Reading) -> Iterator[Json]:
    for place in reading.places:
        if place.site:
            continue
        entry = place.entry
        number = entry.id.removeprefix("geonames-") if entry else None
        for mention in place.mentions:
            if not _is_printed(mention):
                continue
            yield {
                **_offsets(mention.span),
                "lat": entry.latitude if entry else None,
                "lon": entry.longitude if entry else None,
                "geonameid": number if number and number.isdigit() else None,
                "name": entry.name if entry else place.label,
            }


def _is_printed(mention: Mention) -> bool:
    return mention.form is not MentionForm.NOMINAL or mention.confidence >= _SURE_DEMONYM


def _entities(reading: Reading) -> Iterator[Json]:
    for actor in reading.actors:
        if actor.type in {ActorType.NARRATOR, ActorType.GEOPOLITICAL_ENTITY, ActorType.ACTOR}:
            continue
        for mention in actor.mentions:
            by_name = actor.type is ActorType.GROUP and mention.form is MentionForm.NAME
            kind = {"type": "person" if by_name else _TYPES[actor.type], "cluster": actor.key}
            yield {**_offsets(mention.span), **kind, "mention": str(mention.form)}
    for place in reading.places:
        for mention in place.mentions:
            kind = {"type": "nationality" if mention.demonym else "place", "cluster": place.key}
            yield {**_offsets(mention.span), **kind, "mention": str(mention.form)}


def _events(reading: Reading) -> Iterator[Json]:
    times = {time.key: number for number, time in enumerate(reading.times)}
    toponyms: dict[str, int] = {}
    count = 0
    for place in reading.places:
        if place.site:
            continue
        toponyms[place.key] = count
        count += sum(1 for mention in place.mentions if _is_printed(mention))
    for account in reading.accounts:
        yield {
            **_offsets(account.trigger),
            "class": str(account.event_class),
            "polarity": account.polarity[:3].upper(),
            "tense": _TENSES.get(account.tense, account.tense.upper()),
            "participants": [_participant(each) for each in account.participants],
            "time": _first(account.times, times),
            "place": _first(account.places, toponyms),
        }


def _first(keys: tuple[str, ...], numbers: dict[str, int]) -> int | None:
    return numbers.get(keys[0]) if keys else None


def _participant(participant: Participant) -> Json:
    return {"role": str(participant.role), **_offsets(participant.span)}


def _offsets(span: Span) -> Json:
    return {"start": span.start, "end": span.end}


def _pairs(spans: Spans) -> list[list[int]]:
    return [[span.start, span.end] for span in spans]
