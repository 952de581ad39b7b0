"""Stretches of text that may be place names: from the tagger, the gazetteer and generic words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from testimonia.gazetteer import Gazetteer
from testimonia.model import GazetteerEntry, Span
from testimonia.reading.places.lexicon import lexicon
from testimonia.reading.syntax import Parse, Token

LONGEST = 5  # tokens of a name that is looked up
_PLACE_LABELS = frozenset({"GPE", "LOC", "FAC"})
_NEVER = frozenset({"DATE", "TIME", "MONEY", "PERCENT", "ORDINAL", "CARDINAL", "QUANTITY"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """Tokens ``first`` to ``last`` (exclusive), the name looked up, and who may bear it."""

    first: int
    last: int
    span: Span
    name: str
    label: str  # of the tagged entity that it lies in; "" outside any
    exact: bool  # it is that whole entity, but for an article
    entries: tuple[GazetteerEntry, ...]
    demonym: bool = False
    generic: bool = False  # held together by a generic word: "Elm River"
    called: bool = False  # what the text calls a village, a town or a city


def candidates(parse: Parse, gazetteer: Gazetteer) -> list[Candidate]:
    """All candidates, overlapping ones included, in textual order."""
    found = {
        (one.first, one.last): one
        for source in (_tagged, _generic, _looked_up, _shared, _of_kind)
        for one in source(parse, gazetteer)
    }
    return [found[key] for key in sorted(found)]


def _starts_name(token: Token) -> bool:
    return token.text[0].isupper() or token.text.startswith(("al-", "el-"))


def _looked_up(parse: Parse, gazetteer: Gazetteer) -> Iterator[Candidate]:
    """Every capitalised stretch of up to five tokens that the gazetteer has as a name."""
    small = lexicon().particles
    for token in parse.tokens:
        if not _starts_name(token) or token.pos == "PUNCT":
            continue
        for last in range(token.i + 1, min(token.i + LONGEST, len(parse.tokens)) + 1):
            end = parse.tokens[last - 1]
            if end.sentence != token.sentence or not _continues(end, small):
                break
            if _starts_name(end) or end.text[0].isdigit():
                yield from _named(parse, gazetteer, token.i, last)


def _continues(token: Token, small: frozenset[str]) -> bool:
    return _starts_name(token) or token.text in small or token.text in {"-", "'", "’", "'s"}


def _named(parse: Parse, gazetteer: Gazetteer, first: int, last: int) -> Iterator[Candidate]:
    span = parse.span(first, last)
    name = span.of(parse.text)
    if name.lower() in lexicon().not_names or _in_title(parse, last):
        return
    entries = () if _names_illness(parse, last) else gazetteer.lookup(_recased(name))
    if parse.tokens[first].lower == "the":  # "The Hague", but not "The United States"
        entries = tuple(entry for entry in entries if entry.name.startswith("The "))
    if belongs := None if entries else gazetteer.demonym(_recased(name)):
        yield _candidate(parse, first, last, span, name, (belongs,), demonym=True)
    elif entries:
        if _abbreviates(parse, gazetteer, last, entries):
            span = Span(span.start, span.end + 1)
        yield _candidate(parse, first, last, span, name, entries)


def _in_title(parse: Parse, last: int) -> bool:
    """Whether the capitalised words that follow end in "Times", "Herald", "Corp." and the like."""
    for token in parse.tokens[last : last + 3]:
        if not token.text[0].isupper():
            return False
        if token.lower in lexicon().title_words:
            return True
    return False


def _names_illness(parse: Parse, last: int) -> bool:
    """Whether an illness is called after the name: "the Elm River virus"."""
    return any(token.lower in lexicon().ailments for token in parse.tokens[last : last + 1])


def _abbreviates(
    parse: Parse, gazetteer: Gazetteer, last: int, entries: tuple[GazetteerEntry, ...]
) -> bool:
    """Whether a full stop that was split off belongs to the name: "Elmville, Kan. voters"."""
    word, following = parse.tokens[last - 1], parse.tokens[last : last + 1]
    if not following or following[0].text != "." or following[0].start != word.end:
        return False
    return len(word.text) <= 6 and any(
        f"{word.text}." in gazetteer.names(entry.id) for entry in entries[:3]
    )


def _recased(name: str) -> str:
    """A name as it is written elsewhere: "NEW ELM" → "New Elm", "U.S" → "U.S."."""
    if len(name) == 3 and name[1] == "." and name.isupper():
        return f"{name}."
    return name.title() if name.isupper() and len(name) > 4 else name


def _candidate(
    parse: Parse,
    first: int,
    last: int,
    span: Span,
    name: str,
    entries: tuple[GazetteerEntry, ...],
    *,
    demonym: bool = False,
    generic: bool = False,
) -> Candidate:
    inside = [parse.tokens[index].entity for index in range(first, last)]
    entity = parse.entities[inside[-1]] if inside[-1] >= 0 else None
    exact = False
    if entity is not None:
        begin = entity.first + (parse.tokens[entity.first].lower == "the")
        stop = entity.last - (parse.tokens[entity.last - 1].text in {"'s", "’s", ".", "’", "'"})
        exact = begin == first and last in (stop, entity.last)
    label = entity.label if entity else ""
    return Candidate(first, last, span, name, label, exact, entries, demonym, generic)


def _tagged(parse: Parse, gazetteer: Gazetteer) -> Iterator[Candidate]:
    """What the tagger takes for a place, whether a gazetteer has it or not."""
    for entity in parse.entities:
        first, last = _trimmed(parse, entity.first, entity.last)
        if entity.label in _PLACE_LABELS and first < last and _is_name(parse, first, last):
            span = parse.span(first, last)
            name = span.of(parse.text)
            if name.lower() in lexicon().not_names or _names_illness(parse, last):
                continue
            entries = gazetteer.lookup(_recased(name))
            if entries or not _is_acronym(parse, first, last):
                yield _candidate(parse, first, last, span, name, entries)


def _is_acronym(parse: Parse, first: int, last: int) -> bool:
    """One word in capitals (NATO, F.B.I.) in a sentence that is not set in capitals itself."""
    token = parse.tokens[first]
    if last - first > 1 or not token.text.replace(".", "").isupper():
        return False
    sentence = (parse.tokens[index] for index in parse.sentence_of(token))
    return any(other.text.islower() for other in sentence)


def _trimmed(parse: Parse, first: int, last: int) -> tuple[int, int]:
    """Without a leading article and trailing genitive or punctuation."""
    while first < last and parse.tokens[first].lower in {"the", "a", "an", "this"}:
        first += 1
    while first < last and (
        parse.tokens[last - 1].text in {"'s", "’s"} or parse.tokens[last - 1].pos == "PUNCT"
    ):
        last -= 1
    return first, last


def _is_name(parse: Parse, first: int, last: int) -> bool:
    return any(parse.tokens[index].text[0].isupper() for index in range(first, last))


def _generic(parse: Parse, gazetteer: Gazetteer) -> Iterator[Candidate]:
    """A name held together by a generic word: "Elm River", "Lake Elm", "Elm County"."""
    words = lexicon()
    for token in parse.tokens:
        if not token.text[0].isupper() or token.text.isupper():
            continue
        first = last = token.i
        if token.lower in words.generics_after:
            first = _run(parse, token.i, -1)
            last = token.i + 1
        elif token.lower in words.generics_before:
            last = _run(parse, token.i, 1) + 1
        if last - first > 1:
            span = parse.span(first, last)
            name = span.of(parse.text)
            entries = gazetteer.lookup(name)
            yield _candidate(parse, first, last, span, name, entries, generic=True)


def _run(parse: Parse, index: int, step: int) -> int:
    """The last index reached from ``index`` over capitalised proper nouns, three at most."""
    for _ in range(3):
        following = index + step
        if not 0 <= following < len(parse.tokens):
            break
        token = parse.tokens[following]
        inside = token.sentence == parse.tokens[index].sentence
        if not inside or token.pos != "PROPN" or not token.text[0].isupper():
            break
        index = following
    return index


def _of_kind(parse: Parse, gazetteer: Gazetteer) -> Iterator[Candidate]:
    """A name that the text itself calls a place, "the village of Elm", in all its mentions."""
    settlements = lexicon().settlements
    called = set()
    for token in parse.tokens[2:]:
        of, kind = parse.tokens[token.i - 1], parse.tokens[token.i - 2]
        if of.lower == "of" and kind.text in settlements and _is_proper(token):
            last = _run(parse, token.i, 1) + 1
            called.add(tuple(each.text for each in parse.tokens[token.i : last]))
    for name in called:
        for first in (token.i for token in parse.tokens if token.text == name[0]):
            last = first + len(name)
            if tuple(each.text for each in parse.tokens[first:last]) != name:
                continue
            if _is_whole(parse, first, last):
                span = parse.span(first, last)
                entries = gazetteer.lookup(span.of(parse.text))
                found = _candidate(parse, first, last, span, span.of(parse.text), entries)
                yield replace(found, label="GPE", exact=True, called=True)


def _is_whole(parse: Parse, first: int, last: int) -> bool:
    """Whether no longer name is around these words."""
    around = (*parse.tokens[max(first - 1, 0) : first], *parse.tokens[last : last + 1])
    near = (each for each in around if each.sentence == parse.tokens[first].sentence)
    return all(map(_is_proper, parse.tokens[first:last])) and not any(map(_is_proper, near))


def _is_proper(token: Token) -> bool:
    return token.pos == "PROPN" and token.text[0].isupper()


def _shared(parse: Parse, gazetteer: Gazetteer) -> Iterator[Candidate]:
    """Names that share a plural generic: "Elm, Oak and Ash counties" → three counties."""
    shared = lexicon().shared_generics
    for token in parse.tokens:
        if (generic := shared.get(token.lower)) is None:
            continue
        for first, last in _listed(parse, token.i):
            span = parse.span(first, last)
            name = f"{span.of(parse.text)} {generic}"
            if entries := gazetteer.lookup(name):
                yield _candidate(parse, first, last, span, name, entries, generic=True)


def _listed(parse: Parse, stop: int) -> Iterator[tuple[int, int]]:
    """The capitalised runs of a list that ends before token ``stop``."""
    last = index = stop
    while index > 0 and stop - index < 40:
        token = parse.tokens[index - 1]
        named = token.pos == "PROPN" and token.text[0].isupper()
        if not named and last > index:
            yield index, last
        if not named and token.lower not in {",", "and", "or", "&"}:
            return
        index -= 1
        last = last if named else index
    if last > index:
        yield index, last
