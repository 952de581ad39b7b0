"""The store on another's server: any that speaks SPARQL 1.1 (query, update, protocol).

An archive's folder keeps beside it what the embedded store keeps too: the lock, the full-text index
and generations, which here are marks of what has been published; and the journal of the change that
is under way. See ``docs/decisions/0023-any-store.md``.
"""

from __future__ import annotations

from testimonia.store.remote.view import RemoteView
from testimonia.store.remote.writer import RemoteWriter

__all__ = ["RemoteView", "RemoteWriter"]
