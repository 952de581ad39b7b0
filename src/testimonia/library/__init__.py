"""The public API, and the only place where the parts are wired together.

::

    from testimonia.library import open_archive

    with open_archive("archive", create=True) as archive:
        for outcome in archive.ingest(["letters/"]):
            print(outcome.name, outcome.result)
        print(archive.query("SELECT (COUNT(*) AS ?n) { ?s a tst:Statement }", format="json").body)

Heavy parts are loaded when first needed: a query loads neither spaCy nor pyshacl.
"""

from __future__ import annotations

from testimonia.library.archive import Archive
from testimonia.library.opening import import_package, open_archive, open_tokens, restore
from testimonia.library.readers import (
    open_extractor,
    open_gazetteer,
    open_reader,
    open_readers,
)

__all__ = [
    "Archive",
    "import_package",
    "open_archive",
    "open_extractor",
    "open_gazetteer",
    "open_reader",
    "open_readers",
    "open_tokens",
    "restore",
]
