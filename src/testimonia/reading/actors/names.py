"""Names of persons and organisations: found, typed once for the whole document, spread.

The tagger decides sentence by sentence; here all mentions of one name vote, with the evidence of
titles, of words that only organisations bear, and of given names, and the winner goes to every
mention of that name, tagged or not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from testimonia.model import ActorType, MentionForm, Span
from testimonia.reading.actors.lexicon import Lexicon
from testimonia.reading.actors.mentions import Candidate
from testimonia.reading.actors.pieces import (
    Piece,
    bare,
    forenamed,
    newspapers,
    speaking,
    speaking_nationals,
    speaks_as,
    tagged,
    title_before,
    titled,
    words_of,
)
from testimonia.reading.actors.types import Name, name_types
from testimonia.reading.syntax import Parse, Token
from testimonia.reading.wordnet import first_sense

_WHOLE = frozenset({"the", "all", "these", "those"})  # what leaves a people itself
_LONGEST_NAME = 8  # words; longer ones are not looked for where the tagger missed them


def find_names(
    parse: Parse,
    claimed: Sequence[int],
    lexicon: Lexicon,
    sources: Iterable[int] = (),
    somebody: Mapping[Span, ActorType] | None = None,
) -> list[Candidate]:
    """All names of persons, organisations and peoples, in textual order, none overlapping.

    ``claimed`` holds for each token -1 or the number of the place mention that has it: a name
    that lies wholly in such tokens is a place's. ``sources`` are tokens that an attribution takes
    for its source: a proper noun there is a name even where the tagger saw none. ``somebody``
    has names like a place's of which it is known that they are a person's or an organisation's.
    """
    heads = frozenset(sources)
    found = (
        *_known(parse, somebody or {}, lexicon),
        *(speaks_as(piece, heads) for piece in tagged(parse, lexicon)),
        *titled(parse, lexicon),
        *forenamed(parse, lexicon),
        *newspapers(parse, lexicon),
        *speaking(parse, heads, lexicon),
        *speaking_nationals(parse, heads, lexicon),
    )
    acronyms = tuple(_acronyms(parse, found))
    pieces = _without_overlaps(
        piece
        for piece in (*found, *(short for _, short in acronyms))
        if not _is_claimed(piece, claimed) and not _names_model(parse, piece)
    )
    defined = [tuple(words_of(parse, each, lexicon) for each in pair) for pair in acronyms]
    types = dict(name_types(parse, pieces, lexicon, [(full, short) for full, short in defined]))
    known = [piece for piece in pieces if words_of(parse, piece, lexicon) in types]
    known += _untagged(parse, known, types, claimed, lexicon)
    named = [_candidate(parse, piece, types, lexicon) for piece in _without_overlaps(known)]
    peoples = _peoples(parse, named)
    return sorted([*named, *peoples], key=lambda candidate: candidate.first)


def _known(parse: Parse, somebody: Mapping[Span, ActorType], lexicon: Lexicon) -> Iterator[Piece]:
    for span, type_ in somebody.items():
        if inside := parse.within(span):
            title, gender = title_before(parse, inside.start, lexicon)
            person = type_ is ActorType.PERSON
            known = Piece(inside.start, inside.stop, "SURE PERSON" if person else "SURE ORG")
            yield replace(known, title=title, gender=gender) if person else known


def _acronyms(parse: Parse, pieces: Iterable[Piece]) -> Iterator[tuple[Piece, Piece]]:
    """Names with the acronym that a bracket after them defines: "… Union (AU)"."""
    for piece in pieces:
        if piece.last + 2 >= len(parse.tokens) or piece.label == "PERSON":
            continue
        opening, acronym, closing = parse.tokens[piece.last : piece.last + 3]
        if (opening.text, closing.text) != ("(", ")") or not acronym.text.isupper():
            continue
        initial = bare(parse.tokens[piece.first].text)[:1]
        if acronym.text.isalpha() and acronym.lower[0] == initial:
            yield piece, Piece(acronym.i, acronym.i + 1, piece.label)


def _names_model(parse: Parse, piece: Piece) -> bool:
    """A maker's name before a model's: "a Zenith X-15" is no act of Zenith's; "the Zenith 250"."""
    if piece.label == "PERSON" or piece.last >= len(parse.tokens):
        return False
    after = parse.tokens[piece.last]
    near = after.start == parse.tokens[piece.last - 1].end + 1
    if near and after.text.isdecimal() and 1 < len(after.text) < 4 and piece.last - piece.first < 3:
        return not any(each.pos == "NOUN" for each in parse.tokens[after.i + 1 : after.i + 2])
    mixed = any(map(str.isdigit, after.text)) and after.text[:1].isupper()
    return near and mixed and after.tag in {"NNP", "NNPS", "NN"}


# ------------------------------------------------------------------------------- where it recurs


def _untagged(
    parse: Parse,
    pieces: Sequence[Piece],
    types: dict[Name, ActorType],
    claimed: Sequence[int],
    lexicon: Lexicon,
) -> list[Piece]:
    """Other mentions of known names where the tagger saw nothing or something else."""
    spellings = _spellings(parse, pieces, types, lexicon)
    lengths: dict[str, set[int]] = defaultdict(set)
    for name in spellings:
        if len(name) <= _LONGEST_NAME:
            lengths[name[0]].add(len(name))
    taken = {i for piece in pieces for i in range(piece.first, piece.last)}
    found = []
    for token in parse.tokens:
        for length in sorted(lengths.get(token.text, ()), reverse=True):
            tokens = parse.tokens[token.i : token.i + length]
            if len(tokens) < length:
                continue  # the text ends before the name does
            piece = Piece(token.i, token.i + length, "")
            if tuple(t.text for t in tokens) not in spellings or _names_model(parse, piece):
                continue
            if _is_free(tokens, taken, claimed):
                title, gender = title_before(parse, token.i, lexicon)
                found.append(replace(piece, title=title, gender=gender))
                taken.update(range(token.i, token.i + length))
                break
    return found


def _spellings(
    parse: Parse, pieces: Sequence[Piece], types: dict[Name, ActorType], lexicon: Lexicon
) -> set[Name]:
    """The names as they are written, a person's surname and given name too, each in capitals too.

    What is new among them gets its type in ``types``.
    """
    spellings: set[Name] = set()
    for piece in pieces:
        written = tuple(token.text for token in parse.tokens[piece.first : piece.last])
        spellings.add(written)
        if types[words_of(parse, piece, lexicon)] is not ActorType.PERSON or len(written) == 1:
            continue
        for part in {written[0], written[-1]}:
            usable = part == written[-1] or part.lower() in lexicon.given_names
            if usable and len(part) > 2:
                person = types.setdefault((bare(part),), ActorType.PERSON) is ActorType.PERSON
                spellings |= {(part,)} if person else set()
    return spellings | {tuple(word.upper() for word in name) for name in spellings}


def _is_free(tokens: Sequence[Token], taken: set[int], claimed: Sequence[int]) -> bool:
    if any(token.i in taken or claimed[token.i] >= 0 for token in tokens):
        return False
    return len(tokens) > 1 or tokens[0].tag in {"NNP", "NNPS"} or tokens[0].text.isupper()


# ------------------------------------------------------------------------------------- candidates


def _peoples(parse: Parse, named: Sequence[Candidate]) -> Iterator[Candidate]:
    """Peoples, parties and faiths as nouns ("Ruritanians", "Republicans"): named groups."""
    taken = {i for candidate in named for i in range(candidate.first, candidate.last)}
    for entity in parse.entities:
        head = parse.tokens[entity.last - 1]
        if entity.label != "NORP" or head.dep in {"compound", "amod", "nmod"}:
            continue
        if first_sense(head.lower.removesuffix("s")) not in {None, "person", "group"}:
            continue  # "Protests" at the beginning of a headline
        if any(t.lower not in _WHOLE for t in parse.dependents(head, "det", "amod", "nummod")):
            continue  # "other Ruritanians" are not the Ruritanians
        first = entity.first
        while first < head.i and not parse.tokens[first].text[:1].isupper():
            first += 1
        if head.tag in {"NNS", "NNPS"} and taken.isdisjoint(range(first, entity.last)):
            yield Candidate(
                *(first, entity.last, head.i),
                form=MentionForm.NAME,
                type=ActorType.GROUP,
                name=tuple(bare(token.text) for token in parse.tokens[first : entity.last]),
                lemma=head.lemma.lower(),
                plural=True,
                named=True,
            )


def _candidate(
    parse: Parse, piece: Piece, types: Mapping[Name, ActorType], lexicon: Lexicon
) -> Candidate:
    name = words_of(parse, piece, lexicon)
    type_ = types[name]
    gender = piece.gender
    if type_ is ActorType.PERSON and len(name) > 1:
        gender = gender or lexicon.genders.get(name[0]) or lexicon.forenames.get(name[0], "")
    return Candidate(
        *(piece.first, piece.last, head_of(parse, piece.first, piece.last)),
        form=MentionForm.NAME,
        type=type_,
        name=name,
        title=piece.title,
        gender=gender if type_ is ActorType.PERSON else "",
        named=True,
    )


def head_of(parse: Parse, first: int, last: int) -> int:
    """The token of the range that the others depend on (the last such)."""
    outside = [
        i
        for i in range(first, last)
        if parse.tokens[i].head == i or not first <= parse.tokens[i].head < last
    ]
    return (outside or [last - 1])[-1]


def _is_claimed(piece: Piece, claimed: Sequence[int]) -> bool:
    return all(claimed[i] >= 0 for i in range(piece.first, piece.last))


def _without_overlaps(pieces: Iterable[Piece]) -> list[Piece]:
    """In textual order; of two that overlap the longer, else the earlier found."""
    kept: list[Piece] = []
    taken: set[int] = set()
    for piece in sorted(pieces, key=lambda p: p.first - p.last):
        tokens = range(piece.first, piece.last)
        if taken.isdisjoint(tokens):
            kept.append(piece)
            taken.update(tokens)
    return sorted(kept, key=lambda piece: piece.first)
