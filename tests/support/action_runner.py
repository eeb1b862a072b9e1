"""A stand-in for the machine that runs the action: its steps by bash, its folders, and the commands that it hears."""

import os
import re
import shutil
import subprocess
import sysconfig
import venv
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import yaml
from folders import git

ROOT = Path(__file__).parents[2]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
STEPS = {step["name"]: step for step in ACTION["runs"]["steps"] if "run" in step}
BASE_SHA = "github.event.pull_request.base.sha"
_EXPRESSION = re.compile(r"\$\{\{ (.+?) \}\}")
_COMMAND = re.compile(r"\s*::([a-z-]+) ?(.*?)::(.*)|.*##\[([a-z-]+)(.*?)\](.*)")


@dataclass(frozen=True)
class Command:
    """What a step tells the machine by a line of its output."""

    name: str
    given: str
    message: str


def heard(printed: str) -> list[Command]:
    """The commands in what a step prints; none between a `stop-commands` and the line that repeats its token."""
    found, token = [], ""
    for line in printed.splitlines():
        if token:
            token = "" if line.strip() == f"::{token}::" else token
        elif match := _COMMAND.match(line):
            name, given, message = [part or "" for part in match.groups()][:3] if match[1] else match.groups()[3:]
            if name == "stop-commands":
                token = message
            else:
                found.append(Command(name, given, message))
    assert not token, "commands are never heard again"
    return found


def bash() -> str:
    """The bash that GitHub runs; on Windows it is git's, and the one of the same name in the system is not."""
    if os.name != "nt":
        return "bash"
    libexec = subprocess.run(["git", "--exec-path"], capture_output=True, text=True, check=True).stdout.strip()
    return str(Path(libexec).parents[2] / "bin" / "bash.exe")


class Runner:
    """The machine for one run of the action. `commands` is a folder to search for commands before all others."""

    def __init__(self, folder: Path, workspace: Path, commands: Path, event: dict[str, str]) -> None:
        self.workspace, self._commands, self._event = workspace, commands, event
        self.temp = folder / "temp"
        (self.temp / "entente").mkdir(parents=True)  # as the installation leaves it
        self._files = {name: folder / name.lower() for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        for path in self._files.values():
            path.touch()
        self.printed: dict[str, str] = {}
        self.codes: dict[str, int] = {}

    @property
    def summary(self) -> str:
        """What the steps have written for the page of the job."""
        return self._files["GITHUB_STEP_SUMMARY"].read_text("utf-8")

    @property
    def outputs(self) -> dict[str, str]:
        """What the steps have given out."""
        return dict(line.split("=", 1) for line in self._files["GITHUB_OUTPUT"].read_text("utf-8").splitlines())

    def heard(self, name: str) -> list[Command]:
        """The commands of a step."""
        return heard(self.printed[name])

    def use(self, given: dict[str, Any], *names: str) -> None:
        """Run the action, or only the steps of these names, with what a workflow gives in `with`."""
        defaults = {name: value["default"] for name, value in ACTION["inputs"].items()}
        inputs = {name: self.filled(str(value), {}) for name, value in (defaults | given).items()}
        assert inputs.keys() == defaults.keys(), "a workflow gives what the action does not take"
        for name in names or STEPS:
            if self._is_due(STEPS[name].get("if", "success()")):
                self._run(STEPS[name], inputs)

    def _is_due(self, condition: str) -> bool:
        if condition == "success()":
            return not any(self.codes.values())
        assert condition == "${{ !cancelled() && steps.install.outcome == 'success' }}"
        return self.codes["Install"] == 0

    def _run(self, step: dict[str, Any], inputs: dict[str, str]) -> None:
        assert step["shell"] == "bash"
        own = {name: self.filled(value, inputs) for name, value in step["env"].items()}
        path = os.pathsep.join([str(self._commands), os.environ["PATH"]])
        told = {name: str(file) for name, file in self._files.items()}
        environment = {**os.environ, **own, **told, "PATH": path, "RUNNER_TEMP": str(self.temp)}
        environment.pop("PYTHONPATH", None)
        script = self.temp.parent / "step.sh"
        script.write_bytes(step["run"].encode())
        done = subprocess.run(
            [bash(), "--noprofile", "--norc", "-e", "-o", "pipefail", str(script)],
            cwd=self.workspace,
            env={**environment, "GITHUB_WORKSPACE": str(self.workspace)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=600,
        )
        self.printed[step["name"]] = done.stdout.decode()
        self.codes[step["name"]] = done.returncode

    def filled(self, value: str, inputs: dict[str, str]) -> str:
        """A value with its expressions filled in."""
        known = {f"inputs.{name}": given for name, given in inputs.items()}
        known |= {"github.action_path": str(ROOT), **self._event}
        return _EXPRESSION.sub(lambda found: known[found[1]], value)


def install(folder: Path) -> Path:
    """Run the action's own step of installation in an empty Python, with no network; the folder of the commands.

    What the package needs is that of this Python. The checkout is full of modules that are not to be imported.
    """
    venv.create(folder / "venv", symlinks=os.name != "nt")
    scheme = {"base": str(folder / "venv"), "platbase": str(folder / "venv")}
    site = Path(sysconfig.get_path("purelib", "venv", scheme))
    (site / "host.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    commands = Path(sysconfig.get_path("scripts", "venv", scheme))
    workspace = folder / "workspace"
    workspace.mkdir()
    lay_traps(workspace)
    runner = Runner(folder / "runner", workspace, commands, {BASE_SHA: ""})
    # The second switches isolation off: pip reads this variable the other way round.
    own = {"PIP_NO_INDEX": "1", "PIP_NO_BUILD_ISOLATION": "0", "PIP_NO_COMPILE": "1"}
    with mock.patch.dict(os.environ, own):
        runner.use({}, "Install")
    assert runner.codes == {"Install": 0}, runner.printed
    assert not list(workspace.rglob("*owned"))
    return commands


def lay_traps(folder: Path) -> None:
    """Put modules into a folder that would leave a file `….owned` behind, if Python imported them."""
    for module in ("kg/__init__.py", "pip.py", "secrets.py", "yaml.py", "rdflib.py", "sitecustomize.py"):
        (folder / module).parent.mkdir(exist_ok=True)
        (folder / module).write_text("import pathlib; pathlib.Path(__file__ + '.owned').touch()", "utf-8")


def committed(folder: Path, message: str) -> str:
    """Commit all that is in a folder; the result is the commit."""
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", message)
    return git(folder, "rev-parse", "HEAD")


class PullRequest:
    """A repository with a graph on its main branch, and a pull request of a stranger who has made a copy of it."""

    def __init__(self, folder: Path, graph: Path, below: str = ".") -> None:
        self._folder, self.origin, self.fork = folder, folder / "origin", folder / "fork"
        shutil.copytree(graph, self.origin / below)
        git(self.origin, "init", "--quiet", "--initial-branch=main")
        (self.origin / ".gitignore").write_text(".kg/\n", "utf-8")
        self.base = committed(self.origin, "The graph")
        git(folder, "clone", "--quiet", "origin", "fork")
        self.head = self.fork / below

    def checkout(self, path: Path, ref: str = "refs/pull/1/merge", depth: int = 1) -> None:
        """What `actions/checkout` does: one commit, or with depth 0 all of the history."""
        path.mkdir(parents=True)
        git(path, "init", "--quiet")
        shallow = [f"--depth={depth}"] if depth else []
        git(path, "fetch", "--quiet", *shallow, self.origin.as_uri(), ref, *([] if depth else ["main"]))
        git(path, "checkout", "--quiet", "--detach", "FETCH_HEAD")

    def run(self, commands: Path, steps: list[dict[str, Any]], *names: str) -> Runner:
        """Commit what the stranger has changed, merge it for a trial as GitHub does, and run the steps of a job.

        Of the action, those of the given names are run, else all but the installation.
        """
        committed(self.fork, "A change")
        git(self.origin, "fetch", "--quiet", str(self.fork), "HEAD:refs/pull/1/head")
        git(self.origin, "checkout", "--quiet", "--detach", "main")
        git(self.origin, "merge", "--quiet", "--no-ff", "--message", "A trial", "refs/pull/1/head")
        git(self.origin, "update-ref", "refs/pull/1/merge", "HEAD")
        git(self.origin, "checkout", "--quiet", "main")
        workspace = self._folder / "workspace"
        runner = Runner(self._folder / "runner", workspace, commands, {BASE_SHA: self.base})
        runner.codes["Install"] = 0
        for step in steps:
            given = {name: runner.filled(str(value), {}) for name, value in step.get("with", {}).items()}
            if not step["uses"].startswith("actions/"):
                runner.use(given, *(names or [name for name in STEPS if name != "Install"]))
                continue
            assert given.pop("persist-credentials") == "False"
            path, ref = given.pop("path", "."), given.pop("ref", "refs/pull/1/merge")
            self.checkout(workspace / path, ref, int(given.pop("fetch-depth", "1")))
            assert not given
        return runner
