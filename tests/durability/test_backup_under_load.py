"""A backup taken while a server reads, takes documents and is written to: one moment, whole."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from servers import serving
from testimonia.catalog import State
from testimonia.library import open_archive
from testimonia.tokens import Tokens

pytestmark = pytest.mark.slow

QUERIES = sorted((Path(__file__).parents[2] / "docs" / "queries").glob("*.rq"))
MINE = "https://mine.example/notes"
NAMES = ("Ada Moss", "Bo Hale", "Cy Dale", "Flo Gale", "Gus Ives", "Nell Grey")
PLACES = ("Odense", "Aarhus", "Tromso", "Bergen", "Malmo")


def letter(number: int) -> str:
    name, place = NAMES[number % len(NAMES)], PLACES[number % len(PLACES)]
    return (
        f'Mayor {name} said on 4 May 2031 that the harbour of {place} is shut. "Storm {number}'
        f' broke the wall," said Captain {NAMES[(number + 1) % len(NAMES)]}.'
    )


def command(*words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "testimonia", *words],
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def ask(client: httpx.Client, query: str) -> httpx.Response:
    return client.get("/sparql", params={"query": query}, headers={"Accept": "text/csv"})


def answers(client: httpx.Client) -> dict[str, list[str]]:
    """The lines of every competency question's answer."""
    found = {}
    for each in QUERIES:
        query = each.read_text(encoding="utf-8")
        answer = client.get("/sparql", params={"query": query})
        assert answer.status_code == 200, each.name
        found[each.name] = sorted(answer.text.splitlines())
    return found


@contextmanager
def without_end(*works: Callable[[], None]) -> Iterator[None]:
    """These are done again and again meanwhile; what one raises is raised at the end."""
    over, errors = threading.Event(), list[BaseException]()

    def repeat(work: Callable[[], None]) -> None:
        try:
            while not over.is_set():
                work()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=repeat, args=(each,)) for each in works]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join(120)
    if errors:
        raise errors[0]


class Load:
    """Somebody who sends documents, somebody who writes notes, somebody who asks."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client
        self.done: list[str] = []
        self.noted = 0

    def send(self) -> None:
        text = letter(len(self.done))
        made = self._client.post("/documents", json={"text": text})
        assert made.status_code == 202, made.text
        job = f"/jobs/{made.json()['id']}"
        while (state := self._client.get(job).json()["state"]) not in ("done", "failed"):
            threading.Event().wait(0.2)
        assert state == "done"
        self.done.append(text)

    def note(self) -> None:
        update = (
            f"INSERT DATA {{ GRAPH <{MINE}> {{ <{MINE}#{self.noted}> <{MINE}#n> {self.noted} }} }}"
        )
        written = self._client.post("/sparql", data={"update": update})
        # While documents are being read in, nobody else writes; that is told, and tried again.
        assert written.status_code in (204, 409), written.text
        self.noted += written.status_code == 204
        threading.Event().wait(0.1)

    def ask(self) -> None:
        assert ask(self._client, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").status_code == 200


def test_a_backup_under_load_is_one_moment(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    (tmp_path / "first.txt").write_text(letter(1000), encoding="utf-8")
    command("ingest", str(tmp_path / "first.txt"), "--archive", str(folder))
    token, _ = Tokens(folder).create(["ingest", "update"])
    with serving("--archive", str(folder)) as served, served.client() as client:
        client.headers["Authorization"] = f"Bearer {token}"
        load = Load(client)
        load.send()
        with without_end(load.send, load.note, load.ask):
            done, noted = list(load.done), load.noted
            command("backup", str(tmp_path / "loaded"), "--archive", str(folder))
        with without_end(load.ask):
            command("backup", str(tmp_path / "asked"), "--archive", str(folder))
        live = answers(client)

    command("restore", str(tmp_path / "loaded"), "--archive", str(tmp_path / "again"))
    with open_archive(tmp_path / "again") as again:
        records = list(again.catalog.documents())
        texts = {again.catalog.text(each).text.content for each in records}
        assert texts >= set(done)
        stored = {each.id for each in records if each.state is State.STORED}
        query = "SELECT ?d { ?d a tst:Document }"
        rows = json.loads(again.query(query, format="json").body)["results"]["bindings"]
        assert {row["d"]["value"].rpartition("/")[2] for row in rows} == stored
        notes = f"SELECT ?s {{ GRAPH <{MINE}> {{ ?s ?p ?n }} }}"
        found = json.loads(again.query(notes, format="json").body)["results"]["bindings"]
        assert len(found) >= noted

    command("restore", str(tmp_path / "asked"), "--archive", str(tmp_path / "still"))
    with serving("--archive", str(tmp_path / "still")) as served, served.client() as client:
        assert answers(client) == live
        assert sum(len(lines) for lines in live.values()) > len(QUERIES)
