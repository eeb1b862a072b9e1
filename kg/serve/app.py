"""The routes of the server: reads a request, lets a worker answer it, and sends what the worker has answered whole."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from http import HTTPStatus

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from kg.errors import LimitError
from kg.serve import protocol
from kg.serve.kept import Kept, entity_tag, is_same
from kg.serve.protocol import RefusedError, Task
from kg.workers.pool import Pool

MOST_BODY = 1_000_000  # bytes of the body of a request
_MOST_READ = 10_000_000  # bytes that are read and thrown away, so that the client can read why
_PATIENCE = 10.0  # seconds in which the body of a request has to come
_STATUS = {"busy": HTTPStatus.SERVICE_UNAVAILABLE, "time-out": HTTPStatus.GATEWAY_TIMEOUT}
_RETRY = "1"  # seconds
_KINDS = ("things", "articles", "ontology")  # of what has an address, with passages

Read = Callable[[Request, bytes], Task]


class _Endpoint:
    """The requests to one kind of address: read as tasks, and answered by workers."""

    def __init__(self, pool: Pool, kept: Kept, read: Read, methods: tuple[str, ...] = ("GET", "HEAD")) -> None:
        self._pool, self._read, self._methods = pool, read, methods
        self._kept = kept

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        request = Request(scope, receive)
        if request.method in self._methods:
            response = await _answered(request, self._read, self._pool, self._kept)
        else:
            allowed = ", ".join((*self._methods, "OPTIONS"))
            response = plain(HTTPStatus.METHOD_NOT_ALLOWED, f"this takes {allowed}", Allow=allowed)
        await response(scope, receive, send)


def application(pool: Pool) -> Starlette:
    """The server's routes, over the workers that answer."""
    endpoint = partial(_Endpoint, pool, Kept())
    return Starlette(
        routes=[
            Route("/sparql", endpoint(_sparql, ("GET", "HEAD", "POST"))),
            Route("/queries/{name}", endpoint(_stored)),
            Route("/passages/{article}/{name}", endpoint(_passage)),
            *(Route(f"/{kind}/{{name}}", endpoint(partial(_thing, kind))) for kind in _KINDS),
            Route("/{path:path}", endpoint(_page)),
        ]
    )


def _sparql(request: Request, body: bytes) -> Task:
    content_type = request.headers.get("content-type", "")
    return protocol.sparql(request.method, request.scope["query_string"], content_type, body)


def _page(request: Request, body: bytes) -> Task:
    parameters = protocol.parameters(request.scope["query_string"])
    return {"do": "page", "path": request.scope["path"], "parameters": parameters}


def _thing(kind: str, request: Request, body: bytes) -> Task:
    return {"do": "describe", "kind": kind, "name": request.path_params["name"]}


def _passage(request: Request, body: bytes) -> Task:
    return {"do": "describe", "kind": "passages", "name": "{article}/{name}".format(**request.path_params)}


def _stored(request: Request, body: bytes) -> Task:
    return protocol.stored(request.path_params["name"], request.scope["query_string"])


async def _answered(request: Request, read: Read, pool: Pool, kept: Kept) -> Response:
    try:
        body = await asyncio.wait_for(_body(request), _PATIENCE)
        scheme = "https" if request.headers.get("x-forwarded-proto") == "https" else "http"
        about = {"accept": request.headers.get("accept"), "base": f"{scheme}://{request.headers['host']}"}
        task = {**read(request, body), **about}
        version = str(pool.about["version"])
        if request.method != "POST" and _has_it(request, tag := entity_tag(task, version)):
            return Response(None, HTTPStatus.NOT_MODIFIED, {"ETag": tag, "Vary": "Accept"})
        if (found := kept.find(task, version)) is None:
            answering = pool.ask(protocol.packed(task), known=protocol.is_known(task, pool.about["texts"]))
            found = protocol.unpacked(await _unless_gone(request, answering))
            kept.keep(task, found, str(pool.about["version"]))
        head, content = found
    except RefusedError as refusal:
        return plain(refusal.status, refusal.message, **refusal.headers)
    except TimeoutError:
        return plain(HTTPStatus.REQUEST_TIMEOUT, "the body of the request takes too long", Connection="close")
    except LimitError as error:
        status = _STATUS.get(error.rule, HTTPStatus.SERVICE_UNAVAILABLE)
        retry = {"Retry-After": _RETRY} if error.rule == "busy" else {}
        request.state.rule = error.rule
        return plain(status, error.message, **retry)
    except ClientDisconnect:
        return plain(HTTPStatus.BAD_REQUEST, "the client has gone")
    request.state.rule = head.get("rule", "")
    named = {"ETag": entity_tag(task, head["version"])} if is_same(head) else {}
    return Response(content, head["status"], {**head["headers"], **named})


def _has_it(request: Request, tag: str) -> bool:
    """Whether the client has the response of that name (RFC 9110 §13.1.2)."""
    return tag in (name.strip() for name in request.headers.get("if-none-match", "").split(","))


async def _body(request: Request) -> bytes:
    """The body of a request. Raises RefusedError for a large one."""
    parts, size = list[bytes](), 0
    length = request.headers.get("content-length", "0")
    if length.isdigit() and int(length) > _MOST_READ:
        raise _too_large()
    async for part in request.stream():
        size += len(part)
        if size > _MOST_READ:
            raise _too_large()
        if size <= MOST_BODY:
            parts.append(part)
    if size > MOST_BODY:
        raise _too_large()
    return b"".join(parts)


def _too_large() -> RefusedError:
    return RefusedError(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"a request has at most {MOST_BODY:,} bytes", Connection="close"
    )


async def _unless_gone(request: Request, answering: Awaitable[bytes]) -> bytes:
    """What is awaited; it is cancelled, and ClientDisconnect raised, where the client goes away before."""
    task, gone = asyncio.ensure_future(answering), asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait({task, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise ClientDisconnect
        return task.result()
    finally:
        gone.cancel()
        task.cancel()


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def plain(status: HTTPStatus, message: str, **headers: str) -> Response:
    """A response that is a sentence."""
    return Response(f"{message}\n", status, headers, "text/plain")
