"""Responses that are kept while the graph stays the same: each is what any worker would answer again.

A worker says so (`keeps` in its head): a query that asks for the time or for a random number has no such answer. What
anybody finds by following links has a shelf of its own, so that strangers, who choose queries and values, cannot
push it out.
"""

import hashlib
import json
from collections import OrderedDict
from typing import Any

from kg.serve.protocol import Task

_MOST = 32_000_000  # bytes of all bodies and keys on one shelf
_EACH = 2_000  # bytes besides, of each
_LARGEST = 4_000_000  # bytes of one

Response = tuple[dict[str, Any], bytes]


class Kept:
    """The latest responses of one version of the graph, up to a size; those asked for longest ago go first."""

    def __init__(self) -> None:
        self._version, self._shelves = "", {True: _Shelf(), False: _Shelf()}

    def find(self, task: Task, version: str) -> Response | None:
        """The response to a task on this version of the graph, if it was kept."""
        return self._shelves[_is_chosen(task)].find(_key(task)) if version == self._version else None

    def keep(self, task: Task, response: Response, version: str) -> None:
        """Keep a response, if it may be; those of other versions than `version` are forgotten.

        A response of another version, which a worker of before has answered, is not kept.
        """
        head, body = response
        if version != self._version:
            self._version, self._shelves = version, {True: _Shelf(), False: _Shelf()}
        if head.get("version") == version and is_same(head) and len(body) <= _LARGEST:
            self._shelves[_is_chosen(task)].keep(_key(task), response)


class _Shelf:
    """Responses by what asks for them."""

    def __init__(self) -> None:
        self._size = 0
        self._responses: OrderedDict[str, Response] = OrderedDict()

    def __len__(self) -> int:
        return len(self._responses)

    def find(self, key: str) -> Response | None:
        if key not in self._responses:
            return None
        self._responses.move_to_end(key)
        return self._responses[key]

    def keep(self, key: str, response: Response) -> None:
        if before := self._responses.pop(key, None):
            self._size -= _size(key, before)
        self._responses[key] = response
        self._size += _size(key, response)
        while self._size > _MOST:
            self._size -= _size(*self._responses.popitem(last=False))


def is_same(head: dict[str, Any]) -> bool:
    """Whether a response, by its head, is the same for each who asks while the graph stays the same."""
    return bool(head["status"] == 200 and head.get("keeps"))


def entity_tag(task: Task, version: str) -> str:
    """The name of the response to a task on a version of the graph, if it is always the same (RFC 9110 §8.8.3).

    It is a weak one: rows without an order may come in another one.
    """
    digest = hashlib.sha256(json.dumps([version, _key(task)]).encode()).hexdigest()
    return f'W/"{digest[:32]}"'


def _size(key: str, response: Response) -> int:
    """The bytes that a response takes, with what asks for it, which strangers choose."""
    return len(key) + len(response[1]) + _EACH


def _is_chosen(task: Task) -> bool:
    """Whether whoever asks has chosen a query, or values: of such requests there may be any number."""
    return task["do"] == "sparql" or bool(task.get("parameters"))


def _key(task: Task) -> str:
    """What tells a task from others that have another response."""
    only = {"page": ("accept", "base"), "describe": ("base",)}.get(task["do"], ())
    return json.dumps({name: value for name, value in task.items() if name not in only}, sort_keys=True)
