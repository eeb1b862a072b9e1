"""Time and memory have limits that nothing within a process can escape."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from running import environment, run

from kg import limits
from kg.errors import LimitError
from kg.source.layout import GraphFolder

BACKTRACKING = "import re; re.match('(a+)+$', 'a' * 60 + '!')"


@pytest.mark.parametrize(
    "code",
    [
        BACKTRACKING,
        "while True: pass",
        "import time; time.sleep(60)",
        "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\nwhile True: pass",
        "import subprocess, sys; subprocess.run([sys.executable, '-c', 'while True: pass'])",
    ],
)
def test_a_worker_is_killed_at_its_deadline(code: str) -> None:
    with pytest.raises(LimitError, match=r"not done within 0\.7 s") as caught:
        limits.run_limited(code, [], 0.7, None)
    assert "--timeout" in caught.value.hint


def test_what_a_worker_has_started_goes_with_it(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    inner = f"import time; time.sleep(2); open({str(mark)!r}, 'w').close()"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {inner!r}])"
    with pytest.raises(LimitError):
        limits.run_limited(code, [], 1, None)
    time.sleep(2.5 if os.name == "posix" else 0)
    assert os.name != "posix" or not mark.exists()


@pytest.mark.parametrize("code", ["0", "1", "3", "4"])
def test_the_exit_code_of_a_worker_is_handed_on(code: str) -> None:
    assert limits.run_limited("import sys; sys.exit(int(sys.argv[1]))", [code], 30, None) == int(code)


@pytest.mark.parametrize("code", ["import os; os.abort()", "import ctypes; ctypes.string_at(0)"])
def test_a_crash_is_told(code: str) -> None:
    with pytest.raises(LimitError, match="crash") as caught:
        limits.run_limited(code, [], 30, None)
    assert caught.value.exit_code == 4


def test_a_worker_imports_nothing_from_the_folder_it_is_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit(7)")
    monkeypatch.chdir(tmp_path)
    assert limits.run_limited("import json", [], 30, None) == 0


@pytest.mark.parametrize("engine", ["python", "pyoxigraph"])
def test_memory_is_limited_where_the_platform_can(engine: str) -> None:
    doubling = "".join(f"BIND(CONCAT(?x{i}, ?x{i}) AS ?x{i + 1}) " for i in range(40))
    query = f'SELECT ?x40 {{ BIND("xx" AS ?x0) {doubling} }}'
    code = {
        "python": "x = bytearray(900_000_000)",
        "pyoxigraph": f"import pyoxigraph\nlist(pyoxigraph.Store().query({query!r}))",
    }
    if sys.platform == "linux":
        try:
            ended: int | str = limits.run_limited(code[engine], [], 30, 500)  # 1, of an uncaught MemoryError
        except LimitError as error:
            ended = error.rule
        assert ended in (1, "crash")
    assert limits.run_limited("pass", [], 30, 500) == 0


def test_without_the_module_resource_only_time_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resource", None)
    limits.set_limits(1, 1)
    assert limits.run_limited("pass", [], 30, None) == 0


def test_a_worker_ends_with_the_process_that_started_it() -> None:
    if os.name != "posix":
        return
    inner = "import os; print(os.getpid(), flush=True)\nwhile True: pass"
    code = f"from kg import limits; limits.run_limited({inner!r}, [], 60, None)"
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, env=environment())
    assert parent.stdout
    worker = int(parent.stdout.readline())
    parent.send_signal(signal.SIGTERM)
    assert parent.wait(300) == 128 + signal.SIGTERM
    parent.stdout.close()
    for _ in range(6_000):
        try:
            os.kill(worker, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    raise AssertionError("the worker lives on")


WATCHED = """
import os, sys, time
from kg.limits import Watchdog
def stop():
    print("stopped", flush=True)
    os._exit(4)
timer = Watchdog(0.3, stop)
timer.start()
{work}
"""


@pytest.mark.parametrize("work", [BACKTRACKING, "while True: pass", "time.sleep(60)"])
def test_the_watchdog_stops_what_lets_no_thread_run(work: str) -> None:
    if not hasattr(signal, "setitimer"):
        work = "time.sleep(60)"
    code = WATCHED.format(work=work)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=300, env=environment())
    assert (done.returncode, done.stdout.split()) == (4, [b"stopped"])


def test_a_watchdog_that_is_cancelled_does_nothing() -> None:
    stopped: list[int] = []
    timer = limits.Watchdog(300, lambda: stopped.append(1))
    timer.start()
    timer.cancel()
    timer.join()  # it ends at once
    assert stopped == []
    assert not hasattr(signal, "getitimer") or signal.getitimer(signal.ITIMER_REAL)[0] == 0


@pytest.mark.parametrize("command", ["validate", "check", "export", "build"])
def test_a_time_limit_is_for_the_command_as_a_whole(command: str, tiny: GraphFolder) -> None:
    done = run("-C", tiny.root, "--timeout", "0.05", command)
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr == "error: not done within 0.05 s [time-out]\n  raise the limit with --timeout SECONDS\n"


def test_within_its_limits_a_command_does_what_it_does_without(tiny: GraphFolder) -> None:
    plain = run("-C", tiny.root, "validate", "-f", "json")
    limited = run("-C", tiny.root, "validate", "-f", "json", "--timeout", "60", "--memory", "2000")
    assert (limited.returncode, limited.stdout, limited.stderr) == (plain.returncode, plain.stdout, plain.stderr)
    answer = run("-C", tiny.root, "query", "-", "--memory", "2000", stdin="ASK {}")
    assert (answer.returncode, answer.stdout) == (0, "true\n")


def test_too_little_memory_is_one_line_and_no_traceback(tiny: GraphFolder) -> None:
    facts = Path(tiny.articles, "2020-03-norland", "facts.trig")
    with facts.open("a") as file:
        file.writelines(f"<a:{i}> <a:p> '{i}' .\n" for i in range(300_000))
    done = run("-C", tiny.root, "validate", "--memory", "256")
    assert done.returncode == (4 if sys.platform == "linux" else 1)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("given", ["0", "-1", "255", "1.5", "much", "99999999999"])
def test_what_is_no_memory(given: str) -> None:
    done = run("validate", "--memory", given)
    assert done.returncode == 2
    assert "not a number of megabytes" in done.stderr
