"""In which tense to speak of a thing of a compiled dataset, and when it was or is: by its status and its dates.

These, too, are stated by a voice (`kg.dataset.stated`): what a speaker says has the status and the dates that the
speaker gives, and no others.
"""

from functools import cached_property
from typing import Any, Self

from pyoxigraph import Literal, NamedNode, Triple

from kg.dataset.stated import DATES, FACTS, PASSAGE, SUBJECT, Match, Stated, Voice, bounded, distinct, value
from kg.errors import InputError
from kg.rdf import values as literals
from kg.rdf.namespaces import ENT, local_name
from kg.rdf.terms import Term
from kg.text import phrases, verbs
from kg.text.verbs import NOT_YET, Tense

CLAUSE_TENSE = ENT + "clauseTense"
_FIRST_DAY, _LAST_DAY = NamedNode(ENT + "firstDay"), NamedNode(ENT + "lastDay")
_STATUS = frozenset({"currentStage", "currentStatus", "stage", "status"})
# What these lead to tells how far a thing has come that has no status: a participation is as far as its event.
_AS_FAR_AS = ("occasion", "invitedTo", "positioned")
_DAYS = frozenset(
    {"earliest", "earliestEnd", "earliestStart", "firstDay", "lastDay", "latest", "latestEnd", "latestStart"}
)
_TO_COME: tuple[Tense, ...] = ("planned", "intended", "expected", "was planned")
# What a work has as soon as it is begun, and as soon as it is built.
_WHEN_PLANNED = ("cost", "investmentFrom", "locatedIn", "onCoastOf", "technologyFrom", "unitOf")
_IN_USE = ("carries", "deliversTo")
_MEANT = (*_IN_USE, "across", "connects")
_WHEN_BUILT = (*_MEANT, "capacity", "height", "length", "speed", "unitType", "units")
_OUT_OF_USE = frozenset(ENT + name for name in ("ended", "mothballed", "retired"))
# From which relation a shortcut is inferred: the role of its subject, and those that lead to its object.
SHORTCUTS = {
    "backs": ("backer", "backed"),
    "holdsOffice": ("holder", "office"),
    "holdsOfficeIn": ("holder", "office", "officeOf"),
    "leads": ("holder", "office", "heads"),
    "memberOf": ("member", "memberIn"),
    "sellerTo": ("seller", "buyer"),
}
_BOUNDS = ("start", "end")
_PROGRESSING = frozenset(ENT + name for name in ("Cooperation", "StateOfRelations"))  # they are improving
ACTS = frozenset(  # what there was, though it was rejected: a demand; all else was only said to be
    ENT + name
    for name in ("Accusation", "Agreement", "Demand", "Invitation", "Pledge", "Statement", "TerritorialClaim")
)
_REJECTED = ENT + "rejected"
_SHORT = frozenset(ENT + name for name in ("Ceremony", "DiplomaticRow", "Meeting", "Visit"))
# From the least that can be said to the most: where statuses differ, the first of their tenses is taken.
_STRENGTH: tuple[Tense, ...] = (
    "outstanding",
    "was planned",
    "intended",
    "expected",
    "planned",
    "past progressive",
    "present",
    "progressive",
    "perfect",
    "past",
)


class Timed(Stated):
    """What a voice states of things, with their tense and their time."""

    def __init__(
        self, match: Match, voice: Voice = FACTS, beside: Self | None = None, facts: Self | None = None
    ) -> None:
        """As of `Stated`."""
        super().__init__(match, voice, beside, facts)
        self._tenses = dict[Term, tuple[Tense, list[Term]]]()
        self._reads = dict[Term, str]()

    def tell_anew(self, thing: Term) -> None:
        """Look up what is said of a thing again, since its quads have changed."""
        self._tenses.clear()
        self._reads.pop(thing if self._told is None else self._told, None)
        self._reads.pop(thing, None)
        super().tell_anew(thing)

    def tense(self, thing: Term) -> tuple[Tense, list[Term]]:
        """The tense in which to speak of a thing, and the current statuses from which it follows, if any."""
        if (known := self._tenses.get(thing)) is None:
            known = bounded(self._tenses)[thing] = self._tense_now(thing)
        return known

    def _tense_now(self, thing: Term) -> tuple[Tense, list[Term]]:
        statuses = self._current(thing)
        if not statuses:
            events = (x for role in _AS_FAR_AS for x in self.own_values(thing, ENT + role) if self._is_event(x))
            for event in () if self._days_of(thing) else events:
                statuses = self._current(event)
                return self._tense_of(event, statuses) if statuses else self._tense_by_date(event), []
            if not self._days_of(thing):
                for ranked in self.own_values(thing, ENT + "ranked"):
                    return self._tense_of_rank(ranked), []
            return self._tense_by_date(thing), []
        return self._tense_of(thing, statuses), statuses

    def _tense_of_rank(self, ranked: Term) -> Tense:
        """The tense of a ranking: a bridge that is being built is to be the longest, a clash was the deadliest."""
        tense = self.tense(ranked)[0]
        if ENT + "InfrastructureProject" in self.all_kinds(ranked):
            return self._tense_of_work(ranked, "units", tense)[0]
        return tense if tense in NOT_YET or (tense == "past" and self._is_event(ranked)) else "present"

    def _tense_of(self, thing: Term, statuses: list[Term]) -> Tense:
        given = [q.object.value for s in statuses for q in self.match(s, NamedNode(CLAUSE_TENSE), None)]
        found = [tense for tense in _STRENGTH if tense in given] or ["present"]
        tense = found[0]
        progresses = self.all_kinds(thing) & _PROGRESSING or self._happens(thing)
        if tense == "progressive" and not progresses:
            tense = "present"
        if tense == "past" and ENT + "Recognition" in self.all_kinds(thing) and not self._days_of(thing):
            tense = "perfect"  # it lasts
        if tense == "perfect" and self._happens(thing):  # a plan that is settled
            tense = "planned"
        if ENT + "Agreement" in self.all_kinds(thing):
            if any(value(s) == _REJECTED for s in statuses):
                tense = "was planned"  # a draft that was refused
            elif tense == "was planned" and self._days_of(thing):
                tense = "past"  # it was agreed, and then cancelled
        return tense

    def tense_of_status(self, status: Term) -> Tense:
        """The tense that a status alone calls for."""
        given = [q.object.value for q in self.match(status, NamedNode(CLAUSE_TENSE), None)]
        return next((tense for tense in _STRENGTH if tense in given), "present")

    def _current(self, thing: Term) -> list[Term]:
        for name in () if self.voice else ("currentStage", "currentStatus"):
            if found := distinct(q.object for q in self.match(thing, NamedNode(ENT + name), None)):
                return found
        return self.own_values(thing, ENT + "stage") or self.own_values(thing, ENT + "status")

    def statuses(self, thing: Term) -> list[Triple]:
        """All statements of the status of a thing, or of that in which it is a part, from the most that is said.

        They are those of articles, and not the current one, which is computed of them. That a demand was rejected is
        none: it was made.
        """
        stated = [t for name in ("stage", "status") for t in self.premises(thing, ENT + name)]
        if not stated and not self._days_of(thing):
            stated = [t for event in self.values(thing, ENT + "occasion") for t in self.premises(event, ENT + "status")]
        if any(value(t.object) == _REJECTED for t in stated) and self.all_kinds(thing) & (ACTS - {ENT + "Agreement"}):
            return []
        return sorted(stated, key=lambda t: -_STRENGTH.index(self.tense_of_status(t.object)))

    def is_known_to_go_on(self, thing: Term) -> bool:
        """Whether a thing of which speakers speak is under way by the facts, which they may leave unsaid."""
        return self.facts is not None and self.facts.tense(thing)[0] == "progressive"

    def _is_event(self, thing: Term) -> bool:
        return ENT + "Event" in self.all_kinds(thing)

    def happens_once(self, thing: Term) -> bool:
        """Whether a thing takes place or is settled, or is a part in what takes place: without a status, who knows."""
        events = (x for role in _AS_FAR_AS for x in self.own_values(thing, ENT + role))
        return ENT + "Agreement" in self.all_kinds(thing) or any(map(self._is_event, (thing, *events)))

    def _happens(self, thing: Term) -> bool:
        """Whether a thing is an event or a work, and no lasting state of affairs."""
        return self._is_event(thing) or ENT + "Relation" not in self.all_kinds(thing)

    def _tense_by_date(self, thing: Term) -> Tense:
        """Past for what is over before the day of the article that tells of it, planned for what is to come."""
        day = self._read(thing)
        if not day or not isinstance(thing, NamedNode):
            return "present"
        is_duty = ENT + "Obligation" in self.all_kinds(thing)  # which binds before it is due
        begins = [] if is_duty else self._bounds(thing, _FIRST_DAY)
        if begins and min(begins) > day:
            return "planned"
        causes = () if begins else self.values(thing, ENT + "^ledTo")  # what came of something that is over has begun
        return "past" if any(self._is_over(x, day) for x in (thing, *causes)) else "present"

    def _is_over(self, thing: Term, day: str) -> bool:
        ends = self._bounds(thing, _LAST_DAY)
        return bool(ends) and max(ends) < day

    def _bounds(self, thing: Term, which: NamedNode) -> list[str]:
        """The first or the last day on which a thing can have been; by what speakers claim, where they claim dates."""
        if self.is_own(thing, which.value):
            return [q.object.value for q in self.match(thing, which, None)]
        is_last = which == _LAST_DAY
        names = ("date", "end", "notAfter") if is_last else ("date", "start", "notBefore")
        found = (x for name in names for x in self.own_values(thing, ENT + name) if isinstance(x, Literal))
        return [day for x in found if (day := _day(x, is_last))]

    def has_ended(self, thing: Term) -> bool:
        """Whether an actor or a relation is no more, by its dates."""
        kinds, ends = self.all_kinds(thing), self.own_dates(thing, ENT + "end")
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

    def amount_as_of(self, fact: Triple) -> str:
        """The day on which an article gave an amount of a thing, where a later one gives another."""
        if self.voice or not isinstance(fact.object, NamedNode) or ENT + "Quantity" not in self.all_kinds(fact.object):
            return ""
        given = [*self.match(fact.subject, fact.predicate, None)]
        read = {q.object: "" for q in given}
        for q in given if len(read) > 1 else ():
            read[q.object] = max(read[q.object], self._days.get(value(q.graph_name).partition("#")[0], ""))
        day = read.get(fact.object, "")
        return f"as of {phrases.date(day)}" if day and day < max(read.values()) else ""

    def tense_premises(self, thing: Term) -> set[Triple]:
        """The statements from which the tense of a thing follows, unless it is the present."""
        tense, statuses = self.tense(thing)
        if tense == "present":
            return set()
        found = [t for name in ("stage", "status") for t in self.own_premises(thing, ENT + name)]
        if statuses:
            return {t for t in found if t.object in statuses}
        for role in (*_AS_FAR_AS, "ranked", "^ledTo"):
            for t in () if self._days_of(thing) else self.own_premises(thing, ENT + role):
                other = t.subject if role == "^ledTo" else t.object
                return {t, *(self.tense_premises(other) or self._days_of(other))}
        return set(self._days_of(thing))

    def _days_of(self, thing: Term) -> list[Triple]:
        return [t for name in DATES for t in self.own_premises(thing, name)]

    def tense_of_fact(self, fact: Triple) -> tuple[Tense, set[Triple]]:
        """The tense in which to tell a single fact, and the statements from which it follows, unless the present.

        Nothing is told of an event or a relation as if it were, as long as it is only to be.
        """
        thing, role, kinds = fact.subject, local_name(fact.predicate.value), self.all_kinds(fact.subject)
        tense, premises = self.tense(thing)[0], self.tense_premises(thing)
        happens = ENT + "Event" in kinds
        now = dict.fromkeys(("present", "progressive", "planned", "intended", "expected", "outstanding"))
        if role in SHORTCUTS:
            return self._tense_of_shortcut(fact)
        if role == "operator":
            return self._tense_of_operation(thing, kinds)
        if ENT + "InfrastructureProject" in kinds and role in (*_WHEN_PLANNED, *_WHEN_BUILT):
            return self._tense_of_work(thing, role, tense)
        if self.was_foreseen(fact):
            return "was planned", premises  # the day for which it was planned, before it came to be
        if role in _DAYS and role.endswith(("End", "Start")) and tense in _TO_COME:  # it has not begun
            return verbs.of_purpose(tense), premises
        if role in _DAYS:  # which are possible is known now, whatever they are of
            is_past = isinstance(fact.object, Literal) and fact.object.value < self._read(thing)
            return ("past" if is_past else "present"), set()
        if role in _BOUNDS and tense not in ("was planned", "expected"):
            day, read = _day(fact.object, is_last=False) if isinstance(fact.object, Literal) else "", self._read(thing)
            is_past = tense not in NOT_YET and (not read or day <= read)
            return ("past" if is_past else "planned"), premises
        if role == "purpose" and tense != "past":  # a purpose is there before what has it
            return "present", set()
        if role in ("heads", "officeOf") and self.tense(fact.object)[0] in NOT_YET:  # nothing has a head before it is
            return self.tense(fact.object)[0], self.tense_premises(fact.object)
        if role == "duration" and tense != "past":  # how long something takes is known when it is over
            return "planned", premises
        if role == "launchedBy" and tense not in NOT_YET:
            return "past", premises
        if role in _STATUS:  # what is planned is planned now
            return ("past", premises) if happens and tense == "past" else ("present", set())
        if role == "pursuedBy":
            return ("progressive" if tense in now else "past"), premises
        if tense in NOT_YET and (happens or ENT + "Relation" in kinds):
            is_attribute = isinstance(fact.object, Literal) or ENT + "Quantity" in self.all_kinds(fact.object)
            if tense != "outstanding" or not is_attribute:
                return verbs.of_purpose(tense), premises
        elif tense in NOT_YET and role == "locatedIn":
            return verbs.of_purpose(tense), premises
        elif (happens or role == "rejectedBy") and tense == "past":
            return tense, premises
        has_begun = role == "follows" and bool(self.own_dates(thing, ENT + "start"))
        if (role == "ledTo" or has_begun) and self.tense(fact.object)[0] == "past":
            return "past", self.tense_premises(fact.object)
        return ("past", premises) if self.has_ended(thing) else ("present", set())

    def _tense_of_work(self, thing: Term, role: str, tense: Tense) -> tuple[Tense, set[Triple]]:
        """The tense of what a work has: it is to have it as long as it is not there, and had it once it is retired."""
        premises = self.tense_premises(thing)
        if tense in NOT_YET:
            return _of_plan(tense), premises
        if role in _MEANT and not self.tense(thing)[1]:
            return "meant", set()
        if role in _WHEN_BUILT and tense in ("progressive", "past progressive"):
            return "planned", premises
        gone = _OUT_OF_USE if role in _IN_USE else {ENT + "retired"}
        is_gone = any(value(s) in gone for s in self.tense(thing)[1])
        return ("past", premises) if is_gone and role in _WHEN_BUILT else ("present", set())

    def _tense_of_shortcut(self, fact: Triple) -> tuple[Tense, set[Triple]]:
        """The tense of what is inferred from relations: past where all are over, present where one is not.

        Where none is found, as of what a speaker says, no more is told than that it is so or was.
        """
        subject_role, role, *path = SHORTCUTS[local_name(fact.predicate.value)]
        found = dict[Tense, set[Triple]]()
        for t in self.premises(fact.subject, f"{ENT}^{subject_role}"):
            ends, premises = [t.subject], {t}
            for step in (role, *path):
                quads = (q for end in ends for q in self.match(end, NamedNode(ENT + step), None))
                steps = {q.triple for q in quads}
                ends, premises = [s.object for s in steps], premises | steps
            if fact.object in ends:
                tense = self.tense(t.subject)[0]
                is_over = tense == "past" or self.has_ended(t.subject)
                tense = "past" if is_over else tense if tense in NOT_YET else "present"
                if any(value(s) == ENT + "cancelled" for s in self.tense(t.subject)[1]):
                    tense = "was planned"
                found.setdefault(tense, set()).update(premises, self.tense_premises(t.subject))
        for tense in ("present", "past", "planned", "expected", "intended", "outstanding", "was planned"):
            if tense in found:
                return verbs.of_purpose(tense), found[tense]
        return "either", set()

    def _tense_of_operation(self, thing: Term, kinds: frozenset[str]) -> tuple[Tense, set[Triple]]:
        """The tense of who operates a thing: of a work by its stage, of what was in an incident as of that."""
        tense, statuses = self.tense(thing)
        if ENT + "InfrastructureProject" in kinds:
            if tense in NOT_YET or tense in ("perfect", "progressive"):
                return _of_plan(tense), self.tense_premises(thing)
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
        limits = phrases.limits(*("".join(self.own_dates(thing, ENT + name)[:1]) for name in ("notBefore", "notAfter")))
        if limits:
            return limits, tense
        dates, starts, ends = (self.own_dates(thing, name) for name in DATES)
        if dates:
            return " or ".join(map(phrases.on_date, dates)), tense
        first, last = ("".join(self.own_dates(thing, ENT + name)[:1]) for name in ("startNotBefore", "startNotAfter"))
        if (first or last) and not (starts or ends) and tense in ("present", "progressive"):
            return phrases.since_limits(first, last), "perfect" if tense == "present" else "perfect progressive"
        if starts and starts == ends:
            return phrases.on_date(starts[0]), tense
        if starts and not ends and tense == "present" and ENT + "Event" in self.all_kinds(thing):
            return " or ".join(map(phrases.on_date, starts)), "begun"  # whether it still goes on is not said
        kinds = self.all_kinds(thing)
        is_rough = len("".join(starts)) < len("2020-01-01")
        is_short = is_rough and kinds & {*_SHORT, ENT + "StateOfRelations"}
        is_planned = tense in NOT_YET and kinds & _SHORT and (is_rough or ENT + "Visit" not in kinds)
        # It began and, as people say, was in that month; or is due on that day.
        if starts and not ends and ((tense == "past" and is_short) or is_planned):
            return " or ".join(map(phrases.on_date, starts)), tense
        lasting = bool(starts) and not ends and tense in ("present", "progressive")
        when = phrases.period(" or ".join(starts[:1]), " or ".join(ends[:1]), lasting=lasting)
        return when, ("perfect" if tense == "present" else "perfect progressive") if lasting else tense

    def was_foreseen(self, fact: Triple) -> bool:
        """Whether a fact is the date for which a thing was planned that has come to be by a later article."""
        thing, predicate = fact.subject, fact.predicate.value
        foreseen = self._foreseen(thing) if predicate in DATES else None
        return bool(foreseen) and self._is_foreseen(thing, predicate, value(fact.object), foreseen or frozenset())

    def _foreseen(self, thing: Term) -> frozenset[str]:
        """The articles (IRIs) that have only foreseen what by others is no longer planned."""
        by_article: dict[str, set[Tense]] = {}
        for name in () if self.voice else ("stage", "status"):
            for q in self.asserted(thing, NamedNode(ENT + name)):
                by_article.setdefault(_article(q), set()).add(self._tense_of(thing, [q.object]))
        if len(by_article) < 2 or self.tense(thing)[0] in NOT_YET:
            return frozenset()
        return frozenset(article for article, tenses in by_article.items() if tenses <= {*NOT_YET})

    def _is_foreseen(self, thing: Term, predicate: str, date: str, foreseen: frozenset[str]) -> bool:
        """Whether a date is only that of such articles: of a visit that was held, the day for which it was planned."""
        articles = {_article(q) for q in self.asserted(thing, NamedNode(predicate)) if value(q.object) == date}
        return bool(articles) and articles <= foreseen

    def own_dates(self, thing: Term, predicate: str) -> list[str]:
        """As `dates`, but of speakers only those that they claim."""
        return self.dates(thing, predicate) if self.is_own(thing, predicate) else []

    def dates(self, thing: Term, predicate: str) -> list[str]:
        """The dates of a thing, but for those that others give more precisely."""
        found = distinct(value(x) for x in self.values(thing, predicate))
        foreseen = self._foreseen(thing) if found else frozenset()
        found = [x for x in found if not (foreseen and self._is_foreseen(thing, predicate, x, foreseen))]
        return [x for x in found if not any(y != x and y.startswith(x) for y in found)]


def _article(quad: Any) -> str:
    """The article of a passage that states something."""
    return str(quad.graph_name.value).partition("#")[0]


def _day(date: Literal, is_last: bool) -> str:
    """The first or the last day of a date, empty where it is none."""
    try:
        return literals.bounds(date)[is_last]
    except InputError:
        return ""


def _of_plan(tense: Tense) -> Tense:
    """The tense of what hangs on a thing that is not yet, which wants and expects nothing."""
    return verbs.of_purpose(tense) if tense in ("was planned", "intended") else "planned"
