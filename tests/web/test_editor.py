"""The page at ``/sparql`` with and without the query editor, and where that comes from."""

from __future__ import annotations

import json
import re
from pathlib import Path

import httpx
import pytest

from testimonia.vocabulary import PREFIXES
from testimonia.web import editor

FRONTEND = Path(__file__).parents[2] / "frontend"


@pytest.mark.anyio
@pytest.mark.parametrize("installed", [True, False])
async def test_the_page_is_a_form_with_or_without_the_editor(
    browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, installed: bool
) -> None:
    bundle = tmp_path / "yasgui.min.js"
    if installed:
        bundle.touch()
    monkeypatch.setattr(editor, "_BUNDLE", bundle)
    page = await browser.get("/sparql")
    assert '<textarea id="query" name="query"' in page.text
    policy = page.headers["content-security-policy"]
    assert ("<script" in page.text) == ("script-src 'self'" in policy) == installed
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


@pytest.mark.anyio
async def test_its_data_are_our_own(client: httpx.AsyncClient) -> None:
    data = (await client.get("/editor.json")).json()
    assert data["prefixes"] == dict(PREFIXES)
    assert len(data["examples"]) > 20
    assert "https://w3id.org/testimonia#speaker" in data["properties"]
    assert "https://w3id.org/testimonia#Statement" in data["classes"]
    known = tuple(PREFIXES.values())
    assert all(each.startswith(known) for each in data["classes"] + data["properties"])


def test_scripts_name_no_other_host() -> None:
    known = (*PREFIXES.values(), "http://www.w3.org/2000/svg")
    for name in ("editor.js", "results.js"):
        text = (Path(editor.__file__).parent / "static" / name).read_text(encoding="utf-8")
        for address in re.findall(r"https?://[^\s\"'>`]+", text):
            assert address.startswith(known), address


def test_the_editor_is_pinned_by_hash_and_by_no_address() -> None:
    wanted = json.loads((FRONTEND / "package.json").read_text(encoding="utf-8"))["dependencies"]
    lock = json.loads((FRONTEND / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    found = lock["node_modules/@zazuko/yasgui"]
    assert found["version"] == wanted["@zazuko/yasgui"]
    for name, each in lock.items():
        assert "resolved" not in each, name
        assert name == "" or each["integrity"].startswith("sha512-"), name
