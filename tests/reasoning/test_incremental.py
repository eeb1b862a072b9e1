"""A closure that follows its facts is the closure that is made anew."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from owl_graphs import any_fact, ontologies, triples
from pyoxigraph import Triple

from kg.graph import Graph
from kg.rdf.terms import n_quads
from kg.reasoning import incremental
from kg.reasoning.forward import ForwardChainer
from kg.reasoning.incremental import NotMaintainableError


def holding(chainer: ForwardChainer) -> dict[tuple[str, ...], bool]:
    """Every statement of a closure, and whether it is inferred."""
    facts = chainer.facts
    rows = ((facts.statement(r, f), tag != 0) for r in facts.relations() for f, tag in r.facts.items())
    return {tuple(facts.texts[x] for x in told): inferred for told, inferred in rows}


def revised(ontology: list[Triple], before: set[Triple], after: set[Triple]) -> None:
    """Revise from one state to the other, and hold the outcome against a closure made anew."""
    chainer = ForwardChainer([*ontology, *before])
    if not chainer.is_maintainable:
        return
    was = holding(chainer)
    for t in after:
        for term in n_quads([t]).removesuffix(" .\n").split(" ", 2):
            chainer.facts.id(term)
    removed, added = ([n for n in chainer.facts.encode(s) if n] for s in (before - after, after - before))
    fresh = ForwardChainer([*ontology, *after])
    try:
        changed = incremental.maintain(chainer, removed, added)
    except NotMaintainableError:
        return
    now = holding(fresh)
    assert holding(chainer) == now
    told = {tuple(chainer.facts.texts[x] for x in key): inferred for key, inferred in changed.items()}
    inferred_before = {told for told, inferred in was.items() if inferred}
    inferred_now = {told for told, inferred in now.items() if inferred}
    assert told == {
        **dict.fromkeys(inferred_before - inferred_now, False),
        **dict.fromkeys(inferred_now - inferred_before, True),
    }


@given(ontologies(), st.sets(any_fact(), max_size=12), st.sets(any_fact(), max_size=12))
def test_any_change_gives_what_a_new_closure_gives(
    ontology: list[Triple], before: set[Triple], after: set[Triple]
) -> None:
    revised(ontology, before, after)


def test_a_circle_does_not_hold_itself_up() -> None:
    words = triples(":p a owl:SymmetricProperty , owl:TransitiveProperty .")
    revised(words, set(triples(":x :p :y . :y :p :z .")), set(triples(":y :p :z .")))
    revised(words, set(triples(":x :p :y . :a :q :b .")), set(triples(":a :q :b .")))


def test_a_fact_may_be_given_where_it_followed_before() -> None:
    words = triples(":A rdfs:subClassOf :B .")
    revised(words, set(triples(":x a :A .")), set(triples(":x a :A , :B .")))
    revised(words, set(triples(":x a :A , :B .")), set(triples(":x a :A .")))
    revised(words, set(triples(":x a :A , :B .")), set(triples(":x a :B .")))


def test_an_axiom_or_an_identity_asks_for_a_new_closure() -> None:
    chainer = ForwardChainer(triples(":A rdfs:subClassOf :B . :x a :A . :y a :C . :p a owl:FunctionalProperty ."))
    new = triples(":C rdfs:subClassOf :B .")
    for text in n_quads(new).removesuffix(" .\n").split(" ", 2):
        chainer.facts.id(text)
    with pytest.raises(NotMaintainableError):
        incremental.maintain(chainer, [], [n for n in chainer.facts.encode(new) if n])


def test_a_closure_comes_back_from_disk(shipped: Graph, tmp_path: Path) -> None:
    made = shipped.build
    chainer = ForwardChainer([*made.ontology, *made.facts])
    incremental.save(chainer, str(tmp_path))
    assert holding(incremental.restore(str(tmp_path), made.ontology)) == holding(chainer)
    assert set(incremental.asserted(incremental.restore(str(tmp_path), made.ontology))) == {*made.ontology, *made.facts}
