"""Other spaCy pipelines: one of one's own is read with, one that lacks something says what."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import spacy

from testimonia.errors import SettingsError
from testimonia.library import open_archive
from testimonia.reading.pipeline import DEFAULT_MODEL, Pipeline
from testimonia.settings import Settings

TEXT = "Mayor Ada Moss said the harbour was shut.\n"
Save = Callable[..., str]


@pytest.fixture(scope="module")
def whole() -> Any:
    """The components of the installed pipeline."""
    return spacy.load(DEFAULT_MODEL)


@pytest.fixture
def save(whole: Any, tmp_path: Path) -> Iterator[Save]:
    """Saves some of those components as a pipeline, and gives its path."""

    def saved(*without: str) -> str:
        folder = tmp_path / "pipeline"
        whole.to_disk(folder, exclude=list(without))
        config = (folder / "config.cfg").read_text("utf-8")
        kept = [name for name in whole.pipe_names if name not in without]
        pipes = f"pipeline = {json.dumps(kept)}"
        lines = [pipes if line.startswith("pipeline = ") else line for line in config.splitlines()]
        (folder / "config.cfg").write_text("\n".join(lines) + "\n", "utf-8")
        return str(folder)

    yield saved
    shutil.rmtree(tmp_path / "pipeline", ignore_errors=True)


def change(folder: str, **meta: str) -> None:
    file = Path(folder) / "meta.json"
    file.write_text(json.dumps({**json.loads(file.read_text("utf-8")), **meta}), "utf-8")


def test_a_pipeline_by_path_reads_as_its_components_do(save: Save) -> None:
    own, installed = Pipeline(save()), Pipeline()
    assert own.parse(TEXT) == installed.parse(TEXT)


def test_a_pipeline_is_known_by_its_files(save: Save) -> None:
    path = save()
    before = Pipeline(path).version
    assert before == Pipeline(path).version
    change(path, description="trained anew")
    after = Pipeline(path).version
    assert before.split(" ")[:2] == after.split(" ")[:2]
    assert before != after


def test_the_run_and_the_fingerprint_tell_of_it(save: Save, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    path = save()
    change(path, name="harbour", version="9.9")
    with open_archive(tmp_path / "archive", create=True) as archive:
        assert [each.result for each in archive.ingest([tmp_path / "a.txt"])] == ["stored"]
    with open_archive(tmp_path / "archive", settings=Settings(model=path)) as archive:
        assert [each.result for each in archive.ingest([tmp_path / "a.txt"])] == ["stored"]
        assert [each.result for each in archive.ingest([tmp_path / "a.txt"])] == ["unchanged"]
        runs = "SELECT ?name { GRAPH ?g { ?run ?p ?name } FILTER CONTAINS(STR(?name), 'harbour') }"
        assert b"en_harbour 9.9" in archive.query(runs, format="json").body


@pytest.mark.parametrize(
    ("without", "reason"),
    [
        ("parser", "has no component 'parser'; it has tok2vec, tagger"),
        ("ner", "has no component 'ner'"),
        ("lemmatizer", "gives no LEMMA: it needs a lemmatizer"),
        ("tagger", "gives no TAG: it needs a tagger"),
        ("attribute_ruler", "gives no POS: it needs a morphologizer, or a tagger with"),
    ],
)
def test_what_a_pipeline_lacks_is_named(save: Save, without: str, reason: str) -> None:
    with pytest.raises(SettingsError, match=reason):
        Pipeline(save(without)).parse(TEXT)


def test_a_scheme_that_the_rules_do_not_know(tmp_path: Path) -> None:
    small = spacy.blank("en")
    parser = small.add_pipe("parser")
    for label in ("nsubj", "obj", "root"):
        parser.add_label(label)
    small.initialize()
    small.to_disk(tmp_path / "ud")
    with pytest.raises(SettingsError, match=r"parser .* has no label ccomp, dobj: the rules"):
        Pipeline(str(tmp_path / "ud")).parse(TEXT)


def test_what_is_no_pipeline(save: Save, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="neither an installed package nor a folder"):
        Pipeline(str(tmp_path / "nothing"))
    with pytest.raises(SettingsError, match="neither an installed package nor a folder"):
        Pipeline("json")
    path = save()
    change(path, lang="de")
    with pytest.raises(SettingsError, match="of the language 'de'; the rules are of English"):
        Pipeline(path)
    change(path, lang="en")
    (Path(path) / "config.cfg").write_text("nonsense")
    with pytest.raises(SettingsError, match="cannot be loaded"):
        Pipeline(path).parse(TEXT)
    (Path(path) / "meta.json").write_text("{")
    with pytest.raises(SettingsError, match="no description of a spaCy pipeline"):
        Pipeline(path)
