"""Entente: a knowledge graph read from news articles, in which every answer carries its receipt.

import kg
kg.open().query("who-leads", state="Turkey")
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.graph import Graph

__version__ = "0.1.0"


def open(
    directory: str | None = None, engine: str = "oxigraph", reasoner: str = "rl", *, in_memory: bool = False
) -> "Graph":
    """Open a graph folder: `directory`, else the nearest one above the current folder, else the shipped one.

    `engine` is `oxigraph` or `rdflib`; both answer the same. A large graph stays on disk, where it is open at
    once; `in_memory` loads it first, for many questions. Raises `kg.errors.InputError` where there is no graph.
    """
    from kg.graph import open_graph

    return open_graph(directory, engine, reasoner, in_memory=in_memory)


def lazily(modules: dict[str, str]) -> "Callable[[str], object]":
    """The `__getattr__` of a package (PEP 562) that imports its public names, each from its module, on first use."""

    def public(name: str) -> object:
        if name not in modules:
            raise AttributeError(f"no public name {name}")
        return getattr(__import__(modules[name], fromlist=[name]), name)

    return public
