"""Triples computed once, at build time: bounds of dates, current status and stage, direct types; each by a named rule.

They stand in the default graph of the compiled dataset alone (model, rules 12, 24 and 38). Bounds are computed before
the closure, since shapes and rules may use them; the others after it, and nothing is inferred from these.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store, Triple

from kg.rdf.namespaces import ENT, INFERRED_GRAPH, ONTOLOGY_GRAPH, RDF_TYPE, RDFS
from kg.reasoning.derivations import UNKNOWN_RULE, Derivation, Derivations
from kg.reasoning.forward import ForwardChainer

# Of each current value: its property, the one for the passages that state it, and those with which they state it.
CURRENT = {
    "currentStatus": ("statusStatedIn", ("status", "stage")),
    "currentStage": ("stageStatedIn", ("stage",)),
}
DIRECT_TYPE = NamedNode(ENT + "directType")
STATUS = frozenset(ENT + name for name in ("status", "stage"))
AFTER_CLOSURE = frozenset(
    {DIRECT_TYPE.value} | {ENT + name for current, (place, _) in CURRENT.items() for name in (current, place)}
)
RULES = frozenset({"bounds", "current-status", "direct-type"})
# The predicates of computed days, each with that of the date from which it is computed.
# The date properties (local names), each with the properties of its earliest and its latest day (rule `bounds`).
BOUNDS = {
    "date": ("earliest", "latest"),
    "start": ("earliestStart", "latestStart"),
    "end": ("earliestEnd", "latestEnd"),
}
DATE_OF = {ENT + name: ENT + date for date, names in BOUNDS.items() for name in names}
PREDICATES = AFTER_CLOSURE | frozenset(DATE_OF)

Statement = tuple[Triple, str, str]  # a status or stage, the IRI of its passage, and the reading date of its article
Broader = Mapping[Any, frozenset[Any]]
Find = Callable[[Any, Any], Iterable[Quad]]  # the quads with a subject and a predicate, or without the latter

_TYPE, _SUBCLASS = NamedNode(RDF_TYPE), NamedNode(RDFS + "subClassOf")
_ARTICLE, _READ = NamedNode(ENT + "article"), NamedNode(ENT + "readingDate")
_EVIDENCE = frozenset(NamedNode(ENT + name) for name in ("Aside", "Background", "Claim", "Passage", "Unit"))
_FROM = {ENT + name: verbs for current, (place, verbs) in CURRENT.items() for name in (current, place)}


def current(statements: Iterable[Statement]) -> Iterator[Triple]:
    """The current status and stage of each thing, and the passages that state them (rule `current-status`).

    They are those of the article with the latest reading date that states any; of equally late ones, all.
    """
    told: dict[Any, list[Statement]] = {}
    for statement in statements:
        if statement[2]:
            told.setdefault(statement[0].subject, []).append(statement)
    for thing, rows in told.items():
        for name, (place, verbs) in CURRENT.items():
            for t, passage, _ in _latest(rows, verbs):
                yield Triple(thing, NamedNode(ENT + name), t.object)
                yield Triple(thing, NamedNode(ENT + place), NamedNode(passage))


def _latest(statements: Iterable[Statement], verbs: Iterable[str]) -> list[Statement]:
    """Those with the latest reading date among the statements with one of these predicates."""
    predicates = {ENT + verb for verb in verbs}
    rows = [s for s in statements if s[0].predicate.value in predicates]
    latest = max((day for _, _, day in rows), default="")
    return [s for s in rows if s[2] == latest]


def broader(ontology: Iterable[Triple]) -> Broader:
    """For each class, all classes above it by the stated rdfs:subClassOf."""
    above: dict[Any, set[Any]] = {}
    for t in ontology:
        if t.predicate == _SUBCLASS:
            above.setdefault(t.subject, set()).add(t.object)
    return {kind: frozenset(_reached(kind, above)) for kind in above}


def _reached(kind: Any, above: Mapping[Any, set[Any]]) -> set[Any]:
    found: set[Any] = set()
    waiting = [kind]
    while waiting:
        new = above.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return found


def direct_types(types: Iterable[Triple], order: Broader) -> Iterator[Triple]:
    """The narrowest classes of each thing: those above none of its others (rule `direct-type`).

    Classes that are above each other are equally narrow. What describes evidence has none.
    """
    kinds: dict[Any, set[Any]] = {}
    for t in types:
        if t.predicate == _TYPE and isinstance(t.subject, NamedNode) and isinstance(t.object, NamedNode):
            kinds.setdefault(t.subject, set()).add(t.object)
    for thing, found in kinds.items():
        if not found & _EVIDENCE:
            for kind in found:
                if not any(kind in order.get(k, ()) and k not in order.get(kind, ()) for k in found):
                    yield Triple(thing, DIRECT_TYPE, kind)


def statements(thing: Any, find: Find) -> Iterator[Statement]:
    """What asserted passages of a compiled dataset say of a thing's status and stage."""
    for verb in sorted(STATUS):
        for q in find(thing, NamedNode(verb)):
            passage = q.graph_name
            if isinstance(passage, NamedNode):
                for article in _values(find, passage, _ARTICLE):
                    for day in _values(find, article, _READ):
                        yield q.triple, passage.value, day.value


def after_closure(store: Store, things: Iterable[Any], order: Broader) -> dict[Any, tuple[set[Triple], set[Triple]]]:
    """For some things of a compiled dataset, the triples that are computed after its closure: as kept, and as due."""

    def find(subject: Any, predicate: Any) -> Iterator[Quad]:
        return store.quads_for_pattern(subject, predicate, None, None)

    found = {}
    for thing in things:
        verbs = (NamedNode(verb) for verb in AFTER_CLOSURE)
        kept = {q.triple for verb in verbs for q in store.quads_for_pattern(thing, verb, None, DefaultGraph())}
        types = (q.triple for q in store.quads_for_pattern(thing, _TYPE, None, DefaultGraph()))
        found[thing] = kept, {*current(statements(thing, find)), *direct_types(types, order)}
    return found


def derivation(t: Triple, find: Find) -> Derivation | None:
    """How a computed triple of a compiled dataset follows; None for one that is not computed."""
    verb = t.predicate.value
    if t.predicate == DIRECT_TYPE:
        types = tuple({q.triple for q in find(t.subject, _TYPE) if q.object == t.object})
        return Derivation("direct-type", types) if types else None
    if verb in _FROM:
        return _of_current(t, find)
    if not (date := DATE_OF.get(verb)):
        return None
    stated = {q.triple for q in find(t.subject, NamedNode(date)) if _states(q)}
    return of_bounds([t], stated)[t] if stated else None


def _of_current(t: Triple, find: Find) -> Derivation | None:
    """A current value from its statements, a passage from what it states; both from the latest reading date."""
    rows = _latest(statements(t.subject, find), _FROM[t.predicate.value])
    said = [(s, passage) for s, passage, _ in rows if t.object in (s.object, NamedNode(passage))]
    articles = dict.fromkeys(a for _, passage in said for a in _values(find, NamedNode(passage), _ARTICLE))
    days = [Triple(article, _READ, day) for article in articles for day in _values(find, article, _READ)]
    return Derivation("current-status", tuple(dict.fromkeys([*(s for s, _ in said), *days]))) if said else None


def in_store(store: Store) -> Find:
    """Look quads up in a store."""
    return lambda subject, predicate: store.quads_for_pattern(subject, predicate, None, None)


def in_quads(quads: Iterable[Quad]) -> Find:
    """Look quads up in memory, lexical forms kept."""
    index: dict[Any, list[Quad]] = {}
    for q in quads:
        index.setdefault((q.subject, q.predicate), []).append(q)
    return lambda subject, predicate: index.get((subject, predicate), ())


def _values(find: Find, subject: Any, predicate: NamedNode) -> list[Any]:
    return sorted({q.object for q in find(subject, predicate) if isinstance(q.graph_name, DefaultGraph)}, key=str)


def _states(q: Quad) -> bool:
    """Whether a quad stands in the graph of a passage or of background."""
    return isinstance(q.graph_name, NamedNode) and q.graph_name.value not in (INFERRED_GRAPH, ONTOLOGY_GRAPH)


# The derivations of a whole dataset


class DatasetDerivations(Mapping[Triple, Derivation]):
    """The derivations of what a compiled dataset has beyond what is stated: `computed` days and `wanted` inferences."""

    def __init__(self, computed: dict[Triple, Derivation], wanted: dict[Triple, None], steps: Derivations) -> None:
        self._computed, self._wanted, self._steps = computed, wanted, steps

    def __getitem__(self, triple: Triple) -> Derivation:
        if triple in self._computed:
            return self._computed[triple]
        if triple not in self._wanted:
            raise KeyError(triple)
        return self._steps.get(triple) or Derivation(UNKNOWN_RULE, ())

    def steps(self, triple: Triple) -> list[Derivation]:
        """All last steps to a triple that take what came before it, the shortest first."""
        (told,) = self._steps.chainer.facts.encode([triple])
        if triple in self._computed or told is None or triple not in self._steps:
            return [self[triple]] if triple in self else []
        return self._steps.steps(told)

    def __iter__(self) -> Iterator[Triple]:
        yield from self._computed
        yield from self._wanted

    def __len__(self) -> int:
        return len(self._computed) + len(self._wanted)


def of_dataset(quads: Iterable[Quad]) -> DatasetDerivations:
    """A derivation for each inferred and each computed triple of a compiled dataset (model, rule 24)."""
    quads = list(quads)
    named: dict[str, dict[Triple, None]] = {}
    computed: dict[Triple, None] = {}
    for q in quads:
        if isinstance(q.graph_name, NamedNode):
            named.setdefault(q.graph_name.value, {})[q.triple] = None
        elif isinstance(q.graph_name, DefaultGraph) and q.predicate.value in PREDICATES:
            computed[q.triple] = None
    ontology, inferred = named.pop(ONTOLOGY_GRAPH, {}), named.pop(INFERRED_GRAPH, {})
    stated = {t: None for triples in named.values() for t in triples}
    find = in_quads(quads)
    left = [t for t in computed if t not in stated and t not in inferred]
    steps = {t: derivation(t, find) or Derivation(UNKNOWN_RULE, ()) for t in left}
    bounds = (t for t in steps if t.predicate.value not in AFTER_CLOSURE)
    return of_closure([*stated, *bounds], inferred, ontology, steps)


def of_closure(
    facts: Iterable[Triple],
    inferred: Iterable[Triple],
    ontology: Iterable[Triple],
    computed: dict[Triple, Derivation] | None = None,
) -> DatasetDerivations:
    """The derivation of each of the `inferred` triples from `facts` under `ontology`, and of the `computed` ones.

    What no rule of `kg.reasoning.rules` gives has UNKNOWN_RULE and no premises.
    """
    wanted = dict.fromkeys(inferred)
    given = dict.fromkeys([*facts, *ontology])
    chainer = ForwardChainer(given)
    shown = set(chainer.facts.encode(wanted))
    return DatasetDerivations(computed or {}, wanted, Derivations(chainer, shown.__contains__))


def of_bounds(computed: Iterable[Triple], stated: Iterable[Triple]) -> dict[Triple, Derivation]:
    """The derivation of each computed day from the dates of the same thing (rule `bounds`)."""
    dates: dict[tuple[object, str], list[Triple]] = {}
    for t in sorted(stated, key=str):
        dates.setdefault((t.subject, t.predicate.value), []).append(t)
    return {t: Derivation("bounds", tuple(dates.get((t.subject, DATE_OF[t.predicate.value]), ()))) for t in computed}
