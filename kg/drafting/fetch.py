"""Fetches a page that the user names, within bounds: the package httpx, of the extra `web`.

Only http and https, 30 seconds in all, 10 MB unpacked, five redirects; no cookies, no proxies, nothing from .netrc. A
host to which a redirect leads, and which the user did not name, has to be on the public internet. Each host is resolved
once, and the address that was looked at is the one connected to, whatever its name means a moment later.
"""

import ipaddress
import re
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from kg import __version__
from kg.errors import InputError, KgError, LimitError, UsageError

if TYPE_CHECKING:
    import ssl

    import httpx

SECONDS = 30.0  # for all of it
MAX_BYTES = 10 * 1024 * 1024  # of a page, unpacked
MAX_REDIRECTS = 5
_MOST_ADDRESSES = 4  # of a host that are tried
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|dclid|msclkid|mc_[ce]id|igshid|cmpid")
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052
_HEADERS = {
    "Accept": "text/html, application/xhtml+xml, text/plain;q=0.9, */*;q=0.1",
    "Accept-Encoding": "gzip, deflate",
    "User-Agent": f"entente-kg/{__version__}",
}
Resolve = Callable[..., list[tuple[Any, ...]]]  # as socket.getaddrinfo


@dataclass(frozen=True)
class Fetched:
    """What came from an address: the last one, where redirects led; media type and charset are in lower case."""

    address: str
    media_type: str
    charset: str
    data: bytes


def is_address(name: str) -> bool:
    """Whether what a user named is an address rather than a file."""
    return _ADDRESS.match(name) is not None


def normalised(address: str) -> str:
    """An address as it is compared with others.

    Without scheme, `www.`, default port, fragment, slash at the end and what only tells where a reader came from.
    """
    try:
        parts = urlsplit(address.strip())
        host, port = (parts.hostname or "").rstrip(".").removeprefix("www."), parts.port
    except ValueError:
        return address
    place = f"{host}:{port}" if port and port not in (80, 443) else host
    query = sorted(pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.fullmatch(pair[0]))
    path = quote(unquote(parts.path), safe="/~!$&'()*+,;=:@").rstrip("/")
    return f"{place}{path}?{urlencode(query)}" if query else f"{place}{path}"


def is_public(address: str) -> bool:
    """Whether an IP address is on the public internet, also the IPv4 address within one of IPv6."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if inner is None and found in _NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return found.is_global and not (found.is_multicast or found.is_reserved or found.is_unspecified)


def fetch(address: str, *, seconds: float = SECONDS, resolve: Resolve = socket.getaddrinfo) -> Fetched:
    """Fetch the page at an address.

    Raises UsageError for what is no such address, InputError where there is no page, LimitError where it takes too long
    or is too large.
    """
    done: list[Fetched | BaseException] = []
    work = _Fetching(_checked(address), time.monotonic() + seconds, resolve)

    def run() -> None:
        try:
            done.append(work.page())
        except BaseException as error:  # told below
            done.append(error)

    # A resolver, and a server that sends a byte now and then, keep to no time-out.
    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds + 0.5)
    if not done:
        raise _late(seconds, address)
    if isinstance(done[0], Fetched):
        return done[0]
    raise done[0] if isinstance(done[0], KgError) else _problem(done[0], address, seconds)


def _checked(address: str) -> "httpx.URL":
    import httpx

    try:
        url = httpx.URL(address)
        host = url.raw_host.decode()
    except (httpx.InvalidURL, ValueError, UnicodeError) as error:
        raise UsageError(f"“{address}” is no web address", hint="give it whole: https://…") from error
    if url.scheme not in ("http", "https") or not host:
        raise UsageError(f"“{address}” is no web address", hint="only http:// and https:// can be fetched")
    if url.userinfo:
        raise UsageError("the address has a name or a password in it", hint="take out what stands before the @")
    return url


class _Fetching:
    """One fetch: from the address that the user named through redirects to a page."""

    def __init__(self, url: "httpx.URL", deadline: float, resolve: Resolve) -> None:
        self._url, self._deadline, self._resolve = url, deadline, resolve
        self._named = url.host
        self._addresses: dict[str, list[str]] = {}

    def page(self) -> Fetched:
        import httpx

        context = httpx.create_ssl_context()
        url = self._url
        for _ in range(MAX_REDIRECTS + 1):
            # A transport of its own, with nothing above it: no cookie, no connection and no credential goes on.
            with httpx.HTTPTransport(verify=context, trust_env=False) as transport:
                response = self._answer(transport, url)
                try:
                    if response.status_code not in _REDIRECTS:
                        return self._fetched(response, url)
                    url = self._next(response, url)
                finally:
                    response.close()
        message = f"more than {MAX_REDIRECTS} redirects"
        raise LimitError(
            message, hint="open the page in a browser, and save it", where=str(self._url), rule="redirects"
        )

    def _answer(self, transport: "httpx.HTTPTransport", url: "httpx.URL") -> "httpx.Response":
        """The answer of the first address of a host that can be reached."""
        import httpx

        host = url.raw_host.decode()
        port = url.port or {"http": 80, "https": 443}[url.scheme]
        name = f"[{host}]" if ":" in host else host
        headers = _HEADERS | {"Host": name if url.port is None else f"{name}:{url.port}"}
        named = {} if _is_ip(host) else {"sni_hostname": host}
        addresses = self._allowed(url.host, host, port)
        for ip in addresses:
            extensions = {"timeout": httpx.Timeout(self._left()).as_dict(), **named}
            request = httpx.Request("GET", url.copy_with(host=ip), headers=headers, extensions=extensions)
            try:
                response = transport.handle_request(request)
            except httpx.ConnectError:
                if ip == addresses[-1]:
                    raise
            else:
                response.request = request
                return response
        raise AssertionError("a host without an address is an error")

    def _allowed(self, host: str, name: str, port: int) -> list[str]:
        """The IP addresses of a host that may be connected to, looked up once."""
        if host not in self._addresses:
            rows = self._resolve(name, port, type=socket.SOCK_STREAM)
            self._addresses[host] = list(dict.fromkeys(str(row[4][0]) for row in rows))[:_MOST_ADDRESSES]
        found = self._addresses[host]
        allowed = found if host == self._named else [ip for ip in found if is_public(ip)]
        if not allowed:
            message = f"a redirect leads to {host}, which is not on the public internet: it is not followed"
            hint = "name that address yourself if you trust it"
            raise InputError(message, hint=hint, where=str(self._url), rule="address")
        return allowed

    def _next(self, response: "httpx.Response", url: "httpx.URL") -> "httpx.URL":
        import httpx

        location = response.headers.get("location", "")
        try:
            given = httpx.URL(location)
            found = url.join(given)
            if not location or found.scheme not in ("http", "https") or (given.scheme and not given.host):
                raise httpx.InvalidURL(location)
        except (httpx.InvalidURL, ValueError, UnicodeError) as error:
            message = f"a redirect leads to “{location[:200]}”, which is no web address"
            raise InputError(message, where=str(self._url), rule="address") from error
        return found.copy_with(username=None, password=None, fragment=None)

    def _fetched(self, response: "httpx.Response", url: "httpx.URL") -> Fetched:
        if response.status_code != 200:
            message = f"the server answers {response.status_code} {response.reason_phrase}".rstrip()
            hint = "look at the address in a browser; a page that is open can be saved, and read as a file"
            raise InputError(message, hint=hint, where=str(url), rule="page")
        data = b"".join(self._unpacked(response, str(url)))
        media, _, parameters = response.headers.get("content-type", "").lower().partition(";")
        charset = re.search(r"charset\s*=\s*[\"']?([\w:.-]+)", parameters)
        return Fetched(str(url.copy_with(fragment=None)), media.strip(), charset[1] if charset else "", data)

    def _unpacked(self, response: "httpx.Response", where: str) -> Iterator[bytes]:
        """The parts of a page, of which none is unpacked beyond the limit."""
        size = 0
        for part in _decoded(self._raw(response), response.headers.get("content-encoding", "").lower().strip(), where):
            size += len(part)
            if size > MAX_BYTES:
                message = f"the page is larger than {MAX_BYTES // 1024 // 1024} MB"
                hint = "save its text in a browser, and give that"
                raise LimitError(message, hint=hint, where=where, rule="too-large")
            yield part

    def _raw(self, response: "httpx.Response") -> Iterator[bytes]:
        for part in response.iter_raw():
            self._left()
            yield part

    def _left(self) -> float:
        """The seconds that are left. Raises TimeoutError where there are none."""
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


def _decoded(parts: Iterable[bytes], encoding: str, where: str) -> Iterator[bytes]:
    """Parts of what was packed by gzip or deflate (RFC 9110 §8.4.1), each unpacked to at most the limit of a page."""
    if encoding in ("", "identity"):
        yield from parts
        return
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise InputError(
            f"the page is packed as {encoding[:40]}, which was not asked for", where=where, rule="encoding"
        )
    unpacking, packed = None, True
    for part in parts:
        while part and packed:
            if unpacking is None:
                bare = encoding == "deflate" and part[0] & 0x0F != 8  # without the header that it should have
                unpacking = zlib.decompressobj(-zlib.MAX_WBITS if bare else zlib.MAX_WBITS | 32)
            yield unpacking.decompress(part, MAX_BYTES + 1)
            part = unpacking.unconsumed_tail or unpacking.unused_data
            if unpacking.eof:  # what follows is a further member of gzip (RFC 1952 §2.2), or to be ignored
                unpacking, packed = None, part[:1] in (b"", b"\x1f") and encoding != "deflate"
    if unpacking is not None:
        raise InputError("the page broke off", hint="try again", where=where, rule="page")


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _late(seconds: float, address: str) -> LimitError:
    hint = "try again, or save the page in a browser"
    return LimitError(f"no whole page within {seconds:g} s", hint=hint, where=address, rule="time-out")


def _problem(error: BaseException, address: str, seconds: float) -> KgError:
    """What went wrong, in words of ours: one line."""
    import httpx

    if isinstance(error, TimeoutError | httpx.TimeoutException):
        return _late(seconds, address)
    hint, rule = "is the address right? a page that a browser shows can be saved, and read as a file", "page"
    if isinstance(error, socket.gaierror | UnicodeError):
        return InputError("there is no such host", hint=hint, where=address, rule=rule)
    if problem := _tls_problem(error):
        reason = getattr(problem, "verify_message", "") or getattr(problem, "reason", "") or "failed"
        message = f"no safe connection (TLS): {str(reason).lower().replace('_', ' ')}"
        return InputError(message, hint=hint, where=address, rule="tls")
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
        return InputError("the server cannot be reached", hint=hint, where=address, rule=rule)
    if isinstance(error, httpx.HTTPError | zlib.error | OSError):
        message = "the page broke off, or what came is no page"
        return InputError(message, hint="try again", where=address, rule="page")
    raise error


def _tls_problem(error: BaseException) -> "ssl.SSLError | None":
    import ssl

    found: BaseException | None = error
    while found is not None and not isinstance(found, ssl.SSLError):
        found = found.__cause__ or found.__context__
    return found
