"""Examples in Markdown that run: what a page shows as output is what the command prints.

In a `console` block, `$ kg …` stands above its output, as a terminal of 100 columns without colours shows it, both
streams in one; `$ make` is the tour. In a `pycon` block, `>>> …` stands above its output. Each block starts in an
empty folder below the graph folder, and sees that graph and what the block itself has made; `< FILE` is its input.
An output that ends in a line `…` is cut there: only the lines above it are shown, and held against the real ones.
"""

import contextlib
import io
import os
import re
import shlex
import sys
import tempfile
from collections.abc import Callable, Iterator
from typing import Any

from kg.source import layout

_ERROR = re.compile("^error: ", re.MULTILINE)
FENCE = re.compile(r"^```(console|pycon)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
WIDTH = 100
CUT = "…\n"
ALIASES = {"make": ["kg", "tour"]}
ROOT = "~/entente"  # where the graph folder is on the pages


class Terminal(io.StringIO):
    """A text that passes for a terminal, so that commands print tables and not CSV."""

    def isatty(self) -> bool:
        """Always true."""
        return True


class Errors(io.StringIO):
    """Standard error, written into the same text as standard output; no terminal, so progress stays silent."""

    def __init__(self, terminal: Terminal) -> None:
        super().__init__()
        self._terminal = terminal

    def write(self, text: str) -> int:
        """Write to the terminal."""
        return self._terminal.write(text)


def examples(text: str) -> list[tuple[str, str]]:
    """The language and the body of each block that runs, in their order on the page."""
    return [(m[1], m[2]) for m in FENCE.finditer(text)]


def refresh(text: str) -> str:
    """The page with the real output in each block."""
    return FENCE.sub(lambda m: f"```{m[1]}\n{replay(m[1], m[2])}```", text)


def replay(language: str, body: str, above: str | None = None) -> str:
    """The body of a block with the real outputs, run in an empty folder within the folder `above`.

    Raises ValueError for a command that pages may not show.
    """
    with workspace(above):
        return rerun(body) if language == "console" else rerun(body, ">>> ", _python({}))


def rerun(body: str, prompt: str = "$ ", execute: Callable[[str], str] = lambda line: run(line)[1]) -> str:
    """The body of a block with the real outputs, run in the current folder.

    Raises ValueError where an output is an error and that on the page is none: no page shall show it unasked.
    """
    return "".join(
        given + _expected(given, _cut(execute(_source(given)), shown), shown) for given, shown in _steps(body, prompt)
    )


def _expected(given: str, real: str, shown: str) -> str:
    if _ERROR.search(real) and not _ERROR.search(shown):
        raise ValueError(f"an example fails, and nothing was written: {given}{real}")
    return real


@contextlib.contextmanager
def workspace(above: str | None = None) -> Iterator[None]:
    """An empty folder to work in, below a graph folder, and the terminal that the pages promise."""
    changed = {"COLUMNS": str(WIDTH), "NO_COLOR": "1", "FORCE_COLOR": None}
    before = {name: os.environ.get(name) for name in changed}
    inside = above or layout.shipped().root
    with tempfile.TemporaryDirectory(dir=inside, ignore_cleanup_errors=True) as folder, contextlib.chdir(folder):
        _set(changed)
        try:
            yield
        finally:
            _set(before)


def _set(variables: dict[str, str | None]) -> None:
    for name, value in variables.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


def _steps(body: str, prompt: str) -> Iterator[tuple[str, str]]:
    """Each input with its continuation lines, and the output that the page shows beneath it."""
    given, shown = "", ""
    for line in body.splitlines(keepends=True):
        if line.startswith(prompt):
            if given:
                yield given, shown
            given, shown = line, ""
        elif given and not shown and line.startswith(("... ", "...\n")):
            given += line
        else:
            shown += line
    if given:
        yield given, shown


def _source(given: str) -> str:
    """An input without its prompts, `$ `, `>>> ` and `... `."""
    return "".join(line.partition(" ")[2] or "\n" for line in given.splitlines(keepends=True))


def _cut(real: str, shown: str) -> str:
    """The real output, no longer than what the page shows of it; an empty line before the next step stays."""
    gap = "\n" if shown.endswith("\n\n") or shown == "\n" else ""
    lines = real.rstrip("\n").splitlines(keepends=True) if real.strip() else []
    count = len(shown.removesuffix(gap).splitlines()) - 1
    if shown.removesuffix(gap).endswith(CUT) and count < len(lines):
        return "".join(lines[:count]) + CUT + gap
    return "".join(lines) + ("\n" if lines else "") + gap


def run(line: str) -> tuple[int, str]:
    """The exit code of a line such as `kg query who-leads`, and what it prints on both streams."""
    from kg.cli.main import main

    arguments = shlex.split(line, comments=True)
    arguments = ALIASES.get(" ".join(arguments), arguments)
    if arguments[0] != "kg":
        raise ValueError(f"an example runs kg, not {arguments[0]}")
    terminal, given = Terminal(), ""
    if arguments[-2:-1] == ["<"]:
        with open(arguments.pop(), encoding="utf-8") as file:
            given = file.read()
        arguments.pop()
    with (
        contextlib.redirect_stdout(terminal),
        contextlib.redirect_stderr(Errors(terminal)),
        _stdin(io.StringIO(given)),
    ):
        try:
            code = main(arguments[1:])
        except SystemExit as end:  # from argparse: --version, --help, wrong usage
            code = int(end.code or 0)
    return code, terminal.getvalue().replace(f"{layout.find_graph_folder().root}: ", f"{ROOT}: ")


@contextlib.contextmanager
def _stdin(stream: io.StringIO) -> Iterator[None]:
    """Standard input from a text, which is no terminal."""
    before, sys.stdin = sys.stdin, stream
    try:
        yield
    finally:
        sys.stdin = before


def _python(names: dict[str, Any]) -> Callable[[str], str]:
    def execute(source: str) -> str:
        terminal = Terminal()
        with contextlib.redirect_stdout(terminal):
            exec(compile(source, "<example>", "single"), names)
        return terminal.getvalue()

    return execute
