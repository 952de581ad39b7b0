"""Which IRIs of a document a newer graph no longer has, and what stands in their place.

Nodes are matched by the words they rest on: a statement by its content and its cue, a local node by
its mentions.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from testimonia.iris import Iris, Name
from testimonia.model import Span
from testimonia.terms import Graph, Term, iri_of, is_iri
from testimonia.vocabulary import TST

# Half of the words, or of the mentions, must be the same: less is another thing.
_ENOUGH: Final = 0.5
_STRETCH: Final = 64  # code points


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
    gone = before.keys() - after.keys()
    if not gone:
        return {}
    near = _Near(after)
    return {path: _successor(before[path], near.to(before[path]), after) for path in gone}


class _Near:
    """Nodes by where in the text their words are: with no other is there anything to compare."""

    def __init__(self, nodes: Mapping[str, _Node]) -> None:
        self._at: defaultdict[tuple[str, int], list[tuple[str, Span]]] = defaultdict(list)
        for path, node in nodes.items():
            for span in _extent(node):
                for place in _places(span):
                    self._at[node.kind, place].append((path, span))

    def to(self, node: _Node) -> Counter[str]:
        """By the path of a node of this kind, how many spans of the one given overlap its own."""
        return Counter(
            path
            for span in _extent(node)
            for path in {
                path
                for place in _places(span)
                for path, other in self._at.get((node.kind, place), ())
                if _overlap(span, other)
            }
        )


def _extent(node: _Node) -> list[Span]:
    """Its mentions; the whole stretch of a statement's content."""
    is_statement = node.kind == "statement" and node.contents
    return [_hull(node.contents)] if is_statement else node.contents


def _places(span: Span) -> range:
    return range(span.start // _STRETCH, span.end // _STRETCH + 1)


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


def _successor(old: _Node, near: Counter[str], after: Mapping[str, _Node]) -> str | None:
    scored = ((_likeness(old, after[path], shared), path) for path, shared in near.items())
    best, path = max(scored, default=(0.0, ""))
    return path if best >= _ENOUGH else None


def _likeness(old: _Node, new: _Node, shared: int) -> float:
    """Above ``_ENOUGH`` for nodes of mostly the same words; the same cue counts as half of them.

    ``shared`` are the spans of the old node that overlap one of the new.
    """
    if old.kind != "statement":
        return shared / len(old.contents)
    a, b = _hull(old.contents), _hull(new.contents)
    common = _overlap(a, b)
    alike = common / (a.end - a.start + b.end - b.start - common)
    same_cue = any(_overlap(x, y) for x in old.cues for y in new.cues)
    return alike + (_ENOUGH if same_cue and common else 0.0)


def _hull(spans: list[Span]) -> Span:
    return Span(min(each.start for each in spans), max(each.end for each in spans))


def _overlap(a: Span, b: Span) -> int:
    return max(0, min(a.end, b.end) - max(a.start, b.start))
