from collections.abc import Iterator
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.made import FIRST, SECOND, pdf
from testimonia.errors import SourceError
from testimonia.identity import document_id, text_hash
from testimonia.model import Text
from testimonia.sources import Found, documents
from testimonia.sources.mail import unflowed
from testimonia.sources.mbox import parts
from testimonia.sources.options import Options


def mail(body: str = FIRST, subject: str = "The quay", **headers: str) -> EmailMessage:
    made = EmailMessage()
    made["From"] = '"Holm, Ada" <ada@harbour.example>'
    made["To"] = "per@harbour.example"
    made["Date"] = "Tue, 5 Mar 2024 23:30:00 -0500"
    made["Subject"] = subject
    made["Message-ID"] = "<17.ada@harbour.example>"
    for name, value in headers.items():
        made[name] = value
    made.set_content(body)
    return made


def found(path: Path, data: bytes, name: str = "a.eml", **options: int) -> list[Found]:
    file = path / name
    file.write_bytes(data)
    return list(documents(file, options=Options(**options)))  # type: ignore[arg-type]


def text(found: Found) -> Text:
    return found.load()[1]


def test_a_mail_with_its_headers(tmp_path: Path) -> None:
    data = mail(subject="Le quai fermé").as_bytes()
    (only,) = found(tmp_path, data)
    metadata = text(only).metadata
    assert text(only).content.strip() == FIRST
    assert text(only).media_type == "message/rfc822"
    assert only.data == data
    assert (metadata.creator, metadata.title) == (("Holm, Ada",), "Le quai fermé")
    assert (metadata.issued, metadata.identifier) == ("2024-03-05", "17.ada@harbour.example")
    assert metadata.origins["issued"] == "document: Date"
    assert metadata.origins["creator"] == "document: From"


@pytest.mark.parametrize("name", ["a.eml", "a.txt", "letter"])
def test_mail_is_known_by_its_headers(tmp_path: Path, name: str) -> None:
    assert text(found(tmp_path, mail().as_bytes(), name)[0]).media_type == "message/rfc822"


def test_a_letter_is_no_mail(tmp_path: Path) -> None:
    letter = f"From: the harbour\n\n{FIRST}".encode()
    assert text(found(tmp_path, letter, "a.txt")[0]).media_type == "text/plain"


def test_plain_text_goes_before_its_alternative(tmp_path: Path) -> None:
    both = mail()
    both.add_alternative(f"<p>{SECOND}</p>", subtype="html")
    assert text(found(tmp_path, both.as_bytes())[0]).content.strip() == FIRST


def test_html_is_read_where_there_is_no_plain_text(tmp_path: Path) -> None:
    page = mail()
    page.set_content(f"<html><body><p>{FIRST}</p><p>{SECOND}</p></body></html>", subtype="html")
    assert text(found(tmp_path, page.as_bytes())[0]).content == f"{FIRST}\n\n{SECOND}"


def test_attachments_are_documents_of_their_own(tmp_path: Path) -> None:
    with_files = mail()
    with_files.add_attachment(
        pdf([SECOND]), maintype="application", subtype="pdf", filename="../r/port.pdf"
    )
    with_files.add_attachment(SECOND + " Twice.", filename="note.txt")
    with_files.add_attachment(SECOND + " Thrice.", filename="note.txt")
    with_files.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="logo.png")
    first, *others = found(tmp_path, with_files.as_bytes())
    own = text(first)
    assert own.part_of == ()
    assert own.warnings == ("attachments without text were not read: logo.png (image/png)",)
    names = [each.name.removeprefix(str(tmp_path)) for each in others]
    assert names == ["/a.eml/r_port.pdf", "/a.eml/note.txt", "/a.eml/2-note.txt"]
    assert text(others[0]).content == SECOND
    assert text(others[0]).media_type == "application/pdf"
    mother = document_id(text_hash(own.content), "17.ada@harbour.example")
    assert {text(each).part_of for each in others} == {(mother,)}


def test_a_mail_in_a_mail(tmp_path: Path) -> None:
    outer = mail()
    outer.add_attachment(mail(SECOND, "Inside"))
    first, inner = found(tmp_path, outer.as_bytes())
    assert text(inner).metadata.title == "Inside"
    assert text(inner).content.strip() == SECOND
    assert len(text(inner).part_of) == 1
    assert text(first).part_of == ()


def test_mails_nested_fifty_deep_end(tmp_path: Path) -> None:
    nested = mail("The innermost clerk left.")
    for depth in range(50):
        outer = mail(f"{FIRST} This is level {depth}.")
        outer.add_attachment(nested)
        nested = outer
    results = found(tmp_path, nested.as_bytes(), max_depth=8)
    assert [isinstance(each.result, Text) for each in results] == [True] * 8 + [False]
    assert "more than 8 containers in one another" in str(results[-1].result)


def test_parts_nested_thousands_deep_are_refused(tmp_path: Path) -> None:
    head = b"From: a@b.example\nDate: Tue, 5 Mar 2024 10:00:00 +0000\n"
    deep = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3000)
    )
    (only,) = found(tmp_path, head + deep)
    assert isinstance(only.result, SourceError)


@pytest.mark.parametrize(
    "broken",
    [
        b"From: =?utf-8?b?////?= <a@b>\nDate: never\nSubject: =?x?q?=\n\n" + FIRST.encode(),
        b"From: <<<>>>,,\nDate:\nMessage-ID: <\n\n" + FIRST.encode(),
        b"From: a@b\nContent-Type: text/plain; charset=unknown-8bit\n\n" + FIRST.encode(),
        b"From: a@b\nContent-Type: multipart/mixed\n\n" + FIRST.encode(),
        b"From: a@b\nContent-Transfer-Encoding: base64\n\n!!" + FIRST.encode(),
    ],
)
def test_broken_headers_stop_nothing(tmp_path: Path, broken: bytes) -> None:
    (only,) = found(tmp_path, broken)
    assert isinstance(only.result, Text | SourceError)


@given(st.binary(max_size=400))
def test_any_bytes_after_a_header_are_read_or_refused(data: bytes) -> None:
    from testimonia.sources.mail import parts as mail_parts

    file = BytesIO(b"From: a@b.example\nSubject: x\nMIME-Version: 1.0\n" + data)
    try:
        for part in mail_parts(file, "a.eml", Options()):
            assert part.name == "" or "/" not in part.name
    except SourceError as error:
        assert "a.eml" in str(error)  # noqa: PT017 - most are read


def test_encodings(tmp_path: Path) -> None:
    encoded = mail()
    encoded.set_content(f"{FIRST} “Ça suffit”, she said.", charset="windows-1252", cte="base64")
    assert "“Ça suffit”" in text(found(tmp_path, encoded.as_bytes())[0]).content
    assert text(found(tmp_path, encoded.as_bytes())[0]).encoding == "windows-1252"


def test_flowed_text() -> None:
    flowed = "The quay stays \nclosed.\n> Nobody \n> came.\n-- \nAda"
    assert unflowed(flowed, delsp=False) == "The quay stays closed.\n> Nobody came.\n--\nAda"
    assert unflowed("The qu \nay.", delsp=True) == "The quay."


def test_a_mail_without_text_keeps_its_attachments(tmp_path: Path) -> None:
    bare = mail("")
    bare.add_attachment(FIRST, filename="note.txt")
    empty, note = found(tmp_path, bare.as_bytes())
    assert "is a mail without text" in str(empty.result)
    assert text(note).part_of == ()


def mailbox(*mails: bytes) -> bytes:
    return b"".join(b"From ada Tue Mar  5 10:00:00 2024\n" + each + b"\n\n" for each in mails)


def test_a_mailbox_with_a_broken_mail(tmp_path: Path) -> None:
    data = mailbox(mail().as_bytes(), b"\x00\x01 no header", mail(SECOND).as_bytes())
    results = found(tmp_path, data, "a.mbox")
    assert [each.name.removeprefix(str(tmp_path)) for each in results] == [
        "/a.mbox/1",
        "/a.mbox/2",
        "/a.mbox/3",
    ]
    assert [isinstance(each.result, Text) for each in results] == [True, False, True]
    assert text(results[2]).content.strip() == SECOND


def test_lines_that_look_like_separators() -> None:
    body = b"Subject: x\n\n>From here on it is closed.\nFrom there too.\n"
    (only,) = parts(BytesIO(mailbox(body)), "a.mbox", Options())
    assert b"\nFrom here on" in only.data  # type: ignore[union-attr]
    assert b"\nFrom there" in only.data  # type: ignore[union-attr]


def test_a_mailbox_is_read_lazily_and_a_huge_mail_is_left_out() -> None:
    class Endless(BytesIO):
        lines = 0

        def readline(self, size: int | None = -1, /) -> bytes:
            self.lines += 1
            if self.lines % 4 == 1:
                return b"\n"
            return b"From ada Tue Mar  5\n" if self.lines % 4 == 2 else b"x" * 100 + b"\n"

    file = Endless()
    found: Iterator[object] = iter(parts(file, "a.mbox", Options()))
    next(found)
    assert file.lines < 10
    huge = mailbox(b"Subject: x\n\n" + b"a line\n" * 1000, b"Subject: y\n\nshort\n")
    results = list(parts(BytesIO(huge), "a.mbox", Options(max_bytes=500)))
    assert [type(each).__name__ for each in results] == ["Refused", "Part"]


def test_the_number_of_documents_is_bounded(tmp_path: Path) -> None:
    results = found(tmp_path, mailbox(*[mail().as_bytes()] * 5), "a.mbox", max_parts=3)
    assert len(results) == 4
    assert "holds more than 3 documents" in str(results[-1].result)
