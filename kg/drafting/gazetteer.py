"""The gazetteer: what a draft knows by name: things, their people, the ontology's classes, and offices.

Things are those of the graph folder's facts and background and, beside them, the entries of the sourced gazetteer:
countries, capitals and international organisations, each a line of `kg/background/gazetteer.tsv` of the shipped graph,
which serves every graph folder. They are no facts of a graph: whoever writes down facts on Uganda states what it is, as
with any other thing. Where both have a thing, it is the graph's, which gains the other's names.

Of names within each other the longest is found (“Turkish President”, not “Turkish”); a name of several things gives all
of them.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from pyoxigraph import BlankNode, Literal, Triple

from kg.rdf.namespaces import ALT_LABEL, ENT, ID, OWL, RDF_TYPE, RDFS, RDFS_LABEL, SKOS, local_name, readable
from kg.rdf.terms import described, iri
from kg.source import layout
from kg.source.documents import Sources
from kg.text.forms import NameMatcher, flat, of_origin

# Classes of evidence and of the states of facts, which things in facts never have.
_EVIDENCE = (
    *("Article", "Aside", "Background", "Claim", "Mention", "Passage"),
    *("Speech", "Unit", "UnitKind", "UnitReading"),
)
_NOT_FOR_THINGS = frozenset(ENT + name for name in (*_EVIDENCE, "Mode", "Status"))


FILE = "gazetteer.tsv"
_FIELDS = 8
_PLURAL = ("ch", "ese", "men", "s", "sh")  # words that end so have no plural in s
_PLACES = frozenset(ENT + name for name in ("City", "Place", "State"))


@dataclass(frozen=True)
class Entry:
    """What the gazetteer says of a thing; IRIs and texts are empty where it says nothing.

    `kind` is the IRI of a class; `people` are adjectives and what its people are called, in singular and plural; `code`
    is that of ISO 3166-1, of three letters. A `capital_of` is a state's only capital, and contested by nobody.
    """

    iri: str
    kind: str
    name: str
    other_names: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    located_in: str = ""
    capital_of: str = ""
    code: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """All names, the usual one first."""
        return self.name, *self.other_names


@cache
def entries() -> tuple[Entry, ...]:
    """All entries, in the order of the file. Raises OSError where it cannot be read."""
    path = os.path.join(layout.shipped().background, FILE)
    with open(path, encoding="utf-8", newline="\n") as file:
        return tuple(_entry(line.rstrip("\n")) for line in file if not line.startswith("#"))


def _entry(line: str) -> Entry:
    cells = line.split("\t")
    kind, name, label, other, people, within, capital_of, code = (*cells, *[""] * (_FIELDS - len(cells)))
    words = [word for word in people.split("|") if word]
    words += [f"{word}s" for word in words if not word.endswith(_PLURAL)]
    others = tuple(filter(None, other.split("|")))
    located_in, state = (f"{ID}{place}" if place else "" for place in (within, capital_of))
    return Entry(f"{ID}{name}", f"{ENT}{kind}", label, others, tuple(words), located_in, state, code)


class Gazetteer:
    """What is known by name beside the sources of a graph folder; files that cannot be read are left out."""

    def __init__(self, sources: Sources, sourced: Iterable[Entry] | None = None) -> None:
        """`sourced` are entries of the sourced gazetteer, all of them if it is None."""
        facts = [t for d in [*sources.background, *(a.facts for a in sources.articles)] for t in d.triples]
        axioms = [t for document in sources.ontology for t in document.triples]
        self._labels = {iri: name for name, iri in _named(axioms)}
        self._superclasses = _grouped(_links(axioms, RDFS + "subClassOf"))
        self._classes = _grouped(_links(facts, RDF_TYPE))
        self._capitals = dict(_links(facts, ENT + "capitalOf"))
        self._governments = {state: government for government, state in _links(facts, ENT + "governmentOf")}
        # The names of the things in facts and background, and of the entries.
        own = [(name, iri) for name, iri in _named(facts) if iri.startswith(ID)]
        self._entries: dict[str, Entry] = {}
        by_thing = self._placed(entries() if sourced is None else sourced, own)
        names = [(form, thing) for thing, entry in by_thing for name in entry.names for form in _spellings(name, entry)]
        self.things = NameMatcher([*own, *names])
        # The adjectives of the things, and what their people are called, in the singular and the plural.
        self.people = NameMatcher(self._people(own, by_thing, axioms))
        notes = (t for t in axioms if t.predicate.value == SKOS + "scopeNote" and "never typed" in str(t.object))
        inferred = {iri(t.subject) for t in notes}
        classes = {iri for iri, kind in _links(axioms, RDF_TYPE) if kind == OWL + "Class"}
        classes -= _NOT_FOR_THINGS | inferred
        labels = [(name.lower(), iri) for name, iri in _named(axioms) if iri in classes]
        # The labels of the ontology's classes, in lower case, in the singular and with an s.
        self.classes = NameMatcher([*labels, *((f"{name}s", iri) for name, iri in labels)])
        # The classes of offices by what their holders are called, “president”: a restriction on ent:holdsOffice.
        self.offices = {self._labels[h].lower(): office for h, office in office_classes(axioms) if h in self._labels}

    def entry(self, thing: str) -> Entry | None:
        """The entry of a thing of which the graph folder's facts and background say nothing; None for others."""
        return self._entries.get(thing)

    def _placed(self, sourced: Iterable[Entry], own: list[tuple[str, str]]) -> list[tuple[str, Entry]]:
        """Each entry with the IRI of its thing, which is the graph's where that has one of that name and kind.

        An entry whose IRI the graph has for something else is left out.
        """
        by_name, labelled = _grouped(own), {iri for _, iri in own}
        placed: dict[str, tuple[str, Entry]] = {}
        for entry in sourced:
            same = {thing for thing in (entry.iri, *sorted(by_name.get(entry.name, ()))) if self._may_be(thing, entry)}
            known = same & (self._classes.keys() | labelled)
            thing = entry.iri if entry.iri in known or not known else min(known)
            if entry.iri in same or known:
                placed[entry.iri] = thing, entry
                if not known:
                    self._entries[thing] = entry
        for thing, entry in placed.values():
            if entry.capital_of in placed:
                self._capitals.setdefault(thing, placed[entry.capital_of][0])
        return list(placed.values())

    def _may_be(self, thing: str, entry: Entry) -> bool:
        """Whether a thing may be that of an entry: its class is unknown, or one that is above or below the entry's."""
        kinds = self._classes.get(thing, set())
        return not kinds or any(entry.kind in self._above(kind) or kind in self._above(entry.kind) for kind in kinds)

    def _above(self, kind: str) -> set[str]:
        """A class and those above it."""
        found, waiting = set[str](), {kind}
        while waiting:
            found |= waiting
            waiting = {above for below in waiting for above in self._superclasses.get(below, ())} - found
        return found

    def _people(
        self, own: list[tuple[str, str]], by_thing: list[tuple[str, Entry]], axioms: list[Triple]
    ) -> Iterator[tuple[str, str]]:
        irregular: dict[str, list[str]] = {}
        for t in axioms:
            if t.predicate.value == ENT + "demonym" and isinstance(t.object, Literal):
                name, _, words = t.object.value.partition(":")
                irregular.setdefault(flat(name.strip()), []).extend(word.strip() for word in words.split(","))
        for thing, entry in by_thing:
            yield from ((word, thing) for word in entry.people)
        sourced = {thing for thing, _ in by_thing}
        for name, thing in own:
            if flat(name) in irregular or (thing not in sourced and self._is_place(thing)):
                yield from ((word, thing) for word in of_origin(name, irregular))

    def _is_place(self, thing: str) -> bool:
        return any(ENT + "Place" in self._above(kind) for kind in self._classes.get(thing, ()))

    def government(self, city: str) -> str | None:
        """The government that a capital's name may stand for (model, rule 20), empty if unknown; None for others."""
        return self._governments.get(self._capitals[city], "") if city in self._capitals else None

    def kinds(self, thing: str) -> set[str]:
        """The classes that facts, or its entry, give to a thing, without superclasses of another of them."""
        found = self._classes.get(thing) or ({self._entries[thing].kind} if thing in self._entries else set())
        return found - {above for kind in found for above in self._superclasses.get(kind, ())}

    def class_labels(self, thing: str) -> str:
        """The labels of a thing's classes, “armed group, opposition group”; “thing” where none is known."""
        labels = (self._labels.get(kind) or readable(local_name(kind)).lower() for kind in self.kinds(thing))
        return ", ".join(sorted(labels)) or "thing"


def _spellings(name: str, entry: Entry) -> set[str]:
    """A name with and without its accents; of a place also in capitals, as in a dateline: “NAIROBI — ”."""
    return {name, flat(name), *({name.upper()} if len(name) > 3 and entry.kind in _PLACES else ())}


def office_classes(axioms: list[Triple]) -> Iterator[tuple[str, str]]:
    """The class of a holder and that of the office, by restrictions on ent:holdsOffice."""
    for node, values in described(t for t in axioms if iri(t.object)).items():
        of = {predicate: iri(objects[-1]) for predicate, objects in values.items()}
        restricts = isinstance(node, BlankNode) and of.get(OWL + "onProperty") == ENT + "holdsOffice"
        if restricts and OWL + "someValuesFrom" in of:
            yield of.get(RDFS + "subClassOf", ""), of[OWL + "someValuesFrom"]


def _named(triples: list[Triple]) -> Iterator[tuple[str, str]]:
    for t in triples:
        if t.predicate.value in (RDFS_LABEL, ALT_LABEL) and iri(t.subject) and isinstance(t.object, Literal):
            yield t.object.value, iri(t.subject)


def _links(triples: list[Triple], predicate: str) -> Iterator[tuple[str, str]]:
    ends = ((iri(t.subject), iri(t.object)) for t in triples if t.predicate.value == predicate)
    return ((subject, value) for subject, value in ends if subject and value)


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    groups: dict[str, set[str]] = {}
    for key, value in pairs:
        groups.setdefault(key, set()).add(value)
    return groups
