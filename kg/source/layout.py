"""Where the rooms of a graph folder are. No other module knows."""

import os
import sys

from kg.errors import InputError, LimitError

PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # the folder `kg`
SHIPPED = os.path.join(PACKAGE, "_data")
CHECKOUT = os.path.dirname(PACKAGE)


class GraphFolder:
    """The folders of one graph: words, rules, questions, evidence, background, cache.

    `rules` is the graph folder of words, rules and questions, where they are not to be those of `root`.
    """

    __slots__ = ("_held", "articles", "background", "cache", "ontology", "queries", "root", "rules", "shapes")

    def __init__(self, root: str, rules: str | None = None) -> None:
        self.root = root
        self.rules = root if rules is None else rules
        self.ontology = os.path.join(self.rules, "ontology")
        self.shapes = os.path.join(self.rules, "shapes")
        self.queries = os.path.join(self.rules, "queries")
        self.articles = os.path.join(root, "kg", "articles")
        self.background = os.path.join(root, "kg", "background")
        self.cache = os.path.join(root, ".kg")
        self._held = tuple(os.path.realpath(folder) + os.sep for folder in {root, self.rules})

    def relative(self, path: str) -> str:
        """`path` as findings print it: relative to the graph folder, with forward slashes."""
        try:
            return os.path.relpath(path, self.root).replace(os.sep, "/")
        except ValueError:  # rules from another drive
            return path.replace(os.sep, "/")

    def holds(self, path: str) -> bool:
        """Whether a file lies in the graph folder, or in that of the rules, once all symbolic links are followed."""
        return os.path.realpath(path).startswith(self._held)

    def refuse_outside(self) -> None:
        """Raise InputError where a room is a link that leads out: nobody may list the names that are there."""
        answers = os.path.join(self.root, "queries", "answers")
        for room in (self.ontology, self.shapes, self.queries, self.articles, self.background, answers):
            if not self.holds(room):
                message = "the folder is a link to a place outside the graph folder"
                raise InputError(message, hint="put a folder in its place", where=self.relative(room), rule="outside")


def is_graph_folder(path: str) -> bool:
    """Whether `path` holds `ontology/` and `kg/articles/`, which is all that makes a graph folder."""
    return os.path.isdir(os.path.join(path, "ontology")) and os.path.isdir(os.path.join(path, "kg", "articles"))


def find_graph_folder(directory: str | None = None, rules: str | None = None) -> GraphFolder:
    """The graph folder to work on: `directory`, else the nearest one above the current folder, else the shipped one.

    `rules` is the graph folder whose words, rules and questions count instead. Raises InputError where a folder is
    named that is no graph folder, or whose rooms lie elsewhere.
    """
    graph_folder = _found(directory, rules)
    graph_folder.refuse_outside()
    return graph_folder


def _found(directory: str | None, rules: str | None) -> GraphFolder:
    if rules is not None:
        return GraphFolder(_found(directory, None).root, _named(rules).root)
    if directory is not None:
        return _named(directory)
    here = os.getcwd()
    while True:
        if is_graph_folder(here):
            return GraphFolder(here)
        parent = os.path.dirname(here)
        if parent == here:
            return shipped()
        here = parent


def shipped() -> GraphFolder:
    """The graph that comes with the package: inside the wheel, or the checkout of an editable install."""
    return GraphFolder(SHIPPED if os.path.isdir(SHIPPED) else CHECKOUT)


def _named(directory: str) -> GraphFolder:
    if not os.path.isdir(directory):
        raise InputError(f"there is no folder {directory}", hint="name a folder that holds ontology/ and kg/articles/")
    if not is_graph_folder(directory):
        raise InputError(
            f"{directory} is no graph folder: it lacks ontology/ or kg/articles/",
            hint=f"start one with `kg init {directory}`",
        )
    return GraphFolder(os.path.abspath(directory))


def files_in(folder: str, suffixes: tuple[str, ...]) -> list[str]:
    """The files of a folder with one of these endings, sorted by name; empty where there is no such folder."""
    if not os.path.isdir(folder):
        return []
    names = sorted(n for n in os.listdir(folder) if n.endswith(suffixes) and not n.startswith("."))
    return [os.path.join(folder, name) for name in names]


def modules() -> list[str]:
    """The Python files of the package, sorted by path."""
    data = {"articles", "background", "example", "_data", "__pycache__"}
    found = []
    for folder, folders, _ in os.walk(PACKAGE):
        folders[:] = [name for name in folders if name not in data]
        found += files_in(folder, (".py",))
    return sorted(found)


def article_folders(graph_folder: GraphFolder) -> list[str]:
    """The folders of the articles, sorted by name."""
    names = sorted(n for n in os.listdir(graph_folder.articles) if not n.startswith((".", "_")))
    return [p for n in names if os.path.isdir(p := os.path.join(graph_folder.articles, n))]


def read_named(path: str, most: int) -> bytes:
    """The bytes of a file that the user named, wherever it is; of stdin for “-”.

    Raises OSError where it cannot be read, InputError for a folder, a device or a pipe, from which nothing may ever
    come or no end, and LimitError where there is more than `most` bytes.
    """
    if path == "-":
        data = sys.stdin.buffer.read(most + 1)
    else:
        if os.path.exists(path) and not os.path.isfile(path):
            raise InputError("this is no file", hint="name a file", where=path, rule="file")
        with open(path, "rb") as file:
            data = file.read(most + 1)
    if len(data) > most:
        where = "stdin" if path == "-" else path
        raise LimitError(
            f"the file is larger than {most:,} bytes", hint="split it into smaller ones", where=where, rule="too-large"
        )
    return data
