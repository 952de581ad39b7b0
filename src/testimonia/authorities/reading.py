"""A file of any of the forms, as triples."""

from __future__ import annotations

import bz2
import gzip
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO, Final, cast

from testimonia import rdf
from testimonia.authorities import rdf_files, tables, wikidata
from testimonia.authorities.bad import Bad
from testimonia.authorities.concepts import Concept, triples
from testimonia.errors import UnreadableSource, UnsupportedSource
from testimonia.iris import Iris
from testimonia.terms import Triple

__all__ = ["FORMATS", "Bad", "File", "detect", "read"]

FORMATS: Final = (*rdf.FORMATS, "table", "wikidata")
"""The forms that files can have: those of RDF, tables, Wikidata's JSON."""
_ENDINGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "ttl": "turtle", "nt": "ntriples", "nq": "nquads", "trig": "trig", "rdf": "rdfxml",
        "owl": "rdfxml", "xml": "rdfxml", "jsonld": "jsonld",
        "csv": "table", "tsv": "table", "tab": "table",
        "json": "wikidata", "jsonl": "wikidata", "ndjson": "wikidata",
    }
)  # fmt: skip


def _no_columns() -> Mapping[str, str]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class File:
    """A file of an authority: ``path`` is where its bytes are, ``name`` what it was called;
    ``columns`` say which of a table's are what, ``languages`` which of Wikidata's labels count."""

    path: Path
    name: str
    format: str
    columns: Mapping[str, str] = field(default_factory=_no_columns)
    languages: tuple[str, ...] = ("en",)


def detect(name: str, format_: str | None = None) -> str:
    """The form of a file by the end of its name, unless it is said.

    Raises:
        UnsupportedSource: there is none such.
    """
    if format_ is not None:
        if format_ not in FORMATS:
            raise UnsupportedSource(f"no format {format_!r}; there are {', '.join(FORMATS)}")
        return format_
    ending = _bare(name).rpartition(".")[2]
    if ending not in _ENDINGS:
        raise UnsupportedSource(
            f"{name}: its form cannot be told by its name; say it with --format, one of"
            f" {', '.join(FORMATS)}"
        )
    return _ENDINGS[ending]


def read(file: File, authority: str, iris: Iris, number: int = 0) -> Iterator[Triple | Bad]:
    """The triples of a file, and what of it cannot be read; ``number`` tells the files of an
    authority apart.

    Raises:
        UnreadableSource: it cannot be opened.
        UnsupportedSource: it is not of its form at all.
    """
    graph = iris.authority_graph(authority)
    try:
        with _opened(file) as stream:
            if file.format in rdf.FORMATS:
                skolem = f"{graph}/node-{number}-"
                yield from rdf_files.triples(stream, file.format, f"{graph}/", skolem)
                return
            for each in _concepts(file, stream, authority, iris):
                if isinstance(each, Bad):
                    yield each
                else:
                    yield from triples(each, graph)
    except UnicodeDecodeError as error:
        raise UnsupportedSource(
            f"{file.name} is not UTF-8: {error.reason} at byte {error.start} of what was read"
        ) from error
    except (OSError, EOFError) as error:
        raise UnreadableSource(f"{file.name} cannot be read: {error}") from error


def _concepts(file: File, stream: BinaryIO, authority: str, iris: Iris) -> Iterator[Concept | Bad]:
    with io.TextIOWrapper(stream, encoding="utf-8-sig", newline="") as text:
        if file.format == "wikidata":
            yield from wikidata.concepts(text, file.languages)
            return

        def address(id_: str) -> str:
            return iris.authority_entry(authority, id_)

        yield from tables.concepts(text, file.name, file.columns, address)


def _opened(file: File) -> BinaryIO:
    ending = file.name.lower().rpartition(".")[2]
    if ending == "gz":
        return cast("BinaryIO", gzip.open(file.path))
    if ending == "bz2":
        return cast("BinaryIO", bz2.open(file.path))
    return file.path.open("rb")


def _bare(name: str) -> str:
    return name.lower().removesuffix(".gz").removesuffix(".bz2")
