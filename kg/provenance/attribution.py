"""From the witnesses of a row to its receipts: the passages, and what rests on no passage, in words.

A triple that an article asserts leads to its passages, an inferred or computed one to those of its premises, a claim
to the passage that reports it, and what describes a passage to that passage. Background leads to its source.
"""

import sys
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store, Triple

from kg.provenance.receipts import Receipt, Receipts
from kg.rdf.namespaces import ALT_LABEL, ENT, INFERRED_GRAPH, ONTOLOGY_GRAPH, RDF_TYPE, RDFS_LABEL, local_name

if TYPE_CHECKING:
    from kg.reasoning.derivations import Derivation

_TYPE, _PASSAGE, _ARTICLE = (NamedNode(iri) for iri in (RDF_TYPE, ENT + "Passage", ENT + "Article"))
_NAMING = (RDF_TYPE, RDFS_LABEL, ALT_LABEL)
_LAST = ("article", "data", "ontology")  # told only of a row that rests on nothing else


class AbsentPattern(NamedTuple):
    """That nothing in the graph matches these words of the query."""

    words: str


class Aggregate(NamedTuple):
    """That these words of the query count, add up or choose from so many rows, those of one group."""

    words: str
    rows: int
    group: str


Ground: TypeAlias = Quad | AbsentPattern | Aggregate


class Note(NamedTuple):
    """What a row rests on beside its passages: its kind and its words.

    `absence`: what the graph does not have. `aggregate`: what was counted or chosen, from how many rows. `background`:
    the address of a source. Of a row without these: `article` and `data`, what describes an article or comes without
    a passage; `ontology`, the words alone; `query`, what the question itself gives; `unknown`, where no witness was
    found.
    """

    kind: str
    text: str


class Attribution(NamedTuple):
    """On what one row rests: its passages by IRI, their receipts and those that they are read with, and notes.

    Passages are in the order of the text, those last that do no more than name or classify a thing; where others say
    more, these are `naming`.
    """

    passages: tuple[str, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    notes: tuple[Note, ...] = ()
    naming: frozenset[str] = frozenset()


class Sources(NamedTuple):
    """What stands beneath the triples of a witness: for each that articles assert, the passages to choose from.

    `telling` are the passages of those that do more than name or classify a thing.
    """

    choices: frozenset[frozenset[str]] = frozenset()
    notes: frozenset[Note] = frozenset()
    telling: frozenset[str] = frozenset()


class Attributor:
    """Leads triples of a compiled dataset to what they rest on.

    `steps` gives the last steps to an inferred triple, the best one first; it is not asked of others.
    """

    def __init__(self, store: Store, steps: Callable[[Triple], "Sequence[Derivation]"]) -> None:
        self._store, self._steps = store, steps
        self._receipts = Receipts(store)
        self._known: dict[tuple[Quad, bool], Sources] = {}
        self._evidence: dict[NamedNode, frozenset[str] | Note] = {}
        self._picked: dict[frozenset[frozenset[str]], set[str]] = {}
        self._outer: dict[tuple[str, ...], int] = {}
        self._quoted: dict[str, list[Receipt]] = {}
        self._places: dict[str, tuple[str, int, int, str]] = {}

    def of(self, grounds: Iterable[Ground], every: bool) -> Attribution:
        """On what a witness rests: one passage for each triple that is asserted, and one way to each that is inferred.

        With `every`, all passages that assert one, and all ways.
        """
        found = self._gathered(grounds, every)
        receipts = (receipt for passage in found.passages for receipt in self._quotes(passage))
        return found._replace(receipts=tuple(dict.fromkeys(receipts)))

    def _gathered(self, grounds: Iterable[Ground], every: bool) -> Attribution:
        """The same without receipts."""
        distinct = set(grounds)
        leaves = _together([self._of_quad(g, every) for g in distinct if isinstance(g, Quad)])
        absent = {
            Note("absence", f"nothing in the graph matches {g.words}") for g in distinct if isinstance(g, AbsentPattern)
        }
        counted: dict[str, int] = {}
        for g in distinct:
            if isinstance(g, Aggregate):
                counted[g.words] = counted.get(g.words, 0) + g.rows
        sums = {_counted(words, rows) for words, rows in counted.items()}
        chosen = frozenset().union(*leaves.choices) if every else self._chosen(leaves.choices)
        passages = tuple(sorted(chosen, key=lambda p: (p not in leaves.telling, self._order(p))))
        naming = frozenset(passages) - leaves.telling if leaves.telling else frozenset()
        return Attribution(passages, (), _notes(leaves.notes | absent | sums, bool(passages)), naming)

    def _quotes(self, passage: str) -> list[Receipt]:
        """The receipt of a passage, and those of the passages that it is read with."""
        if passage not in self._quoted:
            self._quoted[passage] = self._receipts.with_companions(NamedNode(passage))
        return self._quoted[passage]

    def of_triple(self, triple: Triple) -> Attribution:
        """On what a triple of the default graph rests, an inferred one too."""
        return self.of([Quad(triple.subject, triple.predicate, triple.object, DefaultGraph())], every=False)

    def best(self, ways: Iterable[tuple[Ground, ...]]) -> tuple[Ground, ...]:
        """The witness that is preferred to the others; of equal ones, the first in a fixed order."""
        distinct = list(dict.fromkeys(ways))
        least = min(ranks := [self.rank(way) for way in distinct] if len(distinct) > 1 else [(0, 0)])
        equal = [way for way, rank in zip(distinct, ranks, strict=True) if rank == least]
        return min(equal, key=lambda way: sorted({str(g) for g in way})) if len(equal) > 1 else equal[0]

    def rank(self, grounds: tuple[Ground, ...]) -> tuple[int, int]:
        """By what one witness is preferred to another: fewer quotes and notes, then fewer triples.

        A quote within another one does not count: who reads the one has read the other.
        """
        passages, _, notes, _ = self._gathered(grounds, every=False)
        if passages not in self._outer:
            self._outer[passages] = sum(not self._is_inner(p, passages) for p in passages)
        return self._outer[passages] + len(notes), len(set(grounds))

    def _chosen(self, choices: frozenset[frozenset[str]]) -> AbstractSet[str]:
        """A passage of each choice: what there is no choice about, then what goes best with that, one by one."""
        if choices in self._picked:
            return self._picked[choices]
        chosen = self._picked[choices] = {p for choice in choices if len(choice) == 1 for p in choice}
        while open_choices := [c for c in choices if not c & chosen]:
            offered = {p for choice in open_choices for p in choice}
            chosen.add(min(offered, key=lambda p: self._fit(p, chosen, open_choices)))
        return chosen

    def _fit(
        self, passage: str, chosen: set[str], choices: list[frozenset[str]]
    ) -> tuple[bool, int, int, int, tuple[str, int, int, str]]:
        """How well a passage goes with those that are chosen, the least best.

        It stands within one of them, serves many triples, is understood by itself, stands near, or stands early.
        """
        inside = any(self._within(passage, other) for other in chosen)
        serves = sum(passage in choice for choice in choices)
        companions = {r.passage for r in self._quotes(passage)} - chosen
        away = min((self._distance(passage, other) for other in chosen), default=0)
        return not inside, -serves, len(companions), away, self._place(passage)

    def _is_inner(self, passage: str, others: Iterable[str]) -> bool:
        """Whether one of the others holds the whole quote; of two equal ones, the second is within the first."""
        around = (o for o in others if o != passage and self._within(passage, o))
        return any(o < passage or not self._within(o, passage) for o in around)

    def _within(self, passage: str, other: str) -> bool:
        (article, start, end, _), (other_article, other_start, other_end, _) = map(self._place, (passage, other))
        return article == other_article and other_start <= start and end <= other_end

    def _distance(self, passage: str, other: str) -> int:
        """The characters between two passages; further than any text is long where their articles differ."""
        (article, start, end, _), (other_article, other_start, other_end, _) = map(self._place, (passage, other))
        return max(start - other_end, other_start - end, 0) if article == other_article else sys.maxsize

    def _order(self, passage: str) -> tuple[str, int, int, str]:
        """The order of the text, a quote before those within it."""
        article, start, end, iri = self._place(passage)
        return article, start, -end, iri

    def _place(self, passage: str) -> tuple[str, int, int, str]:
        """Where a passage stands."""
        if passage not in self._places:
            receipt = next((r for r in self._quotes(passage) if r.passage == passage), None)
            place = (receipt.article, receipt.start, receipt.end) if receipt else ("", 0, 0)
            self._places[passage] = (*place, passage)
        return self._places[passage]

    def _of_quad(self, quad: Quad, every: bool) -> Sources:
        if (quad, every) not in self._known:
            self._known[quad, every] = self._found(quad, every)
        return self._known[quad, every]

    def _found(self, quad: Quad, every: bool) -> Sources:
        graph = quad.graph_name
        if isinstance(graph, DefaultGraph) or graph.value == INFERRED_GRAPH:
            return self._beneath(quad.triple, every)
        if graph.value == ONTOLOGY_GRAPH:
            return _noted("ontology", "the words of the ontology")
        if isinstance(graph, NamedNode) and self._is_a(graph, _PASSAGE):
            return _choice(quad.triple, frozenset({graph.value}))
        if source := self._receipts.source(graph.value):
            return _noted("background", source)
        return _noted("data", f"the graph {graph.value}")

    def _beneath(self, triple: Triple, every: bool) -> Sources:
        """The leaves beneath a triple of the default graph; inferred ones are followed through all their premises."""
        leaves: list[Sources] = []
        waiting, seen = [triple], {triple}
        while waiting:
            statement = waiting.pop()
            stated = self._stated(statement)
            premises = () if stated else self._premises(statement, every)
            if not premises:
                leaves.append(stated or self._described(statement))
            waiting += [p for p in premises if p not in seen]
            seen.update(premises)
        return _together(leaves)

    def _premises(self, triple: Triple, every: bool) -> Sequence[Triple]:
        """The triples from which one follows that is inferred or computed; with `every`, in all its last steps."""
        if Quad(triple.subject, triple.predicate, triple.object, NamedNode(INFERRED_GRAPH)) in self._store:
            steps = self._steps(triple)
            return [p for step in (steps if every else steps[:1]) for p in step.premises]
        from kg.dataset import computed

        step = computed.derivation(triple, computed.in_store(self._store))
        return step.premises if step else ()

    def _stated(self, triple: Triple) -> Sources | None:
        """The passages or the background that state a triple."""
        rows = self._store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
        names = [q.graph_name for q in rows if isinstance(q.graph_name, NamedNode)]
        passages = frozenset(g.value for g in names if self._is_a(g, _PASSAGE))
        if passages:
            return _choice(triple, passages)
        sources = sorted(source for g in names if (source := self._receipts.source(g.value)))
        return _noted("background", sources[0]) if sources else None

    def _described(self, triple: Triple) -> Sources:
        """What a triple rests on that nothing states: a claim, or a description of evidence."""
        subject = triple.subject
        if not isinstance(subject, NamedNode):
            return _noted("data", "data without a passage")
        if subject not in self._evidence:
            self._evidence[subject] = self._evidence_of(subject)
        found = self._evidence[subject]
        return Sources(notes=frozenset({found})) if isinstance(found, Note) else _choice(triple, found)

    def _evidence_of(self, subject: NamedNode) -> frozenset[str] | Note:
        for passage in self._values(subject, "passage"):
            return frozenset({passage})
        if self._place(subject.value)[0]:  # a passage, or an aside: its own quote
            return frozenset({subject.value})
        articles = [subject.value] if self._is_a(subject, _ARTICLE) else self._values(subject, "article")
        if articles:
            return Note("article", f"the description of the article {local_name(articles[0])}")
        source = self._receipts.source(subject.value)
        return Note("background", source) if source else Note("data", "data without a passage")

    def _values(self, subject: NamedNode, name: str) -> list[str]:
        rows = self._store.quads_for_pattern(subject, NamedNode(ENT + name), None, DefaultGraph())
        return sorted(q.object.value for q in rows if isinstance(q.object, NamedNode))

    def _is_a(self, thing: NamedNode, kind: NamedNode) -> bool:
        return Quad(thing, _TYPE, kind) in self._store


def _together(leaves: Iterable[Sources]) -> Sources:
    return Sources(*(frozenset().union(*parts) for parts in zip(*leaves, strict=True)))


def _choice(triple: Triple, passages: frozenset[str]) -> Sources:
    telling = triple.predicate.value not in _NAMING
    return Sources(frozenset({passages}), telling=passages if telling else frozenset())


def _noted(kind: str, text: str) -> Sources:
    return Sources(notes=frozenset({Note(kind, text)}))


def _counted(words: str, rows: int) -> Note:
    return Note("aggregate", f"{words} over {rows:,} row{'s' * (rows != 1)}")


def _notes(notes: frozenset[Note], rests_on_passages: bool) -> tuple[Note, ...]:
    """Notes in a fixed order; the last resorts only where there is nothing better."""
    telling = {n for n in notes if n.kind not in _LAST}
    if telling or rests_on_passages:
        return tuple(sorted(telling))
    return tuple(sorted(notes)) or (Note("query", "the question itself, not the graph"),)
