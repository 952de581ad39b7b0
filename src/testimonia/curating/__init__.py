"""Where people decide: what is worth a decision, how it is recorded, carried out and undone."""

from __future__ import annotations

from testimonia.curating.review import Question, Review, Reviewed
from testimonia.curating.wishes import Wish

__all__ = ["Question", "Review", "Reviewed", "Wish"]
