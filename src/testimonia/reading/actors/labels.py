"""The labels of a transcript's turns as mentions of who speaks: "MS. OKORO: …", "Q: …"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from testimonia.model import ActorType, MentionForm
from testimonia.reading.actors.lexicon import Lexicon
from testimonia.reading.actors.mentions import Candidate
from testimonia.reading.actors.nominals import described
from testimonia.reading.actors.pieces import bare, title_before
from testimonia.reading.syntax import Parse
from testimonia.reading.turns import find_turns, honorifics


def label_ranges(parse: Parse) -> Iterator[tuple[str, range]]:
    """Each turn's label with its tokens, in textual order."""
    for turn in find_turns(parse.text):
        tokens = parse.within(turn.label)
        if tokens:
            yield turn.label.of(parse.text), tokens


def labelled(
    parse: Parse, label: range, head: int, claimed: Sequence[int], words: Lexicon
) -> Candidate:
    """Who bears a label that is no name found so far: a person's name behind a title, or a role."""
    first = label.start
    while first < label.stop and _is_honorific(parse, first):
        first += 1
    if first in (label.start, label.stop):
        found = described(parse, parse.tokens[head], claimed, words)
        return replace(found, first=label.start, last=label.stop)
    title, gender = title_before(parse, first, words)
    return Candidate(
        *(first, label.stop, label.stop - 1),
        form=MentionForm.NAME,
        type=ActorType.PERSON,
        name=tuple(bare(parse.tokens[i].text) for i in range(first, label.stop)),
        title=title,
        gender=gender,
        named=True,
    )


def _is_honorific(parse: Parse, i: int) -> bool:
    return parse.tokens[i].lower.rstrip(".") in honorifics() or parse.tokens[i].text == "."
