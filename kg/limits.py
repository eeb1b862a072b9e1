"""Limits of time and memory as options give them: a watchdog here, and worker processes that can be killed.

The watchdog is cheap and enough for one's own queries. What strangers wrote (shapes, queries, facts to reason on) runs
in a worker process: whatever it does, and whatever kills it, this process remains to report it.
"""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, TypeVar

from kg.errors import LimitError

if TYPE_CHECKING:
    import subprocess

T = TypeVar("T")
_GRACE = 10  # seconds of processor time above the limit; seconds that a worker may have no address space left
_MEGABYTE = 1024 * 1024
_POLL = 0.05  # seconds between two looks at a worker
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

    `arguments` are its `sys.argv[1:]`; standard streams are those of this process. It is killed, with all that it has
    started, after `seconds`, above `memory` (megabytes, of all its processes; not on Windows), and when this process
    ends, however that comes. Raises LimitError where it is killed for a limit or crashes, SystemExit with 128 and the
    number of a signal (SIGINT, SIGTERM, SIGHUP) that this process gets meanwhile.
    """
    import subprocess

    limits = f"from kg import limits; limits.set_limits({seconds!r}, {memory!r}, {os.getpid()})\n"
    # -P: a folder in which somebody else's files lie is no place to import from.
    command = [sys.executable, "-P", "-c", limits + code, *arguments]
    settings = {**os.environ, "RUST_BACKTRACE": "0"}  # to print one takes memory, of which there may be none left
    with _signals() as received:
        worker = subprocess.Popen(command, start_new_session=os.name == "posix", env=settings)
        guard = _guard(worker.pid)
        try:
            done = _wait(worker, seconds, memory, received)
        finally:
            _kill(worker)
            if guard is not None:
                guard.communicate(b"\n")
    if done < 0 or done > 255:  # a signal; on Windows, an exception of the system
        hint = "the input is too deep or too large; raise the limit with --memory MEGABYTES if you trust it"
        raise LimitError("the command crashed or ran out of memory", hint=hint, rule="crash")
    return done


def _wait(worker: "subprocess.Popen[bytes]", seconds: float | None, memory: int | None, received: list[int]) -> int:
    """Wait for a worker within its limits; its exit code."""
    import subprocess

    started, full = time.monotonic(), 0.0  # how long, and since when its address space is used up
    while True:
        try:
            return worker.wait(_POLL if seconds is None else max(0, min(_POLL, started + seconds - time.monotonic())))
        except subprocess.TimeoutExpired:
            now = time.monotonic()
        if received:
            raise SystemExit(128 + received[0])
        if seconds is not None and now >= started + seconds:
            message, hint = f"not done within {seconds:g} s", "raise the limit with --timeout SECONDS"
            raise LimitError(message, hint=hint, rule="time-out")
        if memory is not None:
            used, size = _memory(worker.pid)
            full = 0.0 if size < 0.9 * _address_space(memory) else full or now
            # What Rust does where an allocation fails may never end.
            if used > memory * _MEGABYTE or (full and now > full + _GRACE):
                hint = "raise the limit with --memory MEGABYTES if you trust the input"
                raise LimitError(f"more than {memory} MB of memory are needed", hint=hint, rule="memory")


@contextmanager
def _signals() -> Iterator[list[int]]:
    """Collect the numbers of the signals that should end this process, in the main thread; it has to look at them.

    A handler that did more could meet a worker that is about to be started, or waited for.
    """
    received: list[int] = []
    names = ("SIGINT", "SIGTERM", "SIGHUP") if threading.current_thread() is threading.main_thread() else ()
    known = [getattr(signal, name) for name in names if hasattr(signal, name)]
    heeded = [number for number in known if signal.getsignal(number) != signal.SIG_IGN]  # nohup ignores SIGHUP
    before = {number: signal.signal(number, lambda number, frame: received.append(number)) for number in heeded}
    try:
        yield received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _guard(group: int) -> "subprocess.Popen[bytes] | None":
    """A shell that kills a process group where its stdin closes without a line: where this process was killed."""
    import subprocess

    with suppress(OSError):  # no shell, as on Windows, where workers watch this process themselves
        command = ["/bin/sh", "-c", 'read -r line || kill -s KILL -- "-$1"', "sh", str(group)]
        nowhere = subprocess.DEVNULL
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=nowhere, stderr=nowhere, start_new_session=True)
    return None


def _memory(pid: int) -> tuple[int, int]:
    """The bytes that a process and all below it have for themselves, and the largest address space of one of them.

    Zero for what is not known: both on Windows, the latter on all but Linux.
    """
    if os.name != "posix":
        return 0, 0
    if sys.platform != "linux":
        import subprocess

        listed = subprocess.run(["ps", "-A", "-o", "pgid=,rss="], capture_output=True, check=False).stdout
        rows = [line.split() for line in listed.splitlines()]
        return sum(int(size) * 1024 for group, size in rows if int(group) == pid), 0
    own, largest, page = 0, 0, os.sysconf("SC_PAGE_SIZE")
    for process in _processes(pid):
        with suppress(OSError, ValueError), open(f"/proc/{process}/statm", encoding="ascii") as file:
            size, resident, shared = map(int, file.read().split()[:3])
            own, largest = own + (resident - shared) * page, max(largest, size * page)
    return own, largest


def _processes(pid: int) -> Iterator[int]:
    """A process and all below it (Linux)."""
    yield pid
    with suppress(OSError):
        for thread in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{thread}/children", encoding="ascii") as file:
                children = file.read().split()
            for child in children:
                yield from _processes(int(child))


def _address_space(memory: int) -> int:
    """The bytes of address space for a limit in megabytes: so many that the memory in use meets its limit first.

    This bounds what is allocated at once. Where a small allocation fails, Rust may hang or loop for ever.
    """
    return (2 * memory + 1024) * _MEGABYTE


def set_limits(seconds: float | None, memory: int | None, parent: int | None = None) -> None:
    """Limit this process, as far as the platform can: its address space for `memory` megabytes, its processor time.

    Both are generous, since `parent`, the process that started this one, keeps the limits; this one ends with it.
    """
    import importlib

    try:
        resource: Any = importlib.import_module("resource")
    except ImportError:  # on Windows
        if parent is not None:
            _end_with(parent)
        return
    if parent not in (None, os.getppid()):
        os._exit(1)  # it was killed before it could start a guard
    wanted = {"RLIMIT_CORE": 0}
    if memory is not None:
        wanted["RLIMIT_AS"] = _address_space(memory)
    if seconds is not None:
        wanted["RLIMIT_CPU"] = int(seconds * (os.cpu_count() or 1)) + _GRACE
    for name, limit in wanted.items():
        try:
            _, hard = resource.getrlimit(getattr(resource, name))
            known = [x for x in (limit, hard) if x != resource.RLIM_INFINITY]
            resource.setrlimit(getattr(resource, name), (min(known), hard))
        except (AttributeError, ValueError, OSError):
            continue  # macOS refuses some limits; the deadline is left


def _end_with(parent: int) -> None:
    """End this process when another one ends (Windows)."""
    import importlib

    windows: Any = importlib.import_module("_winapi")
    handle = windows.OpenProcess(windows.SYNCHRONIZE, False, parent)
    _end_after(lambda: windows.WaitForSingleObject(handle, windows.INFINITE))


def end_with_parent() -> None:
    """End this process of a pool (multiprocessing) when the one that started it ends, however that comes."""
    import multiprocessing

    if parent := multiprocessing.parent_process():
        _end_after(parent.join)


def uninterrupted(function: Callable[..., T], *arguments: object) -> T:
    """Call a function that may start processes: SIGINT waits for its end, and never reaches them (not on Windows)."""
    if not hasattr(signal, "pthread_sigmask"):
        return function(*arguments)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        return function(*arguments)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def safe_path() -> Iterator[None]:
    """Let Python processes that are started in this context import nothing from the current folder."""
    before = os.environ.get("PYTHONSAFEPATH")
    os.environ["PYTHONSAFEPATH"] = "1"
    try:
        yield
    finally:
        del os.environ["PYTHONSAFEPATH"]
        if before is not None:
            os.environ["PYTHONSAFEPATH"] = before


def _end_after(wait: Callable[[], object]) -> None:
    def end() -> None:
        wait()
        os._exit(1)

    threading.Thread(target=end, daemon=True).start()


def _kill(worker: "subprocess.Popen[bytes]") -> None:
    """Kill a worker and all that it has started; nothing where it has ended."""
    if worker.poll() is not None:
        return
    if os.name == "posix":
        os.killpg(worker.pid, signal.SIGKILL)
    else:
        worker.kill()
    worker.wait()
