"""The command in a process that is killed at its n-th change of files, as by `kill -9`: nothing is tidied up."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO, Any

from running import ROOT, environment

KILL = getattr(signal, "SIGKILL", signal.SIGTERM)  # on Windows SIGTERM ends a process at once as well
_CHANGES = ("os.chmod", "os.mkdir", "os.remove", "os.rename", "os.truncate")


def started(at: int, *words: str, folder: Path, stdin: int | IO[bytes] | None = None) -> "subprocess.Popen[str]":
    """Start the command in a folder, to be killed if it comes so far; its standard output is a pipe."""
    out, err = subprocess.PIPE, subprocess.DEVNULL
    return subprocess.Popen(
        command(at, *words), cwd=folder, env=settings(), stdin=stdin, stdout=out, stderr=err, encoding="utf-8"
    )


def command(at: int, *words: str) -> list[str]:
    """What runs the command until just before its n-th change, counted from 1; 0 for as long as it takes."""
    return [sys.executable, str(Path(__file__)), str(at), *words]


def settings(**more: str) -> dict[str, str]:
    """The environment of such a process, in which nothing but the command changes files."""
    return environment(PYTHONDONTWRITEBYTECODE="1", **more)


def run(at: int, *words: str, folder: Path, stdin: str = "", **more: str) -> "subprocess.CompletedProcess[str]":
    """Run the command in a folder, until it is killed if it comes so far."""
    env, line = settings(**more), command(at, *words)
    return subprocess.run(line, input=stdin, cwd=folder, env=env, capture_output=True, encoding="utf-8", timeout=600)


def was_killed(code: int) -> bool:
    """Whether a return code is that of a process that was killed."""
    return code in (-KILL, KILL)


def _count_down(at: int) -> None:
    left = at

    def hook(event: str, given: tuple[Any, ...]) -> None:
        nonlocal left
        writes = event == "open" and isinstance(given[2], int) and given[2] & (os.O_WRONLY | os.O_RDWR)
        if writes or event in _CHANGES:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), KILL)

    sys.addaudithook(hook)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    from kg.cli.main import main

    _count_down(int(sys.argv[1]))
    sys.exit(main(sys.argv[2:]))
