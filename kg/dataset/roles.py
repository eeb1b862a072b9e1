"""What stands in which role of a thing, as a passage states it, and what words may name one thing for another."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import combinations, product
from typing import NamedTuple

from pyoxigraph import NamedNode, Triple

from kg.dataset.build import Build
from kg.dataset.lexicon import Lexicon
from kg.dataset.named import Names
from kg.rdf.namespaces import ENT, OWL, RDF_TYPE, RDFS, SH
from kg.rdf.terms import described, iri, members
from kg.source.article import Passage
from kg.text.patterns import THIS

# By these a thing lies in another, or acts for it: words may name either.
NEARBY = frozenset(ENT + name for name in ("bodyOf", "capitalOf", "governmentOf", "locatedIn", "partOf"))
# By these a person is at the head of it.
HEADING = frozenset(ENT + name for name in ("heads", "holder", "office", "officeOf"))
LEADING = ENT + "LeadingOffice"

Path = tuple[str, ...]  # local names of properties, or THIS


def looked_up(ontology: Iterable[Triple]) -> frozenset[str]:
    """The properties that are looked up beyond a passage, to see whether its words contradict its facts."""
    triples = list(ontology)
    lexicon, broader = Lexicon(triples), _broader(triples)
    patterns = (p for language in lexicon.languages for found in lexicon.patterns(language).values() for p in found)
    roles = {ENT + role for pattern in patterns for slot in pattern.slots() for role in slot.path[1:]}
    return NEARBY | HEADING | roles | {role for role, above in broader.items() if not above.isdisjoint(roles)}


def _broader(ontology: Iterable[Triple]) -> dict[str, set[str]]:
    """By property, those above it."""
    above: dict[str, set[str]] = {}
    for t in ontology:
        if t.predicate.value == RDFS + "subPropertyOf":
            above.setdefault(iri(t.subject), set()).add(iri(t.object))
    for role, found in above.items():
        queue = list(found)
        while queue:
            more = above.get(queue.pop(), set()) - found - {role}
            found |= more
            queue += more
    return above


class Thing(NamedTuple):
    """A thing of which a passage states facts: its classes, and by role (IRI) and value (IRI or lexical form) these."""

    iri: str
    kinds: frozenset[str]
    values: dict[str, dict[str, Triple]]

    def has(self, role: str) -> bool:
        """Whether the passage states this role (a local name)."""
        return ENT + role in self.values

    @property
    def first(self) -> Triple:
        """The statement at which a finding about the whole thing is placed: its class where that is stated."""
        rows = self.values.get(RDF_TYPE) or next(iter(self.values.values()))
        return next(iter(rows.values()))


class Roles:
    """The roles of a build: from the statements of passages, the ontology and the shapes."""

    def __init__(self, made: Build, names: Names) -> None:
        self.made, self.names = made, names
        self._near: dict[str, frozenset[str]] = {}

    def things(self, passage: Passage) -> list[Thing]:
        """The things of which a passage states facts; what stands in a role stands in those above it as well."""
        values: dict[str, dict[str, dict[str, Triple]]] = {}
        for t in passage.triples:
            if t.predicate.value == RDF_TYPE and not isinstance(t.object, NamedNode):
                continue  # words in the place of a class: a finding of another check
            for role in (t.predicate.value, *self._above.get(t.predicate.value, ())):
                value = getattr(t.object, "value", "")
                values.setdefault(iri(t.subject), {}).setdefault(role, {})[value] = t
        return [Thing(s, self.names.kinds(s), v) for s, v in values.items() if s]

    def values(self, thing: Thing, path: Path) -> dict[str, Triple]:
        """What a path of roles leads to from a thing, each with the statement of the passage by which it does."""
        if path == (THIS,):
            return {thing.iri: thing.first}
        stated = thing.values.get(ENT + path[0], {})  # with words in the place of a thing, which shapes judge
        found = {value: t for value, t in stated.items() if isinstance(t.object, NamedNode)}
        for role in path[1:]:
            narrower = (ENT + role, *self._below.get(ENT + role, ()))
            found = {iri(t.object): found[x] for x in found for r in narrower for t in self._about(x, r)}
        return {value: t for value, t in found.items() if value}

    def fits(self, thing: str, path: Path) -> bool:
        """Whether a thing may stand in a role, by the shapes (`sh:class`); a quantity only where they say so."""
        classes, kinds = self._classes.get(ENT + path[-1]), self.names.kinds(thing)
        return not classes.isdisjoint(kinds) if classes else ENT + "Quantity" not in kinds

    def is_quantity(self, path: Path) -> bool:
        """Whether only a quantity may stand in a role, by the shapes."""
        return self._classes.get(ENT + path[-1]) == {ENT + "Quantity"}

    def may_be(self, thing: str, other: str) -> bool:
        """Whether no class of a thing excludes one of another, so that the two may be one."""
        pairs = product(self.names.kinds(thing), self.names.kinds(other))
        return not any(self.exclude_each_other(*pair) for pair in pairs)

    def near(self, thing: str) -> frozenset[str]:
        """A thing, and what it lies in or is the government of, and the reverse: words may name one for the other.

        And those who hold the office at its head: what they sign, it signs.
        """
        if thing not in self._near:
            found, node = {thing}, NamedNode(thing)
            for role in sorted(NEARBY):
                found |= {iri(t.object) for t in self._about(thing, role)}
                found |= {iri(t.subject) for t in self.made.statements.leading_to(node, role)}
                found |= {iri(t.subject) for t in self.made.claimed.leading_to(node, role)}
            found |= {iri(t.object) for tenure in self._tenures(thing) for t in self._about(tenure, ENT + "holder")}
            self._near[thing] = frozenset(found - {""})
        return self._near[thing]

    def _tenures(self, headed: str) -> Iterator[str]:
        """The tenures of the leading offices of a state, a government or an organisation."""
        leading_to = self.made.statements.leading_to
        for role in ("heads", "officeOf"):
            for of in leading_to(NamedNode(headed), ENT + role):
                if isinstance(of.subject, NamedNode) and (role == "heads" or self._is_leading(of.subject)):
                    yield from (iri(t.subject) for t in leading_to(of.subject, ENT + "office"))

    def _is_leading(self, office: NamedNode) -> bool:
        kinds = (iri(t.object) for t in self.made.statements.about(office, RDF_TYPE))
        return any(kind == LEADING or self.is_below(kind, LEADING) for kind in kinds)

    def exclude_each_other(self, one: str, other: str) -> bool:
        """Whether the ontology says of two classes that nothing is both."""
        return (one, other) in self._disjoint or (other, one) in self._disjoint

    def is_below(self, term: str, broader: str) -> bool:
        """Whether a class is a subclass of another, directly or by way of others."""
        return broader in self.names.broader(term)

    def is_class(self, term: str) -> bool:
        """Whether the ontology declares a class of that name."""
        return term in self._declared

    @cached_property
    def _declared(self) -> set[str]:
        kinds = (OWL + "Class", RDFS + "Class")
        return {iri(t.subject) for t in self.made.ontology if t.predicate.value == RDF_TYPE and iri(t.object) in kinds}

    @cached_property
    def individuals(self) -> dict[str, str]:
        """The values that the ontology declares, such as statuses, each with its class."""
        rows = ((iri(t.subject), iri(t.object)) for t in self.made.ontology if t.predicate.value == RDF_TYPE)
        return {name: kind for name, kind in rows if name.startswith(ENT) and kind.startswith(ENT)}

    def compatible(self, status: str) -> set[str]:
        """The statuses that a thing may have at the same time as one (`ent:compatibleWith`)."""
        pairs = (pair for row in self._compatible for pair in (row, row[::-1]))
        return {other for one, other in pairs if one == status}

    @cached_property
    def _compatible(self) -> list[tuple[str, str]]:
        told = ENT + "compatibleWith"
        return [(iri(t.subject), iri(t.object)) for t in self.made.ontology if t.predicate.value == told]

    @cached_property
    def background_kinds(self) -> frozenset[tuple[str, str]]:
        """The things of background with their classes."""
        return frozenset((iri(q.subject), iri(q.object)) for q in self.made.background if q.predicate.value == RDF_TYPE)

    @cached_property
    def one_way(self) -> frozenset[str]:
        """The classes of relations that go one way, from one to another (`ent:oneWay`)."""
        return frozenset(iri(t.subject) for t in self.made.ontology if t.predicate.value == ENT + "oneWay")

    def _about(self, thing: str, role: str) -> Iterator[Triple]:
        node = NamedNode(thing)
        yield from self.made.statements.about(node, role)
        yield from self.made.claimed.about(node, role)

    @cached_property
    def _above(self) -> dict[str, set[str]]:
        return _broader(self.made.ontology)

    @cached_property
    def _below(self) -> dict[str, set[str]]:
        """By property, those below it."""
        below: dict[str, set[str]] = {}
        for role, found in self._above.items():
            for broader in found:
                below.setdefault(broader, set()).add(role)
        return below

    @cached_property
    def _classes(self) -> dict[str, set[str]]:
        """By role (IRI), the classes of what may stand in it, by `sh:class` or an `sh:or` of such."""
        found: dict[str, set[str]] = {}
        for document in self.made.sources.shapes:
            paths = {t.subject: iri(t.object) for t in document.triples if t.predicate.value == SH + "path"}
            values = described(document.triples)
            for shape, role in paths.items():
                parts = [part for head in values[shape].get(SH + "or", ()) for part in members(values, head)] or [shape]
                kinds = {iri(kind) for part in parts for kind in values.get(part, {}).get(SH + "class", [part])}
                if role and "" not in kinds:
                    found.setdefault(role, set()).update(kinds)
        return found

    @cached_property
    def _disjoint(self) -> set[tuple[str, str]]:
        """Pairs of classes that are declared to exclude each other, by themselves or in a list."""
        triples = self.made.ontology
        pairs = {(iri(t.subject), iri(t.object)) for t in triples if t.predicate.value == OWL + "disjointWith"}
        values = described(triples)
        for t in triples:
            if t.predicate.value == OWL + "members":
                pairs |= set(combinations(sorted(map(iri, members(values, t.object))), 2))
        return pairs
