"""Asks a SPARQL endpoint that the user names, by the SPARQL 1.1 Protocol: the package httpx, of the extra `endpoint`.

An answer is read whole, within bounds of time and size, before any of it is used; one that was cut is an error.
Requests that met a busy server or a broken connection are sent again, a few times. Credentials come from the
environment, and are sent to no other origin (RFC 6454 §4) than that of the address; no cookies, nothing from .netrc.
"""

import os
import time
import weakref
from base64 import b64encode
from collections.abc import Callable, Mapping
from contextlib import suppress
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from pyoxigraph import QueryBoolean, QueryResultsFormat, RdfFormat, parse, parse_query_results

from kg import __version__
from kg.dataset.engine import SECONDS, Engine, Found, Graphs, Scope, in_order
from kg.dataset.results import Ask, Rows
from kg.errors import InputError, KgError, LimitError, UsageError, clean

if TYPE_CHECKING:
    import httpx

    from kg.rdf.sparql import QueryText

MAX_BYTES = 200 * 1024 * 1024  # of one answer, unpacked
MAX_REDIRECTS = 5
TRIES = 4  # of one request
LONGEST_WAIT = 10.0  # seconds before a request is sent again, whatever `Retry-After` says
USER, PASSWORD, TOKEN = "KG_ENDPOINT_USER", "KG_ENDPOINT_PASSWORD", "KG_ENDPOINT_TOKEN"
_FIRST_WAIT = 0.25  # seconds, doubled each time
_LEAST_LIMIT = 100  # rows: a server that sends no more than fewer is not thought of
_PORTS = {"http": 80, "https": 443}
_ROWS = "application/sparql-results+json, application/sparql-results+xml;q=0.5"
_GRAPH = "application/n-triples, text/turtle;q=0.5"
_RESULTS = {
    "application/sparql-results+json": QueryResultsFormat.JSON,
    "application/json": QueryResultsFormat.JSON,
    "application/sparql-results+xml": QueryResultsFormat.XML,
    "application/xml": QueryResultsFormat.XML,
}
_GRAPHS = {
    "application/n-triples": RdfFormat.N_TRIPLES,
    "text/plain": RdfFormat.N_TRIPLES,
    "text/turtle": RdfFormat.TURTLE,
    "application/x-turtle": RdfFormat.TURTLE,
}
_WHERE = "is this the address of the endpoint itself? it often ends in /sparql or /query"
_BUSY = frozenset({429, 503})
_LIMITS = frozenset({408, 413, 429, 503, 504})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


class Received(NamedTuple):
    """An answer that came whole: its media type, its bytes, and the most rows that the server says it sends, if any."""

    media_type: str
    data: bytes
    most_rows: int | None


class Endpoint:
    """A SPARQL endpoint by its address. Each request, with what is sent again, may take so many `seconds`.

    Raises UsageError for what is no such address, and where httpx is not installed.
    """

    def __init__(self, address: str, seconds: float = SECONDS, environ: Mapping[str, str] = os.environ) -> None:
        try:
            import httpx
        except ImportError as error:
            hint = 'install the extra: pip install -e ".[endpoint]"'
            raise UsageError("asking an endpoint needs the package httpx", hint=hint) from error
        try:
            self._url = httpx.URL(address)
            is_address = self._url.scheme in _PORTS and bool(self._url.raw_host)
        except (httpx.InvalidURL, ValueError, UnicodeError):
            is_address = False
        if not is_address:
            hint = "give it whole: http://… or https://…"
            raise UsageError(f"“{address}” is no address of an endpoint", hint=hint, rule="usage")
        if self._url.userinfo:
            hint = f"name and password are taken from {USER} and {PASSWORD}, a token from {TOKEN}"
            raise UsageError("the address has a name or a password in it", hint=hint, rule="usage")
        self.address, self.seconds = str(self._url.copy_with(fragment=None)), seconds
        self.requests = 0  # that were sent
        self._credentials = _credentials(environ)
        self._clients: dict[str, httpx.Client] = {}
        weakref.finalize(self, _close, self._clients)

    def _client(self, scheme: str) -> "httpx.Client":
        """The client for addresses of a scheme; that for http takes no time to read certificates."""
        import httpx

        if scheme not in self._clients:
            self._clients[scheme] = httpx.Client(verify=scheme != "http", trust_env=False, follow_redirects=False)
        return self._clients[scheme]

    def close(self) -> None:
        """Close its connections; a later request opens new ones."""
        _close(self._clients)

    def ask(self, query: str, graph: str = "") -> Found:
        """The answer to a query, whole: rows that a server sends a part at a time are put together.

        `graph` is the IRI of one that is asked as the default graph (SPARQL 1.1 Protocol §2.1.4).

        Raises InputError for what is no answer, LimitError where it takes too long, is too large or was cut.
        """
        from kg.rdf.sparql import query_text

        text = query_text(query)
        if text.form is not None and text.word(text.form) not in ("SELECT", "ASK"):
            return self._triples(self._received(query, _GRAPH, graph))
        found, may_be_cut = self.part(query, graph)
        return self._whole(_Paged(text), found, graph) if isinstance(found, Rows) and may_be_cut else found

    def part(self, query: str, graph: str = "") -> tuple[Rows | Ask, bool]:
        """The answer to a SELECT or ASK as it comes, and whether a server that sends few rows may have left some out.

        It may where the server says so (Virtuoso: `X-SPARQL-MaxRows`), or where there is a round number of rows.
        """
        received = self._received(query, _ROWS, graph)
        found = self._read(received)
        if isinstance(found, Ask):
            return found, False
        rows, most = len(found.rows), received.most_rows
        return found, rows >= most if most else rows >= _LEAST_LIMIT and rows % _LEAST_LIMIT == 0

    def _whole(self, query: "_Paged", first: Rows, graph: str) -> Rows:
        """All rows of a query of which a server may have sent the first alone."""
        rows = list(first.rows)
        while query.limit is None or len(rows) < query.limit:
            left = len(first.rows) if query.limit is None else min(len(first.rows), query.limit - len(rows))
            found, _ = self.part(query.page(left, len(rows)), graph)
            assert isinstance(found, Rows)
            if not found.rows:
                break
            if not query.is_ordered:
                message = f"the server sends no more than {len(first.rows):,} rows, and there are more"
                hint = "with ORDER BY the rest can be asked for; or ask for less"
                raise LimitError(message, hint=hint, where=self.address, rule="cut")
            rows += found.rows
        return Rows(first.columns, rows)

    # Answers

    def _read(self, received: Received) -> Rows | Ask:
        form = _RESULTS.get(received.media_type)
        if form is None:
            raise self._no_results(received)
        found = _parsed(received.data, form)
        if isinstance(found, str):
            raise self._cut(found)
        return found

    def _triples(self, received: Received) -> list[Any]:
        form = _GRAPHS.get(received.media_type)
        if form is None:
            raise self._no_results(received)
        try:
            return list(dict.fromkeys(q.triple for q in parse(received.data, form)))
        except (SyntaxError, ValueError, OSError) as error:
            raise self._cut(str(error)) from error

    def _no_results(self, received: Received) -> InputError:
        """The error for an answer in a format that was not asked for."""
        is_page = "html" in received.media_type or b"<html" in received.data[:1000].lower()
        what = "a web page (HTML)" if is_page else clean(received.media_type[:80]) or "an answer without a type"
        message = f"the server sends {what}, no results of SPARQL"
        return InputError(message, hint=_WHERE, where=self.address, rule="endpoint")

    def _cut(self, why: str) -> LimitError:
        hint = f"a limit of the server, or of a proxy before it? {clean(why)[:200]}"
        return LimitError("the answer was cut: none of it is used", hint=hint, where=self.address, rule="cut")

    # Requests

    def _received(self, query: str, accept: str, graph: str) -> Received:
        """What is received for a query, after redirects, and sent again where that may help."""
        import httpx

        until, wait = time.monotonic() + self.seconds, _FIRST_WAIT
        named = {"default-graph-uri": graph} if graph else {}
        for tries in range(1, TRIES + 1):
            asked: float | None = None
            try:
                response, data = self._followed({"query": query, **named}, accept, until)
                if response.status_code == 200:
                    return self._checked(response, data, is_graph=accept == _GRAPH)
                problem = self._refused(response, data)
                if response.status_code not in _BUSY:
                    raise problem
                asked = _retry_after(response.headers.get("retry-after", ""))
            except httpx.TimeoutException as error:
                raise self._late() from error
            except httpx.TransportError as error:
                problem = self._broken(error)
            wait_now = wait if asked is None else min(asked, LONGEST_WAIT)
            if tries == TRIES or time.monotonic() + wait_now > until:
                break
            time.sleep(wait_now)
            wait *= 2
        raise problem

    def _followed(self, form: dict[str, str], accept: str, until: float) -> "tuple[httpx.Response, bytes]":
        """The answer at the end of redirects. The credentials are sent to the origin of the address alone."""
        import httpx

        url, method = self._url, "POST"
        for _ in range(MAX_REDIRECTS + 1):
            headers = {"Accept": accept, "User-Agent": f"entente-kg/{__version__}"}
            if _origin(url) == _origin(self._url):
                headers |= self._credentials
            left = max(until - time.monotonic(), 0.01)
            client = self._client(url.scheme)
            request = client.build_request(
                method, url, headers=headers, timeout=left, data=form if method == "POST" else None
            )
            self.requests += 1
            response = client.send(request, stream=True)
            try:
                location = response.headers.get("location", "")
                if response.status_code not in _REDIRECTS or not location:
                    return response, self._body(response, until)
            finally:
                response.close()
            try:
                given = httpx.URL(location)
                url = url.join(given).copy_with(fragment=None)
                if url.scheme not in _PORTS or url.userinfo or (given.scheme and not given.host):
                    raise httpx.InvalidURL(location)
            except (httpx.InvalidURL, ValueError, UnicodeError) as error:
                message = f"a redirect leads to “{clean(location[:200])}”, which is no web address"
                raise InputError(message, where=self.address, rule="endpoint") from error
            method = "GET" if response.status_code == 303 else method  # RFC 9110 §15.4.4
        message, hint = f"more than {MAX_REDIRECTS} redirects", "name the address to which they lead"
        raise LimitError(message, hint=hint, where=self.address, rule="redirects")

    def _body(self, response: "httpx.Response", until: float) -> bytes:
        parts, size = list[bytes](), 0
        for part in response.iter_bytes():
            size += len(part)
            if time.monotonic() > until:
                raise self._late()
            if size > MAX_BYTES:
                message = f"the answer is larger than {MAX_BYTES // 1024 // 1024} MB"
                raise LimitError(message, hint="ask for less", where=self.address, rule="too-large")
            parts.append(part)
        return b"".join(parts)

    def _checked(self, response: "httpx.Response", data: bytes, *, is_graph: bool) -> Received:
        """A complete answer; one of triples must say where it ends, which these do not (RFC 9112 §6.3)."""
        headers = response.headers
        if is_graph and "content-length" not in headers and "chunked" not in headers.get("transfer-encoding", ""):
            raise self._cut("no length is given, so nobody can tell whether all triples came")
        most = headers.get("x-sparql-maxrows", "")
        media = headers.get("content-type", "").partition(";")[0].strip().lower()
        return Received(media, data, int(most) if most.isdecimal() and int(most) else None)

    def _refused(self, response: "httpx.Response", data: bytes) -> KgError:
        """The error for a status that is not 200, with the first words of what the server says."""
        status = response.status_code
        is_text = "html" not in response.headers.get("content-type", "")
        lines = [line.strip() for line in data[:2000].decode(errors="replace").splitlines() if line.strip()]
        said = f": {clean(lines[0])[:300]}" if is_text and lines else ""
        message = f"the server answers {status} {clean(response.reason_phrase)}".rstrip() + said
        hint = _WHERE
        if status in (401, 403, 407):
            hint = f"set {USER} and {PASSWORD}, or {TOKEN}, in the environment"
            if self._credentials:
                hint = "the credentials of the environment were sent: are they right, and for this address?"
        if status in _LIMITS:
            return LimitError(message, hint="try again later, or ask for less", where=self.address, rule="busy")
        if status == 400:
            hint = "the server does not take this query"
        return InputError(message, hint=hint, where=self.address, rule="endpoint")

    def _broken(self, error: "httpx.TransportError") -> KgError:
        import httpx

        if isinstance(error, httpx.ConnectError):
            hint = "is the address right, and does the server run?"
            message = f"the server cannot be reached: {clean(str(error))[:200]}"
            return InputError(message, hint=hint, where=self.address, rule="endpoint")
        return self._cut(str(error))

    def _late(self) -> LimitError:
        message, hint = f"no whole answer within {self.seconds:g} s", "raise the limit with --timeout SECONDS"
        return LimitError(message, hint=hint, where=self.address, rule="time-out")


def _parsed(data: bytes, form: QueryResultsFormat) -> Rows | Ask | str:
    """The rows or the boolean of a document, or what is wrong with it.

    No error leaves this function: it would keep the solutions, which no other thread may let go of.
    """
    try:
        found = parse_query_results(data, form)
        if isinstance(found, QueryBoolean):
            return Ask(bool(found))
        return Rows([v.value for v in found.variables], [tuple(row) for row in found])
    except (SyntaxError, ValueError, OSError) as error:
        plain = _with_plain_blank_nodes(data) if form == QueryResultsFormat.JSON else None
        return str(error) if plain in (None, data) else _parsed(plain, form)


def _with_plain_blank_nodes(data: bytes) -> bytes | None:
    """Results in JSON with labels of blank nodes as SPARQL has them, not `nodeID://b1` (Virtuoso); None for no JSON."""
    import json

    try:
        results = json.loads(data)
        for row in results["results"]["bindings"]:
            for term in row.values():
                if term.get("type") == "bnode":
                    term["value"] = "b" + "".join(
                        c if c.isascii() and c.isalnum() else f"_{ord(c):x}" for c in term["value"]
                    )
        return json.dumps({name: results[name] for name in ("head", "results")}).encode()
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


class _Paged:
    """A query of which parts can be asked for: `limit` and order are its own."""

    def __init__(self, text: "QueryText") -> None:
        names = ("ORDER", "LIMIT", "OFFSET", "VALUES")
        found = {text.word(i): i for i in text.uses(*names) if text.inside[i].around is None}
        numbers = {w: int(text.text_at(found[w] + 1)) for w in ("LIMIT", "OFFSET") if w in found}
        self.limit, self._offset, self.is_ordered = numbers.get("LIMIT"), numbers.get("OFFSET", 0), "ORDER" in found
        end = found.get("VALUES", len(text.tokens))
        first = min([end, *(found[w] for w in numbers)])
        self._head, self._tail = text.slice(0, first), text.slice(end, len(text.tokens)) if "VALUES" in found else ""

    def page(self, rows: int, at: int) -> str:
        """The query for so many rows, from that one on."""
        return f"{self._head}\nLIMIT {rows} OFFSET {self._offset + at}\n{self._tail}"


def _close(clients: "dict[str, httpx.Client]") -> None:
    while clients:
        clients.popitem()[1].close()


def _credentials(environ: Mapping[str, str]) -> dict[str, str]:
    """The header with the credentials of the environment; nothing where there are none."""
    token, user, password = (environ.get(name, "") for name in (TOKEN, USER, PASSWORD))
    if (token or user) and not (token + user + password).isprintable():
        raise UsageError(f"{TOKEN}, {USER} and {PASSWORD} must be one line each", rule="usage")
    if token:
        return {"Authorization": f"Bearer {token}"}
    return {"Authorization": f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"} if user else {}


def _origin(url: "httpx.URL") -> tuple[str, bytes, int]:
    return url.scheme, url.raw_host.lower(), url.port or _PORTS[url.scheme]


def _retry_after(header: str) -> float | None:
    """The seconds that a server asks to wait, given as such or as a date (RFC 9110 §10.2.3)."""
    if header.isdecimal():
        return float(header)
    with suppress(ValueError):
        return max(parsedate_to_datetime(header).timestamp() - time.time(), 0.0)
    return None


class EndpointEngine(Engine):
    """What answers SPARQL by asking an endpoint; a query's text is checked here first."""

    def __init__(self, ask: Callable[[str], Found]) -> None:
        super().__init__((), "oxigraph")
        self._ask = ask

    def run(self, text: str, *, checked: bool = False, base: str = "", graphs: Graphs | None = None) -> Found:
        """As `Engine.run`; FROM and FROM NAMED choose among the graphs of the endpoint."""
        from kg.rdf import sparql

        if not checked:
            sparql.check(text)
            chosen = sparql.split_dataset(text, base)
            self._answer(chosen[0] if chosen else text, Scope(base or None))  # of no data: what is wrong with its text
        found = self._ask(f"BASE <{base}>\n{text}" if base else text)
        if not isinstance(found, Rows):
            return found
        query = sparql.query_text(text)
        if query.form is not None and query.word(query.form + 1) == "DISTINCT":  # Virtuoso repeats some all the same
            found = Rows(found.columns, list(dict.fromkeys(found.rows)))
        return in_order(found, query)
