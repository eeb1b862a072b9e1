"""The closure of more facts than one process holds, in parts: the same triples as at once.

Each part has some of the things, by the hash of their names: all that is said about them and, where rules compare what
things have in common (`kg.reasoning.closure.joins`), what is said that leads to them. Ontology and background are in
each. A part closes what it has and sends others what belongs there, in files, until none is sent anything new.
"""

import json
import os
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple

from pyoxigraph import NamedNode, Quad, Triple

from kg.cluster import Runner
from kg.cluster.output import Output
from kg.dataset import build, computed, shards
from kg.dataset.shards import Joined, Relational, Shard
from kg.rdf.namespaces import ENT, INFERRED_GRAPH, OWL, RDF, RDF_TYPE, RDFS
from kg.rdf.terms import n_quads, parsed
from kg.reasoning import closure
from kg.reasoning.closure import Joins
from kg.source import documents
from kg.source.documents import Sources
from kg.source.layout import GraphFolder, write_atomic

AT_ONCE = 1_500_000  # facts: those of about 10,000 articles, for which one process takes 2.6 GB (docs/scale.md)
_SMALLER = 4  # times is a part smaller than that, since it gets facts of others as well
_TYPE, _PART_OF = f"<{RDF_TYPE}>", computed.PART_OF
_AXIOMS = tuple(f"<{namespace}" for namespace in (OWL, RDF, RDFS))
_DAYS = frozenset(NamedNode(ENT + name) for names in computed.DAYS.values() for name in names)


class Parted(NamedTuple):
    """A closure in parts: its files, those of bounds of dates, how much was inferred, all things with a class."""

    closed: list[str]
    bounds: list[str]
    inferred: int
    contradicts: bool
    things: dict[Any, None]

    @property
    def files(self) -> list[str]:
        """All files."""
        return [*self.closed, *self.bounds]


@dataclass(frozen=True)
class Parts:
    """What the tasks have in common: the graph folder, that of the build, one for what is needed for a moment.

    `key` names what is written, `count` is how many parts there are.
    """

    graph_folder: GraphFolder
    output: Output
    folder: str
    key: str
    wanted: Relational
    joins: Joins
    count: int

    def of(self, thing: str) -> int:
        """The part of a thing, which is a term in N-Triples."""
        return zlib.crc32(thing.encode("utf-8", "surrogatepass")) % self.count

    def of_fact(self, line: str) -> Iterable[int]:
        """The parts that need a fact, which is a line of N-Triples."""
        subject, predicate, rest = line.split(" ", 2)
        value = rest[:-2]
        if (value if predicate == _TYPE else predicate)[1:-1] in self.joins.everywhere:
            return range(self.count)
        at_object = predicate[1:-1] in self.joins.objects
        return {self.of(subject), self.of(value)} if at_object else (self.of(subject),)

    def closed(self, part: int) -> str:
        """The name of the file of what follows about the things of a part."""
        return self.output.closed(f"{self.key}-{part}")

    def bounds(self, part: int) -> str:
        """The name of the file of the bounds of their dates."""
        return self.output.bounds(f"{self.key}-{part}")

    def given(self, part: int, lot: int) -> str:
        """The file of what a lot of shards gives a part."""
        return os.path.join(self.folder, f"given-{part}-{lot}")

    def sent(self, sender: int, turn: int, part: int) -> str:
        """The file of what one part sends another at its turn."""
        return os.path.join(self.folder, f"sent-{sender}-{turn}-{part}")

    def things(self, part: int) -> str:
        """The file of the things of a part."""
        return os.path.join(self.folder, f"things-{part}")


def close(parts: Parts, keys: Sequence[str], runner: Runner) -> Parted | None:
    """Close the facts of all shards in parts; None where these can only be closed at once."""
    lots = shards.lots(list(keys), 4 * runner.width)
    if not all(runner.run(Share(parts), list(enumerate(lots)), "sharing out facts")):
        return None
    waiting, turn, found = list(range(parts.count)), 0, dict[int, Closed]()
    while waiting:
        step = f"closing facts in {len(waiting)} of {parts.count} parts"
        made = runner.run(Close(parts, len(lots), turn), waiting, step)
        if not all(closed.is_whole for closed in made):
            return None
        found.update(zip(waiting, made, strict=True))
        waiting, turn = sorted({part for closed in made for part in closed.sent}), turn + 1
    things = dict.fromkeys(thing for part in found for thing in _lines(parts.things(part)))
    contradicts = any(closed.contradicts for closed in found.values())
    files, bounds = ([name(part) for part in found] for name in (parts.closed, parts.bounds))
    return Parted(files, bounds, sum(closed.inferred for closed in found.values()), contradicts, things)


def number(facts: int, at_once: int) -> int:
    """In how many parts so many facts are closed, of which one process could hold so many."""
    return max(2, -(-facts * _SMALLER // max(1, at_once)))


@dataclass(frozen=True)
class Share:
    """The task that shares out what the shards of a lot say; the result is whether it can be."""

    parts: Parts

    def __call__(self, lot: tuple[int, list[str]]) -> bool:
        """Write a file for each part. False where articles state axioms, which would have to be in all parts."""
        found: dict[int, Shard] = {}

        def of(part: int) -> Shard:
            return found.setdefault(part, Shard())

        parts, (place, keys) = self.parts, lot
        gathered = shards.gather(map(parts.output.read, keys))
        for line in gathered.facts:
            if _is_axiom(line):
                return False
            for part in parts.of_fact(line):
                of(part).facts.append(line)
        for line in gathered.types:
            of(parts.of(_subject(line))).types.append(line)
        for row in gathered.statuses:
            of(parts.of(_subject(row[0]))).statuses.append(row)
        for thing, stating in gathered.stated.items():
            of(parts.of(thing)).stated[thing] = stating
        for part, shard in found.items():
            _write(parts.given(part, place), shard.kept())
        return True


class Closed(NamedTuple):
    """What came of closing a part once: whether all of it could be, to which parts it sent something, and how much."""

    is_whole: bool
    sent: tuple[int, ...] = ()
    inferred: int = 0
    contradicts: bool = False


@dataclass(frozen=True)
class Close:
    """The task that closes a part with what it was sent before this turn."""

    parts: Parts
    lots: int
    turn: int

    def __call__(self, part: int) -> Closed:
        """Write what follows about the things of the part, and what it sends to others."""
        parts = self.parts
        rest, follows = _rest(parts.graph_folder.root, parts.graph_folder.schema, parts.folder)
        found = shards.gather(self._given(part))
        made = shards.without_articles(rest)
        sent, wholes = self._received(part)

        def own(triples: Iterable[Triple]) -> Iterator[Triple]:
            return (t for t in triples if parts.of(str(t.subject)) == part)

        stated = dict.fromkeys([*parsed("\n".join(found.facts)), *made.stated])
        bounds = list(computed.bounds(own(stated)))
        stated.update(dict.fromkeys(bounds))
        received = list(parsed("\n".join(sent)))
        closed = closure.close([*stated, *received], made.ontology, outside="ignore")
        kept = closed.inferred | closure.instance_triples(received, made.ontology)
        inferred = set(own(kept)).difference(stated)
        things = shards.typed([*own(stated), *inferred])
        if not shards.is_as_chosen(closed, parts.wanted, things):
            return Closed(False)
        whole = [t for t in kept if t.predicate == _PART_OF]
        dated = [*stated, *whole, *parsed("\n".join(wholes))]
        after = own(shards.after_closure(found, [*own(stated), *inferred], dated, made.ontology))
        lines = _text([*inferred, *after]) | _text(build.in_graph(INFERRED_GRAPH, inferred))
        parts.output.write_lines(parts.closed(part), sorted(lines))
        parts.output.write_lines(parts.bounds(part), sorted(_text(bounds)))
        _write(parts.things(part), "".join(f"{thing}\n" for thing in things).encode())
        try:
            news = [*bounds, *closure.moved(closed)]
        except ValueError:
            return Closed(False)
        days = [t for t in own(stated) if t.predicate in _DAYS]
        whole += (t for t in stated if t.predicate == _PART_OF)
        others = self._send(part, _text(news) - follows, days, whole)
        return Closed(True, others, len(inferred), bool(closed.contradictions))

    def _given(self, part: int) -> Iterator[Shard]:
        for lot in range(self.lots):
            path = self.parts.given(part, lot)
            if os.path.exists(path):
                yield Shard.of_kept(_read(path))

    def _received(self, part: int) -> tuple[list[str], list[str]]:
        """What other parts have sent before: facts, and the bounds of wholes of which something here is a part."""
        paths = (self.parts.sent(p, turn, part) for p in range(self.parts.count) for turn in range(self.turn))
        rows = [json.loads(_read(path)) for path in paths if os.path.exists(path)]
        facts, wholes = (dict.fromkeys(line for row in rows for line in row[at]) for at in (0, 1))
        return list(facts), list(wholes)

    def _send(self, part: int, facts: set[str], days: list[Triple], wholes: list[Triple]) -> tuple[int, ...]:
        """Send facts to where they belong, and bounds of wholes to where something is part of these; give where."""
        parts, boxes = self.parts, dict[int, tuple[set[str], set[str]]]()
        for line in facts:
            for other in parts.of_fact(line):
                boxes.setdefault(other, (set(), set()))[0].add(line)
        dated: dict[Any, list[Triple]] = {}
        for t in days:
            dated.setdefault(t.subject, []).append(t)
        for t in wholes:
            if t.object in dated:
                boxes.setdefault(parts.of(str(t.subject)), (set(), set()))[1].update(_text(dated[t.object]))
        boxes.pop(part, None)
        sent = list[int]()
        for other, box in boxes.items():
            before = [parts.sent(part, turn, other) for turn in range(self.turn)]
            known = [json.loads(_read(path)) for path in before if os.path.exists(path)]
            new = [sorted(lines.difference(*(row[at] for row in known))) for at, lines in enumerate(box)]
            if any(new):
                _write(parts.sent(part, self.turn, other), json.dumps(new).encode())
                sent.append(other)
        return tuple(sent)


@lru_cache(1)
def _rest(root: str, schema: str, run: str) -> tuple[Sources, frozenset[str]]:
    """Ontology and background as they are in a run, and what follows from these alone, which no part has to be sent."""
    rest = documents.load_sources(GraphFolder(root, schema), ())
    made = shards.without_articles(rest)
    closed = closure.close(made.stated, made.ontology, outside="ignore")
    return rest, frozenset(_text(closure.moved(closed)))


def without(joined: Joined) -> Joined:
    """What does not stand in a part: ontology and background, as they are."""
    return replace(joined, bounds=[], inferred=frozenset(), computed=[], things={})


def _is_axiom(line: str) -> bool:
    _, predicate, value = line.split(" ", 2)
    return (value if predicate == _TYPE else predicate).startswith(_AXIOMS)


def _subject(line: str) -> str:
    return line.split(" ", 1)[0]


def _text(statements: Iterable[Triple] | Iterable[Quad]) -> set[str]:
    return set(filter(None, n_quads(statements).split("\n")))


def _write(path: str, data: bytes) -> None:
    write_atomic(path, zlib.compress(data, 1), durable=False)


def _read(path: str) -> bytes:
    with open(path, "rb") as file:
        return zlib.decompress(file.read())


def _lines(path: str) -> list[str]:
    return list(filter(None, _read(path).decode().split("\n")))
