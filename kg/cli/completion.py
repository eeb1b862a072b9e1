"""What the TAB key offers: stored queries after `kg query`, their parameters after -p, checks, names of things.

`eval "$(register-python-argcomplete kg)"` switches it on. Whatever is wrong with the graph at hand, TAB stays silent:
the command itself tells.
"""

import argparse
import os
from collections.abc import Callable, Iterator
from typing import Any

from kg.errors import KgError
from kg.source import layout
from kg.source.layout import GraphFolder

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


def _silent(names: Callable[[GraphFolder, argparse.Namespace], list[str]]) -> Completer:
    def completer(parsed_args: argparse.Namespace, **more: Any) -> list[str]:
        try:
            return names(layout.find_graph_folder(parsed_args.directory), parsed_args)
        except (KgError, OSError):
            return []

    return completer


def _questions(graph_folder: GraphFolder, given: argparse.Namespace) -> list[str]:
    """The names of the stored queries: file names, so that nothing is compiled for them."""
    return [os.path.basename(path).removesuffix(".rq") for path in layout.files_in(graph_folder.queries, (".rq",))]


def _parameters(graph_folder: GraphFolder, given: argparse.Namespace) -> list[str]:
    from kg.dataset import stored_queries

    return [f"{p['name']}=" for q in stored_queries.stored(graph_folder) if q.name == given.query for p in q.parameters]


def _labels(graph_folder: GraphFolder, given: argparse.Namespace) -> list[str]:
    from kg.graph import Graph

    return Graph(graph_folder).things.names()


def _checks(graph_folder: GraphFolder, given: argparse.Namespace) -> list[str]:
    from kg.validation import checks

    return list(checks.collected())


COMPLETERS: dict[str, Completer] = {
    "query": _silent(_questions),
    "check": _silent(_checks),
    "parameter": _silent(_parameters),
    "thing": _silent(_labels),
    "subject": _silent(_labels),
    "object": _silent(_labels),
}
