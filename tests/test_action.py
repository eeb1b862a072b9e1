"""The action's steps, run by bash as the action would run them, in a repository with two commits."""

import json
import os
import re
import shutil
import subprocess
import sysconfig
import venv
from pathlib import Path
from typing import Any

import pytest
import yaml

from kg import cli
from kg.paths import Rooms

ROOT = Path(__file__).parents[1]
TINY = ROOT / "tests" / "graphs" / "tiny"
ACTION = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
FACTS = "kg/articles/2020-03-norland/facts.trig"
BACKED = "id:sudland a ent:State ;"
STEPS = [step for step in ACTION["runs"]["steps"] if "run" in step]


def git(folder: Path, *arguments: str) -> str:
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "core.autocrlf=false")
    done = subprocess.run(["git", *who, "-C", str(folder), *arguments], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def committed(folder: Path, message: str) -> str:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", message)
    return git(folder, "rev-parse", "HEAD")


class Runner:
    """A machine that runs the action: its folders, the files by which steps speak, and what they printed."""

    def __init__(self, folder: Path, workspace: Path) -> None:
        self.folder, self.workspace = folder, workspace
        (folder / "temp").mkdir(parents=True)
        self.files = {name: folder / name.lower() for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        self.printed: dict[str, str] = {}
        self.codes: dict[str, int] = {}

    def summary(self) -> str:
        """What the steps have written for the page of the job."""
        path = self.files["GITHUB_STEP_SUMMARY"]
        return path.read_text("utf-8") if path.exists() else ""

    def run(self, bin_folder: Path, steps: list[dict[str, Any]], **inputs: str) -> int:
        """Run steps until one fails, and after that those that always run; the result is 1 if one has failed."""
        given = {name: str(value["default"]) for name, value in ACTION["inputs"].items()}
        given |= {"base": "", **{name.replace("_", "-"): value for name, value in inputs.items()}}
        failed = 0
        for step in steps:
            if failed and step.get("if") != "${{ !cancelled() }}":
                continue
            assert step["shell"] == "bash"
            own = {name: self._filled(value, given) for name, value in step.get("env", {}).items()}
            path = os.pathsep.join([str(bin_folder), os.environ["PATH"]])
            told = {name: str(file) for name, file in self.files.items()}
            environment = {**os.environ, **own, **told, "PATH": path, "RUNNER_TEMP": str(self.folder / "temp")}
            environment.pop("PYTHONPATH", None)
            script = self.folder / "step.sh"
            script.write_bytes(step["run"].encode())
            done = subprocess.run(
                ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", str(script)],
                cwd=self.workspace,
                env=environment,
                capture_output=True,
                timeout=120,
            )
            self.printed[step["name"]] = done.stdout.decode() + done.stderr.decode()
            self.codes[step["name"]] = done.returncode
            failed = failed or int(done.returncode != 0)
        return failed

    @staticmethod
    def _filled(value: str, inputs: dict[str, str]) -> str:
        expression = re.fullmatch(r"\$\{\{ (inputs\.([a-z-]+)|github\.action_path) \}\}", value)
        assert expression, f"{value} is no plain input"
        return inputs[expression[2]] if expression[2] else str(ROOT)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the commands after the action's own step of installation; nothing is fetched for it."""
    folder = tmp_path_factory.mktemp("python")
    venv.create(folder / "venv", symlinks=os.name != "nt")
    scheme = {"base": str(folder / "venv"), "platbase": str(folder / "venv")}
    site = Path(sysconfig.get_path("purelib", "venv", scheme))
    (site / "host.pth").write_text(sysconfig.get_path("purelib") + "\n")
    bin_folder = Path(sysconfig.get_path("scripts", "venv", scheme))
    runner = Runner(folder / "runner", folder)
    install = next(step for step in STEPS if step["name"] == "Install")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PIP_NO_INDEX", "1")
        patch.setenv("PIP_NO_BUILD_ISOLATION", "0")  # pip reads this variable the other way round
        assert runner.run(bin_folder, [install]) == 0, runner.printed
    return bin_folder


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A git repository with the tiny graph as its first commit."""
    folder = Path(shutil.copytree(TINY, tmp_path / "repository"))
    (folder / "README.md").unlink()
    git(folder, "init", "--quiet", "--initial-branch=main")
    assert cli.main(["-C", str(folder), "fmt", *(str(folder / room) for room in ("ontology", "shapes", "kg"))]) == 0
    committed(folder, "The tiny graph")
    return folder


def changed(repository: Path, old: str, new: str) -> str:
    """Commit a change of the facts; the result is the revision before."""
    before = git(repository, "rev-parse", "HEAD")
    path = repository / FACTS
    text = path.read_text("utf-8")
    assert old in text
    path.write_bytes(text.replace(old, new).encode())
    committed(repository, "A change")
    return before


def action(installed: Path, repository: Path, **inputs: str) -> tuple[int, Runner]:
    """Run all steps but the installation, which has been."""
    runner = Runner(repository.parent / "runner", repository)
    return runner.run(installed, [s for s in STEPS if s["name"] != "Install"], **inputs), runner


def test_what_a_sound_change_does_is_in_the_summary(installed: Path, repository: Path) -> None:
    base = changed(repository, "ent:backs id:sudland", "ent:opposes id:sudland")
    _, runner = action(installed, repository, base=base, fail_on="violation")
    assert set(runner.codes.values()) == {0}, runner.printed
    assert "+ Norland · opposes · Sudland" in runner.summary()
    assert "- Norland · backs · Sudland" in runner.summary()
    assert "### answers of who-backs" in runner.summary()


def test_a_broken_fact_is_an_annotation_on_its_line(installed: Path, repository: Path) -> None:
    base = changed(repository, 'ent:quote "Norland has backed', 'ent:quote "Norland has blocked')
    failed, runner = action(installed, repository, base=base, sarif="findings.sarif")
    assert (failed, runner.codes["Check"]) == (1, 1)
    line = (repository / FACTS).read_text("utf-8").split("has blocked")[0].count("\n") + 1
    assert f"::error file={FACTS},line={line},col=15,title=misquote::" in runner.printed["Check"]
    assert (repository.parent / "runner" / "github_output").read_text() == "file=findings.sarif\n"
    log = json.loads((repository / "findings.sarif").read_text("utf-8"))
    places = [r["locations"][0]["physicalLocation"] for r in log["runs"][0]["results"] if r["ruleId"] == "misquote"]
    assert [(p["artifactLocation"]["uri"], p["region"]["startLine"]) for p in places] == [(FACTS, line)]
    assert "could not be compared" in runner.summary() or "blocked" in runner.summary()


def test_no_change_does_nothing(installed: Path, repository: Path) -> None:
    failed, runner = action(installed, repository, base="HEAD")
    assert failed == 0
    assert "Nothing: facts, quotes and answers stay as they are." in runner.summary()


def test_an_input_is_no_script(installed: Path, repository: Path) -> None:
    failed, runner = action(
        installed,
        repository,
        base="$(touch owned)",
        folder="`touch owned`",
        rules_from="; touch owned",
        sarif="x; touch owned",
    )
    assert failed == 1
    assert not list(repository.parent.rglob("owned"))
    assert runner.codes["Check"] == 3


def test_a_stranger_brings_no_rules_and_no_modules(installed: Path, repository: Path) -> None:
    base = repository.parent / "base"
    git(repository, "worktree", "add", "--quiet", "--detach", str(base))
    (repository / "shapes" / "words.ttl").unlink()
    (repository / "queries" / "who-backs.rq").write_text("SELECT * { SERVICE <http://127.0.0.1:9> { ?s ?p ?o } }")
    for module in ("kg/__init__.py", "yaml.py", "rdflib.py", "sitecustomize.py"):
        (repository / module).write_text("import pathlib; pathlib.Path('owned').touch()")
    changed(repository, ' ; rdfs:label "Westland"@en', "")
    _, runner = action(installed, repository, rules_from=str(base))
    assert "A state has a name." in runner.printed["Check"]
    assert "SERVICE" not in runner.printed["Check"]
    assert not list(repository.rglob("owned"))


def test_every_expression_is_a_plain_input() -> None:
    for step in STEPS:
        assert "${{" not in step["run"], "an expression in a script is a script of whoever fills it"
    declared = set(ACTION["inputs"])
    used = set(re.findall(r"\$\{\{ inputs\.([a-z-]+) \}\}", (ROOT / "action.yml").read_text("utf-8")))
    assert used == declared


def test_the_structure_is_that_of_a_composite_action() -> None:
    assert ACTION["runs"]["using"] == "composite"
    assert set(ACTION) == {"name", "description", "inputs", "outputs", "runs"}
    for value in ACTION["inputs"].values():
        assert set(value) == {"description", "default"}
        assert isinstance(value["default"], str)
    for step in ACTION["runs"]["steps"]:
        assert set(step) <= {"name", "id", "if", "shell", "env", "run", "uses", "with"}
        assert ("run" in step) != ("uses" in step)
    ids = {step["id"] for step in STEPS if "id" in step}
    assert set(re.findall(r"steps\.([a-z]+)\.", (ROOT / "action.yml").read_text("utf-8"))) == ids


def test_hooks_run_commands_that_there_are() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert [hook["id"] for hook in hooks] == ["kg-validate", "kg-fmt"]
    for hook in hooks:
        assert {"id", "name", "entry", "language", "files"} <= set(hook)
        options = cli.build_parser().parse_args(hook["entry"].split()[1:])
        assert options.command == hook["entry"].split()[1]
    patterns = {hook["id"]: re.compile(hook["files"]) for hook in hooks}
    assert all(p.search(FACTS) for p in patterns.values())
    assert not any(p.search("kg/cli.py") for p in patterns.values())


def test_the_page_shows_the_action_as_it_is() -> None:
    page = (ROOT / "docs" / "ci.md").read_text("utf-8")
    for name, value in ACTION["inputs"].items():
        assert f"`{name}`" in page
        if re.fullmatch(r"[a-z0-9.]+", value["default"]):
            assert f"`{value['default']}`" in page
    for block in re.findall(r"^```yaml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL):
        assert yaml.safe_load(block)


def test_rules_come_from_elsewhere(tmp_path: Path, tiny: Rooms, capsys: pytest.CaptureFixture[str]) -> None:
    base = Path(shutil.copytree(TINY, tmp_path / "base"))
    shapes = base / "shapes" / "words.ttl"
    shapes.write_text(shapes.read_text("utf-8").replace("sh:minCount 1", "sh:minCount 2"))
    assert cli.main(["-C", tiny.root, "validate"]) == 0
    assert cli.main(["-C", tiny.root, "validate", "--rules-from", str(base)]) == 1
    assert "A state has a name." in capsys.readouterr().out
    shutil.rmtree(tiny.shapes)
    assert cli.main(["-C", tiny.root, "validate", "--rules-from", str(base)]) == 1
    shapes.write_text("[")
    assert cli.main(["-C", tiny.root, "validate", "--rules-from", str(base)]) == 3
    assert "../base/shapes/words.ttl:1:" in capsys.readouterr().out
    assert cli.main(["-C", tiny.root, "validate", "--rules-from", str(tmp_path / "nowhere")]) == 3
    assert cli.main(["-C", str(tmp_path / "nowhere"), "validate", "--rules-from", str(base)]) == 3
