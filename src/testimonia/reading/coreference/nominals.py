"""Sieves for descriptions: what the syntax equates, and what a definite phrase takes up again."""

from __future__ import annotations

from collections import defaultdict

from testimonia.model import ActorType, MentionForm
from testimonia.reading.actors.mentions import Candidate
from testimonia.reading.coreference.clusters import Discourse
from testimonia.reading.syntax import Token

_WINDOW = 10  # sentences in which a bare definite ("the officials") may take up a description
_BUSINESS_WINDOW = 3
_BEARERS = 8  # bearers of one title that are looked at


def link_equated(discourse: Discourse) -> None:
    """Sieve 2: apposition, copula and relative pronoun.

    "Ann Lee, the mayor of Zenda", "Ann Lee is the mayor", "residents, who …".
    """
    starts = {c.first: n for n, c in discourse.of_form(MentionForm.NAME)}
    for number, candidate in enumerate(discourse.candidates):
        token = discourse.parse.tokens[candidate.head]
        if candidate.last in starts and candidate.lemma in discourse.lexicon.offices:
            _link_title(discourse, number, starts[candidate.last])
        if token.dep == "appos":
            _link_apposition(discourse, number, token)
        elif token.dep == "attr" and candidate.form is MentionForm.NOMINAL:
            _link_predicate(discourse, number, token)
        if candidate.form is MentionForm.PRONOUN and _is_relative(discourse, token):
            _link_relative(discourse, number, token)


def _link_title(discourse: Discourse, number: int, name: int) -> None:
    """ "Chief of the General Staff" to the "Ann Lee" right after it."""
    candidate = discourse.candidates[number]
    if candidate.last - candidate.head > 1 and not discourse.candidates[name].title:
        discourse.clusters.merge(number, name)


def _link_apposition(discourse: Discourse, number: int, token: Token) -> None:
    other = discourse.by_head.get(token.head)
    if other is None:
        return
    forms = {discourse.candidates[n].form for n in (number, other)}
    if MentionForm.NOMINAL in forms and MentionForm.PRONOUN not in forms:
        discourse.clusters.merge(other, number)


def _link_predicate(discourse: Discourse, number: int, token: Token) -> None:
    verb = discourse.parse.head(token)
    subject = discourse.parse.dependent(verb, "nsubj")
    if verb.lemma != "be" or subject is None or discourse.parse.dependents(verb, "neg"):
        return
    other = discourse.by_head.get(subject.i)
    if other is not None and discourse.candidates[other].form is MentionForm.NAME:
        discourse.clusters.merge(other, number)


def _is_relative(discourse: Discourse, token: Token) -> bool:
    words = discourse.lexicon.relative_of_persons | discourse.lexicon.relative_of_any
    return token.lower in words and token.tag in {"WP", "WDT", "WP$"}


def _link_relative(discourse: Discourse, number: int, token: Token) -> None:
    """To the noun that the relative clause hangs on."""
    clause = next((t for t in (token, *discourse.parse.ancestors(token)) if t.dep == "relcl"), None)
    if clause is None:
        return
    other = discourse.by_head.get(clause.head)
    if other is None:
        other = discourse.covering.get(clause.head)
    if other is None or other == number:
        return
    person = discourse.clusters.traits(other).type is ActorType.PERSON
    if not (person and token.lower == "which"):
        discourse.clusters.merge(other, number)


# ----------------------------------------------------------------------------------- definites


def link_definite(discourse: Discourse) -> None:
    """Sieve 3: "the officials" to earlier "officials", "the president" to "President Lee"."""
    titled = _titled(discourse)
    seen: dict[tuple[str, bool], list[int]] = defaultdict(list)
    for number, candidate in discourse.of_form(MentionForm.NOMINAL):
        earlier = seen[candidate.lemma, candidate.plural]
        if _may_take_up(discourse, candidate) and not _is_settled(discourse, number):
            _ = (
                _take_up(discourse, number, earlier)
                or _take_up_title(discourse, number, titled)
                or _take_up_business(discourse, number)
            )
        earlier.append(number)


def _may_take_up(discourse: Discourse, candidate: Candidate) -> bool:
    if candidate.definite:
        return True
    # "Ruritanian forces" are the same forces throughout; "officials" may be others each time.
    return candidate.lemma in discourse.lexicon.collectives and candidate.named


def _is_settled(discourse: Discourse, number: int) -> bool:
    return discourse.clusters.size(number) > 1


def _take_up(discourse: Discourse, number: int, earlier: list[int]) -> bool:
    """The same noun before, with nothing said now that was not said then; no two rivals."""
    candidate = discourse.candidates[number]
    rivals: dict[int, int] = {}
    for other in reversed(earlier[-20:]):
        distance = discourse.sentence(number) - discourse.sentence(other)
        same = candidate.modifiers == discourse.candidates[other].modifiers
        if distance > _WINDOW and not (same and candidate.modifiers):
            break
        if candidate.modifiers <= discourse.candidates[other].modifiers and (
            candidate.definite or same
        ):
            rivals.setdefault(discourse.clusters.find(other), other)
    exact = [
        other
        for other in rivals.values()
        if discourse.candidates[other].modifiers == candidate.modifiers
        and discourse.candidates[other].definite
    ]
    chosen = exact[:1] or list(rivals.values())
    return len(chosen) == 1 and discourse.clusters.merge(chosen[0], number)


Titles = dict[str, list[tuple[int, frozenset[str]]]]


def _titled(discourse: Discourse) -> Titles:
    """Title nouns to the persons who bear them with what qualifies the title, in textual order."""
    bearers: Titles = defaultdict(list)
    seen: set[tuple[str, int]] = set()
    for number, candidate in discourse.of_form(MentionForm.NAME, MentionForm.NOMINAL):
        root = discourse.clusters.find(number)
        if candidate.title:
            noun, qualities = candidate.title[-1], frozenset(candidate.title[:-1])
        elif candidate.form is MentionForm.NOMINAL and discourse.clusters.traits(root).named:
            noun, qualities = candidate.lemma, _qualities(discourse, candidate)
        else:
            continue
        if (noun, root) not in seen:
            seen.add((noun, root))
            bearers[noun].append((number, qualities))
    return bearers


def _qualities(discourse: Discourse, candidate: Candidate) -> frozenset[str]:
    return candidate.modifiers & discourse.lexicon.title_modifiers


def _take_up_title(discourse: Discourse, number: int, titled: Titles) -> bool:
    """ "The president" or "the secretary", where one (and no vice) has been named before."""
    candidate = discourse.candidates[number]
    asked = _qualities(discourse, candidate)
    if candidate.type is not ActorType.PERSON or candidate.modifiers != asked:
        return False
    bearers = [
        bearer
        for bearer, qualities in titled.get(candidate.lemma, ())[:_BEARERS]
        if bearer < number
        and asked <= qualities
        and discourse.lexicon.contrasting.isdisjoint(qualities - asked)
    ]
    roots = {discourse.clusters.find(bearer) for bearer in bearers}
    return len(roots) == 1 and discourse.clusters.merge(bearers[0], number)


def _take_up_business(discourse: Discourse, number: int) -> bool:
    """ "The company": the only organisation that can be one in the last sentences."""
    candidate = discourse.candidates[number]
    if candidate.lemma not in discourse.lexicon.businesses or candidate.modifiers:
        return False
    if candidate.type is not ActorType.ORGANIZATION:
        return False
    found: dict[int, int] = {}
    for other in discourse.before(candidate.head, sentences=_BUSINESS_WINDOW):
        if _may_be_business(discourse, discourse.candidates[other]):
            found.setdefault(discourse.clusters.find(other), other)
    return len(found) == 1 and discourse.clusters.merge(next(iter(found.values())), number)


def _may_be_business(discourse: Discourse, candidate: Candidate) -> bool:
    if candidate.type is not ActorType.ORGANIZATION or candidate.form is not MentionForm.NAME:
        return False
    return not any(word in discourse.lexicon.organisation_words for word in candidate.name)
