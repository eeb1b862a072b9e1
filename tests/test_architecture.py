"""Each module says what it is for, runs on every platform, and imports what is heavy only when needed."""

import ast
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "kg"
MODULES = sorted(p for p in PACKAGE.rglob("*.py") if not {"articles", "background", "_data"} & set(p.parts))
TREES = {path.relative_to(PACKAGE).as_posix(): ast.parse(path.read_text("utf-8")) for path in MODULES}
# Not on Windows, or not on macOS.
POSIX = {"crypt", "fcntl", "grp", "nis", "posix", "pty", "pwd", "resource", "spwd", "syslog", "termios", "tty"}
# Each takes longer to import than a stored query takes to answer; what a quick command loads is tested in test_cli.
HEAVY = {"rdflib", "pyshacl", "owlrl", "yaml", "pandas", "wcwidth", "argcomplete"}


def imported(node: ast.AST, *, lazily: bool) -> Iterator[str]:
    """Top-level names of the packages imported below a node, those within functions only where `lazily`."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        if isinstance(child, ast.Import):
            yield from (alias.name.split(".")[0] for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            yield (child.module or "").split(".")[0]
        elif lazily or not isinstance(child, ast.FunctionDef):
            yield from imported(child, lazily=lazily)


def test_the_modules_are_found_and_their_imports_too() -> None:
    assert {"__init__.py", "graph.py"} <= TREES.keys()
    everywhere = {name for tree in TREES.values() for name in imported(tree, lazily=True)}
    assert everywhere >= {"rdflib", "pyshacl", "owlrl", "yaml", "pyoxigraph"}


def test_each_module_says_in_a_sentence_what_it_is_for() -> None:
    opening = {file: (ast.get_docstring(tree) or "").split("\n\n")[0].rstrip() for file, tree in TREES.items()}
    assert [file for file, words in opening.items() if not words.endswith((".", ":", "?"))] == []


def test_each_module_runs_on_every_platform() -> None:
    assert {file: found for file, tree in TREES.items() if (found := POSIX & {*imported(tree, lazily=True)})} == {}


def test_nothing_heavy_is_imported_at_the_top() -> None:
    assert {file: found for file, tree in TREES.items() if (found := HEAVY & {*imported(tree, lazily=False)})} == {}
