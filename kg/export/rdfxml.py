"""RDF/XML, for tools that read nothing else; what XML cannot carry is refused, never changed.

RDF 1.1 XML Syntax §2.6 asks for predicates that are XML names, and XML 1.0 §2.2 forbids most control characters.
"""

import re
from collections.abc import Iterable, Sequence

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from kg.errors import InputError
from kg.export import turtle
from kg.rdf.namespaces import PREFIXES, RDF, RDF_TYPE, compact

FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# NameStartChar and NameChar without the colon (Namespaces in XML 1.0 §3): what a QName's local part is made of.
_START = "A-Z_a-z\xc0-\xd6\xd8-\xf6\xf8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef"
_START += "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
_NAME = re.compile(f"[{_START}][{_START}0-9.\xb7\u0300-\u036f\u203f\u2040-]*\\Z")
_RESERVED = {
    RDF + n for n in ("RDF", "ID", "about", "parseType", "resource", "nodeID", "datatype", "Description", "li")
}


def write(triples: Iterable[Triple]) -> str:
    """The triples in RDF/XML. Raises InputError for a predicate, a class or a text that XML cannot carry."""
    ordered = [
        Triple(subject, predicate, value)  # type: ignore[arg-type]
        for subject, values in turtle.by_subject(triples).items()
        for predicate, objects in values.items()
        for value in objects
    ]
    for triple in ordered:
        _check(triple)
    data = serialize(ordered, format=RdfFormat.RDF_XML, prefixes=_prefixes(ordered)) or b""
    # The serializer leaves CR as it is, and a parser of XML reads that as LF (XML 1.0 §2.11).
    return data.decode().replace("\r", "&#13;") + "\n"


def _check(t: Triple) -> None:
    elements = [t.predicate, *([t.object] if t.predicate.value == RDF_TYPE else [])]
    for term in elements:
        if isinstance(term, NamedNode) and (not _NAME.search(term.value) or term.value in _RESERVED):
            hint = "choose another format, such as turtle, or another name for the term"
            raise InputError(
                f"RDF/XML cannot write {compact(term.value)}: it is no XML name", hint=hint, rule="xml-name"
            )
    if isinstance(t.object, Literal) and (bad := FORBIDDEN.search(t.object.value)):
        where = f"the {compact(t.predicate.value)} of {compact(t.subject.value)}"  # type: ignore[union-attr]
        message = f"RDF/XML cannot carry the character U+{ord(bad[0]):04X} in {where}"
        raise InputError(message, hint="choose another format, such as turtle", rule="xml-character")


def _prefixes(triples: Sequence[Triple]) -> dict[str, str]:
    elements = {t.predicate.value for t in triples}
    elements |= {t.object.value for t in triples if t.predicate.value == RDF_TYPE and isinstance(t.object, NamedNode)}
    return {prefix: ns for prefix, ns in PREFIXES.items() if any(iri.startswith(ns) for iri in elements)}
