"""Lint of stored queries: head, prefixes, terms, and whether the rows are the same in every engine.

The head (YAML in `#+` comments) is compared with the SELECT, the VALUES blocks and the ontology. Rows depend on the
engine (model, rule 25) by a SELECT without DISTINCT, an order with ties, or a GRAPH that any graph may match.
"""

import os
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from kg.dataset import engine, golden, stored_queries
from kg.dataset.stored_queries import LITERAL_TYPES, Query
from kg.errors import InputError, KgError, did_you_mean
from kg.findings import Check, Finding
from kg.rdf import namespaces, sparql
from kg.rdf.namespaces import ARTICLE, BACKGROUND, ENT, INFERRED_GRAPH, ONTOLOGY_GRAPH, PREFIXES, RDF_TYPE, XSD
from kg.rdf.sparql import FORBIDDEN, Bracket, QueryText, syntax_error
from kg.source import documents, layout
from kg.source.layout import GraphFolder
from kg.validation.facts import UNKNOWN_TERM
from kg.validation.ontology import CLASS_KINDS, Axioms, misspelt

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
    "A query asks the graph at hand only: it has no SERVICE, FROM or update.",
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
    "So the query runs unchanged in other engines, and `-p name=value` has a place to go to.",
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
_QUOTE = "write it in quotes: YAML reads on, no and numbers as booleans and numbers"
Part = tuple[str | int, ...]  # the keys and numbers that lead to a part of the head: ("parameters", 0, "type")


@dataclass(frozen=True)
class Head:
    """The head of a stored query, and where each part of it starts."""

    query: Query
    places: dict[Part, tuple[int, int]]

    def finding(self, part: Part, check: Check, message: str, *, hint: str = "", severity: str = "") -> Finding:
        """A finding at a part of the head; where that is missing, at what should contain it."""
        while part not in self.places and part:
            part = part[:-1]
        line, column = self.places.get(part, (1, 1))
        return check.finding(self.query.path, message, severity=severity, line=line, column=column, hint=hint)


def read_head(name: str, path: str, text: str, findings: list[Finding]) -> Head | None:
    """The head of a query; None, and a finding, where there is none or YAML cannot read it."""
    import yaml

    lines = [(n, line) for n, line in enumerate(text.split("\n"), 1) if line.startswith("#+")]
    if not lines:
        hint = "start the file with `#+ summary: …?`; docs/queries.md shows the rest"
        findings.append(QUERY_HEAD.finding(path, "the query has no head", line=1, column=1, hint=hint))
        return None
    body = [line[2:].removeprefix(" ") for _, line in lines]

    def place(mark: Any) -> tuple[int, int]:
        n = min(mark.line, len(lines) - 1)
        line, source = lines[n]
        return line, (mark.column if mark.line == n else 0) + 1 + len(source) - len(body[n])

    hint, (line, column) = "", (lines[0][0], 1)
    try:
        stored_queries.refuse_yaml_bombs("\n".join(body))
        places = dict(_places(yaml.compose("\n".join(body), Loader=yaml.SafeLoader), (), place))
        return Head(stored_queries.parse(name, path, text), places)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line, column = place(mark) if mark else (1, 1)
        message = f"the head is no YAML: {getattr(error, 'problem', None) or 'it cannot be read'}"
        hint = "put a text that holds a colon or a quote in quotes"
    except InputError as error:
        message = error.message
    except Exception:  # PyYAML lets the exceptions of int(), date() and deep recursion escape as they are
        message, hint = "the head holds a value that YAML cannot read", _QUOTE
    findings.append(QUERY_HEAD.finding(path, message, line=line, column=column, hint=hint))
    return None


def _places(node: Any, part: Part, place: Any) -> Iterator[tuple[Part, tuple[int, int]]]:
    """Where each part of the head starts; a value under a key has the place of the value."""
    yield part, place(node.start_mark)
    if node.id == "mapping":
        for key, value in node.value:
            yield from _places(value, (*part, str(key.value)), place)
    elif node.id == "sequence":
        for i, item in enumerate(node.value):
            yield from _places(item, (*part, i), place)


def check_head(head: Head, text: QueryText, classes: set[str]) -> Iterator[Finding]:
    """What is wrong with a head, by itself or against its query; `classes` are local names, the types of parameters."""
    query = head.query
    for key in (str(part[0]) for part in head.places if len(part) == 1):
        if key not in _KEYS:
            hint = did_you_mean(key, {k: k for k in _KEYS}, most=1, cutoff=0.6) or f"the keys are {', '.join(_KEYS)}"
            yield head.finding((key,), QUERY_HEAD, f"unknown key {key}: it is ignored", hint=hint, severity="warning")
    yield from _summary(head)
    yield from _texts(head, "columns", query.columns)
    yield from _texts(head, "tags", query.tags)
    yield from _columns(text, head)
    if not isinstance(query.parameters, list):
        yield head.finding(("parameters",), QUERY_HEAD, "the parameters are no list")
        return
    for i, parameter in enumerate(query.parameters):
        yield from _parameter(head, i, parameter, text, {*LITERAL_TYPES, "thing", *classes})


def _summary(head: Head) -> Iterator[Finding]:
    if not isinstance(head.query.summary, str) or not head.query.summary.endswith("?"):
        hint = "say what the query answers: “Who leads a state on a date?”"
        yield head.finding(("summary",), QUERY_HEAD, "the summary is no question: it does not end with “?”", hint=hint)
    if not isinstance(head.query.description, str) or not head.query.description:
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
            yield head.finding((key, i), QUERY_HEAD, f"“{item}” is listed twice in {key}")


def _columns(query: QueryText, head: Head) -> Iterator[Finding]:
    """The head lists the columns of the SELECT, in its order."""
    given = [c.name for c in query.columns(query.form or 0)] if query.word(query.form or 0) == "SELECT" else []
    is_star = query.word(query.form or 0) == "SELECT" and not given  # SELECT * is a finding of its own
    if given != head.query.columns and not is_star and isinstance(head.query.columns, list):
        listed = ", ".join(map(str, head.query.columns)) or "none"
        message = f"the head says that the columns are {listed}; the SELECT gives {', '.join(given) or 'none'}"
        yield head.finding(("columns",), QUERY_COLUMNS, message, hint=f"columns: [{', '.join(given)}]")


def _parameter(head: Head, i: int, parameter: object, text: QueryText, types: set[str]) -> Iterator[Finding]:
    at: Part = ("parameters", i)
    if not isinstance(parameter, dict) or list(parameter) != ["name", "type", "default"]:
        hint = 'write {name: state, type: State, default: "id:turkey"}'
        yield head.finding(at, QUERY_PARAMETER, "a parameter has a name, a type and a default", hint=hint)
        return
    for key, value in parameter.items():
        if not isinstance(value, str):
            yield head.finding((*at, key), QUERY_PARAMETER, f"the {key} {value} is no text", hint=_QUOTE)
    name, kind = parameter["name"], parameter["type"]
    if any(isinstance(p, dict) and p.get("name") == name for p in head.query.parameters[:i]):
        yield head.finding((*at, "name"), QUERY_PARAMETER, f"there are two parameters {name}")
    if isinstance(kind, str) and kind not in types:
        all_types = f"the types are a class of the ontology, thing, {', '.join(LITERAL_TYPES)}"
        hint = did_you_mean(kind, {k: k for k in sorted(types)}, most=1, cutoff=0.6) or all_types
        yield head.finding((*at, "type"), QUERY_PARAMETER, f"there is no type {kind}", hint=hint)
    if all(isinstance(value, str) for value in parameter.values()):
        yield from _default(head, at, parameter, text)


def _default(head: Head, at: Part, parameter: dict[str, str], query: QueryText) -> Iterator[Finding]:
    """The default of a parameter is what its VALUES blocks hold."""
    name, default = parameter["name"], parameter["default"]
    blocks = [braces for variable, braces in query.inline_data() if variable == name]
    if not blocks:
        hint = f"add {'# ' * (default == stored_queries.ANY)}VALUES ?{name} {{ {default} }}"
        message = f"the parameter {name} has no VALUES block: it would change nothing"
        yield head.finding((*at, "name"), QUERY_PARAMETER, message, hint=hint)
    wanted = _value(query, _default_term(parameter))
    for braces in blocks:
        written = query.text[slice(*query.span(braces))].strip()
        if wanted is None or _value(query, written) != wanted:
            message = f"the default of {name} is {default} in the head, and {written or 'nothing'} here"
            yield _finding(query, braces.opens + 1, QUERY_PARAMETER, message, hint="write the same in both places")


def _default_term(parameter: dict[str, str]) -> str:
    """The default of a head as a VALUES block would hold it."""
    default, kind = parameter["default"], parameter["type"]
    if default == stored_queries.ANY:
        return "UNDEF"
    if kind in LITERAL_TYPES:
        return str(Literal(default, datatype=NamedNode(XSD + kind)))
    return default if namespaces.expand(default) else f"<{default}>"


def _value(query: QueryText, written: str) -> object:
    """The one term in a VALUES block; the empty text for UNDEF, None for what is not one term."""
    try:
        found = Store().query(f"{query.prologue} SELECT ?x WHERE {{ VALUES ?x {{ {written} }} }}")
        rows = list(found) if isinstance(found, QuerySolutions) else []
    except (SyntaxError, ValueError):
        return None
    return (rows[0]["x"] or "") if len(rows) == 1 else None


@dataclass(frozen=True)
class StoredQuery:
    """A stored query as the checks read it."""

    name: str
    bare: str  # the text of its file
    text: QueryText  # the same with the optional parameters as patterns
    head: Head | None  # None where it cannot be read
    fault: Finding | None  # the first error of its SPARQL


def read_queries(graph_folder: GraphFolder, timeout: float = engine.SECONDS) -> tuple[list[StoredQuery], list[Finding]]:
    """The stored queries of a graph folder, and why a file, a query or a head cannot be read.

    Where an engine needs more than `timeout` seconds to plan a query, the process ends.
    """
    found: list[StoredQuery] = []
    findings: list[Finding] = []
    for path in layout.files_in(graph_folder.queries, (".rq",)):
        bare = documents.read_text(path, graph_folder, findings)
        if bare is None:
            continue
        name, where = os.path.splitext(os.path.basename(path))[0], graph_folder.relative(path)
        text = stored_queries.uncommented(bare) if len(bare) <= sparql.MAX_QUERY else bare
        if refused := _refused(where, text):
            findings.append(refused)
            continue
        query, head = QueryText(text, where), read_head(name, where, bare, findings)
        with golden.limit(timeout, where):
            fault = _syntax(query) or _syntax(QueryText(bare, where))
        found.append(StoredQuery(name, bare, query, head, fault))
    return found, findings


def _refused(path: str, text: str) -> Finding | None:
    """Why a query is given to no engine: it is too large or too deep, or asks more than the dataset."""
    try:
        sparql.check(text)
    except KgError as error:
        query = QueryText(text if error.rule == "query-reach" else "")
        line, column = next(map(query.place, query.uses(*FORBIDDEN)), (0, 0))  # (0, 0) where it is written with escapes
        check = {c.id: c for c in (QUERY_SIZE, QUERY_DEPTH, QUERY_REACH)}[error.rule]
        return check.finding(path, error.message, line=line, column=column, hint=error.hint)
    return None


def check_query(stored: StoredQuery, axioms: Axioms) -> Iterator[Finding]:
    """What is unsound in a stored query, as far as pyoxigraph, the ontology and the text itself can tell."""
    query = stored.text
    undeclared = list(_prefixes(query))
    yield from undeclared
    if stored.fault:
        if not any(f.severity == "violation" for f in undeclared):
            yield stored.fault
        return
    yield from _terms(query, axioms.declared().keys())
    for part in (_form, _order, _graphs):
        yield from part(query)
    if stored.head:
        yield from check_head(stored.head, query, set(map(namespaces.local_name, axioms.declared(CLASS_KINDS))))


def _finding(query: QueryText, i: int, check: Check, message: str, *, hint: str = "", severity: str = "") -> Finding:
    """A finding at a token, given by its number."""
    line, column = query.place(i)
    return check.finding(query.path, message, severity=severity, line=line, column=column, hint=hint)


def _syntax(query: QueryText) -> Finding | None:
    """The first error of a text in SPARQL 1.1 as pyoxigraph parses it, over an empty store."""
    check = documents.SYNTAX
    if query.stray is not None:
        return _finding(query, query.stray, check, f"unmatched {query.text_at(query.stray)}")
    try:
        Store().query(query.text)
    except SyntaxError as error:
        line, column, why = syntax_error(str(error.msg), query)
        return check.finding(query.path, f"this is no SPARQL 1.1 query{why and ': '}{why}", line=line, column=column)
    except (ValueError, RuntimeError, OSError) as error:
        return check.finding(query.path, f"the query cannot be answered: {error}")
    return None


def in_rdflib(queries: list[tuple[str, str]]) -> list[Finding]:
    """The errors of rdflib in queries (path and text) that pyoxigraph parses. Takes a tenth of a second for each."""
    from rdflib.plugins.sparql import prepareQuery

    from kg.rdf.terms import RDFLIB_LOCK

    findings = []
    for path, text in queries:
        try:
            with RDFLIB_LOCK:
                prepareQuery(text)
        except Exception as error:  # the exceptions of its parser have no common base
            line, column = getattr(error, "lineno", None) or 0, getattr(error, "column", None) or 0
            why = "it is nested too deeply" if isinstance(error, RecursionError) else str(error).split("\n")[0]
            message, hint = f"rdflib cannot parse the query: {why}", "pyoxigraph can; write it so that both can"
            findings.append(RDFLIB.finding(path, message, line=line, column=column, hint=hint))
    return findings


def _prefixes(query: QueryText) -> Iterator[Finding]:
    """Prefixes that are not declared, declared twice or not used, or that stand for an unusual namespace."""
    for i, prefix in query.undeclared:
        hint = f"add PREFIX {prefix}: <{PREFIXES.get(prefix, 'http://…')}> at the top"
        yield _finding(query, i, QUERY_PREFIX, f"the prefix {prefix}: is not declared", hint=hint)
    used, seen = {prefix for _, prefix in query.prefix_uses}, set[str]()
    for i, prefix in query.declarations.items():
        iri, usual = query.prefixes[prefix], PREFIXES.get(prefix)
        if prefix in seen:
            yield _finding(query, i, QUERY_PREFIX, f"the prefix {prefix}: is declared twice", hint="remove one")
        elif prefix not in used:
            message = f"the prefix {prefix}: is not used"
            yield _finding(query, i, QUERY_PREFIX, message, severity="warning", hint="remove it")
        elif usual and usual != iri:
            message = f"{prefix}: stands for <{iri}> here, and for <{usual}> everywhere else"
            yield _finding(query, i, QUERY_PREFIX, message, hint="write the usual one")
        seen.add(prefix)


def _terms(query: QueryText, declared: Collection[str]) -> Iterator[Finding]:
    """Terms that nothing declares, each at its first use: they match nothing, without an error."""
    first: dict[str, int] = {}
    for i in range(query.form or 0, len(query.tokens)):
        first.setdefault(query.iri(i), i)
    for iri, i in first.items():
        if iri.startswith(ENT) and iri != ENT and iri not in declared:
            hint = namespaces.suggest(iri, declared) or "see docs/ontology.md for the terms"
            message = f"the ontology declares no term {namespaces.compact(iri)}"
            yield _finding(query, i, UNKNOWN_TERM, message, hint=hint)
        elif problem := misspelt(iri):
            yield _finding(query, i, UNKNOWN_TERM, problem[0], hint=problem[1])


def _form(query: QueryText) -> Iterator[Finding]:
    """SELECT or ASK, DISTINCT, named columns, distinct counts: the rows are the same in every engine."""
    if query.form is None or query.word(query.form) in ("CONSTRUCT", "DESCRIBE"):
        hint = "write a SELECT or an ASK; `kg export` gives triples"
        yield _finding(query, query.form or 0, QUERY_FORM, "the answer to a stored query is rows", hint=hint)
        return
    if query.word(query.form) == "SELECT" and query.word(query.form + 1) != "DISTINCT":
        hint = "engines whose default graph is the union of all graphs count some rows twice"
        yield _finding(query, query.form, QUERY_DISTINCT, "the outermost SELECT has no DISTINCT", hint=hint)
    for i in query.uses("SELECT"):
        star = i + 1 + (query.word(i + 1) in ("DISTINCT", "REDUCED"))
        if query.text_at(star) == "*":
            yield _finding(query, star, QUERY_COLUMNS, "SELECT * does not name the columns", hint="name them")
    for i in query.uses("COUNT"):
        if query.text_at(i + 1) == "(" and query.word(i + 2) != "DISTINCT":
            yield _finding(query, i, QUERY_COUNT, "COUNT without DISTINCT", hint="write COUNT(DISTINCT ?x)")


def _order(query: QueryText) -> Iterator[Finding]:
    """ORDER BY leaves no ties (each column is in it), and no expression in it can be an error."""
    if query.form is None or query.word(query.form) != "SELECT":
        return
    clause = query.clause("ORDER")
    sorted_by, grouped = ({name for i in c if (name := query.variable(i))} for c in (clause, query.clause("GROUP")))
    columns = query.columns(query.form)
    distinct = grouped <= {c.name for c in columns}  # else two groups may differ in their aggregates alone
    loose = [c.name for c in columns if c.name not in sorted_by and not (c.aggregate and distinct)]
    if loose and not (grouped and grouped <= sorted_by):
        message = f"the order has ties: ORDER BY does not mention {', '.join(f'?{name}' for name in loose)}"
        hint = f"ORDER BY {' '.join(f'?{c.name}' for c in columns)}"
        yield _finding(query, clause[0] if clause else len(query.tokens), QUERY_ORDER, message, hint=hint)
    yield from _unsafe_order(query, clause)


def _unsafe_order(query: QueryText, clause: list[int]) -> Iterator[Finding]:
    """A function of a variable that may be unbound is an error: rdflib gives no answer, others any order."""
    for i in (i for i in clause if query.variable(i) and query.variable(i) not in query.surely_bound):
        functions = [query.word(b.opens - 1) for b in query.inside[i].chain() if b.mark == "("]
        applied, name = [f for f in functions if f not in ("", "ASC", "DESC")], query.text_at(i)
        if applied and not {"COALESCE", "BOUND"}.intersection(functions):
            message = f"{applied[0]} of {name} in ORDER BY is an error wherever {name} is not bound"
            hint = f'write {name}, or COALESCE({applied[0]}({name}), "")'
            yield _finding(query, i, QUERY_ORDER, message, hint=hint)


def _graphs(query: QueryText) -> Iterator[Finding]:
    """Each GRAPH is a passage, a background graph or another named graph of the dataset (model, rules 24 and 25)."""
    known = {ONTOLOGY_GRAPH, INFERRED_GRAPH}
    joins = list(_joins(query, known))
    for i in query.uses("GRAPH"):
        iri, name = query.iri(i + 1), query.variable(i + 1)
        if not name:
            if iri not in known and not iri.startswith((ARTICLE, BACKGROUND)):
                others = f"the graphs are passages, background, {' and '.join(sorted(known))}"
                hint = namespaces.suggest(iri, known) or others
                yield _finding(query, i + 1, QUERY_GRAPH, f"the dataset has no graph <{iri}>", hint=hint)
        elif not any(v == name and query.is_joined(name, group, query.inside[i]) for v, group in joins):
            written = query.text_at(i + 1)
            message = f"GRAPH {written} may be any graph: {written} is not said to be a passage"
            yield _finding(query, i + 1, QUERY_GRAPH, message, hint=f"add `{written} a ent:Passage .` beside it")


def _joins(query: QueryText, graphs: set[str]) -> Iterator[tuple[str, Bracket]]:
    """The variables that are restricted to passages, background or named graphs, and the group that does so."""
    data = query.inline_data()
    given = [(name, {query.iri(i) for i in range(b.opens + 1, b.closes or 0)}, b.around) for name, b in data]
    kinds = {ENT + "Passage", ENT + "Background"}
    of_kind = {(name, around) for name, inside, around in given if inside and inside <= kinds}
    yield from ((name, around) for name, inside, around in given if around and inside and inside <= graphs)
    for i, around in enumerate(query.inside):
        is_of_kind = query.iri(i + 1) in kinds or (query.variable(i + 1), around) in of_kind
        if (query.iri(i) == RDF_TYPE and is_of_kind) or query.iri(i) == ENT + "readingOrder":  # of passages alone
            yield query.subject(i), around
