"""A graph compiled in shards, each of some articles, in any order and on any machine: the dataset is that of one build.

`compile_shard` writes the quads that only its own articles can say, and gives the rest, which is small: the facts that
rules of the ontology read or conclude, dates, statuses, and which passage states a thing best. `join` takes that of all
shards and gives the quads that follow from them together. Labels come last, from all of it (`write_naming`): things are
named by any number of tasks, and only what is called alike is looked at again.
"""

import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from pyoxigraph import NamedNode, Quad, Triple

from kg.dataset import build, cache, computed, computed_labels, lexicon, naming, sorted_quads
from kg.dataset.build import Build
from kg.dataset.computed import Mentioning, StatusStatement
from kg.dataset.sorted_quads import SortedQuads
from kg.errors import InputError
from kg.findings import Check, Finding, from_json
from kg.rdf.namespaces import ARTICLE, CLAIM, ENT, INFERRED_GRAPH, ONTOLOGY_GRAPH, OWL, RDF, RDF_TYPE, RDFS, RDFS_LABEL
from kg.rdf.terms import n_quads, parsed, term
from kg.reasoning import closure
from kg.reasoning.closure import Closure
from kg.source import documents
from kg.source.article import Evidence, read_article
from kg.source.documents import ArticleSources, Sources
from kg.source.layout import GraphFolder

UNCOMPILED = Check(
    "uncompiled",
    "An article can be compiled, whatever is in it.",
    "One that brings the compiler down is left out of the dataset, and this says so. Please report it: a fault of kg.",
)
ROW = Check(
    "row",
    "Each row of a table of articles names its article, and has a text and facts.",
    "A row that lacks one of these, or is no JSON, is left out of the dataset; all others are built.",
    wrong='{"article": "2019-05-lorvia-sudmark", "text": null, "facts": "…"}',
    right='{"article": "2019-05-lorvia-sudmark", "text": "Lorvia …", "facts": "…"}',
)
_TYPE, _SUBJECT = NamedNode(RDF_TYPE), NamedNode(RDF + "subject")
# What an article may say, but an ontology should: each such statement may give rules of its own.
_AXIOMS = (OWL, RDFS, RDF)
_NO_AXIOMS = frozenset({RDFS_LABEL, RDFS + "comment", RDFS + "seeAlso", RDFS + "isDefinedBy"})
_DATED = frozenset(ENT + name for name in (*computed.BOUNDS, *computed.LIMITS))
_ALWAYS = _DATED | computed.DATES_OF.keys() | {RDF_TYPE, computed.PART_OF.value}
_QUOTE, _CLAIM = f"<{ENT}quote>", f"<{CLAIM}"

T = TypeVar("T")
Stating = tuple[bool, str, str]  # a `computed.Mentioning`: the least states a thing best


class ReadArticle(NamedTuple):
    """An article that has been read, or could not be (None), and the findings of that."""

    name: str
    sources: ArticleSources | None
    findings: tuple[Finding, ...]


@dataclass
class Shard:
    """What the articles of a shard say: their own lines of N-Quads, sorted, and what others add to.

    `facts` and `types` are lines of N-Triples; `statuses` are rows of a triple, its passage, that one's reading order
    and the reading date of its article; `stated` has for each thing the passage that states it best. Of the articles
    `left_out`, whose evidence is broken, nothing but `findings` is there.
    """

    lines: list[str] = field(default_factory=list)
    facts: list[str] = field(default_factory=list)
    types: list[str] = field(default_factory=list)
    statuses: list[tuple[str, str, str, str]] = field(default_factory=list)
    stated: dict[str, Stating] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    @property
    def articles(self) -> int:
        """How many articles have been compiled."""
        return self.counts.get("articles", 0)

    def kept(self) -> bytes:
        """Everything but the lines, as JSON."""
        rows = {name: value for name, value in vars(self).items() if name != "lines"}
        return json.dumps(rows | {"findings": [f.json() for f in self.findings]}).encode()

    @classmethod
    def of_kept(cls, data: bytes) -> "Shard":
        """A shard without its lines. Raises ValueError or TypeError for what `kept` has not written."""
        rows: dict[str, Any] = json.loads(data)
        return cls(**rows | {"findings": from_json(rows["findings"])})


class Relational(NamedTuple):
    """The properties (IRIs) whose facts rules read or conclude, None for all; and how many rules these are."""

    properties: frozenset[str] | None
    rules: int

    def takes(self, predicate: str) -> bool:
        """Whether facts with a property are needed beyond their article."""
        if self.properties is None or predicate in self.properties or predicate in _ALWAYS:
            return True
        return predicate.startswith(_AXIOMS) and predicate not in _NO_AXIOMS


EVERYTHING = Relational(None, 0)


# Reading


def from_folders(graph_folder: GraphFolder, names: Iterable[str]) -> Iterator[ReadArticle]:
    """The articles of a graph folder with these names; what cannot be read is a finding."""
    for name in names:
        sources = Sources(graph_folder)
        path = f"kg/articles/{name}"
        try:
            found = documents.article_sources(f"{graph_folder.articles}/{name}", sources)
        except OSError as error:
            sources.findings.append(documents.FILE.finding(path, f"cannot read the article: {error.strerror}"))
            found = None
        yield ReadArticle(name, found, tuple(sources.findings))


def from_rows(rows: Iterable[tuple[str, bytes | None, bytes | None]]) -> Iterator[ReadArticle]:
    """Articles given by name, text and facts (TriG), None for what is missing."""
    for name, text, facts in rows:
        findings: list[Finding] = []
        yield ReadArticle(name, documents.article_from_bytes(name, text, facts, findings), tuple(findings))


def lots(rows: list[T], count: int) -> list[list[T]]:
    """Rows shared out, in their order, into at most so many lots of the same size."""
    size = max(1, -(-len(rows) // count))
    return [rows[at : at + size] for at in range(0, len(rows), size)]


# One shard


def relational(rest: Sources) -> Relational:
    """Which facts of articles are needed to close the graph, by the rules of its ontology and background."""
    found = closure.relational([*(t for d in (*rest.ontology, *rest.background) for t in d.triples)])
    return Relational(*found)


def compile_shard(articles: Iterable[ReadArticle], wanted: Relational, *, broken: bool = False) -> Shard:
    """Compile some articles. Raises nothing for what is in them: a broken one is left out, with its findings.

    To be validated, what is `broken` is compiled as well, as far as it can be read.
    """
    shard = Shard()
    lines, facts, types = set[str](), set[str](), set[str]()
    for name, sources, findings in articles:
        own = _compiled(sources, wanted, broken) if sources else Shard(left_out=[name])
        shard.findings += [*findings, *own.findings]
        shard.left_out += own.left_out
        shard.statuses += own.statuses
        lines.update(own.lines)
        facts.update(own.facts)
        types.update(own.types)
        for count, number in own.counts.items():
            shard.counts[count] = shard.counts.get(count, 0) + number
        improve(shard.stated, own.stated)
    shard.lines, shard.facts, shard.types = sorted(lines), sorted(facts), sorted(types)
    return shard


def improve(best: dict[str, Stating], others: dict[str, Stating]) -> None:
    """Keep for each thing the passage that states it best (`computed.stated_in`)."""
    for thing, stating in others.items():
        best[thing] = min(stating, best.get(thing, stating))


def _compiled(sources: ArticleSources, wanted: Relational, broken: bool) -> Shard:
    """A shard of one article; without lines, and left out, where it is broken."""
    try:
        evidence = read_article(sources)
        if not broken and build.broken(evidence.findings):
            return Shard(findings=evidence.findings, left_out=[sources.name])
        described = [*build.describe_article(evidence)]
        lines = article_lines(evidence, described)
        return of_evidence(evidence, wanted, described, [*lines, *computed.in_default_graph(lines)])
    except Exception as error:  # whatever it is: the other articles are compiled all the same
        message = f"the article {sources.name} could not be compiled: {type(error).__name__}: {error}"
        return Shard(findings=[UNCOMPILED.finding(sources.facts.path, message)], left_out=[sources.name])


def of_evidence(evidence: Evidence, wanted: Relational, described: list[Triple], lines: list[str]) -> Shard:
    """A shard of one article, which is so `described` (`build.describe_article`), with these lines."""
    shard = Shard(lines, findings=evidence.findings, counts=own_counts(evidence))
    shard.facts = _lines(t for p in evidence.asserted for t in p.triples if wanted.takes(t.predicate.value))
    shard.types = _types(described, wanted)
    for s in build.status_statements(evidence):
        shard.statuses.append((n_quads([s.triple]).strip(), s.passage, s.order, s.read))
    for thing, mentioning in build.mentioning(evidence):
        improve(shard.stated, {str(thing): (mentioning.is_naming, mentioning.order, mentioning.passage)})
    return shard


def _types(described: list[Triple], wanted: Relational) -> list[str]:
    """The classes of what describes an article, but for its passages and the like, which have no direct type."""
    typed = [t for t in described if t.predicate == _TYPE]
    if wanted.properties is not None:
        apart = {t.subject for t in typed if t.object in computed.EVIDENCE}
        typed = [t for t in typed if t.subject not in apart]
    return _lines(typed)


def article_lines(evidence: Evidence, described: list[Triple] | None = None) -> set[str]:
    """The quads of one article as lines: its passages, its description (which may be at hand), its claims."""
    own = [*(described or build.describe_article(evidence)), *(t for p in evidence.reported for t in build.claims(p))]
    return {*_lines(q for p in evidence.asserted for q in build.in_graph(p.iri, p.triples)), *_lines(own)}


def own_counts(evidence: Evidence) -> dict[str, int]:
    """The counts of one article that add up to those of the graph."""
    alone = Build(Sources(GraphFolder("")), [evidence], [], [], [], [], [])
    return {name: n for name, n in alone.counts().items() if name not in ("facts", "background", "inferred")}


def article_print(article: ArticleSources) -> str:
    """The fingerprint of an article as it was read, that of its files."""
    facts = article.facts
    return cache.file_print([(article.text_path, article.text.encode()), (facts.path, facts.text.encode())])


def part_file(folder: str, name: str) -> str:
    """The file of the lines of an article in a large build."""
    return os.path.join(folder, cache.PARTS, f"{name}.nq")


def write_part(folder: str, name: str, lines: list[str]) -> str:
    """Write the lines of an article into a large build; their checksum."""
    data = "\n".join(lines).encode()
    with open(part_file(folder, name), "wb") as file:
        file.write(data)
    return cache.digest([data])


def _lines(statements: Iterable[Triple] | Iterable[Quad]) -> list[str]:
    return [line for line in n_quads(statements).split("\n") if line]


def naming_lines(lines: Iterable[str]) -> Iterator[str]:
    """Of the lines of a dataset those from which labels are computed: named graphs, quotes and claims."""
    for line in lines:
        if quotes_or_claims(line) or computed.stated_lines([line]):
            yield line


def quotes_or_claims(line: str) -> bool:
    """Whether a line of N-Quads has a quote or belongs to a claim."""
    return line.startswith(_CLAIM) or line.split(" ", 2)[1] == _QUOTE


# All shards


@dataclass
class Joined:
    """What follows from the facts of all shards together, in a graph with this ontology and background."""

    ontology: list[Triple]
    background: list[Quad]
    bounds: list[Triple]
    inferred: frozenset[Triple]
    computed: list[Triple]
    things: dict[Any, None]  # with a class, which may need a label
    closure: Closure

    def lines(self) -> set[str]:
        """The lines of N-Quads that are no article's own, but for labels and the description of the dataset."""
        named = [q for q in self.background if isinstance(q.graph_name, NamedNode)]
        plain = (t for found in (self.bounds, self.inferred, self.computed) for t in found)
        stated = [*self.background, *(Quad(*q.triple) for q in named), *build.in_graph(INFERRED_GRAPH, self.inferred)]
        return {*_lines(stated), *_lines(plain), *_lines(build.in_graph(ONTOLOGY_GRAPH, self.ontology))}

    def stated_lines(self) -> list[str]:
        """Of its lines those of what is stated, and of bounds: what the shapes validate beside the articles."""
        return [*_lines(self.background), *_lines(self.bounds)]

    def naming_lines(self) -> list[str]:
        """Those of its lines from which labels are computed."""
        named = (q for q in self.background if isinstance(q.graph_name, NamedNode))
        graphs = ((INFERRED_GRAPH, self.inferred), (ONTOLOGY_GRAPH, self.ontology))
        return _lines([*named, *(q for graph, triples in graphs for q in build.in_graph(graph, triples))])


def gather(shards: Iterable[Shard]) -> Shard:
    """What several shards give the others, together, each line once."""
    facts, types, found = dict[str, None](), dict[str, None](), Shard()
    for shard in shards:
        facts.update(dict.fromkeys(shard.facts))
        types.update(dict.fromkeys(shard.types))
        found.statuses += shard.statuses
        improve(found.stated, shard.stated)
    found.facts, found.types = list(facts), list(types)
    return found


def join(shards: Iterable[Shard], rest: Sources, wanted: Relational) -> Joined | None:
    """What follows from all shards; None where it takes all their facts: compile them anew with `EVERYTHING`.

    Raises InputError where the ontology or the background is broken, as `build.compile_graph` does.
    """
    made = without_articles(rest)
    build.refuse_broken(made)
    found = gather(shards)
    stated = dict.fromkeys([*parsed("\n".join(found.facts)), *made.stated])
    bounds = list(computed.bounds(stated))
    stated.update(dict.fromkeys(bounds))
    closed = made.closure = closure.close(stated, made.ontology, outside="ignore")
    if closed.outside:
        message = "the ontology is outside OWL 2 RL; nothing was built"
        raise InputError(message, findings=made.outside_profile(), rule=build.OUTSIDE_PROFILE.id)
    things = typed([*stated, *closed.inferred])
    if not is_as_chosen(closed, wanted, things):
        return None
    parts = (t for t in closed.inferred if t.predicate == computed.PART_OF)
    after = after_closure(found, [*stated, *closed.inferred], [*stated, *parts], made.ontology)
    return Joined(made.ontology, made.background, bounds, closed.inferred, after, things, closed)


def after_closure(
    found: Shard, closed: Iterable[Triple], dated: Iterable[Triple], ontology: list[Triple]
) -> list[Triple]:
    """What is computed of things after the closure, from what was `found`, all facts, and those of dates and wholes."""
    triples = parsed("\n".join(row[0] for row in found.statuses))
    statuses = [StatusStatement(t, *row[1:]) for t, row in zip(triples, found.statuses, strict=True)]
    return [
        *computed.current(statuses),
        *computed.days(dated, computed.ended(statuses)),
        *computed.stated_in((term(thing), Mentioning(*stating)) for thing, stating in found.stated.items()),
        *computed.direct_types([*closed, *parsed("\n".join(found.types))], computed.broader(ontology)),
    ]


def typed(triples: Iterable[Triple]) -> dict[Any, None]:
    """What has a class."""
    return dict.fromkeys(t.subject for t in triples if t.predicate == _TYPE)


def is_as_chosen(closed: Closure, wanted: Relational, things: Iterable[Any]) -> bool:
    """Whether nothing but the facts that were chosen matters to a closure, of which some things have a class.

    So the facts have given no rules beyond those by which they were chosen, nothing is equal, and no article classifies
    what describes one, the classes of which are not all here.
    """
    if wanted.properties is None:
        return True
    assert closed.derivations is not None
    chainer = closed.derivations.chainer
    has_rules = chainer.is_maintainable and len(chainer.rules) == wanted.rules
    return has_rules and not any(isinstance(thing, NamedNode) and thing.value.startswith(ARTICLE) for thing in things)


def without_articles(rest: Sources) -> Build:
    """The build of ontology and background alone."""
    ontology, background = [t for d in rest.ontology for t in d.triples], [q for d in rest.background for q in d.quads]
    return Build(rest, [], ontology, background, [], [], [])


# Labels


def write_naming(folder: str, joined: Joined, parts: Iterable[Iterable[str]]) -> list[str]:
    """Write what names are made of into a folder, from the sorted `naming_lines` of all shards.

    What may need a label is given, sorted. Without noun phrases in the ontology, nothing does.
    """
    if not any(t.predicate.value == lexicon.NOUN_PHRASE for t in joined.ontology):
        return []
    inverse = {str(_SUBJECT), *(f"<{iri}>" for iri in lexicon.inverse(joined.ontology))}
    claimed = set[str]()

    def note(subject: str, lines: list[str]) -> None:
        if subject.startswith(_CLAIM):
            claimed.update(line.split(" ", 3)[2] for line in lines if line.split(" ", 2)[1] == str(_SUBJECT))

    sorted_quads.write(folder, [sorted(joined.naming_lines()), *parts], inverse.__contains__, note)
    return sorted({*map(str, joined.things), *claimed})


@lru_cache(1)
def _sorted_quads(folder: str) -> SortedQuads:
    """What is in a folder of `write_naming`, opened once by each process: what was looked up stays in memory."""
    return SortedQuads(folder)


@dataclass(frozen=True)
class NounPhrases:
    """The task that names things, which are terms in N-Triples, by what is in a folder of `write_naming`."""

    folder: str

    def __call__(self, things: Iterable[str]) -> dict[str, str]:
        """What those are called that have no label."""
        said = naming.Naming(_sorted_quads(self.folder).match, anew=True)
        found = computed_labels.noun_phrases(said, map(term, things))
        return {str(thing): phrase for thing, phrase in found.items()}


@dataclass(frozen=True)
class Labels:
    """The task that makes labels of noun phrases, as lines of N-Triples: each thing with that by which it is called."""

    folder: str

    def __call__(self, called: Iterable[tuple[str, str]]) -> list[str]:
        """The labels of things that have their noun phrase in common with others."""
        said = naming.Naming(_sorted_quads(self.folder).match, anew=True)
        found = ((term(thing), phrase) for thing, phrase in called)
        return _lines(computed_labels.label(said, x, phrase, True) for x, phrase in found if isinstance(x, NamedNode))


def apart(called: dict[str, str]) -> tuple[list[str], list[tuple[str, str]]]:
    """The labels of things whose noun phrases are theirs alone, and the others with theirs, for `Labels`."""
    uses = Counter(called.values())
    alone = ((NamedNode(thing[1:-1]), phrase) for thing, phrase in called.items() if uses[phrase] == 1)
    shared = [(thing, phrase) for thing, phrase in called.items() if uses[phrase] > 1]
    return _lines(computed_labels.plain_label(thing, phrase) for thing, phrase in alone), shared
