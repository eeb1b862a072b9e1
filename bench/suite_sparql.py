"""SPARQL queries (w3c/rdf-tests, sparql/sparql10 and sparql/sparql11): `kg query --data`, and pyoxigraph's store alone.

Solutions are compared as multisets, or as sequences where the suite numbers them, up to the labels of blank nodes. A
literal of the data has to come back in a form that these have; one that is computed is compared by value, as SPARQL
leaves its form open. Both write an answer in the format of the suite's result. Graphs that FROM and FROM NAMED name are
given by name. A query of syntax is asked of graphs without a statement; one that is invalid has to be refused as such.
Left out are updates, entailment regimes, and SERVICE, which the command refuses.
"""

import contextlib
import csv
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    parse,
    parse_query_results,
    serialize,
)

from bench import manifest
from bench.manifest import Entry
from bench.suites import Case, run_command
from kg.rdf import sparql
from kg.rdf.namespaces import RDF_TYPE
from kg.rdf.terms import Term, canonical, described, stored_forms

RAW = "pyoxigraph"
_RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
_INPUT_ERROR = 3
_LEFT_OUT = {"entailmentRegime", "serviceData"}
_RESULTS = {
    ".csv": QueryResultsFormat.CSV,
    ".srj": QueryResultsFormat.JSON,
    ".srx": QueryResultsFormat.XML,
    ".tsv": QueryResultsFormat.TSV,
}
_NAMES = {".csv": "csv", ".srj": "json", ".srx": "xml", ".tsv": "tsv", ".ttl": "turtle"}  # as `kg query -f` has them

Given = list[tuple[str, Path]]  # files, each with the IRI of its graph, "" for the default graph


class Rows(NamedTuple):
    """The names of columns, and for each solution the terms that are bound."""

    names: list[str]
    rows: list[dict[str, Term]]
    numbered: bool = False


Answer = Rows | bool | list[Quad]


def cases(folder: Path) -> Iterator[Case]:
    """The cases of the manifests in a folder: those of positive and negative syntax, and those with a result."""
    with tempfile.TemporaryDirectory() as made:
        empty = Path(made).resolve() / "empty.nt"
        empty.touch()
        for entry in manifest.entries(folder):
            kind = entry.type.removesuffix("11")
            for query in (q for name in ("file", "query") for q in entry.files(name) if q.suffix == ".rq"):
                text = sparql.query_text(query.read_text("utf-8"))
                if any(text.uses("SERVICE")) or _LEFT_OUT & entry.given.keys():
                    continue
                if kind in ("PositiveSyntaxTest", "NegativeSyntaxTest"):
                    yield _syntax(entry.name, query, empty, kind.startswith("Positive"))
                elif entry.result:
                    yield _evaluation(entry, query, manifest.file(entry.result), empty)


def _syntax(name: str, query: Path, empty: Path, valid: bool) -> Case:
    """Whether a query is refused as none. That an engine lacks a function that it calls says nothing of its syntax."""
    given = [("", empty), *((graph, empty) for graph in _chosen(query))]
    code, _, err = run_command("query", *_data(given), "--", str(query))
    raw = ""
    with contextlib.suppress(RuntimeError):
        try:
            _ask(query, given)
        except SyntaxError as error:
            raw = str(error)
    own = f"ends with {code}: {err.strip()}" if code else "accepted"
    if valid:
        return Case(name, own if code and "[query]" not in err else "", raw)
    return Case(name, "" if code == _INPUT_ERROR and "[syntax]" in err else own, "" if raw else "accepted")


def _evaluation(entry: Entry, query: Path, result: Path, empty: Path) -> Case:
    given = [("", path) for path in entry.files("data") or [empty]]
    given += [(path.as_uri(), path) for path in entry.files("graphData")]
    names = {name for name, _ in given}
    given += [(name, manifest.file(NamedNode(name))) for name in _chosen(query) if name not in names]
    text = sparql.query_text(query.read_text("utf-8"))
    graph = text.form is not None and text.word(text.form) in ("CONSTRUCT", "DESCRIBE")
    form = ".ttl" if graph else result.suffix if result.suffix in _RESULTS else ".srj"
    expected, lax = _read(result.read_text("utf-8"), result), any(text.uses("REDUCED"))
    kept = {q.object for _, path in given for q in manifest.read(path)}

    def wrong(answer: str) -> str:
        return _difference(expected, _read(answer, result.with_suffix(form)), lax, kept)

    code, out, err = run_command("query", "-f", _NAMES[form], *_data(given), "--", str(query))
    try:
        raw = wrong(_ask(query, given, form))
    except (SyntaxError, RuntimeError, ValueError) as error:
        raw = str(error)
    return Case(entry.name, f"ends with {code}: {err.strip()}" if code else wrong(out), raw)


def _chosen(query: Path) -> list[str]:
    """The graphs that a query names with FROM and FROM NAMED."""
    split = sparql.split_dataset(query.read_text("utf-8"), query.as_uri())
    return list(dict.fromkeys(graph.value for graphs in split[1:] for graph in graphs)) if split else []


def _data(given: Given) -> list[str]:
    return ["--data", *(f"{name}={path}" if name else str(path) for name, path in given)]


def _ask(query: Path, given: Given, form: str = "") -> str:
    """What the store answers, written in a format if that is given. Raises SyntaxError for what is no query."""
    store = Store()
    for name, path in given:
        store.load(path=str(path), base_iri=path.as_uri(), to_graph=NamedNode(name) if name else None)
    found = store.query(query.read_text("utf-8"), base_iri=query.as_uri())
    if not form:
        return ""
    if isinstance(found, QueryTriples):
        return (serialize(found, format=RdfFormat.TURTLE) or b"").decode()
    return (found.serialize(format=_RESULTS[form]) or b"").decode()


def _read(text: str, path: Path) -> Answer:
    """An answer that is written as in a file of this name."""
    if path.suffix == ".csv":
        head, *lines = csv.reader(text.splitlines(keepends=True))
        return Rows(head, [{n: _of_csv(cell) for n, cell in zip(head, line, strict=True) if cell} for line in lines])
    if path.suffix not in _RESULTS:
        rdf_format = RdfFormat.from_extension(path.suffix[1:])
        return _described(list(parse(text, format=rdf_format, base_iri=path.as_uri())))
    found = parse_query_results(text, _RESULTS[path.suffix])
    if isinstance(found, QuerySolutions):
        names = [v.value for v in found.variables]
        return Rows(names, [{n: x for n, x in zip(names, row, strict=True) if x is not None} for row in found])
    return bool(found)


def _of_csv(cell: str) -> Term:
    return BlankNode(cell[2:]) if cell.startswith("_:") else Literal(cell)


def _described(quads: list[Quad]) -> Answer:
    """A graph, or the answer that it describes in the vocabulary of result sets."""
    of = described(q.triple for q in quads)
    values = next((v for v in of.values() if NamedNode(_RS + "ResultSet") in v.get(RDF_TYPE, ())), None)
    if values is None:
        return quads
    if boolean := values.get(_RS + "boolean"):
        return boolean[0] == Literal(True)
    rows, places = list[dict[str, Term]](), list[int]()
    for solution in (of.get(node, {}) for node in values.get(_RS + "solution", ())):
        bindings = [of[node] for node in solution.get(_RS + "binding", ())]
        rows.append({_text(b[_RS + "variable"][0]): b[_RS + "value"][0] for b in bindings})
        places += [int(_text(place)) for place in solution.get(_RS + "index", ())]
    if places:
        rows = [row for _, row in sorted(zip(places, rows, strict=True), key=lambda pair: pair[0])]
    return Rows([_text(name) for name in values.get(_RS + "resultVariable", ())], rows, bool(places))


def _text(term: Term) -> str:
    assert isinstance(term, Literal)
    return term.value


def _difference(expected: Answer, found: Answer, lax: bool, kept: set[Term]) -> str:
    """How an answer differs; where `lax`, a solution may occur more or less often (SPARQL 1.1 §18.5, REDUCED).

    A literal that is not among those of the data, which are `kept`, stands for its value.
    """
    if isinstance(expected, Rows) and isinstance(found, Rows):
        found = found._replace(numbered=expected.numbered)
        if sorted(expected.names) != sorted(found.names):
            return f"columns {found.names}, not {expected.names}"
    answers = [_statements(answer, lax) for answer in (expected, found)]
    values = stored_forms(kept.union(*({q.object for q in statements} for statements in answers)))
    forms = dict[Term, set[Term]]()
    for literal in kept:
        forms.setdefault(values.get(literal, literal), set()).add(literal)

    def form(term: Term) -> Term:
        value = values.get(term, term)
        return term if term in kept else next(iter(own)) if len(own := forms.get(value, set())) == 1 else value

    wanted, given = (set(canonical(Quad(s, p, form(o), g) for s, p, o, g in statements)) for statements in answers)
    if wanted == given:
        return ""
    return f"lacks {sorted(map(str, wanted - given))}, has {sorted(map(str, given - wanted))}"


def _statements(answer: Answer, lax: bool) -> list[Quad]:
    """An answer as a graph."""
    node = NamedNode("x:")
    if isinstance(answer, bool):
        return [Quad(node, node, Literal(answer))]
    if isinstance(answer, list):
        return answer
    rows = list({str(sorted(row.items())): row for row in answer.rows}.values()) if lax else answer.rows
    statements = list[Quad]()
    for i, row in enumerate(rows):
        subject = NamedNode(f"x:{i}") if answer.numbered else BlankNode()
        statements += [Quad(subject, NamedNode(f"x:{name}"), term) for name, term in {"": node, **row}.items()]
    return statements
