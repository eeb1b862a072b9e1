"""Findings as text, for people, for CI and for machines; and the list of questions."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from pyoxigraph import RdfFormat, parse

from kg import reports
from kg.findings import Finding
from kg.graph import Graph
from kg.vocabulary import SH

LINE = 'p:x ent:quote "Türkiye: 100%, done" .'
FINDING = Finding(
    "kg/x.trig", 2, 15, "violation", "misquote", "the quote <b> is “wrong”, 100%", "paste:\n“so”", "http://x/y", "a b"
)
ODD = Finding("kg/y.trig", 0, 0, "warning", "literal", "no\x00IRI", "", "", "see http://a b")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "kg").mkdir()
    (tmp_path / "kg" / "x.trig").write_text(f"# first\n{LINE}\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    return str(tmp_path)


def test_text_shows_the_line_and_points_at_the_place(root: str) -> None:
    head, line, caret, *hint = reports.write([FINDING], "text", root).splitlines()
    assert head == "kg/x.trig:2:15: violation: the quote <b> is “wrong”, 100% [misquote]"
    assert line == f"  | {LINE}"
    assert line[caret.index("^") :].startswith('"Türkiye')
    assert hint == ["  paste:", "  “so”"]


def test_text_of_a_file_that_is_gone_shows_no_line(root: str) -> None:
    assert reports.write([ODD], "text", root).count("\n") == 1


def test_json_has_every_field(root: str) -> None:
    (found,) = json.loads(reports.write([FINDING], "json", root))
    keys = {"file", "line", "column", "severity", "rule", "message", "hint", "focus", "value", "passage"}
    assert found.keys() == keys
    assert found["message"] == FINDING.message
    assert json.loads(reports.write([], "json", root)) == []


def test_github_annotates_the_line(root: str) -> None:
    first, second = reports.write([FINDING, ODD], "github", root).splitlines()
    assert first.startswith("::error file=kg/x.trig,line=2,col=15,title=misquote::the quote <b> is “wrong”, 100%25%0A")
    assert second.startswith("::warning file=kg/y.trig,title=literal::")


def test_sarif_is_one_run_with_its_rules(root: str) -> None:
    log = json.loads(reports.write([FINDING, ODD], "sarif", root))
    (run,) = log["runs"]
    assert log["version"] == "2.1.0"
    assert [r["level"] for r in run["results"]] == ["error", "warning"]
    assert {r["ruleId"] for r in run["results"]} == {r["id"] for r in run["tool"]["driver"]["rules"]}
    region = run["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 2, "startColumn": 15}


def test_junit_is_xml_in_which_violations_fail(root: str) -> None:
    suite = ElementTree.fromstring(reports.write([FINDING, ODD], "junit", root))
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    assert [f.get("message") for f in suite.iter("failure")] == [FINDING.message]
    fine = ElementTree.fromstring(reports.write([], "junit", root))
    assert (fine.get("tests"), fine.get("failures")) == ("1", "0")


def test_turtle_is_a_shacl_report(root: str) -> None:
    text = reports.write([FINDING, ODD], "turtle", root)
    rows = {(q.predicate.value.removeprefix(SH), getattr(q.object, "value", "")) for q in parse(text, RdfFormat.TURTLE)}
    assert {("conforms", "false"), ("focusNode", "http://x/y"), ("value", "see http://a b")} <= rows
    assert "conforms true" in reports.write([], "turtle", root)


@pytest.mark.parametrize(
    ("found", "words"),
    [([], "no findings"), ([FINDING, FINDING, ODD], "2 violations, 1 warning")],
)
def test_the_summary(found: list[Finding], words: str) -> None:
    counts = {"articles": 1, "read": 23, "units": 24, "facts": 324}
    assert reports.summary(counts, found) == f"1 article: 23 of 24 units read, 324 facts: {words}"


def test_questions_are_questions_with_an_example_to_copy(shipped: Graph) -> None:
    listed = reports.questions(shipped.queries, None).split("\n\n")
    assert len(listed) == len(shipped.queries)
    for entry in listed:
        question, example = entry.strip().split("\n")
        assert question.endswith("?")
        name, *_ = re.fullmatch(r"  kg query ([a-z-]+)( -p \w+=(\S+|\"[^\"]+\"))*", example).groups()  # type: ignore[union-attr]
        assert name in shipped.queries


def test_questions_as_json(small: Graph) -> None:
    (listed,) = json.loads(reports.questions(small.queries, "json"))
    assert listed == {
        "name": "who-backs",
        "summary": "Who backs whom?",
        "parameters": [{"name": "backer", "type": "State", "default": "any"}],
        "columns": ["backer", "backed"],
        "tags": ["alliances"],
    }
