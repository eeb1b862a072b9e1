"""Watches the sources: when they have changed, a graph that is compiled anew takes the place of the one that is served.

Requests in flight are answered from the old one. Sources that cannot be compiled change nothing; what is wrong with
them is told, and they are tried again when they have changed.
"""

import asyncio
from collections.abc import Callable

from kg.dataset import cache
from kg.errors import KgError
from kg.source.layout import GraphFolder
from kg.workers.pool import Pool
from kg.workers.processes import Starter

_PAUSE = 0.5  # seconds between two looks at the files


async def watch(
    pool: Pool,
    graph_folder: GraphFolder,
    reasoner: str,
    open_starter: Callable[[], Starter],
    told: Callable[[KgError | None], None],
) -> None:
    """Replace the workers of a pool whenever the sources change and then rest for a moment, until this is cancelled.

    `told` is called each time: with what is wrong, or None.
    """
    served = seen = await _state(graph_folder, reasoner)
    while True:
        await asyncio.sleep(_PAUSE)
        before, seen = seen, await _state(graph_folder, reasoner)
        if seen == served or seen != before:
            continue
        served = seen
        try:
            await pool.replace(open_starter)
            told(None)
        except KgError as error:
            told(error)


async def _state(graph_folder: GraphFolder, reasoner: str) -> str:
    """What changes with the names, sizes and times of the sources."""

    def look() -> str:
        try:
            return cache.stamp(graph_folder, reasoner)[0]
        except OSError as error:  # a folder that goes away while it is read
            return str(error)

    return await asyncio.to_thread(look)
