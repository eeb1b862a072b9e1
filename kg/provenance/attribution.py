"""From the quads behind a row of an answer to the passages and sources that they came from.

A triple that an article asserts leads to its passages, an inferred or computed one to those of its premises, a claim
to the passage that reports it, and what describes a passage to that passage. Background leads to its source.
"""

import re
import sys
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Triple

from kg.dataset import computed
from kg.provenance.receipts import Attribution, Note, Receipts
from kg.rdf.namespaces import ALT_LABEL, ENT, INFERRED_GRAPH, ONTOLOGY_GRAPH, RDF_TYPE, RDFS_LABEL, local_name
from kg.rdf.terms import QuadStore, Term

if TYPE_CHECKING:
    from kg.provenance.witness.algebra import AbsentPattern, Witness, WitnessItem
    from kg.reasoning.derivations import Derivation

_ARTICLE = NamedNode(ENT + "Article")
_NAMING = (RDF_TYPE, RDFS_LABEL, ALT_LABEL, ENT + "governmentOf")  # “Moscow” is what a government is called, too
_CHOOSING = re.compile(r"^(?!.*\b(?:COUNT|SUM|AVG|GROUP_CONCAT|HAVING)\b).*\b(?:MIN|MAX|SAMPLE)\b", re.I | re.S)
_LAST = ("article", "data", "ontology")  # kinds of notes that matter only where a row rests on nothing else

# The reading date of the article, the article, and the start, end and IRI of a passage: the order of the text.
Position = tuple[str, str, int, int, str]


class SourcesOfTriples(NamedTuple):
    """What the triples of a witness come from: for each that articles assert, the passages to choose from, and notes.

    `stating` are the passages of those triples that do more than name or classify a thing.
    """

    choices: frozenset[frozenset[str]] = frozenset()
    notes: frozenset[Note] = frozenset()
    stating: frozenset[str] = frozenset()


class Attributor:
    """Attributes triples of a compiled dataset at rest to passages and sources; what is found is cached.

    `steps` gives the last derivation steps to an inferred triple, the best one first; it is not asked of others.
    """

    def __init__(
        self, store: QuadStore, steps: Callable[[Triple], "Sequence[Derivation]"], receipts: Receipts | None = None
    ) -> None:
        self._store, self._steps = store, steps
        self._receipts = receipts or Receipts(store)
        self._quotes = cache(lambda passage: self._receipts.with_companions(NamedNode(passage)))
        self._sources = cache(self._sources_of)
        self._evidence = cache(self._evidence_of)
        self._chosen = cache(self._choose)
        self._is_heading = cache(self._stands_in_headings)
        self._read = cache(self._reading_date)

    def of_witness(
        self, witness: "Iterable[WitnessItem] | None", every: bool = False, cited: "Sequence[str]" = ()
    ) -> Attribution:
        """On what a witness rests: one passage for each asserted triple, one derivation of each inferred one.

        With `every`, all passages and all derivations. Those that are `cited`, the best first, come before the others.
        """
        if witness is None:
            return Attribution(notes=(Note("unknown", "no witness was found"),))
        found = self._without_receipts(witness, every)
        passages = tuple(dict.fromkeys([*(p for p in cited if p in found.passages), *found.passages]))
        receipts = (receipt for passage in passages for receipt in self._quotes(passage))
        return found._replace(passages=passages, receipts=tuple(dict.fromkeys(receipts)))

    def of_triple(self, triple: Triple) -> Attribution:
        """On what a triple of the default graph rests, an inferred one too."""
        return self.of_witness([Quad(triple.subject, triple.predicate, triple.object, DefaultGraph())])

    def best(self, witnesses: "Iterable[Witness]") -> "Witness":
        """The witness that is preferred to the others; of equal ones, the one that stands first in the articles."""
        distinct = list(dict.fromkeys(witnesses))
        if len(distinct) == 1:
            return distinct[0]
        ranks = {witness: self.rank(witness) for witness in distinct}
        best = min(ranks.values())
        equal = [witness for witness in distinct if ranks[witness] == best]
        return min(equal, key=self._first)

    def rank(self, witness: "Witness") -> tuple[int, int, int]:
        """By what one witness is preferred to another: fewer quotes and notes, fewer headings, then fewer triples.

        A quote within another one does not count: who reads the one has read the other.
        """
        passages, _, notes, _ = self._without_receipts(witness, every=False)
        outer = sum(not self._is_inner(p, passages) for p in passages)
        return outer + len(notes), sum(map(self._is_heading, passages)), len(set(witness))

    def _first(self, witness: "Witness") -> tuple[list[Position], list[str]]:
        """Where its passages stand; the text of its triples only decides where these are the same."""
        passages = self._without_receipts(witness, every=False).passages
        return sorted(map(self._position, passages)), sorted({str(item) for item in witness})

    def _without_receipts(self, witness: "Iterable[WitnessItem]", every: bool) -> Attribution:
        items = set(witness)
        sources = _union(self._sources(item, every) for item in items if isinstance(item, Quad))
        chosen = frozenset().union(*sources.choices) if every else self._chosen(sources.choices)
        passages = tuple(sorted(chosen, key=lambda p: (p not in sources.stating, self._order(p))))
        naming = frozenset(passages) - sources.stating if sources.stating else frozenset()
        notes = sources.notes | _notes([item for item in items if not isinstance(item, Quad)])
        better = {n for n in notes if n.kind not in _LAST}
        if not better and not passages:
            better = set(notes) or {Note("query", "the query itself, not the graph")}
        return Attribution(passages, (), tuple(sorted(better)), naming)

    def _choose(self, choices: frozenset[frozenset[str]]) -> AbstractSet[str]:
        """A passage of each choice: what there is no choice about, then what goes best with that, one by one."""
        chosen = {p for choice in choices if len(choice) == 1 for p in choice}
        while open_choices := [c for c in choices if not c & chosen]:
            offered = {p for choice in open_choices for p in choice}
            chosen.add(min(offered, key=lambda p: self._fit(p, chosen, open_choices)))
        return chosen

    def _fit(
        self, passage: str, chosen: set[str], choices: list[frozenset[str]]
    ) -> tuple[bool, bool, int, int, int, Position]:
        """How well a passage goes with those that are chosen: the least fits best.

        It stands within one of them, is of no heading, serves many triples, is understood by itself,
        stands near, or stands early.
        """
        inside = any(self._within(passage, other) for other in chosen)
        serves = sum(passage in choice for choice in choices)
        companions = {r.passage for r in self._quotes(passage)} - chosen
        distance = min((self._distance(passage, other) for other in chosen), default=0)
        return not inside, self._is_heading(passage), -serves, len(companions), distance, self._position(passage)

    def _is_inner(self, passage: str, others: Iterable[str]) -> bool:
        """Whether one of the others holds the whole quote; of two equal ones, the second is within the first."""
        around = (o for o in others if o != passage and self._within(passage, o))
        return any(o < passage or not self._within(o, passage) for o in around)

    def _within(self, passage: str, other: str) -> bool:
        (_, article, start, end, _), (_, other_article, other_start, other_end, _) = map(
            self._position, (passage, other)
        )
        return article == other_article and other_start <= start and end <= other_end

    def _distance(self, passage: str, other: str) -> int:
        """The characters between two passages; further than any text is long where their articles differ."""
        (_, article, start, end, _), (_, other_article, other_start, other_end, _) = map(
            self._position, (passage, other)
        )
        return max(start - other_end, other_start - end, 0) if article == other_article else sys.maxsize

    def _order(self, passage: str) -> Position:
        """The order of the text, a quote before those within it."""
        read, article, start, end, iri = self._position(passage)
        return read, article, start, -end, iri

    def _position(self, passage: str) -> Position:
        receipt = next((r for r in self._quotes(passage) if r.passage == passage), None)
        if receipt is None:
            return "", "", 0, 0, passage
        return self._read(passage.partition("#")[0]), receipt.article, receipt.start, receipt.end, passage

    def _reading_date(self, article: str) -> str:
        rows = self._store.quads_for_pattern(NamedNode(article), NamedNode(ENT + "readingDate"), None, DefaultGraph())
        return min((q.object.value for q in rows if isinstance(q.object, Literal)), default="")

    def _stands_in_headings(self, passage: str) -> bool:
        """Whether a passage is of headings alone."""
        units = self._values(NamedNode(passage), "unit")
        return bool(units) and all(ENT + "heading" in self._values(NamedNode(u), "unitKind") for u in units)

    def _sources_of(self, quad: Quad, every: bool) -> SourcesOfTriples:
        graph = quad.graph_name
        if isinstance(graph, DefaultGraph) or graph.value == INFERRED_GRAPH:
            return self._leaves(quad.triple, every)
        if graph.value == ONTOLOGY_GRAPH:
            return _noted("ontology", "the ontology itself")
        if isinstance(graph, NamedNode) and self._receipts.is_passage(graph):
            return _choice(quad.triple, frozenset({graph.value}))
        if source := self._receipts.source(graph.value):
            return _noted("background", source)
        return _noted("data", f"the graph {graph.value}")

    def _leaves(self, triple: Triple, every: bool) -> SourcesOfTriples:
        """The sources of a triple of the default graph; inferred ones are followed through all their premises."""
        leaves: list[SourcesOfTriples] = []
        waiting, seen = [triple], {triple}
        while waiting:
            statement = waiting.pop()
            stated = self._stated(statement)
            premises = () if stated else self._premises(statement, every)
            if not premises:
                leaves.append(stated or self._described(statement))
            waiting += [p for p in premises if p not in seen]
            seen.update(premises)
        return _union(leaves)

    def _premises(self, triple: Triple, every: bool) -> Sequence[Triple]:
        """The triples from which one follows that is inferred or computed; with `every`, in all its last steps."""
        if Quad(triple.subject, triple.predicate, triple.object, NamedNode(INFERRED_GRAPH)) in self._store:
            steps = self._steps(triple)
            return [p for step in (steps if every else steps[:1]) for p in step.premises]
        step = computed.derivation(triple, computed.in_store(self._store))
        return step.premises if step else ()

    def _stated(self, triple: Triple) -> SourcesOfTriples | None:
        """The passages or the background that state a triple."""
        graphs = self._receipts.named_graphs(triple)
        if passages := frozenset(g.value for g in graphs if self._receipts.is_passage(g)):
            return _choice(triple, passages)
        sources = sorted(source for g in graphs if (source := self._receipts.source(g.value)))
        return _noted("background", sources[0]) if sources else None

    def _described(self, triple: Triple) -> SourcesOfTriples:
        """What a triple rests on that nothing states: a claim, or a description of evidence."""
        found = self._evidence(triple.subject)
        return SourcesOfTriples(notes=frozenset({found})) if isinstance(found, Note) else _choice(triple, found)

    def _evidence_of(self, subject: Term) -> frozenset[str] | Note:
        """The passage of a claim, that of an aside or a passage itself, or a note on what describes something else."""
        if not isinstance(subject, NamedNode):
            return Note("data", "data without a passage")
        if passages := self._values(subject, "passage"):
            return frozenset(passages[:1])
        if self._quotes(subject.value):
            return frozenset({subject.value})
        is_article = Quad(subject, NamedNode(RDF_TYPE), _ARTICLE) in self._store
        if articles := [subject.value] if is_article else self._values(subject, "article"):
            return Note("article", f"the description of the article {local_name(articles[0])}")
        source = self._receipts.source(subject.value)
        return Note("background", source) if source else Note("data", "data without a passage")

    def _values(self, subject: NamedNode, name: str) -> list[str]:
        rows = self._store.quads_for_pattern(subject, NamedNode(ENT + name), None, DefaultGraph())
        return sorted(q.object.value for q in rows if isinstance(q.object, NamedNode))


def _union(sources: Iterable[SourcesOfTriples]) -> SourcesOfTriples:
    return SourcesOfTriples(*(frozenset().union(*parts) for parts in zip(*sources, strict=True)))


def _choice(triple: Triple, passages: frozenset[str]) -> SourcesOfTriples:
    is_naming = triple.predicate.value in _NAMING
    return SourcesOfTriples(frozenset({passages}), stating=frozenset() if is_naming else passages)


def _noted(kind: str, text: str) -> SourcesOfTriples:
    return SourcesOfTriples(notes=frozenset({Note(kind, text)}))


def _notes(items: "Sequence[WitnessItem]") -> set[Note]:
    """What a witness holds beside quads, as notes; the groups of one aggregate are counted together."""
    if not items:
        return set()
    from kg.provenance.witness.algebra import AbsentPattern, Aggregate

    rows: dict[str, int] = {}
    for item in items:
        if isinstance(item, Aggregate):
            rows[item.text] = rows.get(item.text, 0) + item.rows
    counted = {
        Note("aggregate", f"{text} over {_rows(n)}", _aggregated(text, n))
        for text, n in rows.items()
        if n > 1 or not _CHOOSING.search(text)  # of one row nothing is chosen
    }
    absent = (item for item in items if isinstance(item, AbsentPattern))
    return counted | {Note("absence", f"nothing in the graph matches {x.text}", _absence(x)) for x in absent}


def _rows(number: int) -> str:
    return f"{number:,} row{'s' * (number != 1)}"


def _aggregated(text: str, rows: int) -> str:
    """What aggregates do, in words."""
    functions = set(re.findall(r"\b(COUNT|SUM|AVG|MIN|MAX|SAMPLE|GROUP_CONCAT)\b", text.upper()))
    if text.startswith("HAVING"):
        return f"{_rows(rows)} together meet a condition"
    if functions & {"SUM", "AVG"}:
        return f"computed from {_rows(rows)}"
    return f"{'counted' if functions == {'COUNT'} else 'chosen'} from {_rows(rows)}"


def _absence(absent: "AbsentPattern") -> str:
    """What an absence means: the words of the query's author, or the properties and classes that are not there."""
    if absent.said:
        return absent.said
    text = re.sub(r"<[^<>\s]*[/#]([\w.-]+)>", r"x:\1", absent.text)
    names = dict.fromkeys(re.findall(r"(?<![\w?$])[\w-]*:([\w.-]*\w)", text))
    told = ", ".join(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", f"“{name}”").lower() for name in names)
    return f"nothing in the graph tells {told or 'this'}{' as the query asks' * ('FILTER' in text.upper())}"
