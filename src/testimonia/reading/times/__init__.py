"""Time expressions (TIMEX3, TimeML 1.2.1) in English text, without a parser or a model.

::

    text ─tokens→ symbols ─grammar→ candidates ─resolve→ Timex
         (lexicon)        (rules)              (context, calendar, edtf)

Words and rules are data: ``data/times.toml`` and ``data/times-rules.toml``.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from testimonia.model import Span, Tense, Timex
from testimonia.reading.times.context import Context
from testimonia.reading.times.grammar import Candidate, search
from testimonia.reading.times.resolve import resolve
from testimonia.reading.times.tokens import tokenize

__all__ = ["find_times"]


def find_times(
    text: str,
    document_date: date | None,
    *,
    tense_at: Callable[[Span], Tense] | None = None,
) -> tuple[Timex, ...]:
    """The time expressions of ``text`` in textual order; their spans never overlap.

    Spans are code points, end exclusive. Keys are ``time/<start>``. Values follow the TIMEX3
    guidelines; EDTF is levels 0 to 2. Relative times are resolved against ``document_date`` or a
    time mentioned before (``DateBasis.ANCHORED``); without a date they stay unresolved, and a day
    without a year stays one (``DateBasis.YEAR_UNKNOWN``).

    ``tense_at`` tells the tense of the clause around a span, for "on Friday" and "in March". The
    words decide first, where a verb stands before the time; then ``tense_at``; then the words
    behind. The work is linear in the text's length. Nothing is raised, whatever the text.
    """
    context = Context(text, document_date, tense_at)
    found: list[Timex] = []

    def accept(candidate: Candidate) -> bool:
        timex = resolve(candidate, context)
        if timex is not None:
            found.append(timex)
        return timex is not None

    search(tokenize(text), accept)
    return tuple(found)
