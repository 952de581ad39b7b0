"""Comparisons, voices, dossiers and timelines over real, contradicting reports; over nothing; and
with parameters that mean harm."""

from __future__ import annotations

import html
import json
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import quote

import httpx
import pyoxigraph
import pytest
from typer.testing import CliRunner

from contradicting import LONG, archive_of_reports, found, statement
from testimonia.cli import app as cli
from testimonia.library import Archive, open_archive
from testimonia.web import create_app
from testimonia.web.answers import Description
from testimonia.web.reports import budget, tellings

pytestmark = pytest.mark.anyio

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
TST = "https://w3id.org/testimonia#"
NASTY = "\"}<script>alert(1)</script>') . ?s ?p ?o } # \\"


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with archive_of_reports(tmp_path_factory.mktemp("reports")) as archive:
        yield archive


@pytest.fixture(scope="module")
def storm(reports: Archive) -> str:
    (event,) = found(reports, "?x a tst:Event ; rdfs:label ?l FILTER(STRSTARTS(?l, 'destroyed '))")
    return event


@pytest.fixture(scope="module")
def brook(reports: Archive) -> str:
    (actor,) = found(reports, "?x a tst:Person ; rdfs:label 'Ada Brook'")
    return actor.removeprefix(reports.iris.base_iri)


@asynccontextmanager
async def _open(archive: Archive) -> AsyncIterator[httpx.AsyncClient]:
    made = create_app(archive)
    transport = httpx.ASGITransport(made, raise_app_exceptions=False)
    try:
        async with httpx.AsyncClient(transport=transport, base_url="http://archive.test") as opened:
            yield opened
    finally:
        made.state.service.pool.close()


@pytest.fixture
async def asked(reports: Archive) -> AsyncIterator[httpx.AsyncClient]:
    async with _open(reports) as opened:
        yield opened


@pytest.fixture
async def nothing(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    with open_archive(tmp_path / "empty", create=True) as archive:
        async with _open(archive) as opened:
            yield opened


def visible(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def graph(answer: httpx.Response) -> set[pyoxigraph.Triple]:
    format_ = pyoxigraph.RdfFormat.from_media_type(answer.headers["content-type"].split(";")[0])
    return {quad.triple for quad in pyoxigraph.parse(answer.content, format=format_)}


# --------------------------------------------------------------------------------- comparisons


async def test_sources_stand_in_columns_and_what_differs_is_marked(
    asked: httpx.AsyncClient, storm: str
) -> None:
    answer = await asked.get(f"/compare?event={quote(storm)}", headers=HTML)
    assert answer.status_code == 200
    page = visible(answer.text)
    for words in (
        "3 documents tell of it here, in 3 accounts",
        "They differ Where A Odense 2 documents, Ada Brook, Mayor Cy Dahl",
        "A 12 boat 2 documents",
        "B 30 boat 1 document, Fisherman Bo Lind",
        "they differ",
        "they agree",
        "Harbour Gazette, 2031-05-07",
    ):
        assert words in page, words
    table = re.search(r'<table class="side-by-side">(.*?)</table>', answer.text, re.DOTALL)
    assert table is not None
    rows = re.findall(r"<tr.*?</tr>", table[1], re.DOTALL)
    assert {len(re.findall("<td", row)) for row in rows[1:]} == {3}
    assert len(re.findall('scope="colgroup"', rows[0])) == 3
    assert all('scope="row"' in row for row in rows[1:])
    assert "<caption" in table[1]


async def test_relations_between_statements_are_shown(
    asked: httpx.AsyncClient, reports: Archive, storm: str
) -> None:
    page = visible((await asked.get(f"/compare?event={quote(storm)}", headers=HTML)).text)
    assert "Fisherman Bo Lind : “that the storm destroyed 30 boats in Aarhus" in page
    assert re.search("contradicts +Ada Brook", page)
    data = (await asked.get(f"/api/compare?event={quote(storm)}")).json()
    (event,) = data["events"]["items"]
    kinds = {(each["kind"], each["from"]["id"], each["to"]["id"]) for each in event["relations"]}
    courier, gazette = (
        statement(reports, words) for words in ("destroyed 30 boats", "that the storm destroyed 12")
    )
    assert ("contradicts", courier, gazette) in kinds


async def test_a_comparison_as_json_has_versions_with_their_sources(
    asked: httpx.AsyncClient, storm: str
) -> None:
    data = (await asked.get(f"/api/compare?event={quote(storm)}")).json()
    (event,) = data["events"]["items"]
    assert event["total"] == 3
    assert event["more"] == 0
    aspects = {each["key"]: each for each in event["aspects"]}
    assert aspects["quantity boat"]["verdict"] == "differ"
    assert {each["label"]: each["sources"] for each in aspects["quantity boat"]["versions"]} == {
        "12 boat": 2,
        "30 boat": 1,
    }
    assert aspects["happened"]["verdict"] == "agree"
    (dates,) = [
        [each["earliest"] for each in account["times"]]
        for account in event["accounts"]
        if account["toldIn"]["voices"][0]["actor"]["label"] == "Fisherman Bo Lind"
    ]
    assert dates == ["2031-05-05"]
    assert [each["source"]["document"]["label"] for each in event["sources"]][:2] == [
        "Storm takes twelve boats",
        "Thirty boats lost",
    ]


async def test_a_topic_is_selected_by_words_actor_place_time_and_type(
    asked: httpx.AsyncClient, storm: str
) -> None:
    async def events(query: str) -> set[str]:
        data = (await asked.get(f"/api/compare?{query}")).json()
        assert data["events"]["total"] == len(data["events"]["items"])
        return {each["event"]["id"] for each in data["events"]["items"]}

    assert storm in await events("q=boats")
    assert storm in await events("q=boats&place=Odense")
    assert storm in await events("place=Denmark&from=2031-05-06&to=2031-05-06")
    assert storm not in await events("q=boats&from=2031-06-01")
    assert storm in await events("type=assault")
    assert storm not in await events("type=aid")
    assert await events("q=boats&place=Denmark&type=aid") == set()


async def test_statements_that_tell_of_no_event_are_not_lost(asked: httpx.AsyncClient) -> None:
    page = visible((await asked.get("/compare?q=injured", headers=HTML)).text)
    assert "Statements with these words that tell of no event 1" in page
    assert "nobody was injured" in page
    assert "not named" in page


async def test_a_long_list_is_paged_and_says_what_it_leaves_out(
    asked: httpx.AsyncClient, reports: Archive
) -> None:
    first = await asked.get("/api/compare?from=1900-01-01&to=2100-01-01")
    total = first.json()["events"]["total"]
    assert total == 3
    for path in ("/api/compare", "/compare"):
        second = await asked.get(f"{path}?from=1900-01-01&to=2100-01-01&page=2")
        assert second.status_code == 200
    assert (await asked.get("/api/compare?q=boats&page=2")).json()["events"]["items"] == []
    everything = await asked.get("/api/timeline")
    listed = everything.json()["events"]
    assert listed["more"] == 0
    assert listed["total"] == len(found(reports, "?a tst:accountOf ?x"))
    beyond = await asked.get("/timeline?page=9", headers=HTML)
    assert "There is no such page" in visible(beyond.text)


async def test_what_is_bounded_says_so(
    asked: httpx.AsyncClient, storm: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("testimonia.web.reports.compare.MOST_ACCOUNTS", 2)
    monkeypatch.setattr("testimonia.web.reports.voices.MOST", 2)
    monkeypatch.setattr("testimonia.web.reports.chronicle.EVENTS_PER_PAGE", 3)
    page = visible((await asked.get(f"/compare?event={quote(storm)}", headers=HTML)).text)
    assert "1 more account is not compared here" in page
    data = (await asked.get(f"/api/compare?event={quote(storm)}")).json()
    assert data["events"]["items"][0]["more"] == 1
    turtle = (await asked.get(f"/compare?event={quote(storm)}&format=turtle")).text
    assert "of each at most 2" in turtle
    page = visible((await asked.get("/voices", headers=HTML)).text)
    assert re.search(r"These are 2 of \d voices", page)
    cut = await asked.get("/timeline?format=ntriples")
    assert 'rel="next"' in cut.headers["link"]
    assert "1 to 3 of" in cut.text
    assert "vocab#next> <http://localhost:8000/timeline?page=2>" in cut.text
    following = await asked.get("/timeline?page=2&format=ntriples")
    assert "4 to 6 of" in following.text


# -------------------------------------------------------------------------------------- voices


async def test_voices_are_counted_with_and_without_names(
    asked: httpx.AsyncClient, reports: Archive
) -> None:
    data = (await asked.get("/api/voices")).json()
    assert data["statements"] == len(found(reports, "?x a tst:Statement"))
    assert data["documents"] == 4
    rows = {each["standing"]: each for each in data["byStanding"]}
    pairs = len(found(reports, "?x tst:speaker/tst:named false ; a tst:Statement"))
    assert rows["unnamed"]["total"] + rows["narrator"]["total"] == pairs
    assert sum(each["total"] for each in rows.values()) == data["attributed"] + data["narrator"]
    brook = next(each for each in data["quoted"]["items"] if each["actor"]["label"] == "Ada Brook")
    assert (brook["total"], brook["direct"], brook["documents"]) == (4, 2, 3)
    assert {each["voice"]["label"] for each in data["unnamed"]["items"]} >= {"officials"}
    alone = {each["thing"]["label"] for each in data["narrated"]["alone"]["items"]}
    assert "hit Odense" in alone
    assert "destroyed 12 boats" not in alone


async def test_voices_of_a_publisher_a_document_a_time_and_words(
    asked: httpx.AsyncClient, reports: Archive
) -> None:
    async def documents(query: str) -> int:
        return int((await asked.get(f"/api/voices?{query}")).json()["documents"])

    (document,) = found(reports, "?x dcterms:title ?t FILTER(STR(?t) = 'Thirty boats lost')")
    assert await documents(f"document={quote(document)}") == 1
    assert await documents(f"document={document.rpartition('/')[2]}") == 1
    assert await documents("publisher=Harbour+Gazette") == 1
    assert await documents("from=2031-05-08") == 1
    assert await documents("from=2031-05-01&to=2031-05-31") == 2
    assert await documents("q=boats") == 3
    assert await documents("publisher=Harbour+Gazette&from=2031-05-08") == 0


async def test_voices_that_others_alone_report_are_told(asked: httpx.AsyncClient) -> None:
    page = visible((await asked.get("/voices", headers=HTML)).text)
    assert "Voices that others alone report" in page
    assert "In all" not in page  # headings are as they are, not made of keys


# ------------------------------------------------------------------------------------ dossiers


async def test_a_dossier_has_all_of_an_actor(asked: httpx.AsyncClient, brook: str) -> None:
    answer = await asked.get(f"/{brook}/dossier", headers=HTML)
    page = visible(answer.text)
    for words in (
        "statements of its own 4",
        "Brook Storm takes twelve boats",
        "Its own statements, set against each other 1",
        "responds to",
        "2031-05-07 2 1",
        "stand in documents without a date and are not drawn",
        "To whom it speaks 1",
    ):
        assert words in page, words
    data = (await asked.get(f"/api/actors/{brook.removeprefix('actor/')}/dossier")).json()
    assert data["directness"] == {
        "direct": 2,
        "mixed": 0,
        "indirect": 2,
        "nested": 0,
        "negative": 0,
        "total": 4,
    }
    names = {each["name"]: each["total"] for each in data["names"]["items"]}
    assert names == {"Ada Brook": 4, "Brook": 1}
    assert [each["kind"] for each in data["betweenItsAndOthers"]["items"]] == [
        "contradicts",
        "corroborates",
    ]


async def test_a_place_that_speaks_or_is_spoken_of_has_a_dossier(asked: httpx.AsyncClient) -> None:
    answer = await asked.get("/api/places/geonames-2615876/dossier")
    assert answer.json()["actor"]["label"] == "Odense"
    assert answer.json()["about"] > 0


@pytest.mark.parametrize(
    "path", ["actor/nobody/dossier", "place/nowhere/dossier", "actor/%20/dossier"]
)
async def test_who_is_not_there_has_none(asked: httpx.AsyncClient, path: str) -> None:
    answer = await asked.get(f"/{path}")
    assert answer.status_code == 404
    assert answer.json()["status"] == 404


# ----------------------------------------------------------------------------------- timelines


async def test_each_telling_has_its_own_line(asked: httpx.AsyncClient, storm: str) -> None:
    answer = await asked.get("/timeline", headers=HTML)
    page = visible(answer.text)
    assert "5 May 2031" in page
    assert "6 May 2031" in page
    assert "(year unknown)" in page
    drawing = re.search(r'<svg[^>]*aria-labelledby="dated-title".*?</svg>', answer.text, re.DOTALL)
    assert drawing is not None
    told = re.findall(r'<rect[^>]*class="telling"[^>]*><title>([^<]*)', drawing[0])
    assert [each.partition(":")[0] for each in told].count("6 May 2031") == 2
    assert any(each.startswith("5 May 2031: Fisherman Bo Lind") for each in told)
    assert f"compare?event={storm.removeprefix('http://localhost:8000/')}" in answer.text


async def test_the_map_has_the_places_of_all_events(asked: httpx.AsyncClient) -> None:
    data = (await asked.get("/api/timeline")).json()
    places = {each["place"]["label"]: each for each in data["places"]["items"]}
    assert places["Odense"]["events"] == 3
    assert round(places["Odense"]["latitude"]) == 55
    page = (await asked.get("/timeline", headers=HTML)).text
    assert 'aria-label="Odense: 3 events"' in page
    narrowed = (await asked.get("/api/timeline?place=Odense")).json()
    assert narrowed["events"]["total"] == 3


async def test_a_publication_date_is_no_date_of_an_event(asked: httpx.AsyncClient) -> None:
    data = (await asked.get("/api/timeline?from=2031-05-07&to=2031-05-08")).json()
    assert data["events"]["total"] == 0


# ------------------------------------------------------------------------------ representations

PAGES = ("/compare?q=boats", "/voices", "/timeline", "/{brook}/dossier")


@pytest.mark.parametrize("page", PAGES)
async def test_every_form_holds_the_same_graph(
    asked: httpx.AsyncClient, page: str, brook: str
) -> None:
    path = page.format(brook=brook)
    mark = "&" if "?" in path else "?"
    graphs = []
    for name, media_type in (
        ("turtle", "text/turtle"),
        ("ntriples", "application/n-triples"),
        ("jsonld", "application/ld+json"),
        ("rdfxml", "application/rdf+xml"),
    ):
        by_name = await asked.get(f"{path}{mark}format={name}")
        by_accept = await asked.get(path, headers={"Accept": media_type})
        assert by_name.status_code == by_accept.status_code == 200
        assert by_name.headers["content-type"].startswith(media_type)
        assert by_name.content == by_accept.content
        graphs.append(graph(by_name))
    assert len(graphs[0]) > 20
    assert all(each == graphs[0] for each in graphs)
    assert not any(isinstance(each.subject, pyoxigraph.BlankNode) for each in graphs[0])


@pytest.mark.parametrize("page", PAGES)
async def test_a_page_names_its_other_forms(
    asked: httpx.AsyncClient, page: str, brook: str
) -> None:
    path = page.format(brook=brook)
    answer = await asked.get(path, headers=HTML)
    assert 'rel="alternate"' in answer.headers["link"]
    links = re.findall(r'<link rel="alternate" type="text/turtle" href="([^"]+)"', answer.text)
    (link,) = map(html.unescape, links)
    turtle = await asked.get(path.partition("?")[0] + link)
    assert turtle.headers["content-type"].startswith("text/turtle")
    assert graph(turtle) == graph(await asked.get(path, headers={"Accept": "text/turtle"}))


async def test_a_comparison_as_rdf_is_what_the_graph_says(
    asked: httpx.AsyncClient, reports: Archive, storm: str
) -> None:
    answer = await asked.get(f"/compare?event={quote(storm)}&format=ntriples")
    triples = graph(answer)
    node = pyoxigraph.NamedNode
    about = {each for each in triples if each.predicate == node(f"{TST}accountOf")}
    assert {each.object for each in about} == {node(storm)}
    assert len(about) == 3
    values = {str(each.object) for each in triples if each.predicate == node(f"{TST}value")}
    assert {each.split('"')[1] for each in values} == {"12", "30"}
    assert node(f"{TST}Contradicts") in {each.object for each in triples}


async def test_a_form_that_there_is_not_is_refused(asked: httpx.AsyncClient) -> None:
    for path in ("/voices?format=docx", "/api/voices?format=turtle"):
        answer = await asked.get(path)
        assert answer.status_code == 406, path
        assert answer.headers["content-type"] == "application/problem+json"
    answer = await asked.get("/voices", headers={"Accept": "image/png"})
    assert answer.status_code == 406


async def test_openapi_tells_of_the_reports(asked: httpx.AsyncClient) -> None:
    paths = (await asked.get("/openapi.json")).json()["paths"]
    for path in ("/compare", "/voices", "/timeline", "/actor/{id}/dossier"):
        content = paths[path]["get"]["responses"]["200"]["content"]
        assert {"text/html", "text/turtle"} <= set(content), path
    for path in ("/api/compare", "/api/voices", "/api/timeline", "/api/actors/{id}/dossier"):
        content = paths[path]["get"]["responses"]["200"]["content"]
        assert set(content) == {"application/json"}, path
        assert "$ref" in content["application/json"]["schema"]
        assert "406" in paths[path]["get"]["responses"]


# ------------------------------------------------------------------------------------ nothing


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/compare", "Choose a topic"),
        ("/compare?q=storm", "No event and no statement fulfils all of this"),
        ("/voices", "The archive has no statements yet"),
        ("/voices?q=storm", "No statement is of these documents"),
        ("/timeline", "The archive knows of no events yet"),
        ("/timeline?from=2031-01-01", "No event fulfils all of this"),
        ("/", "The archive is empty"),
    ],
)
async def test_an_empty_archive_says_so(nothing: httpx.AsyncClient, path: str, words: str) -> None:
    answer = await nothing.get(path, headers=HTML)
    assert answer.status_code == 200
    assert words in visible(answer.text)


@pytest.mark.parametrize("path", ["compare?q=a", "voices", "timeline"])
async def test_nothing_as_data_is_nothing(nothing: httpx.AsyncClient, path: str) -> None:
    answer = await nothing.get(f"/api/{path}")
    assert answer.status_code == 200
    assert answer.json()["cut"] is False


# --------------------------------------------------------------------------------------- harm


@pytest.mark.parametrize("parameter", ["q", "actor", "place", "event"])
async def test_what_means_harm_is_a_name_that_nobody_has(
    asked: httpx.AsyncClient, parameter: str
) -> None:
    answer = await asked.get("/compare", params={parameter: NASTY}, headers=HTML)
    assert answer.status_code in (200, 400)
    assert "<script" not in answer.text
    data = await asked.get("/api/compare", params={parameter: NASTY})
    if data.status_code == 200:
        assert data.json()["events"]["total"] == 0
    else:
        assert (data.status_code, parameter) == (400, "q")


@pytest.mark.parametrize(
    "query", ["speaker=Ada", "from=tomorrow", "from=12345678", "type=storm", "page=0", "page=x"]
)
async def test_what_means_nothing_is_refused(asked: httpx.AsyncClient, query: str) -> None:
    for path in ("/compare", "/api/timeline"):
        answer = await asked.get(f"{path}?{query}")
        assert answer.status_code == 422, path
        assert answer.headers["content-type"] == "application/problem+json"


async def test_a_form_sends_what_is_empty(asked: httpx.AsyncClient) -> None:
    answer = await asked.get("/compare?q=boats&actor=&place=&from=&to=&type=&event=", headers=HTML)
    assert answer.status_code == 200
    assert "They differ" in visible(answer.text)


async def test_words_that_cannot_be_searched_for_are_explained(asked: httpx.AsyncClient) -> None:
    for path in ("/compare?q=%22", "/voices?q=%22", "/timeline?q=%22"):
        answer = await asked.get(path, headers=HTML)
        assert answer.status_code == 400
        assert 'role="alert"' in answer.text
        assert (await asked.get(path, headers={"Accept": "text/turtle"})).status_code == 400


async def test_a_name_that_nobody_has_is_named(asked: httpx.AsyncClient) -> None:
    page = visible((await asked.get("/timeline?actor=Zed", headers=HTML)).text)
    assert "Nothing in this archive is called “Zed” (actor)" in page
    assert "Ada Brook" not in page


async def test_odd_titles_do_no_harm(asked: httpx.AsyncClient) -> None:
    page = (await asked.get("/timeline", headers=HTML)).text
    assert "<b>" not in page
    assert html.escape(LONG[:12]) in page
    assert "<bdi>" in page


async def test_a_number_that_is_none_is_left_out(reports: Archive) -> None:
    described = Description(())
    assert tellings._quantity(described, "x") is None


# -------------------------------------------------------------------------------- command line


def test_reports_are_written_as_pages_that_stand_alone(
    reports: Archive, storm: str, brook: str, tmp_path: Path
) -> None:
    folder = str(reports.folder)
    for arguments in (
        ["voices"],
        ["compare", "--event", storm],
        ["timeline", "--place", "Odense"],
        ["dossier", "Ada Brook"],
    ):
        file = tmp_path / "report.html"
        command = ["report", *arguments, "--archive", folder, "--output", str(file)]
        done = CliRunner().invoke(cli, command)
        assert done.exit_code == 0, done.output
        page = file.read_text(encoding="utf-8")
        assert page.startswith("<!doctype html>")
        assert "<style>" in page
        assert "<script" not in page
        targets = re.findall(r'(?:href|src)="([^"#][^"]*)"', page)
        assert targets
        assert all(each.startswith("http://localhost:8000/") for each in targets), arguments


def test_reports_are_written_as_data(reports: Archive, storm: str) -> None:
    folder = str(reports.folder)
    done = CliRunner().invoke(cli, ["report", "voices", "-a", folder, "-f", "json"])
    assert json.loads(done.stdout)["documents"] == 4
    done = CliRunner().invoke(
        cli, ["report", "compare", "-a", folder, "--event", storm, "-f", "turtle"]
    )
    assert done.exit_code == 0
    assert "tst:accountOf" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["dossier", "Nobody"], "no actor of this archive is called 'Nobody'"),
        (["compare", "--actor", "Nobody"], "nothing in this archive is called 'Nobody' (actor)"),
        (["timeline", "--from", "soon"], "write a day as 2031-05-04"),
    ],
)
def test_wrong_use_is_explained(reports: Archive, arguments: list[str], words: str) -> None:
    done = CliRunner().invoke(cli, ["report", *arguments, "-a", str(reports.folder)])
    assert done.exit_code != 0
    assert words in str(done.exception)


async def test_voices_that_take_too_long_say_how_to_ask_for_less(
    asked: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = (await asked.get("/api/voices")).status_code
    monkeypatch.setattr(budget, "_clock", Clock())
    answer = await asked.get("/api/voices")
    assert (first, answer.status_code) == (200, 503)
    told = answer.json()["detail"]
    assert "longer than the 30 seconds" in told
    assert "publisher" in told
    assert "testimonia report voices" in told
    page = await asked.get("/voices", headers=HTML)
    assert page.status_code == 503
    assert "publisher" in visible(page.text)


class Clock:
    """A clock on which each look takes a minute."""

    now = 0.0

    def __call__(self) -> float:
        self.now += 60.0
        return self.now
