"""The dates and amounts of a sentence, as the tool reads them: a model chooses one by its name, and computes none.

Chosen, a date becomes a literal with the words on the passage that it rests on, and an amount a quantity.
"""

import re
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from kg.drafting import quantities
from kg.drafting.quantities import Reading
from kg.rdf.namespaces import ID, XSD
from kg.text.dates import find_dates, resolve
from kg.text.forms import flat

_MOST = 12  # readings of each kind that are offered


class DateChoice(NamedTuple):
    """A reading of date words."""

    name: str
    words: str
    lexical: str
    datatype: str

    @property
    def literal(self) -> Literal:
        """The reading as a term."""
        return Literal(self.lexical, datatype=NamedNode(XSD + self.datatype))


class AmountChoice(NamedTuple):
    """A reading of an amount."""

    name: str
    reading: Reading

    @property
    def node(self) -> NamedNode:
        """The quantity, named by what the words say."""
        bound = re.sub("([A-Z])", r"-\1", self.reading.bound)
        said = flat(f"{bound} {self.reading.words}").lower().replace("$", "usd ")
        return NamedNode(ID + "-".join(re.findall("[a-z0-9]+", said) or ["amount"]))

    @property
    def triples(self) -> list[Triple]:
        """The quantity as statements."""
        return self.reading.triples(self.node, "en")


class Choices(NamedTuple):
    """What there is to choose from in a sentence."""

    dates: tuple[DateChoice, ...]
    amounts: tuple[AmountChoice, ...]

    def date(self, name: str) -> DateChoice | None:
        """A date by its name; None for none."""
        return next((d for d in self.dates if d.name == name), None)

    def amount(self, name: str) -> AmountChoice | None:
        """An amount by its name; None for none."""
        return next((a for a in self.amounts if a.name == name), None)


def choices(quote: str, reading_date: str, *, english: bool) -> Choices:
    """The readings of the dates and amounts of a quote; without a reading date (ISO 8601) those of no date."""
    dates: list[DateChoice] = []
    for _, _, words in find_dates(quote) if english and reading_date else ():
        for reading in resolve(words, reading_date):
            dates.append(DateChoice(f"d{len(dates) + 1}", words, reading.lexical, reading.datatype))
    read = [
        reading._replace(words=quote[amount.start : amount.end])
        for amount in quantities.amounts(quote, english=english)
        for reading in quantities.readings(amount)
    ]
    amounts = (AmountChoice(f"q{i}", reading) for i, reading in enumerate(read[:_MOST], 1))
    return Choices(tuple(dates[:_MOST]), tuple(amounts))
