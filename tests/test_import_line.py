"""The line of imports in the docstring of `kg`: each package imports only what stands below it, annotations too."""

import ast
from pathlib import Path

import kg
from tools.pages import packages

PLACE = {name: step for step, names in enumerate(packages.line_of_imports(kg.__doc__ or "")) for name in names}
PACKAGE = Path(kg.__file__).parent


def test_imports_point_down_the_line() -> None:
    seen, wrong = set(), []
    for path in sorted(p for p in PACKAGE.rglob("*.py") if p.parent != PACKAGE or not p.stem.startswith("__")):
        own = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Import | ast.ImportFrom):
                continue
            names = [f"{getattr(node, 'module', '')}.{a.name}".lstrip(".") for a in node.names]
            others = {n.split(".")[1] for n in names if n.startswith("kg.")} & PLACE.keys() - {own}
            wrong += [f"{path.name}:{node.lineno}: {own} imports {o}" for o in others if PLACE[o] <= PLACE[own]]
        seen.add(own)
    assert (seen, wrong) == (set(PLACE), [])
