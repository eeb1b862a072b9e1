"""Whether the questions are sound: each parses in both engines, says what it gives, and gives the same rows everywhere.

What makes the rows depend on the engine is model, rule 25: no DISTINCT, an order with ties, a GRAPH that any graph
may fill, a term that nobody declared and that therefore matches nothing.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import Store

from kg import engines, paths, queries, query_head, sources
from kg.errors import KgError
from kg.findings import Finding
from kg.golden import limit
from kg.paths import Rooms
from kg.query_head import Head
from kg.query_text import QueryText
from kg.suggestions import did_you_mean
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
)
from kg.word_hygiene import misspelt

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
            bare, text = text, queries.opened(text) if len(text) <= engines.MAX_QUERY else text
            if refused := _refused(where, text):
                findings.append(refused)
                continue
            head = query_head.read(name, where, bare)
            findings += [head] if isinstance(head, Finding) else []
            query = QueryText(where, text)
            with limit(timeout, where):
                fault = _syntax(query) or _syntax(QueryText(where, bare))
            found.append(Question(name, bare, query, head if isinstance(head, Head) else None, fault))
    return found, findings


def _refused(path: str, text: str) -> Finding | None:
    """A query that is too large or too deep, or that would leave the dataset: no engine gets to see it."""
    try:
        engines.check(text)
    except KgError as error:
        return Finding(path, *_forbidden(text), "violation", error.rule, error.message, error.hint)
    return None


def _forbidden(text: str) -> tuple[int, int]:
    """Where the first keyword stands that reaches out; the whole file where it is hidden, or is none."""
    whole = QueryText("", text) if len(text) <= engines.MAX_QUERY else None
    words = [i for i in range(len(whole.tokens)) if whole.word(i) in engines.FORBIDDEN] if whole else []
    return whole.place(whole.tokens[words[0]]) if whole and words else (0, 0)


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


def _finding(
    query: QueryText, at: int, rule: str, message: str, *, hint: str = "", severity: str = "violation"
) -> Finding:
    """A finding at the token with that number."""
    line, column = query.place(query.tokens[at]) if at < len(query.tokens) else query.place(len(query.text))
    return Finding(query.path, line, column, severity, rule, message, hint)


def _syntax(query: QueryText) -> Finding | None:
    """What pyoxigraph, which is strict, has against the text as SPARQL 1.1; it is asked over an empty store."""
    if query.stray is not None:
        return _finding(query, query.stray, "syntax", f"this {query.text_at(query.stray)} has no partner")
    try:
        Store().query(query.text)
    except SyntaxError as error:
        found = re.match(r"error at (\d+):(\d+): (?:expected (?:one of )?)?", str(error.msg))
        line, column = (int(found[1]), int(found[2])) if found else (0, 0)
        told = [x for x in re.split(r", |\n", str(error.msg)[found.end() if found else 0 :]) if _is_sentence(x)]
        words = f": {told[0][0].lower()}{told[0][1:]}" if told else ""
        return Finding(query.path, line, column, "violation", "syntax", f"this is no SPARQL 1.1 query{words}")
    except (ValueError, RuntimeError, OSError) as error:
        return Finding(query.path, 0, 0, "violation", "syntax", f"the query cannot be answered: {error}")
    return None


def _is_sentence(words: str) -> bool:
    """Whether this part of what a parser expected is meant for people."""
    return bool(re.fullmatch(r"[A-Za-z]+( [A-Za-z]+){2,}", words))


def in_rdflib(path: str, text: str) -> list[Finding]:
    """What rdflib has against a text that pyoxigraph takes. It takes a tenth of a second."""
    from rdflib.plugins.sparql import prepareQuery

    try:
        prepareQuery(text)
    except Exception as error:  # the exceptions of its parser have no common base
        line, column = getattr(error, "lineno", None) or 0, getattr(error, "column", None) or 0
        why = "it is nested too deeply" if isinstance(error, RecursionError) else str(error).split("\n")[0]
        hint = "other engines take it; write it so that both do"
        return [Finding(path, line, column, "violation", "rdflib", f"rdflib cannot read the query: {why}", hint)]
    return []


def _prefixes(query: QueryText) -> Iterator[Finding]:
    """Prefixes that are not declared, declared in vain or twice, or not for what the house means by them."""
    names = {i: t.text.partition(":")[0] for i, t in enumerate(query.tokens) if t.kind == "name"}
    used = {prefix for i, prefix in names.items() if i not in query.declarations}
    for i, prefix in names.items():
        if i not in query.declarations and prefix not in query.prefixes:
            hint = f"add PREFIX {prefix}: <{PREFIXES.get(prefix, 'http://…')}> at the top"
            yield _finding(query, i, "query-prefix", f"the prefix {prefix}: is not declared", hint=hint)
    seen = set[str]()
    for i, prefix in query.declarations.items():
        iri = query.prefixes[prefix]
        if prefix in seen:
            yield _finding(query, i, "query-prefix", f"the prefix {prefix}: is declared twice", hint="remove one")
        elif prefix not in used:
            message = f"the prefix {prefix}: is declared and not used"
            yield _finding(query, i, "query-prefix", message, severity="warning", hint="remove it")
        elif PREFIXES.get(prefix, iri) != iri:
            message = f"{prefix}: stands for <{iri}> here, and for <{PREFIXES[prefix]}> everywhere else"
            yield _finding(query, i, "query-prefix", message, hint="write the usual one")
        seen.add(prefix)


def _terms(query: QueryText, words: Words) -> Iterator[Finding]:
    """Terms that nothing declares, each where it first stands: they match nothing, and nobody is told."""
    seen, unknown = set[str](), 0
    for i, token in enumerate(query.body, len(query.tokens) - len(query.body)):
        iri = query.iri(token)
        if iri in seen:
            continue
        seen.add(iri)
        if iri.startswith(ENT) and iri != ENT and iri not in words.terms:
            unknown += 1
            near = did_you_mean(iri, words.terms) if unknown <= _HINTS else ""
            hint = near or "see docs/ontology.md for the words"
            yield _finding(query, i, "unknown-term", f"the ontology declares no term {compact(iri)}", hint=hint)
        elif problem := misspelt(iri):
            yield _finding(query, i, "unknown-term", problem[0], hint=problem[1])


def _form(query: QueryText) -> Iterator[Finding]:
    """DISTINCT, named columns, distinct counts: what makes rows the same in every engine."""
    if query.form is None or query.word(query.form) in ("CONSTRUCT", "DESCRIBE"):
        hint = "write a SELECT, or an ASK; triples come from kg export"
        yield _finding(query, query.form or 0, "query-form", "the answer to a question is rows", hint=hint)
        return
    if query.word(query.form) == "SELECT" and query.word(query.form + 1) != "DISTINCT":
        hint = "engines whose default graph is the union of all graphs count some rows twice"
        yield _finding(query, query.form, "query-distinct", "the outermost SELECT has no DISTINCT", hint=hint)
    for i in query.uses("SELECT"):
        star = i + 1 + (query.word(i + 1) in ("DISTINCT", "REDUCED"))
        if query.text_at(star) == "*":
            yield _finding(query, star, "query-columns", "SELECT * hides what the columns are", hint="name them")
    for i in query.uses("COUNT"):
        if query.text_at(i + 1) == "(" and query.word(i + 2) != "DISTINCT":
            yield _finding(query, i, "query-count", "COUNT without DISTINCT", hint="write COUNT(DISTINCT ?x)")


def _order(query: QueryText) -> Iterator[Finding]:
    """An order without ties, in expressions that no engine drops a row for."""
    if query.form is None or query.word(query.form) != "SELECT":
        return
    clause = query.clause("ORDER")
    sorted_by = {query.text_at(i)[1:] for i in clause if query.tokens[i].kind == "variable"}
    grouped = {query.text_at(i)[1:] for i in query.clause("GROUP") if query.tokens[i].kind == "variable"}
    columns = query.columns(query.form)
    told_apart = grouped <= {c.name for c in columns}  # else two groups may differ in their aggregates alone
    loose = [c.name for c in columns if c.name not in sorted_by and not (c.aggregate and told_apart)]
    if loose and not (grouped and grouped <= sorted_by):
        at = clause[0] if clause else len(query.tokens)
        message = f"the order has ties: ORDER BY does not mention {', '.join(f'?{name}' for name in loose)}"
        hint = f"ORDER BY {' '.join(f'?{c.name}' for c in columns)}"
        yield _finding(query, at, "query-order", message, hint=hint)
    yield from _unsafe_order(query, clause)


def _unsafe_order(query: QueryText, clause: list[int]) -> Iterator[Finding]:
    """A function of a variable that may be unbound is an error: rdflib gives no answer, others some order."""
    functions: list[str] = []  # of the open brackets, the words before them
    for i in clause:
        if query.text_at(i) == "(":
            functions.append(query.word(i - 1))
        elif query.text_at(i) == ")" and functions:
            functions.pop()
        elif query.tokens[i].kind == "variable" and not _CATCHING.intersection(functions):
            name, applied = query.text_at(i), [f for f in functions if f not in _JUST_DIRECTION]
            if applied and name[1:] not in query.surely_bound:
                message = f"{applied[-1]} of {name} in ORDER BY is an error wherever {name} is not bound"
                hint = f'write {name}, or COALESCE({applied[-1]}({name}), "")'
                yield _finding(query, i, "query-order", message, hint=hint)


def _graphs(query: QueryText) -> Iterator[Finding]:
    """Each GRAPH is a passage, a background or one of the named graphs of the dataset (model, rules 24 and 25)."""
    known = {ONTOLOGY_GRAPH, INFERRED_GRAPH}
    joins = list(_joins(query, known))
    for i in query.uses("GRAPH"):
        token, group = query.tokens[min(i + 1, len(query.tokens) - 1)], query.group_of[i]
        iri, name = query.iri(token), token.text[1:]
        if token.kind != "variable":
            if iri not in known and not iri.startswith((ARTICLE, BACKGROUND)):
                hint = (
                    did_you_mean(iri, known) or f"the graphs are passages, backgrounds, {' and '.join(sorted(known))}"
                )
                yield _finding(query, i + 1, "query-graph", f"the dataset has no graph <{iri}>", hint=hint)
        elif not any(v == name and query.reaches(name, g, group) for v, g in joins):
            message = f"GRAPH {token.text} may be any graph: {token.text} is not said to be a passage"
            hint = f"add `{token.text} a ent:Passage .` beside it"
            yield _finding(query, i + 1, "query-graph", message, hint=hint)


def _joins(query: QueryText, graphs: set[str]) -> Iterator[tuple[str, int]]:
    """The variables that are said to be passages, backgrounds or named graphs, and the group that says so."""
    for i, token in enumerate(query.tokens):
        if query.iri(token) == RDF_TYPE and i + 1 < len(query.tokens) and query.iri(query.tokens[i + 1]) in _JOINED:
            yield query.subject(i), query.group_of[i]
        if query.word(i) == "VALUES" and query.text_at(i + 2) == "{":
            inside = query.tokens[i + 3 : query.partner.get(i + 2, i + 3)]
            if inside and all(query.iri(t) in graphs for t in inside):
                yield query.text_at(i + 1)[1:], query.group_of[i]
