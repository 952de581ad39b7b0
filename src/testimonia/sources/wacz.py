"""WACZ 1.1: web archives packed into a ZIP, with a list of the pages that were meant."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from tempfile import TemporaryFile
from typing import BinaryIO
from zipfile import ZipFile

from testimonia.errors import EmptySource, SourceError
from testimonia.sources import warc
from testimonia.sources.extract import Part, Refused
from testimonia.sources.inflate import Budget
from testimonia.sources.options import Options
from testimonia.sources.zip import opened, pieces, read

_PAGES = "pages/pages.jsonl"
_LARGEST_LIST = 50_000_000


def parts(file: BinaryIO, name: str, options: Options) -> Iterator[Part | Refused]:
    """The pages of all web archives within, titles from the list of pages where they lack one.

    Raises:
        UnsupportedSource: no whole ZIP archive, or over the bounds of ``options``.
        EmptySource: no web archive within.
    """
    with opened(file, name) as archive:
        budget = Budget(name, options.most_bytes_of(file.seek(0, 2)))
        titles = _titles(archive, budget)
        inside = [each for each in archive.infolist() if each.filename.startswith("archive/")]
        if not inside:
            raise EmptySource(f"{name} is a WACZ without web archives in it")
        for info in inside:
            inner = info.filename.removeprefix("archive/")
            where = f"{name}/{inner}"
            with TemporaryFile() as copy:  # its records are sought in it
                try:
                    for piece in pieces(archive, info, where, budget):
                        copy.write(piece)
                    for part in warc.parts(copy, where, options):
                        part = replace(part, name=f"{inner}/{part.name}")
                        yield _titled(part, titles)
                except SourceError as error:
                    yield Refused(inner, error)


def _titled(part: Part | Refused, titles: dict[str, str]) -> Part | Refused:
    title = titles.get(str(part.stated.get("source"))) if isinstance(part, Part) else None
    if title is None or isinstance(part, Refused):
        return part
    return replace(part, stated={**part.stated, "title": title})


def _titles(archive: ZipFile, budget: Budget) -> dict[str, str]:
    """Titles of pages by address; a list that is broken titles nothing."""
    titles: dict[str, str] = {}
    try:
        lines = read(archive, archive.getinfo(_PAGES), _PAGES, budget, _LARGEST_LIST).splitlines()
    except (KeyError, SourceError):
        return titles
    for line in lines:
        try:
            page = json.loads(line)
            titles[page["url"]] = page["title"]
        except (ValueError, LookupError, TypeError, RecursionError):
            continue
    return {url: title for url, title in titles.items() if isinstance(title, str) and title}
