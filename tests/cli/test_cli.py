"""The command line as its users meet it: real processes, messages, exit codes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from testimonia.catalog import Catalog
from testimonia.library import Archive, open_archive

LETTER = (
    'Mayor Ada Moss said on Friday that the harbour of Odense is shut. "We are patient," she said.'
)


def run(*words: str, cwd: Path, stdin: str = "", **extra: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "testimonia", *words],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "COLUMNS": "200", **extra},
        check=False,
    )


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a letter and the archive that was made of it."""
    folder = tmp_path_factory.mktemp("cli")
    (folder / "letter.txt").write_text(LETTER)
    made = run("ingest", "letter.txt", "--meta", "issued=2025-12-12", cwd=folder)
    assert made.returncode == 0, made.stderr
    assert "1 stored" in made.stderr
    assert made.stdout == ""
    return folder


def test_help_names_every_command(tmp_path: Path) -> None:
    shown = run("--help", cwd=tmp_path)
    assert shown.returncode == 0
    for command in ("ingest", "read", "query", "serve", "export", "validate", "rebuild", "stats"):
        assert f" {command} " in shown.stdout
    assert "Exit codes" in shown.stdout


def test_every_command_explains_itself(tmp_path: Path) -> None:
    for command in ("init", "ingest", "read", "query", "serve", "export", "remove", "edit"):
        shown = run(command, "--help", cwd=tmp_path)
        assert shown.returncode == 0
        assert "Usage" in shown.stdout


def test_a_query_in_each_format(workplace: Path) -> None:
    query = "SELECT ?who { ?s tst:cue 'say' ; tst:speaker/rdfs:label ?who } ORDER BY ?who LIMIT 1"
    answer = run("query", query, "--format", "json", cwd=workplace)
    bindings = json.loads(answer.stdout)["results"]["bindings"]
    assert [row["who"]["value"] for row in bindings] == ["Ada Moss"]
    assert run("query", query, "--format", "csv", cwd=workplace).stdout.split() == [
        "who",
        "Ada",
        "Moss",
    ]
    assert "Ada Moss" in run("query", query, cwd=workplace).stdout
    yes = run("query", "ASK { ?s a tst:Statement }", cwd=workplace)
    assert yes.stdout.strip() == "yes"


def test_a_query_from_a_file_and_from_input(workplace: Path) -> None:
    query = "SELECT (COUNT(*) AS ?n) { ?s a tst:Statement }"
    (workplace / "count.rq").write_text(query)
    from_file = run("query", "count.rq", "-f", "csv", cwd=workplace)
    assert from_file.stdout == run("query", "-", "-f", "csv", cwd=workplace, stdin=query).stdout
    assert int(from_file.stdout.split()[1]) >= 2


def test_a_table_goes_to_standard_output_and_the_rest_to_error(workplace: Path) -> None:
    answer = run("query", "SELECT ?c { ?s tst:content ?c }", cwd=workplace)
    assert "┃ c" in answer.stdout
    assert "rows" in answer.stderr


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT ?x { ?x ?p", "expected"),
        ("nosuchfile.rq", "no file of that name"),
        ("SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", "SERVICE"),
    ],
)
def test_a_wrong_query_is_wrong_use(workplace: Path, query: str, said: str) -> None:
    answer = run("query", query, cwd=workplace)
    assert answer.returncode == 2
    assert said in answer.stderr
    assert "Traceback" not in answer.stderr


def test_export_is_the_same_each_time(workplace: Path) -> None:
    first = run("export", cwd=workplace).stdout
    assert first == run("export", cwd=workplace).stdout
    assert first.count("\n") > 100
    written = run("export", "--output", "all.nq", cwd=workplace)
    assert written.returncode == 0
    assert (workplace / "all.nq").read_text() == first


def test_validate_and_stats(workplace: Path) -> None:
    assert "0 do not conform" in run("validate", cwd=workplace).stderr
    assert "statements" in run("stats", cwd=workplace).stdout
    assert "letter.txt" in run("stats", "--documents", cwd=workplace).stdout


def test_read_prints_a_line_a_document(workplace: Path) -> None:
    read = run("read", "letter.txt", cwd=workplace)
    line = json.loads(read.stdout)
    contents = [each["content"] for each in line["attributions"]]
    assert [0, 14] not in contents
    (start, end) = next(each["source"][0] for each in line["attributions"] if each["source"])
    assert LETTER[start:end] == "Mayor Ada Moss"
    assert set(line) == {
        "id",
        "attributions",
        "actors",
        "toponyms",
        "timexes",
        "entities",
        "events",
    }


def test_read_takes_json_lines(workplace: Path) -> None:
    given = {"id": "x", "text": LETTER, "dct": "2025-12-12"}
    (workplace / "in.jsonl").write_text(json.dumps(given) + "\n\n")
    read = run("read", "--jsonl", "in.jsonl", cwd=workplace)
    line = json.loads(read.stdout)
    assert line["id"] == "x"
    assert [each["value"] for each in line["timexes"]] == ["2025-12-12"]


@pytest.mark.parametrize(
    ("content", "said"), [("{", "in.jsonl:1"), ("[1]", "in.jsonl:1"), ('{"id": 1}', "in.jsonl:1")]
)
def test_broken_json_lines_name_the_line(tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "in.jsonl").write_text(content)
    read = run("read", "--jsonl", "in.jsonl", cwd=tmp_path)
    assert read.returncode == 2
    assert said in read.stderr


BAD_FILES = {
    "endless.txt": (b"The harbour is shut and " * 220_000, "split it"),
    "empty.txt": (b"", "is empty"),
    "binary.txt": (bytes(range(256)) * 8, "binary"),
    "numbers.txt": (b"12 34 -- 56\n", "sentence"),
    "german.txt": (
        "Der Bürgermeister sagte am Freitag, dass der Hafen geschlossen bleibt, weil das "
        "Eis noch zu dick ist und die Schiffe nicht auslaufen können.".encode(),
        "--force",
    ),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_fails_and_the_good_one_is_stored(tmp_path: Path, name: str) -> None:
    content, said = BAD_FILES[name]
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / name).write_bytes(content)
    (folder / "letter.txt").write_text(LETTER)
    done = run("ingest", "in", cwd=tmp_path)
    assert done.returncode == 1
    assert name in done.stderr.replace("\n", "")
    assert said in done.stderr
    assert "1 stored" in done.stderr
    assert "1 failed" in done.stderr


def test_a_foreign_text_is_read_when_forced(tmp_path: Path) -> None:
    (tmp_path / "german.txt").write_bytes(BAD_FILES["german.txt"][0])
    done = run("ingest", "german.txt", "--force", cwd=tmp_path)
    assert done.returncode == 0, done.stderr


def test_a_path_that_does_not_exist(tmp_path: Path) -> None:
    done = run("ingest", "nowhere", cwd=tmp_path)
    assert done.returncode == 2
    assert "nowhere" in done.stderr
    assert not (tmp_path / "archive").exists()


def test_a_broken_sidecar_fails_its_document(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text(LETTER)
    (tmp_path / "letter.txt.meta.toml").write_text("titel = 'x'")
    done = run("ingest", "letter.txt", cwd=tmp_path)
    assert done.returncode == 1
    assert "titel" in done.stderr
    assert "letter.txt.meta.toml" in done.stderr


@pytest.mark.parametrize("meta", ["issued=yesterday", "colour=red", "title"])
def test_wrong_metadata_is_wrong_use(tmp_path: Path, meta: str) -> None:
    (tmp_path / "letter.txt").write_text(LETTER)
    done = run("ingest", "letter.txt", "--meta", meta, cwd=tmp_path)
    assert done.returncode == 2
    assert meta.split("=", maxsplit=1)[0] in done.stderr


def test_no_archive(tmp_path: Path) -> None:
    for words in (("query", "ASK {}"), ("export",), ("serve",), ("rebuild",)):
        done = run(*words, cwd=tmp_path)
        assert done.returncode == 3, words
        assert "testimonia ingest" in done.stderr


def test_a_folder_that_is_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text(LETTER)
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive" / "holiday.jpg").write_text("mine")
    done = run("ingest", "letter.txt", cwd=tmp_path)
    assert done.returncode == 3
    assert "not empty and is no archive" in done.stderr
    assert [each.name for each in (tmp_path / "archive").iterdir()] == ["holiday.jpg"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nosuch",), "'nosuch'; see `testimonia --help`"),
        (("query",), "'sparql'; see `testimonia query --help`"),
        (("ingest", "--papyrus", "letter.txt"), "--papyrus; see `testimonia ingest --help`"),
        (("serve", "--port", "99999"), "'--port'"),
        (("export", "--format", "papyrus"), "'papyrus' is not one of"),
    ],
)
def test_wrong_use_is_one_line(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    done = run(*words, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("testimonia: ")
    assert done.stderr.count("\n") == 1
    assert said in done.stderr


def test_a_file_for_an_archive(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text(LETTER)
    done = run("ingest", "letter.txt", "--archive", "letter.txt", cwd=tmp_path)
    assert done.returncode == 3
    assert "letter.txt is a file, not an archive" in done.stderr


def test_messages_are_whole_lines_in_a_log(tmp_path: Path) -> None:
    name = "a-name-that-is-long-" * 5 + "[b].txt"
    (tmp_path / name).write_text("")
    done = run("ingest", name, cwd=tmp_path, COLUMNS="40")
    assert done.returncode == 1
    assert f"failed {name}: {name} is empty; give a file with text in it\n" in done.stderr


def test_an_archive_in_use_says_by_whom(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text(LETTER)
    with archive.writer():
        done = run("ingest", "letter.txt", "--archive", str(archive.folder), cwd=tmp_path)
    assert done.returncode == 3
    assert str(os.getpid()) in done.stderr


def test_a_query_works_while_the_archive_is_being_written(workplace: Path) -> None:
    with open_archive(workplace / "archive") as opened, opened.writer():
        answer = run("query", "ASK { ?s a tst:Statement }", cwd=workplace)
    assert answer.stdout.strip() == "yes"


def test_init_fixes_the_base(tmp_path: Path) -> None:
    made = run("init", "--base-iri", "https://example.org/a/", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    assert Catalog.open(tmp_path / "archive").base_iri == "https://example.org/a/"
    assert run("init", cwd=tmp_path).returncode == 3
    assert run("init", "--archive", "b", "--base-iri", "nonsense", cwd=tmp_path).returncode == 2


def test_an_interrupted_ingestion_keeps_what_is_finished(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(200):
        (folder / f"{number:03}.txt").write_text(f"{LETTER} {number} ships left.")
    process = subprocess.Popen(
        [sys.executable, "-m", "testimonia", "ingest", "in"],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        originals = tmp_path / "archive" / "originals"
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline and len(list(originals.glob("*/*"))) < 3:
            time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 130
    assert "finishing the document in hand" in said
    assert "interrupted" in said
    counted = run(
        "query", "SELECT (COUNT(*) AS ?n) { ?d a tst:Document }", "-f", "csv", cwd=tmp_path
    )
    stored = int(counted.stdout.split()[1])
    assert 1 <= stored < 200
    assert f"{200 - stored} documents remain: testimonia ingest --resume goes on" in said
    assert run("validate", cwd=tmp_path).returncode == 0


def test_edit_and_remove(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text(LETTER)
    assert run("ingest", "letter.txt", cwd=tmp_path).returncode == 0
    ask = (
        "query",
        "SELECT ?d ?t { ?d a tst:Document OPTIONAL { ?d dcterms:title ?t } }",
        "-f",
        "csv",
    )
    document = run(*ask, cwd=tmp_path).stdout.split()[1].rstrip(",")
    edited = run("edit", document, "--meta", "title=Ice", cwd=tmp_path)
    assert edited.returncode == 0, edited.stderr
    assert run(*ask, cwd=tmp_path).stdout.split()[1] == f"{document},Ice"
    assert run("remove", document, cwd=tmp_path).returncode == 0
    assert run(*ask, cwd=tmp_path).stdout.split() == ["d,t"]
    assert run("remove", "nosuch", cwd=tmp_path).returncode == 2


def test_a_gazetteer_of_a_dump_is_made_and_used(tmp_path: Path) -> None:
    columns = ["900002", "Elmbury", "Elmbury", "", "31.5", "-97.5", "P", "PPL", "US", "", "TX"]
    row = "\t".join([*columns, "", "", "", "1200", "", "", "Etc/UTC", "2026-01-02"])
    (tmp_path / "cities500.txt").write_text(row + "\n")
    (tmp_path / "letter.txt").write_text(
        "The mayor of Elmbury, Texas, said that the river is high."
    )
    made = run(
        "gazetteer", "build", "--geonames", "cities500.txt", "-o", "elm.sqlite", cwd=tmp_path
    )
    assert made.returncode == 0, made.stderr
    assert "GeoNames cities500.txt" in made.stderr
    for words, extra in (
        (("--gazetteer", "elm.sqlite"), {}),
        ((), {"TESTIMONIA_GAZETTEER": "elm.sqlite"}),
    ):
        answer = run("read", "letter.txt", *words, cwd=tmp_path, **extra)
        assert answer.returncode == 0, answer.stderr
        toponyms = json.loads(answer.stdout)["toponyms"]
        assert "900002" in {each["geonameid"] for each in toponyms}


def test_what_is_no_dump_or_no_gazetteer_is_named(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text(LETTER)
    made = run("gazetteer", "build", "--geonames", "letter.txt", "-o", "elm.sqlite", cwd=tmp_path)
    assert made.returncode == 2
    assert "letter.txt, line 1" in made.stderr
    assert not (tmp_path / "elm.sqlite").exists()
    answer = run("read", "letter.txt", "--gazetteer", "elm.sqlite", cwd=tmp_path)
    assert answer.returncode == 2
    assert "testimonia gazetteer build" in answer.stderr


def test_a_foreign_reader_reads_and_one_bad_answer_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "reader.py").write_text(
        "import json, sys\n"
        "for line in sys.stdin:\n"
        "    first = json.loads(line)['text'].split()[0]\n"
        "    said = {'cue': ['said'], 'content': ['it rains']}\n"
        "    found = [said] if first == 'Ada' else [first]\n"
        "    print(json.dumps({'attributions': found}), flush=True)\n"
    )
    (tmp_path / "a.txt").write_text("Ada said it rains all over the harbour of the old town.")
    (tmp_path / "b.txt").write_text("Bo said it rains all over the harbour of the old town.")
    reader = ("--reader", f"command:{sys.executable} reader.py")
    made = run("ingest", "a.txt", "b.txt", *reader, cwd=tmp_path)
    assert made.returncode == 1
    assert "1 stored, 1 failed" in made.stderr
    assert "b.txt could not be read: the answer of command:" in made.stderr
    shown = run("read", "b.txt", "a.txt", *reader, cwd=tmp_path)
    assert shown.returncode == 1
    assert "was refused: attributions.0" in shown.stderr
    assert [len(json.loads(line)["attributions"]) for line in shown.stdout.splitlines()] == [1]
    wrong = run("read", "a.txt", "--reader", "nobody", cwd=tmp_path)
    assert (wrong.returncode, "no reader 'nobody'" in wrong.stderr) == (2, True)


def test_a_pipeline_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Ada said it rains.")
    for command in ("read", "ingest"):
        shown = run(command, "a.txt", "--model", "nothing", cwd=tmp_path)
        assert shown.returncode == 2
        assert "no spaCy pipeline 'nothing'" in shown.stderr


def test_rebase_moves_an_archive(tmp_path: Path) -> None:
    assert run("init", cwd=tmp_path).returncode == 0
    moved = run("rebase", "https://example.org/b/", cwd=tmp_path)
    assert moved.returncode == 0, moved.stderr
    assert "https://example.org/b/" in moved.stderr
    shown = run("export", cwd=tmp_path).stdout
    assert "<https://example.org/b/graph/ontology>" in shown
    assert "localhost" not in shown
    assert run("rebase", "nowhere", cwd=tmp_path).returncode == 2


def test_a_table_on_standard_input(tmp_path: Path) -> None:
    table = 'nr,body,day\n1,"Ada Moss said that the ice is gone.",2024-03-20\n2,,2024-03-21\n'
    words = ["ingest", "-", "--name", "reports", "--media-type", "text/csv"]
    done = run(*words, "--column", "text=body", "--column", "issued=day", cwd=tmp_path, stdin=table)
    assert done.returncode == 1
    assert "1 stored" in done.stderr
    assert "failed reports/3: reports: row 3 has no text in column 'body'" in done.stderr
    query = "SELECT ?day { ?d a tst:Document ; dcterms:issued ?day }"
    assert run("query", query, "-f", "csv", cwd=tmp_path).stdout.split() == ["day", "2024-03-20"]
    missing = run(*words, "--column", "text=words", cwd=tmp_path, stdin=table)
    assert "reports has no column 'words', which --column maps to text" in missing.stderr
    wrong = run(*words, "--column", "words", cwd=tmp_path, stdin=table)
    assert wrong.returncode == 2
    assert "give TARGET=COLUMN" in wrong.stderr


def test_addresses_must_be_allowed(tmp_path: Path) -> None:
    done = run("ingest", "http://127.0.0.1:9/page", cwd=tmp_path)
    assert done.returncode == 1
    assert "http://127.0.0.1:9/page may not be asked for; allow it with --allow-url" in done.stderr
    wrong = run("ingest", "http://127.0.0.1:9/", "--allow-url", "127.0.0.1", cwd=tmp_path)
    assert wrong.returncode == 2
    gone = run("ingest", "http://127.0.0.1:9/", "--allow-url", "http://127.0.0.1:9/", cwd=tmp_path)
    assert "cannot be read" in gone.stderr
