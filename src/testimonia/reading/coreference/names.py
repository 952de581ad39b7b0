"""Sieves for names: the same words, a surname for a full name, an acronym for what it shortens."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence

from testimonia.model import ActorType, MentionForm
from testimonia.reading.coreference.clusters import Discourse

_SMALL = frozenset({"of", "the", "and", "for", "in", "on", "to", "de", "la", "des", "du"})
_SHORTEST_ACRONYM = 2
_LONGEST_INDEXED = 8  # words of a name; beyond, its tails are not looked up


def link_names(discourse: Discourse) -> None:
    """Sieve 1: names of one type that are equal, or one a known short form of the other."""
    for type_ in (ActorType.PERSON, ActorType.ORGANIZATION, ActorType.GROUP):
        names = _by_words(discourse, type_)
        for numbers in names.values():
            for number in numbers[1:]:
                discourse.clusters.merge(numbers[0], number)
        if type_ is ActorType.PERSON:
            _link_persons(discourse, names)
        elif type_ is ActorType.ORGANIZATION:
            _link_organisations(discourse, names)
    _link_places(discourse)


Names = dict[tuple[str, ...], list[int]]


def _by_words(discourse: Discourse, type_: ActorType) -> Names:
    names: Names = defaultdict(list)
    for number, candidate in discourse.of_form(MentionForm.NAME):
        if candidate.type is type_ and candidate.place is None:
            names[candidate.name].append(number)
    return names


def _link_places(discourse: Discourse) -> None:
    first: dict[str, int] = {}
    for number, candidate in enumerate(discourse.candidates):
        if candidate.place is not None:
            discourse.clusters.merge(first.setdefault(candidate.place, number), number)


# ---------------------------------------------------------------------------------------- persons


def _link_persons(discourse: Discourse, names: Names) -> None:
    """ "Lee" and "Dr Lee" to "Ann Lee"; "Ann" too where only one Ann is known."""
    _link_full_names(discourse, [name for name in names if len(name) > 1], names)
    tails: Names = defaultdict(list)
    given: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for name in names:
        if 1 < len(name) <= _LONGEST_INDEXED:
            given[name[0]].append(name)
            for cut in range(1, len(name)):
                tails[name[cut:]].extend(names[name])
    for numbers in tails.values():
        numbers.sort()
    for name, numbers in names.items():
        if name in tails:
            for number in numbers:
                _link_to_nearest(discourse, number, tails[name])
        elif len(name) == 1 and len({n[1:] for n in given.get(name[0], ())}) == 1:
            discourse.clusters.merge(names[given[name[0]][0]][0], numbers[0])


def _link_to_nearest(discourse: Discourse, number: int, full: Sequence[int]) -> None:
    """To the last full name before a surname, else the first one after it."""
    at = bisect_left(full, number)
    nearest = [*reversed(full[max(0, at - 8) : at]), *full[at : at + 1]]
    for other in nearest:
        if discourse.clusters.merge(other, number):
            return


def _link_full_names(discourse: Discourse, full: Sequence[tuple[str, ...]], names: Names) -> None:
    """ "J. Lee", "John Q. Lee" and "John Lee": one surname, forenames that agree."""
    by_surname: dict[tuple[str, str], list[tuple[str, ...]]] = defaultdict(list)
    for name in full:
        peers = by_surname[name[-1], name[0][0]]
        for other in peers[:_LONGEST_INDEXED]:
            if _forenames_agree(name, other):
                discourse.clusters.merge(names[other][0], names[name][0])
        peers.append(name)


def _forenames_agree(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    a, b = one[0], other[0]
    if a != b and not (min(len(a), len(b)) == 1 and a[0] == b[0]):
        return False
    middle = {word[0] for word in one[1:-1]}, {word[0] for word in other[1:-1]}
    return not middle[0] or not middle[1] or bool(middle[0] & middle[1])


# ---------------------------------------------------------------------------------- organisations


def _link_organisations(discourse: Discourse, names: Names) -> None:
    """ "AU" to "African Union"; "Foreign Ministry" to the only "Ruritanian Foreign Ministry"."""
    longer: dict[tuple[str, ...], list[tuple[str, ...]]] = defaultdict(list)
    acronyms: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for name in names:
        if 1 < len(name) <= _LONGEST_INDEXED:
            for short in initials(name):
                acronyms[short].append(name)
            for cut in range(1, len(name) - 1):
                longer[name[cut:]].append(name)
            longer[name[:1]].append(name)
    for name, numbers in names.items():
        short = name[0] if len(name) == 1 else ""
        for target in (acronyms.get(short, []), longer.get(name, [])):
            if len(target) == 1 and _introduced(target[0], name, numbers, names, discourse):
                discourse.clusters.merge(names[target[0]][0], numbers[0])
                break


def _introduced(
    full: tuple[str, ...],
    short: tuple[str, ...],
    numbers: Sequence[int],
    names: Names,
    discourse: Discourse,
) -> bool:
    """An acronym fits wherever it stands, other short forms only after the full one."""
    if len(short) == 1 and short[0] in initials(full):
        candidate = discourse.candidates[numbers[0]]
        words = discourse.parse.tokens[candidate.first : candidate.last]
        return words[0].text.replace(".", "").isupper()
    return names[full][0] < numbers[0]


def initials(name: Iterable[str]) -> frozenset[str]:
    """The acronyms that a name's words allow, with and without its small words."""
    words = [word for word in name if word]
    spellings = {
        "".join(word[0] for word in words),
        "".join(word[0] for word in words if word not in _SMALL),
    }
    return frozenset(word for word in spellings if len(word) >= _SHORTEST_ACRONYM)
