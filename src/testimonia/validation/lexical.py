"""Conditions on literals that hold only where every processor of SHACL finds them to hold.

They read even ``xsd:date`` in several ways: years of more digits, the year 0, time zones. The forms
here are those that XML Schema, rdflib and Oxigraph give the same value.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import TYPE_CHECKING

from testimonia import terms
from testimonia.validation.index import Declined

if TYPE_CHECKING:
    from pyoxigraph import Literal

XSD = terms.XSD
_DAY = "((0[1-9]|1[0-2])-(0[1-9]|[12][0-9])|(0[13-9]|1[0-2])-30|(0[13578]|1[02])-31)"
_TIME = r"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,6})?Z?"
# XML Schema 1.1 part 2, section 3.3 and 3.4; of each only what is in use and plainly written.
_FORMS = {
    XSD + "boolean": "true|false",
    XSD + "date": f"[1-9][0-9]{{3}}-{_DAY}",
    XSD + "dateTime": f"[1-9][0-9]{{3}}-{_DAY}T{_TIME}",
    XSD + "gYear": "[1-9][0-9]{3}",
    XSD + "gYearMonth": "[1-9][0-9]{3}-(0[1-9]|1[0-2])",
    XSD + "gMonthDay": f"--{_DAY}",
}
_READ_AGAIN = frozenset({XSD + "date", XSD + "dateTime"})  # for 29 February
RANGES = {"minInclusive": ">=", "maxInclusive": "<=", "minExclusive": ">", "maxExclusive": "<"}
_NUMBERS = frozenset({XSD + "integer", XSD + "decimal"})
# What regular expressions of XPath, Rust and Python have in common: no classes by letters, no
# look-around, no back-references, no options within.
_NOT_COMMON = re.compile(r"\\[A-Za-z0-9]|\(\?|\[[^]\\]*(--|&&|~~|\[)|\$.|(?<!\[).\^|\[\^$")


def is_exact(datatype: str) -> bool:
    """Whether ``is_of_datatype`` accepts all of a datatype: where every string is in it."""
    return not datatype.startswith(XSD) or datatype == XSD + "string"


def is_of_datatype(value: str, datatype: str) -> str:
    """That a value is a literal of the datatype, and well-formed (SHACL, section 4.1.2)."""
    typed = f"isLiteral({value}) && DATATYPE({value}) = <{datatype}>"
    if is_exact(datatype):
        return f"({typed})"
    if datatype in _NUMBERS:
        # Numeric is what Oxigraph could read as a number; an expression takes longer to compile
        # than all numbers of a document to look at.
        return f"({typed} && isNumeric({value}))"
    if datatype not in _FORMS:
        raise Declined(f"the datatype {datatype}")
    written = f'REGEX(STR({value}), "^({_FORMS[datatype]})$")'
    if datatype in _READ_AGAIN:
        written += f" && COALESCE(<{datatype}>(STR({value})) = {value}, false)"
    return f"({typed} && {written})"


def in_range(value: str, sign: str, bound: Literal) -> str:
    """That a number is in a range (section 4.3)."""
    if bound.datatype.value not in _NUMBERS:
        raise Declined(f"a range of {bound.datatype}")
    return f"COALESCE({is_number(value)} && {value} {sign} {bound}, false)"


def is_number(value: str) -> str:
    """That a value is a whole or decimal number."""
    one_of = ", ".join(f"<{each}>" for each in sorted(_NUMBERS))
    return f"(isNumeric({value}) && DATATYPE({value}) IN ({one_of}))"


def compared(a: str, sign: str, b: str) -> str:
    """That of two numbers, or two days, one is before the other (section 4.5)."""
    day = XSD + "date"
    numbers = f"{is_number(a)} && {is_number(b)}"
    days = f"{is_of_datatype(a, day)} && {is_of_datatype(b, day)}"
    return f"COALESCE((({numbers}) || ({days})) && {a} {sign} {b}, false)"


def matches(value: str, pattern: Literal, flags: Collection[Literal]) -> str:
    """That the string of a value matches a regular expression (section 4.4.3)."""
    options = {flag.value for flag in flags}
    if not options <= {"i"} or _NOT_COMMON.search(pattern.value):
        raise Declined(f"the pattern {pattern}")
    option = ', "i"' if options else ""
    return f"(!isBlank({value}) && REGEX(STR({value}), {terms.literal(pattern.value)}{option}))"
