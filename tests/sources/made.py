"""Files made for tests, by real producers where there is one that is small enough."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO

from fpdf import FPDF

FIRST = "Ada Holm said on Monday that the quay would remain closed."
SECOND = "The ferry company denied that it had been warned."


def pdf(
    pages: Sequence[str],
    *,
    title: str = "",
    author: str = "",
    xmp: str = "",
    password: str = "",
    head: str = "",
) -> bytes:
    """A PDF with a paragraph a line of each page."""
    made = FPDF()
    made.set_font("Helvetica", size=12)
    if title:
        made.set_title(title)
    if author:
        made.set_author(author)
    if xmp:
        made.set_xmp_metadata(xmp)
    if password:
        made.set_encryption(owner_password=password + "o", user_password=password)
    for number, content in enumerate(pages, 1):
        made.add_page()
        if head:
            made.text(20, 10, f"{head} {number}")
        for paragraph in content.split("\n"):
            if paragraph:
                made.multi_cell(0, 6, paragraph)
                made.ln(10)
    return bytes(made.output())


def container(members: Mapping[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP container; the first member is stored, as OpenDocument wants its media type."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", compression) as made:
        for number, (name, data) in enumerate(members.items()):
            made.writestr(name, data, zipfile.ZIP_STORED if number == 0 else compression)
    return file.getvalue()


ODT_TYPE = "application/vnd.oasis.opendocument.text"
_ODF = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"'
)


def odt(body: str, meta: str = "", more: Mapping[str, bytes] = {}) -> bytes:
    """An OpenDocument text with this XML in its body and its metadata."""
    content = (
        f"<office:document-content {_ODF}><office:body><office:text>{body}"
        "</office:text></office:body></office:document-content>"
    )
    stated = (
        f"<office:document-meta {_ODF}><office:meta>{meta}</office:meta></office:document-meta>"
    )
    return container({"mimetype": ODT_TYPE, "content.xml": content, "meta.xml": stated, **more})


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "lol">'
    + "".join(f'<!ENTITY b{n} "{f"&b{n - 1 or str()};" * 10}">' for n in range(1, 10))
    + "]>"
)
EXTERNAL = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]>'
