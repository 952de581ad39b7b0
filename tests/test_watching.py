"""Watching folders and feeds; the feed is a real server on loopback."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from testimonia.errors import Forbidden, UnreadableSource
from testimonia.fetching import Fetcher
from testimonia.library import Archive, open_archive
from testimonia.watching import FeedWatcher, FolderWatcher, entries, pause

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title>
<entry><link href="/two.html"/></entry><entry><link rel="self" href="/no"/><link href="/one.html"/>
</entry></feed>"""
RSS = """<rss version="2.0"><channel><link>http://a.example/</link>
<item><link>http://a.example/b</link></item><item><link>http://a.example/a</link></item>
</channel></rss>"""


def page(words: str) -> bytes:
    return f"<html lang=en><title>T</title><body><p>{words}</p></body></html>".encode()


@dataclass
class Site:
    """What a small site serves, and what it was asked for."""

    pages: dict[str, tuple[int, bytes, dict[str, str]]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    conditional: list[str] = field(default_factory=list)
    address: str = ""


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.asked.append(self.path)
            status, body, headers = made.pages.get(self.path, (404, b"", {}))
            if (wanted := self.headers.get("If-None-Match")) is not None:
                made.conditional.append(self.path)
                if wanted == headers.get("ETag"):
                    status, body = 304, b""
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    made.address = f"http://127.0.0.1:{server.server_port}"
    html = {"Content-Type": "text/html"}
    made.pages = {
        "/feed": (200, ATOM.encode(), {"ETag": '"1"', "Content-Type": "application/atom+xml"}),
        "/one.html": (200, page("Ada Moss said that the harbour of Odense is shut."), html),
        "/two.html": (200, page("Bo Hale said that the ferry to Odense is late."), html),
    }
    yield made
    server.shutdown()
    server.server_close()


def watcher(archive: Archive, site: Site, **options: object) -> FeedWatcher:
    fetcher = Fetcher(("127.0.0.1",), private=True)
    return FeedWatcher(archive.folder, f"{site.address}/feed", fetcher, sleep=lambda _: None)


def test_entries_of_each_kind_of_feed_oldest_first() -> None:
    assert entries(ATOM.encode(), "http://x.example/feed") == [
        "http://x.example/one.html",
        "http://x.example/two.html",
    ]
    assert entries(RSS.encode(), "http://x.example/") == [
        "http://a.example/a",
        "http://a.example/b",
    ]
    for bad in (b"<html/>", b"no", b""):
        with pytest.raises(UnreadableSource, match="no feed"):
            entries(bad, "http://x.example/")


def test_a_feed_with_entities_expands_nothing(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("http://secret.example/")
    feed = (
        f'<!DOCTYPE rss [<!ENTITY x SYSTEM "file://{tmp_path}/secret">]>'
        "<rss><channel><item><link>&x;</link></item></channel></rss>"
    )
    with pytest.raises(UnreadableSource, match="entities"):
        entries(feed.encode(), "http://x.example/")


def test_links_of_a_feed_by_its_own_base(tmp_path: Path) -> None:
    feed = ATOM.replace("<feed ", '<feed xml:base="http://b.example/x/" ')
    assert entries(feed.encode(), "http://x.example/feed")[-1] == "http://b.example/two.html"


def test_new_entries_come_once_and_the_feed_is_asked_conditionally(
    archive: Archive, site: Site
) -> None:
    found = list(watcher(archive, site).look(print))
    assert [each.url.rpartition("/")[2] for each in found] == ["one.html", "two.html"]
    assert list(watcher(archive, site).look(print)) == []
    assert site.conditional == ["/feed"]
    assert site.asked == ["/feed", "/one.html", "/two.html", "/feed"]
    more = ATOM.replace("<entry>", '<entry><link href="/three.html"/></entry><entry>', 1)
    site.pages["/feed"] = (200, more.encode(), {"ETag": '"2"'})
    site.pages["/three.html"] = site.pages["/one.html"]
    assert [each.name for each in watcher(archive, site).look(print)] == ["127.0.0.1-three.html"]


def test_an_entry_that_fails_for_now_is_asked_for_again(archive: Archive, site: Site) -> None:
    good = site.pages["/one.html"]
    site.pages["/one.html"] = (503, b"", {})
    told: list[str] = []
    assert len(list(watcher(archive, site).look(told.append))) == 1
    assert "503" in told[0]
    site.pages["/one.html"] = good
    assert [each.name for each in watcher(archive, site).look(print)] == ["127.0.0.1-one.html"]


def test_an_entry_that_was_not_taken_in_comes_again(archive: Archive, site: Site) -> None:
    first = next(watcher(archive, site).look(print))
    assert next(watcher(archive, site).look(print)) == first


def test_a_feed_that_fails_says_so_and_how_long_to_wait(archive: Archive, site: Site) -> None:
    site.pages["/feed"] = (429, b"", {"Retry-After": "120"})
    asked = watcher(archive, site)
    with pytest.raises(UnreadableSource, match="429"):
        list(asked.look(print))
    assert asked.asked_to_wait == 120
    assert pause(900, 1, asked.asked_to_wait) == 1800
    assert pause(2, 0, 120) == 120
    assert pause(900, 50) == 3600


# ----------------------------------------------------------------------------------- fetching


def test_addresses_inside_are_refused_however_they_are_called(site: Site) -> None:
    inside = (
        "127.0.0.1",
        "10.1.2.3",
        "169.254.169.254",
        "::1",
        "fd00::1",
        "::ffff:10.0.0.1",
        "0.0.0.0",
    )
    for address in inside:
        fetcher = Fetcher(("a.example",), resolve=lambda *_, address=address: [address])
        with pytest.raises(Forbidden, match="inside"):
            fetcher.fetch("http://a.example/")
    mixed = Fetcher(("a.example",), resolve=lambda *_: ["93.184.215.14", "10.0.0.1"])
    with pytest.raises(Forbidden, match="inside"):
        mixed.fetch("http://a.example/")
    assert site.asked == []


@pytest.mark.parametrize(
    "url",
    [
        "http://b.example/",
        "http://a.example.b.example/",
        "http://evila.example/",
        "file:///etc/passwd",
        "ftp://a.example/",
        "http://user:word@a.example/",
        "http://a.example@b.example/",
        "http:///",
    ],
)
def test_other_hosts_and_schemes_are_refused(url: str) -> None:
    fetcher = Fetcher(("a.example",), resolve=lambda *_: ["93.184.215.14"])
    with pytest.raises(Forbidden):
        fetcher.fetch(url)


def test_a_redirect_is_looked_at_like_the_first_address(site: Site) -> None:
    port = site.address.rpartition(":")[2]
    site.pages["/away"] = (302, b"", {"Location": f"http://inside.example:{port}/one.html"})
    site.pages["/round"] = (302, b"", {"Location": "/round"})
    site.pages["/on"] = (301, b"", {"Location": "/one.html"})
    fetcher = Fetcher(("127.0.0.1",), private=True)
    with pytest.raises(Forbidden, match="allow the host"):
        fetcher.fetch(f"{site.address}/away")
    with pytest.raises(UnreadableSource, match="redirects"):
        fetcher.fetch(f"{site.address}/round")
    assert fetcher.fetch(f"{site.address}/on").url == f"{site.address}/one.html"


def test_what_is_too_large_is_left(site: Site) -> None:
    site.pages["/large"] = (200, b"x" * 2000, {})
    fetcher = Fetcher(("127.0.0.1",), private=True, most_bytes=1000)
    with pytest.raises(UnreadableSource, match="larger"):
        fetcher.fetch(f"{site.address}/large")


# ----------------------------------------------------------------------------------- the command


def watch(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "testimonia", "watch", *words, "--once"],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "COLUMNS": "200"},
        check=False,
    )


def test_a_feed_is_taken_in(site: Site, tmp_path: Path) -> None:
    refused = watch(f"{site.address}/feed", cwd=tmp_path)
    assert (refused.returncode, "inside" in refused.stderr) == (2, True)
    done = watch(f"{site.address}/feed", "--allow-private", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    with open_archive(tmp_path / "archive") as opened:
        found = {each.metadata.source: each.name for each in opened.catalog.documents()}
    assert found == {
        f"{site.address}/{name}": f"127.0.0.1-{name}" for name in ("one.html", "two.html")
    }


def test_a_folder_is_taken_in(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    assert watch("in", cwd=tmp_path).returncode == 0
    (tmp_path / "in" / "a.txt").write_text("Ada Moss said that the harbour of Odense is shut.")
    done = watch("in", cwd=tmp_path)
    assert (done.returncode, "stored in/a.txt" in done.stderr) == (0, True), done.stderr
    assert watch("nowhere", cwd=tmp_path).returncode == 2


def test_a_folder_gives_what_is_new_or_changed(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("a")
    watcher = FolderWatcher(lambda: sorted(tmp_path.iterdir()))
    assert watcher.look() == []  # somebody may still be writing it
    os.utime(file, (1, 1))
    assert watcher.look() == [file]
    assert watcher.look() == []
    os.utime(file, (2, 2))
    assert watcher.look() == [file]
