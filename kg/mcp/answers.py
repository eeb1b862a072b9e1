"""What a worker does for the tools of an assistant: from a name and arguments, a JSON object with receipts."""

import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

from pyoxigraph import NamedNode

from kg.dataset.labels import fold
from kg.dataset.stored_queries import text_of
from kg.errors import KgError, UsageError
from kg.graph import Graph
from kg.rdf.namespaces import ARTICLE, compact
from kg.source import layout

if TYPE_CHECKING:
    from kg.provenance.answer import Answer

_IN_MEMORY = 300_000  # facts: see `Graph.load`
_MOST_ROWS = 200  # of an answer; an assistant is told how many there are
_MOST_NAMES = 50
_MOST_DRAFT = 2_000_000  # characters of a draft


def prepare(
    directory: str | None, engine: str, reasoner: str, scratch: str
) -> tuple[Callable[[bytes], bytes], dict[str, Any]]:
    """Open a graph, and give what answers calls of tools on it: the function that workers run (`kg.workers`).

    `scratch` is a folder for what is written while a draft is checked.
    """
    graph = Graph(layout.find_graph_folder(directory), engine, reasoner)
    if graph.load(_IN_MEMORY):
        _ = graph.things.names(), graph.things.sentences, graph.receipts
    tools = Tools(graph, scratch)

    def answer(message: bytes) -> bytes:
        call = json.loads(message)
        try:
            found = {"result": getattr(tools, call["tool"])(**call["arguments"])}
        except (KgError, RecursionError, MemoryError) as error:
            hint = getattr(error, "hint", "") if getattr(error, "rule", "") != "query-reach" else ""
            found = {"error": "\n".join(filter(None, [getattr(error, "message", "the request is too large"), hint]))}
        return json.dumps(found, ensure_ascii=False).encode("utf-8", "replace")

    return answer, {"title": graph.title, "counts": graph.counts}


class Tools:
    """The tools on one graph; each method gives what JSON can carry."""

    def __init__(self, graph: Graph, scratch: str) -> None:
        self._graph, self._scratch = graph, scratch

    def list_questions(self) -> dict[str, Any]:
        """The stored queries, as questions, with their parameters."""
        queries = self._graph.queries.values()
        return {"questions": [{**q.listed(), "description": q.description} for q in queries]}

    def ask(self, question: str, parameters: Mapping[str, str]) -> dict[str, Any]:
        """The answer to a stored query."""
        from kg.dataset import stored_queries

        name = stored_queries.find(question, self._graph.queries).name
        return self._rows(self._graph.ask(name, parameters, receipts=True))

    def sparql(self, query: str) -> dict[str, Any]:
        """The answer to a query in SPARQL; a graph in Turtle for a CONSTRUCT or DESCRIBE."""
        text = text_of(query)
        answer = self._graph.ask(text, {}, head=False)
        if isinstance(answer.found, list):
            return {"turtle": answer.write("turtle")}
        try:
            return self._rows(self._graph.ask(text, {}, receipts=True, head=False))
        except UsageError as error:
            if error.rule != "receipts":
                raise
            return {**self._rows(answer, receipts=False), "receipts_missing": error.message}

    def show(self, thing: str) -> dict[str, Any]:
        """What the graph knows of a thing."""
        found = self._graph.show(thing)
        things = self._graph.things
        return {
            "thing": compact(found.thing.value),
            "name": things.label(found.thing),
            "kinds": things.kinds(found.thing),
            "facts": found.json(),
        }

    def why(self, subject: str, predicate: str, object: str) -> dict[str, Any]:
        """The proof of a statement, or what is missing for it."""
        from kg.provenance.why import find_triple, prove, why_not, write_proof

        graph = self._graph
        triple = find_triple(graph.context, subject, predicate, object)
        proof = prove(graph.context, triple)
        found = [proof] if proof else why_not(graph.context, triple)
        told = write_proof(found, "text", graph.things, 100)
        return {
            "holds": proof is not None,
            "text": told,
            "proof": json.loads(write_proof(found, "json", graph.things, 0)),
        }

    def search(self, text: str) -> dict[str, Any]:
        """The things whose names or aliases have a text in them, or come close to it."""
        import difflib

        things, wanted = self._graph.things, fold(text)
        names = {fold(name): name for name in things.names()}
        close = difflib.get_close_matches(wanted, names, _MOST_NAMES, 0.75)
        having = sorted((n for n in names if wanted and wanted in n), key=lambda n: (n != wanted, len(n), n))
        found: dict[str, dict[str, Any]] = {}
        for folded in dict.fromkeys([*having, *close]):
            for iri in things.named(names[folded]):
                node = NamedNode(iri)
                told = {"thing": compact(iri), "name": things.label(node), "kinds": things.kinds(node), "matches": []}
                found.setdefault(iri, told)["matches"].append(names[folded])
        listed = list(found.values())
        return {"things": listed[:_MOST_NAMES], "found": len(listed)}

    def check_draft(self, facts: str, text: str, name: str) -> dict[str, Any]:
        """The findings on an article that is not in the graph yet: its facts in TriG, and its text."""
        if len(facts) + len(text) > _MOST_DRAFT:
            raise UsageError(f"a draft has at most {_MOST_DRAFT:,} characters")
        named = re.search(re.escape(ARTICLE) + r"([^\s<>#/\"]+)", facts)
        name = name or (named[1] if named else "")
        if name.strip(".") == "" or not layout.can_name_article(name) or "\\" in name:
            raise UsageError("the facts name no article", hint=f"name it {ARTICLE}YYYY-MM-short-name#")
        folder = tempfile.mkdtemp(prefix="draft-", dir=self._scratch)
        try:
            return self._checked(folder, name, {"facts.trig": facts, "article.txt": text})
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _checked(self, folder: str, name: str, files: dict[str, str]) -> dict[str, Any]:
        from kg.findings import severities
        from kg.source.layout import GraphFolder, write_atomic
        from kg.validation import run

        own = self._graph.graph_folder
        for part in ("ontology", "shapes", "queries", "kg/background", "kg/articles"):
            source = os.path.join(own.root if part.startswith("kg/") else own.schema, *part.split("/"))
            if os.path.isdir(source):
                shutil.copytree(source, os.path.join(folder, *part.split("/")), symlinks=True)
        article = os.path.join(folder, "kg", "articles", name)
        os.makedirs(article, exist_ok=True)
        for file, content in files.items():
            write_atomic(os.path.join(article, file), content.encode("utf-8", "replace"))
        graph_folder = GraphFolder(folder, name="draft")
        found = run.only_in(run.validate(graph_folder).findings, graph_folder, [article])
        return {"findings": [f.json() for f in found], "summary": severities(found), "article": name}

    def _rows(self, answer: "Answer", *, receipts: bool = True) -> dict[str, Any]:
        """The rows of an answer: what each cell says, which things that are, and on what the row rests."""
        found = []
        for terms, texts in islice(zip(answer.rows, answer.text(), strict=True), _MOST_ROWS):
            cells = dict(zip(answer.columns, terms, strict=True))
            row: dict[str, Any] = {"values": dict(zip(answer.columns, texts, strict=True))}
            row["things"] = {k: compact(term.value) for k, term in cells.items() if isinstance(term, NamedNode)}
            if receipts:
                row["receipts"] = [receipt.json() for receipt in getattr(terms, "receipts", ())]
                row["notes"] = [note._asdict() for note in getattr(terms, "notes", ())]
            found.append(row)
        return {"columns": answer.columns, "rows": found, "row_count": len(answer)}
