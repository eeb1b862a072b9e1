"""The corpora of the benchmarks are graphs that the house would publish, and always the same."""

import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # bench is not in the wheel

import kg  # noqa: E402
from bench import corpus, results, suites  # noqa: E402
from bench.measure import Contender, Result, interleaved  # noqa: E402
from bench.picture import Line, growth  # noqa: E402
from kg.findings import at_or_above  # noqa: E402
from kg.rdf.namespaces import RDF_TYPE  # noqa: E402


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("bench") / "three"
    corpus.generate(3, made)
    return made


def texts(folder: Path) -> dict[str, str]:
    return {str(p.relative_to(folder)): p.read_text("utf-8") for p in folder.rglob("kg/**/*") if p.is_file()}


def test_a_corpus_validates_clean_and_infers(folder: Path) -> None:
    graph = kg.open(str(folder))
    assert at_or_above(graph.validate(), "warning") == []
    counts = graph.counts
    assert counts["articles"] == 3
    assert counts["read"] + counts["asides"] >= counts["units"]
    assert counts["facts"] > 3 * 300
    assert counts["inferred"] > counts["facts"] // 3


def test_a_small_corpus_is_the_beginning_of_a_larger_one(folder: Path, tmp_path: Path) -> None:
    corpus.generate(4, tmp_path / "four")
    small, large = texts(folder), texts(tmp_path / "four")
    assert small.keys() < large.keys()
    same = {name for name, text in small.items() if large[name] == text}
    assert small.keys() - same == {"kg/background/invented-states.trig"}


def test_another_seed_tells_other_news(folder: Path, tmp_path: Path) -> None:
    corpus.generate(3, tmp_path / "other", seed=2)
    assert texts(folder).keys() != texts(tmp_path / "other").keys()


def test_contenders_take_turns_and_slow_ones_are_not_tried_again() -> None:
    ready = [sys.executable, "-c", 'print(\'{"bench": 1, "seconds": 7, "parts": {"a": 3}}\')']
    contenders = [
        Contender("ready", ready),
        Contender("plain", [sys.executable, "-c", "pass"]),
        Contender("slow", [sys.executable, "-c", "import time; time.sleep(60)"], limit=0.2),
        Contender("broken", [sys.executable, "-c", "raise SystemExit('no such engine')"]),
    ]
    turns: list[str] = []
    told, plain, slow, broken = interleaved(contenders, 2, say=turns.append)
    assert (told.median, told.parts) == (7, {"a": [3, 3]})
    assert plain.median
    assert 1 < plain.megabytes < 5_000  # a process starts with the peak of the one that it is made from
    assert (slow.median, slow.note) == (None, "more than 0.2 s")
    assert broken.note == "failed with 1: no such engine"
    assert [turn.rsplit(": ")[1] for turn in turns] == ["ready", "plain", "slow", "broken", "ready", "plain"]


def test_figures_become_a_table_and_a_picture() -> None:
    figures = results.new("closure", "The closure", {})
    ours, theirs = Result("entente", [0.5, 0.25, 0.3], 30), Result("other", [3.0], 90)
    results.add(figures, 10, 4405, [ours, theirs])
    results.add(figures, 100, 26000, [ours, Result("other", note="more than 9 s")])
    rows = results.rows(figures)
    assert rows[0] == ("10", "4,405", "entente", "300 ms", "1", "30 MB", "3")
    assert rows[1][3:5] == ("3 s", "10")
    assert rows[3][3:5] == ("more than 9 s", "")
    picture = growth("Growth", [Line("entente & co", ((4405, 0.3), (26000, 0.3))), Line("other", ((4405, 3.0),))])
    assert ElementTree.fromstring(picture).tag.endswith("svg")
    assert "entente &amp; co" in picture


_PREFIXES = "@prefix : <http://a/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"


def test_a_suite_of_entailments_is_run_by_both_reasoners(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cases = {
        "follows": (":A rdfs:subClassOf :B . :x a :A .", "[] a :B ."),
        "does-not": (":A rdfs:subClassOf :B . :x a :B .", ":x a :A ."),
        "contradicts": (":x a <http://www.w3.org/2002/07/owl#Nothing> .", ":x a :B ."),
    }
    for name, texts in cases.items():
        for part, text in zip(("premise", "conclusion"), texts, strict=True):
            file = tmp_path / "owl2rl" / name / f"{name}.{part}graph.ttl"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(_PREFIXES + text, encoding="utf-8")
    suites.main(["owl", str(tmp_path)])
    lines = capsys.readouterr().out.splitlines()
    assert lines[:4] == [
        *(f"contradicts: {who}: a contradiction in consistent premises" for who in ("kg", "owlrl")),
        *(f"does-not: {who}: not inferred: <http://a/x> <{RDF_TYPE}> <http://a/A>" for who in ("kg", "owlrl")),
    ]
    assert lines[4:] == ["owl: kg: 1 of 3", "owl: owlrl: 1 of 3"]


def test_the_closures_of_ontologies_are_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = ":A rdfs:subClassOf :B , [ <http://www.w3.org/2002/07/owl#unionOf> ( :C ) ] . :x a :A ."
    (tmp_path / "some.ttl").write_text(_PREFIXES + text, encoding="utf-8")
    suites.main(["owl", str(tmp_path)])
    assert capsys.readouterr().out.splitlines() == [
        "some.ttl: 6 triples, 3 inferred, 1 axioms outside of the profile",
        "owl: kg: 1 of 1",
        "owl: owlrl: 1 of 1",
    ]


WHO = ("kg", "pyoxigraph")
_MANIFEST = """@prefix mf: <http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#> .
@prefix qt: <http://www.w3.org/2001/sw/DataAccess/tests/test-query#> .
@prefix rdft: <http://www.w3.org/ns/rdftest#> .
<> mf:assumedTestBase <https://example.org/suite/> .
"""


def make_suite(folder: Path, files: dict[str, str], entries: dict[str, str]) -> None:
    """A folder with files, and a manifest with entries: the name of each, and its type and properties."""
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    cases = "".join(f"<#{name}> a {text} .\n" for name, text in entries.items())
    listed = " ".join(f"<#{name}>" for name in entries)
    (folder / "manifest.ttl").write_text(f"{_MANIFEST}<> mf:entries ( {listed} ) .\n{cases}", encoding="utf-8")


def test_a_suite_of_rdf_is_run_by_three_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (inner := tmp_path / "some").mkdir()
    files = {
        "a.ttl": "<#x> <p> [ <q> 01 ] ; <../p> <> .",
        "a.nt": "<https://example.org/suite/a.ttl#x> <https://example.org/suite/p> _:b .\n"
        '_:b <https://example.org/suite/q> "01"^^<http://www.w3.org/2001/XMLSchema#integer> .\n'
        "<https://example.org/suite/a.ttl#x> <https://example.org/p> <https://example.org/suite/a.ttl> .\n",
        "b.nq": "<x:a> <x:b> _:c _:g .",
        "c.trig": "<a> <b> <c>",
    }
    entries = {
        "good": "rdft:TestTurtleEval ; mf:action <a.ttl> ; mf:result <a.nt>",
        "quads": "rdft:TestNQuadsPositiveSyntax ; mf:action <b.nq>",
        "bad": "rdft:TestTrigNegativeSyntax ; mf:action <c.trig>",
        "not-bad": "rdft:TestTurtleNegativeSyntax ; mf:action <a.ttl>",
        "not-good": "rdft:TestTrigPositiveSyntax ; mf:action <c.trig>",
        "other": "rdft:TestTurtleEval ; mf:action <a.ttl> ; mf:result <b.nq>",
    }
    make_suite(inner, files, entries)
    suites.main(["rdf", str(tmp_path)])
    lines = capsys.readouterr().out.splitlines()
    found = [line for line in lines if line.startswith(("some/", "rdf:"))]
    assert found[:2] == [
        "some/not-bad: kg: query ends with 0, diff ends with 0, fmt ends with 0",
        "some/not-bad: pyoxigraph: accepted",
    ]
    assert [line.split(": ")[:3] for line in found[2:6:2]] == [
        [f"some/{x}", "kg", "diff"] for x in ("not-good", "other")
    ]
    assert found[-2:] == ["rdf: kg: 3 of 6", "rdf: pyoxigraph: 3 of 6"]


def test_a_suite_of_queries_is_run_by_the_command_and_a_store(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {
        "a.ttl": "<x:a> <x:p> 1 , 01 .",
        "all.rq": "SELECT ?o { ?s ?p ?o }",
        "two.srj": """{"head": {"vars": ["o"]}, "results": {"bindings": [
            {"o": {"type": "literal", "value": "01", "datatype": "http://www.w3.org/2001/XMLSchema#integer"}},
            {"o": {"type": "literal", "value": "1", "datatype": "http://www.w3.org/2001/XMLSchema#integer"}}]}}""",
        "from.rq": "CONSTRUCT { ?s <x:q> [] } FROM <a.ttl> { ?s ?p 1 }",
        "from.ttl": "<x:a> <x:q> _:x .",
        "none.rq": "ASK { ?s ?p ?o }",
        "none.ttl": "[] a <http://www.w3.org/2001/sw/DataAccess/tests/result-set#ResultSet> ; "
        "<http://www.w3.org/2001/sw/DataAccess/tests/result-set#boolean> false .",
        "bad.rq": "SELECT { }",
        "service.rq": "ASK { SERVICE <x:s> { } }",
    }
    entries = {
        "forms": "mf:QueryEvaluationTest ; mf:action [ qt:query <all.rq> ; qt:data <a.ttl> ] ; mf:result <two.srj>",
        "from": "mf:QueryEvaluationTest ; mf:action [ qt:query <from.rq> ] ; mf:result <from.ttl>",
        "none": "mf:QueryEvaluationTest ; mf:action [ qt:query <none.rq> ] ; mf:result <none.ttl>",
        "some": "mf:QueryEvaluationTest ; mf:action [ qt:query <none.rq> ; qt:data <a.ttl> ] ; mf:result <none.ttl>",
        "bad": "mf:NegativeSyntaxTest11 ; mf:action <bad.rq>",
        "not-bad": "mf:NegativeSyntaxTest ; mf:action <all.rq>",
        "good": "mf:PositiveSyntaxTest ; mf:action <from.rq>",
        "left-out": "mf:PositiveSyntaxTest11 ; mf:action <service.rq>",
    }
    make_suite(tmp_path, files, entries)
    suites.main(["sparql", str(tmp_path)])
    lines = capsys.readouterr().out.splitlines()
    wrong = [line.split(": ")[:2] for line in lines[:-2]]
    assert wrong == [["forms", "pyoxigraph"], *([name, who] for name in ("some", "not-bad") for who in WHO)]
    assert lines[-2:] == ["sparql: kg: 5 of 7", "sparql: pyoxigraph: 4 of 7"]
