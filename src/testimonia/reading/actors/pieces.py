"""Proper names where they stand: what the tagger marked, trimmed, and what it left out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from testimonia.reading.actors.geopolitics import acts
from testimonia.reading.actors.lexicon import Gender, Lexicon
from testimonia.reading.syntax import NamedEntity, Parse, Token
from testimonia.reading.wordnet import first_sense

_POSSESSIVES = frozenset({"'s", "’s", "'", "’", "`s", "´s"})
_NAMING = frozenset({"PERSON", "ORG", "PRODUCT", "WORK_OF_ART", "GPE", "LOC", "FAC", "LAW"})
_NOT_FIRST = frozenset({"DT", "PRP$", "IN", "CC", "RB", "WRB", "UH", "MD", "PRP", "WP", "WDT"})
_VERBAL = frozenset({"MD", "VB", "VBD", "VBG", "VBN", "VBP", "VBZ", "TO"})
# What somebody's name makes a body's name of.
_BODIES = frozenset(
    {
        "academy",
        "association",
        "bank",
        "center",
        "centre",
        "clinic",
        "college",
        "company",
        "council",
    }
    | {"elementary", "foundation", "fund", "gallery", "hospital", "institute", "library", "museum"}
    | {"school", "society", "theater", "theatre", "trust", "university"}
)
_PREFIXES = ("pro-", "anti-", "non-", "ex-", "pre-", "post-", "mid-")
_LONG_WORD = 5  # letters; shorter ones in capitals may be acronyms that spell a word
_LONGEST_RUN = 4  # words of a name that the tagger left out


@dataclass(frozen=True, slots=True)
class Piece:
    """A proper name in one place: its tokens, the tagger's label or none, the title before it."""

    first: int
    last: int
    label: str
    title: tuple[str, ...] = ()
    gender: Gender = ""


def words_of(parse: Parse, piece: Piece, lexicon: Lexicon) -> tuple[str, ...]:
    """The words by which names are compared: case-folded, without marks and business suffixes."""
    words = [bare(token.text) for token in parse.tokens[piece.first : piece.last]]
    words = [word for word in words if word]
    while len(words) > 1 and words[-1] in lexicon.business_suffixes:
        words.pop()
    return tuple(words)


def bare(word: str) -> str:
    """The word's letters and digits, case-folded."""
    return "".join(filter(str.isalnum, word)).casefold()


# --------------------------------------------------------------------------- what the tagger has


def tagged(parse: Parse, lexicon: Lexicon) -> Iterator[Piece]:
    """The tagger's entities, cut at line ends and possessives, trimmed to the name."""
    persons = _persons(parse)
    for entity in _joined(parse):
        if entity.label in _NAMING or _is_acronym(parse, entity):
            for first, last, label in _cut(parse, entity):
                for part in _parted(parse, first, last, label, persons):
                    yield from _trimmed(parse, *_completed(parse, *part, lexicon), lexicon)


def _persons(parse: Parse) -> frozenset[tuple[str, ...]]:
    """The persons that the tagger finds, in full and by their last word."""
    names: set[tuple[str, ...]] = set()
    for entity in parse.entities:
        if entity.label == "PERSON":
            words = tuple(token.text for token in parse.tokens[entity.first : entity.last])
            names |= {words, words[-1:]}
    return frozenset(names)


def _parted(
    parse: Parse, first: int, last: int, label: str, persons: Collection[tuple[str, ...]]
) -> Iterator[tuple[int, int, str]]:
    """Two in one entity of which one is a person that the text knows: "Lee and Okoro"."""
    words = tuple(token.text for token in parse.tokens[first:last])
    if label != "PERSON" and words.count("and") == 1:
        at = words.index("and")
        known = [part in persons for part in (words[:at], words[at + 1 :])]
        if any(known) and all(0 < len(part) < 3 for part in (words[:at], words[at + 1 :])):
            yield first, first + at, "PERSON" if known[0] else label
            yield first + at + 1, last, "PERSON" if known[1] else label
            return
    yield first, last, label


def _completed(
    parse: Parse, first: int, last: int, label: str, lexicon: Lexicon
) -> tuple[int, int, str]:
    """A person's name with the body's word that follows it: "Ann Lee *School*" is no person."""
    following = parse.tokens[last : last + 1]
    if label == "PERSON" and following and not ends_line(parse, last - 1):
        word = following[0]
        proper = word.tag in {"NNP", "NNPS"} and word.text[:1].isupper() and word.text.istitle()
        if proper and word.lower in _BODIES:
            return first, last + 1, "ORG"
    return first, last, label


def _is_acronym(parse: Parse, entity: NamedEntity) -> bool:
    """One word in capitals, whatever the tagger takes it for ("a people", "a number")."""
    token = parse.tokens[entity.first]
    single = entity.last - entity.first == 1
    return single and len(token.text) > 2 and token.text.isalpha() and token.text.isupper()


def _joined(parse: Parse) -> Iterator[NamedEntity]:
    """The entities, two with only a hyphen between them as one ("JTF-North")."""
    waiting: NamedEntity | None = None
    for entity in parse.entities:
        if waiting is not None and _is_hyphenated(parse, waiting, entity):
            waiting = NamedEntity(waiting.first, entity.last, waiting.label)
            continue
        if waiting is not None:
            yield waiting
        waiting = entity
    if waiting is not None:
        yield waiting


def _is_hyphenated(parse: Parse, one: NamedEntity, other: NamedEntity) -> bool:
    if one.label != other.label or other.first != one.last + 1:
        return False
    before, hyphen, after = parse.tokens[one.last - 1 : other.first + 1]
    return hyphen.text in {"-", "–"} and before.end == hyphen.start and hyphen.end == after.start


def _cut(parse: Parse, entity: NamedEntity) -> Iterator[tuple[int, int, str]]:
    """An entity split where a line ends, after a possessive, and between coordinated persons."""
    start = entity.first
    for i in range(entity.first, entity.last):
        token = parse.tokens[i]
        if i > start and entity.label == "PERSON" and token.tag in _VERBAL:
            break  # a headline's "Lee May Resign"
        if i > start and ends_line(parse, i - 1):
            yield start, i, entity.label
            start = i
        possessive = token.text in _POSSESSIVES and entity.first < i < entity.last - 1
        joint = entity.label == "PERSON" and token.tag in {"CC", ","} and token.lower != "&"
        joint = joint or token.text in {"(", "["}
        if (possessive and parse.tokens[i + 1].text[:1].isupper()) or joint:
            if start < i:
                yield start, i, "" if possessive else entity.label
            start = i + 1
    else:
        i = entity.last
    if start < i:
        yield start, i, entity.label


def ends_line(parse: Parse, i: int) -> bool:
    """Whether a line ends between this token and the next."""
    return "\n" in parse.text[parse.tokens[i].end : parse.tokens[i + 1].start]


def _trimmed(parse: Parse, first: int, last: int, label: str, lexicon: Lexicon) -> Iterator[Piece]:
    first, last = _edges(parse, first, last, lexicon)
    if first >= last:
        return
    cut = first
    if label in {"PERSON", "ORG", "PRODUCT", ""}:
        cut = _person_start(parse, first, last, label, lexicon)
    owner = _owner(parse, first, cut, lexicon)
    if owner:
        yield owner
    title, gender = title_before(parse, cut, lexicon)
    label = "PERSON" if cut > first else label
    cut, last = _edges(parse, cut, last, lexicon)
    if not is_name(parse, cut, last, lexicon):
        return
    if label != "PERSON" and not _may_bear_title(parse, cut, last, lexicon):
        title, gender = (), ""
    yield Piece(cut, last, label, title, gender)


def _may_bear_title(parse: Parse, first: int, last: int, lexicon: Lexicon) -> bool:
    """Whether what is tagged otherwise may be a person's name after a capitalised title."""
    words = {bare(parse.tokens[i].text) for i in range(first, last)}
    capital = first > 0 and parse.tokens[first - 1].text[:1].isupper()
    return capital and last - first <= 2 and lexicon.organisation_words.isdisjoint(words)


def _edges(parse: Parse, first: int, last: int, lexicon: Lexicon) -> tuple[int, int]:
    """The range without articles, possessives, punctuation and trailing rank at its edges."""
    while first < last and _is_edge(parse.tokens[first], leading=True):
        first += 1
    while last > first and _is_edge(parse.tokens[last - 1], leading=False):
        last -= 1
    if last - first > 1 and parse.tokens[last - 1].lower.rstrip(".") in lexicon.honorifics:
        last -= 1  # "Navy Capt."
    return first, last


def _is_edge(token: Token, *, leading: bool) -> bool:
    if token.text in _POSSESSIVES or not any(map(str.isalnum, token.text)):
        return True
    if leading:
        return token.lower in {"the", "a", "an"} or token.tag in _NOT_FIRST
    return token.tag in {"IN", "CC", "VBD", "VBZ"} and token.text.islower()


def _person_start(parse: Parse, first: int, last: int, label: str, lexicon: Lexicon) -> int:
    """Where a person's name begins after a title or an office inside an entity; else ``first``."""
    cut = _title_end(parse, first, last, lexicon)
    if label == "PERSON" or (cut > first and _is_person(parse, first, cut, last, lexicon)):
        return cut
    for i in range(first + 1, last - 1):
        given = parse.tokens[i].lower in lexicon.given_names
        if given and last - i <= 3 and _is_person(parse, first, i, last, lexicon):
            return i if _title_around(parse, first, i, lexicon) else first
    return first


def _title_end(parse: Parse, first: int, last: int, lexicon: Lexicon) -> int:
    """Where the name begins after the last title word of the range; never its end."""
    end = first
    for i in range(first, last - 1):
        token = parse.tokens[i]
        if lexicon.is_title(token.lower) and (token.text[:1].isupper() or end == i):
            end = i + 1
            while end < last - 1 and parse.tokens[end].text == ".":
                end += 1
    return end


def _is_person(parse: Parse, first: int, cut: int, last: int, lexicon: Lexicon) -> bool:
    """Whether what follows the cut in a range that is tagged otherwise is a person's name."""
    rest = [parse.tokens[i].lower for i in range(cut, last)]
    if any(word in lexicon.organisation_words for word in rest) or "of" in rest:
        return False
    honorific = parse.tokens[first].lower.rstrip(".") in lexicon.honorifics
    if rest[0] in lexicon.given_names or (honorific and cut == first + 1):
        return True
    return _holds_office(parse, cut, last, lexicon)


def _holds_office(parse: Parse, cut: int, last: int, lexicon: Lexicon) -> bool:
    """ "Bishop McArran", whatever the tagger takes it for, but not "General Motors"."""
    title, name = parse.tokens[cut - 1], parse.tokens[cut]
    if last - cut != 1 or title.lower not in lexicon.offices - lexicon.doubtful_offices:
        return False
    known = first_sense(name.lower) or first_sense(name.lower.removesuffix("s"))
    return known is None and name.lower not in lexicon.facilities | lexicon.things


def _title_around(parse: Parse, first: int, cut: int, lexicon: Lexicon) -> bool:
    """A title among the few words before a cut: "Minister for the Far North Ann Lee"."""
    nearby = parse.tokens[max(0, first - 4) : cut]
    return any(lexicon.is_title(token.lower) for token in nearby)


def _owner(parse: Parse, first: int, cut: int, lexicon: Lexicon) -> Piece | None:
    """The organisation before the title in "Acme Chief Executive Ann Lee"."""
    last = first
    while last < cut and not is_title_word(parse.tokens[last], lexicon):
        last += 1
    proper = all(parse.tokens[i].tag.startswith("NNP") for i in range(first, last))
    return Piece(first, last, "") if first < last < cut and proper else None


def is_title_word(token: Token, lexicon: Lexicon) -> bool:
    """Whether the token is a title or stands with one ("vice", "acting")."""
    return lexicon.is_title(token.lower) or token.lower in lexicon.title_modifiers


def title_before(parse: Parse, first: int, lexicon: Lexicon) -> tuple[tuple[str, ...], Gender]:
    """The title words that stand right before a name, nearest last, and the gender they tell."""
    found: list[str] = []
    gender: Gender = ""
    i = first - 1
    while i >= 0 and parse.tokens[i].sentence == parse.tokens[first].sentence and len(found) < 4:
        token = parse.tokens[i]
        word = token.lower.rstrip(".")
        if token.text == "." or (found and token.lower == "-"):
            i -= 1
            continue
        if not is_title_word(token, lexicon) or (not found and not lexicon.is_title(word)):
            break
        found.insert(0, word)
        gender = gender or lexicon.genders.get(word, "")
        i -= 1
    return tuple(found), gender


def is_name(parse: Parse, first: int, last: int, lexicon: Lexicon) -> bool:
    """Whether the words can be a name: some capital, not only titles, weekdays or pronouns."""
    tokens = parse.tokens[first:last]
    if tokens and "".join(token.lower for token in tokens[:2]).startswith(_PREFIXES):
        return False
    if not tokens or not any(
        token.text[:1].isupper() or token.text[:1].isdigit() for token in tokens
    ):
        return False
    if all(t.lower.rstrip(".") in lexicon.never_names or not t.text[0].isalpha() for t in tokens):
        return False
    if all(is_title_word(t, lexicon) or t.lower in {"of", "the"} for t in tokens):
        return False
    return len(tokens) > 1 or tokens[0].tag not in {"PRP", "PRP$", "UH", "RB", "MD", "CD", "JJ"}


# ------------------------------------------------------------------------ what the tagger has not


def titled(parse: Parse, lexicon: Lexicon) -> Iterator[Piece]:
    """Proper nouns after a capitalised title that the tagger left out ("Mrs Okonkwo said")."""
    for token in parse.tokens[:-1]:
        if not token.text[:1].isupper() or not lexicon.is_title(token.lower):
            continue
        first = token.i + 1
        honorific = token.lower.rstrip(".") in lexicon.honorifics
        if not honorific and not token.tag.startswith("NNP"):
            continue
        last = proper_run(parse, first)
        if last > first and not is_title_word(parse.tokens[first], lexicon):
            title, gender = title_before(parse, first, lexicon)
            if title and is_name(parse, first, last, lexicon):
                yield Piece(first, last, "PERSON", title, gender)


def forenamed(parse: Parse, lexicon: Lexicon) -> Iterator[Piece]:
    """A known given name and the proper noun after it that the tagger left out ("Pavel Orlov")."""
    for token in parse.tokens[:-1]:
        if token.lower in lexicon.given_names and _is_untagged(token):
            last = min(proper_run(parse, token.i), token.i + 3)
            rest = [bare(parse.tokens[i].text) for i in range(token.i + 1, last)]
            if rest and lexicon.organisation_words.isdisjoint(rest):
                title, gender = title_before(parse, token.i, lexicon)
                yield Piece(token.i, last, "PERSON", title, gender)


def newspapers(parse: Parse, lexicon: Lexicon) -> Iterator[Piece]:
    """Untagged proper nouns that end like a newspaper's name ("the Strelsau Star")."""
    for token in parse.tokens[1:]:
        before = parse.tokens[token.i - 1]
        if token.lower in lexicon.press and _is_untagged(token) and _is_untagged(before):
            first = before.i - (before.i > 0 and proper_run(parse, before.i - 1) > before.i)
            given = parse.tokens[first].lower in lexicon.given_names
            if proper_run(parse, first) == token.i + 1 and not given:
                yield Piece(first, token.i + 1, "")


def proper_run(parse: Parse, first: int) -> int:
    """End of the run of untagged capitalised proper nouns that starts at this token."""
    last = first
    while last < len(parse.tokens) and last - first < _LONGEST_RUN:
        token = parse.tokens[last]
        if not _is_untagged(token) or token.sentence != parse.tokens[first].sentence:
            break
        if last > first and ends_line(parse, last - 1):
            break
        last += 1
    return last


def _is_untagged(token: Token) -> bool:
    return token.tag in {"NNP", "NNPS"} and token.entity < 0 and token.text[:1].isupper()


def speaking(parse: Parse, sources: Iterable[int], lexicon: Lexicon) -> Iterator[Piece]:
    """Untagged proper nouns that are a source's head, or a subject that acts."""
    common = {token.text for token in parse.tokens if token.text.islower()}
    midway = capitalised_midway(parse)
    heads = {
        i
        for i in sources
        if _is_untagged(parse.tokens[i])
        and not _may_be_common(parse, parse.tokens[i], midway)
        and not _glosses(parse, parse.tokens[i])
    }
    heads |= {
        token.i
        for token in parse.tokens
        if _is_untagged(token)
        and token.lower not in common
        and (token.text in midway or token.i != parse.sentence_of(token)[0])
        and not (token.text.isupper() and _may_be_common(parse, token, midway))
        and acts(parse, token, lexicon)
    }
    for i in sorted(heads):
        first = i
        while first > 0 and i - first < _LONGEST_RUN and proper_run(parse, first - 1) > i:
            first -= 1
        piece = Piece(first, proper_run(parse, first), "SPEAKER")
        if is_name(parse, piece.first, piece.last, lexicon) and not in_capitals(
            parse, parse.tokens[i]
        ):
            yield piece


def _may_be_common(parse: Parse, token: Token, midway: Collection[str]) -> bool:
    """A noun that has its capital from the sentence that it begins ("Pamphlets announced …"), or
    all of them from a teleprinter ("the report reached HEADQUARTERS")."""
    begins = token.i == parse.sentence_of(token)[0] and token.text not in midway
    shouted = token.text.isupper() and len(token.text) >= _LONG_WORD
    return (begins or shouted) and (
        first_sense(token.lower) or first_sense(token.lower[:-1])
    ) is not None


def capitalised_midway(parse: Parse) -> set[str]:
    """Proper nouns that some sentence has inside, so that a capital at the start tells as much."""
    starts = {first for first, _ in parse.sentences}
    proper = {"NNP", "NNPS"}
    return {token.text for token in parse.tokens if token.tag in proper and token.i not in starts}


def in_capitals(parse: Parse, token: Token) -> bool:
    """Whether the sentence around is set in capitals, so that they tell nothing."""
    words = [parse.tokens[i].text for i in parse.sentence_of(token)]
    letters = [word for word in words if word.isalpha()]
    capitals = sum(word[0].isupper() for word in letters if len(word) > 3)
    return sum(map(str.isupper, letters)) * 2 > len(letters) or (
        capitals * 4 > 3 * sum(len(word) > 3 for word in letters)
    )


def speaking_nationals(parse: Parse, sources: frozenset[int], lexicon: Lexicon) -> Iterator[Piece]:
    """Sources that the tagger takes for a people though they stand like a name, bare and single."""
    for entity in parse.entities:
        head = parse.tokens[entity.last - 1]
        if entity.label == "NORP" and head.i in sources and head.tag == "NNP":
            if _glosses(parse, head):
                continue
            bare_name = not parse.dependents(head, "det", "amod", "poss")
            if bare_name and is_name(parse, entity.first, entity.last, lexicon):
                yield Piece(entity.first, entity.last, "SPEAKER")


def _glosses(parse: Parse, token: Token) -> bool:
    """A language before a colon in a bracket: "Zenda (Ruritanian: Zendow)"."""
    around = [each.text for each in parse.tokens[max(0, token.i - 1) : token.i + 2]]
    return len(around) == 3 and around[0] in {"(", "[", ";"} and around[2] == ":"


def speaks_as(piece: Piece, sources: frozenset[int]) -> Piece:
    """The piece as a speaker's where it is a source that the tagger takes for a thing or place."""
    if piece.label in {"PERSON", "ORG"} or sources.isdisjoint(range(piece.first, piece.last)):
        return piece
    power = piece.label in {"GPE", "LOC", "FAC"}
    return replace(piece, label="POWER" if power else "SPEAKER")
