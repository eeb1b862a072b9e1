"""OWL graphs for tests of the reasoner: written in Turtle, or drawn at random as ontologies and facts."""

from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from kg.rdf.namespaces import OWL, RDF, RDF_TYPE, RDFS, XSD

HEAD = f"""\
@prefix : <https://example.org/> .
@prefix owl: <{OWL}> .
@prefix rdf: <{RDF}> .
@prefix rdfs: <{RDFS}> .
@prefix xsd: <{XSD}> .
"""
THINGS = [NamedNode(f"https://example.org/{x}") for x in "uvwxyz"]
CLASSES = [NamedNode(f"https://example.org/{x}") for x in "ABCDE"]
PROPERTIES = [NamedNode(f"https://example.org/{x}") for x in "pqrs"]
VALUES = [Literal("a"), Literal("7", datatype=NamedNode(XSD + "integer"))]
_TYPE = NamedNode(RDF_TYPE)


def triples(turtle: str) -> list[Triple]:
    """The triples of a piece of Turtle under HEAD."""
    return [q.triple for q in parse(HEAD + turtle, format=RdfFormat.TURTLE)]


def owl(name: str) -> NamedNode:
    """A term of OWL."""
    return NamedNode(OWL + name)


def _list(members: list[NamedNode], name: str) -> list[Triple]:
    cells = [BlankNode(f"{name}{n}") for n in range(len(members))]
    ends: list[BlankNode | NamedNode] = [*cells[1:], NamedNode(RDF + "nil")]
    found = [Triple(c, NamedNode(RDF + "first"), m) for c, m in zip(cells, members, strict=True)]
    return found + [Triple(c, NamedNode(RDF + "rest"), e) for c, e in zip(cells, ends, strict=True)]


@st.composite
def axioms(draw: st.DrawFn, number: int) -> list[Triple]:
    """One axiom of any kind that OWL 2 RL has; the number keeps its blank nodes apart from those of others."""
    a, b = draw(st.sampled_from(CLASSES)), draw(st.sampled_from(CLASSES))
    p, q = draw(st.sampled_from(PROPERTIES)), draw(st.sampled_from(PROPERTIES))
    x, y = draw(st.sampled_from(THINGS)), draw(st.sampled_from(THINGS))
    lists = f"l{number}n"
    restriction = BlankNode(f"r{number}")
    kinds = ("Functional", "InverseFunctional", "Symmetric", "Transitive")
    on = Triple(restriction, owl("onProperty"), p)
    restricted = Triple(restriction, NamedNode(RDFS + "subClassOf"), b)
    below = Triple(b, NamedNode(RDFS + "subClassOf"), restriction)
    one = Literal("1", datatype=NamedNode(XSD + "nonNegativeInteger"))
    members = [draw(st.sampled_from(CLASSES)) for _ in range(2)]
    links = [draw(st.sampled_from(PROPERTIES)) for _ in range(draw(st.integers(1, 3)))]
    choices: list[list[Triple]] = [
        [Triple(a, NamedNode(RDFS + "subClassOf"), b)],
        [Triple(a, owl("equivalentClass"), b)],
        [Triple(p, NamedNode(RDFS + "subPropertyOf"), q)],
        [Triple(p, owl("equivalentProperty"), q)],
        [Triple(p, owl("inverseOf"), q)],
        [Triple(p, NamedNode(RDFS + "domain"), a)],
        [Triple(p, NamedNode(RDFS + "range"), a)],
        [Triple(p, _TYPE, owl(draw(st.sampled_from(kinds)) + "Property"))],
        [Triple(x, owl("sameAs"), y)],
        [Triple(a, _TYPE, owl("Class"))],
        [Triple(p, _TYPE, owl(draw(st.sampled_from(("Object", "Datatype"))) + "Property"))],
        [Triple(restriction, owl("someValuesFrom"), a), on, restricted],
        [Triple(restriction, owl("someValuesFrom"), owl("Thing")), on, restricted],
        [Triple(restriction, owl("allValuesFrom"), a), on, below],
        [Triple(restriction, owl("hasValue"), x), on, restricted],
        [Triple(restriction, owl("hasValue"), x), on, below],
        [Triple(restriction, owl("maxCardinality"), one), on, below],
        [
            Triple(restriction, owl("maxQualifiedCardinality"), one),
            Triple(restriction, owl("onClass"), a),
            on,
            below,
        ],
        [Triple(restriction, owl("intersectionOf"), BlankNode(lists + "0")), *_list(members, lists), restricted],
        [Triple(restriction, owl("unionOf"), BlankNode(lists + "0")), *_list(members, lists), restricted],
        [Triple(a, owl("oneOf"), BlankNode(lists + "0")), *_list([x, y], lists)],
        [Triple(p, owl("propertyChainAxiom"), BlankNode(lists + "0")), *_list(links, lists)],
        # owlrl passes over the last property of a key, so the last one stands there twice.
        [Triple(a, owl("hasKey"), BlankNode(lists + "0")), *_list([p, q, q], lists)],
    ]
    return draw(st.sampled_from(choices))


@st.composite
def ontologies(draw: st.DrawFn) -> list[Triple]:
    """Up to eight axioms, among which restrictions may be the same."""
    return [t for number in range(draw(st.integers(0, 8))) for t in draw(axioms(number))]


def any_fact() -> st.SearchStrategy[Triple]:
    """One fact: things related, a thing typed, or a thing with a value."""
    return st.one_of(
        st.builds(Triple, st.sampled_from(THINGS), st.sampled_from(PROPERTIES), st.sampled_from(THINGS)),
        st.builds(Triple, st.sampled_from(THINGS), st.just(_TYPE), st.sampled_from(CLASSES)),
        st.builds(Triple, st.sampled_from(THINGS), st.sampled_from(PROPERTIES[:1]), st.sampled_from(VALUES)),
    )
