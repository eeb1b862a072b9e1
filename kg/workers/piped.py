"""A process that is given bytes, gives bytes, and is killed at its limits: for an engine that may crash."""

import os
import sys
import threading
import time
from collections.abc import Callable

from kg import limits
from kg.errors import LimitError

_MEGABYTE = 1024 * 1024
_POLL = 0.05  # seconds between two looks at the process


def start(code: str, data: bytes, seconds: float, memory: int) -> Callable[[], bytes]:
    """Run Python code in a process of its own; the result waits for it, and gives what it wrote to stdout.

    The code reads `data` from stdin; its stderr goes nowhere. It is killed after `seconds`, above `memory` (megabytes;
    not on Windows), and when this process ends. The result raises LimitError where it was, or ended with an exit code.
    """
    import subprocess

    limited = f"from kg import limits; limits.set_limits({seconds!r}, {memory!r}, {os.getpid()})\n"
    # -P: a folder in which somebody else's files lie is no place to import from.
    command = [sys.executable, "-P", "-c", limited + code]
    settings = {**os.environ, "RUST_BACKTRACE": "0"}
    pipe = subprocess.PIPE
    process = subprocess.Popen(
        command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, env=settings, start_new_session=os.name == "posix"
    )
    guard, written, killed = limits.guard("", process.pid), list[bytes](), list[str]()

    def talk() -> None:
        written.append(process.communicate(data)[0])

    def watch() -> None:
        talking = threading.Thread(target=talk, daemon=True)
        talking.start()
        end = time.monotonic() + seconds
        while talking.is_alive():
            talking.join(_POLL)
            if time.monotonic() >= end:
                killed.append(f"was not done within {seconds:g} s")
            elif limits.memory_of(process.pid)[0] > memory * _MEGABYTE:
                killed.append(f"needed more than {memory} MB of memory")
            if killed:
                limits.kill(process)
                talking.join()
        if guard is not None:
            guard.communicate(b"\n")

    watching = threading.Thread(target=watch, daemon=True)
    watching.start()

    def result() -> bytes:
        try:
            watching.join()
        except BaseException:
            limits.kill(process)
            raise
        if killed or process.returncode or not written:
            raise LimitError(killed[0] if killed else "crashed", rule="crash")
        return written[0]

    return result
