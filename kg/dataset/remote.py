"""A dataset behind a SPARQL endpoint, looked up as a store is: by patterns of quads, of which many go into a request.

A look-up asks for somewhat more than its pattern, such as all about its subject, and what came is kept. While look-ups
are `noted`, those that nothing kept answers find nothing; `fetch` then asks for all of them together, so that who runs
a piece of work again and again until it notes none makes as many requests as there are steps in it, not look-ups.

The ontology is that of the local graph folder, whose blank nodes have names of their own. In what an endpoint sends
they have none that can be asked about (SPARQL 1.1 Results JSON §3.2.2), so each answer has its own.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any, NamedTuple

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store, Triple, Variable

from kg.dataset.endpoint import Endpoint
from kg.dataset.engine import Found
from kg.dataset.results import Rows
from kg.errors import InputError, LimitError
from kg.rdf.namespaces import ARTICLE, CLAIM, DATASET, DEFAULT_GRAPH, ONTOLOGY_GRAPH, OWL, SD, VOID

_MOST_KEYS = 200  # of one request
_MOST_TEXT = 60_000  # characters of one request
_PATTERN = 1_000  # characters for which a pattern of its own counts: endpoints bear fewer of these
_MOST_QUADS = 5_000_000  # that are kept
_ONTOLOGY, _DEFAULT = NamedNode(ONTOLOGY_GRAPH), DefaultGraph()
_DESCRIBING = (VOID, SD)  # the vocabularies in which an export describes itself, which is no part of the dataset

Term = NamedNode | BlankNode | Literal | Triple


class Key(NamedTuple):
    """What is asked for together: quads with these terms, None for any; in the default graph alone, or in all."""

    subject: NamedNode | None = None
    predicate: NamedNode | None = None
    object: Term | None = None
    graph: NamedNode | None = None


class Noted:
    """The look-ups that were noted, and how many times."""

    def __init__(self) -> None:
        self.keys, self.count = set[Key](), 0

    def add(self, key: Key) -> None:
        """Note one."""
        self.keys.add(key)
        self.count += 1


class Described(NamedTuple):
    """What an endpoint says of its data: versions and size of their ontology, and whether they have a default graph.

    That is a named graph in its place, where a store has none; `default_graph` is its IRI where queries can be asked of
    it without hiding the named graphs.
    """

    versions: tuple[str, ...]
    ontology: int
    has_default_graph: bool
    default_graph: str = ""


class Solutions:
    """The rows of a SELECT, as pyoxigraph gives them."""

    def __init__(self, found: Rows) -> None:
        self.variables, self._rows = [Variable(name) for name in found.columns], found.rows

    def __iter__(self) -> Iterator[Any]:
        return iter(self._rows)


class RemoteStore:
    """The quads behind an endpoint but for those of the ontology, which are given.

    It answers `quads_for_pattern`, `query`, `named_graphs` and `in` as `pyoxigraph.Store` does.
    """

    def __init__(self, endpoint: Endpoint, ontology: Iterable[Quad]) -> None:
        self.endpoint = endpoint
        self._kept = Store()
        self._kept.extend(ontology)
        self._known: set[Key] = set()
        self._noted: Noted | None = None
        self._solutions: dict[str, Rows] = {}
        self._answers = 0

    # As a store

    def quads_for_pattern(self, subject: Any, predicate: Any, object: Any, graph_name: Any = None) -> Iterator[Quad]:
        """The quads with these terms, None for any."""
        if graph_name != _ONTOLOGY and not isinstance(subject, BlankNode) and not isinstance(object, BlankNode):
            self._need(subject, predicate, object, graph_name)
        return self._kept.quads_for_pattern(subject, predicate, object, graph_name)

    def __contains__(self, quad: Quad) -> bool:
        return any(True for _ in self.quads_for_pattern(*quad))

    def ask(self, query: str) -> Found:
        """The answer to a query, of the graph that is in place of the default graph, where there is one."""
        return self.endpoint.ask(query, self.described.default_graph)

    def query(self, query: str) -> Solutions:
        """The rows of a SELECT."""
        if query not in self._solutions:
            found = self.ask(query)
            assert isinstance(found, Rows)
            self._solutions[query] = found
        return Solutions(self._solutions[query])

    def named_graphs(self) -> Iterator[Any]:
        """The names of all named graphs."""
        found = (row[0] for row in self.query("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"))
        return (name for name in found if name != NamedNode(DEFAULT_GRAPH))

    def quads_with_text(self, predicates: Iterable[NamedNode], folded: str) -> list[Quad]:
        """The quads of the default graph with these predicates whose text may be `folded` once it is folded.

        The endpoint leaves out what surely is not: other ASCII with single spaces, of which folding changes the case
        (`kg.dataset.labels.fold`).
        """
        names, text = " ".join(map(str, predicates)), Literal(folded)
        may_be = f'LCASE(STR(?o)) = {text} || REGEX(STR(?o), "[^ -~]|`|  |^ | $")'
        found = self.query(
            f"SELECT ?s ?p ?o {{ VALUES ?p {{ {names} }} ?s ?p ?o FILTER ({may_be}) }} ORDER BY ?s ?p ?o"
        )
        return [Quad(s, p, o, _DEFAULT) for s, p, o in found]

    # Look-ups

    @property
    def is_missing(self) -> bool:
        """Whether look-ups are noted, and one was."""
        return self._noted is not None and bool(self._noted.keys)

    @contextmanager
    def noting(self) -> Iterator["Noted"]:
        """While this lasts, look-ups that nothing kept answers are noted, and find nothing."""
        before, self._noted = self._noted, Noted()
        try:
            yield self._noted
        finally:
            self._noted = before

    def _need(self, subject: Any, predicate: Any, value: Any, graph: Any) -> None:
        """Have what answers a pattern, or note that it is missing."""
        place = NamedNode(DEFAULT_GRAPH) if isinstance(graph, DefaultGraph) else None
        known = [Key(), Key(object=value), Key(predicate=predicate), Key(predicate=predicate, object=value)]
        if isinstance(subject, NamedNode):
            key = Key(subject=subject)
        elif isinstance(graph, NamedNode) and (graph.value.startswith(ARTICLE) or predicate is value is None):
            key = Key(graph=graph)
        elif value is not None and predicate is None:
            key = Key(object=value)
        else:
            key = Key(predicate=predicate, object=value, graph=place)
            known += [Key(graph=place), Key(predicate=predicate, graph=place)]
        if not self._known.isdisjoint((*known, key)):
            return
        if self._noted is not None:
            self._noted.add(key)
        else:
            self.fetch([key])

    def fetch(self, keys: Iterable[Key]) -> None:
        """Ask for all that is missing, in few requests, and then for the claims that came in sight."""
        waiting = {*keys} - self._known
        while waiting:
            ordered = sorted(waiting, key=str)
            while ordered:
                count, size = 0, 0
                while count < min(len(ordered), _MOST_KEYS) and size < _MOST_TEXT:
                    key = ordered[count]
                    size += len("".join(map(str, key))) + _PATTERN * isinstance(key.object, Literal)
                    count += 1
                self._ask(ordered[:count])
                ordered = ordered[count:]
            waiting = {Key(subject=node) for key in waiting for node in self._in_sight(key)} - self._known

    def _in_sight(self, key: Key) -> Iterator[NamedNode]:
        """The claims about an object that was asked for: each of them would be looked up next, one by one."""
        if key.object is not None:
            for q in self._kept.quads_for_pattern(None, key.predicate, key.object, None):
                if isinstance(q.subject, NamedNode) and q.subject.value.startswith(CLAIM):
                    yield q.subject

    def _ask(self, keys: list[Key]) -> None:
        """Ask for keys in one request; where a server may have cut the answer, in halves, and for one key in pages."""
        text = self._text(keys)
        found, may_be_cut = self.endpoint.part(text)
        if may_be_cut:  # unless nothing comes after it
            after, _ = self.endpoint.part(f"{text} LIMIT 1 OFFSET {len(_rows(found))}")
            may_be_cut = bool(_rows(after))
        if may_be_cut and len(keys) > 1:
            self._ask(keys[: len(keys) // 2])
            self._ask(keys[len(keys) // 2 :])
            return
        self._keep(_rows(self.endpoint.ask(f"{text} ORDER BY ?g ?s ?p ?o") if may_be_cut else found))
        self._known.update(keys)

    def _text(self, keys: list[Key]) -> str:
        """The query for some keys: a UNION of patterns, one or two for those that bind the same places."""
        kinds: dict[tuple[tuple[str, ...], bool], list[Key]] = {}
        arms = []
        for key in keys:
            is_default = key.graph is not None and key.graph.value == DEFAULT_GRAPH
            bound = (name for name, part in zip("spog", key, strict=True) if part is not None)
            names = tuple(name for name in bound if name != "g" or not is_default)
            if isinstance(key.object, Literal):
                # Virtuoso forgets the language of a literal in VALUES, so what has the value is asked for by a triple.
                pattern = f"?s {key.predicate or '?q'} {key.object} . ?s ?p ?o"
                same = f" FILTER (?p = {key.predicate})" * bool(key.predicate)
                arms += self._arms("", pattern + same, is_default=is_default)
            else:
                kinds.setdefault((names, is_default), []).append(key)
        for (names, is_default), alike in kinds.items():
            rows = (" ".join(str(x) for name, x in zip("spog", key, strict=True) if name in names) for key in alike)
            columns, data = " ".join(f"?{name}" for name in names), " ".join(f"({row})" for row in rows)
            values = f"VALUES ({columns}) {{ {data} }}" * bool(names)
            arms += self._arms(values, "?s ?p ?o", is_default=is_default, is_named="g" in names)
        return f"SELECT ?g ?s ?p ?o {{ {' UNION '.join(arms)} }}"

    def _arms(self, values: str, pattern: str, *, is_default: bool, is_named: bool = False) -> list[str]:
        """A pattern asked of the default graph, the named ones, or both."""
        has_default = self.described.has_default_graph
        own = f"GRAPH <{DEFAULT_GRAPH}> {{ {pattern} }}" if has_default else pattern
        default = f"{{ {values} {own} }}"
        named = f"{{ {values} GRAPH ?g {{ {pattern} }} FILTER (?g != {_ONTOLOGY}) }}"
        return [default] if is_default else [named] if is_named or has_default else [default, named]

    def _keep(self, rows: list[Any]) -> None:
        self._answers += 1
        blank: dict[str, BlankNode] = {}

        def own(term: Any) -> Any:
            if isinstance(term, BlankNode):
                return blank.setdefault(term.value, BlankNode(f"r{self._answers}-{term.value}"))
            return term

        default = NamedNode(DEFAULT_GRAPH)
        for graph, subject, predicate, value in rows:
            if graph == _ONTOLOGY or _is_description(subject, predicate, value):
                continue
            place = _DEFAULT if graph in (None, default) else graph
            self._kept.add(Quad(own(subject), predicate, own(value), place))
        if len(self._kept) > _MOST_QUADS:
            message = f"more than {_MOST_QUADS:,} statements are needed from the endpoint"
            raise LimitError(message, hint="ask for less", where=self.endpoint.address, rule="too-large")

    @cached_property
    def described(self) -> Described:
        """What the endpoint says of its data, in one request."""
        text = f"""SELECT ?what ?value {{
            {{ GRAPH <{ONTOLOGY_GRAPH}> {{ <{ONTOLOGY_GRAPH}> <{OWL}versionInfo> ?value }} BIND ("version" AS ?what) }}
            UNION {{ SELECT ("size" AS ?what) (COUNT(*) AS ?value) {{ GRAPH <{ONTOLOGY_GRAPH}> {{ ?s ?p ?o }} }} }}
            UNION {{ SELECT ("default" AS ?what) (COUNT(*) AS ?value) {{
                {{ SELECT ?s {{ GRAPH <{DEFAULT_GRAPH}> {{ ?s ?p ?o }} }} LIMIT 1 }} }} }}
        }}"""
        found, told = self.endpoint.ask(text), dict[str, list[str]]()
        for what, value in found.rows if isinstance(found, Rows) and len(found.columns) == 2 else ():
            told.setdefault(getattr(what, "value", ""), []).append(getattr(value, "value", ""))
        sizes = [int(n) for name in ("size", "default") for n in told.get(name, ()) if n.isdecimal()]
        if len(sizes) != 2:
            raise InputError("the server does not answer what was asked", where=self.endpoint.address, rule="endpoint")
        graph = self._in_place_of_default() if sizes[1] else ""
        return Described(tuple(sorted(told.get("version", ()))), sizes[0], bool(sizes[1]), graph)

    def _in_place_of_default(self) -> str:
        """The graph of which queries are asked in place of the default one, unless that hides the named graphs.

        It does by the letter of SPARQL 1.1 §13.2. Virtuoso, which has no default graph, hides those alone that a query
        names. Else a query is asked of what the server asks by itself, which must be all graphs.
        """
        found, _ = self.endpoint.part(f"SELECT ?g {{ GRAPH ?g {{ ?s a <{OWL}Ontology> }} }}", DEFAULT_GRAPH)
        seen = isinstance(found, Rows) and any(row[:1] == (_ONTOLOGY,) for row in found.rows)
        return DEFAULT_GRAPH if seen else ""

    def differences(self) -> list[str]:
        """How the ontology of the endpoint's data differs from the one that was given, in words."""
        header, there = NamedNode(ONTOLOGY_GRAPH), self.described
        if not there.ontology:
            return [f"the data of {self.endpoint.address} have no ontology (in the graph <{ONTOLOGY_GRAPH}>)"]
        own = self._kept.quads_for_pattern(header, NamedNode(OWL + "versionInfo"), None, _ONTOLOGY)
        versions = tuple(sorted(q.object.value for q in own if isinstance(q.object, Literal)))
        size = sum(1 for _ in self._kept.quads_for_pattern(None, None, None, _ONTOLOGY))
        if (versions, size) == (there.versions, there.ontology):
            return []
        one, other = (_version(*found) for found in (there[:2], (versions, size)))
        return [f"the data of {self.endpoint.address} were made with ontology {one}, here it is {other}"]


def _version(versions: tuple[str, ...], size: int) -> str:
    return f"{' and '.join(versions) or 'no version'} ({size:,} statements)"


def _rows(found: Found) -> list[Any]:
    """The quads of an answer as rows."""
    if not isinstance(found, Rows) or (found.rows and found.columns != ["g", "s", "p", "o"]):
        raise InputError("the server does not answer what was asked", rule="endpoint")
    return found.rows


def _is_description(subject: Any, predicate: NamedNode, value: Any) -> bool:
    """Whether a statement is of the description that an export gives of itself."""
    named = (getattr(term, "value", "") for term in (predicate, value))
    return getattr(subject, "value", "").startswith(DATASET) or any(iri.startswith(_DESCRIBING) for iri in named)
