"""Sends documents to a server, and follows what becomes of them: ``ingest --server``."""

from __future__ import annotations

import json
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import httpx

from testimonia.cli import output
from testimonia.errors import ArchiveError, UsageError

if TYPE_CHECKING:
    from testimonia.ingest import Outcome

_MOST_FILES: Final = 50
_MOST_BYTES: Final = 16 * 1024 * 1024
_SECONDS: Final = 60.0
_LOOK_SECONDS: Final = 0.5
_TRIES: Final = 20


def ingest(
    server: str,
    token: str | None,
    paths: Sequence[Path],
    meta: Sequence[str],
    *,
    force: bool,
    quiet: bool,
) -> int:
    """Send the documents under ``paths`` and wait until they have been read.

    Returns the exit code: 1 where one was rejected or failed.

    Raises:
        UsageError: the server refuses them.
        ArchiveError: the server cannot be reached, or is not one.
    """
    from testimonia.sources import find_sources, parse_options

    stated = parse_options(meta)
    files = find_sources(paths)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    given = {"metadata": json.dumps(stated), "force_language": json.dumps(force)}
    with httpx.Client(base_url=server, headers=headers, timeout=_SECONDS) as client:
        outcomes = _outcomes(client, files, given)
        counts = output.follow(outcomes, total=len(files), label="reading", quiet=quiet)
    return 1 if counts["failed"] or counts["rejected"] else 0


def _outcomes(
    client: httpx.Client, files: Sequence[Path], given: Mapping[str, str]
) -> Generator[Outcome, None, None]:
    for batch in _batches(files):
        job = _asked(client, "POST", "documents", files=_parts(batch), data=given)
        yield from _followed(client, job["id"])


def _followed(client: httpx.Client, job: str) -> Iterator[Outcome]:
    from testimonia.ingest import Outcome, Result

    seen = 0
    while True:
        found = _asked(client, "GET", f"jobs/{job}")
        for each in found["outcomes"][seen:]:
            seen += 1
            told = (Result(each["result"]), each["document"], each["message"], each["statements"])
            yield Outcome(each["name"], *told)
        if found["state"] == "failed":
            raise ArchiveError(f"the server could not read the documents: {found['message']}")
        if found["state"] == "done":
            return
        time.sleep(_LOOK_SECONDS)


def _batches(files: Sequence[Path]) -> Iterator[list[Path]]:
    batch: list[Path] = []
    size = 0
    for file in files:
        more = file.stat().st_size
        if batch and (len(batch) == _MOST_FILES or size + more > _MOST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(file)
        size += more
    if batch:
        yield batch


def _parts(batch: Sequence[Path]) -> list[tuple[str, tuple[str, bytes, str]]]:
    """The files of a batch with their sidecars."""
    sidecars = (file.with_name(f"{file.name}.meta.toml") for file in batch)
    whole = [*batch, *(each for each in sidecars if each.is_file())]
    kind = "application/octet-stream"
    return [("file", (each.name, each.read_bytes(), kind)) for each in whole]


def _asked(client: httpx.Client, method: str, path: str, **content: Any) -> dict[str, Any]:
    for _ in range(_TRIES):
        try:
            response = client.request(method, path, **content)
            found = response.json()
        except httpx.HTTPError as error:
            raise ArchiveError(f"{client.base_url} cannot be reached: {error}") from error
        except ValueError as error:
            raise ArchiveError(f"{client.base_url} is no server of Testimonia's") from error
        if response.is_success and isinstance(found, dict):
            return found
        if response.status_code not in (409, 429, 503):
            break
        time.sleep(min(float(response.headers.get("retry-after", "5")), 60.0))
    detail = found.get("detail", "") if isinstance(found, dict) else ""
    raise UsageError(f"{client.base_url} answers {response.status_code}: {detail}")
