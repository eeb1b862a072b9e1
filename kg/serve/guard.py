"""What stands before the routes: the Host check, requests from other sites, security headers, CORS, and the log.

A web page that somebody visits must not read a graph that is served on the same machine: neither by a name of its own
that it lets lead here (DNS rebinding: the Host header is checked), nor by a request from its script (no CORS unless
asked for, and what a browser says comes from another site is refused).
"""

import ipaddress
import re
import time
from collections.abc import Callable, Iterable
from http import HTTPStatus

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.errors import clean

LOOPBACK = ("localhost", "127.0.0.1", "::1")
_LONGEST = 65_536  # bytes of the parameters in an address
_SHOWN = 300  # characters of an address in the log
# Everything that a page needs comes from here, and no script or style stands in a page.
_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
_POLICY += "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-cache",
}
_ALLOWED = {"Access-Control-Allow-Methods": "GET, HEAD, POST", "Access-Control-Allow-Headers": "Accept, Content-Type"}


class Guard:
    """An application around another one: it refuses, adds headers, and logs.

    `names` are those by which this server may be called, besides loopback names and, where it is `public`, addresses in
    numbers. `origins` are those of CORS, or `*`. `log` is given one line for each request.
    """

    def __init__(
        self, app: ASGIApp, names: Iterable[str], origins: Iterable[str], log: Callable[[str], None], *, public: bool
    ) -> None:
        self._app, self._log, self._public = app, log, public
        self._names, self._origins = {*LOOPBACK, *(name.lower() for name in names)}, {*origins}
        self.notes: dict[str, str] = {}  # further headers of each response

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, told = time.perf_counter(), {"status": 0, "size": 0}
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        added = {**HEADERS, **self.notes, **self._cors(headers)}

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                more = {k.lower().encode(): v.encode("latin-1") for k, v in added.items()}
                own = {k.lower(): v for k, v in message["headers"]}
                message["headers"] = [*{**more, **own, b"vary": more.get(b"vary", own.get(b"vary", b"Accept"))}.items()]
                told["status"] = message["status"]
            told["size"] += len(message.get("body", b""))
            await send(message)

        try:
            if refused := self._refused(scope, headers):
                await _say(send_guarded, *refused)
            elif scope["method"] == "OPTIONS":
                await _say(send_guarded, HTTPStatus.NO_CONTENT, "")
            else:
                await self._app(scope, receive, send_guarded)
        finally:
            self._log(_line(scope, told, time.perf_counter() - began))

    def _refused(self, scope: Scope, headers: dict[str, str]) -> tuple[HTTPStatus, str] | None:
        if sum(name == b"host" for name, _ in scope["headers"]) != 1 or not self._is_own(headers["host"]):
            return HTTPStatus.MISDIRECTED_REQUEST, "this server is not called by that name: see kg serve --name"
        if len(scope["query_string"]) > _LONGEST:
            return HTTPStatus.REQUEST_URI_TOO_LONG, "the address is too long: send what is long in the body of a POST"
        site, mode = headers.get("sec-fetch-site", "none"), headers.get("sec-fetch-mode", "navigate")
        foreign = site not in ("none", "same-origin") and mode != "navigate"
        if foreign and not self._allows(headers.get("origin", "")):
            return HTTPStatus.FORBIDDEN, "pages of other sites may not read this graph: see kg serve --cors"
        return None

    def _is_own(self, host: str) -> bool:
        """Whether a Host header names this server; an address in numbers cannot be rebound."""
        found = re.fullmatch(r"(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::\d{1,5})?", host.lower())
        name = (found[1] or found[2]) if found else ""
        if name.rstrip(".") in self._names:
            return True
        try:
            return bool(self._public and ipaddress.ip_address(name))
        except ValueError:
            return False

    def _allows(self, origin: str) -> bool:
        return bool(origin) and bool({"*", origin} & self._origins)

    def _cors(self, headers: dict[str, str]) -> dict[str, str]:
        """The headers of CORS (Fetch §3.2) for an origin that may read what is served, or those that forbid it."""
        if not self._origins:
            return {"Cross-Origin-Resource-Policy": "same-origin"}
        found = {"Cross-Origin-Resource-Policy": "cross-origin", "Vary": "Origin, Accept"}
        if self._allows(origin := headers.get("origin", "")):
            found["Access-Control-Allow-Origin"] = "*" if "*" in self._origins else origin
            found |= _ALLOWED if "access-control-request-method" in headers else {}
        return found


async def _say(send: Send, status: HTTPStatus, message: str) -> None:
    body = f"{message}\n".encode() if message else b""
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    if status == HTTPStatus.NO_CONTENT:
        headers = [(b"allow", b"GET, HEAD, POST, OPTIONS")]
    await send({"type": "http.response.start", "status": int(status), "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _line(scope: Scope, told: dict[str, int], seconds: float) -> str:
    """A line of the log: when, who, what, status, bytes, milliseconds, and the limit that was met."""
    query = scope["query_string"].decode("latin-1")
    target = scope["path"] + (f"?{query}" if query else "")
    shown = clean(target if len(target) <= _SHOWN else f"{target[:_SHOWN]}…")
    client = (scope.get("client") or ("-",))[0]
    rule = scope.get("state", {}).get("rule", "")
    now = time.strftime("%Y-%m-%dT%H:%M:%S")
    what = f"{scope['method']} {shown} {told['status']} {told['size']} bytes {seconds * 1000:.0f} ms"
    return f"{now} {client} {what}{f' [{rule}]' if rule else ''}"
