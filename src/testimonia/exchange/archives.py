"""The archive's own package: record, original bytes and N-Quads, each file with its SHA-256.

Unlike a backup it holds nothing that only this version of the store can read. An archive that is
made of it, exported again, gives the same package, byte for byte.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, Final, cast

from testimonia.catalog import FILE, Catalog
from testimonia.errors import ArchiveError, UsageError
from testimonia.exchange import rows
from testimonia.exchange.files import of_bytes, of_file, package
from testimonia.exchange.snapshot import ORIGINALS, Snapshot
from testimonia.iris import Iris
from testimonia.store.whole import fill

MANIFEST: Final = "archive.json"
GRAPH: Final = "graph.nq"
_RECORD: Final = "record"
_ORIGINALS: Final = "originals"
_FORMAT: Final = "testimonia-archive"
_VERSION: Final = 1
_CHUNK: Final = 1024 * 1024
_LARGEST_MANIFEST: Final = 256 * _CHUNK


def write(moment: Snapshot, path: Path) -> None:
    """The whole archive as a package at ``path``.

    Raises:
        UsageError: it exists.
        ArchiveError: it cannot be written.
    """
    hashes = {}
    with package(path) as target:
        for table in rows.tables(moment.record):
            name = f"{_RECORD}/{table}.jsonl"
            written = target.write(name, lambda out, t=table: rows.write(moment.record, t, out))  # type: ignore[misc]
            hashes[name] = written.sha256
        for (original,) in moment.record.execute(ORIGINALS):
            name = f"{_ORIGINALS}/{original[:2]}/{original}"
            hashes[name] = target.write(name, of_file(moment.folder / name)).sha256
        graph = target.write(GRAPH, lambda out: moment.view.export(out, "nquads", sort=True))
        (version,) = moment.record.execute("PRAGMA user_version").fetchone()
        manifest = {
            "format": _FORMAT,
            "version": _VERSION,
            "record": version,
            "base_iri": moment.view.iris.base_iri,
            "files": dict(sorted({**hashes, GRAPH: graph.sha256}.items())),
        }
        target.write(MANIFEST, of_bytes(json.dumps(manifest, indent=1).encode() + b"\n"))


def is_package(path: Path) -> bool:
    """Whether there is a package of ours at ``path``, by its manifest."""
    try:
        with _opened(path) as source:
            return bool(_manifest(source))
    except (ArchiveError, UsageError):
        return False


def read(path: Path, folder: Path) -> int:
    """Check the package at ``path`` and make an archive of it in ``folder``. Returns how many
    files it has.

    Raises:
        UsageError: ``folder`` exists and is not empty.
        ArchiveError: it is no package, was made by a newer version, or a file is not as it was
            written: nothing has been made then.
    """
    if folder.exists() and any(folder.iterdir()):
        raise UsageError(f"{folder} is not empty; import into a new folder, with --archive")
    unfinished = folder.with_name(f"{folder.name}.tmp-{os.getpid()}")
    with _opened(path) as source:
        manifest = _manifest(source)
        try:
            for name, sha256 in manifest["files"].items():
                source.take(name, sha256, unfinished / "package" / name)
            made = unfinished / "archive"
            with closing(_record(manifest, unfinished / "package", made)):
                pass
            if folder.exists():
                folder.rmdir()
            folder.parent.mkdir(parents=True, exist_ok=True)
            made.rename(folder)
        except OSError as error:
            raise ArchiveError(f"{folder} cannot be written: {error}") from error
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
    return len(manifest["files"])


def _record(manifest: dict[str, Any], taken: Path, made: Path) -> Catalog:
    """The archive itself: record, original bytes, store."""
    try:
        iris = Iris(manifest["base_iri"])
    except (ValueError, TypeError) as error:
        raise ArchiveError(f"the package has no base IRI: {error}") from error
    catalog = Catalog.create(made, iris.base_iri)
    with closing(sqlite3.connect(made / FILE, isolation_level=None)) as record:
        (version,) = record.execute("PRAGMA user_version").fetchone()
        if manifest["record"] > version:
            catalog.close()
            raise ArchiveError(
                f"the package was exported by a newer Testimonia (its record has version"
                f" {manifest['record']}, this software knows {version})"
            )
        _fill(record, taken / _RECORD)
    if (taken / _ORIGINALS).is_dir():
        (made / _ORIGINALS).rmdir()
        (taken / _ORIGINALS).rename(made / _ORIGINALS)
    fill(made / "store", iris, taken / GRAPH)
    return catalog


def _fill(record: sqlite3.Connection, folder: Path) -> None:
    record.execute("PRAGMA foreign_keys = OFF")
    record.execute("BEGIN IMMEDIATE")
    for file in sorted(folder.glob("*.jsonl")):
        if file.stem == "answer":
            record.execute(rows.ANSWERS)
        with file.open("rb") as opened:
            rows.read(record, file.stem, rows.lines(opened))
    if broken := record.execute("PRAGMA foreign_key_check").fetchone():
        raise ArchiveError(f"the package's record contradicts itself in the table {broken[0]!r}")
    record.execute("COMMIT")


# -------------------------------------------------------------------------------- reading a package


class _Source:
    """A package, to read from: a folder or a ZIP. Only what its manifest names is ever taken."""

    def __init__(self, path: Path, archive: zipfile.ZipFile | None) -> None:
        self.path = path
        self._archive = archive

    def open(self, name: str) -> BinaryIO:
        if self._archive is not None:
            return cast("BinaryIO", self._archive.open(name))
        return (self.path / name).open("rb")

    def take(self, name: str, sha256: str, target: Path) -> None:
        """Copy a file that has this hash."""
        target.parent.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256()
        try:
            with self.open(name) as source, target.open("xb") as copy:
                while chunk := source.read(_CHUNK):
                    digest.update(chunk)
                    copy.write(chunk)
        except (KeyError, FileNotFoundError, zipfile.BadZipFile) as error:
            raise ArchiveError(f"{self.path} is damaged: {name} is missing") from error
        if digest.hexdigest() != sha256:
            raise ArchiveError(
                f"{self.path} is damaged: {name} is not as it was written; nothing was imported"
            )


@contextmanager
def _opened(path: Path) -> Iterator[_Source]:
    if path.is_dir():
        yield _Source(path, None)
        return
    try:
        with zipfile.ZipFile(path) as archive:
            yield _Source(path, archive)
    except (OSError, zipfile.BadZipFile) as error:
        raise ArchiveError(f"{path} cannot be read as a package: {error}") from error


def _manifest(source: _Source) -> dict[str, Any]:
    try:
        with source.open(MANIFEST) as opened:
            manifest: dict[str, Any] = json.loads(opened.read(_LARGEST_MANIFEST))
        files = manifest["files"]
        known = manifest["format"] == _FORMAT and isinstance(manifest["record"], int)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ArchiveError(f"{source.path} is no package: it has no readable {MANIFEST}") from error
    if not known or not isinstance(files, dict) or manifest.get("version") != _VERSION:
        raise ArchiveError(f"{source.path} is no package that this software can read")
    if not all(map(_is_ours, files)) or GRAPH not in files:
        raise ArchiveError(f"{source.path} is no package: its {MANIFEST} names other files")
    return manifest


def _is_ours(name: str) -> bool:
    parts = PurePosixPath(name).parts
    inside = ".." not in parts and name == "/".join(parts) and "\\" not in name
    return inside and (name == GRAPH or (len(parts) > 1 and parts[0] in (_RECORD, _ORIGINALS)))
