"""Four invented reports of one storm, read by the real extractor: they contradict each other.

Which events are one and how statements stand to each other is put in by hand, as linking would.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from testimonia.library import Archive, open_archive
from testimonia.terms import Graph, Term, iri, literal
from testimonia.vocabulary import RDF, RDFS, TST

LONG = "نشرة الميناء <b>‮ " + "very long title " * 30
METADATA = {
    "gazette": {
        "title": "Storm takes twelve boats",
        "publisher": "Harbour Gazette",
        "issued": "2031-05-07",
    },
    "courier": {
        "title": "Thirty boats lost",
        "publisher": "Evening Courier",
        "issued": "2031-05-08",
    },
    "herald": {},
    "odd": {"title": LONG},
}
TEXTS = {
    "gazette": """\
Harbour chief Ada Brook said on Tuesday that the storm destroyed 12 boats in Odense. "We lost \
12 boats," Brook told the mayor in Odense. According to officials, nobody was injured. The storm \
hit Odense on 6 May 2031.""",
    "courier": """\
Fisherman Bo Lind said that the storm destroyed 30 boats in Aarhus on 5 May 2031. Lind denied \
that the harbour chief had warned the fishermen. Residents reportedly said that Ada Brook had \
closed the harbour on 3 May.""",
    "herald": """\
The storm destroyed 12 boats in Odense on 6 May 2031, Mayor Cy Dahl said. Officials said Bo Lind \
believes that the wall will break. "The storm did not destroy the wall," Ada Brook said.""",
    "odd": """\
Ada Brook said on 29 February that the bridge collapsed in Odense. The bridge collapsed in the \
evening.""",
}


@contextmanager
def archive_of_reports(folder: Path) -> Iterator[Archive]:
    """The archive of the four, in a new ``folder``."""
    letters = folder / "reports"
    letters.mkdir()
    for name, text in TEXTS.items():
        (letters / f"{name}.txt").write_text(text, encoding="utf-8")
        lines = (f"{key} = {json.dumps(value)}\n" for key, value in METADATA[name].items())
        (letters / f"{name}.txt.meta.toml").write_text("".join(lines), encoding="utf-8")
    with open_archive(folder / "archive", create=True) as archive:
        outcomes = list(archive.ingest([letters]))
        assert [each.result for each in outcomes] == ["stored"] * len(TEXTS), outcomes
        _link(archive)
        yield archive


def found(archive: Archive, pattern: str) -> list[str]:
    """The IRIs ``?x`` of a pattern."""
    rows = json.loads(
        archive.query(f"SELECT DISTINCT ?x {{ {pattern} }} ORDER BY ?x", format="json").body
    )
    return [row["x"]["value"] for row in rows["results"]["bindings"]]


def statement(archive: Archive, words: str) -> str:
    """The statement whose content has the words."""
    (one,) = found(archive, f'?x tst:content ?c FILTER(CONTAINS(?c, "{words}"))')
    return one


def _link(archive: Archive) -> None:
    events = found(archive, '?x a tst:Event ; rdfs:label ?l FILTER(STRSTARTS(?l, "destroyed "))')
    brooks = found(archive, '?x a tst:Person ; rdfs:label "Ada Brook"')
    linds = found(archive, "?x a tst:Actor ; tst:name 'Bo Lind'")
    same = {iri(each): iri(group[0]) for group in (events, brooks, linds) for each in group}
    graph = archive.iris.entities_graph
    with archive.writer() as writer:
        merged = _merged(writer.graph(graph), same)
        relations = _relations(archive)
        writer.replace({graph: merged, archive.iris.relations_graph: relations})
        writer.flush()
        writer.published()


def _merged(entities: Graph, same: dict[Term, Term]) -> Graph:
    """Each entity is the first of those it is the same as, whose label alone is kept."""
    dropped = {each for each, kept in same.items() if each != kept}
    return frozenset(
        (s, p, same.get(o, o)) for s, p, o in entities if not (s in dropped and p != TST.sameEntity)
    )


def _relations(archive: Archive) -> Graph:
    gazette = statement(archive, "that the storm destroyed 12 boats")
    courier = statement(archive, "destroyed 30 boats")
    herald = statement(archive, "The storm destroyed 12 boats")
    again = statement(archive, "did not destroy the wall")
    stated = (
        ("r1", TST.Contradicts, courier, gazette),
        ("r2", TST.Corroborates, herald, gazette),
        ("r3", TST.RespondsTo, again, gazette),
    )
    triples = []
    for name, kind, from_, to in stated:
        relation = iri(archive.iris.relation(name))
        triples += [
            (relation, RDF.type, TST.StatementRelation),
            (relation, TST.relationKind, kind),
            (relation, TST.relationFrom, iri(from_)),
            (relation, TST.relationTo, iri(to)),
            (relation, RDFS.comment, literal("12 boats or 30")),
        ]
    return frozenset(triples)
