"""Articles in a table, as they are kept elsewhere: JSON lines or Parquet with the columns article, text and facts.

They are written into a graph folder within the folder of the build, by the machines that read the table. Ontology,
shapes and background are those of a graph folder.
"""

import os
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from kg.errors import InputError, clean
from kg.source import layout
from kg.source.documents import FACTS, TEXT
from kg.source.layout import GraphFolder, write_atomic

ENDINGS = (".jsonl", ".parquet")
COLUMNS = ("article", "text", "facts")
GRAPH = "graph"  # the folder within that of the build
Row = tuple[str | None, str | None, str | None]  # the name of an article, its text, its facts (TriG)


def is_table(path: str) -> bool:
    """Whether a path is that of a table: a file, or a folder of files as Spark writes them."""
    return path.rstrip("/").endswith(ENDINGS)


def graph_folder(output: str, words: GraphFolder) -> GraphFolder:
    """The graph folder for the articles of a table, with ontology, shapes and background of another one, copied."""
    made = GraphFolder(os.path.join(output, GRAPH))
    os.makedirs(made.articles, exist_ok=True)
    # Copied, since blank nodes are named by the path of their file in the graph folder.
    for source, copy in (
        (words.ontology, made.ontology),
        (words.shapes, made.shapes),
        (words.background, made.background),
    ):
        shutil.rmtree(copy, ignore_errors=True)
        if os.path.isdir(source):
            shutil.copytree(source, copy)
    return made


@dataclass(frozen=True)
class Unpack:
    """The task that writes articles of a table into a folder; the result is their names, empty for what is none."""

    articles: str

    def __call__(self, rows: Iterable[Row]) -> Iterator[str]:
        """Write the files that have changed."""
        for name, text, facts in rows:
            if not name or name.startswith((".", "_")) or not layout.can_name_article(name):
                yield ""
                continue
            folder = os.path.join(self.articles, name)
            os.makedirs(folder, exist_ok=True)
            for file, words in ((TEXT, text), (FACTS, facts)):
                _write(os.path.join(folder, file), words)
            yield name


def _write(path: str, words: str | None) -> None:
    data = None if words is None else words.encode("utf-8", "surrogatepass")
    before = None
    with suppress(FileNotFoundError), open(path, "rb") as file:
        before = file.read()
    if data is None and before is not None:
        os.remove(path)
    elif data is not None and data != before:
        write_atomic(path, data, durable=False)


def keep(folder: GraphFolder, names: Iterable[str]) -> None:
    """Remove the articles that the table has no more. Raises InputError where rows have no name, or two have one."""
    counts = Counter(names)
    hint = "name each article once, by a word that can stand in an IRI, such as 2018-04-turkey-russia"
    if nameless := counts.pop("", 0):
        message = f"{nameless} row{'s' * (nameless != 1)} of the table name no article"
        raise InputError(message, hint=hint, rule="table")
    if twice := sorted(name for name, count in counts.items() if count > 1):
        raise InputError(f"the table has {clean(twice[0])} more than once", hint=hint, rule="table")
    if not counts:
        raise InputError("the table is empty", hint=f"its columns are {', '.join(COLUMNS)}", rule="table")
    for path in layout.article_folders(folder):
        if os.path.basename(path) not in counts:
            shutil.rmtree(path)
