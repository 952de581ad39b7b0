from dataclasses import replace

from testimonia.sources.freeze import freeze
from testimonia.sources.pdf_layout import HYPHEN, Line, Page, composed, without_running_heads


def page(*lines: str, label: str = "1", left: float = 50, width: float = 200) -> Page:
    """Full lines below one another; a line that begins with "|" stands after a wide gap."""
    made = []
    bottom = 700.0
    for line in lines:
        bottom -= 30 if line.startswith("|") else 14
        made.append(Line(line.lstrip("|"), left, bottom, left + width, bottom + 12))
    return Page(label, 600, 800, tuple(made))


def content(*pages: Page) -> str:
    return composed(pages)[0]


def test_lines_of_a_paragraph_are_joined() -> None:
    assert content(page("The quay will", "stay closed.", "|Nobody came.")) == (
        "The quay will stay closed.\n\nNobody came."
    )


def test_divided_words() -> None:
    assert content(page(f"The pas{HYPHEN}", "sengers wait.")) == "The passengers wait."
    assert content(page(f"The non{HYPHEN}", "European ferry.")) == "The non-European ferry."
    assert content(page("A well-known clerk", f"and a well{HYPHEN}", "known ship.")) == (
        "A well-known clerk and a well-known ship."
    )


def test_a_word_divided_by_the_end_of_a_page() -> None:
    made, regions = composed([page(f"The pas{HYPHEN}"), page("sengers wait.", label="2")])
    assert made == "The passengers wait."
    assert [(region.start, region.page) for region in regions] == [(0, "1"), (7, "2")]


def test_a_word_that_is_never_finished() -> None:
    assert content(page(f"The pas{HYPHEN}")) == "The pas"


def test_columns() -> None:
    left = page("The quay will stay", "closed until the")
    right = page("inspection ends.", "Nobody came.", left=320)
    both = Page("1", 600, 800, (*left.lines, *right.lines))
    assert content(both) == "The quay will stay closed until the inspection ends. Nobody came."


def test_letters_of_another_size_begin_a_paragraph() -> None:
    head = Line("The quay", 50, 700, 250, 724)
    body = Line("Nobody came.", 50, 686, 250, 698)
    assert content(Page("1", 600, 800, (head, body))) == "The quay\n\nNobody came."


def test_content_is_frozen_and_regions_count_in_it() -> None:
    made, regions = composed([page("Nobody\x07 came", "|here\x01.")])
    assert made == freeze(made) == "Nobody\N{REPLACEMENT CHARACTER} came\n\nhere\ufffd."
    assert made[regions[1].start :] == "here\ufffd."


def test_running_heads_need_pages_enough() -> None:
    pages = [
        page("|Gazette", *(f"|line {n}{m}" for m in "abcdef"), f"|{n}", label=str(n))
        for n in range(1, 6)
    ]
    kept, left_out = without_running_heads(pages)
    assert "Gazette" not in content(*kept)
    assert left_out >= 10
    moved = page("Gazette", *(f"|line 2{m}" for m in "abcdef"), "|2", label="2")
    kept, left_out = without_running_heads([pages[0], moved])
    assert "Gazette" in content(*kept)


def test_on_two_pages_a_running_head_stands_at_one_height() -> None:
    pages = [
        page(f"|Gazette, page {n}", *(f"|{word} {m}" for m in "abcdef"), label=str(n))
        for n, word in ((1, "line"), (2, "another"))
    ]
    kept, left_out = without_running_heads(pages)
    assert (left_out, "Gazette" in content(*kept)) == (2, False)


def test_list_items_are_paragraphs_of_their_own() -> None:
    made = content(page("\uf095 12 ships left", "\uf095 9 wait", "• Nobody", "came."))
    assert made == "12 ships left\n\n9 wait\n\n• Nobody came."


def test_a_line_that_leaves_room_for_the_next_word_ends_its_paragraph() -> None:
    full, short = page("The quay will stay closed, and", "Ada Moss waits").lines
    short = replace(short, right=120)
    after = page("", "", "", "Nobody came to the harbour of", "Odense then.").lines[3:]
    made = content(Page("1", 600, 800, (full, short, *after)))
    assert made == (
        "The quay will stay closed, and Ada Moss waits\n\nNobody came to the harbour of Odense "
        "then."
    )


def test_the_size_of_letters_counts_not_the_height_of_their_box() -> None:
    lines = page("The quay is", "gone, and", "Headline").lines
    sizes = (12.0, 12.0, 18.0)
    odd = [replace(each, size=size) for each, size in zip(lines, sizes, strict=True)]
    odd[1] = replace(odd[1], top=odd[1].bottom + 8)
    assert content(Page("1", 600, 800, tuple(odd))) == "The quay is gone, and\n\nHeadline"


def test_no_pages() -> None:
    assert composed([]) == ("", ())
