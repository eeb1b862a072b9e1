"""The errors that a user can meet: one base class, and a subclass per exit code of the command.

KgError
├── UsageError      exit 2: an unknown command, query, parameter or thing; an ambiguous label
├── InputError      exit 3: input that cannot be read or parsed; no graph, an empty graph, zero shapes
└── LimitError      exit 4: a limit or a time-out

The command catches the base class once, at the top.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def on_one_line(name: str) -> str:
    """The name of a file as it stands in a message: if it holds line breaks, they start no line of their own."""
    return name.replace("\r", "\\r").replace("\n", "\\n")


def did_you_mean(
    wrong: str, names: "Mapping[str, str]", most: int = 2, cutoff: float = 0.7, first: "Iterable[str]" = ()
) -> str:
    """The question “did you mean …?” with `most` names that are similar to an unknown one; empty without any.

    `names` maps each known name to its display form. Those of `first` come first, then those with the same letters in
    another order, else those whose similarity (`difflib`, 0 to 1) is at least `cutoff`.
    """
    import difflib

    same_letters = [name for name in names if sorted(name) == sorted(wrong)]
    close = dict.fromkeys([*first, *(same_letters or difflib.get_close_matches(wrong, names, most, cutoff))])
    return f"did you mean {' or '.join(names[c] for c in [*close][:most])}?" if close else ""


class KgError(Exception):
    """Something that the user can correct; the message says what is wrong, the hint what to do.

    `where` is `file:line:col` (or less) and may be empty; `rule` is a short stable name, as of a check.
    """

    exit_code = 3

    def __init__(self, message: str, *, hint: str = "", where: str = "", rule: str = "") -> None:
        super().__init__(message)
        self.message, self.hint, self.where, self.rule = message, hint, where, rule

    def __str__(self) -> str:
        lead = f"{on_one_line(self.where)}: error: " if self.where else "error: "
        tail = f" [{self.rule}]" if self.rule else ""
        hint = "".join(f"\n  {line}" for line in self.hint.splitlines())
        return f"{lead}{self.message}{tail}{hint}"


class UsageError(KgError):
    """The command line or the call names something that is not there, or names two things at once."""

    exit_code = 2


class InputError(KgError):
    """Input that cannot be read or parsed, or a graph that is not there."""


class LimitError(KgError):
    """A limit of time, size or nesting was met."""

    exit_code = 4
