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
from kg.graph import Graph
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


DOUBLING = "".join(f"BIND(CONCAT(?x{i}, ?x{i}) AS ?x{i + 1}) " for i in range(40))
QUERY = f'SELECT ?x40 {{ BIND("xx" AS ?x0) {DOUBLING} }}'
USED = "x = b'x' * 900_000_000"
GREEDY = {
    "at once": "x = bytearray(3_000_000_000)",
    "at once, and used": USED,
    "bit by bit": "x = []\nwhile True: x.append(b'x' * 100_000)",
    "in Rust": f"import pyoxigraph\nlist(pyoxigraph.Store().query({QUERY!r}))",
    "in a process of its own": f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {USED!r}])",
    "by its last byte, and then asleep": "import time\nx, n = [], 1 << 26\nwhile n > 4096:\n"
    "    try: x.append(bytearray(n))\n    except MemoryError: n //= 2\ntime.sleep(300)",
    "by its last byte, and then busy": "x, n = [], 1 << 26\nwhile True:\n"
    "    try: x.append(bytearray(n))\n    except MemoryError: n = max(n // 2, 4096)",
}


@pytest.mark.parametrize("how", GREEDY)
def test_memory_is_limited_where_the_platform_can(how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "_GRACE", 1)
    if sys.platform != "linux":
        return
    try:
        ended: int | str = limits.run_limited(GREEDY[how], [], 60, 500)  # 1, of an uncaught MemoryError
    except LimitError as error:
        ended = error.rule
    assert ended in (1, "crash") if how == "at once" else ended == "memory"


def test_what_uses_less_memory_than_its_limit_is_left_alone() -> None:
    assert limits.run_limited("import time; x = b'x' * 100_000_000; time.sleep(0.2)", [], 30, 500) == 0


def test_the_memory_of_a_process_is_known_with_and_without_proc(monkeypatch: pytest.MonkeyPatch) -> None:
    if sys.platform != "linux":
        return
    code = "import sys; x = b'x' * 200_000_000; print(flush=True); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=-1, stdout=-1, start_new_session=True) as process:
        assert process.stdin
        assert process.stdout
        process.stdout.readline()
        own, size = limits.memory_of(process.pid)
        assert 200_000_000 < own < 300_000_000 < size + 100_000_000
        monkeypatch.setattr(sys, "platform", "darwin")
        assert limits.memory_of(process.pid)[0] > 200_000_000
        monkeypatch.setattr(os, "name", "nt")
        assert limits.memory_of(process.pid) == (0, 0)
        monkeypatch.undo()
    assert limits.memory_of(process.pid) == (0, 0)


def test_without_the_module_resource_only_time_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resource", None)
    limits.set_limits(1, 1)
    assert limits.run_limited("pass", [], 30, None) == 0


LIMITED = """\
import signal
for number in (signal.SIGHUP, signal.SIGINT):  # which the one who runs the tests may have ignored, as nohup does
    signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
from kg import limits
print('begins', flush=True)
limits.run_limited({inner!r}, [], {seconds}, {memory})"""
INNER = {
    "busy": "while True: pass",
    "without other threads": BACKTRACKING,
    "asleep": "import time; time.sleep(600)",
    "deaf": "import signal, time\nfor n in (1, 2, 15): signal.signal(n, signal.SIG_IGN)\nwhile True: time.sleep(1)",
    "in a process of its own": "import subprocess, sys; subprocess.run([sys.executable, '-c', 'while True: pass'])",
}


def ends(pid: int) -> bool:
    """Whether a process ends within minutes."""
    for _ in range(6_000):
        try:
            os.kill(pid, 0)
            with open(f"/proc/{pid}/stat", encoding="ascii") as file:
                if file.read().rpartition(")")[2].split()[0] == "Z":  # nobody here waits for orphans
                    return True
        except (ProcessLookupError, FileNotFoundError):
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("inner", INNER)
@pytest.mark.parametrize(("name", "seconds", "memory"), [("SIGTERM", None, 1000), ("SIGKILL", 600, None)])
def test_a_worker_ends_with_the_process_that_started_it(
    inner: str, name: str, seconds: float | None, memory: int | None
) -> None:
    stopped_by(name, INNER[inner], seconds, memory)


@pytest.mark.parametrize(("name", "memory"), [("SIGHUP", None), ("SIGINT", 1000), ("SIGKILL", 1000), ("SIGTERM", None)])
def test_whatever_ends_that_process(name: str, memory: int | None) -> None:
    stopped_by(name, INNER["busy"], 600, memory)


def stopped_by(name: str, inner: str, seconds: float | None, memory: int | None) -> None:
    """Send a signal to a process that has a worker: both end, and the exit code is that of the signal."""
    if sys.platform != "linux":
        return
    inner = f"import os; print(os.getpid(), flush=True)\n{inner}"
    code = LIMITED.format(inner=inner, seconds=seconds, memory=memory)
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, env=environment())
    assert parent.stdout
    assert parent.stdout.readline() == b"begins\n"
    worker = int(parent.stdout.readline())
    below = list(limits._processes(worker))
    number = getattr(signal, name)
    parent.send_signal(number)
    assert parent.wait(300) == (-number if name == "SIGKILL" else 128 + number)
    assert all(ends(pid) for pid in below)
    assert parent.stdout.read() == b""  # everything that held the pipe has ended
    parent.stdout.close()


def test_a_signal_that_is_ignored_stays_so() -> None:
    if not hasattr(signal, "SIGHUP"):
        return
    code = "import os, signal, time; os.kill(os.getppid(), signal.SIGHUP); time.sleep(0.2)"
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        assert limits.run_limited(code, [], 30, None) == 0
        assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_worker_whose_parent_has_gone_does_not_begin() -> None:
    if os.name != "posix":
        return
    code = "from kg import limits; limits.set_limits(None, None, 1); print('begins')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, env=environment())
    assert (done.returncode, done.stdout) == (1, b"")


POOL = """
import os, time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from kg import limits
if __name__ == "__main__":
    with ProcessPoolExecutor(1, get_context("spawn"), limits.end_with_parent) as pool:
        print(pool.submit(os.getpid).result(), flush=True)
        pool.submit(time.sleep, 600)
        time.sleep(600)
"""


def test_the_processes_of_a_pool_end_with_it(tmp_path: Path) -> None:
    if sys.platform != "linux":
        return
    (tmp_path / "pool.py").write_text(POOL)
    with subprocess.Popen([sys.executable, tmp_path / "pool.py"], stdout=-1, env=environment()) as parent:
        assert parent.stdout
        child = int(parent.stdout.readline())
        parent.kill()
        assert ends(child)


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


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux alone")
def test_the_watchdog_looks_at_memory() -> None:
    work = "held = bytearray(os.urandom(1)) * 200_000_000\ntime.sleep(60)"
    for memory, patience, grown in [(100, 300, b"True"), (1_000, 0.3, b"False")]:
        code = WATCHED.format(work=work).replace("0.3, stop", f"{patience}, stop, {memory}")
        code = code.replace('"stopped"', "timer.grown")
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=300, env=environment())
        assert (done.returncode, done.stdout.split()) == (4, [grown])


def test_a_watchdog_that_is_cancelled_does_nothing() -> None:
    stopped: list[int] = []
    timer = limits.Watchdog(300, lambda: stopped.append(1))
    timer.start()
    timer.cancel()
    timer.join()  # it ends at once
    assert stopped == []
    assert not hasattr(signal, "getitimer") or signal.getitimer(signal.ITIMER_REAL)[0] == 0


COMMANDS = [
    "validate",
    "check",
    "export",
    "build",
    "query who-backs",
    "show",
    "fmt",
    "tour",
    "diff . .",
    "explain",
    "new -",
]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_time_limit_is_for_the_command_as_a_whole(command: str, small: Graph) -> None:
    done = run("-C", small.graph_folder.root, "--timeout", "0.001", *command.split())
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr == "error: not done within 0.001 s [time-out]\n  raise the limit with --timeout SECONDS\n"


@pytest.mark.parametrize("command", ["query who-backs", "show Norland", "show", "why Norland backs Sudland"])
def test_an_answer_has_a_time_limit_without_an_option(command: str, tiny: GraphFolder) -> None:
    """None of them ends where the engine gives no answer."""
    slow = (
        "import time; from kg.dataset import engine; from kg.graph import Graph; "
        "from kg.provenance import describe, why; "
        "sleep = lambda *_, **__: time.sleep(99); "
        "Graph.ask = describe.Description = describe.Listing = why.prove = sleep; "
        "from kg.cli.main import main; engine.SECONDS = 0.2; raise SystemExit(main())"
    )
    arguments = [sys.executable, "-c", slow, "-C", tiny.root, *command.split()]
    done = subprocess.run(arguments, capture_output=True, text=True, env=environment(), timeout=90)
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr == "error: no answer within 0.2 s [time-out]\n  raise the limit with --timeout SECONDS\n"


@pytest.mark.parametrize("command", [("query", "-"), ("new", "-")], ids=" ".join)
def test_a_time_limit_holds_while_input_is_awaited(command: tuple[str, ...], small: Graph) -> None:
    arguments = [sys.executable, "-m", "kg", "-C", small.graph_folder.root, "--timeout", "0.5", *command]
    with subprocess.Popen(arguments, stdin=-1, stdout=-1, stderr=-1, env=environment()) as process:
        assert process.wait(300) == 4  # nothing is written to its stdin, and that stays open
        assert process.stderr
        assert process.stderr.read().startswith(b"error: not done within 0.5 s [time-out]\n")


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


def test_temporary_files_of_a_killed_worker_are_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    made = "import tempfile; open(tempfile.mkdtemp() + '/x', 'w').close()\n"
    told = f"open({str(tmp_path / 'told')!r}, 'w').write(tempfile.gettempdir())\n"
    with pytest.raises(LimitError, match="not done within"):
        limits.run_limited(f"{made}{told}import time; time.sleep(60)", [], 5, None)
    assert [path.name for path in tmp_path.iterdir()] == ["told"]
    assert Path((tmp_path / "told").read_text("utf-8")).parent == tmp_path
