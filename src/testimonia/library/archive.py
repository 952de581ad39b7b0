"""An archive with all that it does."""

from __future__ import annotations

from testimonia.library.authorities import WithAuthorities
from testimonia.library.carrying import WithCarrying
from testimonia.library.ingesting import WithIngestion
from testimonia.library.leaving import WithLeaving


class Archive(WithIngestion, WithLeaving, WithCarrying, WithAuthorities):
    """A record and the graph derived from it. Made by :func:`testimonia.library.open_archive`."""
