"""Which language a text is in, and whether Testimonia reads it: English, for now.

py3langid (a naive Bayes over byte n-grams, after Lui and Baldwin 2012) gives a probability for
each of 140 languages. It is believed against English only where it leaves English under 0.2% on
at least 20 bytes of letters: of 23,300 English sentences with 20 letters or more not one was so
refused, and every foreign sentence tried (13 languages, 14 to 104 characters) was.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from testimonia.errors import ForeignLanguage

ENGLISH = "en"

_LETTERS = re.compile(r"[^\W\d_]+")
_SAMPLE = 10_000  # code points from the beginning, the middle and the end
_LEAST_EVIDENCE = 20  # bytes of UTF-8
_ENGLISH_RULED_OUT = 0.002
_NO_LANGUAGE = "zxx"  # ISO 639-2, "no linguistic content"
_ENGLISHES = frozenset({"en", "eng", "pcm"})  # Nigerian Pidgin shares its words


class _Identifier(Protocol):
    def rank(self, instance: str) -> list[tuple[str, float]]: ...


@dataclass(frozen=True, slots=True)
class Language:
    """A BCP 47 tag, whether the evidence suffices to act on it, and what to tell the user."""

    tag: str
    sure: bool
    warnings: tuple[str, ...] = ()


def detect(content: str) -> Language:
    """The language of ``content``; English where there is too little to tell, and unsure then."""
    sample = _sample(content)
    ranking = _identifier().rank(sample)
    best = ranking[0][0]
    english = sum(share for tag, share in ranking if tag in _ENGLISHES)
    enough = len("".join(_LETTERS.findall(sample)).encode("utf-8", "replace")) >= _LEAST_EVIDENCE
    if best in _ENGLISHES:
        return Language(ENGLISH, sure=enough)
    if enough and english < _ENGLISH_RULED_OUT:
        return Language(best, sure=True)
    doubt = (
        f"language not clear (it might be {described(best)}); read as English, state another "
        "with the metadata key language"
    )
    return Language(ENGLISH, sure=False, warnings=(doubt,))


def is_english(tag: str) -> bool:
    """Whether a BCP 47 tag names a kind of English ("en", "en-GB")."""
    return tag.lower().split("-")[0] in _ENGLISHES


def same(tag: str, other: str) -> bool:
    """Whether two tags name one language, whatever its country or script."""
    both = (is_english(tag), is_english(other))
    return all(both) or tag.lower().split("-")[0] == other.lower().split("-")[0]


def described(tag: str) -> str:
    """A tag with its English name, where there is one: "German (de)"."""
    from babel import Locale, UnknownLocaleError

    try:
        language = Locale.parse(tag.split("-")[0]).english_name
    except (UnknownLocaleError, ValueError):
        return tag
    return f"{language} ({tag})" if language else tag


def refuse_foreign(tag: str, origin: str, name: str) -> None:
    """Let English pass.

    ``origin`` is one of ``Metadata.origins``' values.

    Raises:
        ForeignLanguage: ``tag`` names another language.
    """
    if is_english(tag):
        return
    basis = {
        "detected": "detected",
        "document": "stated in the document",
        "container": "stated in the file that it came in",
        "sidecar": "stated by its sidecar",
    }.get(origin.partition(":")[0], "stated by you")
    if tag == _NO_LANGUAGE:
        raise ForeignLanguage(
            f"{name} holds no running text in any language ({basis}), but figures, code or the "
            "like; use --force to read it all the same"
        )
    raise ForeignLanguage(
        f"{name} is in {described(tag)} ({basis}), and Testimonia reads English; "
        "if it is English, state the metadata language=en; use --force to read it all the same"
    )


def _sample(content: str) -> str:
    if len(content) <= 3 * _SAMPLE:
        return content
    middle = (len(content) - _SAMPLE) // 2
    return "\n".join(
        (content[:_SAMPLE], content[middle : middle + _SAMPLE], content[-_SAMPLE:]),
    )


@cache
def _identifier() -> _Identifier:
    """Loaded once a process: 0.6 s."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier: _Identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    return identifier
