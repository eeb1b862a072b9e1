"""Text on a terminal: width, colors, tables and wrapped lines; writing to standard output and standard error.

Widths are columns of a terminal, measured as Markus Kuhn's wcwidth does: a CJK ideograph takes two, an accent
none. The package `wcwidth` takes 25 to 40 ms to load, so Latin, Greek and Cyrillic are measured without it.
"""

import os
import re
import sys
from contextlib import suppress
from itertools import zip_longest
from typing import NamedTuple, TextIO

from kg.errors import InputError, UsageError, clean, clean_text

_GAPS = ("  ", " ")  # between columns: the first where there is room
_DIVIDED = 8  # the narrowest column in which words are divided
_LONG_WORD = 24  # longer ones, such as addresses, do not hold their column open
_TALL = 12  # lines of a cell; for one with more, and where columns have no room, rows are broken into tiers
_FEWEST = 3  # columns in a tier; where not even these have room, rows become records
_UNBOUNDED = 1 << 30
_BREAKS = frozenset("-_/:#=&?.,;@–—")  # words are divided behind these rather than within
_CLOSING = frozenset("、。，．；：？！）〕］｝〉》」』】")  # no line begins with these (JIS X 4051)

_BOLD, _RESET = "\x1b[1m", "\x1b[0m"

# One terminal column per character: Latin, Greek, Cyrillic, and general punctuation (quotes, dashes).
_SINGLE = "[ -~\u00a0-\u02ff\u0370-\u0482\u048a-\u052f\u2010-\u2027\u202f-\u205e]*"

_UNDIVIDED = "[0-9.,:–-]+"  # a number or a date
_NUMBER = r"[-+]?[0-9][0-9,]*(\.[0-9]+)?([eE][-+]?[0-9]+)?%?"


def put(written: str | bytes, *, data: bool = False) -> None:
    """Write to stdout: text through `clean_text`, data as they are unless it is a terminal that shows them.

    Where the reader of a pipe has had enough, the rest goes nowhere, so that the exit code is that of the command.
    Raises InputError where nothing can be written.
    """
    if not data or sys.stdout.isatty():
        written = clean_text(written if isinstance(written, str) else written.decode())
    try:
        if isinstance(written, str):
            sys.stdout.write(written)
        else:
            sys.stdout.buffer.write(written)
        sys.stdout.flush()
    except OSError as error:
        _discard(sys.stdout)
        if not isinstance(error, BrokenPipeError):
            raise InputError(f"cannot write to standard output: {error.strerror}", rule="file") from error


def say(message: str, *, wrapped: bool = True) -> None:
    """Write a message to stderr, on a terminal `wrapped`; where it cannot be written, nobody reads it."""
    message = clean_text(message)
    try:
        sys.stderr.write(f"{_folded(message) if wrapped and sys.stderr.isatty() else message}\n")
        sys.stderr.flush()
    except OSError:
        _discard(sys.stderr)


def _folded(message: str) -> str:
    """A message with its long lines broken at spaces: no path is divided, no line of code, and no line to type."""
    lines, width = message.split("\n"), terminal_width(stream=2)
    folded: list[str] = []
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        text = line.lstrip(" ")
        if below.strip() == "^" or text.startswith(("kg ", "did you mean: kg ", "|")):
            folded.append(line)
            continue
        first, *words = text.split(" ")
        folded.append(line[: len(line) - len(text)] + first)
        for word in words:
            if display_width(f"{folded[-1]} {word}") <= width:
                folded[-1] += f" {word}"
            else:
                folded.append(f"    {word}")
    return "\n".join(folded)


def clean_stderr() -> None:
    """Let all that Python code writes to stderr, as warnings and logs of libraries, be text that a terminal may get."""
    stream = sys.stderr
    if "write" not in vars(stream):
        write = stream.write
        vars(stream)["write"] = lambda text: write(clean_text(text))


def _discard(stream: TextIO) -> None:
    """Let what a stream still holds go nowhere, lest the process fail when it ends."""
    null = os.open(os.devnull, os.O_WRONLY)
    with suppress(OSError):  # it is no file
        os.dup2(null, stream.fileno())
    os.close(null)


def table(columns: list[str], rows: list[list[str]], width: int, color: bool = False) -> str:
    """Lay out rows under a header with a light rule; each line fits `width` and ends in a newline.

    Cells wrap at spaces, then anywhere; a newline in a cell starts a line of that cell. Columns of numbers
    are aligned to the right. Where the width leaves no room for columns, each row becomes a record, one
    `column: value` a line. No columns give the empty string. `color` makes the header bold. A row that has
    not as many cells as there are columns raises ValueError.
    """
    if not columns:
        return ""
    by_column = list(zip(columns, *rows, strict=True))
    tiers = _tiers(by_column, width)
    if not tiers:
        records = ["".join(map(_field, columns, row, [width] * len(row), [color] * len(row))) for row in rows]
        return "\n".join(records)
    header, *body = [[line for tier in tiers for line in tier.lines(row)] for row in [columns, *rows]]
    lines = [_bold(line) for line in header] if color else header
    lines.append(tiers[0].gap.join("─" * column for column in tiers[0].widths))
    apart = len(tiers) > 1 or any(len(row) > 2 for row in body)  # tall rows run together without a blank line
    for number, row in enumerate(body):
        lines += ["", *row] if apart and number else row
    return "\n".join(lines) + "\n"


def wrap(text: str, width: int) -> list[str]:
    """Break text, made safe by `clean`, into lines of at most `width` terminal columns.

    Lines end at newlines, else at spaces, else anywhere between characters as a reader sees them: an accent
    stays on its letter. A character wider than `width` stands alone. There is always one line, if empty.
    """
    paragraphs = text.replace("\r\n", "\n").split("\n")
    return [line for paragraph in paragraphs for line in _wrap_paragraph(clean(paragraph), max(width, 1))]


def display_width(text: str) -> int:
    """How many columns of a terminal the text takes; it must have been through `clean`."""
    if text.isascii() or re.fullmatch(_SINGLE, text):
        return len(text)
    from wcwidth import wcswidth

    return wcswidth(text)


def terminal_width(default: int = 100, stream: int = 1) -> int:
    """How many columns the terminal has: COLUMNS, else that of standard output (1) or error (2), else `default`.

    This is `shutil.get_terminal_size` without the 3 ms that importing shutil takes.
    """
    columns = os.environ.get("COLUMNS", "")
    if columns.isdecimal() and int(columns) > 0:
        return int(columns)
    try:
        return os.get_terminal_size(stream).columns or default
    except OSError:
        return default


def use_color(stream: TextIO, choice: str) -> bool:
    """Whether to color what goes to the stream; `choice` is auto, always or never, else UsageError.

    In auto, NO_COLOR (no-color.org) wins over FORCE_COLOR, and that over TERM=dumb and the kind of stream.
    """
    if choice in ("always", "never"):
        return choice == "always"
    if choice != "auto":
        raise UsageError(f"unknown choice of color {choice!r}", hint="Choose one of: auto, always, never.")
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    return os.environ.get("TERM") != "dumb" and stream.isatty()


def _bold(text: str) -> str:
    return f"{_BOLD}{text}{_RESET}"


class _Tier(NamedTuple):
    """Columns beside each other: which, where they begin, what is between them, how wide each is, which are numbers."""

    part: slice
    indent: str
    gap: str
    widths: list[int]
    numeric: list[bool]

    def lines(self, row: list[str]) -> list[str]:
        """The lines of its cells of a row."""
        wrapped = zip_longest(*map(wrap, row[self.part], self.widths), fillvalue="")
        lines = (self.gap.join(map(_pad, pieces, self.widths, self.numeric)) for pieces in wrapped)
        return [f"{self.indent}{line}".rstrip(" ") for line in lines]


def _tiers(by_column: list[tuple[str, ...]], width: int) -> list[_Tier]:
    """The columns in as few tiers, one beneath the other, as the width allows; none where that takes too many."""
    numeric = [any(cells) and all(re.fullmatch(_NUMBER, c) for c in cells if c) for _, *cells in by_column]
    lines = [[line for cell in cells for line in wrap(cell, _UNBOUNDED)] for cells in by_column]
    natural = [max(map(display_width, column)) for column in lines]
    floors = list(map(_floors, lines))
    for dividing in (False, True):
        for count in range(1, max(len(by_column) // _FEWEST, 1) + 1):
            size, tiers = -(-len(by_column) // count), list[_Tier]()
            for start in range(0, len(by_column), size):
                part, indent = slice(start, start + size), _GAPS[0] * bool(start)
                gap, widths = _column_widths(natural[part], floors[part], width - len(indent), dividing=dividing)
                tiers.append(_Tier(part, indent, gap, widths, numeric[part]))
            if all(tier.widths for tier in tiers):
                return tiers
    return []


def _floors(lines: list[str]) -> tuple[int, int]:
    """How wide a column is at least: without words divided, and with."""
    whole = divided = 0
    for word in {word for line in lines for word in line.split(" ")}:
        if display_width(word) > divided:
            for piece in _pieces(word):
                wide = min(display_width(piece), _LONG_WORD)
                whole = max(whole, wide)
                divided = max(divided, wide if re.fullmatch(_UNDIVIDED, piece) else min(wide, _DIVIDED))
    return whole, divided


def _column_widths(
    natural: list[int], floors: list[tuple[int, int]], width: int, *, dividing: bool
) -> tuple[str, list[int]]:
    """Share the width among columns: what stands between them, and how wide each is; none if they would be too narrow.

    The widest give way first, down to their longest word. Words are divided, and cells taller than _TALL, only where
    `dividing`; dates and numbers are never divided.
    """
    whole, divided = ([*column] for column in zip(*floors, strict=True))
    tallest = _UNBOUNDED if dividing else _TALL
    for narrowest in (whole, divided) if dividing else (whole,):
        for gap in _GAPS:
            room = width - len(gap) * (len(natural) - 1)
            if sum(narrowest) <= room:
                widths = _level(natural, _level(whole, narrowest, room), room)
                fits = all(wide <= tallest * given for wide, given in zip(natural, widths, strict=True))
                return (gap, widths) if fits else ("", [])
    return "", []


def _level(wanted: list[int], floors: list[int], room: int) -> list[int]:
    """Cut what is wanted at the highest common level that fits the room; no column goes below its floor."""
    for level in range(room, 0, -1):
        widths = [max(floor, min(want, level)) for want, floor in zip(wanted, floors, strict=True)]
        if sum(widths) <= room:
            return widths
    return floors


def _pad(text: str, width: int, right: bool) -> str:
    space = " " * (width - display_width(text))
    return space + text if right else text + space


def _field(name: str, cell: str, width: int, color: bool) -> str:
    """`name: cell`, wrapped; what follows its first line is indented, so that no cell can pose as a field."""
    lead = f"{clean(name)}:"
    first, *others = wrap(f"{lead} {cell}".rstrip(" "), width - len(_GAPS[0]))
    if color and first.startswith(lead):
        first = _bold(lead) + first[len(lead) :]
    return "".join(f"{line}\n" for line in [first, *((_GAPS[0] + line).rstrip(" ") for line in others)])


def _wrap_paragraph(text: str, width: int) -> list[str]:
    if display_width(text) <= width:
        return [text.rstrip(" ")]
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if display_width(longer) <= width:
            lines[-1] = longer
        else:
            lines[-1:] = [*filter(None, lines[-1:]), *_break_word(word, width)]
    return [line.rstrip(" ") for line in (lines if lines[-1] else lines[:-1] or lines)]


def _break_word(word: str, width: int) -> list[str]:
    """Fill lines with the pieces of a word; what is wider than a line is divided, at best between characters."""
    lines = [""]
    for piece in _pieces(word):
        if lines[-1] and display_width(lines[-1] + piece) > width:
            lines.append("")
        for cluster in [piece] if display_width(piece) <= width else _clusters(piece):
            for part in [cluster] if display_width(cluster) <= width else cluster:
                if not lines[-1] or display_width(lines[-1] + part) <= width:
                    lines[-1] += part
                else:
                    lines.append(part)
    return lines


def _pieces(word: str) -> list[str]:
    """What a word is divided into if need be: behind marks such as hyphens, and between wide characters."""
    pieces, before = [""], ""
    for cluster in _clusters(word):
        marked = before in _BREAKS and cluster not in _BREAKS and not (before in ".,-–" and cluster.isdecimal())
        is_wide = display_width(before) > 1 or display_width(cluster) > 1
        if before and (marked or is_wide) and cluster not in _CLOSING:
            pieces.append("")
        pieces[-1] += cluster
        before = cluster
    return pieces


def _clusters(text: str) -> list[str]:
    """Characters as a reader sees them; the part of Unicode TR29 §3 that changes widths."""
    clusters: list[str] = []
    for char in text:
        if clusters and _extends(clusters[-1], char):
            clusters[-1] += char
        else:
            clusters.append(char)
    return clusters


def _extends(cluster: str, char: str) -> bool:
    """Whether the character joins the cluster: an accent, a skin tone, a joined emoji, half of a flag."""
    if "\U0001f1e6" <= char <= "\U0001f1ff":
        return len(cluster) == 1 and "\U0001f1e6" <= cluster[0] <= "\U0001f1ff"
    return cluster[-1] == "\u200d" or "\U0001f3fb" <= char <= "\U0001f3ff" or display_width(char) == 0
