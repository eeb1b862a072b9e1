"""Facts in sentences, by the clauses and noun phrases that the lexicon of the ontology has for classes and properties.

A class has `ent:clause` for what is so (“{backer} *back {backed}”) and `ent:nounPhrase` for what a thing is called that
nothing labels (“{backer}'s support for {backed}”); a property has a clause with `{subject}` and `{object}`. Slots and
verbs are those of `kg.text.patterns`; the tense follows the status and the dates of a thing (`ent:clauseTense`), and
never says more than these. Of several clauses the one is taken that says most. What has none is told by labels.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple, TypeGuard

from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

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
    OWL,
    PROV,
    RDF,
    RDF_TYPE,
    RDFS,
    RDFS_LABEL,
    SKOS,
    XSD,
    local_name,
    readable,
)
from kg.rdf.terms import Term
from kg.text import patterns, phrases, verbs
from kg.text.patterns import Choice, Mark, Option, Pattern, Phrase, Slot
from kg.text.verbs import Tense

CLAUSE, NOUN_PHRASE = ENT + "clause", ENT + "nounPhrase"
COMPUTED_LABEL = ENT + "computedLabel"
LANGUAGE = "en"  # that of the lexicon for which there are verbs and phrases
MOST_NESTED = 2  # noun phrases within each other
_MOST_QUOTES = 20  # in which the article before a name is looked for
_MOST_NAMED = 6  # things in one slot
_VOCABULARIES = (RDF, RDFS, OWL, SKOS, DCTERMS, PROV)
_NAMESPACES = (ID, ENT, ARTICLE, BACKGROUND, CLAIM)
_TYPE, _LABEL = NamedNode(RDF_TYPE), NamedNode(RDFS_LABEL)
_QUOTE = NamedNode(ENT + "quote")
_CAPITALISED = re.compile(r"(?<![{/^\w])[A-Z]\w*")  # in a pattern, of which the parser keeps no case
_TOLD_BY_TENSE = frozenset(ENT + name for name in ("completed", "ended", "held", "outstanding", "planned"))
_TOLD_ALONG = ("status", "stage", "condition", "currentStatus", "currentStage", "notBefore", "notAfter")
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

    def __init__(
        self, match: Match, words: Callable[[str], str] = readable, *, anew: bool = False, language: str = LANGUAGE
    ) -> None:
        """Take the quads of a compiled dataset, by subject, predicate and object (model, rule 24).

        `words` makes a name of an IRI, for a thing that has none. With `anew`, labels that were computed are not read.
        """
        self._words, self._anew = words, anew
        self.known, self._match, self._language = Stated(match), match, language
        # No cache of a bound method: that would be a circle, which keeps a store open.
        self._found_names = dict[tuple[Term, int], str]()
        self._found_templates = dict[tuple[NamedNode, str], tuple[Pattern, ...]]()
        self._found_clauses = dict[Term, Clause | None]()

    @classmethod
    def of_store(
        cls, store: Store, words: Callable[[str], str] = readable, *, anew: bool = False, kept: int = 0
    ) -> "Sentences":
        """The sentences of a compiled dataset in a store; of one that stays as it is, so many look-ups are kept."""

        def match(subject: Any, predicate: Any, value: Any) -> Iterable[Quad]:
            return store.quads_for_pattern(subject, predicate, value, None)

        def found(subject: Any, predicate: Any, value: Any) -> Iterable[Quad]:
            return tuple(match(subject, predicate, value))

        return cls(lru_cache(kept)(found) if kept else match, words, anew=anew)

    # What is said

    def fact(self, triple: Triple) -> str:
        """A triple as a sentence: “Ankara is the capital of Turkey”."""
        predicate = triple.predicate.value
        if predicate == RDF_TYPE:
            return self._is_a(triple)
        if predicate in (RDFS_LABEL, ALT_LABEL, COMPUTED_LABEL):
            return phrases.sentence_case(f"{self.name(triple.subject)} is called “{value(triple.object)}”")
        tense = self.known.tense(triple.subject)[0]
        if tense not in _TELLS_STATUS or ENT + "Event" not in self.known.all_kinds(triple.subject):
            tense = "past" if self._led_to_the_past(triple) else "present"
        ends: dict[str, list[Term]] = {"subject": [triple.subject], "object": [triple.object]}
        for term in self.known.with_broader(triple.predicate):
            found = [self._filled(p, ends, triple.subject, tense) for p in self._templates(term, CLAUSE)]
            if best := _best(found):
                return _written(best)
        subject = phrases.sentence_case(self.name(triple.subject))
        return f"{subject}: {self._label(triple.predicate)} {self.name(triple.object)}"

    def _led_to_the_past(self, t: Triple) -> bool:
        return t.predicate.value == ENT + "ledTo" and self.known.tense(t.object)[0] == "past"

    def clause(self, thing: Term) -> Clause | None:
        """A thing with roles as a sentence: “Russia backs the Assad regime”; None for one whose classes have no clause.

        What is reported of a thing that no article asserts is said as it is reported.
        """
        if thing not in self._found_clauses:
            self._found_clauses[thing] = self.clause_anew(thing)
        return self._found_clauses[thing]

    def clause_anew(self, thing: Term) -> Clause | None:
        """As `clause`, for quads that have changed since."""
        tense, statuses = self.known.tense(thing)
        is_work = ENT + "InfrastructureProject" in self.known.all_kinds(thing)
        found = self._best_of_classes(thing, CLAUSE, tense)
        if found is None or (is_work and not statuses):  # whether it is built is not known
            return None
        when, tense_now = self.known.when(thing, tense)
        if tense_now != tense:
            found = self._best_of_classes(thing, CLAUSE, tense_now) or found
        tells, text = set(found.tells), _written(found)
        is_agreement = ENT + "Agreement" in self.known.all_kinds(thing)
        told = frozenset() if is_agreement else _TOLD_BY_TENSE
        status = ", ".join(sorted(self._label(s) for s in statuses if value(s) not in told))
        if is_agreement and (status or when):  # the date is that of the agreement, whatever has become of it
            dates = self.known.dates(thing, ENT + "date")
            of = f" of {' or '.join(map(phrases.date, dates))}" if dates else ""
            status, when = ", ".join(filter(None, (f"{self._kind_label(thing)}{of}", status))), ""
        conditions = [f"condition: “{value(c)}”" for c in self.known.values(thing, ENT + "condition")]
        since = "" if when or status else self.known.as_of(thing, tense)
        notes = [note for note in (status, since, *conditions) if note]
        text += f" {when}" * bool(when) + f" ({'; '.join(notes)})" * bool(notes)
        tells |= {
            above.value for iri in found.tells for above in self.known.with_broader(NamedNode(iri.replace("^", "")))
        }
        tells |= {ENT + name for name in _TOLD_ALONG} | {*DATES}
        return Clause(text, frozenset(tells))

    def noun_phrase(self, thing: Term, nested: int = 0) -> tuple[str, frozenset[Triple]]:
        """What a thing without a label is called, and the triples that say so: “Russia's support for the Assad regime”.

        Empty where its classes have no noun phrase whose slots are filled.
        """
        if ENT + "Quantity" in self.known.all_kinds(thing):
            parts = {name: self.known.values(thing, ENT + name) for name in ("number", "measure")}
            tells = {t for name in parts for t in self.known.premises(thing, ENT + name)}
            number, measure = (", ".join(map(value, found)) for found in parts.values())
            bounds = [f"{self._label(x)} " for x in self.known.values(thing, ENT + "bound")]
            text = "".join(bounds) + phrases.quantity(number, measure)
            return (text, frozenset(tells)) if number else ("", frozenset())
        found = self._best_of_classes(thing, NOUN_PHRASE, "present", nested + 1) if nested < MOST_NESTED else None
        if found is None:
            return "", frozenset()
        text = phrases.bare("".join(found.words).strip())
        speakers = [] if any(self.known.asserted(thing, _TYPE)) else sorted(self._speakers(thing))
        if speakers:
            claims = (q.subject for q in self._match(None, SUBJECT, thing))
            passages = (q.triple for c in claims for q in self._match(c, NamedNode(ENT + "passage"), None))
            return phrases.attributed(text, speakers), frozenset(passages)
        premises = (t for iri in {*found.tells, RDF_TYPE} for t in self.known.premises(thing, iri))
        return text, frozenset(premises)

    def told(self, thing: Term, clause: Clause) -> list[Triple]:
        """The statements about a thing that its clause tells: those of articles and background, or else of claims."""
        found = (t for iri in sorted(clause.tells) for t in self.known.premises(thing, iri))
        return list(dict.fromkeys(found))

    def labels(self, things: Iterable[Any]) -> Iterator[Triple]:
        """The label of each thing that has none (rule `label`), where its classes have a noun phrase for it."""
        for thing in things:
            is_nameless = isinstance(thing, NamedNode) and not self._names(thing, _LABEL)
            if is_nameless and (text := self.noun_phrase(thing)[0]):
                yield Triple(thing, NamedNode(COMPUTED_LABEL), Literal(text, language=self._language))

    def labels_of(self, thing: Any) -> list[Triple]:
        """The label that was computed of a thing, if any."""
        return [q.triple for q in self._match(thing, NamedNode(COMPUTED_LABEL), None)]

    # Names

    def name(self, term: Term, nested: int = 0) -> str:
        """A term as it stands in a sentence, within so many noun phrases."""
        key = term, nested
        if key not in self._found_names:
            self._found_names[key] = self._name(term, nested)
        return self._found_names[key]

    def _name(self, term: Term, nested: int) -> str:
        """A term in a sentence: “the Assad regime”, “Turkey”, “4 April 2018”, “20 billion US dollars”."""
        if isinstance(term, Literal):
            return _literal(term)
        if not isinstance(term, NamedNode):
            return "something"
        if term.value.startswith(_VOCABULARIES):
            return self._label(term)
        if not term.value.startswith(_NAMESPACES):
            return term.value
        if term.value.startswith(ARTICLE):
            return self._source(term.value)
        if term.value.startswith(CLAIM):
            return "a claim"
        if term.value.startswith(ENT):
            return self._label(term)
        kinds = self.known.all_kinds(term)
        labels = self._names(term, _LABEL)
        if not labels and (computed := self._computed_label(term, nested)):
            is_noun = computed.split(" ", 1)[0].lower() in self._nouns(term)
            name = phrases.of_description(computed)
            return f"the {name}" if is_noun and name[:1].isupper() else name
        labels = labels or self._names(term, NamedNode(ALT_LABEL))
        if not labels:
            return self._label(term)
        label = min(labels, key=lambda x: (len(x), x))
        if ENT + "Quantity" in kinds:
            return phrases.lower_case(label)
        if phrases.is_counted(label):
            return phrases.lower_case(label)
        if label.split(" ")[0].lower() in {word for kind in kinds for word in self._label(NamedNode(kind)).split(" ")}:
            quotes, label = labels[label], label[:1].lower() + label[1:]  # a noun at the beginning of a sentence
            labels[label] = quotes
        if ENT + "Office" in kinds and (headed := self.known.values(term, ENT + "heads")):
            return phrases.of_office(label, self.name(headed[0]))
        if kinds & _PREFIXED and ENT + "State" not in kinds:
            return label
        articles = {phrases.article_in(label, quote) for quote in labels[label]}
        if any(kind.endswith("#Concept") for kind in kinds) and "the" not in articles:
            return label
        return phrases.with_article(label, articles if articles & {"a", "an"} or not kinds & _WITH_THE else {"the"})

    def _source(self, iri: str) -> str:
        """An article by its title, a passage or a unit by its name."""
        article, _, part = iri.partition("#")
        if part:
            return f"“{readable(part)}” of {self.name(NamedNode(article))}"
        titles = [q.object.value for q in self._match(NamedNode(iri), NamedNode(DCTERMS + "title"), None)]
        return f"“{min(titles)}”" if titles else f"“{readable(iri)}”"

    def _computed_label(self, thing: Term, nested: int) -> str:
        for q in () if self._anew or nested else self._match(thing, NamedNode(COMPUTED_LABEL), None):
            return str(q.object.value)
        return self.noun_phrase(thing, nested)[0]

    def _nouns(self, thing: Term) -> set[str]:
        """The first words of the noun phrases for a thing."""
        classes = (above for kind in self.known.kinds(thing) for above in self.known.above(kind))
        starts = (p.elements[0] for c in classes for p in self._templates(c, NOUN_PHRASE))
        return {first.phrases[0].words[0] for first in starts if isinstance(first, Choice)}

    def _names(self, thing: Term, predicate: NamedNode) -> dict[str, list[str]]:
        """The labels of a thing, each with the quotes of the passages that state it."""
        found: dict[str, list[str]] = {}
        stating: dict[str, list[str]] = {}
        for q in self._match(thing, predicate, None):
            found.setdefault(q.object.value, [])
            if isinstance(q.graph_name, NamedNode):
                stating.setdefault(q.object.value, []).append(q.graph_name.value)
        for label, passages in stating.items():
            for passage in sorted(passages)[:_MOST_QUOTES]:
                found[label] += [x.object.value for x in self._match(NamedNode(passage), _QUOTE, None)]
        for claim in self.known.claims(thing, predicate):
            found.setdefault(claim.object.value, [])  # type: ignore[union-attr]
        return found

    def _label(self, term: Term) -> str:
        """The label of a term or of a thing without an article."""
        if found := {str(q.object.value) for q in self._match(term, _LABEL, None)}:
            return min(found, key=lambda x: (len(x), x))
        iri = value(term)
        return self._words(iri) if iri.startswith(ID) else re.sub(r"(?<=[a-z])(?=[A-Z])", " ", readable(iri)).lower()

    def _kind_label(self, thing: Term) -> str:
        return self._label(next(iter(self.known.kinds(thing))))

    def _is_a(self, triple: Triple) -> str:
        name, kind = self.name(triple.subject), self._label(triple.object)
        if self.is_plural(triple.subject, name):
            return phrases.sentence_case(f"{name} are {phrases.plural(kind)}")
        return phrases.sentence_case(f"{name} is {phrases.with_article(kind, ['a'])}")

    def is_plural(self, thing: Term, name: str) -> bool:
        """Whether a verb after the name of a thing is in the plural."""
        return isinstance(thing, NamedNode) and phrases.is_plural(
            name, of_place=ENT + "Place" in self.known.all_kinds(thing)
        )

    def _speakers(self, thing: Term) -> set[str]:
        claims = (q.subject for q in self._match(None, SUBJECT, thing))
        return {self.name(q.object) for c in claims for q in self._match(c, NamedNode(ENT + "claimedBy"), None)}

    def _templates(self, term: NamedNode, predicate: str) -> tuple[Pattern, ...]:
        """The clauses or noun phrases of a term; what is no pattern is a finding elsewhere."""
        if (known := self._found_templates.get((term, predicate))) is not None:
            return known
        found = []
        for q in self._match(term, NamedNode(predicate), None):
            if is_of_ontology(q) and isinstance(q.object, Literal) and q.object.language == self._language:
                try:
                    found.append(patterns.parse(q.object.value))
                except InputError:
                    continue
        self._found_templates[term, predicate] = tuple(sorted(set(found), key=lambda p: p.text))
        return self._found_templates[term, predicate]

    def _best_of_classes(self, thing: Term, predicate: str, tense: Tense, nested: int = 0) -> _Found | None:
        """The pattern that says most, of the nearest class that has any whose slots are filled."""
        for kind in self.known.kinds(thing):
            for above in self.known.above(kind):
                templates = self._templates(above, predicate)
                if best := _best(self._filled(p, {}, thing, tense, above.value, nested) for p in templates):
                    return best
        return None

    def _filled(
        self,
        pattern: Pattern,
        ends: dict[str, list[Term]],
        thing: Term,
        tense: Tense,
        term: str = ENT,
        nested: int = 0,
    ) -> _Found | None:
        """A pattern with its slots filled; None where one is empty that is not optional.

        `ends` are what stands in slots that are no roles of the thing, `term` is the IRI of the class with the pattern.
        """
        return _Filling(self, pattern, ends, thing, tense, term, nested).found()

    def bare(self, term: Term) -> str:
        """A text without quotation marks, a thing without an article."""
        return self._label(term) if isinstance(term, NamedNode) else value(term)

    def is_spot(self, thing: Term) -> bool:
        """Whether something is at a place and not in it: of “in|at {place}” the second is said."""
        kinds = self.known.all_kinds(thing)
        return ENT + "Place" in kinds and not kinds & _AREAS and not phrases.is_area(self.name(thing))


class _Filling:
    """A pattern that is being filled with the names of things."""

    def __init__(
        self,
        sentences: Sentences,
        pattern: Pattern,
        ends: dict[str, list[Term]],
        thing: Term,
        tense: Tense,
        term: str,
        nested: int,
    ) -> None:
        self._sentences, self._pattern, self._tense, self._nested = sentences, pattern, tense, nested
        self._ends = {patterns.THIS: [thing], **ends}
        self._thing = thing
        self._namespace = term.removesuffix(local_name(term)) or ENT
        self._capitals = {word.lower(): word for word in _CAPITALISED.findall(pattern.text)}
        self._plural = False  # whether the next verb is

    def found(self) -> _Found | None:
        """What the pattern comes to."""
        return self._all(self._pattern.elements)

    def _all(self, elements: Iterable[Any], before: str = "") -> _Found | None:
        words: list[str] = []
        filled, tells = 0, set[str]()
        literal = ""  # the words since the last slot or verb
        where: list[str] = []  # “in” and “at”
        for element in elements:
            if isinstance(element, Slot):
                name = self._slot(element, where, literal)
                if not name:
                    return None
                words.append(f" {name}")
                filled, literal = filled + 1, ""
                tells.add(self._namespace + element.path[0])
            elif isinstance(element, Option):
                plural, said = self._plural, before + "".join(words)
                part = self._all(element.elements, said)
                if part and f"{part.words[-1]} " not in f"{said} ":  # not “the meeting in Ankara in Ankara”
                    words += part.words
                    filled, tells = filled + part.filled, tells | part.tells
                else:
                    self._plural = plural
            elif isinstance(element, Mark):
                is_genitive = element.text == "'s" and words
                words[-1:] = [phrases.genitive(words[-1])] if is_genitive else [*words[-1:], element.text]
            elif len(element.phrases) == 1:
                if literal and not phrases.ends_in_preposition(literal):  # “offers are invited”
                    self._plural = phrases.is_plural(literal, of_place=False)
                text, literal = self._phrase(element.phrases[0], literal)
                words.append(f" {text}")
            where = [" ".join(p.words) for p in element.phrases[:2]] if _is_choice(element) else []
        return _Found(words, filled, frozenset(tells))

    def _slot(self, slot: Slot, where: list[str], literal: str) -> str:
        """What fills a slot, empty if nothing does; a verb that follows agrees with it, or with a noun before it."""
        things, said = self._values(slot), self._sentences
        if not things:
            return ""
        names = [said.bare(x) if slot.proper else said.name(x, self._nested) for x in things]
        self._plural = len(names) > 1 or said.is_plural(things[0], names[0])
        if phrases.ends_in_preposition(literal):
            self._plural = phrases.is_plural(literal, of_place=False)
        if where:  # at Akkuyu, in Turkey
            pairs = sorted(zip(things, names, strict=True), key=lambda pair: not said.is_spot(pair[0]))
            return ", ".join(f"{where[said.is_spot(x)]} {name}" for x, name in pairs)
        return _listed(names)

    def _values(self, slot: Slot) -> list[Term]:
        found, path = self._ends.get(slot.path[0]), slot.path[1:]
        if found is None:
            found, path = [self._thing], slot.path
        for role in path:
            found = distinct(x for y in found for x in self._sentences.known.values(y, self._namespace + role))
        return found

    def _phrase(self, phrase: Phrase, literal: str) -> tuple[str, str]:
        """The words of a phrase, a verb in its tense, and the words since the last slot or verb."""
        text = "_".join(self._capitals.get(word, word) for word in phrase.words)
        if phrase.verb:
            return verbs.conjugate(text, self._tense, plural=self._plural), ""
        text = text.replace("_", " ")
        return text, f"{literal} {text}".strip()


def inverse(ontology: Iterable[Triple]) -> Iterator[str]:
    """The properties that noun phrases follow from object to subject."""
    for t in ontology:
        if t.predicate.value == NOUN_PHRASE and isinstance(t.object, Literal) and isinstance(t.subject, NamedNode):
            namespace = t.subject.value.removesuffix(local_name(t.subject.value)) or ENT
            yield from (f"{namespace}{role}" for role in re.findall(r"\^(\w+)", t.object.value))


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
