"""Acceptance: a proposal becomes facts of an article, with who proposed it and who accepted it.

Facts are written before the proposal is taken from its file: a process that is killed between the two leaves a proposal
of what is stated already, which the next look drops. So nothing that was accepted is lost, and nothing is accepted
twice. Nothing is accepted where the text is another than the one that was read, or the facts have changed meanwhile.
"""

import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from pyoxigraph import DefaultGraph, Literal, NamedNode, Triple

from kg.errors import InputError
from kg.findings import Finding
from kg.rdf.namespaces import ARTICLE, ENT, RDF_TYPE
from kg.rdf.terms import iri, value
from kg.rdf.writing import Additions
from kg.source import documents, layout, proposals
from kg.source.documents import ArticleSources, Document
from kg.source.layout import GraphFolder
from kg.source.proposals import Proposal, Proposed

CHANGED = "changed"  # the rule of an error: the text or the facts are not those that were read


def merged(facts: Document, accepted: Iterable[Proposal], by: str = "") -> str:
    """The facts file with what is proposed added, in house style; with who accepted it where `by` is given."""
    known = {(getattr(q.graph_name, "value", ""), q.triple) for q in facts.quads}
    described: dict[Triple, None] = {}
    stated: dict[str, dict[Triple, None]] = {}
    before: dict[str, str] = {}
    for proposal in accepted:
        about = [*proposal.described, *(_acceptance(proposal, by) if by else ())]
        described |= dict.fromkeys(t for t in about if ("", t) not in known)
        new = dict.fromkeys(t for t in proposal.stated if (proposal.passage, t) not in known)
        if new:
            stated.setdefault(proposal.passage, {}).update(new)
        before |= {iri(t.subject): outer(facts, proposal) for t in proposal.described}
    return Additions(facts.text).with_added(described, stated, before)


def _acceptance(proposal: Proposal, by: str) -> Iterator[Triple]:
    """Who proposed and who accepted facts of a passage."""
    passage = NamedNode(proposal.passage)
    yield Triple(passage, NamedNode(ENT + "proposedBy"), Literal(origin(proposal.by)))
    yield Triple(passage, NamedNode(ENT + "acceptedBy"), Literal(by))


def origin(by: str) -> str:
    """Who proposed, as the facts tell it: “rules” whichever rule it was, or the model by its name."""
    edited = ", edited" if by.endswith(EDITED) else ""
    return "rules" + edited if by.startswith("rule:") else by.removesuffix(EDITED) + edited


EDITED = " (edited)"


def outer(facts: Document, proposal: Proposal) -> str:
    """The passage after which a mention or a new passage stands: the smallest one whose quote has its words."""
    quotes = {iri(q.subject): value(q.object) for q in facts.quads if _is_quote(q.graph_name, q.predicate.value)}
    if proposal.passage in quotes:
        return proposal.passage
    own = {t.predicate.value: value(t.object) for t in proposal.described}
    words = own.get(ENT + "quote", "")
    placed = f"{own.get(ENT + 'prefix', '')}{words}{own.get(ENT + 'suffix', '')}"  # where the text has them twice
    rows = ([(len(quote), iri) for iri, quote in quotes.items() if x and x in quote] for x in (placed, words))
    return next((min(around)[1] for around in rows if around), "")


def _is_quote(graph: object, predicate: str) -> bool:
    return isinstance(graph, DefaultGraph) and predicate == ENT + "quote"


def is_stated(facts: Document, proposal: Proposal) -> bool:
    """Whether the facts file has all that is proposed."""
    known = {(getattr(q.graph_name, "value", ""), q.triple) for q in facts.quads}
    return all(("" if t in proposal.described else proposal.passage, t) in known for t in proposal.triples)


class Desk:
    """The files of one article under review: what they are now, and what may be written to them."""

    def __init__(self, graph_folder: GraphFolder, article: str) -> None:
        """Read the text, the facts and the proposals of an article, by its name.

        Raises InputError where one cannot be read, or the proposals are for another text.
        """
        self.graph_folder, self.name = graph_folder, article
        self.folder = os.path.join(graph_folder.articles, article)
        self.article = self._read()
        found = proposals.read(graph_folder, article)
        digest = proposals.text_hash(self.article.text)
        self.proposed = found or Proposed(ARTICLE + article, digest)
        if self.proposed.text_hash != digest:
            message = "the text has changed since these proposals were made"
            hint = f"delete {proposals.FILE} and run `kg propose {article}`"
            raise InputError(message, hint=hint, where=self.article.text_path, rule=CHANGED)
        self._drop_stated()

    def _read(self) -> ArticleSources:
        sources = documents.Sources(self.graph_folder)
        found = documents.article_sources(self.folder, sources)
        if found is None:
            raise InputError("the article cannot be read", findings=sources.findings, rule="file")
        return found

    def _drop_stated(self) -> None:
        """Take away proposals of what is stated already: they were accepted, and then the process was killed."""
        left = tuple(p for p in self.proposed.proposals if not is_stated(self.article.facts, p))
        self.proposed = replace(self.proposed, proposals=left)

    @property
    def facts_path(self) -> str:
        """The facts file."""
        return os.path.join(self.folder, "facts.trig")

    def refuse_changed(self) -> None:
        """Raise InputError where the text or the facts are no longer those that were read."""
        now = self._read()
        if (now.text, now.facts.text) != (self.article.text, self.article.facts.text):
            what = self.article.text_path if now.text != self.article.text else self.article.facts.path
            hint = "nothing was accepted: start `kg review` again, which reads them anew"
            raise InputError("the file has changed meanwhile", hint=hint, where=what, rule=CHANGED)

    def accept(self, proposal: Proposal, by: str, along: Iterable[Proposal] = ()) -> str:
        """Make facts of a proposal, and of what goes along; the result is the facts file before, for `undo`.

        Raises InputError where text or facts have changed meanwhile.
        """
        self.refuse_changed()
        before = self.article.facts.text
        self._write_facts(merged(self.article.facts, [*along, proposal], by))
        self.set(self.proposed.replaced(proposal, None))
        return before

    def set_aside(self, passage: str, reason: str, language: str) -> str:
        """Make an aside of a passage that has no facts; the result is the facts file before, for `undo`.

        What it says besides its quote is left out, and mentions in it. Raises InputError where text or facts have
        changed meanwhile.
        """
        self.refuse_changed()
        before, node = self.article.facts.text, NamedNode(passage)
        kept = (ENT + "quote", ENT + "prefix", ENT + "suffix")
        about = [q.triple for q in self.article.facts.quads if q.subject == node and q.predicate.value in kept]
        rows = (q for q in self.article.facts.quads if q.predicate.value == ENT + "mentionIn" and q.object == node)
        mentions = sorted({iri(q.subject) for q in rows})
        aside = Triple(node, NamedNode(RDF_TYPE), NamedNode(ENT + "Aside"))
        why = Triple(node, NamedNode(ENT + "reason"), Literal(reason, language=language))
        text = Additions(before).with_changed(passage, [aside, *about, why])
        for mention in mentions:
            text = Additions(text).with_changed(mention, [])
        self._write_facts(text)
        return before

    def drop_date_words(self, idle: Mapping[str, Collection[str]]) -> None:
        """Take words out of the date words of passages, by IRI. Raises InputError where the facts have changed."""
        self.refuse_changed()
        text = self.article.facts.text
        for passage, words in idle.items():
            about = [q.triple for q in self.article.facts.quads if q.subject == NamedNode(passage)]
            kept = [t for t in about if t.predicate.value != ENT + "dateWords" or value(t.object) not in words]
            text = Additions(text).with_changed(passage, kept, keeps_graph=True)
        if idle:
            self._write_facts(text)

    def set(self, proposed: Proposed) -> None:
        """Write the proposals."""
        proposals.write(self.graph_folder, proposed)
        self.proposed = proposed

    def undo(self, proposed: Proposed, facts: str) -> None:
        """Write proposals and facts as they were; the proposals first, so that none of them is lost.

        Raises InputError where text or facts have changed meanwhile.
        """
        self.refuse_changed()
        self.set(proposed)
        if facts != self.article.facts.text:
            self._write_facts(facts)

    def _write_facts(self, text: str) -> None:
        findings: list[Finding] = []
        document = documents.parse_text(self.article.facts.path, text, findings)
        if document is None:
            raise InputError("the facts would be no valid TriG: nothing was written", findings=findings)
        self.graph_folder.refuse_link(self.facts_path)
        layout.write_atomic(self.facts_path, text.encode())
        self.article = replace(self.article, facts=document)


def author(given: str, configured: str) -> str:
    """The name of whoever accepts: as given, else as git has it; without an address.

    Raises InputError where there is none, or where it holds one.
    """
    name = " ".join((given or configured).split())
    if not name:
        hint = "name yourself with --as NAME, or once with `git config --global user.name NAME`"
        raise InputError("nobody knows who accepts", hint=hint, rule="name")
    if "@" in name or not name.isprintable():
        raise InputError(
            f"“{name}” is no plain name", hint="give a name without an address: --as “Ada Holm”", rule="name"
        )
    return name
