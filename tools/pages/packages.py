"""The table of CONTRIBUTING that says where a line lives, from the docstrings of the packages and modules of `kg/`."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

SECTION = re.compile(r"(<!-- packages: .*? -->\n).*?(<!-- end of packages -->)", re.DOTALL)


def refresh(text: str, package: Path) -> str:
    """A page with the table of the packages and root modules of `package` in its marked section, if it has one."""
    return SECTION.sub(lambda m: m[1] + _table(package) + "\n" + m[2], text)


def _table(package: Path) -> str:
    return "\n".join(["| where | what is there | modules |", "| --- | --- | --- |", *_rows(package)])


def _rows(package: Path) -> Iterator[str]:
    """A row for each package directly below, then one for each module beside them."""
    for init in sorted(package.glob("*/__init__.py")):
        modules = sorted(p for p in init.parent.rglob("*.py") if p.name != "__init__.py")
        names = ", ".join(f"`{p.relative_to(init.parent).with_suffix('').as_posix()}`" for p in modules)
        yield f"| `{package.name}/{init.parent.name}/` | {_summary(init)} | {names} |"
    for module in sorted(package.glob("[!_]*.py")):
        yield f"| `{package.name}/{module.name}` | {_summary(module)} | |"


def _summary(module: Path) -> str:
    """The first sentence of a module's docstring, on one line."""
    text = ast.get_docstring(ast.parse(module.read_text("utf-8"))) or ""
    return re.split(r"(?<=[.!?])\s", text.replace("|", "\\|"), maxsplit=1)[0].replace("\n", " ")
