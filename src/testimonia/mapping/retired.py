"""Which IRIs of a document a newer graph no longer has, and what stands in their place.

Nodes are matched by the words they rest on: a statement by its content and its cue, a local node by
its mentions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from testimonia.iris import Iris, Name
from testimonia.model import Span
from testimonia.terms import Graph, Term, iri_of, is_iri
from testimonia.vocabulary import TST

# Half of the words, or of the mentions, must be the same: less is another thing.
_ENOUGH: Final = 0.5


@dataclass(slots=True)
class _Node:
    """A node that has an IRI of its own, with the stretches of text that it rests on."""

    kind: str
    contents: list[Span] = field(default_factory=list)
    cues: list[Span] = field(default_factory=list)


def retired(old: Graph, new: Graph, iris: Iris) -> Mapping[str, str | None]:
    """By the path under the base of each statement and local node that ``old`` has and ``new`` has
    not, the path of the node that takes its place, ``None`` where there is none."""
    before, after = nodes(old, iris), nodes(new, iris)
    return {path: _successor(before[path], after) for path in before.keys() - after.keys()}


def nodes(graph: Graph, iris: Iris) -> dict[str, _Node]:
    """The statements and local nodes of a document graph, by path under the base."""
    found: dict[str, _Node] = {}
    spans: dict[Term, Span | None] = {}

    def span(term: Term) -> Span | None:
        if term not in spans:
            name = iris.parse(iri_of(term)) if is_iri(term) else None
            spans[term] = name.span if name else None
        return spans[term]

    by_subject: defaultdict[Term, list[tuple[Term, Term]]] = defaultdict(list)
    for subject, predicate, object_ in graph:
        if span(subject) is None:
            by_subject[subject].append((predicate, object_))
        elif predicate == TST.denotes:
            by_subject[object_].append((TST.mention, subject))
    for subject, told in by_subject.items():
        name = iris.parse(iri_of(subject)) if is_iri(subject) else None
        if name is None or not (name.is_local or name.kind == "statement"):
            continue
        node = found.setdefault(iri_of(subject).removeprefix(iris.base_iri), _Node(_kind(name)))
        for predicate, object_ in told:
            stretch = span(object_)
            if stretch and predicate in {TST.mention, TST.contentMention}:
                node.contents.append(stretch)
            elif stretch and predicate == TST.cueMention:
                node.cues.append(stretch)
    return found


def _kind(name: Name) -> str:
    return name.part.partition("/")[0] or name.kind


def _successor(old: _Node, after: Mapping[str, _Node]) -> str | None:
    scored = [(_likeness(old, node), path) for path, node in after.items() if node.kind == old.kind]
    best, path = max(scored, default=(0.0, ""))
    return path if best >= _ENOUGH else None


def _likeness(old: _Node, new: _Node) -> float:
    """Above ``_ENOUGH`` for nodes of mostly the same words; the same cue counts as half of them."""
    if old.kind != "statement":
        shared = sum(any(_overlap(a, b) for b in new.contents) for a in old.contents)
        return shared / len(old.contents) if old.contents else 0.0
    if not old.contents or not new.contents:
        return 0.0
    a, b = _hull(old.contents), _hull(new.contents)
    common = _overlap(a, b)
    alike = common / (a.end - a.start + b.end - b.start - common)
    same_cue = any(_overlap(x, y) for x in old.cues for y in new.cues)
    return alike + (_ENOUGH if same_cue and common else 0.0)


def _hull(spans: list[Span]) -> Span:
    return Span(min(each.start for each in spans), max(each.end for each in spans))


def _overlap(a: Span, b: Span) -> int:
    return max(0, min(a.end, b.end) - max(a.start, b.start))
