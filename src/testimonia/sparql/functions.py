"""The functions that queries can call beyond SPARQL's own: of dates in EDTF, and of geometries
where pyoxigraph's GeoSPARQL ends. Loaded for the queries that name them.

What a function cannot answer is an error of that expression, in SPARQL's sense: ``FILTER`` drops
the row, ``BIND`` leaves the variable unbound.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any, Final, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from testimonia.terms import XSD, iri_of
from testimonia.vocabulary import EDTF, TST

_Term: TypeAlias = NamedNode | BlankNode | Literal | Triple
Function: TypeAlias = Callable[..., _Term | None]

GEOF: Final = "http://www.opengis.net/def/function/geosparql/"
EDTF_FUNCTIONS: Final = tuple(
    iri_of(each)
    for each in (
        TST.edtfBefore,
        TST.edtfAfter,
        TST.edtfOverlaps,
        TST.edtfEarliest,
        TST.edtfLatest,
    )
)
# Done here. What pyoxigraph 0.5.13 does itself: BUILT_IN.
GEOMETRY_FUNCTIONS: Final = tuple(
    f"{GEOF}{name}" for name in ("distance", "metricDistance", "buffer", "metricBuffer")
)
_RELATIONS: Final = (
    *(f"sf{each}" for each in ("Equals", "Disjoint", "Intersects", "Touches", "Crosses")),
    *("sfWithin", "sfContains", "sfOverlaps"),
    *(f"eh{each}" for each in ("Equals", "Disjoint", "Meet", "Overlap", "Covers", "CoveredBy")),
    *("ehInside", "ehContains"),
    *(f"rcc8{each}" for each in ("eq", "dc", "ec", "po", "tppi", "tpp", "ntpp", "ntppi")),
)
BUILT_IN: Final = tuple(
    f"{GEOF}{name}"
    for name in (
        *_RELATIONS,
        *("relate", "envelope", "convexHull", "centroid", "intersection", "union", "difference"),
        *("symDifference", "length", "isEmpty", "dimension", "getSRID", "asGeoJSON"),
    )
)

_XSD_DATES: Final = ("string", "date", "dateTime", "gYear", "gYearMonth")
_DATES: Final = frozenset({iri_of(EDTF.EDTF), *(f"{XSD}{each}" for each in _XSD_DATES)})
_DATATYPE: Final = {each: NamedNode(f"{XSD}{each}") for each in ("boolean", "date")}
_LAST_YEAR: Final = 9999
_ZONE: Final = re.compile(r"(?:Z|[+-]\d\d:\d\d)$")


def wanted(query: str) -> dict[NamedNode, Function] | None:
    """The functions that a query may call; ``None`` for most."""
    found: dict[NamedNode, Function] = {}
    if "edtf" in query.casefold():
        found |= _edtf()
    if "function/geosparql" in query:
        found |= _geometry()
    return found or None


# ------------------------------------------------------------------------------------ dates


@cache
def _edtf() -> dict[NamedNode, Function]:
    from testimonia.sparql import edtf

    def earliest(date: Any) -> Literal | None:
        return _day(edtf.span(_value(date)).earliest)

    def latest(date: Any) -> Literal | None:
        return _day(edtf.span(_value(date)).latest)

    def before(one: Any, other: Any) -> Literal | None:
        return _truth(edtf.before(edtf.span(_value(one)), edtf.span(_value(other))))

    def after(one: Any, other: Any) -> Literal | None:
        return before(other, one)

    def overlaps(one: Any, other: Any) -> Literal | None:
        return _truth(edtf.overlaps(edtf.span(_value(one)), edtf.span(_value(other))))

    made: tuple[Function, ...] = (before, after, overlaps, earliest, latest)
    return {
        NamedNode(name): _guarded(each) for name, each in zip(EDTF_FUNCTIONS, made, strict=True)
    }


def _value(term: object) -> str:
    """The date that a term is, as EDTF.

    Raises:
        ValueError: it is none.
    """
    if not isinstance(term, Literal) or term.language or term.datatype.value not in _DATES:
        raise ValueError(f"{term} is no date")
    if term.datatype.value.startswith(XSD):
        # XML Schema lets dates have time zones.
        return _without_zone(term.value)
    return term.value


def _without_zone(value: str) -> str:
    return value if "T" in value else _ZONE.sub("", value)


def _day(bound: object) -> Literal | None:
    if not isinstance(bound, tuple) or not -_LAST_YEAR <= bound[0] <= _LAST_YEAR:
        return None
    year, month, day = bound
    sign = "-" if year < 0 else ""
    return Literal(f"{sign}{abs(year):04d}-{month:02d}-{day:02d}", datatype=_DATATYPE["date"])


def _truth(value: bool | None) -> Literal | None:
    return None if value is None else Literal(value)


def _guarded(function: Function) -> Function:
    """The function with its errors as SPARQL has them, whatever it was called with."""

    def called(*terms: object) -> _Term | None:
        try:
            return function(*terms)
        except (ValueError, TypeError, AttributeError, ArithmeticError):
            return None

    return called


# ---------------------------------------------------------------------------------- geometries


@cache
def _geometry() -> dict[NamedNode, Function]:
    from testimonia.sparql import geometry

    def distance(one: Any, other: Any, unit: Any) -> Literal | None:
        metres = geometry.distance(_wkt(one), _wkt(other))
        return Literal(metres / geometry.unit(unit.value))

    def metric_distance(one: Any, other: Any) -> Literal | None:
        return Literal(geometry.distance(_wkt(one), _wkt(other)))

    def buffer(one: Any, radius: Any, unit: Any) -> Literal | None:
        return _as_wkt(geometry.buffer(_wkt(one), float(radius.value) * geometry.unit(unit.value)))

    def metric_buffer(one: Any, radius: Any) -> Literal | None:
        return _as_wkt(geometry.buffer(_wkt(one), float(radius.value)))

    made: tuple[Function, ...] = (distance, metric_distance, buffer, metric_buffer)
    pairs = zip(GEOMETRY_FUNCTIONS, made, strict=True)
    return {NamedNode(name): _guarded(each) for name, each in pairs}


_WKT: Final = "http://www.opengis.net/ont/geosparql#wktLiteral"


def _wkt(term: object) -> str:
    if not isinstance(term, Literal) or term.datatype.value != _WKT:
        raise ValueError(f"{term} is no geometry as well-known text")
    return term.value


def _as_wkt(text: str) -> Literal:
    return Literal(text, datatype=NamedNode(_WKT))
