"""A graph closed in parts, each with the facts that `joins` puts there, has the closure of the whole graph."""

import zlib

from hypothesis import given
from hypothesis import strategies as st
from owl_graphs import any_fact, ontologies, triples
from pyoxigraph import NamedNode, Triple

from kg.rdf.namespaces import RDF_TYPE, RDFS
from kg.reasoning import closure
from kg.reasoning.closure import Closure, Joins


def rules(closed: Closure) -> int | None:
    """How many rules a closure took; None where something is equal."""
    assert closed.derivations is not None
    chainer = closed.derivations.chainer
    return len(chainer.rules) if chainer.is_maintainable else None


def homes(t: Triple, joins: Joins, count: int) -> set[int]:
    """The parts in which a triple has to be."""
    of = [zlib.crc32(str(term).encode()) % count for term in (t.subject, t.object)]
    if getattr(t.object if t.predicate.value == RDF_TYPE else t.predicate, "value", "") in joins.everywhere:
        return set(range(count))
    return set(of if t.predicate.value in joins.objects else of[:1])


def in_parts(facts: list[Triple], ontology: list[Triple], count: int) -> set[Triple] | None:
    """What follows, by parts that send each other what they infer; None where they cannot."""
    joins = closure.joins(ontology)
    if joins is None:
        return None
    boxes: list[set[Triple]] = [{t for t in facts if part in homes(t, joins, count)} for part in range(count)]
    before, found = -1, set[Triple]()
    while before < (before := sum(map(len, boxes))):
        found = set()
        for box in list(boxes):
            closed = closure.close([*box, *ontology], outside="ignore")
            if rules(closed) != rules(closure.close(ontology, outside="ignore")):
                return None
            found |= closed.inferred | box
            try:
                for t in closure.moved(closed):
                    for home in homes(t, joins, count):
                        boxes[home].add(t)
            except ValueError:
                return None
    return {t for t in found.difference(facts, ontology) if t.subject != t.object or not is_order(t)}


def is_order(t: Triple) -> bool:
    """Whether a triple says what is below what: that a term is below itself is left out of a closure."""
    return t.predicate.value in (f"{RDFS}subClassOf", f"{RDFS}subPropertyOf")


def comparing() -> st.SearchStrategy[list[Triple]]:
    """Axioms whose rules compare facts, with others by which one fact gives another."""
    names, kinds = st.sampled_from("pqrs"), st.sampled_from("ABC")
    axioms = st.one_of(
        st.builds(":{0} owl:propertyChainAxiom ( :{1} :{2} ) .".format, names, names, names),
        st.builds(":{0} owl:propertyChainAxiom ( :{1} [ owl:inverseOf :{2} ] :{3} ) .".format, *[names] * 4),
        st.builds(":{0} a owl:TransitiveProperty .".format, names),
        st.builds(":{0} a owl:SymmetricProperty .".format, names),
        st.builds(":{0} owl:inverseOf :{1} .".format, names, names),
        st.builds(":{0} rdfs:subPropertyOf :{1} .".format, names, names),
        st.builds(":{0} rdfs:domain :{1} .".format, names, kinds),
        st.builds(":{0} rdfs:range :{1} .".format, names, kinds),
        st.builds(
            "[ owl:onProperty :{0} ; owl:someValuesFrom :{1} ] rdfs:subClassOf :{2} .".format, names, kinds, kinds
        ),
        st.builds(
            ":{1} rdfs:subClassOf [ owl:onProperty :{0} ; owl:allValuesFrom :{2} ] .".format, names, kinds, kinds
        ),
    )
    return st.lists(axioms, min_size=1, max_size=6).map(lambda lines: triples("\n".join(lines)))


@given(st.lists(any_fact(), min_size=4, max_size=20), comparing() | ontologies(), st.integers(2, 7))
def test_parts_have_the_closure_of_all(facts: list[Triple], ontology: list[Triple], count: int) -> None:
    found = in_parts(facts, ontology, count)
    if found is not None:
        at_once = closure.close([*facts, *ontology], outside="ignore")
        assert rules(at_once) == rules(closure.close(ontology, outside="ignore"))
        assert found == at_once.inferred


CHAINS = """
:grandparent owl:propertyChainAxiom ( :parent :parent ) . :p a owl:TransitiveProperty .
:works owl:propertyChainAxiom ( [ owl:inverseOf :holder ] :office :of ) . :q rdfs:subPropertyOf :parent .
[] a owl:Restriction ; owl:onProperty :q ; owl:someValuesFrom :Judge ; rdfs:subClassOf :Relative .
"""


def test_chains_reach_across_parts() -> None:
    ontology = triples(CHAINS)
    facts = triples(
        ":a :q :b . :b :q :c . :c a :Judge ; :p :town . :town :p :land . :post :holder :a ; :office :chair ."
        ":chair :of :state ."
    )
    for count in range(2, 9):
        found = in_parts(facts, ontology, count) or set()
        assert found == set(closure.close([*facts, *ontology], outside="ignore").inferred)
        assert {*triples(":a :grandparent :c ; :works :state . :c :p :land . :b a :Relative .")} <= found


def test_facts_are_with_their_object_where_rules_compare_it() -> None:
    joins = closure.joins(triples(CHAINS))
    assert joins is not None
    name = "https://example.org/"
    assert {"parent", "q", "p", "holder"} >= {iri.removeprefix(name) for iri in joins.objects if name in iri}
    assert {iri.removeprefix(name) for iri in joins.everywhere if name in iri} == {"of"}
    asked = closure.joins(triples(":p owl:inverseOf :q . :r rdfs:subPropertyOf :q ."), [f"{name}p"])
    assert asked is not None
    assert {iri for iri in asked.objects if name in iri} == {f"{name}p", f"{name}q", f"{name}r"}


def test_what_compares_values_is_not_closed_in_parts() -> None:
    for axiom in (
        ":p a owl:InverseFunctionalProperty .",
        ":A rdfs:subClassOf [ owl:onProperty :p ; owl:hasValue :court ] .",
    ):
        assert closure.joins(triples(axiom)) is None
    assert closure.joins([Triple(NamedNode("a:a"), NamedNode("a:b"), NamedNode("a:c"))]) is not None
