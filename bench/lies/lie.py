"""A lie, the kinds of lies, and which of those that could be told are."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, serialize

from bench.lies.reading import Reading, quads, terms, value
from kg.rdf.namespaces import ARTICLE, ENT, ID, PREFIXES, compact
from kg.rdf.terms import Term
from kg.source.article import Passage


@dataclass(frozen=True)
class Lie:
    """An edit of an article's facts under the quote of one passage: statements that go, and statements that come."""

    kind: str
    passage: Passage
    removed: tuple[Quad, ...]
    added: tuple[Quad, ...]

    def __str__(self) -> str:
        """The edit, a line for each statement."""
        lines = [f"{sign} {_shown(q)}" for sign, edit in (("-", self.removed), ("+", self.added)) for q in edit]
        return "\n".join(dict.fromkeys(lines))

    def facts(self, honest: Iterable[Quad]) -> list[Quad]:
        """The article's facts with the lie in them."""
        gone = set(self.removed)
        return list(dict.fromkeys([*(q for q in honest if q not in gone), *self.added]))


@dataclass(frozen=True)
class Kind:
    """A kind of lie: its name in plain words, whether it is a hard one, and all lies of the kind that could be told."""

    name: str
    hard: bool
    tell: Callable[[Reading], Iterator[tuple[Passage, "Edit"]]]

    def lies(self, reading: Reading) -> list[Lie]:
        """The lies of this kind that could be told of an article, in one order, each once."""
        found: dict[tuple[object, ...], Lie] = {}
        for passage, edit in self.tell(reading):
            lie = Lie(self.name, passage, *edit)
            found.setdefault((lie.removed, lie.added), lie)
        return list(found.values())


Edit = tuple[tuple[Quad, ...], tuple[Quad, ...]]  # what goes, and what comes
Told = Iterator[tuple[Passage, Edit]]


def change(passage: Passage, old: Iterable[Triple], new: Iterable[Triple]) -> tuple[Passage, Edit]:
    """Statements of one passage in the place of others."""
    return passage, (quads(passage, old), quads(passage, new))


def add(passage: Passage, *new: Triple) -> tuple[Passage, Edit]:
    """Statements that a passage has besides."""
    return change(passage, (), new)


def put(t: Triple, other: Term, predicate: NamedNode | None = None) -> Triple:
    """A statement with another object, and perhaps another predicate."""
    return Triple(t.subject, predicate or t.predicate, other)


def chosen(lies: list[Lie], most: int, seed: str) -> list[Lie]:
    """At most so many of the lies, of as many passages as there are; always the same ones for a seed."""

    def rank(lie: Lie) -> str:
        return hashlib.sha256(f"{seed}\n{lie.kind}\n{lie.passage.iri}\n{lie}".encode()).hexdigest()

    taken: dict[str, int] = {}
    turns = []
    for lie in sorted(lies, key=rank):
        turn = taken[lie.passage.iri] = taken.get(lie.passage.iri, 0) + 1
        turns.append((turn, rank(lie), lie))
    return [lie for _, _, lie in sorted(turns, key=lambda row: row[:2])[:most]]


def trig(facts: Iterable[Quad], article: str) -> str:
    """The facts of an article as TriG."""
    graphs: dict[object, list[Quad]] = {}
    for quad in facts:
        graphs.setdefault(quad.graph_name, []).append(quad)
    prefixes = {name: PREFIXES[name] for name in ("dcterms", "ent", "id", "rdfs", "skos", "xsd")}
    prefixes["p"] = f"{ARTICLE}{article}#"
    written = serialize((q for part in graphs.values() for q in part), format=RdfFormat.TRIG, prefixes=prefixes)
    return (written or b"").decode("utf-8")


def _shown(q: Quad) -> str:
    where = "" if value(q.graph_name).rpartition("#")[2] == "" else f" in p:{_local(q.graph_name)}"
    return f"{_term(q.subject)} {_term(q.predicate)} {_term(q.object)}{where}"


def _term(term: Term) -> str:
    if isinstance(term, Literal):
        return f"“{term.value}”"
    iri = value(term)
    return f"p:{_local(term)}" if iri.startswith(ARTICLE) and "#" in iri else compact(iri)


def _local(term: object) -> str:
    return value(term).rpartition("#")[2]


# What makes an edit a lie

# Between these a text seldom draws a line, so that a thing put there or added may well be right.
LOOSE = terms(
    "depicts reportsOn creditedTo concerns agenda topOfAgenda inField despite follows ledTo partOf borderOf rankedIn"
)


def is_false(reading: Reading, t: Triple, *, instead_of: Term | None = None) -> bool:
    """Whether a statement that puts a thing into a role is surely false; see `docs/benchmarks.md` for the rules.

    It is not where it stands or follows anywhere; where the thing belongs to one that is there already, such as a
    capital to its state; where the role is a loose one; where the subject is in the role itself; or where it makes of
    a relation one that is stated besides.
    """
    there = reading.values(t.subject, t.predicate)
    if reading.is_true(t) or t.predicate.value in LOOSE or t.object in (t.subject, instead_of):
        return False
    if any(reading.related(t.object, other) for other in (*there, t.subject)):
        return False
    return not makes_another(reading, t, {*reading.fillers(t.subject)} - {instead_of})


def makes_another(reading: Reading, t: Triple, others: set[Term]) -> bool:
    """Whether a statement makes of its subject a thing that is stated besides: of a class with it, in the same roles.

    `others` are the things in the other roles.
    """
    twins = (
        x.subject for x in reading.everything if x.predicate == t.predicate and reading.related(x.object, t.object)
    )
    return any(
        twin != t.subject
        and reading.alike(twin, t.subject)
        and not others.isdisjoint(reading.fillers(twin) - {t.object})
        for twin in dict.fromkeys(twins)
    )


def candidates(reading: Reading, t: Triple) -> list[NamedNode]:
    """The things of the graph folder that could stand in the place of the object of a statement."""
    return sorted((x for x in reading.stated_kinds if x != t.object and reading.fits(t.predicate, x)), key=str)


def new_thing(*parts: str) -> NamedNode:
    """A thing that the article does not have."""
    return NamedNode(ID + "-".join(parts))


def name(thing: Term) -> str:
    """The last part of an IRI."""
    return value(thing).removeprefix(ID).removeprefix(ENT)
