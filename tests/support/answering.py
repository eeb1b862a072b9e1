"""A function for the tests of workers: it answers what is asked of it, or misbehaves as it is told."""

import ctypes
import os
import time
from collections.abc import Callable
from typing import Any

import pyoxigraph

from kg.errors import InputError


def prepare(name: str) -> tuple[Callable[[bytes], bytes], dict[str, str]]:
    """What answers; for the name `broken`, an error."""
    if name == "broken":
        raise InputError("this cannot be prepared", hint="try another", where="x.ttl:1:2", rule="syntax")
    if name == "killed":
        os._exit(9)

    def answer(request: bytes) -> bytes:
        kind, _, value = request.decode().partition(" ")
        if kind == "sleep":
            time.sleep(float(value))
        elif kind == "spin":
            while True:
                pass
        elif kind == "take":  # memory, in small pieces
            taken = []
            while True:
                taken.append(bytearray(1_000_000))
                time.sleep(0.0005)
        elif kind == "raise":
            raise ValueError(value)
        elif kind == "crash":
            ctypes.string_at(0)
        elif kind == "uuid":
            found: Any = pyoxigraph.Store().query("SELECT (STRUUID() AS ?u) {}")
            return b"".join(str(row["u"].value).encode() for row in found)
        elif kind == "pid":
            return str(os.getpid()).encode()
        return f"{name}: {value}".encode()

    return answer, {"name": name}
