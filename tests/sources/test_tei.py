import time

import pytest

from testimonia.model import Region
from visits import ENGLISH, failures, only, texts, visit

HEADER = """
<teiHeader xmlns="http://www.tei-c.org/ns/1.0">
 <fileDesc>
  <titleStmt>
   <title type="sub">An edition</title><title type="main">Letter to the  harbour board</title>
   <author>Hale, Bo</author><author>Ada Moss</author><editor>Cy Lund</editor>
  </titleStmt>
  <publicationStmt>
   <publisher>The Digital Quay</publisher><date when="2019-05-01"/>
   <idno type="URL">https://editions.example/letters/7</idno><idno>QUAY 7</idno>
   <availability><licence target="https://creativecommons.org/licenses/by/4.0/">CC BY</licence>
   </availability>
  </publicationStmt>
  <sourceDesc><bibl><publisher>Gazette Press</publisher><date when="1871-03-02">2 March</date>
  </bibl></sourceDesc>
 </fileDesc>
 <profileDesc><langUsage><language ident="en-GB">English</language></langUsage></profileDesc>
</teiHeader>"""


def tei(body: str, header: str = HEADER, prolog: str = "") -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{prolog}<TEI xmlns="http://www.tei-c.org/ns/1.0">'
        f"{header}<text><body>{body}</body></text></TEI>"
    ).encode()


def content(body: str) -> str:
    return only(visit(tei(f"<p>{ENGLISH}</p>{body}"), "a.xml")).content.removeprefix(
        f"{ENGLISH}\n\n"
    )


def test_the_header_tells_of_the_original_before_its_edition() -> None:
    metadata = only(visit(tei(f"<p>{ENGLISH}</p>"), "a.xml")).metadata
    assert metadata.title == "Letter to the harbour board"
    assert metadata.creator == ("Hale, Bo", "Ada Moss")
    assert (metadata.publisher, metadata.issued) == ("Gazette Press", "1871-03-02")
    assert metadata.source == "https://editions.example/letters/7"
    assert metadata.identifier == "QUAY 7"
    assert metadata.rights == "https://creativecommons.org/licenses/by/4.0/"
    assert metadata.language == "en-GB"
    assert metadata.origins["issued"] == "document: TEI fileDesc/sourceDesc//bibl/date"
    assert metadata.origins["title"] == "document: TEI fileDesc/titleStmt/title"


def test_an_old_text_is_never_dated_by_its_edition() -> None:
    undated = HEADER.replace('<date when="1871-03-02">2 March</date>', "")
    text = only(visit(tei(f"<p>{ENGLISH}</p>", undated), "a.xml"))
    assert text.metadata.issued is None
    born = undated.replace("<bibl>", "<p>").replace("</bibl>", "</p>")
    born = born.replace("<publisher>Gazette Press</publisher>", "Born digital.")
    assert only(visit(tei(f"<p>{ENGLISH}</p>", born), "a.xml")).metadata.issued == "2019-05-01"


def test_a_letter_is_from_who_sent_it_on_the_day_that_it_was() -> None:
    header = """<teiHeader><fileDesc><titleStmt><title>Letter</title></titleStmt></fileDesc>
    <profileDesc><correspDesc>
    <correspAction type="received"><persName>Cy Lund</persName><date when="1871-03-09"/>
    </correspAction>
    <correspAction type="sent"><persName>Bo Hale</persName><date when="1871-03-02T09:00:00"/>
    </correspAction></correspDesc></profileDesc></teiHeader>"""
    metadata = only(visit(tei(f"<p>{ENGLISH}</p>", header), "a.xml")).metadata
    assert (metadata.creator, metadata.issued) == (("Bo Hale",), "1871-03-02")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>The <hi>old</hi>\n   quay</p><p>fell.</p>", "The old quay\n\nfell."),
        ("<p>The har<lb break='no'/>bour is <lb/>shut.</p>", "The harbour is shut."),
        ("<p>The har-\n <lb break='no'/> bour<lb/>master</p>", "The harbour master"),
        ("<p>a <choice><sic>teh</sic><corr>the</corr></choice> quay</p>", "a the quay"),
        ("<p><choice><abbr>Capt</abbr> <expan>Captain</expan></choice> Lund</p>", "Captain Lund"),
        ("<p>so <app><lem>he</lem><rdg>she</rdg></app> said</p>", "so he said"),
        ("<p>it <del>was</del> <add>is</add> late <gap/> now</p>", "it is late […] now"),
        ("<p>One<note>A quay.</note> and two.</p>", "One and two.\n\nA quay."),
        (
            "<lg><l>One sea</l><l>two seas</l></lg><lg><l>Three</l></lg>",
            "One sea\ntwo seas\n\nThree",
        ),
        ("<table><row><cell>Ada</cell><cell>Moss</cell></row></table>", "Ada\tMoss"),
        ("<head>Ice</head><list><item>one</item><item>two</item></list>", "Ice\n\none\n\ntwo"),
        (
            "<p>He said <quote>no</quote>.</p><fw>12</fw><quote>Yes.</quote>",
            "He said “no”.\n\nYes.",
        ),
        (
            "<p>He said <q>“no”</q>, “<q>yes</q>”, <q> or so </q>.</p>",
            "He said “no”, “yes”, “or so” .",
        ),
        (
            "<table><row><cell><p>Odense</p></cell><cell><p>12</p></cell></row></table>",
            "Odense\t12",
        ),
        ("<p>caf&#xe9; &#x1F6A2; e&#x301;</p>", "café 🚢 e\u0301"),
    ],
)
def test_reading_text(body: str, expected: str) -> None:
    assert content(body) == expected


def test_pages_are_regions_and_offsets_are_exact() -> None:
    body = f"<pb n='iv'/><p>{ENGLISH} Ships <pb n='5'/>left.</p><p>All<pb/></p><p>of them.</p>"
    text = only(visit(tei(body), "a.xml"))
    starts = [text.content.index(words) for words in ("The", "left.", "of")]
    labels = ["iv", "5", "3"]
    assert text.regions == tuple(map(Region, starts, labels))


def test_a_corpus_holds_several_documents() -> None:
    one = tei(f"<p>{ENGLISH}</p>").partition(b"?>")[2]
    other = one.replace(b"<TEI ", b"<TEI xml:id='L8' ").replace(b"/letters/7", b"/letters/8")
    empty = b"<TEI><teiHeader/></TEI>"
    corpus = b"<teiCorpus xmlns='http://www.tei-c.org/ns/1.0'>%s%s%s</teiCorpus>"
    found = visit(corpus % (one, other, empty), "all.xml")
    assert list(texts(found)) == ["1", "L8"]
    assert texts(found)["L8"].metadata.source == "https://editions.example/letters/8"
    assert found[1].data.startswith(b"<TEI")
    assert "without a text" in failures(found)["3"]


def test_the_fourth_edition_of_the_guidelines() -> None:
    data = (
        "<!DOCTYPE TEI.2 SYSTEM 'http://tei.example/tei.dtd'><TEI.2><teiHeader><fileDesc>"
        "<titleStmt><title>Letter</title></titleStmt><publicationStmt><date value='1999'/>"
        f"</publicationStmt></fileDesc></teiHeader><text><body><p>{ENGLISH} Caf&eacute; &mdash; "
        "&unheard;</p></body></text></TEI.2>"
    ).encode()
    text = only(visit(data, "a.xml"))
    assert text.content == f"{ENGLISH} Café —"
    assert (text.metadata.title, text.metadata.issued) == ("Letter", "1999")
    assert text.warnings == ("references to entities that are not expanded, left out: unheard",)


def test_the_encoding_is_the_declared_one() -> None:
    data = tei(f"<p>{ENGLISH} Café.</p>", "<teiHeader/>")
    latin = data.decode().replace("UTF-8", "ISO-8859-1").encode("iso-8859-1")
    assert only(visit(latin, "a.xml")).content.endswith("Café.")
    wide = data.decode().replace("UTF-8", "UTF-16").encode("utf-16")
    assert only(visit(wide, "a.xml")).content.endswith("Café.")


@pytest.mark.parametrize("body", ["<p>{} &a11;</p>", "<p n='&a11;'>{}</p>"])
def test_an_entity_bomb_explodes_nowhere(body: str) -> None:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    prolog = f'<!DOCTYPE TEI [<!ENTITY a0 "ha">{entities}]>'
    data = tei(body.format(ENGLISH), "<teiHeader/>", prolog)
    (said,) = failures(visit(data, "a.xml")).values()
    assert "no well-formed XML (Maximum entity amplification factor exceeded" in said


def test_an_entity_of_its_own_is_named_and_left_out() -> None:
    prolog = '<!DOCTYPE TEI [<!ENTITY who "Ada Moss">]>'
    text = only(visit(tei(f"<p>{ENGLISH}&who;</p>", "<teiHeader/>", prolog), "a.xml"))
    assert text.content == ENGLISH
    assert text.warnings == ("references to entities that are not expanded, left out: who",)


def test_an_external_entity_is_not_read() -> None:
    prolog = '<!DOCTYPE TEI [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    text = only(visit(tei(f"<p>{ENGLISH} &x;</p>", "<teiHeader/>", prolog), "a.xml"))
    assert text.content == ENGLISH


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (tei(f"<p>{ENGLISH}"), "no well-formed"),
        (tei(f"<p>{ENGLISH}</p>")[:-30], "no well-formed"),
        (tei("<div>" * 400 + ENGLISH + "</div>" * 400), "no well-formed"),
        (b"<TEI><teiHeader/></TEI>", "without a text"),
        (tei(" "), "no text"),
    ],
)
def test_bad_input(data: bytes, said: str) -> None:
    (message,) = failures(visit(data, "a.xml")).values()
    assert said in message
    assert "a.xml" in message


def test_notes_without_number_and_quotations_in_quotations_are_read_in_time() -> None:
    notes = f"<note>{ENGLISH}</note>" * 20_000
    started = time.monotonic()
    assert content(f"<p>Read.{notes}</p>") == "\n\n".join(["Read.", *[ENGLISH] * 20_000])
    nested = "<q>" * 80 + "She said that it is so. " + "</q>" * 80
    assert content(f"<p>{nested * 500}</p>").startswith("“")
    assert time.monotonic() - started < 20
