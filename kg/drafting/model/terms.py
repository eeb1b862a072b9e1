"""The terms of an ontology as a model is told them: classes with their roles, for those that the words of a text touch.

All is read from the ontology, the shapes and the lexicon, so that a graph folder with terms of its own needs nothing
more. A text touches a class by its label, or by the words of its patterns and cues in any inflected form.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from kg.dataset.build import Build
from kg.dataset.computed import broader
from kg.dataset.lexicon import CUE, PATTERN, USAGE, Lexicon, marked
from kg.rdf.namespaces import ENT, OWL, RDF_TYPE, RDFS, RDFS_LABEL, SH, SKOS, XSD, compact
from kg.rdf.terms import Term, described, iri, members
from kg.text.patterns import Choice, Phrase, flat
from kg.text.verbs import bases

THING, DATE, TEXT = "thing", "date", "text"
_DATES = frozenset(XSD + name for name in ("gYear", "gYearMonth", "date"))
# Classes that are no facts: evidence, and what is stated of evidence alone.
_EVIDENCE = frozenset(
    ENT + name
    for name in ("Article", "Aside", "Background", "Claim", "Mention", "Passage", "Photograph", "Proposal", "Speech")
) | {ENT + "Unit", ENT + "UnitKind", ENT + "UnitReading"}
# What every text may name; other classes are told where the words touch them.
_BASIC = ("City", "Company", "Government", "Organisation", "Person", "Place", "State", "Tenure", "Office")


class Role(NamedTuple):
    """A property as a class has it: its IRI, what it takes, and of things and listed values which classes (IRIs)."""

    property: str
    takes: str  # THING, DATE, TEXT
    classes: frozenset[str] = frozenset()


class Terms:
    """The terms of a build, for texts in one language."""

    def __init__(self, made: Build, language: str) -> None:
        """Read them; `language` is a primary language tag."""
        self._axioms, self._language = made.ontology, language
        self._shapes = described(t for d in made.sources.shapes for t in d.triples)
        self._broader = {iri(k): {iri(x) for x in v} for k, v in broader(made.ontology).items()}
        self._lexicon = Lexicon(made.ontology)

    # What there is

    @cached_property
    def _said(self) -> dict[tuple[str, str], str]:
        """By term and predicate what annotations say, in the language or in English."""
        found: dict[tuple[str, str], str] = {}
        for t in self._axioms:
            if isinstance(t.object, Literal) and iri(t.subject):
                key = iri(t.subject), t.predicate.value
                if key not in found or t.object.language == self._language:
                    found[key] = t.object.value
        return found

    def said(self, term: str, predicate: str) -> str:
        """What an annotation says of a term; empty where it has none."""
        return self._said.get((term, predicate), "")

    def definition(self, term: str) -> str:
        """The definition of a term with its scope note."""
        return " ".join(filter(None, (self.said(term, SKOS + "definition"), self.said(term, SKOS + "scopeNote"))))

    @cached_property
    def classes(self) -> frozenset[str]:
        """The classes that facts may give to a thing."""
        declared = {iri(t.subject) for t in self._axioms if _is_class(t)}
        typed = {c for c in declared if "never typed" not in self.said(c, SKOS + "scopeNote")}
        return frozenset(c for c in typed if c and c not in _EVIDENCE and not self._is_value(c))

    @cached_property
    def values(self) -> dict[str, tuple[str, ...]]:
        """The listed values of statuses, modes and their kin: by class the IRIs of its individuals."""
        found: dict[str, list[str]] = {}
        for t in self._axioms:
            if t.predicate.value == RDF_TYPE and iri(t.object).startswith(ENT) and iri(t.subject).startswith(ENT):
                for kind in {iri(t.object), *self._broader.get(iri(t.object), ())}:
                    if kind not in _EVIDENCE:
                        found.setdefault(kind, []).append(iri(t.subject))
        return {kind: tuple(dict.fromkeys(rows)) for kind, rows in found.items()}

    def _is_value(self, kind: str) -> bool:
        return kind in self.values

    def is_a(self, kind: str, above: Iterable[str]) -> bool:
        """Whether a class is one of others, or below one of them."""
        return not ({kind} | self._broader.get(kind, set())).isdisjoint(above)

    # Roles

    def roles(self, kind: str) -> dict[str, Role]:
        """The properties that shapes know of a class and of those above it, by IRI."""
        found: dict[str, Role] = {}
        for owner in (kind, *sorted(self._broader.get(kind, ())), ""):
            for role in self._by_class.get(owner, ()):
                old = found.get(role.property)
                found[role.property] = role if old is None or (not old.classes and role.classes) else old
        return found

    @cached_property
    def _by_class(self) -> dict[str, list[Role]]:
        """The roles that shapes give to a class; those of the empty name are open to any thing."""
        found: dict[str, list[Role]] = {}
        for values in self._shapes.values():
            owners = self._owners(values)
            for part in values.get(SH + "property", ()):
                role = self._role(self._shapes.get(part, {}))
                for owner in owners if role else ():
                    if role:
                        found.setdefault(owner, []).append(role)
        return found

    def _owners(self, values: dict[str, list[Term]]) -> set[str]:
        """The classes that a shape is about: its targets, or what it asks its focus nodes to be."""
        if SH + "targetObjectsOf" in values:
            return set()
        own = {iri(c) for c in values.get(SH + "targetClass", ())} | self._asked(values)
        return own or ({""} if SH + "targetSubjectsOf" in values else set())

    def _asked(self, values: dict[str, list[Term]]) -> set[str]:
        choices = [self._shapes.get(c, {}) for head in values.get(SH + "or", ()) for c in members(self._shapes, head)]
        return {iri(c) for v in (values, *choices) for c in v.get(SH + "class", ())}

    def _role(self, part: dict[str, list[Term]]) -> Role | None:
        (path,) = part.get(SH + "path", [None])[:1]
        if not isinstance(path, NamedNode) or path.value == RDF_TYPE or not path.value.startswith(ENT):
            return None
        inner = [self._shapes.get(n, {}) for n in part.get(SH + "node", ())]
        asked = self._asked(part).union(*(self._asked(values) for values in inner))
        kinds = self._datatypes(part).union(*(self._datatypes(values) for values in inner))
        listed = {iri(x) for head in part.get(SH + "in", ()) for x in members(self._shapes, head)}
        if kinds & _DATES:
            return Role(path.value, DATE)
        if kinds or not (asked or listed or SH + "nodeKind" in part):
            return Role(path.value, TEXT) if kinds <= {XSD + "string", RDFS + "langString", _LANG} and kinds else None
        return Role(path.value, THING, frozenset(asked | listed))

    def _datatypes(self, values: dict[str, list[Term]]) -> set[str]:
        choices = [self._shapes.get(c, {}) for head in values.get(SH + "or", ()) for c in members(self._shapes, head)]
        return {iri(c) for v in (values, *choices) for c in v.get(SH + "datatype", ())}

    # What a text touches

    def touched(self, text: str) -> list[str]:
        """The classes and listed values that the words of a text touch, and the classes of names, in a fixed order."""
        lower = [w.lower() for w in re.findall(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*", text)]
        words = set(lower) | {w[:-1] for w in lower if w.endswith("s")}
        verbs = {base for w in words for base in bases(w)}
        found = {term for term, phrases in self._phrases.items() if any(_is_in(p, words, verbs) for p in phrases)}
        wider = {above for term in found for above in self._broader.get(term, ()) if above in self.classes}
        basic = {ENT + name for name in _BASIC}
        known = [*sorted(self.classes), *sorted({v for rows in self.values.values() for v in rows})]
        return [term for term in known if term in found | basic | (wider & self._with_patterns)]

    @cached_property
    def _with_patterns(self) -> frozenset[str]:
        return frozenset(term for term, _ in self._lexicon.texts(PATTERN, self._language))

    @cached_property
    def _phrases(self) -> dict[str, list[Phrase]]:
        """By term the phrases that speak for it: of its patterns and cues, and its label."""
        found: dict[str, list[Phrase]] = {}
        for predicate in (PATTERN, CUE):
            for term, patterns in self._lexicon.parsed(predicate, self._language).items():
                for pattern in patterns:
                    for element in flat(pattern.elements):
                        if isinstance(element, Choice):
                            found.setdefault(term, []).extend(element.phrases)
        for term in self.classes:
            label = tuple(self.said(term, RDFS_LABEL).lower().split())
            if label:
                found.setdefault(term, []).append(Phrase(label))
        # Words such as “in”, “be” and “of” touch nothing by themselves.
        return {
            term: kept
            for term, phrases in found.items()
            if (kept := [p for p in phrases if any(len(w) > 2 for w in p.words) and p.words not in _LIGHT])
        }

    def examples(self, term: str) -> list[str]:
        """Examples of a term in words, without marks: a few that the lexicon has."""
        return [marked(text).text for t, text in self._lexicon.texts(USAGE, self._language) if t == term][:2]


_LANG = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
_LIGHT = frozenset(
    {("be",), ("have",), ("make",), ("take",), ("and",), ("with",), ("for",), ("from",), ("over",), ("its",)}
)


def _is_class(t: Triple) -> bool:
    return t.predicate.value == RDF_TYPE and iri(t.object) == OWL + "Class"


def _is_in(phrase: Phrase, words: set[str], verbs: set[str]) -> bool:
    first, *rest = phrase.words
    return (first in verbs if phrase.verb else first in words) and all(w in words for w in rest)


def names(terms: Iterable[str]) -> Iterator[str]:
    """Terms by their prefixed names."""
    return map(compact, terms)
