"""Runs the server: sockets, signals, limits of connections; `serve` returns when it has been asked to stop."""

import asyncio
import contextlib
import socket
import sys
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from kg.errors import InputError, KgError, shortened
from kg.serve.app import application
from kg.serve.guard import LOOPBACK, Guard
from kg.serve.watch import watch
from kg.source import layout
from kg.terminal import say
from kg.workers import processes
from kg.workers.pool import TOGETHER, Pool

_HEADERS_WITHIN = 10.0  # seconds in which the head of a request has to come
_TAKEN_WITHIN = 120.0  # seconds in which a response has to be taken
_MOST_CONNECTIONS = 500
_LEAST, _MOST = 256, 1_000  # megabytes of an answer, unless --memory says how many
_BACKLOG = 512


class Settings(NamedTuple):
    """What `kg serve` was asked for; see its options."""

    directory: str | None = None
    engine: str = "oxigraph"
    reasoner: str = "rl"
    host: str = "127.0.0.1"
    port: int = 8000
    names: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    seconds: float = 10.0
    memory: int | None = _MOST
    most: int = 50  # megabytes of an answer
    workers: int = 2
    watch: bool = False


def share_of_memory(workers: int, machine: int) -> int:
    """The megabytes of each answer, so that all that may run or wait have place in a machine of so many; 0: unknown."""
    return max(_LEAST, min(_MOST, machine * 4 // 5 // (TOGETHER * workers))) if machine else _MOST


def serve(settings: Settings, started: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM; `started` is called with the address.

    Raises KgError where the graph cannot be compiled, or the address is taken.
    """
    with listen(settings.host, settings.port) as listening:
        arguments = {
            "directory": settings.directory,
            "engine": settings.engine,
            "reasoner": settings.reasoner,
            "most": settings.most * 1_000_000,
        }
        limits = (settings.seconds, settings.memory)
        start = partial(processes.starter, "kg.serve.answers:prepare", arguments, *limits)
        pool = Pool(start, settings.workers, *limits)
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(_run(settings, pool, start, listening, started))


async def _run(
    settings: Settings,
    pool: Pool,
    start: Callable[[], processes.Starter],
    listening: socket.socket,
    started: Callable[[str], None],
) -> None:
    names, public = (*settings.names, settings.host), settings.host not in LOOPBACK
    guard = Guard(application(pool), names, settings.origins, partial(say, wrapped=False), public=public)
    config = configured(
        guard,
        backlog=_BACKLOG,
        limit_concurrency=_MOST_CONNECTIONS,
        timeout_keep_alive=int(_HEADERS_WITHIN),
        timeout_graceful_shutdown=int(settings.seconds) + 1,
    )
    server, watching = Server(config), asyncio.ensure_future(_watched(settings, pool, start, guard))
    server.told = partial(started, address_of(settings.host, listening))
    try:
        await pool.open()
        await server.serve(sockets=[listening])
    finally:
        watching.cancel()
        await pool.close()


def configured(app: Guard, **more: Any) -> uvicorn.Config:
    """How an application is served: HTTP alone, with a log of our own, and further options of uvicorn."""
    return uvicorn.Config(
        app,
        http=_Protocol,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        **more,
    )


async def _watched(settings: Settings, pool: Pool, start: Callable[[], processes.Starter], guard: Guard) -> None:
    """Follow the sources, and say in the log, and in a header, that they are broken."""

    def told(error: KgError | None) -> None:
        guard.notes.clear()
        if error is None:
            say("the sources have changed, and are served as they are now")
        else:
            say(f"the sources have changed and cannot be compiled: the graph is served as it was before\n{error}")
            where = f"{error.where}: " if error.where else ""
            first = str(next(iter(error.findings), f"{where}{error.message}"))
            guard.notes["Sources-Error"] = shortened(ascii(first)[1:-1])

    if settings.watch:
        await watch(pool, layout.find_graph_folder(settings.directory), settings.reasoner, start, told)


class Server(uvicorn.Server):
    """Says that it has started, and takes a signal for what ends it, not for an error."""

    told: Callable[[], None] = staticmethod(lambda: None)

    async def startup(self, sockets: "list[socket.socket] | None" = None) -> None:
        """Listen, and say so."""
        await super().startup(sockets)
        self.told()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Let SIGINT and SIGTERM end the server, without raising them again."""
        with super().capture_signals():
            yield
            self._captured_signals.clear()


class _Protocol(H11Protocol):
    """HTTP in which the head of a request has to come within a time, and what is sent has to be taken."""

    _timer: "asyncio.TimerHandle | None" = None
    _waited = 0.0  # seconds for the client to take a response

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._expect()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.cycle is None or self.cycle.response_complete:
            self._expect()
        else:
            self._stop_timer()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.cycle is None or self.cycle.response_complete:
            self._expect()

    def connection_lost(self, exc: "Exception | None") -> None:
        self._stop_timer()
        super().connection_lost(exc)

    def _expect(self) -> None:
        if self._timer is None:
            self._timer = self.loop.call_later(_HEADERS_WITHIN, self._expire)

    def _expire(self) -> None:
        self._timer = None
        if self.transport.get_write_buffer_size() and self._waited < _TAKEN_WITHIN:
            self._waited += _HEADERS_WITHIN
            self._expect()
        else:
            self.transport.abort()

    def _stop_timer(self) -> None:
        self._waited = 0.0
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens. Raises InputError where it cannot."""
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        found = socket.socket(family, kind, protocol)
        if sys.platform != "win32":  # where it would let another process take the same port
            found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind(place)
        found.listen(_BACKLOG)
    except OSError as error:
        hint = "choose another with --port and --host; --port 0 takes any that is free"
        raise InputError(f"cannot listen on {host}, port {port}: {error.strerror}", hint=hint, rule="port") from error
    return found


def address_of(host: str, listening: socket.socket) -> str:
    """The address of the server, as one types it."""
    number = listening.getsockname()[1]
    name = "localhost" if host in ("0.0.0.0", "::") else host
    return f"http://{f'[{name}]' if ':' in name else name}:{number}"
