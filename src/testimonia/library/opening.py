"""Archives opened, made, and brought back from copies."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from testimonia.catalog import FILE, Catalog
from testimonia.errors import ArchiveError
from testimonia.library.archive import Archive
from testimonia.library.base import KEEP_TEXT, checked_base_iri
from testimonia.library.notices import Notice, silent
from testimonia.settings import DEFAULT_BASE_IRI, Settings

if TYPE_CHECKING:
    from testimonia.tokens import Tokens


def open_archive(
    folder: Path | str,
    *,
    create: bool = False,
    base_iri: str | None = None,
    settings: Settings | None = None,
    notice: Notice = silent,
    store: str | None = None,
) -> Archive:
    """The archive in ``folder``; with ``create`` a new one where there is none.

    ``base_iri`` is what its IRIs begin with: fixed when it is made. ``store`` is where its graph
    is kept (``docs/stores.md``), recorded with the first use: in the archive's own folder as it
    comes. ``notice`` is told of slow preparations in plain words.

    Raises:
        ArchiveError: there is none, or it is something else, or it has another base IRI.
        UsageError: ``base_iri`` is no base IRI.
    """
    folder = Path(folder)
    if create and not os.path.exists(folder / FILE):  # noqa: PTH110 - False where none may look
        catalog = Catalog.create(folder, checked_base_iri(base_iri or DEFAULT_BASE_IRI))
    else:
        catalog = Catalog.open(folder)
        if base_iri and base_iri != catalog.base_iri:
            raise ArchiveError(
                f"{folder} has the base IRI {catalog.base_iri}, not {base_iri};"
                " `testimonia rebase` can change it"
            )
    settings = settings or Settings()
    if catalog.setting(KEEP_TEXT) == "no":
        settings = replace(settings, keep_text=False)
    return Archive(folder, catalog, settings, notice, store)


def restore(source: Path | str, folder: Path | str) -> int:
    """Check the backup in ``source`` and make an archive of it in ``folder``.

    Returns the number of files. Raises as :func:`testimonia.backup.restore_backup`.
    """
    from testimonia.backup import restore_backup

    return restore_backup(Path(source), Path(folder))


def import_package(source: Path | str, folder: Path | str) -> int:
    """Check an archive's package (``export --format archive``) and make an archive of it.

    Returns the number of files. Raises as :func:`testimonia.exchange.archives.read`.
    """
    from testimonia.exchange.archives import read

    return read(Path(source), Path(folder))


def open_tokens(folder: Path | str, *, plain: bool = False) -> Tokens:
    """The tokens of the archive (or the ``plain`` dataset) in ``folder``.

    Raises:
        ArchiveError: there is none.
    """
    from testimonia.tokens import Tokens

    folder = Path(folder)
    if plain:
        if not folder.is_dir():
            raise ArchiveError(f"no dataset at {folder}: `testimonia serve --plain` makes one")
    else:
        Catalog.open(folder).close()
    return Tokens(folder)
