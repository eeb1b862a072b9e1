"""The package keeps its layout: one line of imports, few packages, modules of readable size that say what they hold."""

import ast
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import kg
from tools.pages import packages

# Each imports only what stands below it, annotations included; those of one line do not import each other.
STEP = {name: step for step, names in enumerate(packages.line_of_imports(kg.__doc__ or "")) for name in names}
PACKAGE = Path(__file__).parents[1] / "kg"
MODULES = sorted(p for p in PACKAGE.rglob("*.py") if not {"articles", "background", "_data"} & set(p.parts))
SOURCES = {path.relative_to(PACKAGE).as_posix(): path.read_text("utf-8") for path in MODULES}
LENGTHS = {file: source.count("\n") for file, source in SOURCES.items()}
# Not on Windows, or not on macOS.
POSIX = {"crypt", "fcntl", "grp", "nis", "posix", "pty", "pwd", "resource", "spwd", "syslog", "termios", "tty"}
# Each takes longer to import than a stored query takes to answer; what a quick command loads is tested in tests/cli.
HEAVY = {"rdflib", "pyshacl", "owlrl", "yaml", "pandas", "rustworkx", "wcwidth", "argcomplete", "jinja2"}


@cache
def trees() -> dict[str, ast.Module]:
    return {file: ast.parse(source) for file, source in SOURCES.items()}


def test_imports_point_down_the_line() -> None:
    wrong = []
    for file, tree in trees().items():
        own = file.split("/")[0].removesuffix(".py")
        for node in ast.walk(tree):
            if not isinstance(node, ast.Import | ast.ImportFrom):
                continue
            assert not getattr(node, "level", 0), f"{file}:{node.lineno} is relative"
            names = [f"{getattr(node, 'module', '')}.{alias.name}".lstrip(".") for alias in node.names]
            others = {name.split(".")[1] for name in names if name.startswith("kg.")} & STEP.keys() - {own}
            wrong += [f"{file}:{node.lineno} imports {x}" for x in others if STEP[x] <= STEP.get(own, -1)]
    assert wrong == []
    assert {file.split("/")[0].removesuffix(".py") for file in trees()} == {*STEP, "__init__", "__main__"}


def test_no_modules_import_each_other_in_a_circle() -> None:
    modules = {("kg/" + file).removesuffix(".py").removesuffix("/__init__").replace("/", "."): file for file in trees()}
    imports: dict[str, set[str]] = {}
    for module, file in modules.items():
        froms = (node for node in ast.walk(trees()[file]) if isinstance(node, ast.ImportFrom))
        names = [(str(node.module), f"{node.module}.{alias.name}") for node in froms for alias in node.names]
        imports[module] = {inner if inner in modules else outer for outer, inner in names} - {"kg"}
    assert "kg.dataset.build" in imports["kg.graph"]  # a lazy one
    assert list(TopologicalSorter(imports).static_order())  # raises CycleError


def test_packages_and_modules_are_few() -> None:
    assert len({file.split("/")[0] for file in trees() if "/" in file}) <= 16
    assert len(trees()) <= 245


def test_no_module_is_a_fragment_or_too_long_to_read() -> None:
    assert {file: n for file, n in LENGTHS.items() if n > 500} == {}
    assert {file: n for file, n in LENGTHS.items() if n < 30 and "__" not in file} == {}


def test_each_module_says_in_a_sentence_what_it_is_for() -> None:
    opening = {file: (ast.get_docstring(tree) or "").split("\n\n")[0].rstrip() for file, tree in trees().items()}
    assert [file for file, words in opening.items() if not words.endswith((".", ":", "?"))] == []


def test_each_module_runs_on_every_platform() -> None:
    assert {file: found for file, tree in trees().items() if (found := POSIX & {*imported(tree, lazily=True)})} == {}


def test_nothing_heavy_is_imported_at_the_top() -> None:
    assert {*imported(ast.parse("".join(SOURCES.values())), lazily=True)} > HEAVY - {"pandas"}
    assert {file: found for file, tree in trees().items() if (found := HEAVY & {*imported(tree, lazily=False)})} == {}


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
