"""What the TAB key offers: stored queries after `kg query`, their parameters after -p, checks, names of things.

`eval "$(register-python-argcomplete kg)"` switches it on. Whatever is wrong with the graph at hand, TAB stays silent:
the command itself tells.
"""

import argparse
import os
from collections.abc import Callable, Iterator
from typing import Any

from kg import paths
from kg.errors import KgError
from kg.paths import Rooms

Completer = Callable[..., list[str]]


def complete(parser: argparse.ArgumentParser) -> None:
    """Answer the shell, if it is asking; then the process ends here."""
    import argcomplete

    for action in _arguments(parser):
        if completer := COMPLETERS.get(action.dest):
            action.completer = completer  # type: ignore[attr-defined]
    argcomplete.autocomplete(parser, always_complete_options=False)


def _arguments(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """The arguments of all commands."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                yield from _arguments(command)
        else:
            yield action


def _silent(names: Callable[[Rooms, argparse.Namespace], list[str]]) -> Completer:
    def completer(parsed_args: argparse.Namespace, **more: Any) -> list[str]:
        try:
            return names(paths.find(parsed_args.directory), parsed_args)
        except (KgError, OSError):
            return []

    return completer


def _questions(rooms: Rooms, given: argparse.Namespace) -> list[str]:
    """The names of the stored queries: file names, so that nothing is compiled for them."""
    return [os.path.basename(path).removesuffix(".rq") for path in paths.files(rooms.queries, (".rq",))]


def _parameters(rooms: Rooms, given: argparse.Namespace) -> list[str]:
    from kg import queries

    return [f"{p['name']}=" for q in queries.stored(rooms) if q.name == given.query for p in q.parameters]


def _labels(rooms: Rooms, given: argparse.Namespace) -> list[str]:
    from kg.graph import Graph

    return Graph(rooms).things.names()


def _checks(rooms: Rooms, given: argparse.Namespace) -> list[str]:
    from kg import checks

    return list(checks.collected())


COMPLETERS: dict[str, Completer] = {
    "query": _silent(_questions),
    "check": _silent(_checks),
    "parameter": _silent(_parameters),
    "thing": _silent(_labels),
    "subject": _silent(_labels),
    "object": _silent(_labels),
}
