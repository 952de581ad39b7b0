"""What leaves an archive in others' forms, and what comes in: each form is a module.

Statement by statement: nanopublications, web annotations, tables. As a whole: RO-Crate, and the
archive's own package, from which an equal archive can be made.
"""

from __future__ import annotations

from typing import Final, Literal, get_args

StreamFormat = Literal["nanopublications", "annotations", "csv", "parquet"]
"""Statement by statement, into a file or standard output."""

PackageFormat = Literal["ro-crate", "archive"]
"""Several files: a folder, or a ZIP where the name ends so."""

STREAMS: Final[tuple[str, ...]] = get_args(StreamFormat)
PACKAGES: Final[tuple[str, ...]] = get_args(PackageFormat)
