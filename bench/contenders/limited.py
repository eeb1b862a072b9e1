"""Queries with a time limit each, run one after the other in a process that is replaced when an answer is late."""

import multiprocessing
import time
from collections.abc import Callable, Iterable
from typing import Any

LIMIT = 60.0  # seconds for each query; loading is not counted

_FORKING = multiprocessing.get_context("fork")  # what asks need not be pickled


def each(names: Iterable[str], opened: Callable[[], Callable[[str], object]]) -> dict[str, object]:
    """The figures for the bench: the `seconds` of all, and of each in `parts`: LIMIT where there was no answer by then.

    `opened` loads the graph and gives a function that runs a query by its name.
    """
    left, parts = list(names), dict[str, float]()
    while left:
        reader, writer = _FORKING.Pipe(duplex=False)
        asking = _FORKING.Process(target=_ask, args=(tuple(left), opened, writer))
        asking.start()
        writer.close()
        reader.recv()  # it has loaded
        while left and reader.poll(LIMIT):
            parts[left.pop(0)] = reader.recv()
        if left:
            parts[left.pop(0)] = LIMIT
            asking.kill()
        asking.join()
    return {"seconds": sum(parts.values()), "parts": parts}


def _ask(names: tuple[str, ...], opened: Callable[[], Callable[[str], object]], writer: Any) -> None:
    ask = opened()
    writer.send("ready")
    for name in names:
        started = time.perf_counter()
        ask(name)
        writer.send(time.perf_counter() - started)
