"""What articles must agree on with time and with each other (model, rules 14 and 22)."""

import re
from collections.abc import Iterator

from pyoxigraph import NamedNode, Triple

from kg.build import Build
from kg.computed import STATUS
from kg.evidence import Evidence
from kg.findings import Check, Finding
from kg.sources import Document
from kg.statements import Statements
from kg.vocabulary import ENT, RDF_TYPE, RDFS, compact, local_name, readable

STATUS_AND_DATE = Check(
    "status-and-date",
    "What is done or under way has begun by the reading date; what is planned is not over by then.",
    "Either the status or the date is misread. Here the visit is on the day after the reading date.",
    wrong="ent:status ent:held .",
    right="ent:status ent:planned .",
)
ADDED_ROLE = Check(
    "added-role",
    "A later article gives a relation no role that earlier articles on it do not give.",
    "Often it is another relation: with the IRI of the first, the two would be mixed up.",
    wrong="id:radar-deal ent:buyer id:belmar .",
    right="id:second-radar-deal a ent:ArmsDeal ; ent:buyer id:belmar .",
    severities=("warning",),
)
DOUBLE = Check(
    "double",
    "Two relations differ in class, in an identifying role (ent:identifiedBy) or in time.",
    "Queries would count one event twice.",
    wrong="p:watch { id:arms-deal a ent:ArmsDeal ; ent:buyer id:lorvia ; ent:seller id:sudmark ;"
    " ent:item id:coastal-radars . }",
    right="p:watch { id:radar-deal a ent:ArmsDeal ; ent:buyer id:lorvia ; ent:seller id:sudmark ;"
    " ent:item id:coastal-radars . }",
    severities=("warning",),
)

BEGUN = frozenset(ENT + name for name in ("completed", "finalised", "held", "underWay"))
PLANNED = ENT + "planned"


def check(made: Build) -> Iterator[Finding]:
    """All findings about time and about relations that several articles tell of."""
    for article in made.evidence:
        if article.reading_date:
            yield from _status(article, made.statements)
    relations = _Relations(made)
    yield from relations.added_roles()
    yield from relations.doubles()


Span = tuple[str, str]


def _span(thing: NamedNode, statements: Statements) -> Span | None:
    """The first and last day on which a dated thing can have been or begun."""
    known = {local_name(t.predicate.value): getattr(t.object, "value", "") for t in statements.about(thing)}
    first = known.get("earliest") or known.get("earliestStart")
    last = known.get("latest") or known.get("latestEnd") or ("9999-12-31" if first else None)
    return (first or "0001-01-01", last) if last else None


def _status(article: Evidence, statements: Statements) -> Iterator[Finding]:
    for passage in article.asserted:
        for t in passage.triples:
            if t.predicate.value not in STATUS or not isinstance(t.subject, NamedNode):
                continue
            if (span := _span(t.subject, statements)) is None:
                continue
            status, (first, last) = getattr(t.object, "value", ""), span
            message = ""
            if status in BEGUN and first > article.reading_date:
                words = re.sub("(?=[A-Z])", " ", readable(status)).lower()
                message = f"is {words} on {first} at the earliest, after the reading date {article.reading_date}"
            elif status == PLANNED and last < article.reading_date:
                message = f"is planned, and over by {last}, before the reading date {article.reading_date}"
            if message:
                hint = "check the date, the status and the article's reading date"
                yield _on(article, passage.iri, t, STATUS_AND_DATE, f"{_name(t.subject)} {message}", hint)


class _Relations:
    """Relations and their roles, article by article."""

    def __init__(self, made: Build) -> None:
        self._made = made
        self._roles = _object_properties(made.ontology) - STATUS
        self._identified = identifying(made.ontology)
        self._told: dict[NamedNode, dict[str, list[tuple[str, Triple]]]] = {}
        for article in made.evidence:
            for passage in article.asserted:
                for t in passage.triples:
                    if made.is_whole(t.subject):
                        told = self._told.setdefault(t.subject, {})
                        told.setdefault(article.iri, []).append((passage.iri, t))
        self._order = sorted(made.evidence, key=lambda e: (e.reading_date, e.iri))

    def added_roles(self) -> Iterator[Finding]:
        """A role that a later article adds to a relation which an earlier one told of."""
        for thing, told in self._told.items():
            # survives: of one article nothing is known before, so nothing is added
            if len(told) < 2 or not self._classes(thing):
                continue
            known: set[tuple[NamedNode, object]] = set()
            for article in (a for a in self._order if a.iri in told):
                for passage, t in told[article.iri]:
                    if known and t.predicate.value in self._roles and (t.predicate, t.object) not in known:
                        message = (
                            f"this adds {compact(t.predicate.value)} {compact(getattr(t.object, 'value', ''))} to"
                            f" {compact(thing.value)}, which an earlier article describes without it"
                        )
                        hint = "fine if the article says so; else make a relation of its own"
                        yield _on(article, passage, t, ADDED_ROLE, message, hint)
                known |= {(t.predicate, t.object) for _, t in told[article.iri]}

    def doubles(self) -> Iterator[Finding]:
        """Two relations with one class, the same identifying roles and overlapping time."""
        seen: dict[tuple[object, ...], NamedNode] = {}
        for thing in self._told:
            for kind in self._classes(thing):
                roles = self._values(thing, self._identified[kind])
                if not roles:
                    continue
                other = seen.setdefault((kind, roles), thing)
                if other != thing and self._overlap(thing, other):
                    yield self._double(thing, other)

    def _overlap(self, *things: NamedNode) -> bool:
        one, other = (_span(thing, self._made.statements) for thing in things)
        return not one or not other or (one[0] <= other[1] and other[0] <= one[1])

    def _double(self, thing: NamedNode, other: NamedNode) -> Finding:
        iri, rows = next(reversed(self._told[thing].items()))
        article = next(a for a in self._order if a.iri == iri)
        message = f"{compact(thing.value)} has the class, the roles and the time of {compact(other.value)}"
        hint = "use one IRI for one relation, or say what sets them apart"
        place = (thing, None, None)
        return article.article.facts.finding(DOUBLE, message, hint=hint, graph=rows[0][0], triple=place)

    def _classes(self, thing: NamedNode) -> list[str]:
        kinds = {_class(t) for rows in self._told[thing].values() for _, t in rows}
        return sorted(kinds & self._identified.keys())

    def _values(self, thing: NamedNode, roles: set[str]) -> frozenset[tuple[str, str]]:
        rows = (t for told in self._told[thing].values() for _, t in told)
        return frozenset((t.predicate.value, str(t.object)) for t in rows if t.predicate.value in roles)


def _class(t: Triple) -> str:
    """The class that a triple says its subject has; empty where it says something else."""
    return t.object.value if t.predicate.value == RDF_TYPE and isinstance(t.object, NamedNode) else ""


def _object_properties(ontology: list[Triple]) -> set[str]:
    return {
        t.subject.value
        for t in ontology
        if isinstance(t.subject, NamedNode) and getattr(t.object, "value", "").endswith("#ObjectProperty")
    }


def identifying(ontology: list[Triple]) -> dict[str, set[str]]:
    """The identifying roles of each class: its own, else those of the nearest class above that has any."""
    own: dict[str, set[str]] = {}
    above: dict[str, str] = {}
    for t in ontology:
        if isinstance(t.subject, NamedNode) and isinstance(t.object, NamedNode):
            if t.predicate.value == ENT + "identifiedBy":
                own.setdefault(t.subject.value, set()).add(t.object.value)
            elif t.predicate.value == RDFS + "subClassOf":
                above.setdefault(t.subject.value, t.object.value)
    found = dict(own)
    for kind in above:
        step, visited = kind, set[str]()
        while step in above and step not in own and step not in visited:
            visited.add(step)
            step = above[step]
        if step in own:
            found[kind] = own[step]
    return found


def _name(thing: NamedNode) -> str:
    return f"“{readable(thing.value)}”"


def _on(article: Evidence, graph: str, t: Triple, check: Check, message: str, hint: str) -> Finding:
    document: Document = article.article.facts
    triple = (t.subject, t.predicate, t.object)
    return document.finding(check, message, hint=hint, graph=graph, triple=triple)
