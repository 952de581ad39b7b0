"""Hidden sources: the document keeps its distance and names nobody ("reportedly")."""

from __future__ import annotations

from collections.abc import Iterator

from testimonia.reading.attribution.build import clause_around
from testimonia.reading.attribution.candidate import Candidate, Context
from testimonia.reading.attribution.lexicon import lexicon
from testimonia.reading.syntax import Token


def find(context: Context) -> Iterator[Candidate]:
    """Candidates of all adverbs of distance."""
    for token in context.parse.tokens:
        if token.lower in lexicon().adverbs and token.dep == "advmod":
            found = adverb(context, token)
            if found is not None:
                yield found


def adverb(context: Context, token: Token) -> Candidate | None:
    """An adverb as cue: "The bridge has *reportedly* been closed"."""
    parse = context.parse
    main = parse.head(token)
    if main.dep in ("aux", "auxpass"):
        main = parse.head(main)
    content = clause_around(parse, main, token)
    if not content:
        return None
    return Candidate(
        construction="adverb",
        slot="clause",
        lemma=token.lower,
        content=content,
        content_head=main.i,
        cue_head=token.i,
        cue=((token.i, token.i + 1),),
    )
