"""A report asks many queries; together they may take as long as one may at ``/sparql``."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from testimonia.errors import QueryAborted
from testimonia.sparql.evaluator import QueryResult
from testimonia.web.answers import Evaluates
from testimonia.web.site import Site

_clock = time.monotonic


@dataclass(frozen=True, slots=True)
class _Budget:
    """Asks as long as there is time. The deadline of each query is the evaluator's own."""

    evaluator: Evaluates
    seconds: float
    advice: str
    began: list[float] = field(default_factory=list)

    def evaluate(
        self,
        query: str,
        *,
        accept: str | None = None,
        format_: str | None = None,
        default_graph_uris: Sequence[str] = (),
        named_graph_uris: Sequence[str] = (),
        best_hits: bool = False,
    ) -> QueryResult:
        """See :class:`testimonia.web.answers.Evaluates`.

        Raises:
            QueryAborted: the time is over; the message says how to ask for less.
        """
        now = _clock()
        self.began.extend([] if self.began else [now])
        if now - self.began[0] > self.seconds:
            raise self._over()
        try:
            return self.evaluator.evaluate(
                query,
                accept=accept,
                format_=format_,
                default_graph_uris=default_graph_uris,
                named_graph_uris=named_graph_uris,
                best_hits=best_hits,
            )
        except QueryAborted as error:
            raise self._over() if error.reason == "deadline" else error from error

    def _over(self) -> QueryAborted:
        return QueryAborted(
            f"this takes longer than the {self.seconds:g} seconds that a report may: {self.advice}",
            "deadline",
        )


def within_budget(site: Site, advice: str) -> Site:
    """The same archive for one report, which ends when its time is over; ``advice`` says how to ask
    for less."""
    seconds = site.archive.settings.query_seconds
    return Site(site.archive, _Budget(site.evaluator, seconds, advice))
