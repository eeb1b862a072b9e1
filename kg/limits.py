"""Limits of time and memory as options give them, and those of what a parser of RDF is given.

The watchdog is cheap and enough for one's own queries. What strangers wrote (shapes, queries, facts to reason on) runs
in a worker process: whatever it does, and whatever kills it, this process remains to report it.

pyoxigraph keeps a place in memory for each level of nesting, expands entities of XML as often as they are named, and
reads the terms of a JSON-LD context by each other: a few bytes could make it run without end, or crash. What goes
beyond the limits is refused before it reads.
"""

import os
import re
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import accumulate
from typing import TYPE_CHECKING, Any, TypeVar

from kg.errors import InputError, LimitError

if TYPE_CHECKING:
    import subprocess

    from pyoxigraph import Quad, RdfFormat

T = TypeVar("T")
_GRACE = 10  # seconds of processor time above the limit; seconds that a worker may have no address space left
_MEGABYTE = 1024 * 1024
_POLL = 0.05  # seconds between two looks at a worker
_LATER = 0.3  # seconds after which the alarm does what the thread could not do
# Levels of nesting. 5,000 triple terms or 10,000 JSON objects within each other end the process; the time that RDF/XML
# takes grows with the square of its depth.
MAX_DEPTH = {"jsonld": 100, "rdf": 1_000}  # by the ending of the format
MAX_TRIPLE_DEPTH = 100
MAX_ENTITIES = 1_000  # of an XML file; Python's own parser crashes by 100,000 that are made of one another
MAX_EXPANDED = 64 * 1024 * 1024  # bytes of what entities stand for, or of terms in full; or ten times those of the file
MAX_CHAIN = 20  # terms of a JSON-LD context that are defined by one another; 10,000 end the process
MAX_LONG = 2_000  # characters of a string in a context, and of an IRI that may be the namespace of many
MAX_COPIES = 10_000_000  # terms of contexts, as often as they are copied to add to them; 3 to 10 seconds
_SCOPED = 5  # how much more time a term of a scoped context takes (JSON-LD 1.1 §4.1.8)
_JSON = rb'"(?:[^"\\]++|\\[\s\S])*+"?|[\[\]{}]'
# Strings, IRIs, escapes and comments of Turtle, as in `kg.rdf.tokens`; or what opens or closes a triple term.
_TRIPLES = rb"""(?x) \"\"\"(?:[^"\\]++|\\[\s\S]|""?+(?!"))*+\"\"\" | \'\'\'(?:[^'\\]++|\\[\s\S]|''?+(?!'))*+\'\'\'
    | "(?:[^"\\\r\n]++|\\.)*+" | '(?:[^'\\\r\n]++|\\.)*+' | <(?:[^\x00-\x20<>"{}|^`\\]++|\\[uU][0-9A-Fa-f]{4,8})*+>
    | \\. | \#[^\r\n]*+ | (<<\(|\)>>)"""
_PREDEFINED = ("amp", "lt", "gt", "apos", "quot")  # entities (XML 1.0 §4.6)


class Watchdog(threading.Timer):
    """Calls a function after some seconds, or once this process has grown by some megabytes, unless it is cancelled.

    The latter holds on Linux, and `grown` tells of it. A thread does it and, where the platform has SIGALRM, a signal
    handler too: Python's regular expressions run no other thread but handle signals; an engine in Rust handles no
    signals but lets threads run.
    """

    def __init__(self, seconds: float, function: Callable[[], Any], memory: int | None = None) -> None:
        super().__init__(seconds, function)
        self.daemon, self.grown = True, False
        self._most = None if memory is None else _own(1) + memory * _MEGABYTE
        self._before: Any = None

    def start(self) -> None:
        """Start to wait."""
        super().start()
        if hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGALRM, lambda number, frame: self.function())
            signal.setitimer(signal.ITIMER_REAL, self.interval + _LATER)

    def run(self) -> None:
        """Wait, look at the memory, and call the function."""
        end = time.monotonic() + self.interval
        while not self.grown and (left := end - time.monotonic()) > 0:
            if self.finished.wait(left if self._most is None else min(left, _POLL)):
                return
            self.grown = self._most is not None and _own(1) > self._most
        self.function()

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
    with _signals() as received, _temporary_folder() as place:
        settings |= dict.fromkeys(("TMPDIR", "TEMP", "TMP"), place) if place else {}
        worker = subprocess.Popen(command, start_new_session=os.name == "posix", env=settings)
        watching = guard(place, worker.pid)
        try:
            done = _wait(worker, seconds, memory, received)
        finally:
            kill(worker)
            if watching is not None:
                watching.communicate(b"\n")
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
            used, size = memory_of(worker.pid)
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


@contextmanager
def _temporary_folder() -> Iterator[str]:
    """A folder for the temporary files of a worker, which cannot remove them when it is killed; empty without one."""
    import shutil
    import tempfile

    place = ""
    with suppress(OSError):
        place = tempfile.mkdtemp(prefix="kg-")
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def guard(place: str, group: int | str = "") -> "subprocess.Popen[bytes] | None":
    """A shell that kills a group and removes a folder once its stdin closes without a line: this process died."""
    import subprocess

    with suppress(OSError):  # no shell, as on Windows, where workers watch this process themselves
        act = 'read -r line || { [ -z "$2" ] || kill -s KILL -- "-$2"; [ -z "$1" ] || rm -rf -- "$1"; }'
        command = ["/bin/sh", "-c", act, "sh", place, str(group)]
        nowhere = subprocess.DEVNULL
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=nowhere, stderr=nowhere, start_new_session=True)
    return None


def machine_memory() -> int:
    """The megabytes of memory of this machine; zero where they are not known."""
    with suppress(AttributeError, ValueError, OSError):
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // _MEGABYTE
    return 0


def _own(number: int) -> int:
    """The bytes of the address space (0) or the memory (1) that this process uses; zero where it is not Linux."""
    with suppress(OSError), open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[number]) * os.sysconf("SC_PAGE_SIZE")
    return 0


def memory_of(pid: int) -> tuple[int, int]:
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
    if os.name == "nt":
        if parent is not None:
            _end_with(parent)
        return
    if parent not in (None, os.getppid()):
        os._exit(1)  # it was killed before it could start a guard
    _lower("RLIMIT_CORE", 0)
    if memory is not None:
        _lower("RLIMIT_AS", _address_space(memory))
    if seconds is not None:
        _lower("RLIMIT_CPU", int(seconds * (os.cpu_count() or 1)) + _GRACE)


def limit_growth(memory: int) -> Callable[[], object]:
    """Let allocations fail once this process has grown by `memory` megabytes (Linux); the result undoes that."""
    size = _own(0)
    return _lower("RLIMIT_AS", size + memory * _MEGABYTE) if size else lambda: None


def _lower(name: str, limit: int) -> Callable[[], object]:
    """Lower a limit of this process, as far as the platform has it and lets it be set; the result undoes that."""
    import importlib

    with suppress(ImportError, AttributeError, ValueError, OSError):  # macOS refuses some
        resource: Any = importlib.import_module("resource")
        soft, hard = resource.getrlimit(number := getattr(resource, name))
        known = [x for x in (limit, soft, hard) if x != resource.RLIM_INFINITY]
        resource.setrlimit(number, (min(known), hard))
        return lambda: resource.setrlimit(number, (soft, hard))
    return lambda: None


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


def _end_after(wait: Callable[[], object]) -> None:
    def end() -> None:
        wait()
        os._exit(1)

    threading.Thread(target=end, daemon=True).start()


def kill(worker: "subprocess.Popen[bytes]") -> None:
    """Kill a worker and all that it has started; nothing where it has ended."""
    if worker.poll() is not None:
        return
    if os.name == "posix":
        os.killpg(worker.pid, signal.SIGKILL)
    else:
        worker.kill()
    worker.wait()


def check_text(name: str, data: str | bytes, rdf_format: "RdfFormat") -> None:
    """Raise LimitError (too-deep, too-large) or InputError (syntax) for a text in this format that is not to be parsed.

    `name` is that of the file, for messages.
    """
    if isinstance(data, str):
        data = data.encode()
    if rdf_format.file_extension == "jsonld":
        steps = [(mark in b"[{") - (mark in b"]}") for mark in re.findall(_JSON, data)]
        _check_levels(name, "levels", MAX_DEPTH["jsonld"], steps)
        _check_contexts(name, data)
    elif rdf_format.file_extension == "rdf":
        _check_xml(name, data)
    elif data.count(b"<<(") > MAX_TRIPLE_DEPTH:
        steps = [(mark == b"<<(") - (mark == b")>>") for mark in re.findall(_TRIPLES, data)]
        _check_levels(name, "triple terms", MAX_TRIPLE_DEPTH, steps)


def bounded(name: str, data: str | bytes, quads: "Iterable[Quad]") -> "Iterator[Quad]":
    """The quads as they are parsed from a text; raises LimitError (too-large) where they are too many times its size.

    A long namespace is repeated in each term that begins with it.
    """
    raw = data.encode() if isinstance(data, str) else data
    if not re.search(rb"""[<"'][^\s<>"']{%d}""" % MAX_LONG, raw):
        yield from quads
        return
    left = max(MAX_EXPANDED, 10 * len(data))
    for quad in quads:
        left -= sum(len(getattr(term, "value", "")) for term in quad)
        if left < 0:
            raise LimitError("the terms of the file are too large in full", where=name, rule="too-large")
        yield quad


def _check_levels(name: str, what: str, most: int, steps: list[int]) -> None:
    if max(accumulate(steps), default=0) > most:
        raise LimitError(f"more than {most:,} {what} are nested", where=name, rule="too-deep")


def _check_xml(name: str, data: bytes) -> None:
    """Read XML as a strict parser does, up to what is ill-formed, too deep, or an entity that is more than plain text.

    pyoxigraph takes each `<!ENTITY` for a declaration, the last of a name for the valid one, and nests their values.
    """
    from xml.parsers import expat

    if data.count(b"<!ENTITY") > MAX_ENTITIES:
        raise LimitError(f"more than {MAX_ENTITIES:,} entities are declared", where=name, rule="too-large")
    entities, depth, most = dict[str, int](), 0, MAX_DEPTH["rdf"]
    parser = expat.ParserCreate("utf-8")  # the only encoding that pyoxigraph reads

    def where() -> str:
        return f"{name}:{parser.CurrentLineNumber}:{parser.CurrentColumnNumber + 1}"

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > most:
            raise LimitError(f"more than {most:,} levels are nested", where=where(), rule="too-deep")

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1

    def declare(entity: str, parameter: bool, value: str | None, *others: str | None) -> None:
        if parameter or value is None:
            message = "the file declares a parameter entity or one from elsewhere, which is not fetched"
            raise InputError(message, hint="write its text into the file", where=where(), rule="syntax")
        if "<" in value or not {*re.findall("&([^;]*)", value)} <= {*_PREDEFINED}:
            message, hint = f"the entity {entity} is made of other entities or of markup", "write it as plain text"
            raise LimitError(message, hint=hint, where=where(), rule="too-deep")
        entities[entity] = len(value.encode())

    def end_declarations() -> None:
        if data[: parser.CurrentByteIndex].count(b"<!ENTITY") != len(entities):
            message, hint = "an entity is declared twice, or in a comment", "remove all declarations but one"
            raise InputError(message, hint=hint, where=where(), rule="syntax")
        named = Counter(re.findall(rb"&([^#&;]++);", data)) if entities else {}
        if sum(entities.get(x.decode(), 0) * n for x, n in named.items()) > max(MAX_EXPANDED, 10 * len(data)):
            raise LimitError("the entities of the file stand for too much text", where=where(), rule="too-large")

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.EntityDeclHandler, parser.EndDoctypeDeclHandler = declare, end_declarations
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        place = f"{name}:{error.lineno}:{error.offset + 1}"
        raise InputError(
            f"the XML is ill-formed: {expat.ErrorString(error.code)}", where=place, rule="syntax"
        ) from error


def _check_contexts(name: str, data: bytes) -> None:
    """Refuse JSON-LD contexts whose terms are chained or very long, and those copied so often that it takes minutes."""
    import json

    try:  # an object becomes a tuple of its pairs, of which several may have the same key
        root = json.loads(data.decode("utf-8", "replace"), object_pairs_hook=tuple, parse_int=float, strict=False)
    except json.JSONDecodeError as error:
        raise InputError(error.msg, where=f"{name}:{error.lineno}:{error.colno}", rule="syntax") from error
    scoped, copies = dict[str, int](), 0
    for context in _contexts(root):
        _check_terms(name, context)
        scoped |= {term: size for term, value in context if (size := _size(value))}
    open_values: list[tuple[Any, int]] = [(root, 0)]  # with how many terms are known there
    while open_values:
        value, known = open_values.pop()
        if isinstance(value, str):
            copies += known + _SCOPED * scoped[value] if value in scoped else 0
        elif isinstance(value, list):
            open_values += ((inner, known) for inner in value)
        elif isinstance(value, tuple):
            for key, inner in value:
                if key == "@context":
                    objects = inner if isinstance(inner, list) else [inner]
                    for size in map(len, filter(lambda x: isinstance(x, tuple), objects)):
                        known += size
                        copies += known
            for key, inner in value:
                more = scoped.get(key, 0)
                copies += known + _SCOPED * more if more else 0
                open_values.append((inner, known + more))
        if copies > MAX_COPIES:
            hint = "declare terms once, in the context at the top of the file"
            raise LimitError("contexts are nested or repeated too often", hint=hint, where=name, rule="too-large")


def _contexts(root: Any) -> list[tuple[tuple[str, Any], ...]]:
    """All context objects within a value of JSON."""
    found, open_values = [], [root]
    while open_values:
        value = open_values.pop()
        if isinstance(value, list):
            open_values += value
        elif isinstance(value, tuple):
            for key, inner in value:
                open_values.append(inner)
                if key == "@context":
                    found += [x for x in (inner if isinstance(inner, list) else [inner]) if isinstance(x, tuple)]
    return found


def _size(definition: Any) -> int:
    """How many terms the scoped context of a term's definition has."""
    return sum(map(len, _contexts(definition))) if isinstance(definition, tuple) else 0


def _check_terms(name: str, context: tuple[tuple[str, Any], ...]) -> None:
    terms, needs = {term for term, _ in context}, dict[str, set[str]]()
    for term, value in context:
        strings = [term, value, *(x for pair in value for x in pair)] if isinstance(value, tuple) else [term, value]
        texts = [x for x in strings if isinstance(x, str)]
        if max(map(len, texts)) > MAX_LONG:
            message = f"a context has a string of more than {MAX_LONG:,} characters"
            raise LimitError(message, where=name, rule="too-large")
        if len(terms) <= MAX_CHAIN:
            continue
        mentioned = {x for text in texts for x in (text, text.partition(":")[0])}
        needs.setdefault(term, set()).update((mentioned & terms) - {term})
    for _ in range(MAX_CHAIN):
        needs = {term: left for term, others in needs.items() if (left := others & needs.keys())}
    if needs:
        message, hint = f"more than {MAX_CHAIN} terms of a context are defined by one another", "write IRIs in full"
        raise LimitError(message, hint=hint, where=name, rule="too-deep")
