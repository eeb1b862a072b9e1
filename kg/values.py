"""The values of literals, as the datatype rules of OWL 2 RL compare them: dt-eq, dt-diff, dt-not-type.

Two literals are the same where their values are identical (XSD 1.1 Part 2 §2.2.1): `"01"^^xsd:integer` and
`"1.0"^^xsd:decimal` are, `"1"^^xsd:integer` and `"1"^^xsd:double` are not. Of a datatype that OWL 2 RL does not have
nothing is said.
"""

import re
from collections.abc import Callable, Iterable, Iterator

from pyoxigraph import Literal, NamedNode

from kg import literals
from kg.vocabulary import RDF, RDFS, XSD

_INTEGERS = (
    *("integer", "nonNegativeInteger", "positiveInteger", "nonPositiveInteger", "negativeInteger", "long", "int"),
    *("short", "byte", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte"),
)
_STRINGS = ("string", "normalizedString", "token", "language", "Name", "NCName", "NMTOKEN")
# The datatypes of OWL 2 RL (W3C OWL 2 Profiles §4.2.2), each with the primitive one to whose values its own belong.
_PRIMITIVE = {
    **dict.fromkeys((XSD + t for t in (*_INTEGERS, "decimal")), "decimal"),
    **dict.fromkeys((XSD + t for t in _STRINGS), "string"),
    **{XSD + t: t for t in ("float", "double", "boolean", "hexBinary", "base64Binary", "anyURI")},
    XSD + "dateTime": "dateTime",
    XSD + "dateTimeStamp": "dateTime",
    RDF + "langString": "langString",
    RDF + "XMLLiteral": "XMLLiteral",
}
DATATYPES = frozenset(_PRIMITIVE) | {RDFS + "Literal", RDF + "PlainLiteral"}
_LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"(?:\^\^<(.*)>|@(.*))?', re.DOTALL)

Value = tuple[str, ...]


def is_datatype(iri: str) -> bool:
    """Whether the rules know which values a datatype has."""
    return iri in _PRIMITIVE or iri == RDF + "PlainLiteral"


def value(text: str) -> Value | None:
    """The value of a literal in N-Triples, as its primitive datatype and a normal form; None where none is known."""
    form, datatype = _parts(text)
    primitive = _PRIMITIVE.get(datatype)
    if primitive is None or (primitive not in _AS_THEY_ARE and literals.problem(_literal(form, datatype))):
        return None
    if primitive == "langString":
        return primitive, form, text.rpartition("@")[2].lower()
    return primitive, _NORMAL.get(primitive, str)(form)


_AS_THEY_ARE = frozenset({"string", "langString", "anyURI", "XMLLiteral"})


def equal(texts: Iterable[str]) -> Iterator[list[int]]:
    """The places of literals that have the same value, in groups of two and more."""
    groups: dict[Value, list[int]] = {}
    for place, text in enumerate(texts):
        if text[0] == '"' and text[-1] == ">" and (found := value(text)):
            groups.setdefault(found, []).append(place)
    return (group for group in groups.values() if len(group) > 1)


def belongs(text: str, datatype: str) -> bool:
    """Whether the value of a literal in N-Triples is one of a datatype's; True where that cannot be said."""
    own = _parts(text)[1]
    if own not in _PRIMITIVE:
        return True
    found = value(text)
    if found is None:
        return False
    if datatype == RDF + "PlainLiteral":
        return found[0] in ("string", "langString")
    if found[0] != _PRIMITIVE[datatype]:
        return False
    return found[0] in _AS_THEY_ARE - {"string"} or literals.problem(_literal(found[1], datatype)) is None


def _parts(text: str) -> tuple[str, str]:
    match = _LITERAL.fullmatch(text)
    if match is None:
        return "", ""  # a triple term of RDF 1.2, or no literal at all
    return match[1], RDF + "langString" if match[3] else match[2] or XSD + "string"


def _literal(form: str, datatype: str) -> Literal:
    return Literal(form, datatype=NamedNode(datatype))


def _decimal(form: str) -> str:
    whole, _, fraction = form.lstrip("+-").partition(".")
    number = f"{whole.lstrip('0') or '0'}.{fraction.rstrip('0')}".rstrip(".")
    return f"-{number}" if form.startswith("-") and number != "0" else number


def _float(form: str) -> str:
    return repr(float(form))


def _date_time(form: str) -> str:
    return re.sub(r"(\.\d*?)0+(?=\D|$)", r"\1", re.sub(r"[+-]00:00$", "Z", form)).replace(".Z", "Z").rstrip(".")


def _boolean(form: str) -> str:
    return {"1": "true", "0": "false"}.get(form, form)


def _base64(form: str) -> str:
    return form.replace(" ", "")


_NORMAL: dict[str, Callable[[str], str]] = {
    "decimal": _decimal,
    "double": _float,
    "float": _float,
    "boolean": _boolean,
    "dateTime": _date_time,
    "hexBinary": str.upper,
    "base64Binary": _base64,
}
