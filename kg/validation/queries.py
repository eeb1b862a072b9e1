"""Whether the questions are sound: each parses in both engines, says what it gives, and gives the same rows everywhere.

What makes the rows depend on the engine is model, rule 25: no DISTINCT, an order with ties, a GRAPH that any graph
may fill, a term that nobody declared and that therefore matches nothing.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from kg.dataset import engine, stored_queries
from kg.dataset.golden import limit
from kg.dataset.stored_queries import LITERAL_TYPES, Query
from kg.errors import InputError, KgError, did_you_mean
from kg.findings import Check, Finding
from kg.rdf import sparql
from kg.rdf.namespaces import (
    ARTICLE,
    BACKGROUND,
    ENT,
    INFERRED_GRAPH,
    ONTOLOGY_GRAPH,
    PREFIXES,
    RDF_TYPE,
    XSD,
    compact,
    expand,
    local_name,
    suggest,
)
from kg.rdf.sparql import FORBIDDEN, Bracket, QueryText, syntax_error
from kg.source import documents, layout
from kg.source.documents import SYNTAX
from kg.source.layout import GraphFolder
from kg.validation.facts import UNKNOWN_TERM
from kg.validation.ontology import misspelt

# The head of a stored query as the checks read it: what it says, and where it says it.
#
# `kg.dataset.stored_queries` takes a head as it is; here each part is compared with the query, the ontology and what
# others expect.

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


def read_head(name: str, path: str, text: str) -> Head | Finding:
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
        stored_queries.refuse_what_grows("\n".join(body))
        places = dict(_places(yaml.compose("\n".join(body), Loader=yaml.SafeLoader), (), place))
        query = stored_queries.parse(name, path, text)
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


def check_head(head: Head, text: QueryText, classes: set[str]) -> Iterator[Finding]:
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
    """Whether the parameters are what `kg.dataset.stored_queries` takes them for."""
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
            hint = f"add {'# ' * (default == stored_queries.ANY)}VALUES ?{name} {{ {default} }}"
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
    if default == stored_queries.ANY:
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


QUERY_SIZE = Check(
    "query-size",
    "A query has at most 100,000 characters.",
    "No query that a person writes is as long; parsing it could take minutes.",
    wrong="SELECT … with a VALUES block of 10,000 rows",
    right="SELECT … that matches the rows by what they have in common",
)
QUERY_DEPTH = Check(
    "query-depth",
    "A query is not nested too deeply, and has few enough parts in one expression.",
    "Deep nesting ends the process of the engine.",
    wrong="SELECT … WHERE { { { { … } } } }, some hundred groups deep",
    right="SELECT … WHERE { … }",
)
QUERY_REACH = Check(
    "query-reach",
    "A query asks the graph at hand, without SERVICE, FROM or updates.",
    "Its answer would depend on what is not part of the graph, and have no receipts.",
    wrong="SELECT DISTINCT ?x WHERE { SERVICE <https://example.org/sparql> { ?x a ent:State } } ORDER BY ?x",
    right="SELECT DISTINCT ?x WHERE { ?x a ent:State } ORDER BY ?x",
)
RDFLIB = Check(
    "rdflib",
    "Stored queries can be parsed by rdflib too.",
    "`--engine rdflib` answers each query, so that two engines can be compared. ADJUST is no function of SPARQL 1.1.",
    wrong="SELECT DISTINCT ?x WHERE { ?x ent:date ?d FILTER (ADJUST(?d, ?d) = ?d) } ORDER BY ?x",
    right="SELECT DISTINCT ?x WHERE { ?x ent:date ?d FILTER (YEAR(?d) = 2019) } ORDER BY ?x",
)
QUERY_PREFIX = Check(
    "query-prefix",
    "Each prefix of a query is declared once, is used, and stands for its usual namespace.",
    "A query is copied into other tools; a prefix that means something else there gives no rows.",
    wrong="PREFIX ent: <https://w3id.org/entente/ontology#>\nPREFIX skos: <http://www.w3.org/2004/02/skos/core#>",
    right="PREFIX ent: <https://w3id.org/entente/ontology#>",
    severities=("violation", "warning"),
)
QUERY_FORM = Check(
    "query-form",
    "Stored queries are SELECT or ASK.",
    "An answer is rows with receipts; for triples there is `kg export`.",
    wrong="CONSTRUCT { ?x a ent:State } WHERE { ?x a ent:State }",
    right="SELECT DISTINCT ?x WHERE { ?x a ent:State } ORDER BY ?x",
)
QUERY_DISTINCT = Check(
    "query-distinct",
    "The outermost SELECT of a stored query is SELECT DISTINCT.",
    "Where the default graph is the union of all graphs, as in some engines, rows would come twice.",
    wrong="SELECT ?x WHERE { ?x a ent:State } ORDER BY ?x",
    right="SELECT DISTINCT ?x WHERE { ?x a ent:State } ORDER BY ?x",
)
QUERY_COUNT = Check(
    "query-count",
    "Stored queries count with COUNT(DISTINCT …).",
    "Where the default graph is the union of all graphs, as in some engines, things would count twice.",
    wrong="SELECT DISTINCT (COUNT(?s) AS ?x) WHERE { ?s a ent:State } ORDER BY ?x",
    right="SELECT DISTINCT (COUNT(DISTINCT ?s) AS ?x) WHERE { ?s a ent:State } ORDER BY ?x",
)
QUERY_ORDER = Check(
    "query-order",
    "ORDER BY puts all rows of a stored query into one order, the same in every engine.",
    "Rows that tie come in any order, so that answers could not be compared.",
    wrong="SELECT DISTINCT ?x WHERE { ?x a ent:State }",
    right="SELECT DISTINCT ?x WHERE { ?x a ent:State } ORDER BY ?x",
)
QUERY_GRAPH = Check(
    "query-graph",
    "Each GRAPH of a stored query is a passage, a background graph or a named graph of the dataset.",
    "A variable that may be any graph also matches what was inferred, which no article says.",
    wrong="SELECT DISTINCT ?x WHERE { GRAPH ?p { ?x a ent:State } } ORDER BY ?x",
    right="SELECT DISTINCT ?x WHERE { GRAPH ?p { ?x a ent:State } ?p a ent:Passage } ORDER BY ?x",
)
_REFUSED = {check.id: check for check in (QUERY_SIZE, QUERY_DEPTH, QUERY_REACH)}

_JOINED = {ENT + "Passage", ENT + "Background"}
_HINTS = 20  # unknown terms in one query for which near ones are looked for: each takes milliseconds
_CATCHING = {"COALESCE", "BOUND"}
_JUST_DIRECTION = {"", "ASC", "DESC"}


@dataclass(frozen=True)
class DeclaredTerms:
    """What a query may name: all declared terms, and those of them that are classes."""

    terms: frozenset[str]
    classes: frozenset[str]


@dataclass(frozen=True)
class StoredQuery:
    """A stored query; `head` is None where it cannot be read, `fault` is in the SPARQL.

    `bare` is the text as its file holds it, `text` has the optional parameters as patterns.
    """

    name: str
    bare: str
    text: QueryText
    head: Head | None
    fault: Finding | None

    @property
    def readable(self) -> bool:
        """Whether pyoxigraph can read the text, so that it can be asked."""
        return self.fault is None


def read_queries(graph_folder: GraphFolder, timeout: float = engine.SECONDS) -> tuple[list[StoredQuery], list[Finding]]:
    """The stored queries of a graph folder, and what keeps a file, a text or a head from being read.

    Where a query takes an engine more than `timeout` seconds to plan, the process ends.
    """
    found: list[StoredQuery] = []
    findings: list[Finding] = []
    for path in layout.files_in(graph_folder.queries, (".rq",)):
        text = documents.read_text(path, graph_folder, findings)
        if text is not None:
            name, where = os.path.basename(path).removesuffix(".rq"), graph_folder.relative(path)
            bare, text = text, stored_queries.opened(text) if len(text) <= sparql.MAX_QUERY else text
            if refused := _refused(where, text):
                findings.append(refused)
                continue
            head = read_head(name, where, bare)
            findings += [head] if isinstance(head, Finding) else []
            query = QueryText(text, where)
            with limit(timeout, where):
                fault = _syntax(query) or _syntax(QueryText(bare, where))
            found.append(StoredQuery(name, bare, query, head if isinstance(head, Head) else None, fault))
    return found, findings


def _refused(path: str, text: str) -> Finding | None:
    """A query that is too large or too deep, or that would leave the dataset: no engine gets to see it."""
    try:
        sparql.check(text)
    except KgError as error:
        query = QueryText(text if error.rule == "query-reach" else "")
        line, column = next(map(query.place, query.uses(*FORBIDDEN)), (0, 0))  # (0, 0) where it is hidden, or is none
        return _REFUSED[error.rule].finding(path, error.message, line=line, column=column, hint=error.hint)
    return None


def check_query(question: StoredQuery, words: DeclaredTerms) -> Iterator[Finding]:
    """What is unsound in a question, as far as pyoxigraph and the text itself can tell."""
    query = question.text
    undeclared = list(_prefixes(query))
    yield from undeclared
    if question.fault:
        if not any(f.severity == "violation" for f in undeclared):
            yield question.fault
        return
    yield from _terms(query, words)
    yield from _form(query)
    yield from _order(query)
    yield from _graphs(query)
    if question.head:
        yield from check_head(question.head, query, {local_name(c) for c in words.classes})


def _finding(query: QueryText, i: int, check: Check, message: str, *, hint: str = "", severity: str = "") -> Finding:
    """A finding at the token with that number."""
    line, column = query.place(i)
    return check.finding(query.path, message, severity=severity, line=line, column=column, hint=hint)


def _syntax(query: QueryText) -> Finding | None:
    """What pyoxigraph, which is strict, has against the text as SPARQL 1.1; it is asked over an empty store."""
    if query.stray is not None:
        return _finding(query, query.stray, SYNTAX, f"this {query.text_at(query.stray)} has no partner")
    try:
        Store().query(query.text)
    except SyntaxError as error:
        line, column, reason = syntax_error(str(error.msg), query)
        message = f"this is no SPARQL 1.1 query{reason and f': {reason}'}"
        return SYNTAX.finding(query.path, message, line=line, column=column)
    except (ValueError, RuntimeError, OSError) as error:
        return SYNTAX.finding(query.path, f"the query cannot be answered: {error}")
    return None


def in_rdflib(path: str, text: str) -> list[Finding]:
    """What rdflib has against a text that pyoxigraph takes. It takes a tenth of a second."""
    from rdflib.plugins.sparql import prepareQuery

    try:
        prepareQuery(text)
    except Exception as error:  # the exceptions of its parser have no common base
        line, column = getattr(error, "lineno", None) or 0, getattr(error, "column", None) or 0
        why = "it is nested too deeply" if isinstance(error, RecursionError) else str(error).split("\n")[0]
        message, hint = f"rdflib cannot read the query: {why}", "other engines take it; write it so that both do"
        return [RDFLIB.finding(path, message, line=line, column=column, hint=hint)]
    return []


def _prefixes(query: QueryText) -> Iterator[Finding]:
    """Prefixes that are not declared, declared in vain or twice, or not for what the house means by them."""
    for i, prefix in query.undeclared:
        hint = f"add PREFIX {prefix}: <{PREFIXES.get(prefix, 'http://…')}> at the top"
        yield _finding(query, i, QUERY_PREFIX, f"the prefix {prefix}: is not declared", hint=hint)
    used = {prefix for _, prefix in query.prefix_uses}
    seen = set[str]()
    for i, prefix in query.declarations.items():
        iri = query.prefixes[prefix]
        if prefix in seen:
            yield _finding(query, i, QUERY_PREFIX, f"the prefix {prefix}: is declared twice", hint="remove one")
        elif prefix not in used:
            message = f"the prefix {prefix}: is declared and not used"
            yield _finding(query, i, QUERY_PREFIX, message, severity="warning", hint="remove it")
        elif PREFIXES.get(prefix, iri) != iri:
            message = f"{prefix}: stands for <{iri}> here, and for <{PREFIXES[prefix]}> everywhere else"
            yield _finding(query, i, QUERY_PREFIX, message, hint="write the usual one")
        seen.add(prefix)


def _terms(query: QueryText, words: DeclaredTerms) -> Iterator[Finding]:
    """Terms that nothing declares, each where it first stands: they match nothing, and nobody is told."""
    seen, unknown = set[str](), 0
    for i in range(query.form or 0, len(query.tokens)):
        iri = query.iri(i)
        if iri in seen:
            continue
        seen.add(iri)
        if iri.startswith(ENT) and iri != ENT and iri not in words.terms:
            unknown += 1
            near = suggest(iri, words.terms) if unknown <= _HINTS else ""
            hint = near or "see docs/ontology.md for the terms"
            yield _finding(query, i, UNKNOWN_TERM, f"the ontology declares no term {compact(iri)}", hint=hint)
        elif problem := misspelt(iri):
            yield _finding(query, i, UNKNOWN_TERM, problem[0], hint=problem[1])


def _form(query: QueryText) -> Iterator[Finding]:
    """DISTINCT, named columns, distinct counts: what makes rows the same in every engine."""
    if query.form is None or query.word(query.form) in ("CONSTRUCT", "DESCRIBE"):
        hint = "write a SELECT, or an ASK; triples come from kg export"
        yield _finding(query, query.form or 0, QUERY_FORM, "the answer to a stored query is rows", hint=hint)
        return
    if query.word(query.form) == "SELECT" and query.word(query.form + 1) != "DISTINCT":
        hint = "engines whose default graph is the union of all graphs count some rows twice"
        yield _finding(query, query.form, QUERY_DISTINCT, "the outermost SELECT has no DISTINCT", hint=hint)
    for i in query.uses("SELECT"):
        star = i + 1 + (query.word(i + 1) in ("DISTINCT", "REDUCED"))
        if query.text_at(star) == "*":
            yield _finding(query, star, QUERY_COLUMNS, "SELECT * hides what the columns are", hint="name them")
    for i in query.uses("COUNT"):
        if query.text_at(i + 1) == "(" and query.word(i + 2) != "DISTINCT":
            yield _finding(query, i, QUERY_COUNT, "COUNT without DISTINCT", hint="write COUNT(DISTINCT ?x)")


def _order(query: QueryText) -> Iterator[Finding]:
    """An order without ties, in expressions that no engine drops a row for."""
    if query.form is None or query.word(query.form) != "SELECT":
        return
    clause = query.clause("ORDER")
    sorted_by, grouped = ({name for i in c if (name := query.variable(i))} for c in (clause, query.clause("GROUP")))
    columns = query.columns(query.form)
    told_apart = grouped <= {c.name for c in columns}  # else two groups may differ in their aggregates alone
    loose = [c.name for c in columns if c.name not in sorted_by and not (c.aggregate and told_apart)]
    if loose and not (grouped and grouped <= sorted_by):
        at = clause[0] if clause else len(query.tokens)
        message = f"the order has ties: ORDER BY does not mention {', '.join(f'?{name}' for name in loose)}"
        hint = f"ORDER BY {' '.join(f'?{c.name}' for c in columns)}"
        yield _finding(query, at, QUERY_ORDER, message, hint=hint)
    yield from _unsafe_order(query, clause)


def _unsafe_order(query: QueryText, clause: list[int]) -> Iterator[Finding]:
    """A function of a variable that may be unbound is an error: rdflib gives no answer, others some order."""
    for i in (i for i in clause if query.variable(i) and query.variable(i) not in query.surely_bound):
        functions = [query.word(b.opens - 1) for b in query.inside[i].chain() if b.mark == "("]
        applied, name = [f for f in functions if f not in _JUST_DIRECTION], query.text_at(i)
        if applied and not _CATCHING.intersection(functions):
            message = f"{applied[0]} of {name} in ORDER BY is an error wherever {name} is not bound"
            hint = f'write {name}, or COALESCE({applied[0]}({name}), "")'
            yield _finding(query, i, QUERY_ORDER, message, hint=hint)


def _graphs(query: QueryText) -> Iterator[Finding]:
    """Each GRAPH is a passage, a background or one of the named graphs of the dataset (model, rules 24 and 25)."""
    known = {ONTOLOGY_GRAPH, INFERRED_GRAPH}
    joins = list(_joins(query, known))
    for i in query.uses("GRAPH"):
        iri, name = query.iri(i + 1), query.variable(i + 1)
        if not name:
            if iri not in known and not iri.startswith((ARTICLE, BACKGROUND)):
                hint = suggest(iri, known) or f"the graphs are passages, backgrounds, {' and '.join(sorted(known))}"
                yield _finding(query, i + 1, QUERY_GRAPH, f"the dataset has no graph <{iri}>", hint=hint)
        elif not any(v == name and query.is_joined(name, group, query.inside[i]) for v, group in joins):
            written = query.text_at(i + 1)
            message = f"GRAPH {written} may be any graph: {written} is not said to be a passage"
            hint = f"add `{written} a ent:Passage .` beside it"
            yield _finding(query, i + 1, QUERY_GRAPH, message, hint=hint)


def _joins(query: QueryText, graphs: set[str]) -> Iterator[tuple[str, Bracket]]:
    """The variables that are said to be passages, backgrounds or named graphs, and the group that says so."""
    for i, around in enumerate(query.inside):
        if query.iri(i) == RDF_TYPE and query.iri(i + 1) in _JOINED:
            yield query.subject(i), around
    for name, braces in query.inline_data():
        inside = {query.iri(i) for i in range(braces.opens + 1, braces.closes or 0)}
        if braces.around and inside and inside <= graphs:
            yield name, braces.around
