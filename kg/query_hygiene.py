"""Whether the questions are sound: each parses in both engines, says what it gives, and gives the same rows everywhere.

What makes the rows depend on the engine is model, rule 25: no DISTINCT, an order with ties, a GRAPH that any graph
may fill, a term that nobody declared and that therefore matches nothing.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import Store

from kg import engines, paths, queries, query_head, sources, sparql
from kg.errors import KgError
from kg.findings import Check, Finding
from kg.golden import limit
from kg.paths import Rooms
from kg.query_head import QUERY_COLUMNS, Head
from kg.sources import SYNTAX
from kg.sparql import FORBIDDEN, Bracket, QueryText, syntax_error
from kg.vocabulary import (
    ARTICLE,
    BACKGROUND,
    ENT,
    INFERRED_GRAPH,
    ONTOLOGY_GRAPH,
    PREFIXES,
    RDF_TYPE,
    compact,
    local_name,
    suggest,
)
from kg.word_hygiene import misspelt
from kg.wording import UNKNOWN_TERM

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
class Words:
    """What a query may name: all declared terms, and those of them that are classes."""

    terms: frozenset[str]
    classes: frozenset[str]


@dataclass(frozen=True)
class Question:
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


def read(rooms: Rooms, timeout: float = engines.SECONDS) -> tuple[list[Question], list[Finding]]:
    """The stored queries of a graph folder, and what keeps a file, a text or a head from being read.

    Where a query takes an engine more than `timeout` seconds to plan, the process ends.
    """
    found: list[Question] = []
    findings: list[Finding] = []
    for path in paths.files(rooms.queries, (".rq",)):
        text = sources.read_text(path, rooms, findings)
        if text is not None:
            name, where = os.path.basename(path).removesuffix(".rq"), rooms.relative(path)
            bare, text = text, queries.opened(text) if len(text) <= sparql.MAX_QUERY else text
            if refused := _refused(where, text):
                findings.append(refused)
                continue
            head = query_head.read(name, where, bare)
            findings += [head] if isinstance(head, Finding) else []
            query = QueryText(text, where)
            with limit(timeout, where):
                fault = _syntax(query) or _syntax(QueryText(bare, where))
            found.append(Question(name, bare, query, head if isinstance(head, Head) else None, fault))
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


def check(question: Question, words: Words) -> Iterator[Finding]:
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
        yield from query_head.check(question.head, query, {local_name(c) for c in words.classes})


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


def _terms(query: QueryText, words: Words) -> Iterator[Finding]:
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
        elif not any(v == name and query.reaches(name, group, query.inside[i]) for v, group in joins):
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
