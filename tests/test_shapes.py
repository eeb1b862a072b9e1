"""Each shape: what it lets pass, and which of its constraints fires on what.

`cases/shapes/world.ttl` holds things that are all well. Each graph of the other files there adds something to that
world, and `c:fires` says which constraints find fault with it, as `Shape Component path`.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Triple

from kg import paths, shape_hygiene, sources
from kg.shacl import Judge, Result, named, within
from kg.shacl_engine import Term
from kg.shacl_terms import CONSTRAINTS, TARGETS
from kg.shape_graph import Shapes
from kg.sources import Document
from kg.vocabulary import ENT, RDF, SH, compact, local_name

CASES = Path(__file__).parent / "cases" / "shapes"
STEMS = ("agents", "entente", "events", "evidence", "places", "projects", "relations", "words")
FIRES = "https://w3id.org/entente/case#fires"


@cache
def read() -> sources.Sources:
    return sources.load(paths.Rooms(str(Path(__file__).parents[1])))


@cache
def judge() -> Judge:
    return Judge(read().shapes, [t for d in read().ontology for t in d.triples])


@cache
def document(name: str) -> Document:
    found = sources.parse_text(name, (CASES / name).read_text("utf-8"), [])
    assert found is not None
    return found


def cases() -> list[tuple[str, str]]:
    return [(stem, local_name(q.subject.value)) for stem in STEMS for q in expectations(stem)]  # type: ignore[union-attr]


def expectations(stem: str) -> list[Triple]:
    found = [q.triple for q in document(f"{stem}.trig").quads if q.graph_name == DefaultGraph()]
    assert all(t.predicate.value == FIRES for t in found)
    return found


def fired(result: Result) -> str:
    rule = local_name(result.component).removesuffix("ConstraintComponent")
    return _key(result.shape, rule, compact(result.path.value) if result.path else "")


def _key(shape: str, rule: str, path: str) -> str:
    return " ".join(filter(None, [local_name(shape), rule, path]))


def test_a_world_without_fault() -> None:
    assert judge().judge(document("world.ttl").triples) == []


def test_every_shape_judges_something_in_that_world() -> None:
    found = shape_hygiene.check(read().shapes, read().ontology, document("world.ttl").triples)
    assert [str(f) for f in found] == []


@pytest.mark.parametrize(("stem", "case"), sorted(set(cases())))
def test_a_fault_is_found(stem: str, case: str) -> None:
    graph = NamedNode(f"https://w3id.org/entente/case#{case}")
    added = [q.triple for q in document(f"{stem}.trig").quads if q.graph_name == graph]
    expected = {t.object.value for t in expectations(stem) if t.subject == graph and isinstance(t.object, Literal)}
    results = judge().judge([*document("world.ttl").triples, *added], {t.subject for t in added})
    assert {fired(r) for r in results} == expected
    for result in results:
        assert result.message.endswith((".", "”@en."))
        assert "_:" not in result.message


def test_every_constraint_has_a_case() -> None:
    expected = [t.object.value for stem in STEMS for t in expectations(stem) if isinstance(t.object, Literal)]
    assert set(constraints()) - set(expected) == set()


def test_no_two_constraints_are_told_the_same() -> None:
    found = list(constraints())
    assert len(found) == len(set(found))


def constraints() -> Iterator[str]:
    """Every constraint that can fire, as the cases name it."""
    triples = [t for d in read().shapes for t in d.triples]
    parents = within(triples)
    values: dict[Term, dict[str, list[Term]]] = {}
    for t in triples:
        values.setdefault(t.subject, {}).setdefault(t.predicate.value, []).append(t.object)
    targeted = [s for s in values if values[s].keys() & TARGETS]
    inner = dict.fromkeys(p for s in targeted for p in values[s].get(SH + "property", []))
    for shape in [*targeted, *inner]:
        path = next((compact(p.value) for p in values[shape].get(SH + "path", []) if isinstance(p, NamedNode)), "")
        for parameter in sorted(values[shape].keys() & (CONSTRAINTS | {SH + "node"})):
            rule = local_name(parameter)
            yield _key(named(shape, parents), rule[0].upper() + rule[1:], path)


@pytest.mark.parametrize(
    ("shape", "path", "kind"),
    [("Stated", "status", "Status"), ("Participation", "mode", "Mode"), ("Passage", "speech", "Speech")],
)
def test_closed_lists_are_those_of_the_ontology(shape: str, path: str, kind: str) -> None:
    declared = {
        t.subject
        for d in read().ontology
        for t in d.triples
        if t.predicate.value == RDF + "type" and t.object == NamedNode(ENT + kind)
    }
    graph = Shapes(read().shapes)
    for part in graph.values[NamedNode(f"https://w3id.org/entente/shapes#{shape}")][SH + "property"]:
        if graph.values[part][SH + "path"] == [NamedNode(ENT + path)] and SH + "in" in graph.values[part]:
            assert set(graph.items(graph.values[part][SH + "in"][0])) == declared
            return
    pytest.fail(f"no list for {path}")


def test_the_real_graph_has_no_fault() -> None:
    from kg import build

    made = build.read(read())
    assert judge().judge([*made.facts, *made.described]) == []
    for evidence in made.evidence:
        for passage in evidence.reported:
            assert judge().judge_reported([*made.facts, *made.described], passage.triples) == []
