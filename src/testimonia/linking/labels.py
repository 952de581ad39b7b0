"""Which of two names is the better label: one that says more of whom it names."""

from __future__ import annotations

from testimonia.linking.bodies import body_name
from testimonia.linking.persons import person_name
from testimonia.linking.profiles import Kind


def is_better(new: str, old: str, kind: Kind) -> bool:
    """Whether an entity that is labelled ``old`` should be labelled ``new``.

    A label changes at most once: from a surname alone to a full name, from initials to what they
    stand for.
    """
    if kind is Kind.PERSON:
        a, b = person_name(new), person_name(old)
        return bool(a and b and not b.is_full and a.is_full)
    one, other = body_name(new), body_name(old)
    return bool(one and other and other.is_acronym and not one.is_acronym and len(new) > len(old))
