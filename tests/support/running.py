"""The command as a process of its own."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def environment(**more: str) -> dict[str, str]:
    """The environment in which `python -m kg` runs this checkout, from whatever folder, with buffered streams."""
    own = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    return {**own, "PYTHONPATH": str(ROOT), **more}


def run(*arguments: str, stdin: str | bytes = "") -> "subprocess.CompletedProcess[str]":
    """Run the command; what it writes has to be UTF-8."""
    data = stdin.encode() if isinstance(stdin, str) else stdin
    command = [sys.executable, "-m", "kg", *arguments]
    done = subprocess.run(command, input=data, capture_output=True, timeout=600, env=environment())
    return subprocess.CompletedProcess(command, done.returncode, done.stdout.decode(), done.stderr.decode())
