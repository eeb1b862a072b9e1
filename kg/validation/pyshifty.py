"""Finds the focus nodes that may violate shapes, with pyshifty, in a process of its own (see `suspects`).

The entry point is a private one, of one version. Its package is not imported: that would take five times as long. Path
loops and recursive shapes end the process.
"""

import sys
from functools import cache
from typing import Any

VERSION = "0.5.1"
END = "end"  # and the number of lines before: without it, the output is cut short


def answer() -> None:
    """Read shapes and data from stdin; write to stdout each node in focus of a result, as a line of N-Triples.

    The first line of stdin is the number of bytes of the shapes, which follow, before the data; both are N-Triples in
    UTF-8, and have no label of a blank node in common. Raises ImportError for a version that is not the one known.
    """
    size = int(sys.stdin.buffer.readline())
    validator = prepared(sys.stdin.buffer.read(size))
    nodes = in_focus(validator, sys.stdin.buffer.read())
    sys.stdout.buffer.write("\n".join([*nodes, f"{END} {len(nodes)}"]).encode())


def prepared(shapes: bytes) -> Any:
    """Shapes, ready to validate any data."""
    validator = _engine().PreparedValidator(shapes, None, "nt", None)
    if validator.diagnostics:
        raise ValueError(validator.diagnostics[0])
    return validator


def in_focus(validator: Any, data: bytes) -> list[str]:
    """The nodes in focus of results on data, in N-Triples. Raises ValueError where the validator is not sure."""
    # The data as bytes, without the shapes; no inference; results of all severities, in any order.
    found = validator.validate_algebra(data, None, "nt", "data", None, False, "info", False, "ignore", False)
    nodes = dict.fromkeys(violation.focus_node for violation in found.violations)
    if found.diagnostics or found.conforms != (not nodes):
        raise ValueError("; ".join(found.diagnostics) or "the report contradicts itself")
    return list(nodes)


@cache
def _engine() -> Any:
    from importlib.machinery import PathFinder
    from importlib.util import module_from_spec

    package = PathFinder.find_spec("shifty")
    found = PathFinder.find_spec("_shifty", package.submodule_search_locations) if package else None
    if found is None or found.loader is None:
        raise ImportError("there is no pyshifty")
    engine = module_from_spec(found)
    found.loader.exec_module(engine)
    if engine.__version__ != VERSION:
        raise ImportError(f"pyshifty is {engine.__version__}, and its private entry point is known of {VERSION} alone")
    return engine
