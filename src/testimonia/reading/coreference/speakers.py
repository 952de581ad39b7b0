"""Sieves for speakers: the labels of a transcript's turns, titles with their bearer's name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from testimonia.model import ActorType, MentionForm
from testimonia.reading.actors.labels import label_ranges
from testimonia.reading.attribution.model import Attribution
from testimonia.reading.coreference.clusters import Discourse


def link_labels(discourse: Discourse) -> None:
    """Whoever bears one label in a document is one actor, whatever each was taken for."""
    bearers: dict[str, list[int]] = defaultdict(list)
    for label, tokens in label_ranges(discourse.parse):
        found = (discourse.covering[i] for i in reversed(tokens) if i in discourse.covering)
        bearer = next(found, None)
        if bearer is not None:
            bearers[label].append(bearer)
    for numbers in bearers.values():
        known = [n for n in numbers if discourse.candidates[n].form is MentionForm.NAME]
        chosen = (known or numbers)[0]
        for number in numbers:
            discourse.clusters.adopt(chosen, number)
    if set(bearers) == {"Q", "A"}:
        _link_answers(discourse, bearers["A"])


def _link_answers(discourse: Discourse, answers: Sequence[int]) -> None:
    """Whoever answers questions without a name is the one person that the words before name.

    "*Ann Lee* runs the mill. Q: Since when? *A*: For ten years."
    """
    start = min(next(iter(tokens)) for _, tokens in label_ranges(discourse.parse))
    named = [
        number
        for number, each in enumerate(discourse.candidates)
        if each.form is MentionForm.NAME and each.type is ActorType.PERSON and each.last <= start
    ]
    if named and len({discourse.candidates[n].name[-1] for n in named}) == 1:
        discourse.clusters.adopt(named[0], answers[0])


def link_named_sources(discourse: Discourse, attributions: Sequence[Attribution]) -> None:
    """The name between commas in a source to its title: "according to the mayor, *Ann Lee*, …"."""
    for attribution in attributions:
        title = discourse.by_head.get(attribution.source_head or 0)
        if attribution.construction != "according to" or title is None:
            continue
        after = discourse.candidates[title].last + 1  # behind the comma
        name = discourse.covering.get(after)
        if name is None or discourse.candidates[name].first != after:
            continue
        start = discourse.parse.tokens[after].start
        if any(span.start <= start < span.end for span in attribution.source):
            discourse.clusters.merge(title, name)
