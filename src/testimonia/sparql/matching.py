"""Full text in a query: ``?literal tst:matches "words" ; tst:score ?score``.

Such patterns are replaced by what the index answers, before the query is evaluated: a ``VALUES``
block at the beginning of the basic graph pattern they stand in, in a subquery: bare, Oxigraph joins
it with the wrong pattern first (3,000 hits with ``?s a tst:Statement`` beside them, of 100,000
statements: 10.7 s, in a subquery 0.17 s). The query has been found
grammatical before, so that the order of tokens tells what each is; the hits are written as
canonical literals, so that nothing in them can be anything else.

Patterns inside ``SERVICE`` are the other service's. Elsewhere than as a predicate the two IRIs are
IRIs like all others: the ontology can be asked about them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final, Protocol

from pyoxigraph import Literal

from testimonia.errors import QueryError
from testimonia.sparql.groups import Item, Kind, Region, is_braces, is_text, is_word, item, regions
from testimonia.sparql.lexer import Token, edited, tokens
from testimonia.terms import iri_of
from testimonia.vocabulary import TST

if TYPE_CHECKING:
    from testimonia.fulltext import Hit

MATCHES: Final = iri_of(TST.matches)
SCORE: Final = iri_of(TST.score)
_FORM: Final = (
    'it is written: ?literal tst:matches "words" ; tst:score ?score (the score if wanted)'
)
_TERMS: Final = frozenset({"iri", "name", "string", "variable"})
_PATHS_BEFORE: Final = ("^", "/", "|", "!")
_PATHS_AFTER: Final = ("/", "|", "*", "+", "?")

Resolve = Callable[[Sequence[str]], Mapping[str, str]]
"""The IRIs that names, as they are written in the query, stand for."""


class Searched(Protocol):
    """Where the hits come from."""

    @property
    def cut(self) -> bool:
        """Whether some were left out, so far."""
        ...

    def hits(self, query: str) -> Sequence[Hit]:
        """All literals that match, best first."""
        ...


@dataclass(slots=True)
class _Match:
    """One ``tst:matches`` of a group."""

    variable: str
    query: str
    at: int  # where its VALUES goes
    score: str | None = None


@dataclass(slots=True)
class _Group:
    """What is to be done in one group."""

    matches: list[_Match] = field(default_factory=list)
    scores: list[tuple[str, str]] = field(default_factory=list)
    cuts: list[tuple[int, int]] = field(default_factory=list)


def may_match(query: str) -> bool:
    """Whether a query may have such patterns: most need no closer look."""
    return "matches" in query or "score" in query


def rewritten(
    query: str, resolve: Resolve, decode: Callable[[str], str], searched: Searched
) -> str:
    """A grammatical query with every full-text pattern replaced by its hits; itself if it has
    none. ``decode`` gives the value of a string as it is written in the query.

    Raises:
        QueryError: a pattern is not written as it must be, cannot be understood or matches too
            much.
    """
    groups = list(_groups(query, resolve, decode))
    if not groups:
        return query
    edits: list[tuple[int, int, str]] = []
    for group in groups:
        edits += [(start, end, " ") for start, end in group.cuts]
        edits += [
            (each.at, each.at, _values(each, searched.hits(each.query))) for each in group.matches
        ]
    return edited(query, sorted(edits))


def refuse(update: str) -> None:
    """Let an update pass that has no such patterns: it runs without the index, so that they would
    match nothing.

    Raises:
        QueryError: it has one, by the names that its prefixes give.
    """
    if may_match(update) and any(_groups(update, partial(_meanings, update), str)):
        raise QueryError("tst:matches and tst:score are for queries; an update cannot use them")


def _meanings(update: str, names: Sequence[str]) -> dict[str, str]:
    """An update may declare prefixes before each of its operations: the last of a name counts."""
    outside = [each for each in tokens(update) if each.depth == 0]
    prefixes = {
        name.text: iri.text[1:-1]
        for word, name, iri in zip(outside, outside[1:], outside[2:], strict=False)
        if word.is_word("PREFIX")
    }
    meant = {each: each[1:-1] for each in names if each.startswith("<")}
    for each in names:
        prefix, colon, local = each.partition(":")
        if prefix + colon in prefixes:
            meant[each] = prefixes[prefix + colon] + local
    return meant


def _values(match: _Match, hits: Sequence[Hit]) -> str:
    literals = (Literal(hit.words.value, language=hit.words.language or None) for hit in hits)
    if match.score is None:
        values = f"VALUES {match.variable} {{ {' '.join(map(str, literals))} }}"
        return f" {{ SELECT {match.variable} {{ {values} }} }} "
    rows = (f"({each} {Literal(hit.score)})" for each, hit in zip(literals, hits, strict=True))
    bound = f"{match.variable} {match.score}"
    return f" {{ SELECT {bound} {{ VALUES ({bound}) {{ {' '.join(rows)} }} }} }} "


# ------------------------------------------------------------------------------------ finding


def _groups(query: str, resolve: Resolve, decode: Callable[[str], str]) -> Iterator[_Group]:
    found = [each for each in regions(list(tokens(query))) if each.kind is not Kind.QUERY]
    places = [
        (region, index)
        for region in found
        for index in range(len(region.items))
        if _is_verb(region, index)
    ]
    names = {_text(region.items[index]) for region, index in places}
    meant = resolve(sorted(names))
    ours: dict[int, tuple[Region, list[int]]] = {}
    for region, index in places:
        if meant.get(_text(region.items[index])) in (MATCHES, SCORE):
            ours.setdefault(id(region), (region, []))[1].append(index)
    for region, indices in ours.values():
        yield _Reading(region, indices, meant, decode).group()


def _text(each: Item) -> str:
    return each.text if isinstance(each, Token) else ""


def _is_verb(region: Region, index: int) -> bool:
    """Whether a name stands where a predicate does: after a subject or ``;``, before an object."""
    each = region.items[index]
    if not isinstance(each, Token) or each.kind not in ("iri", "name"):
        return False
    before, after = item(region.items, index - 1), item(region.items, index + 1)
    if region.kind is Kind.SQUARE:
        return (before is None or is_text(before, ";")) and _is_term(after)
    if region.kind not in (Kind.GROUP, Kind.SHORT):
        return False
    if is_text(before, *_PATHS_BEFORE) or is_text(after, *_PATHS_AFTER):
        return True
    if before is None or is_braces(before) or is_text(before, ".", ",") or not _is_term(after):
        return False
    if isinstance(before, Region) and before.kind is Kind.ROUND:
        # After a collection it is a predicate, after FILTER (…) a subject.
        return isinstance(after, Token) and after.kind == "string"
    return not (isinstance(before, Token) and before.kind == "word")


def _is_term(each: Item | None) -> bool:
    if isinstance(each, Region):
        return each.kind in (Kind.ROUND, Kind.SQUARE)
    if each is None:
        return False
    return (
        each.kind in _TERMS
        or is_word(each, "TRUE", "FALSE", "_")  # a blank node's label begins with a word _
        or (each.kind == "other" and (each.text.isdigit() or each.text in "+-"))
    )


class _Reading:
    """One region in which the predicates with these indices are ours."""

    def __init__(
        self,
        region: Region,
        indices: Sequence[int],
        meant: Mapping[str, str],
        decode: Callable[[str], str],
    ) -> None:
        self._items = region.items
        self._region = region
        self._left = set(indices)
        self._meant = meant
        self._decode = decode
        self._group = _Group()

    def group(self) -> _Group:
        """What is to be done there.

        Raises:
            QueryError: a pattern is not written as it must be.
        """
        if self._region.kind is Kind.SHORT:
            raise QueryError("CONSTRUCT WHERE has no full text: write CONSTRUCT { … } WHERE { … }")
        for index in sorted(self._left):
            if index in self._left:
                self._pattern(index)
        for variable, score in self._group.scores:
            matches = [each for each in self._group.matches if each.variable == variable]
            if len(matches) != 1 or matches[0].score is not None:
                raise QueryError(
                    f"tst:score of {variable} needs one tst:matches of {variable}, and no other, in"
                    f" the same group; {_FORM}"
                )
            matches[0].score = score
        return self._group

    def _pattern(self, index: int) -> None:
        """Read the triples of one subject, which must be ours alone."""
        subject = self._items[index - 1] if index else None
        if (
            self._region.kind is not Kind.GROUP
            or not isinstance(subject, Token)
            or subject.kind != "variable"
            or not self._begins(index - 1)
        ):
            raise QueryError(f"tst:matches and tst:score stand alone after a variable; {_FORM}")
        variable = _normal(subject.text)
        at = self._beginning(index - 1)
        while index in self._left:
            self._left.discard(index)
            self._predicate(variable, self._items[index], item(self._items, index + 1), at)
            index += 2
            while is_text(item(self._items, index), ";"):
                index += 1
        last = item(self._items, index)
        if is_text(last, "."):
            index += 1
        elif last is not None and not is_braces(last) and not is_keyword(last):
            raise QueryError(f"tst:matches and tst:score stand alone after {variable}; {_FORM}")
        self._group.cuts.append((subject.start, self._items[index - 1].end))

    def _predicate(self, variable: str, verb: Item, object_: Item | None, at: int) -> None:
        if not isinstance(object_, Token):
            raise QueryError(_FORM)
        if self._meant[_text(verb)] == SCORE:
            if object_.kind != "variable":
                raise QueryError(f"the object of tst:score is a variable; {_FORM}")
            self._group.scores.append((variable, _normal(object_.text)))
            return
        if object_.kind != "string":
            raise QueryError(
                f"what tst:matches looks for is a string that is written there; {_FORM}"
            )
        self._group.matches.append(_Match(variable, self._decode(object_.text), at))

    def _begins(self, index: int) -> bool:
        """Whether triples of a new subject begin with this item."""
        before = item(self._items, index - 1)
        return (
            before is None
            or is_braces(before)
            or is_text(before, ".")
            or (isinstance(before, Region) and before.kind is Kind.ROUND)
        )

    def _beginning(self, index: int) -> int:
        """The offset at which the basic graph pattern begins that has the item of this index: a
        FILTER does not end one (section 18.2.2.5), so its blank nodes stay together."""
        while index > 0:
            index -= 1
            each = self._items[index]
            if is_braces(each) and not self._is_filter(index):
                return each.end
            if isinstance(each, Region) and is_word(item(self._items, index - 1), "BIND"):
                return each.end
        return self._region.start + 1

    def _is_filter(self, index: int) -> bool:
        """Whether braces are those of ``FILTER [NOT] EXISTS``."""
        return is_word(item(self._items, index - 1), "EXISTS")


def is_keyword(each: Item) -> bool:
    """Whether it begins a pattern other than triples: no value, and not the predicate ``a``."""
    return (
        isinstance(each, Token)
        and each.kind == "word"
        and not is_word(each, "TRUE", "FALSE", "A", "_")
    )


def _normal(variable: str) -> str:
    """``$x`` and ``?x`` are one."""
    return f"?{variable[1:]}"
