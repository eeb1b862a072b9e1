"""What a worker of the server does: from a task, the status, the headers and the body of a response.

The tasks are those of `kg.serve.protocol`, and `describe` and `page`. Whatever goes wrong is a status and a sentence.
"""

import json
import re
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from pyoxigraph import DefaultGraph, NamedNode

from kg import pages
from kg.errors import InputError, KgError, LimitError, clean
from kg.graph import Graph
from kg.pages import article, links
from kg.provenance.answer import Answer
from kg.rdf.sparql import MAX_QUERY, query_text
from kg.serve import linked, negotiation, protocol
from kg.serve.negotiation import DATASETS, GRAPHS, HTML, ROWS, media_type
from kg.serve.protocol import RefusedError, Task
from kg.source import layout

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyoxigraph import Quad

Response = tuple[dict[str, Any], bytes]  # a head (`status`, `headers`, `rule`, `keeps`), and a body

_TRIES = 3  # to read sources that change meanwhile
_IN_MEMORY = 300_000  # facts: up to here, a large graph is loaded into memory, once for all workers
_CHANGING = re.compile(r"\b(NOW|RAND|UUID|STRUUID|BNODE)\b|\\u", re.IGNORECASE)  # SPARQL 1.1 §17.4, §19.2
_STATUS = {  # of rules, else of the kinds of errors
    "query-size": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "answer-size": HTTPStatus.SERVICE_UNAVAILABLE,
    "unknown-query": HTTPStatus.NOT_FOUND,
    "unknown-thing": HTTPStatus.NOT_FOUND,
    "syntax": HTTPStatus.BAD_REQUEST,
    "query": HTTPStatus.BAD_REQUEST,
}


def prepare(
    directory: str | None, engine: str, reasoner: str, most: int
) -> tuple[Callable[[bytes], bytes], dict[str, Any]]:
    """Open a graph, and give what answers tasks on it: the function that workers run (`kg.workers`).

    `most` is the largest body of a response in bytes.
    """
    folder = layout.find_graph_folder(directory)
    for _ in range(_TRIES):
        graph = Graph(folder, engine, reasoner)
        in_memory = graph.load(_IN_MEMORY)  # else each worker opens the store on disk: an open one survives no fork
        names = article.articles(graph.context) if in_memory else ()
        texts = {name: article.text_of(graph.context, name) for name in names}
        if Graph(folder, engine, reasoner).version == graph.version:
            break
    else:
        raise InputError("the sources change while they are read", hint="try again once they rest", rule="file")
    if in_memory:
        graph.context.texts.update(texts)
        warm(graph)
    answering = Answering(graph, most)
    known = [protocol.digest(query.text) for query in graph.queries.values()]
    about = {"title": graph.title, "counts": graph.counts, "texts": known, "version": graph.version}
    return answering, about


def warm(graph: Graph) -> None:
    """Make the indexes and the templates that most answers need, once for all workers."""
    _ = graph.things.names(), graph.things.sentences, graph.receipts
    for name in ("/", *(f"/articles/{name}/" for name in list(graph.context.texts)[:1])):
        pages.render(graph, name)
    for query in list(graph.queries)[:1]:
        with suppress(KgError):
            graph.query(query, receipts=True).write("json")


class Answering:
    """Answers tasks on one graph."""

    def __init__(self, graph: Graph, most: int) -> None:
        self._graph, self._most, self._version = graph, most, graph.version

    def __call__(self, message: bytes) -> bytes:
        """The reply to a message, both as in `kg.serve.protocol`."""
        head, body = self.respond(json.loads(message))
        if len(body) > self._most:
            megabytes = self._most / 1_000_000
            message_ = f"the answer is larger than {megabytes:g} MB: ask for less, such as with LIMIT"
            head, body = _error(LimitError(message_, rule="answer-size"))
        return protocol.reply(head, body)

    def respond(self, task: Task) -> Response:
        """The response to a task."""
        try:
            head, body = getattr(self, f"_{task['do']}")(task)
        except RefusedError as refusal:
            return _refused(refusal)
        except (KgError, RecursionError, MemoryError) as error:
            return _error(error)
        return {"status": 200, "version": self._version, **head}, body

    # SPARQL

    def _sparql(self, task: Task) -> Response:
        """A query of the protocol's."""
        text = task["query"]
        form = _chosen(_offers(text) if len(text) <= MAX_QUERY else ROWS, task)
        base = f"{task['base']}/sparql"  # of relative IRIs (RFC 3986 §5.1.3)
        found = self._graph.engine.run(text, graphs=task["graphs"], base=base)
        answer = Answer(self._graph.context, found, f"BASE <{base}>\n{text}", task["receipts"])
        return self._written(answer, form, text)

    def _stored(self, task: Task) -> Response:
        """A stored query with values for its parameters."""
        from kg.dataset import stored_queries

        query = stored_queries.find(task["name"], self._graph.queries)
        offered = _offers(query.text)
        if not task["form"] and self._wants_page(offered, task, links.query_path(query.name)):
            values = f"?{urlencode(task['parameters'])}" if task["parameters"] else ""
            return _see(f"{links.encoded(query.name)}/{values}")
        form = _chosen(offered, task)
        answer = self._graph.ask(query.name, task["parameters"], task["receipts"])
        return self._written(answer, form, query.text)

    def _service(self, task: Task) -> Response:
        """The description of the endpoint; to who wants a page, the address of that for queries of one's own."""
        if self._wants_page(GRAPHS, task, links.SPARQL):
            return _see("sparql/")
        form = _chosen(GRAPHS, task)
        return _content(form, keeps=True), _graph_bytes(linked.service(self._graph.store, task["base"]), form)

    def _describe(self, task: Task) -> Response:
        """What the graph says of a thing, a passage, an article or a term; to who wants a page, its address."""
        kind, name, form = task["kind"], task["name"], ""
        thing = self._known(kind, name)
        if thing is None:
            name, form = protocol.with_ending(name)
            thing = self._known(kind, name) if form else None
        if thing is None:
            return self._page({"path": f"/{kind}/{task['name']}", "parameters": {}})
        form = _chosen(DATASETS if form else {**DATASETS, HTML: HTML}, {**task, "form": form})
        if form == HTML:
            return _see(linked.page(thing))
        triples, named = linked.describe(self._graph.store, thing)
        return _content(form, keeps=True), _graph_bytes(triples, form, named)

    def _page(self, task: Task) -> Response:
        """A page to read."""
        path = task["path"]
        page = pages.render(self._graph, path, task["parameters"])
        if page is None:
            raise RefusedError(HTTPStatus.NOT_FOUND, "there is no such page")
        written = path.removeprefix(links.QUERIES).split("/")[0].removesuffix(".csv")
        name = links.decoded(written, self._graph.queries) if path.startswith(links.QUERIES) else None
        asked = self._graph.queries.get(name or "")
        keeps = _is_repeatable(asked.text if asked else task["parameters"].get("query", ""))
        return {"status": page.status, "headers": {"Content-Type": page.media_type}, "keeps": keeps}, page.body

    def _known(self, kind: str, name: str) -> NamedNode | None:
        thing = linked.address(kind, name)
        return thing if thing and self._graph.things.known(thing) else None

    def _wants_page(self, offered: dict[str, str], task: Task, path: str) -> bool:
        """Whether a page is liked better than all that is on offer, and there is one."""
        liked = negotiation.preferred(task["accept"], [*offered, HTML])
        return liked == HTML and pages.render(self._graph, path) is not None

    def _written(self, answer: Answer, form: str, text: str) -> Response:
        head = _content(form, keeps=_is_repeatable(text))
        if isinstance(answer.found, list) and form != "turtle":
            return head, _graph_bytes(answer.found, form)
        return head, answer.write(form).encode()


def _is_repeatable(text: str) -> bool:
    """Whether a query has the same answer each time: none of its words, escaped or not, may be a changing function."""
    return not _CHANGING.search(text)


@lru_cache(maxsize=200)
def _offers(text: str) -> dict[str, str]:
    """The media types in which a query has its answer."""
    query = query_text(text)
    return GRAPHS if query.form is not None and query.word(query.form) in ("CONSTRUCT", "DESCRIBE") else ROWS


def _chosen(offered: dict[str, str], task: Task) -> str:
    """The format that a task asks for, by an ending or an Accept header. Raises RefusedError."""
    if form := task.get("form"):
        if form not in offered.values():
            raise RefusedError(HTTPStatus.NOT_ACCEPTABLE, f"this is not there as {form}: {_known(offered)}")
        return str(form)
    if name := negotiation.preferred(task["accept"], list(offered)):
        return offered[name]
    raise RefusedError(HTTPStatus.NOT_ACCEPTABLE, f"this is there as {_known(offered)}")


def _known(offered: dict[str, str]) -> str:
    return ", ".join(dict.fromkeys(media_type(form).partition(";")[0] for form in offered.values()))


def _see(address: str) -> Response:
    """The address of a page, relative to that of the request."""
    return {"status": int(HTTPStatus.SEE_OTHER), "headers": {"Location": address, "Vary": "Accept"}}, b""


def _content(form: str, *, keeps: bool) -> dict[str, Any]:
    return {"headers": {"Content-Type": media_type(form), "Vary": "Accept"}, "keeps": keeps}


def _graph_bytes(triples: list[Any], form: str, named: "Sequence[Quad]" = ()) -> bytes:
    """A graph in the format of that name; with the quads of other graphs where it has a place for these."""
    from kg.export import serialize

    if form in ("trig", "nquads"):
        triples = list(dict.fromkeys([*triples, *(q.triple for q in named if isinstance(q.graph_name, DefaultGraph))]))
        named = [q for q in named if isinstance(q.graph_name, NamedNode)]
        return serialize.turtle(triples, named).encode() if form == "trig" else serialize.lines(triples, named)
    if form == "turtle":
        return serialize.turtle(triples).encode()
    if form == "jsonld":
        return serialize.jsonld(triples, []).encode()
    return serialize.rdfxml(triples).encode() if form == "rdfxml" else serialize.lines(triples)


def _refused(refusal: RefusedError) -> Response:
    text = {"Content-Type": "text/plain; charset=utf-8"}
    return {"status": int(refusal.status), "headers": text | refusal.headers}, f"{refusal.message}\n".encode()


def _error(error: KgError | RecursionError | MemoryError) -> Response:
    """A status and a sentence for what went wrong; of a query that is none, the place."""
    if not isinstance(error, KgError):
        error = LimitError("the request is too deep or too large", rule=type(error).__name__.lower())
    otherwise = HTTPStatus.INTERNAL_SERVER_ERROR if isinstance(error, InputError) else HTTPStatus.BAD_REQUEST
    status = _STATUS.get(error.rule, otherwise)
    hint = [error.hint] if error.rule in ("syntax", "ambiguous", "unknown-thing", "unknown-query", "parameter") else []
    lines = [clean(line) for text in (error.message, *hint) for line in text.split("\n")]
    head = {"status": int(status), "rule": error.rule, "headers": {"Content-Type": "text/plain; charset=utf-8"}}
    return head, "".join(f"{line}\n" for line in lines).encode()
