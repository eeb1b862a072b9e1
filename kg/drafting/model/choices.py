"""The dates and amounts of a sentence, as the tool reads them: a model chooses one by its name, and computes none.

Chosen, a date becomes a literal with the words on the passage that it rests on, and an amount a quantity.
"""

import re
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from kg.rdf.namespaces import ENT, ID, RDF_TYPE, RDFS_LABEL, XSD
from kg.text.amounts import Amount, find_amounts, lexical
from kg.text.dates import find_dates, resolve

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
    """A reading of an amount: number and measure."""

    name: str
    words: str
    number: str
    measure: str

    @property
    def node(self) -> NamedNode:
        """The quantity, named by its words."""
        return NamedNode(ID + "-".join(re.findall("[a-z0-9]+", self.words.lower().replace("$", "usd ")) or ["amount"]))

    @property
    def triples(self) -> list[Triple]:
        """The quantity as statements."""
        datatype = NamedNode(XSD + ("decimal" if "." in self.number else "integer"))
        return [
            Triple(self.node, NamedNode(RDF_TYPE), NamedNode(ENT + "Quantity")),
            Triple(self.node, NamedNode(RDFS_LABEL), Literal(self.words, language="en")),
            Triple(self.node, NamedNode(ENT + "number"), Literal(self.number, datatype=datatype)),
            Triple(self.node, NamedNode(ENT + "measure"), Literal(self.measure)),
        ]


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
    amounts: list[AmountChoice] = []
    for amount in find_amounts(quote, english=english):
        for number, measure in _readings(amount):
            words = quote[amount.start : amount.end]
            amounts.append(AmountChoice(f"q{len(amounts) + 1}", words, number, measure))
    return Choices(tuple(dates[:_MOST]), tuple(amounts[:_MOST]))


def _readings(amount: Amount) -> list[tuple[str, str]]:
    return [(lexical(number), measure) for number in amount.numbers for measure in amount.measures]
