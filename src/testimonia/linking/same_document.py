"""Whether two that one document keeps apart may be one all the same."""

from __future__ import annotations

from testimonia.linking.agreement import Agreement
from testimonia.linking.bodies import body_name, compare_bodies
from testimonia.linking.persons import compare_persons, person_name
from testimonia.linking.profiles import Kind, Profile


def may_join(one: Profile, other: Profile) -> bool:
    """A text that keeps two persons apart means it. Its author or publisher may be one that it
    speaks of; bodies of one name, or of a name and its initials, are one that the reading of the
    text did not find to be one; so are a person's surname and the full name that it took for a
    body's."""
    if one.stated != other.stated:
        return True
    if {one.kind, other.kind} == {Kind.PERSON, Kind.ORGANIZATION} and not one.stated:
        return any(_is_surname(a, b) for a in one.names for b in other.names)
    if Kind.PERSON in {one.kind, other.kind} or one.stated:
        return False
    place = one.kind is Kind.PLACE
    for name in one.names:
        for their in other.names:
            a, b = body_name(name, place=place), body_name(their, place=place)
            if a and b and compare_bodies(a, b) in {Agreement.SAME, Agreement.ACRONYM}:
                return True
    return False


def _is_surname(name: str, other: str) -> bool:
    one, two = person_name(name), person_name(other)
    return one is not None and two is not None and compare_persons(one, two) is Agreement.PART
