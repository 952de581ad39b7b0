"""Local places: the found toponyms, one place for each gazetteer entry or unresolved name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from testimonia.model import Mention, MentionForm, Place
from testimonia.reading.actors import PlaceMention
from testimonia.reading.places import FoundPlace


def local_places(found: Iterable[FoundPlace]) -> tuple[Place, ...]:
    """The places of a text in the order of their first mentions.

    Demonyms ("Turkish") are mentions of their country, yet no spelling of its name unless the
    text has no other.
    """
    groups: dict[str, list[FoundPlace]] = {}
    for each in sorted(found, key=lambda each: each.span):
        same = each.entry.id if each.entry else each.name.casefold()
        groups.setdefault(same, []).append(each)
    return tuple(_place(group) for group in groups.values())


def place_mentions(
    places: Iterable[Place], found: Iterable[FoundPlace], sources: Collection[int]
) -> tuple[PlaceMention, ...]:
    """What the places claim, for the reading of actors.

    Demonyms claim nothing ("Turkish officials" are officials) unless they are a source themselves
    ("from the Turkish point of view"): ``sources`` are the code points where sources' heads start.
    """
    named = {each.span: each for each in found}
    claimed = []
    for place in places:
        for mention in place.mentions:
            each = named.get(mention.span)
            if each is None:
                political = not place.site
            elif not each.demonym or each.span.start in sources:
                political = each.political or each.demonym
            else:
                continue
            claimed.append(PlaceMention(mention.span, place.key, political, mention.form))
    return tuple(sorted(claimed, key=lambda each: each.span))


def _place(group: list[FoundPlace]) -> Place:
    names = [each.name for each in group if not each.demonym] or [each.name for each in group]
    first, often = group[0], Counter(names)
    return Place(
        key=f"place/{first.span.start}",
        label=max(often, key=lambda name: (often[name], len(name))),
        names=tuple(dict.fromkeys(names)),
        mentions=tuple(_mentions(group)),
        entry=first.entry,
        confidence=max(each.confidence for each in group),
    )


def _mentions(group: list[FoundPlace]) -> Iterator[Mention]:
    for each in group:
        form = MentionForm.NOMINAL if each.demonym else MentionForm.NAME
        yield Mention(each.span, form, each.confidence, each.demonym)
