"""The shapes' cases: facts added to a world in which all is well, and which constraints find fault with them.

`cases/shapes/world.ttl` is that world. Each named graph of the other files there is a case: `c:fires` names a
violation that must come of it, `c:warns` a warning and `c:notes` a note, as `Shape Component path`, with ` × 3` where
it comes thrice.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Triple

from kg.rdf.namespaces import compact, local_name
from kg.source import documents, layout
from kg.source.documents import Document
from kg.validation.shacl import Result, Validator

CASES = Path(__file__).parents[1] / "cases" / "shapes"
CASE = "https://w3id.org/entente/case#"
_LEAD = {CASE + "fires": "", CASE + "warns": "warning: ", CASE + "notes": "info: "}


@dataclass(frozen=True)
class Case:
    """Facts on top of the world, and what the constraints must say of them, no more and no less."""

    name: str
    added: tuple[Triple, ...]
    expected: frozenset[str]

    def found(self, validator: Validator) -> list[Result]:
        """What the shapes find in the world with these facts, of their subjects only; of the world itself, of all."""
        return validator.validate([*world(), *self.added], {t.subject for t in self.added} or None)


@cache
def read() -> documents.Sources:
    """The house's own words and rules."""
    return documents.load_sources(layout.GraphFolder(str(Path(__file__).parents[2])))


def ontology() -> list[Triple]:
    """The triples of the house's words."""
    return [t for d in read().ontology for t in d.triples]


@cache
def world() -> tuple[Triple, ...]:
    """The world in which all is well."""
    return tuple(_document(CASES / "world.ttl").triples)


@cache
def cases() -> list[Case]:
    """All cases, by file and name; two of one name are an error."""
    found = [case for path in sorted(CASES.glob("*.trig")) for case in _cases(_document(path))]
    assert len({case.name for case in found}) == len(found)
    return found


def _cases(document: Document) -> Iterator[Case]:
    expected: dict[str, set[str]] = {}
    added: dict[str, list[Triple]] = {}
    for quad in document.quads:
        if isinstance(quad.graph_name, NamedNode):
            added.setdefault(quad.graph_name.value, []).append(quad.triple)
        else:
            assert isinstance(quad.subject, NamedNode)
            assert isinstance(quad.object, Literal)
            expected.setdefault(quad.subject.value, set()).add(_LEAD[quad.predicate.value] + quad.object.value)
    assert added.keys() == expected.keys(), document.path
    for iri, triples in sorted(added.items()):
        yield Case(local_name(iri), tuple(triples), frozenset(expected[iri]))


def _document(path: Path) -> Document:
    found = documents.parse_text(path.name, path.read_text("utf-8"), [])
    assert found is not None, path
    return found


def fired(results: Iterable[Result]) -> frozenset[str]:
    """Results as the cases name them: each constraint once, with how often it fires if that is not once."""
    counts = Counter(map(_fired, results))
    return frozenset(f"{name} × {n}" if n > 1 else name for name, n in counts.items())


def constraint(told: str) -> str:
    """The bare name of a constraint that a case names."""
    return told.removeprefix(_LEAD[CASE + "warns"]).removeprefix(_LEAD[CASE + "notes"]).partition(" × ")[0]


def _fired(result: Result) -> str:
    rule = local_name(result.component).removesuffix("ConstraintComponent")
    lead = "" if result.severity == "violation" else f"{result.severity}: "
    return lead + key(result.shape, rule, compact(result.path.value) if result.path else "")


def key(shape: str, rule: str, path: str) -> str:
    """The bare name of a constraint: `Shape Component path`."""
    return " ".join(filter(None, [local_name(shape), rule, path]))
