"""Writes the reference pages from what they describe, and refreshes the outputs that other pages show: `make docs`.

The ontology page comes from ontology/ and shapes/, that of the stored queries from their heads, the command from its
parser, the checks from `kg.validation.checks`. The text depends on nothing else: no width of a terminal, no version of
Python, no date.
"""

import argparse
import os
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

from kg.cli.parser import EPILOG, build_parser
from kg.dataset import stored_queries
from kg.dataset.stored_queries import Query
from kg.graph import Graph
from kg.source import layout
from kg.source.layout import GraphFolder, write_atomic
from kg.validation import checks
from tools.pages import console, ontology, packages, tutorial

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
WRITTEN_BY_HAND = (
    "README.md",
    "CONTRIBUTING.md",
    "docs/README.md",
    "docs/exports.md",
    "docs/guide.md",
    "docs/model.md",
    "docs/pictures.md",
)
WORLD = "tests/cases/shapes/world.ttl"
NOTE = "<!-- Written by tools/pages: run `make docs` after a change, and do not edit by hand. -->\n"


def main() -> None:
    """Write the reference pages, then refresh the examples of the others."""
    generated = pages(GraphFolder(ROOT)) | pictures(GraphFolder(ROOT))
    shown = {name: packages.refresh(console.refresh(_read(name)), Path(ROOT, "kg")) for name in WRITTEN_BY_HAND}
    shown[tutorial.PAGE] = tutorial.refresh(_read(tutorial.PAGE), Path(ROOT))
    for name, text in (generated | shown).items():
        path = os.path.join(ROOT, name)
        if not os.path.exists(path) or _read(name) != text:
            write_atomic(path, text.encode())
            print(f"wrote {name}", file=sys.stderr)


def pages(graph_folder: GraphFolder) -> dict[str, str]:
    """The text of each reference page, by its path in the checkout."""
    return {
        "docs/ontology.md": NOTE + _ontology(graph_folder),
        "docs/queries.md": NOTE + _queries(stored_queries.stored(graph_folder)),
        "docs/command.md": NOTE + _command(build_parser()),
        "docs/checks.md": NOTE + CHECKS + checks.write_all("md").rstrip() + "\n",
    }


def pictures(graph_folder: GraphFolder) -> dict[str, str]:
    """The pictures that the pages show, as SVG, by their paths in the checkout."""
    graph = Graph(graph_folder)
    return {
        "docs/pictures/who-is-tied-to-whom.svg": str(graph.picture()),
        "docs/pictures/ties-of-turkey.svg": str(graph.picture("id:turkey")),
        "docs/pictures/timeline.svg": str(graph.timeline()),
    }


def _ontology(graph_folder: GraphFolder) -> str:
    folders = (graph_folder.ontology, graph_folder.shapes, graph_folder.authoring)
    terms, shapes, authoring = (layout.files_in(folder, (".ttl",)) for folder in folders)
    return ontology.page(terms, [*authoring, *shapes], os.path.join(ROOT, WORLD))


def _read(name: str) -> str:
    with open(os.path.join(ROOT, name), encoding="utf-8", newline="") as file:
        return file.read()


CHECKS = """\
# The checks

Each finding ends with the name of its check in brackets. `kg explain CHECK` says in the terminal what this page says
here. `kg validate` runs the checks of files, articles and facts, the shapes and the reasoner; `kg check` runs all. In
examples, the lines with `-` are wrong, and those with `+` right. A violation cannot be published, a warning wants a
look, an info is worth knowing.

`kg explain` also describes single shapes, constraints of shapes and rules of OWL 2 RL: `shape:Visit`, `shape:MinCount`,
`contradiction:cax-dw`.

"""


# Stored queries

QUERIES = """\
# The stored queries

Each stored query is a file in [queries/](../queries): SPARQL 1.1 that runs unchanged on [other
engines](#in-other-engines), with a head in `#+` comments. `kg query NAME` runs it, and `-p name=value` sets a
parameter. Where the type of a parameter is a class of the [ontology](ontology.md), or `thing`, the value is an IRI, a
prefixed name or a label: `id:turkey`, `Turkey`, `Türkiye`. The default `any` leaves the answer unrestricted.
"""

# The rows of the table are compared with what `make engines` finds installed, see tests/support/engines.
ELSEWHERE = """\
## In other engines

On these versions each stored query gives the rows that `kg query` gives, in the same order; others were not tried.
`make engines` installs what is missing and asks them all, bare and with values.

| engine | version | what was tried |
| --- | --- | --- |
| pyoxigraph | 0.5.13 | in Python, and with the union of all graphs as the default graph; it is what `kg` runs |
| rdflib | 7.6.0 | in Python; `kg --engine rdflib` |
| Oxigraph server | 0.5.13 | over HTTP, in memory |
| Apache Jena ARQ | 4.5.0 | Debian 12's `libapache-jena-java`, the command `arq.arq` |
| Apache Jena TDB2 | 4.5.0 | the same package, `tdb2.tdbloader` and `tdb2.tdbquery` |
| Virtuoso | 7.2.5.1 | Debian 12's `virtuoso-opensource-7-bin`, over HTTP, with `default-graph-uri` |
| Comunica | 5.4.0 | npm's `@comunica/query-sparql-file` 5.3.0 on Node.js 20, with undici 7 |

`kg export -f nquads -o dataset.nq` writes the dataset. To run a query on it:

```sh
# Oxigraph
oxigraph load -l store -f dataset.nq
oxigraph query -l store --query-file queries/who-leads.rq --results-format csv
# Jena; `make engines ENGINES="--install jena-arq"` installs Debian's, and writes a class path that mends a jar
java @.engines/jena/java.args arq.arq --data dataset.nq --query queries/who-leads.rq --results CSV
java @.engines/jena/java.args tdb2.tdbloader --loc store dataset.nq
java @.engines/jena/java.args tdb2.tdbquery --loc store --query queries/who-leads.rq --results CSV
# Virtuoso, started where DirsAllowed in virtuoso.ini lets it read the file
isql-vt 1111 dba dba exec="ld_dir('.', 'dataset.nq', 'https://w3id.org/entente/default'); rdf_loader_run();"
curl --data-urlencode query@queries/who-leads.rq -H 'Accept: text/csv' \\
  'http://127.0.0.1:8890/sparql?default-graph-uri=https://w3id.org/entente/default'
# Comunica; after `make engines` it is in .engines/comunica/node_modules/.bin
comunica-sparql-file dataset.nq --file queries/who-leads.rq --outputType text/csv
```

What is different: Virtuoso has no default graph, hence the name for it. Asked without `default-graph-uri` it answers
from all graphs, and repeats some rows in spite of DISTINCT. Its compiler fails (SQ156) on `partners-on-opposing-sides`
and, asked of somebody, on `meetings-and-visits`; `what-happened` lacks a row. It gives integers above 2³¹ as decimals,
and takes the MIN of long texts by its own numbers for them, hence `MIN(STR(?order))`. Comunica sorts strings by the
rules of a locale: another order for some rows of `facts-about`.

A parameter is a line `VALUES ?name { value }` in the file, or a comment `# VALUES ?name { any }`: write the value as an
IRI or a literal, and take the `#` away, also from indented comments right below it.
"""


def _queries(stored: list[Query]) -> str:
    listed = "\n".join(f"- [{q.summary}](#{q.name})" for q in stored)
    tags = sorted({t for q in stored for t in q.tags})
    by_tag = "\n".join(f"- **{t}**: {', '.join(f'[{q.name}](#{q.name})' for q in stored if t in q.tags)}" for t in tags)
    parts = [QUERIES, listed, ELSEWHERE, "## By tag", by_tag, *(_query(q) for q in stored)]
    return "\n\n".join(p.strip() for p in parts) + "\n"


def _query(query: Query) -> str:
    parts = [
        f"## {query.name}",
        f"**{query.summary}**",
        query.description.strip(),
        _parameters(query),
        f"Columns: {_code(query.columns)}. Tags: {', '.join(query.tags)}. Text: [{query.path}](../{query.path}).",
        f"```sh\n{example(query)}\n```",
    ]
    return "\n\n".join(p for p in parts if p)


def _parameters(query: Query) -> str:
    if not query.parameters:
        return ""
    rows = [f"| `{p['name']}` | {p['type']} | `{p['default']}` |" for p in query.parameters]
    return "\n".join(["| parameter | type | default |", "| --- | --- | --- |", *rows])


def example(query: Query) -> str:
    """A command that runs the query, with every parameter that its defaults restrict."""
    given = [f"{p['name']}={p['default']}" for p in query.parameters if p["default"] != stored_queries.ANY]
    return " ".join(["kg query", query.name, *(f"-p {shlex.quote(g)}" for g in given)])


def _code(names: list[str]) -> str:
    return ", ".join(f"`{n}`" for n in names)


# The command

COMMAND = """\
# The command

Data goes to stdout, everything else to stderr. `kg COMMAND --help` says in the terminal what this page says here.
"""


def _command(parser: argparse.ArgumentParser) -> str:
    commands = _subparsers(parser)
    listed = "\n".join(f"- [kg {name}](#kg-{name}): {_text(sub)}" for name, sub in commands.items())
    parts = [
        COMMAND,
        listed,
        f"```text\n{EPILOG}\n```",
        "## Global options",
        "They stand before or after the command; where both are given, the later one wins.",
        _table(_own(parser)),
        *(_subcommand(name, sub, parser) for name, sub in commands.items()),
    ]
    return "\n\n".join(p.strip() for p in parts) + "\n"


def _subcommand(name: str, command: argparse.ArgumentParser, parser: argparse.ArgumentParser) -> str:
    shared = {action.dest for action in _own(parser)}
    actions = [a for a in _own(command) if a.dest not in shared]
    usage = " ".join(["kg", name, *(_usage(a) for a in actions)])
    example = (command.epilog or "").removeprefix("example:").strip()
    example = f"Example: `{example}`" if example != usage else ""
    parts = (f"## kg {name}", _text(command), f"```text\n{usage}\n```", example, _table(actions))
    return "\n\n".join(filter(None, parts))


def _subparsers(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    raise ValueError("the parser has no commands")


def _own(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    """The arguments to describe: neither the commands themselves nor --help, and none that is hidden."""
    hidden = (argparse._SubParsersAction, argparse._HelpAction)
    return [a for a in parser._actions if not isinstance(a, hidden) and a.help != argparse.SUPPRESS]


def _text(command: argparse.ArgumentParser) -> str:
    return (command.description or "").strip()


def _table(actions: list[argparse.Action]) -> str:
    if not actions:
        return ""
    rows = [f"| `{_escaped(_named(a))}` | {_escaped(' '.join(_meaning(a)))} |" for a in actions]
    return "\n".join(["| argument | meaning |", "| --- | --- |", *rows])


def _meaning(action: argparse.Action) -> Iterator[str]:
    if text := action.help:
        yield text[0].upper() + text[1:] + "."
    if action.choices and action.metavar:
        yield f"One of {_code([str(c) for c in action.choices])}."
    if action.default and action.default != argparse.SUPPRESS and "default:" not in (action.help or ""):
        yield f"Default: `{action.default}`."


def _usage(action: argparse.Action) -> str:
    if not action.option_strings:
        return _value(action)
    written = f"{action.option_strings[0]} {_value(action)}".strip()
    return written if action.required else f"[{written}]"


def _named(action: argparse.Action) -> str:
    """An argument as a table names it: `-f, --format FORMAT`."""
    if not action.option_strings:
        return _value(action)
    return f"{', '.join(action.option_strings)} {_value(action)}".strip()


def _value(action: argparse.Action) -> str:
    """What follows an option, or stands for a positional argument: `FILE…`, `[PATH…]`, `text|json`."""
    if action.nargs == 0:
        return ""
    name = str(action.metavar or ("|".join(map(str, action.choices)) if action.choices else action.dest.upper()))
    return {"*": f"[{name}…]", "+": f"{name}…", "?": f"[{name}]"}.get(str(action.nargs), name)


def _escaped(text: str) -> str:
    return text.replace("|", "\\|")
