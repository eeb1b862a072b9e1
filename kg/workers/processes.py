"""Worker processes: a function that answers requests, prepared once, in processes that can be killed.

On POSIX one process prepares the function and forks each worker off itself, so that a worker is there within
milliseconds and shares the memory of what was prepared. Elsewhere each worker is a process that prepares the function
for itself. A message is its length in eight bytes, and its bytes.
"""

import contextlib
import gc
import importlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from kg import limits
from kg.errors import InputError, KgError, LimitError, UsageError

Answer = Callable[[bytes], bytes]
Prepared = tuple[Answer, dict[str, Any]]  # the function, and what is told of it to the process that starts workers

MEMORY, LATE, FAULT = 71, 72, 73  # exit codes: above the limit of memory, past the deadline, an error of ours
_GRACE = 2.0  # seconds after the deadline in which the pool kills a worker; then it ends itself
_STACK = 16 * 1024 * 1024  # bytes: twice of what the limits in `kg.rdf.sparql` are measured for
_LARGEST = 1 << 30  # bytes of a message
_KINDS: dict[str, type[KgError]] = {cls.__name__: cls for cls in (UsageError, InputError, LimitError)}
RARELY = (10_000, 20, 100)  # thresholds of the garbage collector, for work that keeps most of what it makes
_FORKS = hasattr(os, "fork") and hasattr(socket, "send_fds")


class Worker:
    """A process that answers one request at a time. Killed, it answers no more."""

    def __init__(self, pid: int, stream: BinaryIO, sink: BinaryIO, ended: Callable[[], int]) -> None:
        self.pid, self.answered = pid, 0
        self._stream, self._sink, self._ended = stream, sink, ended
        self._lock, self._running = threading.Lock(), True

    def exchange(self, request: bytes) -> bytes:
        """The answer to a request. Raises EOFError or OSError where the process ends before."""
        _send(self._sink, request)
        self.answered += 1
        return _receive(self._stream)

    def kill(self) -> None:
        """End the process, whatever it does."""
        self._signal("SIGKILL" if os.name == "posix" else "SIGTERM")

    def processor_time(self) -> float | None:
        """The seconds that processors have worked for this process; None where that is not known (but on Linux)."""
        try:
            with open(f"/proc/{self.pid}/stat", encoding="ascii", errors="replace") as file:
                fields = file.read().rpartition(")")[2].split()
            return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        except (OSError, IndexError):
            return None

    def yield_processor(self) -> None:
        """Let all other processes go first, as far as the platform can; this cannot be undone."""
        if hasattr(os, "setpriority"):
            with self._lock, contextlib.suppress(OSError):
                for number in _threads(self.pid) if self._running else ():
                    os.setpriority(os.PRIO_PROCESS, number, 19)

    def pause(self) -> bool:
        """Stop the process where it is, until `resume`; False where the platform cannot."""
        return self._signal("SIGSTOP")

    def resume(self) -> None:
        """Let a paused process go on."""
        self._signal("SIGCONT")

    def _signal(self, name: str) -> bool:
        """Send a signal, unless the process has been waited for, and its number may be another's."""
        with self._lock:
            if self._running and hasattr(signal, name):
                with contextlib.suppress(OSError):
                    os.kill(self.pid, getattr(signal, name))
                    return True
        return False

    def close(self) -> int:
        """End the process, if it still runs, and wait for it: its exit code, negative for the number of a signal."""
        self.kill()
        with self._lock:
            if not self._running:
                return 0
            self._running = False
            code = self._ended()
            for stream in (self._sink, self._stream):
                with contextlib.suppress(OSError):
                    stream.close()
            return code


def _threads(pid: int) -> list[int]:
    """What has a priority of its own: each thread of a process on Linux, the process elsewhere."""
    try:
        return [int(name) for name in os.listdir(f"/proc/{pid}/task")]
    except OSError:
        return [pid]


class Starter:
    """Starts workers that run one function. Its methods take time; they may be called from any thread.

    `function` is `module:name`, called with `arguments`, which JSON can carry: it gives the function that answers, and
    what is told of it (`about`). `seconds` and `memory` (megabytes) are the limits of each request: above them a worker
    ends itself. Raises KgError where the function does.
    """

    about: dict[str, Any]

    def start(self) -> Worker:
        """A new worker. Raises EOFError or OSError where none can be started."""
        raise NotImplementedError

    def close(self) -> None:
        """End all workers, and what starts them."""
        raise NotImplementedError


def starter(
    function: str, arguments: dict[str, Any], seconds: float, memory: int | None, fork: bool = _FORKS
) -> Starter:
    """The starter for this platform; one that does not `fork` is slower and runs everywhere."""
    settings = json.dumps([function, arguments, seconds, memory, os.getpid()])
    return _Forks(settings) if fork else _Spawns(settings)


# The process that forks workers


class _Forks(Starter):
    """Starts a process that prepares the function and forks."""

    def __init__(self, settings: str) -> None:
        self._lock = threading.Lock()
        self._control, theirs = socket.socketpair()
        try:
            number = theirs.fileno()
            self._process = _python(f"fork({settings!r}, {number})", pass_fds=(number,), stdin=subprocess.DEVNULL)
        finally:
            theirs.close()
        try:
            with self._control.makefile("rb", buffering=0) as stream:
                self.about = told(_receive(stream))["about"]  # type: ignore[arg-type]
        except EOFError as error:
            self.close()
            raise _crashed() from error
        except BaseException:
            self.close()
            raise

    def start(self) -> Worker:
        ours, theirs = socket.socketpair()
        try:
            with theirs, self._lock:
                socket.send_fds(self._control, [b"fork"], [theirs.fileno()])
                pid = self._number()
        except BaseException:
            ours.close()
            raise
        stream, sink = ours.makefile("rb"), ours.makefile("wb", buffering=0)
        ours.close()  # once both files are
        return Worker(pid, stream, sink, lambda: self._wait(pid))  # type: ignore[arg-type]

    def _wait(self, pid: int) -> int:
        with self._lock, contextlib.suppress(OSError, EOFError):
            self._control.sendall(pid.to_bytes(8, "big"))
            return self._number()
        return 0

    def _number(self) -> int:
        data = self._control.recv(8, socket.MSG_WAITALL)
        if len(data) < 8:
            raise EOFError
        return int.from_bytes(data, "big", signed=True)

    def close(self) -> None:
        self._control.close()
        with contextlib.suppress(OSError):
            os.killpg(self._process.pid, signal.SIGKILL)  # with all that it has forked
        self._process.wait()


def fork(settings: str, control_number: int) -> None:
    """Prepare the function, and fork a worker for each socket that comes; the main function of a process of its own."""
    function, arguments, seconds, memory, parent = json.loads(settings)
    limits.set_limits(None, None, parent)
    os.dup2(2, 1)  # what a library prints is no answer
    control = socket.socket(fileno=control_number)
    sink: Any = control.makefile("wb", buffering=0)
    answer = _prepare(function, arguments, sink)
    while True:
        data, numbers, _, _ = socket.recv_fds(control, 8, 1)
        if not data:  # the process that started this one has ended
            os.killpg(0, signal.SIGKILL)
        if numbers:
            pid = os.fork()
            if not pid:
                control.detach()
                os.close(control_number)
                _answer_requests(socket.socket(fileno=numbers[0]), answer, seconds, memory)
            os.close(numbers[0])
            control.sendall(pid.to_bytes(8, "big"))
        else:
            control.sendall(_exit_code(int.from_bytes(data, "big")).to_bytes(8, "big", signed=True))


def _exit_code(pid: int) -> int:
    try:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    except ChildProcessError:
        return 0


def _answer_requests(connection: socket.socket, answer: Answer, seconds: float, memory: int | None) -> None:
    """Answer in a new thread, whose random numbers are its own: those of engines would be the same in each worker."""
    stream, sink = connection.makefile("rb"), connection.makefile("wb", buffering=0)
    threading.stack_size(_STACK)
    threading.Thread(target=_loop, args=(stream, sink, answer, seconds, memory), daemon=True).start()
    threading.Event().wait()


def _loop(stream: BinaryIO, sink: BinaryIO, answer: Answer, seconds: float, memory: int | None) -> None:
    """Answer one request after the other; this process ends with the one that asks, and above its limits."""
    if memory is not None:
        limits.limit_growth(2 * memory)  # bounds what is allocated at once; the watchdog meets its limit first
    try:
        while True:
            request = _receive(stream)
            with _limited(seconds, memory):
                reply = answer(request)
            _send(sink, reply)
    except (EOFError, OSError):
        os._exit(0)
    except MemoryError:
        os._exit(MEMORY)
    except BaseException:  # a panic in Rust is no Exception
        import traceback

        traceback.print_exc()
        sys.stderr.flush()
    finally:
        os._exit(FAULT)


@contextlib.contextmanager
def _limited(seconds: float, memory: int | None) -> Iterator[None]:
    """End this process above its limits."""
    watchdog = limits.Watchdog(seconds + _GRACE, lambda: os._exit(MEMORY if watchdog.grown else LATE), memory)
    watchdog.start()
    yield
    watchdog.cancel()


# A process for each worker


class _Spawns(Starter):
    """Starts each worker as a process that prepares the function for itself."""

    def __init__(self, settings: str) -> None:
        self._settings, self._workers = settings, set[Worker]()
        self._first = [self._started()]  # which has told that the function can be prepared

    def start(self) -> Worker:
        return self._first.pop() if self._first else self._started()

    def _started(self) -> Worker:
        process = _python(f"spawn({self._settings!r})", bufsize=0, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        stream, sink = process.stdout, process.stdin
        assert stream is not None
        assert sink is not None

        def ended() -> int:
            self._workers.discard(worker)
            return process.wait()

        worker = Worker(process.pid, stream, sink, ended)  # type: ignore[arg-type]
        self._workers.add(worker)
        try:
            self.about = told(_receive(stream))["about"]  # type: ignore[arg-type]
        except EOFError as error:
            worker.close()
            raise _crashed() from error
        except BaseException:
            worker.close()
            raise
        return worker

    def close(self) -> None:
        for worker in [*self._workers]:
            worker.close()


def spawn(settings: str) -> None:
    """Prepare the function, and answer the requests on stdin on stdout; the main function of a process of its own."""
    function, arguments, seconds, memory, parent = json.loads(settings)
    limits.set_limits(None, None, parent)
    stream, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # what a library prints is no answer
    answer = _prepare(function, arguments, sink)
    threading.stack_size(_STACK)
    thread = threading.Thread(target=_loop, args=(stream, sink, answer, seconds, memory), daemon=True)
    thread.start()
    thread.join()


# What both have


def _python(call: str, **settings: Any) -> "subprocess.Popen[bytes]":
    # -P: a folder in which somebody else's files lie is no place to import from.
    command = [sys.executable, "-P", "-c", f"from kg.workers import processes; processes.{call}"]
    environment = {**os.environ, "RUST_BACKTRACE": "0"}
    session = os.name == "posix"  # a signal of the terminal goes to the process that starts these
    return subprocess.Popen(command, env=environment, start_new_session=session, **settings)


def _prepare(function: str, arguments: dict[str, Any], sink: BinaryIO) -> Answer:
    """The function that answers; that it is there, or why not, is written to the sink, and then this process ends."""
    module, _, name = function.partition(":")
    try:
        answer, about = getattr(importlib.import_module(module), name)(**arguments)
    except KgError as error:
        _send(sink, as_message(error))
        os._exit(error.exit_code)
    gc.collect()
    gc.freeze()  # what is never collected stays shared
    _send(sink, json.dumps({"about": about}).encode())
    return answer  # type: ignore[no-any-return]


@contextlib.contextmanager
def collecting_rarely() -> Iterator[None]:
    """Have the garbage collector look at what is new, seldom, and not at all that is there."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(*RARELY)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def as_message(error: KgError) -> bytes:
    """An error as a message, see `told`."""
    parts: dict[str, Any] = {key: getattr(error, key) for key in ("message", "hint", "where", "rule")}
    parts["findings"] = [str(finding) for finding in error.findings]
    return json.dumps({"error": type(error).__name__, **parts}).encode()


def told(message: bytes) -> dict[str, Any]:
    """A message that is an object of JSON, but for `error`. Raises the KgError that was raised instead."""
    found: dict[str, Any] = json.loads(message)
    if "error" in found:
        raise _KINDS.get(found.pop("error"), InputError)(found.pop("message"), **found)
    return found


def _crashed() -> LimitError:
    return LimitError("the graph could not be loaded: its process ended", hint="see above why", rule="crash")


def _send(sink: BinaryIO, message: bytes) -> None:
    data = memoryview(len(message).to_bytes(8, "big") + message)
    while data:
        data = data[sink.write(data) or 0 :]


def _receive(stream: BinaryIO) -> bytes:
    size = int.from_bytes(_exactly(stream, 8), "big")
    if size > _LARGEST:
        raise EOFError("no message is so large")
    return _exactly(stream, size)


def _exactly(stream: BinaryIO, size: int) -> bytes:
    parts, left = list[bytes](), size
    while left:
        part = stream.read(left)
        if not part:
            raise EOFError
        parts.append(part)
        left -= len(part)
    return b"".join(parts)
