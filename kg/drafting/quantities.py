"""The quantities of a quote, as they can be stated: an amount with its measure, or a number of what is counted."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from kg.rdf.namespaces import ENT, RDF_TYPE, RDFS_LABEL, XSD
from kg.text.amounts import Amount, find_amounts, lexical
from kg.text.bounds import bounds
from kg.text.spans import find_spans

_QUALIFIED = re.compile(
    r"\b(?:more than|at least|no less than|no more than|less than|over|about|around|nearly|almost|up to)\s\Z"
)
# Nouns after a number that count nothing, or those who speak.
_NOT_COUNTED = (
    "sides|countries|presidents|leaders|governments|states|armies|neighbours|parties|texts|copies|nations|men|women"
    "|diplomats|officials|analysts|experts|sources|witnesses|reporters|observers|years|months|weeks|days|times|others"
)
_PEOPLE = {"people": "person", "men": "man", "women": "woman", "children": "child"}
_NOUN = re.compile(
    r"\A(?: (?:[A-Z][\w-]*|of its|of their|more))?(?: [A-Z][\w-]*)? "
    rf"(?P<noun>(?!(?:{_NOT_COUNTED})\b)[a-z]{{3,}}s|people)\b"
)
_MOST_MEASURES = 3  # of one amount: “$” is the sign of thirty currencies


class Reading(NamedTuple):
    """One way to read an amount; `bound` is the local name of what the words say of its number, or empty."""

    words: str
    number: str
    measure: str
    bound: str

    def triples(self, node: NamedNode, language: str) -> list[Triple]:
        """The quantity as statements about `node`."""
        datatype = NamedNode(XSD + ("decimal" if "." in self.number else "integer"))
        stated: list[tuple[str, NamedNode | Literal]] = [
            (RDF_TYPE, NamedNode(ENT + "Quantity")),
            (RDFS_LABEL, Literal(self.words, language=language)),
            (ENT + "number", Literal(self.number, datatype=datatype)),
            (ENT + "measure", Literal(self.measure)),
        ]
        if self.bound:
            stated.append((ENT + "bound", NamedNode(ENT + self.bound)))
        return [Triple(node, NamedNode(path), value) for path, value in stated]


def amounts(quote: str, *, english: bool) -> Iterator[Amount]:
    """The amounts of a quote that have a measure; what is counted has its noun for one (in English only)."""
    spans = {(a.start, a.end): a for a in reversed(find_spans(quote) if english else [])}
    yield from (a for a in spans.values() if a.qualifier or _QUALIFIED.search(quote[: a.start]))
    for a in find_amounts(quote, english=english):
        inside = any(start <= a.start and a.end <= end for start, end in spans)
        if not a.numbers or (inside and not a.measures):
            continue
        if a.measures:
            yield a
            continue
        noun = _NOUN.match(quote[a.end :]) if english and len(a.numbers) == 1 else None
        if noun:
            end = a.end + noun.end()
            one = _PEOPLE.get(noun["noun"], noun["noun"].removesuffix("s"))
            yield a._replace(words=quote[a.start : end], end=end, measures=(one,))


def each(text: str, *, english: bool) -> Iterator[Amount]:
    """The amounts of a text, each in one reading: “two days” are no 48 hours."""
    known = set[int]()
    for amount in (*find_spans(text), *amounts(text, english=english)):
        if amount.start not in known:
            known.add(amount.start)
            yield amount


def readings(amount: Amount) -> list[Reading]:
    """The readings of an amount, the likeliest first; US dollars before others."""
    bound = next(iter(bounds(amount.qualifier)), "")
    measures = sorted(amount.measures, key=lambda measure: measure != "USD")[:_MOST_MEASURES]
    return [Reading(amount.words, lexical(number), m, bound) for number in amount.numbers for m in measures]
