"""What reports say, read back from each format: the same findings, whoever reads them."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import jsonschema  # type: ignore[import-untyped]
from broken import Place
from pyoxigraph import RdfFormat, parse

from kg.errors import clean
from kg.rdf.namespaces import RDFS, SH
from kg.terminal import display_width

SCHEMA = Path(__file__).parents[1] / "schemas" / "sarif.json"

HEAD = re.compile(
    r"(?P<file>[^:]+)(?::(?P<line>\d+):(?P<column>\d+))?: (?P<severity>\w+): (?P<message>.+) \[(?P<rule>\S+)\]"
)
_COMMAND = re.compile(r"::(?P<severity>\w+) (?P<given>[^:]*)::(?P<words>.*)")
_GITHUB = {"error": "violation", "warning": "warning", "notice": "info"}
_SARIF = {"error": "violation", "warning": "warning", "note": "info"}
_EXCERPT = "  | "


@dataclass(frozen=True)
class Told:
    """A finding as a report tells it; the lines of the hint each end in a newline."""

    place: Place
    severity: str
    rule: str
    message: str
    hint: str


@dataclass(frozen=True)
class Excerpt:
    """A source line as it is printed, and the terminal's column, from 0, of the caret beneath."""

    place: Place
    line: str
    caret: int

    def points_at(self, source: str) -> bool:
        """Whether the caret stands under the place, of whose line `source` is the text in the file.

        What is printed of a long line is a window; characters that would drive the terminal are printed as escapes.
        """
        at = self.place.column - 1
        ends = [i for i in range(len(self.line) + 1) if display_width(self.line[:i]) == self.caret]
        return any(
            clean(source[:at]).endswith(self.line[:i])
            and clean(source[at:]).startswith(self.line[i:])
            and (self.line[i:] or at == len(source))
            for i in ends
        )


def text(written: str) -> tuple[list[Told], list[Excerpt]]:
    """Findings as they are printed: a line each; beneath, indented, an excerpt of the source and the hint."""
    found: list[Told] = []
    excerpts: list[Excerpt] = []
    lines = written.splitlines()
    while lines:
        line = lines.pop(0)
        match = HEAD.fullmatch(line)
        assert match, f"not a finding: {line}"
        place = Place(match["file"], int(match["line"] or 0), int(match["column"] or 0))
        if lines and lines[0].startswith(_EXCERPT):
            excerpts.append(_excerpt(place, lines.pop(0), lines.pop(0)))
        hint = ""
        while lines and lines[0].startswith("  "):
            hint += f"{lines.pop(0)[2:]}\n"
        found.append(Told(place, match["severity"], match["rule"], match["message"], hint))
    return found, excerpts


def _excerpt(place: Place, line: str, caret: str) -> Excerpt:
    assert re.fullmatch(r"  \|  *\^", caret), f"not a caret: {caret}"
    return Excerpt(place, line.removeprefix(_EXCERPT), len(caret) - len(_EXCERPT) - 1)


def github(written: str) -> list[Told]:
    """Workflow commands: percent and line ends are escaped, in properties colon and comma as well."""
    found = []
    for line in written.splitlines():
        match = _COMMAND.fullmatch(line)
        assert match, f"not a workflow command: {line}"
        given = dict(pair.split("=", 1) for pair in match["given"].split(","))
        assert given.keys() in ({"file", "title"}, {"file", "line", "col", "title"})
        place = Place(unquote(given["file"]), int(given.get("line", 0)), int(given.get("col", 0)))
        found.append(_told(place, _GITHUB[match["severity"]], unquote(given["title"]), unquote(match["words"])))
    return found


def sarif(written: str) -> list[Told]:
    """The results of a SARIF log, which is held against the standard; columns are code points."""
    log = json.loads(written)
    _validator().validate(log)
    (run,) = log["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    described = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert described == sorted({result["ruleId"] for result in run["results"]})
    return [_result(result) for result in run["results"]]


@cache
def _validator() -> Any:
    schema = json.loads(SCHEMA.read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def _result(result: dict[str, Any]) -> Told:
    (location,) = result["locations"]
    physical = location["physicalLocation"]
    region = physical.get("region", {"startLine": 0, "startColumn": 0})
    place = Place(unquote(physical["artifactLocation"]["uri"]), region["startLine"], region["startColumn"])
    words = result["message"]["text"].replace("{{", "{").replace("}}", "}")
    return _told(place, _SARIF[result["level"]], result["ruleId"], words)


# What the schema of Jenkins and pytest, junit-10.xsd, allows of what is written here: children and attributes by
# element, those in capitals required; text is for the last two.
JUNIT = {
    "testsuite": ("properties testcase", "NAME TESTS FAILURES ERRORS skipped"),
    "properties": ("property", ""),
    "property": ("", "NAME VALUE"),
    "testcase": ("failure system-out", "NAME classname"),
    "failure": ("", "type message"),
    "system-out": ("", ""),
}


def junit(written: str) -> list[Told]:
    """The findings in a JUnit report, which is held against its schema; those below a violation stand in the output."""
    suite = ElementTree.fromstring(written.encode())
    assert suite.tag == "testsuite"
    for element in suite.iter():
        _in_schema(element)
    cases = suite.findall("testcase")
    failed = [case for case in cases if case.find("failure") is not None]
    assert [suite.get(n) for n in ("tests", "failures", "errors")] == [str(len(cases)), str(len(failed)), "0"]
    found = []
    for element in suite.iter():
        if element.tag in ("failure", "system-out"):
            told, _ = text(element.text or "")
            found += told
            assert element.tag != "failure" or [(t.rule, t.message) for t in told] == [
                (element.get("type"), element.get("message"))
            ]
    return found


def _in_schema(element: ElementTree.Element) -> None:
    children, attributes = JUNIT[element.tag]
    assert {child.tag for child in element} <= set(children.split())
    assert set(element.keys()) <= set(attributes.lower().split())
    assert {name.lower() for name in attributes.split() if name.isupper()} <= set(element.keys())
    assert not children or not (element.text or "").strip()


def plain_json(written: str) -> list[Told]:
    """The records."""
    return [
        _told(Place(f["file"], f["line"], f["column"]), f["severity"], f["rule"], f"{f['message']}\n{f['hint']}")
        for f in json.loads(written)
    ]


def turtle(written: str) -> list[Told]:
    """The results of a SHACL report, in their order; it has no hints, and a component in the rule's place."""
    values: dict[str, dict[str, str]] = {}
    for quad in parse(written, RdfFormat.TURTLE):
        values.setdefault(str(quad.subject), {})[quad.predicate.value] = getattr(quad.object, "value", "")
    found = []
    for result in values.values():
        if SH + "resultMessage" in result:
            file, line, column = result[RDFS + "comment"].rsplit(":", 2)
            severity = result[SH + "resultSeverity"].removeprefix(SH).lower()
            found.append(Told(Place(file, int(line), int(column)), severity, "", result[SH + "resultMessage"], ""))
    return found


def _told(place: Place, severity: str, rule: str, words: str) -> Told:
    message, _, hint = words.partition("\n")
    return Told(place, severity, rule, message, "".join(f"{line}\n" for line in hint.splitlines()))


READERS: dict[str, Callable[[str], list[Told]]] = {
    "text": lambda written: text(written)[0],
    "github": github,
    "sarif": sarif,
    "junit": junit,
    "json": plain_json,
    "turtle": turtle,
}
