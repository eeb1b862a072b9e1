"""What is stated of a thing in a compiled dataset: its classes, what stands in its roles, its tense and its time.

It is stated by a voice. That of the facts, with no speakers, has what articles and background assert, before what is
inferred, and never what is only claimed. That of speakers has what each of them claims, before what the facts say.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Any, TypeVar

from pyoxigraph import Literal, NamedNode, Quad, Triple

from kg.rdf.namespaces import CLAIM, ENT, INFERRED_GRAPH, ONTOLOGY_GRAPH, RDF, RDF_TYPE, RDFS, local_name
from kg.rdf.terms import Term
from kg.text import phrases
from kg.text.verbs import Tense

Match = Callable[[Any, Any, Any], Iterable[Any]]  # the quads with a subject, a predicate, an object; None for any
Voice = frozenset[str]  # the IRIs of the speakers who say the same; none: the facts
FACTS: Voice = frozenset()
_Key = TypeVar("_Key")
_Value = TypeVar("_Value")
_MOST_KEPT = 50_000  # of what was found

CLAUSE_TENSE = ENT + "clauseTense"
DATES = tuple(ENT + name for name in ("date", "start", "end"))
_FIRST_DAY, _LAST_DAY = NamedNode(ENT + "firstDay"), NamedNode(ENT + "lastDay")
_NOT_STATED = frozenset({ONTOLOGY_GRAPH, INFERRED_GRAPH})
_TYPE = NamedNode(RDF_TYPE)
SUBJECT, _PREDICATE, _OBJECT = (NamedNode(RDF + name) for name in ("subject", "predicate", "object"))
PASSAGE, _CLAIMED_BY = NamedNode(ENT + "passage"), NamedNode(ENT + "claimedBy")
_GOVERNMENT_OF, _WITHIN = NamedNode(ENT + "governmentOf"), (NamedNode(ENT + "locatedIn"), NamedNode(ENT + "capitalOf"))
_PLACES = frozenset({ENT + "locatedIn", ENT + "place"})
_DEPICTS, _PARTICIPANT = ENT + "depicts", NamedNode(ENT + "participant")
_STATUS = frozenset({"currentStage", "currentStatus", "stage", "status"})
_NOT_YET = frozenset({"outstanding", "planned", "was planned"})
# What these lead to tells how far a thing has come that has no status: a participation is as far as its event.
_AS_FAR_AS = ("occasion", "invitedTo", "positioned")
# What a work has as soon as it is begun, and as soon as it is built.
_WHEN_PLANNED = ("cost", "investmentFrom", "locatedIn", "onCoastOf", "technologyFrom", "unitOf")
_WHEN_BUILT = ("capacity", "height", "length", "speed", "unitType", "units")
_OUT_OF_USE = frozenset(ENT + name for name in ("ended", "mothballed", "retired"))
# From the least that can be said to the most: where statuses differ, the first of their tenses is taken.
_STRENGTH: tuple[Tense, ...] = (
    "outstanding",
    "was planned",
    "planned",
    "past progressive",
    "present",
    "progressive",
    "perfect",
    "past",
)


class Stated:
    """What a voice states of things."""

    def __init__(
        self, match: Match, voice: Voice = FACTS, beside: "Stated | None" = None, facts: "Stated | None" = None
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
        self._tenses = dict[Term, tuple[Tense, list[Term]]]()
        self._claims = dict[tuple[Term, NamedNode | None], dict[Triple, set[Any]]]()
        self._claimed_of = dict[Term, dict[NamedNode, dict[Triple, tuple[set[str], set[Any]]]]]()
        self._reads = dict[Term, str]()

    def tell_anew(self, thing: Term) -> None:
        """Look up what is said of a thing again, since its quads have changed."""
        found: tuple[dict[Any, Any], ...] = (self._premises, self._values, self._tenses, self._claims, self._claimed_of)
        for known in found:
            known.clear()
        self._reads.pop(thing if self._told is None else self._told, None)
        self._reads.pop(thing, None)
        self._told = thing

    def asserted(self, thing: Term, predicate: NamedNode) -> Iterator[Quad]:
        """The statements of articles and background."""
        for q in self.match(thing, predicate, None):
            if isinstance(q.graph_name, NamedNode) and q.graph_name.value not in _NOT_STATED:
                yield q

    def stated(self, thing: Term, predicate: NamedNode) -> Iterator[Triple]:
        """What the speakers claim, if they do; else what is asserted; else what is inferred."""
        found: dict[Triple, Any] = self.claims(thing, predicate) if self.voice else {}
        found = found or dict.fromkeys(q.triple for q in self.asserted(thing, predicate))
        yield from found or dict.fromkeys(q.triple for q in self.match(thing, predicate, None))

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

    def _as_facts(self, thing: Term, predicate: NamedNode) -> "Stated | None":
        """The facts, where the speakers claim nothing else of a thing by a predicate."""
        return None if self.facts is None or self.claims(thing, predicate) else self.facts

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

    def tense_premises(self, thing: Term) -> set[Triple]:
        """The statements from which the tense of a thing follows, unless it is the present."""
        tense, statuses = self.tense(thing)
        if tense == "present":
            return set()
        found = [t for name in ("stage", "status") for t in self.premises(thing, ENT + name)]
        if statuses:
            return {t for t in found if t.object in statuses}
        for role in (*_AS_FAR_AS, "^ledTo"):
            for t in () if self._days_of(thing) else self.premises(thing, ENT + role):
                other = t.subject if role == "^ledTo" else t.object
                return {t, *(self.tense_premises(other) or self._days_of(other))}
        return set(self._days_of(thing))

    def _days_of(self, thing: Term) -> list[Triple]:
        return [t for name in DATES for t in self.premises(thing, name)]

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
            facts = self._as_facts(thing, NamedNode(predicate)) if "^" not in predicate else self.facts
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
        if facts := self._as_facts(thing, NamedNode(predicate)) if "^" not in predicate else self.facts:
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

    # Tense and time

    def tense(self, thing: Term) -> tuple[Tense, list[Term]]:
        """The tense in which to speak of a thing, and the current statuses from which it follows, if any."""
        if (known := self._tenses.get(thing)) is None:
            known = bounded(self._tenses)[thing] = self._tense_now(thing)
        return known

    def _tense_now(self, thing: Term) -> tuple[Tense, list[Term]]:
        statuses = self._current(thing)
        if not statuses:
            events = (x for role in _AS_FAR_AS for x in self.values(thing, ENT + role) if self._is_event(x))
            for event in () if self._days_of(thing) else events:
                statuses = self._current(event)
                return self._tense_of(event, statuses) if statuses else self._tense_by_date(event), []
            return self._tense_by_date(thing), []
        return self._tense_of(thing, statuses), statuses

    def _tense_of(self, thing: Term, statuses: list[Term]) -> Tense:
        given = [q.object.value for s in statuses for q in self.match(s, NamedNode(CLAUSE_TENSE), None)]
        found = [tense for tense in _STRENGTH if tense in given] or ["present"]
        tense = found[0]
        if tense == "progressive" and not self._happens(thing):
            tense = "present"
        if tense == "perfect" and self._happens(thing):  # a plan that is settled
            tense = "planned"
        if ENT + "Agreement" in self.all_kinds(thing):
            if any(value(s) == ENT + "rejected" for s in statuses):
                tense = "was planned"  # a draft that was refused
            elif tense == "was planned" and self._days_of(thing):
                tense = "past"  # it was agreed, and then cancelled
        return tense

    def _current(self, thing: Term) -> list[Term]:
        for name in ("stage", "status") if self.voice else ():
            if found := distinct(t.object for t in self.claims(thing, NamedNode(ENT + name))):
                return found
        for name in ("currentStage", "currentStatus"):
            if found := distinct(q.object for q in self.match(thing, NamedNode(ENT + name), None)):
                return found
        return self.values(thing, ENT + "stage") or self.values(thing, ENT + "status")

    def _is_event(self, thing: Term) -> bool:
        return ENT + "Event" in self.all_kinds(thing)

    def happens_once(self, thing: Term) -> bool:
        """Whether a thing takes place or is settled, or is a part in what takes place: without a status, who knows."""
        events = (x for role in _AS_FAR_AS for x in self.values(thing, ENT + role))
        return ENT + "Agreement" in self.all_kinds(thing) or any(map(self._is_event, (thing, *events)))

    def _happens(self, thing: Term) -> bool:
        """Whether a thing is an event or a work, and no lasting state of affairs."""
        return self._is_event(thing) or ENT + "Relation" not in self.all_kinds(thing)

    def _tense_by_date(self, thing: Term) -> Tense:
        """Past for what is over before the day of the article that tells of it, planned for what is to come."""
        day = self._read(thing)
        if not day or not isinstance(thing, NamedNode):
            return "present"
        begins = [q.object.value for q in self.match(thing, _FIRST_DAY, None)]
        if begins and min(begins) > day:
            return "planned"
        causes = () if begins else self.values(thing, ENT + "^ledTo")  # what came of something that is over has begun
        return "past" if any(self._is_over(x, day) for x in (thing, *causes)) else "present"

    def _is_over(self, thing: Term, day: str) -> bool:
        ends = [q.object.value for q in self.match(thing, _LAST_DAY, None)]
        return bool(ends) and max(ends) < day

    def has_ended(self, thing: Term) -> bool:
        """Whether an actor or a relation is no more, by its dates."""
        kinds, ends = self.all_kinds(thing), self.dates(thing, ENT + "end")
        lasts = bool(kinds & {ENT + "Actor", ENT + "Relation"}) and ENT + "InfrastructureProject" not in kinds
        return lasts and bool(ends) and self._is_over(thing, self._read(thing))

    def _read(self, thing: Term) -> str:
        """The latest reading date of the articles that assert or report a thing."""
        if self.facts is not None:
            return self.facts._read(thing)
        if (known := self._reads.get(thing)) is None:
            found = {q.graph_name for q in self.match(thing, None, None)}
            claims = (q.subject for q in self.match(None, SUBJECT, thing))
            found |= {q.object for c in claims for q in self.match(c, PASSAGE, None)}
            parts = {value(passage).partition("#") for passage in found if isinstance(passage, NamedNode)}
            articles = {article for article, _, name in parts if name}
            known = self._reads[thing] = max((self._days[a] for a in articles if a in self._days), default="")
        return known

    @cached_property
    def _days(self) -> dict[str, str]:
        """The reading date of each article, by its IRI."""
        if self.facts is not None:
            return self.facts._days
        return {q.subject.value: q.object.value for q in self.match(None, NamedNode(ENT + "readingDate"), None)}

    @cached_property
    def _last_day(self) -> str:
        return max(self._days.values(), default="")

    def as_of(self, thing: Term, tense: Tense) -> str:
        """The day on which an article told of a lasting thing, where others are later."""
        day = self._read(thing)
        is_lasting = tense == "present" and ENT + "Relation" in self.all_kinds(thing)
        return f"as of {phrases.date(day)}" if is_lasting and day and day < self._last_day else ""

    def tense_of_fact(self, fact: Triple) -> tuple[Tense, set[Triple]]:
        """The tense in which to tell a single fact, and the statements from which it follows, unless the present.

        Nothing is told of an event or a relation as if it were, as long as it is only to be.
        """
        thing, role, kinds = fact.subject, local_name(fact.predicate.value), self.all_kinds(fact.subject)
        tense, premises = self.tense(thing)[0], self.tense_premises(thing)
        happens = ENT + "Event" in kinds
        now = dict.fromkeys(("present", "progressive", "planned", "outstanding"))
        if role == "operator":
            return self._tense_of_operation(thing, kinds)
        if ENT + "InfrastructureProject" in kinds and role in (*_WHEN_PLANNED, *_WHEN_BUILT):
            return self._tense_of_work(thing, role, tense)
        if role in _STATUS:  # what is planned is planned now
            return ("past", premises) if happens and tense == "past" else ("present", set())
        if role == "pursuedBy" and tense not in now:
            return "past", premises
        if role != "pursuedBy" and tense in _NOT_YET and (happens or ENT + "Relation" in kinds):
            is_attribute = isinstance(fact.object, Literal) or ENT + "Quantity" in self.all_kinds(fact.object)
            if tense != "outstanding" or not is_attribute:  # a purpose is there before what has it
                return tense, premises
        elif (happens or role == "rejectedBy") and tense == "past":
            return tense, premises
        if role == "ledTo" and self.tense(fact.object)[0] == "past":
            return "past", self.tense_premises(fact.object)
        return ("past", premises) if self.has_ended(thing) else ("present", set())

    def _tense_of_work(self, thing: Term, role: str, tense: Tense) -> tuple[Tense, set[Triple]]:
        """The tense of what a work has: it is to have it as long as it is not there, and had it once it is retired."""
        premises = self.tense_premises(thing)
        if tense in _NOT_YET:
            return "was planned" if tense == "was planned" else "planned", premises
        if role in _WHEN_BUILT and tense in ("progressive", "past progressive"):
            return "planned" if tense == "progressive" else "was planned", premises
        is_gone = any(value(s) == ENT + "retired" for s in self.tense(thing)[1])
        return ("past", premises) if is_gone and role in _WHEN_BUILT else ("present", set())

    def _tense_of_operation(self, thing: Term, kinds: frozenset[str]) -> tuple[Tense, set[Triple]]:
        """The tense of who operates a thing: of a work by its stage, of what was in an incident as of that."""
        tense, statuses = self.tense(thing)
        if ENT + "InfrastructureProject" in kinds:
            if tense in _NOT_YET or tense in ("perfect", "progressive"):
                return "was planned" if tense == "was planned" else "planned", self.tense_premises(thing)
            is_out_of_use = any(value(s) in _OUT_OF_USE for s in statuses)
            return ("past", self.tense_premises(thing)) if is_out_of_use else ("present", set())
        lasts = kinds & {ENT + "Actor", ENT + "Place"}
        for role in () if lasts else ("^target", "^means"):
            for t in self.premises(thing, ENT + role):
                if self.tense(t.subject)[0] == "past":
                    return "past", {t, *self.tense_premises(t.subject)}
        return "present", set()

    def when(self, thing: Term, tense: Tense) -> tuple[str, Tense]:
        """When a thing was or is, and the tense that goes with that: “has backed … since 2011”."""
        limits = phrases.limits(*("".join(self.dates(thing, ENT + name)[:1]) for name in ("notBefore", "notAfter")))
        if limits:
            return limits, tense
        dates, starts, ends = (self.dates(thing, name) for name in DATES)
        if dates:
            return " or ".join(map(phrases.on_date, dates)), tense
        first, last = ("".join(self.dates(thing, ENT + name)[:1]) for name in ("startNotBefore", "startNotAfter"))
        if (first or last) and not (starts or ends) and tense in ("present", "progressive"):
            return phrases.since_limits(first, last), "perfect" if tense == "present" else "perfect progressive"
        if starts and starts == ends:
            return phrases.on_date(starts[0]), tense
        if starts and not ends and tense == "present" and ENT + "Event" in self.all_kinds(thing):
            return " or ".join(map(phrases.on_date, starts)), "begun"  # whether it still goes on is not said
        lasting = bool(starts) and not ends and tense in ("present", "progressive")
        when = phrases.period(" or ".join(starts[:1]), " or ".join(ends[:1]), lasting=lasting)
        return when, ("perfect" if tense == "present" else "perfect progressive") if lasting else tense

    def dates(self, thing: Term, predicate: str) -> list[str]:
        """The dates of a thing, but for those that others give more precisely."""
        found = distinct(value(x) for x in self.values(thing, predicate))
        return [x for x in found if not any(y != x and y.startswith(x) for y in found)]


def bounded(found: dict[_Key, _Value]) -> dict[_Key, _Value]:
    """A dictionary of what was found, which is emptied before it is too large."""
    if len(found) >= _MOST_KEPT:
        found.clear()
    return found


def distinct(terms: Iterable[Any]) -> list[Any]:
    """Terms, each once, in a fixed order."""
    return sorted(set(terms), key=str)


def is_of_ontology(q: Quad) -> bool:
    """Whether a quad is one of the ontology."""
    return isinstance(q.graph_name, NamedNode) and q.graph_name.value == ONTOLOGY_GRAPH


def value(term: Term) -> str:
    """The text of a literal, the IRI of a node."""
    return str(getattr(term, "value", term))
