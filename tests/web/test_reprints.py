"""A document's page names the documents that share its text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from documents import ICE, put
from testimonia.library import Archive, open_archive
from testimonia.web import create_app

pytestmark = pytest.mark.anyio


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with open_archive(tmp_path / "archive", create=True) as opened:
        yield opened


async def test_the_page_names_reprints_of_the_text(archive: Archive) -> None:
    papers = [f"https://{name}.example/ice" for name in ("gazette", "herald", "mirror")]
    stored = [put(archive, ICE, title=f"Ice in {each}", source=each).document for each in papers]
    other = put(archive, "Ada said Odense is cold.", "other.txt", title="Alone").document
    app = create_app(archive)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://a.test") as client:
        for own in stored:
            page = (await client.get(f"/document/{own}", headers={"Accept": "text/html"})).text
            facts = page.partition("Shares text with")[2].partition("</dd>")[0]
            assert [str(each) in facts for each in stored] == [each != own for each in stored]
        page = (await client.get(f"/document/{other}", headers={"Accept": "text/html"})).text
        assert "Shares text with" not in page
    app.state.service.pool.close()
