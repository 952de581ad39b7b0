"""The turns of a transcript, and the mails quoted in one, as contents.

Of a turn the label is the source and its colon the cue, of a mail who wrote it, by the line before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from testimonia.reading.attribution.candidate import Candidate, Context, Ranges
from testimonia.reading.mails import QuotedMail
from testimonia.reading.syntax import Parse
from testimonia.reading.turns import Turn, find_turns, honorifics

_NOMINAL = ("PROPN", "NOUN", "PRON")


def find(context: Context) -> Iterator[Candidate]:
    """Candidates of all turns, each whole: they may go on over several paragraphs."""
    for turn in find_turns(context.parse.text):
        found = _of(context.parse, turn)
        if found is not None:
            yield found
    for mail in context.parse.mails:
        yield from _of_mail(context.parse, mail)


def _of_mail(parse: Parse, mail: QuotedMail) -> Iterator[Candidate]:
    """ "Ann Lee wrote: > The dam is safe." What is quoted of nobody that is named has no source."""
    words = parse.within(mail.words)
    if not words:
        return
    found = Candidate("turn", "quote:turn", "write", ((words.start, words.stop),), route="colon")
    if mail.writer is None or mail.cue is None:
        yield found
        return
    writer, cue = parse.within(mail.writer), parse.within(mail.cue)
    if writer and cue and cue.stop <= words.start:
        yield replace(
            found,
            cue_head=cue.start,
            cue=((cue.start, cue.stop),),
            source_head=writer[-1],
            source=((writer.start, writer.stop),),
        )


def _of(parse: Parse, turn: Turn) -> Candidate | None:
    label, words = parse.within(turn.label), parse.within(turn.words)
    mark = parse.at(turn.mark)
    first = max(words.start, mark + 1)
    if not label or first >= words.stop:
        return None
    apart = mark not in label  # "Q." is one token
    cue: Ranges = ((mark, mark + 1),) if apart else ()
    return Candidate(
        construction="turn",
        slot="quote:turn",
        lemma=":",
        content=((first, words.stop),),
        cue_head=mark if apart else None,
        cue=cue,
        source_head=_head(parse, label),
        source=((label.start, label.stop),),
        route="colon",
    )


def _head(parse: Parse, label: range) -> int:
    """The last noun of a label before "of": "The *President* of the Chamber"."""
    head = label.start
    for index in label:
        token = parse.tokens[index]
        if token.lower in ("of", "for") and index > label.start:
            break
        titled = index > label.start and parse.tokens[head].lower.rstrip(".") in honorifics()
        if token.pos in _NOMINAL or (titled and token.text.isalpha()):
            head = index
    return head
