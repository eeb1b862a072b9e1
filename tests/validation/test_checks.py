"""The registry of checks: nothing else makes findings, each example is true, and `kg explain` describes each."""

import ast
import json
import re
import sys
from functools import cache
from pathlib import Path

import pytest
from broken import PLACES, compose

from kg.cli import completion, parser
from kg.cli.main import main
from kg.dataset import build, golden
from kg.findings import UNREADABLE, Check, Finding
from kg.graph import Graph
from kg.source import documents
from kg.source.layout import GraphFolder
from kg.validation import checks, run, shapes, verdict
from kg.validation.articles import Checks, alone, check_articles
from kg.validation.queries import in_rdflib, read_queries

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "kg"
CHECKS = checks.collected()
# Of bytes, links, time limits, several articles, a second reader or faults of the formatter: no lines are an example.
NOT_LINES = {
    *("added-role", "byte-order-mark", "doubt", "empty", "encoding", "file", "format", "golden-answer", "line-endings"),
    *(
        "missing-file",
        "name",
        "notice",
        "outside",
        "query",
        "query-depth",
        "query-size",
        "row",
        "too-deep",
        "too-large",
        "uncompiled",
    ),
}
# What runs apart from the other checks of its group, and takes longer.
SPECIAL = {"contradiction", "house-style", "rdflib", "shape", "union-answer"}
RDF = "PREFIX owl: <http://www.w3.org/2002/07/owl#>\nPREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"
RDF += "PREFIX sh: <http://www.w3.org/ns/shacl#>\nPREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n"
RDF += "PREFIX shape: <https://w3id.org/entente/shapes#>\n"
ENT = "PREFIX ent: <https://w3id.org/entente/ontology#>\n"
HEAD = "#+ summary: Which states are there?\n#+ description: One row per state.\n#+ columns: [x]\n#+ tags: [states]\n"
TYPED = '#+ parameters:\n#+   - {name: type, type: thing, default: "ent:State"}\n'
QUERY = f"{HEAD}{TYPED}{ENT}SELECT DISTINCT ?x WHERE {{ VALUES ?type {{ ent:State }} ?x a ?type }} ORDER BY ?x\n"
# The file of the examples of a group; it comes last in its folder, where findings on several files are placed.
FILES = {
    "Ontology": ("ontology/z.ttl", f"{RDF}{ENT}ent:City rdfs:subClassOf ent:Place .\n"),
    "Shapes": ("shapes/z.ttl", f"{RDF}{ENT}shape:Any a sh:NodeShape .\n"),
    "Stored queries": ("queries/z.rq", QUERY),
}


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sound graph folder, into which examples are written."""
    return compose(tmp_path_factory.mktemp("checks") / "sound")


def group_of(check: Check) -> str:
    return next(title for title, members in checks.groups().items() if check in members)


def with_example(check: Check, example: str, folder: Path) -> tuple[str, str]:
    """A file and its text with the example: in place of the right lines where it has them, else below them."""
    name = PLACES["background.trig" if check.id == "background-graph" else "facts.trig"]
    name, text = FILES.get(group_of(check)) or (name, (folder / name).read_text("utf-8"))
    if check.id == "proposal":  # in a file of its own, with the prefixes of the facts
        head = "".join(line for line in text.splitlines(keepends=True) if line.startswith("@prefix"))
        return name.replace("facts.trig", "proposed.trig"), f"{head}\n{example}\n"
    if check.id == "audit":
        return name.replace("facts.trig", "audit.json"), f"{example}\n"
    if name.endswith(".rq") and "WHERE" in example:
        columns = "s, n" if "?n" in example else "" if "CONSTRUCT" in example else "x"
        return name, f"{HEAD.replace('[x]', f'[{columns}]')}{ENT}{example}\n"
    if check.right in text:
        assert text.count(check.right) == 1
        return name, text.replace(check.right, example)
    return name, f"{text}\n{example}\n"


@cache
def found(folder: Path, name: str, text: str, group: str, check: str) -> list[Finding]:
    """What is found in a file with that text, or for facts in the whole article, by the checks of a group.

    `check` is empty, or one that runs on its own.
    """
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    kept = path.read_bytes() if path.exists() else None
    path.write_text(text, "utf-8", newline="\n")
    try:
        findings = _found(GraphFolder(str(folder)), group, check)
    finally:
        path.unlink() if kept is None else path.write_bytes(kept)
    return [f for f in findings if f.file.startswith("kg/" if name.startswith("kg/") else name)]


def _found(graph_folder: GraphFolder, group: str, check: str) -> list[Finding]:
    made = build.read_sources(documents.load_sources(graph_folder))
    if group == "Shapes":
        return list(shapes.check_shapes(made.sources.shapes, made.sources.ontology, made.statements, made.claimed))
    if group in FILES:
        asked, findings = read_queries(graph_folder)
        findings += run._lint(made, asked)
        findings += in_rdflib([(q.text.path, q.text.text) for q in asked if check == "rdflib"])
        queries = [(q.name, q.text.text) for q in asked if check == "union-answer"]
        return [*findings, *(golden.Answers(graph_folder, made.store(), 30).check(queries) if queries else ())]
    findings = [*run._facts(made), *check_articles(made)]
    findings += run._style(made, alone(Checks(made)), None)() if check == "house-style" else ()
    if check == "shape":
        quantities = [t for t in made.data_graph if t.predicate.value.endswith("#number")]
        findings += verdict.shape_findings(made, quantities)()
    return [*findings, *(verdict.contradiction_findings(made) if check == "contradiction" else ())]


@pytest.mark.parametrize("check", [c for c in CHECKS.values() if c.id not in NOT_LINES], ids=lambda check: check.id)
@pytest.mark.usefixtures("reading_once")
def test_an_example_is_true(check: Check, sound: Path) -> None:
    group = group_of(check) if group_of(check) in FILES else ""
    special = check.id if check.id in SPECIAL else ""
    assert found(sound, *with_example(check, check.right, sound), group, special) == []
    wrong = found(sound, *with_example(check, check.wrong, sound), group, special)
    assert {f.rule.partition(":")[0] for f in wrong} == {check.id}, wrong
    assert {f.severity for f in wrong} <= set(check.severities)


def test_only_a_check_makes_findings() -> None:
    """No other module calls the constructor, and each check that any module defines is collected."""
    code = {p.relative_to(PACKAGE).as_posix(): p.read_text("utf-8") for p in PACKAGE.rglob("*.py")}
    assert [name for name, text in code.items() if re.search(r"(?<!class )\bFinding\(", text)] == ["findings.py"]
    defined = [name for text in code.values() for name in re.findall(r"\bCheck\(\s*(?!id)(\S+),\s", text)]
    assert sorted(defined) == sorted(f'"{name}"' for name in CHECKS)
    assert len(defined) >= 80
    assert CHECKS.keys() >= UNREADABLE


def test_a_check_has_only_its_severities() -> None:
    assert CHECKS["date-words"].finding("x", "m", severity="info").severity == "info"
    with pytest.raises(ValueError, match="the check misquote has no severity info"):
        CHECKS["misquote"].finding("x", "m", severity="info")


@pytest.mark.parametrize("check", CHECKS.values(), ids=lambda check: check.id)
def test_a_check_is_short_and_complete(check: Check) -> None:
    assert check.says[0].isupper()
    assert check.says.endswith(".")
    assert check.why.endswith(".")
    assert len(check.says) + len(check.why) < 300
    assert bool(check.wrong) == bool(check.right)
    assert check.wrong.count("\n") < 6
    assert (check.id in ("format", "uncompiled")) != bool(check.wrong)


def test_explain_a_check(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "[misquote]"]) == 0
    misquote, printed = CHECKS["misquote"], capsys.readouterr().out
    assert printed.startswith(f"misquote: violation\n  {misquote.says}\n  {misquote.why}\n  Wrong:\n    p:strait")
    assert f"  Right:\n    {misquote.right}\n" in printed
    assert main(["explain", "misquote", "-f", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["severities"] == ["violation"]
    assert main(["explain", "misquote", "-f", "md"]) == 0
    assert f"**{misquote.says}**" in capsys.readouterr().out


def test_an_explanation_is_as_wide_as_the_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    assert main(["explain", "misquote"]) == 0
    told = capsys.readouterr().out.split("  Wrong:")[0]
    assert max(map(len, told.splitlines())) <= 60
    assert "Copy quotes, never type them." in " ".join(told.split())


def test_a_term_is_explained_by_what_the_lexicon_says_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "ent:Support"]) == 0
    assert "  pattern\n    {backer} *back|*support" in capsys.readouterr().out
    assert main(["explain", "ent:held", "-f", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["tense"] == ["past perfect"]
    assert main(["explain", "ent:held", "-f", "md"]) == 0
    assert "- tense: `past perfect`\n" in capsys.readouterr().out
    assert main(["explain", "ent:River"]) == 0  # of which the lexicon says nothing
    assert capsys.readouterr().out == "ent:River\n  definition\n    A place that is a named stream of fresh water.\n"
    assert main(["explain", "ent:Suport"]) == 2
    assert "did you mean ent:Support" in capsys.readouterr().err


def test_explain_members_of_families(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "shape:Quantity"]) == 0
    by_shape = capsys.readouterr().out
    assert "  Quantity: A quantity has one ent:number" in by_shape
    assert "Tenure:" not in by_shape
    assert main(["explain", "shape:MinCount"]) == 0
    by_component = capsys.readouterr().out
    assert "  Quantity: A quantity has one ent:number" in by_component
    assert "  Tenure: A tenure has" in by_component
    assert main(["explain", "contradiction:cax-dw"]) == 0
    rule = capsys.readouterr().out
    assert "  Nothing can be both (OWL 2 RL, cax-dw).\n" in rule
    assert "    ?c owl:disjointWith ?d . ?x a ?c . ?x a ?d\n" in rule


@pytest.mark.parametrize(
    ("name", "hint"),
    [("misqote", "did you mean misquote?"), ("shape:MinCont", "did you mean shape:MinCount"), ("xyz", "`kg explain`")],
)
def test_explain_what_is_no_check(name: str, hint: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", name]) == 2
    assert f"error: there is no check {name} [unknown-check]\n  {hint}" in capsys.readouterr().err


def test_each_error_is_a_check_or_is_said_to_be_none(capsys: pytest.CaptureFixture[str]) -> None:
    nodes = (n for p in PACKAGE.rglob("*.py") for n in ast.walk(ast.parse(p.read_text("utf-8"))))
    calls = [n for n in nodes if isinstance(n, ast.Call)]
    raised = {(ast.unparse(c.func), ast.unparse(k.value)) for c in calls for k in c.keywords if k.arg == "rule"}
    codes = {"UsageError": 2, "InputError": 3, "LimitError": 4}
    names = {(codes[error], rule[1:-1]) for error, rule in raised if error in codes and rule[0] == "'"}
    others = {(code, rule) for code, rule in names if rule not in CHECKS}
    assert (2, "parameter") in others
    for code, rule in {*others, (2, "usage"), (4, "memoryerror")}:
        assert main(["explain", rule]) == 2
        assert re.match(f"error: {rule} is an? .*, exit code {code}, and not a check", capsys.readouterr().err)


def test_every_check_is_explained_though_an_error_has_its_name(shipped: Graph) -> None:
    collected = checks.collected()
    assert len(collected) > 70
    assert {name: checks.find(name, shipped.graph_folder) for name in collected} == collected


@pytest.mark.parametrize("on_a_terminal", [True, False])
def test_a_run_with_findings_names_the_next_step_on_a_terminal(
    on_a_terminal: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = compose(tmp_path) / PLACES["facts.trig"]
    facts.write_text(
        facts.read_text("utf-8").replace('"Lorvia’s president heads', "\"Lorvia's president heads"), "utf-8"
    )
    monkeypatch.setattr(sys.stderr, "isatty", lambda: on_a_terminal)
    assert main(["-C", str(tmp_path), "validate"]) == 1
    assert ("\nkg explain folded-quote: what it means" in capsys.readouterr().err) == on_a_terminal


def test_explain_lists_all_checks(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain"]) == 0
    printed = capsys.readouterr().out
    assert all(f"  {check.id}: {check.says}\n" in printed for check in CHECKS.values())
    assert main(["explain", "-f", "json"]) == 0
    assert {c["id"] for c in json.loads(capsys.readouterr().out)} == CHECKS.keys()


def test_each_finding_of_the_broken_cases_can_be_explained() -> None:
    """Each rule that a case names has a check, by whose id SARIF and `kg explain` find it."""
    cases = (ROOT / "tests" / "cases" / "broken").glob("*.case")
    ids = {line[6:] for c in cases for line in c.read_text("utf-8").split("\n") if line.startswith("rule: ")}
    assert len(ids) > 40
    assert {checks.described(name).id for name in ids} == ids


def test_the_tab_key_offers_checks() -> None:
    options = parser.build_parser().parse_args(["explain"])
    assert set(completion.CANDIDATES["check"](GraphFolder(""), options, "")) == CHECKS.keys()
