"""A typed JSON API for the common questions, without SPARQL; its answers are JSON-LD.

pydantic is used here and nowhere else: at the edge, to say in OpenAPI what is answered.
"""

from __future__ import annotations

from fastapi import APIRouter

from testimonia.web.api import routes, saved_routes
from testimonia.web.site import Site


def router(site: Site) -> APIRouter:
    """Everything under ``/api``."""
    all_ = APIRouter()
    all_.include_router(routes.router(site))
    all_.include_router(saved_routes.router(site))
    return all_
