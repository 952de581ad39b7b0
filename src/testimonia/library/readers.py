"""What documents are read with, as the settings say: the model, the gazetteer, processes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from testimonia.library.notices import Notice, silent
from testimonia.settings import Settings
from testimonia.sparql.limits import cores

if TYPE_CHECKING:
    from testimonia.gazetteer import Gazetteer
    from testimonia.ingest import Extractor, Readers
    from testimonia.reading import Reader
    from testimonia.reading.foreign import Answers


def open_gazetteer(notice: Notice = silent, settings: Settings | None = None) -> Gazetteer:
    """The gazetteer that ``settings`` name, else the installation's own, made on first use.

    Raises:
        SettingsError: the file is no index, or the cache's folder cannot be written.
    """
    from testimonia import gazetteer

    chosen = (settings or Settings()).gazetteer
    return gazetteer.open_gazetteer(chosen or gazetteer.cached_index(notice))


def open_reader(settings: Settings | None = None, notice: Notice = silent) -> Reader:
    """The extractor that ``settings`` ask for."""
    settings = settings or Settings()
    gazetteer = open_gazetteer(notice, settings)
    notice("loading the language model …")
    return _reader(settings, gazetteer)


def _reader(settings: Settings, gazetteer: Gazetteer) -> Reader:
    """It loads its model with the first text."""
    from testimonia.reading import Reader

    return Reader(gazetteer, model=settings.model, attributions=settings.attributions)


@contextmanager
def open_extractor(
    settings: Settings | None = None, notice: Notice = silent, answers: Answers | None = None
) -> Iterator[Extractor]:
    """The extractor that ``settings`` ask for, foreign ones too, for as long as it is needed.

    A foreign reader's answers are kept in ``answers`` and taken from there.

    Raises:
        SettingsError: there is none such.
    """
    settings = settings or Settings()
    if settings.reader is None:
        with _own_reader(settings, notice) as own:
            yield own
        return
    from testimonia.reading.foreign import foreign_reader

    name, seconds = settings.reader_model, settings.reader_seconds
    with foreign_reader(settings.reader, name, seconds, answers) as reader:
        yield reader


@contextmanager
def _own_reader(settings: Settings, notice: Notice) -> Iterator[Extractor]:
    if not settings.reading_memory:
        yield open_reader(settings, notice)
        return
    from testimonia.isolation import IsolatedReader

    # The index of places is made here where it is missing: it takes a while, which is told.
    open_gazetteer(notice, settings)
    notice("loading the language model …")
    with IsolatedReader(partial(open_reader, settings), settings.reading_memory) as reader:
        yield reader


@contextmanager
def open_readers(
    settings: Settings | None = None, notice: Notice = silent, answers: Answers | None = None
) -> Iterator[Extractor | Readers]:
    """What an ingestion reads with: the extractor of ``open_extractor``, in as many processes as
    ``settings`` say. A foreign reader, which waits more than it works, and one without a limit of
    memory that is to work alone, are here.

    Raises:
        SettingsError: there is none such.
    """
    settings = settings or Settings()
    if settings.reader or not (settings.reading_memory or settings.workers):
        with open_extractor(settings, notice, answers) as extractor:
            yield extractor
        return
    from testimonia.ingest import Workers

    # Asked for where nothing is read, and mistakes in the settings are told at once.
    name = extractor_name(settings, notice)
    many = (settings.workers or cores(), settings.reading_memory)
    with Workers(partial(open_reader, settings), name, *many, notice) as workers:
        yield workers


def extractor_name(settings: Settings, notice: Notice = silent) -> str:
    """What the extractor that ``open_reader`` gives is called; loads no model.

    Raises:
        SettingsError: there is none such.
    """
    return _reader(settings, open_gazetteer(notice, settings)).extractor


def open_cluster(
    address: str, settings: Settings, shards: Path, notice: Notice = silent
) -> AbstractContextManager[Readers]:
    """What an ingestion reads with on the machines of the cluster at ``address``; what they read
    lies in the folder ``shards`` until it is stored.

    Raises:
        SettingsError, UsageError: with its first use, there is no such extractor or cluster.
    """
    from testimonia.ingest.cluster import ClusterReaders

    open_gazetteer(notice, settings)  # made where it is missing, which is told
    return ClusterReaders(
        address,
        partial(open_reader, settings),
        partial(extractor_name, settings),
        settings.reading_memory,
        shards,
        workers=settings.workers,
        notice=notice,
    )
