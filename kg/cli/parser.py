"""What can be written on the command line: the commands, their arguments and their help."""

import argparse
import sys
from collections.abc import Callable
from typing import Any, NoReturn

from kg import __version__
from kg.terminal import terminal_width

MAX_SECONDS = 1_000_000  # of --timeout; no timer of Python's takes infinity
MEGABYTES = range(256, 1 << 30)  # of --memory; with less, not all of the modules can be loaded
MAX_JOBS = 60  # Windows waits for no more than 61 processes at once
EPILOG = """\
exit codes: 0 fine, 1 findings or no proof, 2 usage, 3 unreadable input, 4 a limit or a time-out
Data goes to stdout, everything else to stderr; `-` is stdin or stdout."""


class _Help(argparse.HelpFormatter):
    """Help as wide as the terminal; argparse itself would load shutil for that."""

    def __init__(self, prog: str, **more: Any) -> None:
        super().__init__(prog, width=terminal_width(80) - 2, **more)


class _HelpAsWritten(_Help, argparse.RawDescriptionHelpFormatter):
    """Help whose description and epilog keep their lines."""


class _Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one line and the next step."""

    def error(self, message: str) -> NoReturn:
        """Exit with code 2, as the contract has it for usage."""
        self.exit(2, f"error: {message} [usage]\n  see `{self.prog} --help`\n")

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        """Exit when what was printed has been read, or nobody reads it."""
        sys.stdout.flush()
        super().exit(status, message)


def build_parser() -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    words = "A knowledge graph read from news articles: every answer carries its receipt."
    parser = _Parser(prog="kg", description=words, epilog=EPILOG, formatter_class=_HelpAsWritten)
    _add_global(parser, None)
    parser.add_argument("--version", action="version", version=f"kg {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", prog="kg")
    shared = _Parser(add_help=False)
    _add_global(shared, argparse.SUPPRESS)  # a default would undo what stands before the command
    for name, (help_, fill) in COMMANDS.items():
        description = f"{help_[0].upper()}{help_[1:]}."
        fill(commands.add_parser(name, help=help_, description=description, formatter_class=_Help, parents=[shared]))
    return parser


def _seconds(given: str) -> float:
    try:
        seconds = float(given)
    except ValueError:
        seconds = 0
    if not 0 < seconds <= MAX_SECONDS:
        raise argparse.ArgumentTypeError(f"“{given}” is no number of seconds between 0 and {MAX_SECONDS:,}")
    return seconds


def _megabytes(given: str) -> int:
    if not (given.isascii() and given.isdigit() and len(given) < 12 and int(given) in MEGABYTES):
        raise argparse.ArgumentTypeError(f"“{given}” is no number of megabytes of at least {MEGABYTES.start}")
    return int(given)


def _number(given: str) -> int:
    """A number of processes."""
    if not (given.isascii() and given.isdigit() and 1 <= int(given) <= MAX_JOBS):
        raise argparse.ArgumentTypeError(f"“{given}” is no number between 1 and {MAX_JOBS}")
    return int(given)


def _add_global(parser: argparse.ArgumentParser, default: object) -> None:
    """The global options, which stand before or after the command; the later one wins."""
    group = parser.add_argument_group("global options")

    def option(*names: str, usual: object, **more: object) -> None:
        group.add_argument(*names, default=usual if default is None else default, **more)  # type: ignore[arg-type]

    option(
        "-C",
        dest="directory",
        metavar="DIR",
        usual=None,
        help="the graph folder (default: the nearest, else the shipped)",
    )
    option("--engine", choices=("oxigraph", "rdflib"), usual="oxigraph", help="which engine answers SPARQL")
    option("--reasoner", choices=("rl", "owlrl"), usual="rl", help="which reasoner makes the closure")
    option(
        "--timeout",
        type=_seconds,
        metavar="S",
        usual=None,
        help="seconds until an answer is given up (default: 30), or any other command as a whole (default: never)",
    )
    option("--memory", type=_megabytes, metavar="MB", usual=None, help="megabytes that the command may use")
    option("--color", choices=("auto", "always", "never"), usual="auto", help="colours (default: on a terminal)")
    option("--debug", action="store_true", usual=False, help="show a traceback on errors")


def _validate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", nargs="*", metavar="PATH", help="only what is found in these files or folders")
    _findings(parser)
    parser.add_argument("--data", nargs="+", default=[], metavar="FILE", help="judge these RDF files instead")
    parser.add_argument("--shapes", nargs="+", default=[], metavar="FILE", help="by these shapes")


def _check(parser: argparse.ArgumentParser) -> None:
    _findings(parser)
    parser.add_argument(
        "--jobs", type=_number, default=1, metavar="N", help="processes that share the work (default: 1)"
    )
    parser.add_argument(
        "--since", metavar="REVISION", default="", help="judge only what the changes since a git revision can concern"
    )
    parser.add_argument(
        "--update-answers", action="store_true", help="write the golden answers that are missing or have changed"
    )


def _findings(parser: argparse.ArgumentParser) -> None:
    """How findings are written, and which of them count."""
    formats = ("text", "github", "sarif", "junit", "json", "turtle")
    parser.add_argument("-f", "--format", choices=formats, default="text", help="how findings are written")
    parser.add_argument(
        "--rules-from",
        metavar="DIR",
        help="words, rules and questions of another graph folder, such as the base branch's",
    )
    parser.add_argument(
        "--fail-on", choices=("violation", "warning", "info"), default="violation", help="exit 1 from here on"
    )


def _query(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("query", nargs="?", metavar="NAME|FILE|-", help="a stored query, a file, or - for stdin")
    parser.add_argument("-p", "--parameter", action="append", default=[], metavar="NAME=VALUE", help="set a parameter")
    formats = ("text", "json", "csv", "tsv", "xml", "md", "turtle")
    parser.add_argument("-f", "--format", choices=formats, help="default: a table on a terminal, csv in a pipe")
    parser.add_argument(
        "--receipts",
        action="store_true",
        help="the passages on which each row rests: as footnotes in text and md, as `receipts` and `notes` elsewhere",
    )
    parser.add_argument("--all", action="store_true", help="with --receipts: of every witness (default: of one)")
    parser.add_argument("--list", action="store_true", help="list the stored queries")
    parser.add_argument(
        "--data", nargs="+", default=[], metavar="FILE", help="ask these RDF files instead of the graph"
    )


def _why(parser: argparse.ArgumentParser) -> None:
    for name in ("subject", "predicate", "object"):
        parser.add_argument(name, metavar=name[0].upper(), help="an IRI, a prefixed name or a label")
    parser.add_argument("--all", action="store_true", help="other proofs too, after the shortest")
    parser.add_argument("-f", "--format", choices=("text", "json", "md"), default="text")


def _explain(parser: argparse.ArgumentParser) -> None:
    help_ = "the name in brackets after a finding (default: list all checks)"
    parser.add_argument("check", nargs="?", default="", metavar="CHECK", help=help_)
    parser.add_argument("-f", "--format", choices=("text", "md", "json"), default="text")


def _diff(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("a", metavar="A", help="a graph folder, an RDF file or a git revision")
    parser.add_argument("b", nargs="?", default="", metavar="B", help="the same, after the change (default: the graph)")
    parser.add_argument("-f", "--format", choices=("text", "md", "json", "patch"), default="text")


def _fmt(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", nargs="*", metavar="PATH", help="files or folders (default: the graph folder)")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where a file is not in house style")
    parser.add_argument("--diff", action="store_true", help="write nothing; show what would change, exit 1 if anything")


def _show(parser: argparse.ArgumentParser) -> None:
    thing = "an IRI, a prefixed name or a label (default: list all things)"
    parser.add_argument("thing", nargs="?", default="", metavar="THING", help=thing)
    parser.add_argument("-f", "--format", choices=("text", "json"), default="text")


def _new(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("article", metavar="ARTICLE.txt|-", help="the text: UTF-8, LF, no byte order mark")
    parser.add_argument(
        "--reading-date", default="", metavar="YYYY-MM-DD", help="the day against which “on Tuesday” is read"
    )
    parser.add_argument("--title", default="", metavar="TITLE", help="default: the first heading, else the first words")
    parser.add_argument("--source", default="", metavar="URL", help="where it was published, or what tells its date")
    parser.add_argument("--language", default="en", metavar="TAG", help="of the text, as in en or de-AT (default: en)")
    parser.add_argument("--name", default="", metavar="NAME", help="of the folder (default: the month and the title)")
    parser.add_argument("--convert", action="store_true", help="drop a byte order mark, and change line endings to LF")


def _export(parser: argparse.ArgumentParser) -> None:
    from kg.export import FORMATS

    parser.add_argument("-f", "--format", choices=FORMATS, default="turtle", help="default: turtle")
    parser.add_argument("-o", "--output", default="-", metavar="FILE", help="written atomically; - is stdout")
    parser.add_argument("--claims", action="store_true", help="carry the receipts in the graph itself")
    parser.add_argument("--asserted-only", action="store_true", help="leave out what was inferred")


def _init(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", metavar="DIR")


def _nothing(parser: argparse.ArgumentParser) -> None:
    """A command without arguments of its own."""


# What each command does, and its arguments.
COMMANDS: dict[str, tuple[str, Callable[[argparse.ArgumentParser], None]]] = {
    "tour": ("the main job on the real article: build, validate, infer, ask, export, with receipts", _nothing),
    "build": ("compile the sources into one dataset; other commands do it when sources changed", _nothing),
    "validate": ("the verdict: syntax, literals, quotes, coverage, shapes, contradictions", _validate),
    "check": ("all that CI needs: validate, house style, words, rules, questions and golden answers", _check),
    "query": ("ask a stored query, a .rq file or stdin; with nothing, list the questions", _query),
    "show": ("what the graph knows of a thing, each fact with its quote", _show),
    "why": ("the proof of a triple: rules, premises, and at the leaves the quotes", _why),
    "explain": ("what a check says, why it matters, wrong and right", _explain),
    "export": ("write the graph for other tools", _export),
    "diff": ("what changed: facts, inferred facts, quotes, answers of stored queries", _diff),
    "fmt": ("house style for Turtle and TriG files, comments kept", _fmt),
    "new": ("draft the folder of a new article: its text, and a passage for each sentence to fill in", _new),
    "init": ("a graph of your own: words, rules, questions, one small example", _init),
}
