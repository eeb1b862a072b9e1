"""Mutants of the checks: small edits to the syntax tree of a module, one at a time.

Comparisons and conditions are turned round, `and` and `or` change places, numbers are off by one, and what a function
finds is lost on its way out: a `yield`, an `append`, a returned text.
"""

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .mutants import Mutant, lines

MODULES = (
    "kg.text.quotes",
    "kg.text.normalisation",
    "kg.text.segments",
    "kg.text.amounts",
    "kg.rdf.literals",
    "kg.source.article",
    "kg.validation.facts",
    "kg.validation.entities",
)

_OTHER: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
_COLLECTING = {"add", "append", "extend", "update"}


@dataclass(frozen=True)
class CheckMutant(Mutant):
    """A module of the package whose source is spoilt in one place."""

    module: str
    source: str


Edit = tuple[str, int, Callable[[], None]]  # what it is, its line, and how to make it


def mutants(module: str) -> list[CheckMutant]:
    """All mutants of a module of the package, in the order of its lines, no two of them alike."""
    file = f"{module.replace('.', '/')}.py"
    found = spoilt("\n".join(lines(file)))
    return [CheckMutant(file, file, line, what, module, source) for what, line, source in found]


def spoilt(source: str) -> list[tuple[str, int, str]]:
    """Each way to spoil a source in one place: what it is, the line, and the source that comes of it."""
    tree = ast.parse(source)
    found: dict[str, tuple[str, int]] = {}
    for number in range(len(_edits(tree))):
        twin = copy.deepcopy(tree)
        what, line, make = _edits(twin)[number]
        make()
        found.setdefault(ast.unparse(ast.fix_missing_locations(twin)), (what, line))
    found.pop(ast.unparse(tree), None)
    return sorted(((what, line, text) for text, (what, line) in found.items()), key=lambda f: f[1])


def _edits(tree: ast.Module) -> list[Edit]:
    returns = {id(r): f for f in ast.walk(tree) if isinstance(f, ast.FunctionDef) for r in ast.walk(f)}
    return [edit for node in ast.walk(tree) for edit in _edits_of(node, returns)]


def _edits_of(node: ast.AST, functions: dict[int, ast.FunctionDef]) -> Iterator[Edit]:
    if isinstance(node, ast.Compare):
        yield from _comparisons(node)
    elif isinstance(node, ast.BoolOp):
        yield f"and ↔ or: {_shown(node)}", node.lineno, _set(node, op=ast.Or() if _is_and(node) else ast.And())
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield f"not lost: {_shown(node)}", node.lineno, _set(node, operand=_not(node.operand))
    elif isinstance(node, ast.Constant) and type(node.value) is int:
        for number in (node.value + 1, node.value - 1):
            yield f"{node.value} → {number}", node.lineno, _set(node, value=number)
    elif isinstance(node, ast.If | ast.While | ast.IfExp):
        yield f"negated: {_shown(node.test)}", node.test.lineno, _set(node, test=_not(node.test))
    elif isinstance(node, ast.comprehension):
        for i, test in enumerate(node.ifs):
            negated = [*node.ifs[:i], _not(test), *node.ifs[i + 1 :]]
            yield f"negated: {_shown(test)}", test.lineno, _set(node, ifs=negated)
    elif isinstance(node, ast.Expr):
        yield from _losses(node)
    elif isinstance(node, ast.Return) and node.value:
        yield from _other_return(node, node.value, ast.unparse(functions[id(node)].returns or ast.Constant(None)))


def _comparisons(node: ast.Compare) -> Iterator[Edit]:
    for i, op in enumerate(node.ops):
        other = _OTHER[type(op)]()
        ops = [*node.ops[:i], other, *node.ops[i + 1 :]]
        yield f"compared the other way: {_shown(node)}", node.lineno, _set(node, ops=ops)


def _losses(node: ast.Expr) -> Iterator[Edit]:
    """A statement that hands something on; a `yield` stays in its place without ever being reached."""
    value = node.value
    if isinstance(value, ast.Yield | ast.YieldFrom):
        never = ast.IfExp(ast.Constant(False), value, ast.Constant(None))
        yield f"lost: {_shown(value)}", node.lineno, _set(node, value=never)
    elif isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr in _COLLECTING:
        yield f"lost: {_shown(value)}", node.lineno, _set(node, value=ast.Constant(None))


def _other_return(node: ast.Return, value: ast.expr, annotation: str) -> Iterator[Edit]:
    nothing: ast.expr | None = None
    if annotation.endswith("| None"):
        nothing = ast.Constant(None)
    elif annotation == "str":
        nothing = ast.Constant("")
    elif annotation == "bool":
        nothing = _not(value)
    if nothing:
        yield f"lost: {_shown(node)}", node.lineno, _set(node, value=nothing)


def _set(node: ast.AST, **fields: object) -> Callable[[], None]:
    def make() -> None:
        for name, value in fields.items():
            setattr(node, name, value)

    return make


def _not(test: ast.expr) -> ast.expr:
    """The negation, in its plainest form, so that two mutants that mean the same are one."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return ast.UnaryOp(ast.Not(), test)
    plain = isinstance(test, ast.Compare) and len(test.ops) == 1
    if plain and isinstance(test, ast.Compare) and not isinstance(test.ops[0], ast.Lt | ast.LtE | ast.Gt | ast.GtE):
        return ast.Compare(test.left, [_OTHER[type(test.ops[0])]()], test.comparators)
    return ast.UnaryOp(ast.Not(), test)


def _is_and(node: ast.BoolOp) -> bool:
    return isinstance(node.op, ast.And)


def _shown(node: ast.AST) -> str:
    words = ast.unparse(node).replace("\n", " ")
    return words if len(words) <= 60 else words[:59] + "…"
