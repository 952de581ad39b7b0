"""How one graph of a document differs from another in its statements.

A statement is the same one as long as it has its IRI (the start of its cue); it has changed where
its cue, its content or its speaker is another.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from testimonia.terms import Graph, Term, iri_of, is_iri, words_of
from testimonia.vocabulary import RDF, TST


@dataclass(frozen=True, slots=True)
class Said:
    """A statement in short; ``iri`` is its own."""

    iri: str
    speaker: str
    cue: str
    content: str


@dataclass(frozen=True, slots=True)
class Changed:
    """A statement before and after."""

    before: Said
    after: Said

    @property
    def parts(self) -> tuple[str, ...]:
        """What is another: of "speaker", "cue", "content"."""
        names = ("speaker", "cue", "content")
        return tuple(n for n in names if getattr(self.before, n) != getattr(self.after, n))


@dataclass(frozen=True, slots=True)
class Changes:
    """The statements that a new graph has and the old one had not, and the other way round, and
    those that are told otherwise; ``triples`` is how many triples came or went."""

    gained: tuple[Said, ...] = ()
    lost: tuple[Said, ...] = ()
    changed: tuple[Changed, ...] = ()
    triples: int = 0


def changes(old: Graph, new: Graph) -> Changes:
    """How ``new`` differs from ``old``."""
    before, after = _statements(old), _statements(new)
    both = [Changed(before[node], after[node]) for node in sorted(before.keys() & after.keys())]
    return Changes(
        gained=tuple(after[node] for node in sorted(after.keys() - before.keys())),
        lost=tuple(before[node] for node in sorted(before.keys() - after.keys())),
        changed=tuple(each for each in both if each.parts),
        triples=len(old ^ new),
    )


def _statements(graph: Graph) -> dict[Term, Said]:
    told: defaultdict[tuple[Term, Term], list[Term]] = defaultdict(list)
    for subject, predicate, object_ in graph:
        told[subject, predicate].append(object_)
    nodes = [s for s, p, o in graph if p == RDF.type and o == TST.Statement]

    def words(node: Term, predicate: Term) -> str:
        return "; ".join(sorted(map(_plain, told[node, predicate])))

    def speaker(node: Term) -> str:
        # By name, as people know them: the local key moves with the first mention.
        speakers = told[node, TST.speaker]
        return "; ".join(sorted(words(each, TST.name) or _plain(each) for each in speakers))

    return {
        node: Said(iri_of(node), speaker(node), words(node, TST.cue), words(node, TST.content))
        for node in nodes
    }


def _plain(term: Term) -> str:
    """Of a literal its words, of a local node its key ("actor/narrator")."""
    return "/".join(iri_of(term).rsplit("/", 2)[1:]) if is_iri(term) else words_of(term)
