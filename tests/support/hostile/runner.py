"""Runs hostile cases one after another, and records what each reaches for: `python runner.py MODULE DIR RESULTS SECONDS [NAME…]`.

An audit hook (PEP 578) sees every file that Python opens and every socket. Rust code is not seen by it, so each
hostile address leads to a server of this process that counts who calls, and files outside hold a word that may
stand in no output. One line of JSON per case goes to RESULTS, the first one before it starts: so it is known which
case ended the process.
"""

import contextlib
import faulthandler
import importlib
import io
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
TINY = ROOT / "tests" / "graphs" / "tiny"
SPEAKING = (
    "socket.connect",
    "socket.getaddrinfo",
    "socket.gethostbyname",
    "socket.sendto",
    "urllib.Request",
    "os.system",
)
MEMORY = re.compile("/proc/(self|[0-9]+)/(statm|task(/[0-9]+/children)?)")  # what watchdogs read of processes
OPENING = ("open", "os.listdir", "os.scandir")
ENV = "HOSTILE_TRACE"  # where a process of its own writes what it reaches for


class Watch:
    """What was reached for since the last case; armed only while a case runs."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.forbidden: tuple[str, ...] = ()

    def arm(self, *forbidden: str) -> None:
        """Forget what was seen, and watch these folders."""
        self.seen, self.forbidden = [], forbidden

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        """The audit hook."""
        if not self.forbidden:
            return
        if event in SPEAKING:
            self.seen.append(f"{event} {arguments[1:] or arguments}")
        elif event in OPENING and arguments and isinstance(arguments[0], str | bytes):
            path = os.fsdecode(arguments[0])
            real = os.path.realpath(path)
            watched = real.startswith((*self.forbidden, "/etc/", "/dev/zero", "/proc/"))
            if watched and not MEMORY.fullmatch(path):
                self.seen.append(f"{event} {path}")


class Server:
    """A server on this machine that nobody may call."""

    def __init__(self) -> None:
        self.calls = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            caller, _ = self._socket.accept()
            self.calls += 1
            caller.close()


def outside(folder: Path, secret: str) -> Path:
    """Files that nobody may read: one of each kind, and whole folders."""
    for ending in ("", ".txt", ".ttl", ".trig", ".rq"):
        text = secret if ending in ("", ".txt") else f"# {secret}\n<a:{secret}> <a:p> '{secret}' ."
        (folder / f"secret{ending}").write_text(text)
    shutil.copytree(TINY, folder / "folders")
    for path in (folder / "folders").rglob("*.*"):
        if path.is_file():
            path.write_text(f"# {secret}\n{path.read_text('utf-8')}", "utf-8")
    return folder


def sound(folder: Path) -> Path:
    """A tiny graph without fault, compiled: a case that leaves its sources alone need not build it again."""
    if not folder.exists():
        shutil.copytree(TINY, folder)
        code, printed = run(["-C", str(folder), "build"])
        assert code == 0, printed
    return folder


def run(arguments: list[str]) -> tuple[int, str]:
    """The command in this process: its exit code and all that it prints."""
    from kg.cli.main import main

    printed = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="backslashreplace")
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        try:
            code = main(arguments)
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else 0
        except BaseException:
            printed.write(traceback.format_exc(limit=-6))
            code = -1
        printed.flush()
    return code, printed.buffer.getvalue().decode("utf-8", "replace")


def run_apart(arguments: list[str], trace: Path, forbidden: tuple[str, ...]) -> tuple[int, str, list[str]]:
    """The command in a process of its own, which traces itself into a file."""
    trace.write_text("")
    settings = {
        ENV: json.dumps([str(trace), *forbidden]),
        "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent / "apart"), str(ROOT)]),
    }
    done = subprocess.run(
        [sys.executable, "-P", "-m", "kg", *arguments], capture_output=True, env={**os.environ, **settings}, timeout=300
    )
    return done.returncode, (done.stdout + done.stderr).decode("utf-8", "replace"), trace.read_text().splitlines()


def main(module: str, directory: str, results: str, seconds: float, names: list[str]) -> None:
    """Run the cases of a module, or those named; the process ends where one takes longer than `seconds`."""
    sys.path[:0] = [str(ROOT / "tests" / "support"), str(ROOT)]
    from hostile.case import SECRET, Place, written

    cases = [c for c in importlib.import_module(f"hostile.{module}").cases() if not names or c.name in names]
    base, server, watch = Path(directory), Server(), Watch()
    (base / "outside").mkdir(exist_ok=True)
    if not (base / "outside" / "folders").exists():
        outside(base / "outside", SECRET)
    graph = sound(base / "sound")
    forbidden = (str(base / "outside"),)
    sys.addaudithook(watch)
    reusable = False  # a case that only adds a file to ask leaves the graph to the next one
    with open(results, "a", encoding="utf-8") as file:
        for case in cases:
            place = Place(base / "graph", base / "outside", server.url)
            if not reusable:
                shutil.rmtree(place.folder, ignore_errors=True)
                shutil.copytree(graph, place.folder)
            asks = case.command[0] == "query" and isinstance(case.make, written)
            file_made = graph / case.make.name if asks else graph
            reusable = file_made.parent.exists() and not file_made.exists()
            case.make(place)
            os.chdir(place.folder)
            print(json.dumps({"begins": case.name}), file=file, flush=True)
            faulthandler.dump_traceback_later(seconds, exit=True)
            started, calls = time.perf_counter(), server.calls
            arguments = [a.replace("{url}", server.url) for a in case.command]
            if case.limited:
                code, printed, seen = run_apart(arguments, base / "trace", forbidden)
            else:
                watch.arm(*forbidden)
                code, printed = run(arguments)
                seen = watch.seen
                watch.arm()
            faulthandler.cancel_dump_traceback_later()
            row = {
                "name": case.name,
                "code": code,
                "printed": printed if len(printed) < 10_000 else f"{printed[:5_000]} … {printed[-5_000:]}",
                "length": len(printed),
                "leaked": SECRET in printed,
                "seconds": time.perf_counter() - started,
                "seen": seen,
                "calls": server.calls - calls,
                "touched": (place.folder / "owned").exists() or (base / "escaped").exists(),
            }
            print(json.dumps(row), file=file, flush=True)
            os.chdir(base)
            if reusable:
                (place.folder / case.make.name).unlink()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], float(sys.argv[4]), sys.argv[5:])
