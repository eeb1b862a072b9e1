"""What a text mentions: the known things, by label and alias, and the words of the ontology that it uses.

Spelling is taken at its word: case and accents count, kinds of apostrophe and space do not. Of names that lie
within each other the longest counts (“Turkish President”, not “Turkish”); a name of several things lists them all.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.rdf.namespaces import ALT_LABEL, ENT, ID, OWL, RDF_TYPE, RDFS, RDFS_LABEL, SKOS, local_name, readable
from kg.source.documents import Sources

# Classes that describe the evidence, or a fact's state; a reader never gives them to a thing.
_EVIDENCE = ("Article", "Aside", "Background", "Claim", "Passage", "Speech", "Unit", "UnitKind", "UnitReading")
_NOT_FOR_THINGS = frozenset(ENT + name for name in (*_EVIDENCE, "Mode", "Status"))
_ALIKE = str.maketrans("’‘ʼ\u00a0\u202f", "'''  ")  # one for one, so that places stay where they are
_WORD = re.compile(r"\w+")


class NameMatch(NamedTuple):
    """A name in a text, from `start` to `end` (code points, end exclusive), and the IRIs of all that it names."""

    start: int
    end: int
    words: str
    iris: tuple[str, ...]


class NameMatcher:
    """Names that are looked for in texts; a text costs what its own words cost, however many names there are."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Take pairs of a name and an IRI; a name without a letter or digit is never found."""
        self._iris: dict[str, set[str]] = defaultdict(set)
        for name, iri in pairs:
            self._iris[name.translate(_ALIKE)].add(iri)
        self._by_word: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for name in self._iris:
            if word := _WORD.search(name):
                self._by_word[word[0]].append((name, word.start()))

    def find(self, text: str) -> list[NameMatch]:
        """The mentions in a text in its order, at word borders, without those that lie within a longer one."""
        found = sorted(self._at_words(text.translate(_ALIKE)), key=lambda m: (m.start, -m.end))
        longest: list[NameMatch] = []
        for mention in found:
            if not longest or mention.end > longest[-1].end:
                longest.append(mention._replace(words=text[mention.start : mention.end]))
        return longest

    def _at_words(self, text: str) -> Iterator[NameMatch]:
        for word in _WORD.finditer(text):
            for name, before in self._by_word.get(word[0], ()):
                start = word.start() - before
                end = start + len(name)
                if start < 0 or not text.startswith(name, start):
                    continue
                if not _in_word(text, start) and not _in_word(text, end):
                    yield NameMatch(start, end, name, tuple(sorted(self._iris[name])))


def _in_word(text: str, place: int) -> bool:
    """Whether a place lies within a word rather than at its border."""
    return 0 < place < len(text) and all(c.isalnum() or c == "_" for c in text[place - 1 : place + 1])


class Gazetteer:
    """What the sources of a graph folder know by name. Nothing is compiled: broken files are simply not there."""

    def __init__(self, sources: Sources) -> None:
        facts = [*sources.background, *(a.facts for a in sources.articles)]
        self._facts = [t for document in facts for t in document.triples]
        self._words = [t for document in sources.ontology for t in document.triples]

    @cached_property
    def things(self) -> NameMatcher:
        """The labels and aliases of the things that facts and background know."""
        return NameMatcher((name, iri) for name, iri in _named(self._facts) if iri.startswith(ID))

    @cached_property
    def classes(self) -> NameMatcher:
        """The labels of the ontology's classes, in lower case, in the singular and with an s."""
        rows = [(name.lower(), iri) for name, iri in _named(self._words) if iri in self._classes]
        return NameMatcher([*rows, *((f"{name}s", iri) for name, iri in rows)])

    @cached_property
    def _classes(self) -> set[str]:
        found = {iri for iri, kind in _links(self._words, RDF_TYPE) if kind == OWL + "Class"}
        return found - _NOT_FOR_THINGS - self._inferred

    @cached_property
    def _inferred(self) -> set[str]:
        """The terms of which the ontology says that nobody types them."""
        notes = (t for t in self._words if t.predicate.value == SKOS + "scopeNote" and "never typed" in str(t.object))
        return {t.subject.value for t in notes if isinstance(t.subject, NamedNode)}

    @cached_property
    def offices(self) -> dict[str, str]:
        """The classes of offices, by what their holders are called: “president”, a restriction on ent:holdsOffice."""
        found: dict[str, dict[str, str]] = {}
        for t in self._words:
            if isinstance(t.subject, BlankNode) and isinstance(t.object, NamedNode):
                found.setdefault(t.subject.value, {})[t.predicate.value] = t.object.value
        rows = [row for row in found.values() if row.get(OWL + "onProperty") == ENT + "holdsOffice"]
        pairs = [(row.get(RDFS + "subClassOf", ""), row.get(OWL + "someValuesFrom", "")) for row in rows]
        return {self._labels[holder].lower(): office for holder, office in pairs if holder in self._labels and office}

    @cached_property
    def _above(self) -> dict[str, set[str]]:
        return _grouped(_links(self._words, RDFS + "subClassOf"))

    @cached_property
    def _kinds(self) -> dict[str, set[str]]:
        return _grouped(_links(self._facts, RDF_TYPE))

    @cached_property
    def _labels(self) -> dict[str, str]:
        return {iri: name for name, iri in _named(self._words)}

    @cached_property
    def _capitals(self) -> dict[str, str]:
        return dict(_links(self._facts, ENT + "capitalOf"))

    @cached_property
    def _governments(self) -> dict[str, str]:
        return {state: government for government, state in _links(self._facts, ENT + "governmentOf")}

    def is_capital(self, city: str) -> bool:
        """Whether a city is a capital, so that its name may stand for a government (model, rule 20)."""
        return city in self._capitals

    def government(self, city: str) -> str:
        """The government of the state whose capital a city is; empty where none is known."""
        return self._governments.get(self._capitals.get(city, ""), "")

    def kinds(self, thing: str) -> set[str]:
        """The classes that facts give to a thing, but for those above another of them."""
        found = self._kinds.get(thing, set())
        return found - {above for kind in found for above in self._above.get(kind, ())}

    def kind_words(self, thing: str) -> str:
        """The labels of a thing's classes, “armed group, opposition group”; “thing” where none is known."""
        labels = (self._labels.get(kind) or readable(local_name(kind)).lower() for kind in self.kinds(thing))
        return ", ".join(sorted(labels)) or "thing"


def _named(triples: list[Triple]) -> Iterator[tuple[str, str]]:
    for t in triples:
        named = t.predicate.value in (RDFS_LABEL, ALT_LABEL)
        if named and isinstance(t.subject, NamedNode) and isinstance(t.object, Literal):
            yield t.object.value, t.subject.value


def _links(triples: list[Triple], predicate: str) -> Iterator[tuple[str, str]]:
    for t in triples:
        if t.predicate.value == predicate and isinstance(t.subject, NamedNode) and isinstance(t.object, NamedNode):
            yield t.subject.value, t.object.value


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    groups: dict[str, set[str]] = {}
    for key, value in pairs:
        groups.setdefault(key, set()).add(value)
    return groups
