"""Who says or believes what: attribution relations from a parse."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from testimonia.reading.attribution import (
    according,
    hidden,
    nouns,
    parenthetical,
    quoted,
    transcripts,
    verbs,
)
from testimonia.reading.attribution.candidate import (
    Candidate,
    Context,
    covers,
    within_paragraph,
)
from testimonia.reading.attribution.counts import counts
from testimonia.reading.attribution.features import features
from testimonia.reading.attribution.finish import finished
from testimonia.reading.attribution.frames import unquoted_source
from testimonia.reading.attribution.mixed import with_next_quotation
from testimonia.reading.attribution.model import Attribution
from testimonia.reading.attribution.nesting import nested
from testimonia.reading.attribution.openings import dateline_ranges, without_dateline
from testimonia.reading.attribution.orphans import with_orphans
from testimonia.reading.attribution.quotations import (
    find_quotations,
    token_paragraphs,
    token_quotations,
)
from testimonia.reading.attribution.ranker import ranker
from testimonia.reading.attribution.select import (
    assured,
    in_scope,
    selected,
)
from testimonia.reading.attribution.speaking import is_voiced, told_by_somebody
from testimonia.reading.syntax import Parse

__all__ = ["Attribution", "Scope", "find_attributions"]

Scope = Literal["nested", "all", "clausal"]
_FAMILIES = (
    verbs.find,
    parenthetical.find,
    according.find,
    nouns.find,
    quoted.find,
    hidden.find,
)


def find_attributions(parse: Parse, *, scope: Scope = "all") -> tuple[Attribution, ...]:
    """What the text attributes to someone, in textual order of cue or else content.

    ``"all"`` takes utterances, attitudes and calls with any content, ``"nested"`` these and the
    reports inside them ("A said that *B had claimed that* …"), ``"clausal"`` only clauses and
    quotations. Spans are code points, end exclusive. ``within`` is an index into the result.
    What no one can have said ("the fall shows that …") is in ``"nested"`` left out, in the others
    told by ``voiced``.
    """
    context = context_of(parse)
    found = tuple(candidates(context, scope))
    if not found:
        return ()
    judge = ranker(scope)
    judged = judge(features(context, found, counts())).tolist()
    scores = [max(score, assured(c)) for score, c in zip(judged, found, strict=True)]
    if scope == "nested":
        found, scores = _of_speakers(parse, found, scores)
    kept = list(selected(context, found, scores, judge.threshold, reports=scope == "nested"))
    if scope != "clausal":
        kept = with_orphans(context, kept)
    return nested(
        [
            replace(finished(context, one, judge.confidence(score)), voiced=is_voiced(parse, one))
            for one, score in kept
        ]
    )


def _of_speakers(
    parse: Parse, found: Sequence[Candidate], scores: Sequence[float]
) -> tuple[tuple[Candidate, ...], list[float]]:
    """The candidates that somebody can have said, with their scores.

    What nobody can have said leaves its score to the feeling that it is about: in "the raid fuelled
    *fears* of war" somebody fears.
    """
    kept: list[tuple[Candidate, float]] = []
    left: dict[int | None, float] = {}
    for one, score in zip(found, scores, strict=True):
        told = told_by_somebody(parse, one)
        if told is not None:
            kept.append((told, score))
        else:
            left[one.content_head] = max(score, left.get(one.content_head, 0.0))
    nouns_left = {c.cue_head for c, _ in kept if c.construction == "noun" and not c.source}
    return tuple(one for one, _ in kept), [
        max(score, left.get(one.cue_head, 0.0)) if one.cue_head in nouns_left else score
        for one, score in kept
    ]


def context_of(parse: Parse) -> Context:
    """The parse with its quotations and paragraphs."""
    quotations = find_quotations(parse)
    return Context(parse, quotations, token_quotations(parse, quotations), token_paragraphs(parse))


def candidates(context: Context, scope: Scope = "all") -> Iterator[Candidate]:
    """All that the constructions propose, contents grown to whole quotations.

    In the clausal scope a content ends with its sentence, as it does in RST's attributions.
    """
    turns = tuple(transcripts.find(context))
    yield from turns
    marks = {turn.cue_head for turn in turns}
    frame = dateline_ranges(context.parse)
    later = quoted.continuations(context) if scope != "clausal" else None
    decided = quoted.decided(context)
    seen: set[tuple[object, ...]] = set()
    for family in _FAMILIES:
        for proposed in family(context):
            if _overruled(context, proposed, decided) or _cue_of(proposed) in marks:
                continue
            candidate = within_paragraph(context, unquoted_source(context, proposed))
            if candidate is None or not in_scope(candidate, scope):
                continue
            grown = quoted.whole_quotations(context, candidate, later)
            whole = quoted.with_marks(context, quoted.without_comment(context, grown))
            whole = without_dateline(context, whole, frame)
            if later is not None:
                whole = with_next_quotation(context, whole)
            key = (whole.cue_head, whole.content, whole.source)
            if key not in seen:
                seen.add(key)
                yield whole


def _cue_of(candidate: Candidate) -> int:
    return -1 if candidate.cue_head is None else candidate.cue_head


def _overruled(context: Context, candidate: Candidate, decided: Mapping[int, Candidate]) -> bool:
    """Whether a quotation decides what the candidate's cue introduces, and it is another one."""
    rival = decided.get(_cue_of(candidate))
    if rival is None or candidate.construction == "quotation":
        return False
    clausal = candidate.slot in ("that", "preposed", "parenthetical", "small", "wh")
    return clausal or any(covers(candidate.content, first) for first, _ in rival.content)
