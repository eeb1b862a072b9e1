"""House style of the files of a graph folder, as `kg fmt` writes it."""

import os

from kg.errors import InputError, LimitError
from kg.findings import Finding
from kg.rdf.sparql import QueryText
from kg.rdf.style import tidy, tidy_query
from kg.source import documents, layout
from kg.source.layout import GraphFolder

_STYLED = (".ttl", ".trig", ".rq")


def tidy_files(graph_folder: GraphFolder, wanted: list[str]) -> list[str]:
    """The files that `kg fmt` formats: those of `wanted` and below its folders; by default all of the graph folder.

    Raises InputError for a wanted one through a link in the graph folder.
    """
    for name in wanted:
        graph_folder.refuse_link(name)
    if not wanted:
        rows = [graph_folder.ontology, graph_folder.shapes, graph_folder.queries]
        rows += [graph_folder.background, graph_folder.articles]
        wanted = [os.path.relpath(path) for path in rows if os.path.isdir(path) and graph_folder.holds(path)]
    found = []
    for name in wanted:
        if not os.path.isdir(name):
            found.append(name)
            continue
        for folder, _, names in sorted(os.walk(name)):
            paths = sorted(os.path.join(folder, n) for n in names if os.path.splitext(n)[1] in _STYLED)
            found += [path for path in paths if not os.path.islink(path)]  # a link may lead out of the folder
    return found


def read_and_tidy(path: str) -> tuple[str, str]:
    """A file's text, and the same in house style, without a byte order mark and with LF line endings.

    Raises InputError, with the place, for what cannot be read.
    """
    suffix = os.path.splitext(path)[1]
    if suffix not in _STYLED:
        raise InputError(f"only {', '.join(_STYLED)} files have a house style", where=path)
    if os.path.islink(path):  # it could lead anywhere
        raise InputError("the file is a link", hint="name the file to which it leads", where=path, rule="file")
    try:
        data = layout.read_named(path, documents.MAX_BYTES)
    except OSError as error:
        raise InputError(f"cannot read the file: {error.strerror}", where=path) from error
    before, problems = data.decode("utf-8", "replace"), list[Finding]()
    text = before.removeprefix("\ufeff")
    if before.encode() != data:
        problems += filter(None, [documents.text_problem(path, data.removeprefix(b"\xef\xbb\xbf"))])
    elif suffix != ".rq":
        documents.parse_text(path, text, problems, layout.file_iri(path))
    elif (stray := (query := QueryText(text)).stray) is not None:
        line, column = query.place(stray)
        problems.append(documents.SYNTAX.finding(path, "a bracket without its other end", line=line, column=column))
    for problem in problems:
        if problem.rule in (documents.TOO_DEEP.id, documents.TOO_LARGE.id):
            raise LimitError(problem.message, where=path, rule=problem.rule)
        where = f"{path}:{problem.line}:{problem.column}"
        raise InputError(problem.message, hint=problem.hint, where=where, rule=problem.rule)
    return before, tidy_query(text) if suffix == ".rq" else tidy(text, documents.FORMATS[suffix])
