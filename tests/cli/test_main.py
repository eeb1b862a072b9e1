"""The command: its help, exit codes, streams, and what it costs to start."""

import argparse
import io
import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from running import Run, environment

import kg as package
from kg.cli.main import main
from kg.cli.parser import COMMANDS, build_parser, parse
from kg.graph import Graph
from kg.rdf.namespaces import ID, XSD
from kg.source import layout
from kg.source.layout import GraphFolder
from kg.validation import run
from tools import sentences as golden_sentences

Captured = pytest.CaptureFixture[str]


def commands() -> list[str]:
    action = next(a for a in build_parser()._actions if isinstance(a, argparse._SubParsersAction))
    return list(action.choices)


@pytest.fixture
def folder(small: Graph) -> str:
    return small.graph_folder.root


# Help


@pytest.mark.parametrize("command", ["", *commands()])
def test_every_command_explains_itself(command: str, capsys: Captured) -> None:
    with pytest.raises(SystemExit) as caught:
        main([command, "--help"] if command else ["--help"])
    assert caught.value.code == 0
    told = capsys.readouterr()
    assert told.out.startswith(f"usage: kg {command}".rstrip())
    assert not command or f"\nexample:\n  kg {command}" in told.out
    assert "global options" in told.out
    assert told.err == ""


@pytest.mark.parametrize("command", commands())
def test_the_parser_of_one_command_is_that_of_the_whole_command_line(command: str, capsys: Captured) -> None:
    helps = []
    for parser in (build_parser(), build_parser(command)):
        with pytest.raises(SystemExit):
            parse(parser, [command, "--help"])
        helps.append(capsys.readouterr().out)
    assert helps[0] == helps[1]
    given = [command, "-C", "here", "--timeout", "9", *shlex.split(COMMANDS[command][2])[2:]]
    assert parse(build_parser(command), given) == parse(build_parser(), given)
    assert parse(build_parser(), ["-C", "there", "--engine", "rdflib", *given]).engine == "rdflib"


def test_every_command_is_a_function_of_the_library() -> None:
    from kg.cli import commands as library

    assert all(callable(getattr(library, name)) for name in commands())


def test_no_command_is_help(capsys: Captured) -> None:
    assert main([]) == 0
    assert "exit codes: 0 success" in capsys.readouterr().out


def test_the_version(capsys: Captured) -> None:
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out == f"kg {package.__version__}\n"


# Exit codes

FINE = [
    ("build",),
    ("validate",),
    ("validate", "--fail-on", "info", "-f", "json"),
    ("query",),
    ("query", "--list", "-f", "json"),
    ("query", "who-backs"),
    ("query", "who-backs", "-p", "backer=Sudland"),
    ("show",),
    ("show", "Norland"),
    ("show", "Norland", "-f", "json"),
    ("export",),
]
USAGE = [
    ("nonsense",),
    ("query", "who-back"),
    ("query", "who-backs", "-p", "by=Norland"),
    ("query", "who-backs", "-p", "backer"),
    ("query", "who-backs", "-p", "backer=Nowhere"),
    ("query", "nowhere.rq"),
    ("query", "who-backs", "-f", "turtle"),
    ("query", "who-backs", "--engine", "jena"),
    ("show", "Nowhere"),
    ("validate", "nowhere"),
    ("validate", "/"),
    ("validate", "--fail-on", "never"),
    *[("query", "who-backs", "--timeout", x) for x in ("0", "-1", "nan", "inf", "soon")],
]
UNREADABLE = [("-C", "/nowhere", "build"), ("-C", "/", "build"), ("query", "who-backs", "--data", "nowhere.ttl")]


@pytest.mark.parametrize(
    ("arguments", "code"), [*((a, 0) for a in FINE), *((a, 2) for a in USAGE), *((a, 3) for a in UNREADABLE)]
)
def test_exit_codes(arguments: tuple[str, ...], code: int, folder: str, capsys: Captured) -> None:
    try:
        found = main(["-C", folder, *arguments])
    except SystemExit as error:
        found = int(error.code or 0)
    told = capsys.readouterr()
    assert found == code, told.err
    if code:
        assert told.out == ""
        assert "error: " in told.err
        assert "Traceback" not in told.err
        assert told.err.splitlines()[1:], "the next step is missing"
    else:
        assert told.err == "" or arguments[0] == "validate" or told.err.startswith("no rows for ")


def test_ask_false_is_fine(folder: str, kg: Run) -> None:
    done = kg("-C", folder, "query", "-", stdin="ASK { <http://example.org/> ?p ?o }")
    assert (done.returncode, done.stdout) == (0, "false\n")


@pytest.mark.parametrize(("text", "code"), [("SELECT", 3), ("", 3), (b"\xff\xfe", 3), ("ASK { SERVICE <x> {} }", 2)])
def test_queries_from_stdin_that_are_none(text: str | bytes, code: int, folder: str, kg: Run) -> None:
    done = kg("-C", folder, "query", "-", stdin=text)
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr.startswith(("error: ", "-: error: "))


JUDGING = [("validate",), ("check",), ("check", "-f", "github"), ("fmt",), ("fmt", "--check"), ("diff", "HEAD")]


@pytest.mark.parametrize("arguments", JUDGING, ids=" ".join)
@pytest.mark.parametrize("part", ["ontology", "kg"])
def test_a_renamed_part_is_no_reason_to_judge_another_graph(
    arguments: tuple[str, ...], part: str, tiny: GraphFolder, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    Path(tiny.root, part).rename(Path(tiny.root, f"old-{part}"))
    monkeypatch.chdir(Path(tiny.root, "queries"))
    assert main(list(arguments)) == 3
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith(f"error: {tiny.root} is no graph folder: it lacks {part}/")


@pytest.mark.parametrize("arguments", [("query", "--list"), ("show", "-f", "json"), ("build",)], ids=" ".join)
def test_the_shipped_graph_says_so(
    arguments: tuple[str, ...], tmp_path: Path, shipped: Graph, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setattr(layout, "shipped", lambda: shipped.graph_folder)
    (tmp_path / "ontology").mkdir()
    monkeypatch.chdir(tmp_path)
    assert main(list(arguments)) == 0
    assert capsys.readouterr().err == "note: there is no graph folder here: this is the shipped graph\n"


@pytest.mark.parametrize("form", ["text", "github", "sarif", "junit", "json", "turtle"])
def test_a_verdict_names_its_graph(form: str, folder: str, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    monkeypatch.chdir(Path(folder, "kg"))
    assert main(["validate", "-f", form]) == 0
    told = capsys.readouterr()
    assert told.err.startswith(f"{folder}: 1 article: ")
    assert form not in ("sarif", "junit") or f'"{folder}"' in told.out


def test_files_are_formatted_and_compared_wherever_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    (tmp_path / "ontology").mkdir()
    (tmp_path / "x.ttl").write_text("<a:a>   <a:p> <a:o> .\n", encoding="utf-8", newline="\n")
    monkeypatch.chdir(tmp_path)
    assert (main(["fmt", "x.ttl"]), main(["diff", "x.ttl", "x.ttl"]), main(["diff", "x.ttl"])) == (0, 0, 3)
    told = capsys.readouterr()
    assert told.out == "x.ttl\n"
    assert told.err.startswith(f"x.ttl and x.ttl: no difference\nerror: {tmp_path} is no graph folder")


def test_a_limit_is_4(folder: str, kg: Run) -> None:
    assert kg("-C", folder, "query", "-", stdin="ASK" + "{" * 300 + "}" * 300).returncode == 4


def test_broken_sources_are_3_for_who_asks_and_1_for_who_validates(tiny: GraphFolder, capsys: Captured) -> None:
    facts = Path(tiny.articles, "2020-03-norland", "facts.trig")
    facts.write_text(facts.read_text("utf-8").replace("has backed", "had backed"), "utf-8")
    assert main(["-C", tiny.root, "query", "who-backs"]) == 3
    assert "facts.trig:15:15: violation" in capsys.readouterr().err
    assert main(["-C", tiny.root, "validate"]) == 1
    told = capsys.readouterr()
    assert "facts.trig:15:15: violation" in told.out
    assert told.err.startswith(f"{tiny.root}: 1 article: ")


def test_a_syntax_error_is_3(tiny: GraphFolder, capsys: Captured) -> None:
    Path(tiny.ontology, "words.ttl").write_text("nonsense")
    assert main(["-C", tiny.root, "validate"]) == 3
    assert "ontology/words.ttl:1:" in capsys.readouterr().out


def test_validate_of_one_file_judges_by_that_file(
    tiny: GraphFolder, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = Path(tiny.articles, "2020-03-norland", "facts.trig")
    facts.write_text(facts.read_text("utf-8").replace("has backed", "had backed"), "utf-8")
    monkeypatch.chdir(tiny.root)
    codes = {p: main(["validate", p]) for p in (".", "kg", str(facts), "kg/background")}
    assert codes == {".": 1, "kg": 1, str(facts): 1, "kg/background": 0}


def test_a_path_that_a_finding_names_can_be_pasted(tiny: GraphFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    facts = Path(tiny.articles, "2020-03-norland", "facts.trig")
    facts.write_text(facts.read_text("utf-8").replace("has backed", "had backed"), "utf-8")
    monkeypatch.chdir(Path(tiny.root).parent)
    named = "kg/articles/2020-03-norland/facts.trig"
    assert [main(["-C", tiny.root, "validate", p]) for p in (named, "kg/background", "kg/articles/other")] == [1, 0, 2]


def test_shapes_with_nothing_to_judge_are_one_line(tiny: GraphFolder, capsys: Captured) -> None:
    Path(tiny.shapes, "more.ttl").write_text(
        "@prefix ent: <https://w3id.org/entente/ontology#> .\n@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
        "@prefix shape: <https://w3id.org/entente/shapes#> .\n"
        "shape:One a sh:NodeShape ; sh:targetSubjectsOf ent:backed ; sh:nodeKind sh:IRI .\n"
        'shape:Two a sh:NodeShape ; sh:targetClass ent:Photograph ; sh:nodeKind sh:IRI ; sh:message "An IRI."@en .\n',
        "utf-8",
    )
    main(["-C", tiny.root, "validate", "--fail-on", "info"])
    lines = [line for line in capsys.readouterr().out.splitlines() if "[shape-without-instance]" in line]
    assert len(lines) == 1
    assert lines[0].startswith("info: shapes with nothing to judge yet: ")


def test_validate_of_an_article_behind_a_link_judges_it(tiny: GraphFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Path(tiny.articles, "2020-03-norland")
    facts = folder / "facts.trig"
    facts.write_text(facts.read_text("utf-8").replace("has backed", "had backed"), "utf-8")
    folder.rename(folder.with_name(".norland"))
    folder.symlink_to(".norland")
    monkeypatch.chdir(tiny.root)
    assert [main(["validate", p]) for p in (str(folder), str(facts), "kg/articles/.norland")] == [1, 1, 1]


def test_validate_of_one_file_tells_what_kept_it_from_being_judged(tiny: GraphFolder) -> None:
    Path(tiny.ontology, "words.ttl").write_text("nonsense")
    assert main(["-C", tiny.root, "validate", tiny.articles]) == 3


@pytest.mark.parametrize(
    "path", ["queries", "kg/articles/2020-03-norland/more.trig", "kg/articles/_x", "ontology/x.TTL"]
)
def test_validate_of_what_no_check_reads_is_an_error(
    path: str, tiny: GraphFolder, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tiny.root)
    if not Path(path).exists():
        Path(path).write_text("broken <")
    assert main(["validate", path]) == 2
    assert f"no check of `kg validate` reads {path}" in capsys.readouterr().err


# Formats


def formats(command: str) -> list[str]:
    action = next(a for a in build_parser()._actions if isinstance(a, argparse._SubParsersAction))
    return [f for a in action.choices[command]._actions if a.dest == "format" for f in a.choices or ()]


def test_the_commands_with_formats() -> None:
    assert {name for name in commands() if formats(name)} == WRITTEN.keys()


WRITTEN = {
    "validate": [],
    "check": [],
    "query": ["who-backs"],
    "show": ["Norland"],
    "why": ["Norland", "ent:backs", "Sudland"],
    "explain": ["misquote"],
    "export": [],
    "diff": ["a.ttl", "b.ttl"],
    "propose": ["2020-03-norland"],
}


@pytest.mark.parametrize("command", WRITTEN)
def test_a_command_writes_each_of_its_formats(
    command: str, tiny: GraphFolder, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tiny.root)
    for name in ("a", "b"):
        Path(f"{name}.ttl").write_text(f"<http://example.org/{name}> a <http://example.org/Thing> .", "utf-8")
    Path("all.rq").write_text("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", "utf-8")
    if command in ("validate", "check"):
        facts = Path(tiny.articles, "2020-03-norland", "facts.trig")
        facts.write_text(facts.read_text("utf-8").replace("has backed", "had backed"), "utf-8")
    written = {}
    for form in formats(command):
        arguments = ["all.rq"] if (command, form) == ("query", "turtle") else WRITTEN[command]
        assert main([command, *arguments, "-f", form]) in (0, 1)
        written[form] = capsys.readouterr().out
    assert all(written.values())
    assert len(set(written.values())) == len(written), "two formats are the same"


# Global options


@pytest.mark.parametrize("where", ["before", "after"])
def test_global_options_before_and_after_the_command(where: str, folder: str, capsys: Captured) -> None:
    options = ["-C", folder, "--engine", "rdflib", "--reasoner", "owlrl", "--timeout", "20", "--color", "always"]
    command = ["query", "who-backs", "-f", "text"]
    assert main([*options, *command] if where == "before" else [*command, *options]) == 0
    assert "\x1b[1mbacker" in capsys.readouterr().out


def test_the_later_option_wins(folder: str, capsys: Captured) -> None:
    assert main(["-C", "/nowhere", "query", "who-backs", "-C", folder]) == 0
    assert capsys.readouterr().out


# Streams and formats


def test_csv_in_a_pipe(folder: str, kg: Run) -> None:
    done = kg("-C", folder, "query", "who-backs")
    assert done.stdout.splitlines() == ["backer,backed", f"{ID}norland,{ID}sudland"]
    assert done.stderr == ""


def test_a_graph_in_a_pipe_is_turtle(folder: str, kg: Run) -> None:
    done = kg("-C", folder, "query", "-", stdin="CONSTRUCT WHERE { ?s a ?o }")
    assert done.returncode == 0
    assert "id:norland a ent:" in done.stdout


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_a_table_on_a_terminal(folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    out = Terminal()
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setenv("NO_COLOR", "1")
    assert main(["-C", folder, "query", "who-backs"]) == 0
    assert out.getvalue().splitlines() == ["backer   backed", "───────  ───────", "Norland  Sudland"]


def test_progress_is_told_on_a_terminals_stderr_alone(
    tiny: GraphFolder, monkeypatch: pytest.MonkeyPatch, kg: Run
) -> None:
    assert kg("-C", tiny.root, "build").stderr == ""
    words = Path(tiny.ontology, "words.ttl")
    words.write_text(words.read_text("utf-8") + "# another build\n", "utf-8")
    error = Terminal()
    monkeypatch.setattr(sys, "stderr", error)
    assert main(["-C", tiny.root, "build"]) == 0
    assert error.getvalue() == "compiling the graph …\n"


def test_streams_are_utf8_with_lf_whatever_the_locale(folder: str) -> None:
    plain = environment(PYTHONIOENCODING="ascii", LC_ALL="C", PYTHONUTF8="0")
    command = [sys.executable, "-m", "kg", "-C", folder, "show", "Norland"]
    done = subprocess.run(command, capture_output=True, env=plain, timeout=600)
    assert "“Norland has backed Sudland since 2015.”\n".encode() in done.stdout
    query = 'SELECT ?x WHERE { VALUES ?x { "Türkiye" } }'.encode()
    done = subprocess.run([*command[:5], "query", "-"], input=query, capture_output=True, env=plain, timeout=600)
    assert done.stdout == "x\nTürkiye\n".encode().replace(b"\n", b"\r\n") or done.stdout == "x\nTürkiye\n".encode()


@pytest.mark.parametrize("arguments", [("query",), ("export",), ("show", "Norland"), ("--help",), ("query", "--help")])
def test_a_reader_that_leaves_early_hears_nothing_of_it(arguments: tuple[str, ...], folder: str) -> None:
    command = [sys.executable, "-m", "kg", "-C", folder, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(timeout=600) == 0


def test_export_to_a_file_is_what_goes_to_stdout(folder: str, tmp_path: Path, kg: Run) -> None:
    target = tmp_path / "all.ttl"
    assert kg("-C", folder, "export", "-o", str(target)).stdout == ""
    assert target.read_text("utf-8") == kg("-C", folder, "export").stdout != ""


def test_export_to_nowhere_is_an_error_and_no_traceback(folder: str, capsys: Captured) -> None:
    assert main(["-C", folder, "export", "-o", "/nowhere/at/all.ttl"]) == 3
    error = "/nowhere/at/all.ttl: error: there is no folder /nowhere/at [file]\n  make it, or name another\n"
    assert capsys.readouterr().err == error


QUERY_IN_FILE = [
    (["--data", "all.ttl", "q.rq"], "q.rq"),
    (["q.sparql", "--data", "all.ttl"], "q.sparql"),
    (["--data", "q.txt", "all.ttl"], "q.txt"),
    (["--data", "urn:g=all.ttl", "./who.backs"], "who.backs"),
]


@pytest.mark.parametrize(("arguments", "name"), QUERY_IN_FILE)
def test_a_query_in_a_file_of_any_name(
    arguments: list[str], name: str, folder: str, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("all.ttl").write_text("<a> <urn:p> <#b> .", encoding="utf-8")
    Path(name).write_text(
        "SELECT * { { ?s ?p ?o } UNION { GRAPH <urn:g> { ?s ?p ?o } } FILTER (?s = <a>) }", encoding="utf-8"
    )
    assert main(["-C", folder, "query", *arguments]) == 0
    here = tmp_path.as_uri()
    assert capsys.readouterr().out == f"s,p,o\n{here}/a,urn:p,{here}/all.ttl#b\n"


@pytest.mark.parametrize(
    ("column", "answer", "note"),
    [("COUNT(*)", "2", ""), ("MAX(<http://www.w3.org/2001/XMLSchema#string>(?o))", "1", "note: ")],
)
def test_forms_of_a_value_stay_apart_or_it_is_said_that_they_do_not(
    column: str, answer: str, note: str, folder: str, tmp_path: Path, capsys: Captured
) -> None:
    (tmp_path / "x.ttl").write_text("<urn:a> <urn:p> 1, 01 .", encoding="utf-8")
    (tmp_path / "q.rq").write_text(f"SELECT ({column} AS ?n) {{ ?s ?p ?o }}", encoding="utf-8")
    assert main(["-C", folder, "query", str(tmp_path / "q.rq"), "--data", str(tmp_path / "x.ttl")]) == 0
    shown = capsys.readouterr()
    assert (shown.out, shown.err[:6]) == (f"n\n{answer}\n", note)


def test_foreign_data_can_be_asked(folder: str, tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "x.ttl").write_text("<http://x/a> <https://w3id.org/entente/ontology#backs> <http://x/b> .")
    assert main(["-C", folder, "query", "who-backs", "--data", str(tmp_path / "x.ttl"), "-f", "json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)["results"]["bindings"]
    assert row["backer"]["value"] == "http://x/a"


def test_a_file_asked_over_foreign_data_has_nothing_of_a_graph_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("x.ttl").write_text("<http://x/a> a <http://www.w3.org/2004/02/skos/core#Concept> .", "utf-8")
    Path("q.rq").write_text("CONSTRUCT WHERE { ?s a ?o }", "utf-8")
    assert main(["query", "q.rq", "--data", "x.ttl"]) == 0
    told = capsys.readouterr()
    assert told.err == ""
    assert [line for line in told.out.splitlines() if line.startswith("@prefix")] == [
        "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .",
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .",
    ]


def test_what_libraries_say_is_escaped(tmp_path: Path, kg: Run) -> None:
    bad = r"\u001b[31mred\n::error::x\n##[error]x"
    (tmp_path / "x.ttl").write_text(f'<urn:a> <urn:b> "{bad}"^^<{XSD}boolean> .')
    query = "SELECT ?o { ?s ?p ?o } ORDER BY ?o"
    done = kg("--engine", "rdflib", "query", "--data", str(tmp_path / "x.ttl"), "-f", "text", "-", stdin=query)
    assert (done.returncode, "weird boolean" in done.stderr) == (0, True)
    assert not re.search(r"\x1b|^::|##\[", done.stderr, re.MULTILINE)


def test_workers_escape_what_libraries_say(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    monkeypatch.setattr("kg.limits.end_with_parent", lambda: None)
    run._start_worker()
    run._start_worker()
    print("\x1b[31m\n::error::x", file=sys.stderr)
    assert capsys.readouterr().err == "\\x1b[31m\n\\x3a:error::x\n"


def test_a_query_file_is_asked(folder: str, tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "mine.rq").write_text('#+ summary: One?\nSELECT ("1" AS ?x) {}', "utf-8-sig")
    assert main(["-C", folder, "query", str(tmp_path / "mine.rq")]) == 0
    assert capsys.readouterr().out == "x\n1\n"


# Errors


def test_a_traceback_only_with_debug(folder: str, kg: Run) -> None:
    plain, debug = (kg("-C", folder, *more, "query", "nowhere") for more in ((), ("--debug",)))
    assert "Traceback" not in plain.stderr
    assert "Traceback" in debug.stderr
    assert debug.stderr.endswith(plain.stderr)
    assert plain.returncode == debug.returncode == 2


def test_the_closest_name_is_the_next_step(folder: str, capsys: Captured) -> None:
    main(["-C", folder, "query", "who-back"])
    error = "error: there is no stored query who-back [unknown-query]\n  did you mean who-backs?\n"
    assert capsys.readouterr().err == error


MEANT = [
    ("quer", "did you mean query?"),
    ("who-backs", "did you mean kg query who-backs?"),
    ("who-bakcs", "did you mean kg query who-backs?"),
    ("--colour always query", "did you mean --color?"),
    ("--receipts query who-backs", "--receipts stands behind the command"),
    ("query --recipts", "did you mean --receipts?"),
    ("query -f jsn", "did you mean json?"),
    ("query --engine oxi", "did you mean oxigraph?"),
    ("export -f turtel", "did you mean turtle?"),
    ("export -f xlsx", "choose one of: turtle, trig"),
    ("validate --fail-on warn", "did you mean warning?"),
    ("why Norland", 'such as: kg why Moscow backs "Bashar al Assad"'),
    ("export -o", "such as: kg export"),
    ("query who-backs -p baker=Norland", "did you mean backer?"),
    ("query who-backs -p backer", "write -p backer=VALUE"),
    ("init a b", "see `kg init --help`"),
    ("query who-backs backer=Norland", "did you mean: kg query who-backs -p backer=Norland"),
    ("query who-backs Norland", "did you mean: kg query who-backs -p backer=Norland"),
    ("query who-backs -p backer Norland -f json", "did you mean: kg query who-backs -p backer=Norland -f json"),
    ("query who-backs --backer Norland", "did you mean: kg query who-backs -p backer=Norland"),
    ("query --receipts who-backs --backer=Norland", "did you mean: kg query --receipts who-backs -p backer=Norland"),
    ("show Bashar al Assad", 'did you mean: kg show "Bashar al Assad"'),
    ("why Moscow backs Bashar al Assad", 'did you mean: kg why Moscow backs "Bashar al Assad"'),
    ("why Recep Tayyip Erdogan leads Turkey", 'did you mean: kg why "Recep Tayyip Erdogan" leads Turkey'),
]


@pytest.mark.parametrize(("line", "hint"), MEANT)
def test_wrong_usage_is_told_what_was_meant(
    line: str, hint: str, folder: str, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.chdir(folder)
    assert main(line.split()) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert hint in [line.strip()[: len(hint)] for line in told.err.split("\n")]


def test_a_line_to_type_is_quoted_for_the_shell(folder: str, capsys: Captured) -> None:
    for value, quoted in [
        ("a b", '"backer=a b"'),
        ("$(rm x)", "'backer=$(rm x)'"),
        ("it's $5", "'backer=it'\"'\"'s $5'"),
    ]:
        main(["-C", folder, "query", "who-backs", f"backer={value}"])
        assert f"who-backs -p {quoted}\n" in capsys.readouterr().err


def test_the_example_of_each_command_is_one(capsys: Captured) -> None:
    for name, (_, _, example) in COMMANDS.items():
        command, *arguments = shlex.split(example)
        assert (command, parse(build_parser(), arguments).command) == ("kg", name)


@pytest.mark.parametrize("command", ["query", "show", "why", "explain"])
def test_the_example_runs_on_the_shipped_graph(command: str, shipped_folder: Path, capsys: Captured) -> None:
    assert main(["-C", str(shipped_folder), *shlex.split(COMMANDS[command][2])[1:]]) == 0
    assert capsys.readouterr().out


# What it costs

HEAVY = ["rdflib", "pyshacl", "owlrl", "yaml", "dataclasses", "pathlib", "rich", "wcwidth", "difflib", "argcomplete"]
HEAVY += ["shutil", "tempfile", "random"]  # 2 ms each, where Python itself takes 15
HEAVY += ["kg.export", "kg.validation", "kg.drafting"]
COUNTED = f"""
import sys
from kg.cli.main import main
code = main(sys.argv[1:])
print(code, [name for name in {HEAVY} if name in sys.modules], file=sys.stderr)
"""


@pytest.mark.parametrize(
    "arguments",
    [
        ("query", "who-backs-whom"),
        ("query", "who-backs-whom", "-p", "by=Russia", "-f", "json"),
        ("query", "who-backs-whom", "-f", "text"),
        ("query",),
        ("show", "Turkey"),
    ],
)
def test_a_quick_command_loads_nothing_heavy(arguments: tuple[str, ...], shipped: Graph, kg: Run) -> None:
    assert (
        kg("-C", shipped.graph_folder.root, "build").returncode == 0
    )  # so that the tool has not changed since the build
    command = [sys.executable, "-c", COUNTED, *arguments, "-C", shipped.graph_folder.root]
    done = subprocess.run(command, capture_output=True, text=True, env=environment(), timeout=600, encoding="utf-8")
    assert done.stdout
    assert done.stderr == "0 []\n"


def test_an_answer_without_rows_says_for_what_it_was_asked(folder: str, capsys: Captured) -> None:
    assert main(["-C", folder, "query", "who-backs", "-p", "backer=Sudland", "-f", "text"]) == 0
    more = "1 row: kg query who-backs -p backer=any\n"
    assert capsys.readouterr().err == f"no rows for backer = Sudland\n{more}"
    assert main(["-C", folder, "query", "who-backs", "-p", "backer=Sudland", "-f", "csv"]) == 0
    assert capsys.readouterr().err == f"no rows for backer = Sudland\n{more}"


def test_an_answer_without_rows_names_what_the_graph_knows_instead(tmp_path: Path, capsys: Captured) -> None:
    graph = golden_sentences.compose("regional-paper", tmp_path)
    assert main(["-C", str(graph), "query", "who-leads"]) == 0
    assert capsys.readouterr().err.splitlines()[-1] == "  state: Arvenia, Sorvia"


def test_an_answer_without_rows_says_which_default_the_graph_does_not_know(tmp_path: Path, capsys: Captured) -> None:
    folder = str(tmp_path / "mine")
    assert main(["init", folder]) == 0
    capsys.readouterr()
    assert main(["-C", folder, "query", "who-leads"]) == 0
    told = capsys.readouterr()
    assert told.out.count("\n") == 1
    assert "; the graph knows no id:turkey\n" in told.err
    assert told.err.count("\n") == 2


@pytest.mark.usefixtures("reading_once")
def test_a_summary_says_how_to_see_the_notes(shipped_folder: Path, capsys: Captured) -> None:
    told = []
    for arguments in ((), ("--fail-on", "info"), ("-f", "json")):
        main(["-C", str(shipped_folder), "validate", *arguments])
        told.append(capsys.readouterr().err)
    assert ["(--fail-on info lists them)" in summary for summary in told] == [True, False, False]
