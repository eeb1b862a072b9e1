"""Proposals: facts that a machine proposes from an article's text, in a file beside its facts (model, rule 39).

A proposal is one thing in one passage, with the words on which it rests. Its statements stand in a graph of its own
in `proposed.trig`, which nothing compiles, exports or answers from: that file is read by those who review it, and by a
check. What was refused or left for later stays there, so that it is not proposed again.
"""

import hashlib
import os
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, replace

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, RdfFormat, Triple

from kg.errors import InputError
from kg.findings import Check, Finding
from kg.rdf import writing
from kg.rdf.namespaces import ARTICLE, ENT, PREFIXES, RDF_TYPE, compact, local_name, short
from kg.rdf.style import INDENT, tidy
from kg.rdf.terms import iri, value
from kg.source import documents, layout
from kg.source.documents import Document
from kg.source.layout import GraphFolder

FILE = "proposed.trig"
MOST = 4000  # proposals of an article that are read
PROPOSAL = ENT + "Proposal"
_ABOUT = ("proposedFor", "words", "proposedBy", "refusedBy", "refusedFor", "postponedBy")
_MOST_NAMED = 3  # things in the name of what holds them together
_PREFIXES = ("dcterms", "ent", "id", "p", "rdfs", "skos", "xsd")

PROPOSED = Check(
    "proposal",
    "A file of proposals holds proposals for passages of its own article, each with its words, its origin and a graph.",
    "What is in the file is no fact: whoever reviews it must see for which passage it is meant, and on what it rests.",
    wrong="id:melk a ent:City .",
    right='p:proposal-melk a ent:Proposal ;\n    ent:proposedFor p:visit ;\n    ent:words "Melk" ;\n'
    '    ent:proposedBy "rule: a known name" .\np:proposal-melk { id:melk a ent:City . }',
)


@dataclass(frozen=True)
class Proposal:
    """One thing that is proposed for one passage (IRI): its statements, and the words of the quote that they rest on.

    `by` is the rule or the model that proposes it. `refused` is who refused it, a person or a check, and `reason` what
    the check has found; `postponed` is who left it for later. Those are empty for what awaits review.
    """

    name: str
    passage: str
    words: tuple[str, ...]
    by: str
    triples: tuple[Triple, ...]
    refused: str = ""
    reason: str = ""
    postponed: str = ""

    @property
    def awaits(self) -> bool:
        """Whether somebody has to say yes or no."""
        return not self.refused

    @property
    def described(self) -> tuple[Triple, ...]:
        """The statements about passages and mentions, which belong in the default graph of a facts file."""
        return tuple(t for t in self.triples if _is_evidence(t))

    @property
    def stated(self) -> tuple[Triple, ...]:
        """The statements that belong in the graph of the passage."""
        return tuple(t for t in self.triples if not _is_evidence(t))

    @property
    def key(self) -> tuple[str, frozenset[Triple]]:
        """What makes two proposals the same: the passage and the statements."""
        return self.passage, frozenset(self.triples)


def _is_evidence(t: Triple) -> bool:
    """Whether a statement is about a passage, an aside or a mention."""
    return isinstance(t.subject, NamedNode) and t.subject.value.startswith(ARTICLE) and "#" in t.subject.value


@dataclass(frozen=True)
class Proposed:
    """The proposals for an article, in order; `text_hash` is that of the text for which they were made."""

    article: str  # IRI
    text_hash: str
    proposals: tuple[Proposal, ...] = ()

    @property
    def awaiting(self) -> tuple[Proposal, ...]:
        """The proposals that await review."""
        return tuple(p for p in self.proposals if p.awaits)

    def replaced(self, old: Proposal, new: Proposal | None) -> "Proposed":
        """With one proposal in place of another, or without it."""
        rows = (new if p.name == old.name else p for p in self.proposals)
        return replace(self, proposals=tuple(p for p in rows if p is not None))


def free_name(stem: str, taken: Container[str]) -> str:
    """A name that is not taken: the stem, else the stem with the first number from 2 on that makes it one."""
    name, number = stem, 1
    while name in taken:
        number += 1
        name = f"{stem}-{number}"
    return name


def relation_name(things: Iterable[str], kind: str, month: str) -> str:
    """A name for a relation or an event: what it holds together, its class (IRIs), and the month of its article."""
    words = "".join(f"-{c.lower()}" if c.isupper() else c for c in local_name(kind)).strip("-")
    return "-".join(filter(None, [*map(local_name, [*things][:_MOST_NAMED]), words, month]))


def text_hash(text: str) -> str:
    """The hash of a text by which it is known that it has changed (SHA-256 of its UTF-8, in hexadecimal)."""
    return hashlib.sha256(text.encode()).hexdigest()


def path_of(graph_folder: GraphFolder, article: str) -> str:
    """The file of proposals for an article, by its name."""
    return os.path.join(graph_folder.articles, article, FILE)


def read(graph_folder: GraphFolder, article: str) -> Proposed | None:
    """The proposals for an article; None where there is no such file. Raises InputError for a file with a finding."""
    path, findings = path_of(graph_folder, article), list[Finding]()
    if not os.path.lexists(path):
        return None
    document = _document(graph_folder, path, findings)
    found = None if document is None else _proposed(document, article, findings)
    if findings or found is None:
        hint = "mend it, or delete it: `kg propose` makes it anew"
        message = "the proposals cannot be read"
        raise InputError(message, hint=hint, where=graph_folder.relative(path), rule=PROPOSED.id, findings=findings)
    return found


def check(graph_folder: GraphFolder) -> Iterator[Finding]:
    """Findings on the files of proposals of all articles."""
    for article, path in _files(graph_folder):
        findings: list[Finding] = []
        document = _document(graph_folder, path, findings)
        if document is not None:
            _proposed(document, article, findings)
        yield from findings


def awaiting(graph_folder: GraphFolder) -> dict[str, int]:
    """How many proposals await review, by article; of files without a finding."""
    counts: dict[str, int] = {}
    for article, path in _files(graph_folder):
        findings: list[Finding] = []
        document = _document(graph_folder, path, findings)
        found = None if document is None else _proposed(document, article, findings)
        if found and found.awaiting and not findings:
            counts[article] = len(found.awaiting)
    return counts


def _files(graph_folder: GraphFolder) -> Iterator[tuple[str, str]]:
    for folder in layout.article_folders(graph_folder) if os.path.isdir(graph_folder.articles) else ():
        path = os.path.join(folder, FILE)
        if os.path.lexists(path) and layout.can_name_article(os.path.basename(folder)):
            yield os.path.basename(folder), path


def _document(graph_folder: GraphFolder, path: str, findings: list[Finding]) -> Document | None:
    if os.path.islink(path):
        findings.append(documents.FILE.finding(graph_folder.relative(path), "the file is a link"))
        return None
    text = documents.read_text(path, graph_folder, findings)
    return None if text is None else documents.parse_text(graph_folder.relative(path), text, findings)


def _proposed(document: Document, article: str, findings: list[Finding]) -> Proposed | None:
    """The proposals of a document; what is none, or belongs elsewhere, is a finding."""
    own = ARTICLE + article
    described: dict[str, dict[str, list[str]]] = {}
    graphs: dict[str, list[Triple]] = {}
    for q in document.quads:
        problem = _problem(q.graph_name, q.triple, own)
        if problem:
            graph = q.graph_name.value if isinstance(q.graph_name, NamedNode) else ""
            place = q.subject, q.predicate, q.object
            findings.append(document.finding(PROPOSED, problem, graph=graph, triple=place))
        elif isinstance(q.graph_name, DefaultGraph):
            values = described.setdefault(iri(q.subject), {})
            values.setdefault(q.predicate.value, []).append(value(q.object))
        else:
            graphs.setdefault(q.graph_name.value, []).append(q.triple)
    if findings:
        return None
    proposals = []
    for name, values in described.items():
        if name == own:
            continue
        if lacks := _lacks(values, name in graphs):
            message = f"{short(name)} is no whole proposal: it lacks {lacks}"
            findings.append(document.finding(PROPOSED, message, graph="", triple=(NamedNode(name), None, None)))
        else:
            proposals.append(_proposal(name, values, graphs.pop(name)))
    for name in graphs:
        findings.append(document.finding(PROPOSED, f"{short(name)} is declared as no proposal", graph=name))
    if len(proposals) > MOST:
        findings.append(PROPOSED.finding(document.path, f"more than {MOST:,} proposals"))
    (digest,) = described.get(own, {}).get(ENT + "textHash", [""])[:1]
    return None if findings else Proposed(own, digest, tuple(proposals))


def _problem(graph: object, t: Triple, article: str) -> str:
    """What is wrong with where a statement stands; empty if nothing is."""
    if any(isinstance(x, BlankNode | Triple) for x in (graph, t.subject, t.object)):
        return "a node without an IRI: nobody could review it"
    subject = iri(t.subject)
    if isinstance(graph, DefaultGraph):
        if subject == article and t.predicate.value == ENT + "textHash":
            return ""
        known = (RDF_TYPE, *(ENT + name for name in _ABOUT))
        if not subject.startswith(f"{article}#") or t.predicate.value not in known:
            return f"{compact(subject)} {compact(t.predicate.value)} … stands outside every proposal"
    elif not getattr(graph, "value", "").startswith(f"{article}#"):
        return f"the graph {compact(getattr(graph, 'value', ''))} belongs to another article"
    elif subject.startswith(ARTICLE) and subject != article and not subject.startswith(f"{article}#"):
        return f"{compact(subject)} belongs to another article"
    return ""


def _lacks(values: dict[str, list[str]], has_graph: bool) -> str:
    if values.get(RDF_TYPE) != [PROPOSAL]:
        return "the class ent:Proposal"
    for name in _ABOUT[:3]:
        if not values.get(ENT + name):
            return f"ent:{name}"
    return "" if has_graph else "its graph of statements"


def _proposal(name: str, values: dict[str, list[str]], triples: list[Triple]) -> Proposal:
    one = {key: next(iter(values.get(ENT + key, [])), "") for key in _ABOUT}
    words = tuple(values[ENT + "words"])
    return Proposal(
        local_name(name),
        one["proposedFor"],
        words,
        one["proposedBy"],
        tuple(triples),
        one["refusedBy"],
        one["refusedFor"],
        one["postponedBy"],
    )


def written(proposed: Proposed) -> str:
    """The file of proposals, in house style."""
    name = proposed.article.removeprefix(ARTICLE)
    prefixes = {"p": f"{proposed.article}#"} | {key: PREFIXES[key] for key in _PREFIXES if key != "p"}
    width = max(map(len, prefixes)) + 1
    head = [
        "# Proposals, not facts: nothing here is built, exported or answered from. To accept, edit or refuse them:",
        f"# kg review {name}",
        *(f"@prefix {prefix + ':':<{width}} <{prefixes[prefix]}> ." for prefix in sorted(prefixes)),
    ]
    digest = Triple(NamedNode(proposed.article), NamedNode(ENT + "textHash"), Literal(proposed.text_hash))
    blocks = ["\n".join(head), *writing.statements([digest], prefixes)]
    for proposal in proposed.proposals:
        node = NamedNode(f"{proposed.article}#{proposal.name}")
        stated = "\n".join(writing.statements(proposal.triples, prefixes, INDENT))
        about = "\n".join(writing.statements(_about(node, proposal), prefixes))
        blocks.append(f"{about}\n{writing.term(node, prefixes)} {{\n{stated}\n}}")
    return tidy("\n\n".join(blocks) + "\n", RdfFormat.TRIG)


def _about(node: NamedNode, proposal: Proposal) -> Iterator[Triple]:
    yield Triple(node, NamedNode(RDF_TYPE), NamedNode(PROPOSAL))
    yield Triple(node, NamedNode(ENT + "proposedFor"), NamedNode(proposal.passage))
    rows: Iterable[tuple[str, str]] = [
        *(("words", words) for words in proposal.words),
        ("proposedBy", proposal.by),
        ("refusedBy", proposal.refused),
        ("refusedFor", proposal.reason),
        ("postponedBy", proposal.postponed),
    ]
    for key, said in rows:
        if said:
            yield Triple(node, NamedNode(ENT + key), Literal(said))


def write(graph_folder: GraphFolder, proposed: Proposed) -> None:
    """Write the proposals for an article atomically. Raises InputError through a link, OSError as `write_atomic`."""
    path = path_of(graph_folder, proposed.article.removeprefix(ARTICLE))
    graph_folder.refuse_link(path)
    layout.write_atomic(path, written(proposed).encode())
