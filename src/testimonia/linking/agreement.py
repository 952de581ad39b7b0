"""How two names stand to each other: the levels that are weighed."""

from __future__ import annotations

from enum import StrEnum


class Agreement(StrEnum):
    """From names that are one to names that cannot be; each has its weights in
    ``data/entity_weights.toml``."""

    SAME = "same name"
    VARIANT = "other form of the name"  # an initial, a nickname, the surname first
    ACRONYM = "initials of the name"
    SPELLING = "other spelling"
    PART = "part of the name"  # a surname for a full name
    LONE = "same single name"
    NONE = "other name"
    CONFLICT = "names that exclude each other"

    @property
    def is_possible(self) -> bool:
        """Whether what bears the two may be one."""
        return self not in {Agreement.NONE, Agreement.CONFLICT}
