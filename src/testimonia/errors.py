"""Every error that Testimonia raises on purpose.

::

    TestimoniaError                 the root; its text says what failed, on which thing, what to do
    ├── UsageError                  the request itself is wrong            (command line: exit 2)
    │   ├── SettingsError           a setting or option has no meaning
    │   ├── MetadataError           a sidecar or ``--meta`` value cannot be read
    │   ├── QueryError              SPARQL that cannot be parsed or may not be run
    │   │   └── Invalid             a write whose result the shapes refuse; has the report
    │   ├── Forbidden               what is asked is somebody else's to do
    │   ├── NoSuchGraph             there is no graph of that name
    │   ├── NotAcceptable           a result has no such format
    │   └── Busy                    too much is waiting already
    ├── SourceError                 a document cannot be read; the batch goes on
    │   ├── UnreadableSource        missing, no permission, a directory
    │   ├── UnsupportedSource       binary, or of no known media type
    │   ├── EmptySource             no text, or no sentence in it
    │   └── ForeignLanguage         not English, and not forced
    ├── ArchiveError                no archive, not one, or of another version   (exit 3)
    │   └── ArchiveLocked           another process has it; says which
    ├── ReadingError                an extractor broke its contract (spans outside the text), or a
    │                               foreign one gave no answer; the batch goes on
    ├── ClusterError                the machines that read cannot be had, or are gone; what was
    │                               read is kept
    └── StoreError                  the store refused or failed
        └── QueryAborted            a query was ended: deadline, memory, crash
"""

from __future__ import annotations


class TestimoniaError(Exception):
    """Root of the tree."""

    __test__ = False  # pytest: not a test class


class UsageError(TestimoniaError):
    """The request itself is wrong."""


class SettingsError(UsageError):
    """A setting or option has no meaning."""


class MetadataError(UsageError):
    """A sidecar or a ``--meta`` value cannot be read."""


class QueryError(UsageError):
    """SPARQL that cannot be parsed, or that may not be run."""


class Invalid(QueryError):
    """A write whose result the shapes refuse; ``turtle`` and ``json`` are the report."""

    def __init__(self, message: str, turtle: str, json: dict[str, object]) -> None:
        super().__init__(message)
        self.turtle = turtle
        self.json = json


class Forbidden(UsageError):
    """What is asked is somebody else's to do, or needs a right that is not there."""


class NoSuchGraph(UsageError):
    """There is no graph of that name."""


class NotAcceptable(UsageError):
    """The result has no format that was asked for."""


class Busy(UsageError):
    """Too much is waiting already; later there may be room."""


class SourceError(TestimoniaError):
    """A document cannot be read; in a batch, the others go on."""


class UnreadableSource(SourceError):
    """Missing, not permitted, or not a file."""


class UnsupportedSource(SourceError):
    """Binary, or of no media type that has a reader."""


class EmptySource(SourceError):
    """No text, or no sentence in it."""


class ForeignLanguage(SourceError):
    """The text is not English and nobody forced it."""


class ArchiveError(TestimoniaError):
    """No archive, not an archive, or of a version that this software cannot open."""


class ArchiveLocked(ArchiveError):
    """Another process has the archive open for writing."""


class ReadingError(TestimoniaError):
    """An extractor broke its contract, or gave no answer; in a batch, the others go on."""


class ClusterError(TestimoniaError):
    """The machines of a cluster cannot be had, read otherwise than this one, or are gone."""


class StoreError(TestimoniaError):
    """The store refused or failed."""


class QueryAborted(StoreError):
    """A query was ended from outside: ``reason`` is ``"deadline"``, ``"memory"``, ``"size"``,
    ``"busy"``, ``"stopping"`` or ``"crash"``."""

    def __init__(self, message: str, reason: str) -> None:
        super().__init__(message)
        self.reason = reason
