"""Whether two that one document keeps apart may be one all the same."""

from __future__ import annotations

from testimonia.linking.agreement import Agreement
from testimonia.linking.bodies import body_name, compare_bodies
from testimonia.linking.profiles import Kind, Profile


def may_join(one: Profile, other: Profile) -> bool:
    """A text that keeps two persons apart means it. Its author or publisher may be one that it
    speaks of; bodies of one name, or of a name and its initials, are one that the reading of the
    text did not find to be one."""
    if one.stated != other.stated:
        return True
    if Kind.PERSON in {one.kind, other.kind} or one.stated:
        return False
    place = one.kind is Kind.PLACE
    for name in one.names:
        for their in other.names:
            a, b = body_name(name, place=place), body_name(their, place=place)
            if a and b and compare_bodies(a, b) in {Agreement.SAME, Agreement.ACRONYM}:
                return True
    return False
