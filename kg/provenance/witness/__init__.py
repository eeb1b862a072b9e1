"""Why-provenance of SPARQL 1.1: the witnesses of the rows of a SELECT or ASK over a pyoxigraph store.

A witness of a row is a set of quads from which the query gives that row (Buneman, Khanna and Tan, "Why and where",
2001); all its witnesses are the witness basis. An engine gives rows without reasons, so the query is read into its
algebra (`parser`, `algebra`: SPARQL 1.1 §18.2) and evaluated once more with the terms of one row filled in, each
solution keeping the quads that it matched (`evaluation`, §18.5 and §18.6; `matching`, property paths of §18.4). For
negation and aggregates a witness names the pattern that is absent, and how many rows were aggregated. The rows
themselves are never changed.

This package knows SPARQL alone, nothing of articles, passages and receipts: `kg.provenance.attribution` says to what a
witness leads.
"""

from itertools import islice

from pyoxigraph import DefaultGraph

from kg.provenance.witness import parser
from kg.provenance.witness.algebra import MAX_WITNESSES, AbsentPattern, Bindings, Choose, Scope, Witness
from kg.provenance.witness.evaluation import Evaluation
from kg.rdf.terms import QuadStore


class Witnesses:
    """The witnesses of the rows of one query over a store at rest.

    `choose` takes one of several witnesses, at most MAX_WITNESSES; without it, a row has all of them together. Raises
    UsageError for a query that is neither SELECT nor ASK.
    """

    def __init__(self, store: QuadStore, text: str, choose: Choose | None = None) -> None:
        query = parser.read(text)
        self._select, self._choose = query.select, choose
        self._evaluation = Evaluation(store, query, choose)

    def of_row(self, row: Bindings) -> Witness | None:
        """The witness of one row, given by what it binds; None where it has none."""
        select, evaluation = self._select, self._evaluation
        has_keys = select.keys is None or set(select.keys) <= set(select.names)
        rows = [row] if has_keys else evaluation.rows(select, row, DefaultGraph())
        found = (solution.witness for keyed in rows for solution in evaluation.of_row(select, keyed, Scope()))
        if self._choose:
            witnesses = list(islice(found, MAX_WITNESSES))
            return self._choose(witnesses) if witnesses else None
        every = list(found)
        return tuple(dict.fromkeys(item for witness in every for item in witness)) if every else None

    def of_ask(self, answer: bool) -> Witness | None:
        """The witness of the answer of an ASK: of a no, that what it asks for is absent."""
        return self.of_row({}) if answer else (AbsentPattern(self._select.text),)
