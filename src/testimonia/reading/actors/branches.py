"""Bodies called after what they do and the country that they do it for: "Transport Ruritania"."""

from __future__ import annotations

from collections.abc import Sequence

from testimonia.model import MentionForm, Place, Span
from testimonia.reading.actors.lexicon import lexicon
from testimonia.reading.actors.pieces import ends_line, in_capitals
from testimonia.reading.syntax import Parse, Token
from testimonia.reading.wordnet import first_sense

# Of the first word: "Mainland Ruritania" is a place, "Mother Ruritania" no body.
_MORE_WORDS = 2  # before the word that tells the field
_NO_FIELDS = frozenset({"location", "object", "person", "time", "quantity", "Tops"})


def find_branches(parse: Parse, places: Sequence[Place]) -> dict[Span, Span]:
    """Mentions of countries that end the name of a body, each with the span of the whole name.

    The name's first word is a noun that is capitalised though no sentence or headline begins with
    it, or that is so capitalised elsewhere in the text.
    """
    countries = [
        parse.within(mention.span)
        for place in places
        if place.entry is not None and place.entry.feature.startswith("PCL")
        for mention in place.mentions
        if mention.form is MentionForm.NAME
    ]
    found = [inside for inside in countries if inside and _is_branch(parse, inside)]
    sure = {_field(parse, inside) for inside in found if not _begins(parse, inside.start - 1)}
    return {
        parse.span(inside.start, inside.stop): parse.span(_start(parse, inside), inside.stop)
        for inside in found
        if _field(parse, inside) in sure
    }


def _start(parse: Parse, inside: range) -> int:
    """Where the whole name begins: "Fresh Water Ruritania"."""
    first = inside.start - 1
    for i in range(first - 1, max(-1, first - 1 - _MORE_WORDS), -1):
        word = parse.tokens[i]
        joined = word.head in {first, inside[-1]} and not ends_line(parse, i)
        if not joined or not _is_proper(word):
            break
        first = i
    return first


def _field(parse: Parse, inside: range) -> tuple[str, str]:
    return parse.tokens[inside.start - 1].text, parse.tokens[inside.stop - 1].text


def _is_branch(parse: Parse, inside: range) -> bool:
    if not inside.start or ends_line(parse, inside.start - 1):
        return False
    field, country = parse.tokens[inside.start - 1], parse.tokens[inside.stop - 1]
    following = parse.tokens[inside.stop : inside.stop + 1]
    if any(map(_is_proper, following)) or field.end + 1 != parse.tokens[inside.start].start:
        return False
    return (
        _is_proper(field)
        and field.dep == "compound"
        and field.head == country.i
        and not parse.dependents(country, "det", "amod")
        and _is_field(field)
        and not in_capitals(parse, field)
    )


def _is_proper(token: Token) -> bool:
    return token.tag in {"NNP", "NNPS"} and token.text[:1].isupper()


def _is_field(token: Token) -> bool:
    sense = first_sense(token.lower) or first_sense(token.lower.removesuffix("s"))
    known = sense is not None and sense not in _NO_FIELDS
    return known and not lexicon().is_title(token.lower)


def _begins(parse: Parse, i: int) -> bool:
    """Whether a sentence, a line or a quotation begins with the token."""
    token = parse.tokens[i]
    if i == parse.sentence_of(token)[0] or ends_line(parse, i - 1):
        return True
    return not any(map(str.isalnum, parse.tokens[i - 1].text))
