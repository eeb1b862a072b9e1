"""Forward chaining with memory: from facts and an ontology to all that follows, each triple with the step that gave it.

The rules are those of OWL 2 RL (W3C OWL 2 Profiles §4.3, tables 5 to 7) that give triples about things and need no
equality: prp-dom, prp-rng, prp-symp, prp-trp, prp-spo1, prp-spo2, prp-eqp1/2, prp-inv1/2, cls-int1/2, cls-uni,
cls-svf1/2, cls-avf, cls-hv1/2, cax-sco, cax-eqc1/2. Axioms are compiled into rules, each filed under the property or
the class that sets it off.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.vocabulary import OWL, RDF, RDF_TYPE, RDFS

Term = NamedNode | BlankNode | Literal | Triple
# A blank node may be a predicate here: `[ owl:inverseOf ent:holder ]` is a property like any other.
Statement = tuple[Term, Term, Term]
_TYPE = NamedNode(RDF_TYPE)


@dataclass(frozen=True)
class Step:
    """How a statement follows: by which rule, from which statements, by leave of which axioms."""

    rule: str
    conclusion: Statement
    premises: tuple[Statement, ...]
    axioms: tuple[Triple, ...]


Rule = Callable[[Statement], Iterator[Step]]
Path = tuple[Statement, ...]


def statement(t: Triple) -> Statement:
    """A triple, as the chainer has it."""
    return t.subject, t.predicate, t.object


class _Axioms:
    """An ontology, indexed as the rules ask it. All comes in sorted order, so that proofs are the same on every run."""

    def __init__(self, ontology: Iterable[Triple]) -> None:
        self._by_predicate: dict[str, list[Triple]] = {}
        self._by_subject: dict[tuple[Term, str], list[Triple]] = {}
        for t in sorted(set(ontology), key=str):
            self._by_predicate.setdefault(t.predicate.value, []).append(t)
            self._by_subject.setdefault((t.subject, t.predicate.value), []).append(t)

    def with_predicate(self, iri: str) -> list[Triple]:
        return self._by_predicate.get(iri, [])

    def of_kind(self, kind: str) -> list[Triple]:
        return [t for t in self.with_predicate(RDF_TYPE) if t.object == NamedNode(OWL + kind)]

    def about(self, node: Term, iri: str) -> list[Triple]:
        return self._by_subject.get((node, iri), [])

    def members(self, head: Term) -> list[Term]:
        """The members of an RDF list; an endless one ends where it meets itself."""
        members: list[Term] = []
        seen: set[Term] = set()
        while head not in seen and (first := self.about(head, RDF + "first")):
            seen.add(head)
            members.append(first[0].object)
            head = next((t.object for t in self.about(head, RDF + "rest")), head)
        return members


# Axiom, rule, what sets it off (the axiom's subject or its object; as a property or as a class), and the conclusion
# from the statement and the axiom's other end.
_SIMPLE: tuple[tuple[str, str, str, str, Callable[[Statement, Term], Statement]], ...] = (
    (RDFS + "domain", "prp-dom", "subject", "property", lambda f, other: (f[0], _TYPE, other)),
    (RDFS + "range", "prp-rng", "subject", "property", lambda f, other: (f[2], _TYPE, other)),
    (RDFS + "subPropertyOf", "prp-spo1", "subject", "property", lambda f, other: (f[0], other, f[2])),
    (OWL + "equivalentProperty", "prp-eqp1", "subject", "property", lambda f, other: (f[0], other, f[2])),
    (OWL + "equivalentProperty", "prp-eqp2", "object", "property", lambda f, other: (f[0], other, f[2])),
    (OWL + "inverseOf", "prp-inv1", "subject", "property", lambda f, other: (f[2], other, f[0])),
    (OWL + "inverseOf", "prp-inv2", "object", "property", lambda f, other: (f[2], other, f[0])),
    (RDFS + "subClassOf", "cax-sco", "subject", "class", lambda f, other: (f[0], _TYPE, other)),
    (OWL + "equivalentClass", "cax-eqc1", "subject", "class", lambda f, other: (f[0], _TYPE, other)),
    (OWL + "equivalentClass", "cax-eqc2", "object", "class", lambda f, other: (f[0], _TYPE, other)),
)


class Chainer:
    """The rules of one ontology, and what they have given so far."""

    def __init__(self, ontology: Iterable[Triple]) -> None:
        self._steps: dict[Statement, Step] = {}
        self._known: set[Statement] = set()
        self._objects: dict[tuple[Term, Term], list[Term]] = {}
        self._subjects: dict[tuple[Term, Term], list[Term]] = {}
        self._rules: dict[str, dict[Term, list[Rule]]] = {"property": {}, "class": {}}
        self._axioms = _Axioms(ontology)
        self._compile_simple()
        self._compile_chains()
        self._compile_restrictions()
        self._compile_lists()

    def run(self, facts: Iterable[Triple]) -> dict[Statement, Step]:
        """The step of each statement that follows and is not given; the nearest to the facts come first."""
        queue: deque[Statement] = deque()
        for t in facts:
            self._learn(statement(t), queue)
        while queue:
            fact = queue.popleft()
            for step in self._fire(fact):
                if step.conclusion not in self._known and not isinstance(step.conclusion[0], Literal):
                    self._steps[step.conclusion] = step
                    self._learn(step.conclusion, queue)
        return self._steps

    def _fire(self, fact: Statement) -> Iterator[Step]:
        rules = self._rules["property"].get(fact[1], [])
        if fact[1] == _TYPE:
            rules = [*rules, *self._rules["class"].get(fact[2], [])]
        for rule in rules:
            yield from list(rule(fact))  # a list, since what follows changes the indexes that the rule reads

    def _learn(self, fact: Statement, queue: deque[Statement]) -> None:
        if fact not in self._known:
            self._known.add(fact)
            self._objects.setdefault((fact[0], fact[1]), []).append(fact[2])
            self._subjects.setdefault((fact[1], fact[2]), []).append(fact[0])
            queue.append(fact)

    def _on(self, kind: str, key: Term, rule: Rule) -> None:
        self._rules[kind].setdefault(key, []).append(rule)

    def _compile_simple(self) -> None:
        for predicate, name, trigger, kind, conclude in _SIMPLE:
            for axiom in self._axioms.with_predicate(predicate):
                key, other = axiom.subject, axiom.object
                if trigger == "object":
                    key, other = axiom.object, axiom.subject  # type: ignore[assignment]
                self._on(kind, key, _one(name, axiom, conclude, other))
        for axiom in self._axioms.of_kind("SymmetricProperty"):
            self._on("property", axiom.subject, _one("prp-symp", axiom, lambda f, p: (f[2], p, f[0]), axiom.subject))

    def _compile_chains(self) -> None:
        for axiom in self._axioms.of_kind("TransitiveProperty"):
            self._compile_chain("prp-trp", axiom, [axiom.subject, axiom.subject])
        for axiom in self._axioms.with_predicate(OWL + "propertyChainAxiom"):
            self._compile_chain("prp-spo2", axiom, self._axioms.members(axiom.object))

    def _compile_chain(self, name: str, axiom: Triple, links: list[Term]) -> None:
        def rule_at(place: int) -> Rule:
            def rule(fact: Statement) -> Iterator[Step]:
                for before in self._paths_to(fact[0], links[:place]):
                    for after in self._paths_from(fact[2], links[place + 1 :]):
                        path = (*before, fact, *after)
                        yield Step(name, (path[0][0], axiom.subject, path[-1][2]), path, (axiom,))

            return rule

        for place, link in enumerate(links):
            self._on("property", link, rule_at(place))

    def _paths_to(self, node: Term, links: list[Term]) -> Iterator[Path]:
        if not links:
            yield ()
            return
        for subject in self._subjects.get((links[-1], node), ()):
            for path in self._paths_to(subject, links[:-1]):
                yield (*path, (subject, links[-1], node))

    def _paths_from(self, node: Term, links: list[Term]) -> Iterator[Path]:
        if not links:
            yield ()
            return
        for value in self._objects.get((node, links[0]), ()):
            for path in self._paths_from(value, links[1:]):
                yield ((node, links[0], value), *path)

    def _compile_restrictions(self) -> None:
        for about in self._axioms.with_predicate(OWL + "onProperty"):
            node, prop = about.subject, about.object
            for axiom in self._axioms.about(node, OWL + "someValuesFrom"):
                self._compile_some(axiom, prop)
            for axiom in self._axioms.about(node, OWL + "allValuesFrom"):
                self._compile_all(axiom, prop)
            for axiom in self._axioms.about(node, OWL + "hasValue"):
                self._compile_value(axiom, prop)

    def _compile_some(self, axiom: Triple, prop: Term) -> None:
        node, kind = axiom.subject, axiom.object

        def by_property(f: Statement) -> Iterator[Step]:
            if kind == NamedNode(OWL + "Thing"):
                yield Step("cls-svf2", (f[0], _TYPE, node), (f,), (axiom,))
            elif (typed := (f[2], _TYPE, kind)) in self._known:
                yield Step("cls-svf1", (f[0], _TYPE, node), (f, typed), (axiom,))

        def by_class(f: Statement) -> Iterator[Step]:
            for subject in self._subjects.get((prop, f[0]), ()):
                yield Step("cls-svf1", (subject, _TYPE, node), ((subject, prop, f[0]), f), (axiom,))

        self._on("property", prop, by_property)
        self._on("class", kind, by_class)

    def _compile_all(self, axiom: Triple, prop: Term) -> None:
        node, kind = axiom.subject, axiom.object

        def by_property(f: Statement) -> Iterator[Step]:
            if (typed := (f[0], _TYPE, node)) in self._known:
                yield Step("cls-avf", (f[2], _TYPE, kind), (typed, f), (axiom,))

        def by_class(f: Statement) -> Iterator[Step]:
            for value in self._objects.get((f[0], prop), ()):
                yield Step("cls-avf", (value, _TYPE, kind), (f, (f[0], prop, value)), (axiom,))

        self._on("property", prop, by_property)
        self._on("class", node, by_class)

    def _compile_value(self, axiom: Triple, prop: Term) -> None:
        node, value = axiom.subject, axiom.object

        def by_property(f: Statement) -> Iterator[Step]:
            if f[2] == value:
                yield Step("cls-hv2", (f[0], _TYPE, node), (f,), (axiom,))

        self._on("class", node, _one("cls-hv1", axiom, lambda f, p: (f[0], p, value), prop))
        self._on("property", prop, by_property)

    def _compile_lists(self) -> None:
        for axiom in self._axioms.with_predicate(OWL + "unionOf"):
            for member in self._axioms.members(axiom.object):
                self._on("class", member, _one("cls-uni", axiom, _typed, axiom.subject))
        for axiom in self._axioms.with_predicate(OWL + "intersectionOf"):
            members = self._axioms.members(axiom.object)
            for member in members:
                self._on("class", axiom.subject, _one("cls-int2", axiom, _typed, member))
                self._on("class", member, self._all_of(axiom, members))

    def _all_of(self, axiom: Triple, members: list[Term]) -> Rule:
        def rule(f: Statement) -> Iterator[Step]:
            premises = tuple((f[0], _TYPE, member) for member in members)
            if all(p in self._known for p in premises):
                yield Step("cls-int1", (f[0], _TYPE, axiom.subject), premises, (axiom,))

        return rule


def _typed(f: Statement, kind: Term) -> Statement:
    return f[0], _TYPE, kind


def _one(name: str, axiom: Triple, conclude: Callable[[Statement, Term], Statement], other: Term) -> Rule:
    """A rule of one premise."""
    return lambda f: iter((Step(name, conclude(f, other), (f,), (axiom,)),))
