"""The command line: commands, arguments and help (argparse), and their completion in a shell (argcomplete)."""

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, NoReturn

from kg import __version__
from kg.cli import report
from kg.errors import clean, shortened
from kg.source import layout
from kg.source.layout import GraphFolder
from kg.terminal import put, say, terminal_width

MAX_SECONDS = 1_000_000  # of --timeout; no timer of Python's takes infinity
MIN_MEGABYTES = 256  # of --memory; with less, not all of the modules can be loaded
_FORMAT = "the format of the output (default: text)"
MAX_JOBS = 60  # Windows waits for no more than 61 processes at once
DESCRIPTION = """\
An RDF knowledge graph of news articles: an ontology (OWL 2 RL), shapes (SHACL)
and stored queries (SPARQL) whose answers lead back to quotes from the articles."""
EPILOG = """\
exit codes: 0 success, 1 findings, a difference or no proof, 2 usage,
            3 input that cannot be read, 4 a limit or a time-out
Data goes to stdout, everything else to stderr; `-` is stdin or stdout."""


class _Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one line and the next step."""

    def error(self, message: str) -> NoReturn:
        """Exit with code 2."""
        self.exit(2, f"error: {shortened(clean(message))} [usage]\n  see `{self.prog} --help`\n")

    def _print_message(self, message: str, file: object = None) -> None:
        """Write help and the version to stdout, errors to stderr."""
        if file is sys.stderr:
            say(message.removesuffix("\n"))
        else:
            put(message)


class _Help(argparse.HelpFormatter):
    """Help as wide as the terminal; argparse would load shutil for that with each command."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=terminal_width(80) - 2)


class _HelpAsWritten(_Help, argparse.RawDescriptionHelpFormatter):
    """Help whose description and epilog keep their lines."""


@cache
def build_parser() -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    parser = _Parser(prog="kg", description=DESCRIPTION, epilog=EPILOG, formatter_class=_HelpAsWritten, add_help=False)
    _add_global(parser)
    parser.set_defaults(engine="oxigraph", reasoner="rl", color="auto")
    parser.add_argument("--version", action="version", version=f"kg {__version__}", help="show the version and exit")
    shared = _Parser(add_help=False, argument_default=argparse.SUPPRESS)  # defaults would undo what stands before
    _add_global(shared)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", prog="kg")
    for name, (help_, add_arguments) in COMMANDS.items():
        description = f"{help_[0].upper()}{help_[1:]}."
        command = commands.add_parser(
            name, help=help_, description=description, formatter_class=_Help, parents=[shared], add_help=False
        )
        add_arguments(command)
    return parser


def _seconds(given: str) -> float:
    try:
        seconds = float(given)
    except ValueError:
        seconds = 0
    if not 0 < seconds <= MAX_SECONDS:
        raise argparse.ArgumentTypeError(f"“{given}” is not a number of seconds between 0 and {MAX_SECONDS:,}")
    return seconds


def _whole(unit: str, least: int, most: int) -> Callable[[str], int]:
    def parse(given: str) -> int:
        if not (given.isascii() and given.isdigit() and len(given) < 12 and least <= int(given) <= most):
            raise argparse.ArgumentTypeError(f"“{given}” is not a number of {unit} between {least} and {most:,}")
        return int(given)

    return parse


def _format(given: str) -> str:
    """The format of a report or an answer: Turtle has two names."""
    return {"ttl": "turtle"}.get(given, given)


def _add_global(parser: argparse.ArgumentParser) -> None:
    """The global options, which stand before or after the command; the later one wins."""
    group = parser.add_argument_group("global options")
    folder = "the graph folder (default: the nearest from here upwards, else the shipped one)"
    timeout = "stop after S seconds (default: none; for the answer of a query, 30)"
    megabytes = _whole("megabytes", MIN_MEGABYTES, 1 << 30)
    group.add_argument("-C", dest="directory", metavar="DIR", help=folder)
    group.add_argument("--engine", choices=("oxigraph", "rdflib"), help="the SPARQL engine")
    group.add_argument("--reasoner", choices=("rl", "owlrl"), help="the OWL 2 RL reasoner")
    group.add_argument("--timeout", type=_seconds, metavar="S", help=timeout)
    memory = "stop above MB megabytes of memory (not on Windows)"
    group.add_argument("--memory", type=megabytes, metavar="MB", help=memory)
    group.add_argument("--color", choices=("auto", "always", "never"), help="whether tables and text have colors")
    group.add_argument("--debug", action="store_true", help="show the traceback of an error")
    group.add_argument("-h", "--help", action="help", help="show this help and exit")


def _validate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", nargs="*", metavar="PATH", help="report only findings in these files or folders")
    _add_findings(parser)
    parser.add_argument("--data", nargs="+", default=[], metavar="FILE", help="validate RDF files instead of the graph")
    parser.add_argument("--shapes", nargs="+", default=[], metavar="FILE", help="the SHACL shapes for --data")


def _check(parser: argparse.ArgumentParser) -> None:
    _add_findings(parser)
    jobs = _whole("processes", 1, MAX_JOBS)
    since = "check only what the changes since a git revision can affect"
    update = "write golden answers that are missing or have changed"
    parser.add_argument("--jobs", type=jobs, default=1, metavar="N", help="processes that share the work (default: 1)")
    parser.add_argument("--since", metavar="REVISION", default="", help=since)
    parser.add_argument("--update-answers", action="store_true", help=update)


def _add_findings(parser: argparse.ArgumentParser) -> None:
    """How findings are written, and which of them count."""
    other = "take ontology, shapes and stored queries from another graph folder, such as a checkout of the base branch"
    severities = ("violation", "warning", "info")
    fails = "the least severity for exit code 1 (default: violation)"
    parser.add_argument("-f", "--format", type=_format, choices=report.FORMATS, default="text", help=_FORMAT)
    parser.add_argument("--rules-from", metavar="DIR", help=other)
    parser.add_argument("--fail-on", choices=severities, default="violation", help=fails)


def _query(parser: argparse.ArgumentParser) -> None:
    from kg.dataset.results import FORMATS

    formats = ("text", *FORMATS, "turtle")
    receipts = "add the passages on which each row rests: footnotes in text and md, `receipts` and `notes` in others"
    every = "with --receipts: the passages of every way in which a row was found (default: of one)"
    query = "a stored query, a file of SPARQL, or - for stdin"
    parser.add_argument("query", nargs="?", metavar="NAME|FILE|-", help=query)
    parser.add_argument("-p", "--parameter", action="append", default=[], metavar="NAME=VALUE", help="set a parameter")
    default = "default: a table on a terminal, csv in a pipe"
    parser.add_argument("-f", "--format", type=_format, choices=formats, help=default)
    parser.add_argument("--receipts", action="store_true", help=receipts)
    parser.add_argument("--all", action="store_true", help=every)
    parser.add_argument("--list", action="store_true", help="list the stored queries")
    parser.add_argument(
        "--data",
        nargs="+",
        default=[],
        metavar="FILE",
        help="query RDF files instead of the graph; IRI=FILE: as a named graph",
    )


def _show(parser: argparse.ArgumentParser) -> None:
    thing = "an IRI, a prefixed name or a label (default: list all things)"
    parser.add_argument("thing", nargs="?", default="", metavar="THING", help=thing)
    parser.add_argument("-f", "--format", choices=("text", "json"), default="text", help=_FORMAT)


def _why(parser: argparse.ArgumentParser) -> None:
    for name in ("subject", "predicate", "object"):
        parser.add_argument(name, metavar=name[0].upper(), help=f"the {name}: an IRI, a prefixed name or a label")
    parser.add_argument("--all", action="store_true", help="other proofs too, after the shortest")
    parser.add_argument("-f", "--format", choices=("text", "json", "md"), default="text", help=_FORMAT)


def _explain(parser: argparse.ArgumentParser) -> None:
    check = "the name in brackets after a finding (default: list all checks)"
    parser.add_argument("check", nargs="?", default="", metavar="CHECK", help=check)
    parser.add_argument("-f", "--format", choices=("text", "md", "json"), default="text", help=_FORMAT)


def _export(parser: argparse.ArgumentParser) -> None:
    from kg.export import FORMATS, format_of

    formats = "default: by the ending of FILE, else turtle; ttl, nt, nq, json-ld, rdf/xml and the like are names too"
    output = (
        "write to FILE, replaced only when complete (default: -, stdout); its ending says the format, unless -f does"
    )
    claims = "state the receipts in the graph itself; csv and graphml have them without it"
    parser.add_argument("-f", "--format", type=format_of, choices=FORMATS, help=formats)
    parser.add_argument("-o", "--output", default="-", metavar="FILE", help=output)
    parser.add_argument("--claims", action="store_true", help=claims)
    parser.add_argument("--asserted-only", action="store_true", help="leave out inferred triples")


def _diff(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("a", metavar="A", help="a graph folder, an RDF file or a git revision")
    parser.add_argument("b", nargs="?", default="", metavar="B", help="the same, after the change (default: the graph)")
    parser.add_argument("-f", "--format", choices=("text", "md", "json", "patch"), default="text", help=_FORMAT)


def _fmt(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", nargs="*", metavar="PATH", help="files or folders (default: the graph folder)")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where a file is not in house style")
    parser.add_argument("--diff", action="store_true", help="write nothing; show what would change, exit 1 if anything")


def _new(parser: argparse.ArgumentParser) -> None:
    reading_date = "the day against which relative dates such as “on Tuesday” are read"
    source = "the address of the article, or of what states its date"
    parser.add_argument("article", metavar="ARTICLE.txt|-", help="the text: UTF-8, LF, no byte order mark")
    parser.add_argument("--reading-date", default="", metavar="YYYY-MM-DD", help=reading_date)
    parser.add_argument("--title", default="", metavar="TITLE", help="default: the first heading, else the first words")
    parser.add_argument("--source", default="", metavar="URL", help=source)
    parser.add_argument("--language", default="en", metavar="TAG", help="language, such as de-AT (default: en)")
    parser.add_argument("--name", default="", metavar="NAME", help="folder name (default: the month and the title)")
    parser.add_argument("--convert", action="store_true", help="drop a byte order mark, and change line endings to LF")


def _init(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", metavar="DIR", help="a new folder, or an empty one")


def _none(parser: argparse.ArgumentParser) -> None:
    """A command without arguments of its own."""


# What each command does, and its arguments.
COMMANDS: dict[str, tuple[str, Callable[[argparse.ArgumentParser], None]]] = {
    "tour": ("show the main steps on this graph: build, validate, infer, query with receipts, export", _none),
    "build": ("compile the sources into one dataset; other commands do so when sources have changed", _none),
    "validate": ("check syntax, literals, quotes, coverage of the text, SHACL shapes and consistency", _validate),
    "check": ("run all checks: validate, formatting, lint of ontology, shapes and queries, golden answers", _check),
    "query": ("run a stored query, a .rq file or a query from stdin; without one, list the stored queries", _query),
    "show": ("list all facts about a thing, each with its quote", _show),
    "why": ("prove a triple: the rules and premises it follows from, down to quotes", _why),
    "explain": ("say what a check requires and why, with an example of wrong and right", _explain),
    "export": ("write the graph in a format for other tools", _export),
    "diff": ("compare two states of a graph: facts, inferred facts, quotes, answers of stored queries", _diff),
    "fmt": ("format Turtle, TriG and SPARQL files in house style; comments stay", _fmt),
    "new": ("draft the folder of a new article: its text, and a passage to fill in for each sentence", _new),
    "init": ("start a graph of your own: ontology, shapes, stored queries and one small article", _init),
}


# Completion: `eval "$(register-python-argcomplete kg)"` switches it on. Where the graph is broken, nothing is offered.


def complete(parser: argparse.ArgumentParser) -> None:
    """Offer the shell stored queries, their parameters, checks and labels, if it asks; then the process ends here."""
    import argcomplete

    for action in _actions(parser):
        if candidates := CANDIDATES.get(action.dest):
            action.completer = _completer(candidates)  # type: ignore[attr-defined]
    argcomplete.autocomplete(parser, always_complete_options=False)


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """The arguments of all commands."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                yield from _actions(command)
        else:
            yield action


Candidates = Callable[[GraphFolder, argparse.Namespace], list[str]]


def _completer(candidates: Candidates) -> Callable[..., list[str]]:
    def completer(parsed_args: argparse.Namespace, **more: Any) -> list[str]:
        try:
            found = candidates(layout.find_graph_folder(parsed_args.directory), parsed_args)
        except Exception:  # the shell has no place for an error
            return []
        return [name for name in found if clean(name) == name]

    return completer


def _queries(graph_folder: GraphFolder, given: argparse.Namespace) -> list[str]:
    """The names of the stored queries, from those of their files: quick, and nothing is built."""
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


CANDIDATES: dict[str, Candidates] = {
    "query": _queries,
    "parameter": _parameters,
    "thing": _labels,
    "subject": _labels,
    "object": _labels,
    "check": _checks,
}
