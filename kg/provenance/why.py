"""Proves a triple, or names the rule that nearly gives it and its missing premise."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Generic, NamedTuple, TypeVar
from typing import Literal as Just

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store, Triple

from kg import terminal
from kg.dataset.labels import Labels
from kg.errors import UsageError, clean, to_json
from kg.errors import markdown as markdown_text
from kg.provenance.backward import BackwardChainer
from kg.provenance.context import Context
from kg.provenance.proofs import Proof, Prover, described, markdown, parts, sentence, text
from kg.provenance.receipts import Fact, Footnotes, Receipts, quoted
from kg.rdf.namespaces import ENT, ONTOLOGY_GRAPH, OWL, RDF_TYPE, compact, expand
from kg.rdf.terms import QuadStore
from kg.reasoning.index import Statement

_MAX_MATCHES = 500  # of the other premises of a rule
T = TypeVar("T")
_MAX_DEPTH = 3  # rules behind one another, the last of which lacks a premise


class NearMiss(NamedTuple, Generic[T]):
    """`conclusion` would follow by `rule` if `missing` were there; `premises` are: triples, or statements.

    The conclusion is the triple that was asked about, or one from which that follows by rules with one premise.
    """

    rule: str
    conclusion: T
    missing: T
    premises: tuple[T, ...]


def nearest_miss(chainer: BackwardChainer, triple: Triple) -> NearMiss[Triple] | None:
    """The most likely near miss: best a role that nobody fills, then the one with the most premises that hold.

    None where no rule has all of its premises but one, or has one premise only.
    """

    def unlikely(found: tuple[NearMiss[Statement], int, int]) -> tuple[bool, int, int, int, list[str]]:
        miss, depth, number = found
        texts, (subject, verb, _) = chainer.facts.texts, miss.missing
        is_filled = verb != chainer.facts.type and chainer.has_value(subject, verb)
        terms = [texts[x] for statement in (miss.missing, *miss.premises) for x in statement]
        return is_filled, -len(miss.premises), depth, number, terms

    best, *_ = min(_misses(chainer, (chainer.statement(triple),)), key=unlikely, default=(None,))
    if best is None:
        return None
    conclusion, missing = chainer.facts.triple(best.conclusion), chainer.facts.triple(best.missing)
    return NearMiss(best.rule, conclusion, missing, chainer.shown(best.premises))


def _misses(chainer: BackwardChainer, goals: tuple[Statement, ...]) -> Iterator[tuple[NearMiss[Statement], int, int]]:
    """The near misses of the last goal, each with its depth and the number of its rule.

    They are those of its own rules, and those of what it would follow from alone.
    """
    *above, goal = goals
    for number, rule, missing, premises in _gaps(chainer, goal):
        if missing in goals or not chainer.facts.is_rdf(missing) or chainer.holds(missing):
            continue
        if chainer.is_visible(missing) and premises:
            yield NearMiss(rule, goal, missing, premises), len(above), number
        elif len(above) < _MAX_DEPTH:
            for miss, depth, last in _misses(chainer, (*goals, missing)):
                if not chainer.is_visible(missing):  # a miss of what is not visible is one of the goal itself
                    name = rule if premises else miss.rule
                    miss = NearMiss(name, goal, miss.missing, (*premises, *miss.premises))
                yield miss, depth, last


def _gaps(chainer: BackwardChainer, goal: Statement) -> Iterator[tuple[int, str, Statement, tuple[Statement, ...]]]:
    """Each rule that lacks one premise for a goal: its number, its name, that premise, and the others."""
    for number, rule, start in chainer.rules(goal):
        for gap in rule.atoms:
            others = [atom for atom in rule.atoms if atom is not gap]
            for env in islice(chainer.matches(others, start), _MAX_MATCHES):
                if gap.subject in env and gap.object in env:
                    premises = tuple(chainer.instance(atom, env) for atom in others)
                    yield number, rule.rule, chainer.instance(gap, env), premises


class Proofs(list[Proof]):
    """Proofs of one triple, which a notebook and a prompt show one after the other."""

    def __repr__(self) -> str:
        return "\n".join(map(repr, self)) or "no proof"

    def _repr_html_(self) -> str:
        return "".join(proof._repr_html_() for proof in self) or "<p>no proof</p>"


@dataclass(frozen=True)
class WhyNot:
    """A triple that does not hold: the nearest miss, the proofs of its premises, and who claims it all the same.

    `reported` are claims of the triple itself, then of the missing one: no fact follows from them. It is false, as no
    proof is; `store` is the dataset.
    """

    triple: Triple
    near: NearMiss[Triple] | None = None
    premises: tuple[Proof, ...] = ()
    reported: tuple[Fact, ...] = ()
    store: QuadStore | None = field(default=None, compare=False)

    def __bool__(self) -> Just[False]:
        return False

    def __repr__(self) -> str:
        return self.text(Labels(self.store or Store()), terminal.terminal_width())

    def _repr_html_(self) -> str:
        """The answer for a notebook; the quotes are footnotes."""
        from kg import html

        store = self.store or Store()
        notes = Footnotes(Receipts(store), Labels(store))
        parts = [f"<p><b>{html.text(sentence(self.triple, notes.things))}</b> {html.text(_NO)}</p>"]
        parts += [f"<p>{html.text(_REPORTED)} {notes.html(fact.passages)}</p>" for fact in self.reported]
        if self.near:
            missing = html.text(sentence(self.near.missing, notes.things))
            parts += [html.paragraph(self._would(notes.things)), html.listed([missing])]
        if self.premises:
            parts += [html.paragraph("what is there:"), html.listed(proof.html(notes) for proof in self.premises)]
        return html.block(*parts, notes.html_texts())

    def json(self) -> dict[str, Any]:
        """The answer as data: no rule, the triples that are missing, and the premises that are there."""
        return {
            "triple": parts(self.triple),
            "rule": None,
            "nearest": self.near.rule if self.near else None,
            "conclusion": parts(self.near.conclusion) if self.near else None,
            "missing": [parts(self.near.missing)] if self.near else [],
            "premises": [p.json() for p in self.premises],
            "reported": [{"triple": parts(f.triple), "quotes": [q.json() for q in f.receipts]} for f in self.reported],
        }

    def text(self, things: Labels, width: int) -> str:
        """The answer for a terminal."""
        lines = [sentence(self.triple, things), f"  {_NO}"]
        lines += [x for f in self.reported if f.triple == self.triple for x in _quoted(f, things, width)]
        if self.near:
            lines += [f"  {line}" for line in terminal.wrap(self._would(things), max(width - 2, 20))]
            lines += [f"    {sentence(self.near.missing, things)}  ({_compact(self.near.missing)})"]
            others = (f for f in self.reported if f.triple != self.triple)
            lines += [f"  {line}" for f in others for line in _quoted(f, things, width - 2)]
            lines += ["  what is there:"]
        lines += [
            f"    {line}" for p in self.premises for line in text(p, things, width - 4).removesuffix("\n").split("\n")
        ]
        return "".join(f"{line}\n" for line in lines)

    def markdown(self, things: Labels) -> str:
        """The answer in Markdown."""
        lines = [f"- **{markdown_text(sentence(self.triple, things))}**: {_NO}"]
        if self.near:
            missing = markdown_text(sentence(self.near.missing, things))
            lines += [f"  - {markdown_text(self._would(things))} **{missing}**"]
        lines += [f"  - {_REPORTED} {markdown_text(quoted(q, things))}" for f in self.reported for q in f.receipts]
        return "".join(f"{line}\n" for line in lines) + "".join(markdown(p, things, 1) for p in self.premises)

    def _would(self, things: Labels) -> str:
        assert self.near is not None
        near, rule = self.near, f"{self.near.rule} ({described(self.near.rule)})"
        if near.conclusion == self.triple:
            return f"it would follow by {rule} if this were there:"
        return f"it would follow from “{sentence(near.conclusion, things)}”, and that by {rule} if this were there:"


_NO = "no: the graph does not say so, and it does not follow"
_REPORTED = "reported, which makes it no fact:"


def _quoted(fact: Fact, things: Labels, width: int) -> Iterator[str]:
    yield f"  {_REPORTED}"
    for quote in fact.receipts:
        source = quoted(quote, things, [r.passage for r in fact.receipts[1:]])
        yield from (f"    {line}" for line in terminal.wrap(source, max(width - 4, 20)))


def _compact(triple: Triple) -> str:
    return " ".join(clean(compact(t.value) if isinstance(t, NamedNode) else str(t)) for t in triple)


def prove(context: Context, triple: Triple) -> Proof | None:
    """The shortest proof of a triple of the graph or of its ontology; None for a triple that is not there."""
    return Prover(context.store, context.steps, context.receipts).best(triple) if _is_there(context, triple) else None


def prove_all(context: Context, triple: Triple) -> Proofs:
    """The proofs of a triple, the shortest first, each different at its root or below; none where it is not there."""
    return Proofs(Prover(context.store, context.steps).all(triple) if _is_there(context, triple) else ())


def why_not(context: Context, triple: Triple) -> WhyNot:
    """Why a triple does not hold: its nearest miss, and who claims it."""
    near = nearest_miss(context.backward, triple)
    prover, claimed = Prover(context.store, context.steps), [triple, near.missing] if near else [triple]
    claims = [f for t in claimed for f in context.receipts.claims_about(t.subject) if f.triple == t]
    premises = tuple(prover.best(p) for p in near.premises) if near else ()
    return WhyNot(triple, near, premises, tuple(claims), context.store)


def _is_there(context: Context, t: Triple) -> bool:
    graphs = (DefaultGraph(), NamedNode(ONTOLOGY_GRAPH))
    return any(Quad(t.subject, t.predicate, t.object, g) in context.store for g in graphs)


def write_proof(found: "list[Proof] | WhyNot", form: str, things: Labels, width: int, *, every: bool = False) -> str:
    """Proofs, or why there is none, as text, json or md. In JSON `every` makes a list of proofs, else there is one."""
    if form == "json":
        data: Any = found.json() if isinstance(found, WhyNot) else [p.json() for p in found]
        return to_json(data if every or isinstance(found, WhyNot) else data[0])
    if isinstance(found, WhyNot):
        return found.markdown(things) if form == "md" else found.text(things, width)
    written = ""
    for number, proof in enumerate(found, 1):
        if number > 1:
            written += f"\nanother proof, {number} of {len(found)}:\n" + "\n" * (form == "md")
        written += markdown(proof, things) if form == "md" else text(proof, things, width)
    return written


def find_triple(context: Context, subject: str, predicate: str, value: str) -> Triple:
    """The triple that a user means by three names; `a` is rdf:type, and an object that is no thing is a literal.

    A name that a property and a class share means the one that fits its place in the triple. Raises UsageError for
    names that fit nothing or too much.
    """
    things = context.things
    start = things.resolve(subject)
    if predicate in ("a", "is a", "rdf:type"):
        return Triple(start, NamedNode(RDF_TYPE), _term(things, value[:1].upper() + value[1:]) or things.resolve(value))
    verb = _property(context, predicate) or things.resolve(predicate)
    try:
        return Triple(start, verb, things.resolve(value))
    except UsageError:
        rows = context.store.quads_for_pattern(start, verb, None, DefaultGraph())
        same = [q.object for q in rows if isinstance(q.object, Literal) and q.object.value == value]
        declared = Quad(verb, NamedNode(RDF_TYPE), NamedNode(OWL + "DatatypeProperty"), NamedNode(ONTOLOGY_GRAPH))
        if not same and declared not in context.store:  # a property of literals may have one that is new
            raise
        return Triple(start, verb, min(same, key=str, default=Literal(value)))


def _term(things: Labels, name: str) -> NamedNode | None:
    """The term of the ontology with that local name."""
    found = NamedNode(ENT + name) if name.isalnum() else None
    return found if found and things.known(found) else None


def _property(context: Context, name: str) -> NamedNode | None:
    """The property with that name: one of the ontology, or a borrowed one, such as rdfs:subClassOf."""
    iri = name.strip("<>") if "://" in name else expand(name)
    try:
        verb = NamedNode(iri) if iri else None
    except ValueError:  # no IRI, so it is looked up as a label
        verb = None
    if verb and next(iter(context.store.quads_for_pattern(None, verb, None, None)), None):
        return verb
    return _term(context.things, name[:1].lower() + name[1:])
