"""The command that a server runs for each job: run-job."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from testimonia.cli.options import ARCHIVE_DEFAULT, Archive
from testimonia.errors import ArchiveLocked, TestimoniaError
from testimonia.settings import Settings

if TYPE_CHECKING:
    from testimonia.ingest import Outcome
    from testimonia.jobs import Job
    from testimonia.library import Archive as Opened

_PATIENCE_SECONDS: Final = 300.0


def register(app: typer.Typer) -> None:
    """Add this command, which is no user's."""
    app.command("run-job", hidden=True)(run_job)


def run_job(
    id_: Annotated[str, typer.Argument(metavar="JOB")], archive: Archive = ARCHIVE_DEFAULT
) -> int:
    """Read the documents of a job into the archive, or carry out its decisions; what becomes of
    them goes into the record."""
    from testimonia.jobs import JobOutcome, Jobs
    from testimonia.library import open_archive
    from testimonia.sparql import limits

    limits.die_with_parent()
    jobs = Jobs(archive)
    job = jobs.job(id_)
    try:
        # A core is left to those who ask the server meanwhile.
        settings = Settings(workers=max(1, limits.cores() - 1))
        with open_archive(archive, settings=settings) as opened:
            if job.decisions:
                outcomes = _carried_out(opened, job)
            else:
                os.chdir(jobs.files(id_))  # documents are called by their names alone
                outcomes = _outcomes(opened, job)
            for number, each in enumerate(outcomes, 1):
                told = (each.name, each.result, each.document, each.message, each.statements)
                jobs.note(id_, JobOutcome(number, *told))
    except TestimoniaError as error:
        jobs.end(id_, "failed", str(error))
        return 1
    jobs.end(id_, "done")
    return 0


def _outcomes(opened: Opened, job: Job) -> Iterator[Outcome]:
    """The outcomes; waits for whoever writes the archive just now."""
    until = time.monotonic() + _PATIENCE_SECONDS
    while True:
        files = sorted(Path().iterdir())
        found = opened.ingest(files, stated=job.stated, force_language=job.force_language)
        try:
            first = next(found, None)
        except ArchiveLocked:
            if time.monotonic() > until:
                raise
            time.sleep(0.5)
        else:
            return chain([first] if first else [], found)


def _carried_out(opened: Opened, job: Job) -> Iterator[Outcome]:
    """The outcomes of the documents that decisions touch, those of jobs behind this one too: a
    document is read anew once for all of them."""
    until = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            return iter(opened.review.carry_out(opened.review.pending(job.decisions)))
        except ArchiveLocked:
            if time.monotonic() > until:
                raise
            time.sleep(0.5)
