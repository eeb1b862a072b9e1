"""Limits of time and memory: a watchdog within this process, and worker processes that can be killed.

The watchdog is cheap and enough for one's own queries. What strangers wrote (shapes, queries, facts to reason on) runs
in a worker process: whatever it does, and whatever kills it, this process remains to report it.
"""

import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from types import FrameType
from typing import TYPE_CHECKING, Any

from kg.errors import LimitError

if TYPE_CHECKING:
    import subprocess

_GRACE = 10  # seconds that a worker may outlive this process, if that is killed and cannot end it any more
_LATER = 0.3  # seconds after which the alarm does what the thread could not do


class Watchdog(threading.Timer):
    """Calls a function after some seconds, unless it is cancelled before.

    A thread does it and, where the platform has SIGALRM, a signal handler too: Python's regular expressions run no
    other thread but handle signals; an engine in Rust handles no signals but lets threads run.
    """

    def __init__(self, seconds: float, function: Callable[[], Any]) -> None:
        super().__init__(seconds, function)
        self.daemon = True
        self._before: Any = None

    def start(self) -> None:
        """Start to wait."""
        super().start()
        if hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGALRM, lambda number, frame: self.function())
            signal.setitimer(signal.ITIMER_REAL, self.interval + _LATER)

    def cancel(self) -> None:
        """Stop waiting."""
        super().cancel()
        if self._before is not None:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, self._before)
            self._before = None


def run_limited(code: str, arguments: Sequence[str], seconds: float | None, memory: int | None) -> int:
    """Run Python code in a worker process; the result is its exit code.

    `arguments` are its `sys.argv[1:]`; standard streams are those of this process. It is killed, with all that it
    has started, after `seconds`. `memory` (megabytes) is limited where the platform can. Raises LimitError where the
    worker is killed or crashes.
    """
    import subprocess

    limits = f"from kg import limits; limits.set_limits({seconds!r}, {memory!r})\n"
    # -P: a folder in which somebody else's files lie is no place to import from.
    command = [sys.executable, "-P", "-c", limits + code, *arguments]
    worker = subprocess.Popen(command, start_new_session=os.name == "posix")
    before = _end_with_this_process(worker)
    try:
        done = worker.wait(seconds)
    except subprocess.TimeoutExpired as error:
        message, hint = f"not done within {seconds:g} s", "raise the limit with --timeout SECONDS"
        raise LimitError(message, hint=hint, rule="time-out") from error
    finally:
        _kill(worker)
        if before is not None:
            signal.signal(signal.SIGTERM, before)
    if done < 0 or done > 255:  # a signal; on Windows, an exception of the system
        hint = "the input is too deep or too large; raise the limit with --memory MEGABYTES if you trust it"
        raise LimitError("the command crashed or ran out of memory", hint=hint, rule="crash")
    return done


def set_limits(seconds: float | None, memory: int | None) -> None:
    """Limit this process, as far as the platform can: its memory in megabytes, and its processor time generously."""
    import importlib

    try:
        resource: Any = importlib.import_module("resource")  # not on Windows
    except ImportError:
        return
    wanted = {"RLIMIT_CORE": 0}
    if memory is not None:
        wanted["RLIMIT_AS"] = memory * 1024 * 1024
    if seconds is not None:
        wanted["RLIMIT_CPU"] = int(seconds * (os.cpu_count() or 1)) + _GRACE
    for name, limit in wanted.items():
        try:
            _, hard = resource.getrlimit(getattr(resource, name))
            known = [x for x in (limit, hard) if x != resource.RLIM_INFINITY]
            resource.setrlimit(getattr(resource, name), (min(known), hard))
        except (AttributeError, ValueError, OSError):
            continue  # macOS refuses some limits; the deadline is left


def _end_with_this_process(worker: "subprocess.Popen[bytes]") -> Any:
    """Have SIGTERM end the worker too; the result is the handler to put back, None where there is none to set."""
    if os.name != "posix" or threading.current_thread() is not threading.main_thread():
        return None

    def end(number: int, frame: FrameType | None) -> None:
        _kill(worker)
        os._exit(128 + number)

    return signal.signal(signal.SIGTERM, end)


def _kill(worker: "subprocess.Popen[bytes]") -> None:
    """Kill a worker and all that it has started; nothing where it has ended."""
    if worker.poll() is not None:
        return
    if os.name == "posix":
        os.killpg(worker.pid, signal.SIGKILL)
    else:
        worker.kill()
    worker.wait()
