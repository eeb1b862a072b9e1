"""The head of a stored query as the checks read it: what it says, and where it says it.

`kg.queries` takes a head as it is; here each part is compared with the query, the ontology and what others expect.
"""

import re
from collections.abc import Iterator
from typing import Any

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from kg import queries
from kg.errors import InputError, did_you_mean
from kg.findings import Check, Finding
from kg.queries import LITERAL_TYPES, Query
from kg.sparql import QueryText
from kg.vocabulary import XSD, expand

QUERY_HEAD = Check(
    "query-head",
    "A stored query has a head, YAML in `#+` comments: a summary that is a question, a description, columns, tags.",
    "`kg query --list`, completion and docs/queries.md are made from it.",
    wrong="#+ summary: List of states",
    right="#+ summary: Which states are there?",
    severities=("violation", "warning"),
)
QUERY_PARAMETER = Check(
    "query-parameter",
    "A parameter has a name, a type and a default, which is the term in a VALUES block of the query.",
    "So the query runs unchanged in any engine, and `-p name=value` has a place to go to.",
    wrong='#+   - {name: type, default: "ent:State"}',
    right='#+   - {name: type, type: thing, default: "ent:State"}',
)
QUERY_COLUMNS = Check(
    "query-columns",
    "The head of a stored query lists the columns of its SELECT, in their order; SELECT * lists none.",
    "Columns are named for people who never read the query.",
    wrong="#+ columns: [name]",
    right="#+ columns: [x]",
)
_KEYS = ("summary", "description", "parameters", "columns", "tags")
_PARAMETER = ["name", "type", "default"]
_QUOTE = "write it in quotes: YAML reads on, no and numbers as values of its own"

Place = tuple[int, int]
Part = tuple[str | int, ...]  # the way to a part of the head: ("parameters", 0, "type")


class Head:
    """A head that could be read: the query that it makes, and the place of each part."""

    def __init__(self, query: Query, places: dict[Part, Place]) -> None:
        self.query, self._places = query, places

    @property
    def keys(self) -> list[str]:
        """The keys of the head, in their order."""
        return [str(part[0]) for part in self._places if len(part) == 1]

    def finding(self, part: Part, check: Check, message: str, *, hint: str = "", severity: str = "") -> Finding:
        """A finding at a part of the head, else at what it would stand in."""
        while part not in self._places and part:
            part = part[:-1]
        line, column = self._places.get(part, (1, 1))
        return check.finding(self.query.path, message, severity=severity, line=line, column=column, hint=hint)


def read(name: str, path: str, text: str) -> Head | Finding:
    """The head of a query, or what makes it unreadable."""
    import yaml

    lines = [(n, line) for n, line in enumerate(text.split("\n"), 1) if line.startswith("#+")]
    if not lines:
        hint = "start the file with `#+ summary: …?`; docs/queries.md shows the rest"
        return QUERY_HEAD.finding(path, "the query has no head", line=1, column=1, hint=hint)
    body = [line[2:].removeprefix(" ") for _, line in lines]

    def place(mark: Any) -> Place:
        n = min(mark.line, len(lines) - 1)
        line, source = lines[n]
        return line, (mark.column if mark.line == n else 0) + 1 + len(source) - len(body[n])

    try:
        queries.refuse_what_grows("\n".join(body))
        places = dict(_places(yaml.compose("\n".join(body), Loader=yaml.SafeLoader), (), place))
        query = queries.parse(name, path, text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line, column = place(mark) if mark else (1, 1)
        why = getattr(error, "problem", None) or "it cannot be read"
        message, hint = f"the head is no YAML: {why}", "a text that holds a colon or a quote stands in quotes"
        return QUERY_HEAD.finding(path, message, line=line, column=column, hint=hint)
    except InputError as error:
        return QUERY_HEAD.finding(path, error.message, line=lines[0][0], column=1)
    except Exception:  # PyYAML lets the exceptions of int(), date() and deep recursion escape as they are
        message = "the head holds a value that YAML cannot read"
        return QUERY_HEAD.finding(path, message, line=lines[0][0], column=1, hint=_QUOTE)
    return Head(query, places)


def _places(node: Any, part: Part, place: Any) -> Iterator[tuple[Part, Place]]:
    """Where each part of the head starts; a value under a key has the place of the value."""
    yield part, place(node.start_mark)
    if node.id == "mapping":
        for key, value in node.value:
            yield from _places(value, (*part, str(key.value)), place)
    elif node.id == "sequence":
        for i, item in enumerate(node.value):
            yield from _places(item, (*part, i), place)


def check(head: Head, text: QueryText, classes: set[str]) -> Iterator[Finding]:
    """What is wrong with a head, by itself or against its query.

    `classes` are the local names of the classes that may be types of parameters.
    """
    query = head.query
    yield from _unknown_keys(head)
    yield from _summary(head)
    for key, value in (("columns", query.columns), ("tags", query.tags)):
        yield from _texts(head, key, value)
    if isinstance(query.parameters, list):
        for i, parameter in enumerate(query.parameters):
            yield from _parameter(head, i, parameter, classes)
    else:
        yield head.finding(("parameters",), QUERY_HEAD, "the parameters are no list")
    yield from _columns(text, head)
    if _sound(query):
        yield from _defaults(text, head)


def _unknown_keys(head: Head) -> Iterator[Finding]:
    for key in head.keys:
        if key not in _KEYS:
            hint = did_you_mean(key, {k: k for k in _KEYS}, most=1, cutoff=0.6) or f"the keys are {', '.join(_KEYS)}"
            yield head.finding((key,), QUERY_HEAD, f"nothing reads the key {key}", hint=hint, severity="warning")


def _summary(head: Head) -> Iterator[Finding]:
    summary, description = head.query.summary, head.query.description
    if not isinstance(summary, str) or not summary.endswith("?"):
        hint = "say what the query answers: “Who leads a state on a date?”"
        yield head.finding(("summary",), QUERY_HEAD, "the summary is no question: it ends with no “?”", hint=hint)
    if not isinstance(description, str) or not description:
        hint = "say why one would ask, and what a row is"
        yield head.finding(("description",), QUERY_HEAD, "there is no description", hint=hint, severity="warning")
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", head.query.name):
        message = f"“{head.query.name}” is no name for a query: lower-case words with hyphens"
        yield head.finding((), QUERY_HEAD, message, hint="rename the file", severity="warning")


def _texts(head: Head, key: str, value: object) -> Iterator[Finding]:
    """A list of texts, each once."""
    if not isinstance(value, list):
        yield head.finding((key,), QUERY_HEAD, f"the {key} are no list")
        return
    for i, item in enumerate(value):
        if not isinstance(item, str):
            yield head.finding((key, i), QUERY_HEAD, f"“{item}” in {key} is no text", hint=_QUOTE)
        elif item in value[:i]:
            yield head.finding((key, i), QUERY_HEAD, f"“{item}” stands twice in {key}")


def _parameter(head: Head, i: int, parameter: object, classes: set[str]) -> Iterator[Finding]:
    at: Part = ("parameters", i)
    if not isinstance(parameter, dict) or list(parameter) != _PARAMETER:
        hint = 'write {name: state, type: State, default: "id:turkey"}'
        yield head.finding(at, QUERY_PARAMETER, "a parameter has a name, a type and a default", hint=hint)
        return
    for key, value in parameter.items():
        if not isinstance(value, str):
            yield head.finding((*at, key), QUERY_PARAMETER, f"the {key} {value} is no text", hint=_QUOTE)
    if sum(isinstance(p, dict) and p.get("name") == parameter["name"] for p in head.query.parameters[:i]):
        message = f"there are two parameters {parameter['name']}"
        yield head.finding((*at, "name"), QUERY_PARAMETER, message)
    known = {*LITERAL_TYPES, "thing", *classes}
    if isinstance(parameter["type"], str) and parameter["type"] not in known:
        yield _unknown_type(head, (*at, "type"), parameter["type"], known)


def _unknown_type(head: Head, at: Part, written: str, known: set[str]) -> Finding:
    types = f"a class of the ontology, thing, {', '.join(LITERAL_TYPES)}"
    hint = did_you_mean(written, {k: k for k in sorted(known)}, most=1, cutoff=0.6) or f"the types are {types}"
    return head.finding(at, QUERY_PARAMETER, f"there is no type {written}", hint=hint)


def _sound(query: Query) -> bool:
    """Whether the parameters are what `kg.queries` takes them for."""
    return isinstance(query.parameters, list) and all(
        isinstance(p, dict) and list(p) == _PARAMETER and all(isinstance(v, str) for v in p.values())
        for p in query.parameters
    )


def _columns(query: QueryText, head: Head) -> Iterator[Finding]:
    """The head tells the columns as the SELECT has them, in its order."""
    form = query.form or 0
    given = [c.name for c in query.columns(form)] if query.word(form) == "SELECT" else []
    nameless = query.word(form) == "SELECT" and not given  # SELECT * is told of by itself
    if given != head.query.columns and not nameless and isinstance(head.query.columns, list):
        told = ", ".join(map(str, head.query.columns)) or "none"
        message = f"the head says that the columns are {told}; the SELECT gives {', '.join(given) or 'none'}"
        yield head.finding(("columns",), QUERY_COLUMNS, message, hint=f"columns: [{', '.join(given)}]")


def _defaults(query: QueryText, head: Head) -> Iterator[Finding]:
    """Each default of the head is what stands in the VALUES blocks of its parameter."""
    for i, parameter in enumerate(head.query.parameters):
        name, default = parameter["name"], parameter["default"]
        blocks = [braces for variable, braces in query.inline_data() if variable == name]
        if not blocks:
            hint = f"add {'# ' * (default == queries.ANY)}VALUES ?{name} {{ {default} }}"
            message = f"the parameter {name} has no VALUES block: it would change nothing"
            yield head.finding(("parameters", i, "name"), QUERY_PARAMETER, message, hint=hint)
        wanted = _wanted(parameter)
        for braces in blocks:
            written = query.text[slice(*query.span(braces))].strip()
            if wanted is None or _value(query, written) != wanted:
                message = f"the default of {name} is {default} in the head, and {written or 'nothing'} here"
                line, column = query.place(braces.opens + 1)
                hint = "let both say the same"
                yield QUERY_PARAMETER.finding(query.path, message, line=line, column=column, hint=hint)


def _wanted(parameter: dict[str, str]) -> NamedNode | Literal | str | None:
    """The term that a default of the head stands for: the empty text for any, None for what stands for nothing."""
    default, kind = parameter["default"], parameter["type"]
    if default == queries.ANY:
        return ""
    if kind in LITERAL_TYPES:
        return Literal(default, datatype=NamedNode(XSD + kind))
    try:
        return NamedNode(expand(default) or default)
    except ValueError:
        return None


def _value(query: QueryText, written: str) -> object:
    """The one term that stands in a VALUES block; the empty text for UNDEF, None for what is not one term."""
    try:
        found = Store().query(f"{query.prologue} SELECT ?x WHERE {{ VALUES ?x {{ {written} }} }}")
        rows = list(found) if isinstance(found, QuerySolutions) else []
    except (SyntaxError, ValueError):
        return None
    return (rows[0]["x"] or "") if len(rows) == 1 else None
