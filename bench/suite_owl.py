"""OWL 2 RL: the suite of Schneider and Mainzer (SANSA-Stack/SANSA-Inference), and ontologies; our closure and owlrl's.

Of the suite, which has its cases in `…/conformance/owl2rl`, the entailments are run, without those on datatypes: the
types of literals are no RDF. A case is wrong if a triple of its conclusion does not follow, or if the premises
contradict each other. 17 have axiomatic or reflexive triples as conclusions, which `kg.reasoning` does not tell: see
docs/decisions. A folder without cases has ontologies: of each the closures are compared, without such triples.
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from bench.suites import Case
from kg.rdf import values
from kg.rdf.namespaces import OWL, RDF, RDFS, XSD
from kg.rdf.terms import Term, from_rdflib, rdflib_graph
from kg.reasoning import close

RAW = "owlrl"
_ERROR = "http://www.daml.org/"  # owlrl's vocabulary for contradictions
_FORMATS = {".ttl": RdfFormat.TURTLE, ".nt": RdfFormat.N_TRIPLES} | dict.fromkeys((".rdf", ".owl"), RdfFormat.RDF_XML)


def cases(folder: Path) -> Iterator[Case]:
    """The entailments of the suite in a folder, or else its ontologies."""
    premises = sorted(folder.rglob("owl2rl/**/*.premisegraph.ttl"))
    for path in premises or sorted(p for p in folder.iterdir() if p.suffix in _FORMATS):
        if not premises:
            yield _ontology(path)
        elif "-dat-" not in path.name:
            name = path.name.removesuffix(".premisegraph.ttl")
            given, conclusion = (_read(path.with_name(f"{name}.{part}graph.ttl")) for part in ("premise", "conclusion"))
            yield Case(name, _missing(_own, given, conclusion), _missing(_raw, given, conclusion))


def _read(path: Path) -> set[Triple]:
    return {q.triple for q in parse(path=str(path), format=_FORMATS[path.suffix], base_iri=path.as_uri())}


def _own(given: set[Triple]) -> tuple[set[Triple], bool]:
    """What follows, and whether it is contradictory."""
    closed = close(given, outside="ignore")
    return {*given, *closed.inferred}, bool(closed.contradictions)


def _raw(given: set[Triple]) -> tuple[set[Triple], bool]:
    import owlrl

    graph = rdflib_graph(given)
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    found = {triple for triple in (from_rdflib(*t) for t in graph) if triple}
    return found, any(t.predicate.value.startswith(_ERROR) for t in found)


def _missing(
    reasoner: Callable[[set[Triple]], tuple[set[Triple], bool]], given: set[Triple], wanted: set[Triple]
) -> str:
    """What is wrong with the closure of the premises."""
    known, contradictory = reasoner(given)
    if contradictory:
        return "a contradiction in consistent premises"
    if _holds(sorted(wanted, key=_blanks), known, {}):
        return ""
    return "not inferred: " + "; ".join(sorted(str(t) for t in wanted if t not in known))


def _blanks(t: Triple) -> int:
    return isinstance(t.subject, BlankNode) + isinstance(t.object, BlankNode)


def _holds(wanted: list[Triple], known: Iterable[Triple], binding: dict[Term, Term]) -> bool:
    """Whether a graph simply entails triples, in which blank nodes stand for anything (RDF 1.1 Semantics §5)."""
    if not wanted:
        return True
    first, *others = wanted
    for t in known:
        found = dict(binding)
        pairs = ((first.subject, t.subject), (first.predicate, t.predicate), (first.object, t.object))
        fits = (found.setdefault(x, y) == y if isinstance(x, BlankNode) else x == y for x, y in pairs)
        if all(fits) and _holds(others, known, found):
            return True
    return False


def _ontology(path: Path) -> Case:
    """The closures of an ontology compared: of each, what only the other infers."""
    given = _read(path)
    own, raw = ({t for t in reasoner(given)[0] if _says_something(t)} for reasoner in (_own, _raw))
    listed = len(close(given, outside="ignore").outside)
    inferred = len(own - given)
    print(f"{path.name}: {len(given)} triples, {inferred} inferred, {listed} axioms outside of the profile", flush=True)
    return Case(path.name, _only(raw - own), _only(own - raw))


def _says_something(t: Triple) -> bool:
    """Whether a triple is neither reflexive nor about the vocabularies, nor about types and differences of literals."""
    kinds = (RDFS + "Datatype", OWL + "AnnotationProperty", *values.DATATYPES)
    about = getattr(t.subject, "value", "")
    return (
        t.subject != t.object
        and not (isinstance(t.subject, NamedNode) and about.startswith((OWL, RDF, RDFS, XSD, _ERROR)))
        and not t.predicate.value.startswith((_ERROR, OWL + "differentFrom"))
        and not (isinstance(t.object, NamedNode) and t.object.value in kinds)
        and not (t.predicate.value == OWL + "sameAs" and isinstance(t.object, Literal))
    )


def _only(triples: set[Triple]) -> str:
    return f"lacks {len(triples)}, such as {min(map(str, triples))}" if triples else ""
