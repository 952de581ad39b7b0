"""The IRIs that exports name beside a statement can be asked for."""

from __future__ import annotations

import io
import json

import httpx
import pytest
from pyoxigraph import RdfFormat, parse

from testimonia.library import Archive

pytestmark = pytest.mark.anyio
CONTENT = "the wall broke"


async def test_a_nanopublication(
    client: httpx.AsyncClient, archive: Archive, statements: dict[str, str]
) -> None:
    found = await client.get(f"/statement/{statements[CONTENT]}/nanopublication")
    assert found.headers["content-type"].startswith("application/trig")
    quads = set(parse(found.content, RdfFormat.TRIG))
    output = io.BytesIO()
    archive.export(output, "nanopublications")
    assert quads <= set(parse(output.getvalue(), RdfFormat.TRIG))
    assert len({quad.graph_name for quad in quads}) == 4


async def test_an_annotation(
    client: httpx.AsyncClient, archive: Archive, statements: dict[str, str]
) -> None:
    found = await client.get(f"/statement/{statements[CONTENT]}/annotation")
    assert "anno.jsonld" in found.headers["content-type"]
    annotation = found.json()
    assert annotation.pop("@context")[0] == "http://www.w3.org/ns/anno.jsonld"
    output = io.BytesIO()
    archive.export(output, "annotations")
    assert annotation in json.loads(output.getvalue())["items"]


@pytest.mark.parametrize("id_", ["nobody", "%20"])
async def test_what_is_not_there(client: httpx.AsyncClient, id_: str) -> None:
    for form in ("nanopublication", "annotation"):
        missing = await client.get(f"/statement/{id_}/{form}")
        assert missing.status_code == 404
        assert missing.headers["content-type"] == "application/problem+json"
