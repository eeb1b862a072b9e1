"""JSON-LD 1.1 for people who write JavaScript: short names, labels by language, and no lexical form lost.

- The context stands in the document, so nobody fetches one. It is made from the ontology and from the values at hand.
- A term is the local name of a class or a property; the ontology's own come first, others keep their prefix where the
  name is taken (`oa:prefix`, since `prefix` is the ontology's).
- IRIs of things are relative to the base: `"backer": "id/russia"`.
- A datatype stands in the context only where every value of the property has it; else it stands at the value. Numbers
  and booleans are strings, since those of JSON have no lexical forms: `01` would be 1.
"""

import json
import re
from collections.abc import Iterable, Sequence

from pyoxigraph import Literal, NamedNode, Triple

from kg.errors import InputError
from kg.export.serialize import PrefixedNames, by_subject, namespace
from kg.rdf.namespaces import OWL, PREFIXES, RDF, RDF_TYPE, XSD
from kg.rdf.terms import Term

BASE = "https://w3id.org/entente/"
_RELATIVE = re.compile(re.escape(BASE) + r"([a-z]+(?:/[A-Za-z0-9][A-Za-z0-9_.#-]*)?)\Z")
_TERM = re.compile(r"[A-Za-z][A-Za-z0-9_-]*\Z")
_KEYWORDS = {"id": "@id", "type": "@type"}
# Our own prefixes are relative IRIs here; `id:` would also clash with the alias of @id.
_PREFIXES = {prefix: ns for prefix, ns in PREFIXES.items() if not ns.startswith(BASE) or ns.endswith("#")}

Json = str | list["Json"] | dict[str, "Json"]


def write(triples: Iterable[Triple], ontology: Sequence[Triple]) -> str:
    """The triples in JSON-LD 1.1: one `@graph`, sorted by `@id`. Raises InputError for a triple that is an object."""
    subjects = by_subject(triples)
    context = _Context(subjects, ontology)
    nodes = [context.node(s, subjects[s]) for s in sorted(subjects, key=lambda s: getattr(s, "value", str(s)))]
    document: Json = {"@context": context.definitions(), "@graph": list(nodes)}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


class _Context:
    """What each name means, and how the values of each property are written."""

    def __init__(self, subjects: dict[Term, dict[NamedNode, list[Term]]], ontology: Sequence[Triple]) -> None:
        self._names = PrefixedNames(_PREFIXES)
        values: dict[str, list[Term]] = {}
        for properties in subjects.values():
            for predicate, objects in properties.items():
                values.setdefault(predicate.value, []).extend(objects)
        classes = {c.value for c in values.get(RDF_TYPE, ()) if isinstance(c, NamedNode)}
        self._terms = _terms(_declared(ontology), {*values, *classes})
        self._used: dict[str, str] = {}
        self._coercions = {iri: self._coercion(objects) for iri, objects in values.items() if iri != RDF_TYPE}
        self._coercions[RDF_TYPE] = {}  # `type` is the alias of a keyword; a literal as type is written in full

    def definitions(self) -> Json:
        """The context, as it stands in the document, once all nodes are made."""
        terms: dict[str, Json] = {}
        for iri, coercion in self._coercions.items():
            if coercion:
                terms[self._vocabulary(iri)] = {"@id": self._prefixed(iri), **coercion}
        for name, iri in self._used.items():
            terms.setdefault(name, self._prefixed(iri))
        prefixes = dict(sorted(self._names.used.items()))
        return {"@base": BASE, **prefixes, **_KEYWORDS, **dict(sorted(terms.items()))}

    def node(self, subject: Term, properties: dict[NamedNode, list[Term]]) -> Json:
        """One subject with all its values."""
        node: dict[str, Json] = {"id": self._reference(subject)}
        for predicate, objects in properties.items():
            classes = [o for o in objects if not isinstance(o, Literal)] if predicate.value == RDF_TYPE else []
            if classes:
                node["type"] = _one_or_many([self._class(o) for o in classes])
            if values := [o for o in objects if o not in classes]:
                node[self._vocabulary(predicate.value)] = self._values(self._coercions[predicate.value], values)
        return node

    def _coercion(self, objects: list[Term]) -> dict[str, Json]:
        """What the context can say of all values of a property at once; nothing where they differ."""
        if all(isinstance(o, NamedNode) and self._known(o.value) for o in objects):
            return {"@type": "@vocab"}
        if not any(isinstance(o, Literal) for o in objects):
            return {"@type": "@id"}
        literals = [o for o in objects if isinstance(o, Literal)]
        if len(literals) < len(objects):
            return {}
        if all(o.language for o in literals):
            return {"@container": "@language"}
        kinds = {o.datatype.value for o in literals}
        if len(kinds) == 1 and not kinds & {XSD + "string", RDF + "langString", RDF + "JSON"}:
            return {"@type": self._prefixed(kinds.pop())}
        return {}

    def _values(self, coercion: dict[str, Json], objects: list[Term]) -> Json:
        if "@container" in coercion:
            return self._by_language([o for o in objects if isinstance(o, Literal)])
        return _one_or_many([self._value(coercion.get("@type"), o) for o in objects])

    def _by_language(self, literals: list[Literal]) -> Json:
        by_language: dict[str, list[Json]] = {}
        for literal in literals:
            by_language.setdefault(literal.language or "", []).append(literal.value)
        return {language: _one_or_many(values) for language, values in by_language.items()}

    def _value(self, coerced: Json | None, term: Term) -> Json:
        if not isinstance(term, Literal):
            if coerced == "@vocab" and isinstance(term, NamedNode):
                return self._vocabulary(term.value)
            return self._reference(term) if coerced else {"id": self._reference(term)}
        if coerced or term.datatype.value == XSD + "string":
            return term.value
        if term.language:
            return {"@value": term.value, "@language": term.language}
        return {"@value": term.value, "@type": self._prefixed(term.datatype.value)}

    def _prefixed(self, iri: str) -> str:
        return self._names.short(iri) or iri

    def _class(self, term: Term) -> str:
        return self._vocabulary(term.value) if isinstance(term, NamedNode) else self._reference(term)

    def _reference(self, term: Term) -> str:
        """A node's IRI: relative below the base, prefixed where it is a term of a vocabulary."""
        if isinstance(term, Triple):
            raise InputError("JSON-LD cannot carry a triple as a value", hint="choose another format, such as turtle")
        if not isinstance(term, NamedNode):
            return str(term)
        found = _RELATIVE.match(term.value)
        return found[1] if found else self._prefixed(term.value)

    def _known(self, iri: str) -> bool:
        return iri in self._terms or any(iri.startswith(namespace) for namespace in _PREFIXES.values())

    def _vocabulary(self, iri: str) -> str:
        """The name of a class, a property or a value that is a term of a vocabulary."""
        if name := self._terms.get(iri):
            self._used[name] = iri
            return name
        return self._prefixed(iri)


def _terms(declared: set[str], used: set[str]) -> dict[str, str]:
    """A name for each IRI: its local name, for the first that wants it."""
    ranks = {namespace: rank for rank, namespace in enumerate(_PREFIXES.values())}
    taken = {*_PREFIXES, *_KEYWORDS}
    terms: dict[str, str] = {}
    wanted = [*sorted(declared), *sorted(used - declared, key=lambda iri: (ranks.get(namespace(iri), 99), iri))]
    for iri in wanted:
        name = iri[len(namespace(iri)) :]
        if namespace(iri) in ranks and _TERM.match(name) and name not in taken:
            taken.add(name)
            terms[iri] = name
    return terms


def _declared(ontology: Sequence[Triple]) -> set[str]:
    """What the ontology gives a type: its classes, properties and values."""
    typed = (t for t in ontology if t.predicate.value == RDF_TYPE and t.object != NamedNode(OWL + "Ontology"))
    return {t.subject.value for t in typed if isinstance(t.subject, NamedNode)}


def _one_or_many(values: Sequence[Json]) -> Json:
    return values[0] if len(values) == 1 else list(values)
