from pathlib import Path

import pytest

from sources.made import BOMB, EXTERNAL, FIRST, SECOND
from testimonia.model import Text
from testimonia.sources import Found, documents

RSS = f"""<?xml version="1.0"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>Harbour Gazette</title><link>https://gazette.example/</link><language>en-gb</language>
<item><title>Quay &amp;amp; ferry</title><link>https://gazette.example/1</link>
<guid isPermaLink="false">g-1</guid><dc:creator>Ada Holm</dc:creator>
<pubDate>Tue, 05 Mar 2024 23:30:00 -0500</pubDate><description>Short.</description>
<content:encoded><![CDATA[<p>{FIRST}</p><p>{SECOND}</p><script>harm()</script>]]></content:encoded>
</item>
<item><title>Nothing</title><link>https://gazette.example/2</link></item>
<item><title>Third</title><description>{SECOND}</description></item>
</channel></rss>"""
ATOM = f"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>Harbour Gazette</title><id>urn:x:1</id>
<entry><title>Quay</title><id>urn:x:2</id><link href="https://gazette.example/3"/>
<author><name>Ada Holm</name></author><updated>2024-03-06T01:00:00+05:00</updated>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>{FIRST}</p></div></content>
</entry></feed>"""


def found(path: Path, data: str | bytes, name: str = "a.xml") -> list[Found]:
    file = path / name
    file.write_bytes(data if isinstance(data, bytes) else data.encode())
    return list(documents(file))


def text(found: Found) -> Text:
    return found.load()[1]


def test_each_entry_is_a_document(tmp_path: Path) -> None:
    first, second, third = found(tmp_path, RSS)
    assert text(first).content == f"{FIRST}\n\n{SECOND}"
    assert text(first).media_type == "application/rss+xml"
    metadata = text(first).metadata
    assert (metadata.title, metadata.creator) == ("Quay & ferry", ("Ada Holm",))
    assert (metadata.issued, metadata.source) == ("2024-03-05", "https://gazette.example/1")
    assert (metadata.identifier, metadata.publisher) == ("g-1", "Harbour Gazette")
    assert metadata.origins["issued"] == "document: entry's published"
    assert metadata.origins["publisher"] == "container: feed"
    assert "is an entry without text of its own" in str(second.result)
    assert text(third).content == SECOND
    assert text(third).metadata.issued is None


def test_an_atom_feed(tmp_path: Path) -> None:
    (only,) = found(tmp_path, ATOM)
    assert text(only).content == FIRST
    assert text(only).media_type == "application/atom+xml"
    metadata = text(only).metadata
    assert (metadata.issued, metadata.creator) == ("2024-03-06", ("Ada Holm",))
    assert metadata.origins["issued"] == "document: entry's updated"


def test_the_feed_is_the_original_of_its_entries(tmp_path: Path) -> None:
    first, _, third = found(tmp_path, RSS)
    assert first.data == third.data == RSS.encode()


@pytest.mark.parametrize("prolog", [BOMB, EXTERNAL])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused(tmp_path: Path, prolog: str, encoding: str) -> None:
    bomb = prolog.replace("<!DOCTYPE a", "<!DOCTYPE rss") + RSS.partition("?>")[2]
    (only,) = found(tmp_path, bomb.replace("Short.", "&b;").encode(encoding), "a.rss")
    assert "declares XML entities" in str(only.result)


def test_a_feed_that_is_cut_off_gives_what_is_whole(tmp_path: Path) -> None:
    first, *_ = found(tmp_path, RSS[: RSS.index("<item><title>Third")], "a.rss")
    assert text(first).content == f"{FIRST}\n\n{SECOND}"


def test_a_feed_without_entries(tmp_path: Path) -> None:
    (only,) = found(tmp_path, '<rss version="2.0"><channel><title>x</title></channel></rss>')
    assert "is a feed without entries" in str(only.result)


def test_other_xml_is_no_feed(tmp_path: Path) -> None:
    (only,) = found(tmp_path, "<music><note>The clerk left.</note></music>")
    assert "no reader for" in str(only.result)


def test_an_author_with_an_address_of_any_ending(tmp_path: Path) -> None:
    author = "<author>desk@gazette.example (Ada Holm)</author>"
    given = RSS.replace("<dc:creator>Ada Holm</dc:creator>", author)
    assert text(found(tmp_path, given)[0]).metadata.creator == ("Ada Holm",)
