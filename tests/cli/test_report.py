"""Findings as text, for people, for CI and for machines; and the list of stored queries."""

import json
import os
import re
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from broken import Place
from hypothesis import given
from hypothesis.strategies import DataObject, characters, data, integers, text
from jsonschema import ValidationError  # type: ignore[import-untyped]
from pyoxigraph import RdfFormat, parse
from reported import READERS
from reported import text as printed

import kg
from kg.cli import report
from kg.drafting.new import init_graph
from kg.errors import InputError, markdown
from kg.findings import IDLE, Finding
from kg.graph import Graph
from kg.rdf.namespaces import SH
from kg.source.article import MISQUOTE
from kg.source.documents import SYNTAX
from kg.source.layout import GraphFolder

LINE = 'p:x ent:quote "Türkiye: 100%, done" .'
FINDING = Finding(
    "kg/x.trig", 2, 15, "violation", "misquote", "the quote <b> is “wrong”, 100%", "paste:\n“so”", "http://x/y", "a b"
)
ODD = Finding("kg/y.trig", 0, 0, "warning", "literal", "no\x00IRI", "", "", "see http://a b")


def findings_as(found: list[Finding], form: str, root: str, *, fail_on: str = "info") -> str:
    listed = report.shown(found, form, fail_on)
    return report.write_findings(found, form, GraphFolder(root), listed=listed, named=[f.file for f in found])


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "kg").mkdir()
    (tmp_path / "kg" / "x.trig").write_text(f"# first\n{LINE}\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    return str(tmp_path)


def test_text_shows_the_line_and_points_at_the_place(root: str) -> None:
    head, line, caret, *hint = findings_as([FINDING], "text", root).splitlines()
    assert head == "kg/x.trig:2:15: violation: the quote <b> is “wrong”, 100% [misquote]"
    assert line == f"  | {LINE}"
    assert line[caret.index("^") :].startswith('"Türkiye')
    assert hint == ["  paste:", "  “so”"]


def test_text_shows_lines_of_sources_alone(root: str, tmp_path: Path) -> None:
    """Not of what a name means that stands for another one, nor of what a link leads to."""
    secret, articles = tmp_path / "secret", tmp_path / "graph" / "kg" / "articles"
    articles.mkdir(parents=True)
    secret.write_text("secret\n", "utf-8")
    (articles / "own.trig").write_text("own\n", "utf-8")
    names = ["own.trig", "../../private.trig", "n\\xff.trig", "link.trig"]
    (articles / names[1]).write_text("private\n", "utf-8")
    if os.name != "nt":
        (articles / names[2]).write_text("other\n", "utf-8")
        (articles / "link.trig").symlink_to(secret)
    found = [SYNTAX.finding(f"kg/articles/{name}", "wrong", line=1, column=1) for name in names]
    written = report.write_findings(found, "text", GraphFolder(str(tmp_path / "graph")))
    assert re.findall(r"\| (\w+)$", written, re.MULTILINE) == ["own"]


def test_text_of_a_file_that_is_gone_shows_no_line(root: str) -> None:
    assert findings_as([ODD], "text", root).count("\n") == 1


def test_json_has_every_field(root: str) -> None:
    (found,) = json.loads(findings_as([FINDING], "json", root))
    keys = {"file", "line", "column", "severity", "rule", "message", "hint", "focus", "value", "passage"}
    assert found.keys() == keys
    assert found["message"] == FINDING.message
    assert json.loads(findings_as([], "json", root)) == []


def test_github_annotates_the_line(root: str) -> None:
    first, second = findings_as([FINDING, ODD], "github", root).splitlines()
    assert first.startswith("::error file=kg/x.trig,line=2,col=15,title=misquote::the quote <b> is “wrong”, 100%25%0A")
    assert second.startswith("::warning file=kg/y.trig,title=literal::")


def test_github_gets_a_summary_of_the_step(root: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "summary.md")
    findings_as([FINDING, ODD], "github", root)
    assert Path("summary.md").read_text("utf-8").splitlines() == [
        f"### Entente: 1 violation, 1 warning in {markdown(root)}",
        "",
        "| severity | place | finding | rule |",
        "| --- | --- | --- | --- |",
        "| violation | kg/x.trig:2:15 | the quote &lt;b> is “wrong”, 100% | misquote |",
        "| warning | kg/y.trig | no\\\\x00IRI | literal |",
        "",
    ]


@pytest.mark.parametrize("form", ["text", "github"])
def test_infos_are_counted_and_not_shown_unless_they_are_wanted(
    form: str, root: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "summary.md")
    found = [FINDING, replace(ODD, severity="info")]
    assert len(READERS[form](findings_as(found, form, root, fail_on="violation"))) == 1
    if form == "github":
        summary = Path("summary.md").read_text("utf-8")
        assert summary.startswith("### Entente: 1 violation, 1 note in ")
        assert "| info |" not in summary
    assert len(READERS[form](findings_as(found, form, root))) == 2


@pytest.mark.parametrize("form", report.FORMATS)
def test_shapes_with_nothing_to_judge_are_no_alerts(form: str, root: str) -> None:
    idle = [replace(ODD, severity="info", rule=IDLE, file=f"shapes/{n}.ttl") for n in range(3)]
    written = [findings_as([FINDING, *idle], form, root, fail_on=f) for f in ("violation", "info")]
    if form == "text":  # in one line
        assert [w.count("shapes with nothing to judge yet") for w in written] == [0, 1]
        assert written[1].startswith(written[0])
    else:
        assert [len(READERS[form](w)) for w in written] == [4 if form == "json" else 1, 4]


def test_a_graph_in_which_shapes_have_nothing_to_judge_conforms(root: str) -> None:
    idle = [replace(ODD, severity="info", rule=IDLE)]
    assert "sh:conforms true" in findings_as(idle, "turtle", root, fail_on="violation")


@pytest.mark.parametrize("before", [0, 500_000])
def test_the_summary_of_a_step_is_no_longer_than_github_shows(
    before: int, root: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "summary.md")
    Path("summary.md").write_bytes(b"x" * before)
    found = [replace(FINDING, message="ü" * 1000, line=n) for n in range(1, 1001)]
    findings_as(found, "github", root)
    summary = Path("summary.md").read_text("utf-8")
    assert 800_000 < len(summary.encode()) < 1 << 20
    left = re.search(r"\n\n\*\*… (\d+) more findings", summary)
    assert left
    assert summary.count("| violation |") == 1000 - int(left[1]) > 0


def test_the_name_of_a_file_starts_no_line(root: str) -> None:
    finding = replace(FINDING, file="kg/a\n::error::100%,b\x1b.trig")
    (annotation,) = findings_as([finding], "github", root).splitlines()
    assert annotation.startswith(r"::error file=kg/a%0A%3A%3Aerror%3A%3A100%25%2Cb\x1b.trig,line=2,")
    assert str(finding).startswith("kg/a\\n::error::100%,b")
    error = InputError("it is broken", where=finding.file)
    assert str(error).startswith("kg/a\\n::error::100%,b")


def test_sarif_is_one_run_with_its_rules(root: str) -> None:
    written = findings_as([FINDING, ODD], "sarif", root)
    (run,) = json.loads(written)["runs"]
    assert [r["level"] for r in run["results"]] == ["error", "warning"]
    rules = run["tool"]["driver"]["rules"]
    assert [r["id"] for r in rules] == ["literal", "misquote"]
    assert rules[1]["shortDescription"] == {"text": MISQUOTE.says}
    assert rules[1]["fullDescription"] == {"text": MISQUOTE.why}
    assert rules[1]["defaultConfiguration"] == {"level": "error"}
    assert MISQUOTE.right in rules[1]["help"]["text"]
    assert f"\n+ {MISQUOTE.right}\n```" in rules[1]["help"]["markdown"]
    region = run["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 2, "startColumn": 15}
    assert [t.message for t in READERS["sarif"](written)] == [FINDING.message, "no\\x00IRI"]
    assert READERS["sarif"](findings_as([], "sarif", root)) == []


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("there is no } to {0}", "there is no }} to {{0}}"),
        ("the quote is [sic](http://localhost/)", "the quote is [sic\\](http://localhost/)"),
        ("\u202eltr\x1b[0m", "\\u202eltr\\x1b[0m"),
    ],
)
def test_sarif_has_plain_words_without_placeholders_and_links(said: str, text: str, root: str) -> None:
    written = findings_as([MISQUOTE.finding("kg/x.trig", said)], "sarif", root)
    (result,) = json.loads(written)["runs"][0]["results"]
    assert result["message"] == {"text": text}
    assert READERS["sarif"](written)


@pytest.mark.parametrize(
    ("file", "uri"),
    [
        ("kg/a b%.trig", "kg/a%20b%25.trig"),
        ("kg/ü𝕃?#.trig", "kg/%C3%BC%F0%9D%95%83%3F%23.trig"),
        ("kg:x/y.trig", "kg%3Ax/y.trig"),
    ],
)
def test_sarif_names_files_by_uri(file: str, uri: str, root: str) -> None:
    written = findings_as([SYNTAX.finding(file, "no TriG")], "sarif", root)
    assert f'"uri": "{uri}"' in written
    assert READERS["sarif"](written)


def test_a_file_on_another_drive_has_an_absolute_uri(root: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_way(path: str) -> str:
        raise ValueError("path is on mount 'D:', start on mount 'C:'")

    monkeypatch.setattr("os.path.relpath", no_way)
    written = findings_as([FINDING], "sarif", root)
    assert f'"uri": "{Path(root, FINDING.file).as_uri()}"' in written
    assert READERS["sarif"](written)


def test_files_are_named_from_where_the_command_runs(root: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(root, "kg"))
    assert READERS["sarif"](findings_as([FINDING], "sarif", root))[0].place == Place("x.trig", 2, 15)
    (told,) = READERS["github"](findings_as([ODD], "github", os.path.join(root, "..", "other")))
    assert told.place == Place("../../other/kg/y.trig")


def test_half_a_surrogate_pair_stops_no_report(root: str) -> None:
    """The name of a file may have one, where it is no UTF-8."""
    finding = Finding("kg/\udcff.trig", 1, 1, "violation", "syntax", "\udcfe", "\udcfd", "http://x/\udcfc", "\udcfb")
    for form in report.FORMATS:
        assert len(READERS[form](findings_as([finding], form, root).encode("utf-8", "backslashreplace").decode())) == 1


@pytest.mark.parametrize(
    "spoil",
    [
        lambda log: log.update(version="2.0.0"),
        lambda log: log["runs"][0].pop("columnKind"),
        lambda log: log["runs"][0]["tool"].pop("driver"),
        lambda log: log["runs"][0]["tool"]["driver"]["rules"][0].pop("id"),
        lambda log: log["runs"][0]["results"][0].update(level="info"),
        lambda log: log["runs"][0]["results"][0].update(hint="paste"),
        lambda log: log["runs"][0]["results"][0]["message"].update(text="a { alone"),
        lambda log: log["runs"][0]["results"][0]["message"].update(text="[a](link)"),
        lambda log: physical(log)["artifactLocation"].update(uri="kg/ü.trig"),
        lambda log: physical(log)["artifactLocation"].update(uri="c:x/y.trig"),
        lambda log: physical(log)["region"].update(startColumn=0),
        lambda log: physical(log)["region"].pop("startLine"),
    ],
)
def test_what_is_no_sarif_is_noticed(spoil: Callable[[Any], object], root: str) -> None:
    log = json.loads(findings_as([FINDING], "sarif", root))
    spoil(log)
    with pytest.raises(ValidationError):
        READERS["sarif"](json.dumps(log))


def physical(log: Any) -> Any:
    return log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]


def test_junit_is_xml_in_which_violations_fail(root: str) -> None:
    noted = replace(ODD, file=FINDING.file)
    written = findings_as([FINDING, noted, ODD], "junit", root)
    suite = ElementTree.fromstring(written)
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    assert [f.get("message") for f in suite.iter("failure")] == [FINDING.message]
    assert [t.rule for t in READERS["junit"](written)] == ["misquote", "literal", "literal"]
    fine = findings_as([], "junit", root)
    assert (ElementTree.fromstring(fine).get("tests"), READERS["junit"](fine)) == ("1", [])


def test_junit_has_no_character_that_xml_forbids(root: str) -> None:
    finding = SYNTAX.finding("kg/x.trig", "\x00\x1b\ufffe\udcff𝕃 ]]>", hint="&\n\x0c")
    (told,) = READERS["junit"](findings_as([finding], "junit", root))
    assert (told.message, told.hint) == ("\\x00\\x1b\ufffd\\udcff𝕃 ]]>", "&\n\\x0c\n")


@given(line=text(characters(exclude_characters="\n\r", exclude_categories=["Cs"]), max_size=150), data=data())
def test_the_caret_stands_under_the_place(line: str, data: DataObject) -> None:
    column = data.draw(integers(1, len(line) + 1))
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "x.trig").write_bytes(f"{line}\n".encode())
        found, (excerpt,) = printed(
            findings_as([SYNTAX.finding("x.trig", "no TriG", line=1, column=column)], "text", folder)
        )
    assert found[0].place == excerpt.place == Place("x.trig", 1, column)
    assert excerpt.points_at(line)


def test_turtle_is_a_shacl_report(root: str) -> None:
    text = findings_as([FINDING, ODD], "turtle", root)
    rows = {(q.predicate.value.removeprefix(SH), getattr(q.object, "value", "")) for q in parse(text, RdfFormat.TURTLE)}
    assert {("conforms", "false"), ("focusNode", "http://x/y"), ("value", "see http://a b")} <= rows
    assert "conforms true" in findings_as([], "turtle", root)


@pytest.mark.parametrize(
    ("found", "words"),
    [([], "no findings"), ([FINDING, FINDING, ODD], "2 violations, 1 warning")],
)
def test_the_summary(found: list[Finding], words: str) -> None:
    counts = {"articles": 1, "read": 23, "units": 24, "facts": 324}
    assert report.summary(counts, found) == f"1 article: 23 of 24 units read, 324 facts: {words}"


def test_stored_queries_are_listed_with_an_example_to_copy(shipped: Graph) -> None:
    listed = report.list_queries(shipped, None).split("\n\n")
    assert len(listed) == len(shipped.queries)
    for entry in listed:
        question, example = entry.strip().split("\n")
        assert question.endswith("?")
        name, *_ = re.fullmatch(r"  kg query ([a-z-]+)( -p \w+=(\S+|\"[^\"]+\"))*", example).groups()  # type: ignore[union-attr]
        assert name in shipped.queries


def test_examples_name_only_what_the_graph_knows(shipped: Graph, tmp_path: Path) -> None:
    init_graph(str(tmp_path / "mine"))
    own = kg.open(str(tmp_path / "mine"))
    assert "kg query agreements -p state=id:turkey\n" in report.list_queries(shipped, None)
    assert "kg query agreements -p state=any\n" in report.list_queries(own, None)


def test_stored_queries_as_json(small: Graph) -> None:
    (listed,) = json.loads(report.list_queries(small, "json"))
    assert listed == {
        "name": "who-backs",
        "summary": "Who backs whom?",
        "parameters": [{"name": "backer", "type": "State", "default": "any"}],
        "columns": ["backer", "backed"],
        "tags": ["alliances"],
    }
