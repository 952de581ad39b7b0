"""Which attribution stands inside the content of which other."""

from __future__ import annotations

from dataclasses import replace

from testimonia.reading.attribution.model import Attribution


def nested(attributions: list[Attribution]) -> tuple[Attribution, ...]:
    """The attributions in textual order, each with the index of the innermost around it.

    One stands inside another when its anchor (cue, else content) lies in a span of the other's
    content. A sweep over the text with a stack of open contents: linear but for their depth.
    """
    ordered = sorted(attributions, key=lambda a: (anchor(a), a.content))
    spans = sorted(
        ((s.start, s.end, number) for number, a in enumerate(ordered) for s in a.content),
        key=lambda item: (item[0], -item[1]),
    )
    inside: list[Attribution] = []
    stack: list[tuple[int, int, int]] = []
    at = 0
    for number, attribution in enumerate(ordered):
        place = anchor(attribution)
        while at < len(spans) and spans[at][0] <= place:
            stack.append(spans[at])
            at += 1
        stack = [open_span for open_span in stack if open_span[1] > place]
        around = [s for s in stack if s[2] != number and _apart(ordered[s[2]], attribution)]
        innermost = min(around, key=lambda s: s[1] - s[0], default=None)
        inside.append(replace(attribution, within=innermost[2] if innermost else None))
    return tuple(inside)


def anchor(attribution: Attribution) -> int:
    """Where an attribution stands: the start of its cue, else of its content."""
    return (attribution.cue or attribution.content)[0].start


def _apart(outer: Attribution, inner: Attribution) -> bool:
    """Whether the outer content is the longer one: so no two can hold each other."""
    return sum(map(len, outer.content)) > sum(map(len, inner.content))
