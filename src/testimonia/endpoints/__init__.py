"""Stores that answer by SPARQL 1.1 over HTTP, from their client's side.

``address`` says where one is, ``kinds`` how the known ones differ, ``detection`` asks one which it
is, ``client`` talks to it, ``target`` is what is remembered of it in an archive's folder.
"""

from __future__ import annotations

from testimonia.endpoints.address import Address
from testimonia.endpoints.client import Client, CutShort, Refused
from testimonia.endpoints.kinds import KINDS, Kind
from testimonia.endpoints.target import Target

__all__ = ["KINDS", "Address", "Client", "CutShort", "Kind", "Refused", "Target"]
