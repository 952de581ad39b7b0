"""Whether a document's full text may be shown, by what is stated as its ``rights``.

A text is restricted where the value begins with the word "restricted" (in any case), or is an IRI
that says so: of the COAR Access Rights vocabulary 1.0 (restricted, embargoed, metadata only), or
of info:eu-repo. Of a restricted document quotations are shown, and never the whole text.
"""

from __future__ import annotations

import re
from typing import Final

_WORD: Final = re.compile(r"restricted\b", re.IGNORECASE)
_COAR: Final = re.compile(r"https?://purl\.org/coar/access_right/(\w+)/?")
_RESTRICTED_COAR: Final = frozenset({"c_16ec", "c_f1cf", "c_14cb"})
_EU_REPO: Final = re.compile(r"info:eu-repo/semantics/(restricted|closed|embargoed)Access")


def is_restricted(rights: str | None) -> bool:
    """Whether only quotations of a document with these ``rights`` may be shown."""
    stated = (rights or "").strip()
    if _WORD.match(stated) or _EU_REPO.fullmatch(stated):
        return True
    coar = _COAR.fullmatch(stated)
    return coar is not None and coar[1] in _RESTRICTED_COAR
