"""A program as a reader: lines of JSON, and what programs do wrong."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path

import pytest

from reading.foreign.conftest import ANSWER, LETTER
from testimonia.errors import ReadingError, SettingsError
from testimonia.model import Metadata, Text
from testimonia.reading.foreign import foreign_reader

TEXT = Text(LETTER, Metadata(), "text/plain")
PROGRAM = """
import json, os, sys
for number, line in enumerate(sys.stdin):
    asked = json.loads(line)
    {body}
    print(json.dumps(answer), flush=True)
"""


def command(folder: Path, body: str) -> str:
    file = folder / "reader.py"
    file.write_text(PROGRAM.format(body=body), encoding="utf-8")
    return "command:" + shlex.join([sys.executable, str(file)])


def test_one_program_answers_many(tmp_path: Path) -> None:
    answer = json.dumps(ANSWER)
    body = f"answer = json.loads({answer!r}) if asked['model'] == 'm' and number < 2 else 0"
    with foreign_reader(command(tmp_path, body), "m", 20.0) as reader:
        assert len(reader.read(TEXT).statements) == 3
        assert len(reader.read(TEXT).statements) == 3


def test_a_text_longer_than_a_pipe_holds(tmp_path: Path) -> None:
    body = "answer = {'entities': [{'at': asked['text'], 'cluster': 'a', 'type': 'group',"
    body += " 'mention': 'nominal'}]}"
    with foreign_reader(command(tmp_path, body), None, 20.0) as reader:
        reading = reader.read(Text("x" * 500_000, Metadata(), "text/plain"))
    assert len(reading.actors[1].label) == 500_000


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("sys.exit(3)", "ended without an answer"),
        ("import time; time.sleep(60)", "no answer in 1 seconds"),
        ("answer = 'x' * 9_000_000", "more than 8,000,000 bytes"),
        ("answer = 1", "was refused"),
        ("os.write(1, bytes([255, 10])); continue", "else than UTF-8"),
    ],
)
def test_a_program_that_fails_is_started_anew(tmp_path: Path, body: str, reason: str) -> None:
    marker = tmp_path / "failed"
    first = f"if not os.path.exists({str(marker)!r}):\n        open({str(marker)!r}, 'w')\n"
    first += f"        {body}\n    else:\n        answer = {{}}"
    if "answer = 1" in body:  # it gets a second chance, and needs to be wrong again
        first = "answer = 1"
    with foreign_reader(command(tmp_path, first), None, 1.0) as reader:
        with pytest.raises(ReadingError, match=reason):
            reader.read(TEXT)
        if "answer = 1" not in body:
            assert reader.read(TEXT).statements == ()


@pytest.mark.parametrize(
    ("setting", "reason"),
    [
        ("command:", "names no program"),
        ("command:'open", "cannot be split"),
        ("telepathy:x", "no reader 'telepathy:x'"),
        ("", "no reader ''"),
    ],
)
def test_a_setting_that_names_no_reader(setting: str, reason: str) -> None:
    with pytest.raises(SettingsError, match=reason):
        foreign_reader(setting, None, 1.0)


def test_a_program_that_is_not_there() -> None:
    reader = foreign_reader("command:/nowhere/at-all", None, 1.0)
    with pytest.raises(SettingsError, match="cannot be started"):
        reader.read(TEXT)
