"""Decisions that come over HTTP: recorded at once, carried out by a job in a process of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from testimonia.curating import Review, Reviewed, Wish
from testimonia.curating import shown as json_of
from testimonia.decisions import Decision, Kind
from testimonia.errors import Busy, UsageError
from testimonia.web.job_runner import JobRunner
from testimonia.web.problems import Problem
from testimonia.web.site import Site

_NAMES: Final = ("kind", "thing", "other", "field", "value", "why", "by", "only")
_MOST: Final = 100


@dataclass(frozen=True, slots=True)
class Made:
    """Decisions that were recorded, and the job that carries them out; ``None`` where too many
    were waiting: then it is for the next one, or a rebuild."""

    decisions: list[dict[str, Any]]
    job: str | None


class Curation:
    """Decisions of one archive that is served. Everything here blocks: call it in a thread."""

    def __init__(self, site: Site, runner: JobRunner) -> None:
        self._site = site
        self._runner = runner

    @property
    def review(self) -> Review:
        """The archive's decisions."""
        return self._site.archive.review

    def record(self, given: Sequence[Mapping[str, Any]]) -> Made:
        """Record what is asked for, all or nothing.

        Raises:
            Problem: 400, it has no meaning.
        """
        if not 1 <= len(given) <= _MOST:
            raise Problem(HTTPStatus.BAD_REQUEST, f"send 1 to {_MOST} decisions at a time")
        return self._queue(self.review.record_all([_wish(each) for each in given]))

    def withdraw(self, decision: str, given: Mapping[str, Any]) -> Made:
        """Record that a decision is taken back.

        Raises:
            Problem: 400; 404, there is none; 409, it was before.
        """
        found = self.one(decision)
        if found.decision.withdrawn is not None:
            detail = f"decision {found.decision.id} was withdrawn before"
            raise Problem(HTTPStatus.CONFLICT, detail)
        by, why = _text(given, "by"), _text(given, "why")
        return self._queue([self.review.withdraw(found.decision.id, by, why)])

    def one(self, decision: str) -> Reviewed:
        """A decision with its effects.

        Raises:
            Problem: 404, there is none.
        """
        try:
            return self.review.show(decision)
        except UsageError as error:
            detail = f"this archive has no decision with the id {decision!r}"
            raise Problem(HTTPStatus.NOT_FOUND, detail) from error

    def shown(self, reviewed: Reviewed) -> dict[str, Any]:
        """As JSON has it."""
        return json_of.decision(reviewed, self._site.archive.catalog, self._site.iris)

    def questions(self, limit: int) -> list[dict[str, Any]]:
        """What decisions would settle most, as JSON has it."""
        catalog = self._site.archive.catalog
        return [json_of.question(each, catalog) for each in self.review.queue(limit)]

    def thing(self, path: str) -> dict[str, Any]:
        """Something to decide on, as it stands.

        Raises:
            Problem: 404, there is nothing such.
        """
        try:
            pointed, stands = self.review.stands(path)
        except UsageError as error:
            raise Problem(HTTPStatus.NOT_FOUND, str(error)) from error
        ruling = [self.shown(each) for each in self.review.decisions(thing=path)]
        return {**json_of.thing(pointed, path, self._site.iris, stands), "decisions": ruling}

    def _queue(self, decisions: Sequence[Decision]) -> Made:
        try:
            job = self._runner.jobs.add_decisions([each.id for each in decisions]).id
        except Busy:
            job = None
        return Made([self.shown(self.review.show(each.id)) for each in decisions], job)


def _wish(given: Mapping[str, Any]) -> Wish:
    unknown = sorted(given.keys() - set(_NAMES))
    if unknown:
        detail = f"a decision has no {unknown[0]!r}; it has {', '.join(_NAMES)}"
        raise Problem(HTTPStatus.BAD_REQUEST, detail)
    kinds = [each.value for each in Kind]
    if given.get("kind") not in kinds:
        detail = f"the kind of a decision is one of {', '.join(kinds)}"
        raise Problem(HTTPStatus.BAD_REQUEST, detail)
    thing = _text(given, "thing")
    if not thing:
        raise Problem(HTTPStatus.BAD_REQUEST, "a decision is about a thing: give its IRI or path")
    if not isinstance(given.get("only", False), bool):
        raise Problem(HTTPStatus.BAD_REQUEST, '"only" is true or false')
    return Wish(
        kind=Kind(given["kind"]),
        thing=thing,
        by=_text(given, "by"),
        why=_text(given, "why"),
        other=_text(given, "other") or None,
        field=_text(given, "field"),
        value=given.get("value"),
        only=bool(given.get("only", False)),
    )


def _text(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Problem(HTTPStatus.BAD_REQUEST, f'"{name}" is a string')
    return value.strip()
