"""The action, the workflows and the pages that use it: run as they would be, in repositories with a real history."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml
from action_runner import (
    ACTION,
    BASE_SHA,
    ROOT,
    STEPS,
    Command,
    PullRequest,
    Runner,
    bash,
    heard,
    install,
    lay_traps,
)
from folders import git

from kg.cli.main import main
from kg.source.layout import GraphFolder

TINY = ROOT / "tests" / "graphs" / "tiny"
FACTS = "kg/articles/2020-03-norland/facts.trig"
ANSWERS = "queries/answers/who-backs.csv"
CI = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text("utf-8"))
PAGE = (ROOT / "docs" / "ci.md").read_text("utf-8")
BLOCKS = [yaml.safe_load(b) for b in re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)]
OWN, PAGES, STRANGERS, GITLAB, HOOKS = BLOCKS


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install(tmp_path_factory.mktemp("python"))


@pytest.fixture
def commands(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The commands that the action installs; with the parameter "checkout", those of this checkout, made in no time."""
    if getattr(request, "param", "") != "checkout":
        return Path(request.getfixturevalue("installed"))
    return pretended(tmp_path / "commands", f'exec "{Path(sys.executable).as_posix()}" -P -m kg "$@"')


# What a stranger could do is tried in each run of the tests; the rest, only on the installed package.
hostile = pytest.mark.parametrize(
    "commands", [pytest.param("installed", marks=pytest.mark.package), "checkout"], indirect=True
)


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny graph in house style, with golden answers; without them nothing would hold a question to its answer."""
    folder = Path(shutil.copytree(TINY, tmp_path_factory.mktemp("action") / "graph"))
    (folder / "README.md").unlink()
    assert main(["-C", str(folder), "fmt", *(str(folder / part) for part in ("ontology", "shapes", "kg"))]) == 0
    assert main(["-C", str(folder), "check", "--update-answers"]) == 0
    shutil.rmtree(folder / ".kg", ignore_errors=True)
    return folder


@pytest.fixture
def request_(tmp_path: Path, graph: Path) -> PullRequest:
    return PullRequest(tmp_path, graph)


def replace(folder: Path, old: str, new: str, file: str = FACTS) -> int:
    """Change a text that occurs once; the result is its line."""
    text = (folder / file).read_text("utf-8")
    before, after = text.split(old)
    (folder / file).write_bytes(f"{before}{new}{after}".encode())
    return before.count("\n") + 1


def errors(runner: Runner) -> list[Command]:
    return [command for command in runner.heard("Check") if command.name == "error"]


def own(**given: Any) -> list[dict[str, Any]]:
    """The steps for maintainers that the page shows, with more inputs for the action."""
    checkout, action = OWN["jobs"]["graph"]["steps"]
    return [checkout, {**action, "with": {name.replace("_", "-"): value for name, value in given.items()}}]


@pytest.mark.package
def test_what_a_sound_change_does_is_in_the_summary(commands: Path, request_: PullRequest) -> None:
    replace(request_.head, "ent:backs id:sudland", "ent:opposes id:sudland")
    replace(request_.head, "https://w3id.org/entente/id/norland,https://w3id.org/entente/id/sudland\n", "", ANSWERS)
    runner = request_.run(commands, own())
    assert runner.codes == {"Install": 0, "Check": 0, "What the change does": 0, "Pages": 0}, runner.printed
    assert errors(runner) == []
    assert runner.outputs == {}
    page = runner.summary.partition("## What the change does\n\n")[2]
    assert "+ Norland: opposes Sudland  [p:backing]\n- Norland: backs Sudland  [p:backing]\n" in page
    assert "### answers of who-backs: 1 removed\n\n```diff\n- Norland · Sudland\n```\n" in page


@pytest.mark.package
def test_a_broken_fact_is_an_annotation_on_its_line(commands: Path, tmp_path: Path, graph: Path) -> None:
    """Its place counts from the root of the repository."""
    request = PullRequest(tmp_path, graph, "data/graph")
    line = replace(request.head, "Norland has backed", "Norland has blocked")
    runner = request.run(commands, own(folder="data/graph", sarif="findings.sarif"))
    assert (runner.codes["Check"], runner.codes["What the change does"]) == (1, 0)
    file = f"data/graph/{FACTS}"
    assert f"file={file},line={line},col=15,title=misquote" in [command.given for command in errors(runner)]
    assert f"| {file}:{line}:15 |" in runner.summary
    assert runner.outputs == {"sarif": "findings.sarif"}
    log = json.loads((runner.workspace / "findings.sarif").read_text("utf-8"))
    places = [r["locations"][0]["physicalLocation"] for r in log["runs"][0]["results"] if r["ruleId"] == "misquote"]
    assert [(p["artifactLocation"]["uri"], p["region"]["startLine"]) for p in places] == [(file, line)]


@hostile
def test_a_stranger_brings_facts_and_nothing_else(commands: Path, request_: PullRequest) -> None:
    replace(request_.head, "ent:backs id:sudland", "ent:opposes id:sudland")
    line = replace(request_.head, 'id:westland a ent:State ; rdfs:label "Westland"@en ;', "id:westland a ent:State ;")
    (request_.head / "shapes" / "words.ttl").unlink()
    query = "SELECT * { SERVICE <http://127.0.0.1:9> { ?s ?p ?o } }"
    (request_.head / "queries" / "who-backs.rq").write_text(query, "utf-8")
    replace(request_.head, "ent:opposes a", "ent:unheard a", "ontology/words.ttl")
    lay_traps(request_.head)
    runner = request_.run(commands, STRANGERS["jobs"]["graph"]["steps"])
    assert (runner.codes["Check"], runner.codes["What the change does"]) == (1, 0), runner.printed
    unnamed = [command for command in errors(runner) if "A state has a name." in command.message]
    assert [command.given.split(",col")[0] for command in unnamed] == [f"file={FACTS},line={line}"]
    assert "+ Norland: opposes Sudland" in runner.summary
    assert "### answers of who-backs: 1 removed\n\n```diff\n- Norland · Sudland\n```\n" in runner.summary
    assert not list(runner.workspace.rglob("*owned"))


def steps_of_pages(**given: Any) -> list[dict[str, Any]]:
    """The steps of the job that the page shows, until they upload."""
    checkout, action, *uploads = PAGES["jobs"]["pages"]["steps"]
    assert all(step["uses"].startswith("actions/upload-") for step in uploads)
    return [checkout, {**action, "with": action["with"] | given}]


@hostile
def test_pages_have_no_more_than_is_quoted(commands: Path, request_: PullRequest) -> None:
    article = request_.head / FACTS.replace("facts.trig", "article.txt")
    article.write_bytes(article.read_bytes().rstrip() + b" Nobody has quoted this sentence.\n")
    lay_traps(request_.head)
    runner = request_.run(commands, steps_of_pages())
    assert (runner.codes["Check"], runner.codes["Pages"]) == (0, 0), runner.printed
    assert runner.outputs == {"site": "pages"}
    page = (runner.workspace / "pages" / "articles" / "2020-03-norland" / "index.html").read_text("utf-8")
    assert "Norland has backed" in page
    assert "Nobody has quoted" not in page
    assert not list(runner.workspace.rglob("*owned"))


@hostile
def test_pages_of_a_stranger_have_the_rules_of_the_base(commands: Path, request_: PullRequest) -> None:
    name = "::error::owned ##[error]owned"
    replace(request_.head, '"Westland"@en', f'"{name}"@en')
    (request_.head / "shapes" / "words.ttl").unlink()
    (request_.head / "queries" / "who-backs.rq").write_text("SELECT * { SERVICE <x:y> {} }", "utf-8")
    (request_.head / "pages").mkdir()
    (request_.head / "pages" / "own.html").touch()
    *checkouts, action = STRANGERS["jobs"]["graph"]["steps"]
    steps = [*checkouts, {**action, "with": {**action["with"], "site": "pages", "site-text": "full"}}]
    runner = request_.run(commands, steps)
    assert runner.codes["Pages"] == 0, runner.printed
    assert [command for command in runner.heard("Pages") if "owned" in command.message] == []
    pages = runner.workspace / "pages"
    assert (pages / "queries" / "who-backs" / "index.html").is_file()
    assert not (pages / "own.html").exists()


@hostile
def test_pages_are_not_written_over_what_is_there(commands: Path, request_: PullRequest) -> None:
    (request_.head / "pages").mkdir()
    (request_.head / "pages" / "own.html").write_text("kept", "utf-8")
    runner = request_.run(commands, steps_of_pages(site="head/pages"))
    assert runner.codes["Pages"] != 0
    assert "site" not in runner.outputs
    assert [path.name for path in (runner.workspace / "head" / "pages").iterdir()] == ["own.html"]


@hostile
def test_names_are_no_commands(commands: Path, request_: PullRequest) -> None:
    name = "x.trig" if os.name == "nt" else "x\n::warning::owned\n##[error]owned.trig"
    (request_.head / "kg" / "background" / name).write_text("\x1b[31m::error::owned [", "utf-8")
    runner = request_.run(commands, own())
    assert (runner.codes["Check"], runner.codes["What the change does"]) == (3, 0)
    assert [command for step in runner.printed for command in runner.heard(step) if command.message == "owned"] == []
    assert "The two states could not be compared" in runner.summary


@hostile
def test_a_folder_that_looks_like_a_repository_is_none(commands: Path, tmp_path: Path, graph: Path) -> None:
    request = PullRequest(tmp_path, graph, "data")
    for folder in ("objects", "refs"):
        (request.head / folder).mkdir()
        (request.head / folder / "kept").touch()
    (request.head / "HEAD").write_text("ref: refs/heads/main\n", "utf-8")
    (request.head / "config").write_text(
        "[core]\nrepositoryformatversion = 1\nbare = true\n[extensions]\npartialClone = origin\n"
        f'[remote "origin"]\nurl = .\npromisor = true\nuploadpack = "touch {tmp_path.as_posix()}/owned;"\n',
        "utf-8",
    )
    runner = request.run(commands, own(folder="data"))
    assert not (tmp_path / "owned").exists()
    assert runner.codes["What the change does"] == 2


@pytest.mark.package
def test_a_checkout_without_history_is_told_how_to_get_it(commands: Path, request_: PullRequest) -> None:
    replace(request_.head, "ent:backs id:sudland", "ent:opposes id:sudland")
    steps = [{"uses": "actions/checkout", "with": {"persist-credentials": False}}, *own()[1:]]
    runner = request_.run(commands, steps, "What the change does")
    assert runner.codes["What the change does"] == 2
    assert "fetch-depth: 0" in runner.printed["What the change does"]


def pretended(folder: Path, script: str) -> Path:
    """A folder of commands in which `kg` is a script, and pip only tells what it would install."""
    folder.mkdir()
    python = f'[ "$3" = pip ] && printf "%s\\n" "$@" || exec "{Path(sys.executable).as_posix()}" "$@"'
    for name, text in (("kg", script), ("python", python)):
        (folder / name).write_text(f"#!/usr/bin/env bash\n{text}\n", "utf-8", newline="\n")
        (folder / name).chmod(0o755)
    return folder


@pytest.mark.parametrize("name", sorted(ACTION["inputs"].keys() - {"python-version"}))
def test_an_input_is_no_script(tmp_path: Path, name: str) -> None:
    commands = pretended(tmp_path / "commands", 'printf "%s\\n" "$@" >&2; echo "{}"; exit 1')
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    evil = "$(touch owned)`touch owned`'\"; touch owned #"
    runner = Runner(tmp_path / "runner", workspace, commands, {BASE_SHA: "abc"})
    runner.use({"site": "pages", name: evil})
    assert not list(tmp_path.rglob("owned"))
    assert evil in "".join([*runner.printed.values(), *runner.outputs.values()])


@hostile
def test_work_that_is_never_done_ends(commands: Path, request_: PullRequest) -> None:
    runner = request_.run(commands, own(timeout="0.01", sarif="findings.sarif"))
    assert (runner.codes["Check"], runner.codes["What the change does"]) == (4, 0)
    assert runner.outputs == {}
    assert "The two states could not be compared" in runner.summary


@pytest.mark.parametrize(
    ("code", "words"), [(0, "Nothing: facts, quotes and answers stay as they are."), (3, "could not be compared")]
)
def test_the_summary_says_what_there_is_to_say(tmp_path: Path, request_: PullRequest, code: int, words: str) -> None:
    runner = request_.run(pretended(tmp_path / "commands", f"exit {code}"), own())
    assert (runner.codes["Check"], runner.codes["What the change does"]) == (code, 0)
    assert words in runner.summary


def test_a_summary_is_no_longer_than_github_shows(tmp_path: Path, request_: PullRequest) -> None:
    long = "yes '+ Norland · backs · Westland' | head -n 70000; exit 1"
    runner = request_.run(pretended(tmp_path / "commands", long), own())
    assert len(runner.summary.encode()) < 1 << 20
    assert " Westland\n```\n\nThe rest is left out" in runner.summary


def test_the_machine_hears_what_github_hears() -> None:
    lines = ["::error file=a::x", "  ::notice::y", "all ##[add-mask]z", "::stop-commands::t", "::error::no", "::t::"]
    assert [(c.name, c.message) for c in heard("\n".join([*lines, "::debug::w"]))] == [
        ("error", "x"),
        ("notice", "y"),
        ("add-mask", "z"),
        ("debug", "w"),
    ]


@pytest.mark.package
def test_the_job_for_gitlab_does_what_the_page_says(commands: Path, request_: PullRequest) -> None:
    line = replace(request_.head, 'id:westland a ent:State ; rdfs:label "Westland"@en ;', "id:westland a ent:State ;")
    replace(request_.head, "ent:backs id:sudland", "ent:opposes id:sudland")
    shutil.rmtree(request_.head / "shapes")
    job = GITLAB["graph"]
    script = [line for line in (*job["before_script"], *job["script"]) if not line.startswith("pip install ")]
    assert len(script) == len(job["before_script"]) + len(job["script"]) - 1
    done = subprocess.run(
        [bash(), "-eo", "pipefail", "-c", "\n".join(script)],
        cwd=request_.head,
        env={
            **os.environ,
            "PATH": os.pathsep.join([str(commands), os.environ["PATH"]]),
            "CI_MERGE_REQUEST_DIFF_BASE_SHA": request_.base,
        },
        capture_output=True,
    )
    assert done.returncode == 1, done.stderr.decode()
    findings = ElementTree.parse(request_.head / job["artifacts"]["reports"]["junit"])
    assert f"{FACTS}:{line}:" in "".join(str(failure.text) for failure in findings.iter("failure"))
    difference = (request_.head / job["artifacts"]["paths"][0] / "diff.md").read_text("utf-8")
    assert "+ Norland: opposes Sudland" in difference
    assert "### answers of who-backs" in difference


@pytest.mark.package
def test_hooks_judge_before_the_commit(commands: Path, request_: PullRequest) -> None:
    hooks = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))}
    assert {hook["id"] for hook in HOOKS["repos"][0]["hooks"]} <= hooks.keys()
    files = git(request_.head, "ls-files").splitlines()

    def run(name: str) -> int:
        chosen = [file for file in files if re.search(hooks[name]["files"], file)]
        assert FACTS in chosen
        assert ".gitignore" not in chosen
        given = chosen if hooks[name].get("pass_filenames", True) else []
        program, *arguments = hooks[name]["entry"].split()
        command = [str(shutil.which(program, path=commands)), *arguments, *given]
        return subprocess.run(command, cwd=request_.head, capture_output=True).returncode

    assert run("kg-validate") == 0
    replace(request_.head, "ent:backs id:sudland .", "ent:backs   id:sudland .")
    assert [run(name) for name in ("kg-check", "kg-fmt")] == [1, 0]
    assert git(request_.head, "status", "--porcelain") == ""
    replace(request_.head, "Norland has backed", "Norland has blocked")
    assert run("kg-validate") == 1
    shutil.rmtree(request_.head / "ontology")
    assert run("kg-validate") == 3, "a folder without a graph is no reason to judge another one"


def test_every_expression_is_plain() -> None:
    for step in STEPS.values():
        assert "${{" not in step["run"], "an expression in a script is a script of whoever fills it"
    used = set(re.findall(r"\$\{\{ inputs\.([a-z-]+) \}\}", (ROOT / "action.yml").read_text("utf-8")))
    assert used == set(ACTION["inputs"])
    assert not [s for job in CI["jobs"].values() for s in job["steps"] if "${{" in s.get("run", "")]


def test_the_structure_is_that_of_a_composite_action() -> None:
    assert ACTION["runs"]["using"] == "composite"
    assert set(ACTION) == {"name", "description", "inputs", "outputs", "runs"}
    for value in ACTION["inputs"].values():
        assert set(value) == {"description", "default"}
        assert isinstance(value["default"], str)
    for step in ACTION["runs"]["steps"]:
        assert set(step) <= {"name", "id", "if", "shell", "env", "run", "uses", "with"}
        assert ("run" in step) != ("uses" in step)
    ids = {step["id"] for step in STEPS.values() if "id" in step}
    assert set(re.findall(r"steps\.([a-z]+)\.", (ROOT / "action.yml").read_text("utf-8"))) == ids


def test_workflows_may_read_and_no_more() -> None:
    pinned = r"\./(base)?|OWNER/REPOSITORY@REVISION|actions/[a-z-]+@(v\d+|[0-9a-f]{40})"
    for workflow in (CI, OWN, STRANGERS):
        events = workflow[True]  # YAML 1.1 reads the key `on` as a truth value
        assert "pull_request" in events
        assert "pull_request_target" not in events
        assert workflow["permissions"] == {"contents": "read"}
        assert all("permissions" not in job and "timeout-minutes" in job for job in workflow["jobs"].values())
        steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
        assert steps
        for step in steps + ACTION["runs"]["steps"]:
            uses = step.get("uses", "./")
            assert re.fullmatch(pinned, uses), uses
            assert not uses.startswith("actions/checkout@") or step["with"]["persist-credentials"] is False


def test_only_a_job_without_code_may_publish() -> None:
    assert PAGES["permissions"] == {"contents": "read"}
    assert PAGES[True].keys() == {"push", "pull_request"}
    pages, deploy = PAGES["jobs"]["pages"], PAGES["jobs"]["deploy"]
    assert "permissions" not in pages
    assert deploy["permissions"] == {"pages": "write", "id-token": "write"}
    assert [step["uses"].partition("@")[0] for step in deploy["steps"]] == ["actions/deploy-pages"]
    assert (deploy["needs"], deploy["if"]) == ("pages", "${{ github.event_name == 'push' }}")
    preview, publish = pages["steps"][2:]
    assert "'pull_request'" in preview["if"]
    assert publish["if"] == deploy["if"]
    assert preview["with"]["path"] == publish["with"]["path"] == pages["steps"][1]["with"]["site"]
    assert pages["steps"][0]["with"]["persist-credentials"] is False


def test_this_repository_uses_its_own_action_on_three_systems() -> None:
    systems = ["ubuntu-latest", "macos-latest", "windows-latest"]
    checkout, action = CI["jobs"]["graph"]["steps"]
    assert CI["jobs"]["graph"]["strategy"]["matrix"]["os"] == CI["jobs"]["test"]["strategy"]["matrix"]["os"] == systems
    assert (checkout["with"]["fetch-depth"], action) == (0, {"uses": "./"})


def test_this_repository_judges_strangers_as_the_page_says() -> None:
    *checkouts, action = STRANGERS["jobs"]["graph"]["steps"]
    assert CI["jobs"]["graph-of-a-stranger"]["steps"] == [*checkouts, {**action, "uses": "./base"}]
    conditions = [CI["jobs"][name]["if"] for name in ("graph", "graph-of-a-stranger")]
    forked = "github.event.pull_request.head.repo.full_name != github.repository"
    assert conditions == [
        f"${{{{ github.event_name == 'push' || {forked.replace('!=', '==')} }}}}",
        f"${{{{ github.event_name == 'pull_request' && {forked} }}}}",
    ]


def test_the_page_shows_the_action_as_it_is() -> None:
    for name, value in ACTION["inputs"].items():
        row = next(line for line in PAGE.splitlines() if re.match(rf"\| [^|]*`{name}`[^|]* \|", line))
        if re.fullmatch(r"[a-z0-9.]+", value["default"]):
            assert f"`{value['default']}`" in row


def test_rules_come_from_elsewhere(tmp_path: Path, tiny: GraphFolder, capsys: pytest.CaptureFixture[str]) -> None:
    base = Path(shutil.copytree(TINY, tmp_path / "base"))
    shapes = base / "shapes" / "words.ttl"
    shapes.write_text(shapes.read_text("utf-8").replace("sh:minCount 1", "sh:minCount 2"))
    assert main(["-C", tiny.root, "validate"]) == 0
    assert main(["-C", tiny.root, "validate", "--rules-from", str(base)]) == 1
    assert "A state has a name." in capsys.readouterr().out
    shutil.rmtree(tiny.shapes)
    assert main(["-C", tiny.root, "validate", "--rules-from", str(base)]) == 1
    shapes.write_text("[")
    assert main(["-C", tiny.root, "validate", "--rules-from", str(base)]) == 3
    assert "../base/shapes/words.ttl:1:" in capsys.readouterr().out
    assert main(["-C", tiny.root, "validate", "--rules-from", str(tmp_path / "nowhere")]) == 3
    assert main(["-C", str(tmp_path / "nowhere"), "validate", "--rules-from", str(base)]) == 3
