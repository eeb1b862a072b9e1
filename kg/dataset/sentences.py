"""Facts in sentences, by the clauses and noun phrases that the lexicon of the ontology has for classes and properties.

A class has `ent:clause` for what is so (“{backer} *back {backed}”) and `ent:nounPhrase` for what a thing is called that
nothing labels (“{backer}'s support for {backed}”); a property has a clause with `{subject}` and `{object}`. Slots and
verbs are those of `kg.text.patterns`; the tense follows the status and the dates of a thing (`ent:clauseTense`), and
never says more than these. Of several clauses the one is taken that says most. What has none is told by labels.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, TypeGuard

from pyoxigraph import Literal, NamedNode, Store, Triple

from kg.dataset.stated import DATES, SUBJECT, Match, Stated, distinct, is_of_ontology, value
from kg.errors import InputError
from kg.rdf.namespaces import (
    ALT_LABEL,
    ARTICLE,
    BACKGROUND,
    CLAIM,
    DCTERMS,
    ENT,
    ID,
    RDF,
    RDF_TYPE,
    RDFS_LABEL,
    XSD,
    local_name,
    readable,
)
from kg.rdf.terms import Term
from kg.text import patterns, phrases, verbs
from kg.text.patterns import Choice, Mark, Option, Pattern, Slot
from kg.text.verbs import Tense

CLAUSE, NOUN_PHRASE = ENT + "clause", ENT + "nounPhrase"
COMPUTED_LABEL = ENT + "computedLabel"
LANGUAGE = "en"  # that of the lexicon for which there are verbs and phrases
MOST_NESTED = 3  # noun phrases within each other
_MOST_NAMED = 6  # things in one slot
_NAMESPACES = (ID, ENT, ARTICLE, BACKGROUND, CLAIM)
_TYPE, _LABEL = NamedNode(RDF_TYPE), NamedNode(RDFS_LABEL)
_CAPITALISED = re.compile(r"(?<![{/^\w])[A-Z]\w*")  # in a pattern, of which the parser keeps no case
_TELLS_STATUS = ("planned", "past")  # tenses that say as much as the status does
_WITH_THE = frozenset(ENT + name for name in ("Gulf", "River", "Sea", "Strait", "WeaponsSystem"))
_AREAS = frozenset(ENT + name for name in ("City", "Gulf", "Island", "State"))
_PREFIXED = frozenset(ENT + name for name in ("Person", "City"))  # names that take no article


class Clause(NamedTuple):
    """A sentence about a thing, and the predicates (IRIs) of the statements about the thing that it tells."""

    text: str
    tells: frozenset[str]


class _Found(NamedTuple):
    """What a pattern came to: its words, how many slots were filled, and the predicates that were told."""

    words: list[str]
    filled: int
    tells: frozenset[str]


class Sentences:
    """Says the facts of a dataset in sentences."""

    def __init__(self, match: Match, words: Callable[[str], str] = readable, language: str = LANGUAGE) -> None:
        """Take the quads of a compiled dataset, by subject, predicate and object (model, rule 24).

        `words` makes a name of an IRI, for a thing that has none.
        """
        self._words = words
        self._known, self._match, self._language = Stated(match), match, language
        self.name = lru_cache(10_000)(self._name)
        self._templates = lru_cache(None)(self._templates_of)

    @classmethod
    def of_store(cls, store: Store, words: Callable[[str], str] = readable) -> "Sentences":
        """The sentences of a compiled dataset in a store."""
        return cls(lambda subject, predicate, value: store.quads_for_pattern(subject, predicate, value, None), words)

    # What is said

    def fact(self, triple: Triple) -> str:
        """A triple as a sentence: “Ankara is the capital of Turkey”."""
        predicate = triple.predicate.value
        if predicate == RDF_TYPE:
            return self._is_a(triple)
        if predicate in (RDFS_LABEL, ALT_LABEL, COMPUTED_LABEL):
            return phrases.sentence_case(f"{self.name(triple.subject)} is called “{value(triple.object)}”")
        tense = self._known.tense(triple.subject)[0]
        if tense not in _TELLS_STATUS or ENT + "Event" not in self._known.all_kinds(triple.subject):
            tense = "past" if self._led_to_the_past(triple) else "present"
        ends: dict[str, list[Term]] = {"subject": [triple.subject], "object": [triple.object]}
        for term in self._known.with_broader(triple.predicate):
            found = [self._filled(p, ends, triple.subject, tense) for p in self._templates(term, CLAUSE)]
            if best := _best(found):
                return _written(best)
        subject = phrases.sentence_case(self.name(triple.subject))
        return f"{subject}: {self._label(triple.predicate)} {self.name(triple.object)}"

    def _led_to_the_past(self, t: Triple) -> bool:
        return t.predicate.value == ENT + "ledTo" and self._known.tense(t.object)[0] == "past"

    def clause(self, thing: Term) -> Clause | None:
        """A thing with roles as a sentence: “Russia backs the Assad regime”; None for one whose classes have no clause.

        What is reported of a thing that no article asserts is said as it is reported.
        """
        tense, statuses = self._known.tense(thing)
        is_work = ENT + "InfrastructureProject" in self._known.all_kinds(thing)
        found = self._best_of_classes(thing, CLAUSE, tense)
        if found is None or (is_work and not statuses):  # whether it is built is not known
            return None
        when, tense_now = self._known.when(thing, tense)
        if tense_now != tense:
            found = self._best_of_classes(thing, CLAUSE, tense_now) or found
        tells, text = set(found.tells), _written(found)
        is_agreement = ENT + "Agreement" in self._known.all_kinds(thing)
        told_status = tense in _TELLS_STATUS and not is_agreement
        status = "" if told_status else ", ".join(sorted(self._label(s) for s in statuses))
        if is_agreement and (status or when):  # the date is that of the agreement, whatever has become of it
            dates = self._known.dates(thing, ENT + "date")
            of = f" of {' or '.join(map(phrases.date, dates))}" if dates else ""
            status, when = ", ".join(filter(None, (f"{self._kind_label(thing)}{of}", status))), ""
        conditions = [f"condition: “{value(c)}”" for c in self._known.values(thing, ENT + "condition")]
        since = "" if when or status else self._known.as_of(thing, tense)
        notes = [note for note in (status, since, *conditions) if note]
        text += f" {when}" * bool(when) + f" ({'; '.join(notes)})" * bool(notes)
        tells |= {
            above.value for iri in found.tells for above in self._known.with_broader(NamedNode(iri.replace("^", "")))
        }
        tells |= {ENT + name for name in ("status", "stage", "condition", "currentStatus", "currentStage")} | {*DATES}
        return Clause(text, frozenset(tells))

    def noun_phrase(self, thing: Term, nested: int = 0) -> tuple[str, frozenset[Triple]]:
        """What a thing without a label is called, and the triples that say so: “Russia's support for the Assad regime”.

        Empty where its classes have no noun phrase whose slots are filled.
        """
        if ENT + "Quantity" in self._known.all_kinds(thing):
            parts = {name: self._known.values(thing, ENT + name) for name in ("number", "measure")}
            tells = {t for name in parts for t in self._known.premises(thing, ENT + name)}
            number, measure = (", ".join(map(value, found)) for found in parts.values())
            return (phrases.quantity(number, measure), frozenset(tells)) if number else ("", frozenset())
        found = self._best_of_classes(thing, NOUN_PHRASE, "present", nested + 1) if nested < MOST_NESTED else None
        if found is None:
            return "", frozenset()
        premises = {t for iri in {*found.tells, RDF_TYPE} for t in self._known.premises(thing, iri)}
        text = phrases.bare("".join(found.words).strip())
        speakers = [] if any(self._known.asserted(thing, _TYPE)) else sorted(self._speakers(thing))
        if speakers and found.tells:
            text = phrases.attributed(text, speakers)
        return text, frozenset(premises)

    def told(self, thing: Term, clause: Clause) -> list[Triple]:
        """The statements about a thing that its clause tells: those of articles and background, or else of claims."""
        found = (t for iri in sorted(clause.tells) for t in self._known.premises(thing, iri))
        return list(dict.fromkeys(found))

    # Names

    def _name(self, term: Term, nested: int = 0) -> str:
        """A term in a sentence: “the Assad regime”, “Turkey”, “4 April 2018”, “20 billion US dollars”."""
        if isinstance(term, Literal):
            return _literal(term)
        if not isinstance(term, NamedNode):
            return "something"
        if not term.value.startswith(_NAMESPACES):
            return term.value
        if term.value.startswith(ARTICLE):
            return self._source(term.value)
        if term.value.startswith(ENT):
            return self._label(term)
        kinds = self._known.all_kinds(term)
        labels = self._names(term, _LABEL)
        if not labels and (computed := self._computed_label(term, nested)):
            is_noun = computed.split(" ", 1)[0].lower() in self._nouns(term)
            name = phrases.of_description(computed)
            return f"the {name}" if is_noun and name[:1].isupper() else name
        labels = labels or self._names(term, NamedNode(ALT_LABEL))
        if not labels:
            return self._label(term)
        label = min(labels, key=lambda x: (len(x), x))
        if label.split(" ")[0].lower() in {word for kind in kinds for word in self._label(NamedNode(kind)).split(" ")}:
            quotes, label = labels[label], label[:1].lower() + label[1:]  # a noun at the beginning of a sentence
            labels[label] = quotes
        if kinds & _PREFIXED and ENT + "State" not in kinds:
            return label
        articles = {phrases.article_in(label, quote) for quote in labels[label]}
        return phrases.with_article(label, articles if articles & {"a", "an"} or not kinds & _WITH_THE else {"the"})

    def _source(self, iri: str) -> str:
        """An article by its title, a passage or a unit by its name."""
        article, _, part = iri.partition("#")
        if part:
            return f"“{readable(part)}” of {self.name(NamedNode(article))}"
        titles = [q.object.value for q in self._match(NamedNode(iri), NamedNode(DCTERMS + "title"), None)]
        return f"“{min(titles)}”" if titles else f"“{readable(iri)}”"

    def _computed_label(self, thing: Term, nested: int) -> str:
        for q in self._match(thing, NamedNode(COMPUTED_LABEL), None):
            return str(q.object.value)
        return self.noun_phrase(thing, nested)[0]

    def _nouns(self, thing: Term) -> set[str]:
        """The first words of the noun phrases for a thing."""
        classes = (above for kind in self._known.kinds(thing) for above in self._known.above(kind))
        starts = (p.elements[0] for c in classes for p in self._templates(c, NOUN_PHRASE))
        return {first.phrases[0].words[0] for first in starts if isinstance(first, Choice)} - {"one"}

    def _names(self, thing: Term, predicate: NamedNode) -> dict[str, list[str]]:
        """The labels of a thing, each with the quotes of the passages that state it."""
        found: dict[str, list[str]] = {}
        for q in self._match(thing, predicate, None):
            quotes = found.setdefault(q.object.value, [])
            if isinstance(q.graph_name, NamedNode):
                quotes += [x.object.value for x in self._match(q.graph_name, NamedNode(ENT + "quote"), None)]
        for claim in self._known.claims(thing, predicate):
            found.setdefault(claim.object.value, [])  # type: ignore[union-attr]
        return found

    def _label(self, term: Term) -> str:
        """The label of a term or of a thing without an article."""
        if found := {str(q.object.value) for q in self._match(term, _LABEL, None)}:
            return min(found, key=lambda x: (len(x), x))
        iri = value(term)
        return self._words(iri) if iri.startswith(ID) else re.sub(r"(?<=[a-z])(?=[A-Z])", " ", readable(iri)).lower()

    def _kind_label(self, thing: Term) -> str:
        return self._label(next(iter(self._known.kinds(thing))))

    def _is_a(self, triple: Triple) -> str:
        name, kind = self.name(triple.subject), self._label(triple.object)
        if self._is_plural(triple.subject, name):
            return phrases.sentence_case(f"{name} are {phrases.plural(kind)}")
        return phrases.sentence_case(f"{name} is {phrases.with_article(kind, ['a'])}")

    def _is_plural(self, thing: Term, name: str) -> bool:
        return isinstance(thing, NamedNode) and phrases.is_plural(
            name, of_place=ENT + "Place" in self._known.all_kinds(thing)
        )

    def _speakers(self, thing: Term) -> set[str]:
        claims = (q.subject for q in self._match(None, SUBJECT, thing))
        return {self.name(q.object) for c in claims for q in self._match(c, NamedNode(ENT + "claimedBy"), None)}

    def _is_spot(self, thing: Term) -> bool:
        """Whether something is at a place and not in it: of “in|at {place}” the second is said."""
        kinds = self._known.all_kinds(thing)
        return ENT + "Place" in kinds and not kinds & _AREAS and not phrases.is_area(self.name(thing))

    # Patterns

    def _templates_of(self, term: NamedNode, predicate: str) -> tuple[Pattern, ...]:
        """The clauses or noun phrases of a term; what is no pattern is a finding elsewhere."""
        found = []
        for q in self._match(term, NamedNode(predicate), None):
            if is_of_ontology(q) and isinstance(q.object, Literal) and q.object.language == self._language:
                try:
                    found.append(patterns.parse(q.object.value))
                except InputError:
                    continue
        return tuple(sorted(set(found), key=lambda p: p.text))

    def _best_of_classes(self, thing: Term, predicate: str, tense: Tense, nested: int = 0) -> _Found | None:
        """The pattern that says most, of the nearest class that has any whose slots are filled."""
        for kind in self._known.kinds(thing):
            for above in self._known.above(kind):
                templates = self._templates(above, predicate)
                if best := _best(self._filled(p, None, thing, tense, above.value, nested) for p in templates):
                    return best
        return None

    def _filled(
        self,
        pattern: Pattern,
        ends: dict[str, list[Term]] | None,
        thing: Term,
        tense: Tense,
        term: str = ENT,
        nested: int = 0,
    ) -> _Found | None:
        """A pattern with its slots filled; None where one is empty that is not optional."""
        namespace = term.removesuffix(local_name(term)) or ENT
        filled, tells, plural = 0, set[str](), False
        words: list[str] = []
        capitals = {word.lower(): word for word in _CAPITALISED.findall(pattern.text)}

        def values(slot: Slot) -> list[Term]:
            if ends is not None and slot.path[0] in ends:
                found, path = ends[slot.path[0]], slot.path[1:]
            else:
                found, path = [thing], slot.path if slot.path != (patterns.THIS,) else ()
            for role in path:
                found = distinct(x for y in found for x in self._known.values(y, namespace + role))
            return found

        def add(elements: Sequence[Any], words: list[str]) -> bool:
            nonlocal filled, plural
            where: list[str] = []
            literal = ""
            for element in elements:
                if isinstance(element, Slot):
                    found = values(element)
                    if not found:
                        return False
                    names = [value(x) if element.proper else self._name(x, nested) for x in found]
                    if where:  # at Akkuyu, in Turkey
                        pairs = sorted(zip(found, names, strict=True), key=lambda pair: not self._is_spot(pair[0]))
                        names = [", ".join(f"{where[self._is_spot(x)]} {name}" for x, name in pairs)]
                    plural = len(names) > 1 or self._is_plural(found[0], names[0])
                    if phrases.ends_in_preposition(literal):  # the verb agrees with a noun of the clause itself
                        plural = phrases.is_plural(literal, of_place=False)
                    words.append(f" {_listed(names)}")
                    literal = ""
                    filled += 1
                    tells.add(namespace + element.path[0])
                elif isinstance(element, Option):
                    inner: list[str] = []
                    before = filled, set(tells), plural
                    if add(element.elements, inner) and not _repeats(inner, words):
                        words += inner
                    else:
                        filled, plural = before[0], before[2]
                        tells.intersection_update(before[1])
                elif isinstance(element, Mark):
                    is_genitive = element.text == "'s" and words
                    words[-1:] = [phrases.genitive(words[-1])] if is_genitive else [*words[-1:], element.text]
                elif isinstance(element, Choice) and len(element.phrases) == 1:
                    text = "_".join(capitals.get(word, word) for word in element.phrases[0].words)
                    is_verb = element.phrases[0].verb
                    text = verbs.conjugate(text, tense, plural=plural) if is_verb else text.replace("_", " ")
                    words.append(f" {text}")
                    literal = "" if is_verb else f"{literal} {text}".strip()
                where = [" ".join(p.words) for p in element.phrases[:2]] if _is_choice(element) else []
            return True

        return _Found(words, filled, frozenset(tells)) if add(pattern.elements, words) else None


def _repeats(option: list[str], words: list[str]) -> bool:
    """Whether an option only says again what the words before it have: “the meeting in Ankara” in Ankara."""
    return f"{option[-1]} " in f"{''.join(words)} "


def _is_choice(element: Any) -> TypeGuard[Choice]:
    return isinstance(element, Choice) and len(element.phrases) > 1


def _best(found: Iterable[_Found | None]) -> _Found | None:
    """The pattern with the most slots that are filled; the first of equal ones."""
    return max((x for x in found if x), key=lambda x: x.filled, default=None)


def _written(found: _Found) -> str:
    return phrases.sentence_case("".join(found.words).strip())


def _listed(names: list[str]) -> str:
    if len(names) <= _MOST_NAMED:
        return phrases.listed(names)
    return phrases.listed([*names[: _MOST_NAMED - 1], f"{len(names) - _MOST_NAMED + 1} more"])


def _literal(term: Literal) -> str:
    """A literal in a sentence: dates and numbers as people write them, texts in quotation marks."""
    kind = term.datatype.value
    if kind in (XSD + "gYear", XSD + "gYearMonth", XSD + "date", XSD + "dateTime"):
        return phrases.date(term.value)
    if kind in (XSD + "integer", XSD + "decimal"):
        return phrases.quantity(term.value, "")
    return f"“{term.value}”" if kind in (XSD + "string", RDF + "langString") else term.value
