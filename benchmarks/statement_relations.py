"""How well statements are set beside one another: precision and recall of each kind of relation.

    python -m benchmarks.statement_relations [first|second|third] [--all]

Each scenario of ``tests/scenarios`` is an archive of its own: its texts are ingested in order, and
what ``graph/relations`` has then is compared with what the scenario says. Whatever is found and is
not said to hold counts against precision; what must not be found is counted besides. ``first`` is
the part that the rules were made with; ``second`` and ``third`` (other domains) were written and
committed before they saw them.
"""

from __future__ import annotations

import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from testimonia.ingest import Extractor, Ingestion, Source
from testimonia.library import Archive, open_archive, open_reader
from testimonia.model import Metadata, Text
from testimonia.terms import words_of
from testimonia.vocabulary import TST

FOLDER = Path(__file__).parents[1] / "tests" / "scenarios"
PARTS = ("first", "second", "third")
KINDS = {
    "repeats": TST.Repeats,
    "corroborates": TST.Corroborates,
    "contradicts": TST.Contradicts,
    "responds to": TST.RespondsTo,
    "changed position": TST.ChangedPosition,
}
MUTUAL = frozenset({"corroborates", "contradicts"})


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of a scenario: the number of its text, its content."""

    text: int
    content: str


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation that was found."""

    kind: str
    source: Statement
    target: Statement
    confidence: str = ""

    def is_told_by(self, told: list[str]) -> bool:
        """Whether this is what a scenario tells: kind, source, target."""
        kind, source, target = told
        if kind != self.kind:
            return False
        straight = _is(self.source, source) and _is(self.target, target)
        crossed = _is(self.source, target) and _is(self.target, source)
        return straight or (kind in MUTUAL and crossed)


def _is(statement: Statement, told: str) -> bool:
    number, _, words = told.partition(": ")
    return statement.text == int(number) and words.casefold() in statement.content.casefold()


@dataclass(slots=True)
class Tally:
    """What was found, by kind."""

    right: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    forbidden: Counter[str] = field(default_factory=Counter)
    never: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)

    def add(self, scenario: dict[str, Any], found: list[Relation]) -> None:
        """Count one scenario."""
        name = scenario["name"]
        for told in scenario["holds"]:
            hit = any(each.is_told_by(told) for each in found)
            (self.right if hit else self.missed)[told[0]] += 1
            if not hit:
                self.notes.append(f"missed  {name}: {told}")
        for each in found:
            if not any(each.is_told_by(told) for told in scenario["holds"]):
                self.wrong[each.kind] += 1
                self.notes.append(f"wrong   {name}: {each}")
        for told in scenario["never"]:
            self.never[told[0]] += 1
            self.forbidden[told[0]] += any(each.is_told_by(told) for each in found)

    def precision(self, kind: str) -> float:
        """Of what was found, what holds."""
        found = self.right[kind] + self.wrong[kind]
        return self.right[kind] / found if found else 1.0

    def recall(self, kind: str) -> float:
        """Of what holds, what was found."""
        there = self.right[kind] + self.missed[kind]
        return self.right[kind] / there if there else 1.0

    def table(self) -> Iterator[str]:
        """A line a kind."""
        yield f"{'relation':18}precision      recall   must not be: found of all"
        for kind in KINDS:
            found, there = self.right[kind] + self.wrong[kind], self.right[kind] + self.missed[kind]
            precision = f"{self.precision(kind):.2f} ({self.right[kind]}/{found})"
            recall = f"{self.recall(kind):.2f} ({self.right[kind]}/{there})"
            yield f"{kind:18}{precision:14} {recall:14} {self.forbidden[kind]}/{self.never[kind]}"


def scenarios(part: str) -> list[dict[str, Any]]:
    """All scenarios of one part, in the order of their files."""
    files = sorted((FOLDER / part).glob("*.toml"))
    return [each for file in files for each in tomllib.loads(file.read_text("utf-8"))["scenario"]]


def tally(chosen: Iterable[dict[str, Any]], reader: Extractor) -> Tally:
    """Run scenarios with one reader."""
    counted = Tally()
    for scenario in chosen:
        with tempfile.TemporaryDirectory() as folder, open_archive(folder, create=True) as archive:
            counted.add(scenario, run(archive, scenario, reader))
    return counted


def run(archive: Archive, scenario: dict[str, Any], reader: Extractor) -> list[Relation]:
    """Ingest a scenario's texts; the relations that the graph has then."""
    sources = [
        Source(f"{scenario['name']} {number}", _loader(scenario["name"], number, each))
        for number, each in enumerate(scenario["text"], 1)
    ]
    with archive.writer() as writer:
        one = Ingestion(archive.catalog, writer, reader, archive.settings, lambda _: [])
        outcomes = list(one.ingest(sources))
    assert [each.result for each in outcomes] == ["stored"] * len(sources), outcomes
    numbers = {each.document or "": number for number, each in enumerate(outcomes, 1)}
    return list(relations(archive, numbers))


def _loader(name: str, number: int, told: dict[str, Any]) -> Any:
    metadata = Metadata(identifier=f"{name} {number}", issued=told.get("issued"))
    text = Text(told["content"], metadata, "text/plain")
    return lambda: (told["content"].encode(), text)


def relations(archive: Archive, numbers: dict[str, int]) -> Iterator[Relation]:
    """The relations in ``graph/relations`` with the statements' contents."""
    kinds = {term: name for name, term in KINDS.items()}
    with archive.view() as view:
        graph = view.graph(archive.iris.relations_graph)
        found: dict[str, dict[str, str]] = {}
        for s, p, o in graph:
            if p != TST.because:
                found.setdefault(s, {})[p] = o
        for each in found.values():
            if TST.relationKind not in each:
                continue
            source, target = (
                _statement(archive, view, each[end], numbers)
                for end in (TST.relationFrom, TST.relationTo)
            )
            confidence = str(words_of(each[TST.confidence]))
            yield Relation(kinds[each[TST.relationKind]], source, target, confidence)


def _statement(archive: Archive, view: Any, node: str, numbers: dict[str, int]) -> Statement:
    document = content = ""
    for graph, (_, p, o) in view.match(node, None, None):
        if p == TST.content and archive.iris.is_managed(graph):
            content = str(words_of(o))
        if p == TST.document:
            name = archive.iris.parse(o[1:-1])
            document = name.id if name else ""
    return Statement(numbers[document], content)


def main() -> None:
    parts = [each for each in sys.argv[1:] if each in PARTS] or list(PARTS)
    reader = open_reader()
    for part in parts:
        counted = tally(scenarios(part), reader)
        print(f"{part}: {len(scenarios(part))} scenarios")
        print("\n".join(counted.table()))
        if "--all" in sys.argv:
            print("\n".join(counted.notes))


if __name__ == "__main__":
    main()
