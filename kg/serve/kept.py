"""Responses that are kept while the graph stays the same: pages and descriptions, known by their addresses alone."""

from collections import OrderedDict
from typing import Any

from kg.serve.protocol import Task

_MOST = 32_000_000  # bytes of all bodies and keys
_EACH = 2_000  # bytes besides, of each
_LARGEST = 2_000_000  # bytes of one

Response = tuple[dict[str, Any], bytes]


class Kept:
    """The latest responses of one version of the graph, up to a size; those asked for longest ago go first."""

    def __init__(self) -> None:
        self._version, self._size = "", 0
        self._responses: OrderedDict[str, Response] = OrderedDict()

    def find(self, task: Task, version: str) -> Response | None:
        """The response to a task on this version of the graph, if it was kept."""
        if version != self._version or not (key := _key(task)) or key not in self._responses:
            return None
        self._responses.move_to_end(key)
        return self._responses[key]

    def keep(self, task: Task, response: Response, version: str) -> None:
        """Keep a response, if it is one that depends on the address alone; others than of `version` are forgotten.

        A response of another version, which a worker of before has answered, is not kept.
        """
        head, body = response
        if version != self._version:
            self._responses.clear()
            self._version, self._size = version, 0
        if head.get("version") != version or head["status"] != 200 or len(body) > _LARGEST or not (key := _key(task)):
            return
        if before := self._responses.pop(key, None):
            self._size -= _size(key, before)
        self._responses[key] = response
        self._size += _size(key, response)
        while self._size > _MOST:
            self._size -= _size(*self._responses.popitem(last=False))


def _size(key: str, response: Response) -> int:
    """The bytes that a response takes, with what asks for it, which strangers choose."""
    return len(key) + len(response[1]) + _EACH


def _key(task: Task) -> str:
    """What tells a task from others whose responses may be kept; empty for one whose may not.

    A query may ask for the time or a random number, and a page with parameters may run one.
    """
    if task["do"] == "page" and not task["parameters"]:
        return f"page {task['path']}"
    if task["do"] == "describe":
        return f"describe {task['kind']} {task['name']} {task['accept']}"
    return ""
