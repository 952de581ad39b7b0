"""Backups: a copy of record and store that belong together, each file with its SHA-256.

A backup is laid out as an archive is, with ``backup.json`` beside it, so that restoring is
checking and copying. Nothing is restored unless every file is as it was written.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from testimonia.errors import ArchiveError, UsageError

MANIFEST = "backup.json"
_VERSION = 1


def write_backup(target: Path, parts: Callable[[Path], None]) -> int:
    """Let ``parts`` write an archive's files below a new folder, then list them with their hashes.

    The folder appears under its name by one rename, whole. Returns the number of files.

    Raises:
        UsageError: ``target`` exists.
        ArchiveError: it cannot be written.
    """
    if target.exists():
        raise UsageError(f"{target} exists; a backup goes into a folder of its own")
    unfinished = target.with_name(f"{target.name}.tmp-{os.getpid()}")
    try:
        unfinished.mkdir(parents=True)
        parts(unfinished)
        hashes = _hashes(unfinished)
        made = datetime.now(UTC).isoformat(timespec="seconds")
        manifest = {"version": _VERSION, "made": made, "files": hashes}
        (unfinished / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", "utf-8")
        unfinished.rename(target)
    except OSError as error:
        raise ArchiveError(f"the backup cannot be written: {error}") from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return len(hashes)


def restore_backup(source: Path, folder: Path) -> int:
    """Check the backup in ``source`` and copy it to ``folder``. Returns the number of files.

    Raises:
        ArchiveError: it is no backup, or a file is missing, altered or too many; nothing has been
            written then.
        UsageError: ``folder`` exists.
    """
    if folder.exists():
        raise UsageError(f"{folder} exists; restore into a folder that does not, with --archive")
    files = _manifest(source)
    found = _hashes(source)
    wrong = sorted(
        name for name in files.keys() | found.keys() if files.get(name) != found.get(name)
    )
    if wrong:
        raise ArchiveError(
            f"{source} is damaged: {wrong[0]} is not as it was written"
            f" ({len(wrong)} of {len(files)} files differ); nothing was restored"
        )
    unfinished = folder.with_name(f"{folder.name}.tmp-{os.getpid()}")
    try:
        shutil.copytree(source, unfinished, ignore=shutil.ignore_patterns(MANIFEST))
        unfinished.rename(folder)
    except OSError as error:
        raise ArchiveError(f"{folder} cannot be written: {error}") from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return len(files)


def _manifest(source: Path) -> dict[str, str]:
    try:
        manifest = json.loads((source / MANIFEST).read_text("utf-8"))
        files = manifest["files"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ArchiveError(f"{source} is no backup: it has no readable {MANIFEST}") from error
    if manifest.get("version") != _VERSION or not isinstance(files, dict):
        raise ArchiveError(f"{source} is a backup of a version that this software cannot read")
    return files


def _hashes(folder: Path) -> dict[str, str]:
    files = (file for file in sorted(folder.rglob("*")) if file.is_file())
    return {
        file.relative_to(folder).as_posix(): _sha256(file)
        for file in files
        if file.name != MANIFEST
    }


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
