"""Traces what a process of its own reaches for: Python imports this module by itself at its start."""

import json
import os
import sys

_TRACE, *_FORBIDDEN = json.loads(os.environ.get("HOSTILE_TRACE", '[""]'))
_SPEAKING = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "urllib.Request", "os.system")


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    found = event in _SPEAKING
    if event in ("open", "os.listdir", "os.scandir") and arguments and isinstance(arguments[0], str):
        found = os.path.realpath(arguments[0]).startswith((*_FORBIDDEN, "/etc/", "/dev/zero"))
    if found:
        descriptor = os.open(_TRACE, os.O_WRONLY | os.O_APPEND)
        os.write(descriptor, f"{event} {arguments[0]!r}\n".encode())
        os.close(descriptor)


if _TRACE:
    sys.addaudithook(_watch)
