"""Reads the RDF files of a graph folder, with a position for each triple and a finding for each fault.

pyoxigraph parses, since it passes all W3C Turtle and TriG tests and reports line and column. A file that cannot be read
becomes a finding, not an exception, so that it does not hide what is wrong with other files. What depends on a file
that could not be read (terms that it may declare) is not checked then.
"""

import os
import re
from collections.abc import Container
from dataclasses import dataclass, field

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from kg import limits
from kg.errors import InputError, LimitError, UsageError, clean
from kg.findings import Check, Finding
from kg.rdf.terms import Term, numbering
from kg.rdf.tokens import line_column, tokenize
from kg.source import layout
from kg.source.layout import GraphFolder

_QUERY_NAME = re.compile(r"[^-\s{<][^\s{<]*")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
MAX_BYTES = 64 * 1024 * 1024  # one source file; a thousand times the largest article
MAX_TEXT = 1024 * 1024  # an article's text; a book
TEXT, FACTS = "article.txt", "facts.trig"  # the files of an article
SYNTAX = Check(
    "syntax",
    "Files are valid Turtle or TriG (RDF 1.1), queries valid SPARQL 1.1.",
    "A file with a syntax error cannot be read at all, so nothing in it is checked.",
    wrong="id:melk a ent:City ; rdfs:label Melk .",
    right='id:melk a ent:City ; rdfs:label "Melk"@en .',
)
ENCODING = Check(
    "encoding",
    "Files are UTF-8 text without control characters.",
    "Other encodings turn letters into other letters, so that quotes no longer match.",
    wrong="article.txt saved as Windows-1252",
    right="article.txt saved as UTF-8",
)
BYTE_ORDER_MARK = Check(
    "byte-order-mark",
    "Files are UTF-8 without a byte order mark.",
    "The mark counts as a character and shifts the offsets of all quotes.",
    wrong="article.txt saved as “UTF-8 with BOM”",
    right="article.txt saved as “UTF-8”",
)
LINE_ENDINGS = Check(
    "line-endings",
    "Files have LF line endings.",
    "CRLF has one more character per line and shifts the offsets of quotes.",
    wrong="article.txt saved with CRLF (Windows)",
    right="article.txt saved with LF (Unix)",
)
MISSING_FILE = Check(
    "missing-file",
    "The folder of an article holds article.txt and facts.trig.",
    "Facts without a text have no evidence, and a text without facts says nothing to the graph.",
    wrong="kg/articles/2019-05-lorvia-sudmark/facts.trig alone",
    right="kg/articles/2019-05-lorvia-sudmark/article.txt and facts.trig",
)
EMPTY = Check(
    "empty",
    "A graph has an ontology, shapes with targets and at least one article, and no file is empty.",
    "Where there is nothing to judge or nothing to judge by, everything would conform.",
    wrong="shapes/ without a file",
    right="shapes/places.ttl with `shape:City a sh:NodeShape ; sh:targetClass ent:City .`",
)
OUTSIDE = Check(
    "outside",
    "Each file lies in a folder of the graph (ontology, shapes, queries, articles, background), links resolved.",
    "A link to a file elsewhere, such as `.git/config`, would publish what is not part of the graph.",
    wrong="kg/articles/2019-05-lorvia-sudmark/article.txt → /home/ana/article.txt",
    right="kg/articles/2019-05-lorvia-sudmark/article.txt, a file",
)
TOO_LARGE = Check(
    "too-large",
    "A text has at most 1 MiB, any other source file at most 64 MiB.",
    "A file of unlimited size could bring the command down.",
    wrong="article.txt with a year of newspapers",
    right="a folder for each article",
)
TOO_DEEP = Check(
    "too-deep",
    "Triple terms are nested at most 100 deep; in other data, JSON 100 deep, XML 1,000, and terms of contexts 20.",
    "Parsers keep a place in memory for each level, and a process that has no more such places ends.",
    wrong="id:a ent:means <<( id:a ent:means <<( … 20,000 times",
    right="id:a ent:means <<( id:a ent:means id:b )>>",
)
NAME = Check(
    "name",
    "Names of files and folders are visible text in UTF-8; that of an article's folder can stand in an IRI.",
    "Other names do not reach every machine, and the IRIs of an article and its passages begin with its folder's name.",
    wrong="kg/articles/2019 05 lorvia/",
    right="kg/articles/2019-05-lorvia/",
)
HOUSE_STYLE = Check(
    "house-style",
    "Turtle, TriG and SPARQL files are formatted as `kg fmt` writes them.",
    "One style keeps differences between versions down to what has changed.",
    wrong="p:heading{id:melk a ent:City.}",
    right="p:heading {\n    id:melk a ent:City .\n}",
)
FORMAT = Check(
    "format",
    "Formatting a file leaves its graph as it is.",
    "Otherwise nothing is written: this is a fault of the formatter, please report it.",
)
FILE = Check(
    "file",
    "Files can be read, and are no links.",
    "Through a link, `kg fmt` would change a file elsewhere.",
    wrong="ontology/places.ttl → ../other/places.ttl",
    right="ontology/places.ttl, a file",
)
FORMATS = {
    ".ttl": RdfFormat.TURTLE,
    ".trig": RdfFormat.TRIG,
    ".nt": RdfFormat.N_TRIPLES,
    ".nq": RdfFormat.N_QUADS,
    ".rdf": RdfFormat.RDF_XML,
    ".owl": RdfFormat.RDF_XML,
    ".jsonld": RdfFormat.JSON_LD,
}
_NO_LANGUAGE = rb"""(xml:lang\s*=\s*)(?:""|'')"""
_RDF12 = ("<<(", "<<", "{|", "~", "version", "@version")  # tokens that RDF 1.1 does not have
_VERSION = re.compile(r"\bversion\s*(?:#[^\r\n]*[\r\n]\s*)*[\"']", re.IGNORECASE)  # as a directive
_RELATIVE = "No scheme found in an absolute IRI"  # what pyoxigraph says of a relative IRI without a base


@dataclass(frozen=True)
class Document:
    """An RDF file: its path relative to the graph folder, its text, its quads in the order of the file.

    `base` is the IRI against which relative IRIs are read; empty where there are none.
    """

    path: str
    text: str
    quads: tuple[Quad, ...]
    base: str = ""

    @property
    def triples(self) -> list[Triple]:
        """The triples of all graphs of the document."""
        return [q.triple for q in self.quads]

    def finding(
        self,
        check: Check,
        message: str,
        *,
        severity: str = "",
        hint: str = "",
        graph: str | None = None,
        triple: tuple[Term | None, Term | None, Term | None] = (None, None, None),
    ) -> Finding:
        """A finding about a triple of this document, at its object; None for what is not known of it.

        `graph` is the IRI of the graph in which to look first, "" for the default graph, None for any.
        """
        from kg.rdf.positions import locate  # needed only once there is a finding

        subject, predicate, value = triple
        start = subject if isinstance(subject, NamedNode | BlankNode) else None
        if isinstance(start, BlankNode) and f"_:{start.value}" not in self.text:  # one of `[ … ]`, without a label
            start = None
        verb = predicate if isinstance(predicate, NamedNode) else None
        scope = NamedNode(graph) if graph else None if graph is None else DefaultGraph()
        line, column = locate(self.text, scope, start, verb, value, base=self.base) or (0, 0)
        more = {"hint": hint, "focus": _bare(subject), "value": _bare(value), "passage": graph or ""}
        return check.finding(self.path, message, severity=severity, line=line, column=column, **more)


@dataclass(frozen=True)
class ArticleSources:
    """The folder of an article: its name, the path and content of its text, its facts."""

    name: str
    text_path: str
    text: str
    facts: Document


@dataclass
class Sources:
    """The files of a graph folder that could be read, and findings for those that could not.

    `ontology_complete` is whether every file of the ontology could be read, so that all declared terms are known.
    """

    graph_folder: GraphFolder
    ontology: list[Document] = field(default_factory=list)
    shapes: list[Document] = field(default_factory=list)
    background: list[Document] = field(default_factory=list)
    articles: list[ArticleSources] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    ontology_complete: bool = True

    @property
    def complete(self) -> bool:
        """Whether every file could be read."""
        return not self.findings


def load_sources(graph_folder: GraphFolder, names: Container[str] | None = None) -> Sources:
    """Read the files of a graph folder, of all articles or those with these names."""
    sources = Sources(graph_folder)
    sources.ontology = _documents(graph_folder.ontology, (".ttl",), sources)
    sources.ontology_complete = bool(sources.ontology) and sources.complete
    for folder in (graph_folder.shapes, graph_folder.authoring):
        sources.shapes += _documents(folder, (".ttl",), sources)
    sources.background = _documents(graph_folder.background, (".trig",), sources)
    for folder in layout.article_folders(graph_folder):
        if (names is None or os.path.basename(folder) in names) and (found := article_sources(folder, sources)):
            sources.articles.append(found)
    if sources.complete and not sources.ontology:
        where = graph_folder.relative(graph_folder.ontology)
        sources.findings.append(EMPTY.finding(where, "no Turtle file: the graph has no ontology"))
    if sources.complete and not layout.article_folders(graph_folder):
        where = graph_folder.relative(graph_folder.articles)
        sources.findings.append(EMPTY.finding(where, "no article: the graph is empty"))
    if not sources.ontology_complete:
        sources.shapes = []
    return sources


def read_text(path: str, graph_folder: GraphFolder, findings: list[Finding], most: int | None = None) -> str | None:
    """The text of a file in UTF-8 with LF and no byte order mark; None, and a finding, where it is not that."""
    name, most = graph_folder.relative(path), min(most or MAX_BYTES, MAX_BYTES)
    base = os.path.basename(path)
    if clean(base) != base:
        problem = NAME.finding(name, "the name of the file has characters that nobody sees")
    elif base.endswith(".rq") and not _QUERY_NAME.fullmatch(base):
        hint = "use letters, digits and hyphens: who-leads.rq"
        problem = NAME.finding(name, "the name of a stored query could be taken for a query", hint=hint)
    elif not graph_folder.holds_source(path):
        problem = OUTSIDE.finding(name, "the file is a link to a place outside the folders of the graph")
    elif not os.path.isfile(path):
        problem = MISSING_FILE.finding(name, f"the file is {'no file' if os.path.exists(path) else 'missing'}")
    else:
        return decoded(name, layout.read_regular(path, most + 1, follow=True), findings, most)
    findings.append(problem)
    return None


def decoded(name: str, data: bytes, findings: list[Finding], most: int = MAX_BYTES) -> str | None:
    """The text that bytes are in UTF-8 with LF and no byte order mark; None, and a finding, where they are not that."""
    too_large = TOO_LARGE.finding(name, f"the file is larger than {most:,} bytes") if len(data) > most else None
    problem = too_large or text_problem(name, data)
    findings += [problem] if problem else []
    return None if problem else data.decode("utf-8")


def text_problem(name: str, data: bytes) -> Finding | None:
    """A finding on the bytes of a text file: a byte order mark, its encoding, control characters, its line endings."""
    if data.startswith(b"\xef\xbb\xbf"):
        hint = "save the file as UTF-8 without a byte order mark (“BOM”)"
        return BYTE_ORDER_MARK.finding(name, "the file starts with a byte order mark", line=1, column=1, hint=hint)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        line, column = line_column(before, len(before))
        message = f"the file is not UTF-8: byte 0x{data[error.start]:02X}"
        return ENCODING.finding(name, message, line=line, column=column, hint="save the file as UTF-8")
    if "\r" in text:
        line, column = line_column(text, text.index("\r"))
        hint = "save the file with LF line endings: the offsets of quotes depend on them"
        return LINE_ENDINGS.finding(name, "the file has carriage returns", line=line, column=column, hint=hint)
    if control := _CONTROL.search(text):
        line, column = line_column(text, control.start())
        message = f"the file has a control character, U+{ord(control[0]):04X}"
        return ENCODING.finding(name, message, line=line, column=column, hint="save the file as plain text")
    return None


def parse_text(name: str, text: str, findings: list[Finding], base: str | None = None) -> Document | None:
    """Parse RDF text by the ending of its name; None, and a finding with line and column, on a syntax error.

    Without a `base` a relative IRI is such an error: a graph must not depend on the folder in which it lies. Blank
    nodes are named by file and order, so that two reads of one file are equal.
    """
    rdf_format = FORMATS[os.path.splitext(name)[1]]
    try:
        limits.check_text(name, text, rdf_format)
        quads = tuple(limits.bounded(name, text, parse(text, format=rdf_format, base_iri=base)))
    except LimitError as error:
        findings.append({c.id: c for c in (TOO_DEEP, TOO_LARGE)}[error.rule].finding(name, error.message))
        return None
    except SyntaxError as error:
        message, hint = _plain(str(error.msg)), ""
        if message.startswith(_RELATIVE):
            message, hint = "a relative IRI", "write the IRI in full, or declare its namespace with @prefix or @base"
        findings.append(SYNTAX.finding(name, message, line=error.lineno or 0, column=error.offset or 0, hint=hint))
        return None
    return Document(name, text, stable_blank_nodes(name, quads))


def _rdf_problem(document: Document) -> Finding | None:
    """A finding on a file without a statement, or in RDF 1.2, which rdflib cannot read."""
    name, text = document.path, document.text
    if not document.quads:
        return EMPTY.finding(name, "the file has no statement")
    at = 0 if any(isinstance(o, Triple) or getattr(o, "direction", None) for _, _, o, _ in document.quads) else None
    if at is not None or _VERSION.search(text):
        found = (t for t in tokenize(text) if t.text.lower() in _RDF12 or (t.kind == "langtag" and "--" in t.text))
        at = next((token.start for token in found), at)
    if at is None:
        return None
    line, column = line_column(text, at)
    message = "this is RDF 1.2: no other tool that reads the file knows its version, terms that are triples, directions"
    hint = "write RDF 1.1; what somebody says goes into a passage with an ent:speaker"
    return SYNTAX.finding(name, message, line=line, column=column, hint=hint)


def parse_file(path: str, *, apart: bool = False) -> list[Quad]:
    """The quads of any file, whose relative IRIs are read against its own.

    Raises InputError, for a syntax error with line and column where the parser gives them, or LimitError. `apart` gives
    its blank nodes new labels, so that `_:x` of this file is not `_:x` of another (RDF 1.1 §3.4).
    """
    suffix = os.path.splitext(path)[1].lower()
    if suffix not in FORMATS:
        hint = "the ending says the format: write the data to a file" if path == "-" else "rename or convert the file"
        raise InputError(f"{path}: the ending {suffix or '(none)'} is none of {', '.join(FORMATS)}", hint=hint)
    try:
        data = layout.read_named(path, MAX_BYTES)
    except OSError as error:
        message, hint = f"cannot read the file: {error.strerror}", "check the name of the file"
        raise InputError(message, hint=hint, where=path, rule="file") from error
    data = data.removeprefix(b"\xef\xbb\xbf")
    limits.check_text(path, data, FORMATS[suffix])
    # xml:lang="" is no language (XML 1.0 §2.12), but for the parser.
    cut = FORMATS[suffix] == RdfFormat.RDF_XML and re.search(_NO_LANGUAGE, data)
    data = re.sub(_NO_LANGUAGE, rb'\1"x-none"', data) if cut else data
    try:
        parsed = parse(data, format=FORMATS[suffix], base_iri=layout.file_iri(path), rename_blank_nodes=apart)
        quads = list(limits.bounded(path, data, parsed))
        literals = {q.object for q in quads if isinstance(q.object, Literal) and q.object.language == "x-none"}
        texts: dict[Term, Term] = {literal: Literal(literal.value) for literal in literals}
        return [Quad(q.subject, q.predicate, texts.get(q.object, q.object)) for q in quads] if cut else quads
    except (SyntaxError, ValueError) as error:
        line, column = getattr(error, "lineno", None), getattr(error, "offset", None)
        place, hint = f"{path}:{line}:{column or 1}" if line else path, ""
        message = _plain(str(getattr(error, "msg", error)))
        if "LoadDocumentCallback" in message:
            message = "the file names a context elsewhere, which is not fetched"
            hint = "write the context into the file"
        raise InputError(message, hint=hint, where=place, rule="syntax") from error


def prefixes(document: Document) -> dict[str, str]:
    """The namespaces that a document declares, by their prefixes; none where its text is not kept."""
    if not document.text:
        return {}
    parser = parse(document.text, format=FORMATS[os.path.splitext(document.path)[1]], base_iri=document.base or None)
    return parser.prefixes if list(parser) else {}


def parse_data(items: list[str]) -> tuple[list[Quad], list[NamedNode]]:
    """The quads of files, each a path, or `IRI=PATH` for a file whose default graph becomes that named graph.

    With them the named graphs that have been asked for. Raises UsageError for a name that is no absolute IRI, and what
    `parse_file` raises.
    """
    quads, graphs = list[Quad](), list[NamedNode]()
    for item in items:
        name, _, path = item.rpartition("=")
        if not name or os.path.exists(item):
            quads += parse_file(item, apart=len(items) > 1)
            continue
        if not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", name):
            message, hint = f"“{name}” is no absolute IRI", "name a graph by its IRI: --data urn:example:g=FILE"
            raise UsageError(message, hint=hint, rule="parameter")
        graphs.append(NamedNode(name))
        found = parse_file(path, apart=len(items) > 1)
        quads += [
            Quad(q.subject, q.predicate, q.object, graphs[-1]) if isinstance(q.graph_name, DefaultGraph) else q
            for q in found
        ]
    return quads, graphs


def _documents(folder: str, suffixes: tuple[str, ...], sources: Sources) -> list[Document]:
    return [found for path in layout.files_in(folder, suffixes) if (found := _document(path, sources))]


def _document(path: str, sources: Sources) -> Document | None:
    text = read_text(path, sources.graph_folder, sources.findings)
    return _parsed(sources.graph_folder.relative(path), text, sources.findings)


def _parsed(name: str, text: str | None, findings: list[Finding]) -> Document | None:
    document = None if text is None else parse_text(name, text, findings)
    problem = _rdf_problem(document) if document else None
    findings += [problem] if problem else []
    return None if problem else document


def article_sources(folder: str, sources: Sources) -> ArticleSources | None:
    """Read the folder of an article; None, and findings in `sources`, where its files cannot be read."""
    where = sources.graph_folder.relative(folder)
    if not _can_name(folder, where, sources.findings):
        return None
    text = read_text(os.path.join(folder, TEXT), sources.graph_folder, sources.findings, MAX_TEXT)
    return _article(where, text, _document(os.path.join(folder, FACTS), sources), sources.findings)


def article_from_bytes(
    name: str, text: bytes | None, facts: bytes | None, findings: list[Finding]
) -> ArticleSources | None:
    """The same for an article that is no folder: its name, its text and its facts (TriG), None for what is missing.

    Findings and the labels of blank nodes are those of the folder `kg/articles/NAME`.
    """
    where = f"kg/articles/{name}"
    if not _can_name(name, where, findings):
        return None
    for file, data in ((TEXT, text), (FACTS, facts)):
        findings += [MISSING_FILE.finding(f"{where}/{file}", "the file is missing")] if data is None else []
    words = None if text is None else decoded(f"{where}/{TEXT}", text, findings, MAX_TEXT)
    found = None if facts is None else decoded(f"{where}/{FACTS}", facts, findings)
    return _article(where, words, _parsed(f"{where}/{FACTS}", found, findings), findings)


def _can_name(folder: str, where: str, findings: list[Finding]) -> bool:
    is_name = layout.can_name_article(os.path.basename(folder))
    if not is_name:
        message, hint = "the name of the folder cannot stand in an IRI", "write lower-case words with hyphens"
        findings.append(NAME.finding(where, message, hint=hint))
    return is_name


def _article(where: str, text: str | None, facts: Document | None, findings: list[Finding]) -> ArticleSources | None:
    if text is None or facts is None:
        return None
    if not any(map(str.isalnum, text)):
        findings.append(EMPTY.finding(f"{where}/{TEXT}", "the file has no word"))
        return None
    return ArticleSources(where.rpartition("/")[2], f"{where}/{TEXT}", text, facts)


def stable_blank_nodes(name: str, quads: tuple[Quad, ...]) -> tuple[Quad, ...]:
    """Label blank nodes by the name of the file and the order of their first use."""
    numbered = numbering(f"b{re.sub(r'[^A-Za-z0-9]+', '-', os.path.splitext(name)[0])}-", 1)
    return tuple(Quad(*map(numbered, q)) if BlankNode in map(type, q) else q for q in quads)  # type: ignore[arg-type]


def _bare(term: Term | None) -> str:
    """An IRI or a lexical form; empty for a blank node, whose label has no meaning."""
    return term.value if isinstance(term, NamedNode | Literal) else ""


def _plain(message: str) -> str:
    """The parser's message without the position in it."""
    return re.sub(r"^Parser error (at|between) line .*?: ", "", message)
