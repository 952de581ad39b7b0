"""One type per name: what all the mentions of a name tell together of what bears it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from testimonia.model import ActorType
from testimonia.reading.actors.geopolitics import acts
from testimonia.reading.actors.lexicon import Lexicon
from testimonia.reading.actors.pieces import (
    Piece,
    bare,
    capitalised_midway,
    in_capitals,
    words_of,
)
from testimonia.reading.syntax import Parse, Token
from testimonia.reading.wordnet import first_sense

_SURE_BODY = 4  # votes of a full name that a body's word is in
_SHORT = 1.0  # of all votes for a short form: what its full form weighs
_NOBODY = "nobody"  # a product, a law, a work, an event, a place
_VOTED = {"PERSON": ActorType.PERSON, "ORG": ActorType.ORGANIZATION}
_SPEAKING = {"SPEAKER": ActorType.PERSON, "POWER": ActorType.ORGANIZATION}
_SURE = {"SURE PERSON": ActorType.PERSON, "SURE ORG": ActorType.ORGANIZATION}
_STUFF = frozenset({"substance", "food", "plant", "animal", "phenomenon", "process", "feeling"})
_LOCATIVE = frozenset({"in", "near", "into", "outside", "around", "across", "at", "through"})
_INSIDE = frozenset({"compound", "nmod", "poss", "amod"})

Votes = dict[str, float]
Name = tuple[str, ...]


def name_types(
    parse: Parse,
    pieces: Sequence[Piece],
    lexicon: Lexicon,
    acronyms: Iterable[tuple[Name, Name]] = (),
) -> Mapping[Name, ActorType]:
    """Per name the type that the evidence of all its mentions favours; absent: no actor's name.

    ``acronyms`` are pairs of a name and the acronym that the text defines for it.

    Weights only order the kinds of evidence: what is sure (a title, "Ministry", a thing's word)
    outweighs several of the tagger's labels, a hint (an article, a preposition) one of them.
    """
    votes: dict[Name, Votes] = defaultdict(lambda: defaultdict(float))
    midway = capitalised_midway(parse)
    for piece in pieces:
        _add(votes[words_of(parse, piece, lexicon)], parse, piece, lexicon, midway)
    for full, short in acronyms:
        for type_, weight in tuple(votes[full].items()):
            votes[short][type_] += weight
    _add_parts(votes, lexicon, _acronyms(parse, pieces))
    _add_ships(votes, lexicon.vessels)
    types = {}
    for name, found in votes.items():
        winner = _winner(found)
        if winner != _NOBODY:
            types[name] = ActorType(winner)
    return types


def _winner(votes: Votes) -> str:
    return max(votes, key=lambda type_: (votes[type_], type_), default=_NOBODY)


def _acronyms(parse: Parse, pieces: Iterable[Piece]) -> frozenset[str]:
    tokens = (parse.tokens[each.first] for each in pieces if each.last - each.first == 1)
    return frozenset(bare(t.text) for t in tokens if t.text.isupper() and not in_capitals(parse, t))


def _add_parts(votes: Mapping[Name, Votes], lexicon: Lexicon, acronyms: Collection[str]) -> None:
    """What a full name is, its short form is too: a person's surname or forename, the first word of
    a body's. However often the tagger says otherwise of the short form, it knows less."""
    winners = {name: _winner(found) for name, found in votes.items() if len(name) > 1}
    persons = {
        word
        for name, winner in winners.items()
        if winner == ActorType.PERSON
        for word in _short_of_person(name, lexicon)
        if word not in acronyms
    }
    bodies = {
        name[0]
        for name, winner in winners.items()
        if winner == ActorType.ORGANIZATION and votes[name][ActorType.ORGANIZATION] >= _SURE_BODY
    }
    for name, found in votes.items():
        if len(name) == 1:
            weight = max(3.0, _SHORT * sum(vote for vote in found.values() if vote > 0))
            if name[0] in persons:
                found[ActorType.PERSON] += weight
            if name[0] in bodies:
                found[ActorType.ORGANIZATION] += weight


def _short_of_person(name: Name, lexicon: Lexicon) -> Iterator[str]:
    """What a person is called for short: by the surname or the forename, not by a common noun that
    the tagger took for one ("Laurel Lake Cleanup")."""
    others = lexicon.organisation_words | lexicon.press | lexicon.things
    known = name[0] in lexicon.given_names or name[0] in lexicon.forenames
    if known or (first_sense(name[0]) is None and name[0] not in others):
        yield name[0]
    if name[-1] not in others:
        yield name[-1]


def _add_ships(votes: Mapping[Name, Votes], vessels: frozenset[str]) -> None:
    """A ship's name is a ship's by itself too: "the shuttle Zephyr", then "Zephyr"."""
    ships = {name[-1] for name in votes if len(name) > 1 and not vessels.isdisjoint(name[:-1])}
    for name, found in votes.items():
        if name[-1] in ships or name[-1] in vessels:
            found[_NOBODY] += 5


def _add(
    votes: Votes, parse: Parse, piece: Piece, lexicon: Lexicon, midway: Collection[str]
) -> None:
    words = [bare(token.text) for token in parse.tokens[piece.first : piece.last]]
    if piece.label in _SPEAKING:
        votes[_SPEAKING[piece.label]] += 0.5
    elif piece.label in _SURE:
        votes[_SURE[piece.label]] += 5
    elif piece.label == "GPE" and acts(parse, parse.tokens[piece.last - 1], lexicon):
        votes[ActorType.ORGANIZATION] += 1.5  # acts, and the places stage knows no such place
    elif piece.label:
        votes[_VOTED.get(piece.label, _NOBODY)] += 1
    if piece.title:
        votes[ActorType.PERSON] += 3
    _add_words(votes, words, lexicon)
    _add_thing(votes, parse, piece, words, lexicon)
    _add_description(votes, parse, piece, lexicon)
    _add_surroundings(votes, parse, piece, words, lexicon)
    if len(words) == 1:
        _add_single(votes, parse, piece, lexicon, midway)


def _add_words(votes: Votes, words: Sequence[str], lexicon: Lexicon) -> None:
    """Given names, and the words that only organisations bear."""
    given = words[0] in lexicon.given_names and 1 < len(words) <= 4
    if given:
        votes[ActorType.PERSON] += 2
    elif words[0] in lexicon.forenames and len(words) in (2, 3):
        votes[ActorType.PERSON] += 1.2
    if _head_word(words) in lexicon.facilities:
        return
    if len(words) > 1 and words[-1] in lexicon.press and not given:
        votes[ActorType.ORGANIZATION] += 2.5
    suffix = len(words) > 1 and words[-1] in lexicon.business_suffixes
    if suffix or any(word in lexicon.organisation_words for word in words):
        votes[ActorType.ORGANIZATION] += 1 if given and len(words) == 2 else 4


def _add_thing(
    votes: Votes, parse: Parse, piece: Piece, words: Sequence[str], lexicon: Lexicon
) -> None:
    """Head words of things and models ("Act", "X-15"); buildings, unless they act."""
    head = _head_word(words)
    if head in lexicon.things:
        votes[_NOBODY] += 5
    if head in lexicon.facilities and len(words) > 1:
        does = acts(parse, parse.tokens[piece.last - 1], lexicon)
        votes[ActorType.ORGANIZATION if does else _NOBODY] += 4 if does else 2
    last = words[-1]
    if any(map(str.isdigit, last)) and (len(words) > 1 or last[:1].isalpha()):
        votes[_NOBODY] += 2


def _add_description(votes: Votes, parse: Parse, piece: Piece, lexicon: Lexicon) -> None:
    """What the text says that the name is: "Velox, a carmaker", "indices such as the Velox"."""
    token = parse.tokens[piece.last - 1]
    for noun in _descriptions(parse, token):
        lemma = noun.lemma.lower()
        if lemma in lexicon.thing_nouns:
            votes[_NOBODY] += 2.5
        elif lemma in lexicon.organisations or lemma in lexicon.businesses:
            votes[ActorType.ORGANIZATION] += 2
        elif lemma in lexicon.persons or lemma in lexicon.offices:
            # "Her neighbour Ada Moss", without a comma, is as good as a title.
            votes[ActorType.PERSON] += 3 if noun.i + 1 == piece.first else 1
    if _is_quoted_in_points(parse, token):
        votes[_NOBODY] += 2.5


def _descriptions(parse: Parse, token: Token) -> Iterator[Token]:
    """Common nouns in apposition to the name, said of it, or of which it is an example."""
    above = parse.head(token)
    if token.dep == "appos":
        yield above
    yield from parse.dependents(token, "appos")
    if token.dep == "nsubj" and above.lemma == "be":
        yield from parse.dependents(above, "attr")
    if token.dep == "pobj" and above.lower == "as":
        yield parse.head(above)
    if token.dep in {"compound", "nmod"} and above.i == token.i + 1:
        yield from (above,) if above.tag == "NN" and above.lemma == "index" else ()


def _is_quoted_in_points(parse: Parse, token: Token) -> bool:
    """ "The Velox fell 80 points": an index, not a company."""
    verb = parse.head(token)
    return token.dep == "nsubj" and any(
        child.lemma == "point" and child.tag == "NNS"
        for child in parse.dependents(verb, "dobj", "npadvmod")
    )


def _head_word(words: Sequence[str]) -> str:
    """ "Museum" in "Zenda Museum" and in "Museum of Flight"."""
    return words[words.index("of") - 1] if "of" in words[1:] else words[-1]


def _add_surroundings(
    votes: Votes, parse: Parse, piece: Piece, words: Sequence[str], lexicon: Lexicon
) -> None:
    token = parse.tokens[piece.last - 1]
    before = parse.tokens[piece.first - 1].lower if piece.first else ""
    own = token.dep not in _INSIDE or parse.dependent(token, "det") is not None
    if before == "the" and own:
        # Things bear an article as often as bodies do; both are no persons.
        votes[ActorType.ORGANIZATION] += 1.5 if token.tag == "NNPS" else 1
        votes[_NOBODY] += 1.2
        if piece.label == "PERSON" and words[0] not in lexicon.given_names:
            votes[ActorType.PERSON] -= 1
    if _is_described_as_person(parse, piece):
        votes[ActorType.PERSON] += 3


def _is_described_as_person(parse: Parse, piece: Piece) -> bool:
    """An age or "who" after the name: "Okoro, 26, …", "Okoro, who …"."""
    comma, following, end = (*parse.tokens[piece.last : piece.last + 3], None, None, None)[:3]
    if comma is None or following is None:
        return False
    if comma.lower == "who":
        return True
    if comma.text not in {",", "("} or comma.sentence != parse.tokens[piece.first].sentence:
        return False
    closed = end is not None and end.text in {",", ")", "."}
    age = following.text.isdecimal() and len(following.text) == 2 and closed
    return following.lower == "who" or age


def _add_single(
    votes: Votes, parse: Parse, piece: Piece, lexicon: Lexicon, midway: Collection[str]
) -> None:
    """Single words: where one stands, what it modifies, whether it is an acronym."""
    token = parse.tokens[piece.first]
    before = parse.tokens[piece.first - 1].lower if piece.first else ""
    if piece.label == "PERSON" and not piece.title:
        if before in _LOCATIVE:
            votes[_NOBODY] += 1.5
        if _modifies_thing(parse, piece, lexicon):
            votes[_NOBODY] += 1
        if _is_common(parse, token, lexicon):
            votes[_NOBODY] += 1.2
    if piece.label and not piece.title and token.text not in midway:
        votes[_NOBODY] += _commonness(parse, token, lexicon)
    letters = token.text.replace(".", "")
    if 2 <= len(letters) <= 6 and letters.isupper() and not in_capitals(parse, token):
        votes[ActorType.ORGANIZATION] += 1.5


def _commonness(parse: Parse, token: Token, lexicon: Lexicon) -> float:
    """How much speaks for a common noun that has its capital from the sentence or headline that it
    stands in: a plural, or what does nothing there."""
    singular = token.lower.removesuffix("s")
    if singular != token.lower and first_sense(token.lower) is None and first_sense(singular):
        return 3.0
    common = first_sense(token.lower) is not None and token.i == parse.sentence_of(token)[0]
    return 1.2 if common and not acts(parse, token, lexicon) else 0.0


def _is_common(parse: Parse, token: Token, lexicon: Lexicon) -> bool:
    """A noun that nobody is called by, where nothing is done by it: "overdoses of Codeine"."""
    sense = first_sense(token.lower)
    return sense in _STUFF and not acts(parse, token, lexicon)


def _modifies_thing(parse: Parse, piece: Piece, lexicon: Lexicon) -> bool:
    """Whether one word, "Velvet", stands before a noun that is no one's: "the Velvet protests"."""
    token = parse.tokens[piece.last - 1]
    noun = parse.head(token)
    if token.dep not in {"compound", "nmod", "amod"} or noun.pos != "NOUN":
        return False
    lemma = noun.lemma.lower()
    return lemma not in lexicon.persons and lemma not in lexicon.organisations
