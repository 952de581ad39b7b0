"""An archive that a foreign reader reads: failures are values, the record is enough."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from reading.foreign.conftest import ANSWER, LETTER, Script
from testimonia.errors import SettingsError
from testimonia.library import Archive, open_archive
from testimonia.settings import Settings


def graphs(archive: Archive) -> list[bytes]:
    output = io.BytesIO()
    archive.export(output, "nquads")
    runs = archive.iris.runs_graph.encode()
    return [line for line in output.getvalue().splitlines() if runs not in line]


@pytest.fixture
def letters(tmp_path: Path) -> Path:
    folder = tmp_path / "letters"
    folder.mkdir()
    (folder / "a.txt").write_text(LETTER, encoding="utf-8")
    (folder / "b.txt").write_text("Nothing of note was said in the port that day, by anyone.")
    return folder


def settings(server: Script) -> Settings:
    return Settings(reader=f"openai:{server.address}", reader_model="small-1", reader_seconds=20)


def test_one_bad_answer_does_not_stop_the_batch(
    tmp_path: Path, letters: Path, server: Script
) -> None:
    server.say(ANSWER, ANSWER, ANSWER)  # which does not stand up to the second text
    with open_archive(tmp_path / "archive", create=True, settings=settings(server)) as archive:
        first, second = archive.ingest([letters])
        assert (first.result, first.statements) == ("stored", 3)
        assert second.result == "failed"
        assert "'Ada Moss' does not stand in the text" in second.message
        (run,) = {record.run for record in archive.catalog.documents() if record.run}
        assert run


def test_the_record_gives_the_graph_again_without_asking(
    tmp_path: Path, letters: Path, server: Script
) -> None:
    server.say(ANSWER, {})
    with open_archive(tmp_path / "archive", create=True, settings=settings(server)) as archive:
        assert [each.result for each in archive.ingest([letters])] == ["stored", "stored"]
        before, asked = graphs(archive), len(server.asked)
        server.say((500, b""))
        assert [each.result for each in archive.rebuild()] == ["stored", "stored"]
        assert graphs(archive) == before
        assert len(server.asked) == asked


def test_another_model_is_another_extractor(tmp_path: Path, letters: Path, server: Script) -> None:
    server.say(ANSWER, {})
    folder = tmp_path / "archive"
    with open_archive(folder, create=True, settings=settings(server)) as archive:
        list(archive.ingest([letters]))
        assert [each.result for each in archive.ingest([letters])] == ["unchanged", "unchanged"]
    server.say({})
    other = Settings(reader=f"openai:{server.address}", reader_model="small-2")
    with open_archive(folder, settings=other) as archive:
        assert [each.result for each in archive.ingest([letters])] == ["stored", "stored"]


def test_an_archive_from_before_keeps_answers_too(
    tmp_path: Path, letters: Path, server: Script
) -> None:
    with open_archive(tmp_path / "archive", create=True, settings=settings(server)) as archive:
        assert archive.catalog.answer("nothing") is None
        archive.catalog.keep_answer("key", "reader 1", "{}")
        archive.catalog.keep_answer("key", "reader 1", "[]")
        assert archive.catalog.answer("key") == "[]"


def test_settings_that_contradict_each_other() -> None:
    with pytest.raises(SettingsError, match="exclude each other"):
        Settings(model="x", reader="command:y")
    with pytest.raises(SettingsError, match="there is none"):
        Settings(reader_model="y")
    with pytest.raises(SettingsError, match="in 0 seconds"):
        Settings(reader="command:y", reader_seconds=0)
    assert Settings().digest != Settings(reader="command:y").digest
