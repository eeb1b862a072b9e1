"""Completion in a shell (argcomplete): stored queries, parameters and their values, things and checks of the graph.

`eval "$(register-python-argcomplete --no-defaults kg)"` switches it on; bash would else offer files where nothing fits.
Where the graph is broken, nothing is offered.
"""

import argparse
import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from kg.errors import clean
from kg.source import layout
from kg.source.layout import GraphFolder

if TYPE_CHECKING:
    from kg.dataset.labels import Labels


def complete(parser: argparse.ArgumentParser) -> None:
    """Offer the shell stored queries, parameters and their values, things, checks; then the process ends here."""
    import argcomplete

    for action in _actions(parser):
        if candidates := CANDIDATES.get(action.dest):
            files = argcomplete.completers.FilesCompleter() if action.dest == "query" else None
            action.completer = completer(candidates, files)  # type: ignore[attr-defined]
        elif action.dest == "directory":
            action.completer = argcomplete.completers.DirectoriesCompleter()  # type: ignore[attr-defined]
    argcomplete.autocomplete(parser, always_complete_options=False)


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """The arguments of all commands."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                yield from _actions(command)
        else:
            yield action


# The graph folder, the arguments that stand before, and the beginning of what is to be completed.
Candidates = Callable[[GraphFolder, argparse.Namespace, str], list[str]]


def completer(candidates: Candidates, files: Callable[[str], list[str]] | None = None) -> Callable[..., list[str]]:
    """The completer of an argument, of `files` if no candidate fits."""

    def complete_word(parsed_args: argparse.Namespace, prefix: str, **more: Any) -> list[str]:
        known = [name for name in offered(candidates, parsed_args, prefix) if clean(name) == name]
        return files(prefix) if files and not any(name.startswith(prefix) for name in known) else known

    return complete_word


def offered(candidates: Candidates, given: argparse.Namespace, prefix: str) -> list[str]:
    """The candidates in the graph at hand; none where it is broken, since a shell has no place for an error."""
    try:
        return candidates(layout.find_graph_folder(getattr(given, "directory", None)), given, prefix)
    except Exception:
        return []


def queries(graph_folder: GraphFolder, given: argparse.Namespace, prefix: str) -> list[str]:
    """The names of the stored queries, from those of their files: quick, and nothing is built."""
    return [os.path.basename(path).removesuffix(".rq") for path in layout.files_in(graph_folder.queries, (".rq",))]


def parameters(graph_folder: GraphFolder, given: argparse.Namespace, prefix: str) -> list[str]:
    """The parameters of the stored query; behind the name of one, its values: things of its type, or its default."""
    from kg.dataset import stored_queries
    from kg.rdf.namespaces import ENT

    (query,) = (q for q in stored_queries.stored(graph_folder) if q.name == given.query)
    name, equals, _ = prefix.partition("=")
    if not equals:
        return [f"{p['name']}=" for p in query.parameters]
    (kind, default) = next((p["type"], p["default"]) for p in query.parameters if p["name"] == name)
    if kind in stored_queries.LITERAL_TYPES:
        return [f"{name}={default}"]
    labels = _things(graph_folder).names(ENT + kind if kind != "thing" else "")
    return [f"{name}={label}" for label in (*labels, stored_queries.ANY)]


def _things(graph_folder: GraphFolder) -> "Labels":
    from kg.graph import Graph

    return Graph(graph_folder).things


def _labels(graph_folder: GraphFolder, given: argparse.Namespace, prefix: str) -> list[str]:
    things = _things(graph_folder)
    return [*things.names(), *things.titles]


def _predicates(graph_folder: GraphFolder, given: argparse.Namespace, prefix: str) -> list[str]:
    """The properties that the subject has."""
    things = _things(graph_folder)
    return things.properties(things.resolve(given.subject))


def _checks(graph_folder: GraphFolder, given: argparse.Namespace, prefix: str) -> list[str]:
    from kg.validation import checks

    return list(checks.collected())


CANDIDATES: dict[str, Candidates] = {
    "query": queries,
    "parameter": parameters,
    "thing": _labels,
    "subject": _labels,
    "predicate": _predicates,
    "object": _labels,
    "check": _checks,
}
