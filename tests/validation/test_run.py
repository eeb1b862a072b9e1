"""`kg check`: one list of findings from all checks, the same for any number of processes, and golden answers."""

import dataclasses
import json
import os
import re
import shutil
import subprocess
import sys
import warnings
from collections.abc import Iterator
from multiprocessing import resource_tracker
from pathlib import Path

import pytest
from broken import PLACES, compose
from marked import unmark
from pyoxigraph import Quad, Triple

from kg.cli import report
from kg.cli.main import main
from kg.dataset import build
from kg.drafting import new
from kg.errors import LimitError
from kg.findings import Finding, exit_code
from kg.source import documents, layout
from kg.source.layout import GraphFolder
from kg.validation import run, verdict
from kg.validation.articles import Checks, alone

pytestmark = pytest.mark.usefixtures("reading_once")

Captured = pytest.CaptureFixture[str]

QUERY = """\
#+ summary: Who visits which place?
#+ description: One row per visitor and place.
#+ parameters:
#+   - {name: visitor, type: Person, default: any}
#+ columns: [visitor, place]
#+ tags: [visits]
PREFIX ent: <https://w3id.org/entente/ontology#>

SELECT DISTINCT ?visitor ?place
WHERE {
  VALUES ?visitor { UNDEF }
  ?visit ent:visitor ?visitor ; ent:destination ?place .
}
ORDER BY ?visitor ?place
"""
ANSWER = """\
visitor,place
https://w3id.org/entente/id/ana-tarn,https://w3id.org/entente/id/melk
https://w3id.org/entente/id/ana-tarn,https://w3id.org/entente/id/sudmark
"""

# What is wrong, file by file: the old text, the new with the place of the finding marked, and its rule.
FAULTS = [
    ("facts.trig", "    id:melk a ent:City ;", "    id:melk ⟦  ⟧a ent:City ;", "house-style"),
    ("facts.trig", "ent:status ent:planned", "ent:status ⟦ent:plant⟧", "unknown-term"),
    ("ontology/agents.ttl", "ent:Leader a owl:Class", "ent:Leader a ⟦owl:Clas⟧ , owl:Class", "undeclared-term"),
    ("queries/who-visits.rq", "?visit ent:visitor", "?visit ⟦ent:visiter⟧", "unknown-term"),
    ("queries/which-place.rq", "columns: [visitor, place]", "columns: ⟦[place, visitor]⟧", "query-columns"),
    ("queries/broken-head.rq", "summary: Who visits which", "summary: Who visits⟦:⟧ which", "query-head"),
    ("queries/no-sparql.rq", "ent:destination ?place .", "ent:destination ?place ⟦)⟧ .", "syntax"),
    ("queries/answers/which-place.csv", "/melk", "/milk", "golden-answer"),
]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small graph folder in which all is well."""
    folder = compose(tmp_path_factory.mktemp("sound") / "graph")
    (folder / "queries" / "answers").mkdir(parents=True)
    for name in ("who-visits", "which-place"):
        (folder / "queries" / f"{name}.rq").write_bytes(QUERY.encode())
        (folder / "queries" / "answers" / f"{name}.csv").write_bytes(ANSWER.encode())
    return folder


@pytest.fixture(scope="module")
def faulty(sound: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[tuple[str, int, int, str]]]:
    """The same with a fault of each kind, and where each is."""
    folder = Path(shutil.copytree(sound, tmp_path_factory.mktemp("faulty") / "graph"))
    for name in ("broken-head", "no-sparql"):
        (folder / "queries" / f"{name}.rq").write_bytes(QUERY.encode())
    expected = []
    for file, old, put, rule in FAULTS:
        path = folder / PLACES.get(file, file)
        text = path.read_text("utf-8")
        assert text.count(old) == 1, file
        text, (line, column) = unmark(text.replace(old, put))
        path.write_bytes(text.encode())
        expected.append((PLACES.get(file, file), line or 2, column or 1, rule))
    return folder, expected


@pytest.fixture(scope="module")
def found(faulty: tuple[Path, list[tuple[str, int, int, str]]]) -> list[Finding]:
    return run.check(GraphFolder(str(faulty[0]))).findings


def test_a_sound_graph(sound: Path, capsys: Captured) -> None:
    assert main(["-C", str(sound), "check", "--fail-on", "warning"]) == 0
    told = capsys.readouterr()
    assert told.out == ""
    summary = told.err.removeprefix(f"{sound}: ")
    notes = r"(, \d+ notes)?, \d+ shapes with nothing to judge \(--fail-on info lists them\)"
    assert re.fullmatch(rf"1 article: .* no findings({notes})?\n", summary)


def test_every_fault_has_its_finding_and_its_place(
    faulty: tuple[Path, list[tuple[str, int, int, str]]], found: list[Finding]
) -> None:
    places = [(f.file, f.line, f.column, f.rule) for f in found]
    assert [fault for fault in faulty[1] if fault not in places] == []
    assert exit_code(found, "violation") == 3  # a text that is no SPARQL is input that cannot be read
    assert not any("_:" in str(f) or "<class" in str(f) for f in found)


def test_all_that_validate_finds_is_found(
    faulty: tuple[Path, list[tuple[str, int, int, str]]], found: list[Finding]
) -> None:
    verdict = run.validate(GraphFolder(str(faulty[0]))).findings
    assert len(verdict) > 1
    assert set(verdict) <= set(found)


def test_several_processes_find_the_same(
    faulty: tuple[Path, list[tuple[str, int, int, str]]], found: list[Finding], capsys: Captured
) -> None:
    assert main(["-C", str(faulty[0]), "check", "--jobs", "2", "-f", "json"]) == 3
    told = capsys.readouterr()
    assert told.out == report.write_findings(found, "json", GraphFolder(str(faulty[0])))
    assert "violations" in told.err


def test_processes_import_nothing_from_the_current_folder(
    tiny: GraphFolder, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    with warnings.catch_warnings():  # of another test, if it ended this process: it would be started anew below
        warnings.simplefilter("ignore")
        resource_tracker.ensure_running()
    for module in ("multiprocessing", "signal", "kg"):
        folder = Path(tiny.root, module)
        folder.mkdir(exist_ok=True)
        (folder / "__init__.py").write_text("import pathlib; pathlib.Path(__file__ + '.owned').touch()", "utf-8")
    monkeypatch.chdir(tiny.root)
    monkeypatch.delenv("PYTHONSAFEPATH", raising=False)
    assert main(["check", "--jobs", "2"]) in (0, 1)
    assert "tiny" in capsys.readouterr().err
    assert not list(Path(tiny.root).rglob("*.owned"))
    assert "PYTHONSAFEPATH" not in os.environ


@pytest.mark.parametrize("form", ["text", "github", "sarif", "junit", "turtle"])
def test_every_format_names_every_place(form: str, found: list[Finding], faulty: tuple[Path, object]) -> None:
    written = report.write_findings(found, form, GraphFolder(str(faulty[0])))
    place = {
        "text": "{0}:{1}:{2}: ",
        "github": "{0},line={1},col={2},",
        "sarif": '"startLine": {1},\n                  "startColumn": {2}\n',
        "junit": "{0}:{1}:{2}: ",
        "turtle": '{0}:{1}:{2}"',
    }[form]
    for f in found:
        if form == "text" and f.rule == "shape-without-instance":
            continue  # told together, in one line
        assert os.path.basename(f.file) in written
        assert not f.line or place.format(f.file, f.line, f.column) in written
    if form == "text":
        assert "  |   ?visit ent:visiter ?visitor ; ent:destination ?place .\n  |          ^\n" in written
    if form == "sarif":
        told = json.loads(written)["runs"][0]["tool"]["driver"]["rules"]
        assert not [r["id"] for r in told if r["shortDescription"]["text"].startswith("A rule of the house")]


def test_what_cannot_be_read_is_no_fault_of_words_and_answers(sound: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(sound, tmp_path / "graph"))
    facts = folder / PLACES["facts.trig"]
    facts.write_bytes(facts.read_bytes() + b"this is no TriG\n")
    found = run.check(GraphFolder(str(folder))).findings
    assert [(f.file, f.rule) for f in found if f.severity != "info"] == [(PLACES["facts.trig"], "syntax")]
    assert "unused-word" not in {f.rule for f in found}
    (folder / "ontology" / "agents.ttl").write_bytes(b"nor is this")
    found = run.check(GraphFolder(str(folder))).findings
    assert {(f.file, f.rule) for f in found} == {(PLACES["facts.trig"], "syntax"), ("ontology/agents.ttl", "syntax")}


def test_a_file_that_only_the_formatter_reads(sound: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(sound, tmp_path / "graph"))
    stray = folder / "kg" / "background" / "notes.ttl"
    stray.write_bytes(b"this is no Turtle\n")
    made = build.read_sources(documents.load_sources(GraphFolder(str(folder))))
    [finding] = run._style(made, alone(Checks(made)), None)()
    assert (finding.file, finding.rule) == ("kg/background/notes.ttl", "syntax")


def test_answers_are_written_and_then_kept(tmp_path: Path, capsys: Captured) -> None:
    """A graph of one's own keeps no answers until somebody wants to."""
    folder = tmp_path / "own"
    new.init_graph(str(folder))
    for path in sorted((folder / "queries").glob("*.rq"))[3:]:
        path.unlink()  # reading them all in rdflib takes seconds; the shipped graph's own test does
    assert main(["-C", str(folder), "check", "--update-answers"]) == 0
    told = capsys.readouterr()
    assert told.out == ""
    names = {p.stem for p in (folder / "queries").glob("*.rq")}
    assert {p.stem for p in (folder / "queries" / "answers").iterdir()} == names
    assert f"wrote queries/answers/{min(names)}.csv\n" in told.err


@pytest.mark.parametrize("jobs", ["0", "-1", "61", "many", "1.5", ""])
def test_a_number_of_processes_that_is_none(jobs: str, capsys: Captured) -> None:
    assert main(["check", "--jobs", jobs]) == 2
    assert "is not a number of processes between 1 and 60" in capsys.readouterr().err


def test_a_process_that_dies_is_told_of() -> None:
    with pytest.raises(LimitError, match="a worker process died"), run.processes(2) as submit:
        submit(os._exit, 1)()


PAIRS = " ".join(f"?s{n} ?p{n} ?o{n} ." for n in range(9))
DOUBLED = " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(26))
GIVEN_UP = [(f"{PAIRS} FILTER (?o8 = 1)", "no answer within 1 s [time-out]")]
if sys.platform == "linux":
    GIVEN_UP.append((f"BIND('0123456789' AS ?x0) {DOUBLED}", "more than 100 MB of memory are needed [memory]"))


@pytest.mark.parametrize(("pattern", "told"), GIVEN_UP)
def test_what_was_found_before_a_question_without_end_is_not_lost(
    pattern: str, told: str, sound: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(sound, tmp_path / "graph")
    endless = QUERY.replace("?place .\n", f"?place .\n  FILTER NOT EXISTS {{ {pattern} }}\n")
    (folder / "queries" / "zz-endless.rq").write_text(endless, encoding="utf-8", newline="\n")
    facts = next((folder / "kg" / "articles").iterdir()) / "facts.trig"
    text = facts.read_text("utf-8").replace("    id:melk a ent:City ;", "      id:melk a ent:City ;")
    facts.write_text(text, encoding="utf-8", newline="\n")
    limit = "MEGABYTES = 100; engine.SECONDS = 300" if "memory" in told else "SECONDS = 1"
    patience = f"from kg.cli.main import main; from kg.dataset import engine; engine.{limit}; raise SystemExit(main())"
    done = subprocess.run(
        [sys.executable, "-c", patience, "-C", str(folder), "check", "-f", "json"], capture_output=True, text=True
    )
    assert done.returncode == 4, done.stderr
    assert f"queries/zz-endless.rq: error: {told}" in done.stderr
    found = {(f["file"], f["rule"]) for f in json.loads(done.stdout)}
    assert {("queries/zz-endless.rq", "query"), (facts.relative_to(folder).as_posix(), "house-style")} <= found


def test_a_notice_names_each_article(tiny: GraphFolder) -> None:
    def told() -> list[tuple[str, str, str]]:
        return [(f.file, f.severity, f.message) for f in run.check(tiny).findings if f.rule == "notice"]

    notice = Path(tiny.root, "NOTICE")
    assert told() == []  # nobody must have one
    notice.write_text("- 2020-03-norland-and-more: another text, © somebody.\n", "utf-8")
    assert told() == [("NOTICE", "warning", "NOTICE does not say whose the text of the article 2020-03-norland is")]
    notice.write_text("- 2020-03-norland: “Norland backs Sudland”, © The Norland Post.\n", "utf-8")
    assert told() == []


def test_a_command_to_copy_names_the_file_in_quotes(tiny: GraphFolder) -> None:
    name = "queries/$(touch x).rq"
    Path(tiny.root, name).write_text("SELECT * {?s ?p ?o}")
    hints = [f.hint for f in run.check(tiny).findings if f.rule == "house-style"]
    assert hints == [f"kg fmt '{name}'"]


def test_axioms_outside_the_profile_are_all_found_at_their_places(tiny: GraphFolder, capsys: Captured) -> None:
    words, facts = Path(tiny.ontology, "words.ttl"), Path(tiny.root, "kg/articles/2020-03-norland/facts.trig")
    wanted = []
    for axiom in (
        "ent:Actor owl:unionOf ⟦( ent:State ent:Person ) .",
        "ent:State rdfs:subClassOf [ owl:onProperty ent:backs ; owl:someValuesFrom ⟦ent:State ] .",
        "⟦owl:Thing rdfs:subClassOf ent:Actor .",
    ):
        text = words.read_text(encoding="utf-8")
        line, (_, column) = text.count("\n") + 1, unmark(axiom)[1]
        words.write_text(f"{text}{unmark(axiom)[0]}\n", encoding="utf-8", newline="\n")
        wanted.append(("ontology/words.ttl", line, column))
    assert outside_profile(run.validate(tiny)) == outside_profile(run.check(tiny)) == wanted
    assert main(["-C", str(tiny.root), "build"]) == 3
    told = capsys.readouterr().err
    assert all(f"{file}:{line}:{column}: violation: owl:" in told for file, line, column in wanted)
    said = "ent:backs id:sudland ; a [ <http://www.w3.org/2002/07/owl#hasSelf> ⟦true ] ."
    text, place = unmark(facts.read_text(encoding="utf-8").replace("ent:backs id:sudland .", said))
    facts.write_text(text, encoding="utf-8", newline="\n")
    assert outside_profile(run.validate(tiny)) == [("kg/articles/2020-03-norland/facts.trig", *place), *wanted]


def outside_profile(report: run.Report) -> list[tuple[str, int, int]]:
    return [(f.file, f.line, f.column) for f in report.findings if f.rule == "outside-profile"]


class Counted(tuple[Quad, ...]):
    """Quads that count how many of them have been looked at."""

    looked_at = 0

    def __iter__(self) -> Iterator[Quad]:
        for quad in super().__iter__():
            self.looked_at += 1
            yield quad


def test_the_statements_of_a_file_are_looked_at_once_for_all_findings() -> None:
    made = build.read_sources(documents.load_sources(layout.shipped()))
    quads = Counted(made.sources.background[0].quads)
    made.sources.background[0] = dataclasses.replace(made.sources.background[0], quads=quads)
    places, path = verdict._Places(made), made.sources.background[0].path
    for s, p, o, _ in tuple(made.sources.background[0].quads):
        for pattern in [(s, p, o), (s, None, o), (s, p, None), (s, None, None)]:
            found = [triple for document, _, triple in places.of([pattern]) if document.path == path]
            assert Triple(s, p, o) in found
            assert all(w in (None, part) for triple in found for w, part in zip(pattern, triple, strict=True))
    assert quads.looked_at == 2 * len(quads)  # and once above


def test_the_first_of_several_statements_in_the_file_is_the_place() -> None:
    made = build.read_sources(documents.load_sources(layout.shipped()))
    facts = [t for e in made.evidence for p in e.asserted for t in p.triples]
    assert next(verdict._Places(made).of([tuple(facts[9]), tuple(facts[4])]))[2] == facts[4]
