"""The first kinds of lies: those that a careful reader of one sentence sees at once."""

import datetime
import re
from collections.abc import Iterator

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Triple

from bench.lies.lie import Edit, Kind, Told, add, candidates, change, is_false, put
from bench.lies.reading import TYPE, Reading, alike_words, ent, is_thing, quads, terms, value, whole
from kg.rdf.namespaces import ALT_LABEL, ENT, RDFS_LABEL, XSD
from kg.rdf.terms import Term
from kg.source.article import Passage

# Steps in a life, those in one line so near to each other that a text which says one may support the other.
_PHASES = (
    "planned announced preConstruction",
    "underWay construction",
    "held completed finalised operating",
    "cancelled shelved",
    "suspended mothballed",
)
PHASE: dict[Term, int] = {ent(name): number for number, names in enumerate(_PHASES) for name in names.split()}
_GOING_ON, _DONE = PHASE[ent("underWay")], PHASE[ent("completed")]
_ALSO = NamedNode(ALT_LABEL)
_STATUSES = (ent("status"), ent("stage"))
# Measures of a kind in a line, and the words by which a text may mean them.
_MEASURES = (
    {"USD": "dollar $", "EUR": "euro €", "GBP": "pound £", "RUB": "rouble ruble", "TRY": "lira", "CNY": "yuan"},
    {"MW": "megawatt MW", "GW": "gigawatt GW", "kW": "kilowatt kW"},
    {"km": "kilomet km", "m": "metre meter", "mi": "mile"},
    {"t": "tonne ton", "m3": "cubic"},
    {"%": "percent cent %"},
)
_OPPOSITES = {
    "Rapprochement": ("Estrangement", {}),
    "Estrangement": ("Rapprochement", {}),
    "Cooperation": ("Disagreement", {"cooperating": "disagreeing", "concerns": "over"}),
    "Disagreement": ("Cooperation", {"disagreeing": "cooperating", "over": "concerns"}),
    "Support": ("Disagreement", {"backer": "disagreeing", "backed": "disagreeing", "side": ""}),
    "LineUp": ("Disagreement", {"backer": "disagreeing", "backed": "disagreeing", "side": ""}),
}
# Of these a thing may have several at a time.
_COMPATIBLE = (
    "Visit Meeting Talks Summit Ceremony PressConference",
    "Incident Conflict Disagreement DiplomaticRow",
    "Dam PowerPlant",
    "Support LineUp",
    "StateOfRelations Rapprochement Estrangement",
)


def roles_exchanged(reading: Reading) -> Told:
    """Two things, each alone in its role of a third, in each other's role: the buyer sells, the seller buys."""
    for passage in reading.passages:
        for one, other in pairs_of_roles(reading, passage):
            yield change(passage, [one, other], [put(one, other.object), put(other, one.object)])


def pairs_of_roles(reading: Reading, passage: Passage) -> Iterator[tuple[Triple, Triple]]:
    """Statements of one thing with fillers that could change places: not related, and alone in their roles."""
    roles = [t for t in reading.roles(passage) if len(reading.values(t.subject, t.predicate)) == 1]
    for number, one in enumerate(roles):
        for other in roles[number + 1 :]:
            apart = one.predicate != other.predicate and not reading.related(one.object, other.object)
            swapped = [put(one, other.object), put(other, one.object)] if one.subject == other.subject and apart else []
            if swapped and not any(map(reading.is_true, swapped)):
                actors = all(reading.is_a(t.object, "Actor") and t.predicate != ent("destination") for t in swapped)
                if actors or all(reading.fits(t.predicate, t.object) for t in swapped):
                    yield one, other


def direction_reversed(reading: Reading) -> Told:
    """What led to another thing, or was a part of it, the other way round."""
    for passage in reading.passages:
        for t in reading.roles(passage):
            one_way = t.predicate.value not in reading.symmetric and t.predicate != ent("despite")
            back = Triple(t.object, t.predicate, t.subject) if is_thing(t.object) else t
            if one_way and reading.fits(t.predicate, t.subject) and not reading.is_true(back):
                yield change(passage, [t], [back])


def other_side(reading: Reading) -> Told:
    """A backer or a group on the side that opposes its own."""
    opposed = [(t.subject, t.object) for t in reading.everything if t.predicate == ent("opposes")]
    against = {one: other for pair in opposed for one, other in (pair, pair[::-1])}
    for passage in reading.passages:
        for t in reading.roles(passage):
            other = against.get(t.object)
            if t.predicate != ent("opposes") and other and not reading.is_true(put(t, other)):
                yield change(passage, [t], [put(t, other)])


def unnamed_instead(reading: Reading) -> Told:
    """A thing that the words do not name, in the role of one."""
    for passage in reading.passages:
        for t in reading.roles(passage):
            for other in _unnamed(reading, passage, t):
                if is_false(reading, put(t, other), instead_of=t.object):
                    yield change(passage, [t], [put(t, other)])


def unnamed_besides(reading: Reading) -> Told:
    """A thing that the words do not name, in a role besides the one that is there."""
    for passage in reading.passages:
        for t in reading.roles(passage):
            for other in _unnamed(reading, passage, t):
                if is_false(reading, put(t, other)):
                    yield add(passage, put(t, other))


def _unnamed(reading: Reading, passage: Passage, t: Triple) -> list[NamedNode]:
    """The things like the one in a role that the passage does not name, nor anything of their kin."""
    named = [x for x in reading.names if reading.perhaps_named(x, passage)]
    return [
        x
        for x in candidates(reading, t)
        if not reading.perhaps_named(x, passage) and not any(reading.kin(x, other) for other in named)
    ]


def status_changed(reading: Reading) -> Told:
    """Another status: planned for held."""
    yield from _statuses(reading, ent("status"))


def stage_changed(reading: Reading) -> Told:
    """Another stage of a project: completed for under way."""
    yield from _statuses(reading, ent("stage"))


def _statuses(reading: Reading, predicate: NamedNode) -> Told:
    for passage, t, rival in _rivals(reading, predicate):
        yield change(passage, [t], [put(t, rival)])


def second_status(reading: Reading) -> Told:
    """A second status or stage beside the right one."""
    for predicate in _STATUSES:
        for passage, t, rival in _rivals(reading, predicate):
            yield add(passage, put(t, rival))


def _rivals(reading: Reading, predicate: NamedNode) -> Iterator[tuple[Passage, Triple, Term]]:
    """The statuses in the graph's ontology that a thing surely does not have: of a phase that nothing says it is in."""
    declared: set[Term] = {t.subject for t in reading.made.ontology if t.predicate == TYPE}
    known = declared & PHASE.keys()
    for passage in reading.passages:
        for t in passage.triples:
            if t.predicate == predicate and t.object in PHASE:
                phases = {PHASE.get(x) for p in _STATUSES for x in reading.values(t.subject, p)}
                settled = _DONE in phases and reading.is_a(t.subject, "Relation")
                if settled or reading.is_a(t.subject, "Event", "Agreement"):
                    phases.add(_GOING_ON)  # “heads to”, “have put aside”, “are close to”: the words draw no such line
                others = sorted((x for x in known if PHASE[x] not in phases), key=lambda x: (PHASE[x], str(x)))
                firsts = {PHASE[x]: x for x in reversed(others)}
                for rival in firsts.values():
                    yield passage, t, rival


def kind_changed(reading: Reading) -> Told:
    """A rival class of an event, a relation or a project, wherever the article states the right one."""
    for passage in reading.passages:
        for t in passage.triples:
            if t.predicate == TYPE and reading.is_a(t.subject, "Event", "Relation", "InfrastructureProject"):
                for rival in _rival_classes(reading, passage, t):
                    yield everywhere(reading, passage, {t: [put(t, rival)]})


def _rival_classes(reading: Reading, passage: Passage, t: Triple) -> list[NamedNode]:
    """The classes beside one or right below it that the thing surely does not have, and that no word hints at.

    None that tells its things apart by roles which this one lacks; of relations, only those that have such roles.
    """
    kind, kinds, words = value(t.object), reading.kinds(t.subject), reading.words(passage, far=True)
    level = {*reading.direct.get(kind, ()), kind}
    own = [(value(x.subject), x.object) for x in reading.made.ontology if x.predicate == ent("identifiedBy")]
    identified = {c: {role for kind, role in own if kind in above} for c, above in reading.above.items()}
    roles = {x.predicate for x in reading.about(t.subject)}
    return [
        NamedNode(c)
        for c, above in sorted(reading.direct.items())
        if above & level and c not in kinds and not _compatible(c, kinds)
        if identified[c] <= roles and (identified[c] or not reading.is_a(t.subject, "Relation"))
        if not alike_words(reading.class_labels.get(c, ""), words)
    ]


def _compatible(kind: str, others: set[str]) -> bool:
    lines = (set(line.split()) for line in _COMPATIBLE)
    return any(kind.removeprefix(ENT) in line and any(o.removeprefix(ENT) in line for o in others) for line in lines)


def opposite(reading: Reading) -> Told:
    """A disagreement for a cooperation, an estrangement for a rapprochement, wherever the article has that."""
    for passage in reading.passages:
        for t in passage.triples:
            if t.predicate != TYPE or value(t.object).removeprefix(ENT) not in _OPPOSITES:
                continue
            rival, roles = _OPPOSITES[value(t.object).removeprefix(ENT)]
            between = {x.object for x in passage.triples if x.subject == t.subject and reading.is_a(x.object, "Actor")}
            if ENT + rival in reading.above and between and not _stated_near(reading, passage, ENT + rival, between):
                edits = {t: [put(t, ent(rival))]}
                for x in reading.about(t.subject):
                    if (role := roles.get(x.predicate.value.removeprefix(ENT))) is not None:
                        edits[x] = [put(x, x.object, ent(role))] if role else []
                yield everywhere(reading, passage, edits)


def _stated_near(reading: Reading, passage: Passage, kind: str, between: set[Term]) -> bool:
    """Whether a passage around states a thing of a class between two of these."""
    said = {t.subject for p in reading.overlapping(passage) for t in p.triples}
    return any(kind in reading.kinds(x) and len(between & reading.fillers(x)) > 1 for x in said)


def everywhere(reading: Reading, passage: Passage, edits: dict[Triple, list[Triple]]) -> tuple[Passage, Edit]:
    """Statements in the place of others, in whatever passages of the article these stand."""
    stated = [(p, t) for p in reading.passages for t in p.triples if t in edits]
    old = [q for p, t in stated for q in quads(p, [t])]
    return passage, (tuple(old), tuple(q for p, t in stated for q in quads(p, edits[t])))


def opinion_as_fact(reading: Reading) -> Told:
    """What somebody says, told as what the outlet says: without its speaker."""
    for passage in reading.passages:
        asserted = {t for e in reading.made.evidence for p in e.asserted for t in p.triples}
        if passage.reported and not asserted.issuperset(passage.triples):
            yield passage, (_described(reading, passage, "speaker", "speech"), ())


def speaker_changed(reading: Reading) -> Told:
    """What one person says, in the mouth of another."""
    people = sorted((x for x in reading.stated_kinds if reading.is_a(x, "Person")), key=str)
    for passage in reading.passages:
        for old in _described(reading, passage, "speaker"):
            for person in (x for x in people if not reading.kin(x, old.object)):
                yield passage, ((old,), (Quad(old.subject, old.predicate, person, DefaultGraph()),))


def _described(reading: Reading, passage: Passage, *names: str) -> tuple[Quad, ...]:
    """The statements with these properties in the description of a passage."""
    wanted = {ent(name) for name in names}
    return tuple(
        Quad(t.subject, t.predicate, t.object, DefaultGraph())
        for t in reading.evidence.description
        if t.subject == NamedNode(passage.iri) and t.predicate in wanted
    )


def measure_changed(reading: Reading) -> Told:
    """Another unit or currency, with the number as it is: kilometres for megawatts, euros for dollars."""
    for passage in reading.passages:
        words = reading.words(passage, far=True)
        for t in passage.triples:
            given = value(t.object) if t.predicate == ent("measure") else ""
            for line in _MEASURES if given else ():
                absent = [x for x, forms in line.items() if not any(f in words for f in forms.split())]
                for rival in [x for x in absent if x != given][:1]:
                    yield change(passage, [t], [put(t, Literal(rival))])


def number_changed(reading: Reading) -> Told:
    """Another number: ten times as much."""
    for passage in reading.passages:
        for t in passage.triples:
            if t.predicate == ent("number") and re.fullmatch("[0-9]+", value(t.object)) and value(t.object) != "0":
                yield change(passage, [t], [put(t, Literal(f"{value(t.object)}0", datatype=_datatype(t)))])


def _datatype(t: Triple) -> NamedNode | None:
    return t.object.datatype if isinstance(t.object, Literal) else None


_DATES = (ent("date"), ent("start"), ent("end"))


def date_changed(reading: Reading) -> Told:
    """A date a year earlier, or one more exact than the words are: a day for a month."""
    for passage in reading.passages:
        for t in passage.triples:
            if t.predicate in _DATES and re.fullmatch(r"[0-9]{4}(-[0-9]{2}){0,2}", value(t.object)):
                year, rest = value(t.object)[:4], value(t.object)[4:]
                earlier = "-02-28" if rest == "-02-29" else rest
                yield change(passage, [t], [put(t, Literal(f"{int(year) - 1:04}{earlier}", datatype=_datatype(t)))])
                if len(rest) < 6:
                    exact = datetime.date.fromisoformat(f"{value(t.object)}{'-06-15' if not rest else '-15'}")
                    yield change(passage, [t], [put(t, Literal(str(exact), datatype=NamedNode(XSD + "date")))])


_BOUNDS = {ent("start"): ent("end"), ent("end"): ent("start")}


def start_for_end(reading: Reading) -> Told:
    """When a thing began, told as when it ended, or the other way round."""
    for passage in reading.passages:
        for t in passage.triples:
            other = _BOUNDS.get(t.predicate)
            if other and not reading.values(t.subject, other):
                yield change(passage, [t], [put(t, t.object, other)])


def mode_changed(reading: Reading) -> Told:
    """Another way of taking part: in person for by video conference."""
    modes = sorted(
        {t.subject for t in reading.made.ontology if (t.predicate, t.object) == (TYPE, ent("Mode"))}, key=str
    )
    for passage in reading.passages:
        for t in passage.triples:
            if t.predicate == ent("mode"):
                for other in (m for m in modes if m not in reading.values(t.subject, ent("mode"))):
                    yield change(passage, [t], [put(t, other)])


# Where a second value can hardly be right: of the subject, or of the object.
_ONE_VALUE = terms("governmentOf capitalOf heads office holder mode destination")
_ONE_SUBJECT = terms("capitalOf")


def second_value(reading: Reading) -> Told:
    """A second value where there can be one: a city is the capital of two states, a state has two capitals."""
    kinds: dict[Term, set[str]] = dict(reading.stated_kinds.items())
    things = sorted(reading.stated_kinds, key=str)
    for passage in reading.passages:
        for t in reading.roles(passage):
            if t.predicate.value in _ONE_VALUE:
                for other in candidates(reading, t):
                    if is_false(reading, put(t, other)):
                        yield add(passage, put(t, other))
            if t.predicate.value in _ONE_SUBJECT:
                for other in (x for x in things if x != t.subject and kinds[x] & kinds.get(t.subject, set())):
                    if not reading.is_true(also := Triple(other, t.predicate, t.object)):
                        yield add(passage, also)


def label_of_another(reading: Reading) -> Told:
    """A name that the words give to another thing."""
    for passage in reading.passages:
        things = {t.subject for t in passage.triples if is_thing(t.subject)} & reading.names.keys()
        for thing in sorted(things, key=str):
            for other in sorted(reading.names, key=str):
                known = [
                    t.object
                    for t in reading.about(other)
                    if t.predicate.value == RDFS_LABEL and whole(value(t.object), passage.quote)
                ]
                if other != thing and not reading.related(thing, other):
                    for label in known:
                        if value(label) not in reading.names[thing]:
                            yield add(passage, Triple(thing, _ALSO, label))


KINDS = (
    Kind("roles exchanged", False, roles_exchanged),
    Kind("direction reversed", False, direction_reversed),
    Kind("on the other side", False, other_side),
    Kind("a thing not named, in a role", False, unnamed_instead),
    Kind("a thing not named, added to a role", False, unnamed_besides),
    Kind("status changed", False, status_changed),
    Kind("stage changed", False, stage_changed),
    Kind("second status or stage", False, second_status),
    Kind("class changed", False, kind_changed),
    Kind("opposite relation", False, opposite),
    Kind("opinion told as fact", False, opinion_as_fact),
    Kind("speaker changed", False, speaker_changed),
    Kind("unit or currency changed", False, measure_changed),
    Kind("number changed", False, number_changed),
    Kind("date changed", False, date_changed),
    Kind("start told as end", False, start_for_end),
    Kind("mode changed", False, mode_changed),
    Kind("second value", False, second_value),
    Kind("name of another", False, label_of_another),
)
