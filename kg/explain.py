"""Why a triple holds: its proof, rule by rule, down to the quotes, the background and the computed days it rests on."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Triple

from kg import tables
from kg.errors import UsageError
from kg.receipts import ASSERTED, BACKED, COMPUTED, Receipt, Receipts
from kg.vocabulary import RDF_TYPE

if TYPE_CHECKING:
    from kg.graph import Graph
    from kg.things import Things

# The rules of OWL 2 RL (W3C OWL 2 Profiles §4.3) in words, and our own of computed days.
RULES = {
    "asserted": "an article says so",
    "background": "known from elsewhere",
    "bounds": "the days that a date allows",
    "cax-eqc1": "two classes are the same",
    "cax-eqc2": "two classes are the same",
    "cax-sco": "what has a class has those above it",
    "cls-avf": "all values of this relation have that class",
    "cls-hv1": "this class has that value",
    "cls-hv2": "what has that value has the class",
    "cls-int1": "what has all of these classes has that one",
    "cls-int2": "what has that class has all of these",
    "cls-svf1": "what stands in this relation to such a thing has the class",
    "cls-svf2": "what stands in this relation to anything has the class",
    "cls-uni": "what has one of these classes has that one",
    "evidence": "the evidence describes itself",
    "prp-dom": "what stands in this relation has that class",
    "prp-eqp1": "two relations are the same",
    "prp-eqp2": "two relations are the same",
    "prp-inv1": "one relation is the other, the other way round",
    "prp-inv2": "one relation is the other, the other way round",
    "prp-rng": "what this relation leads to has that class",
    "prp-spo1": "one relation is a kind of the other",
    "prp-spo2": "a chain of relations makes another",
    "prp-symp": "the relation goes both ways",
    "prp-trp": "the relation carries on",
}


@dataclass(frozen=True)
class Proof:
    """A triple, the rule by which it holds, and what that takes: premises, or at a leaf quotes or a source."""

    triple: Triple
    rule: str
    premises: tuple["Proof", ...] = ()
    quotes: tuple[Receipt, ...] = ()
    source: str = ""

    def json(self) -> dict[str, Any]:
        """The proof as data, in the shape of the contract."""
        return {
            "triple": [str(self.triple.subject), str(self.triple.predicate), str(self.triple.object)],
            "rule": self.rule,
            "premises": [p.json() for p in self.premises],
            "quotes": [q._asdict() for q in self.quotes],
            "source": self.source,
        }

    def leaves(self) -> Iterator["Proof"]:
        """The proofs on which this one rests in the end."""
        if not self.premises:
            yield self
        for premise in self.premises:
            yield from premise.leaves()


def prove(graph: "Graph", triple: Triple) -> Proof | None:
    """The shortest proof of a triple of the default graph; None for a triple that is not there."""
    if Quad(triple.subject, triple.predicate, triple.object) not in graph.store:
        return None
    return _prove(triple, graph, graph.receipts)


def _prove(triple: Triple, graph: "Graph", receipts: Receipts) -> Proof:
    fact = receipts.fact(triple)
    if fact.status == ASSERTED:
        return Proof(triple, "asserted", quotes=fact.receipts)
    if fact.status == BACKED:
        return Proof(triple, "background", source=fact.source)
    step = graph.derivations.get(triple)
    if step is None:
        return Proof(triple, "evidence" if fact.status == COMPUTED else "unknown")
    return Proof(triple, step.rule, tuple(_prove(p, graph, receipts) for p in step.premises))


def find(graph: "Graph", subject: str, predicate: str, value: str) -> Triple:
    """The triple that a user means by three names; `a` is rdf:type, and an object that is no thing is a literal.

    Raises UsageError for names that fit nothing or too much.
    """
    things = graph.things
    start = things.resolve(subject)
    verb = NamedNode(RDF_TYPE) if predicate in ("a", "is a") else things.resolve(predicate)
    try:
        return Triple(start, verb, things.resolve(value))
    except UsageError:
        rows = graph.store.quads_for_pattern(start, verb, None, DefaultGraph())
        same = [q.object for q in rows if isinstance(q.object, Literal) and q.object.value == value]
        if not same:
            raise
        return Triple(start, verb, same[0])


def text(proof: Proof, things: "Things", width: int) -> str:
    """A proof as a tree for a terminal: what holds, by which rule, and the quotes at the leaves."""
    return "".join(f"{line}\n" for line in _tree(proof, things, width, "", ""))


def _tree(proof: Proof, things: "Things", width: int, lead: str, indent: str) -> Iterator[str]:
    told = " · ".join(
        tables.clean(things.label(x)) for x in (proof.triple.subject, proof.triple.predicate, proof.triple.object)
    )
    yield f"{lead}{told}"
    yield f"{indent}  {RULES.get(proof.rule, proof.rule)} [{proof.rule}]"
    for quote in proof.quotes:
        speaker = f"{things.label(NamedNode(quote.speaker))}, " if quote.speaker else ""
        place = f"({speaker}{quote.article}, characters {quote.start}–{quote.end})"
        for line in tables.wrap(f"“{quote.text}” {place}", max(width - len(indent) - 4, 20)):
            yield f"{indent}    {line}"
    if proof.source:
        yield f"{indent}    {tables.clean(proof.source)}"
    for i, premise in enumerate(proof.premises):
        last = i == len(proof.premises) - 1
        yield from _tree(premise, things, width, indent + ("└ " if last else "├ "), indent + ("  " if last else "│ "))


def markdown(proof: Proof, things: "Things", depth: int = 0) -> str:
    """A proof as a nested Markdown list."""
    indent = "  " * depth
    told = " · ".join(things.label(x) for x in (proof.triple.subject, proof.triple.predicate, proof.triple.object))
    lines = [f"{indent}- **{told}**: {RULES.get(proof.rule, proof.rule)} (`{proof.rule}`)"]
    lines += [f"{indent}  - “{q.text}” ({q.article}, characters {q.start}–{q.end})" for q in proof.quotes]
    lines += [f"{indent}  - <{proof.source}>"] if proof.source else []
    return "".join(f"{line}\n" for line in lines) + "".join(markdown(p, things, depth + 1) for p in proof.premises)
