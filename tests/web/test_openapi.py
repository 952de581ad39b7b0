"""The interface does what its description says, whatever it is asked: schemathesis against a real
server on an archive, with a token that may do everything."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from servers import Served, serving
from testimonia.library import Archive
from testimonia.tokens import Tokens

pytestmark = pytest.mark.slow

CHECKS = [
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    unsupported_method,
]
RIGHTS = ["query", "update", "ingest", "curate", "admin", "unchecked"]
EXAMPLES = 6
# What is still to be had while documents are read is told so, with a time to come again.
BUSY = {HTTPStatus.CONFLICT, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS}
TEXTS = (
    *("application/sparql-query", "application/sparql-update", "application/n-triples"),
    *("application/n-quads", "application/trig", "application/x-turtle", "application/rdf+xml"),
)
for media_type in TEXTS:

    @schemathesis.serializer(media_type)
    def as_text(_: Any, value: Any) -> bytes:
        return str(value).encode("utf-8", "replace")


@pytest.fixture(scope="module")
def served(archive: Archive, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("described") / "archive"
    shutil.copytree(archive.folder, folder)
    with serving("--archive", str(folder), "--deadline", "20") as server:
        yield server


@pytest.fixture(scope="module")
def token(served: Served) -> str:
    words = cast("list[str]", served.process.args)
    return Tokens(Path(words[words.index("--archive") + 1])).create(RIGHTS)[0]


@pytest.fixture(scope="module")
def ids(served: Served) -> dict[str, list[str]]:
    """Things that are there, by the name of their kind in a path."""
    with served.client() as client:
        found = {}
        for kind in ("statement", "actor", "place", "event", "document"):
            items = client.get(f"/api/{kind}s", params={"limit": 10}).json()["items"]
            found[kind] = [each["id"].rpartition("/")[2] for each in items]
            assert found[kind]
    return found


def of_something(case: Any, ids: dict[str, list[str]], chance: random.Random) -> None:
    """Half of the requests for a thing are for one that is there."""
    words = case.operation.path.replace("/api/", "/").split("/")
    known = ids.get(words[1].removesuffix("s"))
    if known and "id" in case.path_parameters and chance.random() < 0.5:
        case.path_parameters["id"] = chance.choice(known)


@pytest.mark.timeout(1200)
def test_the_interface_does_what_its_description_says(
    served: Served, token: str, ids: dict[str, list[str]]
) -> None:
    description = httpx.get(f"{served.url}/openapi.json").json()
    schema = schemathesis.openapi.from_dict(description)
    schema.config.update(base_url=served.url)
    headers = {"Authorization": f"Bearer {token}"}
    failures: list[str] = []
    asked = 0

    def check(operation: Any, mode: GenerationMode) -> None:
        chance = random.Random(operation.label)

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case: Any) -> None:
            nonlocal asked
            asked += 1
            of_something(case, ids, chance)
            answer = case.call(headers=headers, timeout=60)
            if answer.status_code in BUSY:
                assert "retry-after" in answer.headers
            else:
                case.validate_response(answer, checks=[not_a_server_error])
            case.validate_response(answer, checks=CHECKS)

        try:
            ask()
        except Unsatisfiable:
            assert mode is GenerationMode.NEGATIVE  # nothing can be wrong with no parameters
        except AssertionError as error:
            failures.append(f"{operation.label}: {error}")
        except BaseExceptionGroup as error:
            failures.append(f"{operation.label}: {error.exceptions}")

    for result in schema.get_all_operations():
        for mode in GenerationMode:
            check(cast("Any", result).ok(), mode)
    assert asked > 500
    assert failures == []
    assert "Traceback" not in served.log()


def test_every_route_is_described(served: Served) -> None:
    """What answers is in the description, as far as it is for others than our own pages."""
    paths = httpx.get(f"{served.url}/openapi.json").json()["paths"]
    for path in (
        *("/sparql", "/rdf-graph-store", "/.well-known/void", "/metrics", "/readyz", "/healthz"),
        *("/reconcile", "/compare", "/api/voices", "/timeline", "/review", "/documents"),
        *("/api/decisions", "/authority/{name}", "/api/queries/said-by-an-actor", "/jobs/{id}"),
    ):
        assert path in paths, path
    assert set(paths["/rdf-graph-store"]) == {"get", "put", "post", "patch", "delete"}
    refused = {"401", "403", "429"}
    for path, operations in paths.items():
        for operation in operations.values():
            assert path == "/healthz" or refused <= operation["responses"].keys(), path
