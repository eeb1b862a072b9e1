"""What runs other engines: nothing of them outlives its context, and what cannot be had is said in a line."""

import os
import runpy
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from engines import command, engine, installing
from engines.engine import Engine
from engines.installing import NotInstalledError
from running import ROOT, environment

PARENT = "import subprocess, sys; subprocess.Popen(['sleep', '600']); print('up', flush=True); sys.stdin.read()"
pytestmark = pytest.mark.skipif(not Path("/proc").exists(), reason="engines are run on Linux only")


class Missing(Engine):
    name = title = "missing"

    def install(self) -> None:
        raise NotInstalledError("there is no npm")


class Present(Missing):
    name = title = "present"

    def install(self) -> None:
        pass

    def version(self) -> str:
        return "1"


def of_group(leader: int) -> list[str]:
    """The living processes of a process group."""
    stats = [path.read_text() for path in Path("/proc").glob("[0-9]*/stat") if path.exists()]
    fields = [stat.rpartition(")")[2].split() for stat in stats]
    return [state for state, _, group, *_ in fields if int(group) == leader and state != "Z"]


def gone(leader: int) -> bool:
    for _ in range(200):
        if not of_group(leader):
            return True
        time.sleep(0.05)
    return False


def test_a_process_and_its_children_end_with_the_context() -> None:
    for error in (RuntimeError, KeyboardInterrupt):
        with pytest.raises(error), engine.process([sys.executable, "-c", PARENT]) as started:  # noqa: PT012
            leader = started.pid
            assert of_group(leader)
            raise error
        assert gone(leader)


def test_a_process_ends_with_the_one_that_started_it() -> None:
    if not shutil.which("setpriv"):
        pytest.skip("no setpriv here")
    started = "process(['sh', '-c', 'echo $$; exec sleep 600'])"
    code = f"from engines.engine import process\nwith {started}: input()"
    paths = f"{ROOT}/tests:{ROOT}/tests/support:{ROOT}"
    starter = subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment(PYTHONPATH=paths),
    )
    with starter:
        assert starter.stdout is not None
        leader = int(starter.stdout.readline())
        assert of_group(leader)  # it has come to `sh`, behind setpriv
        starter.kill()
    assert gone(leader)


@pytest.mark.parametrize("name", ["engines", "mutation"])
def test_an_interruption_is_no_traceback(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(f"{name}.command.main", interrupted)
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(ROOT / "tests" / "support" / name / "__main__.py"), run_name="__main__")
    assert ended.value.code == 130


def test_a_server_that_does_not_start_says_why(tmp_path: Path) -> None:
    with (
        pytest.raises(RuntimeError, match="no licence today"),
        engine.server(["sh", "-c", "echo no licence today; exit 3"], engine.free_port(), tmp_path / "log"),
    ):
        pass


def test_what_cannot_be_installed_is_said_and_nothing_run_is_a_failure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "ENGINES", (Missing(),))
    assert command.main([]) == 1
    assert capsys.readouterr() == ("missing: skipped, there is no npm\n", "no engine ran\n")
    assert command.main(["other"]) == 2


def test_an_engine_that_is_named_must_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "ENGINES", (Present(), Missing()))
    monkeypatch.setattr(command, "process", lambda words, cwd: engine.process(["true"]))
    assert [command.main(names) for names in ([], ["present"], ["present", "missing"])] == [0, 0, 1]


def test_packages_of_the_system_need_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(shutil, "which", lambda name: None if name == "sudo" else name)
    with pytest.raises(NotInstalledError, match="not root: apt-get install libapache-jena-java"):
        installing.apt_get("libapache-jena-java")
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(NotInstalledError, match="there is no apt-get"):
        installing.apt_get("libapache-jena-java")


def test_each_engine_is_in_the_documentation() -> None:
    tested = command.documented()
    assert list(tested) == ["pyoxigraph", "rdflib", *(e.title for e in command.ENGINES)]
    pinned = dict(line.split("==") for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines())
    assert tested["pyoxigraph"] == pinned["pyoxigraph"]
    assert tested["rdflib"] == pinned["rdflib"]
