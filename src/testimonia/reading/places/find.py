"""From a parse to places: recognition, resolution, one type a name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import replace

from testimonia.gazetteer import Gazetteer
from testimonia.model import GazetteerEntry
from testimonia.reading.places.candidates import Candidate, candidates
from testimonia.reading.places.model import FoundPlace, Resolution, ToponymCandidate
from testimonia.reading.places.recognition import Context, chosen, probability
from testimonia.reading.places.resolution import resolve
from testimonia.reading.syntax import Parse

THRESHOLD = 0.45  # best end-to-end F1 in cross-validation
DEMONYM_THRESHOLD = 0.15  # demonyms are certain as words; what is unsure is what they stand in
REGION_THRESHOLD = 0.2  # "the Global South": tagged as a region, in no gazetteer, kept unresolved
SHARED = 0.6  # how far the mentions of one name share their probability (cross-validation)


def find_places(
    parse: Parse, gazetteer: Gazetteer, *, publisher: str | None = None
) -> tuple[FoundPlace, ...]:
    """Every mention of a place in the text, in textual order, without overlaps.

    The same place has the same entry under all its spellings; a name that is a place in the
    document is one in all its mentions, whatever the tagger says sentence by sentence. What the
    gazetteer lacks, or what nothing decides between, is found with ``entry=None``.
    """
    found = candidates(parse, gazetteer)
    toponyms = _toponyms(parse, found)
    resolutions = resolve(
        toponyms, parse.text, gazetteer, publisher=publisher, peoples=peoples_of(found)
    )
    return tuple(
        _found(toponym, _today(resolution, gazetteer), parse.text)
        for toponym, resolution in zip(toponyms, resolutions, strict=True)
    )


def find_toponyms(parse: Parse, gazetteer: Gazetteer) -> tuple[ToponymCandidate, ...]:
    """What names a place, resolved or not: from the tagger, the gazetteer and generic words."""
    return _toponyms(parse, candidates(parse, gazetteer))


def peoples_of(found: Iterable[Candidate]) -> tuple[str, ...]:
    """What may be the demonyms of a text, each once: they tell where it plays even where they name
    no place ("the Ruritanian navy") or some hamlet bears the same name."""
    return tuple(dict.fromkeys(one.name for one in found if one.demonym or one.label == "NORP"))


def _toponyms(parse: Parse, found: Sequence[Candidate]) -> tuple[ToponymCandidate, ...]:
    context = Context(parse, found)
    scored = [(one, probability(one, context)) for one in found]
    return tuple(_toponym(one, confidence, parse) for one, confidence in chosen(_probable(scored)))


def _probable(scored: Iterable[tuple[Candidate, float]]) -> Iterator[tuple[Candidate, float]]:
    """Those likely enough, each drawn towards all mentions of the name: one type a name."""
    senses: dict[Hashable, list[tuple[Candidate, float]]] = defaultdict(list)
    for one, confidence in scored:
        senses[_sense(one)].append((one, confidence))
    for mentions in senses.values():
        mean = sum(confidence for _, confidence in mentions) / len(mentions)
        for one, confidence in mentions:
            drawn = (1 - SHARED) * confidence + SHARED * mean
            whole = one.exact or not one.label
            if drawn >= _threshold(one) or (whole and mean >= THRESHOLD):
                yield one, drawn


def _sense(one: Candidate) -> Hashable:
    """Equal for names that can only mean the same place: Donbas and Donbass."""
    return one.demonym, one.entries[0].id if len(one.entries) == 1 else one.name


def _threshold(one: Candidate) -> float:
    if one.demonym:
        return DEMONYM_THRESHOLD
    unknown_region = one.label == "LOC" and one.exact and not one.entries
    return REGION_THRESHOLD if unknown_region else THRESHOLD


def _toponym(one: Candidate, confidence: float, parse: Parse) -> ToponymCandidate:
    name = "" if one.name == one.span.of(parse.text) else one.name
    return ToponymCandidate(one.span, one.label, one.demonym, name, confidence)


def _today(resolution: Resolution, gazetteer: Gazetteer) -> Resolution:
    """A place as it is today, with the name and the country that it had then beside: what is known
    of a place is known for all documents."""
    then = resolution.entry
    if then is None or then.period is None:
        return resolution
    today = gazetteer.entry(then.id)
    return replace(resolution, entry=replace(today, period=then.period) if today else then)


def _found(toponym: ToponymCandidate, resolution: Resolution, text: str) -> FoundPlace:
    entry = resolution.entry
    return FoundPlace(
        span=toponym.span,
        name=toponym.span.of(text),
        entry=entry,
        confidence=toponym.confidence * (resolution.confidence if entry else 1.0),
        demonym=toponym.demonym,
        political=not toponym.demonym and _political(toponym, entry),
    )


def _political(toponym: ToponymCandidate, entry: GazetteerEntry | None) -> bool:
    if entry is None:
        return toponym.label == "GPE"
    return entry.feature.startswith(("PCL", "ADM", "PPL"))
