import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from testimonia.errors import SourceError, UnreadableSource, UnsupportedSource, UsageError
from testimonia.model import Text
from testimonia.sources import addresses, documents_in
from testimonia.sources.fetch import AllowList, _resolved, fetch
from visits import ENGLISH

PAGE = f"<!doctype html><title>The quay</title><p>{ENGLISH}</p>".encode()
LATIN = f"<p>{ENGLISH} Privet: ".encode() + "Привет".encode("cp1251") + b"</p>"


class Gazette(BaseHTTPRequestHandler):
    """A site with what sites do."""

    def do_GET(self) -> None:
        answers: dict[str, Callable[[], None]] = {
            "/news/page": lambda: self.answer(PAGE),
            "/news/latin": lambda: self.answer(LATIN, kind="text/html; charset=windows-1251"),
            "/news/packed": lambda: self.answer(gzip.compress(PAGE), coding="gzip"),
            "/news/bomb": lambda: self.answer(gzip.compress(bytes(9_000_000)), coding="gzip"),
            "/news/large": lambda: self.answer(bytes(300_000)),
            "/news/moved": lambda: self.redirect("/news/page"),
            "/news/away": lambda: self.redirect("/private/page"),
            "/news/out": lambda: self.redirect("http://intranet.example/news/"),
            "/news/file": lambda: self.redirect("file:///etc/passwd"),
            "/news/round": lambda: self.redirect("/news/round"),
            "/news/up": lambda: self.redirect("/news/%2e%2e/private"),
            "/news/drip": self.drip,
            "/news/mute": lambda: time.sleep(1.5),
            "/news/table.csv": lambda: self.answer(f"text\n{ENGLISH}\n".encode(), kind="text/csv"),
            "/news/host": lambda: self.answer(self.headers["Host"].encode(), kind="text/plain"),
        }
        answers.get(self.path, lambda: self.send_error(404))()

    def answer(self, body: bytes, *, kind: str = "text/html", coding: str = "") -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        if coding:
            self.send_header("Content-Encoding", coding)
        self.end_headers()
        self.wfile.write(body)

    def redirect(self, target: str) -> None:
        self.send_response(302)
        self.send_header("Location", target)
        self.end_headers()

    def drip(self) -> None:
        try:
            for _ in range(30):
                self.wfile.write(b"HTTP/1.0 200 OK\r\nX: x\r\n"[:1])
                time.sleep(0.1)
        except OSError:
            pass

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Gazette)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def get(site: str, path: str, **limits: float) -> bytes:
    return fetch(f"{site}{path}", AllowList([f"{site}/news/"]), **limits).data  # type: ignore[arg-type]


def test_a_page_and_where_it_moved_to(site: str) -> None:
    assert get(site, "/news/page") == PAGE
    moved = fetch(f"{site}/news/moved", AllowList([f"{site}/news/"]))
    assert (moved.url, moved.data, moved.media_type) == (f"{site}/news/page", PAGE, "text/html")
    assert get(site, "/news/packed") == PAGE
    assert get(site, "/news/host").decode() == site.removeprefix("http://")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/private/page", "may not be asked for; allow it with --allow-url"),
        ("/news/away", "/private/page may not be asked for"),
        ("/news/out", "http://intranet.example/news/ may not be asked for"),
        ("/news/file", "is no http or https address"),
        ("/news/round", "redirects more than 5 times"),
        ("/news/up", "leads upwards"),
        ("/news/../private/page", "leads upwards|may not be asked for"),
        ("/news/none", "answered 404"),
    ],
)
def test_what_is_not_allowed_or_not_there(site: str, path: str, said: str) -> None:
    with pytest.raises(UnreadableSource, match=said):
        get(site, path)


def test_size_and_time_are_bounded(site: str) -> None:
    with pytest.raises(UnsupportedSource, match="larger than 200,000 bytes"):
        get(site, "/news/large", max_bytes=200_000)
    with pytest.raises(UnsupportedSource, match=r"holds more than 200,000 bytes|bomb"):
        get(site, "/news/bomb", max_bytes=200_000)
    for path in ("/news/drip", "/news/mute"):
        started = time.monotonic()
        with pytest.raises(UnreadableSource, match=r"did not answer in 0\.5 seconds"):
            get(site, path, seconds=0.5)
        assert time.monotonic() - started < 3


def test_nobody_there() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}/"
        with pytest.raises(UnreadableSource, match="cannot be read: "):
            fetch(address, AllowList([address]))


@pytest.mark.parametrize(
    "allowed",
    ["https://a.example", "https://a.example/", "https://A.EXAMPLE/news", "https://a.example:443/"],
)
def test_prefixes_that_allow(allowed: str) -> None:
    assert AllowList([allowed]).checked("https://a.example/news/1").host == "a.example"


@pytest.mark.parametrize(
    "address",
    [
        "https://a.example.org/news/",
        "https://a.example@evil.example/news/",
        "http://a.example/news/",
        "https://a.example:8443/news/",
        "https://a.example/other",
        "https://a.example/news/%2e%2e/other",
        "https://a.example/news/%252e%252e/other",
        "https:///news/",
        "https://a.example\\@evil.example/news/",
        "https://a.exa mple/news/",
        "ftp://a.example/news/",
        "not an address",
    ],
)
def test_addresses_that_only_look_allowed(address: str) -> None:
    with pytest.raises(UnreadableSource):
        AllowList(["https://a.example/news/"]).checked(address)


@pytest.mark.parametrize(
    "prefix", ["a.example", "file:///etc", "https://", "https://u:p@a.example"]
)
def test_prefixes_that_are_none(prefix: str) -> None:
    with pytest.raises(UsageError, match="--allow-url"):
        AllowList([prefix])


@pytest.mark.parametrize(
    "found",
    ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "::ffff:10.0.0.1", "fd00::1", "224.0.0.1"],
)
def test_a_name_that_stands_for_a_private_address(
    found: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def resolve(*_: object, **__: object) -> list[object]:
        return [(0, 0, 0, "", (each, 0)) for each in ("1.1.1.1", found)]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    allow = AllowList(["http://gazette.example/"])
    with pytest.raises(UnreadableSource, match=r"leads to \S+, which is a private address"):
        fetch("http://gazette.example/news", allow, seconds=5)


def test_the_address_that_was_checked_is_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(*_: object, **__: object) -> list[object]:
        return [(0, 0, 0, "", ("1.1.1.1", 0))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    allow = AllowList(["http://gazette.example/"])
    found = _resolved(httpx.URL("http://gazette.example/"), allow)
    assert str(found) == "1.1.1.1"


def read(address: str, site: str) -> Text | Exception:
    (source,) = addresses([address], [f"{site}/news/"])
    (found,) = documents_in(source)
    return found.result


def test_a_page_becomes_a_document(site: str) -> None:
    text = read(f"{site}/news/moved", site)
    assert isinstance(text, Text)
    assert (text.content, text.metadata.title) == (ENGLISH, "The quay")
    assert text.metadata.source == f"{site}/news/page"
    assert text.metadata.origins["source"] == "container: HTTP"
    table = read(f"{site}/news/table.csv", site)
    assert isinstance(table, Text)
    assert table.content == ENGLISH


def test_the_servers_word_on_the_encoding(site: str) -> None:
    text = read(f"{site}/news/latin", site)
    assert isinstance(text, Text)
    assert text.content.endswith("Привет")
    assert text.encoding == "windows-1251"


def test_a_refusal_is_an_outcome(site: str) -> None:
    assert isinstance(read(f"{site}/private/page", site), SourceError)
