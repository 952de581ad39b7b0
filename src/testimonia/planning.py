"""What an ingestion sets out to read, and how: written down, and taken up again from there.

Files and addresses stand in a plan, which a later run can go on with. Standard input does not:
whoever gave it gives it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from testimonia.catalog import Plan
from testimonia.ingest import Source
from testimonia.sources import (
    Found,
    Input,
    Options,
    addresses,
    documents_in,
    find_sources,
    is_object_address,
    object_at,
)


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be read: files and addresses in their order, and other inputs after them."""

    planned: tuple[Path | str, ...]
    others: tuple[Input, ...]
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Anew:
    """What a user says of a run that is gone on with; ``None`` leaves it as it was."""

    ocr: bool | None = None
    ocr_seconds: float | None = None


@dataclass
class _Sorted:
    planned: dict[Path | str, None] = field(default_factory=dict)
    others: list[Input] = field(default_factory=list)
    allowed: dict[str, None] = field(default_factory=dict)


def work(
    paths: Iterable[Path | str | Input],
    stated: Mapping[str, object],
    force_language: bool,
    options: Options,
) -> Work:
    """What to read of ``paths``, and how a plan says it is read.

    Raises:
        UnreadableSource: a path does not exist.
    """
    found = _Sorted()
    for each in dict.fromkeys(paths):
        if not isinstance(each, Input):
            found.planned.update(dict.fromkeys(find_sources([Path(each)])))
        elif each.address is None:
            found.others.append(each)
        else:
            found.planned[each.address] = None
            found.allowed.update(dict.fromkeys(each.allowed))
    parameters = {
        "stated": dict(stated),
        "force_language": force_language,
        "columns": options.columns,
        "allowed": list(found.allowed),
        "ocr": options.ocr,
        "ocr_seconds": options.ocr_seconds,
    }
    return Work(tuple(found.planned), tuple(found.others), parameters)


def sources(plan: Plan, anew: Anew | None = None) -> Iterator[Source]:
    """What is to be read by a plan, each as soon as it is asked for."""
    anew = anew or Anew()
    stated, force = plan.parameters["stated"], plan.parameters["force_language"]
    options = _options(plan.parameters, anew)
    for position, place in plan.sources.items():
        source = place if isinstance(place, Path) else _address(place, plan.parameters)
        found = documents_in(source, stated=stated, force_language=force, options=options)
        yield from _with_last(found, (plan.id, position))


def others(
    inputs: Iterable[Input], stated: Mapping[str, object], force_language: bool, options: Options
) -> Iterator[Source]:
    """What stands in no plan."""
    for each in inputs:
        for found in documents_in(
            each, stated=stated, force_language=force_language, options=options
        ):
            yield Source(found.name, found.load)


def _address(written: str, parameters: Mapping[str, Any]) -> Input:
    if is_object_address(written):
        return object_at(written)
    (found,) = addresses([written], parameters.get("allowed", ()))
    return found


def _with_last(found: Iterator[Found], planned: tuple[int, int]) -> Iterator[Source]:
    """The next is looked for before the last is given: only the last of a file reaches it."""
    last = next(found, None)
    for each in found:
        if last is not None:
            yield Source(last.name, last.load)
        last = each
    if last is not None:
        yield Source(last.name, last.load, planned)


def _options(parameters: Mapping[str, Any], anew: Anew) -> Options:
    """As the plan has it; plans of older versions lack some."""
    usual = Options()
    ocr = parameters.get("ocr", usual.ocr) if anew.ocr is None else anew.ocr
    seconds = anew.ocr_seconds or parameters.get("ocr_seconds", usual.ocr_seconds)
    columns = tuple((target, column) for target, column in parameters.get("columns", ()))
    return Options(ocr=ocr, ocr_seconds=seconds, columns=columns)
