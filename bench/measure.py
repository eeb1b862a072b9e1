"""Measuring processes: time and peak memory of each, contenders interleaved, medians of several rounds.

Every contender runs in a process of its own. Its peak memory is what the kernel says of it when it ends. Since that
figure starts at the size of the process that started it, nothing large is imported here. For POSIX systems.
"""

import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

_UNIT = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss, in bytes


@dataclass(frozen=True)
class Contender:
    """Who is measured, and by which command. `limit` in seconds; the command is not tried again once it was too slow.

    A command may print, as its last line, a JSON object with the `seconds` that count, where those of the whole process
    do not; `parts`, seconds by name; and a `count`.
    """

    name: str
    command: Sequence[str]
    limit: float = 600
    codes: tuple[int, ...] = (0,)


@dataclass
class Result:
    """What the rounds of one contender gave: seconds each, megabytes at the most, a note where there is no more.

    `count` is what a contender says it made: triples inferred or written, where each has a notion of its own.
    """

    name: str
    seconds: list[float] = field(default_factory=list)
    megabytes: float = 0
    parts: dict[str, list[float]] = field(default_factory=dict)
    note: str = ""
    count: int = 0

    @property
    def median(self) -> float | None:
        """The median of the seconds; None where no round came to its end."""
        return statistics.median(self.seconds) if self.seconds else None


def interleaved(
    contenders: Sequence[Contender],
    rounds: int,
    before: Callable[[], None] = lambda: None,
    say: Callable[[str], None] = lambda step: None,
) -> list[Result]:
    """Run every contender once per round, so that what slows the machine for a while slows them all.

    `before` is called ahead of each run, and is not measured.
    """
    results = {c.name: Result(c.name) for c in contenders}
    for number in range(1, rounds + 1):
        for contender in contenders:
            result = results[contender.name]
            if not result.note:
                say(f"  round {number} of {rounds}: {contender.name}")
                before()
                _run(contender, result)
    return list(results.values())


def _run(contender: Contender, result: Result) -> None:
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        started = time.perf_counter()
        process = subprocess.Popen(contender.command, stdout=output, stderr=errors, env=_environment())
        late = threading.Timer(contender.limit, os.kill, (process.pid, signal.SIGKILL))
        late.start()
        _, status, usage = os.wait4(process.pid, 0)
        elapsed = time.perf_counter() - started
        late.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        result.megabytes = max(result.megabytes, usage.ru_maxrss * _UNIT / 1e6)
        if elapsed >= contender.limit:
            result.note = f"more than {contender.limit:g} s"
        elif process.returncode not in contender.codes:
            result.note = f"failed with {process.returncode}: {_last(errors.fileno())}"
        else:
            _add(result, elapsed, _last(output.fileno()))


def _add(result: Result, elapsed: float, line: str) -> None:
    reported = json.loads(line) if line.startswith('{"bench"') else {}
    result.seconds.append(reported.get("seconds", elapsed))
    result.count = reported.get("count", 0)
    for name, seconds in reported.get("parts", {}).items():
        result.parts.setdefault(name, []).append(seconds)


def _last(descriptor: int) -> str:
    """The last line of what a process wrote."""
    size = os.lseek(descriptor, 0, os.SEEK_END)
    os.lseek(descriptor, max(0, size - 100_000), os.SEEK_SET)
    lines = os.read(descriptor, 100_000).decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else ""


def _environment() -> dict[str, str]:
    """Without what would have modules compiled anew on every run."""
    return {k: v for k, v in os.environ.items() if k not in ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED")}
