"""``testimonia review``, in this process, with a small reader."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from fakes import FakeReader
from testimonia.cli.main import _run
from testimonia.library import Archive, open_archive, readers
from testimonia.model import GazetteerEntry, Reading

TEXT = "Ada said it rained in the harbour. Bo said so too."
Run = Callable[..., tuple[int, str, str]]


class Nowhere:
    """A gazetteer that knows no place."""

    version = "none"
    licence = "none"

    def entry(self, _: str) -> GazetteerEntry | None:
        return None


def doubting(reading: Reading) -> Reading:
    """As if the reader were in doubt of the second statement."""
    first, *others = reading.statements
    return replace(reading, statements=(first, *(replace(each, confidence=0.5) for each in others)))


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Run:
    """The command line; gives exit code, standard output and standard error."""

    @contextmanager
    def extractor(*_: object) -> Iterator[FakeReader]:
        yield FakeReader(change=doubting)

    monkeypatch.setattr(readers, "open_readers", extractor)
    monkeypatch.setattr(Archive, "_gazetteer", Nowhere())
    monkeypatch.setattr(Archive, "_gazetteer_facts", lambda _: frozenset())
    monkeypatch.setenv("TESTIMONIA_ARCHIVE", str(tmp_path / "archive"))
    monkeypatch.setenv("TESTIMONIA_CURATOR", "Nell")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text(TEXT)

    def command(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["testimonia", *words])
        code = _run()
        return (code, *capfd.readouterr())

    assert command("ingest", "a.txt", "--archive", str(tmp_path / "archive"))[0] == 0
    return command


@pytest.fixture
def thing(tmp_path: Path, run: Run) -> str:
    """The statement that is in doubt, as the queue names it."""
    code, out, _ = run("review", "queue", "--format", "json")
    assert code == 0
    (question,) = json.loads(out)
    assert (question["words"], question["score"]) == ("so too", 0.5)
    return str(question["thing"])


def effects(run: Run) -> Any:
    _, out, _ = run("review", "list", "--format", "json")
    return [
        (each["kind"], [one["standing"] for one in each["effects"]]) for each in json.loads(out)
    ]


def test_from_the_queue_to_a_decision_and_back(run: Run, thing: str) -> None:
    code, out, _ = run("review", "show", thing)
    assert code == 0
    shown = json.loads(out)
    assert (shown["what"], shown["stands"]["speaker"][0]["words"]) == ("statement", "Bo")
    code, out, err = run(
        "review", "correct", thing, "speaker=Ada", "polarity=negative", "--why", "heard it"
    )
    assert code == 0, err
    first, second = out.split()
    assert "applied: speaker is Ada, was read Bo" in err
    assert effects(run) == [("correct", ["applied"]), ("correct", ["applied"])]
    code, out, _ = run("review", "show", first)
    assert (json.loads(out)["by"], json.loads(out)["why"]) == ("Nell", "heard it")
    assert json.loads(run("review", "show", thing)[1])["decisions"][1]["id"] == second
    assert run("review", "queue")[2].strip() == "nothing is in doubt that anything rests on"
    assert run("review", "undo", first, "--by", "Ivy")[0] == 0
    assert effects(run) == [("correct", ["applied"])]
    assert "withdrawn" in run("review", "list", "--all")[1]
    code, _, err = run("review", "undo", first)
    assert code == 2
    assert "was withdrawn by Ivy" in err


def test_later_is_carried_out_by_a_rebuild_that_says_so(run: Run, thing: str) -> None:
    code, _, err = run("review", "reject", thing, "--later")
    assert code == 0
    assert "rebuild --changed" in err
    assert effects(run) == [("reject", [])]
    code, out, _ = run("rebuild", "--changed", "--format", "json")
    assert code == 0
    (changed,) = json.loads(out)
    assert changed["decided"] == 1
    assert [each["content"] for each in changed["lost"]] == ["so too"]
    assert effects(run) == [("reject", ["applied"])]
    code, out, _ = run("rebuild", "--changed")
    assert (code, "decided by people" in out) == (0, False)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("confirm", "nonsense"), "names nothing to decide on"),
        (("confirm", "statement/none"), "there is no 'statement/none'"),
        (("correct", "THING", "speaker"), "write FIELD=VALUE"),
        (("correct", "THING", "speaker=Zed"), "is not in the text of"),
        (("merge", "THING", "THING"), "only two actors"),
        (("confirm", "THING", "--by", " "), "say who decides"),
        (("confirm", "THING", "--relation", "repeats"), "name the other with --other"),
        (("undo", "none"), "there is no decision 'none'"),
        (("show", "none"), "names nothing to decide on"),
    ],
)
def test_wrong_use_says_what_to_do(
    run: Run, thing: str, words: tuple[str, ...], message: str
) -> None:
    code, out, err = run("review", *(thing if each == "THING" else each for each in words))
    assert (code, out) == (2, "")
    assert message in err


def test_while_another_writes_a_decision_is_recorded_and_that_is_told(
    run: Run, thing: str, tmp_path: Path
) -> None:
    with open_archive(tmp_path / "archive") as opened, opened.writer():
        code, _, err = run("review", "reject", thing)
    assert code == 3
    assert "recorded as" in err
    assert effects(run) == [("reject", [])]
