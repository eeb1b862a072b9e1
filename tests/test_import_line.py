"""The one line of imports: each package of `kg/` imports only what stands to its right, annotations included."""

import ast
from pathlib import Path

import kg

LINE = (
    "cli, graph, drafting, validation, export, provenance, dataset, source, reasoning, text, rdf,"
    " findings terminal limits, errors"
)
PLACE = {name: step for step, names in enumerate(LINE.split(",")) for name in names.split()}
PACKAGE = Path(kg.__file__).parent


def test_imports_point_to_the_right() -> None:
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
