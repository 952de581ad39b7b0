import pytest

from testimonia.errors import EmptySource, UnsupportedSource
from testimonia.sources.html import extract

LONG = "".join(
    f"<p>The harbour master said on day {n} that pier number {n * 7} would stay closed.</p>"
    for n in range(1, 30)
)


def page(body: str, head: str = "") -> str:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>"


def read(body: str) -> str:
    return extract(page(body), "a.html").content


def test_main_text_without_the_clutter() -> None:
    body = (
        "<nav><a href=/>Home</a> <a href=/news>News</a></nav><article><h1>The quay</h1>"
        f"{LONG}</article><footer>All rights reserved by the Gazette</footer>"
        "<script>var clerk = 'left';</script>"
    )
    content = read(body)
    paragraphs = content.split("\n\n")
    assert "The harbour master said on day 1 that pier number 7 would stay closed." in paragraphs
    assert "The harbour master said on day 29 that pier number 203 would stay closed." in paragraphs
    assert "News" not in content
    assert "rights" not in content
    assert "var" not in content


def test_a_short_page_keeps_headings_lists_and_tables() -> None:
    body = (
        "<nav>Home</nav><h1>The quay</h1><p>The clerk  <b>le</b>ft\n&amp; wept.<br>Twice.</p>"
        "<ul><li>one fish<li>two fish</ul><table><tr><th>who</th><td>what</td></tr></table>"
        "<style>p {}</style>"
    )
    assert read(body) == (
        "The quay\n\nThe clerk left & wept.\nTwice.\n\none fish\n\ntwo fish\n\nwho\twhat"
    )


def test_joiners_and_combining_characters_stay() -> None:
    words = "The cafe\u0301 owner 👨\u200d👩\u200d👧 said so"
    assert read(f"<p>{words.replace(' ', '&nbsp; ')}.</p>") == words + "."
    assert words in read(
        LONG.replace("</p>", f"</p><p>{words} to all who asked her about it.</p>", 1)
    )


@pytest.mark.parametrize("body", ["", "<script>left()</script>", "<img src=q.png>"])
def test_a_page_without_text(body: str) -> None:
    with pytest.raises(EmptySource, match=r"a\.html is a page without text"):
        read(body)


def test_nothing_but_a_comment() -> None:
    with pytest.raises(EmptySource):
        extract("<!-- The clerk left. -->", "a.html")


@pytest.mark.parametrize("tag", ["div", "ul><li", "table><tr><td", "b", "blockquote"])
def test_deep_nesting_is_refused_not_crashed_on(tag: str) -> None:
    with pytest.raises(UnsupportedSource, match="nests elements more than"):
        read(f"<{tag}>" * 100_000 + "<p>The clerk left.")


def test_entities_of_the_pages_own_mean_nothing() -> None:
    bomb = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(9))
    source = (
        f'<!DOCTYPE html [<!ENTITY e0 "boom">{bomb}<!ENTITY f SYSTEM "file:///etc/hostname">]>'
        "<html><body><p>The clerk &e9; left &f; at noon.</p></body></html>"
    )
    assert "The clerk &e9; left &f; at noon." in extract(source, "a.html").content


def test_five_megabytes_in_one_paragraph() -> None:
    sentence = "The clerk left the quay at noon. "
    assert len(read(f"<p>{sentence * 160_000}</p>")) == len(sentence) * 160_000 - 1


def test_what_the_page_states_comes_along() -> None:
    extracted = extract(page(LONG, "<title>The quay</title>"), "a.html")
    assert extracted.stated == {"title": "The quay"}


def test_a_text_that_was_saved_as_a_page_is_read_whole() -> None:
    lists = "<ul><li>12 ships left</li><li>9 wait<a href='#n'>1</a></li></ul>"
    content = read(f"<div title=header>The Gazette, page 1</div><h1>Ice</h1>{lists}{LONG}")
    assert content.startswith("Ice\n\n12 ships left\n\n9 wait1\n\nThe harbour master")
    linked = "".join(f"<li><a href=/{n}>Read more of {n}</a></li>" for n in range(40))
    assert "Read more of 7" not in read(f"<h1>Ice</h1>{LONG}<ul>{linked}</ul>")


def test_a_language_that_stands_at_the_body() -> None:
    made = extract(f"<html><head></head><body lang=en-GB>{LONG}</body></html>", "a.html")
    assert made.stated["language"] == "en-GB"
