"""Authority files in an archive: invented entries, real store, record and indexes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from documents import put as put_plain
from fakes import FakeReader
from testimonia.crossref import authority_graphs
from testimonia.crossref.authorities import Authorities
from testimonia.errors import SourceError, StoreError, UsageError
from testimonia.ingest import Ingestion, Source
from testimonia.library import Archive
from testimonia.model import Metadata, Text
from testimonia.store import Batch
from testimonia.store.embedded import EmbeddedWriter as Writer
from testimonia.terms import iri
from testimonia.vocabulary import DCTERMS

DATA = Path(__file__).parents[1] / "data"
HEADER = "id,label,alt,type,description,begin,end,latitude,longitude,country,same\n"


def put(archive: Archive, content: str, name: str = "a.txt", **stated: Any) -> None:
    """One document, linked to the authorities that are there."""
    text = Text(content, Metadata(**stated), "text/plain")
    with archive.writer() as writer:
        linked = archive._authority_files(writer).link
        run = Ingestion(
            archive.catalog, writer, Two(), archive.settings, lambda _: [], settled=linked
        )
        (outcome,) = run.ingest([Source(name, lambda: (content.encode(), text))])
    assert outcome.result == "stored", outcome


class Two(FakeReader):
    """Reads "Ada Brook said …" as the words of one of two names."""

    def read(self, text: Text) -> Any:
        joined = text.content.replace("Ada Brook", "Ada_Brook").replace("Bo Lind", "Bo_Lind")
        reading = super().read(
            Text(joined.replace("Cy Marsh", "Cy_Marsh"), text.metadata, "text/plain")
        )
        from dataclasses import replace

        actors = tuple(
            replace(
                each,
                label=each.label.replace("_", " "),
                names=tuple(name.replace("_", " ") for name in each.names),
            )
            for each in reading.actors
        )
        return replace(reading, actors=actors)


def table(folder: Path, *lines: str, name: str = "list.csv") -> Path:
    file = folder / name
    file.write_text(HEADER + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return file


def links(archive: Archive) -> dict[str, tuple[str, str]]:
    """Label of the entity to the kind of match and the end of the entry's IRI."""
    query = """
        SELECT ?label ?match ?entry {
            VALUES ?match { skos:exactMatch skos:closeMatch }
            ?link a tst:AuthorityLink ; tst:linkFrom ?x ; tst:linkTo ?entry .
            ?x ?match ?entry ; rdfs:label ?label }"""
    rows = json.loads(archive.query(query, format="json").body)["results"]["bindings"]
    return {
        row["label"]["value"]: (
            row["match"]["value"].rpartition("#")[2],
            row["entry"]["value"].rpartition("/")[2],
        )
        for row in rows
    }


def quads(archive: Archive) -> set[Any]:
    with archive.view() as view:
        runs = archive.iris.runs_graph
        return {each for each in view.quads() if each[0] != runs}


def told(archive: Archive, label: str) -> set[str]:
    query = f"""SELECT ?why {{ ?l tst:linkFrom/rdfs:label "{label}" ; tst:because ?why }}"""
    rows = json.loads(archive.query(query, format="json").body)["results"]["bindings"]
    return {row["why"]["value"] for row in rows}


# ----------------------------------------------------------------------------------- linking


def test_loading_links_what_is_there(archive: Archive) -> None:
    put(archive, "Ada Brook said Odense is cold. Bo Lind said so too.", issued="2031-05-04")
    loaded = archive.load_authority("harbour", [DATA / "harbour-persons.csv"], licence="CC0")
    assert (loaded.entries, loaded.exact, loaded.close) == (6, 2, 0)
    assert links(archive) == {"Ada Brook": ("exactMatch", "p1"), "Odense": ("exactMatch", "g1")}
    assert told(archive, "Ada Brook") == {"the same name: Ada Brook", "the same kind: Person"}
    assert "the same identifier: sws.geonames.org/2615876" in told(archive, "Odense")


def test_a_document_that_comes_later_is_linked_with_it(archive: Archive) -> None:
    archive.load_authority("harbour", [DATA / "harbour-persons.csv"])
    assert links(archive) == {}
    put(archive, "Ada Brook said Odense is cold.")
    assert links(archive) == {"Ada Brook": ("exactMatch", "p1"), "Odense": ("exactMatch", "g1")}


def test_the_order_does_not_matter(tmp_path: Path) -> None:
    from testimonia.library import open_archive

    stores = []
    for first in (True, False):
        with open_archive(tmp_path / str(first), create=True) as archive:
            if first:
                archive.load_authority("harbour", [DATA / "harbour-persons.csv"])
            put(archive, "Ada Brook said Odense is cold.", "a.txt", issued="2031-05-04")
            put(archive, "Bo Lind said rain. Cy Marsh said snow.", "b.txt", issued="2030-01-01")
            if not first:
                archive.load_authority("harbour", [DATA / "harbour-persons.csv"])
            stores.append(quads(archive))
    assert stores[0] == stores[1]


def test_a_link_is_no_reason_for_itself(archive: Archive, tmp_path: Path) -> None:
    put(archive, "Ada Brook said Odense is cold.", issued="2031-05-04")
    archive.load_authority("harbour", [DATA / "harbour-persons.csv"])
    before, why = quads(archive), told(archive, "Ada Brook")
    archive.load_authority("others", [table(tmp_path, "z,Zed Nobody,,Person,,,,,,,")])
    assert told(archive, "Ada Brook") == why
    archive.remove_authority("others")
    assert quads(archive) == before
    assert "the same identifier: sws.geonames.org/2615876" in told(archive, "Odense")


def test_letters_of_another_script_are_no_other_name(archive: Archive, tmp_path: Path) -> None:
    put(archive, "Ada Brook said rain. Bo Lind said snow.")
    archive.load_authority("list", [table(tmp_path, "1,Ада Брук,,Person,,,,,,,")])
    assert links(archive) == {"Ada Brook": ("exactMatch", "1")}


def test_nobody_is_linked_to_one_of_two_of_a_name(archive: Archive) -> None:
    put(archive, "Bo Lind said rain.")
    archive.load_authority("harbour", [DATA / "harbour-persons.csv"])
    assert links(archive) == {}


def test_the_years_of_the_documents_tell_namesakes_apart(archive: Archive, tmp_path: Path) -> None:
    put(archive, "Bo Lind said rain.", issued="2031-05-04")
    born_later = "x,Bo Lind,,Person,,2040,,,,,"
    archive.load_authority("two", [table(tmp_path, "y,Bo Lind,,Person,,1975,,,,,", born_later)])
    assert links(archive) == {"Bo Lind": ("exactMatch", "y")}
    assert told(archive, "Bo Lind") >= {"1 other entry fits less"}


def test_what_is_nothing_but_likely_is_close(archive: Archive, tmp_path: Path) -> None:
    put(archive, "Ada said rain.")
    archive.load_authority("one", [table(tmp_path, "x,Ada,,Person,,,,,,,")])
    assert links(archive) == {}  # too many are called so
    archive.load_authority(
        "one",
        [
            table(tmp_path, "x,Ada,,Person,,,,,,,"),
        ],
    )
    place = table(tmp_path, "o,Odense,,Place,,,,,,,", name="places.csv")
    put(archive, "Ada said Odense is cold.", "b.txt")
    archive.load_authority("places", [place])
    assert links(archive) == {"Odense": ("closeMatch", "o")}


def test_a_person_is_no_place(archive: Archive, tmp_path: Path) -> None:
    put(archive, "Ada Brook said rain.")
    archive.load_authority("one", [table(tmp_path, "x,Ada Brook,,Place,,,,,,,")])
    assert links(archive) == {}


def test_no_entity_is_ever_the_same_as_another_thing(archive: Archive) -> None:
    put(archive, "Ada Brook said Odense is cold.")
    archive.load_authority("harbour", [DATA / "harbour-persons.csv", DATA / "harbour-persons.ttl"])
    same = "<http://www.w3.org/2002/07/owl#sameAs>"
    assert not [triple for _, triple in quads(archive) if triple[1] == same]


def test_links_go_with_their_document(archive: Archive) -> None:
    empty = quads_after(archive, load=True)
    put(archive, "Ada Brook said Odense is cold.")
    (record,) = archive.catalog.documents()
    archive.remove(record.id)
    assert links(archive) == {}
    assert quads(archive) == empty


def quads_after(archive: Archive, *, load: bool) -> set[Any]:
    if load:
        archive.load_authority("harbour", [DATA / "harbour-persons.csv"])
    return quads(archive)


def test_an_authority_is_taken_out_without_a_trace(archive: Archive) -> None:
    put(archive, "Ada Brook said Odense is cold.")
    before = quads(archive)
    archive.load_authority("harbour", [DATA / "harbour-persons.csv"])
    assert quads(archive) != before
    assert archive.remove_authority("harbour") == 2
    assert quads(archive) == before
    assert archive.authorities() == ()
    originals = [each for each in (archive.folder / "originals").rglob("*") if each.is_file()]
    assert len(originals) == 1  # the document's
    with pytest.raises(UsageError, match="no authority 'harbour'"):
        archive.remove_authority("harbour")


# ----------------------------------------------------------------------------------- loading


def test_the_view_has_the_links_and_not_the_labels(archive: Archive) -> None:
    put(archive, "Ada Brook said Odense is cold.")
    archive.load_authority("harbour", [DATA / "harbour-persons.csv"], licence="CC0")
    with archive.view() as view:
        graph = view.graph(archive.iris.authority_graph("harbour"))
        assert not graph & view.graph("")
        node = iri(archive.iris.authority_graph("harbour"))
        assert (node, DCTERMS.rights, '"CC0"') in graph
        assert (node, DCTERMS.source, '"harbour-persons.csv"') in graph


def test_rdf_and_wikidata_are_read_too(archive: Archive) -> None:
    put(archive, "Ada Brook said Odense is cold.")
    assert archive.load_authority("skos", [DATA / "harbour-persons.ttl"]).entries == 2
    assert archive.load_authority("wikidata", [DATA / "harbour-wikidata.json"]).entries == 2
    query = """SELECT ?label ?entry { ?x rdfs:label ?label ; skos:exactMatch ?entry
        FILTER(!CONTAINS(STR(?entry), "geonames")) } ORDER BY ?label ?entry"""
    rows = json.loads(archive.query(query, format="json").body)["results"]["bindings"]
    assert [(row["label"]["value"], row["entry"]["value"]) for row in rows] == [
        ("Ada Brook", "http://www.wikidata.org/entity/Q900001"),
        ("Ada Brook", "https://names.example/brook"),
        ("Odense", "http://www.wikidata.org/entity/Q900002"),
    ]


def test_loading_again_changes_what_differs_and_nothing_else(
    archive: Archive, tmp_path: Path
) -> None:
    put(archive, "Ada Brook said rain.")
    first = table(tmp_path, "x,Ada Brook,,Person,,,,,,,", "y,Cy Marsh,,Person,,,,,,,")
    archive.load_authority("list", [first])
    again = archive.load_authority("list", [first])
    assert (again.added, again.removed) == (0, 0)
    second = table(tmp_path, "x,Ada Brook,,Person,,,,,,,", "z,Di Marsh,,Person,,,,,,,")
    changed = archive.load_authority("list", [second])
    assert changed.entries == 2
    assert (changed.added, changed.removed) == (5, 5)  # four of the entry, the file's hash
    assert links(archive) == {"Ada Brook": ("exactMatch", "x")}


def test_a_bad_line_is_told_and_nothing_is_lost(archive: Archive, tmp_path: Path) -> None:
    archive.load_authority("list", [table(tmp_path, "x,Ada Brook,,Person,,,,,,,")])
    before = quads(archive)
    bad = table(tmp_path, "x,Ada Brook,,Person,,,,,,,", "y,,,Person,,,,,,,", "z,Z,,Robot,,,,,,,")
    with pytest.raises(SourceError, match=r"line 3: no label(.|\n)*line 4: type 'Robot'"):
        archive.load_authority("list", [bad])
    assert quads(archive) == before
    loaded = archive.load_authority("list", [bad], skip_bad_lines=True)
    assert (loaded.entries, loaded.left_out) == (1, 2)


def test_a_load_that_was_cut_short_is_done_again(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_plain(archive, "Ada said rain.")

    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Authorities, "_link_all", fail)
        with pytest.raises(KeyboardInterrupt):
            archive.load_authority("harbour", [DATA / "harbour-persons.csv"])
    assert [each.complete for each, _ in archive.authorities()] == [False]
    with archive.writer() as writer:
        archive._authority_files(writer).settle()
    ((authority, entries),) = archive.authorities()
    assert (authority.complete, entries) == (True, 6)


def test_readers_have_the_old_until_the_new_is_whole(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(archive, "Ada Brook said rain.")
    archive.load_authority("list", [table(tmp_path, "x,Ada Brook,,Person,,,,,,,")])
    old = published(archive)
    many = [f"n{at},Name {at} Marsh,,Person,,,,,,," for at in range(8)]
    new = table(tmp_path, "y,Ada Brook,,Person,,,,,,,", *many)
    seen: list[set[str]] = []
    whole = Writer.apply

    def cut(writer: Writer, batch: Batch) -> bool:
        seen.append(published(archive))
        if len(seen) == 3:
            raise KeyboardInterrupt
        return whole(writer, batch)

    monkeypatch.setattr(authority_graphs, "_AT_ONCE", 5)
    with monkeypatch.context() as patch:
        patch.setattr(Writer, "apply", cut)
        with pytest.raises(KeyboardInterrupt):
            archive.load_authority("list", [new])
    assert seen == [old] * 3
    assert published(archive) == old
    with monkeypatch.context() as patch:  # whoever writes next does it again, or publishes nothing
        patch.setattr(Authorities, "_store", refuse)
        with archive.writer() as writer:
            assert writer.is_withheld()
    assert published(archive) == old
    with archive.writer() as writer:
        assert not writer.is_withheld()
    assert published(archive) == {"y", *(f"n{at}" for at in range(8)), "exactMatch y"}
    assert links(archive) == {"Ada Brook": ("exactMatch", "y")}


def refuse(*_: object) -> None:
    raise StoreError("the disk is full")


def published(archive: Archive) -> set[str]:
    """The entries that a reader finds, and the links to them."""
    query = """SELECT ?x ?match {
        { GRAPH ?g { ?x a tst:Person } FILTER(CONTAINS(STR(?g), "authority/")) }
        UNION { ?who ?match ?x VALUES ?match { skos:exactMatch } ?link tst:linkTo ?x } }"""
    rows = json.loads(archive.query(query, format="json").body)["results"]["bindings"]
    return {
        " ".join(
            row[name]["value"].replace("#", "/").rpartition("/")[2]
            for name in ("match", "x")
            if name in row
        )
        for row in rows
    }


def test_a_store_that_was_lost_has_its_authorities_again(archive: Archive) -> None:
    put(archive, "Ada Brook said Odense is cold.")
    archive.load_authority("harbour", [DATA / "harbour-persons.csv"])
    with archive.view() as view:
        graph = view.graph(archive.iris.authority_graph("harbour"))
    shutil.rmtree(archive.folder / "store")
    with archive.writer() as writer:
        archive._authority_files(writer).settle()
        assert writer.graph(archive.iris.authority_graph("harbour")) == graph


def test_a_backup_has_the_files(archive: Archive, tmp_path: Path) -> None:
    from testimonia.library import open_archive, restore

    put(archive, "Ada Brook said Odense is cold.")
    archive.load_authority("harbour", [DATA / "harbour-persons.csv"])
    archive.backup(tmp_path / "backup")
    restore(tmp_path / "backup", tmp_path / "again")
    with open_archive(tmp_path / "again") as again:
        assert quads(again) == quads(archive)
        again.prepare()
        assert [entries for _, entries in again.authorities()] == [6]
        (authority, _) = again.authorities()[0]
        assert again.catalog.original(authority.files[0].original).is_file()


@pytest.mark.parametrize("name", ["", "a b", "a/b", "ü"])
def test_a_name_is_one(archive: Archive, name: str) -> None:
    with pytest.raises(UsageError, match="cannot name an authority"):
        archive.load_authority(name, [DATA / "harbour-persons.csv"])
