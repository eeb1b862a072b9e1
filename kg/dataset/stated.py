"""What is stated of a thing in a compiled dataset: its classes, and what stands in its roles.

It is stated by a voice. That of the facts, with no speakers, has what articles and background assert, before what is
inferred, and never what is only claimed. That of speakers has what each of them claims, before what the facts say,
which may name a thing, but is not said by them (`Stated.own_values`).
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Self, TypeVar

from pyoxigraph import NamedNode, Quad, Triple

from kg.rdf.namespaces import ALT_LABEL, CLAIM, ENT, INFERRED_GRAPH, ONTOLOGY_GRAPH, RDF, RDF_TYPE, RDFS, RDFS_LABEL
from kg.rdf.terms import Term
from kg.text import repetition

Match = Callable[[Any, Any, Any], Iterable[Any]]  # the quads with a subject, a predicate, an object; None for any
Voice = frozenset[str]  # the IRIs of the speakers who say the same; none: the facts
FACTS: Voice = frozenset()
_Key = TypeVar("_Key")
_Value = TypeVar("_Value")
_MOST_KEPT = 50_000  # of what was found

DATES = tuple(ENT + name for name in ("date", "start", "end"))
_NOT_STATED = frozenset({ONTOLOGY_GRAPH, INFERRED_GRAPH})
_TYPE = NamedNode(RDF_TYPE)
SUBJECT, _PREDICATE, _OBJECT = (NamedNode(RDF + name) for name in ("subject", "predicate", "object"))
PASSAGE, _CLAIMED_BY = NamedNode(ENT + "passage"), NamedNode(ENT + "claimedBy")
_GOVERNMENT_OF, _WITHIN = NamedNode(ENT + "governmentOf"), (NamedNode(ENT + "locatedIn"), NamedNode(ENT + "capitalOf"))
_PLACES = frozenset({ENT + "locatedIn", ENT + "place"})
_QUOTE, _READING_ORDER = NamedNode(ENT + "quote"), NamedNode(ENT + "readingOrder")
_NAMES = (NamedNode(RDFS_LABEL), NamedNode(ALT_LABEL))
_DEPICTS, _PARTICIPANT = ENT + "depicts", NamedNode(ENT + "participant")


class Stated:
    """What a voice states of things."""

    def __init__(
        self, match: Match, voice: Voice = FACTS, beside: Self | None = None, facts: Self | None = None
    ) -> None:
        """Take the quads of a compiled dataset, by subject, predicate and object (model, rule 24).

        `beside` is what the voice states in a dataset that differs in what it says of one thing, see `tell_anew`. Of
        speakers, `facts` are those of the same dataset: what they do not speak of is looked up there, once for all.
        """
        self.match, self.voice, self._beside, self.facts = match, voice, beside, facts if beside is None else None
        self._told: Term | None = None  # the thing of which another dataset says something else
        self._kinds = dict[Term, tuple[NamedNode, ...]]()
        self._all_kinds = dict[Term, frozenset[str]]()
        self._above = dict[NamedNode, tuple[NamedNode, ...]]()
        self._premises = dict[tuple[Term, str], tuple[Triple, ...]]()
        self._values = dict[tuple[Term, str], list[Term]]()
        self._claims = dict[tuple[Term, NamedNode | None], dict[Triple, set[Any]]]()
        self._claimed_of = dict[Term, dict[NamedNode, dict[Triple, tuple[set[str], set[Any]]]]]()

    def tell_anew(self, thing: Term) -> None:
        """Look up what is said of a thing again, since its quads have changed."""
        found: tuple[dict[Any, Any], ...] = (self._premises, self._values, self._claims, self._claimed_of)
        for known in found:
            known.clear()
        self._told = thing

    def asserted(self, thing: Term, predicate: NamedNode) -> list[Quad]:
        """The statements of articles and background."""
        return [q for q in self.match(thing, predicate, None) if _is_asserted(q)]

    def stated(self, thing: Term, predicate: NamedNode) -> Iterable[Triple]:
        """What the speakers claim, if they do; else what is asserted; else what is inferred; each once."""
        if self.voice and (claims := self.claims(thing, predicate)):
            return claims
        quads = [*self.match(thing, predicate, None)]
        return dict.fromkeys(q.triple for q in [q for q in quads if _is_asserted(q)] or quads)

    def claims(self, thing: Term, predicate: NamedNode | None = None) -> dict[Triple, set[Any]]:
        """What each of the speakers claims of a thing, with the passages in which they do so."""
        if self._beside is not None and thing != self._told:
            return self._beside.claims(thing, predicate)
        key = thing, predicate
        if (known := self._claims.get(key)) is None:
            known = bounded(self._claims)[key] = self._claims_of(thing, predicate)
        return known

    def _claims_of(self, thing: Term, predicate: NamedNode | None) -> dict[Triple, set[Any]]:
        by_predicate = (self.facts or self)._claimed_by_all(thing)
        found = [*by_predicate.values()] if predicate is None else [by_predicate.get(predicate, {})]
        return {
            triple: passages
            for claims in found
            for triple, (speakers, passages) in claims.items()
            if self.voice <= speakers
        }

    def _claimed_by_all(self, thing: Term) -> dict[NamedNode, dict[Triple, tuple[set[str], set[Any]]]]:
        """By predicate what anybody claims of a thing, each triple with its speakers and the passages."""
        if (known := self._claimed_of.get(thing)) is None:
            known = bounded(self._claimed_of)[thing] = {}
            for claim, triple in self._claimed(thing):
                speakers, passages = known.setdefault(triple.predicate, {}).setdefault(triple, (set(), set()))
                speakers.update(q.object.value for q in self.match(claim, _CLAIMED_BY, None))
                passages.update(q.object for q in self.match(claim, PASSAGE, None))
        return known

    def speaks_of(self, thing: Term, predicate: NamedNode | None = None) -> bool:
        """Whether the speakers claim something of a thing; the facts never do."""
        return bool(self.voice and self.claims(thing, predicate))

    def _as_facts(self, thing: Term, predicate: NamedNode) -> Self | None:
        """The facts, where the speakers claim nothing else of a thing by a predicate."""
        return None if self.facts is None or self.claims(thing, predicate) else self.facts

    def _facts_on(self, thing: Term, predicate: str) -> Self | None:
        """As `_as_facts`, by an IRI that may begin with `^`: what leads to a thing, no voice changes."""
        if self.facts is None or "^" in predicate:
            return self.facts
        return self._as_facts(thing, NamedNode(predicate))

    def speakers(self, thing: Term) -> list[str]:
        """The IRIs of those who claim something of a thing."""
        claims = (claim for claim, _ in self._claimed(thing))
        return sorted({q.object.value for claim in claims for q in self.match(claim, _CLAIMED_BY, None)})

    def _claimed(self, thing: Term) -> Iterator[tuple[Any, Triple]]:
        """The claims about a thing, and the triples that they reify."""
        for q in self.match(None, SUBJECT, thing):
            if q.subject.value.startswith(CLAIM):
                parts = [next(iter(self.match(q.subject, part, None))).object for part in (_PREDICATE, _OBJECT)]
                yield q.subject, Triple(thing, *parts)  # type: ignore[arg-type]

    def says_what(self, thing: Term) -> bool:
        """Whether the voice says what a thing is."""
        return bool(self.voice and self.claims(thing, _TYPE)) or any(True for _ in self.match(thing, _TYPE, None))

    def premises_of_claims(self, triples: Iterable[Triple]) -> set[Triple]:
        """For claims of the voice, the triples of the dataset that say in which passages they stand."""
        found = set[Triple]()
        for triple in triples:
            for claim, claimed in self._claimed(triple.subject):
                if claimed == triple:
                    found.update(q.triple for q in self.match(claim, PASSAGE, None))
        return found

    def values(self, thing: Term, predicate: str) -> list[Term]:
        """What a property leads to, the other way round where its name begins with `^`.

        Where a government and its state stand in one role, the state alone is told, of places the narrowest.
        """
        if self._beside is not None and thing != self._told:
            return self._beside.values(thing, predicate)
        key = thing, predicate
        if (known := self._values.get(key)) is None:
            facts = self._facts_on(thing, predicate)
            same = facts and predicate != _DEPICTS  # of which more is asked
            found = facts.values(thing, predicate) if facts and same else self._values_of(thing, predicate)
            known = bounded(self._values)[key] = found
        return known

    def _values_of(self, thing: Term, predicate: str) -> list[Term]:
        if "^" in predicate:
            return distinct(t.subject for t in self.premises(thing, predicate))
        found = distinct(t.object for t in self.premises(thing, predicate))
        if len(found) < 2 or not all(isinstance(x, NamedNode) for x in found):  # dates lie in no place
            return found
        within = {x: {q.object for p in _WITHIN for q in self.match(x, p, None)} for x in found}
        if predicate == _DEPICTS:  # an event, without those who are shown at it
            return [x for x in found if not any(x == t.object for y in found for t in self.stated(y, _PARTICIPANT))]
        if predicate in _PLACES:
            return [x for x in found if not any(x in within[y] for y in found)]
        return [x for x in found if not any(q.object in found for q in self.asserted(x, _GOVERNMENT_OF))]

    def as_told(self, thing: Any, predicate: str, found: list[Any]) -> list[Any]:
        """What stands in a role, in the order in which the first passage has it that names all of it; else as it is."""
        if len(found) < 2 or "^" in predicate or not all(isinstance(x, NamedNode) for x in found):
            return found
        stating = (self._passages(Triple(thing, NamedNode(predicate), x)) for x in found)
        passages = set.intersection(*stating)
        for passage in sorted(passages, key=self._reading_order) if len(passages) > 1 else passages:
            for quote in (q.object.value for q in self.match(passage, _QUOTE, None)):
                places = [self._place(x, quote) for x in found]
                if all(place is not None for place in places):
                    return [x for _, x in sorted(zip(places, found, strict=True), key=lambda pair: pair[0] or 0)]
        return found

    def is_paraphrased(self, fact: Triple) -> bool:
        """Whether speakers are told to say this in other words than their own, which turns “are” into “were”."""
        passages = self._passages(fact) if self.voice else set()
        speech = {q.object for p in passages for q in self.match(p, NamedNode(ENT + "speech"), None)}
        return speech == {NamedNode(ENT + "paraphrased")}

    def _passages(self, fact: Triple) -> set[Any]:
        """The passages in which a statement stands, of speakers those in which they make it."""
        claimed = self.claims(fact.subject, fact.predicate).get(fact) if self.voice else None
        asserted = (q for q in self.match(fact.subject, fact.predicate, fact.object) if _is_asserted(q))
        return claimed or {q.graph_name for q in asserted}

    def _reading_order(self, passage: Any) -> tuple[str, str]:
        return min((q.object.value for q in self.match(passage, _READING_ORDER, None)), default=""), str(passage)

    def _place(self, thing: Any, quote: str) -> int | None:
        """Where a quote names a thing first, by a label or alias."""
        names = (q.object.value for p in _NAMES for q in self.match(thing, p, None))
        return min((place[0] for name in names if (place := repetition.find(name, quote))), default=None)

    def own_values(self, thing: Term, predicate: str) -> list[Term]:
        """As `values`, but of speakers only what they claim themselves: a sentence of theirs tells nothing else."""
        return self.values(thing, predicate) if self.is_own(thing, predicate) else []

    def own_premises(self, thing: Term, predicate: str) -> tuple[Triple, ...]:
        """As `premises`, but of speakers only their claims."""
        return self.premises(thing, predicate) if self.is_own(thing, predicate) else ()

    def is_own(self, thing: Term, predicate: str) -> bool:
        """Whether what is stated of a thing by a predicate is the voice's own."""
        if not self.voice:
            return True
        is_told = self._beside is not None and thing == self._told  # of which a passage says all that there is
        return is_told or "^" in predicate or bool(self.claims(thing, NamedNode(predicate)))

    def is_of_others(self, thing: Term) -> bool:
        """Whether speakers speak of a thing that is one of the facts, too."""
        return bool(self.voice) and any(True for _ in self.asserted(thing, _TYPE))

    def premises(self, thing: Term, predicate: str) -> tuple[Triple, ...]:
        """The statements from which the values of a property are read, in a fixed order."""
        if self._beside is not None and thing != self._told:
            return self._beside.premises(thing, predicate)
        key = thing, predicate
        if (known := self._premises.get(key)) is None:
            found = tuple(self._premises_of(thing, predicate))  # in an order that is the same in every store
            known = bounded(self._premises)[key] = tuple(sorted(found, key=str)) if len(found) > 1 else found
        return known

    def _premises_of(self, thing: Term, predicate: str) -> Iterable[Triple]:
        if facts := self._facts_on(thing, predicate):
            return facts.premises(thing, predicate)
        if "^" not in predicate:
            return self.stated(thing, NamedNode(predicate))
        quads = self.match(None, NamedNode(predicate.replace("^", "")), thing)
        return dict.fromkeys(q.triple for q in quads if not is_of_ontology(q))

    def kinds(self, thing: Term) -> tuple[NamedNode, ...]:
        """The classes of a thing with none narrower among them; of one that others alone classify, those they give."""
        if self._beside is not None:
            return self._beside.kinds(thing)
        if (known := self._kinds.get(thing)) is not None:
            return known
        if facts := self._as_facts(thing, _TYPE):
            return facts.kinds(thing)
        stated = [*self.stated(thing, _TYPE), *(q.triple for q in self.asserted(thing, _TYPE))]
        stated = stated or [claimed for _, claimed in self._claimed(thing) if claimed.predicate == _TYPE]
        found = {t.object for t in stated if isinstance(t.object, NamedNode)}
        broader = {x for kind in found for x in self.above(kind) if x != kind}
        self._kinds[thing] = tuple(sorted(found - broader, key=str))
        return self._kinds[thing]

    def all_kinds(self, thing: Term) -> frozenset[str]:
        """The classes of a thing and all above them, by IRI."""
        if self._beside is not None:
            return self._beside.all_kinds(thing)
        if (known := self._all_kinds.get(thing)) is None:
            if facts := self._as_facts(thing, _TYPE):
                return facts.all_kinds(thing)
            found = (kind.value for narrow in self.kinds(thing) for kind in self.above(narrow))
            known = self._all_kinds[thing] = frozenset(found)
        return known

    def above(self, kind: NamedNode) -> tuple[NamedNode, ...]:
        """A class and those above it, the nearest first."""
        if other := self._beside or self.facts:
            return other.above(kind)
        if kind not in self._above:
            self._above[kind] = tuple(self.with_broader(kind, RDFS + "subClassOf"))
        return self._above[kind]

    def with_broader(self, term: NamedNode, relation: str = RDFS + "subPropertyOf") -> Iterator[NamedNode]:
        """A term, then those above it, the nearest first."""
        waiting, seen = [term], {term}
        for found in waiting:
            yield found
            above = (q.object for q in self.match(found, NamedNode(relation), None) if is_of_ontology(q))
            new = [x for x in distinct(above) if isinstance(x, NamedNode) and x not in seen]
            waiting += new
            seen.update(new)


def bounded(found: dict[_Key, _Value]) -> dict[_Key, _Value]:
    """A dictionary of what was found, which is emptied before it is too large."""
    if len(found) >= _MOST_KEPT:
        found.clear()
    return found


def distinct(terms: Iterable[Any]) -> list[Any]:
    """Terms, each once, in a fixed order."""
    found = set(terms)
    return sorted(found, key=str) if len(found) > 1 else [*found]


def is_of_ontology(q: Quad) -> bool:
    """Whether a quad is one of the ontology."""
    return isinstance(q.graph_name, NamedNode) and q.graph_name.value == ONTOLOGY_GRAPH


def _is_asserted(q: Quad) -> bool:
    """Whether an article or a background source states a quad."""
    graph = q.graph_name
    return isinstance(graph, NamedNode) and graph.value not in _NOT_STATED


def value(term: Term) -> str:
    """The text of a literal, the IRI of a node."""
    return str(getattr(term, "value", term))
