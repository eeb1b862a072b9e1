"""The command line: commands, arguments and help (argparse)."""

import argparse
from collections.abc import Callable, Sequence
from functools import cache
from itertools import takewhile
from typing import Any, NoReturn

from kg import __version__
from kg.cli import report
from kg.cli.completion import offered, parameters, queries
from kg.errors import UsageError, did_you_mean, shell_word
from kg.terminal import put, terminal_width

MAX_SECONDS = 1_000_000  # of --timeout; no timer of Python's takes infinity
MIN_MEGABYTES = 256  # of --memory; with less, not all of the modules can be loaded
_BY = "the name of whoever accepts proposals, without an address (default: that of git)"
_FORMAT = "the format of the output (default: text)"
PORT = "the port (default: 8000; 0: any that is free)"
WORKERS = "how many requests are answered at the same time (default: two for each processor)"
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

    example = ""  # of a command

    def error(self, message: str) -> NoReturn:
        """Raise UsageError."""
        example = f"such as: {self.example}\n" * bool(self.example)
        raise UsageError(message, hint=f"{example}see `{self.prog} --help`", rule="usage")

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """Raise UsageError for a command or a choice that there is not, with those that come close."""
        if action.choices is None or value in action.choices:
            return
        names = {str(name): str(name) for name in action.choices}
        if isinstance(action, argparse._SubParsersAction):
            names = {**names, **{name: f"kg query {name}" for name in offered(queries, argparse.Namespace(), "")}}
            hint = did_you_mean(value, names, first=[name for name in names if name == value])
            raise UsageError(f"there is no command {value}", hint=f"{hint}\nsee `kg --help`", rule="usage")
        hint = did_you_mean(value, names, first=[name for name in names if name.startswith(value)])
        message = f"{'/'.join(action.option_strings)} cannot be “{value}”"
        raise UsageError(message, hint=f"{hint}\nchoose one of: {', '.join(names)}", rule="usage")

    def _print_message(self, message: str, file: object = None) -> None:
        """Write help and the version to stdout."""
        put(message)


class _Help(argparse.HelpFormatter):
    """Help as wide as the terminal, in which text of several lines keeps them; argparse would load shutil for that."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=terminal_width(80) - 2)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return text if "\n" in text else super()._fill_text(text, width, indent)


@cache
def build_parser(only: str = "") -> argparse.ArgumentParser:
    """The parser of the whole command line; of `only` one command, which takes a third of the time, if it has that."""
    parser = _Parser(prog="kg", description=DESCRIPTION, epilog=EPILOG, formatter_class=_Help, add_help=False)
    _add_global(parser)
    parser.set_defaults(directory=None, timeout=None, memory=None, debug=False)
    parser.set_defaults(engine="oxigraph", reasoner="rl", color="auto")
    parser.add_argument("--version", action="version", version=f"kg {__version__}", help="show the version and exit")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", prog="kg")
    for name in [only] if only in COMMANDS else COMMANDS:
        help_, add_arguments, example = COMMANDS[name]
        description, epilog = f"{help_[0].upper()}{help_[1:]}.", f"example:\n  {example}"
        command = commands.add_parser(
            name,
            help=help_,
            description=description,
            epilog=epilog,
            formatter_class=_Help,
            add_help=False,
        )
        command.example = example
        _add_global(command)
        add_arguments(command)
    return parser


def parse(parser: argparse.ArgumentParser, given: Sequence[str]) -> argparse.Namespace:
    """The options that were given. Raises UsageError; where arguments are left over, with the line that was meant."""
    commands = next(a.choices for a in parser._actions if isinstance(a, argparse._SubParsersAction))
    for word in takewhile(lambda word: word not in commands, given):  # else its value would be taken for the command
        name = word.split("=")[0] if word.startswith("--") else word[:2]
        if len(name) > 1 and name[0] == "-" and not any(o.startswith(name) for o in parser._option_string_actions):
            behind = any(name in command._option_string_actions for command in commands.values())
            hint = f"{name} stands behind the command" if behind else _option_meant(parser, [name])
            raise UsageError(f"there is no global option {name}", hint=f"{hint}\nsee `kg --help`", rule="usage")
    options, others = parser.parse_known_args(given)
    if others:
        command = commands.get(options.command, parser)
        hint = _line_meant(options, given, others) or _option_meant(command, others)
        message = f"unrecognized arguments: {' '.join(others)}"
        raise UsageError(message, hint=f"{hint}\nsee `{command.prog} --help`", rule="usage")
    return options


def _option_meant(command: argparse.ArgumentParser, others: list[str]) -> str:
    wrong = next((other.split("=")[0] for other in others if other.startswith("-")), "")
    return did_you_mean(wrong, {name: name for name in command._option_string_actions}) if wrong else ""


def _line_meant(options: argparse.Namespace, given: Sequence[str], others: list[str]) -> str:
    """The line to type, where what is left over is a parameter, or another word of a name."""
    if options.command == "query" and options.query:
        words = _with_parameters(options, given, others)
    elif options.command == "show" and options.thing:
        words = [*(x for x in given if x not in (options.thing, *others)), " ".join([options.thing, *others])]
    elif options.command == "why":
        told = [options.subject, options.predicate, options.object, *others]
        verb = next((at for at, word in enumerate(told[:-1]) if at and word[:1].islower()), 0)  # as in “Moscow backs …”
        names = [" ".join(told[:verb]), told[verb], " ".join(told[verb + 1 :])]
        words = [*(x for x in given if x not in told), *names] if verb else []
    else:
        words = []
    return f"did you mean: {' '.join(map(shell_word, ['kg', *words]))}" if words else ""


def _with_parameters(options: argparse.Namespace, given: Sequence[str], others: list[str]) -> list[str]:
    """What was given to `kg query`, with -p before each parameter among what is left over; nothing if others are."""
    known = [name[:-1] for name in offered(parameters, options, "")]
    unset = [name for name in known if all(not p.startswith(f"{name}=") for p in options.parameter)]
    words, left = list[str](), list(others)
    for word in given:
        if not left or word != left[0]:
            words.append(word)
            continue
        name, equals, value = left.pop(0).partition("=")
        if name.startswith("-") and name.lstrip("-") not in known:
            return []
        if name.startswith("-"):  # --state=Turkey, --state Turkey
            words += ["-p", name.lstrip("-") + (equals or "=") + value]
        elif words[-1] in known or words[-1][-1:] == "=":  # -p state Turkey
            words[-1] = f"{words[-1].rstrip('=')}={word}"
        elif equals:
            words += ["-p", word]
        elif unset:
            words += ["-p", f"{unset.pop(0)}={word}"]
        else:
            return []
    return words


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
    group = parser.add_argument_group("global options", argument_default=argparse.SUPPRESS)  # as given before, if so
    folder = "the graph folder (default: the nearest from here upwards, else the shipped one)"
    timeout = "stop after S seconds (default: none; for an answer of query, show and why, 30; of serve, 10, of mcp, 30)"
    megabytes = _whole("megabytes", MIN_MEGABYTES, 1 << 30)
    group.add_argument("-C", dest="directory", metavar="DIR", help=folder)
    group.add_argument("--engine", choices=("oxigraph", "rdflib"), help="the SPARQL engine (default: oxigraph)")
    group.add_argument("--reasoner", choices=("rl", "owlrl"), help="the OWL 2 RL reasoner (default: rl)")
    group.add_argument("--timeout", type=_seconds, metavar="S", help=timeout)
    memory = "stop above MB megabytes of memory (not on Windows; for serve and mcp: each answer)"
    group.add_argument("--memory", type=megabytes, metavar="MB", help=memory)
    group.add_argument(
        "--color", choices=("auto", "always", "never"), help="whether tables and text have colors (default: auto)"
    )
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
    share = "processes that share the work (default: 1; for facts and style of many articles: all processors)"
    parser.add_argument("--jobs", type=jobs, metavar="N", help=share)
    parser.add_argument("--since", metavar="REVISION", default="", help=since)
    parser.add_argument("--update-answers", action="store_true", help=update)


def _add_findings(parser: argparse.ArgumentParser) -> None:
    """How findings are written, and which of them count."""
    other = "take ontology, shapes and stored queries from another graph folder, such as a checkout of the base branch"
    engines = "what validates with the shapes: pyshacl alone, or after pyshifty where that is installed (default: auto)"
    severities = ("violation", "warning", "info")
    fails = "the least severity for exit code 1 (default: violation)"
    parser.add_argument("-f", "--format", type=_format, choices=report.FORMATS, default="text", help=_FORMAT)
    parser.add_argument("--rules-from", metavar="DIR", help=other)
    parser.add_argument("--shacl", choices=("auto", "pyshacl"), default="auto", help=engines)
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
    picture = "draw the answer as SVG into FILE (-: stdout): a network, a timeline or bars, as its columns are"
    parser.add_argument("--picture", metavar="FILE", default="", help=picture)
    parser.add_argument(
        "--data",
        nargs="+",
        default=[],
        metavar="FILE",
        help="query RDF files instead of the graph; IRI=FILE: as a named graph",
    )
    _add_endpoint(parser)


def _add_endpoint(parser: argparse.ArgumentParser) -> None:
    endpoint = "ask the data of this SPARQL endpoint; ontology and stored queries are those of the graph folder"
    parser.add_argument("--endpoint", metavar="URL", default="", help=endpoint)


def _show(parser: argparse.ArgumentParser) -> None:
    thing = "an IRI, a prefixed name or a label (default: list all things)"
    parser.add_argument("thing", nargs="?", default="", metavar="THING", help=thing)
    parser.add_argument("-f", "--format", choices=("text", "json"), default="text", help=_FORMAT)
    picture = "draw what it is tied to as SVG into FILE (-: stdout); without THING, who is tied to whom"
    parser.add_argument("--picture", metavar="FILE", default="", help=picture)
    timeline = "with --picture: what is dated of it; without THING, all that is dated"
    parser.add_argument("--timeline", action="store_true", help=timeline)
    _add_endpoint(parser)


def _why(parser: argparse.ArgumentParser) -> None:
    for name in ("subject", "predicate", "object"):
        parser.add_argument(name, metavar=name[0].upper(), help=f"the {name}: an IRI, a prefixed name or a label")
    parser.add_argument("--all", action="store_true", help="other proofs too, after the shortest")
    parser.add_argument("-f", "--format", choices=("text", "json", "md"), default="text", help=_FORMAT)
    _add_endpoint(parser)


def _explain(parser: argparse.ArgumentParser) -> None:
    check = "the name in brackets after a finding, or a term (ent:Support) for how it is said (default: all checks)"
    parser.add_argument("check", nargs="?", default="", metavar="CHECK", help=check)
    parser.add_argument("-f", "--format", choices=("text", "md", "json"), default="text", help=_FORMAT)


def _export(parser: argparse.ArgumentParser) -> None:
    from kg.export import DATES, FORMATS, format_of

    formats = "default: by the ending of FILE, else turtle; ttl, nt, nq, json-ld, rdf/xml and the like are names too"
    output = (
        "write to FILE, replaced only when complete (default: -, stdout); its ending says the format, unless -f does"
    )
    claims = "state the receipts in the graph itself; csv, graphml and dot have them without it"
    parser.add_argument("-f", "--format", type=format_of, choices=FORMATS, help=formats)
    parser.add_argument("-o", "--output", default="-", metavar="FILE", help=output)
    parser.add_argument("--claims", action="store_true", help=claims)
    parser.add_argument("--asserted-only", action="store_true", help="leave out inferred triples")
    owl = "one OWL 2 ontology of terms and facts, for Protégé and reasoners"
    dates = "with --owl, which has no dates: write them as strings (default), leave them out, or keep them all the same"
    parser.add_argument("--owl", action="store_true", help=owl)
    bulk = "write N-Quads in parts into DIR, new or empty, with scripts for the bulk loaders of stores"
    parser.add_argument("--bulk", metavar="DIR", default="", help=bulk)
    parser.add_argument("--dates", choices=DATES, help=dates)


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
    source = "the address at which the article was published (default: that of the page)"
    title = "default: that of the page, the first heading, else the first words"
    language = "language, such as de-AT (default: that of the page, else en)"
    article = "a text (UTF-8, LF, no byte order mark), a page of HTML, or the http or https address of a page"
    parser.add_argument("article", metavar="ARTICLE.txt|PAGE.html|URL|-", help=article)
    parser.add_argument("--reading-date", default="", metavar="YYYY-MM-DD", help=reading_date)
    parser.add_argument("--title", default="", metavar="TITLE", help=title)
    parser.add_argument("--source", default="", metavar="URL", help=source)
    parser.add_argument("--language", default="", metavar="TAG", help=language)
    parser.add_argument("--name", default="", metavar="NAME", help="folder name (default: the month and the title)")
    parser.add_argument("--convert", action="store_true", help="drop a byte order mark, and change line endings to LF")


def _propose(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("article", metavar="ARTICLE", help="the name of the article, or its folder")
    model = "ask this model too: the article's words are sent to its server (needs the extra model)"
    parser.add_argument("--model", metavar="NAME", help=model)
    audit = "propose nothing: have the model read each fact with its quote, and keep what it doubts in audit.json"
    parser.add_argument("--audit", action="store_true", help=audit)
    address = "the server's address (default: OPENAI_BASE_URL, else OpenAI's); its key is OPENAI_API_KEY"
    parser.add_argument("--address", metavar="URL", default="", help=address)
    parser.add_argument("--dry-run", action="store_true", help="print what would be sent to the model, and end")
    tokens = "stop the model after so many tokens (default: 400000)"
    parser.add_argument("--most-tokens", type=_whole("tokens", 1, 1_000_000_000), metavar="N", help=tokens)
    seconds = "stop the model after so many seconds (default: 1800)"
    parser.add_argument("--most-seconds", type=_seconds, metavar="S", help=seconds)
    parser.add_argument("-f", "--format", choices=("text", "json"), default="text", help=_FORMAT)


def _review(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("article", metavar="ARTICLE", help="the name of the article, or its folder")
    parser.add_argument("--as", dest="by", default="", metavar="NAME", help=_BY)


def _init(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", metavar="DIR", help="a new folder, or an empty one")


def _serve(parser: argparse.ArgumentParser) -> None:
    host = "the address to listen on (default: 127.0.0.1, which only this machine reaches)"
    name = "a further name by which the server is called, such as that of a proxy; repeated: several"
    cors = "let pages of this origin, such as https://example.org, read the graph (*: of all); repeated: several"
    watch = "compile sources that change anew; a broken one keeps the last good build"
    parser.add_argument("--host", default="127.0.0.1", metavar="ADDRESS", help=host)
    parser.add_argument("--port", type=_whole("ports", 0, 65_535), default=8000, metavar="N", help=PORT)
    parser.add_argument("--name", action="append", default=[], metavar="NAME", help=name)
    parser.add_argument("--cors", action="append", default=[], metavar="ORIGIN", help=cors)
    parser.add_argument("--workers", type=_whole("processes", 1, MAX_JOBS), metavar="N", help=WORKERS)
    size = "the largest answer in megabytes (default: 50)"
    parser.add_argument("--size", type=_whole("megabytes", 1, 1_000), default=50, metavar="MB", help=size)
    parser.add_argument("--watch", action="store_true", help=watch)
    review = "serve the review of this article's proposals, and nothing else, to this machine alone"
    parser.add_argument("--review", metavar="ARTICLE", help=review)
    parser.add_argument("--as", dest="by", default="", metavar="NAME", help=_BY)


def _cluster(parser: argparse.ArgumentParser) -> None:
    master = "Spark's master: local[2], spark://HOST:7077, yarn, … (default: that of spark-submit, else local[*])"
    whole = "of build: also write OUT/dataset.nq: all of it with its description, sorted, as `kg export -f nquads` does"
    action = "build: compile the graph; check: validate it, with the findings of `kg validate`"
    parser.add_argument("action", choices=("build", "check"), help=action)
    source = "a graph folder that all machines reach under this path, or a table of articles (.jsonl, .parquet): see -C"
    parser.add_argument("input", metavar="IN", help=source)
    parser.add_argument("output", metavar="OUT", help="a new folder, or that of the run before; all machines reach it")
    parser.add_argument("--master", default="", metavar="URL", help=master)
    size = "articles that are compiled together, by one task (default: 150)"
    parser.add_argument("--size", type=_whole("articles", 1, 10_000), default=150, metavar="N", help=size)
    at_once = "facts for rules that are closed in one process; more are closed in parts, by all (default: 1500000)"
    facts = _whole("facts", 1, 10**12)
    parser.add_argument("--at-once", type=facts, default=1_500_000, metavar="N", help=at_once)
    parser.add_argument("--sorted", action="store_true", help=whole)
    tables = "also write OUT/tables/ in Parquet: findings, counts and, of build, quads"
    parser.add_argument("--tables", action="store_true", help=tables)


def _none(parser: argparse.ArgumentParser) -> None:
    """A command without arguments of its own."""


def _site(parser: argparse.ArgumentParser) -> None:
    folder = "a folder that is empty, new, or written by an earlier run"
    parser.add_argument("folder", metavar="OUT", help=folder)
    text = "the text of articles: all of it, or no more than passages quote (default: full)"
    parser.add_argument("--text", choices=("full", "quotes"), default="full", help=text)


# What each command does, its arguments, and an example.
COMMANDS: dict[str, tuple[str, Callable[[argparse.ArgumentParser], None], str]] = {
    "tour": (
        "show the main steps on this graph: build, validate, infer, query with receipts, export",
        _none,
        "kg tour",
    ),
    "build": (
        "compile the sources into one dataset; other commands do so when sources have changed",
        _none,
        "kg build",
    ),
    "validate": (
        "check syntax, literals, quotes, coverage of the text, SHACL shapes and consistency",
        _validate,
        "kg validate --fail-on warning",
    ),
    "check": (
        "run all checks: validate, formatting, lint of ontology, shapes and queries, golden answers",
        _check,
        "kg check --since main",
    ),
    "query": (
        "run a stored query, a .rq file or a query from stdin; without one, list the stored queries",
        _query,
        "kg query who-leads -p state=Turkey --receipts",
    ),
    "show": ("list all facts about a thing, each with its quote", _show, "kg show Akkuyu"),
    "why": (
        "prove a triple: the rules and premises it follows from, down to quotes",
        _why,
        'kg why Moscow backs "Bashar al Assad"',
    ),
    "explain": (
        "say what a check requires and why, with an example of wrong and right",
        _explain,
        "kg explain misquote",
    ),
    "export": ("write the graph in a format for other tools", _export, "kg export --claims -o all-with-receipts.ttl"),
    "site": (
        "write the graph as pages to read: articles with their facts, things, questions; any web host serves them",
        _site,
        "kg site public --text quotes",
    ),
    "serve": (
        "answer SPARQL and show pages on a port of this machine: SPARQL 1.1 Protocol, linked data, stored queries",
        _serve,
        "kg serve --watch",
    ),
    "mcp": (
        "serve the graph to assistants over stdin and stdout (Model Context Protocol)",
        _none,
        "kg mcp",
    ),
    "cluster": (
        "build or validate on Apache Spark what one machine cannot hold; on one machine `kg build` is quicker",
        _cluster,
        "kg cluster build mine out --master local[2]",
    ),
    "diff": (
        "compare two states of a graph: facts, inferred facts, quotes, answers of stored queries",
        _diff,
        "kg diff HEAD~1",
    ),
    "fmt": ("format Turtle, TriG and SPARQL files in house style; comments stay", _fmt, "kg fmt --check"),
    "new": (
        "draft the folder of a new article: its text, and a passage to fill in for each sentence",
        _new,
        "kg new article.txt --reading-date 2018-04-03",
    ),
    "propose": (
        "propose facts of an article by rules, for review: things, offices, amounts, relations",
        _propose,
        "kg propose 2018-04-turkey-russia",
    ),
    "review": (
        "accept, refuse or edit what is proposed for an article, and say in words what else it states",
        _review,
        "kg review 2018-04-turkey-russia",
    ),
    "init": (
        "start a graph of your own: ontology, shapes, stored queries and one small article",
        _init,
        "kg init mine",
    ),
}
