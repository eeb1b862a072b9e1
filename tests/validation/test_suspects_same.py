"""pyshacl finds the same on what pyshifty suspects as on everything: cases, mutated facts and passages, drawn shapes.

Suspects in whom pyshacl finds no fault cost time and change nothing. They are allowed where the engines are known to
differ, which happens in drawn shapes alone:

- a blank node has no length for pyshifty, and so is too short for `sh:minLength 0`;
- `true` is not less than or equal to `true` for pyshifty, nor are other literals without an order of their own;
- `sh:closed` and the like may be broken in a part of a shape that is not the reason of a result.

The other way round, shapes of which pyshifty would let something pass are not for it; `test_suspects` says which:
patterns with `\\s`, counts beyond nine digits, inverse paths of several steps, orders within sh:not.
"""

from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from random import Random

import drawn_shapes
import pytest
from narrowed import Engines
from pyoxigraph import Literal, NamedNode, Triple
from shape_cases import cases, ontology, read, world

from kg.dataset import build, computed
from kg.dataset.build import Build
from kg.dataset.statements import ListedStatements
from kg.rdf.namespaces import RDF_TYPE, XSD
from kg.source import documents
from kg.source.documents import Document
from kg.validation import suspects
from kg.validation.shacl import Result, Validator
from kg.validation.shapes_graph import ShapesGraph

pytestmark = pytest.mark.skipif(find_spec("shifty") is None, reason="pyshifty is not there, or not for this platform")
LONG = pytest.mark.long
FEW = 2  # rounds of a quick run


def rounds(quick: int, many: int) -> pytest.MarkDecorator:
    """So many rounds in a quick run, and many others in a long one."""
    chosen = [*range(quick), *(pytest.param(number, marks=LONG) for number in range(quick, many))]
    return pytest.mark.parametrize("number", chosen)


def plain(results: list[Result]) -> list[str]:
    return list(map(repr, results))


@cache
def shipped() -> Engines:
    return Engines(read().shapes, ontology())


@cache
def checkout() -> Build:
    return build.read_sources(read())


def test_pyshifty_is_for_the_shipped_shapes() -> None:
    assert shipped().unfit == ""


@rounds(1, 12)
def test_each_case_of_the_shapes(number: int) -> None:
    for case in cases()[number::12]:
        found = shipped().compare([*world(), *case.added], {t.subject for t in case.added})
        assert plain(found.alone) == plain(found.narrowed), case.name
        assert found.in_vain == set(), case.name


@rounds(2, 60)
def test_mutated_facts(number: int) -> None:
    random = Random(number)
    for _ in range(10):
        facts = list(mutated(random, checkout().data_graph, random.randint(1, 4)))
        found = shipped().compare(facts)
        assert plain(found.alone) == plain(found.narrowed)
        assert found.in_vain == set()


@rounds(FEW, 120)
def test_mutated_passages(number: int) -> None:
    """Each passage of the checkout is reported and not asserted, a half of them with mutations."""
    random, shapes = Random(number), read().shapes
    dependencies = ShapesGraph(shapes).dependencies
    assert dependencies
    rows = [list(p.triples) for e in checkout().evidence for p in e.passages]
    rows = [list(mutated(random, row, 1)) if random.random() < 0.5 else row for row in random.sample(rows, 12)]
    rows = [[*row, *computed.bounds(row)] for row in rows if row]
    apart = {t for row in rows for t in row}
    asserted = [t for t in checkout().data_graph if t not in apart]
    passages = [suspects.Passage(frozenset(t.subject for t in row), row) for row in rows]
    graph, statements = ShapesGraph(shapes), ListedStatements(asserted)
    found = suspects.start(graph, dependencies, ontology(), asserted, statements, passages)().passages
    validator = validator_of_shipped()
    wrong = [bool(validator.validate([*asserted, *p.said], p.subjects)) for p in passages]
    assert all(is_suspect for is_suspect, is_wrong in zip(found, wrong, strict=True) if is_wrong)
    if number < FEW:  # without the facts of twelve passages all of them may lack something
        assert sum(found) < len(found)


@cache
def validator_of_shipped() -> Validator:
    return Validator(read().shapes, ontology())


@rounds(3, 200)
def test_drawn_shapes_and_data(number: int) -> None:
    fit = with_results = 0
    for seed in range(20 * number, 20 * (number + 1)):
        random = Random(seed)
        engines = Engines([document(drawn_shapes.shapes(random))], document(drawn_shapes.ONTOLOGY).triples)
        fit += not engines.unfit
        for _ in range(2 if not engines.unfit else 0):
            found = engines.compare(document(drawn_shapes.data(random)).triples)
            assert plain(found.alone) == plain(found.narrowed), seed
            with_results += bool(found.alone)
    assert fit >= 3
    assert with_results >= 3


def document(text: str) -> Document:
    found = documents.parse_text("shapes/drawn.ttl", drawn_shapes.PREFIXES + text, [])
    assert found is not None
    return found


def mutated(random: Random, triples: list[Triple], times: int) -> Iterator[Triple]:
    """The statements with so many of them lost, or with another predicate, value, class or form of a literal."""
    found = list(triples)
    known = checkout().data_graph
    for _ in range(times):
        if not found:
            return
        at, other = random.randrange(len(found)), random.choice(known)
        s, p, o = found[at].subject, found[at].predicate, found[at].object
        kinds = [t.object for t in known if t.predicate.value == RDF_TYPE]
        text = o.value if isinstance(o, Literal) else "x"
        datatype = NamedNode(XSD + random.choice(("date", "gYear", "integer", "decimal", "string", "boolean")))
        changed = [
            Triple(s, other.predicate, o),
            Triple(s, p, other.object),
            Triple(other.subject, p, o),
            Triple(s, NamedNode(RDF_TYPE), random.choice(kinds)),
            Triple(s, p, Literal(text, datatype=datatype)),
            Triple(s, p, Literal(text, language=random.choice(("en", "de")))),
        ]
        found[at : at + 1] = random.choice(([], [random.choice(changed)], [found[at], random.choice(changed)]))
    yield from found
