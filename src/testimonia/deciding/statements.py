"""What decisions say of a statement: each field, as it is set in a draft."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from testimonia.deciding.draft import NARRATOR, Draft
from testimonia.deciding.finding import hull, locate, statement_at
from testimonia.decisions import Quote
from testimonia.model import (
    AttributionKind,
    Certainty,
    Directness,
    Polarity,
    Span,
    Spans,
    Statement,
)

NAMES: Final[Mapping[str, tuple[str, type[Any]]]] = {
    "directness": ("directness", Directness),
    "kind": ("kind", AttributionKind),
    "certainty": ("certainty", Certainty),
    "attribution-certainty": ("attribution_certainty", Certainty),
    "polarity": ("polarity", Polarity),
}
"""Fields with a closed value: the statement's own name for each, and the values there are."""

REFERRING: Final = ("speaker", "addressee", "place", "date", "about")
FIELDS: Final = (*REFERRING[:4], "content", *NAMES)
"""What can be corrected."""


class Lost(Exception):
    """A decision refers to words that are not there."""


def put_back(draft: Draft, content: Span, cue: Span | None, stood: Mapping[str, Any]) -> int | None:
    """The position of a statement that was vouched for and that nobody has read; ``None`` where
    its words are not all there."""
    pieces = _spans(draft, stood.get("content") or ())
    if pieces is None or not pieces:
        return None
    cues = _spans(draft, stood.get("cue") or ())
    anchor = stood.get("anchor_in_cue")
    start = cues[0].start + int(anchor) if cues and anchor is not None else pieces[0].start
    statement = Statement(
        content=pieces,
        anchor=start,
        speakers=(),
        source=_spans(draft, stood.get("source") or ()) or (),
        cue=cues or (),
        cue_lemma=stood.get("cue_lemma"),
        construction=str(stood.get("construction") or ""),
        about=inside(draft, pieces),
    )
    draft.statements.append(statement)
    position = len(draft.statements) - 1
    _give(draft, position)
    for field in ("speaker", "addressee", "place", "date", *NAMES):
        if field in stood:
            set_field(draft, position, field, stood[field], stood)
    outer = stood.get("within")
    if isinstance(outer, dict):
        around = locate(Quote.read(outer["content"]), draft.text)
        mark = outer.get("cue")
        its_cue = locate(Quote.read(mark), draft.text) if mark else None
        found = statement_at(around, its_cue, draft.statements) if around else None
        if found is not None and found != position and draft.statements[position]:
            here = draft.statements[position]
            assert here is not None
            draft.statements[position] = replace(here, within=found)
    return position


def set_field(
    draft: Draft, position: int, field: str, value: Any, stood: Mapping[str, Any] | None = None
) -> str:
    """Set one field of a statement; ``stood``: with all that it had when it was confirmed.

    Returns what changed, in words; nothing where it was so already.

    Raises:
        Lost: it refers to words that are not in the text.
    """
    before = draft.statements[position]
    assert before is not None
    if field == "confidence":
        after = replace(before, confidence=1.0)
        draft.statements[position] = after
        return ""
    if field in NAMES:
        name, values = NAMES[field]
        after = replace(before, **{name: values(value)})
        draft.statements[position] = after
        old, new = getattr(before, name), getattr(after, name)
        return "" if old == new else f"{field} is {new}, was read {old}"
    if field == "content":
        return _set_content(draft, position, value)
    return _SETTERS[field](draft, position, value, stood)


def _set_speaker(draft: Draft, position: int, value: Any, stood: Mapping[str, Any] | None) -> str:
    statement = _at(draft, position)
    keys = _keys(value, lambda given: draft.actor(given, statement.anchor))
    if not keys:
        raise Lost("its speaker's words are not in the text any more")
    was = [draft.label(key) for key in statement.speakers]
    statement = _at(draft, position)
    source: Spans | None
    if stood is None:
        source = _spans(draft, [each for each in value if "words" in each])
    else:
        source = _spans(draft, stood.get("source") or ())
    changed = keys != statement.speakers
    draft.statements[position] = replace(
        statement,
        speakers=keys,
        source=(source or ()) if changed or stood is None else statement.source,
        by_narrator=keys == (NARRATOR,),
        confidence=1.0,
    )
    now = "; ".join(map(draft.label, keys))
    return f"speaker is {now}, was read {'; '.join(was) or 'nobody'}" if changed else ""


def _set_keys(
    name: str, field: str, finds: Callable[[Draft, Mapping[str, Any]], str | None]
) -> Callable[[Draft, int, Any, Mapping[str, Any] | None], str]:
    def setter(draft: Draft, position: int, value: Any, _: Mapping[str, Any] | None) -> str:
        keys = _keys(value or (), lambda given: finds(draft, given))
        if value and not keys:
            raise Lost(f"the words of its {field} are not in the text any more")
        statement = _at(draft, position)
        old = getattr(statement, name)
        changed: dict[str, Any] = {name: keys}
        draft.statements[position] = replace(statement, **changed)
        if set(old) == set(keys):
            return ""
        now, was = ("; ".join(map(draft.label, each)) or "nothing" for each in (keys, old))
        return f"{field} is {now}, was read {was}"

    return setter


_SETTERS: Final = {
    "speaker": _set_speaker,
    "addressee": _set_keys("addressees", "addressee", lambda draft, given: draft.actor(given)),
    "place": _set_keys("said_in", "place", lambda draft, given: draft.place(given)),
    "date": _set_keys("said_at", "date", lambda draft, given: draft.time(given)),
}


def _set_content(draft: Draft, position: int, value: Any) -> str:
    pieces = _spans(draft, value)
    if not pieces:
        raise Lost("the words of its content are not in the text any more")
    statement = _at(draft, position)
    if statement.content == pieces:
        return ""
    whole = hull(statement.content)
    old, new = inside(draft, statement.content), inside(draft, pieces)
    others = tuple(key for key in statement.about if key not in old)
    draft.statements[position] = replace(
        statement, content=pieces, about=tuple(dict.fromkeys((*new, *others)))
    )
    _give(draft, position)
    return f"content is other words, was read “{whole.of(draft.text)}”"


def inside(draft: Draft, content: Spans) -> tuple[str, ...]:
    """The actors, places and times in a content, in textual order."""
    found = [(span, key) for span, key in draft.mentions() if _in(span, content)]
    found += [(each.span, each.key) for each in draft.times.values() if _in(each.span, content)]
    return tuple(dict.fromkeys(key for _, key in sorted(found)))


def _give(draft: Draft, position: int) -> None:
    """Let a statement give the accounts in its content that nobody but the narrator gives, and no
    others."""
    statement = _at(draft, position)
    own = {key for key, each in draft.accounts.items() if _in(each.trigger, statement.content)}
    elsewhere: set[str] = set()
    for number, other in enumerate(draft.statements):
        if other is None or number == position:
            continue
        if other.by_narrator or other.speakers == (NARRATOR,):
            if statement.by_narrator:
                elsewhere.update(other.gives)
            elif own.intersection(other.gives):
                gives = tuple(key for key in other.gives if key not in own)
                draft.statements[number] = replace(other, gives=gives)
        else:
            elsewhere.update(other.gives)
    kept = [key for key in statement.gives if key in own]
    gives = tuple(dict.fromkeys((*kept, *sorted(own - elsewhere))))
    dropped = {draft.accounts[k].event for k in statement.gives if k in draft.accounts}
    events = tuple(draft.accounts[key].event for key in gives)
    about = tuple(key for key in statement.about if key not in dropped)
    draft.statements[position] = replace(
        statement, gives=gives, about=tuple(dict.fromkeys((*about, *events)))
    )


def _keys(
    value: Iterable[Mapping[str, Any]], find: Callable[[Mapping[str, Any]], str | None]
) -> tuple[str, ...]:
    found = (find(each) for each in value)
    return tuple(dict.fromkeys(key for key in found if key is not None))


def _spans(draft: Draft, quotes: Sequence[Mapping[str, Any]]) -> Spans | None:
    """Where all of these words stand; ``None`` where one does not."""
    found = [locate(Quote.read(each), draft.text) for each in quotes]
    spans = [span for span in found if span is not None]
    return tuple(sorted(spans)) if len(spans) == len(found) else None


def _in(span: Span, content: Spans) -> bool:
    return any(each.contains(span) for each in content)


def _at(draft: Draft, position: int) -> Statement:
    statement = draft.statements[position]
    assert statement is not None
    return statement
