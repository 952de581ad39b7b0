"""Moving an archive to another base IRI."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from fakes import DENMARK, FakeReader
from testimonia.catalog import State
from testimonia.errors import ArchiveLocked, UsageError
from testimonia.ingest import Ingestion, Source
from testimonia.library import Archive, open_archive
from testimonia.model import Metadata, Text
from testimonia.settings import Settings
from testimonia.store import Batch, moving
from testimonia.store.reading_view import reading_view

OLD, NEW = "http://localhost:8000/", "https://archive.example/records/"
LETTERS = ("Ada said it rained in Odense.", f"Bo said {OLD} is down in Odense.")


def ingestion(archive: Archive, writer: object) -> Ingestion:
    return Ingestion(
        archive.catalog,
        writer,  # type: ignore[arg-type]
        FakeReader(),
        Settings(),
        lambda _: [DENMARK],
    )


@pytest.fixture
def filled(archive: Archive) -> Archive:
    """Two documents, and what a user put into a graph of their own."""
    with archive.writer() as writer:
        one = ingestion(archive, writer)
        for content in LETTERS:
            text = Text(content, Metadata(), "text/plain")
            list(one.ingest([Source("a.txt", lambda c=content, t=text: (c.encode(), t))]))  # type: ignore[misc]
        (first, _) = archive.catalog.documents(State.STORED)
        mine = (f"<{archive.iris.document(first.id)}>", "<http://purl.org/dc/terms/type>", '"x"')
        writer.apply(Batch(add={"https://user.example/notes": frozenset({mine})}))
    return archive


def exported(archive: Archive) -> list[str]:
    output = io.BytesIO()
    archive.export(output, "nquads")
    return output.getvalue().decode().splitlines()


def renamed(lines: list[str]) -> list[str]:
    return sorted(line.replace(f"<{OLD}", f"<{NEW}") for line in lines)


def test_all_iris_and_only_they_are_renamed(filled: Archive) -> None:
    before = exported(filled)
    assert filled.rebase(NEW) == len(before)
    after = exported(filled)
    assert after == renamed(before)
    assert not any(f"<{OLD}" in line for line in after)
    assert any(OLD in line for line in after), "the words of a document are not renamed"
    assert any(f"<{NEW}" in line and "https://user.example/notes" in line for line in after)


def test_what_is_opened_anew_has_the_new_base_and_goes_on(filled: Archive) -> None:
    filled.rebase(NEW)
    with open_archive(filled.folder) as again:
        assert again.iris.base_iri == NEW
        runs = again.iris.runs_graph
        before = [line for line in exported(again) if runs not in line]
        with again.writer() as writer:
            list(ingestion(again, writer).rederive(again.catalog.documents(), force=True))
        assert [line for line in exported(again) if runs not in line] == before
        with again.view() as view:
            graphs = {name: view.graph(name) for name in view.graphs()}
            assert view.graph("") == reading_view(graphs, again.iris)


def test_queries_see_the_new_names(filled: Archive) -> None:
    filled.query("ASK {}")
    filled.rebase(NEW)
    answer = filled.query("SELECT ?s { ?s a tst:Statement }", format="csv").body.decode()
    assert NEW in answer
    assert OLD not in answer


@pytest.mark.parametrize("renamings", [0, 1])
def test_an_interrupted_move_is_finished_by_the_same_call(
    filled: Archive, monkeypatch: pytest.MonkeyPatch, renamings: int
) -> None:
    before = exported(filled)
    done = 0

    def rename(path: Path, target: Path) -> Path:
        nonlocal done
        if "store" in {path.name, target.name}:
            if done == renamings:
                raise KeyboardInterrupt
            done += 1
        return original(path, target)

    original = Path.rename
    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", rename)
        with pytest.raises(KeyboardInterrupt):
            filled.rebase(NEW)
    with open_archive(filled.folder) as again:
        again.rebase(NEW)
        assert exported(again) == renamed(before)
    assert {each.name for each in filled.folder.iterdir() if each.is_dir()} == {
        "originals",
        "store",
    }


def test_the_same_base_changes_nothing(filled: Archive) -> None:
    before = exported(filled)
    filled.rebase(OLD)
    assert exported(filled) == before


def test_what_is_no_base_is_refused(filled: Archive) -> None:
    with pytest.raises(UsageError, match="not a base IRI"):
        filled.rebase("archive")
    assert filled.iris.base_iri == OLD


def test_nothing_is_moved_while_somebody_writes(filled: Archive) -> None:
    with filled.writer(), pytest.raises(ArchiveLocked):
        filled.rebase(NEW)
    assert filled.catalog.base_iri == OLD


def test_terms_of_a_vocabulary_are_not_ours() -> None:
    from pyoxigraph import NamedNode

    from testimonia.iris import Iris

    rename = moving._renaming(Iris("https://w3id.org/"), Iris(NEW))
    assert rename(NamedNode("https://w3id.org/testimonia#Statement")).value.endswith("#Statement")
    assert rename(NamedNode("https://w3id.org/actor/a")).value == f"{NEW}actor/a"
