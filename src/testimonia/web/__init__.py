"""The archive over HTTP: pages for people, RDF and SPARQL for programs.

Needs no JavaScript and loads nothing from elsewhere.
"""

from __future__ import annotations

from testimonia.web.app import Serving, create_app, create_plain_app
from testimonia.web.server import serve

__all__ = ["Serving", "create_app", "create_plain_app", "serve"]
