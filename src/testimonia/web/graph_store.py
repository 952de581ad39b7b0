"""SPARQL 1.1 Graph Store HTTP Protocol, at ``/rdf-graph-store``: a graph by ``?graph=IRI``, the
default graph by ``?default``, or a graph whose IRI is the address itself."""

from __future__ import annotations

import hashlib
import secrets
from functools import partial
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from python_multipart.exceptions import FormParserError
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import Response

from testimonia import rdf
from testimonia.errors import NoSuchGraph
from testimonia.sparql.answers import told_apart
from testimonia.sparql.negotiation import GRAPHS
from testimonia.sparql.pool import Query, Whole
from testimonia.updates.dataset import GraphWrite, Update
from testimonia.updates.turns import Spent
from testimonia.web import bodies
from testimonia.web.access import Client, Right, require
from testimonia.web.departure import EndingWithClient
from testimonia.web.problems import Problem
from testimonia.web.service import Service, matches
from testimonia.web.sparql import UPDATE, StreamedResponse, base_of

PATH: Final = "/rdf-graph-store"
METHODS: Final = ("GET", "HEAD", "PUT", "POST", "DELETE", "PATCH", "OPTIONS")
MULTIPART: Final = "multipart/form-data"
_MEDIA_TYPES: Final = tuple(each.media_type for each in GRAPHS)
_ALIASES: Final = ("application/x-turtle", "text/n3", "application/xml", "text/xml", "text/plain")
# RDF 1.1 XML is often sent as plain XML; pyoxigraph knows the others by these names itself.
_PROPER: Final = {"application/xml": "application/rdf+xml", "text/xml": "application/rdf+xml"}
_MOST_FILES: Final = 100
_CHANGED: Final = "the graph is not (any more) what the request takes it for: read it again"


class GraphStore:
    """The application at ``/rdf-graph-store`` and below."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def response(self, request: Request) -> Response:
        """What a request is answered.

        Raises:
            Problem, TestimoniaError: see :mod:`testimonia.web.problems`.
        """
        if request.method == "OPTIONS":
            headers = {"Allow": _allowed(), "Accept-Post": ", ".join((*_MEDIA_TYPES, MULTIPART))}
            headers["Accept-Patch"] = UPDATE
            return Response(status_code=HTTPStatus.NO_CONTENT, headers=headers)
        if request.method not in METHODS:
            detail = f"a graph is read or written by {_allowed()}, not {request.method}"
            raise Problem(HTTPStatus.METHOD_NOT_ALLOWED, detail, {"Allow": _allowed()})
        client = self._service.access.client(request)
        graph = self._graph(request)
        if request.method == "GET":
            return await self._read(request, client, graph)
        self._require_writing(client)
        if graph is None:
            if request.method != "POST":
                detail = "name a graph: ?default, ?graph=IRI, or an address below this one"
                raise Problem(HTTPStatus.BAD_REQUEST, detail)
            return await self._create(request, client)
        await self._check_preconditions(request, graph)
        match request.method:
            case "PUT":
                if "content-range" in request.headers:  # RFC 9110, section 14.5
                    detail = "a graph is put whole: Content-Range would have a part replace it"
                    raise Problem(HTTPStatus.BAD_REQUEST, detail)
                return await self._write(request, client, graph, merge=False)
            case "POST":
                return await self._write(request, client, graph, merge=True)
            case "PATCH":
                return await self._patch(request, client, graph)
            case _:
                return await self._drop(client, graph)

    def _require_writing(self, client: Client) -> None:
        if not self._service.access.writable:
            detail = "this server is read-only; it can be started so that tokens may write"
            raise Problem(HTTPStatus.FORBIDDEN, detail)
        require(client, Right.UPDATE)
        self._service.access.admit(client)

    def _spent(self, client: Client) -> Spent:
        return partial(self._service.access.spent, client)

    def _graph(self, request: Request) -> str | None:
        """The graph that is meant; ``None`` for the graph store itself.

        Raises:
            Problem: 400, more than one is, or what is no IRI.
        """
        given = bodies.parameters(request)
        named, default = given.all("graph"), given.has("default")
        below = request.url.path.removeprefix(PATH).strip("/")
        if len(named) + default + bool(below) > 1:
            raise Problem(HTTPStatus.BAD_REQUEST, "one graph at a time: several were named")
        if default:
            return ""
        if below:
            return base_of(request, self._service.base_iri)
        if not named:
            return None
        return self._checked(named[0])

    def _checked(self, name: str) -> str:
        if not rdf.is_absolute_iri(name):
            detail = f"{name!r} is no absolute IRI, so it names no graph"
            raise Problem(HTTPStatus.BAD_REQUEST, detail)
        return name

    # ------------------------------------------------------------------------- reading

    async def _read(self, request: Request, client: Client, graph: str | None) -> Response:
        require(client, Right.QUERY)
        if graph is None:
            detail = "name a graph: ?default, ?graph=IRI, or an address below this one"
            raise Problem(HTTPStatus.BAD_REQUEST, detail)
        self._service.access.admit(client)
        format_ = bodies.parameters(request).first("format")
        query = Query(
            graph=graph,
            accept=bodies.accept(request),
            format=format_,
            short_names=not self._service.plain,
        )
        spent = self._spent(client)
        with EndingWithClient(request.receive):
            answer = await self._service.pool.answer(query, spent=spent)
        headers = {"Vary": self._service.vary, "Cache-Control": "no-cache"}
        if not isinstance(answer, Whole):
            headers["ETag"] = await self._service.etag(told_apart(query))
            raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
            return StreamedResponse(answer, raw)
        digest = await self._digest(graph)
        etag = f'W/"{digest}"' if digest else await self._service.etag(told_apart(query))
        headers["ETag"] = etag
        wanted = request.headers.get("if-match")
        if wanted is not None and not _has(wanted, etag, exists=True):
            raise Problem(HTTPStatus.PRECONDITION_FAILED, _CHANGED, {"ETag": etag})
        if matches(request.headers.get("if-none-match"), headers["ETag"]):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
        return Response(answer.body, media_type=answer.media_type, headers=headers)

    async def _digest(self, graph: str) -> str | None:
        """What tells a graph's content from any other; nothing for one that is long."""
        answer = await self._service.pool.answer(Query(graph=graph, format="ntriples"))
        if not isinstance(answer, Whole):
            await answer.rest.aclose()  # type: ignore[attr-defined]
            return None
        lines = sorted(answer.body.splitlines())
        return hashlib.sha256(b"\n".join(lines)).hexdigest()[:32]

    async def _check_preconditions(self, request: Request, graph: str) -> None:
        """RFC 9110, section 13.1. The validator of a graph is that of its content, in any format.

        Raises:
            Problem: 412.
        """
        wanted = request.headers.get("if-match")
        unwanted = request.headers.get("if-none-match")
        if wanted is None and unwanted is None:
            return
        try:
            digest = await self._digest(graph)
            current = f'W/"{digest}"' if digest else None
            exists = True
        except NoSuchGraph:
            current, exists = None, False
        if wanted is not None and not _has(wanted, current, exists=exists):
            raise Problem(HTTPStatus.PRECONDITION_FAILED, _CHANGED)
        if unwanted is not None and _has(unwanted, current, exists=exists):
            raise Problem(HTTPStatus.PRECONDITION_FAILED, "there is such a graph already")

    # ------------------------------------------------------------------------- writing

    async def _write(
        self, request: Request, client: Client, graph: str, *, merge: bool
    ) -> Response:
        created = False
        for index, (data, media_type) in enumerate(await self._documents(request)):
            write = GraphWrite(
                graph,
                data,
                media_type,
                graph or base_of(request, self._service.base_iri),
                merge=merge or index > 0,
                unchecked=client.may(Right.UNCHECKED),
            )
            created |= await self._service.dataset.put(write, spent=self._spent(client))
        status = HTTPStatus.CREATED if created else HTTPStatus.NO_CONTENT
        return Response(status_code=status)

    async def _create(self, request: Request, client: Client) -> Response:
        """A graph under a new name, which the answer tells (section 5.5)."""
        base = base_of(request, self._service.base_iri).rstrip("/")
        graph = f"{base}/{secrets.token_hex(8)}"
        response = await self._write(request, client, graph, merge=True)
        response.headers["Location"] = graph
        if urlsplit(graph).netloc != request.url.netloc:
            # An archive that is not (yet) served where its IRIs say: whoever asks here is to find
            # the graph here.
            path = f"{request.url.path.rstrip('/')}/{graph.rpartition('/')[2]}"
            response.headers["Location"] = str(request.url.replace(path=path, query=""))
            response.headers["Link"] = f'<{graph}>; rel="canonical"'
        return response

    async def _documents(self, request: Request) -> list[tuple[bytes, str]]:
        """What is sent, with its media type: the body, or the files of a form.

        Raises:
            Problem: 400, 413, 415.
        """
        known = (*_MEDIA_TYPES, *_ALIASES)
        header = "Accept-Post" if request.method == "POST" else "Accept"
        kind = bodies.content_type(request, (*known, MULTIPART), header=header)
        if kind != MULTIPART:
            data = await bodies.body(request, self._service.graph_bytes)
            return [(data, _PROPER.get(kind, kind))]
        data = await bodies.body(request, self._service.graph_bytes)
        return await _files(request, data)

    async def _patch(self, request: Request, client: Client, graph: str) -> Response:
        bodies.content_type(request, (UPDATE,), header="Accept-Patch")
        text = bodies.utf8(await bodies.body(request, self._service.query_bytes))
        base_iri = base_of(request, self._service.base_iri)
        unchecked = client.may(Right.UNCHECKED)
        update = Update(text, base_iri=base_iri, graph=graph, unchecked=unchecked)
        await self._service.dataset.update(update, spent=self._spent(client))
        return Response(status_code=HTTPStatus.NO_CONTENT)

    async def _drop(self, client: Client, graph: str) -> Response:
        if not await self._service.dataset.drop(graph, spent=self._spent(client)):
            raise NoSuchGraph(f"there is no graph <{graph}>")
        return Response(status_code=HTTPStatus.NO_CONTENT)


def _allowed() -> str:
    return ", ".join(METHODS)


def _has(validators: str, current: str | None, *, exists: bool) -> bool:
    if validators.strip() == "*":
        return exists
    return current is not None and matches(validators, current)


async def _files(request: Request, data: bytes) -> list[tuple[bytes, str]]:
    """The files of a form whose body has been read, each with its media type."""
    sent = iter([{"type": "http.request", "body": data, "more_body": False}])

    async def receive() -> dict[str, object]:
        return next(sent)

    # With an app in its scope a request raises the framework's exceptions, which nobody here knows.
    scope = {name: value for name, value in request.scope.items() if name != "app"}
    again = Request(scope, receive)
    try:
        form = await again.form(max_files=_MOST_FILES, max_fields=_MOST_FILES)
    except (MultiPartException, FormParserError) as error:
        raise Problem(HTTPStatus.BAD_REQUEST, f"the form cannot be read: {error}") from error
    try:
        files = [each for _, each in form.multi_items() if isinstance(each, UploadFile)]
        found = [(await each.read(), _media_type(each)) for each in files]
    finally:
        await form.close()
    if not found:
        raise Problem(HTTPStatus.BAD_REQUEST, "the form has no file; each file is a document")
    return found


def _media_type(file: UploadFile) -> str:
    """By what the form says, else by the file's name."""
    said = (file.content_type or "").partition(";")[0].strip().lower()
    said = _PROPER.get(said, said)
    if said and rdf.is_rdf(said):
        return said
    by_name = rdf.media_type_of(file.filename or "")
    if by_name is None:
        detail = f"{file.filename or 'a file'} of the form is no RDF that can be read here"
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, detail)
    return by_name
