"""The table of CONTRIBUTING that says what is where in `kg/`, from the docstrings of its packages and modules."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

SECTION = re.compile(r"(<!-- packages: .*? -->\n).*?(<!-- end of packages -->)", re.DOTALL)
LINE = re.compile(r"^    ([a-z][a-z, ]*?)  +\S", re.MULTILINE)  # of the list in the docstring of `kg`


def refresh(text: str, package: Path) -> str:
    """A page with the table of the packages and modules of `package` in its marked section, if it has one."""
    return SECTION.sub(lambda m: m[1] + "\n".join(_rows(package)) + "\n" + m[2], text)


def line_of_imports(docstring: str) -> list[list[str]]:
    """The packages and modules in the order in which they may import each other, those of one step together."""
    return [names.split(", ") for names in LINE.findall(docstring)]


def _rows(package: Path) -> Iterator[str]:
    """For each package, in the order of imports, a row for itself and one for each of its modules."""
    yield from ("| where | what is there |", "| --- | --- |")
    for name in (n for names in line_of_imports(_docstring(package / "__init__.py")) for n in names):
        folder = package / name
        if not folder.is_dir():
            yield f"| **`{package.name}/{name}.py`** | {_summary(folder.with_suffix('.py'))} |"
            continue
        yield f"| **`{package.name}/{name}/`** | **{_summary(folder / '__init__.py')}** |"
        for path in sorted(p for p in folder.rglob("*.py") if p != folder / "__init__.py"):
            inner = path.relative_to(folder).as_posix().removesuffix("__init__.py")
            yield f"| `{name}/{inner}` | {_summary(path)} |"


def _docstring(module: Path) -> str:
    return ast.get_docstring(ast.parse(module.read_text("utf-8")), clean=False) or ""


def _summary(module: Path) -> str:
    """The first sentence of a module's docstring, on one line."""
    text = _docstring(module).strip().replace("|", "\\|")
    return re.split(r"(?<=[.!?])\s", text, maxsplit=1)[0].replace("\n", " ")
