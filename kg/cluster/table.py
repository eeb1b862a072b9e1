"""Articles in a table, as they are kept elsewhere: JSON lines or Parquet with the columns article, text and facts.

They are written into a graph folder within the folder of the build, by the machines that read the table. Ontology,
shapes and background are those of a graph folder. A row that is no article is left out, with a finding; a table without
a good row is an error, and changes nothing.
"""

import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, NamedTuple

from kg.dataset.shards import ROW
from kg.errors import InputError, clean
from kg.findings import Finding
from kg.source import layout
from kg.source.documents import FACTS, TEXT
from kg.source.layout import GraphFolder, write_atomic

ENDINGS = (".jsonl", ".parquet")
COLUMNS = ("article", "text", "facts")
GRAPH = "graph"  # the folder within that of the build
_NAMES = f"its columns are {', '.join(COLUMNS)}"
_LONGEST = 80  # characters of a name, each of up to three bytes: no file system has names of more than 255 bytes
_START = 60  # characters of a row that are shown


class Unpacked(NamedTuple):
    """What became of a row: the name of its article if it can be one, and what is wrong, empty where it was written.

    `lacks` are the columns that a JSON object has not; `column` is where JSON ends to be some.
    """

    name: str
    wrong: str = ""
    lacks: tuple[str, ...] = ()
    column: int = 0


def is_table(path: str) -> bool:
    """Whether a path is that of a table: a file, or a folder of files as Spark writes them."""
    return path.rstrip("/").endswith(ENDINGS)


def require_input(path: str) -> None:
    """Raise InputError for what is certainly no table and no folder; what is elsewhere is left to Spark."""
    if "://" in path or os.path.isdir(path) or (os.path.exists(path) and is_table(path)):
        return
    hint = f"name a graph folder, or a table, whose name ends in {' or '.join(ENDINGS)}"
    if os.path.exists(path):
        raise InputError("this is no graph folder and no table", hint=hint, where=path, rule="table")
    # Without a scheme it is a path of another file system where Hadoop says so; Spark expands patterns.
    if not is_table(path) or not (os.environ.get("HADOOP_CONF_DIR") or re.search(r"[*?\[{]", path)):
        raise InputError(f"there is no {'table' if is_table(path) else 'folder'} {path}", hint=hint, rule="table")


def graph_folder(output: str) -> GraphFolder:
    """The graph folder for the articles of a table."""
    made = GraphFolder(os.path.join(output, GRAPH))
    os.makedirs(made.articles, exist_ok=True)
    return made


def take_words(made: GraphFolder, words: GraphFolder) -> None:
    """Copy ontology, shapes and background of another graph folder; blank nodes are named by the paths in it."""
    for source, copy in (
        (words.ontology, made.ontology),
        (words.shapes, made.shapes),
        (words.background, made.background),
    ):
        shutil.rmtree(copy, ignore_errors=True)
        if os.path.isdir(source):
            shutil.copytree(source, copy)


@dataclass(frozen=True)
class Unpack:
    """The task that writes articles of a table into a folder: lines of JSON (bytes), or rows of the three columns."""

    articles: str

    def __call__(self, rows: "Iterable[bytes | tuple[Any, ...]]") -> Iterator[Unpacked | None]:
        """Write the files that have changed; None for an empty line."""
        for row in rows:
            read = _read(row) if isinstance(row, bytes) else dict(zip(COLUMNS, row, strict=True))
            yield self._written(read) if isinstance(read, dict) else read

    def _written(self, row: dict[str, Any]) -> Unpacked:
        lacks = tuple(column for column in COLUMNS if column not in row)
        name, text, facts = map(row.get, COLUMNS)
        if not isinstance(name, str) or not _can_be_kept(name):
            told = "the row names no article" if name in (None, "") else f"{_quoted(name)} can name no article"
            return Unpacked("", f"{told}; its text begins {_quoted(text)}" if text else told, lacks)
        for column, value in (("text", text), ("facts", facts)):
            if not isinstance(value, str):
                is_there = value is not None
                told = f"{column} that {'are' if column == 'facts' else 'is'} no string: {_quoted(value)}"
                return Unpacked(name, f"the row has {told if is_there else f'no {column}'}", lacks)
        folder = os.path.join(self.articles, name)
        os.makedirs(folder, exist_ok=True)
        for file, words in ((TEXT, text), (FACTS, facts)):
            _write(os.path.join(folder, file), str(words))
        return Unpacked(name)


def _read(line: bytes) -> "dict[str, Any] | Unpacked | None":
    """The object in a line of JSON, None for an empty line."""
    if not line.strip():
        return None
    try:
        found = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        return Unpacked("", f"the line is no UTF-8: {_quoted(line)}", column=error.start + 1)
    except json.JSONDecodeError as error:
        return Unpacked("", f"the line is no JSON: {error.msg}: {_quoted(line)}", column=error.colno)
    except (ValueError, RecursionError):  # a number of thousands of digits; too deep
        return Unpacked("", f"the line cannot be read as JSON: {_quoted(line)}")
    return found if isinstance(found, dict) else Unpacked("", f"the line is no JSON object: {_quoted(line)}")


def _can_be_kept(name: str) -> bool:
    return bool(name) and not name.startswith((".", "_")) and len(name) <= _LONGEST and layout.can_name_article(name)


def _quoted(value: object) -> str:
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    return f"“{text[:_START]}{'…' * (len(text) > _START)}”"


def _write(path: str, words: str) -> None:
    data = words.encode("utf-8", "surrogatepass")
    before = None
    with suppress(FileNotFoundError), open(path, "rb") as file:
        before = file.read()
    if data != before:
        write_atomic(path, data, durable=False)


def lacking(columns: Iterable[str]) -> InputError:
    """The error for a table without some columns."""
    named = [*columns]
    message = f"the table lacks the column{'s' * (len(named) > 1)} {' and '.join(named)}"
    return InputError(message, hint=_NAMES, rule="table")


def keep(folder: GraphFolder, table: str, rows: list[Unpacked | None]) -> list[Finding]:
    """Remove the articles that the table has no more; the findings are rows that are left out.

    Raises InputError where no row is an article, or two have one name; then nothing is removed.
    """
    is_numbered = table.endswith(ENDINGS[0]) and os.path.isfile(table)  # rows come in the order of one file
    lines = {n: row for n, row in enumerate(rows, 1) if row}
    findings = [
        ROW.finding(table, row.wrong, line=n * is_numbered, column=max(1, row.column) * is_numbered, value=row.name)
        for n, row in lines.items()
        if row.wrong
    ]
    if not lines:
        raise InputError("the table is empty", hint=_NAMES, where=table, rule="table")
    if len(findings) == len(lines):
        if never := [column for column in COLUMNS if all(column in row.lacks for row in lines.values())]:
            raise lacking(never)
        message = f"no row of the table can be read as an article, of {len(lines)}; nothing was changed"
        raise InputError(message, hint=_NAMES, where=table, rule="table", findings=findings[:3])
    first: dict[str, int] = {}
    for n, row in lines.items():
        if row.name and first.setdefault(row.name, n) != n:
            where = f" (lines {first[row.name]} and {n})" * is_numbered
            message = f"the table has {clean(row.name)} more than once{where}"
            raise InputError(message, hint="name each article once", where=table, rule="table")
    good = {row.name for row in lines.values() if not row.wrong}
    for path in layout.article_folders(folder):
        if os.path.basename(path) not in good:
            shutil.rmtree(path)
    return findings
