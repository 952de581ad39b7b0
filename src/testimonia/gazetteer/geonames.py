"""A dump of GeoNames, as https://download.geonames.org/export/dump/readme.txt lays it out.

One record a line, nineteen columns parted by tabs, UTF-8; beside it, where they are there,
``admin1CodesASCII.txt``, ``admin2Codes.txt`` and ``alternateNamesV2.txt``. Each file may also lie
in a zip archive of its own name.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from testimonia.errors import SettingsError
from testimonia.gazetteer.names import fit_for_matching

_COLUMNS = 19
_MAIN = ("allCountries", "cities500", "cities1000", "cities5000", "cities15000")
_ADMIN = ("admin1CodesASCII", "admin2Codes")
_ALTERNATES = ("alternateNamesV2", "alternateNames")
_README = "https://download.geonames.org/export/dump/readme.txt"
_LANGUAGES = frozenset({"", "en"})  # "": of no language in particular


class Record(NamedTuple):
    """One line of a dump; ``code`` names the divisions around it: "US.TX.143"."""

    number: int
    name: str
    latitude: float
    longitude: float
    feature: str
    country: str
    code: str
    population: int
    alternates: tuple[str, ...]


@dataclass(frozen=True)
class Dump:
    """The files of a dump; made by :func:`open_dump`."""

    main: Path
    admin: tuple[Path, ...] = ()
    alternates: Path | None = None

    @property
    def version(self) -> str:
        """The files by name, with a digest of their bytes."""
        files = (self.main, *self.admin, *filter(None, (self.alternates,)))
        digest = hashlib.sha256()
        for file in files:
            with file.open("rb") as stream:
                digest.update(hashlib.file_digest(stream, "sha256").digest())
        return f"GeoNames {' + '.join(file.name for file in files)} {digest.hexdigest()[:16]}"

    def records(self) -> Iterator[Record]:
        """All records, in their own order.

        Raises:
            SettingsError: a line is no GeoNames record; the message says which.
        """
        for number, line in _lines(self.main):
            yield self._record(line.split("\t"), f"{self.main}, line {number}")

    def divisions(self) -> Iterator[tuple[str, str, int]]:
        """Code ("US.TX"), name and number of each division in the files of codes."""
        for file in self.admin:
            for number, line in _lines(file):
                columns = line.split("\t")
                if len(columns) != 4 or not columns[3].isdigit():
                    raise SettingsError(
                        f"{file}, line {number}: not a division's code, name, ASCII name and"
                        f" number; see {_README}"
                    )
                yield columns[0], columns[1], int(columns[3])

    def _record(self, columns: list[str], where: str) -> Record:
        if len(columns) != _COLUMNS:
            raise SettingsError(
                f"{where}: {len(columns)} columns parted by tabs, where a GeoNames record has"
                f" {_COLUMNS}; see {_README}"
            )
        country, first, second = columns[8], columns[10], columns[11]
        try:
            number = int(columns[0])
            return Record(
                number, columns[1], float(columns[4]), float(columns[5]), columns[7], country,
                ".".join(filter(None, (country, first, first and second))),
                int(columns[14] or 0), self._spellings(number, columns[3]),
            )  # fmt: skip
        except ValueError as error:
            raise SettingsError(
                f"{where}: not a GeoNames record: {error}; see {_README}"
            ) from error

    def _spellings(self, number: int, column: str) -> tuple[str, ...]:
        """English spellings where the file of alternate names tells languages, else any Latin."""
        if self.alternates is not None:
            return self._english.get(number, ())
        return tuple(filter(fit_for_matching, column.split(",")))

    @cached_property
    def _english(self) -> Mapping[int, tuple[str, ...]]:
        found: defaultdict[int, tuple[str, ...]] = defaultdict(tuple)
        if self.alternates is None:
            return found
        for number, line in _lines(self.alternates):
            columns = line.split("\t")
            if len(columns) < 4 or not columns[1].isdigit():
                raise SettingsError(
                    f"{self.alternates}, line {number}: not an alternate name; see {_README}"
                )
            if columns[2] in _LANGUAGES and fit_for_matching(columns[3]):
                found[int(columns[1])] += (columns[3],)
        return found


def open_dump(path: Path) -> Dump:
    """The dump at ``path``: one file of records, or a folder with the largest there is.

    Raises:
        SettingsError: there is none.
    """
    if path.is_file():
        return Dump(path)
    main = _first(path, _MAIN)
    if main is None:
        raise SettingsError(
            f"no GeoNames dump at {path}: neither a file of records nor a folder with one of"
            f" {', '.join(f'{name}.txt' for name in _MAIN)} (or .zip)"
        )
    admin = tuple(filter(None, (_first(path, (name,)) for name in _ADMIN)))
    return Dump(main, admin, _first(path, _ALTERNATES))


def _first(folder: Path, names: tuple[str, ...]) -> Path | None:
    files = (folder / f"{name}{ending}" for name in names for ending in (".txt", ".zip"))
    return next((file for file in files if file.is_file()), None)


def _lines(file: Path) -> Iterator[tuple[int, str]]:
    """Number and content of each line that is not empty."""
    try:
        with _text(file) as stream:
            for number, line in enumerate(stream, 1):
                if bare := line.rstrip("\n"):
                    yield number, bare
    except (OSError, UnicodeDecodeError, zipfile.BadZipFile) as error:
        raise SettingsError(f"{file} cannot be read: {error}") from error


@contextmanager
def _text(file: Path) -> Iterator[io.TextIOBase]:
    if file.suffix != ".zip":
        with file.open(encoding="utf-8", newline="\n") as stream:
            yield stream
        return
    with zipfile.ZipFile(file) as archive:
        member = f"{file.stem}.txt"
        if member not in archive.namelist():
            raise SettingsError(f"{file} holds no {member}")
        with archive.open(member) as raw, io.TextIOWrapper(raw, "utf-8", newline="\n") as stream:
            yield stream
