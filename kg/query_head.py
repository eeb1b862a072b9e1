"""The head of a stored query as the checks of questions read it: what it says, and where it says it.

`kg.queries` takes a head at its word; here each part is held against what the rest of the house expects of it.
"""

import re
from collections.abc import Iterator
from typing import Any

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from kg import queries
from kg.errors import InputError
from kg.findings import Finding
from kg.queries import Query
from kg.query_text import QueryText
from kg.vocabulary import XSD, expand

MAX_BRACKETS = 200  # PyYAML takes time in the square of how deep they are nested
LITERAL_TYPES = ("date", "gYear", "integer", "string")  # the types of parameters that are no things
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

    def finding(self, part: Part, rule: str, message: str, *, hint: str = "", severity: str = "violation") -> Finding:
        """A finding at a part of the head, else at what it would stand in."""
        while part not in self._places and part:
            part = part[:-1]
        line, column = self._places.get(part, (1, 1))
        return Finding(self.query.path, line, column, severity, rule, message, hint)


def read(name: str, path: str, text: str) -> Head | Finding:
    """The head of a query, or what makes it unreadable."""
    import yaml

    lines = [(n, line) for n, line in enumerate(text.split("\n"), 1) if line.startswith("#+")]
    if not lines:
        hint = "start the file with `#+ summary: …?`; docs/queries.md shows the rest"
        return Finding(path, 1, 1, "violation", "query-head", "the query has no head", hint)
    body = [line[2:].removeprefix(" ") for _, line in lines]

    def place(mark: Any) -> Place:
        n = min(mark.line, len(lines) - 1)
        line, source = lines[n]
        return line, (mark.column if mark.line == n else 0) + 1 + len(source) - len(body[n])

    if sum(line.count("[") + line.count("{") for line in body) > MAX_BRACKETS:
        message = f"the head has more than {MAX_BRACKETS} brackets"
        return Finding(path, lines[0][0], 1, "violation", "query-head", message, "write it simpler")
    try:
        if alias := next((t for t in yaml.scan("\n".join(body)) if isinstance(t, yaml.AliasToken)), None):
            raise yaml.MarkedYAMLError(problem="an alias: write it out", problem_mark=alias.start_mark)
        places = dict(_places(yaml.compose("\n".join(body), Loader=yaml.SafeLoader), (), place))
        query = queries.parse(name, path, text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line, column = place(mark) if mark else (1, 1)
        why = getattr(error, "problem", None) or "it cannot be read"
        message, hint = f"the head is no YAML: {why}", "a text that holds a colon or a quote stands in quotes"
        return Finding(path, line, column, "violation", "query-head", message, hint)
    except InputError as error:
        return Finding(path, lines[0][0], 1, "violation", "query-head", error.message)
    except Exception:  # PyYAML lets the exceptions of int(), date() and deep recursion escape as they are
        message = "the head holds a value that YAML cannot read"
        return Finding(path, lines[0][0], 1, "violation", "query-head", message, _QUOTE)
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
        yield head.finding(("parameters",), "query-head", "the parameters are no list")
    yield from _columns(text, head)
    if _sound(query):
        yield from _defaults(text, head)


def _unknown_keys(head: Head) -> Iterator[Finding]:
    import difflib

    for key in head.keys:
        if key not in _KEYS:
            close = difflib.get_close_matches(key, _KEYS, n=1)
            hint = f"did you mean {close[0]}?" if close else f"the keys are {', '.join(_KEYS)}"
            yield head.finding((key,), "query-head", f"nothing reads the key {key}", hint=hint, severity="warning")


def _summary(head: Head) -> Iterator[Finding]:
    summary, description = head.query.summary, head.query.description
    if not isinstance(summary, str) or not summary.endswith("?"):
        hint = "say what the query answers: “Who leads a state on a date?”"
        yield head.finding(("summary",), "query-head", "the summary is no question: it ends with no “?”", hint=hint)
    if not isinstance(description, str) or not description:
        hint = "say why one would ask, and what a row is"
        yield head.finding(("description",), "query-head", "there is no description", hint=hint, severity="warning")
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", head.query.name):
        message = f"“{head.query.name}” is no name for a question: lower-case words with hyphens"
        yield head.finding((), "query-head", message, hint="rename the file", severity="warning")


def _texts(head: Head, key: str, value: object) -> Iterator[Finding]:
    """A list of texts, each once."""
    if not isinstance(value, list):
        yield head.finding((key,), "query-head", f"the {key} are no list")
        return
    for i, item in enumerate(value):
        if not isinstance(item, str):
            yield head.finding((key, i), "query-head", f"“{item}” in {key} is no text", hint=_QUOTE)
        elif item in value[:i]:
            yield head.finding((key, i), "query-head", f"“{item}” stands twice in {key}")


def _parameter(head: Head, i: int, parameter: object, classes: set[str]) -> Iterator[Finding]:
    at: Part = ("parameters", i)
    if not isinstance(parameter, dict) or list(parameter) != _PARAMETER:
        hint = 'write {name: state, type: State, default: "id:turkey"}'
        yield head.finding(at, "query-parameter", "a parameter has a name, a type and a default", hint=hint)
        return
    for key, value in parameter.items():
        if not isinstance(value, str):
            yield head.finding((*at, key), "query-parameter", f"the {key} {value} is no text", hint=_QUOTE)
    if sum(isinstance(p, dict) and p.get("name") == parameter["name"] for p in head.query.parameters[:i]):
        message = f"there are two parameters {parameter['name']}"
        yield head.finding((*at, "name"), "query-parameter", message)
    known = {*LITERAL_TYPES, "thing", *classes}
    if isinstance(parameter["type"], str) and parameter["type"] not in known:
        yield _unknown_type(head, (*at, "type"), parameter["type"], known)


def _unknown_type(head: Head, at: Part, written: str, known: set[str]) -> Finding:
    import difflib

    close = difflib.get_close_matches(written, sorted(known), n=1, cutoff=0.6)
    types = f"a class of the ontology, thing, {', '.join(LITERAL_TYPES)}"
    hint = f"did you mean {close[0]}?" if close else f"the types are {types}"
    return head.finding(at, "query-parameter", f"there is no type {written}", hint=hint)


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
        yield head.finding(("columns",), "query-columns", message, hint=f"columns: [{', '.join(given)}]")


def _defaults(query: QueryText, head: Head) -> Iterator[Finding]:
    """Each default of the head is what stands in the VALUES blocks of its parameter."""
    for i, parameter in enumerate(head.query.parameters):
        name, default = parameter["name"], parameter["default"]
        blocks = [k for k in query.uses("VALUES") if query.text_at(k + 1)[1:] == name and query.text_at(k + 2) == "{"]
        if not blocks:
            hint = f"add {'# ' * (default == queries.ANY)}VALUES ?{name} {{ {default} }}"
            message = f"the parameter {name} has no VALUES block: it would change nothing"
            yield head.finding(("parameters", i, "name"), "query-parameter", message, hint=hint)
        wanted = _wanted(parameter)
        for k in blocks:
            written = query.text[query.tokens[k + 2].start + 1 : query.tokens[query.partner[k + 2]].start].strip()
            if wanted is None or _value(query, written) != wanted:
                message = f"the default of {name} is {default} in the head, and {written or 'nothing'} here"
                line, column = query.place(query.tokens[k + 3])
                hint = "let both say the same"
                yield Finding(query.path, line, column, "violation", "query-parameter", message, hint)


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
    prologue = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in query.prefixes.items())
    try:
        found = Store().query(f"{prologue}SELECT ?x WHERE {{ VALUES ?x {{ {written} }} }}")
        rows = list(found) if isinstance(found, QuerySolutions) else []
    except (SyntaxError, ValueError):
        return None
    return (rows[0]["x"] or "") if len(rows) == 1 else None
