"""Facts in sentences, by the clauses and noun phrases that the lexicon of the ontology has for classes and properties.

A class has `ent:clause` for what is so (“{backer} *back {backed}”) and `ent:nounPhrase` for what a thing is called that
nothing labels (“{backer}'s support for {backed}”); a property has a clause with `{subject}` and `{object}`. Slots and
verbs are those of `kg.text.patterns`; the tense follows the status and the dates of a thing (`ent:clauseTense`), and
never says more than these. Of several clauses the one is taken that says most. What has none is told by labels.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

from kg.dataset.filling import Called, Filled, Filling, best, written
from kg.dataset.stated import DATES, FACTS, Match, Stated, Voice, is_of_ontology, value
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
from kg.text import patterns, phrases, repetition
from kg.text.patterns import Choice, Pattern
from kg.text.verbs import Tense

CLAUSE, NOUN_PHRASE = ENT + "clause", ENT + "nounPhrase"
COMPUTED_LABEL = ENT + "computedLabel"
LANGUAGE = "en"  # that of the lexicon for which there are verbs and phrases
MOST_NESTED = 2  # noun phrases within each other
_MOST_QUOTES = 20  # in which the article before a name is looked for
_LONGEST_QUOTE = 60  # characters of the words by which a passage is named
_LABELLED = 100  # as many roles as no noun phrase names, so that a label is taken before one
_VOCABULARIES = (RDF, RDFS, OWL, SKOS, DCTERMS, PROV)
_NAMESPACES = (ID, ENT, ARTICLE, BACKGROUND, CLAIM)
_TYPE, _LABEL = NamedNode(RDF_TYPE), NamedNode(RDFS_LABEL)
_QUOTE = NamedNode(ENT + "quote")
_TOLD_BY_TENSE = frozenset(ENT + name for name in ("completed", "ended", "held", "outstanding", "planned"))
_TOLD_ALONG = ("status", "stage", "condition", "currentStatus", "currentStage", "notBefore", "notAfter")
_BELONGS = ("bodyOf", "officeOf", "heads", "governmentOf", "unitOf", "locatedIn", "origin")
_WITH_THE = frozenset(ENT + name for name in ("Gulf", "River", "Sea", "Strait", "WeaponsSystem"))
_AREAS = frozenset(ENT + name for name in ("City", "Gulf", "Island", "State"))
_BODIES = frozenset(ENT + name for name in ("Government", "Ministry", "Parliament"))  # of them, not at them
_PROPER = frozenset(ENT + name for name in ("Actor", "Place"))  # whoever says their names
_PREFIXED = frozenset(ENT + name for name in ("Person", "City"))  # names that take no article


class Clause(NamedTuple):
    """A sentence about a thing, and the predicates (IRIs) of the statements about the thing that it tells.

    `premises` are statements about other things that it rests on, too: in which conflict a side stands.
    """

    text: str
    tells: frozenset[str]
    premises: frozenset[Triple] = frozenset()


class NounPhrase(NamedTuple):
    """What a thing is called, how many of its roles that names, and the triples that say so."""

    text: str
    filled: int
    premises: frozenset[Triple]


_NOTHING = NounPhrase("", 0, frozenset())


class Sentences:
    """Says the facts of a dataset in sentences; or, with a `voice`, what speakers claim, with what the facts add to it.

    No sentence of the facts tells what is only claimed, but for a thing that nobody else speaks of, named “…
    (according to …)”.
    """

    def __init__(
        self,
        match: Match,
        words: Callable[[str], str] = readable,
        *,
        anew: bool = False,
        language: str = LANGUAGE,
        voice: Voice = FACTS,
    ) -> None:
        """Take the quads of a compiled dataset, by subject, predicate and object (model, rule 24).

        `words` makes a name of an IRI, for a thing that has none. With `anew`, labels that were computed are not read.
        """
        self._words, self._anew = words, anew
        self.known, self._match, self._language = Stated(match, voice), match, language
        self._voices = dict[Voice, Sentences]()
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

    def said_by(self, speakers: Iterable[str]) -> "Sentences":
        """The sentences of speakers, given by their IRIs, of whom each says the same; of none those of the facts."""
        voice = Voice(speakers)
        if voice == self.known.voice:
            return self
        if voice not in self._voices:
            self._voices[voice] = Sentences(
                self._match, self._words, anew=self._anew, language=self._language, voice=voice
            )
        return self._voices[voice]

    # What is said

    def fact(self, triple: Triple) -> str:
        """A triple as a sentence: “Ankara is the capital of Turkey”."""
        return self.fact_told(triple)[0]

    def fact_told(self, triple: Triple) -> tuple[str, list[Triple]]:
        """A triple as a sentence, and what the sentence rests on beside it, such as a status from which it is past."""
        predicate = triple.predicate.value
        if predicate == RDF_TYPE:
            return self._is_a(triple), []
        if predicate in (RDFS_LABEL, ALT_LABEL, COMPUTED_LABEL):
            name = self.name(triple.subject)
            called = "are called" if self.is_plural(triple.subject, name) else "is called"
            return phrases.sentence_case(f"{name} {called} “{value(triple.object)}”"), []
        tense, premises = self.known.tense_of_fact(triple)
        ends: dict[str, list[Term]] = {"subject": [triple.subject], "object": [triple.object]}
        for term in self.known.with_broader(triple.predicate):
            templates = self._templates(term, CLAUSE)
            if said := best(self._filled(p, ends, triple.subject, tense) for p in templates):
                text = self._unrepeated(triple, templates, ends, tense) or written(said)
                return text, sorted({*premises, *said.premises} - {triple}, key=str)
        subject = phrases.sentence_case(self.name(triple.subject))
        return f"{subject}: {self._label(triple.predicate)} {self.name(triple.object)}", []

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
            self._found_clauses[thing] = self.clause_anew(thing)
        return self._found_clauses[thing]

    def clause_anew(self, thing: Term) -> Clause | None:
        """As `clause`, for quads that have changed since."""
        if not self.known.says_what(thing):
            return None
        tense, statuses = self.known.tense(thing)
        is_work = ENT + "InfrastructureProject" in self.known.all_kinds(thing)
        found = self._best_of_classes(thing, CLAUSE, tense)
        if found is None or (is_work and not statuses):  # whether it is built is not known
            return None
        when, tense_now = self.known.when(thing, tense)
        if (
            ENT + patterns.THIS in found.tells and tense == "present" and not (statuses or when)
        ):  # nor whether it goes on
            return None
        if tense_now != tense:
            found = self._best_of_classes(thing, CLAUSE, tense_now) or found
        tells, text = set(found.tells), written(found)
        is_agreement = ENT + "Agreement" in self.known.all_kinds(thing)
        told = frozenset() if is_agreement else _TOLD_BY_TENSE
        status = ", ".join(sorted(self._label(s) for s in statuses if value(s) not in told))
        if is_agreement and (status or when):  # the date is that of the agreement, whatever has become of it
            dates = self.known.dates(thing, ENT + "date")
            of = f" of {' or '.join(map(phrases.date, dates))}" if dates else ""
            status, when = ", ".join(filter(None, (f"{self._kind_label(thing)}{of}", status))), ""
        conditions = [f"condition: “{value(c)}”" for c in self.known.values(thing, ENT + "condition")]
        since = "" if when or status else self.known.as_of(thing, tense)
        if text.endswith("”"):  # what follows would seem to be quoted as well
            since, when = since or when, ""
        notes = [note for note in (status, since, *conditions) if note]
        text += f" {when}" * bool(when) + f" ({'; '.join(notes)})" * bool(notes)
        tells |= {
            above.value for iri in found.tells for above in self.known.with_broader(NamedNode(iri.replace("^", "")))
        }
        tells |= {ENT + name for name in _TOLD_ALONG} | {*DATES}
        return Clause(text, frozenset(tells), found.premises | self.known.tense_premises(thing))

    def noun_phrase(self, thing: Term, nested: int = 0) -> NounPhrase:
        """What a thing without a label is called: “Russia's support for the Assad regime”.

        Where others alone say what it is, or what stands in its roles, it is called as they say, with who they are.
        Empty where its classes have no noun phrase whose slots are filled.
        """
        own = self._own_phrase(thing, nested) if self.known.says_what(thing) else _NOTHING
        said = _NOTHING if own.filled else self._reported_phrase(thing, nested)
        return said if said.filled > own.filled or not own.text else own

    def _reported_phrase(self, thing: Term, nested: int) -> NounPhrase:
        """What others call a thing, who have most to say of it: “visit to Lorvia, according to Ada Holm”."""
        found = dict[tuple[int, str], list[str]]()
        premises = dict[str, frozenset[Triple]]()
        for speaker in self.known.speakers(thing):
            said = self.said_by([speaker])
            labels = said._names(thing, _LABEL)
            phrase = said._own_phrase(thing, nested) if said.known.says_what(thing) else _NOTHING
            if labels:
                label = min(labels, key=lambda x: (len(x), x))
                phrase = NounPhrase(label, _LABELLED, frozenset(t for t in said.known.claims(thing, _LABEL)))
            claims = {t for t in phrase.premises if t in said.known.claims(t.subject)}
            premises[speaker] = (phrase.premises - claims) | said.known.premises_of_claims(claims)
            found.setdefault((phrase.filled, phrase.text), []).append(speaker)
        if not found:
            return _NOTHING
        (filled, text), speakers = max(found.items(), key=lambda x: (x[0][0], -len(x[0][1]), x[0][1]))
        kinds, is_label = self.known.all_kinds(thing), filled == _LABELLED
        is_plain = ENT + "Quantity" in kinds or (is_label and (kinds & _PROPER or self.known.says_what(thing)))
        if text and not is_plain:
            text = phrases.attributed(text, sorted(self.name(NamedNode(speaker)) for speaker in speakers))
        return NounPhrase(text, filled, frozenset().union(*(premises[speaker] for speaker in speakers)))

    def _own_phrase(self, thing: Term, nested: int) -> NounPhrase:
        """What the voice itself has to call a thing."""
        if ENT + "Quantity" in self.known.all_kinds(thing):
            parts = {name: self.known.values(thing, ENT + name) for name in ("number", "measure")}
            tells = {t for name in parts for t in self.known.premises(thing, ENT + name)}
            number, measure = (", ".join(map(value, found)) for found in parts.values())
            bounds = [f"{self._label(x)} " for x in self.known.values(thing, ENT + "bound")]
            text = "".join(bounds) + phrases.quantity(number, measure)
            return NounPhrase(text, 1, frozenset(tells)) if number else _NOTHING
        found = self._best_of_classes(thing, NOUN_PHRASE, "present", nested + 1) if nested < MOST_NESTED else None
        if found is None:
            return _NOTHING
        text = phrases.bare("".join(found.words).strip())
        premises = {t for iri in {*found.tells, RDF_TYPE} for t in self.known.premises(thing, iri)}
        return NounPhrase(text, found.filled, found.premises | premises)

    def told(self, thing: Term, clause: Clause) -> list[Triple]:
        """The statements that the clause of a thing tells."""
        found = (t for iri in sorted(clause.tells) for t in self.known.premises(thing, iri))
        return list(dict.fromkeys([*found, *sorted(clause.premises, key=str)]))

    def is_labelled(self, thing: Term) -> bool:
        """Whether a thing has a label that was not computed."""
        return bool(self._names(thing, _LABEL))

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
        if term.value.startswith((ARTICLE, BACKGROUND)):
            return self._source(term.value)
        if term.value.startswith(CLAIM):
            return "a claim"
        if term.value.startswith(ENT):
            return self._label(term)
        kinds = self.known.all_kinds(term)
        labels = self._names(term, _LABEL)
        aliases = {} if labels else self._names(term, NamedNode(ALT_LABEL))
        is_told = not aliases or (self.known.says_what(term) and self._own_phrase(term, nested).filled)
        if not labels and is_told and (computed := self._computed_label(term, nested)):
            is_noun = computed.split(" ", 1)[0].lower() in self._nouns(term)
            if ENT + "Quantity" in kinds:
                return phrases.lower_case(computed)
            name = phrases.of_description(computed)
            return f"the {name}" if is_noun and name[:1].isupper() else name
        labels = labels or aliases
        if not labels:
            return self._label(term)
        label = min(labels, key=lambda x: (len(x), x))
        if ENT + "Quantity" in kinds:
            return phrases.lower_case(
                phrases.with_measure(label, *map(value, self.known.values(term, ENT + "measure")))
            )
        if phrases.is_counted(label):
            return phrases.lower_case(label)
        if label.split(" ")[0].lower() in {word for kind in kinds for word in self._label(NamedNode(kind)).split(" ")}:
            quotes, label = labels[label], label[:1].lower() + label[1:]  # a noun at the beginning of a sentence
            labels[label] = quotes
        articles = {phrases.article_in(label, quote) for quote in labels[label]}
        owners = (x for role in ("heads", "officeOf") for x in self.known.values(term, ENT + role))
        if ENT + "Office" in kinds and (owner := next(owners, None)):
            is_leading = ENT + "LeadingOffice" in kinds or self.known.values(term, ENT + "heads")
            title = label if is_leading else phrases.with_article(label, articles)
            return phrases.of_office(title, self.name(owner), "of" if is_leading or not self.is_spot(owner) else "at")
        if kinds & _PREFIXED and ENT + "State" not in kinds:
            return label
        if any(kind.endswith("#Concept") for kind in kinds) and "the" not in articles:
            return label
        if (kinds & _WITH_THE and not self.is_plural(term, label)) or (
            articles & {"a", "an"} and ENT + "Office" not in kinds
        ):
            return phrases.with_article(label, {"the"})  # it is known which: “the bridge”
        return phrases.with_article(label, articles)

    def told_apart(self, thing: Term, name: str) -> str:
        """The name of a thing with that to which it belongs, where another is called the same."""
        owners = (self.known.values(thing, ENT + role) for role in _BELONGS)
        owner = next((found[0] for found in owners if found), None)
        return f"{name} of {self.name(owner)}" if owner is not None else name

    def _source(self, iri: str) -> str:
        """An article by its title, a unit by its number; words and passages of it by what they quote."""
        article, _, part = iri.partition("#")
        if part:
            title = self.name(NamedNode(article))
            kinds = {q.object.value for q in self._match(NamedNode(iri), _TYPE, None)}
            if ENT + "Unit" in kinds:
                return f"{readable(part)} of {title}"
            quotes = [q.object.value for q in self._match(NamedNode(iri), _QUOTE, None)]
            quote = phrases.shortened(min(quotes), _LONGEST_QUOTE) if quotes else ""
            if ENT + "Mention" in kinds and quote:
                return f"“{quote}” in {title}"
            return f"the passage “{quote}” of {title}" if quote else f"a passage of {title}"
        titles = [q.object.value for q in self._match(NamedNode(iri), NamedNode(DCTERMS + "title"), None)]
        return f"“{min(titles)}”" if titles else f"“{readable(iri)}”"

    def _computed_label(self, thing: Term, nested: int) -> str:
        is_anew = self._anew or nested or self.known.voice
        for q in () if is_anew else self._match(thing, NamedNode(COMPUTED_LABEL), None):
            return str(q.object.value)
        return self.noun_phrase(thing, nested).text

    def _nouns(self, thing: Term) -> set[str]:
        """The first words of the noun phrases for a thing."""
        classes = (above for kind in self.known.kinds(thing) for above in self.known.above(kind))
        starts = (p.elements[0] for c in classes for p in self._templates(c, NOUN_PHRASE))
        return {first.phrases[0].words[0] for first in starts if isinstance(first, Choice)}

    def _names(self, thing: Term, predicate: NamedNode) -> dict[str, list[str]]:
        """The labels of a thing, each with the quotes of the passages that state it."""
        found: dict[str, list[str]] = {}
        stating: dict[str, set[str]] = {}
        for q in self._match(thing, predicate, None):
            found.setdefault(q.object.value, [])
            if isinstance(q.graph_name, NamedNode):
                stating.setdefault(q.object.value, set()).add(q.graph_name.value)
        for claim, passages in self.known.claims(thing, predicate).items() if self.known.voice else ():
            stating.setdefault(value(claim.object), set()).update(p.value for p in passages)
        for label, names in stating.items():
            quotes = found.setdefault(label, [])
            for passage in sorted(names)[:_MOST_QUOTES]:
                quotes += [x.object.value for x in self._match(NamedNode(passage), _QUOTE, None)]
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
        is_quantity = ENT + "Quantity" in self.known.all_kinds(triple.subject)
        if not is_quantity and self.is_plural(triple.subject, name):
            return phrases.sentence_case(f"{name} are {phrases.plural(kind)}")
        if phrases.is_plural(kind, of_place=False):
            return phrases.sentence_case(f"{name} is {kind}")
        return phrases.sentence_case(f"{name} is {phrases.with_article(kind, ['a'])}")

    def is_plural(self, thing: Term, name: str) -> bool:
        """Whether a verb after the name of a thing is in the plural."""
        is_text = isinstance(thing, NamedNode) and thing.value.startswith(ARTICLE)  # a passage, whatever it quotes
        return (
            isinstance(thing, NamedNode)
            and not is_text
            and phrases.is_plural(name, of_place=ENT + "Place" in self.known.all_kinds(thing))
        )

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

    def _best_of_classes(self, thing: Term, predicate: str, tense: Tense, nested: int = 0) -> Filled | None:
        """The pattern that says most, of the nearest class that has any whose slots are filled."""
        for kind in self.known.kinds(thing):
            for above in self.known.above(kind):
                templates = self._templates(above, predicate)
                if said := best(self._filled(p, {}, thing, tense, above.value, nested) for p in templates):
                    return said
        return None

    def _filled(
        self,
        pattern: Pattern,
        ends: dict[str, list[Term]],
        thing: Term,
        tense: Tense,
        term: str = ENT,
        nested: int = 0,
    ) -> Filled | None:
        """A pattern with its slots filled; None where one is empty that is not optional.

        `ends` are what stands in slots that are no roles of the thing, `term` is the IRI of the class with the pattern.
        """
        return Filling(self, pattern, ends, thing, tense, term, nested).found()

    def bare(self, term: Term) -> str:
        """A text without quotation marks, a thing without an article."""
        return self._label(term) if isinstance(term, NamedNode) else value(term)

    def is_spot(self, thing: Term) -> bool:
        """Whether something is at a place and not in it: of “in|at {place}” the second is said."""
        kinds = self.known.all_kinds(thing)
        if ENT + "Organisation" in kinds:
            return not kinds & _BODIES
        return ENT + "Place" in kinds and not kinds & _AREAS and not phrases.is_area(self.name(thing))


def inverse(ontology: Iterable[Triple]) -> Iterator[str]:
    """The properties that noun phrases follow from object to subject."""
    for t in ontology:
        if t.predicate.value == NOUN_PHRASE and isinstance(t.object, Literal) and isinstance(t.subject, NamedNode):
            namespace = t.subject.value.removesuffix(local_name(t.subject.value)) or ENT
            yield from (f"{namespace}{role}" for role in re.findall(r"\^(\w+)", t.object.value))


def _literal(term: Literal) -> str:
    """A literal in a sentence: dates and numbers as people write them, texts in quotation marks."""
    kind = term.datatype.value
    if kind in (XSD + "gYear", XSD + "gYearMonth", XSD + "date", XSD + "dateTime"):
        return phrases.date(term.value)
    if kind in (XSD + "integer", XSD + "decimal"):
        return phrases.quantity(term.value, "")
    return f"“{term.value}”" if kind in (XSD + "string", RDF + "langString") else term.value
