"""Programs that people make documents with, run on reports of our own.

Each function writes files into a folder and gives what must come out of them. It is left out where
its program is not installed.
"""

from __future__ import annotations

import csv
import http.server
import json
import mailbox
import os
import shutil
import subprocess
import sys
import tarfile
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from functools import partial
from pathlib import Path

from producers.reports import Report

_SECONDS = 120


@dataclass(frozen=True)
class Expected:
    """What must come out of one document in a folder.

    ``name`` is the outcome's, below the folder. Each of ``text`` must be found, in that order,
    white space aside; nothing of ``absent`` may be. ``pages`` is how many pages the text names.
    """

    name: str
    text: tuple[str, ...]
    title: str | None = None
    creator: tuple[str, ...] = ()
    issued: str | None = None
    language: str | None = "en-GB"
    source: str | None = None
    pages: int = 0
    absent: tuple[str, ...] = ()
    failed: str = ""  # words of the message, where it must fail
    captured: bool = False


def _all(report: Report, *, note_last: bool = False) -> tuple[str, ...]:
    head = (report.opening,) if note_last else (report.opening, report.note)
    body = (*report.items, report.place, *report.filling, report.closing)
    return (*head, *body, report.note) if note_last else (*head, *body)


def _plain(report: Report) -> tuple[str, ...]:
    return (report.opening, *report.filling, report.closing)


def _run(*command: str | Path, cwd: Path | None = None) -> None:
    subprocess.run(
        list(map(str, command)),
        check=True,
        capture_output=True,
        timeout=_SECONDS,
        cwd=cwd,
        # tesseract's threads wait for one another where there are fewer processors than it thinks.
        env={**os.environ, "OMP_THREAD_LIMIT": "1"},
    )


# -------------------------------------------------------------------------------- producers


def libreoffice(folder: Path, work: Path) -> list[Expected]:
    """DOCX, OpenDocument, PDF and HTML, of a flat OpenDocument text."""
    made: list[Expected] = []
    for number, suffix in enumerate(("docx", "odt", "pdf", "html"), 1):
        report = Report(number)
        flat = work / f"office-{suffix}.fodt"
        flat.write_text(report.flat_odt())
        _office(flat, suffix, folder, work)
        text = _all(report, note_last=suffix == "docx")
        if suffix == "pdf":  # the note stands at the foot of the first page
            text = (report.opening, *report.items, report.filling[0], report.closing)
        if suffix == "html":
            text = (report.opening, *report.items, *report.filling, report.closing)
        made.append(
            Expected(
                f"office-{suffix}.{suffix}",
                text,
                report.title,
                (report.author,),
                pages=2 if suffix == "pdf" else 0,
                # LibreOffice prints what is struck out, as such; no one can tell it there.
                absent=("Gazette of the North", *(("struck out",) if number < 3 else ())),
            )
        )
    return made


def _office(source: Path, kind: str, folder: Path, work: Path) -> None:
    _run(
        "soffice",
        f"-env:UserInstallation=file://{work / 'profile'}",
        "--headless",
        "--convert-to",
        kind,
        "--outdir",
        folder,
        source,
    )


def pandoc(folder: Path, work: Path) -> list[Expected]:
    """DOCX, OpenDocument, HTML, TEI, Markdown, EPUB; rich text, which nobody reads here."""
    made: list[Expected] = []
    kinds = {"docx": "docx", "odt": "odt", "html": "html", "xml": "tei", "md": "markdown-smart"}
    for number, (suffix, kind) in enumerate(kinds.items(), 20):
        report = Report(number)
        source = work / f"pandoc-{number}.md"
        source.write_text(report.markdown())
        name = f"pandoc-{suffix}.{suffix}"
        _run("pandoc", "-s", "-f", "markdown", "-t", kind, "-o", folder / name, source)
        last = suffix in {"docx", "html", "md"}
        made.append(
            Expected(
                name,
                _all(report, note_last=last),
                report.title,
                (report.author,),
                report.issued if suffix in {"html", "xml", "md"} else None,
            )
        )
    report = Report(30)
    source = work / "pandoc-epub.md"
    source.write_text(report.markdown())
    _run("pandoc", "-s", "-o", folder / "pandoc-epub.epub", source)
    made.append(
        Expected(
            "pandoc-epub.epub",
            _all(report, note_last=True),
            report.title,
            (report.author,),
            report.issued,
        )
    )
    _run("pandoc", "-s", "-o", folder / "pandoc-rtf.rtf", source)
    made.append(Expected("pandoc-rtf.rtf", (), failed="Rich Text"))
    return made


def chromium(folder: Path, work: Path) -> list[Expected]:
    """A page printed to PDF, and the page as its scripts leave it."""
    printed, dumped = Report(40), Report(41)
    common = ("--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={work / 'chrome'}")
    for report, name in ((printed, "print.html"), (dumped, "dump.html")):
        (work / name).write_text(report.html())
    _run(
        "chromium",
        *common,
        f"--print-to-pdf={folder / 'chromium.pdf'}",
        (work / "print.html").as_uri(),
    )
    done = subprocess.run(
        ["chromium", *common, "--dump-dom", (work / "dump.html").as_uri()],
        check=True,
        capture_output=True,
        timeout=_SECONDS,
    )
    (folder / "chromium.html").write_bytes(done.stdout)
    return [
        Expected("chromium.pdf", _plain(printed), printed.title, pages=2),
        Expected(
            "chromium.html",
            _plain(dumped),
            dumped.title,
            (dumped.author,),
            dumped.issued,
            source=dumped.source,
            absent=("Sport", "All rights"),
        ),
    ]


def tesseract(folder: Path, work: Path) -> list[Expected]:
    """ALTO, hOCR and a PDF with a text layer, of the image of a page; a scan without a text."""
    made: list[Expected] = []
    for number, (suffix, config) in enumerate(
        (("xml", "alto"), ("hocr", "hocr"), ("pdf", "pdf")), 50
    ):
        report = Report(number)
        image = _image(report, work)
        _run("tesseract", image, work / "read", "-l", "eng", config)
        name = f"tesseract-{config}.{suffix}"
        (work / f"read.{suffix}").replace(folder / name)
        pages = 1 if config != "hocr" else 0
        made.append(Expected(name, _recognised(report), language="en", pages=pages))
    return made


def scan(folder: Path, work: Path) -> list[Expected]:
    """A PDF of images alone, as scanners make them."""
    report = Report(55)
    _image(report, work, "pdfimage24", folder / "scan.pdf")
    return [Expected("scan.pdf", _recognised(report), language="en", pages=1)]


def _recognised(report: Report) -> tuple[str, ...]:
    """What even a machine reads right."""
    return (f"{report.person} said on Friday that", *report.filling[:2])


def _image(report: Report, work: Path, device: str = "png16m", target: Path | None = None) -> Path:
    """A page as an image, by LibreOffice and Ghostscript."""
    flat = work / f"image-{report.number}.fodt"
    flat.write_text(report.flat_odt())
    _office(flat, "pdf", work, work)
    target = target or work / f"image-{report.number}.png"
    pdf = flat.with_suffix(".pdf")
    first = ("-dFirstPage=1", "-dLastPage=1")
    _run("gs", "-q", "-dBATCH", *first, f"-sDEVICE={device}", "-r150", f"-o{target}", pdf)
    return target


@contextmanager
def _site(folder: Path) -> Iterator[str]:
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    handler = partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


def _pages(folder: Path, reports: list[Report]) -> None:
    folder.mkdir(exist_ok=True)
    for report in reports:
        (folder / f"{report.number}.html").write_text(report.html())
    (folder / "logo.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))


def _captured(report: Report, name: str) -> Expected:
    return Expected(
        name,
        _plain(report),
        report.title,
        (report.author,),
        report.issued,
        source=report.source,
        absent=("Sport", "All rights"),
        captured=True,
    )


def wget(folder: Path, work: Path) -> list[Expected]:
    """A web archive, compressed and not."""
    made: list[Expected] = []
    for number, more in ((60, ()), (61, ("--no-warc-compression",))):
        report, site = Report(number), work / f"wget-{number}"
        _pages(site, [report])
        with _site(site) as root:
            given = [f"{root}{number}.html", f"{root}logo.png"]
            _run(
                *("wget", "-q", *more, f"--warc-file={folder / f'wget-{number}'}"),
                *("--no-warc-keep-log", "--delete-after", *given),
                cwd=work,
            )
        suffix = "warc" if more else "warc.gz"
        made.append(_captured(report, f"wget-{number}.{suffix}/{given[0]}"))
    return made


def warcio(folder: Path, work: Path) -> list[Expected]:
    """A web archive by warcio, capturing what a program asks for."""
    report, site = Report(70), work / "warcio"
    _pages(site, [report])
    program = (
        "import sys, http.client\n"
        "from warcio.capture_http import capture_http\n"
        "import http.client as c\n"
        "with capture_http(sys.argv[1]):\n"
        "    h = c.HTTPConnection('127.0.0.1', int(sys.argv[2]))\n"
        "    for path in sys.argv[3:]:\n"
        "        h.request('GET', path); h.getresponse().read()\n"
    )
    with _site(site) as root:
        port = root.rsplit(":", 1)[1].strip("/")
        target = folder / "warcio.warc.gz"
        _run(sys.executable, "-c", program, target, port, "/70.html", "/logo.png", "/none.html")
    return [_captured(report, f"warcio.warc.gz/{root}70.html")]


def wacz(folder: Path, work: Path) -> list[Expected]:
    """A web archive packed by its own tool, of what wget captured."""
    report = Report(75)
    inner = work / "wacz"
    inner.mkdir()
    site = work / "wacz-site"
    _pages(site, [report])
    with _site(site) as root:
        address = f"{root}75.html"
        _run("wget", "-q", f"--warc-file={inner / 'w'}", "--delete-after", address, cwd=work)
    _run("wacz", "create", "-o", folder / "site.wacz", "--detect-pages", inner / "w.warc.gz")
    return [_captured(report, f"site.wacz/w.warc.gz/{address}")]


def python(folder: Path, work: Path) -> list[Expected]:
    """Mail, mailboxes, tables and lines of JSON by Python's own libraries."""
    made: list[Expected] = []
    made += _mails(folder)
    made += _tables(folder)
    return made


def _mail(report: Report, *, html: bool = False) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = f"{report.author} <writer@gazette.example>"
    mail["To"] = "Desk <desk@gazette.example>"
    mail["Date"] = f"Fri, {int(report.issued[-2:])} Mar 2024 23:10:00 -0500"
    mail["Subject"] = f"{report.title} – à {report.place}"
    mail["Message-ID"] = f"<{report.number}@gazette.example>"
    mail.set_content("\n\n".join(_plain(report)), cte="quoted-printable")
    if html:
        mail.add_alternative(report.html(), subtype="html")
    return mail


def _mailed(report: Report, name: str) -> Expected:
    title = f"{report.title} – à {report.place}"
    return Expected(name, _plain(report), title, (report.author,), report.issued, "en")


def _mails(folder: Path) -> list[Expected]:
    report, attached = Report(80), Report(81)
    mail = _mail(report, html=True)
    mail.add_attachment(
        attached.html().encode(), maintype="text", subtype="html", filename="à lire.html"
    )
    (folder / "letter.eml").write_bytes(mail.as_bytes())
    with_page = Expected(
        "letter.eml/à lire.html",
        _plain(attached),
        attached.title,
        (attached.author,),
        attached.issued,
        source=attached.source,
    )
    box = mailbox.mbox(folder / "box.mbox")
    reports = [Report(82), Report(83)]
    for each in reports:
        box.add(_mail(each))
    box.close()
    boxed = [_mailed(each, f"box.mbox/{number}") for number, each in enumerate(reports, 1)]
    return [_mailed(report, "letter.eml"), with_page, *boxed]


def _tables(folder: Path) -> list[Expected]:
    made: list[Expected] = []
    rows = [
        {
            "id": f"r{report.number}",
            "text": "\n\n".join(_plain(report)),
            "title": report.title,
            "creator": report.author,
            "issued": report.issued,
            "language": "en-GB",
        }
        for report in map(Report, (90, 91))
    ]
    with (folder / "rows.csv").open("w", newline="", encoding="utf-8-sig") as file:
        table = csv.DictWriter(file, list(rows[0]))
        table.writeheader()
        table.writerow(rows[0])
    with (folder / "rows.jsonl").open("w", encoding="utf-8") as file:
        file.write(json.dumps(rows[1]) + "\n")
    for number, name in ((90, "rows.csv/2 r90"), (91, "rows.jsonl/1 r91")):
        report = Report(number)
        made.append(Expected(name, _plain(report), report.title, (report.author,), report.issued))
    return made


def archivers(folder: Path, work: Path) -> list[Expected]:
    """ZIP and TAR by the system's programs and by Python, with sidecars and folders in them."""
    inside = work / "inside"
    made: list[Expected] = []
    for number, name in ((95, "system.zip"), (96, "system.tar.gz"), (97, "python.tar.xz")):
        report = Report(number)
        shutil.rmtree(inside, ignore_errors=True)
        (inside / "letters").mkdir(parents=True)
        letter = inside / "letters" / "ä letter.txt"
        letter.write_text("\n\n".join(_plain(report)))
        letter.with_name("ä letter.txt.meta.toml").write_text(
            f'title = "{report.title}"\ncreator = ["{report.author}"]\nissued = {report.issued}\n'
        )
        target = folder / name
        if name == "system.zip":
            _run("zip", "-q", "-r", target, "letters", cwd=inside)
        elif name == "system.tar.gz":
            _run("tar", "-czf", target, "letters", cwd=inside)
        else:
            with tarfile.open(target, "w:xz") as archive:
                archive.add(inside / "letters", "letters")
        made.append(
            Expected(
                f"{name}/letters/ä letter.txt",
                _plain(report),
                report.title,
                (report.author,),
                report.issued,
                "en",
            )
        )
    return made


def feeds(folder: Path, work: Path) -> list[Expected]:
    """RSS and Atom, written with an XML library as small sites do."""
    from lxml import etree

    rss, atom = Report(98), Report(99)
    root = etree.Element("rss", version="2.0")
    channel = etree.SubElement(root, "channel")
    etree.SubElement(channel, "title").text = "The Gazette"
    etree.SubElement(channel, "language").text = "en-gb"
    item = etree.SubElement(channel, "item")
    etree.SubElement(item, "title").text = rss.title
    etree.SubElement(item, "link").text = rss.source
    etree.SubElement(item, "author").text = f"desk@gazette.example ({rss.author})"
    day = int(rss.issued[-2:])
    etree.SubElement(item, "pubDate").text = f"Mon, {day:02} Mar 2024 07:00:00 GMT"
    etree.SubElement(item, "description").text = "".join(f"<p>{p}</p>" for p in _plain(rss))
    (folder / "feed.rss").write_bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))
    ns = "{http://www.w3.org/2005/Atom}"
    feed = etree.Element(f"{ns}feed", nsmap={None: ns[1:-1]})
    feed.set("{http://www.w3.org/XML/1998/namespace}lang", "en-GB")
    etree.SubElement(feed, f"{ns}title").text = "The Gazette"
    entry = etree.SubElement(feed, f"{ns}entry")
    etree.SubElement(entry, f"{ns}title").text = atom.title
    etree.SubElement(entry, f"{ns}link", href=atom.source)
    etree.SubElement(etree.SubElement(entry, f"{ns}author"), f"{ns}name").text = atom.author
    etree.SubElement(entry, f"{ns}published").text = f"{atom.issued}T07:00:00Z"
    etree.SubElement(entry, f"{ns}content", type="html").text = "".join(
        f"<p>{p}</p>" for p in _plain(atom)
    )
    (folder / "feed.atom").write_bytes(etree.tostring(feed))
    return [
        Expected(
            f"{name}/1",
            _plain(report),
            report.title,
            (report.author,),
            report.issued,
            source=report.source,
        )
        for name, report in (("feed.rss", rss), ("feed.atom", atom))
    ]


PRODUCERS: dict[str, tuple[Callable[[Path, Path], list[Expected]], tuple[str, ...]]] = {
    "libreoffice": (libreoffice, ("soffice",)),
    "pandoc": (pandoc, ("pandoc",)),
    "chromium": (chromium, ("chromium",)),
    "tesseract": (tesseract, ("tesseract", "soffice", "gs")),
    "scan": (scan, ("ocrmypdf", "soffice", "gs")),
    "wget": (wget, ("wget",)),
    "warcio": (warcio, ()),
    "wacz": (wacz, ("wacz", "wget")),
    "python": (python, ()),
    "archivers": (archivers, ("zip", "tar")),
    "feeds": (feeds, ()),
}
"""What makes documents, and the programs that it needs."""


def missing(producer: str) -> list[str]:
    """The programs that it lacks here."""
    return [each for each in PRODUCERS[producer][1] if shutil.which(each) is None]


# ---------------------------------------------------------------------------------- damage


def damaged(folder: Path, work: Path) -> list[Expected]:
    """What becomes of good files on the way, and what is meant to do harm."""
    good = work / "good"
    good.mkdir()
    report = Report(110)
    (good / "a.md").write_text(report.markdown())
    made: list[Expected] = []
    if not missing("libreoffice"):
        flat = good / "cut.fodt"
        flat.write_text(report.flat_odt())
        for kind in ("docx", "odt", "pdf"):
            _office(flat, kind, good, work)
            data = (good / f"cut.{kind}").read_bytes()
            name = f"cut.{kind}"
            (folder / name).write_bytes(data[: len(data) * 2 // 5])
            made.append(Expected(name, (), failed=name))
        locked = 'pdf:writer_pdf_Export:{"EncryptFile":{"type":"boolean","value":"true"},'
        locked += '"DocumentOpenPassword":{"type":"string","value":"secret"}}'
        _office(flat, locked, good, work)
        (good / "cut.pdf").replace(folder / "locked.pdf")
        made.append(Expected("locked.pdf", (), failed="password"))
    with zipfile.ZipFile(folder / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros.txt", b"\0" * 200_000_000)
    made.append(Expected("bomb.zip/zeros.txt", (), failed="zeros.txt"))
    with zipfile.ZipFile(folder / "out.zip", "w") as archive:
        archive.writestr("../../outside.txt", "Ada Moss said that she is outside of it.")
    made.append(Expected("out.zip/outside.txt", ("she is outside",), language="en"))
    if shutil.which("zip"):
        _run("zip", "-q", "-P", "secret", folder / "locked.zip", "a.md", cwd=good)
        made.append(Expected("locked.zip/a.md", (), failed="encrypted"))
    return made
