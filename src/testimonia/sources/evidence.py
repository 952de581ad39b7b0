"""Whether there is anything to read: a rule that knows no language."""

from __future__ import annotations

import re

from testimonia.errors import EmptySource

_LETTERS = re.compile(r"[^\W\d_]+")
_SHORTEST_UNSPACED = 4  # letters of a script that writes no spaces between words


def require_sentence(content: str, name: str) -> None:
    """Let a text pass that can hold a sentence: two words, or one stretch of an unspaced script.

    Raises:
        EmptySource: nothing but white space, or digits, marks and at most one word.
    """
    if not content.strip():
        raise EmptySource(f"{name} holds no text, only white space; give a file with text in it")
    for count, match in enumerate(_LETTERS.finditer(content), start=1):
        if count == 2 or _is_unspaced(match[0]):
            return
    raise EmptySource(
        f"{name} holds no sentence (fewer than two words); give a file with running text"
    )


def _is_unspaced(letters: str) -> bool:
    return len(letters) >= _SHORTEST_UNSPACED and letters.lower() == letters.upper()
