"""The gazetteer: what a graph folder knows by name: things, the ontology's classes, and offices.

Of names within each other the longest is found (“Turkish President”, not “Turkish”); a name of several things gives all
of them.
"""

from collections.abc import Iterable, Iterator

from pyoxigraph import BlankNode, Literal, Triple

from kg.rdf.namespaces import ALT_LABEL, ENT, ID, OWL, RDF_TYPE, RDFS, RDFS_LABEL, SKOS, local_name, readable
from kg.rdf.terms import described, iri
from kg.source.documents import Sources
from kg.text.forms import NameMatcher

# Classes of evidence and of the states of facts, which things in facts never have.
_EVIDENCE = (
    *("Article", "Aside", "Background", "Claim", "Mention", "Passage"),
    *("Speech", "Unit", "UnitKind", "UnitReading"),
)
_NOT_FOR_THINGS = frozenset(ENT + name for name in (*_EVIDENCE, "Mode", "Status"))


class Gazetteer:
    """What the sources of a graph folder know by name; files that cannot be read are left out."""

    def __init__(self, sources: Sources) -> None:
        facts = [t for d in [*sources.background, *(a.facts for a in sources.articles)] for t in d.triples]
        axioms = [t for document in sources.ontology for t in document.triples]
        self._labels = {iri: name for name, iri in _named(axioms)}
        self._superclasses = _grouped(_links(axioms, RDFS + "subClassOf"))
        self._classes = _grouped(_links(facts, RDF_TYPE))
        self._capitals = dict(_links(facts, ENT + "capitalOf"))
        self._governments = {state: government for government, state in _links(facts, ENT + "governmentOf")}
        # The labels and aliases of the things in facts and background.
        self.things = NameMatcher((name, iri) for name, iri in _named(facts) if iri.startswith(ID))
        notes = (t for t in axioms if t.predicate.value == SKOS + "scopeNote" and "never typed" in str(t.object))
        inferred = {iri(t.subject) for t in notes}
        classes = {iri for iri, kind in _links(axioms, RDF_TYPE) if kind == OWL + "Class"}
        classes -= _NOT_FOR_THINGS | inferred
        names = [(name.lower(), iri) for name, iri in _named(axioms) if iri in classes]
        # The labels of the ontology's classes, in lower case, in the singular and with an s.
        self.classes = NameMatcher([*names, *((f"{name}s", iri) for name, iri in names)])
        # The classes of offices by what their holders are called, “president”: a restriction on ent:holdsOffice.
        self.offices = {self._labels[h].lower(): office for h, office in _offices(axioms) if h in self._labels}

    def government(self, city: str) -> str | None:
        """The government that a capital's name may stand for (model, rule 20), empty if unknown; None for others."""
        return self._governments.get(self._capitals[city], "") if city in self._capitals else None

    def kinds(self, thing: str) -> set[str]:
        """The classes that facts give to a thing, without superclasses of another of them."""
        found = self._classes.get(thing, set())
        return found - {above for kind in found for above in self._superclasses.get(kind, ())}

    def class_labels(self, thing: str) -> str:
        """The labels of a thing's classes, “armed group, opposition group”; “thing” where none is known."""
        labels = (self._labels.get(kind) or readable(local_name(kind)).lower() for kind in self.kinds(thing))
        return ", ".join(sorted(labels)) or "thing"


def _offices(axioms: list[Triple]) -> Iterator[tuple[str, str]]:
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
