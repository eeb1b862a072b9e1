"""Checks of things: IRIs, types, statuses, doubled relations and second values (model, rules 6, 23, 14, 22 and 33).

What has one value at a time says the ontology: `ent:oneValue`, `ent:oneSubject`, `ent:oneWay`.
"""

import re
from collections.abc import Container, Iterable, Iterator
from typing import NamedTuple

from pyoxigraph import NamedNode, Triple

from kg.dataset.build import Build
from kg.dataset.computed import STATUS
from kg.dataset.labels import fold
from kg.dataset.named import Names
from kg.dataset.statements import Statements
from kg.findings import Check, Finding
from kg.rdf.namespaces import (
    ALT_LABEL,
    ENT,
    ID,
    OWL,
    RDF_TYPE,
    RDFS,
    RDFS_LABEL,
    compact,
    local_name,
    readable,
    short,
    suggest,
)
from kg.rdf.terms import Term, cells, iri
from kg.source.article import Evidence, Passage
from kg.source.documents import Document

THING_NAME = Check(
    "thing-name",
    "IRIs of things are lower-case words with hyphens under id:, without slashes.",
    "One style of names keeps one thing from getting two IRIs.",
    wrong="p:heading { id:Melk_City a ent:City . }",
    right="p:heading { id:melk a ent:City . }",
    severities=("violation", "warning"),
)
UNKNOWN_THING = Check(
    "unknown-thing",
    "For each thing, a passage or a background graph says what it is.",
    "Mostly it is a misspelt IRI, which would make a second thing of one.",
    wrong="ent:seller id:sudmrk ;",
    right="ent:seller id:sudmark ;",
    severities=("violation", "warning"),
)
FOREIGN_SUBJECT = Check(
    "foreign-subject",
    "Facts are about things in the namespace of the graph, id:.",
    "A wrong prefix declaration gives each thing an IRI that no other file uses.",
    wrong="p:heading { <https://w3id.org/entente/ids/melk> a ent:City . }",
    right="p:heading { id:melk a ent:City . }",
)
STATUS_AND_DATE = Check(
    "status-and-date",
    "What is done or under way has begun by the reading date; what is planned is not over by then, and has not begun.",
    "Either the status or the date is misread. Here the visit is on the day after the reading date.",
    wrong="ent:status ent:held .",
    right="ent:status ent:planned .",
)
ADDED_ROLE = Check(
    "added-role",
    "A later article gives a relation no role that earlier articles on it do not give; amounts may change.",
    "Often it is another relation: with the IRI of the first, the two would be mixed up.",
    wrong="id:radar-deal ent:buyer id:belmar .",
    right="id:second-radar-deal a ent:ArmsDeal ; ent:buyer id:belmar .",
    severities=("warning",),
)
DOUBLE = Check(
    "double",
    "Two relations differ in class, an identifying role (ent:identifiedBy), time, name, or what tells them apart.",
    "Queries would count one event twice.",
    wrong="p:watch { id:arms-deal a ent:ArmsDeal ; ent:buyer id:lorvia ; ent:seller id:sudmark ;"
    " ent:item id:coastal-radars . }",
    right="p:watch { id:radar-deal a ent:ArmsDeal ; ent:buyer id:lorvia ; ent:seller id:sudmark ;"
    " ent:item id:coastal-radars . }",
    severities=("warning",),
)

SECOND_VALUE = Check(
    "second-value",
    "In one article, a thing has one status, a visit one destination, a state one capital, and so on (ent:oneValue).",
    "One of the two is wrong, or they are of two things. A city and its state are one place, one within the other.",
    wrong="ent:side id:rebels-side , id:belmars-side .",
    right="ent:side id:rebels-side .",
    severities=("warning",),
)
EXCHANGED_ROLES = Check(
    "exchanged-roles",
    "Of two relations of one class in an article, one does not have the other's things in exchanged roles.",
    "That each backs the other, or sells it the same, is rare; mostly one was read the wrong way round (ent:oneWay).",
    wrong="p:watch { id:deal-in-return a ent:ArmsDeal ; ent:buyer id:sudmark ; ent:seller id:lorvia ;\n"
    "    ent:item id:coastal-radars . }",
    right="p:watch { id:radar-deal a ent:ArmsDeal ; ent:buyer id:lorvia ; ent:seller id:sudmark ;\n"
    "    ent:item id:coastal-radars . }",
    severities=("warning",),
)

Voice = tuple[str, ...]  # the speakers of a passage; none: the article itself

FLAT_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")


class MentionedThing(NamedTuple):
    """A mention of a thing: its IRI, the graph, and the triple up to where it is in it."""

    thing: str
    graph: str
    place: tuple[Term | None, Term | None, Term | None]


def check_mentions(made: Build) -> Iterator[Finding]:
    """Each thing at its first mention in a file: its IRI is flat and under id:, and something states its type."""
    for article in made.evidence:
        claimed = {
            p.iri: {iri(t.subject) for t in p.triples if t.predicate.value == RDF_TYPE} for p in article.reported
        }
        mentions = [m for m in _in_article(article) if m.thing != article.iri]
        yield from _foreign(article.article.facts, mentions)
        yield from _own(made, article.article.facts, mentions, claimed, "violation")
    for document in made.sources.background:
        quads = (q for q in document.quads if isinstance(q.graph_name, NamedNode) and iri(q.subject))
        mentions = [MentionedThing(iri(q.subject), iri(q.graph_name), (q.subject, None, None)) for q in quads]
        yield from _foreign(document, mentions)
        yield from _own(made, document, mentions, {}, "warning")


def _in_article(article: Evidence) -> Iterator[MentionedThing]:
    """The subjects of facts, the things that facts are about, the speakers, and what mentions refer to."""
    for mention in article.mentions:
        for thing in mention.things:
            yield MentionedThing(thing, "", (NamedNode(mention.iri), NamedNode(ENT + "refersTo"), NamedNode(thing)))
    for passage in article.passages:
        for speaker in passage.speakers:
            place = NamedNode(passage.iri), NamedNode(ENT + "speaker"), NamedNode(speaker)
            yield MentionedThing(speaker, "", place)
        for t in passage.triples:
            if iri(t.subject):
                yield MentionedThing(iri(t.subject), passage.iri, (t.subject, None, None))
            if iri(t.object).startswith(ID):
                yield MentionedThing(iri(t.object), passage.iri, (t.subject, t.predicate, t.object))


def _own(
    made: Build, document: Document, mentions: list[MentionedThing], claimed: dict[str, set[str]], severity: str
) -> Iterator[Finding]:
    """The things under id:. `claimed` are, by passage, those whose type only its speaker states."""
    seen: set[str] = set()
    for m in mentions:
        if not m.thing.startswith(ID) or m.thing in seen:
            continue
        problem = _problem(made, m.thing, claimed.get(m.graph, set()))
        if problem or made.is_typed(m.thing):
            seen.add(m.thing)
        if problem:
            check, message, hint = problem
            yield document.finding(check, message, severity=severity, hint=hint, graph=m.graph, triple=m.place)


def _problem(made: Build, thing: str, claimed: set[str]) -> tuple[Check, str, str] | None:
    """The check that a thing under id: fails, the message and the hint."""
    if not FLAT_NAME.match(thing.removeprefix(ID)):
        hint = "write lower-case words with hyphens, and no class: id:s-400-deal"
        return THING_NAME, f"{compact(thing)} is no good name for a thing", hint
    if thing in claimed or made.is_typed(thing):
        return None
    name = compact(thing)
    hint = suggest(thing, {t for t in made.typed | claimed if t.startswith(ID)})
    return UNKNOWN_THING, f"nothing says what {name} is", hint or f"say in a passage what it is: {name} a ent:…"


def _foreign(document: Document, mentions: list[MentionedThing]) -> Iterator[Finding]:
    """One finding for all things of a foreign namespace: a prefix that is wrong once is wrong in the whole file."""
    namespaces: dict[str, dict[str, MentionedThing]] = {}
    for m in mentions:
        if not m.thing.startswith(ID):
            namespaces.setdefault(m.thing.removesuffix(local_name(m.thing)), {}).setdefault(m.thing, m)
    for things in namespaces.values():
        first, *others = things.values()
        more = f", nor are {len(others)} more of its namespace" if others else ""
        message = f"{compact(first.thing)} is no thing of the graph{more}: facts are about things under id:"
        hint = f"check the prefixes: @prefix id: <{ID}>"
        yield document.finding(FOREIGN_SUBJECT, message, hint=hint, graph=first.graph, triple=first.place)


BEGUN = frozenset(ENT + name for name in ("completed", "finalised", "held", "underWay"))
PLANNED = ENT + "planned"
_NEVER = "9999-12-31"


def check_consistency(made: Build) -> Iterator[Finding]:
    """Statuses against reading dates, and relations that several articles state."""
    for article in made.evidence:
        if article.reading_date:
            yield from _status(article, made.statements)
    yield from check_relations(made)


def check_relations(made: Build) -> Iterator[Finding]:
    """Roles that are added to a relation of another article, and relations that are doubled."""
    relations = _Relations(made)
    yield from relations.added_roles()
    yield from relations.doubles()


def _days(thing: Term, statements: Statements) -> dict[str, str]:
    """The bounds of the dates of a thing, by the local names of their properties."""
    about = statements.about(thing) if isinstance(thing, NamedNode) else ()
    return {local_name(t.predicate.value): getattr(t.object, "value", "") for t in about}


def _span(thing: NamedNode, statements: Statements) -> tuple[str, str] | None:
    """The first and last day on which a dated thing can have been or begun."""
    known = _days(thing, statements)
    first = known.get("earliest") or known.get("earliestStart")
    last = known.get("latest") or known.get("latestEnd") or (_NEVER if first else None)
    return (first or "0001-01-01", last) if last else None


def _status(article: Evidence, statements: Statements) -> Iterator[Finding]:
    for passage, t in ((p, t) for p in article.asserted for t in p.triples if t.predicate.value in STATUS):
        known, status, message = _days(t.subject, statements), getattr(t.object, "value", ""), ""
        first = known.get("earliest") or known.get("earliestStart") or ""
        over = known.get("latest") or known.get("latestEnd") or _NEVER
        begun = _NEVER if "latest" in known else known.get("latestStart", _NEVER)
        if status in BEGUN and first > article.reading_date:
            words = re.sub("(?=[A-Z])", " ", readable(status)).lower()
            message = f"is {words} on {first} at the earliest, after the reading date {article.reading_date}"
        elif status == PLANNED and min(over, begun) < article.reading_date:
            step, day = ("over", over) if over < article.reading_date else ("begun", begun)
            message = f"is planned, and {step} by {day}, before the reading date {article.reading_date}"
        if message:
            hint = "check the date, the status and the article's reading date"
            message = f"“{readable(getattr(t.subject, 'value', ''))}” {message}"
            yield _on(article, passage.iri, t, STATUS_AND_DATE, message, hint)


class _Relations:
    """Relations and their roles, article by article."""

    def __init__(self, made: Build) -> None:
        self._made = made
        self._roles = roles(made.ontology)
        self._identifying, self._telling = identifying(made.ontology), distinguishing(made.ontology)
        self._stated: dict[NamedNode, dict[str, list[tuple[str, Triple]]]] = {}  # by thing and article: passages
        for article in made.evidence:
            for passage in article.asserted:
                for t in passage.triples:
                    if made.is_whole(t.subject):
                        by_article = self._stated.setdefault(t.subject, {})
                        by_article.setdefault(article.iri, []).append((passage.iri, t))
        self._order = sorted(made.evidence, key=lambda e: (e.reading_date, e.iri))

    def added_roles(self) -> Iterator[Finding]:
        """Roles that a later article adds to a relation which an earlier one states."""
        for thing, by_article in self._stated.items():
            # equivalent: of one article nothing is known before, so nothing is added
            if len(by_article) < 2 or not self._classes(thing):
                continue
            known: set[tuple[NamedNode, object]] = set()
            for article in (a for a in self._order if a.iri in by_article):
                for passage, t in by_article[article.iri]:
                    is_role = t.predicate.value in self._roles and not self._is_quantity(t.object)
                    if known and is_role and (t.predicate, t.object) not in known:
                        added = f"{compact(t.predicate.value)} {compact(getattr(t.object, 'value', ''))}"
                        relation = f"{compact(thing.value)}, which an earlier article states without it"
                        hint = "keep it if this is the same relation; if it is another one, give that its own IRI"
                        yield _on(article, passage, t, ADDED_ROLE, f"this adds {added} to {relation}", hint)
                known |= {(t.predicate, t.object) for _, t in by_article[article.iri]}

    def _is_quantity(self, value: Term) -> bool:
        """Whether a thing is an amount, which changes from article to article as a status does (model, rule 14)."""
        about = self._made.statements.about(value) if isinstance(value, NamedNode) else ()
        return any(t.predicate.value == RDF_TYPE and iri(t.object) == ENT + "Quantity" for t in about)

    def doubles(self) -> Iterator[Finding]:
        """Two relations with one class, the same identifying roles and overlapping time that nothing tells apart."""
        seen: dict[tuple[object, ...], list[NamedNode]] = {}
        for thing, by_article in self._stated.items():
            for kind in self._classes(thing):
                wanted = self._identifying[kind]
                rows = (t for rows in by_article.values() for _, t in rows if t.predicate.value in wanted)
                roles = frozenset((t.predicate.value, str(t.object)) for t in rows)
                others = seen.setdefault((kind, roles), []) if roles else []
                for other in (x for x in others if x != thing and self._overlap(thing, x)):
                    if not self._told_apart(thing, other, self._telling.get(kind, set())):
                        yield self._double(thing, other, kind)
                        break
                others.append(thing)

    def _told_apart(self, thing: NamedNode, other: NamedNode, properties: set[str]) -> bool:
        """Whether two relations differ in names, in what tells such relations apart, or in status in one article."""
        kinds = [frozenset({RDFS_LABEL, ALT_LABEL}), *(frozenset({p}) for p in sorted(properties))]
        if any(self._differ(thing, other, kind, None) for kind in kinds):
            return True
        both = self._stated[thing].keys() & self._stated[other].keys()
        return any(self._differ(thing, other, STATUS, article) for article in both)

    def _differ(self, thing: NamedNode, other: NamedNode, properties: Container[str], article: str | None) -> bool:
        one, two = (
            {
                fold(str(getattr(t.object, "value", "")))
                for stating, rows in self._stated[x].items()
                for _, t in rows
                if t.predicate.value in properties and article in (None, stating)
            }
            for x in (thing, other)
        )
        return bool(one) and bool(two) and one.isdisjoint(two)

    def _overlap(self, *things: NamedNode) -> bool:
        one, other = (_span(thing, self._made.statements) for thing in things)
        return not one or not other or (one[0] <= other[1] and other[0] <= one[1])

    def _double(self, thing: NamedNode, other: NamedNode, kind: str) -> Finding:
        stating, rows = next(reversed(self._stated[thing].items()))
        article = next(a for a in self._order if a.iri == stating)
        message = f"{compact(thing.value)} has the class, the roles and the time of {compact(other.value)}"
        telling = map(compact, sorted(self._telling.get(kind, ())))
        apart = ", ".join([*telling, "ent:status", "their dates", "their names"])
        hint = f"use one IRI for one relation; if they are two, state what tells them apart: {apart}"
        place = (thing, None, None)
        return article.article.facts.finding(DOUBLE, message, hint=hint, graph=rows[0][0], triple=place)

    def _classes(self, thing: NamedNode) -> list[str]:
        stated = (t for rows in self._stated[thing].values() for _, t in rows)
        return sorted({iri(t.object) for t in stated if t.predicate.value == RDF_TYPE} & self._identifying.keys())


def roles(ontology: Iterable[Triple]) -> set[str]:
    """The properties (IRIs) that lead from a relation to what has a part in it, all but its status.

    By these and by `identifying`, `kg.validation.shards.Noted` finds which relations are to be compared at all.
    """
    return {iri(t.subject) for t in ontology if iri(t.object) == OWL + "ObjectProperty"} - STATUS


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
    nearest = {kind: next((k for k in cells(kind, above.get) if k in own), "") for kind in above}
    return own | {kind: own[k] for kind, k in nearest.items() if k}


def distinguishing(ontology: list[Triple]) -> dict[str, set[str]]:
    """The properties by which two relations of a class may be told apart: its own, and those of the classes above."""
    own, above = dict[str, set[str]](), dict[str, set[str]]()
    for t in ontology:
        if t.predicate.value == ENT + "distinguishedBy":
            own.setdefault(iri(t.subject), set()).add(iri(t.object))
        elif t.predicate.value == RDFS + "subClassOf" and iri(t.object):
            above.setdefault(iri(t.subject), set()).add(iri(t.object))
    found = dict[str, set[str]]()
    for kind in {*own, *above}:
        waiting, seen = [kind], {kind}
        for broader in waiting:
            waiting += sorted(above.get(broader, set()) - seen)
            seen.update(waiting)
        found[kind] = {p for broader in seen for p in own.get(broader, ())}
    return found


def _on(article: Evidence, graph: str, t: Triple, check: Check, message: str, hint: str) -> Finding:
    return article.article.facts.finding(check, message, hint=hint, graph=graph, triple=tuple(t))


_GUIDANCE = ("oneValue", "oneSubject", "oneWay")
_STATE, _PLACE = ENT + "State", ENT + "Place"
_DATED = frozenset(ENT + name for name in ("date", "end", "start"))


def check_values(made: Build, names: Names) -> Iterator[Finding]:
    """Second values and exchanged roles, within one article and, in reported speech, what one speaker says."""
    said = [t for t in made.ontology if getattr(t.object, "value", "") == "true"]
    guided = ({iri(t.subject) for t in said if t.predicate.value == ENT + p} for p in _GUIDANCE)
    one_value, one_subject, one_way = guided
    identified = {kind: roles for kind, roles in identifying(made.ontology).items() if one_way & names.above(kind)}
    for article in made.evidence:
        yield from _second_values(article, names, one_value, one_subject)
        yield from _exchanged(article, identified)


def _second_values(
    article: Evidence, names: Names, one_value: Container[str], one_subject: Container[str]
) -> Iterator[Finding]:
    """The statements that give another value, or another subject, than an earlier one of the same voice."""
    known: dict[tuple[Voice, str, Term, bool], dict[Term, Passage]] = {}
    for passage in article.passages:
        for t in passage.triples:
            for of, value, forward in ((t.subject, t.object, True), (t.object, t.subject, False)):
                if t.predicate.value not in (one_value if forward else one_subject):
                    continue
                before = known.setdefault((passage.speakers, t.predicate.value, of, forward), {})
                others = [x for x in before if not _are_one(x, value, names)]
                if others and value not in before:
                    yield _second(article, passage, t, others[0], before[others[0]], forward)
                before.setdefault(value, passage)


def _second(article: Evidence, passage: Passage, t: Triple, other: Term, stated: Passage, forward: bool) -> Finding:
    one, predicate = compact(iri(t.subject)), compact(t.predicate.value)
    here, there = (compact(iri(x)) for x in ((t.object if forward else t.subject), other))
    where = "here" if stated == passage else f"in {short(stated.iri)}"
    message = f"{short(passage.iri)}: {one} has {predicate} {here}, and {there} {where}"
    if not forward:
        message = f"{short(passage.iri)}: {here} has {predicate} {compact(iri(t.object))}, and so has {there} {where}"
    hint = "keep the one that the words say; if they tell of two things, give the other its own IRI"
    place = (t.subject, t.predicate, t.object)
    return article.article.facts.finding(SECOND_VALUE, message, hint=hint, graph=passage.iri, triple=place)


def _exchanged(article: Evidence, identified: dict[str, set[str]]) -> Iterator[Finding]:
    """Relations with the things of another one of their class in other roles, unless their dates differ."""
    stated: dict[tuple[Voice, Term], list[tuple[Passage, Triple]]] = {}
    for passage in article.passages:
        for t in passage.triples:
            stated.setdefault((passage.speakers, t.subject), []).append((passage, t))
    seen: dict[tuple[Voice, str, tuple[str, ...]], list[tuple[Term, set[tuple[str, str]], set[str]]]] = {}
    for (speakers, thing), rows in stated.items():
        for kind in sorted({iri(t.object) for _, t in rows if t.predicate.value == RDF_TYPE} & identified.keys()):
            roles = {(t.predicate.value, iri(t.object)) for _, t in rows if t.predicate.value in identified[kind]}
            dates = {str(t.object) for _, t in rows if t.predicate.value in _DATED}
            like = seen.setdefault((speakers, kind, tuple(sorted(value for _, value in roles))), [])
            for other, others, then in like:
                if others != roles and (not dates or not then or dates & then):
                    yield _in_return(article, thing, other, rows[0])
                    break
            like.append((thing, roles, dates))


def _in_return(article: Evidence, thing: Term, other: Term, stated: tuple[Passage, Triple]) -> Finding:
    message = f"{compact(iri(thing))} has the things of {compact(iri(other))} in exchanged roles"
    hint = "look which way round the words say it, and take the other one out"
    (passage, _), place = stated, (thing, None, None)
    return article.article.facts.finding(EXCHANGED_ROLES, message, hint=hint, graph=passage.iri, triple=place)


def _are_one(one: Term, other: Term, names: Names) -> bool:
    """Whether two values are one for a role: equal, one within the other, or a state and a place that may lie in it."""
    first, second = iri(one), iri(other)
    if one == other or first.startswith(ENT) or second.startswith(ENT):
        return one == other
    if not names.kinds(first) or not names.kinds(second) or names.are_beside(first, second):
        return True  # what nothing tells of is a finding already
    states = [thing for thing in (first, second) if _STATE in names.kinds(thing)]
    places = all(_PLACE in names.kinds(thing) for thing in (first, second))
    if len(states) != 1 or not places:
        return False
    (inner,) = {first, second} - set(states)
    return not any(_STATE in names.kinds(around) for around in names.around(inner))
