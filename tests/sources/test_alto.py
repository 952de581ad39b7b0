import time

import pytest

from testimonia.model import Region
from visits import ENGLISH, failures, only, visit


def string(words: str, **more: str) -> str:
    written = "".join(f' {name}="{value}"' for name, value in more.items())
    return "<SP/>".join(f'<String CONTENT="{word}"{written}/>' for word in words.split())


def line(inside: str, top: int = 0) -> str:
    return f'<TextLine HPOS="100" VPOS="{top}" WIDTH="500" HEIGHT="50">{inside}</TextLine>'


def block(*lines: str, id: str = "") -> str:
    return f'<TextBlock ID="{id}">{"".join(lines)}</TextBlock>'


def alto(*blocks: str, margin: str = "", order: str = "", **page: str) -> bytes:
    measures = page or {"WIDTH": "1000", "HEIGHT": "2000", "PHYSICAL_IMG_NR": "7"}
    written = "".join(f' {name}="{value}"' for name, value in measures.items())
    return (
        '<?xml version="1.0"?><alto xmlns="http://www.loc.gov/standards/alto/ns-v4#">'
        "<Description><sourceImageInformation><documentIdentifier>GAZ 1871</documentIdentifier>"
        f"</sourceImageInformation></Description><Layout><Page ID='p'{written}>{order}"
        f"<TopMargin>{margin}</TopMargin><PrintSpace>{''.join(blocks)}</PrintSpace>"
        "</Page></Layout></alto>"
    ).encode()


def test_lines_are_joined_and_blocks_are_paragraphs() -> None:
    first = block(line(string("The harbour master said"), 100), line(string("on Monday."), 200))
    second = block(line(string("Nobody came."), 400))
    text = only(visit(alto(first, second, margin=block(line(string("THE GAZETTE")))), "a.xml"))
    assert text.content == "The harbour master said on Monday.\n\nNobody came."
    assert text.media_type == "application/alto+xml"
    assert text.regions == (
        Region(0, "7", (10.0, 5.0, 50.0, 2.5)),
        Region(text.content.index("on"), "7", (10.0, 10.0, 50.0, 2.5)),
        Region(text.content.index("Nobody"), "7", (10.0, 20.0, 50.0, 2.5)),
    )
    assert text.metadata.identifier == "GAZ 1871"
    assert text.metadata.origins["identifier"].startswith("document: ALTO Description/")


def hyphenated(first: str, second: str, whole: str) -> tuple[str, str]:
    marks = f'SUBS_CONTENT="{whole}"' if whole else ""
    return (
        f'<String CONTENT="{first}" SUBS_TYPE="HypPart1" {marks}/><HYP CONTENT="-"/>',
        f'<String CONTENT="{second}" SUBS_TYPE="HypPart2" {marks}/>',
    )


@pytest.mark.parametrize("whole", ["harbour", ""])
def test_hyphenation_is_undone(whole: str) -> None:
    before, after = hyphenated("har", "bour", whole)
    found = alto(
        block(line(string("The") + "<SP/>" + before), line(after + "<SP/>" + string("is shut.")))
    )
    text = only(visit(found, "a.xml"))
    assert text.content == "The harbour is shut."
    assert [text.content[region.start :][:4] for region in text.regions] == [
        "The ",
        "is s" if whole else "bour",
    ]


def test_a_hyphen_without_marks_and_one_without_a_next_line() -> None:
    joined = block(line(string("The har") + '<HYP CONTENT="-"/>'), line(string("bour is shut.")))
    alone = block(line(string("The mas") + '<HYP CONTENT="-"/>'))
    assert only(visit(alto(joined, alone), "a.xml")).content == "The harbour is shut.\n\nThe mas-"


def test_a_word_that_goes_on_in_the_next_column() -> None:
    before, after = hyphenated("har", "bour", "harbour")
    found = alto(
        block(line(string("The") + "<SP/>" + before)),
        block(line(after)),
        block(line(string("It is shut."))),
    )
    assert only(visit(found, "a.xml")).content == "The harbour\n\nIt is shut."


def test_a_second_part_alone_is_what_is_written() -> None:
    _, after = hyphenated("har", "bour", "harbour")
    found = alto(block(line(after + "<SP/>" + string("is shut."))))
    assert only(visit(found, "a.xml")).content == "bour is shut."


def test_the_stated_reading_order() -> None:
    order = (
        "<ReadingOrder><OrderedGroup><ElementRef REF='b2'/><ElementRef REF='b1'/></OrderedGroup>"
        "</ReadingOrder>"
    )
    blocks = [block(line(string(f"Column {n}.")), id=f"b{n}") for n in (1, 2, 3)]
    text = only(visit(alto(*blocks, order=order), "a.xml"))
    assert text.content == "Column 2.\n\nColumn 1.\n\nColumn 3."


def test_a_page_without_measures_has_no_boxes() -> None:
    text = only(visit(alto(block(line(string("It is shut."))), WIDTH="0", HEIGHT="x"), "a.xml"))
    assert text.regions == (Region(0, "1"),)


def test_words_in_the_margins_where_there_are_no_others() -> None:
    text = only(visit(alto(margin=block(line(string("It is shut.")))), "a.xml"))
    assert text.content == "It is shut."


def test_bad_input() -> None:
    (said,) = failures(visit(alto(), "a.xml")).values()
    assert "an ALTO file without words" in said
    (said,) = failures(visit(alto(block(line(string("It is"))))[:-10], "a.xml")).values()
    assert "no well-formed" in said


def test_a_line_of_very_many_words_is_read_in_time() -> None:
    one = "".join(f'<String CONTENT="{word}"/><SP/>' for word in ENGLISH.split())
    words = one * 30_000
    page = (
        f"<Page><PrintSpace><TextBlock><TextLine>{words}</TextLine></TextBlock></PrintSpace></Page>"
    )
    data = f'<alto xmlns="http://www.loc.gov/standards/alto/ns-v3#"><Layout>{page}</Layout></alto>'
    started = time.monotonic()
    assert only(visit(data.encode(), "a.xml")).content == " ".join([ENGLISH] * 30_000)
    assert time.monotonic() - started < 20
