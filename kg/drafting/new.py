"""New graph folders and new articles: `kg init`, and `kg new`, which writes a text and a draft of its facts."""

import os
import re
import shutil
import tempfile
from dataclasses import dataclass, replace

from pyoxigraph import NamedNode

from kg.dataset import build
from kg.drafting import draft, propose
from kg.drafting.draft import ArticleMetadata
from kg.drafting.fetch import is_address, normalised
from kg.drafting.gazetteer import Gazetteer
from kg.drafting.incoming import shown
from kg.errors import InputError, UsageError
from kg.rdf.literals import language_tag_problem
from kg.rdf.namespaces import ARTICLE, DCTERMS
from kg.rdf.terms import iri
from kg.source import documents, layout, proposals
from kg.source.article import LOCAL_NAME
from kg.source.documents import ArticleSources, Sources
from kg.source.layout import GraphFolder, write_atomic
from kg.source.proposals import Proposed
from kg.text import dates, segments

EXAMPLE = os.path.join(layout.PACKAGE, "example")
LONGEST_NAME = 100  # characters of a folder's name
_OF_A_DEVICE = re.compile(r"(?:aux|con|nul|prn|(?:com|lpt)\d)\Z")
TITLE_LENGTH = 100  # code points of a title that is taken from a sentence
_README = """\
# A graph of news articles

| folder | holds |
| --- | --- |
| `ontology/` | what the terms mean, in OWL |
| `shapes/` | what well-formed facts look like, in SHACL |
| `queries/` | stored queries, in SPARQL |
| `kg/articles/` | one folder per article: its text, and its facts, one named graph per passage |
| `kg/background/` | facts from elsewhere, each named graph with its source |

Start with `kg/articles/2024-05-example/`, and put an article of your own in its place:

    kg validate              check the graph: quotes, shapes, consistency
    kg show "Lake Bridge"    all facts about a thing, with their quotes
    kg query                 list the stored queries
    kg new ARTICLE.txt       draft the folder of an article
"""


def init_graph(directory: str) -> list[str]:
    """Write a graph folder, whole or not at all; the result is its files.

    Raises UsageError where the folder is not empty, InputError where it cannot be written.
    """
    if not directory:
        raise UsageError("the folder has no name", hint="name a new folder")
    if os.path.lexists(directory) and (not os.path.isdir(directory) or os.listdir(directory)):
        what = "is not empty" if os.path.isdir(directory) else "is no folder"
        raise UsageError(f"{directory} {what}: nothing was written", hint="name a new folder")
    try:
        if os.path.isdir(directory):
            _fill(directory)
        else:
            with layout.new_folder(directory) as folder:
                _write_graph(folder)
    except OSError as error:
        reason = error.strerror or "the disk may be full"  # `shutil` gives a list of errors
        raise InputError(f"cannot write {directory}: {reason}", hint="nothing was written", rule="file") from error
    return sorted(os.path.join(d, f) for d, _, names in os.walk(directory) for f in names)


def _write_graph(folder: str) -> None:
    shipped = layout.shipped()
    for source in (shipped.ontology, shipped.shapes, shipped.queries):
        target = os.path.join(folder, os.path.basename(source))
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("answers", "w3id"))
    shutil.copytree(EXAMPLE, os.path.join(folder, "kg", "articles", "2024-05-example"))
    os.makedirs(os.path.join(folder, "kg", "background"))
    settings = {".gitattributes": "* text=auto eol=lf\n", ".gitignore": ".kg/\n"}
    for name, text in {"README.md": _README, **settings}.items():
        write_atomic(os.path.join(folder, name), text.encode())


def _fill(directory: str) -> None:
    """Fill an empty folder, which itself stays: somebody may be in it, or have mounted it."""
    with tempfile.TemporaryDirectory(dir=directory, prefix=".", suffix=".tmp") as temporary:
        with layout.removed_if_killed(temporary):
            _write_graph(temporary)
        moved: list[str] = []
        try:
            for name in os.listdir(temporary):
                os.rename(os.path.join(temporary, name), os.path.join(directory, name))
                moved.append(name)
        except BaseException:
            for name in moved:
                os.rename(os.path.join(directory, name), os.path.join(temporary, name))
            raise


@dataclass(frozen=True)
class NewArticle:
    """The folder that was written, the number of its passages, what was done to the text, and what awaits review."""

    folder: str
    passages: int
    changes: tuple[str, ...]
    proposals: int = 0


def folder_for_articles(directory: str | None) -> GraphFolder:
    """The graph folder for a new article. Raises UsageError where there is only the shipped graph."""
    graph_folder = layout.find_graph_folder(directory)
    if directory is None and not graph_folder.holds(os.path.join(os.getcwd(), "any")):
        hint = "go to one, or name it with -C DIR; start one of your own with `kg init DIR`"
        raise UsageError("there is no graph folder here", hint=hint)
    return graph_folder


def new_article(
    graph_folder: GraphFolder, text: str, about: ArticleMetadata, changes: tuple[str, ...] = ()
) -> NewArticle:
    """Write the folder of an article, whole or not at all.

    Where `about` lacks a title or a name, the text's heading and the reading date give them. Raises UsageError for
    a folder that is there already, and for a name, title, date, language or source that is none.
    """
    about = _completed(_checked(about), text)
    folder = os.path.join(graph_folder.articles, about.name)
    graph_folder.refuse_link(graph_folder.articles)
    if os.path.lexists(folder):
        message = f"{shown(folder)} is there already: nothing was written"
        raise UsageError(message, hint="choose another name with --name")
    refuse_again(graph_folder, about.source)
    sources = documents.load_sources(graph_folder)
    known = Gazetteer(sources)
    facts = draft.draft_facts(text, about, known)
    files, proposed = {"article.txt": text, "facts.trig": facts}, _proposed(sources, text, about, facts)
    if proposed and proposed.proposals:
        files["facts.trig"] = draft.draft_facts(text, about, known, proposed.awaiting)
        files[proposals.FILE] = proposals.written(proposed)
    _write(folder, files)
    waiting = len(proposed.awaiting) if proposed else 0
    return NewArticle(shown(folder), len(draft.text_spans(text)), changes, waiting)


def refuse_again(graph_folder: GraphFolder, *addresses: str) -> None:
    """Raise UsageError where one of these is the address of an article that is there already."""
    wanted = {normalised(address) for address in addresses if is_address(address)}
    if not wanted:
        return
    for article in documents.load_sources(graph_folder).articles:
        for t in article.facts.triples:
            address = iri(t.object) if t.predicate.value == DCTERMS + "source" else ""
            if address and normalised(address) in wanted:
                folder = shown(os.path.join(graph_folder.articles, article.name))
                message = f"{folder} is from {address} already: nothing was written"
                raise UsageError(message, hint="to draft it anew, remove that folder")


def _proposed(sources: Sources, text: str, about: ArticleMetadata, facts: str) -> Proposed | None:
    """What is proposed for a new article; None where the graph cannot be read whole, so that nothing can be judged."""
    sources.findings = [f for f in sources.findings if f.rule != documents.EMPTY.id]  # it has no article so far
    path = f"kg/articles/{about.name}"
    document = documents.parse_text(f"{path}/facts.trig", facts, [])
    if not sources.complete or not sources.ontology or document is None:
        return None
    article = ArticleSources(about.name, f"{path}/article.txt", text, document)
    before = Proposed(ARTICLE + about.name, proposals.text_hash(text))
    return propose.proposals_for(build.read_sources(sources), article, before)[0]


def _checked(about: ArticleMetadata) -> ArticleMetadata:
    about = replace(about, language=about.language or "en")
    if _OF_A_DEVICE.match(about.name):
        raise UsageError(f"“{about.name}” names a device on Windows", hint="write lower-case words: 2018-04-turkey")
    if about.name and (not LOCAL_NAME.match(about.name) or len(about.name) > LONGEST_NAME):
        hint = "write lower-case words with hyphens: 2018-04-turkey-russia"
        raise UsageError(f"“{about.name}” is no good name for a folder", hint=hint)
    if about.title != about.title.encode("utf-8", "replace").decode():
        raise UsageError(f"the title “{about.title}” is not UTF-8", hint="write it in a terminal that is")
    if problem := language_tag_problem(about.language):
        raise UsageError(problem)
    if about.reading_date:
        try:
            dates.resolve("", about.reading_date)
        except InputError as error:
            raise UsageError(error.message, hint=error.hint) from error
    if about.source:
        try:
            valid = NamedNode(about.source) and re.match("https?://[^/]", about.source) and about.source.isprintable()
        except ValueError:
            valid = False
        if not valid:
            raise UsageError(f"“{about.source}” is no web address", hint="give it whole: https://…")
    return about


def _completed(about: ArticleMetadata, text: str) -> ArticleMetadata:
    if not (title := " ".join(about.title.split())):
        first = min(segments.segments(text), key=lambda segment: segment.kind != "heading")
        title = segments.unwrap(text)[first.start : first.end][:TITLE_LENGTH]
    words = draft.naming_words(title)[: draft.NAMING_WORDS] or ["article"]
    dateline, day = draft.dateline(segments.unwrap(text), about.reading_date)
    day = about.reading_date or day
    name = about.name or "-".join([*([day[:7]] if day else []), *words])
    basis = about.basis or (f"The dateline gives this day: {dateline}." if dateline else "")
    return replace(about, title=title, name=name, reading_date=day, basis=basis)


def _write(folder: str, files: dict[str, str]) -> None:
    """Write the files into a folder that appears whole."""
    try:
        with layout.new_folder(folder) as temporary:
            for file, content in files.items():
                write_atomic(os.path.join(temporary, file), content.encode())
    except OSError as error:
        raise InputError(f"cannot write {shown(folder)}: {error.strerror}") from error
