"""Proof trees of triples and the sentence for each rule, as text, JSON and Markdown.

The rules are those of OWL 2 RL and of `kg.dataset.computed`. Derivation steps come from `kg.provenance.backward` or
`kg.reasoning.derivations`, the words, place and speaker of a quote from `kg.provenance.receipts`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store, Triple

from kg import terminal
from kg.dataset import computed
from kg.dataset.labels import Labels
from kg.errors import clean
from kg.errors import markdown as markdown_text
from kg.provenance.receipts import ASSERTED, BACKED, COMPUTED, Footnotes, Receipt, Receipts, quoted
from kg.rdf.namespaces import BACKGROUND, ONTOLOGY_GRAPH
from kg.rdf.terms import QuadStore
from kg.reasoning.derivations import UNKNOWN_RULE, Derivation

MAX_PROOFS = 20  # of one triple
_MAX_TRIED = 500  # among which these are the shortest

# The rules of OWL 2 RL (W3C OWL 2 Profiles §4.3) in plain words, and our own; inconsistencies: `kg.reasoning.closure`.
_DESCRIPTIONS = {
    "asserted": "an article says so",
    "background": "a background source says so",
    "bounds": "the days that a date allows",
    "cax-eqc1 cax-eqc2": "two classes are the same",
    "cax-sco": "what has a class has those above it",
    "cls-avf": "all values of this relation have that class",
    "cls-hv1": "this class has that value",
    "cls-hv2": "what has that value has the class",
    "cls-int1": "what has all of these classes has that one",
    "cls-int2": "what has that class has all of these",
    "cls-maxc2 cls-maxqc4 prp-fp": "of this relation there is one value only, so two names stand for the same",
    "cls-maxqc3": "of this relation there is one value of that class only, so two names stand for the same",
    "cls-oo": "the class is a list of its members",
    "cls-svf1": "what stands in this relation to such a thing has the class",
    "cls-svf2": "what stands in this relation to anything has the class",
    "cls-uni": "what has one of these classes has that one",
    "current-status": "the article with the latest reading date says so",
    "days": "the days of its dates, or of the whole that it is part of, or its end by its status",
    "direct-type": "none of its other classes is narrower",
    "dt-diff": "these are two values",
    "dt-eq": "two ways to write the same value",
    "dt-type2": "the value is one of the datatype",
    "eq-rep-o": "two names stand for the same, here the thing that the statement leads to",
    "eq-rep-p": "two names stand for the same relation",
    "eq-rep-s": "two names stand for the same, here the thing that the statement is about",
    "eq-sym": "what is the same is so both ways",
    "eq-trans": "what is the same as a third is the same",
    "evidence": "the evidence describes itself",
    "label": "it has no label, and is called by what is stated of it",
    "ontology": "the ontology says so",
    "owl2-rl": "it follows by OWL 2 RL",
    "prp-dom": "what stands in this relation has that class",
    "prp-eqp1 prp-eqp2": "two relations are the same",
    "prp-ifp": "only one thing has that value, so two names stand for the same",
    "prp-inv1 prp-inv2": "one relation is the other, the other way round",
    "prp-key": "what has the same keys is the same",
    "prp-rng": "what this relation leads to has that class",
    "prp-spo1": "one relation is a kind of the other",
    "prp-spo2": "a chain of relations makes another",
    "prp-symp": "the relation goes both ways",
    "prp-trp": "the relation carries on",
    "reading-order": "where the passage stands: in a sentence or not, in which article and where in its text",
    "stated-in": "of the passages that give it a class, this one states it best",
    "scm-avf1 scm-avf2": "a class is below another, since it allows less",
    "scm-cls": "every class is below that of all things, and above that of none",
    "scm-dom1 scm-rng1": "a class stands for those below it",
    "scm-dom2": "a relation starts where the one above it does",
    "scm-dp scm-eqp1 scm-op": "relations that are the same are kinds of each other",
    "scm-eqc1": "classes that are the same are below each other",
    "scm-eqc2": "classes that are below each other are the same",
    "scm-eqp2": "relations that are kinds of each other are the same",
    "scm-hv": "a class is below another, since its relation is a kind of the other's",
    "scm-int": "a class is below each of those that it takes together",
    "scm-rng2": "a relation leads to what the one above it does",
    "scm-sco": "what is below a class is below those above it",
    "scm-spo": "a kind of a kind of a relation is a kind of it",
    "scm-svf1 scm-svf2": "a class is below another, since it asks for more",
    "scm-uni": "each class of a union is below it",
}
RULES = {rule: text for rules, text in _DESCRIPTIONS.items() for rule in rules.split()}


@dataclass(frozen=True)
class Proof:
    """A triple, the rule by which it holds, and its premises, or at a leaf how it is known, its quotes or its source.

    `axioms` are the triples of the ontology that license the step. `quotes` are of the passages that state the triple,
    each followed by those that it is read with; `companions` are the passages that are only read with others. `store`
    is the dataset in which it was proved: it has the labels.
    """

    triple: Triple
    rule: str
    premises: tuple["Proof", ...] = ()
    quotes: tuple[Receipt, ...] = ()
    source: str = ""
    axioms: tuple[Triple, ...] = ()
    companions: frozenset[str] = frozenset()
    store: QuadStore | None = field(default=None, compare=False)

    def __repr__(self) -> str:
        return text(self, Labels(self.store or Store()), terminal.terminal_width())

    def _repr_html_(self) -> str:
        """The proof as a tree for a notebook, in which the quotes are footnotes."""
        from kg import html

        store = self.store or Store()
        notes = Footnotes(Receipts(store), Labels(store))
        return html.block(html.listed([self.html(notes)]), notes.html_texts())

    def html(self, notes: Footnotes) -> str:
        """This step and those below: what was inferred is dashed."""
        from kg import html

        own = [quote.passage for quote in self.quotes if quote.passage not in self.companions]
        holds = html.span(sentence(self.triple, notes.things), "inferred" if self.premises else "")
        rule = html.span(" ".join(filter(None, (described(self.rule), f"[{self.rule}]", self.source))), "small quiet")
        below = html.listed(premise.html(notes) for premise in self.premises) if self.premises else ""
        return f"{holds} {notes.html(own)} {rule}{below}"

    def json(self) -> dict[str, Any]:
        """The proof as data: triple, rule, premises, quotes, source."""
        return {
            "triple": parts(self.triple),
            "rule": self.rule,
            "premises": [p.json() for p in self.premises],
            "quotes": [q.json() for q in self.quotes],
            "source": self.source,
        }

    def nodes(self) -> Iterator["Proof"]:
        """This proof and all within it."""
        yield self
        for premise in self.premises:
            yield from premise.nodes()

    def leaves(self) -> Iterator["Proof"]:
        """The proofs on which this one rests in the end."""
        return (node for node in self.nodes() if not node.premises)

    @property
    def steps(self) -> int:
        """How many times a rule is used."""
        return bool(self.premises) + sum(p.steps for p in self.premises)


def parts(triple: Triple) -> list[str]:
    """Subject, predicate and object of a triple in N-Triples."""
    return [str(term) for term in triple]


class Prover:
    """Proves triples of a compiled dataset; `steps` gives the last derivation steps to a triple, the best one first.

    Of a triple that is not stated, and has no step, the proof has UNKNOWN_RULE.
    """

    def __init__(
        self, store: QuadStore, steps: Callable[[Triple], Sequence[Derivation]], receipts: Receipts | None = None
    ) -> None:
        self._store, self._steps = store, steps
        self._receipts = receipts or Receipts(store)

    def best(self, triple: Triple) -> Proof:
        """The shortest proof."""
        if leaf := self._leaf(triple):
            return leaf
        step = next(iter(self._steps(triple)), Derivation(UNKNOWN_RULE, ()))
        return self._proof(triple, step, [self.best(p) for p in step.premises])

    def all(self, triple: Triple) -> list[Proof]:
        """The shortest proofs, shortest first, each different at its root or below; MAX_PROOFS at most."""
        tried = islice(self._proofs(triple, frozenset()), _MAX_TRIED)
        first, *others = dict.fromkeys([self.best(triple), *tried])
        return [first, *sorted(others, key=lambda p: p.steps)][:MAX_PROOFS]

    def _proofs(self, triple: Triple, above: frozenset[Triple]) -> Iterator[Proof]:
        """Proofs of a triple that use nothing above it: first those that differ at the root, then below."""
        leaf = self._leaf(triple)
        background = sorted(g.value for g in self._receipts.named_graphs(triple) if g.value.startswith(BACKGROUND))
        yield from (self._new(triple, "background", source=self._receipts.source(g)) for g in background[:1])
        yield from filter(None, [leaf])
        if above and leaf:
            return
        above |= {triple}
        roots = [(step, [self.best(p) for p in step.premises]) for step in self._steps(triple)]
        sound = [(step, below) for step, below in roots if not any(n.triple in above for p in below for n in p.nodes())]
        yield from (self._proof(triple, step, below) for step, below in sound)
        for step, below in sound:
            for at, premise in enumerate(step.premises):
                for other in self._proofs(premise, above):
                    if other != below[at]:
                        yield self._proof(triple, step, [*below[:at], other, *below[at + 1 :]])

    def _leaf(self, triple: Triple) -> Proof | None:
        """The proof of what is stated, or computed from what is; None for what is inferred."""
        fact = self._receipts.fact(triple)
        if fact.status == ASSERTED:
            companions = frozenset(r.passage for r in fact.receipts) - frozenset(fact.passages)
            return self._new(triple, "asserted", quotes=fact.receipts, companions=companions)
        if fact.status == BACKED:
            return self._new(triple, "background", source=fact.source)
        if fact.status != COMPUTED:
            return None
        if NamedNode(ONTOLOGY_GRAPH) in self._receipts.named_graphs(triple):
            return self._new(triple, "ontology", source=ONTOLOGY_GRAPH)
        if step := computed.derivation(triple, computed.in_store(self._store)):
            return self._new(triple, step.rule, premises=tuple(self.best(t) for t in step.premises))
        is_there = Quad(triple.subject, triple.predicate, triple.object, DefaultGraph()) in self._store
        return self._new(triple, "evidence") if is_there else None

    def _new(self, triple: Triple, rule: str, **more: Any) -> Proof:
        return Proof(triple, rule, store=self._store, **more)

    def _proof(self, triple: Triple, step: Derivation, premises: Sequence[Proof]) -> Proof:
        source = ONTOLOGY_GRAPH if step.axioms and not premises else ""
        return self._new(triple, step.rule, premises=tuple(premises), source=source, axioms=step.axioms)


def sentence(triple: Triple, things: Labels) -> str:
    """A triple as a sentence."""
    return clean(things.sentences.fact(triple))


def described(rule: str) -> str:
    """A rule in plain words, or its name."""
    return RULES.get(rule, rule)


def text(proof: Proof, things: Labels, width: int, lead: str = "", indent: str = "") -> str:
    """A proof as a tree for a terminal: what holds, by which rule, and the quotes at the leaves."""
    below = "│ " if proof.premises else "  "
    first, *rest = terminal.wrap(sentence(proof.triple, things), max(width - len(indent) - 2, 20))
    written = f"{lead}{first}\n{''.join(f'{indent}  {line}{chr(10)}' for line in rest)}"
    written += f"{indent}  {described(proof.rule)} [{proof.rule}]\n"
    for source in [quoted(q, things, proof.companions) for q in proof.quotes] + [proof.source] * bool(proof.source):
        for line in terminal.wrap(source, max(width - len(indent) - 4, 20)):
            written += f"{indent}{below}  {line}\n"
    for premise in proof.premises:
        branch, below = ("└ ", "  ") if premise is proof.premises[-1] else ("├ ", "│ ")
        written += text(premise, things, width, indent + branch, indent + below)
    return written


def brief(proof: Proof, things: Labels, depth: int = 0) -> list[str]:
    """A proof in few lines: each step, and at a leaf the first of its quotes."""
    indent = "  " * depth
    sources = [quoted(q, things) for q in proof.quotes[:1]] or [proof.source] * bool(proof.source)
    lines = [f"{indent}{sentence(proof.triple, things)}: {described(proof.rule)} [{proof.rule}]"]
    lines += [f"{indent}  {clean(source)}" for source in sources]
    return lines + [line for premise in proof.premises for line in brief(premise, things, depth + 1)]


def markdown(proof: Proof, things: Labels, depth: int = 0) -> str:
    """A proof as a nested Markdown list."""
    indent = "  " * depth
    lines = [f"{indent}- **{markdown_text(sentence(proof.triple, things))}**: {described(proof.rule)} (`{proof.rule}`)"]
    lines += [f"{indent}  - {markdown_text(quoted(q, things, proof.companions))}" for q in proof.quotes]
    link = proof.source.startswith(("https://", "http://"))  # an IRI, which has no space, `<` or `>`
    lines += [f"{indent}  - " + (f"<{proof.source}>" if link else markdown_text(proof.source))] if proof.source else []
    return "".join(f"{line}\n" for line in lines) + "".join(markdown(p, things, depth + 1) for p in proof.premises)
