"""Archives whose graph is in a store elsewhere: the same commands, the same answers."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from endpoints_running import emptied, free_port, oxigraph
from servers import serving
from testimonia import stores
from testimonia.endpoints.address import parse
from testimonia.errors import ArchiveError, QueryError, SettingsError, StoreError, UsageError
from testimonia.library import Archive, import_package, open_archive, restore

ROOT = Path(__file__).parents[2]
QUERIES = sorted((ROOT / "docs" / "queries").glob("*.rq"))
KINDS = ("oxigraph", pytest.param("virtuoso", marks=pytest.mark.slow))
LETTERS = {
    "tuesday": "The mayor of Riga, Anna Berzina, said on Tuesday that the bridge was unsafe. "
    "Local residents said that twelve people were hurt in Riga on 3 May 2021.",
    "reply": "“The bridge is safe,” the ministry said on 4 May 2021. According to Anna Berzina, "
    "the ministry had never inspected it. She told reporters in Paris that she would resign.",
    "market": "Officials in Paris said that thirty people were hurt at the market. The minister "
    "denied that anyone had been arrested in Kyiv.",
}

Server = Callable[[str], str]


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with its graph in its own folder: the seeds and some letters."""
    folder = tmp_path_factory.mktemp("original")
    letters = folder / "letters"
    letters.mkdir()
    for name, text in LETTERS.items():
        (letters / f"{name}.txt").write_text(text)
    with open_archive(folder / "archive", create=True) as archive:
        outcomes = list(archive.ingest([ROOT / "seeds", letters]))
        assert {outcome.result for outcome in outcomes} == {"stored"}, outcomes
    return folder / "archive"


@pytest.fixture(params=KINDS)
def address(request: pytest.FixtureRequest, servers: Server) -> str:
    found = servers(str(request.param))
    emptied(found)
    return found


def exported(archive: Archive) -> bytes:
    output = io.BytesIO()
    archive.export(output, "nquads")
    return output.getvalue()


def moved(original: Path, folder: Path, address: str) -> Archive:
    shutil.copytree(original, folder)
    archive = open_archive(folder)
    stores.move(folder / "store", archive.catalog, archive.iris, address)
    return archive


def answer(archive: Archive, query: str) -> list[list[str]]:
    if re.search(r"^CONSTRUCT", query, re.MULTILINE):
        body = archive.evaluator.evaluate(query, format_="ntriples").body.decode()
        return sorted([line] for line in body.splitlines())
    body = archive.evaluator.evaluate(query, format_="csv").body.decode()
    rows = list(csv.reader(io.StringIO(body)))
    # In which order GROUP_CONCAT joins is left open.
    joined = [[" | ".join(sorted(cell.split(" | "))) for cell in row] for row in rows]
    return [joined[0], *sorted(joined[1:])]


def test_competency_questions_have_the_same_answers(
    original: Path, tmp_path: Path, address: str
) -> None:
    with open_archive(original) as here, moved(original, tmp_path / "there", address) as there:
        assert exported(there) == exported(here)
        for file in QUERIES:
            query = file.read_text(encoding="utf-8")
            assert answer(there, query) == answer(here, query), file.stem


def test_documents_are_read_replaced_and_removed_there(tmp_path: Path, address: str) -> None:
    folder = tmp_path / "letters"
    folder.mkdir()
    for name, text in LETTERS.items():
        (folder / f"{name}.txt").write_text(text)
    here = open_archive(tmp_path / "here", create=True)
    there = open_archive(tmp_path / "there", create=True, store=address)
    with here, there:
        for archive in (here, there):
            assert {each.result for each in archive.ingest([folder])} == {"stored"}
            assert {each.result for each in archive.ingest([folder])} == {"unchanged"}
            first, second, _ = [record.id for record in archive.catalog.documents()]
            archive.edit(first, {"issued": "2021-05-05"})
            archive.remove(second)
        assert without_runs(there) == without_runs(here)
        assert all(report.conforms for _, report in there.validate())
    # Later commands find it without being told.
    with open_archive(tmp_path / "there") as again:
        assert again.store == address
        assert b"Riga" in again.query("SELECT ?n { ?p rdfs:label ?n }", format="csv").body
        assert {each.result for each in again.rebuild()} == {"stored"}
        found = again.query('SELECT ?t { ?t tst:matches "bridge" }', format="json").body
        assert json.loads(found)["results"]["bindings"]


def without_runs(archive: Archive) -> set[bytes]:
    """Clock times stand there alone."""
    return {line for line in exported(archive).splitlines() if b"graph/runs>" not in line}


def test_a_graph_comes_home_again(original: Path, tmp_path: Path, address: str) -> None:
    with moved(original, tmp_path / "there", address) as archive:
        before = exported(archive)
        outcomes = list(archive.rebuild(changed=True, store="embedded"))
        assert {outcome.result for outcome in outcomes} == {"unchanged"}
        assert archive.store == "embedded"
        assert exported(archive) == before
        assert b"Anna Berzina" in archive.query("SELECT ?n { ?p rdfs:label ?n }").body


def test_what_users_put_into_a_new_archive_comes_along(tmp_path: Path, address: str) -> None:
    mine = "https://elsewhere.example/mine"
    with open_archive(tmp_path / "a", create=True) as archive:
        with archive.writer():
            pass
        archive.import_graph(b"<a:s> <a:p> 'mine' .", "text/turtle", mine)
    with open_archive(tmp_path / "a", store=address) as again:
        with again.view() as view:
            assert mine in view.graphs()
        assert again.store == address
        assert again.import_graph(b"<a:s> <a:p> 'more' .", "text/turtle", f"{mine}/2")
        assert b"more" in again.query("SELECT ?o { GRAPH ?g { <a:s> <a:p> ?o } }").body


def test_a_backup_is_whole_in_itself(original: Path, tmp_path: Path, address: str) -> None:
    with moved(original, tmp_path / "there", address) as archive:
        before = exported(archive)
        archive.backup(tmp_path / "backup")
        archive.package(tmp_path / "package", "archive")
    restore(tmp_path / "backup", tmp_path / "restored")
    import_package(tmp_path / "package", tmp_path / "imported")
    for copy in ("restored", "imported"):
        with open_archive(tmp_path / copy) as again:
            assert again.store == "embedded"
            assert again.catalog.setting("store_id") is None
            assert exported(again) == before


def test_queries_are_held_to_the_same_rules(original: Path, tmp_path: Path, address: str) -> None:
    with moved(original, tmp_path / "there", address) as archive:
        for query, why in (
            ("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", "SERVICE is not allowed"),
            ("SELECT * { ?s ?p }", "syntax error"),
            ("ASK { FILTER (tst:edtfBefore('2020', '2021')) }", "Testimonia's own store"),
        ):
            with pytest.raises(UsageError, match=why):
                archive.query(query)
        names = archive.query("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }", format="csv").body
        with archive.view() as view:
            assert set(names.decode().split()) == {"g", *view.graphs()}
        for form, format_, kind in (
            ("SELECT ?s { ?s a tst:Statement }", "xml", "application/sparql-results+xml"),
            ("CONSTRUCT { ?s a ?c } WHERE { ?s a ?c }", "jsonld", "application/ld+json"),
            ("ASK { ?s a tst:Statement }", "json", "application/sparql-results+json"),
        ):
            assert archive.query(form, format=format_).media_type == kind


@pytest.mark.slow
def test_what_virtuoso_would_spoil_is_refused(
    original: Path, tmp_path: Path, servers: Server
) -> None:
    address = servers("virtuoso")
    emptied(address)
    with moved(original, tmp_path / "there", address) as archive:
        with pytest.raises(QueryError, match="spoils the separator"):
            archive.query('SELECT (GROUP_CONCAT(?n; SEPARATOR=" · ") AS ?x) { ?s rdfs:label ?n }')
        everything = "SELECT * { ?a rdfs:label ?n . ?b rdfs:label ?m }"
        with pytest.raises(QueryError, match="at most 10000 rows"):
            archive.query(everything)
        with pytest.raises(QueryError, match="at most 10,000 triples"):
            archive.query(
                "CONSTRUCT { ?a rdfs:seeAlso ?b } WHERE { ?a rdfs:label ?n . ?b rdfs:label ?m }"
            )


def test_a_server_serves_it(original: Path, tmp_path: Path, address: str) -> None:
    moved(original, tmp_path / "there", address).close()
    mine = "https://elsewhere.example/mine"
    with (
        serving("--archive", str(tmp_path / "there"), "--write-open") as served,
        served.client() as client,
    ):
        rows = client.get(
            "/sparql",
            params={"query": "SELECT ?s { ?s a <https://w3id.org/testimonia#Statement> }"},
            headers={"Accept": "text/csv"},
        )
        statement = rows.text.split()[1].removeprefix("http://localhost:8000")
        for path in ("/", statement, "/api/documents", "/.well-known/void", "/readyz"):
            assert client.get(path).status_code == 200, path
        found = client.get("/search", params={"q": "bridge"})
        assert found.status_code in (200, 404)
        client.put(
            "/rdf-graph-store",
            params={"graph": mine},
            content="<a:s> <a:p> 'one', 'two' .",
            headers={"Content-Type": "text/turtle"},
        ).raise_for_status()
        inserted = f"INSERT DATA {{ GRAPH <{mine}> {{ <a:s> <a:p> 'three' }} }}"
        client.post("/sparql", data={"update": inserted}).raise_for_status()
        graph = client.get("/rdf-graph-store", params={"graph": mine})
        assert all(each in graph.text for each in ("one", "two", "three"))
        for update, status in (
            ("INSERT DATA { <a:s> <a:p> 'x' }", 403),
            ("INSERT DATA { GRAPH <http://localhost:8000/graph/view> { <a:s> <a:p> 1 } }", 403),
            (f"INSERT {{ GRAPH <{mine}> {{ ?s ?p ?o }} }} WHERE {{ ?s ?p ?o }}", 400),
        ):
            assert client.post("/sparql", data={"update": update}).status_code == status
        client.delete("/rdf-graph-store", params={"graph": mine}).raise_for_status()
        gone = client.get("/rdf-graph-store", params={"graph": mine})
        assert gone.status_code == 404


# -------------------------------------------------------------------------------- what goes wrong


def test_a_store_that_is_not_there(tmp_path: Path) -> None:
    nowhere = f"sparql+http://127.0.0.1:{free_port()}/query"
    with open_archive(tmp_path / "a", create=True, store=nowhere) as archive:
        with pytest.raises(StoreError, match="cannot be reached"), archive.writer():
            pass
        assert archive.store == "embedded"  # nothing was recorded


def test_a_store_that_goes_away_and_comes_again(tmp_path: Path) -> None:
    port = free_port()
    letter = tmp_path / "letter.txt"
    letter.write_text(LETTERS["reply"])
    with open_archive(tmp_path / "a", create=True, store=_at(port)) as archive:
        with oxigraph(tmp_path / "data", port):
            assert [each.result for each in archive.ingest([letter])] == ["stored"]
            before = exported(archive)
        with pytest.raises(StoreError, match="cannot be reached"):
            archive.query("ASK { ?s ?p ?o }")
        with pytest.raises(StoreError, match="cannot be reached"), archive.writer():
            pass
        with oxigraph(tmp_path / "data", port):
            assert exported(archive) == before


def _at(port: int) -> str:
    return f"sparql+http://127.0.0.1:{port}/query"


def test_a_store_with_something_else(tmp_path: Path, servers: Server) -> None:
    address = servers("oxigraph")
    emptied(address)
    httpx.post(
        parse(address).query.replace("/query", "/update"),
        content="INSERT DATA { GRAPH <https://elsewhere.example/g> { <a:s> <a:p> 'theirs' } }",
        headers={"Content-Type": "application/sparql-update"},
    ).raise_for_status()
    with (
        open_archive(tmp_path / "a", create=True, store=address) as archive,
        pytest.raises(ArchiveError, match="holds something else"),
        archive.writer(),
    ):
        pass


def test_a_store_of_another_archive(tmp_path: Path, servers: Server) -> None:
    address = servers("oxigraph")
    emptied(address)
    with open_archive(tmp_path / "a", create=True, store=address) as one, one.writer():
        pass
    with (
        open_archive(tmp_path / "b", create=True, store=address) as other,
        pytest.raises(ArchiveError, match="another archive"),
        other.writer(),
    ):
        pass


def test_a_graph_is_not_left_behind_unseen(original: Path, tmp_path: Path) -> None:
    shutil.copytree(original, tmp_path / "a")
    with (
        open_archive(tmp_path / "a", store="sparql+http://127.0.0.1:1/") as archive,
        pytest.raises(ArchiveError, match="rebuild --store"),
        archive.view(),
    ):
        pass


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("http://127.0.0.1/", "it is written sparql"),
        ("sparql+ftp://127.0.0.1/", "it is written sparql"),
        ("sparql+http://me:secret@127.0.0.1/", "environment"),
        ("sparql+http://127.0.0.1/#kind=excel", "no kind of store"),
        ("sparql+http://127.0.0.1/#upload=/x", "no option"),
    ],
)
def test_an_address_that_is_none(written: str, why: str) -> None:
    with pytest.raises(SettingsError, match=why) as raised:
        parse(written)
    assert "secret" not in str(raised.value)


def test_endpoints_may_stand_anywhere() -> None:
    found = parse("sparql+https://h.example/a/query#kind=fuseki&update=/b/update&graph-store=data")
    assert found.query == "https://h.example/a/query"
    assert found.update == "https://h.example/b/update"
    assert found.graph_store == "https://h.example/a/data"


def test_the_command_line_speaks_of_it(tmp_path: Path, servers: Server) -> None:
    address = servers("oxigraph")
    emptied(address)
    letter = tmp_path / "letter.txt"
    letter.write_text(LETTERS["reply"])

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "testimonia", *words, "--archive", str(tmp_path / "a")],
            capture_output=True,
            text=True,
            timeout=120,
            env={**os.environ, "COLUMNS": "200"},
        )

    assert run("ingest", str(letter), "--store", address).returncode == 0
    assert address in run("stats").stderr
    nowhere = run("query", "ASK { ?s ?p ?o }", "--store", "sparql+http://127.0.0.1:1/")
    assert nowhere.returncode == 3
    assert "rebuild --store" in nowhere.stderr
    rebased = run("rebase", "https://elsewhere.example/")
    assert rebased.returncode == 2
    assert "--store embedded" in rebased.stderr


def test_errors_of_queries_are_the_querys(original: Path, tmp_path: Path, servers: Server) -> None:
    address = servers("oxigraph")
    emptied(address)
    with (
        moved(original, tmp_path / "there", address) as archive,
        pytest.raises(QueryError, match="there are no words"),
    ):
        archive.query('SELECT ?t { ?t tst:matches "(" }')


def test_the_commands_of_the_documentation_run(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "stores.md").read_text(encoding="utf-8")
    shown = "".join(re.findall(r"^```sh\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)).splitlines()
    server, commands = shown[0], shown[1:]
    assert server.split()[0] == "oxigraph"
    assert all(each.startswith("testimonia ") for each in commands)
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    port = free_port()
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    with oxigraph(tmp_path / "graph", port):
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", "\n".join(commands).replace("7878", str(port))],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=180,
            env={**os.environ, "PATH": path, "COLUMNS": "200"},
        )
    assert done.returncode == 0, done.stderr
    assert "Vladimir Putin" in done.stdout
    assert f"http://127.0.0.1:{port}/query" in done.stderr
