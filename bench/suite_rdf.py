"""Turtle, TriG, N-Triples, N-Quads and RDF/XML (w3c/rdf-tests, rdf/rdf11): `kg diff`, `kg query --data` and `kg fmt`.

A case passes where `kg diff` finds no difference between its file and what the suite says that it states, `kg query`
gives these statements, and `kg fmt` changes none. A case of syntax, of which the suite says no more than that it is
valid, is compared with what pyoxigraph reads; what is invalid has to be refused as such by each of the commands.
"""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import DefaultGraph, Quad, QueryResultsFormat, QuerySolutions, RdfFormat, parse, parse_query_results

from bench import manifest
from bench.manifest import Entry
from bench.suites import Case, run_command
from kg.rdf.terms import canonical, n_quads

RAW = "pyoxigraph"
_STYLED = (".ttl", ".trig")  # what has a house style
_ALL = "SELECT ?s ?p ?o ?g { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
_INPUT_ERROR = 3


def cases(folder: Path) -> Iterator[Case]:
    """The cases of the manifests in a folder: those of positive and negative syntax, and those with a graph (Eval)."""
    with tempfile.TemporaryDirectory() as made:
        for entry in manifest.entries(folder):
            if entry.type.endswith(("PositiveSyntax", "NegativeSyntax", "Eval")):
                yield _case(entry, Path(made).resolve())


def _case(entry: Entry, made: Path) -> Case:
    """Run a case on a copy of its file, in folders such that it has the suite's IRI but for the beginning of that."""
    (source,) = entry.files("file")
    path = made / entry.base.partition("://")[2] / source.relative_to(entry.folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, path)
    found, refused = list[Quad](), ""
    try:
        found = manifest.read(path)
    except SyntaxError as error:
        refused = str(error)
    if entry.type.endswith("NegativeSyntax"):
        return Case(entry.name, _accepted(path), "" if refused else "accepted")
    expected = _expected(manifest.file(entry.result), entry.base, made) if entry.result else found
    raw = refused or ("" if set(canonical(found)) == set(canonical(expected)) else "another graph")
    return Case(entry.name, _changed(path, expected), raw)


def _expected(result: Path, base: str, made: Path) -> list[Quad]:
    """The statements of a result, in N-Triples or N-Quads, with IRIs as the copy has them."""
    text, begins = result.read_text("utf-8"), base.split("/")[:3]  # such as https://w3c.github.io
    text = text.replace("/".join(begins), (made / begins[2]).as_uri()) if base else text
    return list(parse(text, format=RdfFormat.N_QUADS))


def _accepted(path: Path) -> str:
    """Which commands take a file that is invalid, or refuse it for another reason."""
    runs = [("query", "--data", str(path), "-f", "json", _ALL), ("diff", str(path), str(path))]
    runs += [("fmt", str(path))] if path.suffix in _STYLED else []
    codes = {run[0]: run_command(*run)[0] for run in runs}
    return ", ".join(f"{name} ends with {code}" for name, code in codes.items() if code != _INPUT_ERROR)


def _changed(path: Path, expected: list[Quad]) -> str:
    """What a command does not read of a file, or changes in it."""
    other = path.with_name(f"{path.name}.nq")
    other.write_text(n_quads(expected), "utf-8")
    same = ("diff", str(path), str(other))
    runs = [same, *([("fmt", str(path)), same, ("fmt", "--check", str(path))] if path.suffix in _STYLED else ())]
    for run in runs:
        code, out, err = run_command(*run)
        if code:
            return f"{run[0]}: {err.strip()} {out}"
    code, out, err = run_command("query", "--data", str(path), "-f", "json", _ALL)
    if code:
        return f"query: {err}"
    rows = parse_query_results(out, QueryResultsFormat.JSON)
    assert isinstance(rows, QuerySolutions)
    answered = [Quad(row["s"], row["p"], row["o"], row["g"] or DefaultGraph()) for row in rows]
    return "" if set(canonical(answered)) == set(canonical(expected)) else "query: other statements"
