"""What `kg query` answers to a question that cannot be asked: the exit code, one clear line, and the next step."""

import io
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from broken import PLACES, compose

from kg.cli.main import main

QUESTION = """\
#+ summary: Who visits which place?
#+ parameters:
#+   - {name: visitor, type: Person, default: any}
#+   - {name: place, type: thing, default: any}
#+   - {name: after, type: date, default: any}
#+ columns: [visitor, place]
PREFIX ent: <https://w3id.org/entente/ontology#>
SELECT DISTINCT ?visitor ?place
WHERE {
  VALUES ?visitor { UNDEF }
  VALUES ?place { UNDEF }
  VALUES ?after { UNDEF }
  ?visit ent:visitor ?visitor ; ent:destination ?place ; ent:earliest ?day .
  FILTER (!BOUND(?after) || ?day > ?after)
}
ORDER BY ?visitor ?place
"""
PATIENT = ("--timeout", "100000")  # the watchdog ends the process, and that is the one of the tests
PORT = '    id:port-of-melk a ent:Port ; rdfs:label "Melk"@en .\n'


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sound graph with one question, in which a city and a port have one name."""
    folder = compose(tmp_path_factory.mktemp("asked"))
    (folder / "queries").mkdir()
    (folder / "queries" / "who-visits.rq").write_text(QUESTION, "utf-8", newline="\n")
    facts = folder / PLACES["facts.trig"]
    text = facts.read_text("utf-8").replace("    id:melk a ent:City", PORT + "    id:melk a ent:City", 1)
    facts.write_text(text, "utf-8", newline="\n")
    return folder


def run(folder: Path, arguments: Sequence[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """The exit code of `kg -C folder …` and what it says on stderr; stdout stays empty when nothing is answered."""
    try:
        code = main(["-C", str(folder), *PATIENT, *arguments])
    except SystemExit as leaving:  # argparse leaves by itself
        code = int(leaving.code or 0)
    printed = capsys.readouterr()
    assert code == 0 or not printed.out
    assert "Traceback" not in printed.err
    return code, printed.err


def test_the_question_can_be_asked(graph: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["query", "who-visits", "-p", "visitor=ana tarn", "-p", "place=id:melk", "-p", "after=2019-01-01"]
    assert run(graph, asked, capsys) == (0, "no rows for visitor = ana tarn, place = id:melk, after = 2019-01-01\n")


@pytest.mark.parametrize(
    ("arguments", "code", "says", "next_step"),
    [
        (["query", "who-visit"], 2, r"there is no stored query who-visit", "did you mean who-visits?"),
        (["query", "zzz"], 2, r"there is no stored query zzz", "see them all with `kg query`"),
        (["query", "who-visits", "-p", "visiter=x"], 2, "no parameter visiter", "visitor"),
        (["query", "who-visits", "-p", "visitor"], 2, "“visitor” is no parameter", "write -p visitor=VALUE"),
        (["query", "who-visits", "-p", "visitor=Ana Torn"], 2, "knows no “Ana Torn”", "did you mean “Ana Tarn”"),
        (["query", "who-visits", "-p", "visitor=id:nobody"], 2, "knows no “id:nobody”", "see|did you mean"),
        (["query", "who-visits", "-p", "visitor="], 2, "knows no “”", "see|did you mean"),
        (["query", "who-visits", "-p", "place=Melk"], 2, "“Melk” is the name of 2 things", r"id:melk  \(city\)"),
        (["query", "who-visits", "-p", "place=melk"], 2, "2 things", r"id:port-of-melk  \(port\)"),
        (["query", "who-visits", "-p", "after=2019-13-01"], 2, "after: “2019-13-01” is no xsd:date", ""),
        (["query", "who-visits", "-p", "after=next week"], 2, "after: “next week” is no xsd:date", ""),
        (["query", "who-visits", "-f", "xls"], 2, "--format cannot be “xls”", "choose one of: text, json"),
        (["query", "nowhere.rq"], 2, "nowhere.rq", ""),
        (["query", "--data", "nowhere.ttl", "--", "who-visits"], 3, "nowhere.ttl", ""),
        (["--engine", "jena", "query", "who-visits"], 2, "--engine cannot be “jena”", "oxigraph, rdflib"),
        (["--reasoner", "pellet", "query", "who-visits"], 2, "--reasoner cannot be “pellet”", "rl, owlrl"),
        (["ask", "who-visits"], 2, "there is no command ask", "--help"),
        (["-C", "/nowhere", "query", "who-visits"], 3, "there is no folder /nowhere", "ontology/ and kg/articles/"),
        (["-C", str(Path(__file__).parent), "query"], 3, "is no graph folder", "kg init"),
    ],
)
def test_usage(
    arguments: list[str], code: int, says: str, next_step: str, graph: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found, printed = run(graph, arguments, capsys)
    first, _, rest = printed.partition("\n")
    assert (found, "error: " in first) == (code, True)
    assert re.search(says, first)
    assert re.search(next_step, rest)


DEEP = "SELECT * WHERE " + "{" * 300 + "?s ?p ?o" + "}" * 300
UNIONS = "SELECT * WHERE { {?s ?p ?o} " + "UNION {?s ?p ?o} " * 600 + "}"


@pytest.mark.parametrize("engine", ["oxigraph", "rdflib"])
@pytest.mark.parametrize(
    ("query", "code", "says"),
    [
        ("SELECT ?x WHERE { ?x a }", 3, "this is no SPARQL 1.1 query|rdflib cannot answer"),
        ("SELECT ?x\nWHERE { ?x di:visitor ?y }", 3, "error: "),
        ("", 3, "error: "),
        ("what is this?", 3, "error: "),
        ("DELETE WHERE { ?s ?p ?o }", 2, "a query may not use DELETE"),
        ("SELECT * WHERE { SERVICE <http://localhost:1/> { ?s ?p ?o } }", 2, "a query may not use SERVICE"),
        ("SELECT * WHERE { SERVIC\\u0045 <http://localhost:1/> { ?s ?p ?o } }", 2, "a query may not use SERVICE"),
        ("SELECT * FROM <http://localhost:1/> WHERE { ?s ?p ?o }", 2, "there is no graph http://localhost:1/ here"),
        ("select * from named <file:///etc/passwd> { ?s ?p ?o }", 2, "there is no graph file:///etc/passwd here"),
        ("SELECT * { ?s ?p ?o } FROM <http://localhost:1/>", 2, "a query may not use FROM"),
        ("LOAD <http://localhost:1/>", 2, "a query may not use LOAD"),
        (DEEP, 4, "nested too deeply"),
        (UNIONS, 4, "601 clauses|nested too deeply"),
        (f"SELECT * WHERE {{ ?s ?p '{'x' * 100_000}' }}", 4, "more than 100,000"),
    ],
)
def test_text(
    query: str,
    code: int,
    says: str,
    engine: str,
    graph: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(query.encode())))
    found, printed = run(graph, ["--engine", engine, "query", "-"], capsys)
    assert found == code
    assert re.search(says, printed.partition("\n")[0])


def test_a_broken_graph_is_not_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = compose(tmp_path)
    facts = folder / PLACES["facts.trig"]
    facts.write_text(facts.read_text("utf-8").replace('"for radar', '"for a radar', 1), "utf-8", newline="\n")
    code, printed = run(folder, ["query", "--list"], capsys)
    assert code == 3
    assert "nothing was built" in printed
    assert f"{PLACES['facts.trig']}:" in printed
    assert "kg validate" in printed
