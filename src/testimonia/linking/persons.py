"""Names of persons: their parts, and how two of them stand to each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from testimonia.linking.agreement import Agreement
from testimonia.linking.lexicon import lexicon
from testimonia.linking.spelling import alike, skeleton, words_of

_RAREST_SURNAME = 1e-5
_RAREST_GIVEN = 1e-4
_COMMON_SURNAME = 1e-4
_RAREST_FULL = 1e-6
_ANY_FORM = 0.01  # who bear some name that another may be a form of


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person's name in its parts, as they are compared.

    ``surname`` is without particles ("van", "al"), ``given`` what stands before it, initials
    being single letters; ``generation`` tells father from son, ``titles`` are the words that stood
    before the name.
    """

    surname: str
    given: tuple[str, ...] = ()
    generation: str = ""
    titles: tuple[str, ...] = ()

    @property
    def is_full(self) -> bool:
        """Whether there is more than a surname, or a given name alone."""
        return bool(self.given)

    @property
    def words(self) -> tuple[str, ...]:
        """Given names and surname."""
        return (*self.given, self.surname)


@lru_cache(maxsize=65536)
def person_name(name: str) -> PersonName | None:
    """The parts of a name; ``None`` where nothing of it is one."""
    generations = lexicon().generations
    last, *rest = name.split(",")
    after = {part for part in rest if all(map(_is_suffix, words_of(part)))}
    name = " ".join((*(part for part in rest if part not in after), last, *sorted(after)))
    words = [word for word in words_of(name) if word not in lexicon().degrees or len(word) == 1]
    titles, words = _titles(words)
    generation = ""
    if len(words) > 1 and words[-1] in generations.keys() - lexicon().surname_first:
        generation = generations[words.pop()]
    if not words:
        return None
    surname, given = _split(words, hyphened="-" in name)
    return PersonName(surname, given, generation, titles)


def _is_suffix(word: str) -> bool:
    return word in lexicon().generations or word in lexicon().degrees


def _titles(words: list[str]) -> tuple[tuple[str, ...], list[str]]:
    """Titles at the beginning; the last word is always a name."""
    known = lexicon()
    end = 0
    for at, word in enumerate(words[:-1]):
        if word in known.titles and word not in known.given_names:
            end = at + 1
        elif word not in known.modifiers and word not in {"the", "of"} and end <= at:
            break
    return tuple(word for word in words[:end] if word in known.titles), words[end:]


def _split(words: Sequence[str], *, hyphened: bool) -> tuple[str, tuple[str, ...]]:
    known = lexicon()
    first, last = words[0], words[-1]
    eastern = first in known.surname_first and last not in known.surnames
    told = first not in known.given_names or hyphened or len(words) > 2
    if len(words) > 1 and eastern and told:
        return first, ("".join(words[1:]),)
    given = list(words[:-1])
    while given and given[-1] in known.particles:
        given.pop()
    if given and given[-1] in {"y", "e"} and len(given) > 1:  # Ortega y Gasset
        given.pop()
    return last, tuple(given)


# --------------------------------------------------------------------------------- comparison


def compare_persons(one: PersonName, other: PersonName) -> Agreement:
    """How two names of persons stand to each other."""
    if _reign_apart(one, other):
        return Agreement.CONFLICT
    if not one.is_full or not other.is_full:
        return _short(one, other)
    if one.surname == other.surname:
        return _same_surname(one, other)
    if sorted(one.words) == sorted(other.words):
        return Agreement.VARIANT  # the surname first in one of them
    if _same_family(one.surname, other.surname):
        given = _given(one.given, other.given)
        agreed = given in {Agreement.SAME, Agreement.VARIANT, Agreement.SPELLING}
        return Agreement.SPELLING if agreed and not _generations_apart(one, other) else given
    return Agreement.NONE


def _short(one: PersonName, other: PersonName) -> Agreement:
    """One of them, or both, a surname (or a given name) alone."""
    level = Agreement.PART if one.is_full or other.is_full else Agreement.LONE
    if not _same_family(one.surname, other.surname):
        return Agreement.NONE
    return Agreement.CONFLICT if _generations_apart(one, other) else level


def _same_family(one: str, other: str) -> bool:
    """One surname, or two spellings of one; beside a common surname another spelling is another
    surname (Miller, Millar)."""
    common = max(lexicon().surnames.get(word, 0.0) for word in (one, other)) > _COMMON_SURNAME
    return one == other or (not common and alike(one, other))


def _same_surname(one: PersonName, other: PersonName) -> Agreement:
    if _generations_apart(one, other):
        return Agreement.CONFLICT
    if _is_tail(one.words, other.words) or _is_tail(other.words, one.words):
        return Agreement.VARIANT  # J. Edgar Hoover, Edgar Hoover
    given = _given(one.given, other.given)
    return Agreement.CONFLICT if given is Agreement.NONE else given


def _given(one: tuple[str, ...], other: tuple[str, ...]) -> Agreement:
    """How given names stand to each other, under surnames that agree."""
    if _middle_apart(one[1:], other[1:]):
        return Agreement.CONFLICT
    a, b = one[0], other[0]
    if a == b:
        return Agreement.SAME
    if min(len(a), len(b)) == 1:
        return Agreement.VARIANT if a[0] == b[0] else Agreement.CONFLICT
    if b in lexicon().nicknames.get(a, ()):
        return Agreement.VARIANT
    if "".join(one) == "".join(other):
        return Agreement.SAME  # Jong Un, Jong-un
    if alike(a, b):
        return Agreement.SPELLING
    if set(one) & set(other) - {a[0], b[0]} and min(map(len, set(one) & set(other))) > 1:
        return Agreement.VARIANT  # known by the second given name
    return Agreement.NONE


def _middle_apart(one: Sequence[str], other: Sequence[str]) -> bool:
    """Both have middle names, and these begin otherwise."""
    a, b = {word[0] for word in one}, {word[0] for word in other}
    return bool(a and b) and a.isdisjoint(b)


def _generations_apart(one: PersonName, other: PersonName) -> bool:
    return bool(one.generation and other.generation and one.generation != other.generation)


def _reign_apart(one: PersonName, other: PersonName) -> bool:
    """A pope and a king of one name; only names that stand alone are told apart by that."""
    if one.is_full or other.is_full:
        return False
    reigning = lexicon().reigning
    a, b = set(one.titles) & reigning, set(other.titles) & reigning
    return bool(a and b) and a.isdisjoint(b)


def _is_tail(short: Sequence[str], long: Sequence[str]) -> bool:
    return 1 < len(short) < len(long) and tuple(long[-len(short) :]) == tuple(short)


# ------------------------------------------------------------------------------------- rarity


def share(name: PersonName, agreement: Agreement) -> float:
    """Which share of all persons would agree with this name so far, by chance."""
    family = _surname_share(name.surname)
    if agreement in {Agreement.PART, Agreement.LONE} or not name.is_full:
        return family
    first = name.given[0]
    own = lexicon().given_names.get(first, _RAREST_GIVEN) if len(first) > 1 else 1 / 15
    if agreement is Agreement.VARIANT:
        double = first in lexicon().surnames and first not in lexicon().given_names
        own = lexicon().surnames[first] if double else max(own, _ANY_FORM)
    if agreement is Agreement.SPELLING:
        own, family = 3 * own, 3 * family
    if agreement is Agreement.SAME and len(name.given) > 1:
        own /= 3
    chance = min(1.0, family * min(1.0, own))
    # Who bears a surname mostly bears the given names that go with it, wherever that is.
    return max(_RAREST_FULL, chance) if agreement is Agreement.SAME else chance


def _surname_share(word: str) -> float:
    given = lexicon().given_names.get(word, 0.0)
    return max(_RAREST_SURNAME, lexicon().surnames.get(word, 0.0), given)


def is_given_name(name: PersonName) -> bool:
    """Whether it is a single word, and that mostly a given name: it tells hardly anybody."""
    given = lexicon().given_names.get(name.surname, 0.0)
    return not name.is_full and given > lexicon().surnames.get(name.surname, 0.0)


def gender_of(name: PersonName) -> str:
    """``"m"``, ``"f"`` or nothing, by titles, else by a given name that is nearly always one."""
    told = {lexicon().titles.get(title, "") for title in name.titles} - {""}
    if len(told) == 1:
        return told.pop()
    men = lexicon().men.get(name.given[0], 0.5) if name.is_full else 0.5
    return "m" if men > 0.97 else "f" if men < 0.03 else ""


# ----------------------------------------------------------------------------------- blocking


def person_keys(name: PersonName) -> Iterator[str]:
    """Under which keys a person of this name is found."""
    family = skeleton(name.surname)
    if name.is_full:
        yield "f:" + " ".join(sorted(name.words))
        yield f"i:{name.given[0][0]} {family}"
        yield f"s:{family}"
        if len(name.given) > 1:
            yield f"t:{name.given[-1]} {name.surname}"
    else:
        yield f"l:{family}"


def person_searches(name: PersonName) -> tuple[list[str], list[str]]:
    """Under which keys persons are looked for that may be the one of this name: where the same
    name stands, and where other forms of it do."""
    family = skeleton(name.surname)
    if not name.is_full:
        return [f"l:{family}", f"s:{family}"], []
    first = name.given[0]
    initials = {first[0], *(other[0] for other in lexicon().nicknames.get(first, ()))}
    wider = [f"i:{initial} {family}" for initial in sorted(initials)]
    wider += [f"l:{family}", f"t:{name.given[-1]} {name.surname}"]
    if len(name.given) > 1:
        short = " ".join(sorted((name.given[-1], name.surname)))
        wider += [f"i:{name.given[1][0]} {family}", f"f:{short}"]
    return ["f:" + " ".join(sorted(name.words))], wider
