"""Extracts of Wikidata's JSON dump: one entity a line, bare or as the elements of an array.

The form is that of https://doc.wikimedia.org/Wikibase/master/php/docs_topics_json.html, of which
labels, aliases, descriptions and a few statements are taken.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final, TextIO

from testimonia.authorities.bad import Bad
from testimonia.authorities.concepts import Concept
from testimonia.terms import Term, iri

_ENTITY: Final = "http://www.wikidata.org/entity/"
_DIRECT: Final = "http://www.wikidata.org/prop/direct/"
_GEONAMES: Final = "https://sws.geonames.org/"
_INSTANCE, _COUNTRY, _COORDINATES = "P31", "P17", "P625"
_GEONAMES_ID, _ISO_CODE, _VIAF, _GND = "P1566", "P297", "P214", "P227"
# Who has one of these was born; what has coordinates and nothing else that is known is somewhere.
_OF_PERSONS: Final = ("P569", "P570", "P21", "P106")
_BEGIN: Final = ("P569", "P571", "P580")
_END: Final = ("P570", "P576", "P582")
_RANKS: Final = {"preferred": 0, "normal": 1}
_ANY: Final = ("en", "mul")  # whose label is taken first: English, then names of all languages
_MOST_CHARACTERS: Final = 64 * 1024 * 1024  # of one entity


def concepts(stream: TextIO, languages: Collection[str]) -> Iterator[Concept | Bad]:
    """The entities of an extract, those without a label in any of ``languages`` left out."""
    # Never more than so much of a line: it could be the whole of a file.
    lines = iter(lambda: stream.readline(_MOST_CHARACTERS + 1), "")
    for number, line in enumerate(lines, start=1):
        if len(line) > _MOST_CHARACTERS:
            yield Bad(number, f"longer than {_MOST_CHARACTERS:,} characters: one entity a line")
            return
        bare = line.strip().rstrip(",")
        # "[" and "]" stand on lines of their own in a dump; a short extract may be one line.
        if bare in ("", "[", "]"):
            continue
        for value in _values(bare, number):
            if isinstance(value, Bad):
                yield value
            elif (concept := _concept(value, languages, number)) is not None:
                yield concept


def _values(line: str, number: int) -> Iterator[Any]:
    if line.startswith("[{") and not line.endswith("]"):
        line = line[1:]
    elif line.startswith("{") and line.endswith("}]"):
        line = line[:-1]
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        yield Bad(number, f"no JSON on one line: {error}")
        return
    yield from value if isinstance(value, list) else [value]


def _concept(value: Any, languages: Collection[str], number: int) -> Concept | Bad | None:
    id_ = value.get("id") if isinstance(value, dict) else None
    if not isinstance(id_, str) or not id_[:1].isalpha() or not id_.isalnum():
        return Bad(number, 'no entity: an object with "id" and "labels" is wanted')
    if value.get("type") == "property":
        return None
    try:
        return _read(value, id_, languages)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        return Bad(number, f"{id_} is not formed as an entity: {type(error).__name__} {error}")


def _read(value: Mapping[str, Any], id_: str, languages: Collection[str]) -> Concept | None:
    wanted = list(dict.fromkeys((*_ANY, *languages)))
    labels = {key: each["value"] for key, each in (value.get("labels") or {}).items()}
    named = [(labels[each], each) for each in wanted if each in labels]
    if not named:
        return None
    aliases = value.get("aliases") or {}
    others = [(each["value"], key) for key in wanted for each in aliases.get(key, ())]
    described = value.get("descriptions") or {}
    description = next((described[each]["value"] for each in wanted if each in described), "")
    claims = value.get("claims") or {}
    instances = _items(claims, _INSTANCE)
    (label, language), *rest = named
    return Concept(
        iri=f"{_ENTITY}{id_}",
        label=label,
        language=_tag(language),
        labels=tuple(dict.fromkeys((name, _tag(key)) for name, key in (*rest, *others))),
        kind=_kind(claims),
        description=description,
        begin=_date(claims, _BEGIN),
        end=_date(claims, _END),
        point=_point(claims),
        country=next(iter(_strings(claims, _ISO_CODE)), ""),
        same=tuple(_same(claims)),
        other=tuple(_links(_INSTANCE, instances) + _links(_COUNTRY, _items(claims, _COUNTRY))),
    )


def _tag(language: str) -> str:
    """A language tag of RDF: names of all languages have none."""
    return "" if language == "mul" else language


def _kind(claims: Mapping[str, Any]) -> str:
    """What its other statements tell; what it is an instance of is told by the class itself."""
    if any(each in claims for each in _OF_PERSONS):
        return "Person"
    return "GeopoliticalEntity" if _ISO_CODE in claims else ""


def _best(claims: Mapping[str, Any], property_: str) -> list[Any]:
    """The values of the best rank: preferred ones, else normal ones."""
    ranked: dict[int, list[Any]] = {}
    for claim in claims.get(property_, ()):
        snak = claim["mainsnak"]
        rank = _RANKS.get(claim.get("rank", "normal"))
        if rank is not None and snak.get("snaktype", "value") == "value":
            ranked.setdefault(rank, []).append(snak["datavalue"]["value"])
    return ranked[min(ranked)] if ranked else []


def _items(claims: Mapping[str, Any], property_: str) -> list[str]:
    return [f"{_ENTITY}{each['id']}" for each in _best(claims, property_)]


def _strings(claims: Mapping[str, Any], property_: str) -> list[str]:
    return [each for each in _best(claims, property_) if isinstance(each, str)]


def _links(property_: str, items: list[str]) -> list[tuple[Term, Term]]:
    return [(iri(f"{_DIRECT}{property_}"), iri(each)) for each in items]


def _same(claims: Mapping[str, Any]) -> Iterator[str]:
    for property_, start, end in (
        (_GEONAMES_ID, _GEONAMES, "/"),
        (_VIAF, "http://viaf.org/viaf/", ""),
        (_GND, "https://d-nb.info/gnd/", ""),
    ):
        for value in _strings(claims, property_):
            if value.replace("-", "").isalnum():
                yield f"{start}{value}{end}"


def _date(claims: Mapping[str, Any], properties: Collection[str]) -> str:
    """A time value as far as it is precise (9 is the year, 10 the month, 11 the day)."""
    for property_ in properties:
        for value in _best(claims, property_):
            time, precision = str(value["time"]), int(value["precision"])
            sign = "-" if time.startswith("-") else ""
            year, _, rest = time.lstrip("+-").partition("-")
            if precision >= 9 and year.isdecimal():
                parts = [year.zfill(4), *rest[:5].split("-")][: precision - 8]
                return sign + "-".join(parts)
    return ""


def _point(claims: Mapping[str, Any]) -> tuple[str, str] | None:
    for value in _best(claims, _COORDINATES):
        earth = str(value.get("globe") or "Q2").endswith("Q2")
        latitude, longitude = float(value["latitude"]), float(value["longitude"])
        if earth and -90 <= latitude <= 90 and -180 <= longitude <= 180:
            return f"{latitude:.6f}", f"{longitude:.6f}"
    return None
