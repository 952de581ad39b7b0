"""What pyoxigraph says of a syntax error, in our words."""

from __future__ import annotations

import re

_SYNTAX_ERROR = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)


def explained(message: str) -> str:
    """Where the error is, and what was expected there."""
    if match := _SYNTAX_ERROR.fullmatch(message):
        return f"syntax error at line {match[1]}, column {match[2]}: {match[3]}"
    return f"syntax error: {message}"
