"""Stored queries: one SPARQL query in a `.rq` file, with a head of YAML in `#+` comments (as in grlc) and parameters.

A parameter is a `VALUES ?name { default }` block, so that a stored query is valid SPARQL 1.1 for any engine. A
value, as a checked RDF term, replaces the tokens between the braces. An optional parameter is a comment `# VALUES ?name
{ any }`, with further patterns behind it and on following lines that start with `#` and three spaces; a value makes
them part of the query. The value `any` turns the line of a default into a comment.
"""

import os
import re
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal, NamedNode

from kg.dataset.labels import Labels
from kg.errors import InputError, UsageError, clean, did_you_mean
from kg.rdf.namespaces import ENT, XSD
from kg.source import layout
from kg.source.layout import GraphFolder

if TYPE_CHECKING:
    from kg.findings import Finding
    from kg.rdf.tokens import Token

ANY = "any"  # the value of a parameter that restricts nothing
UNDEF = "UNDEF"
MAX_HEAD_DEPTH = 20  # nested brackets; with 45,000 PyYAML takes half a minute to refuse them
LITERAL_TYPES = ("date", "gYear", "integer", "string")  # of parameters; other types are classes, or `thing`
_OPTIONAL = r"#[ \t]*VALUES[ \t]+[?$](\w+)[ \t]*\{( any )\}"


class Query:
    """A stored query: its name, its text and its head; `kept` and `from_kept` convert it to JSON and back."""

    def __init__(self, name: str, path: str, text: str, head: dict[str, Any]) -> None:
        self.name, self.path, self.text = name, path, text
        self.summary: str = head.get("summary", "")
        self.description: str = head.get("description", "")
        self.parameters: list[dict[str, str]] = head.get("parameters") or []
        self.columns: list[str] = head.get("columns") or []
        self.tags: list[str] = head.get("tags") or []
        self.slots: dict[str, list[list[int]]] | None = head.get("slots")  # see `_slots`

    def __repr__(self) -> str:
        return f"<kg query {clean(self.name)}: {clean(self.summary)}>"

    def listed(self) -> dict[str, Any]:
        """The query in the output of `kg query --list -f json`."""
        return {key: getattr(self, key) for key in ("name", "summary", "parameters", "columns", "tags")}

    def kept(self) -> dict[str, Any]:
        """The whole query as a JSON object."""
        found = _slots(self)
        slots = {p["name"]: found.get(p["name"], []) for p in self.parameters}
        return {**self.listed(), "description": self.description, "path": self.path, "text": self.text, "slots": slots}


def from_kept(kept: dict[str, Any]) -> Query:
    """A query from the JSON of `Query.kept`."""
    return Query(kept["name"], kept["path"], kept["text"], kept)


def stored(graph_folder: GraphFolder) -> list[Query]:
    """The stored queries of a graph folder, by name. Raises InputError for a head that is no YAML."""
    from kg.rdf.sparql import MAX_QUERY
    from kg.source import documents

    found = []
    for path in layout.files_in(graph_folder.queries, (".rq",)):
        problems: list[Finding] = []
        text = documents.read_text(path, graph_folder, problems, MAX_QUERY)
        if text is None:
            wrong = problems[0]
            where = f"{wrong.file}:{wrong.line}:{wrong.column}" if wrong.line else wrong.file
            raise InputError(wrong.message, hint=wrong.hint, where=where, rule=wrong.rule)
        query = parse(os.path.splitext(os.path.basename(path))[0], graph_folder.relative(path), text)
        check_head(query)
        found.append(query)
    return found


def parse(name: str, path: str, text: str) -> Query:
    """A query from its text; the head is the `#+` lines at its top."""
    lines = [line[2:] for line in re.split("\r\n|\r|\n", text) if line.startswith("#+")]  # what ends a comment
    if not lines:
        return Query(name, path, text, {})
    import yaml

    try:
        body = "\n".join(line.removeprefix(" ") for line in lines)
        refuse_yaml_bombs(body)
        head = yaml.safe_load(body)
    except Exception as error:  # PyYAML lets what goes wrong with a number or a date escape as it is
        mark = getattr(error, "problem_mark", None)
        why = getattr(error, "problem", None) or "it cannot be read"
        where = f"{path}:{mark.line + 1 if mark else 1}"
        raise InputError(f"the head of the query is no YAML: {why}", where=where) from error
    if not isinstance(head, dict):
        raise InputError("the head of the query is no list of `key: value`", where=f"{path}:1")
    return Query(name, path, text, head)


def refuse_yaml_bombs(head: str) -> None:
    """Raise YAMLError for an alias, ten of which can stand for billions of items, and for deeply nested brackets.

    And for what ends a line in YAML, but no comment in SPARQL.
    """
    import yaml

    if found := re.search("[\x85\u2028\u2029]", head):
        mark = yaml.Mark("", found.start(), head.count("\n", 0, found.start()), 0, None, 0)
        raise yaml.MarkedYAMLError(problem="a line end that is none in SPARQL", problem_mark=mark)
    depth = 0
    for token in yaml.scan(head):
        depth += isinstance(token, yaml.FlowSequenceStartToken | yaml.FlowMappingStartToken)
        depth -= isinstance(token, yaml.FlowSequenceEndToken | yaml.FlowMappingEndToken)
        if isinstance(token, yaml.AliasToken):
            raise yaml.MarkedYAMLError(problem="an alias: write it out", problem_mark=token.start_mark)
        if depth > MAX_HEAD_DEPTH:
            raise yaml.MarkedYAMLError(problem="too many brackets within brackets", problem_mark=token.start_mark)


def read(path: str) -> str:
    """The text of a query in a file that the user named, or on stdin for “-”.

    Raises UsageError where there is no such file, InputError or LimitError for what is no text of a query.
    """
    from kg.rdf.sparql import MAX_QUERY

    try:
        data = layout.read_named(path, 4 * MAX_QUERY)  # no character has more bytes
    except OSError as error:
        message, hint = f"cannot read the query: {error.strerror}", "see the stored ones with `kg query`"
        raise UsageError(message, hint=hint, where=path, rule="unknown-query") from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError("the query is not UTF-8", where=path, rule="encoding") from error
    return f"{text}\n"  # what holds a line break is a text and no name, even an empty one


def text_of(query: str) -> str:
    """A query that is given by its text, as `Graph.ask` tells it from the name of a stored one."""
    return query if any(mark in query.strip(" ") for mark in " \n{<") else f"{query}\n"


def check_head(query: Query) -> None:
    """Raise InputError where a part of the head has another type than it should have."""
    lists = (query.columns, query.tags, query.parameters)
    texts = (query.summary, query.description)
    sound = all(isinstance(x, list) for x in lists) and all(isinstance(x, str) for x in texts)
    if sound and all(isinstance(x, str) for x in [*query.columns, *query.tags]) and all(map(_is_sound, lists[2])):
        return
    hint = "`kg check` names the part: write values in quotes, and parameters as {name, type, default}"
    raise InputError("the head of the query is not as it should be", hint=hint, where=query.path, rule="query-head")


def _is_sound(parameter: object) -> bool:
    """Whether a parameter has a name that a variable can have, a type and a default."""
    parts = [parameter.get(key) for key in ("name", "type", "default")] if isinstance(parameter, dict) else [None]
    return all(isinstance(part, str) for part in parts) and str(parts[0]).isidentifier()


def find(name: str, queries: dict[str, Query]) -> Query:
    """The stored query of that name. Raises UsageError, with the names that come close."""
    if name in queries:
        return queries[name]
    hint = did_you_mean(name, {q: q for q in queries}, most=3, cutoff=0.5) or "see them all with `kg query`"
    raise UsageError(f"there is no stored query {name}", hint=hint, rule="unknown-query")


def bind(query: Query, values: dict[str, str], things: Labels) -> str:
    """The query's text with these values in the place of the defaults.

    Raises UsageError for an unknown parameter, a value of the wrong type, or a name that fits nothing or too much.
    """
    check_head(query)
    known = {p["name"]: p for p in query.parameters}
    pieces: dict[str, str] = {}
    for name, value in values.items():
        if name not in known:
            close = did_you_mean(name, {k: k for k in known})
            hint = f"{close}\nits parameters: {', '.join(known) or 'none'}"
            raise UsageError(f"{query.name} has no parameter {name}", hint=hint, rule="parameter")
        pieces[name] = term(known[name], value, things)
    return _replaced(query, pieces)


def term(parameter: dict[str, str], value: str, things: Labels) -> str:
    """A value as a SPARQL term of the parameter's type, or UNDEF for `any`."""
    kind = parameter["type"]
    if value == ANY:
        return UNDEF
    if kind in LITERAL_TYPES:
        from kg.rdf.literals import problem

        literal = Literal(value, datatype=NamedNode(XSD + kind))
        if wrong := problem(literal):
            raise UsageError(f"{parameter['name']}: {wrong}", rule="parameter")
        return str(literal)
    return str(things.resolve(value, ENT + kind if kind != "thing" else ""))


def _replaced(query: Query, pieces: dict[str, str]) -> str:
    """The text with terms, or UNDEF, in all blocks of the parameters of these names."""
    if not pieces:
        return query.text
    edits: list[tuple[int, int, str]] = []
    slots = _slots(query)
    for name, piece in pieces.items():
        for start, end, *marks in slots.get(name, []):
            keyword = _line_start(query.text, start, end)
            if piece == UNDEF and not marks and keyword >= 0:
                edits.append((keyword, keyword, "# "))
            elif piece != UNDEF or not marks:
                edits += [(start, end, f" {piece} "), *((mark, mark + 1, " ") for mark in marks)]
    text, at = "", 0
    for start, end, new in sorted(edits):
        text += query.text[at:start] + new
        at = end
    return text + query.text[at:]


def _line_start(text: str, start: int, end: int) -> int:
    """The place of VALUES, if its block starts a line that can be made a comment; else -1."""
    line = text[text.rfind("\n", 0, start) + 1 : (text + "\n").index("\n", end)]
    blank = len(line) - len(line.lstrip())
    first = line[blank : blank + len("VALUES")].upper() == "VALUES" and line.count("VALUES") == 1
    whole = first and "\n" not in text[start:end] and line.count("{") == line.count("}")
    return text.rfind("\n", 0, start) + 1 + blank if whole else -1


def uncommented(text: str) -> str:
    """The text with its optional parameters as part of the query, each with UNDEF; offsets stay the same."""
    from kg.rdf.tokens import tokenize

    characters = list(text)
    for start, end, *marks in _commented(list(tokenize(text))).values():
        characters[start:end] = UNDEF
        for mark in marks:
            characters[mark] = " "
    return "".join(characters)


def _slots(query: Query) -> dict[str, list[list[int]]]:
    """The VALUES blocks of each variable: start and end of the inside, and the offset of each `#` of a comment."""
    if query.slots is not None:
        return query.slots
    from kg.rdf.sparql import query_text
    from kg.rdf.tokens import tokenize

    text, found = query_text(query.text), dict[str, list[list[int]]]()
    for name, braces in text.inline_data():
        found.setdefault(name, []).append([*text.span(braces)])
    for (_, name), block in _commented(list(tokenize(query.text))).items():
        found.setdefault(name, []).append(block)
    return found


def _commented(tokens: "list[Token]") -> dict[tuple[int, str], list[int]]:
    """The VALUES blocks that are comments, by offset and variable, as in `_slots`."""
    blocks: dict[tuple[int, str], list[int]] = {}
    open_block: list[int] = []
    for token in (t for t in tokens if t.kind != "space"):
        found = re.match(_OPTIONAL, token.text) if token.kind == "comment" else None
        if found:
            open_block = [token.start + found.start(2), token.start + found.end(2), token.start]
            blocks[token.start, found[1]] = open_block
        elif open_block and token.kind == "comment" and token.text.startswith("#   "):
            open_block.append(token.start)
        else:
            open_block = []
    return blocks
