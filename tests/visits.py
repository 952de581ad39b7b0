"""Bytes read as a file would be, for tests of formats."""

from __future__ import annotations

from io import BytesIO

from testimonia.model import Text
from testimonia.sources.documents import Found, Visit, known_of
from testimonia.sources.options import DEFAULT, Options

ENGLISH = "The harbour master said on Monday that the quay would stay closed."


def visit(data: bytes, name: str, options: Options = DEFAULT) -> list[Found]:
    """All documents of ``data`` as a file called ``name``."""
    return list(Visit(known_of(None, None, name), False, options).file(BytesIO(data), name))


def texts(found: list[Found]) -> dict[str, Text]:
    """Those that were read, by the part's name."""
    return {_part(each.name): each.result for each in found if isinstance(each.result, Text)}


def contents(found: list[Found]) -> dict[str, str]:
    """The words of those that were read, by the part's name."""
    return {name: text.content for name, text in texts(found).items()}


def failures(found: list[Found]) -> dict[str, str]:
    """Messages of those that were not, by the part's name."""
    return {
        _part(each.name): str(each.result) for each in found if isinstance(each.result, Exception)
    }


def only(found: list[Found]) -> Text:
    """The one text of a file that holds no more."""
    (each,) = found
    assert isinstance(each.result, Text), each.result
    return each.result


def _part(name: str) -> str:
    return name.partition("/")[2]
