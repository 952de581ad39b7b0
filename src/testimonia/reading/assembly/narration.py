"""What the document tells in its own voice: clauses that give an account and have no other source.

The unit is the clause: a verb with its own subject and what depends on it, without the clauses
below it and without what is attributed to somebody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from testimonia.model import Account, Spans, Statement
from testimonia.reading.assembly.statements import NARRATOR, About
from testimonia.reading.syntax import Parse, Token

_EDGES = frozenset({"PUNCT", "CCONJ", "SPACE"})
# No complement clause: who writes "the ruin shows that it burnt" says no more than that.
_CLAUSES = frozenset({"ROOT", "advcl", "relcl", "parataxis", "csubj"})
# How sure we are that such a clause is told by the document itself: a source that attribution
# did not find is the usual error. Recall of attribution on PolNeAR is the bound.
_CONFIDENCE = 0.8


def narrated(
    parse: Parse, accounts: Sequence[Account], attributed: Spans, cues: Spans, about: About
) -> Iterator[Statement]:
    """The narrator's statements, in textual order; ``accounts`` are those that nobody else gives,
    ``attributed`` the contents of what others say, ``cues`` the words that tell so."""
    taken, telling = _tokens(parse, attributed), _tokens(parse, cues)
    for head, given in _by_clause(parse, accounts).items():
        if head in telling:
            content = _phrases(parse, head, given, taken | telling)
        else:
            content = _content(parse, parse.tokens[head], taken)
        if content:
            yield Statement(
                content=content,
                anchor=content[0].start,
                speakers=(NARRATOR,),
                about=about.about(content, given),
                gives=tuple(account.key for account in given),
                construction="narration",
                confidence=_CONFIDENCE,
                by_narrator=True,
            )


def _by_clause(parse: Parse, accounts: Iterable[Account]) -> dict[int, list[Account]]:
    clauses: dict[int, list[Account]] = {}
    for account in accounts:
        head = clause_head(parse, parse.tokens[parse.at(account.trigger.start)])
        clauses.setdefault(head.i, []).append(account)
    return dict(sorted(clauses.items(), key=lambda item: item[1][0].trigger))


def clause_head(parse: Parse, token: Token) -> Token:
    """The verb (or predicate) of the clause that a token stands in."""
    while not _heads_clause(parse, token) and token.head != token.i:
        token = parse.head(token)
    return token


def _heads_clause(parse: Parse, token: Token) -> bool:
    if token.dep in _CLAUSES:
        return True
    own_subject = parse.dependent(token, "nsubj", "nsubjpass") is not None
    return token.dep == "conj" and token.pos in {"VERB", "AUX"} and own_subject


def _phrases(parse: Parse, head: int, given: Sequence[Account], taken: set[int]) -> Spans:
    """Of a clause that only tells who says something, the phrases that give an account: "*The
    study, published in May,* suggests …"."""
    kept: set[int] = set()
    for account in given:
        token = parse.tokens[parse.at(account.trigger.start)]
        while token.head not in (head, token.i):
            token = parse.head(token)
        if token.i != head:
            kept.update(i for i in parse.subtree(token) if i not in taken)
    return _joined(parse, sorted(kept))


def _content(parse: Parse, head: Token, taken: set[int]) -> Spans:
    """The clause of ``head`` without clauses below it and what others say, trimmed."""
    kept: list[int] = []
    stack = [head.i]
    while stack:
        index = stack.pop()
        if index not in taken:
            kept.append(index)
        below = (parse.tokens[i] for i in parse.children[index])
        stack.extend(child.i for child in below if not _heads_clause(parse, child))
    return _joined(parse, sorted(kept))


def _joined(parse: Parse, kept: list[int]) -> Spans:
    """The spans of the kept tokens: joined over gaps of mere punctuation, and each without
    punctuation and conjunctions at its edges."""
    kept_set = set(kept)
    for left, right in pairwise(kept):
        gap = range(left + 1, right)
        if len(gap) <= 2 and all(parse.tokens[i].pos == "PUNCT" for i in gap):
            kept_set.update(gap)
    trimmed = (_trimmed(parse, run) for run in _runs(sorted(kept_set)))
    return tuple(parse.span(run[0], run[-1] + 1) for run in trimmed if run)


def _runs(indices: list[int]) -> list[list[int]]:
    """The indices in runs of neighbours."""
    runs: list[list[int]] = []
    for index in indices:
        if runs and runs[-1][-1] == index - 1:
            runs[-1].append(index)
        else:
            runs.append([index])
    return runs


def _trimmed(parse: Parse, run: list[int]) -> list[int]:
    inner = [n for n, i in enumerate(run) if parse.tokens[i].pos not in _EDGES]
    return run[inner[0] : inner[-1] + 1] if inner else []


def _tokens(parse: Parse, spans: Spans) -> set[int]:
    return {index for span in spans for index in parse.within(span)}
