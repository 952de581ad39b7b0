"""What holds across documents: which of their entities are one.

What is compared and how it is weighed are pure rules (:mod:`testimonia.linking`); here they meet
the record and the store.
"""

from __future__ import annotations

from testimonia.crossref.changing import Changing
from testimonia.crossref.entities import DECIDED, Entities, unconstrained
from testimonia.crossref.graph import LinkGraph
from testimonia.linking.constraints import Constraints

__all__ = ["DECIDED", "Changing", "Constraints", "Entities", "LinkGraph", "unconstrained"]
