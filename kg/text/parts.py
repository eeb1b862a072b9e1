"""Parts of clauses: noun phrases with what they name, and verb groups with how far what they say has come."""

from typing import NamedTuple

TENSES = ("present", "progressive", "past", "perfect", "planned", "possible", "infinitive", "participle")


class Filler(NamedTuple):
    """What stands in a slot: a name of one of these things; `sure` if words that name another thing contradict it."""

    start: int
    end: int
    things: frozenset[str]
    sure: bool = True

    @property
    def known(self) -> bool:
        """Whether it is a name of something known."""
        return bool(self.things)


class Nouns(NamedTuple):
    """A noun phrase, or several joined by “and”: tokens[start:end], and what each of them names."""

    start: int
    end: int
    fillers: tuple[Filler, ...]
    under: str = ""  # the preposition before it

    @property
    def first(self) -> "Nouns":
        """The first of several."""
        return self._replace(fillers=self.fillers[:1])


class Group(NamedTuple):
    """A verb with its auxiliaries, from the first of them.

    `tense` is one of TENSES. `negated` is what is denied, `ended` what is said to hold no longer, `former` what was so
    before something else (“had been stalled”); `finite` is whether it makes a clause by itself.
    """

    start: int
    tense: str
    passive: bool = False
    negated: bool = False
    ended: bool = False
    finite: bool = True
    former: bool = False

    def __str__(self) -> str:
        return ", ".join([self.tense, *["denied"] * self.negated, *["over"] * self.ended])

    @property
    def tells(self) -> bool:
        """Whether it tells how far what the verb says has come."""
        return self.tense not in ("infinitive", "participle") or self.negated or self.ended
