"""Findings: how they read, their order, and the exit code that they mean."""

import pytest
from markup import Markup

from kg.findings import IDLE, Finding, Findings, at_or_above, exit_code, ordered, severities
from kg.source.documents import EMPTY


def finding(severity: str = "violation", rule: str = "misquote", line: int = 3) -> Finding:
    return Finding("kg/articles/x/facts.trig", line, 5, severity, rule, "the quote is wrong", "paste this:\n“so”")


def test_a_finding_reads_like_a_compilers() -> None:
    first, *hint = str(finding()).split("\n")
    assert first == "kg/articles/x/facts.trig:3:5: violation: the quote is wrong [misquote]"
    assert hint == ["  paste this:", "  “so”"]


def test_a_finding_on_a_whole_file_has_no_line() -> None:
    assert str(EMPTY.finding("a.ttl", "the file is empty")) == "a.ttl: violation: the file is empty [empty]"


def test_a_finding_has_no_more_than_two_thousand_characters_of_each() -> None:
    whole, cut = (EMPTY.finding("a.ttl", "m" * n, hint="h" * n) for n in (2_000, 2_001))
    assert (whole.message, whole.hint) == ("m" * 2_000, "h" * 2_000)
    assert (cut.message, cut.hint) == ("m" * 2_000 + " …", "h" * 2_000 + " …")


def test_findings_are_told_once_and_from_top_to_bottom() -> None:
    assert [f.line for f in ordered([finding(line=10), finding(line=9), finding(line=10)])] == [9, 10]


def test_findings_are_a_list_that_shows_itself() -> None:
    listed = [finding(), finding("info", rule="<b>")]
    found = Findings(listed)
    assert (found, found[1:], bool(Findings())) == (listed, listed[1:], False)
    assert repr(found) == f"{listed[0]}\n{listed[1]}\n1 violation, 1 note"
    page = Markup(found._repr_html_())
    place = "kg/articles/x/facts.trig:3:5"
    heads, told = ["where", "severity", "finding", "check"], ["the quote is wrong", "paste this:", "“so”"]
    grave, note = ([place, f.severity, *told, f.rule] for f in found)
    assert page.texts == ["1 violation, 1 note", *heads, *grave, "1 notes", *heads, *note]
    assert page.tags.count("details") == 1
    assert (repr(Findings()), Markup(Findings()._repr_html_()).texts) == ("no findings", ["no findings"])


def test_shapes_with_nothing_to_judge_are_one_number() -> None:
    idle = [finding("info", rule=IDLE), finding("info", rule=IDLE)]
    assert severities(idle) == "no findings, 2 shapes with nothing to judge"
    assert repr(Findings([finding(), finding("info"), *idle[:1]])).endswith(
        "1 violation, 1 note, 1 shape with nothing to judge"
    )
    assert repr(Findings(idle)) == severities(idle)


def test_a_finding_can_be_moved() -> None:
    assert finding().at(7, 8) == Finding(**{**finding().__dict__, "line": 7, "column": 8})


@pytest.mark.parametrize(
    ("severities", "fail_on", "code"),
    [
        ([], "info", 0),
        (["warning", "info"], "violation", 0),
        (["warning", "info"], "warning", 1),
        (["info"], "warning", 0),
        (["info"], "info", 1),
        (["doubt"], "info", 0),
        (["violation"], "violation", 1),
    ],
)
def test_exit_codes(severities: list[str], fail_on: str, code: int) -> None:
    assert exit_code([finding(s) for s in severities], fail_on) == code


def test_a_file_that_cannot_be_read_is_worse_than_findings() -> None:
    assert exit_code([finding(), finding(rule="syntax")], "violation") == 3


def test_severities_are_ordered() -> None:
    found = [finding("info"), finding("warning"), finding("violation")]
    assert [f.severity for f in at_or_above(found, "warning")] == ["warning", "violation"]
