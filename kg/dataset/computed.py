"""Computes triples that no article states and OWL cannot infer: bounds of dates, current status, direct types.

Bounds of dates are computed before the closure, since shapes and axioms may use them; current status and stage, direct
types, the passage that states a thing, and its first and last day after it, and nothing is inferred from these. The
reading order of passages belongs to the description of their article. All are in the default graph only (model, rules
12 and 24).
The sentence for each rule is in `kg.provenance.proofs`.
"""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store, Triple

from kg.errors import InputError
from kg.rdf import values
from kg.rdf.namespaces import (
    ALT_LABEL,
    ENT,
    INFERRED_GRAPH,
    ONTOLOGY_GRAPH,
    RDF_TYPE,
    RDFS,
    RDFS_LABEL,
    XSD,
    local_name,
)
from kg.rdf.terms import QuadStore
from kg.reasoning.derivations import UNKNOWN_RULE, Derivation, Derivations
from kg.reasoning.forward import ForwardChainer

# For each current value: the property for the passage that states it, and the properties with which it is stated.
CURRENT = {"currentStatus": ("statusStatedIn", ("status", "stage")), "currentStage": ("stageStatedIn", ("stage",))}
DIRECT_TYPE = NamedNode(ENT + "directType")
STATUS = frozenset(ENT + name for name in ("status", "stage"))
_STATED_WITH = {ENT + name: stated for current, (place, stated) in CURRENT.items() for name in (current, place)}
_OFFICE = ENT + "office"
# The first and last day on which a thing can have been, each with the bounds from which it is computed.
DAYS = {ENT + "firstDay": ("earliest", "earliestStart"), ENT + "lastDay": ("latest", "latestEnd")}
_BOUND_OF = {ENT + name: day for day, names in DAYS.items() for name in names}
ENDED = frozenset(NamedNode(ENT + name) for name in ("cancelled", "collapsed", "completed", "ended", "held"))
PART_OF = NamedNode(ENT + "partOf")
LABEL = NamedNode(ENT + "computedLabel")
STATED_IN = NamedNode(ENT + "statedIn")
READING_ORDER = NamedNode(ENT + "readingOrder")
AFTER_CLOSURE = frozenset({DIRECT_TYPE.value, LABEL.value, STATED_IN.value, *_STATED_WITH, *DAYS})
# The date properties (local names), each with the properties of its earliest and its latest day.
BOUNDS = {
    "date": ("earliest", "latest"),
    "start": ("earliestStart", "latestStart"),
    "end": ("earliestEnd", "latestEnd"),
}
# The limits that stand for a date (local names), each with the bound that it gives.
_LAST = {"notAfter": "latest", "startNotAfter": "latestStart"}
LIMITS = {"notBefore": "earliest", "startNotBefore": "earliestStart"} | _LAST
# For each computed day, the dates of which it is a bound.
DATES_OF = {
    ENT + name: (date, *(limit for limit, bound in LIMITS.items() if bound == name))
    for date, names in BOUNDS.items()
    for name in names
}
PREDICATES = AFTER_CLOSURE | frozenset(DATES_OF)
RULES = frozenset({"bounds", "current-status", "days", "direct-type", "label", "reading-order", "stated-in"})


class StatusStatement(NamedTuple):
    """A status or stage; the IRI and the reading order of its passage; the reading date of its article."""

    triple: Triple
    passage: str
    order: str
    read: str


class Mentioning(NamedTuple):
    """A passage that gives a thing a class: the least states it best.

    Whether it does no more than name and classify it; its reading order; its IRI.
    """

    is_naming: bool
    order: str
    passage: str


_MANY = 30  # statements about a thing, beyond which they are looked up by predicate
Broader = Mapping[Any, frozenset[Any]]
Find = Callable[..., Iterable[Quad]]  # the quads with a subject and a predicate, or with a predicate and an object

_TYPE, _SUBCLASS = NamedNode(RDF_TYPE), NamedNode(RDFS + "subClassOf")
_ARTICLE, _READ, _START = (NamedNode(ENT + name) for name in ("article", "readingDate", "textStart"))
_END, _UNIT, _KIND = (NamedNode(ENT + name) for name in ("textEnd", "unit", "unitKind"))
_NAMING = frozenset({RDF_TYPE, RDFS_LABEL, ALT_LABEL})
EVIDENCE = frozenset(NamedNode(ENT + name) for name in ("Aside", "Background", "Claim", "Mention", "Passage", "Unit"))


def bounds(facts: Iterable[Triple]) -> Iterator[Triple]:
    """The first and last day that each `ent:date`, `ent:start` and `ent:end` allows (rule `bounds`).

    Where a thing has several dates, the days that all of them allow, or if there are none, those that any allows.
    Where it has none, `ent:notBefore` gives the first day, and `ent:notAfter` the last; so for the start.
    """
    spans: dict[tuple[NamedNode, str], list[tuple[str, str]]] = {}
    limits: dict[tuple[NamedNode, str], list[str]] = {}
    for t in facts:
        date = t.predicate.value.removeprefix(ENT)
        if (date in BOUNDS or date in LIMITS) and isinstance(t.object, Literal) and isinstance(t.subject, NamedNode):
            try:
                span = values.bounds(t.object)
            except InputError:
                continue  # a finding of the check of literals or of that of date words
            if date in BOUNDS:
                spans.setdefault((t.subject, date), []).append(span)
            else:
                limits.setdefault((t.subject, date), []).append(span[date in _LAST])
    found: dict[tuple[NamedNode, str], str] = {}
    for (subject, date), days in spans.items():
        earliest, latest = max(first for first, _ in days), min(last for _, last in days)
        if earliest > latest:
            earliest, latest = min(first for first, _ in days), max(last for _, last in days)
        found.update({(subject, name): day for name, day in zip(BOUNDS[date], (earliest, latest), strict=True)})
    for (subject, date), either in limits.items():
        if (subject, "start" if date.startswith("start") else "date") not in spans:
            found[subject, LIMITS[date]] = min(either) if date in _LAST else max(either)
    for (subject, name), day in found.items():
        yield Triple(subject, NamedNode(ENT + name), Literal(day, datatype=NamedNode(XSD + "date")))


def current(statements: Iterable[StatusStatement]) -> Iterator[Triple]:
    """The current status and stage of each thing, and where each is stated (rule `current-status`).

    They are those of the article with the latest reading date that states any; of equally late ones, all.
    """
    stated: dict[Any, list[StatusStatement]] = {}
    for statement in statements:
        if statement.read:
            stated.setdefault(statement.triple.subject, []).append(statement)
    for thing, rows in stated.items():
        for name, (place, predicates) in CURRENT.items():
            for s in _first(_latest(rows, predicates)):
                yield Triple(thing, NamedNode(ENT + name), s.triple.object)
                yield Triple(thing, NamedNode(ENT + place), NamedNode(s.passage))


def _latest(statements: Iterable[StatusStatement], predicates: Iterable[str]) -> list[StatusStatement]:
    """Those with the latest reading date among the statements with one of these predicates (local names)."""
    iris = {ENT + name for name in predicates}
    rows = [s for s in statements if s.triple.predicate.value in iris]
    latest = max((s.read for s in rows), default="")
    return [s for s in rows if s.read == latest]


def _first(statements: Iterable[StatusStatement]) -> list[StatusStatement]:
    """For each value the first statement in reading order."""
    found: dict[Any, StatusStatement] = {}
    for s in sorted(statements, key=lambda s: s.order):
        found.setdefault(s.triple.object, s)
    return list(found.values())


def ended(statements: Iterable[StatusStatement]) -> dict[Any, StatusStatement]:
    """For each thing that is over, as the latest article that gives its status says (`ENDED`): a statement."""
    stated: dict[Any, list[StatusStatement]] = {}
    for statement in statements:
        if statement.read and statement.triple.predicate.value == ENT + "status":
            stated.setdefault(statement.triple.subject, []).append(statement)
    latest = {thing: _first(_latest(rows, ["status"])) for thing, rows in stated.items()}
    return {thing: rows[0] for thing, rows in latest.items() if all(s.triple.object in ENDED for s in rows)}


def days(facts: Iterable[Triple], over: Mapping[Any, StatusStatement]) -> Iterator[Triple]:
    """The first and the last day on which each dated thing can have been (rule `days`).

    They are the bounds of its dates; where it has none, the tightest of the wholes that it is part of; and what has
    begun at some time and is `over` (see `ended`) was so by the reading date. `facts` have bounds and ent:partOf.
    """
    own: dict[str, dict[Any, str]] = {day: {} for day in DAYS}
    wholes: dict[Any, list[Any]] = {}
    for t in facts:
        if day := _BOUND_OF.get(t.predicate.value):
            is_date = t.predicate.value.endswith("est")  # it counts before a start and an end
            if is_date or t.subject not in own[day]:
                own[day][t.subject] = t.object.value  # type: ignore[union-attr]
        elif t.predicate == PART_OF:
            wholes.setdefault(t.subject, []).append(t.object)
    first, last = (
        {
            part: tightest(own[day][whole] for whole in found if whole in own[day])
            for part, found in wholes.items()
            if any(whole in own[day] for whole in found)
        }
        | own[day]
        for day, tightest in zip(DAYS, (max, min), strict=True)
    )
    late = {s: over[s].read for s, day in first.items() if s in over and s not in last and day <= over[s].read}
    for name, found in zip(DAYS, (first, last | late), strict=True):
        for thing, day in found.items():
            yield Triple(thing, NamedNode(name), Literal(day, datatype=NamedNode(XSD + "date")))


def stated_in(mentioning: Iterable[tuple[Any, Mentioning]]) -> Iterator[Triple]:
    """The passage that states each thing best (rule `stated-in`), of those that give it a class.

    A passage that says something of it comes before one that only names it; of equal ones, the first in reading order.
    Of sentences, one that names an office (“Russian President”) comes before one that means it (“counterpart”).
    """
    best: dict[Any, Mentioning] = {}
    for thing, found in mentioning:
        best[thing] = min(found, best.get(thing, found))
    for thing, found in best.items():
        yield Triple(thing, STATED_IN, NamedNode(found.passage))


def names_only(predicates: Iterable[str]) -> bool:
    """Whether statements with these predicates do no more than name or classify a thing."""
    return _NAMING.issuperset(predicates)


def broader(ontology: Iterable[Triple]) -> Broader:
    """For each class, all its superclasses by the stated rdfs:subClassOf."""
    above: dict[Any, set[Any]] = {}
    for t in ontology:
        if t.predicate == _SUBCLASS:
            above.setdefault(t.subject, set()).add(t.object)
    return {kind: frozenset(_reachable(kind, above)) for kind in above}


def _reachable(kind: Any, above: Mapping[Any, set[Any]]) -> set[Any]:
    found: set[Any] = set()
    waiting = [kind]
    while waiting:
        new = above.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return found


def direct_types(types: Iterable[Triple], order: Broader) -> Iterator[Triple]:
    """The most specific classes of each thing: those with no narrower one among its others (rule `direct-type`).

    Of classes that are superclasses of each other all are given. Articles' parts and claims have none.
    """
    kinds: dict[Any, set[Any]] = {}
    for t in types:
        if t.predicate == _TYPE and isinstance(t.subject, NamedNode) and isinstance(t.object, NamedNode):
            kinds.setdefault(t.subject, set()).add(t.object)
    for thing, found in kinds.items():
        if not found & EVIDENCE:
            for kind in found:
                if not any(kind in order.get(k, ()) and k not in order.get(kind, ()) for k in found):
                    yield Triple(thing, DIRECT_TYPE, kind)


# In a compiled dataset


def in_store(store: QuadStore) -> Find:
    """Look quads up in a store."""
    return lambda subject, predicate, value=None: store.quads_for_pattern(subject, predicate, value, None)


def in_quads(quads: Iterable[Quad], inverse: Container[str] | None = None) -> Find:
    """Look quads up in memory, where lexical forms are those of the sources; by object for predicates of `inverse`."""
    about: dict[Any, list[Quad]] = {}  # by subject alone, since most have few: more would take twice as long
    of_many: dict[Any, dict[Any, list[Quad]]] = {}
    others: dict[Any, list[Quad]] = {}
    for q in quads:
        about.setdefault(q.subject, []).append(q)
        if inverse is None or q.predicate.value in inverse:
            others.setdefault((q.predicate, q.object), []).append(q)

    def find(subject: Any, predicate: Any, value: Any = None) -> Iterable[Quad]:
        if subject is None:
            return others.get((predicate, value), ())
        found = about.get(subject, ())
        if len(found) <= _MANY:
            return [q for q in found if q.predicate == predicate]
        if subject not in of_many:
            by_predicate = of_many[subject] = dict[Any, list[Quad]]()
            for q in found:
                by_predicate.setdefault(q.predicate, []).append(q)
        return of_many[subject].get(predicate, ())

    return find


def _default(find: Find, subject: Any, predicate: NamedNode) -> set[Triple]:
    return {q.triple for q in find(subject, predicate) if isinstance(q.graph_name, DefaultGraph)}


def _objects(find: Find, subject: Any, predicate: NamedNode) -> list[Any]:
    return sorted({t.object for t in _default(find, subject, predicate)}, key=str)


def after_closure(store: Store, things: Iterable[Any], order: Broader) -> dict[Any, tuple[set[Triple], set[Triple]]]:
    """For some things of a dataset, the triples computed after its closure: those it has, and those it should have.

    Labels are not among them: they depend on other things too.
    """
    find = in_store(store)
    found = {}
    for thing in things:
        has = {t for iri in AFTER_CLOSURE - {LABEL.value} for t in _default(find, thing, NamedNode(iri))}
        types = direct_types(_default(find, thing, _TYPE), order)
        statuses = list(_status_statements(thing, find))
        due = (t for t in days(_dated(thing, find), ended(statuses)) if t.subject == thing)
        stated = stated_in((thing, mentioning) for mentioning in _mentioning(thing, store))
        found[thing] = has, {*current(statuses), *types, *due, *stated}
    return found


def _dated(thing: Any, find: Find) -> set[Triple]:
    """The bounds of a thing and of its wholes, and which these are."""
    wholes = _default(find, thing, PART_OF)
    about = [thing, *(t.object for t in wholes)]
    return wholes.union(*(_default(find, x, NamedNode(name)) for x in about for name in _BOUND_OF))


def _status_statements(thing: Any, find: Find) -> Iterator[StatusStatement]:
    for predicate in sorted(STATUS):
        for q in find(thing, NamedNode(predicate)):
            passage = q.graph_name
            if isinstance(passage, NamedNode):
                for article in _objects(find, passage, _ARTICLE):
                    for day in _objects(find, article, _READ):
                        yield StatusStatement(q.triple, passage.value, _order(passage, find), day.value)


def _order(passage: Any, find: Find) -> str:
    return next((order.value for order in _objects(find, passage, READING_ORDER)), "")


def _mentioning(thing: Any, store: QuadStore) -> Iterator[Mentioning]:
    """The passages of a dataset that give a thing a class."""
    graphs = {q.graph_name for q in store.quads_for_pattern(thing, _TYPE, None, None)}
    found = (mentioning_in(thing, graph, store) for graph in graphs if isinstance(graph, NamedNode))
    return (mentioning for mentioning in found if mentioning.order)  # other graphs have no order


def mentioning_in(thing: Any, passage: NamedNode, store: QuadStore) -> Mentioning:
    """How well a passage of a dataset states a thing: the least does best."""
    said = [q.triple for q in store.quads_for_pattern(thing, None, None, passage)]
    names = (RDFS_LABEL, ALT_LABEL) if any(t.predicate.value == _OFFICE for t in said) else ()
    labels = (q.subject for p in names for q in store.quads_for_pattern(None, NamedNode(p), None, passage))
    return mentioning(said, set(labels), _order(passage, in_store(store)), passage.value)


def mentioning(said: list[Triple], named: Container[Any], order: str, passage: str) -> Mentioning:
    """How well a passage states a thing of which it has these statements, with labels for what is `named`."""
    is_meant = any(t.predicate.value == _OFFICE and t.object not in named for t in said)
    order = f"{order[0]}~{order[1:]}" if is_meant and order else order  # after the others of its unit
    return Mentioning(names_only(t.predicate.value for t in said), order, passage)


def derivation(t: Triple, find: Find) -> Derivation | None:
    """How a computed triple of a dataset follows; None for one that is not computed."""
    predicate = t.predicate.value
    rule, premises = "", list[Triple]()
    if t.predicate == DIRECT_TYPE:
        rule, premises = "direct-type", [*{q.triple for q in find(t.subject, _TYPE) if q.object == t.object}]
    elif predicate in _STATED_WITH:
        rule, premises = "current-status", _premises_of_current(t, find)
    elif t.predicate == LABEL:
        from kg.dataset import computed_labels
        from kg.dataset.naming import Naming

        rule, premises = "label", computed_labels.premises(Naming(find, anew=True), t)
    elif predicate in DAYS:
        rule, premises = "days", _premises_of_day(t, find)
    elif t.predicate == STATED_IN:
        typed = {q.triple for q in find(t.subject, _TYPE) if q.graph_name == t.object}
        rule, premises = "stated-in", sorted(typed, key=str)
    elif t.predicate == READING_ORDER:
        rule, premises = "reading-order", _premises_of_order(t.subject, find)
    elif dates := DATES_OF.get(predicate):
        rule, premises = "bounds", sorted(_stated_dates(t.subject, dates, find), key=str)
    return Derivation(rule, tuple(premises)) if premises else None


def _stated_dates(thing: Any, dates: tuple[str, ...], find: Find) -> set[Triple]:
    """The first of these dates (local names) of a thing, as they are stated."""
    unstated = (DefaultGraph(), NamedNode(INFERRED_GRAPH), NamedNode(ONTOLOGY_GRAPH))
    for date in dates:
        if found := {q.triple for q in find(thing, NamedNode(ENT + date)) if q.graph_name not in unstated}:
            return found
    return set()


def _premises_of_current(t: Triple, find: Find) -> list[Triple]:
    """The first statement of a current value, or that in its passage, and the reading date of its article."""
    rows = _first(_latest(_status_statements(t.subject, find), _STATED_WITH[t.predicate.value]))
    stated = [s for s in rows if t.object in (s.triple.object, NamedNode(s.passage))]
    return _with_reading_dates(stated, find) if stated else []


def _with_reading_dates(stated: list[StatusStatement], find: Find) -> list[Triple]:
    articles = dict.fromkeys(a for s in stated for a in _objects(find, NamedNode(s.passage), _ARTICLE))
    read = [Triple(article, _READ, day) for article in articles for day in _objects(find, article, _READ)]
    return [*dict.fromkeys([*(s.triple for s in stated), *read])]


def _premises_of_day(t: Triple, find: Find) -> list[Triple]:
    """The bound of a thing that its first or last day is, or that of a whole; or the status by which it is over."""
    dated, names = _dated(t.subject, find), DAYS[t.predicate.value]
    same = sorted((b for b in dated if local_name(b.predicate.value) in names and b.object == t.object), key=str)
    if own := [b for b in same if b.subject == t.subject]:
        return own[:1]
    if same:
        return [Triple(t.subject, PART_OF, same[0].subject), same[0]]
    over = ended(_status_statements(t.subject, find)).get(t.subject)
    return _with_reading_dates([over], find) if over else []


def _premises_of_order(passage: Any, find: Find) -> list[Triple]:
    """Where a passage stands: its place in the text, the kinds of its units, and the reading date of its article."""
    about = [t for name in (_START, _END, _UNIT, _ARTICLE) for t in _default(find, passage, name)]
    nodes = [t.object for t in about if isinstance(t.object, NamedNode)]
    return sorted({*about, *(t for x in nodes for name in (_KIND, _READ) for t in _default(find, x, name))}, key=str)


def rests_on(t: Triple) -> Triple:
    """The type on which a direct type rests; any other triple itself."""
    return Triple(t.subject, _TYPE, t.object) if t.predicate == DIRECT_TYPE else t


class DatasetDerivations(Mapping[Triple, Derivation]):
    """The derivations of the computed and the inferred triples of a dataset."""

    def __init__(self, computed: dict[Triple, Derivation], inferred: dict[Triple, None], steps: Derivations) -> None:
        self._computed, self._inferred, self._steps = computed, inferred, steps

    def __getitem__(self, triple: Triple) -> Derivation:
        if triple in self._computed:
            return self._computed[triple]
        if triple not in self._inferred:
            raise KeyError(triple)
        return self._steps.get(triple) or Derivation(UNKNOWN_RULE, ())

    def steps(self, triple: Triple) -> list[Derivation]:
        """All last steps to a triple, the shortest first; see `kg.reasoning.derivations.Derivations.steps`."""
        (statement,) = self._steps.chainer.facts.encode([triple])
        if triple in self._computed or statement is None or triple not in self._steps:
            return [self[triple]] if triple in self else []
        return self._steps.steps(statement)

    def __iter__(self) -> Iterator[Triple]:
        yield from self._computed
        yield from self._inferred

    def __len__(self) -> int:
        return len(self._computed) + len(self._inferred)


def of_dataset(quads: Iterable[Quad]) -> DatasetDerivations:
    """The derivations of a compiled dataset (model, rule 24)."""
    quads = list(quads)
    stated: dict[Triple, None] = {}
    ontology: dict[Triple, None] = {}
    inferred: dict[Triple, None] = {}
    of_graph = {ONTOLOGY_GRAPH: ontology, INFERRED_GRAPH: inferred}
    for q in quads:
        if isinstance(q.graph_name, NamedNode):
            of_graph.get(q.graph_name.value, stated)[q.triple] = None
    default = (q.triple for q in quads if isinstance(q.graph_name, DefaultGraph) and q.predicate.value in PREDICATES)
    find = in_quads(quads)
    computed = {
        t: derivation(t, find) or Derivation(UNKNOWN_RULE, ()) for t in default if t not in stated and t not in inferred
    }
    days = (t for t in computed if t.predicate.value in DATES_OF)
    return of_closure([*stated, *days], inferred, ontology, computed)


def of_closure(
    facts: Iterable[Triple],
    inferred: Iterable[Triple],
    ontology: Iterable[Triple],
    computed: dict[Triple, Derivation] | None = None,
) -> DatasetDerivations:
    """The derivation of each of the `inferred` triples from `facts` under `ontology`, and those of `computed` ones.

    A triple that no rule gives has UNKNOWN_RULE and no premises.
    """
    wanted = dict.fromkeys(inferred)
    chainer = ForwardChainer(dict.fromkeys([*facts, *ontology]))
    shown = set(chainer.facts.encode(wanted))
    return DatasetDerivations(computed or {}, wanted, Derivations(chainer, shown.__contains__))


def in_default_graph(lines: Iterable[str]) -> list[str]:
    """The lines of N-Quads of named graphs, but for the ontology's, as lines of the default graph."""
    return [plain for _, plain in stated_lines(lines)]


def stated_lines(lines: Iterable[str]) -> list[tuple[str, str]]:
    """The lines of N-Quads of named graphs, but for the ontology's, each with that of the default graph."""
    found, ontology = list[tuple[str, str]](), f"<{ONTOLOGY_GRAPH}>"
    for line, (triple, graph, _) in ((line, line.rsplit(" ", 2)) for line in lines):
        if graph.startswith("<") and graph != ontology and '"' not in graph and triple.count(" ") > 1:
            found.append((line, f"{triple} ."))
    return found
