"""The values of accounts in words, for the cells of a comparison."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from testimonia.views.values import Moment, Quantity, Ref


@dataclass(frozen=True, slots=True)
class Part:
    """A value in a cell; ``path`` where it has a page."""

    label: str
    path: str = ""
    note: str = ""


def told_so(happened: bool) -> tuple[Part, ...]:
    """Whether it happened."""
    return (Part("it happened" if happened else "it did not"),)


def labels(refs: Iterable[Ref]) -> tuple[Part, ...]:
    """Things by their labels."""
    return tuple(Part(each.label, each.path) for each in refs)


def worded_times(moments: tuple[Moment, ...]) -> tuple[Part, ...]:
    """Times with what their values rest on."""
    return tuple(
        Part(each.label, note=_note(each)) for each in sorted(moments, key=lambda each: each.label)
    )


def _note(moment: Moment) -> str:
    value = moment.value if moment.value != moment.label else ""
    basis = {"YearUnknown": "year unknown", "Anchored": "reckoned"}.get(moment.basis, "")
    return ", ".join(filter(None, (value, basis)))


def worded_quantities(found: tuple[Quantity, ...]) -> tuple[Part, ...]:
    """Numbers with what is counted."""
    return tuple(Part(str(each)) for each in found)
