"""What an honest article says, as far as a liar has to know it: who is named where, what is what, and what is true.

It shares no code with the checks that are measured: names are compared here in a way of its own, once strictly (a
thing is surely named) and once loosely (it may be), so that a lie rests on what is certain either way.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TypeGuard

from pyoxigraph import Literal, NamedNode, Quad, Triple

from kg.dataset.build import Build
from kg.rdf.namespaces import ALT_LABEL, ENT, ID, OWL, RDF_TYPE, RDFS, RDFS_LABEL
from kg.rdf.terms import Term
from kg.source.article import Evidence, Passage

TYPE = NamedNode(RDF_TYPE)
_NAMING = {RDFS_LABEL, ALT_LABEL}
_WORD = re.compile(r"\w+")
_STEM = 4  # letters that “Turkey” and “Turkish” have in common


def terms(names: str) -> frozenset[str]:
    """The IRIs of terms of the ontology, given their names."""
    return frozenset(ENT + name for name in names.split())


_SMALL = {"the", "and", "for", "with", "its", "his", "her", "their", "from", "was", "has", "had", "are", "not"}
# By these a thing goes under the name of another, in both directions: “Moscow” is a capital and a government.
_KIN = terms("governmentOf capitalOf heads officeOf office holder")
# By these a thing belongs to another, in one direction: what is done by or in the part is often said of the whole.
_BELONGS = _KIN | terms(
    "locatedIn worksFor origin operator borderOf onSide sideIn partOf annexed partitioned marks memberIn across"
)


def ent(name: str) -> NamedNode:
    """A term of the ontology."""
    return NamedNode(ENT + name)


class Reading:
    """An honest article in its graph folder.

    `made` is the build of the folder with its closure; `evidence` the article. Things and terms are IRIs as nodes.
    """

    def __init__(self, made: Build, evidence: Evidence) -> None:
        self.made, self.evidence = made, evidence
        self.passages = evidence.passages
        self._by_iri = {p.iri: p for p in evidence.passages}
        self.everything = [t for e in made.evidence for p in e.passages for t in p.triples]
        self.everything += [q.triple for q in made.background]
        self._true = {*self.everything, *made.closure.inferred}
        self._quotes: dict[tuple[str, bool], str] = {}
        self._perhaps: dict[tuple[NamedNode, str], bool] = {}
        self._homes: dict[tuple[Term, bool], set[Term]] = {}

    # Terms

    @cached_property
    def above(self) -> dict[str, set[str]]:
        """Each class, and the classes above it, itself among them."""
        direct: dict[str, set[str]] = {}
        for t in self.made.ontology:
            if t.predicate.value == RDFS + "subClassOf" and isinstance(t.subject, NamedNode):
                direct.setdefault(value(t.subject), set()).update({value(t.object)})
        classes = {value(t.subject) for t in self.made.ontology if _is(t, OWL + "Class")} | direct.keys()
        return {kind: _reached(kind, direct) for kind in classes}

    @cached_property
    def direct(self) -> dict[str, set[str]]:
        """Each class, and the classes right above it."""
        higher = {kind: above - {kind} for kind, above in self.above.items()}
        return {
            kind: {c for c in above if not any(c in higher.get(o, ()) for o in above)} for kind, above in higher.items()
        }

    @cached_property
    def relations(self) -> set[str]:
        """The properties that lead from thing to thing."""
        return {value(t.subject) for t in self.made.ontology if _is(t, OWL + "ObjectProperty")}

    @cached_property
    def symmetric(self) -> set[str]:
        """The properties that hold both ways."""
        return {value(t.subject) for t in self.made.ontology if _is(t, OWL + "SymmetricProperty")}

    @cached_property
    def class_labels(self) -> dict[str, str]:
        """The label of each class."""
        labels = (t for t in self.made.ontology if t.predicate.value == RDFS_LABEL)
        return {value(t.subject): t.object.value for t in labels if isinstance(t.object, Literal)}

    # Things

    @cached_property
    def stated_kinds(self) -> dict[NamedNode, set[str]]:
        """The classes that are stated of each thing."""
        kinds: dict[NamedNode, set[str]] = {}
        for t in self.everything:
            if t.predicate == TYPE and is_thing(t.subject) and isinstance(t.object, NamedNode):
                kinds.setdefault(t.subject, set()).add(t.object.value)
        return kinds

    def kinds(self, thing: Term) -> set[str]:
        """The classes of a thing, and those above."""
        stated = self.stated_kinds.get(thing, ()) if isinstance(thing, NamedNode) else ()
        return {kind for one in stated for kind in self.above.get(one, {one})}

    def is_a(self, thing: Term, *names: str) -> bool:
        """Whether a thing is of one of these classes of the ontology."""
        return not self.kinds(thing).isdisjoint(ENT + name for name in names)

    def alike(self, one: Term, other: Term) -> bool:
        """Whether two things have a class in common, those above counted as well."""
        return not self.kinds(one).isdisjoint(self.kinds(other))

    def fits(self, predicate: NamedNode, thing: Term) -> bool:
        """Whether a thing is of a class with what stands in a role somewhere in the graph folder.

        Not by a class at the top alone, such as actor or place, unless nothing nearer is stated of what stands there.
        """
        kinds = self.kinds(thing)
        tops = {kind for kind in kinds if not self.direct.get(kind)}
        there = self._fillers.get(predicate, ())
        return any((kinds & self.kinds(x)) - tops or kinds & self.stated_kinds.get(x, set()) for x in there)

    @cached_property
    def _fillers(self) -> dict[NamedNode, dict[NamedNode, None]]:
        found: dict[NamedNode, dict[NamedNode, None]] = {}
        for t in self.everything:
            if is_thing(t.object):
                found.setdefault(t.predicate, {})[t.object] = None
        return found

    @cached_property
    def names(self) -> dict[NamedNode, set[str]]:
        """The names of each thing, and the surname of a person."""
        found: dict[NamedNode, set[str]] = {}
        for t in self.everything:
            if t.predicate.value in _NAMING and is_thing(t.subject) and isinstance(t.object, Literal):
                found.setdefault(t.subject, set()).add(t.object.value)
        for thing, names in found.items():
            if self.is_a(thing, "Person"):
                names |= {name.split()[-1] for name in list(names) if name.split()}
        return found

    def related(self, one: Term, other: Term) -> bool:
        """Whether two things belong to each other or to a third, such as a state, its capital and its president."""
        return not self._home(one, True).isdisjoint(self._home(other, True))

    def kin(self, one: Term, other: Term) -> bool:
        """Whether the one may stand for the other in a text, such as a capital for a government."""
        return not self._home(one, False).isdisjoint(self._home(other, False))

    def _home(self, thing: Term, far: bool) -> set[Term]:
        if (thing, far) not in self._homes:
            found: list[Term] = [thing]
            for one in found:
                found += [o for p, o in self._links.get(one, ()) if p in (_BELONGS if far else _KIN) and o not in found]
            self._homes[thing, far] = set(found)
        return self._homes[thing, far]

    @cached_property
    def _links(self) -> dict[Term, list[tuple[str, Term]]]:
        links: dict[Term, list[tuple[str, Term]]] = {}
        holding = {t.subject: t.object for t in self.everything if t.predicate == ent("holder")}
        for t in self.everything:
            if is_thing(t.object):
                links.setdefault(t.subject, []).append((t.predicate.value, t.object))
            if t.predicate == ent("office") and t.subject in holding:  # from the person past the tenure
                links.setdefault(holding[t.subject], []).append((ENT + "office", t.object))
        return links

    # Statements

    def is_true(self, triple: Triple) -> bool:
        """Whether a statement is stated anywhere, by whomever, or inferred."""
        return triple in self._true

    def values(self, thing: Term, predicate: Term) -> list[Term]:
        """What anything in the graph folder states of a thing."""
        return sorted({t.object for t in self.about(thing) if t.predicate == predicate}, key=str)

    def about(self, thing: Term) -> set[Triple]:
        """All statements about a thing."""
        return self._about.get(thing, set())

    @cached_property
    def _about(self) -> dict[Term, set[Triple]]:
        found: dict[Term, set[Triple]] = {}
        for t in self.everything:
            found.setdefault(t.subject, set()).add(t)
        return found

    def roles(self, passage: Passage) -> Iterator[Triple]:
        """The statements of a passage that lead from thing to thing."""
        for t in passage.triples:
            if t.predicate.value in self.relations and is_thing(t.subject) and is_thing(t.object):
                yield t

    def fillers(self, thing: Term) -> set[Term]:
        """The things in any role of a thing."""
        return {t.object for t in self.about(thing) if is_thing(t.object)}

    def stating(self, triple: Triple) -> list[Passage]:
        """The passages of the article that state a triple."""
        return [p for p in self.passages if triple in p.triples]

    # Words

    def words(self, passage: Passage, *, far: bool = False) -> str:
        """The quotes of a passage and of those that it is read with; `far`, of those that these are read with, too."""
        key = (passage.iri, far)
        if key not in self._quotes:
            found = [passage]
            for one in found if far else [passage]:
                found += [p for iri in one.read_with if (p := self._by_iri.get(iri)) and p not in found]
            self._quotes[key] = "\n".join(p.quote for p in found)
        return self._quotes[key]

    def named(self, thing: NamedNode, passage: Passage) -> bool:
        """Whether the passage, or one that it is directly read with, surely names a thing: by a label of it, whole."""
        return any(whole(name, self.words(passage)) for name in self.names.get(thing, ()))

    def perhaps_named(self, thing: NamedNode, passage: Passage) -> bool:
        """Whether it may be named: a word alike one of its names or classes, a mention, or no name by which to tell.

        All passages count that are read with it, at whatever distance.
        """
        if (thing, passage.iri) not in self._perhaps:
            names, words = self.names.get(thing, set()), self.words(passage, far=True)
            kinds = {label for kind in self.stated_kinds.get(thing, ()) if (label := self.class_labels.get(kind))}
            alike = not names or any(alike_words(name, words) for name in names | kinds)
            self._perhaps[thing, passage.iri] = alike or thing in self._mentioned(passage)
        return self._perhaps[thing, passage.iri]

    def _mentioned(self, passage: Passage) -> set[Term]:
        """What the description of a passage leads to, and its facts are about, by whatever way."""
        led: list[Term] = [NamedNode(passage.iri)]
        for node in led:
            led += [t.object for t in self.evidence.description if t.subject == node and t.object not in led]
        return {x for x in led if is_thing(x)}

    def overlapping(self, passage: Passage) -> list[Passage]:
        """The passages whose words are among those of a passage or the other way round, and those it is read with."""
        near = {passage.iri, *passage.read_with}
        return [
            p
            for p in self.passages
            if p.iri in near or passage.iri in p.read_with or (p.start < passage.end and passage.start < p.end)
        ]


def is_thing(term: object) -> TypeGuard[NamedNode]:
    """Whether a term is a thing of the graph, under id:."""
    return isinstance(term, NamedNode) and term.value.startswith(ID)


def value(term: object) -> str:
    """An IRI or a lexical form; empty for what has neither."""
    return str(getattr(term, "value", ""))


def quads(passage: Passage, triples: Iterable[Triple]) -> tuple[Quad, ...]:
    """Statements of a passage, as quads."""
    return tuple(Quad(t.subject, t.predicate, t.object, NamedNode(passage.iri)) for t in triples)


def whole(name: str, text: str) -> bool:
    """Whether a text has a name in whole words, capitals as they are."""
    return bool(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text))


def alike_words(name: str, text: str) -> bool:
    """Whether a text has a word that begins like a word of a name: “Turkish” and “Turkey”."""
    words = {w.lower() for w in _WORD.findall(text)}
    stems = [w.lower()[:_STEM] for w in _WORD.findall(name) if len(w) > 2 and w.lower() not in _SMALL]
    return any(word.startswith(stem) for word in words for stem in stems)


def _is(t: Triple, kind: str) -> bool:
    return t.predicate == TYPE and value(t.object) == kind and isinstance(t.subject, NamedNode)


def _reached(start: str, links: dict[str, set[str]]) -> set[str]:
    found = [start]
    for one in found:
        found += sorted(links.get(one, set()) - set(found))
    return set(found)
