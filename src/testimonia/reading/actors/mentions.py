"""Candidates: the stretches of a parse that may denote an actor, before it is known which."""

from __future__ import annotations

from dataclasses import dataclass

from testimonia.model import ActorType, MentionForm, Span
from testimonia.reading.actors.lexicon import Gender
from testimonia.reading.syntax import Parse


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """A stretch of text that the places stage claims; ``key`` is the place's, ``"place/56"``.

    ``political`` is true where the place has a government that may act (a country, a region, a
    capital), false for a river; ``form`` a nominal for "the city".
    """

    span: Span
    key: str
    political: bool
    form: MentionForm = MentionForm.NAME


@dataclass(frozen=True, slots=True)
class Candidate:
    """Tokens ``first`` to ``last`` (exclusive) with their grammatical head.

    ``name`` are the lower-case words of a proper name without article, titles and possessive
    (empty unless ``form`` is a name); ``title`` the noun lemmas of a title that stands with it;
    ``type`` is ``None`` where only coreference can tell. ``modifiers`` are the lower-case content
    words of a nominal besides its head.
    """

    first: int
    last: int
    head: int
    form: MentionForm
    type: ActorType | None
    name: tuple[str, ...] = ()
    title: tuple[str, ...] = ()
    lemma: str = ""
    modifiers: frozenset[str] = frozenset()
    plural: bool = False
    gender: Gender = ""
    definite: bool = False
    named: bool = False
    place: str | None = None

    def span(self, parse: Parse) -> Span:
        """Its code points."""
        return parse.span(self.first, self.last)

    def covers(self, token: int) -> bool:
        """Whether the token is among its own."""
        return self.first <= token < self.last
