"""A reading of an invented text, of which much can be decided; and decisions on it."""

from __future__ import annotations

import json
from typing import Any

from testimonia.decisions import Decision, Kind, Quote, Target, What
from testimonia.identity import text_hash
from testimonia.model import (
    Account,
    Actor,
    ActorType,
    Certainty,
    DateBasis,
    Event,
    EventClass,
    GazetteerEntry,
    Mention,
    MentionForm,
    Participant,
    Place,
    Reading,
    Role,
    Span,
    Statement,
    Tense,
    Timex,
    TimexType,
)

TEXT = (
    "Ada Brook said that the wall broke on 3 May in Springfield. She added that Bo Lind fled. "
    "According to officials, Springfield is calm. Lind denied it. The harbour burned at night."
)
SPRINGFIELD = GazetteerEntry(
    "geonames-1", "Springfield", 39.8, -89.6, "PPLA", "US", ("geonames-9",)
)
OTHER = GazetteerEntry("geonames-2", "Springfield", 42.1, -72.6, "PPL", "US", ("geonames-9",))
NARRATOR = Actor("actor/narrator", ActorType.NARRATOR, "narrator", (), False, ())


def at(words: str, nth: int = 0, text: str = TEXT) -> Span:
    """Where words stand."""
    start = -1
    for _ in range(nth + 1):
        start = text.index(words, start + 1)
    return Span(start, start + len(words))


def quote(words: str, nth: int = 0, text: str = TEXT) -> Quote:
    """Words with their place."""
    return Quote(at(words, nth, text), words)


def _actor(type_: ActorType, *mentions: Mention, named: bool = True) -> Actor:
    first = mentions[0].span
    names = tuple(
        dict.fromkeys(m.span.of(TEXT) for m in mentions if m.form is not MentionForm.PRONOUN)
    )
    return Actor(f"actor/{first.start}", type_, first.of(TEXT), names, named, mentions)


def reading() -> Reading:
    """What a reader made of it."""
    name, pronoun, nominal = MentionForm.NAME, MentionForm.PRONOUN, MentionForm.NOMINAL
    ada = _actor(ActorType.PERSON, Mention(at("Ada Brook"), name), Mention(at("She"), pronoun, 0.6))
    bo = _actor(ActorType.PERSON, Mention(at("Bo Lind"), name), Mention(at("Lind", 1), name, 0.9))
    officials = _actor(ActorType.GROUP, Mention(at("officials"), nominal), named=False)
    towns = (Mention(at("Springfield"), name, 0.5), Mention(at("Springfield", 1), name, 0.5))
    town = Place(
        f"place/{at('Springfield').start}", "Springfield", ("Springfield",), towns, SPRINGFIELD, 0.5
    )
    may = at("3 May")
    day = Timex(
        f"time/{may.start}",
        may,
        TimexType.DATE,
        "XXXX-05-03",
        "XXXX-05-03",
        month_day="--05-03",
        basis=DateBasis.YEAR_UNKNOWN,
    )
    night = at("at night")
    dark = Timex(f"time/{night.start}", night, TimexType.TIME, "XXXX-XX-XXTNI")
    broke, fled, burned = at("broke"), at("fled"), at("burned")
    events = tuple(
        Event(f"event/{each.start}", each.of(TEXT), "other", (Mention(each, nominal),))
        for each in (broke, fled, burned)
    )
    accounts = (
        Account(
            f"account/{broke.start}",
            events[0].key,
            broke,
            EventClass.OCCURRENCE,
            "other",
            Tense.PAST,
            places=(town.key,),
            times=(day.key,),
        ),
        Account(
            f"account/{fled.start}",
            events[1].key,
            fled,
            EventClass.OCCURRENCE,
            "other",
            Tense.PAST,
            participants=(Participant(Role.AGENT, at("Bo Lind"), bo.key),),
        ),
        Account(
            f"account/{burned.start}",
            events[2].key,
            burned,
            EventClass.OCCURRENCE,
            "other",
            Tense.PAST,
            times=(dark.key,),
        ),
    )
    statements = (
        _said("the wall broke on 3 May in Springfield", "said", ada, "Ada Brook")
        | {
            "gives": (accounts[0].key,),
            "about": (day.key, town.key, events[0].key),
            "confidence": 0.9,
        },
        _said("Bo Lind fled", "added", ada, "She")
        | {"gives": (accounts[1].key,), "about": (bo.key, events[1].key), "confidence": 0.7},
        _said("Springfield is calm", "According to", officials, "officials")
        | {"about": (town.key,), "attribution_certainty": Certainty.POSSIBLE},
        _said("it", "denied", bo, "Lind", 1),
        {
            "content": (at("The harbour burned at night"),),
            "anchor": at("The harbour").start,
            "speakers": ("actor/narrator",),
            "gives": (accounts[2].key,),
            "about": (dark.key, events[2].key),
            "by_narrator": True,
        },
    )
    return Reading(
        "judged 1",
        (NARRATOR, ada, bo, officials),
        (town,),
        (day, dark),
        events,
        accounts,
        (),
        tuple(Statement(**each) for each in statements),
    )


def _said(content: str, cue: str, who: Actor, source: str, nth: int = 0) -> dict[str, Any]:
    words = at(content, TEXT.count(content) - 1)
    return {
        "content": (words,),
        "anchor": at(cue).start,
        "speakers": (who.key,),
        "source": (at(source, nth),),
        "cue": (at(cue),),
        "cue_lemma": cue.lower(),
    }


def target(words: str, nth: int = 0, cue: str | None = None, text: str = TEXT) -> Target:
    """Words to decide on."""
    mark = quote(cue, text=text) if cue else None
    return Target(text_hash(text), quote(words, nth, text), mark)


def decision(
    number: int,
    kind: Kind,
    what: What,
    of: Target,
    field: str = "",
    value: object = None,
    **more: Any,
) -> Decision:
    """Somebody's decision."""
    when = f"2031-01-01T00:00:{number % 60:02d}+00:00"
    stands = json.dumps(more.pop("stands", None))
    return Decision(
        f"d{number}",
        number,
        kind,
        what,
        of,
        "Nell",
        when,
        field=field,
        value=json.dumps(value),
        stands=stands,
        **more,
    )


WALL = target("the wall broke on 3 May in Springfield", cue="said")
FLED = target("Bo Lind fled", cue="added")
CALM = target("Springfield is calm", cue="According to")
BURNED = target("The harbour burned at night")
