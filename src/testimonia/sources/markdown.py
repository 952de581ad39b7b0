"""Markdown: its prose as plain text, one block a paragraph.

CommonMark with tables. Kept are the words of headings, paragraphs, lists, quotations, tables and
links. Left out, since they are nobody's prose, are code blocks, images and raw HTML. Front matter
in YAML (between ``---``) or TOML (between ``+++``) states metadata.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from testimonia.sources.extract import Extract
from testimonia.sources.metadata import normal_value

# Inline parsing is quadratic in the worst case: "![[](" 40,000 times in one paragraph took 8 s.
_LONGEST_PARAGRAPH = 20_000

_FRONT_MATTER = re.compile(r"(---|\+\+\+)[ \t]*\n(.{0,100000}?)\n\1[ \t]*(?:\n|\Z)", re.DOTALL)
# Names that static site generators use for our keys.
_ALIASES = {
    "title": "title",
    "creator": "creator",
    "author": "creator",
    "authors": "creator",
    "publisher": "publisher",
    "issued": "issued",
    "date": "issued",
    "language": "language",
    "lang": "language",
    "source": "source",
    "url": "source",
    "canonical_url": "source",
    "identifier": "identifier",
    "rights": "rights",
    "license": "rights",
}
_BREAK_TAG = re.compile(r"<br\s*/?>", re.IGNORECASE)
_PROSE_IN_HTML = re.compile(r">[^<]*[^\W\d_]{2}")
# The marks of footnotes (pandoc, GitHub), where they stand in the text and before the note.
_FOOTNOTE = re.compile(r"\[\^[^\]\s]{1,50}\](?::[ \t]+)?")
_ISO_DATE_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[T ]\d\d:\d\d.*")


def extract(source: str, _name: str) -> Extract:
    """The prose of ``source``, blocks separated by blank lines, and what its front matter says.

    Where there is no title in the front matter, a level one heading at the top is one.
    """
    front, body = _split(source)
    stated, warnings = _front_matter(front)
    tokens = _parse(body)
    title = _leading_heading(tokens)
    if title:
        stated = {"title": title, **stated}
    return Extract("\n\n".join(_blocks(tokens)), stated, (*warnings, *_remarks(tokens)))


@cache
def _parser() -> MarkdownIt:
    """Block structure alone: what is inside a paragraph is parsed by ``_parse``, within bounds."""
    return MarkdownIt("commonmark").enable("table").disable("inline")


def _parse(body: str) -> list[Token]:
    """The blocks of ``body``; the words of a paragraph that is too long are left unparsed."""
    parser = _parser()
    references: dict[str, object] = {}
    tokens = parser.parse(body, references)
    for token in tokens:
        if token.type != "inline":
            continue
        if _is_too_long(token):
            token.children = [Token("text", "", 0, content=token.content)]
        else:
            token.children = []
            parser.inline.parse(token.content, parser, references, token.children)
    return tokens


def _is_too_long(token: Token) -> bool:
    return token.type == "inline" and len(token.content) > _LONGEST_PARAGRAPH


def _blocks(tokens: Sequence[Token]) -> list[str]:
    blocks: list[str] = []
    cells: list[str] | None = None
    for token in tokens:
        if token.type == "tr_open":
            cells = []
        elif token.type == "tr_close" and cells is not None:
            blocks.append("\t".join(cells))
            cells = None
        elif token.type == "inline":
            text = _inline(token.children or [])
            (blocks if cells is None else cells).append(text)
    return [block for block in blocks if block.strip()]


def _inline(tokens: Iterable[Token]) -> str:
    return _FOOTNOTE.sub("", "".join(map(_words, tokens))).strip()


def _words(token: Token) -> str:
    """A wrapped line goes on after a space: the break is the editor's, not the author's."""
    if token.type in ("text", "code_inline", "text_special"):
        return token.content
    if token.type == "softbreak":
        return " "
    if token.type == "hardbreak" or (
        token.type == "html_inline" and _BREAK_TAG.fullmatch(token.content)
    ):
        return "\n"
    return ""


def _leading_heading(tokens: Sequence[Token]) -> str:
    if len(tokens) > 1 and tokens[0].type == "heading_open" and tokens[0].tag == "h1":
        return _inline(tokens[1].children or [])
    return ""


def _remarks(tokens: Iterable[Token]) -> tuple[str, ...]:
    code = html = long = 0
    for token in tokens:
        long += _is_too_long(token)
        code += token.type in ("fence", "code_block")
        html += token.type == "html_block" and bool(_PROSE_IN_HTML.search(token.content))
    counted = ((code, "code"), (html, "raw HTML"))
    left_out = [f"blocks of {what} left out: {count}" for count, what in counted if count]
    bound = f"paragraphs over {_LONGEST_PARAGRAPH:,} characters, read as plain text"
    return (*left_out, f"{bound}: {long}") if long else tuple(left_out)


def _split(source: str) -> tuple[tuple[str, str], str]:
    found = _FRONT_MATTER.match(source)
    if found is None:
        return ("", ""), source
    return (found[1], found[2]), source[found.end() :]


def _front_matter(front: tuple[str, str]) -> tuple[dict[str, object], tuple[str, ...]]:
    fence, written = front
    if not fence:
        return {}, ()
    try:
        given = tomllib.loads(written) if fence == "+++" else _yaml(written)
    except (ValueError, RecursionError):  # TOMLDecodeError is a ValueError
        return {}, ("the front matter could not be read and was left out",)
    return (_stated(given), ()) if isinstance(given, Mapping) else ({}, ())


def _yaml(written: str) -> object:
    from srsly import yaml_loads

    return yaml_loads(written)


def _stated(given: Mapping[object, object]) -> dict[str, object]:
    """The first usable value for each of our keys: a site's own ``url: /posts/1`` is none."""
    stated: dict[str, object] = {}
    for name, value in given.items():
        key = _ALIASES.get(str(name).lower())
        if key is not None and key not in stated and value not in (None, "", []):
            value = _without_clock(value) if key == "issued" else value
            if _usable(key, value):
                stated[key] = value
    return stated


def _usable(key: str, value: object) -> bool:
    try:
        normal_value(key, value)
    except ValueError:
        return key == "issued"  # a date that cannot be read is worth its warning
    return True


def _without_clock(value: object) -> object:
    found = _ISO_DATE_TIME.fullmatch(value) if isinstance(value, str) else None
    return found[1] if found else value
