"""Which candidates are place names: a log-linear model over inspectable features.

After Lieberman and Samet (2011), who add context features to gazetteer look-up; the weights were
estimated on development corpora and lie as text in ``reading/data/places_weights.toml``.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property

from testimonia.model import GazetteerEntry
from testimonia.reading.places.candidates import Candidate
from testimonia.reading.places.lexicon import lexicon, weights
from testimonia.reading.syntax import Parse, Token

_CALLED = 0.9  # what the text itself calls a town; annotated text has too few to learn from
_PLACE_LABELS = frozenset({"GPE", "LOC", "FAC"})


class Context:
    """What the whole document tells about its words; made once a document."""

    def __init__(self, parse: Parse, candidates: Iterable[Candidate] = ()) -> None:
        self.parse = parse
        self._candidates = tuple(candidates)

    @cached_property
    def contained(self) -> dict[tuple[int, int], str]:
        """Candidates beside a name that contains, or is contained in, one of their places.

        "Elmville, Kan.": by token range, ``"inner"`` for Elmville and ``"outer"`` for Kan.
        """
        starting: dict[int, list[Candidate]] = defaultdict(list)
        for candidate in self._candidates:
            starting[candidate.first].append(candidate)
        found: dict[tuple[int, int], str] = {}
        for inner in self._candidates:
            for outer in starting.get(inner.last + 1, ()):
                comma = self.parse.tokens[inner.last].text in {",", "("}
                if comma and not inner.demonym and _contains(outer, inner):
                    found[inner.first, inner.last] = "inner"
                    found.setdefault((outer.first, outer.last), "outer")
        return found

    @cached_property
    def small_words(self) -> frozenset[str]:
        """Words that the text also writes small."""
        return frozenset(token.text for token in self.parse.tokens if token.text.islower())

    @cached_property
    def labels(self) -> dict[str, Counter[str]]:
        """Per name (lower case, no article), how often the tagger gave it which label."""
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for entity in self.parse.entities:
            words = [token.lower for token in self.parse.tokens[entity.first : entity.last]]
            words = words[1:] if words[0] == "the" else words
            words = words[:-1] if words and words[-1] in {"'s", "’s"} else words
            found[" ".join(words)][entity.label] += 1
        return found

    @cached_property
    def person_words(self) -> frozenset[str]:
        """Words of the persons that the text names with two or more words."""
        words: set[str] = set()
        for entity in self.parse.entities:
            if entity.label == "PERSON" and entity.last - entity.first > 1:
                tokens = self.parse.tokens[entity.first : entity.last]
                words.update(token.lower for token in tokens if token.pos == "PROPN")
        return frozenset(words)


def probability(candidate: Candidate, context: Context) -> float:
    """How probably the candidate names a place (0..1)."""
    if candidate.called:
        return _CALLED
    table = weights("recognition")
    score = sum(table.get(name, 0.0) for name in features(candidate, context))
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, score))))


def features(candidate: Candidate, context: Context) -> Iterator[str]:
    """The names of the features that hold; all are binary."""
    yield "always"
    kind = _kind(candidate.entries)
    for group in (_own, _tagger, _document, _before, _after, _syntax):
        for name in group(candidate, context):
            yield name
            if group is not _own or name in {"one word", "demonym"}:
                yield f"{name} & {kind}"
    yield f"is {kind}"


def _contains(outer: Candidate, inner: Candidate) -> bool:
    around = {entry.id for entry in outer.entries if not entry.feature.startswith("PPL")}
    return any(not around.isdisjoint(entry.within) for entry in inner.entries)


def _kind(entries: tuple[GazetteerEntry, ...]) -> str:
    """The weightiest class of place that bears the name."""
    if not entries:
        return "unknown"
    features = {entry.feature for entry in entries}
    if features & {"PCLI", "CONT"}:
        return "country"
    if "ADM1" in features and any(e.population > 400_000 for e in entries if e.feature == "ADM1"):
        return "state"
    people = max(entry.population for entry in entries)
    if people >= 200_000 or "PPLC" in features:
        return "large city"
    if any(not feature.startswith(("PPL", "ADM")) for feature in features):
        return "region"
    if features & {"ADM1", "ADM2"}:
        return "division"
    return "town" if people >= 20_000 else "small town" if people >= 3_000 else "village"


def _own(candidate: Candidate, context: Context) -> Iterator[str]:
    tokens = context.parse.tokens[candidate.first : candidate.last]
    if candidate.demonym:
        yield "demonym"
        if tokens[-1].tag in {"NNS", "NNPS"} or tokens[-1].text.endswith("s"):
            yield "demonym plural"
    yield "one word" if len(tokens) == 1 else "several words"
    if candidate.generic:
        yield "generic"
        yield f"generic {tokens[-1].lower}"
    if candidate.name.isupper():
        yield "short capitals" if len(candidate.name) <= 4 else "capitals"
    if _is_dateline(candidate, context.parse):
        yield "dateline"
    if candidate.name.endswith("."):
        yield "abbreviation"
    if any(entry.name == candidate.name for entry in candidate.entries):
        yield "own spelling"
    if len(candidate.name) <= 3:
        yield "short"
    if side := context.contained.get((candidate.first, candidate.last)):
        yield f"containment {side}"


def _is_dateline(candidate: Candidate, parse: Parse) -> bool:
    """Whether a line begins with the name and a mark after it: "ELM CITY - Voters …"."""
    start = candidate.span.start
    if start and parse.text[start - 1] != "\n":
        return False
    following = parse.tokens[candidate.last : candidate.last + 1]
    return bool(following) and following[0].text in {"-", "–", "—", "--", "(", ","}


def _tagger(candidate: Candidate, context: Context) -> Iterator[str]:
    label = candidate.label or "none"
    yield f"tagged {label}" if candidate.exact or not candidate.label else f"inside {label}"
    if candidate.label and not candidate.exact:
        yield from _inside(candidate, context)


def _inside(candidate: Candidate, context: Context) -> Iterator[str]:
    """Which part of a longer entity the candidate is, and of what sort that entity is."""
    parse = context.parse
    entity = parse.entities[parse.tokens[candidate.last - 1].entity]
    rest = parse.tokens[candidate.last : entity.last]
    if candidate.last >= entity.last:
        before = parse.tokens[candidate.first - 1].lower
        yield f"last of {entity.label}"
        if before in {"of", ",", "in", "for", "at", "-"}:
            yield f"last of {entity.label} after {before}"
    elif candidate.first <= entity.first or parse.tokens[entity.first].lower == "the":
        yield f"first of {entity.label}"
    if any(token.lower in lexicon().organisation_words for token in rest):
        yield "organisation word later in entity"
    if any(token.text == "," for token in rest[:1]):
        yield "comma next in entity"


def _document(candidate: Candidate, context: Context) -> Iterator[str]:
    tokens = context.parse.tokens[candidate.first : candidate.last]
    labels = context.labels.get(" ".join(token.lower for token in tokens), Counter())
    places = sum(labels[label] for label in _PLACE_LABELS)
    total = sum(labels.values())
    if total:
        share = places / total
        yield (
            "tagged place always"
            if share == 1
            else "tagged place mostly"
            if (share >= 0.5)
            else "tagged place sometimes"
            if share > 0
            else "tagged place never"
        )
    if labels["PERSON"] * 2 > total:
        yield "tagged person mostly"
    if len(tokens) == 1 and tokens[0].lower in context.person_words:
        yield "word of a person's name"
    if all(token.lower in context.small_words for token in tokens):
        yield "also written small"


def _before(candidate: Candidate, context: Context) -> Iterator[str]:
    parse = context.parse
    first = parse.tokens[candidate.first]
    if candidate.first == parse.sentences[first.sentence][0]:
        yield "begins sentence"
        return
    token = parse.tokens[candidate.first - 1]
    words = lexicon()
    if token.lower in words.locative:
        yield "after locative"
        yield f"after {token.lower}"
    elif token.lower in words.person_titles:
        yield "after title"
    elif token.lower in words.given_names and token.text[0].isupper():
        yield "after given name"
    elif token.lower in {"the", "of", ",", "and", "(", "-", "–", "—", "'s", "a"}:
        yield f"after {token.lower}"
    elif token.pos == "PROPN":
        yield "after proper noun"
    else:
        yield f"after {token.pos}"
    if token.lower == "of" and candidate.first > 1:
        yield from _of_what(parse.tokens[candidate.first - 2])
    if token.lower == "the" and candidate.first > 1 and _locative(parse, candidate.first - 2):
        yield "after locative the"


def _of_what(token: Token) -> Iterator[str]:
    if token.lower in lexicon().kinds:
        yield "after kind of"
    elif token.lower in lexicon().organisation_words and token.text[0].isupper():
        yield "after organisation of"


def _locative(parse: Parse, index: int) -> bool:
    return parse.tokens[index].lower in lexicon().locative


def _after(candidate: Candidate, context: Context) -> Iterator[str]:
    parse = context.parse
    if candidate.last >= len(parse.tokens):
        return
    token = parse.tokens[candidate.last]
    words = lexicon()
    if token.sentence != parse.tokens[candidate.last - 1].sentence or token.text in ".?!":
        yield "ends sentence"
    elif token.lower in words.organisation_words and token.text[0].isupper():
        yield "before organisation word"
    elif token.lower in words.generics_after and token.text[0].isupper():
        yield "before generic"
    elif token.lower in words.kinds:
        yield "before kind"
    elif token.text in {",", "'s", "’s", "-", "–", "(", ")", ":", "and", "of"}:
        yield f"before {token.text.replace('’', chr(39))}"
    elif token.pos == "PROPN" and token.text[0].isupper():
        yield "before proper noun"
    elif token.lemma in words.speaking:
        yield "before speaking"
    else:
        yield f"before {token.pos}"


def _syntax(candidate: Candidate, context: Context) -> Iterator[str]:
    token = _head(candidate, context.parse)
    yield f"dep {token.dep}"
    yield f"pos {token.pos}"
    head = context.parse.tokens[token.head]
    if token.dep == "pobj" and head.lower in lexicon().locative:
        yield "object of locative"
    elif token.dep in {"compound", "nmod", "amod"} and head.pos != "PROPN":
        yield "modifies common noun"


def _head(candidate: Candidate, parse: Parse) -> Token:
    """The token that the others of the candidate hang on."""
    return next(
        (
            token
            for token in parse.tokens[candidate.first : candidate.last]
            if not candidate.first <= token.head < candidate.last or token.head == token.i
        ),
        parse.tokens[candidate.last - 1],
    )


def chosen(scored: Iterable[tuple[Candidate, float]]) -> list[tuple[Candidate, float]]:
    """These without overlaps, in textual order: the more probable wins, then the longer."""
    ranked = sorted(
        scored, key=lambda pair: (-pair[1], pair[0].first - pair[0].last, pair[0].first)
    )
    taken: set[int] = set()
    kept: list[tuple[Candidate, float]] = []
    for candidate, confidence in ranked:
        tokens = range(candidate.first, candidate.last)
        if taken.isdisjoint(tokens):
            taken.update(tokens)
            kept.append((candidate, confidence))
    return sorted(kept, key=lambda pair: pair[0].first)
