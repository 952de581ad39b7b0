from typing import Any

import pytest

from testimonia.sources.markdown import extract


def read(source: str) -> str:
    return extract(source, "a.md").content


def test_blocks_become_paragraphs() -> None:
    source = (
        "# The *quay*\n\nThe clerk\nleft &amp; **wept**.  \nTwice.\n\n> Nobody came.\n\n"
        "- one fish\n- two [fish](https://fish.example)\n\n1. then\n"
    )
    assert read(source) == (
        "The quay\n\nThe clerk left & wept.\nTwice.\n\nNobody came.\n\none fish\n\ntwo fish\n\nthen"
    )


def test_tables_keep_their_rows() -> None:
    assert read("| who | what |\n|---|---|\n| clerk | left |\n") == "who\twhat\n\nclerk\tleft"


def test_code_images_and_html_are_left_out_and_counted() -> None:
    source = (
        "The `clerk` left.\n\n```\nprint()\n```\n\n![a quay](q.png)\n\n"
        "<div>A note.</div>\n\nShe<br>came <b>back</b>.\n"
    )
    extracted = extract(source, "a.md")
    assert extracted.content == "The clerk left.\n\nShe\ncame back."
    assert extracted.warnings == (
        "blocks of code left out: 1",
        "blocks of raw HTML left out: 1",
    )


def test_a_leading_heading_is_the_title() -> None:
    assert extract("# The quay\n\nClosed.", "a.md").stated == {"title": "The quay"}
    assert extract("Closed.\n\n# The quay", "a.md").stated == {}


@pytest.mark.parametrize(
    "front",
    [
        "---\ntitle: 'Q: closed'\nauthor: [Ada Quill]\ndate: 2025-03-04T09:30:00Z\nurl: /q\n---\n",
        '+++\ntitle = "Q: closed"\nauthors = ["Ada Quill"]\ndate = 2025-03-04\nurl = "/q"\n+++\n',
    ],
)
def test_front_matter(front: str) -> None:
    extracted = extract(front + "# Other\n\nClosed.", "a.md")
    stated: dict[str, Any] = dict(extracted.stated)
    assert str(stated.pop("issued"))[:10] == "2025-03-04"
    assert stated == {"title": "Q: closed", "creator": ["Ada Quill"]}
    assert extracted.content == "Other\n\nClosed."


@pytest.mark.parametrize("broken", ["a: [", "a: *b", "!!python/object:x {}", "[" * 5000])
def test_broken_front_matter_is_left_out_with_a_warning(broken: str) -> None:
    extracted = extract(f"---\n{broken}\n---\nThe clerk left.\n", "a.md")
    assert extracted.content == "The clerk left."
    assert extracted.warnings == ("the front matter could not be read and was left out",)


def test_a_rule_is_no_front_matter() -> None:
    assert read("---\n\nThe clerk left.") == "The clerk left."


def test_five_megabytes_on_one_line_are_read_as_they_are() -> None:
    line = ("The *clerk* left. " * 280_000).strip()
    extracted = extract(f"# The *quay*\n\n{line}\n", "a.md")
    assert extracted.content == f"The quay\n\n{line}"
    assert "read as plain text" in extracted.warnings[0]


@pytest.mark.parametrize("nested", ["> " * 5000, "- " * 5000, "[" * 20_000, "*a " * 20_000])
def test_deep_nesting_is_survived(nested: str) -> None:
    assert read(nested + "\n\nThe clerk left.").endswith("The clerk left.")


def test_footnotes_lose_their_marks() -> None:
    assert read("The clerk left.[^1]\n\n[^1]: Or so he said.") == (
        "The clerk left.\n\nOr so he said."
    )
