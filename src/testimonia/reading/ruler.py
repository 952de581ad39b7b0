"""spaCy's attribute ruler, with most of its answers known beforehand.

The ruler gives parts of speech and morphology: it asks 179 patterns about every token, which takes
9 ms for a document of 630 tokens. All but ten of the patterns look at one token, its tag, its
dependency and whether it is one of some words: what they say of a combination is asked once. The
others are asked as before, and the outcome is the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.matcher import Matcher
    from spacy.tokens import Doc, Token

RULER: Final = "attribute_ruler"
_QUICK: Final = "testimonia_ruler"
# What a key below has.
_KNOWN: Final = frozenset({"TAG", "DEP", "LOWER", "IS_SPACE"})

_Attributes = Mapping[int, Any]
_Key = tuple[int, int, int, bool]


def quicken(nlp: Language) -> None:
    """Put a quick ruler in the place of a pipeline's own, if that is one that can be."""
    from spacy.pipeline import AttributeRuler

    if not nlp.has_pipe(RULER):
        return
    ruler = nlp.get_pipe(RULER)
    if type(ruler) is not AttributeRuler:
        return
    if not nlp.has_factory(_QUICK):
        nlp.factory(_QUICK, func=_made)
    nlp.add_pipe(_QUICK, after=RULER)
    nlp.remove_pipe(RULER)


def _made(nlp: Language, name: str) -> _QuickRuler:
    return _QuickRuler(nlp.get_pipe(RULER))


class _QuickRuler:
    """Annotates a doc as ``ruler`` does."""

    def __init__(self, ruler: Any) -> None:
        self._ruler = ruler
        strings = ruler.vocab.strings
        patterns = (pattern for rule in ruler.patterns for pattern in rule["patterns"])
        simple = (pattern[0] for pattern in patterns if _is_simple(pattern))
        self._words = {strings.add(word) for token in simple for word in _words(token)}
        self._rules: dict[_Key, tuple[int, ...]] = {}
        self._attributes: dict[tuple[int, ...], _Attributes] = {}

    def __call__(self, doc: Doc) -> Doc:
        from spacy.pipeline.attributeruler import set_token_attrs

        keys = [self._key(token) for token in doc]
        new = {key: token for key, token in zip(keys, doc, strict=True) if key not in self._rules}
        if new:
            self._learn(doc, new)
        others = self._of_others(doc)
        for token, key in zip(doc, keys, strict=True):
            rules = self._rules[key]
            if token.i in others:
                rules = tuple(sorted({*rules, *others[token.i]}))
            if rules:
                set_token_attrs(token, self._together(rules))
        return doc

    def _key(self, token: Token) -> _Key:
        word = token.lower
        return token.tag, token.dep, word if word in self._words else 0, token.is_space

    def _learn(self, doc: Doc, new: Mapping[_Key, Token]) -> None:
        """Ask the patterns of one token about tokens that stand for all of their kind."""
        from spacy.tokens import Doc

        kinds = Doc(
            doc.vocab,
            words=[token.text for token in new.values()],
            tags=[token.tag_ for token in new.values()],
            deps=[token.dep_ for token in new.values()],
            heads=list(range(len(new))),
        )
        found: defaultdict[int, set[int]] = defaultdict(set)
        for rule, start, _ in self._matches(self._simple, kinds):
            found[start].add(rule)
        self._rules.update((key, tuple(sorted(found[i]))) for i, key in enumerate(new))

    def _of_others(self, doc: Doc) -> Mapping[int, set[int]]:
        """By token, the rules that are not simple and say something of it."""
        found: defaultdict[int, set[int]] = defaultdict(set)
        for rule, start, end in self._matches(self._others, doc):
            found[range(start, end)[self._ruler.indices[rule]]].add(rule)
        return found

    def _together(self, rules: tuple[int, ...]) -> _Attributes:
        """Later rules have precedence."""
        if rules not in self._attributes:
            whole: dict[int, Any] = {}
            for rule in rules:
                whole.update(self._ruler.attrs[rule])
            self._attributes[rules] = whole
        return self._attributes[rules]

    def _matches(self, matcher: Matcher, doc: Doc) -> Iterator[tuple[int, int, int]]:
        if len(matcher):
            strings = doc.vocab.strings
            for rule, start, end in matcher(doc, allow_missing=True, as_spans=False):
                yield int(strings[rule]), start, end

    @cached_property
    def _simple(self) -> Matcher:
        return self._matcher(simple=True)

    @cached_property
    def _others(self) -> Matcher:
        return self._matcher(simple=False)

    def _matcher(self, *, simple: bool) -> Matcher:
        from spacy.matcher import Matcher

        matcher = Matcher(self._ruler.vocab, validate=False)
        for number, rule in enumerate(self._ruler.patterns):
            wanted = [each for each in rule["patterns"] if _is_simple(each) is simple]
            if wanted:
                matcher.add(str(number), wanted)
        return matcher


def _is_simple(pattern: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a pattern is of one token, by what a key has of it."""
    lower = pattern[0].get("LOWER", "")
    named = isinstance(lower, str) or lower.keys() == {"IN"}
    return len(pattern) == 1 and _KNOWN.issuperset(pattern[0]) and named


def _words(token: Mapping[str, Any]) -> list[str]:
    lower = token.get("LOWER", [])
    return [lower] if isinstance(lower, str) else list(lower["IN"] if lower else [])
