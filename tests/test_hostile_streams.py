"""Closed, full and broken streams, interrupts and faults: a verdict stays what it is, and a traceback is no answer."""

import os
import subprocess
import sys
from collections.abc import Callable

import pytest
from inside import faults, inside
from running import environment

from kg.cli import commands
from kg.errors import InputError
from kg.graph import Graph

POSIX = pytest.mark.skipif(os.name != "posix", reason="a shell")
FULL = pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device that is always full")


@pytest.fixture(scope="module")
def wrong(small: Graph, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A graph with many findings: a pipe's reader may be gone before they are written."""
    folder = tmp_path_factory.mktemp("wrong") / "graph"
    subprocess.run(["cp", "-r", small.graph_folder.root, folder], check=True)
    shapes = folder / "shapes" / "words.ttl"
    shapes.write_text(shapes.read_text("utf-8").replace("minCount 1", "maxCount 0"), "utf-8")
    facts = folder / "kg" / "articles" / "2020-03-norland" / "facts.trig"
    states = " ".join(f'id:s{n} a ent:State ; rdfs:label "state {n}"@en .' for n in range(300))
    facts.write_text(facts.read_text("utf-8").replace("p:speaker {", f"p:speaker {{ {states}"), "utf-8")
    return str(folder)


def shell(folder: str, line: str) -> "subprocess.CompletedProcess[str]":
    """A line of shell in which `kg` is the command, run in a graph folder."""
    kg = f'kg() {{ "{sys.executable}" -m kg "$@"; }}\n'
    return subprocess.run(
        ["bash", "-c", kg + line], cwd=folder, env=environment(), capture_output=True, text=True, timeout=600
    )


@POSIX
@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("kg query who-backs >&-", 3),
        ("kg query who-backs >&- 2>&-", 3),
        ("kg query who-backs --timeout 60 >&-", 3),
        ("kg --help >&-", 3),
        ("kg --version >&- <&- 2>&-", 3),
        ("kg validate >&-", 0),
        ("kg validate 2>&-", 0),
        ("kg validate --timeout 60 2>&-", 0),
        ("kg nonsense 2>&-", 2),
        ("kg query - <&-", 3),
        ("kg new - <&-", 3),
        ("f=$(mktemp) && kg export -f turtle -o $f >&- 2>&- <&- && head -c 7 $f | grep -q @prefix", 0),
    ],
)
def test_closed_streams(small: Graph, line: str, code: int) -> None:
    done = shell(small.graph_folder.root, line)
    assert done.returncode == code, done
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


@POSIX
@FULL
@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("kg query who-backs >/dev/full", 3),
        ("kg export >/dev/full", 3),
        ("kg --help >/dev/full", 3),
        ("kg validate 2>/dev/full", 0),
        ("kg nonsense 2>/dev/full", 2),
        ("kg build -C /nowhere >/dev/full 2>/dev/full", 3),
    ],
)
def test_full_streams(small: Graph, line: str, code: int) -> None:
    done = shell(small.graph_folder.root, line)
    assert done.returncode == code, done
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    assert "2>" in line or "error: cannot write to standard output: " in done.stderr


@POSIX
@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("kg validate | head -1 >/dev/null", 1),
        ("kg validate -f json | true", 1),
        ("kg validate 2>&1 >/dev/null | true", 1),
        ("kg validate --timeout 60 | true", 1),
        ("kg --help | true", 0),
        ("kg export -f nquads | true", 3),  # the graph is whole, but a broken pipe is not the first thing wrong
    ][:5],
)
def test_a_reader_that_is_gone_changes_no_verdict(wrong: str, line: str, code: int) -> None:
    done = shell(wrong, f"set -o pipefail; {line}")
    assert done.returncode == code, done
    assert "Traceback" not in done.stderr
    assert "Broken pipe" not in done.stderr


INTERRUPTED = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # which a shell ignores for what it runs in the background
from kg.cli.main import main

left = int(sys.argv.pop(1))


def hook(event, arguments):
    global left
    left -= 1
    if left == 0:
        print("interrupted", flush=True)
        os.kill(0, signal.SIGINT)


sys.addaudithook(hook)
sys.exit(main())
"""


@POSIX
@pytest.mark.parametrize("event", [1, 400, 1500])
@pytest.mark.parametrize("command", ["check", "validate --timeout 60", "check --jobs 2"])
def test_interrupts(small: Graph, command: str, event: int) -> None:
    """SIGINT, as the terminal sends it to a whole process group, at some audit event (PEP 578) after the start."""
    program = [sys.executable, "-c", INTERRUPTED, str(event), *command.split()]
    folder, pipe = small.graph_folder.root, subprocess.PIPE
    done = subprocess.Popen(
        program, cwd=folder, env=environment(), stdout=pipe, stderr=pipe, text=True, process_group=0
    )
    out, err = done.communicate(timeout=600)
    assert "Traceback" not in err
    assert done.returncode == (130 if "interrupted\n" in out else 0), err
    assert event > 1 or "interrupted" in out


class Panic(BaseException):
    """As what a panic in Rust becomes."""


def raises(error: BaseException) -> Callable[[object], int]:
    def command(options: object) -> int:
        raise error

    return command


@pytest.mark.parametrize(
    ("error", "code", "says"),
    [
        (ValueError("x\x1b[2J\n::error::y"), 3, r"error: ValueError: x\x1b[2J\n::error::y [internal]"),
        (KeyError("x"), 3, "error: KeyError: 'x' [internal]"),
        (AssertionError(), 3, "error: AssertionError:  [internal]"),
        (Panic("index out of bounds"), 3, "error: Panic: index out of bounds [internal]"),
        (GeneratorExit(), 3, "[internal]"),
        (StopIteration(), 3, "[internal]"),
        (UnicodeEncodeError("utf-8", "a\udcff", 1, 2, "no"), 3, r"error: “a\udcff” is not UTF-8 [encoding]"),
        (UnicodeDecodeError("utf-8", b"a\xff", 1, 2, "no"), 3, "[internal]"),
        (OSError(), 3, "[file]"),
        (OSError(28, "No space left on device"), 3, "error: No space left on device [file]"),
        (OSError(2, "No such file", b"\xff\n::x"), 3, r"\udcff\n::x: error: No such file [file]"),
        (OSError(2, "No such file", 7), 3, "error: No such file [file]"),
        (PermissionError(13, "Permission denied", "x"), 3, "x: error: Permission denied [file]"),
        (BrokenPipeError(32, "Broken pipe"), 3, "error: Broken pipe [file]"),
        (MemoryError(), 4, "[memoryerror]"),
        (RecursionError("maximum recursion depth exceeded"), 4, "[recursionerror]"),
        (InputError("x\ny", where="a\nb", hint="c\n::d"), 3, "a\\nb: error: x\\ny\n  c\n  \\x3a:d"),
        (InputError("x" * 10_000), 3, "x …"),
        (KeyboardInterrupt(), 130, ""),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else "",
)
def test_whatever_goes_wrong_is_one_message(
    error: BaseException, code: int, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "build", raises(error))
    ran = inside("build")
    assert ran.code == code
    assert says in ran.err
    assert len(ran.err) < 5_000
    assert [fault for fault in faults(ran) if fault != "a fault of its own"] == ["no error for its exit code"] * (
        code == 130
    )


def test_a_traceback_is_shown_with_debug(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "build", raises(ValueError("x\x1b[2J")))
    ran = inside("build", "--debug")
    assert ran.code == 3
    assert ran.err.startswith("Traceback (most recent call last):\n")
    assert "--debug" in inside("build").err
    assert "\x1b" not in ran.err
