"""Footnotes of an answer: the quotes of passages with their speakers and places, and other grounds in words."""

from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from kg.context import Context
from kg.receipts import quoted

if TYPE_CHECKING:
    from kg.grounds import Grounds, Note

_LONG = 96  # characters of a note in a table, which is about quotes


class Footnotes:
    """Numbers passages and notes in the order in which they are first met, and tells what each number stands for."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._numbers: dict[str | Note, int] = {}
        self._naming = False

    def mark(self, key: "str | Note", before: str = "[", after: str = "]") -> str:
        """The number of a passage, given by its IRI, or of a note, as it stands in a table: `[1]`."""
        return f"{before}{self._numbers.setdefault(key, len(self._numbers) + 1)}{after}"

    def marks(self, grounds: "Grounds") -> str:
        """The numbers of all on which a row rests; in round brackets those that only name or classify."""
        self._naming |= bool(grounds.naming)
        passages = (self.mark(p, *"()" if p in grounds.naming else "[]") for p in grounds.passages)
        return " ".join([*passages, *map(self.mark, grounds.notes)])

    def texts(self) -> list[str]:
        """What the numbers stand for, from the first on."""
        return [self._quoted(key) if isinstance(key, str) else shortened(noted(key)) for key in self._numbers]

    def legend(self) -> str:
        """What the round brackets mean, where there are any."""
        return "(n) says what something is, or is called." if self._naming else ""

    def _quoted(self, passage: str) -> str:
        """The quote of a passage, its speaker and place, and what it is read with, by number where that is noted."""
        receipt, *companions = self._context.receipts.with_companions(NamedNode(passage))
        numbers = self._numbers
        others = [f"[{numbers[c.passage]}]" if c.passage in numbers else f"“{c.text}”" for c in companions]
        return quoted(receipt, self._context.things) + (f", read with {' and '.join(others)}" if others else "")


def shortened(text: str) -> str:
    """The first words of a note that is long, as a pattern that is absent may be; JSON and CSV have it whole."""
    return text if len(text) <= _LONG else f"{text[:_LONG].rsplit(' ', 1)[0]} …"


def noted(note: "Note") -> str:
    """A ground that is no passage: its kind and its words."""
    return f"{note.kind}: {note.text}"
