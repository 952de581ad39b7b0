"""Quoted mail: whose words the lines behind ">" are."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testimonia.model import Directness
from testimonia.reading.attribution import find_attributions
from testimonia.reading.mails import find_quoted_mail, unmarked
from testimonia.reading.syntax import Parse

Parser = Callable[[str], Parse]

THREAD = """\
I saw no shadow.

On Tue, May 13, 2014 at 10:03 AM Anna Berg <anna@example.org>
wrote:

> I think the dam is safe. The ministry has
> checked it twice.
>
> On Mon, 12 May 2014, Carl Ode wrote:
>> I saw a crack in the wall.
>
> You saw a shadow.

Carl
"""


@pytest.mark.parametrize(
    ("line", "writer"),
    [
        ("On Mon, 12 May 2014, Anna Berg wrote:", "Anna Berg"),
        ("On Tue, May 13, 2014 at 10:03 AM Anna Berg <anna@example.org> wrote:", "Anna Berg"),
        ("On 12 May 2014 at 10:03, Anna van der Berg (anna@example.org) writes:", None),
        ("Anna Berg wrote:", "Anna Berg"),
        ("On Monday, anna@example.org wrote:", "anna@example.org"),
        ("See what follows:", None),
    ],
)
def test_the_line_before_tells_who_wrote(line: str, writer: str | None) -> None:
    text = f"{line}\n> The dam is safe.\n"
    (mail,) = find_quoted_mail(text)
    assert mail.words.of(text) == "The dam is safe."
    if writer is not None:
        assert mail.writer is not None
        assert mail.writer.of(text) == writer


def test_mails_inside_mails(parse: Parser) -> None:
    found = find_attributions(parse(THREAD))
    told = {each.source[0].of(THREAD): each for each in found if each.construction == "turn"}
    assert set(told) == {"Anna Berg", "Carl Ode"}
    outer, inner = told["Anna Berg"], told["Carl Ode"]
    assert outer.content[0].of(THREAD).startswith("I think the dam is safe.")
    assert outer.content[0].of(THREAD).endswith("You saw a shadow.")
    assert inner.content[0].of(THREAD) == "I saw a crack in the wall."
    assert inner.within == found.index(outer)
    assert outer.directness is Directness.DIRECT


def test_what_is_quoted_of_nobody_has_no_source(parse: Parser) -> None:
    text = "> The dam is safe.\n> It will hold.\n\nNo, it leaks.\n"
    (mail,) = (each for each in find_attributions(parse(text)) if each.construction == "turn")
    assert not mail.source
    assert "leaks" not in mail.content[0].of(text)


def test_signs_that_quote_nothing() -> None:
    for text in ("5 > 3, and a -> b.", "a\n>= 3", ""):
        assert find_quoted_mail(text) == ()


@given(st.text(alphabet="> \nOnwrote:,Abc@.<", max_size=80))
def test_spans_are_exact_in_any_text(text: str) -> None:
    assert len(unmarked(text)) == len(text)
    for mail in find_quoted_mail(text):
        assert mail.words.of(text).strip() == mail.words.of(text) != ""
        if mail.writer is not None and mail.cue is not None:
            assert mail.writer.end <= mail.cue.start < mail.cue.end <= mail.words.start
