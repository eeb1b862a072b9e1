"""Labels of a dataset, in both directions: the label of an IRI, and the IRI that a user means by a label.

Labels are looked up without regard to case and accents; one that fits several things is an error that lists them.
What a thing is called where it has no label of its own, and the title of an article, count where no label fits.
"""

import unicodedata
from collections.abc import Iterable
from functools import cached_property
from itertools import chain, islice
from typing import TYPE_CHECKING

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from kg.errors import UsageError, did_you_mean
from kg.rdf import namespaces
from kg.rdf.namespaces import (
    ALT_LABEL,
    DCTERMS,
    ENT,
    ID,
    ONTOLOGY_GRAPH,
    RDF,
    RDF_TYPE,
    RDFS,
    SKOS,
    compact,
    expand,
    readable,
)
from kg.rdf.terms import QuadStore, Term

if TYPE_CHECKING:
    from kg.dataset.sentences import Sentences

_LABELS = (NamedNode(RDFS + "label"), NamedNode(ALT_LABEL))
_COMPUTED = NamedNode(ENT + "computedLabel")
_TITLE = NamedNode(DCTERMS + "title")
_GRAPHS = (DefaultGraph(), NamedNode(ONTOLOGY_GRAPH))
_MOST_COUNTED = 1000  # things, and statements of each, among which the one with most is found
_KEPT = 50_000  # look-ups of sentences: most are of what is looked up again and again
_APOSTROPHES = str.maketrans(dict.fromkeys("‘’ʼ´`′", "'"))
# Terms of other vocabularies, as they read in a sentence.
_FOREIGN = {RDF_TYPE: "is a", RDFS + "label": "name", ALT_LABEL: "also called", SKOS + "exactMatch": "same as"}
_PROPER_NAMES = f"""
    SELECT DISTINCT ?name {{
        VALUES ?kind {{ <{ENT}Actor> <{ENT}Place> }}
        ?thing a ?kind ; <{RDFS}label>|<{ALT_LABEL}> ?name
    }}"""


def fold(name: str) -> str:
    """A name as it is compared: case, accents, kinds of apostrophe and extra spaces do not matter."""
    if name.isascii():
        return " ".join(name.replace("`", "'").casefold().split())
    flat = unicodedata.normalize("NFKD", name.translate(_APOSTROPHES)).casefold()
    return " ".join("".join(c for c in flat if not unicodedata.combining(c)).split())


class Labels:
    """The labels of a dataset; the index by label is made on first use."""

    def __init__(self, store: QuadStore) -> None:
        self._store, self._words = store, _Words(store)

    def label(self, term: Term | None) -> str:
        """A term as people read it: its shortest label, the value of a literal, or a name made from the IRI."""
        if isinstance(term, Literal):
            return term.value
        if not isinstance(term, NamedNode):
            return "" if term is None else str(term)
        if term.value in _FOREIGN:
            return _FOREIGN[term.value]
        for predicate in (_LABELS[0], _COMPUTED, _LABELS[1]):
            for graph in _GRAPHS:
                found = [q.object.value for q in self._naming(predicate, graph, term)]  # type: ignore[union-attr]
                if found:
                    return min(found, key=lambda x: (len(x), x))
        if not term.value.startswith(ID):
            return compact(term.value)
        return self.sentences.noun_phrase(term).text or self._words(term.value)  # without a lexicon, as others call it

    @cached_property
    def sentences(self) -> "Sentences":
        """What says the facts of the dataset in sentences."""
        from kg.dataset.sentences import Sentences

        return Sentences.of_store(self._store, self._words, kept=_KEPT)

    def _naming(self, predicate: NamedNode, graph: DefaultGraph | NamedNode, of: NamedNode | None = None) -> list[Quad]:
        """The quads that name things; articles and passages are none, whatever a file calls them."""
        return _of_things(self._store.quads_for_pattern(of, predicate, None, graph))

    def kinds(self, thing: NamedNode, classes: Iterable[Term] | None = None) -> list[str]:
        """The labels of the most specific of its `classes`, by default all: those with no subclass among them."""
        find, subclass_of = self._store.quads_for_pattern, NamedNode(RDFS + "subClassOf")
        if classes is None:
            classes = (q.object for q in find(thing, NamedNode(RDF_TYPE), None, DefaultGraph()))
        found = set(classes)
        above = {q.object for c in found for q in find(c, subclass_of, None, _GRAPHS[1])}
        return [self.label(c) for c in sorted(found - above, key=str) if isinstance(c, NamedNode)]

    def resolve(self, name: str, kind: str = "") -> NamedNode:
        """The thing that a user means by an IRI, a prefixed name or a label, else by a computed label or a title.

        `kind` is the IRI of a class: where a label fits several things, one of that class is preferred. Raises
        UsageError where nothing fits, with the names that come close, and where several things do, with all of them.
        """
        if thing := self._by_iri(name):
            return thing
        found = [NamedNode(i) for i in self._labelled(fold(name))]
        if not found and name.isalnum() and self.known(NamedNode(ENT + name)):
            found = [NamedNode(ENT + name)]
        found = found or [NamedNode(i) for i in self._by_listed.get(fold(name), ())]
        if kind and len(found) > 1:
            found = [t for t in found if Quad(t, NamedNode(RDF_TYPE), NamedNode(kind)) in self._store] or found
        if len(found) > 1:  # terms of the ontology come last
            found = [t for t in found if not t.value.startswith(ENT)] or found
        if len(found) == 1:
            return found[0]
        if found:
            lines = "\n".join(f"{compact(t.value)}  ({', '.join(self.kinds(t)) or 'thing'})" for t in found)
            message = f"“{name}” is the name of {len(found)} things"
            raise UsageError(message, hint=f"say which one:\n{lines}", rule="ambiguous")
        raise UsageError(f"the graph knows no “{name}”", hint=self._close(name), rule="unknown-thing")

    def resolve_shown(self, name: str) -> NamedNode:
        """The thing that a user wants to see: as `resolve`, but where a label is that of a class, its only thing."""
        found = self.resolve(name)
        if not found.value.startswith(ENT) or found == self._by_iri(name):
            return found
        things = self.things_of(found)
        return things[0] if len(things) == 1 else found

    def things_of(self, kind: NamedNode) -> list[NamedNode]:
        """The things of a class, in the order of their names."""
        rows = self._store.quads_for_pattern(None, NamedNode(RDF_TYPE), kind, DefaultGraph())
        found = {q.subject for q in rows if isinstance(q.subject, NamedNode) and q.subject.value.startswith(ID)}
        return sorted(found, key=lambda thing: thing.value)

    def named(self, name: str) -> list[str]:
        """The IRIs of all that has a label, else a computed one or a title; terms of the ontology are none."""
        found = [iri for iri in self._labelled(fold(name)) if not iri.startswith(ENT)]
        return found or [*self._by_listed.get(fold(name), ())]

    def _by_iri(self, name: str) -> NamedNode | None:
        iri = name[1:-1] if name.startswith("<") and name.endswith(">") else name
        iri = iri if "://" in iri else expand(iri) or ""
        try:
            thing = NamedNode(iri)
        except ValueError:  # no IRI, so it is looked up as a label
            return None
        return thing if self.known(thing) else None

    def known(self, thing: NamedNode) -> bool:
        """Whether a quad of the dataset has a thing as subject or object."""
        patterns = ((thing, None), (None, thing))
        return any(True for s, o in patterns for _ in self._store.quads_for_pattern(s, None, o, None))

    def _labelled(self, folded: str) -> Iterable[str]:
        """The IRIs of all that has a label, given as `fold` has it."""
        alike = getattr(self._store, "quads_with_text", None)  # of a dataset elsewhere: all labels may be too many
        if alike is None:
            return self._by_name.get(folded, ())
        rows = [*_of_things(alike(_LABELS, folded)), *(q for p in _LABELS for q in self._naming(p, _GRAPHS[1]))]
        return _by_label(rows).get(folded, ())

    @cached_property
    def _by_name(self) -> dict[str, dict[str, None]]:
        return _by_label(q for p in _LABELS for graph in _GRAPHS for q in self._naming(p, graph))

    @cached_property
    def _by_listed(self) -> dict[str, dict[str, None]]:
        """The things without a label by what they are listed as, and the articles by their titles."""
        find = self._store.quads_for_pattern
        found = dict[str, dict[str, None]]()
        typed = {q.subject for q in find(None, NamedNode(RDF_TYPE), None, DefaultGraph())}
        claimed = {q.object for q in find(None, NamedNode(RDF + "subject"), None, DefaultGraph())}
        things = [t.value for t in typed | claimed if isinstance(t, NamedNode) and t.value.startswith(ID)]
        listed = {(iri, self.label(NamedNode(iri))) for iri in things}
        titles = {(q.subject.value, q.object.value) for q in self._titled()}  # type: ignore[union-attr]
        for iri, name in sorted(listed | titles):
            found.setdefault(fold(name), {})[iri] = None
        return found

    def _titled(self) -> list[Quad]:
        find = self._store.quads_for_pattern
        found = find(None, _TITLE, None, DefaultGraph())
        return [q for q in found if q.subject.value.startswith(namespaces.ARTICLE)]  # type: ignore[union-attr]

    @property
    def titles(self) -> list[str]:
        """The titles of all articles."""
        return sorted({q.object.value for q in self._titled()})  # type: ignore[union-attr]

    def _close(self, name: str) -> str:
        names = {fold(x): f"“{x}”" for x in self.names()}
        wanted = fold(name)
        parts = [x for x in names if len(min(x, wanted, key=len)) > 3 and (x in wanted or wanted in x)]
        hint = did_you_mean(wanted, names, most=3, first=sorted(parts, key=len))
        hint = hint or did_you_mean(wanted, {x: f"“{x}”" for x in self._by_name})  # a term
        return hint or "see `kg show` for what it knows"

    def names(self, kind: str = "") -> list[str]:
        """All labels but those of terms of the ontology; or those of the things of a class, given by its IRI.

        Computed labels are among them; a thing of the class without any is there by its prefixed name.
        """
        find = self._store.quads_for_pattern
        rows = [q for p in (*_LABELS, _COMPUTED) for graph in _GRAPHS[: 1 + bool(kind)] for q in self._naming(p, graph)]
        if not kind:
            return sorted({q.object.value for q in rows if not q.subject.value.startswith(ENT)})  # type: ignore[union-attr]
        things = {q.subject for g in _GRAPHS for q in find(None, NamedNode(RDF_TYPE), NamedNode(kind), g)}
        others = {t.value for t in things - {q.subject for q in rows} if isinstance(t, NamedNode)}
        return sorted({*(q.object.value for q in rows if q.subject in things), *map(compact, others)})  # type: ignore[union-attr]

    @cached_property
    def reading_dates(self) -> tuple[str, str]:
        """The first and the last reading date of the articles; empty where there are none."""
        found = self._store.quads_for_pattern(None, NamedNode(ENT + "readingDate"), None, DefaultGraph())
        days = {q.object.value for q in found}  # type: ignore[union-attr]
        return min(days, default=""), max(days, default="")

    def most_stated(self, kind: str, others: Iterable[str] = ()) -> str:
        """The prefixed name of the thing of a class (IRI; empty: any) in most statements; empty without any.

        It is none of the `others`, and best one that stands with them in a relation or an event. Of very many things,
        those that come first are looked at.
        """
        find, counts = self._store.quads_for_pattern, dict[str, tuple[int, int]]()
        typed = (q.subject for q in find(None, NamedNode(RDF_TYPE), NamedNode(kind) if kind else None, DefaultGraph()))
        things = (t for t in typed if isinstance(t, NamedNode) and t.value.startswith(ID))
        beside = {x for other in others if (iri := expand(other)) for x in self._around(NamedNode(iri))}
        for thing in islice(dict.fromkeys(things), _MOST_COUNTED):
            around = self._around(thing)
            counts[compact(thing.value)] = len(beside & set(around)), len(around)
        return min(counts.keys() - set(others), key=lambda name: (*(-n for n in counts[name]), name), default="")

    def _around(self, thing: NamedNode) -> list[Term]:
        """The other ends of the statements of a thing, but for its classes; of many, those that come first."""
        find = self._store.quads_for_pattern
        of = (q.object for q in find(thing, None, None, DefaultGraph()) if q.predicate.value != RDF_TYPE)
        to = (q.subject for q in find(None, None, thing, DefaultGraph()))
        return [*islice(chain(to, of), _MOST_COUNTED)]

    def properties(self, thing: NamedNode) -> list[str]:
        """The names of the properties that a thing has, those of the ontology by their local names."""
        rows = self._store.quads_for_pattern(thing, None, None, DefaultGraph())
        return sorted({compact(q.predicate.value).removeprefix("ent:") for q in rows})


def _of_things(quads: Iterable[Quad]) -> list[Quad]:
    return [q for q in quads if not q.subject.value.startswith(namespaces.ARTICLE)]  # type: ignore[union-attr]


def _by_label(quads: Iterable[Quad]) -> dict[str, dict[str, None]]:
    """The subjects by their labels, as `fold` has these."""
    found = dict[str, dict[str, None]]()
    for subject, value in sorted({(q.subject.value, q.object.value) for q in quads}):  # type: ignore[union-attr]
        found.setdefault(fold(value), {})[subject] = None
    return found


class _Words:
    """Makes a name of an IRI, proper names in it with their capitals: “Assad side”."""

    def __init__(self, store: QuadStore) -> None:
        self._store = store

    def __call__(self, iri: str) -> str:
        return " ".join(self._proper.get(word, word) for word in readable(iri).split(" "))

    @cached_property
    def _proper(self) -> dict[str, str]:
        """The capitalised words in the names of actors and places, by how they are compared."""
        found = self._store.query(_PROPER_NAMES)
        words = sorted({word for (name,) in found for word in str(name.value).split() if word[0].isupper()})
        return {fold(word): word for word in reversed(words)}
