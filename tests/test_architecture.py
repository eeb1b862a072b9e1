"""The house: imports go downwards only, modules are small and say what they are for."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "kg"
MODULES = sorted(p for p in PACKAGE.rglob("*.py") if not {"articles", "background", "_data"} & set(p.parts))
MOST_LINES = 320
# Not on Windows, or not on macOS.
POSIX = {"crypt", "fcntl", "grp", "nis", "posix", "pty", "pwd", "resource", "spwd", "syslog", "termios", "tty"}
# Each takes longer to import than a stored query takes to answer.
HEAVY = {"rdflib", "pyshacl", "owlrl", "yaml", "pandas", "wcwidth", "argcomplete"}


def name(path: Path) -> str:
    """The dotted name of a module; a package has that of its `__init__`."""
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


NAMES = {name(p) for p in MODULES}


def imports(path: Path, *, at_top: bool = False) -> Iterator[tuple[str, int]]:
    """What a module imports, each with its line, whether at the top or within functions; not for type checkers only."""
    tree = ast.parse(path.read_text("utf-8"))
    typing = {id(n) for i in ast.walk(tree) if is_for_types(i) for n in ast.walk(i)}
    inside = {id(n) for f in ast.walk(tree) if isinstance(f, ast.FunctionDef) for n in ast.walk(f)}
    for node in ast.walk(tree):
        if id(node) in typing or (at_top and id(node) in inside):
            continue
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: a relative import"
            module = node.module or ""
            whole = {f"{module}.{alias.name}" for alias in node.names} & NAMES
            yield from ((found, node.lineno) for found in whole or {module})


def is_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


# The floors of the house, from the roof down. A module imports from the floors below its own, and from its own where
# that makes no circle. A package is one room: what goes on inside it is its own affair.
FLOORS = (
    "__main__ cli",
    "arguments commands completion",
    "tour diff",
    "graph",
    "export reports scaffold foreign answers footnotes show explain intake drafting draft_hints",
    "context",
    "checking excerpt since revisions validation tidying golden query_hygiene query_head queries",
    "wording consistency mentions quantities judging shape_hygiene shape_graph shacl shacl_engine shacl_terms"
    " reach word_hygiene profile axioms",
    "build derivations reasoning revising clashes chaining specialising relations rules coverage values"
    " datatypes sameness triggers"
    " engines cache large following ondisk grounds proofs nearmisses tracing witnesses query_size",
    "evidence sources quotes units dates datewords numberwords ownership recognition capitals elsewhere",
    "tokens format query_text positions terms statements things receipts results tables literals folding nearest"
    " stretches",
    "paths vocabulary errors findings blanknodes limits writer",
)
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms.split()}


def room(module: str) -> str:
    """The module or package right below `kg` to which a module belongs; `kg` itself opens a graph, and no more."""
    return module.split(".")[1] if "." in module else "kg"


def neighbours(path: Path) -> Iterator[tuple[str, int]]:
    """The other rooms from which a module imports; the version number, which is in `kg` itself, is for all."""
    for module, line in imports(path):
        if module in NAMES and module != "kg" and room(module) != room(name(path)):
            yield room(module), line


def test_every_module_stands_on_a_floor() -> None:
    rooms = {room(n) for n in NAMES} - {"kg"}
    assert rooms - FLOOR.keys() == set(), "put it on the floor where it belongs"
    assert FLOOR.keys() - rooms == set(), "there is no such module any more"


@pytest.mark.parametrize("path", [p for p in MODULES if name(p) != "kg"], ids=name)
def test_imports_go_downwards(path: Path) -> None:
    own = FLOOR[room(name(path))]
    assert [f"{path.name}:{line} imports {other}" for other, line in neighbours(path) if FLOOR[other] < own] == []


def test_there_is_no_circle() -> None:
    below: dict[str, set[str]] = {}
    for path in MODULES:
        below.setdefault(room(name(path)), set()).update(other for other, _ in neighbours(path))
    while free := {r for r, others in below.items() if not others & below.keys()}:
        below = {r: others for r, others in below.items() if r not in free}
    assert below == {}


def test_the_package_itself_opens_a_graph_and_no_more() -> None:
    assert {module for module, _ in imports(PACKAGE / "__init__.py") if module in NAMES} == {"kg.graph"}
    assert {module for module, _ in imports(PACKAGE / "__init__.py", at_top=True)} == {"typing"}


def test_nothing_imports_the_command() -> None:
    above = {"kg.cli", "kg.__main__"}
    who = {name(p): {module for module, _ in imports(p)} & above for p in MODULES}
    assert {importer: found for importer, found in who.items() if found} == {"kg.__main__": {"kg.cli"}}


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_module_says_what_it_is_for(path: Path) -> None:
    docstring = ast.get_docstring(ast.parse(path.read_text("utf-8")))
    assert docstring
    assert docstring.split("\n\n")[0].rstrip().endswith((".", ":", "?")), "the first paragraph is no sentence"


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_module_is_small(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) < MOST_LINES


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_module_runs_on_every_platform(path: Path) -> None:
    assert not {module.split(".")[0] for module, _ in imports(path)} & POSIX


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_nothing_heavy_is_imported_at_the_top(path: Path) -> None:
    assert not {module.split(".")[0] for module, _ in imports(path, at_top=True)} & HEAVY
