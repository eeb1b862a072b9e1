"""What stands in which role of a thing, as a passage states it, what may, and what words name one thing for another."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import combinations, product
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from kg.dataset.build import Build
from kg.dataset.lexicon import Lexicon
from kg.dataset.named import Names
from kg.rdf.namespaces import ENT, OWL, RDF, RDF_TYPE, RDFS, SH
from kg.rdf.terms import described, iri, members, value
from kg.source.article import Passage
from kg.text.amounts import CURRENCIES
from kg.text.patterns import THIS

# By these a thing lies in another, or acts for it: words may name either.
NEARBY = frozenset(ENT + name for name in ("bodyOf", "capitalOf", "governmentOf", "locatedIn", "partOf"))
# By these a person is at the head of it.
HEADING = frozenset(ENT + name for name in ("heads", "holder", "office", "officeOf"))
LEADING = ENT + "LeadingOffice"

_ACTING = frozenset(ENT + name for name in ("Actor", "Place", "Quantity"))
_CURRENCY, _COUNT = "currency", "count"  # stand for any code of ISO 4217, and for what is counted

Path = tuple[str, ...]  # local names of properties, or THIS


def looked_up(ontology: Iterable[Triple]) -> frozenset[str]:
    """The properties that are looked up beyond a passage, to see whether its words contradict its facts."""
    triples = list(ontology)
    lexicon, broader = Lexicon(triples), _broader(triples)
    patterns = (p for language in lexicon.languages for found in lexicon.patterns(language).values() for p in found)
    roles = {ENT + role for pattern in patterns for slot in pattern.slots() for role in slot.path[1:]}
    return NEARBY | HEADING | roles | {role for role, above in broader.items() if not above.isdisjoint(roles)}


def kind_of(measure: str) -> str:
    """A measure as roles take it: of any code of ISO 4217 “currency”."""
    return _CURRENCY if measure in CURRENCIES else measure


def measures(ontology: Iterable[Triple]) -> dict[str, set[str]]:
    """By role (IRI), the measures that it takes (`ent:measuredIn`), see `kind_of`."""
    taken: dict[str, set[str]] = {}
    for t in ontology:
        if t.predicate.value == ENT + "measuredIn" and isinstance(t.object, Literal):
            taken.setdefault(iri(t.subject), set()).add(t.object.value)
    return taken


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
        """Whether a thing may stand in a role, by the shapes (`sh:class`); a quantity only where they say so.

        And only where the role is measured so (`ent:measuredIn`). Where one shape asks for any thing and another for a
        class, as for the item of an agreement and of an arms deal, neither an actor nor a place fits.
        """
        classes, kinds = self._classes.get(ENT + path[-1]), self.names.kinds(thing)
        if classes:
            taken = self._measures.get(ENT + path[-1])
            fits = not classes.isdisjoint(kinds) or (ENT + path[-1] in self._open and kinds.isdisjoint(_ACTING))
            return fits and (not taken or self._is_measured(thing, taken))
        return ENT + "Quantity" not in kinds

    def may_have(self, thing: str, role: str) -> bool:
        """Whether a thing may have a role (IRI), by domains of the ontology and the shapes for what has it."""
        domains = self._domains.get(role)
        return not domains or not domains.isdisjoint(self.names.kinds(thing))

    def domain(self, role: str) -> frozenset[str]:
        """The classes of what may have a role (IRI), where something says so."""
        return frozenset(self._domains.get(role, ()))

    def classes(self, role: str) -> frozenset[str]:
        """The classes of the things that may stand in a role (IRI); none where words may, or anything."""
        return frozenset(self._classes.get(role, ()))

    @cached_property
    def _domains(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for t in self.made.ontology:
            if t.predicate.value == RDFS + "domain":
                found.setdefault(iri(t.subject), set()).add(iri(t.object))
        for role, kinds in self._shaped("targetSubjectsOf"):
            if kinds <= self._declared:
                found.setdefault(role, set()).update(kinds)
        return found

    def _is_measured(self, thing: str, taken: set[str]) -> bool:
        """Whether a quantity has one of some measures; what no role names counts something."""
        stated = {kind_of(getattr(t.object, "value", "")) for t in self._about(thing, ENT + "measure")}
        kinds = {kind if kind in self._known_measures else _COUNT for kind in stated}
        return not kinds or not kinds.isdisjoint(taken)

    @cached_property
    def _measures(self) -> dict[str, set[str]]:
        return measures(self.made.ontology)

    @cached_property
    def _known_measures(self) -> set[str]:
        return set[str]().union(*self._measures.values())

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
        for role, kinds in self._shaped("path"):
            found.setdefault(role, set()).update(kinds)
        return found

    @cached_property
    def _open(self) -> set[str]:
        """The roles in which any thing may stand, by a shape that asks for an IRI and no class: the item of a deal."""
        found: set[str] = set()
        for document in self.made.sources.shapes:
            for node in described(document.triples).values():
                kinds = {iri(x) for x in node.get(SH + "nodeKind", ())}
                if kinds == {SH + "IRI"} and not node.keys() & {SH + "class", SH + "or"}:
                    found |= {iri(x) for x in node.get(SH + "path", ())}
        return found

    def _shaped(self, by: str) -> Iterator[tuple[str, set[str]]]:
        """Roles (IRI) with the classes that shapes ask for, which have the roles as their `sh:path` or target."""
        for document in self.made.sources.shapes:
            values = described(document.triples)
            for shape, role in [(t.subject, iri(t.object)) for t in document.triples if t.predicate.value == SH + by]:
                parts = [part for head in values[shape].get(SH + "or", ()) for part in members(values, head)] or [shape]
                kinds = {iri(kind) for part in parts for kind in values.get(part, {}).get(SH + "class", [part])}
                if role and "" not in kinds:
                    yield role, kinds

    @cached_property
    def lasting(self) -> frozenset[str]:
        """The classes of what lasts, to which the shapes allow no ent:date."""
        return frozenset(kind for kind, role in self._limited("0") if role == ENT + "date")

    @cached_property
    def single(self) -> frozenset[tuple[str, str]]:
        """The classes with the roles in which the shapes allow at most one thing; both are IRIs."""
        return frozenset(self._limited("1"))

    def _limited(self, most: str) -> set[tuple[str, str]]:
        found: set[tuple[str, str]] = set()
        for document in self.made.sources.shapes:
            triples = document.triples
            roles = {t.subject: iri(t.object) for t in triples if t.predicate.value == SH + "path"}
            nodes = [t.subject for t in triples if t.predicate.value == SH + "maxCount" and value(t.object) == most]
            found |= {(kind, roles[n]) for n in nodes if n in roles for kind in _targets(triples, n)}
        return found

    @cached_property
    def _disjoint(self) -> set[tuple[str, str]]:
        """Pairs of classes that are declared to exclude each other, by themselves or in a list."""
        triples = self.made.ontology
        pairs = {(iri(t.subject), iri(t.object)) for t in triples if t.predicate.value == OWL + "disjointWith"}
        values = described(t for t in triples if t.predicate.value in (RDF + "first", RDF + "rest"))
        for t in triples:
            if t.predicate.value == OWL + "members":
                pairs |= set(combinations(sorted(map(iri, members(values, t.object))), 2))
        return pairs


def _targets(triples: Iterable[Triple], node: object) -> set[str]:
    """The target classes of the shapes in which a node stands."""
    above: dict[object, list[object]] = {}
    targets: dict[object, set[str]] = {}
    for t in triples:
        above.setdefault(t.object, []).append(t.subject)
        if t.predicate.value == SH + "targetClass":
            targets.setdefault(t.subject, set()).add(iri(t.object))
    found, seen, waiting = set[str](), set[object](), [node]
    while waiting:
        at = waiting.pop()
        if at not in seen:
            seen.add(at)
            found |= targets.get(at, set())
            waiting += above.get(at, []) if at not in targets else []
    return found
