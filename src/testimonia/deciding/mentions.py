"""What decisions say of a mention and of the actor or place that it denotes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import Any, Final

from testimonia.deciding.draft import Draft
from testimonia.deciding.finding import locate
from testimonia.deciding.statements import Lost
from testimonia.decisions import Quote
from testimonia.model import (
    Actor,
    ActorType,
    GazetteerEntry,
    Mention,
    MentionForm,
    Span,
)

PLACE: Final = "Place"
_Names = tuple[str, ...]
TYPES: Final = (*(each.value for each in ActorType if each is not ActorType.NARRATOR), PLACE)
"""What an entity can be said to be: a kind of actor, or a place and no actor."""

OF_ENTITY: Final = ("type", "place")
OF_MENTION: Final = ("denotes", "span")
FIELDS: Final = (*OF_ENTITY, *OF_MENTION)
"""What can be corrected: those of the entity first, whichever mention was decided on."""


def entry_of(value: Mapping[str, Any]) -> GazetteerEntry:
    """The gazetteer's entry that a decision holds.

    Raises:
        ValueError: it is none.
    """
    try:
        # By which name a document of its time calls it, is the document's own matter.
        names = {each.name for each in fields(GazetteerEntry)} - {"period"}
        known = {name: value[name] for name in names}
        return GazetteerEntry(**{**known, "within": tuple(known["within"])})
    except (KeyError, TypeError) as error:
        raise ValueError(f"not a place of the gazetteer: {value!r}") from error


def put_back(draft: Draft, span: Span, type_: str) -> str:
    """The key of an entity that was vouched for and that nobody has read."""
    return draft.new_actor(span, type_ or ActorType.ACTOR)


def reject(draft: Draft, span: Span, key: str) -> str:
    """Let a mention denote nothing."""
    label = draft.label(key)
    _without(draft, span, key)
    draft.refer_by_words(span, key, None)
    return f"does not stand for {label}"


def set_field(draft: Draft, span: Span, key: str, field: str, value: Any) -> str:
    """Set one field of a mention or its entity; returns what changed, in words.

    Raises:
        Lost: it refers to words that are not in the text.
    """
    match field:
        case "type":
            return _set_type(draft, key, str(value))
        case "place":
            return _set_place(draft, key, value)
        case "denotes":
            return _set_denotes(draft, span, key, value)
        case "span":
            return _set_span(draft, span, key, value)
        case _:
            return _sure(draft, span, key)


def _sure(draft: Draft, span: Span, key: str) -> str:
    def sure(mention: Mention) -> Mention:
        return replace(mention, confidence=1.0) if mention.span == span else mention

    _change(draft, key, lambda mentions: tuple(map(sure, mentions)))
    if place := draft.places.get(key):
        draft.places[key] = replace(place, confidence=1.0)
    return ""


def type_of(draft: Draft, key: str) -> str:
    """What an entity is, by its name in ``TYPES``."""
    actor = draft.actors.get(key)
    return actor.type.value if actor else PLACE


def _set_type(draft: Draft, key: str, type_: str) -> str:
    was = type_of(draft, key)
    if was == type_:
        return ""
    places = (PLACE, ActorType.GEOPOLITICAL_ENTITY.value)
    if type_ in places:
        key = draft.as_place(key)
        place = draft.places[key]
        if type_ == PLACE:
            draft.actors.pop(key, None)
        else:
            draft.actors[key] = Actor(
                key,
                ActorType.GEOPOLITICAL_ENTITY,
                place.label,
                place.names,
                named=True,
                mentions=place.mentions,
            )
    else:
        key = draft.as_actor(key)
        draft.actors[key] = replace(draft.actors[key], type=ActorType(type_))
    return f"{draft.label(key)} is of the type {type_}, was read {was}"


def _set_place(draft: Draft, key: str, value: Any) -> str:
    entry = entry_of(value) if value else None
    new = draft.as_place(key)
    place = draft.places[new]
    draft.places[new] = replace(place, entry=entry, confidence=1.0)
    if place.entry == entry and new == key:
        return ""
    was, now = (_told(each) for each in (place.entry, entry))
    return f"{place.label} is {now}, was read {was}"


def _told(entry: GazetteerEntry | None) -> str:
    if entry is None:
        return "a place that nobody has located"
    return f"{entry.name}{f' ({entry.country_code})' if entry.country_code else ''}, {entry.id}"


def _set_denotes(draft: Draft, span: Span, key: str, value: Any) -> str:
    """Other words tell whom these mean; or, with ``{"apart": …}``, somebody of their own."""
    if isinstance(value, Mapping) and "apart" in value:
        return _apart(draft, span, key, Quote.read(value["apart"]))
    there = locate(Quote.read(value), draft.text)
    if there is None:
        raise Lost("the words that tell whom it means are not in the text any more")
    found = draft.entity_at(there)
    new = found[1] if found else draft.new_actor(there)
    if new == key:
        return ""
    label = draft.label(key)
    _move(draft, span, key, new)
    return f"stands for {draft.label(new)}, was read {label}"


def _apart(draft: Draft, span: Span, key: str, other: Quote) -> str:
    """Part one entity in two: the mentions in other words stay, those in these words go."""
    there = locate(other, draft.text)
    stays = draft.entity_at(there) if there else None
    if stays is None or stays[1] != key or stays[0] == span:
        return ""
    words = span.of(draft.text).casefold()
    kept = stays[0].of(draft.text).casefold()
    moved = [
        each
        for each, of in sorted(set(draft.mentions()))
        if of == key
        and (each == span or (each.of(draft.text).casefold() == words and words != kept))
    ]
    type_ = type_of(draft, key)
    label = draft.label(key)
    form = _form(draft, key, span)
    new = draft.another(moved[0], type_)
    _change(draft, new, lambda _: ())
    for each in moved:
        _move(draft, each, key, new, form)
    return f"{span.of(draft.text)} is another than {label}"


def _move(draft: Draft, span: Span, key: str, new: str, form: MentionForm | None = None) -> None:
    mention = Mention(span, form or _form(draft, key, span), 1.0)
    _without(draft, span, key)
    _change(draft, new, lambda mentions: tuple(sorted({*mentions, mention}, key=lambda m: m.span)))
    if mention.form is not MentionForm.PRONOUN:
        words = span.of(draft.text)
        _call(draft, new, lambda names, label: (tuple(dict.fromkeys((*names, words))), label))
    draft.refer_by_words(span, key, new)


def _set_span(draft: Draft, span: Span, key: str, value: Any) -> str:
    there = locate(Quote.read(value), draft.text)
    if there is None:
        raise Lost("the words that it should be are not in the text any more")
    if there == span:
        return ""
    form = _form(draft, key, span)
    _without(draft, span, key)
    mention = Mention(there, form, 1.0)

    def with_it(mentions: tuple[Mention, ...]) -> tuple[Mention, ...]:
        kept = (each for each in mentions if each.span != there)
        return tuple(sorted((*kept, mention), key=lambda each: each.span))

    _change(draft, key, with_it)
    old, new = span.of(draft.text), there.of(draft.text)
    _rename(draft, key, old, new)
    return f"its words are “{new}”, were read “{old}”"


def _rename(draft: Draft, key: str, old: str, new: str) -> None:
    """The names of an entity, one of which is spelt otherwise; kept if it is used elsewhere."""
    spelt = {span.of(draft.text) for span, of in draft.mentions() if of == key}

    def renamed(names: _Names, label: str) -> tuple[_Names, str]:
        kept = [name for name in names if name != old or old in spelt]
        known = new if label == old and old not in spelt else label
        return tuple(dict.fromkeys((*kept, new))), known

    _call(draft, key, renamed)


def _form(draft: Draft, key: str, span: Span) -> MentionForm:
    for entity in (draft.actors.get(key), draft.places.get(key)):
        for mention in entity.mentions if entity else ():
            if mention.span == span:
                return mention.form
    return MentionForm.NAME


def _without(draft: Draft, span: Span, key: str) -> None:
    """Take a mention away; a spelling that no other mention has goes with it."""
    _change(draft, key, lambda mentions: tuple(each for each in mentions if each.span != span))
    words = span.of(draft.text)
    spelt = {each.of(draft.text) for each, of in draft.mentions() if of == key}
    if words in spelt or not spelt:
        return

    def renamed(names: _Names, label: str) -> tuple[_Names, str]:
        kept = tuple(name for name in names if name != words)
        return kept, label if label != words else (kept or (words,))[0]

    _call(draft, key, renamed)


def _call(draft: Draft, key: str, change: Callable[[_Names, str], tuple[_Names, str]]) -> None:
    if actor := draft.actors.get(key):
        names, label = change(actor.names, actor.label)
        draft.actors[key] = replace(actor, names=names, label=label)
    if place := draft.places.get(key):
        names, label = change(place.names, place.label)
        draft.places[key] = replace(place, names=names, label=label)


def _change(draft: Draft, key: str, change: Any) -> None:
    if actor := draft.actors.get(key):
        draft.actors[key] = replace(actor, mentions=change(actor.mentions))
    if place := draft.places.get(key):
        draft.places[key] = replace(place, mentions=change(place.mentions))
