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
    kept, left_out = without_running_heads(pages[:2])
    assert "Gazette" in content(*kept)


def test_no_pages() -> None:
    assert composed([]) == ("", ())
