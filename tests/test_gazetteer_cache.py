"""The installation's own index: named by what is in it, made once, never met half made."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from testimonia.errors import SettingsError
from testimonia.gazetteer import cached_index, default_index
from testimonia.gazetteer.build import write_index
from testimonia.gazetteer.row import Row
from testimonia.library import open_gazetteer
from testimonia.settings import Settings

ELMLAND = Row("region-elmland", "Elmland", 10.0, 20.0, "PCLI", "EL", (), 9_000_000)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TESTIMONIA_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def silent(_: str) -> None:
    pass


@pytest.mark.parametrize("name", ["version", "FORMAT", "_tables"])
def test_other_data_have_another_index(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    before = default_index()
    assert default_index() == before
    other = "9.9" if name == "FORMAT" else lambda *_: "9.9"
    monkeypatch.setattr(f"testimonia.gazetteer.build.{name}", other)
    assert default_index() != before


def test_one_of_several_builds_and_the_others_wait(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built: list[Path] = []

    def slowly(target: Path) -> None:
        built.append(target)
        time.sleep(0.2)
        write_index(target, [ELMLAND])

    monkeypatch.setattr("testimonia.gazetteer.cache.build_gazetteer", slowly)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: open_gazetteer().lookup("Elmland")[0].id, range(4)))
    assert found == ["region-elmland"] * 4
    assert built == [default_index()]
    assert built[0].parent == cache


def test_an_index_that_is_there_is_not_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    default_index().parent.mkdir()
    write_index(default_index(), [ELMLAND])
    monkeypatch.setattr("testimonia.gazetteer.cache.build_gazetteer", None)
    assert cached_index(silent) == default_index()


def test_a_cache_that_cannot_be_written_is_named(cache: Path) -> None:
    cache.write_text("a file, no folder")
    with pytest.raises(SettingsError, match="TESTIMONIA_CACHE"):
        cached_index(silent)


def test_settings_name_another_index(tmp_path: Path) -> None:
    write_index(tmp_path / "elm.sqlite", [ELMLAND], "Elm Survey 3")
    opened = open_gazetteer(settings=Settings(gazetteer=tmp_path / "elm.sqlite"))
    assert opened.version.startswith("Elm Survey 3, ")
    with pytest.raises(SettingsError, match="nowhere"):
        open_gazetteer(settings=Settings(gazetteer=tmp_path / "nowhere"))
