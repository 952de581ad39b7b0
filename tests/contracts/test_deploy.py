"""The unit, the image and the page about serving say what the software does."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path

import pytest

from servers import serving
from testimonia.library import Archive

ROOT = Path(__file__).parents[2]
UNIT = ROOT / "deploy" / "testimonia.service"
CONTAINERFILE = ROOT / "deploy" / "Containerfile"
PAGE = (ROOT / "docs" / "serving.md").read_text(encoding="utf-8")


def help_text() -> str:
    done = subprocess.run(
        [sys.executable, "-m", "testimonia", "serve", "--help"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        env={"COLUMNS": "200", "PATH": "", "NO_COLOR": "1", "TERM": "dumb"},
    )
    return done.stdout


def options(words: list[str]) -> list[str]:
    return [word for word in words if word.startswith("--")]


def unit() -> dict[str, dict[str, list[str]]]:
    """Sections, each name with all its values."""
    found: dict[str, dict[str, list[str]]] = {}
    section = ""
    text = UNIT.read_text(encoding="utf-8").replace("\\\n", " ")
    for line in text.splitlines():
        if line.startswith("["):
            section = line.strip("[]")
            found[section] = defaultdict(list)
        elif line and not line.startswith("#"):
            name, _, value = line.partition("=")
            found[section][name].append(value)
    return found


def test_the_unit_starts_the_server_with_options_that_exist() -> None:
    service = unit()["Service"]
    (command,) = service["ExecStart"]
    words = shlex.split(command)
    assert words[1] == "serve"
    known = help_text()
    for option in options(words):
        assert option in known, option
    grace = float(words[words.index("--grace") + 1])
    assert float(service["TimeoutStopSec"][0]) > grace + 2


def test_the_unit_is_hardened() -> None:
    service = unit()["Service"]
    for name, value in {
        "DynamicUser": "yes",
        "NoNewPrivileges": "yes",
        "CapabilityBoundingSet": "",
        "ProtectSystem": "strict",
        "ProtectHome": "yes",
        "PrivateTmp": "yes",
        "PrivateDevices": "yes",
        "RestrictAddressFamilies": "AF_UNIX AF_INET AF_INET6",
        "LimitCORE": "0",
    }.items():
        assert service[name] == [value], name


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze")
def test_systemd_accepts_the_unit(tmp_path: Path) -> None:
    copy = tmp_path / UNIT.name
    text = UNIT.read_text(encoding="utf-8")
    copy.write_text(text.replace("/opt/testimonia/bin/testimonia", sys.executable))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(copy)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    ours = [line for line in done.stderr.splitlines() if UNIT.name in line]
    if not ours and done.returncode != 0:
        pytest.skip(f"systemd-analyze does not run here: {done.stderr.strip()[:200]}")
    assert ours == []


def instructions() -> list[tuple[str, str]]:
    text = CONTAINERFILE.read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(line.partition(" ")[0], line.partition(" ")[2].strip()) for line in lines]


def test_the_container_runs_as_nobody_special() -> None:
    steps = instructions()
    last = max(index for index, (name, _) in enumerate(steps) if name == "FROM")
    final = dict(steps[last:])
    user = final["USER"].partition(":")[0]
    assert int(user) >= 10_000
    assert final["STOPSIGNAL"] == "SIGTERM"
    words = json.loads(final["CMD"])
    assert words[:4] == ["testimonia", "serve", "--host", "0.0.0.0"]
    known = help_text()
    assert all(option in known for option in options(words))


def test_the_container_copies_what_is_there() -> None:
    for name, value in instructions():
        words = value.split()
        if name == "COPY" and not words[0].startswith("--from"):
            for source in words[:-1]:
                assert (ROOT / source).exists(), source
    copied = " ".join(value for name, value in instructions() if name == "COPY")
    for needed in re.findall(
        r'^"([\w/]+)" = "testimonia/', (ROOT / "pyproject.toml").read_text(), re.MULTILINE
    ):
        assert needed in copied, needed


# ----------------------------------------------------------------------------------- the page


def test_every_option_on_the_page_exists() -> None:
    known = help_text() + " --archive --scope --name --expires"
    for option in set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", PAGE)):
        if option not in ("--help",):
            assert option in known, option


def test_the_server_commands_on_the_page_start(seed_archive: Archive, tmp_path: Path) -> None:
    folder = shutil.copytree(seed_archive.folder, tmp_path / "archive")
    commands = re.findall(r"^```sh serve\ntestimonia serve (.*)\n```$", PAGE, re.MULTILINE)
    assert len(commands) == 2
    for command in commands:
        words = re.sub(r"--port \d+", "", command).split()
        with serving("--archive", str(folder), *words) as served, served.client() as client:
            assert client.get("/readyz").json() == {"status": "ready"}
            read = client.get("/sparql", params={"query": "ASK {}"})
            assert read.status_code == (401 if "--private" in words else 200)
            began = time.monotonic()
            served.terminate()
            assert served.process.wait(30) == 0
            assert time.monotonic() - began < 8, "nothing was at work"


def run(*words: str) -> None:
    subprocess.run([sys.executable, "-m", "testimonia", *words], timeout=60, check=True)


def test_a_backup_needs_no_pause(seed_archive: Archive, tmp_path: Path) -> None:
    folder = shutil.copytree(seed_archive.folder, tmp_path / "archive")
    count = {"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "format": "csv"}
    with serving("--archive", str(folder)) as served, served.client() as client:
        before = client.get("/sparql", params=count).text
        run("backup", str(tmp_path / "saved"), "--archive", str(folder))
        assert client.get("/sparql", params=count).text == before
    run("restore", str(tmp_path / "saved"), "--archive", str(tmp_path / "restored"))
    with serving("--archive", str(tmp_path / "restored")) as served, served.client() as client:
        assert client.get("/sparql", params=count).text == before
