"""What a page calls a thing, and where its own page is. Paths are relative to the archive's root,
so that an archive may move to another base."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from testimonia.iris import Iris, Name
from testimonia.vocabulary import PREFIXES

PAGED: Final = frozenset({"document", "statement", "actor", "place", "event"})
_LONGEST = 160


@dataclass(frozen=True, slots=True)
class Thing:
    """A label, and the path of the thing's page (empty where it has none)."""

    label: str
    path: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Things:
    """Makes things of IRIs; ``untitled`` says what to call a document (by id) without a title."""

    iris: Iris
    labels: Mapping[str, str]
    untitled: Callable[[str], str]

    def of(self, iri: str) -> Thing:
        """The thing that an IRI names; never the bare IRI where there is anything better."""
        name = self.iris.parse(iri)
        if name is None:
            return Thing(self.labels.get(iri) or prefixed(iri))
        label = self.labels.get(iri)
        if name.kind == "document" and (name.span or not name.part):
            return self._document(name)
        path = f"{name.kind}/{name.id}" if name.kind in PAGED and not name.part else ""
        if name.kind == "statement":
            return Thing(f"“{shortened(label)}”" if label else "a statement", path, name.kind)
        return Thing(shortened(label) if label else _description(name), path, name.kind)

    def _document(self, name: Name) -> Thing:
        label = self.labels.get(self.iris.document(name.id)) or self.untitled(name.id)
        if name.span:
            label = f"{label}, characters {name.span.start}–{name.span.end}"
        return Thing(shortened(label), f"document/{name.id}", "document")


def shortened(words: str) -> str:
    """The words on one line, cut where they are too many for a link."""
    line = " ".join(words.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1].rstrip() + "…"


def prefixed(iri: str) -> str:
    """``tst:Statement`` for what stands in a vocabulary of ours, else the IRI itself."""
    fitting = [
        (f"{name}:{iri.removeprefix(start)}", len(start))
        for name, start in PREFIXES.items()
        if iri.startswith(start)
    ]
    return max(fitting, key=lambda each: each[1])[0] if fitting else iri


def _description(name: Name) -> str:
    """For what has no label: "account 69", "graph entities"."""
    return (name.part or f"{name.kind} {name.id}").replace("/", " ")
