"""What OWL 2 RL allows where: how deep an expression lies, and on which side of an axiom, is all that matters."""

import pytest
from pyoxigraph import RdfFormat, Triple, parse

from kg.rdf.namespaces import OWL, RDFS
from kg.reasoning import profile

HEAD = f"@prefix : <https://example.org/> . @prefix owl: <{OWL}> . @prefix rdfs: <{RDFS}> .\n"


def triples(turtle: str) -> list[Triple]:
    return [q.triple for q in parse(HEAD + turtle, format=RdfFormat.TURTLE)]


@pytest.mark.parametrize("depth", [1, 2000])
def test_depth_does_not_matter(depth: int) -> None:
    for verb, count in (("allValuesFrom", 0), ("someValuesFrom", depth)):
        expression = f"[ owl:onProperty :p ; owl:{verb} " * depth + ":B" + " ]" * depth
        assert len(profile.outside_profile(triples(f":A rdfs:subClassOf {expression} ."))) == min(count, 1)


def test_the_class_of_a_key_stands_like_a_subclass() -> None:
    assert not profile.outside_profile(triples("[ owl:unionOf ( :A :B ) ] owl:hasKey ( :p ) ."))
    assert profile.outside_profile(triples("[ owl:allValuesFrom :A ; owl:onProperty :p ] owl:hasKey ( :p ) ."))
