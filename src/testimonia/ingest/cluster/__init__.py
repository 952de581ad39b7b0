"""Deriving documents on the machines of a Ray cluster.

``readers`` hands documents out in rounds and keeps what comes back; ``ray_data`` is the only module
that knows Ray; ``node`` is what runs on the machines, ``shards`` where what they gave lies until it
is stored.
"""

from __future__ import annotations

from testimonia.ingest.cluster.readers import ClusterReaders

__all__ = ["ClusterReaders"]
