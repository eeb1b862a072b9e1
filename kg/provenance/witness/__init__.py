"""Why a row is in an answer: its witnesses, found anew in the graph, and the receipts to which they lead.

An engine gives rows and no reasons. So the query is read once more, into its algebra, and evaluated with the terms
of one row filled in, each solution keeping the triples that it matched. The rows themselves are never changed.
"""

from collections.abc import Iterator, Sequence
from itertools import islice

from pyoxigraph import DefaultGraph, Store

from kg.provenance.attribution import AbsentPattern, Attribution, Attributor, Note
from kg.provenance.witness import parser
from kg.provenance.witness.algebra import MOST, Bindings, Scope, Solution, Term, Witness
from kg.provenance.witness.evaluation import Evaluation

_UNKNOWN = Attribution(notes=(Note("unknown", "no witness was found"),))


class Witnesses:
    """The witnesses of the rows of one SELECT or ASK over a compiled dataset.

    By default those of a row are one witness: the one that leads to the fewest passages, then has the fewest
    triples. `every` takes all of them together, and all passages of each triple. Raises UsageError for a query that
    is neither SELECT nor ASK.
    """

    def __init__(self, store: Store, grounding: Attributor, text: str, every: bool = False) -> None:
        query = parser.read(text)
        self._query = query.select
        self._evaluation = Evaluation(store, query, None if every else grounding.best)
        self._grounding, self._every = grounding, every

    def of_rows(self, columns: Sequence[str], rows: Sequence[Sequence[Term | None]]) -> list[Attribution]:
        """On what each row of a SELECT rests, in their order."""
        return [self.of_row({n: t for n, t in zip(columns, row, strict=True) if t is not None}) for row in rows]

    def of_row(self, row: Bindings) -> Attribution:
        """On what one row rests, given by what it binds."""
        found = self.grounds(row)
        return _UNKNOWN if found is None else self._grounding.of(found, self._every)

    def of_ask(self, answer: bool) -> Attribution:
        """On what the answer of an ASK rests: a no on the absence of all that was asked for."""
        if answer:
            return self.of_row({})
        return self._grounding.of([AbsentPattern(self._query.text)], self._every)

    def grounds(self, row: Bindings) -> Witness | None:
        """The triples on which one row rests, and what was found absent or counted; None where it has no witness."""
        found = [s.grounds for s in islice(self._solutions(row), None if self._every else MOST)]
        if not found:
            return None
        if self._every:
            return tuple(dict.fromkeys(g for grounds in found for g in grounds))
        return self._grounding.best(found)

    def _solutions(self, row: Bindings) -> Iterator[Solution]:
        query = self._query
        if query.keys is None or set(query.keys) <= set(query.names):
            yield from self._evaluation.of_row(query, row, Scope())
            return
        for keyed in self._evaluation.rows(query, row, DefaultGraph()):
            yield from self._evaluation.of_row(query, keyed, Scope())
