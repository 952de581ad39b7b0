from __future__ import annotations

import json
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from testimonia.errors import ArchiveError, UsageError
from testimonia.tokens import FILE, Tokens


def test_a_token_is_found_by_its_text_alone(tmp_path: Path) -> None:
    tokens = Tokens(tmp_path)
    text, made = tokens.create(["query", "update"], name="the desk")
    assert Tokens(tmp_path).find(text) == made
    assert made.scopes == ("query", "update")
    for wrong in (
        "",
        "x",
        made.id,
        text[:-1],
        f"{text}x",
        text.replace(made.id, "00000000"),
        "tst_",
    ):
        assert tokens.find(wrong) is None


def test_the_secret_is_nowhere(tmp_path: Path) -> None:
    text, _ = Tokens(tmp_path).create(["admin"])
    secret = text.rpartition("_")[2] if text.count("_") == 2 else text[13:]
    kept = (tmp_path / FILE).read_text()
    assert secret not in kept
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600


def test_a_revoked_token_is_worth_nothing_elsewhere_too(tmp_path: Path) -> None:
    tokens, server = Tokens(tmp_path), Tokens(tmp_path)
    text, made = tokens.create(["update"])
    other, _ = tokens.create(["query"])
    assert server.find(text)
    tokens.revoke(made.id)
    assert server.find(text) is None
    assert server.find(other)
    assert not server.any_with(["update"])
    with pytest.raises(UsageError, match="no token"):
        tokens.revoke(made.id)


def test_a_token_expires(tmp_path: Path) -> None:
    tokens = Tokens(tmp_path)
    text, made = tokens.create(["update"], days=1)
    assert tokens.find(text)
    assert made.expired(datetime.now(UTC) + timedelta(days=2))
    listed = json.loads((tmp_path / FILE).read_text())
    listed[0]["expires"] = "2020-01-01T00:00:00Z"
    (tmp_path / FILE).write_text(json.dumps(listed))
    assert tokens.find(text) is None
    assert not tokens.any_with(["update"])
    assert [each.id for each in tokens] == [made.id]


def test_what_is_wrong_is_told(tmp_path: Path) -> None:
    tokens = Tokens(tmp_path)
    for scopes in ([], ["everything"], ["query", "all"]):
        with pytest.raises(UsageError, match="there are query, update"):
            tokens.create(scopes)
    (tmp_path / FILE).write_text("{ not a list")
    with pytest.raises(ArchiveError, match="cannot be read"):
        Tokens(tmp_path).find("tst_1_x")
    with pytest.raises(ArchiveError):
        Tokens(tmp_path / "nowhere").create(["query"])
