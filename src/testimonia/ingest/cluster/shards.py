"""What was derived of documents and is not stored yet: files that outlive an interruption.

A shard is one document's quads as N-Quads, compressed by zstd, and beside it what else the writer
needs of it. It is named by document and by all that it follows from, so that a run that is begun
again finds what was read already, and nothing that another reader or other metadata gave. Files are
written whole and then renamed, the quads last: where those are, the shard is.
"""

from __future__ import annotations

import pickle
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing.reduction import ForkingPickler
from pathlib import Path
from typing import Final
from zlib import crc32

from testimonia import __version__
from testimonia.identity import digest
from testimonia.ingest.deriving import Derived, Task

FOLDER: Final = "shards"
"""Where they lie in an archive's folder."""
_QUADS: Final = ".nq.zst"
_REST: Final = ".rest.zst"
_NEW: Final = ".new"
# Stands for the form of ``rest``.
_FORM: Final = "2"


@dataclass(frozen=True, slots=True)
class Shard:
    """A document's quads as N-Quads, and the rest of what was derived, each compressed by zstd."""

    quads: bytes
    rest: bytes


def packed(derived: Derived) -> Shard:
    """The shard of what was derived."""
    document = inferred = b""
    if (prepared := derived.prepared) is not None:
        document, inferred = prepared.document.encode(), prepared.inferred.encode()
        derived = replace(derived, prepared=replace(prepared, document="", inferred=""))
    quads = document + inferred
    rest = _pickled((derived, len(document), crc32(quads)))
    return Shard(_compressed(quads), _compressed(rest))


def unpacked(shard: Shard) -> Derived:
    """What a shard was made of.

    Raises:
        Exception: it is damaged.
    """
    derived: Derived
    derived, end, checked = pickle.loads(_decompressed(shard.rest))  # noqa: S301 - our own
    quads = _decompressed(shard.quads)
    if crc32(quads) != checked:
        raise ValueError("the quads are not those that were written")
    if derived.prepared is None:
        return derived
    document, inferred = quads[:end].decode(), quads[end:].decode()
    return replace(
        derived, prepared=replace(derived.prepared, document=document, inferred=inferred)
    )


@dataclass(frozen=True, slots=True)
class Shelf:
    """The shards in a folder, which is made with the first of them."""

    folder: Path

    def name(self, task: Task) -> str:
        """What the shard of a task is called: it follows from these."""
        parts = (_FORM, __version__, task.iris.base_iri, task.fingerprint, str(task.max_triples))
        return f"{task.document.id}-{digest('shard', *parts)}"

    def find(self, name: str) -> bool:
        """Whether there is such a shard, whole: a damaged one goes."""
        if not self._quads(name).exists():
            return False
        try:
            self.get(name)
        except Exception:
            self.drop(name)
            return False
        return True

    def get(self, name: str) -> Derived:
        """What a shard holds.

        Raises:
            Exception: there is none, or it is damaged.
        """
        return unpacked(Shard(self._quads(name).read_bytes(), self._rest(name).read_bytes()))

    def put(self, name: str, shard: Shard) -> None:
        """Keep a shard.

        Raises:
            OSError: the disk refused.
        """
        self.folder.mkdir(exist_ok=True)
        for path, data in ((self._rest(name), shard.rest), (self._quads(name), shard.quads)):
            new = path.with_name(path.name + _NEW)
            new.write_bytes(data)
            new.replace(path)

    def drop(self, name: str) -> None:
        """Let go of a shard, if there is one."""
        self._quads(name).unlink(missing_ok=True)
        self._rest(name).unlink(missing_ok=True)

    def drop_all_of(self, document: str) -> None:
        """Let go of whatever there is of a document."""
        for each in self.folder.glob(f"{document}-*"):
            each.unlink(missing_ok=True)

    def keep_only(self, documents: Collection[str]) -> None:
        """Let go of all that are of other documents than these, and of what an unclean end left
        half-written. For when nobody writes."""
        for each in self.folder.glob(f"*{_NEW}"):
            each.unlink(missing_ok=True)
        for name in self.names():
            if name.partition("-")[0] not in documents:
                self.drop(name)
        self.tidy()

    def names(self) -> set[str]:
        """Those that are there, whole."""
        return {each.name.removesuffix(_QUADS) for each in self.folder.glob(f"*{_QUADS}")}

    def tidy(self) -> None:
        """Remove the folder if nothing is in it."""
        with suppress(OSError):
            self.folder.rmdir()

    def _quads(self, name: str) -> Path:
        return self.folder / f"{name}{_QUADS}"

    def _rest(self, name: str) -> Path:
        return self.folder / f"{name}{_REST}"


def _pickled(value: object) -> bytes:
    return bytes(ForkingPickler.dumps(value))


def _compressed(data: bytes) -> bytes:
    import pyarrow

    compressed: bytes = pyarrow.compress(data, codec="zstd", asbytes=True)
    return compressed


def _decompressed(data: bytes) -> bytes:
    import pyarrow

    with pyarrow.CompressedInputStream(pyarrow.BufferReader(data), "zstd") as stream:
        read: bytes = stream.read()
    return read
