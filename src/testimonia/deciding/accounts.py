"""What decisions say of times and of accounts of events."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any, Final

from testimonia.deciding.dates import as_read, dated
from testimonia.deciding.draft import Draft
from testimonia.deciding.statements import Lost
from testimonia.model import (
    Account,
    Certainty,
    Event,
    EventClass,
    Mention,
    MentionForm,
    Participant,
    Polarity,
    Role,
    Span,
    Tense,
)

TIME_FIELDS: Final = ("date",)
_CLOSED: Final[Mapping[str, tuple[str, type[Any]]]] = {
    "polarity": ("polarity", Polarity),
    "certainty": ("certainty", Certainty),
    "tense": ("tense", Tense),
}
_ROLES: Final = ("agent", "patient", "recipient")
FIELDS: Final = ("event-type", *_CLOSED, "place", "date", *_ROLES)
"""What can be corrected of an account."""


def set_time(draft: Draft, key: str, value: Any) -> str:
    """Give a time another value; returns what changed, in words.

    Raises:
        Lost: it is no value of a time.
    """
    time = draft.times[key]
    try:
        after = as_read(time, value) if isinstance(value, Mapping) else dated(time, str(value))
    except (KeyError, ValueError) as error:
        raise Lost(str(error)) from error
    draft.times[key] = after
    if (time.edtf, time.value) == (after.edtf, after.value):
        return ""
    told = (each.edtf or each.value or "nothing" for each in (after, time))
    return "“{}” is {}, was read {}".format(time.span.of(draft.text), *told)


def reject_time(draft: Draft, key: str) -> str:
    """Take a time out."""
    words = draft.times.pop(key).span.of(draft.text)
    draft.refer(lambda each: None if each == key else each)
    return f"“{words}” tells no time"


def reject_account(draft: Draft, key: str) -> str:
    """Take an account out; nobody gives it."""
    account = draft.accounts.pop(key)
    for position, statement in enumerate(draft.statements):
        if statement is None or key not in statement.gives:
            continue
        gives = tuple(each for each in statement.gives if each != key)
        events = {draft.accounts[each].event for each in gives if each in draft.accounts}
        about = tuple(
            each for each in statement.about if each != account.event or account.event in events
        )
        draft.statements[position] = replace(statement, gives=gives, about=about)
    return f"“{account.trigger.of(draft.text)}” tells of no event"


def put_back(draft: Draft, span: Span, stood: Mapping[str, Any]) -> str | None:
    """The key of an account that was vouched for and that nobody has read, given by the innermost
    statement with its trigger; ``None`` where there is none."""
    holding = [
        (sum(map(len, each.content)), position)
        for position, each in enumerate(draft.statements)
        if each is not None and any(piece.contains(span) for piece in each.content)
    ]
    if not holding:
        return None
    key, event = f"account/{span.start}", f"event/{span.start}"
    type_ = str(stood.get("event-type") or "other")
    if event not in draft.events:
        mention = Mention(span, MentionForm.NOMINAL)
        draft.events[event] = Event(event, span.of(draft.text), type_, (mention,))
    draft.accounts[key] = Account(
        key,
        event,
        span,
        EventClass(stood.get("class") or EventClass.OCCURRENCE),
        type_,
        Tense(stood.get("tense") or Tense.NONE),
    )
    _, position = min(holding)
    statement = draft.statements[position]
    assert statement is not None
    draft.statements[position] = replace(
        statement,
        gives=(*statement.gives, key),
        about=tuple(dict.fromkeys((*statement.about, event))),
    )
    for field in (*_CLOSED, "place", "date", *_ROLES):
        with suppress(Lost):
            if field in stood:
                set_field(draft, key, field, stood[field])
    return key


def set_field(draft: Draft, key: str, field: str, value: Any) -> str:
    """Set one field of an account; returns what changed, in words.

    Raises:
        Lost: it refers to words that are not in the text.
    """
    account = draft.accounts[key]
    if field == "event-type":
        return _set_type(draft, account, str(value))
    if field in _CLOSED:
        name, values = _CLOSED[field]
        after = replace(account, **{name: values(value)})
        draft.accounts[key] = after
        old, new = getattr(account, name), getattr(after, name)
        return "" if old == new else f"{field} is {new}, was read {old}"
    if field in _ROLES:
        return _set_role(draft, account, Role(field), value)
    if field == "place":
        found = [draft.place(each) for each in value or ()]
        name = "places"
    elif field == "date":
        found = [draft.time(each) for each in value or ()]
        name = "times"
    else:
        return ""
    keys = tuple(dict.fromkeys(each for each in found if each is not None))
    if value and not keys:
        raise Lost(f"the words of its {field} are not in the text any more")
    # The place may have had another key till now.
    account = draft.accounts[key]
    old_keys = getattr(account, name)
    changed: dict[str, Any] = {name: keys}
    draft.accounts[key] = replace(account, **changed)
    if set(old_keys) == set(keys):
        return ""
    now, was = ("; ".join(map(draft.label, each)) or "nothing" for each in (keys, old_keys))
    return f"{field} is {now}, was read {was}"


def _set_type(draft: Draft, account: Account, value: str) -> str:
    if account.event_type == value:
        return ""
    draft.accounts[account.key] = replace(account, event_type=value)
    told = [each for each in draft.accounts.values() if each.event == account.event]
    event = draft.events.get(account.event)
    # An event is what its accounts say that it is: it changes where they agree.
    if event is not None and all(each.event_type == value for each in told):
        draft.events[event.key] = replace(event, event_type=value)
    return f"event type is {value}, was read {account.event_type}"


def _set_role(draft: Draft, account: Account, role: Role, value: Any) -> str:
    new = []
    for given in value or ():
        found = draft.actor(given)
        if found is None:
            raise Lost(f"the words of its {role} are not in the text any more")
        new.append(Participant(role, _span(draft, found, given), found))
    account = draft.accounts[account.key]
    old = [each for each in account.participants if each.role is role and each.key]
    others = [each for each in account.participants if each.role is not role]
    changed = {each.key for each in old} != {each.key for each in new}
    if not changed:
        return ""
    draft.accounts[account.key] = replace(account, participants=(*others, *new))
    told = (
        "; ".join(draft.label(each.key or "") for each in some) or "nobody" for some in (new, old)
    )
    return "{} is {}, was read {}".format(role, *told)


def _span(draft: Draft, key: str, given: Mapping[str, Any]) -> Span:
    actor = draft.actors[key]
    start, end = given.get("span") or (0, 1)
    wanted = Span(int(start), int(end))
    return next((each.span for each in actor.mentions if each.span.overlaps(wanted)), wanted)
