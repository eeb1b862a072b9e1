"""Renders the page at a path: finds what it is about, and fills its template."""

import os
from collections.abc import Callable, Iterator, Mapping
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

from pyoxigraph import DefaultGraph, NamedNode

from kg.dataset.labels import fold
from kg.errors import KgError, clean
from kg.pages import article, drawing, home, links, ontology, questions, search, thing
from kg.pages.facts import Facts
from kg.pages.links import Links
from kg.pages.templating import FOLDER, environment
from kg.rdf.namespaces import ALT_LABEL, ARTICLE, ENT, ID, RDF, RDF_TYPE, RDFS_LABEL
from kg.rdf.terms import Term, value

if TYPE_CHECKING:
    from kg.graph import Graph
    from kg.pictures import Ties
    from kg.provenance.answer import Answer

HTML, TURTLE = "text/html; charset=utf-8", "text/turtle; charset=utf-8"
CSV, TEXT, JSON = "text/csv; charset=utf-8", "text/plain; charset=utf-8", "application/json"
_STATIC = {
    "style.css": "text/css; charset=utf-8",
    "pictures.css": "text/css; charset=utf-8",  # of `kg.pictures`
    "script.js": "text/javascript; charset=utf-8",
    "query.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}
_SERVED = ("query.js",)  # what pages in files have no use for

MOST_THINGS = 10_000
_QUANTITY = NamedNode(ENT + "Quantity")
_TERMS = 100  # of the ontology, in one group of paths


class Page(NamedTuple):
    """A page as it goes out: its bytes, its media type, and its status in HTTP."""

    body: bytes
    media_type: str = HTML
    status: int = 200


class Renderer:
    """The pages of one graph, each made when it is asked for.

    With `static`, links name files and nothing needs a server. With `quotes_only`, articles show what passages quote,
    not the rest of the text.
    """

    def __init__(self, graph: "Graph", *, static: bool = False, quotes_only: bool = False) -> None:
        self.graph, self.static, self.quotes_only = graph, static, quotes_only
        # The last thing, whose further pages may follow, and what draws its picture.
        self._thing: tuple[str, thing.ThingPage, Callable[[], drawing.Drawn]] | None = None
        self._asked: tuple[str, Answer] | None = None  # the last question, whose CSV may follow

    def render(self, path: str, parameters: Mapping[str, str] | None = None) -> Page | None:
        """The page at a path that begins with `/`; None where there is none."""
        parts = path.split("/")[1:]
        if not path.startswith("/") or len(parts) > 5:
            return None
        make = self._makers.get(parts[0])
        return make(path, parts[1:], parameters or {}) if make else None

    def with_further(self, path: str) -> Iterator[tuple[str, Page]]:
        """The page at a path with its path, the further ones of a long page, and what a search loads."""
        page, number = self.render(path), 1
        while page:
            yield path if number == 1 else _numbered(path, number), page
            number += 1
            page = self.render(_numbered(path, number)) if path.endswith("/") else None
        if path == links.SEARCH and self.static:
            yield from ((path + name, Page(body, _STATIC["script.js"])) for name, body in self._index.files.items())

    def paths(self) -> list[list[str]]:
        """The paths of the pages that are about no single article or thing, in groups, the slow ones first.

        Those of articles and things are `by_article`; what follows a page is `with_further`.
        """
        queries = [
            [links.query_path(name), links.query_path(name)[:-1] + ".csv"] for name in sorted(self.graph.queries)
        ]
        static = [links.STATIC + name for name in _STATIC if not self.static or name not in _SERVED]
        terms = [links.path_of(iri)[0] for iri in self._ontology.terms]
        lists = [[path] for path in (links.PICTURE, links.THINGS, links.SEARCH, links.TIMELINE)]
        others = [links.HOME, links.ARTICLES, links.QUERIES, links.ONTOLOGY, *static]
        return [*lists, *queries, *(terms[at : at + _TERMS] for at in range(0, len(terms), _TERMS)), others]

    @cached_property
    def articles(self) -> list[str]:
        """The names of all articles, the newest first."""
        return article.articles(self.graph.context)

    @cached_property
    def things(self) -> list[str]:
        """The local names of all things with a page: what has a class, or stands in a claim.

        In files, a graph with more than `MOST_THINGS` has pages of those alone that are looked up by name.
        """
        find = self.graph.engine.store.quads_for_pattern  # which keeps none of them
        rows = find(None, NamedNode(RDF_TYPE), None, DefaultGraph())
        claimed = (q for role in ("subject", "object") for q in find(None, NamedNode(RDF + role), None, DefaultGraph()))
        found = {*(q.subject for q in rows), *(q.object for q in claimed)}
        if self.static and len(found) > MOST_THINGS:
            found &= self._looked_up
        iris = (t.value for t in found if isinstance(t, NamedNode))
        return sorted(iri.removeprefix(ID) for iri in iris if iri.startswith(ID) and iri != ID)

    def by_article(self) -> list[str]:
        """The paths of the pages of articles and things, each thing after the first article that gives it a class.

        Pages that tell the same facts follow each other, so that what was found for one is still known for the next.
        """
        first = {iri: min(names) for iri, names in self._speaking_of.items()}
        order = {name: number for number, name in enumerate(self.articles)}
        own: dict[int, list[str]] = {}
        for local in self.things:
            own.setdefault(order.get(first.get(ID + local, ""), len(order)), []).append(local)
        found = []
        for number, name in enumerate([*self.articles, ""]):
            found += [f"{links.ARTICLES}{links.encoded(name)}/"] * bool(name)
            for local in own.get(number, ()):
                found += [f"{links.THINGS}{links.encoded(local)}/", f"{links.THINGS}{links.encoded(local)}.ttl"]
        return found

    @cached_property
    def _looked_up(self) -> set[Term]:
        """What has a name, such as “Ada Holm”, or is called by common words in several articles, such as “gas”.

        “Second talks” of one article are not looked up, nor is a quantity, whose name is its number.
        """
        find, found = self.graph.engine.store.quads_for_pattern, set[Term]()
        for q in (q for p in (RDFS_LABEL, ALT_LABEL) for q in find(None, NamedNode(p), None, DefaultGraph())):
            if not value(q.object)[:1].islower() or len(self._speaking_of.get(value(q.subject), ())) > 1:
                found.add(q.subject)
        return found - {q.subject for q in find(None, NamedNode(RDF_TYPE), _QUANTITY, DefaultGraph())}

    @cached_property
    def _speaking_of(self) -> dict[str, set[str]]:
        """By the IRI of each thing, the names of the articles that give it a class."""
        found: dict[str, set[str]] = {}
        for q in self.graph.engine.store.quads_for_pattern(None, NamedNode(RDF_TYPE), None, None):
            graph = getattr(q.graph_name, "value", "")
            if graph.startswith(ARTICLE) and isinstance(q.subject, NamedNode):
                found.setdefault(q.subject.value, set()).add(graph.removeprefix(ARTICLE).partition("#")[0])
        return found

    @cached_property
    def _with_page(self) -> frozenset[str]:
        return frozenset(ID + local for local in self.things) | self._ontology.terms.keys()

    @cached_property
    def _makers(self) -> dict[str, Callable[[str, list[str], Mapping[str, str]], Page | None]]:
        return {
            "": self._home,
            "articles": self._articles,
            "things": self._things,
            "ontology": self._ontology_pages,
            "picture": self._picture,
            "sparql": self._sparql,
            "timeline": self._timeline,
            "queries": self._queries,
            "search": self._search,
            "static": self._static,
        }

    def _page(self, template: str, at: Links, **values: Any) -> Page:
        found = environment().get_template(template)
        shared = {"to": at.to, "of": at.of, "at": at.at, "static": self.static, "nav": self._nav}
        text = found.render(**shared, **values)
        return Page(text.encode("utf-8", "replace"))

    def _at(self, path: str) -> tuple[Links, Facts]:
        at = Links(path, static=self.static)
        return at, Facts(self.graph.context, at, self._has_page)

    @cached_property
    def _has_page(self) -> Callable[[str], bool] | None:
        """Whether a thing has a page, where not all have one."""
        return self._with_page.__contains__ if self.static else None

    @cached_property
    def _writer(self) -> thing.Writer:
        macros: Any = environment().globals["m"]
        return thing.Writer(self.graph.context, self.static, self._has_page, macros.fact)

    @cached_property
    def _nav(self) -> list[tuple[str, str]]:
        return [
            ("Articles", links.ARTICLES),
            ("Things", links.THINGS),
            ("Questions", links.QUERIES),
            ("Picture", links.PICTURE),
            ("Timeline", links.TIMELINE),
            ("Ontology", links.ONTOLOGY),
            *([] if self.static else [("SPARQL", links.SPARQL)]),
        ]

    # Kinds of pages

    def _home(self, path: str, rest: list[str], parameters: Mapping[str, str]) -> Page | None:
        if rest:
            return None
        at, facts = self._at(path)
        questions = home.worth_asking(self.graph)
        newest = home.newest(self.graph, facts)
        return self._page("home.html", at, counts=self.graph.counts, articles=newest, questions=questions)

    def _articles(self, path: str, rest: list[str], parameters: Mapping[str, str]) -> Page | None:
        if number := _number(rest if len(rest) == 1 and rest[0] else ["", *rest]):
            at, facts = self._at(path)
            names, last = _part(self.articles, number, home.PER_PAGE)
            listed = home.listed(self.graph, facts, names)
            pages = at.pages(links.ARTICLES, number, last)
            return self._page("articles.html", at, articles=listed, pages=pages) if number <= last else None
        name = links.decoded(rest[0], self.articles) if len(rest) == 2 and not rest[1] else None
        if name is None:
            return None
        at, facts = self._at(path)
        found = article.ArticlePage(self.graph.context, facts, name)
        if not found.exists:
            return None
        lines = found.lines(quotes_only=self.quotes_only)
        return self._page("article.html", at, article=found, lines=lines, quotes_only=self.quotes_only)

    def _things(self, path: str, rest: list[str], parameters: Mapping[str, str]) -> Page | None:
        if len(rest) == 1 and rest[0].endswith(".ttl"):
            node = self._node(rest[0].removesuffix(".ttl"))
            body = thing.turtle(self.graph.context, node) if node else b""
            return Page(body, TURTLE) if body else None
        number = _number(rest)
        if rest == [""] or (number and len(rest) == 1):
            return self._all_things(path, number or 1)
        node = self._node(rest[0]) if number else None
        if node is None:
            return None
        at, facts = self._at(path)
        if self._thing is None or self._thing[0] != rest[0] or number == 1:

            @cache
            def picture() -> drawing.Drawn:
                return drawing.neighbourhood(self._ties, self._at(f"{links.THINGS}{rest[0]}/")[1].link, node)

            found = thing.ThingPage(facts, node, self._writer, lambda: len(picture().svg.encode()))
            self._thing = rest[0], found, picture
        found = self._thing[1]
        if number > len(found.pages):
            return None
        own = f"{links.THINGS}{rest[0]}/"
        pages = at.pages(own, number, len(found.pages))
        drawn = self._thing[2]() if number == 1 else None
        return self._page("thing.html", at, thing=found, number=number, own=own, pages=pages, drawn=drawn)

    def _all_things(self, path: str, number: int) -> Page | None:
        at, _ = self._at(path)
        iris, last = _part(self._by_name, number, home.PER_PAGE)
        labels = self.graph.things
        things = [(labels.label(node), at.of(iri), labels.kinds(node)) for iri in iris for node in [NamedNode(iri)]]
        pages = at.pages(links.THINGS, number, last)
        return self._page("things.html", at, things=things, pages=pages) if number <= last else None

    @cached_property
    def _by_name(self) -> list[str]:
        """The IRIs of all things in the order of their names: first names proper, then nouns, then numbers."""
        labels = {ID + local: self.graph.things.label(NamedNode(ID + local)) for local in self.things}
        ranks = {iri: 2 if label[:1].isdigit() else int(label[:1].islower()) for iri, label in labels.items()}
        return sorted(labels, key=lambda iri: (ranks[iri], fold(labels[iri]), iri))

    def _node(self, name: str) -> NamedNode | None:
        """The thing with this name in a path."""
        local = links.decoded(name, self.things if "_00_" in name else ())
        try:
            node = NamedNode(ID + local) if local else None
        except ValueError:
            return None
        return node if node and self.graph.things.known(node) else None

    def _queries(self, path: str, rest: list[str], parameters: Mapping[str, str]) -> Page | None:
        at, facts = self._at(path)
        queries = self.graph.queries
        if rest == [""]:
            return self._page("questions.html", at, groups=questions.by_tag(queries, at))
        is_csv = len(rest) == 1 and rest[0].endswith(".csv")
        name = links.decoded(rest[0].removesuffix(".csv"), queries) if is_csv or rest[1:] == [""] else None
        if name not in queries or name is None:
            return None
        if is_csv:
            if self._asked and self._asked[0] == name:
                return Page(questions.written(self._asked[1]), CSV)
            try:
                return Page(questions.csv(self.graph, queries[name], parameters), CSV)
            except KgError as error:
                return Page(f"{clean(error.message)}\n".encode(), TEXT, 400)
        own = f"{links.QUERIES}{rest[0]}/"
        found = questions.QuestionPage(self.graph, facts, queries[name], parameters)
        self._asked = (name, found.answer) if self.static and found.answer and not found.given else None
        page = self._page("question.html", at, page=found, own=own, csv=own[:-1] + ".csv")
        return page._replace(status=400) if found.problem else page

    def _ontology_pages(self, path: str, rest: list[str], parameters: Mapping[str, str]) -> Page | None:
        at, facts = self._at(path)
        if rest == [""]:
            return self._page("ontology.html", at, groups=self._ontology.listed(facts))
        name = links.decoded(rest[0]) if rest[1:] == [""] else None
        if name is None or ENT + name not in self._ontology.terms:
            return None
        return self._page("term.html", at, page=ontology.TermPage(self._ontology, facts, NamedNode(ENT + name)))

    @cached_property
    def _ontology(self) -> ontology.Ontology:
        return ontology.Ontology(self.graph)

    def _picture(self, path: str, rest: list[str], parameters: Mapping[str, str]) -> Page | None:
        if rest != [""]:
            return None
        at, facts = self._at(path)
        intro = (
            "Who backs, builds with, meets and opposes whom. Point at a line for what articles say; names are links."
        )
        drawn = drawing.network(self._ties, facts.link)
        other = links.query_path("how-relations-stand") if "how-relations-stand" in self.graph.queries else ""
        return self._page("picture.html", at, title="Who is tied to whom", intro=intro, drawn=drawn, other=other)

    def _timeline(self, path: str, rest: list[str], parameters: Mapping[str, str]) -> Page | None:
        if rest != [""]:
            return None
        at, facts = self._at(path)
        intro = "What is dated, as precisely as articles say it. What stands right of a reading date was future then."
        drawn = drawing.timeline(self._ties, facts.link)
        other = links.query_path("timeline") if "timeline" in self.graph.queries else ""
        return self._page("picture.html", at, title="Timeline", intro=intro, drawn=drawn, other=other)

    @cached_property
    def _ties(self) -> "Ties":
        from kg.pictures import Ties

        return Ties(self.graph.context)

    def _sparql(self, path: str, rest: list[str], parameters: Mapping[str, str]) -> Page | None:
        if self.static or rest not in ([""], ["terms.json"]):
            return None
        if rest[0]:
            return Page(questions.terms(self.graph, self._ontology.terms, self.things), JSON)
        at, facts = self._at(path)
        found = questions.SparqlPage(self.graph, facts, parameters.get("query", ""))
        page = self._page("sparql.html", at, page=found)
        return page._replace(status=400) if found.problem else page

    def _search(self, path: str, rest: list[str], parameters: Mapping[str, str]) -> Page | None:
        if rest != [""]:
            body = self._index.files.get(rest[0]) if self.static and len(rest) == 1 else None
            return Page(body, _STATIC["script.js"]) if body else None
        at, _ = self._at(path)
        text = parameters.get("q", "")
        found = self._index.find(text, at) if text.strip() else []
        files = {"starts": self._index.starts, "limits": self._index.limits} if self.static else {}
        return self._page("search.html", at, text=text, found=found, **files)

    @cached_property
    def _index(self) -> search.Index:
        return search.Index(self.graph, self.things, self.articles)

    def _static(self, path: str, rest: list[str], parameters: Mapping[str, str]) -> Page | None:
        name = rest[0] if len(rest) == 1 else ""
        if name == "pictures.css":
            from kg.pictures import style

            return Page(style().encode(), _STATIC[name])
        if name not in _STATIC:
            return None
        with open(os.path.join(FOLDER, "static", name), "rb") as file:
            return Page(file.read(), _STATIC[name])


def _numbered(path: str, number: int) -> str:
    return f"{path}page-{number}.html"


def _number(rest: list[str]) -> int:
    """The number of a page from the parts of its path, `NAME/` or `NAME/page-2.html`; 0 for others."""
    found = links.NUMBERED.fullmatch(rest[-1]) if len(rest) in (1, 2) else None
    return int(found[1]) if found else int(len(rest) == 2 and not rest[1])


def _part(items: list[str], number: int, size: int) -> tuple[list[str], int]:
    """The items of the page with this number, and how many pages there are."""
    return items[(number - 1) * size : number * size], max(-(-len(items) // size), 1)


_renderers: "WeakKeyDictionary[Graph, Renderer]" = WeakKeyDictionary()


def render(graph: "Graph", path: str, parameters: Mapping[str, str] | None = None) -> Page | None:
    """The page of a graph at a path, as a server sends it; None where there is none."""
    if graph not in _renderers:
        _renderers[graph] = Renderer(graph)
    return _renderers[graph].render(path, parameters)
