"""Facts in sentences, by the clauses and noun phrases that the lexicon of the ontology has for classes and properties.

A class has `ent:clause` for what is so (“{backer} *back {backed}”) and `ent:nounPhrase` for what a thing is called that
nothing labels (“{backer}'s support for {backed}”); a property has a clause with `{subject}` and `{object}`. Slots and
verbs are those of `kg.text.patterns`; the tense follows the status and the dates of a thing (`ent:clauseTense`), and
never says more than these. Of several clauses the one is taken that says most. What has none is told by labels.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from kg.dataset.computed import DAYS
from kg.dataset.filling import Called, Filled, Filling, best, written
from kg.dataset.naming import CLAUSE, COMPUTED_LABEL, LABEL, Naming
from kg.dataset.stated import DATES, bounded, is_of_ontology, value
from kg.dataset.tenses import ACTS
from kg.rdf.namespaces import ALT_LABEL, ENT, ID, RDF_TYPE, RDFS, RDFS_LABEL, local_name
from kg.rdf.terms import Term
from kg.text import patterns, phrases, repetition, verbs
from kg.text.patterns import Pattern, Slot
from kg.text.verbs import Tense

_TOLD_BY_TENSE = frozenset(
    ENT + name for name in ("completed", "ended", "expected", "held", "intended", "outstanding", "planned", "underWay")
)
_FINALISED = ENT + "finalised"
_AT_ITS_END = frozenset({ENT + "collapsed", ENT + "withdrawn"})  # a status that is the end of a thing
_PLANNED = NamedNode(ENT + "planned")
_REJECTED = ENT + "rejected"
_FEW = 5  # words that describe a thing, and make no clause
_GIVEN = frozenset(ENT + name for name in ("Obligation", "Pledge"))  # once and for all
_DATED_FIRST = frozenset(ENT + name for name in ("Agreement", "Demand", "Pledge"))  # else the date is that of what is
_IN_NAMES = ("locatedIn", "marks", "participant", "place")  # whose values names have in them: “the war in Syria”
_NOT_STATED = "status not stated"
_TOLD_OF_PLANS = (
    *("agenda", "approved", "concerns", "currentStatus", "despite", "follows", "inField", "item", "marks"),
    *("milestoneOf", "partOf", "place", "pursuedBy", "status", "topOfAgenda"),
)
_TOLD_ALONG = ("status", "stage", "condition", "currentStatus", "currentStage", "notBefore", "notAfter")
_STARTS = ("startNotBefore", "startNotAfter")
_TO_AGREE = re.compile(r"\bto agree to (?=\w)")
_GOVERNMENT_IN = "the government in "
_HAS_NO_SENTENCE = re.compile(r"There (is|was) a government of (?P<state>.+)")
_DESCRIBED = frozenset(ENT + name for name in ("Actor", "Place"))  # “is “a former general””
_HAVE_CLAUSES = frozenset(ENT + name for name in ("Event", "Relation"))
_MARK = re.compile(" –|:(?= “)")
_ON_DATE = re.compile("^(?:in|on)(?= )")
_IN_ITS_WORDS = re.compile(" – (?P<words>“[^–]*”)$")


class Clause(NamedTuple):
    """A sentence about a thing, and the predicates (IRIs) of the statements about the thing that it tells.

    `premises` are statements about other things that it rests on, too: in which conflict a side stands.
    """

    text: str
    tells: frozenset[str]
    premises: frozenset[Triple] = frozenset()


class Sentences(Naming):
    """Says the facts of a dataset in sentences; or, with a `voice`, what speakers claim.

    No sentence of the facts tells what is only claimed, but for a thing that nobody else speaks of, named “…
    (according to …)”; and none of speakers has a role, date, status or condition that they do not claim.
    """

    @cached_property
    def _found_clauses(self) -> dict[Term, Clause | None]:
        return {}

    @cached_property
    def _found_facts(self) -> dict[Triple, tuple[str, list[Triple]]]:
        return {}

    @cached_property
    def _found_narrower(self) -> dict[NamedNode, frozenset[str]]:
        return {}

    @cached_property
    def _has_clause(self) -> dict[frozenset[str], bool]:
        return {}

    # What is said

    def fact(self, triple: Triple) -> str:
        """A triple as a sentence: “Ankara is the capital of Turkey”."""
        return self.fact_told(triple)[0]

    def fact_told(self, triple: Triple) -> tuple[str, list[Triple]]:
        """A triple as a sentence, and what the sentence rests on beside it, such as a status from which it is past."""
        if (known := self._found_facts.get(triple)) is None:
            known = bounded(self._found_facts)[triple] = self._fact_told(triple)
        return known

    def _fact_told(self, triple: Triple) -> tuple[str, list[Triple]]:
        predicate = triple.predicate.value
        if predicate == RDF_TYPE:
            return self._is_a(triple), []
        if predicate in (RDFS_LABEL, ALT_LABEL, COMPUTED_LABEL):
            name = self.name(triple.subject)
            called = "are called" if self.is_plural(triple.subject, name) else "is called"
            return phrases.sentence_case(f"{name} {called} “{value(triple.object)}”"), []
        if predicate == ENT + "wording":
            return self._worded(triple), []
        if predicate == ENT + "heads" and not self.is_labelled(triple.subject):  # the regime has a head
            triple = Triple(triple.subject, NamedNode(ENT + "officeOf"), triple.object)
            predicate = triple.predicate.value
        if same := self._day_as_stated(triple):
            return self._fact_told(same)
        name = self.name(triple.subject)
        if predicate == ENT + "governmentOf" and name.startswith(_GOVERNMENT_IN):
            called = name.removeprefix(_GOVERNMENT_IN)
            return f"“{called}” stands for the government of {self.name(triple.object)}", []
        tense, premises = self.known.tense_of_fact(triple)
        ends: dict[str, list[Term]] = {"subject": [triple.subject], "object": [triple.object]}
        for term in self.known.with_broader(triple.predicate):
            templates = self._templates(term, CLAUSE)
            if said := best(self._filled(p, ends, triple.subject, tense) for p in templates):
                text = self._unrepeated(triple, templates, ends, tense) or written(said)
                text = self._there_is(text)
                note = _NOT_STATED if tense == "present" and self._is_open(triple) else self.known.amount_as_of(triple)
                text += f" ({note})" * bool(note)
                return text, sorted({*premises, *said.premises} - {triple}, key=str)
        subject = phrases.sentence_case(self.name(triple.subject))
        return f"{subject}: {self._label(triple.predicate)} {self.name(triple.object)}", []

    def _day_as_stated(self, triple: Triple) -> Triple | None:
        """The first or last day of a thing as the bound of a date of its own, if it is one: when it began, or was."""
        for name in DAYS.get(triple.predicate.value, ()):
            bound = NamedNode(ENT + name)
            if any(q.object == triple.object for q in self.known.match(triple.subject, bound, None)):
                return Triple(triple.subject, bound, triple.object)
        return None

    def _worded(self, triple: Triple) -> str:
        """Words of an article about a thing, with what they are about, unless they name it: “Ada Holm: “a general””."""
        name, words = self.name(triple.subject), self.name(triple.object)
        if repetition.find(phrases.bare(name), words) is not None:
            return words
        kinds = self.known.all_kinds(triple.subject)
        if not kinds & _HAVE_CLAUSES and verbs.is_told(value(triple.object)):
            return phrases.sentence_case(f"{name} {words}")
        if kinds & _DESCRIBED and re.match("an? ", value(triple.object)):
            return phrases.sentence_case(f"{name} {'are' if self.is_plural(triple.subject, name) else 'is'} {words}")
        if ENT + "Photograph" in kinds:
            return f"The caption of {name} has the words {words}"
        if kinds & _HAVE_CLAUSES:
            return f"About {name}: {words}"
        if not value(triple.subject).startswith(ID) or len(value(triple.object).split()) > _FEW:
            return phrases.sentence_case(f"{name}: {words}")
        is_plural = self.is_plural(triple.subject, name)
        return phrases.sentence_case(f"{name} {'are' if is_plural else 'is'} described as {words}")

    @staticmethod
    def _there_is(text: str) -> str:
        """A sentence, but not “The government of Lorvia is the government of Lorvia”."""
        for verb in (" is ", " was "):
            for more in (0, 4, -4):  # “the ” before one of the two
                cut = (len(text) - len(verb) + more) // 2
                one, link, other = text[:cut], text[cut : cut + len(verb)], phrases.bare(text[cut + len(verb) :])
                if link == verb and phrases.bare(phrases.lower_case(one)) == other:
                    there_is = f"There{verb}{phrases.with_article(other, ['a'])}"
                    found = _HAS_NO_SENTENCE.fullmatch(there_is)
                    has = f"{'has' if verb == ' is ' else 'had'} a government"
                    return phrases.sentence_case(f"{found['state']} {has}") if found else there_is
        return text

    def _is_open(self, fact: Triple) -> bool:
        """Whether a fact is of what may be a plan, for all that is stated, and would be told as if it happened."""
        thing, role = fact.subject, local_name(fact.predicate.value)
        is_loan = ENT + "Loan" in self.known.all_kinds(thing)
        if role in _TOLD_OF_PLANS or is_loan or not self.known.happens_once(thing):
            return False
        if isinstance(fact.object, Literal) or ENT + "Quantity" in self.known.all_kinds(fact.object):
            return False
        return not (
            self.known.tense(thing)[1] or self.known.when(thing, "present")[0] or self.known.is_known_to_go_on(thing)
        )

    def _unrepeated(
        self, triple: Triple, templates: Iterable[Pattern], ends: dict[str, list[Term]], tense: Tense
    ) -> str:
        """The sentence of a fact with a shorter name for what has the other name in its own; empty if neither has."""
        for given in self._shorter(triple):
            names = Called(self, given)
            said = best(Filling(names, p, ends, triple.subject, tense, ENT, 0).found() for p in templates)
            text = written(said) if said else ""
            if text and not any(repetition.is_said_twice(name, text) for name in given.values()):
                return text
        return ""

    def _shorter(self, triple: Triple) -> Iterator[dict[Term, str]]:
        """What the one end of a fact may be called beside the other: “the war in Syria”, beside Syria, “the war”."""
        ends = triple.subject, triple.object
        if local_name(triple.predicate.value) == "officeOf":  # Lorvia has a president
            name, owner = map(self.name, ends)
            short = repetition.without(name, owner) or repetition.without_owner(name)
            title = self._kind_label(triple.subject) if repetition.repeats(short, owner) else phrases.bare(short)
            yield {triple.subject: phrases.with_article(title, {"a"})}
        for one, other in (ends, ends[::-1]):
            kinds = self.known.all_kinds(one) if isinstance(one, NamedNode) else ()
            if noun := repetition.noun_of(self.name(one), self.name(other)) if one == triple.object else "":
                yield {one: noun}
            if not kinds or ENT + "Quantity" in kinds or not repetition.repeats(self.name(one), self.name(other)):
                continue
            if short := repetition.without(self.name(one), self.name(other)):
                yield {one: short}
            if ENT + "Office" in kinds or (not self.is_labelled(one) and triple in self.noun_phrase(one).premises):
                yield {one: phrases.with_article(self._kind_label(one), {"the"})}

    def clause(self, thing: Term) -> Clause | None:
        """A thing with roles as a sentence: “Russia backs the Assad regime”.

        None for one whose classes have no clause, or of which the voice does not say what it is.
        """
        if thing not in self._found_clauses:
            self._found_clauses[thing] = self._clause(thing)
        return self._found_clauses[thing]

    def clause_anew(self, thing: Term) -> Clause | None:
        """As `clause`, of a thing whose quads have changed since."""
        self.known.tell_anew(thing)
        return self._clause(thing)

    def _clause(self, thing: Term) -> Clause | None:
        if not self.known.says_what(thing):
            return None
        kinds = self.known.all_kinds(thing)
        if ENT + "Quantity" in kinds:
            return self._amount(thing)
        if kinds not in self._has_clause:
            self._has_clause[kinds] = any(self._templates(NamedNode(kind), CLAUSE) for kind in kinds)
        if not self._has_clause[kinds]:
            return None
        tense, statuses = self.known.tense(thing)
        if tense == "present" and kinds & _GIVEN and not self.known.own_values(thing, ENT + "under"):
            tense = "perfect"  # who pledges has pledged
        is_work = ENT + "InfrastructureProject" in kinds
        found = self._best_of_classes(thing, CLAUSE, tense)
        if found is None or (is_work and not statuses):  # whether it is built is not known
            return None
        when, tense_now = self.known.when(thing, tense)
        if (
            ENT + patterns.THIS in found.tells and tense == "present" and not (statuses or when)
        ):  # nor whether it goes on
            return None
        is_dated = bool(kinds & _DATED_FIRST) and when.startswith(("in ", "on "))
        if is_dated and tense_now == "perfect":
            tense_now = "past"
        if tense_now != tense:
            found = self._best_of_classes(thing, CLAUSE, tense_now) or found
        is_denied = _REJECTED in map(value, statuses) and not kinds & ACTS
        of_status = None if is_denied else self._of_status(thing, tense_now, statuses, found)
        found = of_status or found
        tells, text = set(found.tells), "".join(found.words).strip()
        if tense_now in ("planned", "intended", "expected"):  # of what is to be sold, the agreement may be there
            text = _TO_AGREE.sub("to ", text)
        if ENT + patterns.THIS in tells:  # the name tells it
            tells |= self._told_by_name(thing)
        if is_denied:
            text, statuses = f"It is denied that {text}", []
        in_its_words = ENT + patterns.WORDING in found.tells and not found.marks  # and in their tense
        is_to_be_agreed = ENT + "Agreement" in kinds and tense_now in verbs.NOT_YET and not in_its_words
        is_agreed = ENT + "Agreement" in kinds and tense_now in ("past", "perfect")
        told_by_status = [_FINALISED] if is_agreed else map(value, statuses if of_status else ())
        told = frozenset() if is_to_be_agreed else {*_TOLD_BY_TENSE, *told_by_status}
        labels = (self._label(s) for s in statuses if value(s) not in told)
        is_denial = ENT + "Accusation" in kinds  # it was not offered
        status = ", ".join(sorted("denied" if is_denial and x == "rejected" else x for x in labels))
        ends = self.known.own_dates(thing, ENT + "end")
        if when.startswith("until") and _AT_ITS_END & {*map(value, statuses)}:  # which is not that of what was given
            on = " or ".join(map(phrases.on_date, ends))
            status, when = (status, on) if of_status else (f"{status} {on}", "")
        if of_status and statuses == [_PLANNED]:
            when = _ON_DATE.sub("for", when)
        if when and when.partition(" ")[2] in phrases.lower_case(text):  # the talks of 3 May took place
            when = ""
        elif tense == "present" and not (statuses or when or is_denied or self.known.is_known_to_go_on(thing)):
            is_open = self.known.happens_once(thing) and not in_its_words
            status = (self._approved(thing) or _NOT_STATED) if is_open else ""
        if is_to_be_agreed and (status or (when and ENT + "Loan" not in kinds)):  # the date is that of the agreement
            dates = self.known.own_dates(thing, ENT + "date")
            of = f" of {' or '.join(map(phrases.date, dates))}" if dates else ""
            kind = f"{self._kind_label(thing)}{of}" if of or ENT + "Loan" not in kinds else ""
            status, when = ", ".join(filter(None, (kind, status))), ""
        conditions = [value(c) for c in self.known.own_values(thing, ENT + "condition")]
        conditions = [f"condition: “{c}”" for c in conditions if repetition.find(c, text) is None]
        since = "" if when or status else self.known.as_of(thing, tense)
        is_first = is_dated and (ENT + "Loan" not in kinds or of_status is not None)  # when they agreed to lend
        text = _dated(text, when, [note for note in (status, since, *conditions) if note], is_first=is_first)
        tells |= {*self._told_with(thing, found.tells)}
        tells |= {ENT + name for name in (*_TOLD_ALONG, *_STARTS)} | {*DATES}
        return Clause(text, frozenset(tells), found.premises | self.known.tense_premises(thing))

    def _told_by_name(self, thing: Term) -> set[str]:
        """The properties that the name of a thing tells: those it is made of, or those whose values it has in it."""
        if not self.is_labelled(thing):
            return {t.predicate.value for t in self.noun_phrase(thing).premises if t.subject == thing}
        name = self.name(thing)
        parts = {role: self.known.own_values(thing, ENT + role) for role in _IN_NAMES}
        return {
            ENT + role
            for role, found in parts.items()
            if found and all(repetition.repeats(name, self.name(x)) for x in found)
        }

    def _of_status(self, thing: Term, tense: Tense, statuses: Sequence[Term], found: Filled) -> Filled | None:
        """What the status of a thing itself has to say of it, unless the class says more: “has been retired”."""
        if len(statuses) != 1 or not isinstance(statuses[0], NamedNode):
            return None
        is_work = ENT + "InfrastructureProject" in self.known.all_kinds(thing)
        if is_work:
            tense = "present"
        elif tense not in ("past", "perfect"):
            tense = self.known.tense_of_status(statuses[0])
        if statuses[0] == _PLANNED:
            tense = "progressive"
            if not self._is_planned_for_others(thing):
                return None
        templates = self._templates(statuses[0], CLAUSE)
        if not is_work:  # else it would be said of what is no work
            roles = {
                p: [x for x in p.elements if isinstance(x, Slot) and x.path[0] != patterns.THIS] for p in templates
            }
            templates = tuple(p for p in templates if roles[p])
        said = best(self._filled(p, {}, thing, tense, own=True) for p in templates)
        return said if said and said.filled >= found.filled and tense != "was planned" else None

    def _is_planned_for_others(self, thing: Term) -> bool:
        """Whether those who plan an event are not among those who are to take part in it."""
        planners = self.known.own_values(thing, ENT + "pursuedBy")
        return bool(planners) and not {*planners} & {*self.known.own_values(thing, ENT + "participant")}

    def _approved(self, thing: Term) -> str:
        """That an agreement of which no more is known was approved, and when: “approved in March 2020”."""
        if self._beside or self.known.voice or ENT + "Agreement" not in self.known.all_kinds(thing):
            return ""
        for approval in self.known.values(thing, ENT + "^approved"):
            tense = self.known.tense(approval)[0]
            if tense == "past":
                kind = self._kind_label(thing)
                return f"the {kind} was approved {self.known.when(approval, tense)[0]}".strip()
        return ""

    def _told_with(self, thing: Term, tells: Iterable[str]) -> Iterator[str]:
        """The broader properties that a clause tells, too: of a visit the visitor as participant, if nobody else is."""
        roles = {iri.replace("^", "") for iri in tells}
        said = {t.object for iri in roles for t in self.known.premises(thing, iri)}
        for role in roles:
            yield role
            for above in self.known.with_broader(NamedNode(role)):
                if said.issuperset(t.object for t in self.known.premises(thing, above.value)):
                    yield above.value

    def has_clause_of(self, kind: NamedNode, thing: Term) -> bool:
        """Whether what is of that class is told by the clause that tells a thing."""
        above = [k for own in self.known.kinds(thing) for k in self.known.above(own) if self._templates(k, CLAUSE)]
        return bool(above) and above[0] in self.known.above(kind)

    def _amount(self, thing: Term) -> Clause | None:
        """What the words for a quantity mean: “roughly 600 kilometres” are about 600 km."""
        amount = self._own_phrase(thing, 0)
        if not amount.text:
            return None
        tells = frozenset(ENT + name for name in ("number", "measure", "bound"))
        label = min(self._names(thing, LABEL), key=len, default="")
        if label and phrases.lower_case(label) != amount.text:
            return Clause(f"“{label}” is read as {amount.text}", tells)
        found = (q.triple for q in self._match(None, None, thing) if q.predicate.value.startswith(ENT))
        if of := min(found, key=str, default=None):  # the cost of the dam is 2.6 billion US dollars
            whole = None if self.known.voice else self.clause(of.subject)
            text = whole.text if whole and self.tells(whole, of) else self.fact(of)
            return Clause(text, tells, frozenset({of}))
        return Clause(f"The quantity is {amount.text}", tells)

    def tells(self, clause: Clause | None, fact: Triple) -> bool:
        """Whether the clause of the subject of a fact tells it."""
        if clause is None or self.known.was_foreseen(fact):
            return False
        return fact.predicate.value in clause.tells or self._is_in_narrower(fact, clause.tells)

    def _is_in_narrower(self, fact: Triple, tells: Iterable[str]) -> bool:
        """Whether a property that is told says the same more narrowly: of a visit, that its visitor takes part."""
        narrower = self._narrower_than(fact.predicate).intersection(tells)
        return any(fact.object in self.known.own_values(fact.subject, iri) for iri in narrower)

    def _narrower_than(self, term: NamedNode) -> frozenset[str]:
        if term not in self._found_narrower:
            found, waiting = set[str](), [term]
            for above in waiting:
                quads = self._match(None, NamedNode(RDFS + "subPropertyOf"), above)
                new = [q.subject for q in quads if is_of_ontology(q) and q.subject.value not in found]
                found |= {x.value for x in new}
                waiting += new
            self._found_narrower[term] = frozenset(found)
        return self._found_narrower[term]

    def told(self, thing: Term, clause: Clause) -> list[Triple]:
        """The statements that the clause of a thing tells."""
        found = (t for iri in sorted(clause.tells) for t in self.known.own_premises(thing, iri))
        told = [*found, *sorted(clause.premises, key=str)]
        return [t for t in dict.fromkeys(told) if not self.known.was_foreseen(t)]

    def _is_a(self, triple: Triple) -> str:
        name, kind = self.name(triple.subject), self._label(triple.object)
        if phrases.bare(name) == kind:  # not “the railway is a railway”
            return f"There is {phrases.with_article(kind, ['a'])}"
        is_quantity = ENT + "Quantity" in self.known.all_kinds(triple.subject)
        if not is_quantity and self.is_plural(triple.subject, name):
            return phrases.sentence_case(f"{name} are {phrases.plural(kind)}")
        if phrases.is_plural(kind, of_place=False):
            return phrases.sentence_case(f"{name} is {kind}")
        return phrases.sentence_case(f"{name} is {phrases.with_article(kind, ['a'])}")


def _dated(text: str, when: str, notes: list[str], *, is_first: bool) -> str:
    """A sentence with its date, and what else is known of it in brackets: first, words of the article as such."""
    if words := _IN_ITS_WORDS.search(text):
        text, notes = text[: words.start()], [words["words"], *notes]
    if is_first:
        text = f"{when}, {text}"
    else:
        mark = _MARK.search(text)
        at = mark.start() if mark else len(text)  # before words of the article that are added
        text = text[:at] + f" {when}" * bool(when) + text[at:]
    return phrases.sentence_case(text) + f" ({'; '.join(notes)})" * bool(notes)
