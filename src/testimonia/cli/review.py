"""The commands about decisions: what is worth one, deciding, listing, undoing."""

from __future__ import annotations

import getpass
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

import typer

from testimonia.cli import output
from testimonia.cli.options import (
    ARCHIVE_DEFAULT,
    Archive,
    Gazetteer,
    Model,
    Reader,
    ReaderModel,
    ReaderSeconds,
    settings_of,
)
from testimonia.errors import ArchiveLocked, UsageError
from testimonia.settings import READER_SECONDS, Settings

if TYPE_CHECKING:
    from testimonia.curating import Reviewed, Wish
    from testimonia.decisions import Decision
    from testimonia.library import Archive as Opened

_NAMES: Final = ("TESTIMONIA_CURATOR", "GIT_AUTHOR_NAME")
_SHOWN: Final = 60

review = typer.Typer(
    name="review",
    help="Decide about what was read: merge, split, confirm, reject, correct; and undo it.",
    no_args_is_help=True,
)

Thing = Annotated[
    str,
    typer.Argument(
        help="An IRI or its path: statement/…, actor/…, document/…/place/12, document/…#char=1,9."
    ),
]
Other = Annotated[str, typer.Argument(help="The other one, likewise.")]
Why = Annotated[str, typer.Option(help="Why; kept with the decision.")]
By = Annotated[
    str | None,
    typer.Option(
        help="Who decides; else $TESTIMONIA_CURATOR, $GIT_AUTHOR_NAME or the user's name.",
        show_default=False,
    ),
]
Only = Annotated[
    bool, typer.Option("--only", help="For this document alone, not for all of its text.")
]
Later = Annotated[
    bool,
    typer.Option("--later", help="Record it; `testimonia rebuild --changed` carries it out."),
]
Format = Annotated[Literal["table", "json"], typer.Option(help="How to print it.")]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    for command in (queue, list_, show, confirm, reject, correct, merge, split, undo):
        review.command(command.__name__.strip("_"))(command)
    app.add_typer(review)


# ------------------------------------------------------------------------------------ reading


def queue(
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")] = 20,
    format: Format = "table",
    archive: Archive = ARCHIVE_DEFAULT,
) -> int:
    """List what a decision would settle most: doubt times what rests on it."""
    from testimonia.curating import shown
    from testimonia.library import open_archive

    with open_archive(archive) as opened:
        found = [shown.question(each, opened.catalog) for each in opened.review.queue(limit)]
    if format == "json":
        _print(found)
    elif found:
        for each in found:
            typer.echo("\n      ".join(_asked(each)))
    else:
        output.say("nothing is in doubt that anything rests on")
    return 0


def _asked(question: dict[str, Any]) -> list[str]:
    """A question in words, and the things that a command names."""
    words, other = _short(question["words"]), question["other"]
    count = question["dependents"]
    resting = f"{question['confidence']:.2g} sure, {count} rest{'s' if count == 1 else ''} on it"
    if other is None:
        told = f"{question['score']:.2f}  {question['what']} “{words}” ({resting})"
        return [told, question["thing"]]
    places = f"“{words}” of {question['documents'][0]['name']}"
    others = f"“{_short(other['words'])}” of {other['name']}"
    if question["asked"] == "same":
        told = f"{places} and {others}: {'one' if question['holds'] else 'two, or one?'}"
        how = "review split" if question["holds"] else "review merge"
        command = f"{how} {question['thing']} {other['thing']}"
    else:
        told = f"{places} {question['asked']} {others}"
        command = (
            f"review confirm {question['thing']} --relation {question['asked']}"
            f" --other {other['thing']}"
        )
    because = f"because: {'; '.join(question['because'])}"
    return [f"{question['score']:.2f}  {told} ({resting})", because, command]


def list_(
    all_: Annotated[
        bool, typer.Option("--all", help="Those too that were withdrawn.", show_default=False)
    ] = False,
    format: Format = "table",
    archive: Archive = ARCHIVE_DEFAULT,
) -> int:
    """List decisions with what each does now, and those without effect with the reason."""
    from testimonia.curating import shown
    from testimonia.library import open_archive

    with open_archive(archive) as opened:
        reviewed = opened.review.decisions(withdrawn=all_)
        found = [shown.decision(each, opened.catalog, opened.iris) for each in reviewed]
    if format == "json":
        _print(found)
    elif found:
        for each in found:
            typer.echo("\n      ".join(_lines(each)))
    else:
        output.say("nothing has been decided")
    return 0


def show(
    thing: Annotated[str, typer.Argument(help="A decision, or something to decide on.")],
    archive: Archive = ARCHIVE_DEFAULT,
) -> int:
    """Show a decision, or a thing as it stands with what can be corrected, as JSON."""
    from testimonia.curating import shown
    from testimonia.library import open_archive

    with open_archive(archive) as opened:
        path = thing.removeprefix(opened.iris.base_iri).removeprefix("decision/")
        if opened.catalog.decision(path) is not None:
            _print(shown.decision(opened.review.show(path), opened.catalog, opened.iris))
            return 0
        pointed, stands = opened.review.stands(thing)
        ruling = opened.review.decisions(thing=thing)
        found = shown.thing(pointed, thing, opened.iris, stands)
        decisions = [shown.decision(each, opened.catalog, opened.iris) for each in ruling]
        _print({**found, "decisions": decisions})
    return 0


# ----------------------------------------------------------------------------------- deciding


def confirm(
    thing: Thing,
    relation: Annotated[
        str | None,
        typer.Option(
            help="That the statement corroborates, contradicts, repeats or respondsTo --other.",
            show_default=False,
        ),
    ] = None,
    other: Annotated[
        str | None, typer.Option(help="The other statement of a relation.", show_default=False)
    ] = None,
    why: Why = "",
    by: By = None,
    only: Only = False,
    later: Later = False,
    archive: Archive = ARCHIVE_DEFAULT,
    model: Model = None,
    reader: Reader = None,
    reader_model: ReaderModel = None,
    reader_seconds: ReaderSeconds = READER_SECONDS,
    gazetteer: Gazetteer = None,
) -> int:
    """Say that something is as it was read: it stays so, whatever a later reader makes of it."""
    wish = _wish("confirm", thing, by, why, only=only, other=other, field=relation or "")
    settings = settings_of(model, gazetteer, reader, reader_model, reader_seconds)
    return _decide(archive, settings, wish, later=later)


def reject(
    thing: Thing,
    relation: Annotated[
        str | None,
        typer.Option(help="That the statement does not stand so to --other.", show_default=False),
    ] = None,
    other: Annotated[
        str | None, typer.Option(help="The other statement of a relation.", show_default=False)
    ] = None,
    why: Why = "",
    by: By = None,
    only: Only = False,
    later: Later = False,
    archive: Archive = ARCHIVE_DEFAULT,
    model: Model = None,
    reader: Reader = None,
    reader_model: ReaderModel = None,
    reader_seconds: ReaderSeconds = READER_SECONDS,
    gazetteer: Gazetteer = None,
) -> int:
    """Say that it is not so: no statement, no such mention, no time, no event."""
    wish = _wish("reject", thing, by, why, only=only, other=other, field=relation or "")
    settings = settings_of(model, gazetteer, reader, reader_model, reader_seconds)
    return _decide(archive, settings, wish, later=later)


def correct(
    thing: Thing,
    values: Annotated[
        list[str],
        typer.Argument(
            metavar="FIELD=VALUE…",
            help=(
                "What it is instead: speaker=WORDS, polarity=negative, place=geonames-703448,"
                " date=2025-12-12 … A field twice has two values. `review show` lists the fields."
            ),
        ),
    ],
    why: Why = "",
    by: By = None,
    only: Only = False,
    later: Later = False,
    archive: Archive = ARCHIVE_DEFAULT,
    model: Model = None,
    reader: Reader = None,
    reader_model: ReaderModel = None,
    reader_seconds: ReaderSeconds = READER_SECONDS,
    gazetteer: Gazetteer = None,
) -> int:
    """Say what it is instead: speaker, addressee, place, date, type, span, polarity …"""
    given: dict[str, list[str]] = {}
    for each in values:
        field, mark, value = each.partition("=")
        if not mark or not field.strip():
            raise UsageError(f"{each!r}: write FIELD=VALUE, such as speaker=officials")
        given.setdefault(field.strip(), []).append(value)
    wishes = [
        _wish("correct", thing, by, why, only=only, field=field, value=value)
        for field, value in given.items()
    ]
    settings = settings_of(model, gazetteer, reader, reader_model, reader_seconds)
    return _decide(archive, settings, *wishes, later=later)


def merge(
    thing: Thing,
    other: Other,
    why: Why = "",
    by: By = None,
    later: Later = False,
    archive: Archive = ARCHIVE_DEFAULT,
) -> int:
    """Say that two actors, places or events are one; the older IRI stays, the other leads there."""
    wish = _wish("merge", thing, by, why, other=other)
    return _decide(archive, Settings(), wish, later=later)


def split(
    thing: Thing,
    other: Other,
    why: Why = "",
    by: By = None,
    only: Only = False,
    later: Later = False,
    archive: Archive = ARCHIVE_DEFAULT,
    model: Model = None,
    reader: Reader = None,
    reader_model: ReaderModel = None,
    reader_seconds: ReaderSeconds = READER_SECONDS,
    gazetteer: Gazetteer = None,
) -> int:
    """Say that two are not one: two entities, or two mentions of what one document has as one."""
    wish = _wish("split", thing, by, why, only=only, other=other)
    settings = settings_of(model, gazetteer, reader, reader_model, reader_seconds)
    return _decide(archive, settings, wish, later=later)


def undo(
    decision: Annotated[str, typer.Argument(help="The decision's id or IRI.")],
    why: Why = "",
    by: By = None,
    later: Later = False,
    archive: Archive = ARCHIVE_DEFAULT,
    model: Model = None,
    reader: Reader = None,
    reader_model: ReaderModel = None,
    reader_seconds: ReaderSeconds = READER_SECONDS,
    gazetteer: Gazetteer = None,
) -> int:
    """Take a decision back. It stays in the record, with who withdrew it, when and why."""
    settings = settings_of(model, gazetteer, reader, reader_model, reader_seconds)
    with _opened(archive, settings) as opened:
        withdrawn = opened.review.withdraw(decision, _who(by), why)
        return _carry_out(opened, [withdrawn], later=later)


# -------------------------------------------------------------------------------------- parts


def _wish(kind: str, thing: str, by: str | None, why: str, **more: Any) -> Wish:
    from testimonia.curating import Wish
    from testimonia.decisions import Kind

    if more.get("other") is None and kind in ("confirm", "reject") and more.get("field"):
        raise UsageError("--relation is between two statements: name the other with --other")
    return Wish(Kind(kind), thing, _who(by), why, **more)


def _who(by: str | None) -> str:
    if by is not None:
        return by
    for name in _NAMES:
        if found := os.environ.get(name, "").strip():
            return found
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""


@contextmanager
def _opened(archive: Path, settings: Settings) -> Iterator[Opened]:
    from testimonia.library import open_archive

    with open_archive(archive, settings=settings, notice=output.notice) as opened:
        yield opened


def _decide(archive: Path, settings: Settings, *wishes: Wish, later: bool) -> int:
    with _opened(archive, settings) as opened:
        made = opened.review.record_all(wishes)
        return _carry_out(opened, made, later=later)


def _carry_out(opened: Opened, made: list[Decision], *, later: bool) -> int:
    ids = [each.id for each in made]
    outcomes = []
    if not later:
        try:
            outcomes = opened.review.carry_out(ids)
        except ArchiveLocked:
            recorded = ", ".join(ids)
            output.say(f"recorded as {recorded}; `testimonia rebuild --changed` carries it out")
            raise
    for id_ in ids:
        _tell(opened.review.show(id_), later=later)
    for outcome in outcomes:
        output.tell(outcome)
    failed = [each for each in outcomes if each.result in ("failed", "rejected")]
    return 1 if failed else 0


def _tell(reviewed: Reviewed, *, later: bool) -> None:
    made = reviewed.decision
    typer.echo(made.id)
    if later:
        output.say("recorded; `testimonia rebuild --changed` carries it out")
    elif reviewed.effects:
        for each in reviewed.effects:
            output.say(f"{each.standing}: {each.told}")
    else:
        output.say(reviewed.idle)


def _lines(found: dict[str, Any]) -> Iterator[str]:
    other = found["other"]
    what = f"{found['kind']} {found['what']} “{_short(found['words'])}”"
    what += f" and “{_short(other['words'])}”" if other else ""
    what += f", {found['field']}" if found["field"] else ""
    yield f"{found['id']}  {what}"
    when = found["when"].partition("T")[0]
    yield f"{found['by']}, {when}" + (f": {found['why']}" if found["why"] else "")
    for each in found["effects"]:
        yield f"{each['name']}: {each['standing']}, {each['told']}"
    if found["idle"]:
        yield f"no effect now: {found['idle']}"


def _short(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1].rstrip() + "…"


def _print(found: object) -> None:
    sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=1) + "\n")
