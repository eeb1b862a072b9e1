"""For words of a sentence that tells what somebody says, the passage in which they are the article's own."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from kg.rdf.namespaces import ENT, RDF_TYPE
from kg.source.article import Passage
from kg.text.forms import flat
from kg.text.speech import Span


class Place(NamedTuple):
    """The passage in which something is proposed, with the statements by which it comes to be."""

    iri: str
    quote: str
    described: tuple[Triple, ...] = ()


class Places:
    """For words of a sentence, the passage in which they are the article's own."""

    def __init__(self, passage: Passage, spoken: Sequence[Span], named: Sequence[Span], text: str) -> None:
        self._passage, self._spoken, self._text = passage, spoken, text
        free = [span for span in named if not any(s < span[1] and span[0] < e for s, e in spoken)]
        self._inner = self._narrower(free) if spoken and free else None

    def _narrower(self, free: Sequence[Span]) -> tuple[int, int, Place] | None:
        """The stretch of own words from the first name to the last, where the text has it once."""
        start, end = free[0][0], free[0][1]
        for s, e in free[1:]:
            if not any(end <= a < s for a, _ in self._spoken):
                end = e
        quote = self._passage.quote[start:end]
        if self._text.count(quote) != 1:
            return None
        words = "-".join(re.findall("[a-z0-9]+", flat(quote).lower())[:4])
        node = NamedNode(self._passage.iri.partition("#")[0] + f"#{words}-named")
        described = (
            Triple(node, NamedNode(RDF_TYPE), NamedNode(ENT + "Passage")),
            Triple(node, NamedNode(ENT + "quote"), Literal(quote)),
        )
        return start, end, Place(node.value, quote, described)

    def __call__(self, start: int, end: int) -> Place:
        """The passage for words of the sentence, from `start` to `end` of its quote."""
        if self._inner and self._inner[0] <= start and end <= self._inner[1]:
            return self._inner[2]
        return Place(self._passage.iri, self._passage.quote)
