"""Nominals: noun phrases that describe an actor without naming it ("officials", "a gunman")."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from testimonia.model import ActorType, MentionForm
from testimonia.reading.actors.geopolitics import acts
from testimonia.reading.actors.lexicon import Lexicon
from testimonia.reading.actors.mentions import Candidate
from testimonia.reading.actors.pieces import in_capitals
from testimonia.reading.syntax import Parse, Token
from testimonia.reading.wordnet import first_sense

_LONGEST = 16  # tokens of a nominal mention
_BEFORE = frozenset(
    {"det", "amod", "compound", "nummod", "poss", "nmod", "quantmod", "predet", "case", "npadvmod"}
)
_COMPLEMENTS = frozenset({"of", "in", "from", "at", "for", "near", "with"})
_DEFINITE = frozenset({"the", "this", "that", "these", "those"})
_CONTENT = frozenset({"ADJ", "NOUN", "PROPN", "NUM", "VERB"})
_NUMERIC = frozenset({"DATE", "TIME", "PERCENT", "MONEY", "QUANTITY", "ORDINAL", "CARDINAL"})


def find_nominals(
    parse: Parse, names: Sequence[Candidate], claimed: Sequence[int], lexicon: Lexicon
) -> Iterator[Candidate]:
    """All noun phrases whose head the lexicon knows for an actor's, in textual order.

    ``names`` are the names found, ``claimed`` tells for each token which place mention has it.
    """
    taken = {i for name in names for i in range(name.first, name.last)}
    persons = {name.first for name in names if name.type is ActorType.PERSON and not name.title}
    for token in parse.tokens:
        if token.i in taken or claimed[token.i] >= 0 or not _may_head(parse, token):
            continue
        type_ = kind(token, lexicon) or _citizen(parse, token)
        if type_ is None:
            continue
        found = nominal(parse, token, type_, claimed, lexicon)
        if token.lemma.lower() in lexicon.offices:
            found = _before_bearer(parse, found, persons)
        if _refers(parse, token, found, lexicon):
            yield found


def _before_bearer(parse: Parse, title: Candidate, persons: set[int]) -> Candidate:
    """The title without its bearer's name, which parsers take for the end of its last phrase.

    "Chief of the General Staff Ann Lee" is a title and a name, "a cousin of Ann Lee" is not.
    """
    for i in range(title.head + 3, title.last):
        if i in persons and parse.tokens[i - 1].tag.startswith("NNP"):
            return replace(title, last=i)
    return title


def _refers(parse: Parse, head: Token, found: Candidate, lexicon: Lexicon) -> bool:
    """Whether a noun that the lexicon knows does mean somebody where it stands.

    "The court ruled" but not "in court", "a unit of the army" but not "as president".
    """
    if _is_inside_name(parse, head, lexicon):
        return False
    doubtful = head.lemma.lower() in lexicon.doubtful and head.tag != "NNP"
    if doubtful and not acts(parse, head, lexicon):
        return False
    if found.named or head.lower == "police" or _is_addressed(parse, found, lexicon):
        return True
    if found.type is ActorType.GROUP:
        return True
    introduced = parse.dependents(head, "det", "poss", "nummod")
    return bool(introduced) or head.dep in {"appos", "nmod"} or acts(parse, head, lexicon)


def _is_addressed(parse: Parse, found: Candidate, lexicon: Lexicon) -> bool:
    """ "Mr. President", "Madam Speaker"."""
    first = parse.tokens[found.first]
    polite = first.text[:1].isupper() and first.lower.rstrip(".") in lexicon.honorifics
    return polite and found.lemma in lexicon.offices and found.head > found.first


def _is_inside_name(parse: Parse, head: Token, lexicon: Lexicon) -> bool:
    """A capitalised noun after another, which is of some name: "the Strelsau Star"."""
    if not head.text[:1].isupper() or head.tag != "NNP" or in_capitals(parse, head):
        return False
    lemma = head.lemma.lower()
    before = parse.tokens[head.i - 1] if head.i else None
    named = before is not None and before.tag == "NNP" and before.head == head.i
    return named and lemma in lexicon.persons and lemma not in lexicon.offices


def kind(token: Token, lexicon: Lexicon) -> ActorType | None:
    """What type of actor a noun denotes, by its lemma and number; ``None`` if none is known."""
    lemma = token.lemma.lower()
    person = lemma in lexicon.persons or lemma in lexicon.offices
    if is_plural(token):
        many = person or lemma in lexicon.groups or lemma in lexicon.plural_groups
        if many and token.lower != "police":
            return ActorType.GROUP
        if token.lower == "police":
            return ActorType.ORGANIZATION
        organisations = lemma in lexicon.organisations or lemma in lexicon.doubtful
        return ActorType.GROUP if organisations else None
    if person:
        return ActorType.PERSON
    if lemma in lexicon.organisations or lemma in lexicon.doubtful:
        return ActorType.ORGANIZATION
    return ActorType.GROUP if lemma in lexicon.groups or token.lower in lexicon.groups else None


def _citizen(parse: Parse, token: Token) -> ActorType | None:
    """ "A Ruritanian", "the Zenda Republican", "other Ruritanians": of a people or party."""
    if token.entity < 0 or parse.entities[token.entity].label != "NORP":
        return None
    if is_plural(token):
        return ActorType.GROUP
    one = token.tag in {"NN", "NNP"} and parse.dependent(token, "det") is not None
    return ActorType.PERSON if one else None


def nominal(
    parse: Parse, head: Token, type_: ActorType, claimed: Sequence[int], lexicon: Lexicon
) -> Candidate:
    """The noun phrase around a head: determiners and modifiers, adjoining prepositional phrases."""
    first = _left_edge(parse, head)
    before = parse.tokens[first : head.i]
    lemma = head.lemma.lower()
    last = _right_edge(parse, head)
    around = (*before, *parse.tokens[head.i + 1 : last])
    modifiers = frozenset(token.lower for token in around if token.pos in _CONTENT)
    proper = any(_is_proper(parse, token, claimed) for token in before)
    if lemma in lexicon.partitives and _is_of_several(parse, head):
        type_ = ActorType.GROUP
    elif proper and head.tag == "NNP" and type_ is ActorType.GROUP:
        type_ = ActorType.ORGANIZATION  # "the General Staff"
    collective = type_ is ActorType.ORGANIZATION or lemma in lexicon.collectives
    return Candidate(
        *(first, last, head.i),
        form=MentionForm.NOMINAL,
        type=type_,
        lemma=lemma,
        modifiers=modifiers,
        plural=is_plural(head) or type_ is ActorType.GROUP,
        gender=lexicon.genders.get(lemma, "") if type_ is ActorType.PERSON else "",
        definite=bool(before) and (before[0].lower in _DEFINITE),
        named=collective and proper and not _is_indefinite(before),
    )


def described(parse: Parse, head: Token, claimed: Sequence[int], lexicon: Lexicon) -> Candidate:
    """The actor that an attribution's source describes, whatever its head ("many", "the study")."""
    if head.tag.startswith("PRP"):
        return Candidate(
            *(head.i, head.i + 1, head.i),
            form=MentionForm.PRONOUN,
            type=_pronoun_type(head, lexicon),
            lemma=head.lower,
            plural=_pronoun_type(head, lexicon) is ActorType.GROUP,
        )
    type_ = kind(head, lexicon) or _of_whom(parse, head, lexicon) or _source_type(head, lexicon)
    return nominal(parse, head, type_, claimed, lexicon)


def _pronoun_type(head: Token, lexicon: Lexicon) -> ActorType:
    pronoun = lexicon.pronouns.get(head.lower)
    if pronoun is None or pronoun.gender == "n":
        return ActorType.ACTOR
    return ActorType.GROUP if pronoun.number == "plural" else ActorType.PERSON


def _of_whom(parse: Parse, head: Token, lexicon: Lexicon) -> ActorType | None:
    """ "A quarter of the voters", "10% of them": a group where what it is of is one."""
    quantity = head.lemma.lower() in lexicon.partitives or head.text == "%" or head.tag == "CD"
    of = next((child for child in parse.dependents(head, "prep") if child.lower == "of"), None)
    inside = parse.dependent(of, "pobj") if of is not None else None
    if not quantity or inside is None:
        return None
    norp = inside.entity >= 0 and parse.entities[inside.entity].label == "NORP"
    whom = norp or inside.lower in {"them", "us", "you"}
    return ActorType.GROUP if whom or kind(inside, lexicon) is ActorType.GROUP else None


def _source_type(head: Token, lexicon: Lexicon) -> ActorType:
    if head.lower in lexicon.indefinite_groups:
        return ActorType.GROUP
    if head.lower in lexicon.indefinite_persons or head.lower in lexicon.relative_of_persons:
        return ActorType.PERSON
    lemma = head.lemma.lower()
    if lemma in lexicon.persons_as_sources or lemma.endswith(lexicon.person_endings):
        return ActorType.GROUP if is_plural(head) else ActorType.PERSON
    if not is_plural(head) and _is_human(head, lexicon):
        return ActorType.PERSON
    return ActorType.ACTOR


def _is_human(head: Token, lexicon: Lexicon) -> bool:
    """Whether WordNet knows the noun for a person, or its form alone tells of one: "the mate", "a
    bookkeeper", but "the newspaper"."""
    lemma = head.lemma.lower()
    if head.tag != "NN" or head.dep not in {"nsubj", "nsubjpass"}:
        return False
    sense = first_sense(lemma)
    return sense == "person" or (sense is None and lemma.endswith(lexicon.human_endings))


def is_plural(token: Token) -> bool:
    """Whether the noun is plural in form or, like "police" and "people", in sense."""
    return token.tag in {"NNS", "NNPS"} or token.lower in {"people", "police", "folk"}


def _may_head(parse: Parse, token: Token) -> bool:
    if token.tag not in {"NN", "NNS", "NNP", "NNPS"}:
        return False
    if token.dep in {"compound", "nmod", "amod", "npadvmod"}:
        # "Chief of the General Staff Ann Lee" has its title as a phrase of its own.
        # So has a possessor that the parser takes for a modifier ("the military's progress").
        phrase = parse.dependents(token, "prep", "case")
        return token.dep in {"nmod", "compound"} and bool(phrase)
    return token.entity < 0 or parse.entities[token.entity].label not in _NUMERIC


def _left_edge(parse: Parse, head: Token) -> int:
    first = parse.sentence_of(head)[0]
    edge = head.i
    for child in reversed(parse.dependents(head)):
        if child.i > head.i:
            continue
        left, right = parse.edges[child.i]
        dated = child.dep != "det" and _is_time(parse, child)
        if dated or "\n" in parse.text[child.end : parse.tokens[edge].start]:
            break
        if child.tag == "NNP" and any(parse.tokens[i].tag == "CC" for i in range(left, edge)):
            break
        if child.dep not in _BEFORE or (right != edge and not _only_marks(parse, right, edge)):
            break
        edge = max(left, first, head.i - _LONGEST)
    misplaced = head.dep in {"nmod", "compound"} and parse.dependent(head, "case") is not None
    if misplaced and edge > first and parse.tokens[edge - 1].tag == "DT":
        edge -= 1  # the article of a possessor that the parser gives to what is possessed
    return edge


def _only_marks(parse: Parse, first: int, last: int) -> bool:
    """Hyphens and quotation marks may stand between a modifier and its noun."""
    return first < last and all(
        parse.tokens[i].dep == "punct" and parse.tokens[i].text not in {",", ";", ":", "."}
        for i in range(first, last)
    )


def _right_edge(parse: Parse, head: Token) -> int:
    edge = head.i + 1
    for child in parse.dependents(head, "prep"):
        left, right = parse.edges[child.i]
        if left != edge or child.lower not in _COMPLEMENTS or right - head.i > _LONGEST:
            break
        objects = parse.dependents(child, "pobj")
        if not objects or _is_time(parse, objects[0]) or _is_broken(parse, left, right):
            break
        edge = right
    return edge


def _is_time(parse: Parse, token: Token) -> bool:
    return token.entity >= 0 and parse.entities[token.entity].label in {"DATE", "TIME"}


def _is_broken(parse: Parse, first: int, last: int) -> bool:
    """Whether the phrase holds a clause, a pause or a mark that ends a plain noun phrase."""
    return any(
        token.dep in {"relcl", "acl", "appos", "advcl", "ccomp"}
        or token.tag in {",", ":", "``", "''"}
        for token in parse.tokens[first:last]
    )


def _is_of_several(parse: Parse, head: Token) -> bool:
    """ "A group of teenagers": of what is one of many."""
    of = next((child for child in parse.dependents(head, "prep") if child.lower == "of"), None)
    inside = parse.dependent(of, "pobj") if of is not None else None
    return inside is not None and is_plural(inside)


def _is_proper(parse: Parse, token: Token, claimed: Sequence[int]) -> bool:
    if token.entity >= 0 and parse.entities[token.entity].label in _NUMERIC | {"NORP"}:
        return parse.entities[token.entity].label == "NORP"
    if claimed[token.i] >= 0:
        return True
    return token.text[:1].isupper() and token.tag.startswith("NNP")


def _is_indefinite(before: Sequence[Token]) -> bool:
    return any(
        token.lower in {"a", "an", "some", "any", "no", "every", "each", "another"}
        or token.tag == "CD"
        for token in before
        if token.dep in {"det", "nummod"}
    )
