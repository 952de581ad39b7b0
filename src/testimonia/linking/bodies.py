"""Names of organisations, groups and unlocated places, and how two of them stand to each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from testimonia.linking.agreement import Agreement
from testimonia.linking.lexicon import lexicon
from testimonia.linking.spelling import alike, skeleton, words_of

_SMALL = frozenset(
    {"of", "the", "and", "for", "in", "on", "at", "to", "a", "de", "la", "du", "des"}
)
_LONGEST_COUNTRY = 4  # words
_SHORTEST_ACRONYM = 3  # letters; two stand for too much


@dataclass(frozen=True, slots=True)
class BodyName:
    """A body's name as it is compared.

    ``words`` are its words without small ones, spelt in one way, ``countries`` the codes of the
    countries that it names, ``telling`` those of its words that not many bodies have, ``initials``
    what it may be shortened to, ``alias`` the full name where it is one of a well-known body.
    """

    words: frozenset[str]
    countries: frozenset[str]
    telling: frozenset[str]
    initials: frozenset[str] = frozenset()
    alias: str = ""
    is_acronym: bool = False

    @property
    def bag(self) -> frozenset[str]:
        """Words and countries."""
        return self.words | {f"@{code}" for code in self.countries}


@lru_cache(maxsize=65536)
def body_name(name: str, *, place: bool = False) -> BodyName | None:
    """A body's name for comparison; ``None`` where nothing of it is a word."""
    known = lexicon()
    all_words = words_of(name)
    words, countries = _without_countries(all_words)
    while len(words) > 1 and words[-1] in known.forms and not place:
        words.pop()
    spelt = [_singular(known.spellings.get(word, word)) for word in words if word not in _SMALL]
    if not spelt and not countries:
        return None
    generic = known.generic_places if place else known.generic_bodies
    short = "".join(name.split()).replace(".", "")
    return BodyName(
        frozenset(spelt),
        frozenset(countries),
        frozenset(word for word in spelt if not _is_generic(word, generic)),
        frozenset() if place else _initials(all_words),
        "" if place else known.aliases.get(_without_article(all_words), ""),
        is_acronym=short.isupper() and short.isalpha() and 2 <= len(short) <= 6,
    )


def _without_article(words: tuple[str, ...]) -> tuple[str, ...]:
    return words[1:] if words[:1] == ("the",) else words


def _without_countries(words: tuple[str, ...]) -> tuple[list[str], set[str]]:
    """The words that are no country's, and the countries."""
    known, rest, codes = lexicon().countries, list[str](), set[str]()
    at = 0
    while at < len(words):
        for length in range(min(_LONGEST_COUNTRY, len(words) - at), 0, -1):
            piece = words[at : at + length]
            code = known.get(piece) or known.get((*piece[:-1], piece[-1].removesuffix("s")))
            if code:
                codes.add(code)
                at += length
                break
        else:
            rest.append(words[at])
            at += 1
    return rest, codes


def _singular(word: str) -> str:
    """General Motor, General Motors."""
    plural = len(word) > 4 and word.endswith("s") and not word.endswith(("ss", "us", "is"))
    return word.removesuffix("s") if plural else word


def _is_generic(word: str, generic: frozenset[str]) -> bool:
    return word in generic or f"{word}s" in generic or word.isdigit()


def _initials(words: tuple[str, ...]) -> frozenset[str]:
    """With and without small words: "Union of Northern Fishers" is UNF or UONF."""
    if len(words) < 2:
        return frozenset()
    large = [word for word in words if word not in _SMALL]
    found = {"".join(word[0] for word in each) for each in (large, words)}
    return frozenset(each for each in found if len(each) >= _SHORTEST_ACRONYM)


def compare_bodies(one: BodyName, other: BodyName) -> Agreement:
    """How two names of bodies stand to each other."""
    if one.alias and one.alias == other.alias:
        return Agreement.SAME
    if one.bag == other.bag:
        return Agreement.SAME
    if one.countries and other.countries and one.countries != other.countries:
        return Agreement.CONFLICT if one.words == other.words else Agreement.NONE
    if one.alias and other.alias:
        return Agreement.NONE
    if _shortens(one, other) or _shortens(other, one):
        return Agreement.ACRONYM
    if one.words == other.words:
        return Agreement.PART  # one tells its country
    if _is_part(one, other) or _is_part(other, one):
        return Agreement.PART
    return Agreement.SPELLING if _alike(one, other) else Agreement.NONE


def _shortens(short: BodyName, long: BodyName) -> bool:
    return short.is_acronym and not short.countries and bool(short.words & long.initials)


def _is_part(short: BodyName, long: BodyName) -> bool:
    """A name that tells, and the same with words that many bodies have ("Reuters news agency")."""
    if not short.telling or not short.words < long.words or short.is_acronym:
        return False
    return short.telling == long.telling and len(long.words - short.words) <= 2


def _alike(one: BodyName, other: BodyName) -> bool:
    """The same words, one of them spelt in another way; numbers must be the same."""
    a, b = sorted(one.words - other.words), sorted(other.words - one.words)
    if len(a) != 1 or len(b) != 1 or one.countries != other.countries:
        return False
    if a[0] not in one.telling or b[0] not in other.telling or any(map(str.isdigit, a[0] + b[0])):
        return False
    return alike(a[0], b[0])


def body_keys(name: BodyName) -> Iterator[str]:
    """Under which keys a body of this name is found."""
    yield "b:" + " ".join(sorted(name.bag))
    if name.alias:
        yield f"b:={name.alias}"
    if name.countries and name.words:
        yield "w:" + " ".join(sorted(name.words))
    for short in name.initials:
        yield f"a:{short}"
    for core in _cores(name):
        yield f"c:{core}"


def body_searches(name: BodyName) -> tuple[list[str], list[str]]:
    """Under which keys bodies are looked for that may be the one of this name: where the same
    name stands, and where other forms of it do."""
    words = " ".join(sorted(name.words))
    same = ["b:" + " ".join(sorted(name.bag))]
    if name.alias:
        same.append(f"b:={name.alias}")
    wider = [f"w:{words}"] if words else []
    if name.countries and words:
        wider.append(f"b:{words}")
    if name.is_acronym:
        wider += [f"a:{word}" for word in sorted(name.words)]
    wider += [f"b:{short}" for short in sorted(name.initials)]
    wider += [f"c:{core}" for core in _cores(name)]
    return same, wider


def _cores(name: BodyName) -> list[str]:
    """The words that tell, by their sound, where there are any."""
    own = sorted(name.telling)
    return [" ".join(skeleton(word) for word in own)] if own else []
