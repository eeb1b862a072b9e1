"""The command in this process: its exit code, and what it writes to each stream."""

import contextlib
import io
import re
from typing import NamedTuple

from kg.cli.main import main

# What would drive a terminal, turn the direction of what it shows, or not be seen at all.
UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)


class Ran(NamedTuple):
    """The exit code, stdout and stderr of one run."""

    code: int
    out: str
    err: str


def inside(*arguments: str) -> Ran:
    """Run the command; an exception that it lets through is that of the test."""
    streams = [io.TextIOWrapper(io.BytesIO(), encoding="ascii") for _ in range(2)]
    with contextlib.redirect_stdout(streams[0]), contextlib.redirect_stderr(streams[1]):
        try:
            code = main(arguments)
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else 0
    out, err = (stream.buffer.getvalue().decode() for stream in streams)
    return Ran(code, out, err)


def faults(ran: Ran, *, forged: str = "FORGED") -> list[str]:
    """What no run may do, whatever it meets: `forged` is what hostile input puts at the start of a line."""
    lines = f"{ran.out}\n{ran.err}".split("\n")
    wrong = {
        "a traceback": "Traceback" in ran.out + ran.err,
        "a fault of its own": "[internal]" in ran.err,
        "an unsafe character": UNSAFE.search(ran.out + ran.err),
        "a forged line": any(line.startswith(forged) for line in lines),
        "a workflow command": any(line.strip().startswith("::") or "##[" in line for line in lines),
        "no error for its exit code": ran.code > 1 and not re.search("error: |violation: ", ran.out + ran.err),
    }
    return [fault for fault, holds in wrong.items() if holds]
