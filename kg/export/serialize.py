"""RDF serializations: Turtle and TriG for people, N-Triples and N-Quads for streams, RDF/XML and JSON-LD for tools.

- Turtle and TriG 1.1 declare the prefixes that are used, put things before evidence, and part subjects by a blank line.
  The writer is our own, since every lexical form must come back: rdflib makes `1` of a bare `01`, so only a canonical
  integer stands bare (Turtle 1.1 §2.5.2), and every other literal names its datatype.
- RDF/XML refuses what it cannot carry (InputError): RDF 1.1 XML Syntax §2.6 asks for predicates and classes that are
  XML names, and XML 1.0 §2.2 forbids most control characters.
- JSON-LD 1.1 is for people who write JavaScript. A term is the local name of a class or a property; the ontology's own
  come first, others keep their prefix where the name is taken (`oa:prefix`, since `prefix` is the ontology's). IRIs of
  things are relative to the base: `"backer": "id/russia"`. A datatype stands in the context only where every value of
  the property has it; else it stands at the value. Numbers and booleans are strings, since those of JSON have no
  lexical forms: `01` would be 1.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, serialize

from kg.errors import NOT_XML, InputError
from kg.rdf.namespaces import (
    ALT_LABEL,
    ARTICLE,
    BACKGROUND,
    CLAIM,
    DATASET,
    ENT,
    ID,
    INFERRED_GRAPH,
    ONTOLOGY_GRAPH,
    OWL,
    PREFIXES,
    RDF,
    RDF_TYPE,
    RDFS_LABEL,
    XSD,
    compact,
)
from kg.rdf.terms import Term

# The order of subjects and predicates

_SUBJECTS = (DATASET, ID, ARTICLE, BACKGROUND, INFERRED_GRAPH, ONTOLOGY_GRAPH, CLAIM)
_PREDICATES = (RDF_TYPE, RDFS_LABEL, ALT_LABEL, RDF + "subject", RDF + "predicate", RDF + "object")


def by_subject(triples: Iterable[Triple]) -> dict[Term, dict[NamedNode, list[Term]]]:
    """The objects of each predicate of each subject, all in order and each once."""
    grouped: dict[Term, dict[NamedNode, set[Term]]] = {}
    for t in triples:
        grouped.setdefault(t.subject, {}).setdefault(t.predicate, set()).add(t.object)
    predicates = sorted({p for values in grouped.values() for p in values}, key=_predicate_key)
    rank = {p: n for n, p in enumerate(predicates)}
    return {
        s: {p: sorted(grouped[s][p], key=str) for p in sorted(grouped[s], key=rank.__getitem__)}
        for s in sorted(grouped, key=_subject_key)
    }


def _subject_key(term: Term) -> tuple[int, str, str]:
    """The dataset, things, articles with their passages, background, claims, the rest; `unit-2` before `unit-10`."""
    text = term.value if isinstance(term, NamedNode) else str(term)
    rank = next((i for i, start in enumerate(_SUBJECTS) if text.startswith(start)), len(_SUBJECTS))
    return rank, re.sub(r"[0-9]+", lambda m: m[0].zfill(8), text), text


def _predicate_key(term: NamedNode) -> tuple[int, str]:
    """Types, then labels, then the parts of a claim as they are read, then the rest by IRI."""
    return _PREDICATES.index(term.value) if term.value in _PREDICATES else len(_PREDICATES), term.value


# Turtle and TriG

_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?\Z")
_INTEGER = re.compile(r"(?:0|-?[1-9][0-9]*)\Z")


def namespace(iri: str) -> str:
    """An IRI up to its last `#` or `/`; empty where it has none."""
    return iri[: max(iri.rfind("#"), iri.rfind("/")) + 1]


class PrefixedNames:
    """Writes terms with prefixed names where a prefix fits; `used` are the prefixes needed so far."""

    def __init__(self, prefixes: dict[str, str]) -> None:
        self._prefix_of = {namespace: prefix for prefix, namespace in prefixes.items()}
        self.used: dict[str, str] = {}
        self._terms: dict[Term, str] = {}

    def short(self, iri: str) -> str | None:
        """The prefixed name of an IRI; None where no prefix fits."""
        start = namespace(iri)
        prefix = self._prefix_of.get(start)
        if prefix is None or not _LOCAL.match(iri, len(start)):
            return None
        self.used[prefix] = start
        return f"{prefix}:{iri[len(start) :]}"

    def term(self, term: Term) -> str:
        """A term in Turtle."""
        if (known := self._terms.get(term)) is None:
            known = self._terms[term] = self._written(term)
        return known

    def _written(self, term: Term) -> str:
        if isinstance(term, NamedNode):
            return self.short(term.value) or str(term)
        if not isinstance(term, Literal) or term.language or term.datatype.value == XSD + "string":
            return str(term)
        if term.datatype.value == XSD + "integer" and _INTEGER.match(term.value):
            return term.value
        return f"{Literal(term.value)}^^{self.term(term.datatype)}"


def turtle(triples: Sequence[Triple], named: Iterable[Quad] = ()) -> str:
    """The triples in Turtle 1.1; with the quads of named graphs, in TriG 1.1."""
    names = PrefixedNames(PREFIXES | article_prefixes(triples))
    body = list(_blocks(triples, names, ""))
    graphs: dict[NamedNode, list[Triple]] = {}
    for q in named:
        if isinstance(q.graph_name, NamedNode):
            graphs.setdefault(q.graph_name, []).append(q.triple)
    for graph in sorted(graphs, key=_subject_key):
        blocks = "\n".join(_blocks(graphs[graph], names, "    "))
        body.append(f"{names.term(graph)} {{\n{blocks}}}\n")
    head = "".join(f"@prefix {prefix}: <{names.used[prefix]}> .\n" for prefix in sorted(names.used))
    return "\n".join([head, *body])


def article_prefixes(triples: Iterable[Triple]) -> dict[str, str]:
    """A prefix for the passages of each article: `turkey-russia:` for those of `2018-04-turkey-russia`."""
    article = NamedNode(ENT + "Article")
    found = {t.subject.value for t in triples if t.object == article and isinstance(t.subject, NamedNode)}
    prefixes: dict[str, str] = {}
    for name in sorted(iri.removeprefix(ARTICLE) for iri in found if iri.startswith(ARTICLE)):
        short = re.sub(r"\A[^A-Za-z]+", "", name)
        if not short or short in prefixes or short in PREFIXES:
            short = f"article-{name}"
        if re.fullmatch(r"[A-Za-z](?:[A-Za-z0-9_-]*)", short):
            prefixes[short] = f"{ARTICLE}{name}#"
    return prefixes


def _blocks(triples: Iterable[Triple], names: PrefixedNames, margin: str) -> Iterator[str]:
    """One block per subject, each ending in a line break."""
    for subject, values in by_subject(triples).items():
        rows = [
            f"{'a' if p.value == RDF_TYPE else names.term(p)} {' , '.join(map(names.term, objects))}"
            for p, objects in values.items()
        ]
        yield f"{margin}{names.term(subject)} " + f" ;\n{margin}    ".join(rows) + " .\n"


# N-Triples and N-Quads


def lines(triples: Iterable[Triple], named: Iterable[Quad] | None = None) -> bytes:
    """The triples in N-Triples; with the quads of named graphs, in N-Quads; sorted."""
    if named is None:
        return serialize(sorted(set(triples), key=str), format=RdfFormat.N_TRIPLES) or b""
    quads = {*(Quad(t.subject, t.predicate, t.object) for t in triples), *named}
    return serialize(sorted(quads, key=str), format=RdfFormat.N_QUADS) or b""


# RDF/XML

# NameStartChar and NameChar without the colon (Namespaces in XML 1.0 §3): what a QName's local part is made of.
_START = "A-Z_a-z\xc0-\xd6\xd8-\xf6\xf8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef"
_START += "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
_NAME = re.compile(f"[{_START}][{_START}0-9.\xb7\u0300-\u036f\u203f\u2040-]*\\Z")
_RESERVED = {
    RDF + n for n in ("RDF", "ID", "about", "parseType", "resource", "nodeID", "datatype", "Description", "li")
}


def rdfxml(triples: Iterable[Triple]) -> str:
    """The triples in RDF/XML. Raises InputError for a predicate, a class or a text that XML cannot carry."""
    ordered = [
        Triple(subject, predicate, value)  # type: ignore[arg-type]
        for subject, values in by_subject(triples).items()
        for predicate, objects in values.items()
        for value in objects
    ]
    elements = {iri for t in ordered for iri in _checked_elements(t)}
    prefixes = {prefix: ns for prefix, ns in PREFIXES.items() if any(iri.startswith(ns) for iri in elements)}
    data = serialize(ordered, format=RdfFormat.RDF_XML, prefixes=prefixes) or b""
    # The serializer leaves CR as it is, and a parser of XML reads that as LF (XML 1.0 §2.11).
    return data.decode().replace("\r", "&#13;") + "\n"


def _checked_elements(t: Triple) -> list[str]:
    """The IRIs that name XML elements: the predicate, and a class."""
    elements = [t.predicate.value]
    if t.predicate.value == RDF_TYPE and isinstance(t.object, NamedNode):
        elements.append(t.object.value)
    for iri in elements:
        if not _NAME.search(iri) or iri in _RESERVED:
            message = f"RDF/XML cannot write {compact(iri)}: it is no XML name"
            hint = "choose another format, such as turtle, or another name for the term"
            raise InputError(message, hint=hint, rule="xml-name")
    if isinstance(t.object, Literal) and (bad := re.search(NOT_XML, t.object.value)):
        where = f"the {compact(t.predicate.value)} of {compact(t.subject.value)}"  # type: ignore[union-attr]
        message = f"RDF/XML cannot carry the character U+{ord(bad[0]):04X} in {where}"
        raise InputError(message, hint="choose another format, such as turtle", rule="xml-character")
    return elements


# JSON-LD: the context stands in the document, so that nobody fetches one

BASE = "https://w3id.org/entente/"
_RELATIVE = re.compile(re.escape(BASE) + r"([a-z]+(?:/[A-Za-z0-9][A-Za-z0-9_.#-]*)?)\Z")
_TERM = re.compile(r"[A-Za-z][A-Za-z0-9_-]*\Z")
_KEYWORDS = {"id": "@id", "type": "@type"}
# Our own prefixes are relative IRIs here; `id:` would also clash with the alias of @id.
_PREFIXES = {prefix: ns for prefix, ns in PREFIXES.items() if not ns.startswith(BASE) or ns.endswith("#")}

Json = str | list["Json"] | dict[str, "Json"]


def jsonld(triples: Iterable[Triple], ontology: Sequence[Triple]) -> str:
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
