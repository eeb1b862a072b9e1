"""A server on this machine that answers as each test says, byte by byte, and remembers what it was asked."""

import contextlib
import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator

Answer = Callable[[socket.socket], None]


def reply(body: bytes, *headers: str, status: str = "200 OK", length: int | None = None) -> bytes:
    """A whole answer of HTTP/1.1; `length` is what it says its length is."""
    size = len(body) if length is None else length
    head = [f"HTTP/1.1 {status}", f"Content-Length: {size}", "Connection: close", *headers]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def page(html: str, *headers: str) -> bytes:
    """An answer with a page of HTML in UTF-8."""
    return reply(html.encode(), "Content-Type: text/html; charset=utf-8", *headers)


class WebServer:
    """Answers by the path of a request; `asked` are the requests."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.asked: list[str] = []
        self.answers: dict[str, bytes | Answer] = {}
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._context = context
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def address(self) -> str:
        """The address of the server, by number."""
        return f"http://127.0.0.1:{self.port}"

    def close(self) -> None:
        """Accept no more."""
        self._socket.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            if self._context is None:
                self._talk(connection)
            else:
                with self._context.wrap_socket(connection, server_side=True) as safe:
                    self._talk(safe)

    def _talk(self, connection: socket.socket) -> None:
        head = connection.recv(65_536)
        while head[:4] in (b"GET ", b"POST") and _is_part(head) and (part := connection.recv(65_536)):
            head += part
        self.asked.append(head.decode("latin-1"))
        path = head.split(b" ")[1].decode() if head.startswith((b"GET ", b"POST ")) else ""
        answer = self.answers.get(path, reply(b"none", status="404 Not Found"))
        if isinstance(answer, bytes):
            connection.sendall(answer)
        else:
            answer(connection)
        connection.shutdown(socket.SHUT_WR)


def _is_part(request: bytes) -> bool:
    """Whether more of a request is to come."""
    head, end, body = request.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
    return not end or (length is not None and len(body) < int(length[1]))


@contextlib.contextmanager
def web_server(context: ssl.SSLContext | None = None) -> Iterator[WebServer]:
    """A server for the time of a test."""
    server = WebServer(context)
    try:
        yield server
    finally:
        server.close()
