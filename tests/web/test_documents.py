"""Documents that are sent to a server: a real one, whose jobs run in real processes."""

from __future__ import annotations

import http.client
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from documents import ICE, put
from testimonia.jobs import MOST_WAITING, Jobs
from testimonia.library import Archive, open_archive, restore

LETTER = "Mayor Ada Moss said that the harbour of Odense is shut."
SECOND = "Captain Bo Hale said that the ferry is late."


def serve(folder: Path) -> tuple[subprocess.Popen[str], str]:
    """A server on a port of its own, and its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "testimonia", "serve", "--port", "0", "--archive", str(folder)],
        stderr=subprocess.PIPE,
        text=True,
        env=dict(os.environ),
    )
    assert process.stderr
    for line in process.stderr:
        if found := re.search(r"listening on (http://\S+:\d+/)", line):
            return process, found[1]
    raise AssertionError("the server did not start")


def stop(process: subprocess.Popen[str]) -> None:
    process.terminate()
    process.communicate(timeout=60)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sent") / "archive"
    with open_archive(folder, create=True) as opened:
        put(opened, ICE)
    return folder


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[str]:
    process, address = serve(folder)
    yield address
    stop(process)


@pytest.fixture(scope="module")
def tokens(folder: Path) -> dict[str, str]:
    from testimonia.tokens import Tokens

    return {each: Tokens(folder).create([each])[0] for each in ("ingest", "update")}


@pytest.fixture
def client(server: str, tokens: dict[str, str]) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {tokens['ingest']}"}
    with httpx.Client(base_url=server, headers=headers, timeout=60) as opened:
        yield opened


def ended(client: httpx.Client, job: str) -> dict[str, Any]:
    for _ in range(600):
        found: dict[str, Any] = client.get(f"/jobs/{job}").json()
        if found["state"] in ("done", "failed"):
            return found
        time.sleep(0.2)
    raise AssertionError(f"the job did not end: {found}")


def contents(client: httpx.Client) -> str:
    query = "SELECT ?c { ?s <https://w3id.org/testimonia#content> ?c }"
    return client.get("/sparql", params={"query": query}).text


def test_files_are_read_and_their_outcomes_told(client: httpx.Client, folder: Path) -> None:
    files = [
        ("file", ("letter.txt", LETTER.encode())),
        ("file", ("letter.txt.meta.toml", b'title = "The letter"')),
        ("file", ("../../bad.bin", b"\x00\x01\x02")),
    ]
    made = client.post("/documents", files=files, data={"metadata": '{"issued": "2031-02-03"}'})
    assert made.status_code == 202, made.text
    assert made.headers["location"] == f"/jobs/{made.json()['id']}"
    job = ended(client, made.json()["id"])
    assert job["state"] == "done", job
    told = {each["name"]: each["result"] for each in job["outcomes"]}
    assert told == {"letter.txt": "stored", "bad.bin": "failed"}
    assert "the harbour of Odense is shut" in contents(client)
    (document,) = (each["document"] for each in job["outcomes"] if each["document"])
    with open_archive(folder) as opened:
        record = opened.record(document)
        assert (record.name, record.metadata.title) == ("letter.txt", "The letter")
        assert record.metadata.issued == "2031-02-03"
    assert list((folder / "inbox").iterdir()) == []


def test_json_is_read_and_followed_as_events(client: httpx.Client) -> None:
    made = client.post("/documents", json={"text": SECOND, "metadata": {"title": "Late"}})
    assert made.status_code == 202, made.text
    events: list[tuple[str, Any]] = []
    with client.stream("GET", f"/jobs/{made.json()['id']}/events") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        name = ""
        for line in stream.iter_lines():
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            elif line.startswith("data: "):
                events.append((name, json.loads(line.removeprefix("data: "))))
    assert [name for name, _ in events] == ["outcome", "end"]
    assert events[0][1]["result"] == "stored"
    assert events[1][1]["state"] == "done"
    again = client.get(f"/jobs/{made.json()['id']}/events", headers={"Last-Event-ID": "1"})
    assert "event: outcome" not in again.text
    assert "event: end" in again.text


def test_updates_are_told_to_wait_and_by_whom(
    client: httpx.Client, server: str, tokens: dict[str, str]
) -> None:
    job = client.post("/documents", json={"text": "Cy Dale said the quay is empty."}).json()["id"]
    headers = {"Authorization": f"Bearer {tokens['update']}"}
    update = {"update": "INSERT DATA { GRAPH <https://mine.example/g> { <a:s> <a:p> 1 } }"}
    refused = False
    for _ in range(600):
        answer = httpx.post(f"{server}sparql", data=update, headers=headers, timeout=60)
        if answer.status_code == 409:
            refused = True
            assert int(answer.headers["retry-after"]) > 0
            assert "documents are being read into the archive by" in answer.json()["detail"]
            assert httpx.get(f"{server}healthz").status_code == 200
        if client.get(f"/jobs/{job}").json()["state"] == "done":
            break
        time.sleep(0.1)
    assert refused
    for _ in range(50):
        if httpx.post(f"{server}sparql", data=update, headers=headers).status_code == 204:
            break
        time.sleep(0.1)
    else:
        raise AssertionError("updates are still refused")
    # The server has the archive's writer now, and lets go of it for the next job.
    job = client.post("/documents", json={"text": "Flo Gale said the buoy is lost."}).json()["id"]
    assert ended(client, job)["state"] == "done"


def test_a_backup_while_documents_are_read(
    client: httpx.Client, folder: Path, tmp_path: Path
) -> None:
    files = [("file", (f"{n}.txt", f"Ada Moss said ship {n} is in.".encode())) for n in range(40)]
    job = client.post("/documents", files=files).json()["id"]
    made = 0
    with open_archive(folder) as opened:
        while client.get(f"/jobs/{job}").json()["state"] in ("queued", "running"):
            opened.backup(tmp_path / f"copy-{made}")
            made += 1
            time.sleep(0.3)
        assert made
        for number in range(made):
            restore(tmp_path / f"copy-{number}", tmp_path / f"again-{number}")
            with open_archive(tmp_path / f"again-{number}") as again:
                graphs = _documents(again)
                stored = {each.id for each in again.catalog.documents() if each.state == "stored"}
                known = {each.id for each in again.catalog.documents()}
                assert stored <= graphs <= known
    assert len(ended(client, job)["outcomes"]) == 40


def _documents(archive: Archive) -> set[str]:
    with archive.view() as view:
        names = [archive.iris.parse(graph) for graph in view.graphs()]
    return {name.id for name in names if name and name.kind == "document" and name.part == "graph"}


@pytest.mark.parametrize(
    ("content", "status", "said"),
    [
        ({"json": {}}, 400, "either"),
        ({"json": {"text": "a", "url": "http://a.example"}}, 400, "either"),
        ({"json": {"text": "a", "metadata": {"colour": "red"}}}, 400, "colour"),
        ({"json": {"text": "a", "metadata": {"issued": "soon"}}}, 400, "issued"),
        ({"json": {"url": "http://127.0.0.1/"}}, 403, "allow"),
        ({"json": ["a"]}, 400, "object"),
        ({"content": b"a", "headers": {"Content-Type": "text/plain"}}, 415, "multipart"),
        ({"files": [("x", "y")], "data": {"metadata": "["}}, 400, "JSON"),
        ({"data": {"a": "b"}}, 415, "multipart"),
    ],
)
def test_what_cannot_be_taken_in(
    client: httpx.Client, content: dict[str, Any], status: int, said: str
) -> None:
    if "files" in content:
        content = {**content, "files": [("file", ("a.txt", b"a"))]}
    refused = client.post("/documents", **content)
    assert refused.status_code == status, refused.text
    assert refused.headers["content-type"] == "application/problem+json"
    assert said in refused.json()["detail"]


def test_the_right_to_ingest_is_needed(server: str, tokens: dict[str, str]) -> None:
    assert httpx.post(f"{server}documents", json={"text": "a"}).status_code == 401
    headers = {"Authorization": f"Bearer {tokens['update']}"}
    assert httpx.post(f"{server}documents", json={"text": "a"}, headers=headers).status_code == 403
    assert httpx.get(f"{server}jobs/1", headers=headers).status_code == 403
    headers = {"Authorization": f"Bearer {tokens['ingest']}"}
    assert httpx.get(f"{server}jobs/1", headers=headers).status_code == 404


def test_too_large_a_body_is_refused(server: str, tokens: dict[str, str]) -> None:
    host = server.removeprefix("http://").rstrip("/")
    connection = http.client.HTTPConnection(host, timeout=30)
    connection.putrequest("POST", "/documents")
    connection.putheader("Authorization", f"Bearer {tokens['ingest']}")
    connection.putheader("Content-Type", "application/json")
    connection.putheader("Content-Length", str(300 * 1024 * 1024))
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()


def test_the_command_sends_documents(
    server: str, tokens: dict[str, str], tmp_path: Path, client: httpx.Client
) -> None:
    (tmp_path / "a.txt").write_text("Gus Ives said the mast broke.")
    words = ["ingest", "a.txt", "--server", server, "--meta", "title=Mast"]
    done = subprocess.run(
        [sys.executable, "-m", "testimonia", *words],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "TESTIMONIA_TOKEN": tokens["ingest"]},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "1 stored" in done.stderr
    assert "the mast broke" in contents(client)
    assert not (tmp_path / "archive").exists()


def test_a_job_outlives_its_server(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    with open_archive(folder, create=True) as opened, opened.writer():
        pass
    job = Jobs(folder).add([("a.txt", LETTER.encode())], {"title": "Kept"})
    Jobs(folder).begin(job.id)  # a server that was killed
    process, _ = serve(folder)
    try:
        for _ in range(600):
            if Jobs(folder).job(job.id).over:
                break
            time.sleep(0.1)
        found = Jobs(folder).job(job.id)
        assert (found.state, found.outcomes[0].result) == ("done", "stored")
    finally:
        stop(process)


@pytest.fixture
def jobs(tmp_path: Path) -> Jobs:
    """Of an archive of its own: servers of the others would do them."""
    with open_archive(tmp_path / "archive", create=True) as opened, opened.writer():
        return Jobs(opened.folder)


def test_a_job_that_kills_its_process_is_tried_twice(jobs: Jobs) -> None:
    job = jobs.add([("a.txt", b"a")], {})
    for _ in range(2):
        assert jobs.next() == job.id
        jobs.begin(job.id)
    assert jobs.next() is None
    found = jobs.job(job.id)
    assert (found.state, "2 times" in found.message) == ("failed", True)
    assert not jobs.files(job.id).exists()


def test_only_so_many_wait(jobs: Jobs) -> None:
    from testimonia.errors import Busy

    first = jobs.add([("a.txt", b"a"), ("a.txt", b"b"), ("../..", b"c")], {})
    assert sorted(each.name for each in jobs.files(first.id).iterdir()) == [
        "2-a.txt",
        "a.txt",
        "document",
    ]
    for _ in range(MOST_WAITING - 1):
        jobs.add([("a.txt", b"a")], {})
    with pytest.raises(Busy, match="waiting"):
        jobs.add([("a.txt", b"a")], {})
    assert jobs.next() == first.id
